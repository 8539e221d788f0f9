// SPDX-License-Identifier: AGPL-3.0-or-later
// app_path.mjs PLENUM SOURCE SCREENS WORK - a newcomer's way through the member app, from a link
// of plenum demo on.
import { check, end } from './browser.mjs';
import { come, demo } from './demo.mjs';

const [plenum] = process.argv.slice(2);
const FIRST_SCREEN = 60 * 1024;

const { base, links } = await demo(plenum);
const worker = await come(links.worker);
const { page, asked, complaints } = worker;
check(await page.getByRole('link', { name: /^Propose for/ }).count() === 1, 'the first screen tells what is needed');

/** What the first screen takes, as it comes over the wire. */
async function weigh() {
  const files = [...new Set(asked.filter((url) => url.startsWith(`${base}/app/`)))];
  let bytes = 0;
  for (const url of files) {
    const length = await page.evaluate(async (address) => {
      const [entry] = performance.getEntriesByName(address);
      return entry?.encodedBodySize ?? (await (await fetch(address)).blob()).size;
    }, url);
    bytes += length;
  }
  check(files.length >= 3 && bytes > 0 && bytes <= FIRST_SCREEN, `the first screen takes ${bytes} of ${FIRST_SCREEN} bytes in ${files.length} files`);
}

await weigh();
const again = await page.request.get(`${base}/app/`, { headers: { 'Accept-Encoding': 'gzip' } });
const policy = again.headers()['content-security-policy'];
check(/require-trusted-types-for 'script'; trusted-types 'none'/.test(policy) && !/unsafe|\*|http/.test(policy), `the policy is strict: ${policy}`);
check(asked.every((url) => url.startsWith(base)), 'asks nobody else');
check(complaints.length === 0, `no complaint ${complaints.join(' | ')}`);
await end();
