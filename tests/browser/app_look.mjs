// SPDX-License-Identifier: AGPL-3.0-or-later
// app_look.mjs PLENUM SOURCE SCREENS WORK - every screen of the member app: what axe finds,
// whether it fits a narrow screen, light and dark, from left and from right.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { RULES, check, end, violations } from './browser.mjs';
import { come, serve } from './demo.mjs';
import { quiet, screensOf } from './walk.mjs';

const [plenum, source, screens, work] = process.argv.slice(2);
const FACILITATOR = 1;
const BAKER = 2;
const NEIGHBOUR = 4;
const ask = (actor, op, fields) => JSON.stringify({ actor, op, fields });
const line = (good, role, quantity) => ({ good, role, quantity });
const vote = (title, ballots, rule, names) => ask(FACILITATOR, 'vote.open', {
  title, ballots, rule, seats: 1, secret: 1, options: names.map((name) => ({ code: name })) });

/** A season that is over, one in its second round, a vote of each kind; texts that try to be
 *  more than texts. */
const HOSTILE = '</p><script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} \u202Eesrever';
const REQUESTS = [
  readFileSync(path.join(source, 'examples/record/season.jsonl'), 'utf8').trim(),
  ask(FACILITATOR, 'season.open', { name: `2 ${HOSTILE}`, period: '2027', after: 1, rule: 'fitted', tolerance: '0.01', zone: 'Europe/Berlin' }),
  ask(FACILITATOR, 'round.open', { season: 2 }),
  ask(BAKER, 'proposal.file', { season: 2, council: 1, version: 1, reason: HOSTILE, lines: [line(2, 'makes', 452000), line(3, 'uses', 316000), line(1, 'uses', 90)] }),
  ask(3, 'proposal.file', { season: 2, council: 2, version: 1, lines: [line(3, 'makes', 361000), line(1, 'uses', 36)] }),
  ask(NEIGHBOUR, 'proposal.file', { season: 2, council: 3, version: 1, lines: [line(2, 'wants', 452000)] }),
  ask(FACILITATOR, 'round.close', { season: 2 }),
  ask(FACILITATOR, 'round.open', { season: 2 }),
  ask(3, 'proposal.file', { season: 2, council: 2, version: 1, reason: HOSTILE, lines: [line(3, 'makes', 361500), line(1, 'uses', 36)] }),
  vote(HOSTILE, 'motion', 'majority', [`${HOSTILE} 1`, `${HOSTILE} 2`]),
  vote('Which street do we plant first?', 'approval', 'approval', ['Mill Lane', 'Station Street', 'The square']),
  vote('How much for each?', 'score', 'score', ['Library', 'Football pitch']),
  vote('Who speaks for us?', 'ranked', 'schulze', ['Ada', 'Berta', 'Cem']),
].join('\n');

mkdirSync(screens, { recursive: true });
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const file = path.join(work, 'look.plenum');
execFileSync(plenum, ['record', file], { input: REQUESTS, stdio: ['pipe', 'ignore', 'inherit'] });
const { base } = await serve(plenum, file);

/** name, address, who, what is there when it is drawn, what is pressed first */
const SCREENS = [
  ['home', '', 'baker', 'ol li'],
  ['workplace', 'council/1', 'baker', 'fieldset', 'form .noprint button'],
  ['household', 'council/3', 'neighbour', 'fieldset', 'form .noprint button'],
  ['other', 'council/2', 'neighbour', '.panel'],
  ['work', 'work/1', 'baker', 'h1'],
  ['rounds', 'rounds/2', 'facilitator', 'tbody tr'],
  ['objections', 'objections/1', 'baker', 'h1'],
  ['objection', 'objection/1', 'neighbour', 'h1'],
  ['good', 'good/2/2/1', 'baker', 'svg'],
  ['plan', 'plan/1?picture=1', 'baker', 'svg'],
  ['no-plan', 'plan/2', 'baker', 'a'],
  ['votes', 'votes', 'baker', 'li a'],
  ['motion', 'votes/2', 'baker', 'fieldset'],
  ['approval', 'votes/3', 'baker', 'input'],
  ['score', 'votes/4', 'baker', 'input'],
  ['ranked', 'votes/5', 'baker', 'input'],
  ['count', 'votes/1', 'baker', 'tbody tr'],
  ['record', 'record', 'baker', 'tbody tr'],
  ['missing', 'nowhere', 'baker', 'h1'],
  ['setup-who', 'setup/1', 'facilitator', 'form'],
  ['setup-groups', 'setup/2', 'facilitator', 'fieldset'],
  ['setup-goods', 'setup/3', 'facilitator', 'fieldset'],
  ['setup-season', 'setup/4', 'facilitator', 'h2'],
  ['setup-invite', 'setup/5', 'facilitator', 'button'],
];
const LOOKS = [
  { width: 1280, colorScheme: 'light', language: 'en' }, { width: 1280, colorScheme: 'dark', language: 'ar' },
  { width: 320, colorScheme: 'light', language: 'ar' }, { width: 320, colorScheme: 'dark', language: 'en' },
  { width: 1280, colorScheme: 'dark', language: 'en' }, { width: 1280, colorScheme: 'light', language: 'ar' },
  { width: 320, colorScheme: 'dark', language: 'ar' }, { width: 320, colorScheme: 'light', language: 'en' },
];

/* screens that were added are looked at as well; more of them is seen where they stand above */
const known = new Set(SCREENS.map(([, address]) => address.split(/[/?]/)[0]));
const added = screensOf(source).filter((name) => !known.has(name));
check(added.length === 0, `every screen stands in the list${added.length ? `, but not ${added.join(', ')}` : ''}`);
SCREENS.push(...added.map((name) => [name, name, 'facilitator', 'h1']));

async function logIn(person) {
  const said = execFileSync(plenum, ['invite', file, String(person), '--url', base]).toString();
  const who = await come(said.trim().split(/\s+/).pop(), { bypassCSP: true, reducedMotion: 'reduce' });
  return { ...who, settled: quiet(who.page) };
}

/** English that is left on a page in another language: not what people wrote, which is isolated. */
function untranslated() {
  const found = [];
  const texts = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement, data } = texts.currentNode;
    if (parentElement.closest('bdi, code, [lang], svg, textarea')) continue;
    const ours = data.replaceAll(/[\u2066-\u2068][^\u2069]*\u2069/g, '');
    if (/[A-Za-z]{2,}\s+[A-Za-z]{2,}/.test(ours)) found.push(ours.trim().slice(0, 60));
  }
  return found;
}

/** What moves although nobody wants motion. */
const moving = () => document.getAnimations().length + Number(getComputedStyle(document.documentElement).scrollBehavior !== 'auto');

async function look({ page, settled }, [name, address, , drawn, pressed], { width, colorScheme, language }) {
  const what = `${name} ${width} ${colorScheme} ${language}`;
  await page.setViewportSize({ width, height: width > 600 ? 900 : 640 });
  await page.emulateMedia({ colorScheme });
  await page.evaluate(([code]) => localStorage.setItem('plenum-language', code), [language]);
  await page.goto(`${base}/app/?${language}#/${address}`);
  await page.locator(`main ${drawn}`).first().waitFor();
  if (pressed) await page.locator(pressed).first().click();
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await settled();
  const found = await violations(page);
  if (language !== 'en') found.push(...(await page.evaluate(untranslated)).map((said) => `untranslated: ${said}`));
  if (await page.evaluate(moving) > 0) found.push('something moves');
  found.forEach((said) => console.log(`    ${said}`));
  const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
  const runs = await page.evaluate(() => document.querySelectorAll('main script, main img, main [onerror]').length);
  check(found.length === 0 && scroll <= width && runs === 0, `${what}: ${found.length} faults, ${scroll} of ${width} pixels wide, ${runs} of what could run`);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = false; }));
  await page.screenshot({ path: path.join(screens, `app-${name}-${width}-${colorScheme}-${language}.png`), fullPage: true });
}

/** axe must find what is wrong: a field without a name and pale text, put there by us. */
async function control({ page }) {
  await page.evaluate(() => {
    const pale = document.createElement('p');
    pale.textContent = 'pale';
    pale.style.cssText = 'color:#ddd;background:#fff';
    document.querySelector('main').append(document.createElement('input'), pale);
  });
  const found = (await violations(page)).map((said) => said.split(':')[0]);
  check(found.includes('label') && found.includes('color-contrast'), `faults put there are found: ${found}`);
}

console.log(`  faults are violations of ${RULES.join(', ')}, texts without a translation, what moves`);
const people = { facilitator: await logIn(FACILITATOR), baker: await logIn(BAKER), neighbour: await logIn(NEIGHBOUR) };
/* all looks of every screen where there is time, else one of each screen in turn */
const all = process.env.PLENUM_LONG === '1';
for (const [i, screen] of SCREENS.entries()) {
  const looks = all ? LOOKS : [LOOKS[i % LOOKS.length]];
  for (const one of looks) await look(people[screen[2]], screen, one);
}
await control(people.baker);
for (const [name, { asked, complaints }] of Object.entries(people)) {
  check(asked.every((url) => url.startsWith(base)), `${name}: asks nobody else`);
  check(complaints.length === 0, `${name}: no complaint ${complaints.slice(0, 5).join(' | ')}`);
}
await end();
