// SPDX-License-Identifier: AGPL-3.0-or-later
// keys.mjs - somebody who has a keyboard and nothing else: no mouse, no focus(), no click().
import { check } from './browser.mjs';

const MOST = 80; // presses until something is reached
const STEADY = 50; // milliseconds between two looks
const GLIDE = 20; // looks until what glides has arrived

/** Where the focus is: what it is called, whether it is seen, and whether anything covers it. */
function focused() {
  const at = document.activeElement;
  const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(' ');
  const name = (at.getAttribute('aria-label') || labels || at.textContent).replaceAll(/[\u2066-\u2069]/g, '').trim().replaceAll(/\s+/g, ' ');
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const { left, top, right, bottom, width, height } = at.getBoundingClientRect();
  const inside = top < innerHeight && bottom > 0 && left < innerWidth && right > 0;
  const over = document.elementFromPoint(Math.min(Math.max(left + width / 2, 0), innerWidth - 1), Math.min(Math.max(top + height / 2, 0), innerHeight - 1));
  return {
    name, tag: at.tagName, type: at.type, value: at.value, checked: at.checked, lost: at === document.body || at === null,
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1, inside, covered: !at.contains(over) && !over?.contains(at),
  };
}

/** What a person with a keyboard does on a page. */
export function hands({ page }, who) {
  const stops = new Map(); // what was reached by Tab, to be told of once
  const at = () => page.evaluate(focused);

  async function judge(first) {
    let stop = first;
    if (stop.lost || stops.has(stop.name)) return;
    stops.set(stop.name, stop);
    /* a page scrolls to it smoothly */
    for (let i = 0; i < GLIDE && (!stop.inside || stop.covered); i += 1) {
      await page.waitForTimeout(STEADY);
      stop = await at();
    }
    if (!stop.ring) check(false, `${who}: no ring is seen around ${stop.tag} ${stop.name.slice(0, 40)}`);
    if (!stop.inside || stop.covered) check(false, `${who}: the focus is out of sight at ${stop.tag} ${stop.name.slice(0, 40)}`);
  }

  /** Tab on to what is called so. @return it */
  async function to(name, key = 'Tab') {
    for (let i = 0; i < MOST; i += 1) {
      await page.keyboard.press(key);
      const stop = await at();
      await judge(stop);
      if (!stop.lost && name.test(stop.name)) return stop;
    }
    throw new Error(`${who}: ${name} is not reached by ${MOST} presses of ${key}; the last stop was ${(await at()).name}`);
  }

  /** The focus is somewhere, once what was pressed is done. */
  async function kept(what) {
    await page.waitForTimeout(STEADY);
    const stop = await at();
    check(!stop.lost, `${who}: after ${what} the focus is at ${stop.lost ? 'nothing' : `${stop.tag.toLowerCase()} "${stop.name.slice(0, 40)}"`}`);
  }

  return {
    at, to, kept, stops,
    press: (key) => page.keyboard.press(key),
    /** Reach and press it, wait for what then is there; the focus is not lost. */
    async use(name, then, key = 'Enter') {
      await to(name);
      await page.keyboard.press(key);
      await then.first().waitFor();
      await kept(`${name.source}`);
    },
    async type(name, text) {
      await to(name);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
      check((await at()).value === text, `${who}: ${name.source} holds ${text}`);
    },
  };
}
