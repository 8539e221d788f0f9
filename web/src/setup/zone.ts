// SPDX-License-Identifier: AGPL-3.0-or-later
// Times of a place: "2027-01-04T18:00" in a time zone, as seconds since 1970 and back.
const MINUTE = 60;

/** Does this browser know the zone? */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone !== '';
  } catch {
    return false;
  }
}

export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function zones(): string[] {
  return Intl.supportedValuesOf('timeZone');
}

/** As a field of date and time holds it. */
export function stampOf(seconds: number, zone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  const part = Object.fromEntries(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]));
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}`;
}

const asUtc = (stamp: string) => Date.parse(`${stamp}:00Z`) / 1000;

/** The moment that is called so there; the first of two, and the one after a gap. */
export function momentOf(stamp: string, zone: string): number | undefined {
  const named = asUtc(stamp);
  if (!Number.isFinite(named)) return undefined;
  let moment = named;
  for (let i = 0; i < 3; i += 1) moment += named - asUtc(stampOf(moment, zone));
  return Math.round(moment / MINUTE) * MINUTE;
}

/** The same time of day, some days later. */
export function daysLater(stamp: string, days: number): string {
  return new Date((asUtc(stamp) + days * 86400) * 1000).toISOString().slice(0, 16);
}
