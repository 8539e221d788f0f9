// SPDX-License-Identifier: AGPL-3.0-or-later
// app_lan.mjs PLENUM SOURCE SCREENS WORK - the mishaps of app_mishaps.mjs over plain HTTP in a
// local network: the server and the browser in a network of their own, at a private address.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ADDRESS = '192.168.77.2';
const SKIPPED = 77;
const apart = ['--net', ...(process.getuid() === 0 ? [] : ['--map-root-user'])];
const network = `ip link set lo up && ip address add ${ADDRESS}/24 dev lo`;
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`; // where ip is, for whoever is not root

const may = spawnSync('unshare', [...apart, 'sh', '-c', network], { encoding: 'utf8', env: { ...process.env, PATH } });
if (may.status !== 0) {
  console.log(`skipped: no network of its own can be made here: ${may.error?.message ?? may.stderr.trim()}`);
  process.exit(SKIPPED);
}
const mishaps = fileURLToPath(new URL('app_mishaps.mjs', import.meta.url));
const done = spawnSync('unshare', [...apart, 'sh', '-c', `${network} && exec "$0" "$@"`, process.execPath, mishaps, ...process.argv.slice(2, 6), ADDRESS],
  { stdio: 'inherit', env: { ...process.env, PATH } });
process.exit(done.status ?? 1);
