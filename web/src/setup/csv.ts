// SPDX-License-Identifier: AGPL-3.0-or-later
// A table as text, as docs/economy-files.md has it: what is in which cell, and what is wrong in
// which line. Whatever the bytes are, it answers; it never throws.
import { t } from '../lib/words.svelte';

export interface Fault {
  line: number; ///< 0: the table as a whole
  text: string;
  cells?: string[]; ///< of the row, as far as they could be told apart
}
export interface Row {
  line: number; ///< of the text, from 1
  cells: string[];
}
export interface Sheet {
  head: string[];
  rows: Row[];
  faults: Fault[];
  delimiter: string;
}

export const MOST_BYTES = 16 << 20;
export const MOST_ROWS = 20000;
const MOST_CELL = 65536; // characters
const DELIMITERS = [',', ';', '\t'];
const LOST = '\uFFFD'; // what stands for bytes that are no letter

/** Bytes of a file as text: UTF-8, or UTF-16 with its mark. Bytes that are no text become
 *  a sign that readSheet finds. */
export function textOf(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** The delimiter that is most frequent outside quotes in the first line with any text. */
function delimiterOf(text: string): string {
  const counts = DELIMITERS.map(() => 0);
  let quoted = false;
  for (const sign of text.slice(0, MOST_CELL).trimStart()) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '\n' || sign === '\r')) break;
    else if (!quoted && DELIMITERS.includes(sign)) counts[DELIMITERS.indexOf(sign)]! += 1;
  }
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

const END = /[\r\n]/;

/** Reads cell after cell. */
class Reader {
  at = 0;
  line = 1;
  fault = '';

  constructor(readonly text: string, readonly delimiter: string) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  private endLine(): void {
    this.at += this.text.startsWith('\r\n', this.at) ? 2 : 1;
    this.line += 1;
  }

  /** From behind an opening quote to behind the closing one. */
  private quoted(): string {
    const from = this.at;
    for (;;) {
      const quote = this.text.indexOf('"', this.at);
      if (quote < 0) {
        this.fault ||= t('A quotation mark opens a cell here and nothing closes it.');
        this.at = this.text.length;
        return this.text.slice(from);
      }
      const twice = this.text[quote + 1] === '"';
      this.at = quote + (twice ? 2 : 1);
      if (!twice) {
        const cell = this.text.slice(from, quote);
        this.line += cell.split(/\r\n|\r|\n/).length - 1;
        return cell.replaceAll('""', '"');
      }
    }
  }

  private plain(): string {
    const from = this.at;
    for (; !this.done; this.at += 1) {
      const sign = this.text[this.at] ?? '';
      if (sign === this.delimiter || END.test(sign)) break;
    }
    return this.text.slice(from, this.at);
  }

  private blank(): void {
    while (this.text[this.at] === ' ' || (this.text[this.at] === '\t' && this.delimiter !== '\t')) this.at += 1;
  }

  private cell(): string {
    this.blank();
    if (this.text[this.at] !== '"') return this.plain().trim();
    this.at += 1;
    const cell = this.quoted();
    this.blank();
    if (this.plain() !== '') this.fault ||= t('Something stands behind the closing quotation mark of a cell.');
    return cell.trim();
  }

  /** The cells of a line. */
  row(): { line: number; cells: string[]; fault: string } {
    const line = this.line;
    const cells: string[] = [];
    this.fault = '';
    for (;;) {
      cells.push(this.cell());
      if (this.done) break;
      const sign = this.text[this.at];
      if (sign === this.delimiter) this.at += 1;
      else {
        this.endLine();
        break;
      }
    }
    return { line, cells, fault: this.fault };
  }
}

/** What no cell holds. */
function wrongIn(cells: string[], columns: number): string {
  if (cells.slice(columns).some((cell) => cell !== '')) return t('This row has more cells than the table has columns.');
  for (const cell of cells) {
    if (cell.length > MOST_CELL) return t('A cell of this row is too long.');
    if (cell.includes(LOST)) return t('Letters of this row cannot be read. Save the table with the encoding UTF-8.');
    if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(cell)) return t('A cell of this row holds a line end, or a sign that cannot be seen.');
    if (/^(=|[-+@]\w+\()/.test(cell)) return t('A cell of this row is a formula: write what it comes to.');
  }
  return '';
}

/** A text as a table. Rows with a fault of their own are left out of its rows. */
export function readSheet(text: string): Sheet {
  const delimiter = delimiterOf(text.replace(/^\uFEFF/, ''));
  const reader = new Reader(text.replace(/^\uFEFF/, ''), delimiter);
  const sheet: Sheet = { head: [], rows: [], faults: [], delimiter };
  while (!reader.done) {
    const { line, cells, fault } = reader.row();
    if (cells.every((cell) => cell === '')) continue;
    if (sheet.head.length === 0) {
      sheet.head = cells.map((cell) => cell.toLowerCase());
      while (sheet.head.at(-1) === '') sheet.head.pop();
      const wrong = fault || wrongIn(cells, cells.length);
      if (wrong !== '') sheet.faults.push({ line, text: wrong });
      continue;
    }
    const wrong = fault || wrongIn(cells, sheet.head.length);
    if (wrong !== '') sheet.faults.push({ line, text: wrong, cells });
    else if (sheet.rows.length < MOST_ROWS) sheet.rows.push({ line, cells });
    else {
      sheet.faults.push({ line: 0, text: t('Only {count} rows of a table can be taken at once: split it.', { count: MOST_ROWS }) });
      break;
    }
  }
  return sheet;
}

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?$/;

/** The decimal mark of the numbers in some cells: a comma where a comma does not part cells, and
 *  no number has a point. */
export function markOf(cells: string[], delimiter: string): ',' | '.' {
  return delimiter !== ',' && cells.some((cell) => cell.includes(',')) && !cells.some((cell) => cell.includes('.')) ? ',' : '.';
}

/** A number as it is sent, with a point; undefined where it is none. */
export function decimalOf(cell: string, mark: ',' | '.'): string | undefined {
  const text = mark === ',' ? cell.replace(',', '.') : cell;
  return NUMBER.test(text) && text.length <= 32 && Number.isFinite(Number(text)) ? text.replace(/^\+/, '') : undefined;
}

/** A row of a table as text. */
export function writeRow(cells: string[], delimiter: string): string {
  return cells.map((cell) => (/["\r\n]/.test(cell) || cell.includes(delimiter) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter);
}
