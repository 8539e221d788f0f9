// SPDX-License-Identifier: AGPL-3.0-or-later
// Goods, and recipes and wishes, from tables.
import { readUnits } from '../lib/amount';
import { roleWords } from '../lib/meanings';
import type { Operations, Rows } from '../lib/api';
import { exact, percent, t } from '../lib/words.svelte';
import { firstLines, handOver, numberOf } from './groups';
import { meant, short, termEnd, type Cells, type Column, type Deed, type Item, type Known, type Line, type Numbers, type Read } from './judge';
import { SCHEDULES, usual } from './schedules';

type Kind = Rows['good']['kind'];
type Schedule = Operations['schedule.set'];
const CODE = { kind: 'text', most: 200 } as const;
export const goodKinds = ['product', 'labour', 'resource', 'capital', 'pollutant', 'public', 'free', 'information'] as const;
const MILLION = 1e6;

export const goodColumns: readonly Column[] = [
  { name: 'good', needed: true, ...CODE }, { name: 'name', ...CODE }, { name: 'kind', kind: 'word', words: goodKinds }, { name: 'unit', ...CODE },
  { name: 'category', ...CODE }, { name: 'price', kind: 'number' }, { name: 'supply', kind: 'number' }, { name: 'elasticity', kind: 'number' }, { name: 'step', kind: 'number' },
];
export const useColumns: readonly Column[] = [
  { name: 'council', needed: true, ...CODE }, { name: 'good', needed: true, ...CODE }, { name: 'role', kind: 'word', needed: true, words: ['makes', 'uses', 'wants', 'offers'] },
  { name: 'amount', kind: 'number' }, { name: 'elasticity', kind: 'number' },
];

const GOOD = 400;
const SCHEDULE = 500;
const wrong = (item: Pick<Item, 'table' | 'line'>, what: string): Item => ({ ...item, what, state: 'wrong', deeds: [] });

/* ---- goods ---- */

function supplyOf(at: Cells, step: string): number | string {
  const read = readUnits(at['supply'] || '0', step, '.');
  if ('steps' in read) return read.steps;
  if (read.fault === 'step') return t('The supply is not a whole number of steps of {step}.', { step });
  return read.fault === 'large' ? t('The supply is too large for steps of {step}.', { step }) : t('The supply is not a number of 0 or more.');
}

function sameGood(row: Rows['good'], fields: Operations['good.set']): boolean {
  return row.name === fields.name && row.kind === fields.kind && row.unit === fields.unit && row.category === fields.category
    && Number(row.step) === Number(fields.step) && row.supply === fields.supply && Number(row.price) === Number(fields.price)
    && Number(row.elasticity) === Number(fields.elasticity);
}

function goodWords(fields: Operations['good.set'], supply: string): string {
  const says = { name: fields.name || fields.code, unit: fields.unit || t('unit'), price: exact(fields.price), supply: exact(supply) };
  return Number(supply) > 0 ? t('{name}: {price} credits per {unit}; {supply} of it are there', says) : t('{name}: {price} credits per {unit}', says);
}

export function judgeGoods(lines: readonly Line[], record: Known): Item[] {
  const first = firstLines(lines, 'good');
  return lines.map(({ line, at }): Item => {
    const item = { table: 'goods', line } as const;
    const code = at['good'] ?? '';
    const step = at['step'] || '0.001';
    const price = at['price'] || '1';
    if (first.get(code) !== line) return wrong(item, t('It stands in line {line} already.', { line: first.get(code) ?? 0 }));
    if (!(Number(step) > 0)) return wrong(item, t('The step is not above 0.'));
    if (!(Number(price) > 0)) return wrong(item, t('The price is not above 0.'));
    const supply = supplyOf(at, step);
    if (typeof supply === 'string') return wrong(item, supply);
    const there = record.goods.get(code);
    const fields = {
      code, name: at['name'] ?? '', kind: (at['kind'] || 'product') as Kind, unit: at['unit'] ?? '', category: at['category'] ?? '', step, supply, price,
      elasticity: at['elasticity'] ?? '', banned: there?.banned ?? '',
    };
    const what = goodWords(fields, at['supply'] || '0');
    if (there !== undefined && sameGood(there, fields)) return { ...item, what, state: 'there', deeds: [] };
    const deed: Deed = { stage: GOOD, op: 'good.set', fields: () => fields, gives: { as: `good ${code}`, member: 'good' } };
    return { ...item, what: there === undefined ? what : t('Changed: {what}', { what }), state: 'new', deeds: [deed] };
  });
}

/* ---- recipes and wishes ---- */

/** What a council is, as the tables or the record say. */
interface About {
  kind: string;
  schedule: string;
  income: number;
  numbers: { name: string; value: string }[];
}

function aboutOf(code: string, record: Known, councils: ReadonlyMap<string, Cells>): About | undefined {
  const said = councils.get(code);
  const row = record.councils.get(code);
  const kind = row?.kind ?? said?.['kind'];
  if (kind === undefined) return undefined;
  if (said === undefined || (said['schedule'] === '' && said['income'] === '')) {
    const numbers = row === undefined ? [] : (record.settings.get(row.id) ?? []);
    return { kind, schedule: row?.schedule || usual(kind), income: row?.income ?? 0, numbers: numbers.map(({ name, value }) => ({ name, value })) };
  }
  const schedule = said['schedule'] || usual(kind);
  const numbers = SCHEDULES[schedule]?.numbers ?? [];
  return {
    kind, schedule, income: Math.round(Number(said['income'] || 0) * MILLION),
    numbers: numbers.filter((name) => (said[name] ?? '') !== '').map((name) => ({ name, value: said[name] ?? '' })),
  };
}

interface Names {
  record: Known;
  councils: ReadonlyMap<string, Cells>;
  goods: ReadonlyMap<string, Cells>;
}

function wrongUse(at: Cells, { record, councils, goods }: Names): string {
  const [code = '', good = '', role = ''] = [at['council'], at['good'], at['role']];
  const about = aboutOf(code, record, councils);
  if (about === undefined) return t('There is no council {name}.', { name: short(code) }) + meant(code, [...councils.keys(), ...record.councils.keys()]);
  if (!record.goods.has(good) && !goods.has(good)) return t('There is no good {name}.', { name: short(good) }) + meant(good, [...goods.keys(), ...record.goods.keys()]);
  if (SCHEDULES[about.schedule]?.roles.split(' ').includes(role) !== true) return t('{role} is not for a council with the schedule {schedule}.', { role, schedule: about.schedule });
  return at['amount'] === '' && role !== 'offers' ? t('Nothing stands in the column {name}.', { name: 'amount' }) : '';
}

/** Rows of a council, those of one good and role added up. */
function added(lines: readonly Line[]): Cells[] {
  const sums = new Map<string, Cells>();
  for (const { at } of lines) {
    const key = `${at['role']} ${at['good']}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...at, amount: at['amount'] || '1' });
    else sum['amount'] = String(Number(sum['amount']) + Number(at['amount']));
  }
  return [...sums.values()];
}

const sameLine = (row: Rows['line'], at: Cells, goods: Known['goods']) => row.role === at['role'] && row.good === goods.get(at['good'] ?? '')?.id
  && Number(row.amount) === Number(at['amount']) && Number(row.elasticity) === Number(at['elasticity']);

function isThere(code: string, about: About, uses: Cells[], record: Known): boolean {
  const row = record.councils.get(code);
  if (row === undefined || row.schedule !== about.schedule || row.income !== about.income) return false;
  const lines = record.lines.get(row.id) ?? [];
  const numbers = record.settings.get(row.id) ?? [];
  return lines.length === uses.length && uses.every((at) => lines.some((line) => sameLine(line, at, record.goods)))
    && numbers.length === about.numbers.length && about.numbers.every(({ name, value }) => numbers.some((one) => one.name === name && Number(one.value) === Number(value)));
}

/** A council declares it through its delegate: who sets up is that until there is another. */
function declare(code: string, about: About, uses: Cells[], record: Known): Deed[] {
  const council = (n: Numbers) => numberOf(n, record.councils, 'council', code);
  const id = record.councils.get(code)?.id ?? 0;
  const delegates = record.mandates.filter((row) => row.council === id && row.role === 'delegate');
  const speaks = delegates.some((row) => row.person === record.me);
  const fields = (n: Numbers): Schedule => ({
    council: council(n), schedule: about.schedule as Schedule['schedule'], income: about.income, numbers: about.numbers,
    lines: uses.map((at) => ({ good: numberOf(n, record.goods, 'good', at['good'] ?? ''), role: at['role'] as 'uses', amount: at['amount'] ?? '', elasticity: at['elasticity'] ?? '' })),
  });
  const give: Deed = { stage: SCHEDULE, op: 'mandate.give', fields: (n) => ({ person: record.me, council: council(n), role: 'delegate', until: termEnd() }) };
  const after = delegates.length > 0 ? handOver({ ...record, mandates: [{ person: record.me, council: id, role: 'delegate', since: 0, until: 0 }] }, id) : [];
  return [...(speaks ? [] : [give]), { stage: SCHEDULE + 1, op: 'schedule.set', fields }, ...(speaks ? [] : after.map((deed) => ({ ...deed, stage: SCHEDULE + 2 })))];
}

/** "makes 1 loaf Bread"; a budget's parts as parts of the whole. */
function said(uses: Cells[], about: About, { record, goods }: Names): string[] {
  const budget = about.schedule.startsWith('budget');
  const whole = uses.reduce((sum, at) => sum + Number(at['amount']), 0);
  return uses.map((at) => {
    const code = at['good'] ?? '';
    const [row, cells] = [record.goods.get(code), goods.get(code)];
    const much = budget ? percent(Number(at['amount']) / whole) : `${exact(at['amount'] ?? '0')} ${cells?.['unit'] ?? row?.unit ?? ''}`;
    return `${roleWords(at['role'] as 'uses')} ${much} ${cells?.['name'] || row?.name || code}`;
  });
}

/** One item for each council; one for each row that is wrong. */
export function judgeUses(read: Read, names: Names): Item[] {
  const bad = new Set(read.faults.map((fault) => fault.about ?? ''));
  const items: Item[] = [];
  for (const { line, at } of read.lines) {
    const fault = wrongUse(at, names);
    if (fault === '') continue;
    bad.add(at['council'] ?? '');
    items.push(wrong({ table: 'uses', line }, fault));
  }
  for (const [code, lines] of Map.groupBy(read.lines, ({ at }) => at['council'] ?? '')) {
    const item = { table: 'uses', line: lines[0]?.line ?? 0 } as const;
    const about = aboutOf(code, names.record, names.councils);
    if (about === undefined) continue;
    const name = names.record.councils.get(code)?.name || names.councils.get(code)?.['name'] || code;
    if (bad.has(code)) {
      items.push(wrong(item, t('{council} is left out until all of its rows are right.', { council: name })));
      continue;
    }
    const uses = added(lines);
    const parts = said(uses, about, names);
    const there = isThere(code, about, uses, names.record);
    items.push({ ...item, what: `${name}: ${parts.join(', ')}`, state: there ? 'there' : 'new', deeds: there ? [] : declare(code, about, uses, names.record) });
  }
  return items.sort((a, b) => a.line - b.line);
}
