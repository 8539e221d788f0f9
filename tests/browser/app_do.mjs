// SPDX-License-Identifier: AGPL-3.0-or-later
// app_do.mjs PLENUM SOURCE SCREENS WORK - what members do in the app besides proposing and
// voting: an objection is answered, ruled on and appealed against; less is handed over than was
// planned; councils swap parts of their plans; what moved a price; last year's plan as a beginning;
// work by the hour; what is printed; a council is suspended.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { check, end, pagesOf } from './browser.mjs';
import { come, serve } from './demo.mjs';

const [plenum, source, , work] = process.argv.slice(2);
const FACILITATOR = 1;
const ask = (actor, op, fields) => JSON.stringify({ actor, op, fields });

/* two rounds of a season, the second of them closed; in it the quarter wants more than there is */
const season = readFileSync(path.join(source, 'examples/record/season.jsonl'), 'utf8').trim().split('\n');
const begun = season.slice(0, season.findLastIndex((line) => line.includes('"round.close"')) + 1)
  .map((line) => line.replace('"wants", "quantity": 451000', '"wants", "quantity": 500000'));
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const file = path.join(work, 'do.plenum');
const record = (requests) => execFileSync(plenum, ['record', file], { input: requests.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
record(begun);
const { base } = await serve(plenum, file);

const people = {};
async function logIn(name, person) {
  const said = execFileSync(plenum, ['invite', file, String(person), '--url', base]).toString();
  people[name] = await come(said.trim().split(/\s+/).pop());
  return people[name].page;
}

/** Wait until a draft with these words is on the device. */
async function kept(page, words) {
  const drafts = () => page.evaluate(() => new Promise((good) => {
    const opening = indexedDB.open('plenum', 1);
    opening.onsuccess = () => {
      const all = opening.result.transaction('draft').objectStore('draft').getAll();
      all.onsuccess = () => { opening.result.close(); good(JSON.stringify(all.result)); };
    };
  }));
  while (!(await drafts()).includes(words)) await page.waitForTimeout(20);
}

/** Write into a field and press a button. */
async function say(page, label, words, button) {
  await page.getByLabel(label, { exact: true }).fill(words);
  await page.getByRole('button', { name: button, exact: true }).click();
}

/* ---- an objection ---- */

const neighbour = await logIn('neighbour', 8);
await neighbour.goto(`${base}/app/#/council/1`);
await neighbour.getByRole('link', { name: 'Object to this proposal' }).click();
await neighbour.getByLabel('Why').fill('too much noise at night');
await kept(neighbour, 'too much noise at night');
await neighbour.reload();
await neighbour.getByText('Object to a proposal').waitFor();
await neighbour.waitForFunction(() => document.querySelector('#why')?.value === 'too much noise at night');
check(true, 'what was written of an objection survives a reload');
await neighbour.getByRole('button', { name: 'Object', exact: true }).click();
await neighbour.getByText('Your objection was recorded.').waitFor();
check(await neighbour.getByLabel('Why').inputValue() === '', 'the form is empty again');

const baker = await logIn('baker', 3);
await baker.getByRole('link', { name: /^Answer the objection/ }).click();
await say(baker, 'In your words', 'the ovens are closed at ten', 'Explain');
await baker.getByText('The council has explained').waitFor();

const auditor = await logIn('auditor', 5);
/* nor before it is known that it passed */
await auditor.route('**/api/seasons/*/rounds/*', async (route) => {
  await new Promise((resolve) => { setTimeout(resolve, 500); });
  await route.continue();
});
await auditor.getByRole('link', { name: /^Rule on the objection/ }).click();
await auditor.getByRole('button', { name: 'Refuse the objection' }).waitFor();
check(await auditor.getByRole('button', { name: /leave the proposal out/ }).count() === 0, 'what passed cannot be left out');
await auditor.unrouteAll({ behavior: 'wait' });
await say(auditor, 'In your words', 'they were heard', 'Refuse the objection');
await auditor.getByText('It was refused').waitFor();
await neighbour.goto(`${base}/app/#/`);
await neighbour.getByRole('link', { name: /was refused: you can appeal/ }).click();
await say(neighbour, 'In your words', 'they are not closed', 'Appeal against the ruling');
await auditor.getByText('Somebody has appealed').waitFor();
await auditor.getByRole('button', { name: 'Overturn the ruling' }).click();
await baker.getByText('The ruling was overturned.').waitFor(); // by its own news
const steps = (await baker.getByRole('list', { name: 'What happened' }).getByRole('listitem').allTextContents()).map((step) => step.replaceAll(/\s+/g, ' '));
const wanted = [/objected.*too much noise/, /explained, for the council.*ovens/, /refused it.*they were heard/, /appealed.*not closed/, /overturned the ruling/];
check(steps.length === wanted.length && wanted.every((one, i) => one.test(steps[i])), `its history in words: ${steps.join(' | ')}`);
check(await neighbour.getByRole('button', { name: /Appeal|Explain|Grant/ }).count() === 0, 'who can do nothing more sees no button');

/* ---- what is handed over ---- */

/** The rest of planning, as the file has it: the vote on the plan, its adoption. */
const rest = season.slice(season.findIndex((line) => line.includes('"vote.open"')), season.findIndex((line) => line.includes('"plan.adopt"')) + 1);
record(rest.map((line) => line.replace(/"time": \d+, /, '')));
const delegate = await logIn('delegate', 2);
await delegate.goto(`${base}/app/#/council/1`);
await delegate.getByRole('heading', { name: 'Part of the plan' }).waitFor();
const amount = delegate.getByLabel(/^How much, in .?kg/);
await amount.fill('x');
await delegate.getByRole('button', { name: 'Record it' }).click();
await delegate.getByText('This is no number.').waitFor();
await amount.fill('100');
await delegate.getByRole('button', { name: 'Record it' }).click();
await delegate.getByText(/100 kg.* of .*bread.* for .*quarter/).waitFor();
const row = delegate.getByRole('row', { name: /^bread/ }).first();
await row.getByText('100 kg', { exact: true }).waitFor(); // by its own news
const told = (await row.textContent()).replaceAll(/[\s\u2068\u2069]+/g, ' ');
const [, planned, part, missing] = /makes ?([\d.]+) kg ?100 kg ?([\d.]+)%, to come: ([\d.]+) kg/.exec(told) ?? [];
check(Math.abs(planned - 100 - missing) < 1e-9 && Math.abs(part - 10000 / planned) <= 0.05, `what is still to come: ${told}`);

/* ---- parts of the plan are swapped ---- */

/** The bakery offers hours of its work to the farm, whose delegate answers. */
async function swap(hours, why, press, said) {
  const form = delegate.locator('form').filter({ has: delegate.getByLabel('Of which line') });
  if (!await form.isVisible()) await delegate.getByText('Offer a part of your plan').click();
  const line = form.getByLabel('Of which line');
  await line.selectOption(await line.locator('option', { hasText: 'labour' }).getAttribute('value'));
  await form.getByLabel(/^How much, in .?hours/).fill(hours);
  await form.getByLabel('Why').fill(why);
  await form.getByRole('button', { name: 'Offer it' }).click();
  await delegate.getByText('It was offered. Nothing changes until it is accepted.').waitFor();
  await baker.goto(`${base}/app/#/`);
  await baker.getByRole('link', { name: /^Answer the swap that .?bakery.? offers: .?labour/ }).click();
  const offer = baker.locator('li.panel').filter({ hasText: why });
  await offer.getByRole('button', { name: press }).click();
  await offer.getByText(said).waitFor();
  await delegate.locator('li.panel').filter({ hasText: why }).getByText(said).waitFor(); // by its own news
}
const labour = delegate.getByRole('row', { name: /^labour/ }).first();
const hours = async () => /uses ?([\d.]+) ?hours/.exec((await labour.textContent()).replaceAll(/[\s\u2068\u2069]+/g, ' '))?.[1];
const first = await hours();
await swap('1', 'the new oven', 'Refuse', 'refused');
check(first > 0 && await hours() === first, `a swap that was refused changes nothing: ${await hours()} hours`);
await swap('2', 'the harvest', 'Accept', 'accepted: the plan changed');
await labour.getByText(`${first - 2} hours`).first().waitFor();
check(true, `a swap that was accepted changes the plan: ${first} hours, then ${first - 2}`);

record([ask(FACILITATOR, 'season.close', { season: 1 })]);
await row.getByText(/short by/).waitFor();
check(await delegate.getByRole('button', { name: 'Record it' }).count() === 0, 'when the season is over it is short, and nothing more can be recorded');

/* ---- why a price moved ---- */

await delegate.goto(`${base}/app/#/rounds/1/2`);
await delegate.getByText(/^From round .?1.? to round .?2/).waitFor();
await delegate.getByText('The numbers').click();
await delegate.getByRole('row', { name: /^2 .*of .*3/ }).waitFor();
check(true, 'how near to balance the rounds came, in words and in numbers');
await delegate.getByRole('link', { name: 'bread' }).first().click();
await delegate.getByRole('row', { name: /^Together/ }).waitFor();
const parts = await delegate.locator('table').filter({ hasText: 'Whose proposals' }).locator('td:nth-child(3)').allTextContents();
const numbers = parts.map((text) => Number(text.replaceAll(/[^\d.−]/g, '').replace('−', '-')));
const sum = numbers.slice(0, -1).reduce((all, one) => all + one, 0);
check(numbers.length >= 3 && Math.abs(numbers.at(-1)) > 0.01 && Math.abs(sum - numbers.at(-1)) < 1e-3 * Math.max(1e-3, Math.abs(numbers.at(-1))), `parts of the move add up: ${numbers.join(' ')}`);

/* ---- last year's plan ---- */

record([ask(FACILITATOR, 'season.open', { name: 'season 2', after: 1, rule: 'fitted', tolerance: '0.01' }), ask(FACILITATOR, 'round.open', { season: 2 })]);
await delegate.goto(`${base}/app/#/council/1`);
await delegate.getByText(/last year: .?500\.001 kg/).waitFor();
await delegate.getByRole('button', { name: /^Copy last year/ }).click();
await delegate.getByRole('heading', { name: 'Hours by kind of work' }).waitFor();
await delegate.getByText(/Together .?[\d.]+ hours/).waitFor();
check(await delegate.getByRole('textbox', { name: 'bread' }).inputValue() === '500.001', 'last year stands as a ghost, and can be copied');

/* ---- work by the hour ---- */

async function book(page, task) {
  await page.getByLabel('What is to be done').fill(task);
  await page.getByLabel(/^How many people/).fill('4');
  await page.getByRole('button', { name: 'Book them' }).click();
}
await delegate.getByRole('link', { name: 'Work by the hour' }).click();
await delegate.getByText('Nobody is booked.').waitFor();
await book(delegate, 'clean the ovens');
await delegate.getByRole('row', { name: /clean the ovens/ }).waitFor();
await book(delegate, 'bake');
await delegate.getByText(/^In the way: .?clean the ovens/).waitFor();
await delegate.getByRole('button', { name: /when they are free/ }).first().click();
await delegate.getByRole('button', { name: 'Book them' }).click();
const baking = delegate.getByRole('row', { name: /bake/ });
await baking.waitFor();
await baking.getByRole('button', { name: 'Take it back' }).click();
await baking.getByRole('button', { name: /^Yes: / }).click();
await baking.waitFor({ state: 'detached' });
check(true, 'who is busy is offered another time; a booking is taken back');
await paper(delegate, 'work/1', '.tick');

/* ---- on paper ---- */

/** Wait until nothing more is drawn: parts of a screen come one after another. */
async function settled(page) {
  const size = () => page.evaluate(() => document.querySelectorAll('main *').length);
  for (let before = -1, now = await size(); now !== before; now = await size()) {
    before = now;
    await page.waitForTimeout(400);
  }
}

/** What is seen on paper; folded parts are unfolded by then. */
async function paper(page, address, drawn) {
  await page.goto(`${base}/app/#/${address}`);
  await page.locator(drawn).first().waitFor({ state: 'attached' });
  await settled(page);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const found = await page.evaluate(() => ({
    seen: [...document.querySelectorAll('nav, button, .skip, .noprint')].filter((one) => one.checkVisibility()).length,
    folded: document.querySelectorAll('main details:not([open], .noprint)').length,
    rows: [...document.querySelectorAll('main table tbody tr')].filter((one) => one.checkVisibility()).length,
    ink: getComputedStyle(document.body).color,
    ballots: [...document.querySelectorAll('.ballot')].filter((one) => one.checkVisibility()).length,
    others: document.querySelectorAll('.ballot').length > 0 && document.querySelector('h1').checkVisibility(),
  }));
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  const pages = pagesOf(await page.pdf({ preferCSSPageSize: true }));
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  check(found.seen === 0 && found.folded === 0 && found.ink === 'rgb(0, 0, 0)' && pages >= 1, `${address} on paper: black on white, unfolded, nothing to press; ${pages} pages`);
  return { ...found, pages };
}
await paper(delegate, 'council/1/1', '.tick');
const plan = await paper(delegate, 'plan/1', '.long .line');
check(plan.rows === 6, `all of the plan is on paper: ${plan.rows} lines`);
record([ask(FACILITATOR, 'vote.open', { title: 'Which street?', ballots: 'approval', rule: 'approval', seats: 1, secret: 1, options: [{ code: 'Mill Lane' }, { code: 'The square' }] })]);
const ballots = await paper(delegate, 'votes/2?paper=12', '.ballot');
check(ballots.ballots === 12 && !ballots.others && ballots.pages > 1 && ballots.pages < 5, `${ballots.ballots} ballots and nothing else on ${ballots.pages} pages`);

/* ---- a council is suspended, and restored ---- */

const PEOPLE = 12;
const vote = (number, code, rule) => [
  ask(FACILITATOR, 'vote.open', { title: code, ballots: 'motion', seats: 1, secret: 1, ...rule, options: [{ code }] }),
  ...Array.from({ length: PEOPLE }, (_, i) => ask(i + 1, 'vote.cast', { vote: number, marks: '1=yes' })),
  ask(FACILITATOR, 'vote.close', { vote: number }),
];
await delegate.goto(`${base}/app/#/council/2`);
await delegate.getByRole('heading', { level: 1, name: 'farm' }).waitFor();
const until = Math.round(Date.now() / 1000) + 86400;
record([...vote(3, 'suspend-2', { rule: 'supermajority', threshold: '2/3', quorum: '1/2' }), ask(FACILITATOR, 'council.suspend', { council: 2, vote: 3, until, reason: 'it sold to others' })]);
const notice = delegate.locator('.warn').filter({ hasText: /^\s*It is suspended until/ }); // by its own news
await notice.getByText('it sold to others').waitFor();
await notice.getByRole('link', { name: 'The vote that said so' }).click();
await delegate.getByRole('heading', { name: 'The count' }).waitFor();
await delegate.goBack();
await notice.waitFor();
record([...vote(4, 'restore-2', { rule: 'majority' }), ask(FACILITATOR, 'council.restore', { council: 2, vote: 4 })]);
await notice.waitFor({ state: 'detached' });
check(true, 'a council that is suspended says so, until when, why and by which vote, until it is restored');

for (const [name, { asked, complaints }] of Object.entries(people)) {
  check(asked.every((url) => url.startsWith(base)), `${name}: asks nobody else`);
  const other = complaints.filter((said) => !said.includes('status of 409')); // who was busy
  check(other.length === 0, `${name}: no complaint ${other.slice(0, 5).join(' | ')}`);
}
await end();
