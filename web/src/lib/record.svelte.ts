// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is here, how high the record is, and views of it that are drawn anew when it grows.
import { SvelteMap } from 'svelte/reactivity';
import type { Rows } from './api';
import { forgetPage, look, onAnswer, post, Problem, rowsOf, rowsOfPage } from './ask';
import type { Me, RecordView } from './views';

interface State {
  me: Me | undefined;
  record: RecordView | undefined;
  expired: boolean; ///< nobody is known any more: the app asks to log in, and keeps all else
  offline: boolean;
  height: number;
}

export const state = $state<State>({ me: undefined, record: undefined, expired: false, offline: false, height: 0 });

onAnswer((trouble) => {
  state.offline = trouble === 'offline';
  if (trouble === 'unauthorized') state.expired = true;
});

/* ---- logging in ---- */

/** Find out who is here. */
export async function begin(): Promise<void> {
  try {
    state.record = await look<RecordView>('/record');
    state.height = Math.max(state.height, state.record.height);
    state.me = await look<Me>('/me');
    state.expired = false;
    takeNames();
    listen();
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault;
  }
}

export async function logIn(how: { code: string } | { person: number; password: string }): Promise<void> {
  await post('/login', { ...how, cookie: true, name: 'the member app' });
  forgetPage();
  await begin();
}

export async function logOut(): Promise<void> {
  await post('/logout', {});
  forgetPage();
  news?.close();
  state.me = undefined;
  state.expired = true;
}

/** Councils that one is a member of, or speaks for. */
export function myCouncils(): number[] {
  const spoken = state.me?.tasks.filter((task) => task.role === 'delegate') ?? [];
  return [...new Set([...(state.me?.memberships ?? []), ...spoken].map((one) => one.council))];
}

async function meAgain(): Promise<void> {
  state.me = await look<Me>('/me').catch(() => state.me);
}

export function hasTask(role: Rows['mandate']['role'], council: number): boolean {
  return state.me?.tasks.some((task) => task.role === role && task.council === council) ?? false;
}

/* ---- news ---- */

let news: EventSource | undefined;
const AGAIN = 3000; // milliseconds

function listen(): void {
  news?.close();
  news = new EventSource('../api/events');
  news.onopen = () => {
    state.offline = false;
  };
  news.onmessage = (message: MessageEvent<string>) => {
    const said = JSON.parse(message.data) as { height: number; types: string[] };
    if (said.height > state.height) forgetPage();
    forget(said.types);
    if (said.types.some((type) => /^(person|member|mandate)\./.test(type))) void meAgain();
    state.height = Math.max(state.height, said.height);
  };
  news.onerror = () => {
    if (news?.readyState === EventSource.CLOSED) {
      forgetPage();
      setTimeout(() => void begin(), AGAIN);
    } else {
      state.offline = true;
    }
  };
}

/* ---- views ---- */

export interface View<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
}

/** A view that follows the record; nothing while there is no path, or nobody is known. */
export function view<T>(path: () => string | undefined, from: (path: string) => Promise<T> = look<T>): View<T> {
  let value = $state.raw<T | undefined>();
  let problem = $state.raw<Problem | undefined>();
  let shown: string | undefined;
  const wanted = $derived(path());
  $effect(() => {
    let late = false;
    void state.height;
    if (wanted !== shown) value = problem = undefined;
    shown = wanted;
    if (wanted === undefined || state.me === undefined || state.expired) return undefined;
    from(wanted).then((got) => {
      if (late) return;
      value = got;
      problem = undefined;
    }, (fault: Problem) => {
      if (!late && fault.trouble !== 'offline' && fault.trouble !== 'unauthorized') problem = fault;
    });
    return () => {
      late = true;
    };
  });
  return {
    get value() {
      return value;
    },
    get problem() {
      return problem;
    },
  };
}

/** Rows of a table as a view. */
export function rows<K extends keyof Rows>(table: K, prefix: () => string | undefined): View<Rows[K][]> {
  return view<Rows[K][]>(prefix, (path) => rowsOf(table, path));
}

/* ---- names ---- */

type Named = 'good' | 'council' | 'person' | 'season' | 'community' | 'vote';
type Table = SvelteMap<number, { id: number; name?: string; code?: string; title?: string }>;
/* made here and not when they are first asked for: what a reaction makes, it does not follow */
const tables: Record<Named, Table> = {
  good: new SvelteMap(), council: new SvelteMap(), person: new SvelteMap(), season: new SvelteMap(), community: new SvelteMap(), vote: new SvelteMap(),
};
const fetched = new Set<Named>();
/** Operations that change a table of names. */
const changes: Record<Named, string[]> = {
  good: ['good.set'],
  council: ['council.add', 'schedule.set'],
  person: ['person.add', 'person.rename', 'person.erase'],
  season: ['season.open', 'season.close', 'round.open', 'round.close', 'plan.adopt'],
  community: ['community.add'],
  vote: ['vote.open', 'vote.close'],
};

async function fill(table: Named): Promise<void> {
  fetched.add(table);
  try {
    for (const row of await rowsOf(table)) tables[table].set(row.id, row);
  } catch {
    fetched.delete(table);
  }
}

/** The names that came with the page: who has these need not ask for all that there are. */
function takeNames(): void {
  for (const [table, rows] of rowsOfPage()) for (const row of rows) tables[table as Named].set(row.id, row);
}

function forget(types: string[]): void {
  for (const table of Object.keys(tables) as Named[]) {
    const held = fetched.has(table) || tables[table].size > 0;
    if (held && types.some((type) => changes[table].includes(type))) void fill(table);
  }
}

/** Every row of a table by its number, fetched when it is first asked for. */
export function all<K extends Named>(table: K): SvelteMap<number, Rows[K]> {
  if (!fetched.has(table)) void fill(table);
  return tables[table] as unknown as SvelteMap<number, Rows[K]>;
}

/** A row by its number; the whole table is asked for only where it is not here. */
export function one<K extends Named>(table: K, id: number): Rows[K] | undefined {
  return (tables[table].get(id) as Rows[K] | undefined) ?? all(table).get(id);
}

/** What people call it. */
export function name(table: Named, id: number): string {
  const row = one(table, id);
  if (row === undefined) return '…';
  return ('title' in row ? row.title : row.name) || ('code' in row && row.code) || `${id}`;
}
