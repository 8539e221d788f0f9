// SPDX-License-Identifier: AGPL-3.0-or-later
// All tables that the set-up takes, judged together: what each row would make, and what is wrong.
import type { Rows } from '../lib/api';
import { t } from '../lib/words.svelte';
import { communityColumns, councilColumns, judgeCommunities, judgeCouncils, judgePeople, personColumns } from './groups';
import { readTable, resetHints, type Cells, type Column, type Item, type Known, type Read, type TableName } from './judge';
import { goodColumns, judgeGoods, judgeUses, useColumns } from './things';

export const COLUMNS: Record<TableName, readonly Column[]> = {
  communities: communityColumns, councils: councilColumns, people: personColumns, goods: goodColumns, uses: useColumns,
};
export const ORDER: readonly TableName[] = ['communities', 'councils', 'people', 'goods', 'uses'];
export type Texts = Partial<Record<TableName, string>>;

const codes = (read: Read, column: string) => new Set(read.lines.map(({ at }) => at[column] ?? ''));

/** Every row, in the order of tables and lines. */
export function judge(texts: Texts, record: Known): Item[] {
  resetHints();
  const read = Object.fromEntries(ORDER.map((table) => [table, readTable(texts[table] ?? '', COLUMNS[table])])) as Record<TableName, Read>;
  const faults = (table: TableName) => read[table].faults.map(({ line, text }): Item => ({ table, line, what: text, state: 'wrong', deeds: [] }));
  const communities = judgeCommunities(read.communities.lines, record);
  const communityLines = new Set(communities.filter((item) => item.state === 'wrong').map((item) => item.line));
  const places = new Map(read.communities.lines.filter(({ line }) => !communityLines.has(line)).map(({ at }) => [at['community'] ?? '', at['name'] ?? '']));
  const councils = judgeCouncils(read.councils.lines, record, places);
  const bad = new Set(councils.filter((item) => item.state === 'wrong').map((item) => item.line));
  const good = new Map<string, Cells>(read.councils.lines.filter(({ line }) => !bad.has(line)).map(({ at }) => [at['council'] ?? '', at]));
  const people = judgePeople(read.people.lines, record, new Map([...good].map(([code, at]) => [code, at['name'] ?? ''])));
  const goods = judgeGoods(read.goods.lines, record);
  const uses = judgeUses(withIncomes(read.uses, good, record), { record, councils: good, goods: new Map(read.goods.lines.map(({ at }) => [at['good'] ?? '', at])) });
  const items = { communities, councils, people, goods, uses };
  return ORDER.flatMap((table) => [...faults(table), ...items[table]].sort((a, b) => a.line - b.line));
}

/** A council whose recipe stands in the record takes a new income or capacity with it. */
function withIncomes(uses: Read, councils: ReadonlyMap<string, Cells>, record: Known): Read {
  const goods = new Map([...record.goods.values()].map((row) => [row.id, row.code]));
  const named = codes(uses, 'council');
  const lines = [...councils].flatMap(([code, at]) => {
    const row = record.councils.get(code);
    if (row === undefined || named.has(code) || at['schedule'] === '') return [];
    return (record.lines.get(row.id) ?? []).map((line: Rows['line']) => ({
      line: 0, at: { council: code, good: goods.get(line.good) ?? '', role: line.role, amount: line.amount, elasticity: line.elasticity },
    }));
  });
  return { lines: [...uses.lines, ...lines], faults: uses.faults };
}

/** What everybody should know before they say yes: goods that nobody makes and nobody holds. */
export function scarce(texts: Texts, record: Known): string[] {
  const uses = readTable(texts.uses ?? '', useColumns).lines;
  const goods = new Map(readTable(texts.goods ?? '', goodColumns).lines.map(({ at }) => [at['good'] ?? '', at]));
  const ids = new Map([...record.goods.values()].map((row) => [row.id, row.code]));
  const all = [...uses.map(({ at }) => ({ good: at['good'] ?? '', role: at['role'] ?? '' })), ...[...record.lines.values()].flat().map((line) => ({ good: ids.get(line.good) ?? '', role: line.role }))];
  const comes = new Set(all.filter(({ role }) => role === 'makes' || role === 'offers').map(({ good }) => good));
  const held = (code: string) => Number(goods.get(code)?.['supply'] || record.goods.get(code)?.supply || 0) > 0 || (goods.get(code)?.['kind'] ?? record.goods.get(code)?.kind) === 'free';
  return [...new Set(all.filter(({ good, role }) => (role === 'uses' || role === 'wants') && !comes.has(good) && !held(good)).map(({ good }) => good))]
    .map((code) => goods.get(code)?.['name'] || record.goods.get(code)?.name || code);
}

/** What tables are called. */
export function tableWords(table: TableName): string {
  return { communities: t('Communities'), councils: t('Councils'), people: t('People'), goods: t('Goods'), uses: t('Recipes and wishes') }[table];
}
