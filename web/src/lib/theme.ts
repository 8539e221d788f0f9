// SPDX-License-Identifier: AGPL-3.0-or-later
// Light or dark: as the system has it, or as was chosen here.
import { read, write } from './words.svelte';

export type Theme = 'auto' | 'light' | 'dark';
const kept = 'plenum-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export function theme(): Theme {
  const chosen = read(kept);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

function show(): void {
  const chosen = theme();
  const is = chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset['theme'] = is;
}

export function setTheme(to: Theme): void {
  write(kept, to);
  show();
}

dark.addEventListener('change', show);
show();
