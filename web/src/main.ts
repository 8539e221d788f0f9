// SPDX-License-Identifier: AGPL-3.0-or-later
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { keepFocus } from './lib/focus';
import { begin } from './lib/record.svelte';
import { beginLanguage } from './lib/words.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('the page has no place for the app');
await Promise.all([beginLanguage(), begin()]);
keepFocus();
mount(App, { target });
