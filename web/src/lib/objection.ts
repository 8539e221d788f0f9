// SPDX-License-Identifier: AGPL-3.0-or-later
// What becomes of an objection: the states of the record in words, and who may do what. The
// server refuses what is not allowed; here only what is allowed is offered.
import type { Rows } from './api';
import { all, hasTask, state as known } from './record.svelte';
import type { EventView } from './views';
import { t } from './words.svelte';

type Objection = Rows['objection'];
type State = Objection['state'];
type Doer = 'council' | 'author' | 'auditor';

export interface Deed {
  to: State;
  by: Doer;
  from: State[];
  out?: boolean; ///< leaves the proposal out until it is revised
  label: () => string;
}

const deeds: Deed[] = [
  { by: 'council', to: 'explained', from: ['filed'], label: () => t('Explain') },
  { by: 'council', to: 'revised', from: ['filed', 'refused', 'granted', 'upheld', 'overturned'], label: () => t('We revise our proposal') },
  { by: 'council', to: 'appealed', from: ['granted'], label: () => t('Appeal against the ruling') },
  { by: 'author', to: 'appealed', from: ['refused'], label: () => t('Appeal against the ruling') },
  { by: 'auditor', to: 'granted', from: ['filed', 'explained'], label: () => t('Grant the objection') },
  { by: 'auditor', to: 'granted', from: ['filed', 'explained'], out: true, label: () => t('Grant it, and leave the proposal out until it is revised') },
  { by: 'auditor', to: 'refused', from: ['filed', 'explained'], label: () => t('Refuse the objection') },
  { by: 'auditor', to: 'upheld', from: ['appealed'], label: () => t('Uphold the ruling') },
  { by: 'auditor', to: 'overturned', from: ['appealed'], label: () => t('Overturn the ruling') },
];

const isMember = (council: number) => known.me?.memberships.some((one) => one.council === council) ?? false;

/** Who one is to this objection; nobody rules in a cause of their own, or on private wishes. */
function isFor(objection: Objection, by: Doer): boolean {
  if (by === 'council') return isMember(objection.council);
  if (by === 'author') return objection.author === known.me?.person.id;
  return hasTask('auditor', 0) && objection.author !== known.me?.person.id && !isMember(objection.council) && !hasTask('delegate', objection.council)
    && all('council').get(objection.council)?.kind !== 'consumers';
}

/** What one can do about it now. @param flagged the proposal may be left out */
export function deedsFor(objection: Objection, flagged: boolean): Deed[] {
  return deeds.filter((deed) => deed.from.includes(objection.state) && (deed.out !== true || flagged) && isFor(objection, deed.by));
}

const states: Record<State, () => string> = {
  filed: () => t('It waits: the council can explain or revise, an auditor can rule.'),
  explained: () => t('The council has explained; an auditor can rule.'),
  revised: () => t('The council revises its proposal in the next round.'),
  granted: () => t('It was granted. The council can revise, or appeal.'),
  refused: () => t('It was refused. Who objected can appeal.'),
  appealed: () => t('Somebody has appealed: an auditor looks at the ruling again.'),
  upheld: () => t('The ruling was upheld.'),
  overturned: () => t('The ruling was overturned.'),
};

/** Where it is now; what people want for themselves is commented on, and nobody rules on it. */
export function stateWords(objection: Objection): string {
  const own = all('council').get(objection.council)?.kind === 'consumers';
  return own && objection.state === 'filed' ? t('It is a comment: what people want for themselves is theirs, and nobody rules on it.') : states[objection.state]();
}

/** A step of its history, after the name of who did it. */
export function stepWords(event: EventView): string {
  const to = event.in['state'];
  if (event.type === 'objection.file') return t('objected');
  if (event.type === 'objection.appeal' || to === 'appealed') return t('appealed against the ruling');
  if (to === 'explained') return t('explained, for the council');
  if (to === 'revised') return t('said that the council revises its proposal');
  if (to === 'granted') return event.in['until_revised'] === 1 ? t('granted it: the proposal is left out until it is revised') : t('granted it');
  if (to === 'refused') return t('refused it');
  return to === 'upheld' ? t('upheld the ruling') : t('overturned the ruling');
}

/** Which objection an event is about. */
export function aboutOf(event: EventView): number {
  return Number((event.type === 'objection.file' ? event.out : event.in)['objection']);
}
