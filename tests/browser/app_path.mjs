// SPDX-License-Identifier: AGPL-3.0-or-later
// app_path.mjs PLENUM SOURCE SCREENS - a newcomer's way through the member app, from the links of
// plenum demo on: a household's wishes and a workplace's proposal, the round closes, the vote,
// the plan. What docs/tour.md shows of it is seen on the way.
import { mkdirSync } from 'node:fs';
import { check, end } from './browser.mjs';
import { come, demo } from './demo.mjs';
import { tour } from './tour.mjs';

const [plenum, source, screens] = process.argv.slice(2);
const FIRST_SCREEN = 60000; // bytes, as they come over the wire
const MOST = 60; // seconds
const SETTLE = 500; // milliseconds in which the lower parts of the first screen come
const wide = { viewport: { width: 1040, height: 720 } };
mkdirSync(screens, { recursive: true });

const began = performance.now();
const { base, links } = await demo(plenum);
const people = {};

const pictures = tour('app', source, screens);
const picture = ({ page }, name, top) => pictures.picture(page, name, top);

/** What the first screen took. */
async function weigh({ page }) {
  const files = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((entry) => !entry.name.includes('/api/')).map((entry) => entry.encodedBodySize));
  const bytes = files.reduce((sum, size) => sum + size, 0);
  check(files.length >= 3 && bytes > 10000 && bytes <= FIRST_SCREEN, `the first screen takes ${bytes} of ${FIRST_SCREEN} bytes in ${files.length} files`);
}

/** Propose as the first screen asks one to. */
async function propose(who, button, name) {
  const { page } = who;
  await page.getByRole('link', { name: /^Propose for/ }).click();
  await page.getByRole('button', { name: button }).click();
  await picture(who, name);
  await page.getByRole('button', { name: 'File the proposal' }).click();
  await page.getByText(/^Filed as version .*1/).waitFor();
}

async function press({ page }, name) {
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: /^Yes: / }).click();
}

people.worker = await come(links.worker, wide);
await weigh(people.worker);
const policy = (await people.worker.page.request.get(`${base}/app/`)).headers()['content-security-policy'];
check(/require-trusted-types-for 'script'; trusted-types 'none'/.test(policy) && !/unsafe|\*|http/.test(policy), `the policy is strict: ${policy}`);

people.neighbour = await come(links.neighbour, wide);
await people.neighbour.page.getByRole('link', { name: /^Propose for/ }).waitFor();
await people.neighbour.page.waitForTimeout(SETTLE);
await picture(people.neighbour, 'home');
await propose(people.neighbour, 'Fill in what is expected', 'household');
await propose(people.worker, 'Copy last round', 'workplace');
check(true, 'a household and a workplace have proposed');

people.facilitator = await come(links.facilitator, wide);
const { page: facilitating } = people.facilitator;
await facilitating.getByRole('link', { name: 'Rounds', exact: true }).click();
await facilitating.getByText('Councils that have proposed: 2 of').waitFor();
await picture(people.facilitator, 'facilitate');
await press(people.facilitator, 'Close the round');
await facilitating.getByRole('heading', { name: 'Round 4: goods furthest from balance' }).waitFor();
await people.worker.page.getByText(/round 4, .?the round is looked at/).waitFor(); // by its own news
check(true, 'the round is closed, and everybody sees it');

const heading = (name) => facilitating.getByRole('heading', { name });
await picture(people.facilitator, 'rounds', heading('Round 4: goods furthest from balance'));

await press(people.facilitator, 'Open the vote on the plan');

async function vote(who) {
  const { page } = who;
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('link', { name: /^Vote:/ }).click();
  await page.getByRole('radio', { name: 'yes' }).check();
  await page.getByRole('button', { name: 'Cast my vote' }).click();
  const receipt = await page.locator('.good code').textContent();
  check(await page.getByText('It is secret:').count() === 1, 'the vote on the plan is secret');
  if (who === people.worker) await picture(who, 'vote');
  check(/^[0-9a-f]{32}$/.test(receipt), 'voted, with a receipt');
  return receipt;
}
const receipt = await vote(people.worker);
await vote(people.neighbour);
await vote(people.facilitator);

/* the others are made up, and vote by themselves */
await people.worker.page.getByText(/^.?99.? of .?99.? have voted/).waitFor();
await press(people.facilitator, 'Close the vote and count it');
await heading('The count').waitFor();
check(true, 'the vote is counted');
await people.worker.page.getByText(/^All ballots/).click();
check(await people.worker.page.getByRole('row', { name: receipt }).count() === 1, 'the ballot is found by its receipt');

await facilitating.getByRole('link', { name: /^It is about the plan/ }).click();
await press(people.facilitator, 'Adopt the plan');
await facilitating.getByText('The plan is carried out').waitFor();
check(true, 'the plan is adopted');

console.log(`  ${((performance.now() - began) / 1000).toFixed(1)} s of ${MOST}`);
check(performance.now() - began < MOST * 1000, 'within the time');

/* what else the tour shows */
await facilitating.goto(`${base}/app/#/rounds/1/4`);
await facilitating.locator('tbody tr a').first().click();
await heading('Who moved it').waitFor();
await picture(people.facilitator, 'good');
await facilitating.goto(`${base}/app/#/plan?picture=1`);
await facilitating.locator('main svg a').first().waitFor();
await picture(people.facilitator, 'plan', facilitating.locator('main svg'));
await facilitating.goto(`${base}/app/#/record`);
await facilitating.locator('tbody tr').first().waitFor();
await picture(people.facilitator, 'record');
const { page: telephone } = people.neighbour;
await telephone.setViewportSize({ width: 360, height: 640 });
await telephone.emulateMedia({ colorScheme: 'dark' });
await telephone.evaluate(() => localStorage.setItem('plenum-language', 'ar'));
await telephone.goto(`${base}/app/?ar#/`);
await telephone.getByRole('link', { name: 'Plenum' }).or(telephone.locator('main .panel')).first().waitFor();
await picture(people.neighbour, 'arabic');
await pictures.end();

for (const [name, { asked, complaints }] of Object.entries(people)) {
  check(asked.every((url) => url.startsWith(base)), `${name}: asks nobody else`);
  check(complaints.length === 0, `${name}: no complaint ${complaints.join(' | ')}`);
}
await end();
