// SPDX-License-Identifier: AGPL-3.0-or-later
// hostile.mjs - a record in which every text is one of those that try to be more than texts:
// names of people, communities, councils, goods and seasons, reasons, notes, titles. A season is
// over, another one is in its second round, votes are open and closed.
import { readFileSync } from 'node:fs';

export const PAYLOADS = JSON.parse(readFileSync(new URL('../payloads.json', import.meta.url), 'utf8'));
export const FOUNDER = 1;
export const WORKER = 2; // delegate of council 1, which makes
export const NEIGHBOUR = 3; // delegate of council 2, which consumes
export const AUDITOR = 4;
export const ADMINISTRATOR = 5;
export const MEMBER = 6; // of both, with no task
const LATER = 9999999999;
const N = PAYLOADS.length;
const LABOUR = N + 1;
/* names are one line, and something */
const named = (i) => PAYLOADS[i % N].replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ' ').trim() || `blank ${i}`;
const unique = (i) => `${named(i)} ${i}`;
const makes = (council) => council % 2 === 1;
/* a council that makes has what the one after it wants */
const goodOf = (council) => (makes(council) ? council : council - 1);

function* people(ask) {
  yield ask(0, 'record.begin', { title: named(0), name: named(1) });
  for (let i = 2; i <= N + 1; i += 1) yield ask(FOUNDER, 'person.add', { name: named(i), contact: named(i + 1) });
  yield ask(MEMBER, 'person.rename', { person: MEMBER, name: named(2), contact: named(3) });
  for (let i = 1; i <= N; i += 1) {
    yield ask(FOUNDER, 'community.add', { code: unique(i), name: named(i), ...(i > 1 && { parent: 1 }) });
    yield ask(FOUNDER, 'council.add', { code: unique(i), name: named(i), kind: makes(i) ? 'workers' : 'consumers', community: i });
    yield ask(FOUNDER, 'mandate.give', { person: i <= 2 ? i + 1 : FOUNDER, council: i, role: 'delegate', until: LATER });
    yield ask(FOUNDER, 'member.join', { council: i, person: FOUNDER });
  }
  for (const council of [1, 2]) yield ask(FOUNDER, 'member.join', { council, person: MEMBER });
  yield ask(FOUNDER, 'mandate.give', { person: AUDITOR, role: 'auditor', until: LATER });
  yield ask(FOUNDER, 'mandate.give', { person: ADMINISTRATOR, role: 'administrator', until: LATER });
}

const speaks = (council) => (council <= 2 ? council + 1 : FOUNDER);

function* goods(ask) {
  for (let i = 1; i <= N; i += 1) {
    yield ask(FOUNDER, 'good.set', { code: unique(i), name: named(i), kind: 'product', unit: named(i + 2), category: named(i + 4), step: '1', price: '2', banned: i === N - 1 ? named(i) : '' });
  }
  yield ask(FOUNDER, 'good.set', { code: unique(LABOUR), name: named(LABOUR), kind: 'labour', unit: named(5), step: '1', price: '1', supply: 100000 });
  for (let i = 1; i <= N; i += 1) {
    const lines = makes(i) ? [{ good: i, role: 'makes', amount: '1' }, { good: LABOUR, role: 'uses', amount: '1' }]
      : [{ good: goodOf(i), role: 'wants', amount: '100' }];
    yield ask(speaks(i), 'schedule.set', { council: i, schedule: makes(i) ? 'recipe' : 'request', lines });
  }
}

function* proposals(ask, season, councils) {
  for (const i of councils) {
    const lines = makes(i) ? [{ good: i, role: 'makes', quantity: 100 }, { good: LABOUR, role: 'uses', quantity: 100 }]
      : [{ good: goodOf(i), role: 'wants', quantity: 90 }];
    yield ask(speaks(i), 'proposal.file', { season, council: i, version: 1, reason: PAYLOADS[i % N], lines });
  }
}

const all = Array.from({ length: N }, (_, i) => i + 1);
const round = { rule: 'fitted', tolerance: '0.01', zone: 'UTC' };

function* objections(ask) {
  for (const i of all) {
    yield ask(MEMBER, 'comment.write', { council: 1, text: PAYLOADS[i % N] });
    const council = makes(i) ? i : i - 1; // what is wanted is nobody else's to rule on
    yield ask(MEMBER, 'objection.file', { season: 1, council, reason: PAYLOADS[i % N] });
    yield ask(FOUNDER, 'objection.answer', { season: 1, objection: i, council, state: 'explained', reason: PAYLOADS[i % N] });
    yield ask(AUDITOR, 'objection.rule', { season: 1, objection: i, state: 'refused', reason: PAYLOADS[i % N] });
    if (i > 2) yield ask(MEMBER, 'objection.appeal', { season: 1, objection: i, reason: PAYLOADS[i % N] });
  }
}

const motion = (more) => ({ ballots: 'motion', rule: 'majority', seats: 1, secret: 1, ...more });

function* ballots(ask, vote) {
  for (let person = 1; person <= N + 1; person += 1) yield ask(person, 'vote.cast', { vote, marks: '1=yes' });
  yield ask(FOUNDER, 'vote.close', { vote });
}

function* first(ask, now) {
  yield ask(FOUNDER, 'season.open', { name: unique(1), period: named(2), ...round });
  yield ask(FOUNDER, 'round.open', { season: 1 });
  yield* proposals(ask, 1, all);
  yield ask(FOUNDER, 'round.close', { season: 1 });
  yield* objections(ask);
  yield ask(FOUNDER, 'vote.open', motion({ about: 1, title: PAYLOADS.map((_, i) => named(i)).join(' ').slice(0, 150), options: [{ code: unique(1), name: named(2) }] }));
  yield* ballots(ask, 1);
  yield ask(FOUNDER, 'plan.adopt', { season: 1, vote: 1 });
  for (const i of all) {
    yield ask(WORKER, 'delivery.record', { season: 1, giver: 1, taker: 2, good: 1, quantity: 1, day: now, note: PAYLOADS[i % N] });
    yield ask(FOUNDER, 'swap.offer', { season: 1, giver: 3, taker: 5, good: LABOUR, role: 'uses', quantity: 1, reason: PAYLOADS[i % N] });
    yield ask(WORKER, 'work.book', { season: 1, council: 1, task: named(i), people: 1, begins: now + i * 7200, ends: now + i * 7200 + 3600 });
  }
}

/** Every request; ask makes one of who asks, the operation and its fields. */
export function* hostile(ask) {
  const now = Math.floor(Date.now() / 1000);
  yield* people(ask);
  yield* goods(ask);
  yield* first(ask, now);
  for (const i of all) yield ask(FOUNDER, 'vote.open', motion({ title: named(i), options: [{ code: unique(i), name: named(i) }] }));
  yield ask(FOUNDER, 'vote.open', motion({ rule: 'supermajority', threshold: '2/3', quorum: '1/2', title: named(0), options: [{ code: `suspend-${N}`, name: named(0) }] }));
  yield* ballots(ask, N + 2);
  yield ask(MEMBER, 'council.suspend', { council: N, vote: N + 2, until: now + 864000, reason: PAYLOADS.join('\n') });
  for (const i of all.slice(1)) {
    yield ask(FOUNDER, 'season.open', { name: unique(i), period: named(i), ...round });
    if (i < N) yield ask(FOUNDER, 'season.close', { season: i });
  }
  yield ask(FOUNDER, 'round.open', { season: N });
  yield* proposals(ask, N, all.slice(0, -1));
  yield ask(FOUNDER, 'round.close', { season: N });
  yield ask(FOUNDER, 'round.open', { season: N });
  yield* proposals(ask, N, all.slice(2, -1));
}
