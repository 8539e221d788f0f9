// SPDX-License-Identifier: AGPL-3.0-or-later
// A proposal while it is written: what it is made of, what it is worth, how two differ.
import { quantityOf, readUnits, stepsBelow, type Typed } from './amount';
import type { Rows } from './api';

export type Role = Rows['proposal_line']['role'];
type Line = { good: number; role: Role; quantity: number };

/** A good that the council deals in, with what is known of it; quantities in steps. */
export interface Entry {
  key: string;
  good: Rows['good'];
  role: Role;
  price: number; ///< credits per unit, as announced
  before: number | undefined; ///< a round earlier
  last: number | undefined; ///< what the council proposed then
  expected: number | undefined; ///< by the rule
  year: number | undefined; ///< in the plan of the season before
  near: number | undefined; ///< what neighbours asked for, for means like these
  why: string; ///< where it says why the price moved; empty: nowhere
}

export const keyOf = (line: { good: number; role: Role }): string => `${line.good}.${line.role}`;
export const gives = (role: Role): boolean => role === 'makes' || role === 'offers';

/** Quantities by key. */
export function byKey(lines: readonly Line[] | undefined): Record<string, number> {
  return Object.fromEntries((lines ?? []).map((line) => [keyOf(line), line.quantity]));
}

/** What was typed, read; empty fields are left out. */
export function readAll(entries: readonly Entry[], typed: Record<string, string>, mark: string): Map<string, Typed> {
  const read = new Map<string, Typed>();
  for (const { key, good } of entries) {
    const text = typed[key] ?? '';
    if (text.trim() !== '') read.set(key, readUnits(text, good.step, mark));
  }
  return read;
}

export const stepsOf = (read: Typed | undefined): number => (read !== undefined && 'steps' in read ? read.steps : 0);

export const worthOf = (entry: Entry, steps: number): number => entry.price * quantityOf(steps, entry.good.step);

export interface Worth {
  benefit: number;
  cost: number;
}

/** Credits at the announced prices. */
export function worth(entries: readonly Entry[], read: ReadonlyMap<string, Typed>): Worth {
  const sum = { benefit: 0, cost: 0 };
  for (const entry of entries) sum[gives(entry.role) ? 'benefit' : 'cost'] += worthOf(entry, stepsOf(read.get(entry.key)));
  return sum;
}

/** All quantities times a factor, rounded down to steps. */
export function scaled(entries: readonly Entry[], read: ReadonlyMap<string, Typed>, factor: number): Record<string, number> {
  return Object.fromEntries(entries.filter(({ key }) => read.has(key))
    .map(({ key, good }) => [key, stepsBelow(quantityOf(stepsOf(read.get(key)), good.step) * factor, good.step)]));
}

/** Keys whose quantities differ. */
export function differing(entries: readonly Entry[], a: Record<string, number>, b: Record<string, number>): Entry[] {
  return entries.filter(({ key }) => (a[key] ?? 0) !== (b[key] ?? 0));
}
