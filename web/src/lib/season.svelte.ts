// SPDX-License-Identifier: AGPL-3.0-or-later
// Seasons, rounds and prices as views share them.
import type { Rows } from './api';
import { look } from './ask';
import { view, type View } from './record.svelte';
import type { NeighboursView, RoundView, SeasonView } from './views';

/** All seasons. */
export function seasonsView(): View<{ seasons: SeasonView[] }> {
  return view<{ seasons: SeasonView[] }>(() => '/seasons');
}

/** The season of that number; without one the last that is not over, or the last. */
export function pick(seasons: SeasonView[] | undefined, number: number | undefined): SeasonView | undefined {
  if (number !== undefined) return seasons?.find((season) => season.id === number);
  return seasons?.findLast((season) => season.phase !== 'closed') ?? seasons?.at(-1);
}

/** A round; nothing where there is none. */
export function roundView(season: () => number | undefined, round: () => number): View<RoundView> {
  return view<RoundView>(() => (season() === undefined || round() < 1 ? undefined : `/seasons/${season()}/rounds/${round()}`));
}

/** Prices by good. */
export function prices(rows: Rows['price'][] | undefined): Map<number, number> {
  return new Map((rows ?? []).map((row) => [row.good, Number(row.price)]));
}

const asked = new Map<string, Promise<NeighboursView>>();

/** What neighbours asked for in the round before "season/council/round"; asked once. */
export function neighboursOf(key: string): Promise<NeighboursView> {
  const [season = '', council = ''] = key.split('/');
  const answer = asked.get(key) ?? look<NeighboursView>(`/seasons/${season}/neighbours/${council}`);
  asked.set(key, answer);
  answer.catch(() => asked.delete(key));
  return answer;
}
