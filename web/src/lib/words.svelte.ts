// SPDX-License-Identifier: AGPL-3.0-or-later
// Words, numbers and times in the language of whoever reads. English is what stands in the
// code; the other languages come from po/.
const loaders: Record<string, () => Promise<{ default: Record<string, string> }>> = {
  es: () => import('../../po/es.po'),
  de: () => import('../../po/de.po'),
  fr: () => import('../../po/fr.po'),
  pt: () => import('../../po/pt.po'),
  ar: () => import('../../po/ar.po'),
};

export const languages = [
  { code: 'en', name: 'English' }, { code: 'es', name: 'Español' }, { code: 'de', name: 'Deutsch' },
  { code: 'fr', name: 'Français' }, { code: 'pt', name: 'Português' }, { code: 'ar', name: 'العربية' },
] as const;

const kept = 'plenum-language';
let words = $state.raw<Record<string, string>>({});
let code = $state('en');

/** Begin with the language that was chosen here, or the first that the browser asks for. */
export async function beginLanguage(): Promise<void> {
  const wanted = [read(kept), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  await setLanguage(wanted.find((one) => languages.some((l) => l.code === one)) ?? 'en', false);
}

export async function setLanguage(to: string, keep = true): Promise<void> {
  words = (await loaders[to]?.())?.default ?? {};
  code = to;
  document.documentElement.lang = to;
  document.documentElement.dir = to === 'ar' ? 'rtl' : 'ltr';
  if (keep) write(kept, to);
}

export function language(): string {
  return code;
}

/** What the browser keeps for this origin; nothing where it may not. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* it holds until the page is left */
  }
}

/* around a value, so that it keeps its own direction: first strong isolate, and its end */
const OPEN = String.fromCharCode(0x2068);
const CLOSE = String.fromCharCode(0x2069);

/** A sentence, with values in place of {names}. */
export function t(english: string, values: Record<string, string | number> = {}): string {
  const said = words[english] ?? english;
  return said.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? number(value) : `${OPEN}${value}${CLOSE}`;
  });
}

/* Latin digits everywhere: they are also those of fields, and of the record. */
const locale = () => `${code}-u-nu-latn`;

/* what formats is slow to make, on a telephone above all, and used again and again */
type Formatter = Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat;
const made = new Map<string, Formatter>();

function formatter<T extends Formatter>(what: string, make: (locale: string) => T): T {
  const key = `${locale()} ${what}`;
  const old = made.get(key) as T | undefined;
  const format = old ?? make(locale());
  if (old === undefined) made.set(key, format);
  return format;
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return formatter(JSON.stringify(options), (of) => new Intl.NumberFormat(of, options));
}

const PLAIN = 1000; // whole numbers below it are written alike in all the languages

export function number(value: number, places = 2): string {
  if (Number.isInteger(value) && value >= 0 && value < PLAIN && !Object.is(value, -0)) return `${value}`;
  return numbers({ maximumFractionDigits: places }).format(value);
}

/** A decimal such as "28.38" with all its digits. */
export function exact(decimal: string): string {
  return numbers({ maximumFractionDigits: 20 }).format(decimal as `${number}`);
}

/** As many places as help: 1,234 but 12.3 and 0.00123. */
export function amount(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return number(value, size >= 1000 ? 0 : 1);
  return numbers({ maximumSignificantDigits: 3 }).format(value);
}

export function percent(part: number): string {
  return numbers({ style: 'percent', maximumFractionDigits: 1 }).format(part);
}

export function credits(value: number): string {
  return number(value, Math.abs(value) < 1000 ? 2 : 0);
}

export function when(seconds: number, zone: string): string {
  const time = new Date(seconds * 1000);
  const format = (timeZone: string) => formatter(timeZone, (of) => new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'short', timeZone })).format(time);
  try {
    return format(zone === '' ? 'UTC' : zone);
  } catch {
    return format('UTC');
  }
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "in 3 days", from now. */
export function distance(seconds: number): string {
  const away = seconds - Date.now() / 1000;
  const size = Math.abs(away);
  const [unit, length]: [Intl.RelativeTimeFormatUnit, number] = size >= 2 * DAY ? ['day', DAY] : size >= 2 * HOUR ? ['hour', HOUR] : ['minute', MINUTE];
  return formatter('from now', (of) => new Intl.RelativeTimeFormat(of, { numeric: 'auto' })).format(Math.round(away / length), unit);
}

/** The mark between whole and part of a number, as it is written here. */
export function decimalMark(): string {
  return numbers({}).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
}

const collator = $derived(new Intl.Collator(code, { numeric: true }));

/** Compare names as people of this language do. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b);
}
