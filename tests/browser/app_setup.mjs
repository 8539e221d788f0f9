// SPDX-License-Identifier: AGPL-3.0-or-later
// app_setup.mjs PLENUM SOURCE SCREENS WORK - the guided set-up: from an empty file to a first
// plan, wholly in the member app, with tables that are wrong at first.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check, end, violations } from './browser.mjs';
import { come, serve } from './demo.mjs';
import { tour } from './tour.mjs';

const [plenum, source, screens, work] = process.argv.slice(2);
const MOST = 60; // seconds
const SETTLE = 500; // milliseconds in which rows are looked at
const SIZES = [[1280, 'light'], [320, 'dark']];

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
mkdirSync(screens, { recursive: true });
const file = path.join(work, 'new.plenum');

const began = performance.now();
const { base, founder } = await begin();

async function begin() {
  const said = execFileSync(plenum, ['init', file, '--title', 'Two valleys', '--name', 'Ada', '--quiet']).toString().trim();
  const server = await serve(plenum, file);
  const founder = await come(`${server.base}/j/${said.split('/').pop()}`, { bypassCSP: true });
  return { base: server.base, founder };
}
const { page } = founder;
page.setDefaultTimeout(10000);

const pictures = tour('setup', source, screens);
let looks = 0;
let away = 0; // milliseconds that looking and taking pictures took

/** Width and a picture at both sizes, and axe at one of them in turn, or at both where there is
 *  time; not counted as time. With a part at the top the tour shows it. */
async function look(name, { who = page, top } = {}) {
  const from = performance.now();
  looks += 1;
  for (const [i, [width, colorScheme]] of SIZES.entries()) {
    await who.setViewportSize({ width, height: width > 600 ? 900 : 640 });
    await who.emulateMedia({ colorScheme });
    await who.evaluate(() => { scrollTo(0, 0); });
    await who.waitForTimeout(100);
    const found = process.env.PLENUM_LONG === '1' || looks % SIZES.length === i ? await violations(who) : [];
    found.forEach((said) => console.log(`    ${said}`));
    const scroll = await who.evaluate(() => document.documentElement.scrollWidth);
    check(found.length === 0 && scroll <= width, `${name} ${width}: ${found.length} violations, ${scroll} of ${width} pixels wide`);
    await who.screenshot({ path: path.join(screens, `setup-${name}-${width}-${colorScheme}.png`), fullPage: true });
  }
  if (top) {
    await who.setViewportSize({ width: 1040, height: 720 });
    await who.emulateMedia({ colorScheme: 'light' });
    await pictures.picture(who, name.slice(name.indexOf('-') + 1), top);
  }
  await who.setViewportSize({ width: 1280, height: 900 });
  away += performance.now() - from;
}

/** What is done, and when. */
const step = (what) => check(true, `${((performance.now() - began - away) / 1000).toFixed(1)} s: ${what}`);

const button = (name) => page.getByRole('button', { name, exact: typeof name === 'string' });
const says = (text) => page.getByText(text).first().waitFor();

/** Paste a table, whose part of the screen is opened. */
async function paste(table, text) {
  const field = page.getByLabel(new RegExp(`^.?${table}.?: or paste cells here`));
  if (!await field.isVisible()) await page.getByText(new RegExp(`^.?${table}.? as a table`)).click();
  await field.fill(text);
}

async function yes(count) {
  await button(`Yes, record these rows: ${count}`).click();
  await page.getByRole('heading', { name: new RegExp(`${count}.* of .*${count}.* rows are recorded`) }).waitFor();
}

/* ---- 1: who we are ---- */

await page.getByRole('link', { name: /^Set-up: .*0.* of .*5.* done/ }).waitFor();
await look('home');
await page.getByRole('link', { name: /^Set-up/ }).click();
await page.getByRole('heading', { name: /^Step .*1.*Who we are/ }).waitFor();
await page.getByLabel('What is the federation called?').fill('Two valleys federation');
await page.getByLabel('Time zone of your days').fill('Europe/Berlin');
await look('1-who');
await button('Record this').click();
await says('Recorded.');
step('step 1: who we are');

/* ---- 2: councils and people, with rows that are wrong ---- */

await page.getByRole('link', { name: 'Go on to step 2' }).click();
await page.getByLabel('Short name').first().fill('bakery');
await page.getByLabel('Name', { exact: true }).first().fill('Bakery at the bridge');
await button('Add to the list').first().click();
await says(/Bakery at the bridge.*: .*a workplace/);
const BAD = [
  '\uFEFFcouncil;name;kind;community;capacity', 'bakery;"Bakery; at the bridge";workers;;100,5', 'mill;Mill;worker;;', 'farm;Farm;workers;no-such-place;',
  'joint;=HYPERLINK("http://example.org");workers;;', 'street;Upper Street;consumers;;', 'street;Lower Street;consumers;;', ';No name;workers;;', 'lots;Lots;workers;;1.000,5', 'gone;"never closed;workers;;',
].join('\r\n');
await paste('Councils', BAD);
await says(/Wrong: .*8/);
for (const [line, what] of [[3, /worker.* is none of: .*workers.*Did you mean .*workers/], [4, /no community .*no-such-place/], [5, /is a formula/], [7, /It stands in line .*6.* already/],
  [8, /Nothing stands in the column .*council/], [9, /is no number/], [10, /nothing closes it/]]) {
  const row = page.getByRole('listitem').filter({ hasText: new RegExp(`line .?${line}\\b`) }).first();
  check(what.test((await row.textContent()).replaceAll(/[⁨⁩]/g, '')), `line ${line}: ${(await row.textContent()).slice(0, 90)}`);
}
check(await button(/^Yes, record/).isDisabled(), 'nothing is recorded while rows are wrong');
await look('2-wrong', { top: page.getByRole('heading', { name: 'What will be recorded' }) });
await page.getByLabel('Leave these rows out and record the others').check();
check(await button('Yes, record these rows: 1').isEnabled(), 'rows that are wrong can be left out');
await paste('Councils', 'council;name;kind\nbakery;Bakery at the bridge;workers\nfarm;Farm;workers\nmill;Mill;workers\nstreet;Households of Upper Street;consumers\n');
await paste('People', 'person\tcontact\tcouncil\ttask\nBerta\tdoor 3\tbakery\tdelegate\nCem\tdoor 5\tfarm\tdelegate\nAda\t\tmill\tdelegate\nDoro\t\tHouseholds of Upper Street\tdelegate\n');
await says(/New or changed: .*8.* There already: .*0.* Wrong: .*0/);
await look('2-councils');
await page.reload();
await says(/New or changed: .*8/);
check(true, 'what was typed is kept when the page is loaded anew');
const before = (await page.evaluate(async () => (await fetch('../api/record')).json())).height;
check(before === 2, 'nothing was recorded before somebody said yes');
/* an answer that is lost: what was done is not done again */
await page.route('**/api/bulk*', async (route) => {
  await route.fetch();
  await route.abort();
}, { times: 1 });
await button(/^Yes, record/).click();
await says(/cannot be reached. It is kept here/);
founder.complaints.splice(0, founder.complaints.length, ...founder.complaints.filter((said) => !said.includes('ERR_FAILED')));
await says(/New or changed: .*4.* There already: .*4/);
await yes(4);
await look('2-report');
const there = (await page.evaluate(async () => (await fetch('../api/rows/person/')).json())).rows.map((row) => row.name).sort();
check(there.join() === 'Ada,Berta,Cem,Doro', `each person is there once: ${there}`);
step('step 2: councils and people');

/* ---- 3: goods and recipes ---- */

/* an example is chosen before the councils are known: what they are like is found when they are */
const LATE = 1000; // milliseconds
await page.route('**/api/rows/**', async (route) => {
  await new Promise((resolve) => { setTimeout(resolve, LATE); });
  await route.continue();
});
await page.getByRole('link', { name: 'Go on to step 3' }).click();
await page.getByLabel('Take goods and recipes from').selectOption('village');
await button('Fill in the tables').waitFor();
await page.unrouteAll({ behavior: 'wait' });
const like = await page.getByLabel('Bakery at the bridge').inputValue();
check(like === 'bakery', `the bakery is like the example's ${like}`);
await button('Fill in the tables').click();
await page.waitForTimeout(SETTLE);
await says(/Wrong: .*0/);
await look('3-goods', { top: page.getByRole('heading', { name: /^Step .*3/ }) });
const count = Number((await button(/^Yes, record/).textContent()).match(/\d+/)[0]);
await yes(count);
check(count >= 12, `${count} goods and recipes`);
step('step 3: goods, recipes and wishes');

/* it can be left and taken up again: another page, nothing kept but the record */
await page.goto(`${base}/app/#/`);
await page.reload();
await page.getByRole('link', { name: /^Set-up: .*3.* of .*5.* done/ }).click();

/* ---- 4: the season ---- */

await page.getByRole('heading', { name: /^Step .*4/ }).waitFor();
check(await page.getByLabel('Time zone of your days').inputValue() === 'Europe/Berlin', 'the time zone of step 1 is kept');
await page.getByRole('radio', { name: 'by dates, at equal distances' }).check();
await says(/the round closes/);
await look('4-season');
await page.getByRole('radio', { name: /^by hand/ }).check();
await page.getByLabel('What the season is called').fill('First season');
await button('Begin the season').click();
await says(/The season .*First season.* has begun/);
step('step 4: the season');

/* ---- 5: invitations, the first round ---- */

await page.getByRole('link', { name: 'Go on to step 5' }).click();
await button(/^Make invitations/).click();
await page.getByRole('img', { name: /^QR code of the link of .*Doro/ }).waitFor();
await look('5-invitations', { top: page.locator('.cards') });
const cards = await page.locator('.cards li').evaluateAll((all) => all.map((card) => ({ name: card.querySelector('h3').textContent, link: card.querySelector('.link').textContent })));
await page.emulateMedia({ media: 'print', colorScheme: 'light' });
check(await page.locator('.cards li').first().isVisible() && !await button(/^Make/).isVisible(), 'on paper there are cards alone');
await page.emulateMedia({ media: 'screen' });
await button('Open the first round').click();
await button(/^Yes: /).click();
await says(/Round .*1.* is open/);
check(await page.getByRole('heading', { name: /^Set-up: .*5.* of .*5.* done/ }).count() === 1, 'step 5: five of five are done');

/* ---- the round, the vote, the plan ---- */

const link = (name) => cards.find((card) => card.name === name).link;
const people = { founder };
async function propose(name, ...quantity) {
  people[name] = await come(link(name));
  const theirs = people[name].page;
  await theirs.getByRole('link', { name: /^Propose for/ }).click();
  await theirs.getByLabel(quantity[0], { exact: true }).fill(quantity[1]);
  await theirs.getByRole('button', { name: 'File the proposal' }).click();
  await theirs.getByText(/^Filed as version .*1/).waitFor();
}
await propose('Berta', 'Bread', '20');
await propose('Doro', 'Bread', '15');
step('a workplace and a household have proposed');
await page.getByRole('link', { name: 'Rounds', exact: true }).first().click();
await page.getByText('Councils that have proposed: 2 of').waitFor();
const press = async (name) => {
  await button(name).click();
  await button(/^Yes: /).click();
};
await press('Close the round');
await page.getByRole('heading', { name: 'Round 1: goods furthest from balance' }).waitFor();
await press('Open the vote on the plan');

async function vote({ page: theirs }) {
  await theirs.getByRole('link', { name: 'Home' }).click();
  await theirs.getByRole('link', { name: /^Vote:/ }).click();
  await theirs.getByRole('radio', { name: 'yes' }).check();
  await theirs.getByRole('button', { name: 'Cast my vote' }).click();
  await theirs.locator('.good code').waitFor();
}
for (const name of cards.map((card) => card.name).filter((one) => !(one in people))) people[name] = await come(link(name));
for (const one of Object.values(people)) await vote(one);
await press('Close the vote and count it');
await page.getByRole('heading', { name: 'The count' }).waitFor();
await page.getByRole('link', { name: /^It is about the plan/ }).click();
await press('Adopt the plan');
await says('The plan is carried out');
await page.getByRole('link', { name: 'The plan', exact: true }).click();
await page.getByText('Bakery at the bridge').first().waitFor();
const seconds = (performance.now() - began - away) / 1000;
await look('6-plan');
step('the plan is adopted');
console.log(`  ${seconds.toFixed(1)} s of ${MOST}, without ${(away / 1000).toFixed(1)} s of looking`);
check(seconds < MOST, 'within the time');

/* ---- tables that mean harm ---- */

const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const wide = (text) => Buffer.from(`\uFEFF${text}`, 'utf16le');
/** what it is, the file, what is said of it */
const TABLES = [
  ['10 MB of rows', Buffer.from(`council,kind\n${'x'.repeat(20)},workers\n`.padEnd(10 << 20, 'rows,of no kind\n')), /Only .*20,000.* rows/],
  ['a long cell', Buffer.from(`council,kind\n"${'x'.repeat(70000)}",workers\n`), /line .*2.*A cell of this row is too long/],
  ['10 MB without an end', Buffer.from(`council,kind\n${'"a'.repeat(5 << 20)}`), /line .*2/],
  ['60 MB', undefined, /is too large/],
  ['zeros', bytes('council,kind\nmi', [0], 'll,workers\n'), /line .*2.*a sign that cannot be seen/],
  ['nothing but zeros', Buffer.alloc(1000), /a sign that cannot be seen/],
  ['another encoding', bytes('council,kind\nM', [0xfc], 'hle,workers\n'), /line .*2.*encoding UTF-8/],
  ['UTF-16 with its mark', wide('council\tkind\nmühle\tworkers\n'), /mühle.*: .*a workplace/],
  ['an archive', bytes('PK', [3, 4, 20, 0, 8, 8], Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 256))), /Wrong: .*[1-9]/],
  ['no table', Buffer.from('dear all,\nplease find attached\n'), /There is no column .*dear all/],
  ['another table', Buffer.from('good,price\nbread,2\n'), /There is no column .*good/],
  ['formulas', Buffer.from('council;kind\n=1+1;workers\n@SUM(A1:A9);workers\n-cmd|x;workers\n'), /line .*3.*is a formula/],
  ['markup', Buffer.from('council,name,kind\nm1,<img src=x onerror=alert(1)>,workers\n'), /<img src=x onerror=alert\(1\)>.*: .*a workplace/],
  ['codes that no table holds', Buffer.from('council,kind\n__proto__,workers\nconstructor,workers\ntoString,consumers\n'), /New or changed: .*3/],
  ['decimal commas', Buffer.from('council;kind;schedule;capacity\nm1;workers;recipe;12,5\n'), /New or changed: .*1.* Wrong: .*0/],
  ['only carriage returns', Buffer.from('council,kind\rm1,workers\rm2,worker\r'), /line .*3.*Did you mean .*workers/],
];
await page.goto(`${base}/app/#/setup/2`);
const chooser = page.getByLabel(/^.?Councils.?: choose a CSV file/);
await chooser.or(page.getByText(/^.?Councils.? as a table/)).first().waitFor();
if (!await chooser.isVisible()) await page.getByText(/^.?Councils.? as a table/).click();
for (const [name, buffer, said] of TABLES) {
  const from = performance.now();
  const table = path.join(work, 'table.csv');
  writeFileSync(table, buffer ?? '');
  if (buffer === undefined) truncateSync(table, 60 << 20);
  await chooser.setInputFiles(table);
  const heard = await page.getByText(said).first().waitFor().then(() => true, () => false);
  check(heard, `${name}: answered in ${((performance.now() - from) / 1000).toFixed(1)} s`);
}
check(await page.locator('main img, main script').count() === 0, 'nothing of them runs');
/* the first of two is read slowly */
await page.evaluate((late) => {
  const read = Blob.prototype.arrayBuffer;
  let files = 0;
  Blob.prototype.arrayBuffer = async function () {
    files += 1;
    if (files === 1) await new Promise((resolve) => { setTimeout(resolve, late); });
    return read.call(this);
  };
}, LATE);
for (const code of ['first', 'second']) {
  const table = path.join(work, `${code}.csv`);
  writeFileSync(table, `council,kind\n${code},workers\n`);
  await chooser.setInputFiles(table);
}
await says(/second.*: .*a workplace/);
await page.waitForTimeout(LATE + SETTLE);
check(await page.getByRole('row', { name: /first.*a workplace/ }).count() === 0, 'of two files the one that was chosen last stays');

/* ---- who may not ---- */

await people.Cem.page.goto(`${base}/app/#/setup`);
await people.Cem.page.getByText('A facilitator or an administrator does this.').waitFor();
check(await people.Cem.page.getByRole('link', { name: /^Set-up/ }).count() === 0, 'who has no task for all does not see it');

await pictures.end();
for (const [name, { asked, complaints }] of Object.entries(people)) {
  check(asked.every((url) => url.startsWith(base)), `${name}: asks nobody else`);
  check(complaints.length === 0, `${name}: no complaint ${complaints.join(' | ')}`);
}
await end();
