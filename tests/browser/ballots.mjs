// SPDX-License-Identifier: AGPL-3.0-or-later
// ballots.mjs PLENUM SOURCE SCREENS WORK NAME - paper ballots in a browser: what axe finds,
// whether they fit their sheets, how large the boxes are, and whether the QR codes can be read.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RULES, check, end, open, pagesOf, violations } from './browser.mjs';
import { modulesOf, textOf } from './qr.mjs';

const [plenum, , screens, work, name] = process.argv.slice(2);
const MARGIN = 4;
const PIXELS = 96 / 25.4; // a millimetre
const SHEET = { width: 186, height: 273 }; // A4 without its margins of 12
const BOX = 6; // millimetres that a hand needs

const long = 'Repair of the roof above the workshops and the dye works, with insulation, '.repeat(3);
const hostile = ['</td></tr></table><script>alert(1)</script>', '"onmouseover=alert(2) x="',
  '\u202Eesrever\u202C', 'مجلس الحي', `e${'\u0301'.repeat(400)}`, 'W'.repeat(300), long];
const many = Array.from({ length: 100 }, (_, i) => `Project ${i + 1}`);

// names, kind, ballots, pages on paper
const elections = {
  motion: { options: ['Shall the co-op buy a second oven?'], kind: 'motion', count: 7, pages: 3 },
  consensus: { options: ['Join the federation', 'Leave it open', 'Say no'], kind: 'consensus', count: 5, pages: 3 },
  delegates: { options: many.slice(0, 12), kind: 'rank', count: 3, pages: 3 },
  budget: { options: many.slice(0, 6), costs: 125050, kind: 'approve', count: 4, pages: 2 },
  hostile: { options: hostile, kind: 'points', count: 3 },
  many: { options: many, kind: 'points', points: 10, count: 2 },
};

const cell = (text) => `"${text.replaceAll('"', '""')}"`;

/** Write the election and print its ballots. */
function make(election) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const [file, page, sheet] = ['votes.csv', 'ballots.html', 'sheet.csv'].map((f) => path.join(work, f));
  const { options, costs, kind, count, points } = election;
  const rows = [['ballot', ...options.map((_, i) => `o${i + 1}`)],
    ['#title', 'General assembly of the bakery, spring'], ['#name', ...options]];
  if (costs !== undefined) rows.push(['#cost', ...options.map((_, i) => `${(i + 1) * costs / 100}`)]);
  writeFileSync(file, rows.map((row) => row.map(cell).join(',')).join('\n'));
  const words = ['vote', 'ballots', file, '--kind', kind, '--count', `${count}`, '--seed', '1',
    '--out', page, '--sheet', sheet, ...(points === undefined ? [] : ['--points', `${points}`])];
  const done = spawnSync(plenum, words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`plenum ${words.join(' ')}: ${done.status} ${done.stderr}`);
  const codes = readFileSync(sheet, 'utf8').split('\n').map((row) => row.split(',')[0])
    .filter((code) => /^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}$/.test(code));
  return { address: pathToFileURL(page).href, codes };
}

async function look({ address }, width, colorScheme) {
  const { context, page, asked, complaints } = await open(address, {
    viewport: { width, height: 900 }, colorScheme, bypassCSP: true,
  });
  const found = await violations(page);
  found.forEach((line) => console.log(`    ${line}`));
  check(found.length === 0, `${width}, ${colorScheme}: ${found.length} violations of ${RULES.join(', ')}`);
  const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
  check(scroll <= width, `${scroll} of ${width} pixels wide`);
  check(asked.length === 1 && complaints.length === 0, `asks for nothing, complains of nothing ${complaints.join(' | ')}`);
  await context.close();
}

async function read({ address, codes }, election) {
  const { context, page } = await open(address, { viewport: { width: 1000, height: 900 }, javaScriptEnabled: false });
  const risky = await page.locator('script, iframe, object, embed, link, img, form, [href], [src]').count();
  check(risky === 0, 'no script, frame, form, picture or link');
  const printed = await page.locator('thead b').allTextContents();
  check(codes.length === election.count && printed.toSorted().join() === codes.toSorted().join(),
    `the codes of ${election.count} ballots are those of the sheet`);
  const paths = await page.locator('.qr path:last-child').evaluateAll((all) => all.map((p) => p.getAttribute('d')));
  const read = paths.map((d) => textOf(modulesOf(d, MARGIN)));
  check(read.join() === printed.join(), `the QR codes say the same: ${read.slice(0, 3)}`);
  const rows = await page.locator('tbody tr').count();
  check(rows === election.count * election.options.length, `${rows} rows`);
  await context.close();
}

async function print({ address }, election) {
  const { context, page } = await open(address, {
    viewport: { width: Math.round(SHEET.width * PIXELS), height: Math.round(SHEET.height * PIXELS) }, colorScheme: 'dark',
  });
  const pages = pagesOf(await page.pdf({ path: path.join(screens, `ballots-${name}.pdf`), preferCSSPageSize: true }));
  await page.emulateMedia({ media: 'print' });
  const boxes = await page.locator('.b i').evaluateAll((all) => all.map((i) => i.getBoundingClientRect())
    .map((box) => Math.min(box.width, box.height)));
  check(boxes.every((size) => size >= BOX * PIXELS), `${boxes.length} boxes, the smallest ${(Math.min(...boxes) / PIXELS).toFixed(1)} mm`);
  const high = await page.locator('.sheet').evaluateAll((all) => all.map((s) => s.getBoundingClientRect().height));
  const flows = await page.locator('main.on0').count() > 0;
  const tallest = Math.max(...high) / PIXELS;
  if (flows) {
    check(pages % election.count === 0 && pages >= election.count * tallest / SHEET.height,
      `each ballot begins a sheet: ${pages} pages`);
    const head = await page.locator('thead').first().evaluate((h) => getComputedStyle(h).display);
    check(head === 'table-header-group', 'each sheet carries the code');
  } else {
    check(tallest <= SHEET.height, `the tallest sheet takes ${tallest.toFixed(0)} of ${SHEET.height} mm`);
    check(pages === high.length, `${high.length} sheets are ${pages} pages`);
  }
  if (election.pages !== undefined) check(pages === election.pages, `${pages} pages for ${election.count} ballots`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= Math.round(SHEET.width * PIXELS), `${(wide / PIXELS).toFixed(0)} of ${SHEET.width} mm wide`);
  check(await page.locator('header').isHidden(), 'the advice is not printed');
  await page.screenshot({ path: path.join(screens, `ballots-${name}.png`) });
  await context.close();
}

mkdirSync(screens, { recursive: true });
const election = elections[name];
const made = make(election);
await look(made, 1000, 'light');
await look(made, 320, 'dark');
await read(made, election);
await print(made, election);
await end();
