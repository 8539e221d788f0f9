// SPDX-License-Identifier: AGPL-3.0-or-later
// pages.mjs PLENUM SOURCE SCREENS WORK - the pages of plenum serve in a browser: what axe finds,
// whether they fit a narrow screen, do all without scripts and by keyboard alone, and print.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { RULES, check, end, open, pagesOf, violations } from './browser.mjs';

const [plenum, source, screens, work] = process.argv.slice(2);
const ALL_SCREENS = [
  { name: 'wide', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'wide-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: '320', width: 320, height: 640, colorScheme: 'light' },
  { name: '320-dark', width: 320, height: 640, colorScheme: 'dark' },
];
/* if there is no time for all four: narrow and dark, or wide and light, in turns; how narrow a page
 * can be is asked in each */
const screensOf = (i) => (process.env.PLENUM_LONG === '1' ? ALL_SCREENS : [ALL_SCREENS[i % 2 === 0 ? 3 : 0]]);
const NARROW = 320;
const FACILITATOR = 1;
const BAKER = 2;
const NEIGHBOUR = 4;
const ask = (actor, op, fields) => JSON.stringify({ actor, op, fields });
const line = (good, role, quantity) => ({ good, role, quantity });
const proposal = (actor, council, lines, reason) => ask(actor, 'proposal.file', { season: 2, council, version: 1, reason, lines });
const vote = (title, ballots, rule, names) => ask(FACILITATOR, 'vote.open', {
  title, ballots, rule, seats: 1, secret: 1, options: names.map((name) => ({ code: name })) });

/** A season that is over, and one in its second round; votes of all kinds. */
const REQUESTS = [
  readFileSync(path.join(source, 'examples/record/season.jsonl'), 'utf8').trim(),
  ask(FACILITATOR, 'season.open', { name: 'Season 2', period: '2027', after: 1, rule: 'fitted', tolerance: '0.01', zone: 'Europe/Berlin' }),
  ask(FACILITATOR, 'round.open', { season: 2 }),
  proposal(BAKER, 1, [line(2, 'makes', 452000), line(3, 'uses', 316000), line(1, 'uses', 90)], 'A second oven, and no baking at night.'),
  proposal(3, 2, [line(3, 'makes', 361000), line(1, 'uses', 36)]),
  proposal(NEIGHBOUR, 3, [line(2, 'wants', 452000)]),
  ask(FACILITATOR, 'round.close', { season: 2 }),
  ask(9, 'objection.file', { season: 2, council: 1, reason: 'Who pays for the second oven?' }),
  ask(FACILITATOR, 'round.open', { season: 2 }),
  proposal(3, 2, [line(3, 'makes', 361500), line(1, 'uses', 36)]),
  vote('Shall the ovens stay cold at night?', 'motion', 'majority', ['Cold from ten to five', 'Cold on Sundays']),
  vote('Which street do we plant first?', 'approval', 'approval', ['Mill Lane', 'Station Street', 'The square']),
  vote('How much for each?', 'score', 'score', ['Library', 'Football pitch']),
  vote('Who speaks for us?', 'ranked', 'schulze', ['Ada', 'Berta', 'Cem']),
].join('\n');

mkdirSync(screens, { recursive: true });
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const file = path.join(work, 'pages.plenum');
execFileSync(plenum, ['record', file], { input: REQUESTS, stdio: ['pipe', 'ignore', 'inherit'] });
const server = spawn(plenum, ['serve', file, '--port', '0', '--rate', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const [base] = await new Promise((good) => { createInterface(server.stdout).once('line', (said) => good([said.replace(/\/$/, '')])); });

/** Somebody who came in by a link, without scripts. @return what keeps them logged in */
async function logIn(person) {
  const said = execFileSync(plenum, ['invite', file, String(person), '--url', base]).toString();
  const { context, page } = await open(said.trim().split(/\s+/).pop(), { javaScriptEnabled: false });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${base}/`);
  const storageState = await context.storageState();
  await context.close();
  return storageState;
}

async function look(name, address, storageState, screen) {
  const { width, height, colorScheme } = screen;
  const { context, page, asked, complaints } = await open(base + address, {
    storageState, viewport: { width, height }, colorScheme, bypassCSP: true });
  const what = `${name} ${screen.name}`;
  await page.screenshot({ path: path.join(screens, `pages-${name}-${screen.name}.png`), fullPage: true });
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  const found = await violations(page);
  found.forEach((said) => console.log(`    ${said}`));
  check(found.length === 0, `${what}: ${found.length} violations of ${RULES.join(', ')}`);
  for (const wide of new Set([width, NARROW])) {
    await page.setViewportSize({ width: wide, height });
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    check(scroll <= wide, `${what}: ${scroll} of ${wide} pixels wide`);
  }
  check(asked.every((url) => url.startsWith(base)), `${what}: asks nobody else`);
  // a page that is not there, or the picture that browsers ask every server for
  const said = complaints.filter((words) => !words.includes('status of 404'));
  check(said.length === 0, `${what}: no complaint ${said.join(' | ')}`);
  await context.close();
}

/** Fill in a proposal without a mouse: every field is reached, shows where it is, and is named. */
async function byKeyboard(storageState) {
  const { context, page } = await open(`${base}/councils/1`, { storageState, javaScriptEnabled: false });
  const reached = [];
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const focus = page.locator(':focus');
    const name = await focus.getAttribute('name').catch(() => null);
    const outline = await focus.evaluate((e) => getComputedStyle(e).outlineStyle).catch(() => 'none');
    if (name !== null) reached.push(`${name}${outline === 'none' ? ' unseen' : ''}`);
    if (name?.startsWith('q.2')) await page.keyboard.type('455');
    if (name === 'reason') {
      await page.keyboard.type('By keyboard alone.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      break;
    }
  }
  await page.waitForURL(/done=/);
  check(reached.join() === 'q.1.uses,q.2.makes,q.3.uses,reason', `fields by keyboard: ${reached}`);
  const said = await page.textContent('main');
  check(said.includes('makes 455 kg'), 'filed by keyboard');
  await context.close();
}

/** Vote without scripts; the receipt is on the page, and prints. */
async function cast(storageState) {
  const { context, page } = await open(`${base}/votes/2`, { storageState, javaScriptEnabled: false });
  await page.locator('fieldset').nth(0).getByLabel('yes').check();
  await page.locator('fieldset').nth(1).getByLabel('no', { exact: true }).check();
  await page.getByRole('button', { name: 'Cast my vote' }).click();
  const receipt = await page.textContent('.note code');
  check(/^[0-9a-f]{32}$/.test(receipt), 'a receipt');
  await page.screenshot({ path: path.join(screens, 'pages-receipt.png'), fullPage: true });
  await context.close();
}

async function print(storageState) {
  const { context, page } = await open(`${base}/seasons/1`, { storageState, colorScheme: 'dark' });
  const pdf = await page.pdf({ path: path.join(screens, 'pages-season.pdf') });
  check(pagesOf(pdf) > 0, `${pagesOf(pdf)} pages on paper`);
  await page.emulateMedia({ media: 'print' });
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(paper === 'rgb(255, 255, 255)', `paper stays white: ${paper}`);
  await context.close();
}

/** axe must find what is wrong: a field without a name and pale text, put there by us. */
async function control(storageState) {
  const { context, page } = await open(`${base}/`, { storageState, bypassCSP: true });
  await page.evaluate(() => document.querySelector('main').insertAdjacentHTML('beforeend',
    '<input><p style="color:#ddd;background:#fff">pale</p>'));
  const found = (await violations(page)).map((said) => said.split(':')[0]);
  check(found.includes('label') && found.includes('color-contrast'), `faults put there are found: ${found}`);
  await context.close();
}

const people = { facilitator: await logIn(FACILITATOR), baker: await logIn(BAKER), neighbour: await logIn(NEIGHBOUR), auditor: await logIn(5) };
await byKeyboard(people.baker);
await cast(people.baker);
const PAGES = [
  ['welcome', '/', undefined], ['login', '/login', undefined],
  ['home', '/', people.neighbour], ['home-auditor', '/', people.auditor],
  ['season', '/seasons/2', people.facilitator], ['season-over', '/seasons/1', people.baker],
  ['proposal', '/councils/1', people.baker], ['wishes', '/councils/3', people.neighbour],
  ['councils', '/councils', people.baker], ['objections', '/seasons/2/objections', people.auditor],
  ['motion', '/votes/2', people.neighbour], ['approval', '/votes/3', people.neighbour],
  ['score', '/votes/4', people.neighbour], ['ranked', '/votes/5', people.neighbour],
  ['voted', '/votes/2', people.baker], ['counted', '/votes/1', people.baker],
  ['calendar', '/seasons/2/calendar?from=2027-03-22T18:00', people.facilitator],
  ['person', '/people/2', people.facilitator], ['members', '/councils/1/members', people.baker],
  ['good', '/goods/2', people.facilitator], ['schedule', '/councils/1/schedule', people.baker],
  ['votes', '/votes?council=1', people.baker], ['help', '/help', people.neighbour],
  ['record', '/record', people.baker], ['missing', '/votes/99', people.baker],
];
for (const [i, [name, address, state]] of PAGES.entries()) {
  for (const screen of screensOf(i)) await look(name, address, state, screen);
}
await print(people.baker);
await control(people.baker);
server.kill('SIGTERM');
check(existsSync(file), 'the record is there');
await end();
