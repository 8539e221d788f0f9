// SPDX-License-Identifier: AGPL-3.0-or-later
// What is wrong with a quantity that somebody typed, in words.
import { readUnits, unitsOf, type Typed } from './amount';
import type { Rows } from './api';
import { decimalMark, exact, t } from './words.svelte';

/** Steps as people read them, with the unit. */
export const asText = (steps: number, good: Rows['good'] | undefined): string => `${exact(unitsOf(steps, good?.step ?? '1'))} ${good?.unit ?? ''}`.trim();

export function faultWords(read: Typed | undefined, good: Rows['good']): string {
  const fault = read !== undefined && 'fault' in read ? read.fault : undefined;
  if (fault === 'number') return t('This is no number.');
  if (fault === 'groups') return t('Write it without a mark between thousands.');
  if (fault === 'step') return t('The smallest quantity is {step}.', { step: asText(1, good) });
  return fault === 'large' ? t('This is too large.') : '';
}

/** What was typed, as steps; 0 with a sentence where it is none. */
export function readQuantity(text: string, good: Rows['good']): { steps: number; problem: string } {
  const read = readUnits(text, good.step, decimalMark());
  const steps = 'steps' in read ? read.steps : 0;
  return { steps, problem: faultWords(read, good) || (steps === 0 ? t('How much is it?') : '') };
}
