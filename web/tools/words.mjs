// SPDX-License-Identifier: AGPL-3.0-or-later
// words.mjs [--write] - compares what the app says in English with every language of po/: lists
// what is missing, what nobody says any more, and values that were forgotten. --write brings
// the files into the order of the code, with nothing to say for what is new.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { wordsOf } from './po.mjs';

const web = path.join(import.meta.dirname, '..');
const write = process.argv.includes('--write');

/** All t('...') below a folder, in the order of files and lines. */
function said(folder) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return said(file);
    if (!/\.(svelte|ts)$/.test(entry.name)) return [];
    const text = readFileSync(file, 'utf8');
    const found = [...text.matchAll(/\bt\('((?:[^'\\]|\\.)*)'/g)].map(([, one]) => one.replaceAll("\\'", "'"));
    const calls = text.match(/\bt\((?!english)/g)?.length ?? 0;
    if (found.length !== calls) throw new Error(`${file}: t() takes a text in single quotes (${found.length} of ${calls})`);
    return found;
  });
}

const english = [...new Set(said(path.join(web, 'src')))];
const values = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
let faults = 0;

for (const name of readdirSync(path.join(web, 'po')).filter((one) => one.endsWith('.po')).sort()) {
  const file = path.join(web, 'po', name);
  const text = readFileSync(file, 'utf8');
  const words = wordsOf(text);
  const missing = english.filter((one) => !words[one]);
  const old = Object.keys(words).filter((one) => !english.includes(one));
  const other = english.filter((one) => words[one] && values(one) !== values(words[one]));
  for (const one of missing) console.log(`${name}: nothing for ${JSON.stringify(one)}`);
  for (const one of old) console.log(`${name}: nobody says ${JSON.stringify(one)}`);
  for (const one of other) console.log(`${name}: other values in ${JSON.stringify(words[one])}`);
  faults += missing.length + old.length + other.length;
  if (!write) continue;
  const head = text.split('\n\n')[0];
  const entries = english.map((one) => `msgid ${JSON.stringify(one)}\nmsgstr ${JSON.stringify(words[one] ?? '')}`);
  writeFileSync(file, `${head.trim()}\n\n${entries.join('\n\n')}\n`);
}
console.log(`${english.length} texts, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
