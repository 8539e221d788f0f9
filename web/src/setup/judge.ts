// SPDX-License-Identifier: AGPL-3.0-or-later
// What judging a table needs: what the record holds already, cells by their columns, and the
// words for what is wrong.
import type { Operations, Rows } from '../lib/api';
import { rowsOf } from '../lib/ask';
import { state as known } from '../lib/record.svelte';
import { t } from '../lib/words.svelte';
import { decimalOf, markOf, readSheet, type Fault, type Row } from './csv';

export type TableName = 'communities' | 'councils' | 'people' | 'goods' | 'uses';

export interface Column {
  name: string;
  kind: 'text' | 'number' | 'word';
  needed?: boolean;
  words?: readonly string[];
  most?: number; ///< bytes
}

/** Numbers of rows that are there or come to be, by "table code". */
export type Numbers = Map<string, number>;

/** One operation of what a row comes to; those of a lower stage are done first. */
export interface Deed {
  stage: number;
  op: keyof Operations;
  fields: (numbers: Numbers) => object;
  gives?: { as: string; member: string }; ///< a number of its answer, and what it is called
}

/** A row of a table, judged. */
export interface Item {
  table: TableName;
  line: number;
  what: string;
  state: 'new' | 'there' | 'wrong';
  deeds: Deed[];
}

/* ---- the record ---- */

export interface Known {
  communities: Map<string, Rows['community']>;
  councils: Map<string, Rows['council']>;
  goods: Map<string, Rows['good']>;
  people: Rows['person'][];
  members: Set<string>; ///< "council/person"
  mandates: Rows['mandate'][];
  lines: Map<number, Rows['line'][]>;
  settings: Map<number, Rows['council_number'][]>;
  me: number;
}

const byCode = <T extends { code: string }>(rows: T[]) => new Map(rows.map((row) => [row.code, row]));

/** What the record holds that tables may speak of. */
export async function recordNow(): Promise<Known> {
  const [communities, councils, goods, people, members, mandates, lines, settings] = await Promise.all([
    rowsOf('community'), rowsOf('council'), rowsOf('good'), rowsOf('person'), rowsOf('membership'), rowsOf('mandate'), rowsOf('line'), rowsOf('council_number'),
  ]);
  const now = Date.now() / 1000;
  return {
    communities: byCode(communities), councils: byCode(councils), goods: byCode(goods),
    people: people.filter((person) => person.erased === 0),
    members: new Set(members.map((row) => `${row.council}/${row.person}`)),
    mandates: mandates.filter((row) => row.until > now),
    lines: Map.groupBy(lines, (row) => row.council), settings: Map.groupBy(settings, (row) => row.council),
    me: known.me?.person.id ?? 0,
  };
}

/** The community that all others are part of. */
export function rootOf(record: Known): Rows['community'] | undefined {
  return [...record.communities.values()].find((row) => row.parent === 0);
}

const DAY = 86400;

/** When tasks end that are given now. The same all day, so that what is sent again is the same. */
export function termEnd(): number {
  return (Math.floor(Date.now() / 1000 / DAY) + 366) * DAY;
}

/* ---- cells ---- */

/** The cells of a row by their columns; numbers with a point, "" where nothing stands. */
export type Cells = Record<string, string>;
export interface Line {
  line: number;
  at: Cells;
}
export interface Read {
  lines: Line[];
  faults: (Fault & { about?: string })[]; ///< about: what stands in the first column
}

function columnFaults(head: string[], columns: readonly Column[]): string[] {
  const names = columns.map((column) => column.name);
  return [
    ...head.filter((name) => !names.includes(name)).map((name) => (name === '' ? t('A column has no name.') : t('There is no column {name} in this table.', { name }) + meant(name, names))),
    ...head.filter((name, i) => head.indexOf(name) < i).map((name) => t('The column {name} stands twice.', { name })),
    ...columns.filter((column) => column.needed === true && !head.includes(column.name)).map((column) => t('The column {name} is missing.', { name: column.name })),
  ];
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** A cell as it is sent, or what is wrong with it. */
function cellOf(column: Column, cell: string, mark: ',' | '.'): { value: string } | { fault: string } {
  const name = column.name;
  if (cell === '') return column.needed === true ? { fault: t('Nothing stands in the column {name}.', { name }) } : { value: '' };
  if (column.kind === 'number') {
    const value = decimalOf(cell, mark);
    return value === undefined ? { fault: t('{cell} in the column {name} is no number as it is written here: no mark between thousands, one decimal mark in the whole table.', { cell: short(cell), name }) } : { value };
  }
  if (column.kind === 'word') {
    const word = cell.toLowerCase();
    return column.words?.includes(word) === true ? { value: word } : { fault: t('{cell} in the column {name} is none of: {words}.', { cell: short(cell), name, words: (column.words ?? []).join(', ') }) + meant(word, column.words ?? []) };
  }
  return bytes(cell) > (column.most ?? 200) ? { fault: t('The text in the column {name} is too long.', { name }) } : { value: cell };
}

export const short = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** A text as rows of a table; each fault names its line. */
export function readTable(text: string, columns: readonly Column[]): Read {
  const sheet = readSheet(text);
  const at = new Map(columns.map((column) => [column.name, sheet.head.indexOf(column.name)]));
  const about = (cells: string[] | undefined) => cells?.[at.get(columns[0]?.name ?? '') ?? -1] ?? '';
  const faults: Read['faults'] = sheet.faults.map((fault) => ({ ...fault, about: about(fault.cells) }));
  const wrong = sheet.head.length === 0 && faults.length === 0 && text.trim() === '' ? [] : columnFaults(sheet.head, columns);
  if (wrong.length > 0) return { lines: [], faults: [...faults, ...wrong.map((one) => ({ line: 1, text: one }))] };
  const numbers = columns.filter((column) => column.kind === 'number').map((column) => at.get(column.name) ?? -1);
  const mark = markOf(sheet.rows.flatMap((row) => numbers.map((i) => row.cells[i] ?? '')), sheet.delimiter);
  const lines: Line[] = [];
  for (const row of sheet.rows) {
    const read = lineOf(row, columns, at, mark);
    if (typeof read === 'string') faults.push({ line: row.line, text: read, about: about(row.cells) });
    else lines.push({ line: row.line, at: read });
  }
  return { lines, faults: faults.sort((a, b) => a.line - b.line) };
}

function lineOf(row: Row, columns: readonly Column[], at: Map<string, number>, mark: ',' | '.'): Cells | string {
  const cells: Cells = {};
  for (const column of columns) {
    const got = cellOf(column, row.cells[at.get(column.name) ?? -1] ?? '', mark);
    if ('fault' in got) return got.fault;
    cells[column.name] = got.value;
  }
  return cells;
}

/* ---- words ---- */

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let k = 1; k <= b.length; k += 1) {
      next.push(Math.min((row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1, (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const NEAR = 2; // letters
const LOOKED_AT = 2000; // names
const HINTS = 100; // of all tables; more rows are not shown anyway
let hints = 0;

/** Judging begins anew. */
export function resetHints(): void {
  hints = HINTS;
}

/** "Did you mean …?", where a name is near; with a space before it. */
export function meant(name: string, names: Iterable<string>): string {
  if (name.length > 40 || hints <= 0) return '';
  hints -= 1;
  let best = '';
  let least = NEAR + 1;
  let n = 0;
  for (const other of names) {
    if ((n += 1) > LOOKED_AT) break;
    const far = Math.abs(other.length - name.length) > NEAR ? least : distance(name.toLowerCase(), other.toLowerCase());
    if (far < least) [best, least] = [other, far];
  }
  return best === '' ? '' : ` ${t('Did you mean {name}?', { name: best })}`;
}
