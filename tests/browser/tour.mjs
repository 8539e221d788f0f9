// SPDX-License-Identifier: AGPL-3.0-or-later
// tour.mjs - the pictures of docs/tour.md, taken where a test sees them anyway. They are kept by
// hand: copy SCREENS/tour-KIND-NAME.png to docs/tour/KIND-NAME.png.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check, open } from './browser.mjs';
import { fewColours } from './palette.mjs';

const MOST = 60000; // bytes of a picture

/** Pictures whose names in docs/tour.md begin with a kind. */
export function tour(kind, source, screens) {
  const shown = new Map(); // by name
  const kept = (name) => path.join(source, 'docs/tour', `${kind}-${name}.png`);
  return {
    /** What is in sight, or what is when the page is scrolled to a part of it. */
    async picture(page, name, top) {
      if (top) await top.evaluate((one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 72));
      shown.set(name, await page.screenshot());
    },
    /** Write them, and see that the tour shows no others. */
    async end() {
      const told = [...readFileSync(path.join(source, 'docs/tour.md'), 'utf8').matchAll(/\(tour\/(\w+)-([\w-]+)\.png\)/g)]
        .filter(([, of]) => of === kind).map(([, , name]) => name);
      const { page: blank } = await open('about:blank');
      for (const [name, png] of shown) writeFileSync(path.join(screens, `tour-${kind}-${name}.png`), await fewColours(blank, png));
      const faulty = told.filter((name) => !shown.has(name) || !existsSync(kept(name)) || statSync(kept(name)).size > MOST);
      check(told.length > 0 && faulty.length === 0, `docs/tour.md shows ${told.length} pictures of what was seen here${faulty.length ? `; not seen, not there, or larger than ${MOST} bytes: ${faulty.join(', ')}` : ''}`);
    },
  };
}
