// SPDX-License-Identifier: AGPL-3.0-or-later
// A small form: what is typed is kept on this device until the server has recorded it, and
// what is sent twice is done once.
import { untrack } from 'svelte';
import type { Operations } from './api';
import { act, onceKey, Problem, type Reply } from './ask';
import { drop, draftOf, keep } from './draft';
import { state as known } from './record.svelte';
import { t } from './words.svelte';

export class Form {
  typed = $state.raw<Record<string, string>>({});
  problem = $state('');
  done = $state('');
  sending = $state(false);
  conflict = $state.raw<unknown>(); ///< what is in the way, where the server tells it
  #touched = false;
  #sent = { body: '', once: '' };
  readonly #key: string;

  /** @param name what it is for: such as "objection/3" @param begin what stands in it at first */
  constructor(name: string, private readonly begin: Record<string, string> = {}) {
    this.typed = begin;
    this.#key = untrack(() => `${known.record?.key}/${known.me?.person.id}/form/${name}`);
    void draftOf(this.#key).then((draft) => {
      if (draft !== undefined && !this.#touched) this.typed = { ...begin, ...draft.typed };
    });
  }

  text(field: string): string {
    return this.typed[field] ?? '';
  }

  set(field: string, text: string): void {
    this.#touched = true;
    this.done = '';
    this.conflict = undefined;
    this.typed = { ...this.typed, [field]: text };
    keep(this.#key, { typed: this.typed, reason: '', base: 0, at: Date.now() });
  }

  /** Do the operation, and begin anew. @return undefined where it was refused; `problem` says why */
  async send<K extends keyof Operations>(op: K, fields: Operations[K], said: string): Promise<Reply | undefined> {
    if (this.sending) return undefined;
    const body = JSON.stringify([op, fields]);
    if (this.#sent.body !== body) this.#sent = { body, once: onceKey() };
    this.sending = true;
    this.problem = '';
    this.conflict = undefined;
    try {
      const reply = await act(op, fields, this.#sent.once);
      this.#sent = { body: '', once: '' };
      drop(this.#key);
      this.typed = this.begin;
      this.done = said;
      return reply;
    } catch (fault) {
      if (!(fault instanceof Problem)) throw fault;
      this.problem = fault.trouble === 'offline' ? t('The server cannot be reached. It is kept here: try again in a while.') : fault.message;
      this.conflict = fault.conflict;
      return undefined;
    } finally {
      this.sending = false;
    }
  }
}
