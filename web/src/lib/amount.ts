// SPDX-License-Identifier: AGPL-3.0-or-later
// Quantities: whole numbers of a good's step in the record, decimals for people. Exact: no
// quantity passes through a binary fraction.
interface Decimal {
  digits: bigint;
  places: number;
}

const MOST = 9007199254740991n;

function decimal(text: string): Decimal | null {
  const match = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (match === null || `${match[1]}${match[2] ?? ''}` === '') return null;
  const places = (match[2] ?? '').length - Number(match[3] ?? 0);
  const digits = BigInt(`${match[1]}${match[2] ?? ''}`);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

/** Steps as a plain decimal with a point, such as "28.38". */
export function unitsOf(steps: number, step: string): string {
  const one = decimal(step) ?? { digits: 1n, places: 0 };
  const digits = (BigInt(Math.abs(steps)) * one.digits).toString().padStart(one.places + 1, '0');
  const whole = digits.slice(0, digits.length - one.places);
  const part = digits.slice(digits.length - one.places).replace(/0+$/, '');
  return `${steps < 0 ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

export function quantityOf(steps: number, step: string): number {
  return Number(unitsOf(steps, step));
}

/** The nearest number of steps that is not more. */
export function stepsBelow(units: number, step: string): number {
  const steps = Math.floor(units / Number(step) * (1 + 1e-12));
  return Math.max(0, Math.min(steps, Number(MOST)));
}

export type Typed = { steps: number } | { fault: 'number' | 'groups' | 'step' | 'large' };

/** What somebody typed, with the mark of their language or a point. A mark of the other kind
 *  before exactly three digits may be meant for thousands, so it is asked about. */
export function readUnits(typed: string, step: string, mark: string): Typed {
  const text = typed.trim().replaceAll(/[\s\u00a0\u202f]/g, '');
  const other = /^\d{1,3}([.,'])\d{3}$/.exec(text)?.[1];
  if ((other !== undefined && other !== mark) || (text.match(/[.,]/g) ?? []).length > 1) return { fault: 'groups' };
  const value = decimal(text.replace(',', '.'));
  const one = decimal(step) ?? { digits: 1n, places: 0 };
  if (value === null) return { fault: 'number' };
  const places = Math.max(value.places, one.places);
  const scaled = value.digits * 10n ** BigInt(places - value.places);
  const unit = one.digits * 10n ** BigInt(places - one.places);
  if (scaled % unit !== 0n) return { fault: 'step' };
  return scaled / unit > MOST ? { fault: 'large' } : { steps: Number(scaled / unit) };
}

/** As it stands in a field. */
export function writeUnits(steps: number, step: string, mark: string): string {
  return unitsOf(steps, step).replace('.', mark);
}

/** How much a stepper moves a quantity: a tenth of its first place, at least one step. */
export function nudgeOf(steps: number): number {
  return steps < 10 ? 1 : 10 ** (Math.floor(Math.log10(steps)) - 1);
}
