// SPDX-License-Identifier: AGPL-3.0-or-later
// The screens by the first word of their addresses; each reads the rest itself. Only the first
// one comes with the page. The others follow with the first key or touch, so that they are there
// when the server is not.
import type { Component } from 'svelte';
import Home from './Home.svelte';
import Missing from './Missing.svelte';

const loaders: Record<string, () => Promise<{ default: Component }>> = {
  council: () => import('./Council.svelte'),
  good: () => import('./Good.svelte'),
  objection: () => import('./Objections.svelte'),
  objections: () => import('./Objections.svelte'),
  plan: () => import('./Plan.svelte'),
  record: () => import('./Record.svelte'),
  rounds: () => import('./Rounds.svelte'),
  setup: () => import('./Setup.svelte'),
  votes: () => import('./Votes.svelte'),
  work: () => import('./Work.svelte'),
};

/** The screen that a part of an address names. Fails where the server is away. */
export async function screenOf(name: string): Promise<Component> {
  if (name === '') return Home;
  return Object.hasOwn(loaders, name) ? ((await loaders[name]?.())?.default ?? Missing) : Missing;
}

function loadAll(): void {
  for (const [name, load] of Object.entries(loaders)) if (name !== 'setup') load().catch(() => undefined);
}
addEventListener('pointerdown', loadAll, { once: true });
addEventListener('keydown', loadAll, { once: true });
