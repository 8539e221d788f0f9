// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the focus goes when what had it goes away: a button that was pressed and is gone, a form
// that was sent. Without this, who has only a keyboard or a screen reader would begin again at
// the top of the page.
const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex], h2, h3';
const FIELDS = 'input, textarea'; // where a telephone would bring up its letters

let last: HTMLElement | undefined; ///< what had the focus
let around: HTMLElement[] = []; ///< what it stood in, from the inside out
let before: HTMLElement[] = []; ///< stops before it, the nearest first
let arriving = false; ///< on a screen whose heading is still to come

const stops = (part: ParentNode) => [...part.querySelectorAll<HTMLElement>(STOPS)].filter((one) => !one.matches(':disabled'));
const stands = (one: HTMLElement) => one.isConnected && one.checkVisibility();
const follows = (one: HTMLElement, other: HTMLElement) => (other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;

function give(one: HTMLElement): void {
  if (/^H[23]$/.test(one.tagName)) one.tabIndex = -1;
  one.focus();
}

/** To where it was, else to what now stands there, in the nearest part of the page that is left. */
function nearest(was: HTMLElement): void {
  if (stands(was)) {
    if (!was.matches(':disabled')) was.focus(); /* else it will be pressed again in a while */
    return;
  }
  const back = before.find(stands);
  for (const part of around.filter(stands)) {
    const left = stops(part).filter((one) => stands(one) && !one.matches(FIELDS));
    const next = left.find((one) => back === undefined || follows(one, back)) ?? left.at(-1);
    if (next !== undefined) {
      give(next);
      return;
    }
  }
}

function atHeading(): boolean {
  const heading = document.querySelector<HTMLElement>('#main h1');
  heading?.focus({ preventScroll: true });
  return heading !== null && document.activeElement === heading;
}

function look(): void {
  if (arriving) arriving = !atHeading();
  if (document.activeElement === document.body && last !== undefined) nearest(last);
}

/** Look after the focus, from now on. */
export function keepFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    around = [];
    for (let part = target.parentElement; part; part = part.parentElement) around.push(part);
    before = stops(document).filter((one) => follows(target, one)).toReversed();
  });
  /* who points somewhere else, or goes on, wants it so */
  document.addEventListener('pointerdown', () => {
    last = undefined;
    arriving = false;
  });
  document.addEventListener('keydown', () => {
    arriving = false;
  });
  /* what is hidden or cannot be pressed loses the focus only when the page is drawn */
  const later = () => requestAnimationFrame(() => setTimeout(look));
  new MutationObserver(() => {
    look();
    later();
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled', 'hidden'] });
}

/** A new screen begins at its heading, also for who does not see it, and when that comes late. */
export function arrive(): void {
  scrollTo(0, 0);
  arriving = !atHeading();
}
