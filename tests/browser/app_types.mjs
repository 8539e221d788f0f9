// SPDX-License-Identifier: AGPL-3.0-or-later
// app_types.mjs PLENUM SOURCE - the member app's client is that of this server, and its types
// hold.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demo, stop } from './demo.mjs';

const [plenum, source] = process.argv.slice(2);
const web = path.join(source, 'web');
const checker = path.join(web, 'node_modules/svelte-check/bin/svelte-check');
if (!existsSync(checker)) {
  console.log('skipped: the npm packages of web are not installed here (tools/install check installs them)');
  process.exit(77);
}

const server = await demo(plenum);
const described = await (await fetch(`${server.base}/api/openapi.json`)).text();
await stop(server);
const work = mkdtempSync(path.join(tmpdir(), 'plenum-types-'));
const file = path.join(work, 'openapi.json');
writeFileSync(file, described);
const made = execFileSync(process.execPath, [path.join(web, 'tools/api.mjs'), file, path.join(source, 'src/app/tables.def')], { encoding: 'utf8' });
rmSync(work, { recursive: true });
const current = made === readFileSync(path.join(web, 'src/lib/api.ts'), 'utf8');
console.log(current ? '  the client is that of this server' : '  FAILED: web/src/lib/api.ts is old; web/tools/api.mjs makes it from /api/openapi.json and src/app/tables.def');

const done = spawnSync(process.execPath, [checker, '--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human'], { cwd: web, encoding: 'utf8' });
console.log(done.stdout.trim().split('\n').slice(-30).join('\n'));
process.exit(current && done.status === 0 ? 0 : 1);
