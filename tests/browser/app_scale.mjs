// SPDX-License-Identifier: AGPL-3.0-or-later
// app_scale.mjs PLENUM - the member app on a slow processor, and with a plan of 5,000 goods and
// 2,000 councils. Times are told; what is checked is what does not depend on this computer: how
// much is asked for and drawn, and how many flows a picture holds.
import { check, end } from './browser.mjs';
import { come, demo } from './demo.mjs';

const [plenum] = process.argv.slice(2);
const GOODS = 5000;
const COUNCILS = 2000;
const LINES = 10; // of each council
const DRAWN = 60; // rows at most
const FLOWS = 40;
const SLOWER = 4;
const FILES = 16; // until it can be used, and what they come to
const VIEWS = 10;
const BYTES = 60000;
const NODES = 2500; // of the page's tree, whatever the size of the plan

const { links, base } = await demo(plenum);
const { page, complaints } = await come(links.neighbour);

/* how long until somebody can begin, on a processor of a quarter of the speed */
const session = await page.context().newCDPSession(page);
await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
await session.send('Network.setCacheDisabled', { cacheDisabled: true });
await session.send('Performance.enable');
const busy = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]));
/* the page itself tells when: who asks it again and again makes it slower */
await page.addInitScript(() => {
  new MutationObserver((_, seen) => {
    const needs = [...document.querySelectorAll('#main li a')].map((link) => link.textContent);
    if (!needs.some((text) => text.startsWith('Propose for') && !text.includes('…'))) return;
    globalThis.ready = performance.now();
    seen.disconnect();
  }).observe(document, { childList: true, subtree: true, characterData: true });
});
await page.goto('about:blank');
const before = await busy();
await page.goto(`${base}/app/?slow`);
await page.waitForFunction(() => globalThis.ready > 0, undefined, { polling: 500 });
const after = await busy();
const start = await page.evaluate(() => ({
  ready: globalThis.ready, painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  asked: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(({ startTime }) => startTime < globalThis.ready)
    .map(({ name, encodedBodySize }) => ({ api: name.includes('/api/'), name, bytes: encodedBodySize })),
}));
const sum = (some) => some.reduce((all, { bytes }) => all + bytes, 0);
const files = start.asked.filter(({ api }) => !api);
const views = start.asked.filter(({ api }) => api);
console.log(`  ${SLOWER} times slower than this computer, the first screen is painted after ${start.painted.toFixed(0)} ms and can be used after ${start.ready.toFixed(0)} ms; ${(after.TaskDuration - before.TaskDuration).toFixed(0)} ms of work, ${(after.ScriptDuration - before.ScriptDuration).toFixed(0)} ms of it in scripts`);
check(files.length <= FILES && views.length <= VIEWS && sum(files) <= BYTES, `it takes ${files.length} files of ${sum(files)} bytes and ${views.length} views of ${sum(views)} bytes`);
check(new Set(views.map(({ name }) => name)).size === views.length, 'nothing is asked for twice');
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
