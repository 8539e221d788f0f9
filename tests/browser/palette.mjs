// SPDX-License-Identifier: AGPL-3.0-or-later
// palette.mjs - a picture of a screen with few colours, small enough to be kept with the source.
import { crc32, deflateSync } from 'node:zlib';

const COLOURS = 96;
const APART = 12; // how far two of them are, of 255 in each of three

/** The dots of a PNG, red, green and blue; the browser of a page reads it. */
async function dotsOf(page, png) {
  const { width, height, dots } = await page.evaluate(async (data) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const paper = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    paper.drawImage(picture, 0, 0);
    const { data: bytes } = paper.getImageData(0, 0, picture.width, picture.height);
    let text = '';
    for (let i = 0; i < bytes.length; i += 4) text += String.fromCharCode(bytes[i], bytes[i + 1], bytes[i + 2]);
    return { width: picture.width, height: picture.height, dots: btoa(text) };
  }, png.toString('base64'));
  return { width, height, dots: Buffer.from(dots, 'base64') };
}

const apart = (a, b) => Math.max(Math.abs((a >> 16) - (b >> 16)), Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)), Math.abs((a & 255) - (b & 255)));

/** Colours that are used most, none close to another, and for each colour the closest of them. */
function choose(dots) {
  const times = new Map();
  for (let i = 0; i < dots.length; i += 3) {
    const colour = dots.readUIntBE(i, 3);
    times.set(colour, (times.get(colour) ?? 0) + 1);
  }
  const chosen = [];
  for (const [colour] of [...times].sort((a, b) => b[1] - a[1])) {
    if (chosen.length < COLOURS && chosen.every((one) => apart(one, colour) > APART)) chosen.push(colour);
  }
  const closest = (colour) => chosen.reduce((best, one, i) => (apart(one, colour) < apart(chosen[best], colour) ? i : best), 0);
  return { chosen, of: new Map([...times.keys()].map((colour) => [colour, closest(colour)])) };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** The same picture as a PNG of few colours. */
export async function fewColours(page, png) {
  const { width, height, dots } = await dotsOf(page, png);
  const { chosen, of } = choose(dots);
  const lines = Buffer.alloc((width + 1) * height); // before each line a 0: nothing is predicted
  for (let i = 0; i < width * height; i += 1) lines[Math.floor(i / width) * (width + 1) + 1 + i % width] = of.get(dots.readUIntBE(3 * i, 3));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8); // 8 bits of a palette
  const palette = Buffer.alloc(3 * chosen.length);
  chosen.forEach((colour, i) => palette.writeUIntBE(colour, 3 * i, 3));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
