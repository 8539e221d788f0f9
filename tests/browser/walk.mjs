// SPDX-License-Identifier: AGPL-3.0-or-later
// walk.mjs - going through every screen that the member app has, also those that are added later:
// their names come from web/src/screens/index.ts, their addresses from the links that are met.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const QUIET = 40; // milliseconds without a request, and then the page is there
const PATIENCE = 8000;

/** First words of addresses, as the app knows them; '' is the first screen. */
export function screensOf(source) {
  const text = readFileSync(path.join(source, 'web/src/screens/index.ts'), 'utf8');
  const names = [...text.matchAll(/^ {2}'?([\w-]+)'?: \(\) => import\(/gm)].map(([, name]) => name);
  if (names.length < 6) throw new Error('the screens cannot be read from web/src/screens/index.ts');
  return ['', ...names];
}

/** Tell when a page has nothing more to ask for. News never end, so they are left out. */
export function quiet(page) {
  let open = 0;
  let last = Date.now();
  const counts = (request) => !request.url().endsWith('/api/events');
  const add = (by) => (request) => {
    if (!counts(request)) return;
    open += by;
    last = Date.now();
  };
  page.on('request', add(1));
  page.on('requestfinished', add(-1));
  page.on('requestfailed', add(-1));
  return async () => {
    const began = Date.now();
    last = began;
    while ((open > 0 || Date.now() - last < QUIET) && Date.now() - began < PATIENCE) await page.waitForTimeout(QUIET / 2);
  };
}

/** The kind of an address: its screen and how many numbers follow. */
const shape = (address) => {
  const [screen, ...numbers] = address.split('?')[0].split('/');
  return `${screen}/${numbers.length}`;
};

/** Go from link to link, to MOST addresses of each kind; seen(address) at each. @return addresses */
export async function walk(page, base, screens, most, seen) {
  const settled = quiet(page);
  const wanted = [...screens];
  const met = new Set(wanted);
  const times = new Map();
  const visited = [];
  while (wanted.length > 0) {
    const address = wanted.shift();
    const kind = shape(address);
    if ((times.get(kind) ?? 0) >= most) continue;
    times.set(kind, (times.get(kind) ?? 0) + 1);
    await page.goto(`${base}/app/#/${address}`);
    await page.locator('#main h1').waitFor().catch(() => {
      throw new Error(`there is nothing at #/${address}`);
    });
    await settled();
    await seen(address, settled);
    visited.push(address);
    const links = await page.evaluate(() => [...document.querySelectorAll('#app a[href^="#/"]')].map((link) => link.getAttribute('href').slice(2)));
    for (const link of links.filter((one) => !met.has(one))) {
      met.add(link);
      wanted.push(link);
    }
  }
  return visited;
}
