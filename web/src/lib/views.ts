// SPDX-License-Identifier: AGPL-3.0-or-later
// What the server's views hold; src/app/looks.def says what each is for.
import type { Rows } from './api';

export interface Me {
  person: Rows['person'];
  memberships: Rows['membership'][];
  tasks: Rows['mandate'][];
}

export interface Need {
  what: 'propose' | 'vote' | 'explain' | 'rule' | 'successor' | 'erasure' | 'confirm';
  season?: number;
  vote?: number;
  objection?: number;
  person?: number;
  council: number;
  until: number;
}

export interface RecordView {
  title: string;
  key: string;
  height: number;
  head: string;
  time: number;
}

export type SeasonView = Rows['season'] & { dates: Rows['calendar'][] };

export interface RoundView {
  season: Rows['season'];
  prices: Rows['price'][];
  next: Rows['price'][];
  balance: Rows['balance'][];
  /** the newest version of each council's */
  proposals: Rows['proposal'][];
}

/** As adopted, as councils have swapped since, what was delivered. */
export type PlanLine = Rows['plan_line'] & { now: number; delivered: number };

/** A council's part of the adopted plan. */
export interface PartView {
  council: Rows['council'];
  season: Rows['season'];
  lines: PlanLine[];
  swaps: Rows['swap'][];
  deliveries: Rows['delivery'][];
}

/** Councils by how much of a good, the largest first; in steps. */
export interface Parties {
  councils: { council: number; steps: number }[];
  rest: { councils: number; steps: number };
  steps: number;
}

/** What moved a price when a round closed, and who; decimals, parts of the move as logarithms. */
export interface WhyView {
  before: string;
  after: string;
  move: string;
  largest_move: boolean;
  held: number;
  supply: Parties;
  demand: Parties;
  changes: Parties;
  at_floor?: number;
  against?: Rows['move']['against'];
  known?: string;
  rest?: string;
  movers: Rows['mover'][];
}

/** How far from balance the closed rounds of a season were. */
export interface ConvergenceView {
  rounds: { round: number; goods: number; balanced: number; worst: string; worst_good: number; mean: string }[];
}

/** What neighbours asked for, for means like one's own; councils 0: too few to tell. */
export interface NeighboursView {
  round: number;
  councils: number;
  lines: { good: number; role: Rows['proposal_line']['role']; quantity: number }[];
}

export interface ObjectionsView {
  season: Rows['season'];
  objections: Rows['objection'][];
  said: EventView[];
}

export interface VoteView {
  vote: Rows['vote'];
  options: Rows['vote_option'][];
  roll: Rows['elector'][];
  voted: number;
  ballots?: Rows['ballot'][];
}

export interface CouncilView {
  council: Rows['council'];
  members: Rows['membership'][];
  numbers: Rows['council_number'][];
  lines: Rows['line'][];
  tasks: Rows['mandate'][];
  suspensions?: Rows['suspension'][];
}

/** A page of a discussion, the newest first. */
export interface Comments {
  comments: Rows['comment'][];
  next?: string;
}

/** An event; texts that were erased are null. */
export interface EventView {
  height: number;
  time: number;
  actor: number;
  type: string;
  hash: string;
  in: Record<string, unknown>;
  out: Record<string, unknown>;
  /** null where they were erased */
  texts: Record<string, string> | null;
}

/** A good in a round of a season. */
export interface GoodView {
  good: Rows['good'];
  season: Rows['season'];
  prices: Rows['price'][];
  balance: Rows['balance'][];
  lines: Rows['proposal_line'][];
}

/** When a council's people are booked, and how many they are. */
export interface BookingsView {
  council: Rows['council'];
  people: number;
  bookings: Rows['booking'][];
}

interface Span {
  begins: number;
  ends: number;
}

/** Why people cannot be booked, and when they can. */
export interface BusyView {
  in_the_way?: (Span & { booking: number; task: string })[];
  next?: Span;
  same_hours?: Span;
}
