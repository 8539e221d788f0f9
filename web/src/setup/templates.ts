// SPDX-License-Identifier: AGPL-3.0-or-later
// Examples that goods, recipes and wishes are taken from: those of examples/, as tables.
import { t } from '../lib/words.svelte';
import { writeRow } from './csv';
import { readTable, type Cells, type Known } from './judge';
import { SCHEDULES } from './schedules';
import { COLUMNS, type Texts } from './tables';

type Loader = () => Promise<{ default: string }[]>;
const loaders: Record<string, Loader> = {
  village: () => Promise.all([
    import('../../../examples/village/communities.csv?raw'), import('../../../examples/village/councils.csv?raw'),
    import('../../../examples/village/goods.csv?raw'), import('../../../examples/village/uses.csv?raw'),
  ]),
  island: () => Promise.all([
    import('../../../examples/island/communities.csv?raw'), import('../../../examples/island/councils.csv?raw'),
    import('../../../examples/island/goods.csv?raw'), import('../../../examples/island/uses.csv?raw'),
  ]),
  valley: () => Promise.all([
    import('../../../examples/valley/communities.csv?raw'), import('../../../examples/valley/councils.csv?raw'),
    import('../../../examples/valley/goods.csv?raw'), import('../../../examples/valley/uses.csv?raw'),
  ]),
};

export function templateNames(): { id: string; text: string }[] {
  return [
    { id: 'village', text: t('A village: 17 goods, 11 workplaces') },
    { id: 'island', text: t('An island: 20 goods, 12 workplaces') },
    { id: 'valley', text: t('A valley: 60 goods, 31 workplaces') },
  ];
}

export interface Template {
  texts: Texts;
  councils: Cells[];
  goods: Cells[];
  uses: Cells[];
}

const cells = (text: string, table: 'councils' | 'goods' | 'uses') => readTable(text, COLUMNS[table]).lines.map(({ at }) => at);

export async function template(id: string): Promise<Template> {
  const [communities = '', councils = '', goods = '', uses = ''] = (await loaders[id]?.() ?? []).map((file) => file.default);
  return { texts: { communities, councils, goods, uses }, councils: cells(councils, 'councils'), goods: cells(goods, 'goods'), uses: cells(uses, 'uses') };
}

/** The template's council that one of ours is most like: by its names. */
export function likely(council: { code: string; name: string; kind: string }, from: Template): string {
  const words = `${council.code} ${council.name}`.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  const same = from.councils.filter((one) => one['kind'] === council.kind);
  const near = same.map((one) => {
    const text = `${one['council']} ${one['name']}`.toLowerCase();
    return { code: one['council'] ?? '', fits: words.filter((word) => text.includes(word)).length };
  }).sort((a, b) => b.fits - a.fits)[0];
  return near !== undefined && (near.fits > 0 || council.kind === 'consumers') ? near.code : '';
}

/* ---- fitted to our own councils ---- */

const PLACES = 3; // that count, of an amount that is scaled
const scaled = (amount: string, factor: number) => (amount === '' ? '' : String(Number((Number(amount) * factor).toPrecision(PLACES))));

/** As many whole steps as are nearest. */
function stepped(amount: number, step: string): string {
  const places = (step.split('.')[1] ?? '').length;
  return (Math.max(1, Math.round(Number(amount.toPrecision(PLACES)) / Number(step))) * Number(step)).toFixed(places);
}

const people = (one: Cells | undefined) => Math.max(1, Number(one?.['members'] || 1));
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const table = (name: 'councils' | 'goods' | 'uses', rows: Cells[]) => {
  const head = COLUMNS[name].map((column) => column.name).filter((column) => rows.some((row) => (row[column] ?? '') !== ''));
  return [head, ...rows.map((row) => head.map((column) => row[column] ?? ''))].map((row) => writeRow(row, ',')).join('\n');
};

/** Tables for our councils, each like one of the template's. Incomes follow the number of
 *  members; capacities and what society holds follow the number of people.
 *  @param choice our council's code -> the template's */
export function fitted(from: Template, choice: ReadonlyMap<string, string>, record: Known): Texts {
  const model = new Map(from.councils.map((one) => [one['council'] ?? '', one]));
  const ours = [...choice].filter(([, like]) => model.has(like));
  const members = (code: string) => Math.max(1, [...record.members].filter((key) => key.startsWith(`${record.councils.get(code)?.id ?? 0}/`)).length);
  const consumers = ours.filter(([, like]) => model.get(like)?.['kind'] === 'consumers');
  const all = from.councils.filter((one) => one['kind'] === 'consumers');
  const factor = sum(consumers.map(([code]) => members(code))) / sum(all.map((one) => people(one))) || 1;

  const councils = ours.map(([code, like]): Cells => {
    const one = model.get(like) ?? {};
    const numbers = Object.fromEntries((SCHEDULES[one['schedule'] ?? '']?.numbers ?? []).map((name) => [name, one[name] ?? '']));
    const row = record.councils.get(code);
    return {
      council: code, name: row?.name ?? '', kind: one['kind'] ?? '', schedule: one['schedule'] ?? '', ...numbers,
      income: scaled(one['income'] ?? '', members(code) / people(one)), capacity: scaled(numbers['capacity'] ?? '', factor),
    };
  });
  const rows = ours.flatMap(([code, like]) => from.uses.filter((use) => use['council'] === like).map((use): Cells => ({
    ...use, council: code, amount: model.get(like)?.['schedule'] === 'request' ? scaled(use['amount'] ?? '', members(code) / people(model.get(like))) : use['amount'] ?? '',
  })));
  const comes = new Set([...rows.filter((use) => use['role'] === 'makes' || use['role'] === 'offers').map((use) => use['good'] ?? ''), ...from.goods.filter((good) => good['supply'] !== '').map((good) => good['good'] ?? '')]);
  const uses = rows.filter((use) => use['role'] !== 'wants' || comes.has(use['good'] ?? ''));
  const capacity = new Map(councils.map((one) => [one['council'] ?? '', Number(one['capacity'] || 1)]));
  const goods = from.goods.filter((good) => uses.some((use) => use['good'] === good['good'])).map((good): Cells => {
    const step = good['step'] || '0.001';
    const code = good['good'] ?? '';
    if (good['supply'] !== '') return { ...good, supply: stepped(Number(good['supply']) * factor, step) };
    const elsewhere = sum(uses.filter((use) => use['good'] === code && use['role'] === 'uses').map((use) => Number(use['amount']) * (capacity.get(use['council'] ?? '') ?? 1)));
    return comes.has(code) ? good : { ...good, supply: stepped(elsewhere, step) };
  });
  return { councils: table('councils', councils), goods: table('goods', goods), uses: table('uses', uses) };
}
