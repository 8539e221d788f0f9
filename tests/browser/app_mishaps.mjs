// SPDX-License-Identifier: AGPL-3.0-or-later
// app_mishaps.mjs PLENUM SOURCE SCREENS WORK [ADDRESS] - what may go wrong while somebody writes
// a proposal in the member app: two write at once, the server is restarted, the session ends, the
// page is left. Nothing that was typed is lost. With ADDRESS over plain HTTP in a local network
// (app_lan.mjs), where a browser has no crypto.subtle, clipboard or service worker.
import { execFileSync } from 'node:child_process';
import { readFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { check, end, open } from './browser.mjs';
import { come, serve, stop } from './demo.mjs';

const [plenum, source, screens, work, lan] = process.argv.slice(2);
const FACILITATOR = 1;
const BAKER = 2;
const ask = (actor, op, fields) => JSON.stringify({ actor, op, fields });
const REQUESTS = [
  readFileSync(path.join(source, 'examples/record/season.jsonl'), 'utf8').trim(),
  ask(FACILITATOR, 'season.open', { name: '2', period: '2027', after: 1, rule: 'fitted', tolerance: '0.01' }),
  ask(FACILITATOR, 'round.open', { season: 2 }),
].join('\n');

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
mkdirSync(screens, { recursive: true });
const file = path.join(work, 'mishaps.plenum');
execFileSync(plenum, ['record', file], { input: REQUESTS, stdio: ['pipe', 'ignore', 'inherit'] });

let server = await serve(plenum, file, 0, lan ? ['--lan'] : []);
const port = new URL(server.base).port;
const base = `http://${lan ?? '127.0.0.1'}:${port}`;
const invite = () => execFileSync(plenum, ['invite', file, String(BAKER), '--url', base]).toString().trim().split(/\s+/).pop();

const bread = (page) => page.getByLabel('bread', { exact: true });
const labour = (page) => page.getByLabel('labour', { exact: true });
const send = (page) => page.getByRole('button', { name: /^File / }).click();

const place = `${base}/app/#/council/1`;
const here = await come(invite());
await here.page.goto(place);
const there = await open(place, { storageState: await here.context.storageState() });
const secure = await here.page.evaluate(() => globalThis.isSecureContext && crypto.subtle !== undefined);
check(secure === !lan, `at ${new URL(base).hostname} the browser ${secure ? 'trusts the connection' : 'does not trust the connection'}`);

/* two at once */
await bread(here.page).fill('450');
await bread(there.page).fill('400');
await labour(there.page).fill('20');
await send(there.page);
await there.page.getByText('Filed as version 1').waitFor();
await here.page.getByRole('heading', { name: /filed version 1 while you were writing/ }).waitFor();
const rows = await here.page.locator('[role=alert] tbody tr').allInnerTexts();
check(rows.length === 2 && /bread[\s\S]*400 kg[\s\S]*450 kg/.test(rows.join()), `what differs is shown: ${rows.join(' | ').replaceAll(/\s+/g, ' ')}`);
await here.page.screenshot({ path: path.join(screens, 'app-conflict.png'), fullPage: true });
check(await bread(here.page).inputValue() === '450', 'what was typed stands');
await here.page.getByRole('button', { name: /^Go on with mine/ }).click();
await send(here.page);
await here.page.getByText('Filed as version 2').waitFor();
check(true, 'and is filed as the next version');

/* a restart */
await bread(here.page).fill('451');
await stop(server);
await bread(here.page).fill('452.5');
await send(here.page);
await here.page.getByText('It is kept here: try again in a while.').waitFor();
server = await serve(plenum, file, port, lan ? ['--lan'] : []);
check(await bread(here.page).inputValue() === '452.5', 'the server was restarted, and what was typed stands');
await send(here.page);
await here.page.getByText('Filed as version 3').waitFor();
await there.page.waitForFunction(() => [...document.querySelectorAll('input')].some((field) => field.value === '452.5'));
check(true, 'and is filed, which the other browser hears of');

/* a page that was left */
await labour(here.page).fill('21.25');
await here.page.waitForTimeout(200);
await here.page.reload();
await labour(here.page).waitFor();
check(await labour(here.page).inputValue() === '21.25', 'left and come back to, the draft is there');

/* a session that ended */
const code = invite().split('/').pop();
await here.context.clearCookies();
await send(here.page);
await here.page.getByRole('heading', { name: 'Log in again' }).waitFor();
await here.page.getByLabel('Invitation, link or recovery code').fill(code);
await here.page.getByRole('button', { name: 'Log in', exact: true }).click();
await labour(here.page).waitFor();
check(await labour(here.page).inputValue() === '21.25' && await bread(here.page).inputValue() === '452.5', 'the session ended, and what was typed stands');
await send(here.page);
await here.page.getByText('Filed as version 4').waitFor();
check(true, 'and is filed');

/* what cannot be read is said at its field */
for (const [typed, said] of [['1,234', 'without a mark between thousands'], ['x', 'no number'], ['0.0001', 'smallest quantity'], ['99999999999999999', 'too large']]) {
  await bread(here.page).fill(typed);
  await here.page.getByText(said).waitFor();
}
check(true, 'what cannot be read is said');
await bread(here.page).fill('453');

/* still for whoever wants no motion */
await here.page.emulateMedia({ reducedMotion: 'reduce' });
check(await here.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior) === 'auto', 'nothing moves where no motion is wanted');

const LOST = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|status of (401|409|503)|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/;
const complaints = [...here.complaints, ...there.complaints].filter((said) => !LOST.test(said));
check(complaints.length === 0, `no complaint but of the server that was away: ${complaints.slice(0, 5).join(' | ')}`);
await stop(server);
const verified = execFileSync(plenum, ['verify', file]).toString();
check(/\S/.test(verified), 'the record is verified');
await end();
