// SPDX-License-Identifier: AGPL-3.0-or-later
// What is typed, kept on this device until the server has recorded it. IndexedDB also works
// over plain HTTP; where a browser has none, drafts last as long as the page.
export interface Draft {
  typed: Record<string, string>;
  reason: string;
  base: number; ///< version that was there when it was begun
  at: number; ///< milliseconds since 1970
}

const memory = new Map<string, Draft>();

function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return new Promise((good, bad) => {
    const opening = indexedDB.open('plenum', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('draft');
    opening.onsuccess = () => {
      const held = opening.result.transaction('draft', mode);
      held.oncomplete = () => opening.result.close();
      good(held.objectStore('draft'));
    };
    opening.onerror = () => bad(opening.error ?? new Error('no drafts'));
  });
}

async function use<T>(mode: IDBTransactionMode, what: (at: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const asked = what(await store(mode));
    return await new Promise((good, bad) => {
      asked.onsuccess = () => good(asked.result);
      asked.onerror = () => bad(asked.error ?? new Error('no draft'));
    });
  } catch {
    return undefined;
  }
}

export async function draftOf(key: string): Promise<Draft | undefined> {
  return await use<Draft | undefined>('readonly', (at) => at.get(key)) ?? memory.get(key);
}

export function keep(key: string, draft: Draft): void {
  memory.set(key, draft);
  void use('readwrite', (at) => at.put(draft, key));
}

export function drop(key: string): void {
  memory.delete(key);
  void use('readwrite', (at) => at.delete(key));
}
