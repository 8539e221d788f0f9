// SPDX-License-Identifier: AGPL-3.0-or-later
// Days and times as they are written in fields, in the time zone of a season.
const SECOND = 1000; // milliseconds

/** "2027-01-31T18:30" at a moment in a zone; unknown zones are taken as UTC. */
export function localTime(seconds: number, zone: string): string {
  const write = (timeZone: string) => new Intl.DateTimeFormat('sv-SE-u-nu-latn', {
    timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).format(seconds * SECOND).replace(' ', 'T');
  try {
    return write(zone === '' ? 'UTC' : zone);
  } catch {
    return write('UTC');
  }
}

/** The moment of "2027-01-31T18:30" in a zone, in seconds; NaN where it is no time. */
export function momentOf(local: string, zone: string): number {
  const wanted = Date.parse(`${local}:00Z`) / SECOND;
  if (Number.isNaN(wanted)) return NaN;
  const off = (at: number) => Date.parse(`${localTime(at, zone)}:00Z`) / SECOND - at;
  const near = wanted - off(wanted);
  return wanted - off(near); // the second look sees a change of the clocks between
}

/** A day in a zone at noon, as the record keeps it; NaN where it is none. */
export const noonOf = (day: string, zone: string): number => momentOf(`${day}T12:00`, zone);
export const today = (zone: string): string => localTime(Date.now() / SECOND, zone).slice(0, 10);
