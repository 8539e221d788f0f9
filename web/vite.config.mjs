// SPDX-License-Identifier: AGPL-3.0-or-later
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { wordsOf } from './tools/po.mjs';

/** A .po file as a module: what is said in English, and in the language. */
const po = {
  name: 'po',
  load(id) {
    if (!id.endsWith('.po')) return null;
    return `export default ${JSON.stringify(wordsOf(readFileSync(id, 'utf8')))}`;
  },
};

/** Beside each file the same one, compressed; without a time, so that equal is equal. */
const gzip = {
  name: 'gzip',
  writeBundle({ dir }) {
    for (const name of readdirSync(dir)) {
      const bytes = readFileSync(path.join(dir, name));
      writeFileSync(path.join(dir, `${name}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
    }
  },
};

export default defineConfig({
  base: './',
  plugins: [svelte({ compilerOptions: { runes: true, fragments: 'tree' } }), po, gzip],
  build: {
    target: 'es2022',
    assetsDir: '',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    /* what the first screen needs comes in one piece: each file more costs a slow processor more
     * than what it saves */
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } } },
  },
});
