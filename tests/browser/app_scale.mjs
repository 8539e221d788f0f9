// SPDX-License-Identifier: AGPL-3.0-or-later
// app_scale.mjs PLENUM SOURCE SCREENS WORK - the member app on a slow processor, and with a plan
// of 5,000 goods and 2,000 councils. Times are told, and judged with PLENUM_LONG=1 where nobody
// else uses the computer; how much is asked for and drawn, and how many flows a picture holds, is checked.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { check, end } from './browser.mjs';
import { come, serve } from './demo.mjs';

const [plenum, source, , work] = process.argv.slice(2);
const FACILITATOR = 1;
const BAKER = 2;
const OTHER = 3; // a facilitator too
const DAY = 86400;
const GOODS = 5000;
const COUNCILS = 2000;
const LINES = 10; // of each council
const DRAWN = 60; // rows at most
const FLOWS = 40;
const SLOWER = 4;
const STARTS = 5; // in each language
const SOON = 1000; // milliseconds
const FILES = 5; // until it can be used, and what they come to
const BYTES = 60000;
const NODES = 2500; // of the page's tree, whatever the size of the plan

/* a season with a next date, so that the first screen has all that it can have */
const ask = (op, fields) => JSON.stringify({ actor: FACILITATOR, op, fields });
const tomorrow = Math.round(Date.now() / 1000) + DAY;
const dates = ask('calendar.set', { season: 2, dates: [{ what: 'close', at: tomorrow }] });
const requests = [
  readFileSync(path.join(source, 'examples/record/season.jsonl'), 'utf8').trim(),
  ask('season.open', { name: '2', period: '2027', after: 1, rule: 'fitted', tolerance: '0.01' }),
  ask('mandate.give', { person: OTHER, role: 'facilitator', until: tomorrow }),
  ask('round.open', { season: 2 }),
  dates,
  dates.replace(`"actor":${FACILITATOR}`, `"actor":${OTHER}`), // it takes two
].join('\n');
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const file = path.join(work, 'scale.plenum');
execFileSync(plenum, ['record', file], { input: requests, stdio: ['pipe', 'ignore', 'inherit'] });
const { base } = await serve(plenum, file);
const { page, complaints } = await come(execFileSync(plenum, ['invite', file, `${BAKER}`, '--url', base]).toString().trim().split(/\s+/).pop());
await page.getByRole('link', { name: /^Propose for/ }).waitFor();

/* How long until somebody can begin, on a processor of a quarter of the speed: what needs them is
 * drawn whole (names, date, no "..."), it is on the screen, and the page has come round to what
 * is next, as it would to a key. The page itself tells, by a function that runs no script of the
 * test's: what asks it, or waits for it, makes it slower. */
const session = await page.context().newCDPSession(page);
await session.send('Runtime.enable');
await session.send('Runtime.addBinding', { name: 'canBegin' });
await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
await session.send('Network.setCacheDisabled', { cacheDisabled: true });
await session.send('Performance.enable', { timeDomain: 'threadTicks' });
const busy = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]));
await page.addInitScript(() => {
  const whole = (line) => line.querySelector('a')?.getAttribute('href').startsWith('#/council/') && line.querySelector('.soft') && !line.textContent.includes('…');
  new MutationObserver((_, seen) => {
    if (![...document.querySelectorAll('#main ol li')].some(whole)) return;
    seen.disconnect();
    const drawn = performance.now();
    requestAnimationFrame(() => setTimeout(() => globalThis.canBegin(JSON.stringify([drawn, performance.now()]))));
  }).observe(document, { childList: true, subtree: true, characterData: true });
});

async function start(address) {
  await page.goto('about:blank');
  const before = await busy();
  const told = new Promise((good) => { session.once('Runtime.bindingCalled', ({ payload }) => good(JSON.parse(payload))); });
  await session.send('Page.navigate', { url: address });
  const [drawn, ready] = await told;
  const after = await busy();
  const asked = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(({ name, startTime, encodedBodySize }) => ({ name, startTime, bytes: encodedBodySize })));
  return { ready, work: after.TaskDuration - before.TaskDuration, asked: asked.filter(({ startTime }) => startTime < drawn) };
}

for (const language of ['en', 'ar']) {
  await page.goto(`${base}/app/`);
  await page.evaluate((chosen) => localStorage.setItem('plenum-language', chosen), language);
  const starts = [];
  for (let i = 0; i < STARTS; i += 1) starts.push(await start(`${base}/app/?${language}${i}`));
  const [best, , middle, , worst] = starts.map(({ ready }) => Math.round(ready)).sort((a, b) => a - b);
  const took = starts.map((one) => Math.round(one.work)).sort((a, b) => a - b)[2];
  const files = starts[0].asked.filter(({ name }) => !name.includes('/api/'));
  const bytes = files.reduce((all, one) => all + one.bytes, 0);
  console.log(`  ${language}: on a processor ${SLOWER} times slower than this one the first screen can be used after ${best} to ${worst} ms, ${middle} in the middle; ${took} ms of work`);
  if (process.env.PLENUM_LONG !== '1' || loadavg()[0] > cpus().length) console.log(`  ${language}: the time is told, not judged`);
  else check(middle <= SOON, `${language}: that is within ${SOON} ms`);
  check(files.length <= FILES && bytes <= BYTES, `${language}: it takes ${files.length} files of ${bytes} bytes`);
  const views = starts[0].asked.filter(({ name }) => name.includes('/api/') && !name.endsWith('/events'));
  check(views.length === 0, `${language}: and asks for nothing that did not come with the page ${views.map(({ name }) => name).join(' ')}`);
}
await page.evaluate(() => localStorage.setItem('plenum-language', 'en'));
await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });

const many = (n, make) => Array.from({ length: n }, (_, i) => make(i + 1));
const season = { id: 1, name: 'large', period: '2027', phase: 'adopted', round: 1, rule: 'fitted', tolerance: '0.01', digest: 'd', zone: '', threshold: '', quorum: '', ratio: '', dates: [] };
const answers = {
  '/api/seasons': { seasons: [season] },
  '/api/seasons/1/rounds/1': { season, prices: many(GOODS, (good) => ({ season: 1, round: 1, good, price: `${1 + good % 97}` })), next: [], balance: [], proposals: [] },
  '/api/rows/good/': { rows: many(GOODS, (id) => ({ id, code: `g${id}`, name: `Good ${id}`, kind: 'product', unit: 'kg', category: 'c', step: '0.001', supply: 0, price: '1', elasticity: '', banned: '' })) },
  '/api/rows/council/': { rows: many(COUNCILS, (id) => ({ id, code: `c${id}`, name: `Council ${id}`, kind: id % 2 ? 'workers' : 'consumers', community: 0, schedule: 'recipe', income: 0 })) },
  '/api/seasons/1/plan': { season, lines: many(COUNCILS * LINES, (i) => ({ season: 1, council: 1 + (i % COUNCILS), good: 1 + (i * 7) % GOODS, role: i % COUNCILS % 2 ? 'wants' : 'makes', quantity: 1000 * i, now: 1000 * i, delivered: 0 })) },
};
/* a page without the answers that come with it: the app asks for all of them */
await page.route('**/app/?*', async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await answer.text()).replace('id="answers"', 'id="others"') });
});
await page.route('**/api/**', (route) => {
  const answer = answers[new URL(route.request().url()).pathname];
  return answer === undefined ? route.continue() : route.fulfill({ json: answer });
});
await page.goto(`${base}/app/?large#/plan?picture=1`);
const began = Date.now();
await page.getByText('20,000 of 20,000 lines').waitFor();
await page.locator('.sight [role=row]').first().waitFor();
console.log(`  20,000 lines are there after ${Date.now() - began} ms`);
const drawn = () => page.locator('.sight [role=row]').count();
check(await drawn() <= DRAWN, `${await drawn()} of them are drawn`);

/* as fast as one can */
const scrolled = await page.evaluate(async () => {
  const long = [];
  const seen = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => Math.round(duration))));
  seen.observe({ entryTypes: ['longtask'] });
  const sight = document.querySelector('.sight');
  const frame = () => new Promise((good) => { requestAnimationFrame(good); });
  const took = [];
  let last = await frame();
  for (let i = 0; i < 120; i += 1) {
    sight.scrollTop += 350;
    const now = await frame();
    took.push(now - last);
    last = now;
  }
  seen.disconnect();
  return { long, took: took.sort((a, b) => a - b) };
});
const { took, long } = scrolled;
console.log(`  scrolled by 42,000 pixels: a frame took ${took[60].toFixed(0)} ms in the middle and ${took.at(-1).toFixed(0)} ms at most, ${long.length} tasks of more than 50 ms (${long.join(', ')})`);
check(await drawn() <= DRAWN && await page.locator('.sight').evaluate((sight) => sight.querySelector('[aria-rowindex]').getAttribute('aria-rowindex') > 500), 'and other rows are drawn');
const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
check(nodes <= NODES, `the page has ${nodes} elements`);

const picture = page.locator('main svg path');
async function pictured(what) {
  const flows = await picture.count();
  check(flows > 0 && flows <= FLOWS, `${what} holds ${flows} of at most ${FLOWS} flows`);
  await page.getByText('The same as a table').click();
  check(await page.locator('details[open] tbody tr').count() === flows, 'and so many rows has the table behind it');
  await page.getByText('The same as a table').click();
}
await pictured('the picture');
await page.locator('main svg a').first().click();
await page.getByRole('button', { name: 'Show everything' }).waitFor();
check(/\d+ of 20,000 lines/.test(await page.getByText(/of 20,000 lines/).textContent()) && /(good|council)=\d/.test(page.url()), 'a name in it, pressed, is looked at alone, and the address says so');
await pictured('what it opens');
await page.getByLabel('Look for a council or a good').fill('Council 19');
await page.waitForTimeout(300);
check((await page.getByText(/of 20,000 lines/).textContent()) !== '20,000 of 20,000 lines', 'what is looked for is found');
/* all goods of a round: as many at a time as a page bears, and found by name */
answers['/api/seasons/1/rounds/1'].balance = many(GOODS, (good) => ({ season: 1, round: 1, good, demand: `${good}`, supply: `${good + good % 5}`, imbalance: `${good % 5 / good}` }));
await page.goto(`${base}/app/?goods#/rounds/1?all=1`);
await page.locator('main tbody tr').first().waitFor();
const rows = await page.locator('main tbody tr').count();
check(rows <= 200, `${rows} of ${GOODS} goods are drawn at a time`);
await page.getByLabel('Look for a good').fill('Good 4321');
await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
check(await page.getByRole('link', { name: 'Good 4321' }).count() === 1, 'and each is found');
check(complaints.length === 0, `no complaint ${complaints.slice(0, 3).join(' | ')}`);
await end();
