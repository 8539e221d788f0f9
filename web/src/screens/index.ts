// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Component } from 'svelte';
import Council from './Council.svelte';
import Good from './Good.svelte';
import Home from './Home.svelte';
import Missing from './Missing.svelte';
import Plan from './Plan.svelte';
import Ledger from './Record.svelte';
import Rounds from './Rounds.svelte';
import Votes from './Votes.svelte';

/* each reads the rest of its address itself */
const screens: Record<string, Component> = { '': Home, council: Council, good: Good, plan: Plan, record: Ledger, rounds: Rounds, votes: Votes };

/** The screen that a part of an address names. */
export function screenOf(name: string): Component {
  return Object.hasOwn(screens, name) ? (screens[name] ?? Missing) : Missing;
}
