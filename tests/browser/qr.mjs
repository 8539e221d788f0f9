// SPDX-License-Identifier: AGPL-3.0-or-later
// qr.mjs - reads a QR code of version 1 (ISO/IEC 18004) without the library that drew it.
const SIDE = 21;
const MASKS = [
  (r, c) => (r + c) % 2, (r) => r % 2, (r, c) => c % 3, (r, c) => (r + c) % 3,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2, (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Modules, true where dark, from bars "Mx yhNv1h-Nz" with a margin. */
export function modulesOf(path, margin) {
  const dark = Array.from({ length: SIDE }, () => Array(SIDE).fill(false));
  for (const [, x, y, n] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let i = 0; i < Number(n); i += 1) dark[y - margin][Number(x) - margin + i] = true;
  }
  return dark;
}

const isFixed = (r, c) => r === 6 || c === 6 || (r < 9 && c < 9) || (r < 9 && c > 12) || (r > 12 && c < 9);

/** The bits of the code words: pairs of columns from the right, up and down in turns. */
function bitsOf(dark) {
  // the format information is stored xor 10101 0000010010; its bits 2, 3, 4 name the mask
  const flipped = [true, false, true];
  const mask = [4, 2, 1].reduce((sum, weight, i) => sum + (dark[8][2 + i] !== flipped[i] ? weight : 0), 0);
  const bits = [];
  let up = true;
  for (let right = SIDE - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let k = 0; k < SIDE; k += 1) {
      const r = up ? SIDE - 1 - k : k;
      for (const c of [right, right - 1]) {
        if (!isFixed(r, c)) bits.push(dark[r][c] !== (MASKS[mask](r, c) === 0) ? 1 : 0);
      }
    }
    up = !up;
  }
  return bits;
}

/** The text in a matrix of modules. */
export function textOf(dark) {
  const bits = bitsOf(dark);
  const take = (n) => bits.splice(0, n).reduce((sum, bit) => 2 * sum + bit, 0);
  let text = '';
  for (let mode = take(4); mode !== 0; mode = take(4)) {
    if (mode === 2) {
      let left = take(9);
      for (; left > 1; left -= 2) {
        const pair = take(11);
        text += ALPHABET[Math.floor(pair / 45)] + ALPHABET[pair % 45];
      }
      if (left === 1) text += ALPHABET[take(6)];
    } else if (mode === 4) {
      for (let left = take(8); left > 0; left -= 1) text += String.fromCharCode(take(8));
    } else if (mode === 1) {
      let left = take(10);
      for (; left > 0; left -= 3) {
        const digits = Math.min(3, left);
        text += String(take([0, 4, 7, 10][digits])).padStart(digits, '0');
      }
    } else {
      return `mode ${mode}`;
    }
  }
  return text;
}
