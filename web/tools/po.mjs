// SPDX-License-Identifier: AGPL-3.0-or-later
// po.mjs - the few parts of the .po format that the app's words need: comments, msgid, msgstr,
// and texts over several lines.

/** What is said in English, and in the language; without the header. */
export function wordsOf(text) {
  const words = {};
  let id = '';
  let into = null;
  for (const line of text.split('\n')) {
    const [, keyword, quoted] = /^(msgid|msgstr)?\s*(".*")$/.exec(line.trim()) ?? [];
    if (quoted === undefined) continue;
    if (keyword !== undefined) into = keyword;
    if (keyword === 'msgid') id = '';
    if (into === 'msgid') id += JSON.parse(quoted);
    else if (id !== '') words[id] = (words[id] ?? '') + JSON.parse(quoted);
  }
  return words;
}
