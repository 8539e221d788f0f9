// SPDX-License-Identifier: AGPL-3.0-or-later
// What the set-up keeps on this device until it is recorded.
import { draftOf, keep } from '../lib/draft';
import { state as known } from '../lib/record.svelte';
import { isZone, zoneHere } from './zone';

export function draftKey(part: string): string {
  return `${known.record?.key}/${known.me?.person.id}/setup/${part}`;
}

export async function zoneKept(): Promise<string> {
  const zone = (await draftOf(draftKey('zone')))?.typed['zone'] ?? '';
  return isZone(zone) ? zone : zoneHere();
}

export function keepZone(zone: string): void {
  keep(draftKey('zone'), { typed: { zone }, reason: '', base: 0, at: Date.now() });
}
