// SPDX-License-Identifier: AGPL-3.0-or-later
// What the words of the record are called by people.
import type { Rows } from './api';
import { t } from './words.svelte';

type Words = Record<string, () => string>;

const phases: Words = {
  draft: () => t('not begun'),
  proposing: () => t('councils propose'),
  review: () => t('the round is looked at'),
  adopted: () => t('the plan is carried out'),
  closed: () => t('over'),
};
const tasks: Words = {
  delegate: () => t('delegate'),
  facilitator: () => t('facilitator'),
  auditor: () => t('auditor'),
  administrator: () => t('administrator'),
};
const roles: Words = {
  makes: () => t('makes'),
  uses: () => t('uses'),
  wants: () => t('wants'),
  offers: () => t('offers'),
};
const kinds: Words = {
  workers: () => t('a workplace'),
  consumers: () => t('people who consume together'),
  community: () => t('a community'),
};
const dates: Words = {
  open: () => t('a round opens'),
  close: () => t('the round closes'),
  vote: () => t('the vote on the plan opens'),
  count: () => t('the vote is counted'),
  adopt: () => t('the plan is adopted, if the vote carried it'),
  end: () => t('the season ends'),
};
const marks: Words = {
  yes: () => t('yes'),
  no: () => t('no'),
  abstain: () => t('abstain'),
  block: () => t('block'),
};

const said = (words: Words, word: string) => words[word]?.() ?? word;
export const phaseWords = (word: Rows['season']['phase']) => said(phases, word);
export const taskWords = (word: Rows['mandate']['role']) => said(tasks, word);
export const roleWords = (word: Rows['plan_line']['role']) => said(roles, word);
export const kindWords = (word: Rows['council']['kind']) => said(kinds, word);
export const dateWords = (word: Rows['calendar']['what']) => said(dates, word);
export const markWords = (word: string) => said(marks, word);
