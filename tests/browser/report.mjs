// SPDX-License-Identifier: AGPL-3.0-or-later
// report.mjs PLENUM SOURCE SCREENS WORK PAGE - one report in a browser: what axe finds, whether
// it fits a narrow screen, asks for nothing, says all without scripts, and prints.
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RULES, check, end, open as openAt, pagesOf, skip, violations } from './browser.mjs';
import { economies } from './economies.mjs';

const [plenum, source, screens, work, name] = process.argv.slice(2);
const SCREENS = [
  { name: 'wide', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'wide-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: '320', width: 320, height: 640, colorScheme: 'light' },
  { name: '320-dark', width: 320, height: 640, colorScheme: 'dark' },
];

const economy = economies[name];
const made = economy.make({ plenum, source, work: path.join(work, name) });
if (made.skip !== undefined) skip(made.skip);
mkdirSync(screens, { recursive: true });
const address = pathToFileURL(made.report).href;

const open = (options) => openAt(address, options);

async function look(screen) {
  const { width, height, colorScheme } = screen;
  const { context, page, asked, complaints } = await open({
    viewport: { width, height }, colorScheme, bypassCSP: true,
  });
  const found = await violations(page);
  found.forEach((line) => console.log(`    ${line}`));
  check(found.length === 0, `${screen.name}: ${found.length} violations of ${RULES.join(', ')}`);
  const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
  check(scroll <= width, `${screen.name}: ${scroll} of ${width} pixels wide`);
  check(asked.length === 1, `${screen.name}: asks for nothing but itself (${asked.length})`);
  check(complaints.length === 0, `${screen.name}: no complaint ${complaints.join(' | ')}`);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = false; }));
  await page.screenshot({ path: path.join(screens, `${name}-${screen.name}.png`), fullPage: true });
  await context.close();
}

/** Under its own policy and without scripts: the same text, and nothing that could run. */
async function read() {
  const scripted = await open({ viewport: { width: 1280, height: 900 } });
  const text = await scripted.page.textContent('main');
  await scripted.context.close();
  const { context, page, complaints } = await open({
    viewport: { width: 1280, height: 900 }, javaScriptEnabled: false,
  });
  check(await page.textContent('main') === text, 'the same text without scripts');
  check(complaints.length === 0, `no complaint of the page's own policy ${complaints.join(' | ')}`);
  for (const words of economy.says ?? []) check(text.includes(words), `says "${words}"`);
  const risky = await page.locator('script, iframe, object, embed, link, img, form, [href]:not([href^="#"]), [src]').count();
  check(risky === 0, 'no script, frame, form, picture or link to elsewhere');
  const headings = await page.locator('h1, h2, h3').evaluateAll((all) => all.map((h) => Number(h.tagName[1])));
  const ordered = headings.every((level, i) => i === 0 ? level === 1 : level <= headings[i - 1] + 1);
  const ragged = await page.locator('table').evaluateAll((all) => all.filter((table) => {
    const width = (row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
    return [...table.rows].some((row) => width(row) !== width(table.rows[0]));
  }).length);
  check(ragged === 0, 'every row of a table has a cell for each column');
  check(ordered && headings.filter((level) => level === 1).length === 1, 'headings are in order');
  await context.close();
}

/** axe must find what is wrong: a field without a name and pale text, put there by us. */
async function control() {
  const { context, page } = await open({ bypassCSP: true });
  await page.evaluate(() => document.querySelector('main').insertAdjacentHTML('beforeend',
    '<input><p style="color:#ddd;background:#fff">pale</p>'));
  const found = (await violations(page)).map((line) => line.split(':')[0]);
  check(found.includes('label') && found.includes('color-contrast'), `faults put there are found: ${found}`);
  await context.close();
}

async function print() {
  const { context, page } = await open({ viewport: { width: 1280, height: 900 }, colorScheme: 'dark' });
  const pdf = await page.pdf({ path: path.join(screens, `${name}.pdf`), preferCSSPageSize: true });
  const pages = pagesOf(pdf);
  check(pages > 0, `${pages} pages on paper`);
  await page.emulateMedia({ media: 'print' });
  const heights = await page.locator('details table').evaluateAll(
    (all) => all.map((t) => t.getBoundingClientRect().height));
  check(heights.every((h) => h > 20), `tables under pictures are printed (${heights.length})`);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(paper === 'rgb(255, 255, 255)', `paper stays white: ${paper}`);
  await context.close();
}

const size = statSync(made.report).size;
check(size <= economy.bytes, `${size} of ${economy.bytes} bytes`);
for (const screen of SCREENS) await look(screen);
await read();
await print();
if (name === 'valley') await control();
await end();
