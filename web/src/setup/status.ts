// SPDX-License-Identifier: AGPL-3.0-or-later
// How far a federation has come from an empty record to its first round. All of it follows from
// the record: whoever goes on, and wherever, sees the same.
import type { Rows } from '../lib/api';
import { look, rowsOf } from '../lib/ask';
import { t } from '../lib/words.svelte';

export interface Step {
  name: string;
  done: boolean;
  has: string;
  left: string[];
}

interface Facts {
  communities: Rows['community'][];
  councils: Rows['council'][];
  members: Rows['membership'][];
  people: Rows['person'][];
  goods: Rows['good'][];
  seasons: Rows['season'][];
}

const NAMED = 5; // councils that are named; of more it is told how many
const names = (councils: Rows['council'][]) => councils.slice(0, NAMED).map((row) => row.name || row.code).join(', ') + (councils.length > NAMED ? ` (${councils.length})` : '');
const step = (name: string, has: string, left: (string | false)[]): Step => {
  const rest = left.filter((one) => one !== false);
  return { name, has, left: rest, done: rest.length === 0 };
};

function who({ communities }: Facts): Step {
  const root = communities.find((row) => row.parent === 0);
  return step(t('Who we are'), root === undefined ? '' : root.name || root.code, [root === undefined && t('Say what the federation is called.')]);
}

function councils(facts: Facts): Step {
  const of = (kind: string) => facts.councils.filter((row) => row.kind === kind);
  const held = new Set(facts.members.map((row) => row.council));
  const empty = [...of('workers'), ...of('consumers')].filter((row) => !held.has(row.id));
  const people = facts.people.filter((row) => row.erased === 0).length;
  return step(t('Councils and people'), t('Councils: {councils}, people: {people}', { councils: facts.councils.length, people }), [
    of('workers').length === 0 && t('There is no workplace yet.'),
    of('consumers').length === 0 && t('There is no household yet.'),
    empty.length > 0 && t('Nobody belongs to: {names}', { names: names(empty) }),
  ]);
}

function goods(facts: Facts): Step {
  const silent = facts.councils.filter((row) => row.kind !== 'community' && row.schedule === '');
  const declared = facts.councils.filter((row) => row.schedule !== '').length;
  return step(t('Goods, recipes and wishes'), t('Goods: {goods}, councils that have declared theirs: {councils}', { goods: facts.goods.length, councils: declared }), [
    facts.goods.length === 0 && t('There is no good yet.'),
    silent.length > 0 && t('Not declared yet: {names}', { names: names(silent) }),
    silent.length === 0 && declared === 0 && t('No council has declared what it makes or wants.'),
  ]);
}

function season(facts: Facts): Step {
  const last = facts.seasons.findLast((row) => row.phase !== 'closed');
  return step(t('Season and calendar'), last?.name ?? '', [last === undefined && t('No season has begun.')]);
}

function invitations(facts: Facts): Step {
  const last = facts.seasons.findLast((row) => row.phase !== 'closed');
  const open = last !== undefined && last.round > 0;
  return step(t('Invitations and the first round'), open ? t('Round {round} of {season}', { round: last.round, season: last.name }) : '', [!open && t('The first round is not open yet.')]);
}

/** The five steps as they are now. */
export async function stepsNow(): Promise<Step[]> {
  const [communities, rows, members, people, things, seasons] = await Promise.all([
    rowsOf('community'), rowsOf('council'), rowsOf('membership'), rowsOf('person'), rowsOf('good'), look<{ seasons: Rows['season'][] }>('/seasons'),
  ]);
  const facts: Facts = { communities, councils: rows, members, people, goods: things, seasons: seasons.seasons };
  return [who(facts), councils(facts), goods(facts), season(facts), invitations(facts)];
}

/** "2 of 5 done" */
export function progress(steps: readonly Step[]): string {
  return t('Set-up: {some} of {all} done', { some: steps.filter((one) => one.done).length, all: steps.length });
}
