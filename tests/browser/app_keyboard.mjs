// SPDX-License-Identifier: AGPL-3.0-or-later
// app_keyboard.mjs PLENUM SOURCE SCREENS WORK - a whole round of the member app by keyboard alone:
// links, a household's wish, a workplace's proposal, the round closes, the vote, the plan; and the
// guided set-up, from an empty record to the first round. Where the focus is, is always seen, and
// nothing that is pressed loses it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { check, end, open } from './browser.mjs';
import { serve, stop } from './demo.mjs';
import { hands } from './keys.mjs';

const [plenum, , screens, work] = process.argv.slice(2);
const SETTLE = 500; // milliseconds in which rows are looked at
const LATER = 9999999999;
const ADA = 1;
const BAKER = 2;
const NEIGHBOUR = 3;
const ask = (actor, op, fields) => JSON.stringify({ actor, op, fields });
const REQUESTS = [
  ask(0, 'record.begin', { title: 'The valley', name: 'Ada' }),
  ask(ADA, 'person.add', { name: 'Berta' }),
  ask(ADA, 'person.add', { name: 'Cem' }),
  ask(ADA, 'council.add', { code: 'bakery', name: 'The bakery', kind: 'workers' }),
  ask(ADA, 'council.add', { code: 'lane', name: 'Mill Lane', kind: 'consumers' }),
  ask(ADA, 'mandate.give', { person: BAKER, council: 1, role: 'delegate', until: LATER }),
  ask(ADA, 'mandate.give', { person: NEIGHBOUR, council: 2, role: 'delegate', until: LATER }),
  ask(ADA, 'good.set', { code: 'labour', kind: 'labour', unit: 'hours', step: '0.25', supply: 400000, price: '10' }),
  ask(ADA, 'good.set', { code: 'bread', kind: 'product', unit: 'kg', step: '0.001', price: '3' }),
  ask(BAKER, 'schedule.set', { council: 1, schedule: 'recipe', lines: [{ good: 2, role: 'makes', amount: '1' }, { good: 1, role: 'uses', amount: '0.05' }] }),
  ask(NEIGHBOUR, 'schedule.set', { council: 2, schedule: 'request', lines: [{ good: 2, role: 'wants', amount: '500' }] }),
  ask(ADA, 'season.open', { name: '2027', period: '2027', rule: 'fitted', tolerance: '0.01' }),
  ask(ADA, 'round.open', { season: 1 }),
  ask(BAKER, 'proposal.file', { season: 1, council: 1, version: 1, lines: [{ good: 2, role: 'makes', quantity: 450000 }, { good: 1, role: 'uses', quantity: 90 }] }),
  ask(NEIGHBOUR, 'proposal.file', { season: 1, council: 2, version: 1, lines: [{ good: 2, role: 'wants', quantity: 450000 }] }),
  ask(ADA, 'round.close', { season: 1 }),
  ask(ADA, 'round.open', { season: 1 }),
].join('\n');

mkdirSync(screens, { recursive: true });
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const file = path.join(work, 'keyboard.plenum');
execFileSync(plenum, ['record', file], { input: REQUESTS, stdio: ['pipe', 'ignore', 'inherit'] });
let server = await serve(plenum, file);

/** Somebody with a keyboard, who comes in by their link and goes on to the app. */
async function come(person, who) {
  return enter(execFileSync(plenum, ['invite', file, String(person), '--url', server.base]).toString().trim().split(/\s+/).pop(), person, who);
}
async function enter(link, person, who) {
  const visit = await open(link, { reducedMotion: person === ADA ? 'reduce' : 'no-preference' });
  const by = hands(visit, who);
  await by.to(/^Log in$/);
  await by.press('Enter');
  await visit.page.getByRole('link', { name: 'The member app' }).waitFor();
  await by.to(/^The member app$/);
  await by.press('Enter');
  await visit.page.getByRole('heading', { name: 'What needs you now' }).waitFor();
  return { ...visit, by };
}

async function confirm({ by, page }, label, then) {
  const yes = page.getByRole('button', { name: new RegExp(`^Yes: .?${label.source.slice(1)}`) }); // names are isolated
  await by.use(label, yes);
  /* it asks once more, and no is as good as not to have asked */
  await by.use(/^No$/, page.getByRole('button', { name: label }));
  check(label.test((await by.at()).name), `after No the focus is where it was: ${(await by.at()).name}`);
  await by.press('Enter');
  await yes.waitFor();
  await by.kept('asking again');
  await by.press('Enter');
  await then.first().waitFor();
  await by.kept(`Yes: ${label.source}`);
}

/* the household: its wish, by steppers, by typing, taken back, filed, filed anew */
const neighbour = await come(NEIGHBOUR, 'neighbour');
{
  const { by, page } = neighbour;
  await by.to(/^Skip to the page$/);
  await by.press('Enter');
  check((await by.at()).tag === 'MAIN', 'what all pages begin with can be skipped');
  await by.use(/^Propose for/, page.getByLabel('bread', { exact: true }));
  check((await by.at()).tag === 'H1', 'a new screen begins at its heading');
  await by.use(/^Fill in what is expected$/, page.getByRole('button', { name: 'Undo' }));
  await by.use(/^Undo$/, page.getByLabel('bread', { exact: true }));
  await by.to(/^More: bread$/);
  await by.press('Space');
  await by.press('Space');
  const stepped = await page.getByLabel('bread', { exact: true }).inputValue();
  check(Number(stepped) > 0, `the stepper is pressed by the space bar: ${stepped}`);
  await by.to(/^bread$/, 'Shift+Tab');
  await by.press('Control+A');
  await page.keyboard.type('500');
  await by.type(/^What others should know$/, 'for two feasts');
  await by.use(/^File the proposal$/, page.getByText('Filed as version 1'));
  await page.keyboard.press('Shift+Tab');
  check(!(await by.at()).lost, 'and from there one goes on');
}

/* the workplace: its proposal, what cannot be read is said */
const baker = await come(BAKER, 'baker');
{
  const { by, page } = baker;
  await by.use(/^Propose for/, page.getByLabel('bread', { exact: true }));
  await by.type(/^bread$/, 'much');
  await by.use(/^File the proposal$/, page.getByText('Some quantities cannot be read'));
  await by.to(/^bread$/, 'Shift+Tab');
  await by.press('Control+A');
  await page.keyboard.type('500');
  await by.type(/^labour$/, '25');
  await by.use(/^File the proposal$/, page.getByText('Filed as version 1'));
}

/* the facilitator: closes the round, looks at what came of it, opens the vote */
const ada = await come(ADA, 'facilitator');
{
  const { by, page } = ada;
  await by.use(/^Rounds$/, page.getByText('Councils that have proposed: 2 of 2'));
  await confirm(ada, /^Close the round/, page.getByRole('heading', { name: /^Round 2: goods/ }));
  await by.use(/^What is balance\?$/, page.getByText(/^A good is in balance when/));
  await by.type(/^Look for a good$/, 'bre');
  await page.getByRole('link', { name: 'bread' }).waitFor();
  await by.use(/^Only the furthest$/, page.getByRole('button', { name: 'Show all goods' }));
  await by.use(/^bread$/, page.getByRole('heading', { name: 'Who moved it' }));
  await by.use(/^Round 2$/, page.getByRole('heading', { name: /^Round 2: goods/ }));
  await by.to(/^The vote stays open for/);
  await by.press('ArrowUp');
  check((await by.at()).value === '1', `how long it stays open is chosen by an arrow: ${(await by.at()).value} hours`);
  await confirm(ada, /^Open the vote on the plan/, page.getByRole('link', { name: 'The vote on this plan' }));
}

/* everybody votes */
async function vote({ by, page }) {
  await by.use(/^Home$/, page.getByRole('link', { name: /^Vote:/ }));
  await by.use(/^Vote:/, page.getByRole('radio', { name: 'yes' }));
  await by.use(/^Cast my vote$/, page.getByText('Mark something first.'));
  await by.to(/^(yes|no|abstain)$/, 'Shift+Tab');
  for (let i = 0; i < 3 && !(/^yes$/.test((await by.at()).name) && (await by.at()).checked); i += 1) await by.press('ArrowDown');
  check((await by.at()).checked && (await by.at()).name === 'yes', 'yes is marked by an arrow');
  await by.use(/^Cast my vote$/, page.getByRole('heading', { name: 'You have voted' }));
}
for (const one of [neighbour, baker, ada]) await vote(one);

/* counted, adopted, looked at */
{
  const { by, page } = ada;
  await confirm(ada, /^Close the vote and count it/, page.getByRole('heading', { name: 'The count' }));
  await by.use(/^All ballots/, page.locator('details[open]'));
  await by.use(/^It is about the plan/, page.getByRole('button', { name: 'Adopt the plan' }));
  await confirm(ada, /^Adopt the plan/, page.getByText('The plan is carried out'));
  await by.use(/^The plan$/, page.locator('.sight [role=row]'));
  await by.to(/^Lines of the plan$/);
  await by.press('ArrowDown');
  await by.kept('an arrow in the long table');
  await by.to(/^Language$/, 'Shift+Tab');
  await page.keyboard.type('Esp');
  await page.getByRole('heading', { level: 1, name: /^El plan/ }).waitFor();
  check((await by.at()).tag === 'SELECT', 'the language is chosen by typing, and the focus stays');
}

/** How the walk was. */
function told(name, { complaints, by }) {
  const ours = complaints.filter((said) => !/status of 404/.test(said)); // the plain pages' icon
  check(by.stops.size > 10, `${name}: ${by.stops.size} stops, a ring around each`);
  check(ours.length === 0, `${name}: no complaint ${ours.slice(0, 3).join(' | ')}`);
}
for (const [name, one] of Object.entries({ neighbour, baker, ada })) told(name, one);
await stop(server);
execFileSync(plenum, ['verify', file]);

/* the guided set-up, from an empty record to the first round */
const empty = path.join(work, 'empty.plenum');
const said = execFileSync(plenum, ['init', empty, '--title', 'Two valleys', '--name', 'Ada', '--quiet']).toString().trim();
server = await serve(plenum, empty);
const founder = await enter(`${server.base}/j/${said.split('/').pop()}`, ADA, 'founder');
{
  const { by, page } = founder;
  const go = (step) => by.use(new RegExp(`^Go on to step ${step}$`), page.getByRole('heading', { name: new RegExp(`^Step .?${step}`) }));
  const paste = async (table, rows) => {
    await by.use(new RegExp(`^${table} as a table`), page.getByLabel(new RegExp(`^.?${table}.?: or paste cells here`)));
    await by.type(new RegExp(`^${table}: or paste cells here`), rows.join('\n'));
  };
  const yes = async (rows) => {
    await page.getByText(rows).first().waitFor();
    await by.use(/^Yes, record these rows/, page.locator('section.good h3:focus')); // all of them are recorded
  };
  await by.use(/^Set-up/, page.getByRole('heading', { name: /^Step .?1/ }));
  await by.type(/^What is the federation called\?/, 'Two valleys federation');
  await by.use(/^Record this$/, page.getByText('Recorded.'));
  await go(2);
  await paste('Councils', ['council,name,kind', 'bakery,Bakery,workers', 'street,Street,consumers']);
  await paste('People', ['person,council,task', 'Ada,bakery,delegate', 'Berta,street,delegate']);
  await yes(/^New or changed: .?4/);
  await go(3);
  await by.to(/^Take goods and recipes from$/);
  await page.keyboard.type('A vill');
  await by.use(/^Fill in the tables$/, page.getByText(/^New or changed: .?[1-9]/));
  await page.waitForTimeout(SETTLE);
  await yes(/Wrong: .?0/);
  await go(4);
  await by.type(/^What the season is called/, 'First season');
  await by.use(/^Begin the season$/, page.getByText(/^The season .*First season.* has begun/));
  await go(5);
  await by.use(/^Make invitations/, page.getByRole('img', { name: /^QR code of the link of .*Berta/ }));
  await confirm(founder, /^Open the first round/, page.getByText(/^Round .*1.* is open/));
  check(await page.getByRole('heading', { name: /^Set-up: .*5.* of .*5.* done/ }).count() === 1, 'the set-up is done, by keyboard alone');
}
told('founder', founder);
await stop(server);
await end();
