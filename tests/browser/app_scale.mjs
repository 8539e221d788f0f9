// SPDX-License-Identifier: AGPL-3.0-or-later
// app_scale.mjs PLENUM - the member app with a plan of 5,000 goods and 2,000 councils, and on a
// slow processor. Times are told; what is checked is what does not depend on this computer: how
// much is drawn, and how many flows a picture holds.
import { check, end } from './browser.mjs';
import { come, demo } from './demo.mjs';

const [plenum] = process.argv.slice(2);
const GOODS = 5000;
const COUNCILS = 2000;
const LINES = 10; // of each council
const DRAWN = 60; // rows at most
const FLOWS = 40;
const SLOWER = 4;
const PATIENCE = 5000; // milliseconds, for a computer that has much else to do

const { links, base } = await demo(plenum);
const { page, complaints } = await come(links.neighbour);

/* how long until somebody can begin, on a processor of a quarter of the speed */
const session = await page.context().newCDPSession(page);
await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
await page.goto(`${base}/app/?slow`);
await page.getByRole('link', { name: /^Propose for/ }).waitFor();
const ready = await page.evaluate(() => performance.now());
check(ready < PATIENCE, `the first screen can be used after ${ready.toFixed(0)} ms, ${SLOWER} times slower than this computer`);
await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });

const many = (n, make) => Array.from({ length: n }, (_, i) => make(i + 1));
const season = { id: 1, name: 'large', period: '2027', phase: 'adopted', round: 1, rule: 'fitted', tolerance: '0.01', digest: 'd', zone: '', threshold: '', quorum: '', ratio: '', dates: [] };
const answers = {
  '/api/seasons': { seasons: [season] },
  '/api/seasons/1/rounds/1': { season, prices: many(GOODS, (good) => ({ season: 1, round: 1, good, price: `${1 + good % 97}` })), next: [], balance: [], proposals: [] },
  '/api/rows/good/': { rows: many(GOODS, (id) => ({ id, code: `g${id}`, name: `Good ${id}`, kind: 'product', unit: 'kg', category: 'c', step: '0.001', supply: 0, price: '1', elasticity: '', banned: '' })) },
  '/api/rows/council/': { rows: many(COUNCILS, (id) => ({ id, code: `c${id}`, name: `Council ${id}`, kind: id % 2 ? 'workers' : 'consumers', community: 0, schedule: 'recipe', income: 0 })) },
  '/api/seasons/1/plan': { season, lines: many(COUNCILS * LINES, (i) => ({ season: 1, council: 1 + (i % COUNCILS), good: 1 + (i * 7) % GOODS, role: i % COUNCILS % 2 ? 'wants' : 'makes', quantity: 1000 * i, delivered: 0 })) },
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

const slowest = await page.evaluate(async () => {
  const sight = document.querySelector('.sight');
  const frame = () => new Promise((good) => { requestAnimationFrame(good); });
  let worst = 0;
  let last = await frame();
  for (let i = 0; i < 60; i += 1) {
    sight.scrollTop += 700;
    const now = await frame();
    worst = Math.max(worst, now - last);
    last = now;
  }
  return worst;
});
console.log(`  scrolled by 42,000 pixels, the slowest frame took ${slowest.toFixed(0)} ms`);
check(await drawn() <= DRAWN && await page.locator('.sight').evaluate((sight) => sight.querySelector('[aria-rowindex]').getAttribute('aria-rowindex') > 500), 'and other rows are drawn');

const flows = await page.locator('main svg path').count();
check(flows > 0 && flows <= FLOWS, `the picture holds ${flows} of at most ${FLOWS} flows`);
await page.locator('main svg a').first().click();
await page.getByRole('button', { name: 'Show everything' }).waitFor();
check(/\d+ of 20,000 lines/.test(await page.getByText(/of 20,000 lines/).textContent()) && /(good|council)=\d/.test(page.url()), 'a name in it, pressed, is looked at alone, and the address says so');
await page.getByLabel('Look for a council or a good').fill('Council 19');
await page.waitForTimeout(300);
check((await page.getByText(/of 20,000 lines/).textContent()) !== '20,000 of 20,000 lines', 'what is looked for is found');
check(complaints.length === 0, `no complaint ${complaints.slice(0, 3).join(' | ')}`);
await end();
