// SPDX-License-Identifier: AGPL-3.0-or-later
// app_payloads.mjs PLENUM SOURCE SCREENS WORK - texts that try to be more than texts: in every
// text of a record, on every screen of the member app, for everybody who has a task; typed into
// every field; in addresses. Nothing of them runs, nothing is drawn but text.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { check, end } from './browser.mjs';
import { come, serve, stop } from './demo.mjs';
import { ADMINISTRATOR, AUDITOR, FOUNDER, MEMBER, NEIGHBOUR, PAYLOADS, WORKER, hostile } from './hostile.mjs';
import { quiet, screensOf, walk } from './walk.mjs';

const [plenum, source, , work] = process.argv.slice(2);
const MOST = process.env.PLENUM_LONG === '1' ? 12 : 1; // addresses of each kind
const WORDS = 64; // bytes; what is shorter is a word of a list, a zone, a part
const ROLES = { facilitator: FOUNDER, worker: WORKER, neighbour: NEIGHBOUR, auditor: AUDITOR, administrator: ADMINISTRATOR, member: MEMBER };

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const file = path.join(work, 'hostile.plenum');
const requests = [...hostile((actor, op, fields) => ({ actor, op, fields }))];
execFileSync(plenum, ['record', file], { input: requests.map((one) => JSON.stringify(one)).join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
const server = await serve(plenum, file);

/* every text that an operation takes is one of them */
function* textsOf(schema, before = '') {
  for (const [name, about] of Object.entries(schema?.properties ?? {})) {
    if (about.type === 'array') yield* textsOf(about.items, `${before}${name}.`);
    else if (about.type === 'string' && !about.enum && (about.maxLength ?? 0) > WORDS) yield before + name;
  }
}
const given = new Set(requests.flatMap(({ op, fields }) => Object.entries(fields).flatMap(([name, value]) => (
  Array.isArray(value) ? value.flatMap((row) => Object.keys(row).map((inner) => `${op} ${name}.${inner}`)) : [`${op} ${name}`]))));
const { paths } = await (await fetch(`${server.base}/api/openapi.json`)).json();
const texts = Object.values(paths).flatMap((methods) => Object.values(methods))
  .filter(({ operationId }) => !/^(look|server)\./.test(operationId))
  .flatMap(({ operationId, requestBody }) => [...textsOf(requestBody?.content['application/json']?.schema)].map((field) => `${operationId} ${field}`))
  .filter((field) => field !== 'vote.cast marks');
const left = texts.filter((field) => !given.has(field));
check(texts.length > 20 && left.length === 0, `${texts.length} texts of operations are tried${left.length ? `, not: ${left.join(', ')} (hostile.mjs)` : ''}`);

/* ---- what is wrong with a page ---- */

/** What is drawn that no screen draws, or what the policy had to stop. */
function faults() {
  const app = document.getElementById('app');
  const found = [...globalThis.stopped];
  const strange = 'script, img, iframe, object, embed, base, meta, link, style, audio, video, form[action], [srcdoc], [formaction], [src]';
  found.push(...[...app.querySelectorAll(strange)].map((one) => one.outerHTML.slice(0, 80)));
  for (const one of app.querySelectorAll('*')) {
    for (const { name, value } of one.attributes) {
      if (/^on/.test(name) || (/href$/.test(name) && !/^(#\/|#main$|\.\.\/)/.test(value))) found.push(`${one.tagName} ${name}=${value.slice(0, 60)}`);
    }
  }
  return found;
}

/* in each page from its beginning */
const LISTEN = `${faults}
  globalThis.faults = faults;
  globalThis.stopped = [];
  addEventListener('securitypolicyviolation', (event) => globalThis.stopped.push('policy: ' + event.violatedDirective + ' ' + event.sample));`;
const look = (page) => page.evaluate(() => globalThis.faults());

/** Type each payload into each field that nobody typed into, and look at the page. @return the
 *  fields by their ids, what is wrong */
async function typeAll([payloads, before]) {
  const found = [];
  const names = [];
  for (const field of document.querySelectorAll('#app input:is(:not([type]), [type=text], [type=search], [type=password], [type=email], [type=url], [type=tel]), #app textarea')) {
    if (field.id && before.includes(field.id)) continue;
    names.push(field.id);
    const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');
    for (const payload of payloads) {
      set.call(field, payload);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
      await new Promise((good) => { queueMicrotask(good); }); // the page is drawn before
      found.push(...globalThis.faults());
    }
  }
  return { names, found };
}

/* ---- everybody, everywhere ---- */

const screens = screensOf(source);
const typed = new Set(); // fields by their ids

/** A table from a spreadsheet program, all of whose cells are payloads. */
const table = () => ({ name: `${'<img src=x>'}.csv`, mimeType: 'text/csv', buffer: Buffer.from(PAYLOADS.map((_, i) => PAYLOADS.map((__, k) => `"${PAYLOADS[(i + k) % PAYLOADS.length].replaceAll('"', '""')}"`).join(',')).join('\n')) });

async function visit(page, who, address, settled) {
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
  const found = await look(page);
  const { names, found: typing } = await page.evaluate(typeAll, [PAYLOADS, [...typed]]);
  names.forEach((name) => typed.add(`${name}`));
  for (const one of await page.locator('#app input[type=file]').all()) await one.setInputFiles(table());
  if (names.length > 0) {
    await settled();
    found.push(...typing, ...await look(page));
  }
  if (found.length > 0) check(false, `${who} at ${address}: ${found.slice(0, 3).join(' | ')}`);
}

async function addresses(page) {
  const settled = quiet(page);
  for (const [i, payload] of PAYLOADS.entries()) {
    const text = encodeURIComponent(payload);
    const others = [payload, `votes/${text}`, `good/${text}/1/1`, `plan/1?text=${text}&good=${text}&picture=1`, `rounds?good=${text}`];
    for (const address of [text, others[i % others.length]]) await page.evaluate((hash) => { location.hash = hash; }, `#/${address}`);
    await settled();
    const found = await look(page);
    if (found.length > 0) check(false, `an address with ${JSON.stringify(payload)}: ${found.slice(0, 3).join(' | ')}`);
  }
}

const met = new Set();
for (const [who, person] of Object.entries(ROLES)) {
  const link = execFileSync(plenum, ['invite', file, String(person), '--url', server.base]).toString().trim().split(/\s+/).pop();
  const { page, asked, complaints, context } = await come(link);
  await page.addInitScript(LISTEN);
  await page.reload();
  const visited = await walk(page, server.base, screens, MOST, (address, settled) => visit(page, who, address, settled));
  for (const address of visited) met.add(address.split('/')[0].split('?')[0]);
  if (person === WORKER) await addresses(page);
  check(visited.length > 10, `${who} was at ${visited.length} addresses`);
  check(asked.every((url) => url.startsWith(server.base)), `${who}: asks nobody else ${asked.filter((url) => !url.startsWith(server.base)).slice(0, 2)}`);
  const ours = complaints.filter((said) => !/status of 404/.test(said)); // a vote that is not there, asked for by its address
  check(ours.length === 0, `${who}: no complaint ${ours.slice(0, 3).join(' | ')}`);
  if (person === MEMBER) await control(page);
  await context.close();
}
check(screens.every((one) => met.has(one)), `every screen was looked at: ${screens.map((one) => one || 'home').join(', ')}`);
check(['good', 'text', 'reason'].every((one) => typed.has(one)) && typed.size >= 6, `${PAYLOADS.length} payloads were typed into ${typed.size} fields: ${[...typed].join(', ')}`);

/** What must be found is found: an attribute that runs, a picture, a script that the policy stops. */
async function control(page) {
  await page.evaluate(() => {
    const main = document.getElementById('main');
    main.append(Object.assign(document.createElement('img'), { alt: '' }));
    main.append(Object.assign(document.createElement('a'), { href: 'javascript:0' }));
    try {
      main.setAttribute('onclick', 'alert(1)');
    } catch { /* stopped by the policy */ }
    try {
      main.insertAdjacentHTML('beforeend', '<b>1</b>');
    } catch { /* stopped by the policy */ }
  });
  await page.waitForTimeout(100);
  const found = (await look(page)).join(' | ');
  check(/<img/.test(found) && /javascript:0/.test(found) && /policy: require-trusted-types-for/.test(found), `what was put there is found: ${found}`);
}

await stop(server);
await end();
