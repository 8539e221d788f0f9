// SPDX-License-Identifier: AGPL-3.0-or-later
// Asking the server: views, rows, operations. Every refusal is a Problem with a sentence.
import { ways, type Operations, type Rows } from './api';

export type Trouble = 'offline' | 'unauthorized' | 'conflict' | 'denied' | 'not_found' | 'too_many' | 'other';

export class Problem extends Error {
  /** @param conflict what the server tells of what is in the way */
  constructor(readonly trouble: Trouble, sentence: string, readonly conflict?: unknown) {
    super(sentence);
  }
}

export interface Reply {
  height: number;
  hash: string;
  answer: Record<string, unknown>;
}

type Heard = (trouble: Trouble | undefined) => void;
const listeners: Heard[] = [];

/** Be told of every answer: undefined where all was well. */
export function onAnswer(heard: Heard): void {
  listeners.push(heard);
}

function tell(trouble: Trouble | undefined): void {
  for (const heard of listeners) heard(trouble);
}

function troubleOf(code: unknown): Trouble {
  return code === 'unauthorized' || code === 'conflict' || code === 'denied' || code === 'not_found' || code === 'too_many' ? code : 'other';
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; conflict?: unknown };
  return new Problem(troubleOf(said.code), said.detail ?? String(response.status), said.conflict);
}

/** A server that is being stopped, or one that a proxy does not find. */
const AWAY = [502, 503, 504];

async function reach(path: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`../api${path}`, { ...options, credentials: 'same-origin' });
  } catch {
    tell('offline');
    throw new Problem('offline', '');
  }
  if (!response.ok) {
    const problem = AWAY.includes(response.status) ? new Problem('offline', '') : await problemOf(response);
    tell(problem.trouble);
    throw problem;
  }
  tell(undefined);
  return response;
}

async function send<T>(path: string, options: RequestInit): Promise<T> {
  return (await (await reach(path, options)).json()) as T;
}

/* ---- what came with the page ---- */

const page = document.getElementById('answers')?.textContent;
let came = (page ? JSON.parse(page) : {}) as Record<string, unknown>;

/** Ask for what is asked for now, and do not take it from the page: that is old. */
export function forgetPage(): void {
  came = {};
}

/** Rows that came with the page, a list for each table and number. */
export function rowsOfPage(): [table: string, rows: { id: number }[]][] {
  return Object.entries(came).flatMap(([path, view]) => {
    const [, table] = /^\/rows\/(\w+)\//.exec(path) ?? [];
    return table === undefined ? [] : [[table, (view as { rows: { id: number }[] }).rows]];
  });
}

/** A view of the record. */
export async function look<T>(path: string): Promise<T> {
  const view = came[path];
  if (view === undefined) return send<T>(path, {});
  if (view !== null) return view as T;
  tell('unauthorized');
  throw new Problem('unauthorized', '');
}

const PAGE = 1000; // rows, the most that the server gives at a time

/** All rows of a table whose keys begin so. */
export async function rowsOf<T extends keyof Rows>(table: T, prefix = ''): Promise<Rows[T][]> {
  const all: Rows[T][] = [];
  for (let after = ''; ;) {
    const next = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const page = await look<{ rows: Rows[T][]; next?: string }>(`/rows/${table}/${prefix}?limit=${PAGE}${next}`);
    all.push(...page.rows);
    if (page.next === undefined) return all;
    after = page.next;
  }
}

/** A key that makes the same request, sent twice, be done once. Also where there is no TLS. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Do an operation. */
export function act<K extends keyof Operations>(op: K, fields: Operations[K], once = onceKey()): Promise<Reply> {
  const body: Record<string, unknown> = { ...fields };
  const [method = '', path = ''] = ways[op].split(' ');
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = body[name];
    delete body[name];
    return encodeURIComponent(String(value));
  });
  return post<Reply>(address, body, method, { 'Idempotency-Key': once });
}

/** Send something that is not an operation, such as a login. */
export function post<T>(path: string, body: object, method = 'POST', headers: Record<string, string> = {}): Promise<T> {
  return send<T>(path, { method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

/** Send operations, a line of JSON each. @return the answer's lines */
export async function sendLines(body: string): Promise<string[]> {
  const answer = await reach('/bulk?on_error=continue', { method: 'POST', headers: { 'Content-Type': 'application/jsonl' }, body });
  return (await answer.text()).split('\n').filter((line) => line !== '');
}
