// SPDX-License-Identifier: AGPL-3.0-or-later
// Events in sentences, one for each operation of src/app/ops.def.
import type { Operations } from './api';
import { t } from './words.svelte';

type Values = Record<string, string | number>;
export const sentences: Record<keyof Operations, (values: Values) => string> = {
  'record.begin': (v) => t('The record began: {title}', v),
  'person.add': (v) => t('{actor} added {person} to the record', v),
  'person.rename': (v) => t('{actor} changed their name or how to reach them', v),
  'person.erase': (v) => t('{person} had their name, contact and notes erased', v),
  'erasure.ask': (v) => t('{actor} asked that {person} be erased, who cannot do it themselves', v),
  'erasure.confirm': (v) => t('{actor} confirmed that {person} be erased: their name, contact and notes are gone', v),
  'erasure.refuse': (v) => t('{actor} refused that {person} be erased', v),
  'community.add': (v) => t('{actor} added the community {code}', v),
  'council.add': (v) => t('{actor} added the council {council}', v),
  'member.join': (v) => t('{actor} took {person} into {council}', v),
  'member.leave': (v) => t('{person} left {council}', v),
  'mandate.give': (v) => t('{actor} gave {person} a task until {until}: {role}, {council}', v),
  'mandate.recall': (v) => t('{actor} recalled {person} from a task: {role}, {council}', v),
  'good.set': (v) => t('{actor} described the good {good}', v),
  'schedule.set': (v) => t('{actor} declared what {council} deals in', v),
  'season.open': (v) => t('{actor} began the season {season}', v),
  'calendar.set': (v) => t('{actor} asked for dates of the season {season}', v),
  'round.open': (v) => t('{actor} opened round {round} of {season}: prices were announced', v),
  'proposal.file': (v) => t('{actor} filed version {version} of the proposal of {council} in round {round} of {season}', v),
  'round.close': (v) => t('{actor} closed round {round} of {season}: {worst_good} was furthest from balance', v),
  'objection.file': (v) => t('{actor} objected to the proposal of {council} in {season}', v),
  'objection.answer': (v) => t('{actor} answered objection {objection} for {council}', v),
  'objection.appeal': (v) => t('{actor} appealed against the ruling on objection {objection}', v),
  'objection.rule': (v) => t('{actor} ruled on objection {objection}', v),
  'plan.adopt': (v) => t('{actor} adopted the plan of {season}, which vote {vote} carried', v),
  'delivery.record': (v) => t('{actor} recorded what {giver} handed over to {taker}: {good}', v),
  'council.suspend': (v) => t('{actor} suspended {council}, as vote {vote} carried', v),
  'council.restore': (v) => t('{actor} restored {council}', v),
  'swap.offer': (v) => t('{actor} offered {taker} a part of the plan of {giver}: {good}', v),
  'swap.answer': (v) => t('{actor} answered swap {swap} for {council}', v),
  'work.book': (v) => t('{actor} booked people of {council}', v),
  'work.unbook': (v) => t('{actor} took a booking of {council} back', v),
  'season.close': (v) => t('{actor} ended the season {season}', v),
  'vote.open': (v) => t('{actor} opened vote {vote}: {title}', v),
  'vote.cast': (v) => t('{actor} voted in vote {vote}', v),
  'vote.close': (v) => t('{actor} closed vote {vote}: all ballots were published and counted', v),
};
