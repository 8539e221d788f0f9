// SPDX-License-Identifier: AGPL-3.0-or-later
// Communities, councils and people from tables.
import { kindWords, taskWords } from '../lib/meanings';
import type { Rows } from '../lib/api';
import { t } from '../lib/words.svelte';
import { meant, rootOf, short, termEnd, type Column, type Deed, type Item, type Known, type Line, type Numbers } from './judge';
import { SCHEDULES } from './schedules';

const CODE = { kind: 'text', most: 200 } as const;
const kinds = ['workers', 'consumers', 'community'] as const;
const tasks = ['delegate', 'member', 'facilitator', 'auditor', 'administrator'] as const;
const PARAMETERS = [...new Set(Object.values(SCHEDULES).flatMap((one) => one.numbers))];

export const communityColumns: readonly Column[] = [
  { name: 'community', needed: true, ...CODE }, { name: 'name', ...CODE }, { name: 'parent', ...CODE }, { name: 'members', kind: 'number' },
];
export const councilColumns: readonly Column[] = [
  { name: 'council', needed: true, ...CODE }, { name: 'name', ...CODE }, { name: 'kind', kind: 'word', needed: true, words: kinds },
  { name: 'community', ...CODE }, { name: 'members', kind: 'number' }, { name: 'income', kind: 'number' },
  { name: 'schedule', kind: 'word', words: Object.keys(SCHEDULES) }, ...PARAMETERS.map((name) => ({ name, kind: 'number' as const })),
];
export const personColumns: readonly Column[] = [
  { name: 'person', needed: true, ...CODE }, { name: 'contact', ...CODE }, { name: 'council', ...CODE }, { name: 'task', kind: 'word', words: tasks },
];

/* stages of what is done, in their order */
const COMMUNITY = 100;
const COUNCIL = 200;
const PERSON = 300;
const JOIN = 310;

const wrong = (item: Pick<Item, 'table' | 'line'>, what: string): Item => ({ ...item, what, state: 'wrong', deeds: [] });
const twice = (line: number) => t('It stands in line {line} already.', { line });

/** The first line of each code; a later one is a fault. */
export function firstLines(lines: readonly Line[], column: string): Map<string, number> {
  const first = new Map<string, number>();
  for (const { line, at } of lines) if (!first.has(at[column] ?? '')) first.set(at[column] ?? '', line);
  return first;
}

/* ---- communities ---- */

/** How many steps below what is there each community stands; none where it hangs in the air. */
function depths(lines: readonly Line[], record: Known): Map<string, number> {
  const parents = new Map(lines.map(({ at }) => [at['community'] ?? '', at['parent'] ?? '']));
  const depth = new Map<string, number>();
  for (const start of parents.keys()) {
    const path = new Set<string>(); // from here upwards, until something is known
    let above = start;
    while (parents.has(above) && !depth.has(above) && !path.has(above)) {
      path.add(above);
      above = parents.get(above) ?? '';
    }
    const known = above === '' || record.communities.has(above);
    const from = depth.get(above) ?? (known ? 0 : undefined);
    if (from !== undefined && !path.has(above)) [...path].reverse().forEach((code, i) => depth.set(code, from + i + 1));
  }
  return depth;
}

export function judgeCommunities(lines: readonly Line[], record: Known): Item[] {
  const first = firstLines(lines, 'community');
  const depth = depths(lines, record);
  const names = new Map(lines.map(({ at }) => [at['community'] ?? '', at['name'] ?? '']));
  const root = rootOf(record);
  return lines.map(({ line, at }): Item => {
    const [code = '', name = '', parent = ''] = [at['community'], at['name'], at['parent']];
    const item = { table: 'communities', line } as const;
    if (first.get(code) !== line) return wrong(item, twice(first.get(code) ?? 0));
    if (record.communities.has(code)) return { ...item, what: t('The community {name}', { name: name || code }), state: 'there', deeds: [] };
    if (parent !== '' && !record.communities.has(parent) && !first.has(parent)) {
      return wrong(item, t('There is no community {name}.', { name: short(parent) }) + meant(parent, [...first.keys(), ...record.communities.keys()]));
    }
    if (!depth.has(code)) return wrong(item, t('It is part of {name}, which cannot be recorded.', { name: short(parent) }));
    const above = parent || root?.code || '';
    const aboveName = record.communities.get(above)?.name || names.get(above) || above;
    const deed: Deed = {
      stage: COMMUNITY + (depth.get(code) ?? 0), op: 'community.add', gives: { as: `community ${code}`, member: 'community' },
      fields: (numbers) => ({ code, name, parent: above === '' ? 0 : numberOf(numbers, record.communities, 'community', above) }),
    };
    const what = above === '' ? t('The community {name}', { name: name || code }) : t('The community {name}, part of {parent}', { name: name || code, parent: aboveName });
    return { ...item, what, state: 'new', deeds: [deed] };
  });
}

/** The number of what is there, or of what has come to be. Not a number where it was refused, so
 *  that what hangs on it is refused too. */
export function numberOf(numbers: Numbers, there: Map<string, { id: number }>, table: string, code: string): number {
  return there.get(code)?.id ?? numbers.get(`${table} ${code}`) ?? Number.NaN;
}

/* ---- councils ---- */

/** A number that the council's schedule does not have. */
function strange(at: Line['at']): string | undefined {
  const has = SCHEDULES[at['schedule'] ?? '']?.numbers;
  return has === undefined ? undefined : PARAMETERS.find((name) => at[name] !== '' && at[name] !== undefined && !has.includes(name));
}

export function judgeCouncils(lines: readonly Line[], record: Known, communities: ReadonlyMap<string, string>): Item[] {
  const first = firstLines(lines, 'council');
  const root = rootOf(record);
  return lines.map(({ line, at }): Item => {
    const [code = '', name = '', community = '', kind = ''] = [at['council'], at['name'], at['community'], at['kind']];
    const item = { table: 'councils', line } as const;
    const place = community || root?.code || '';
    const odd = strange(at);
    const schedule = at['schedule'] ?? '';
    if (first.get(code) !== line) return wrong(item, twice(first.get(code) ?? 0));
    if (community !== '' && !record.communities.has(community) && !communities.has(community)) {
      return wrong(item, t('There is no community {name}.', { name: short(community) }) + meant(community, [...communities.keys(), ...record.communities.keys()]));
    }
    if (schedule !== '' && SCHEDULES[schedule]?.councils.includes(kind) !== true) return wrong(item, t('The schedule {schedule} is not for this kind of council.', { schedule }));
    if (odd !== undefined) return wrong(item, t('The schedule {schedule} has no {name}.', { schedule, name: odd }));
    const says = { name: name || code, kind: kindWords(kind as Rows['council']['kind']), place: record.communities.get(place)?.name || communities.get(place) || place };
    const what = place === '' ? t('{name}: {kind}', says) : t('{name}: {kind}, in {place}', says);
    if (record.councils.has(code)) return { ...item, what, state: 'there', deeds: [] };
    const deed: Deed = {
      stage: COUNCIL, op: 'council.add', gives: { as: `council ${code}`, member: 'council' },
      fields: (numbers) => ({ code, name, kind, community: place === '' ? 0 : numberOf(numbers, record.communities, 'community', place) }),
    };
    return { ...item, what, state: 'new', deeds: [deed] };
  });
}

/* ---- people ---- */

const who = (name: string, contact: string) => `person ${name}\n${contact}`;

/** Councils go by their code, or by a name that only one of them has. */
function councilCodes(record: Known, councils: ReadonlyMap<string, string>): (named: string) => string | undefined {
  const all = new Map([...[...record.councils.values()].map((row): [string, string] => [row.code, row.name]), ...councils]);
  const byName = Map.groupBy(all, ([, name]) => name.toLowerCase());
  return (named) => {
    const found = byName.get(named.toLowerCase()) ?? [];
    return all.has(named) || named === '' ? named : found.length === 1 ? found[0]?.[0] : undefined;
  };
}

export function judgePeople(lines: readonly Line[], record: Known, councils: ReadonlyMap<string, string>): Item[] {
  const there = new Map(record.people.map((row) => [who(row.name, row.contact), row.id]));
  const begun = new Set<string>();
  const codeOf = councilCodes(record, councils);
  const seen = new Map<string, number>();
  return lines.map(({ line, at }): Item => {
    const [name = '', contact = '', named = ''] = [at['person'], at['contact'], at['council']];
    const item = { table: 'people', line } as const;
    const task = at['task'] || 'member';
    const code = codeOf(named);
    const key = who(name, contact);
    if (code === undefined) return wrong(item, t('There is no council {name}.', { name: short(named) }) + meant(named, [...councils.keys(), ...record.councils.keys()]));
    if (task === 'delegate' && code === '') return wrong(item, t('A delegate is one of a council: say which.'));
    const same = `${key}\n${code}\n${task}`;
    if (seen.has(same)) return wrong(item, twice(seen.get(same) ?? 0));
    seen.set(same, line);
    const deeds: Deed[] = [];
    const id = (numbers: Numbers) => there.get(key) ?? numbers.get(key) ?? Number.NaN;
    const council = (numbers: Numbers) => numberOf(numbers, record.councils, 'council', code);
    if (!there.has(key) && !begun.has(key)) deeds.push({ stage: PERSON, op: 'person.add', fields: () => ({ name, contact }), gives: { as: key, member: 'person' } });
    begun.add(key);
    const known = record.councils.get(code)?.id ?? 0;
    const sits = `${known || code}/${there.get(key) ?? key}`;
    if (code !== '' && !record.members.has(sits) && !begun.has(sits)) deeds.push({ stage: JOIN, op: 'member.join', fields: (n) => ({ council: council(n), person: id(n) }) });
    begun.add(sits);
    const ofAll = task !== 'delegate';
    const has = record.mandates.some((row) => row.person === there.get(key) && row.role === task && row.council === (ofAll ? 0 : known));
    if (task !== 'member' && !has) {
      const role = task as Rows['mandate']['role'];
      deeds.push({ stage: JOIN + 1, op: 'mandate.give', fields: (n) => ({ person: id(n), council: ofAll ? 0 : council(n), role, until: termEnd() }) });
      if (role === 'delegate' && !begun.has(`hand ${known}`)) deeds.push(...handOver(record, known));
      begun.add(`hand ${known}`);
    }
    const doing = task === 'member' ? '' : `: ${taskWords(task as 'delegate')}`;
    const what = code === '' ? `${name}${doing}` : t('{person}, in {council}{task}', { person: name, council: record.councils.get(code)?.name || councils.get(code) || code, task: doing });
    return { ...item, what, state: deeds.length > 0 ? 'new' : 'there', deeds };
  });
}

/** Who sets up spoke for a council until it has a delegate of its own: now it has. */
export function handOver(record: Known, council: number): Deed[] {
  const speaks = record.mandates.some((row) => row.person === record.me && row.council === council && row.role === 'delegate');
  if (council === 0 || !speaks || record.members.has(`${council}/${record.me}`)) return [];
  return [{ stage: JOIN + 2, op: 'mandate.recall', fields: () => ({ person: record.me, council, role: 'delegate' }) }];
}
