// SPDX-License-Identifier: AGPL-3.0-or-later
// browser.mjs - what the tests in a browser share: the browser, what axe finds, and the verdict.
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const SKIPPED = 77;
export const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(SKIPPED);
}

function wanted(what) {
  try {
    return require(what);
  } catch {
    return skip(`${what} is not installed here (tools/install check installs it)`);
  }
}

const { chromium } = wanted('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
if (browserPath === undefined) skip('there is no chromium');

let failed = 0;
export function check(holds, what) {
  console.log(`  ${holds ? '' : 'FAILED: '}${what}`);
  if (!holds) failed += 1;
}

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });

/** A page of its own, with all that it asks for and complains of. */
export async function open(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const asked = [];
  const complaints = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (line) => complaints.push(line.text()));
  page.on('pageerror', (fault) => complaints.push(String(fault)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(address);
  return { context, page, asked, complaints };
}

/** axe's violations, as one line each. */
export async function violations(page) {
  // evaluate runs beside the page's own policy, which allows no script at all
  const found = await page.evaluate(async ([code, tags]) => {
    (0, eval)(code);
    const result = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 5).join('; ')}`);
  }, [axe, RULES]);
  return found;
}

/** Pages of a PDF that Chromium wrote. */
export function pagesOf(pdf) {
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
}

/** End the test. */
export async function end() {
  await browser.close();
  process.exit(failed === 0 ? 0 : 1);
}
