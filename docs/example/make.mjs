// Makes the payload files of the bundled example: a tile sheet, two sounds, a tile map.
//
//   node make.mjs [FOLDER]      (default: the folder `payload` beside this script)
//
// Integers and tables only: every platform gives the same bytes.
// Dedicated to the public domain, CC0-1.0, with everything that it makes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHEET = 256;
const TILE = 16;
const COLUMNS = SHEET / TILE;
const PALETTES = 64;
const SAMPLE_RATE = 11_025;

/** Integer division, rounding towards zero. */
const divide = (a, b) => (a - (a % b)) / b;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Palettes: 16 colours each, 24-bit here, RGB565 in the payload.

const AUTHORED = [
  // 0: meadow by day. The tile drawings below use its colours by these indices:
  // 0 backdrop, 1-2 sky, 3 white, 4-5 leaf, 6-8 earth, 9-11 stone, 12-13 water, 14 gold, 15 ink
  '88c0f0 b8dcf8 98ccf4 ffffff 7fd050 3f9038 c89058 98602f 603818 c8c8c0 909088 585858 78d0f0 3070c8 f8c830 201828',
  // 1: cave
  '14121e 2c2a44 201e34 b8b8d0 6a8a7a 3a5a50 7a6a70 544850 342c34 8a8aa0 5c5c74 38384c 4a90a0 205060 d8a840 08060c',
  // 2: dusk
  '6a3a6a f8b080 c86a70 ffe8d0 8a8a48 4a5a38 a86848 784030 482420 b09098 806070 503c50 d87898 703868 f8d060 20101c',
  // 3: letters and windows
  '000000 1a1a2a 2a2a44 ffffff e0e0f0 c0c0d8 a0a0c0 8080a0 606080 484868 343450 24243c 80c0ff 4080e0 ffd840 101018',
  // 4: fire, 5: ice: ramps for the gradients in the lower rows
  '080004 200008 380808 500c08 681008 841808 a02408 b83408 d04c08 e46808 f08810 f8a820 fcc43c fcdc68 fcf0a0 fffce0',
  '020810 04101c 081c30 0c2844 103858 18486c 205c84 30709c 4088b0 58a0c4 70b4d4 8cc8e0 a8d8ec c4e6f4 e0f2fa f8feff',
];

/** 64 palettes of 16 colours, little-endian; unused ones stay zero. */
function paletteBytes() {
  const bytes = new Uint8Array(PALETTES * 16 * 2);
  AUTHORED.forEach((row, palette) => {
    row.split(' ').forEach((hex, i) => {
      const rgb = Number.parseInt(hex, 16);
      const colour = ((rgb >> 19) << 11) | (((rgb >> 10) & 63) << 5) | ((rgb >> 3) & 31);
      const at = (palette * 16 + i) * 2;
      bytes[at] = colour & 255;
      bytes[at + 1] = colour >> 8;
    });
  });
  return bytes;
}

// The sheet: one byte a pixel while drawing, packed to 4 bits at the end.

const pixels = new Uint8Array(SHEET * SHEET);

/** Draws a tile: `colour(x, y)` gives an index for each of its 16 x 16 pixels. */
function tile(index, colour) {
  area((index % COLUMNS) * TILE, divide(index, COLUMNS) * TILE, TILE, TILE, colour);
}

function area(left, top, width, height, colour) {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) pixels[(top + y) * SHEET + left + x] = colour(x, y) & 15;
  }
}

/** Scattered numbers without a pattern that shows: 0 .. 255. */
function scatter(x, y, seed = 0) {
  let hash = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca6b) ^ Math.imul(seed + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) & 255;
}

/** 4 x 4 ordered dither: picks between two neighbours of a ramp. `level` has 4 bits of fraction. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
const dither = (level, x, y) => clamp((level + BAYER[(y & 3) * 4 + (x & 3)]) >> 4, 0, 15);

// Rows 0-3: the characters U+0020 to U+005F, tile index = code - 32; 5 x 7 dots, seven rows of five bits.
const LETTERS = {
  '!': '04 04 04 04 04 00 04',
  '"': '0a 0a 0a 00 00 00 00',
  '#': '0a 0a 1f 0a 1f 0a 0a',
  $: '04 0f 14 0e 05 1e 04',
  '%': '18 19 02 04 08 13 03',
  '&': '0c 12 14 08 15 12 0d',
  "'": '04 04 08 00 00 00 00',
  '(': '02 04 08 08 08 04 02',
  ')': '08 04 02 02 02 04 08',
  '*': '00 0a 04 1f 04 0a 00',
  '+': '00 04 04 1f 04 04 00',
  ',': '00 00 00 00 06 04 08',
  '-': '00 00 00 1f 00 00 00',
  '.': '00 00 00 00 00 0c 0c',
  '/': '00 01 02 04 08 10 00',
  0: '0e 11 13 15 19 11 0e',
  1: '04 0c 04 04 04 04 0e',
  2: '0e 11 01 06 08 10 1f',
  3: '1f 02 04 06 01 11 0e',
  4: '02 06 0a 12 1f 02 02',
  5: '1f 10 1e 01 01 11 0e',
  6: '06 08 10 1e 11 11 0e',
  7: '1f 01 02 04 04 08 08',
  8: '0e 11 11 0e 11 11 0e',
  9: '0e 11 11 0f 01 02 0c',
  ':': '00 0c 0c 00 0c 0c 00',
  ';': '00 0c 0c 00 0c 04 08',
  '<': '02 04 08 10 08 04 02',
  '=': '00 00 1f 00 1f 00 00',
  '>': '08 04 02 01 02 04 08',
  '?': '0e 11 01 02 04 00 04',
  '@': '0e 11 17 15 16 10 0f',
  A: '0e 11 11 1f 11 11 11',
  B: '1e 11 11 1e 11 11 1e',
  C: '0e 11 10 10 10 11 0e',
  D: '1c 12 11 11 11 12 1c',
  E: '1f 10 10 1e 10 10 1f',
  F: '1f 10 10 1e 10 10 10',
  G: '0e 11 10 17 11 11 0f',
  H: '11 11 11 1f 11 11 11',
  I: '0e 04 04 04 04 04 0e',
  J: '07 02 02 02 02 12 0c',
  K: '11 12 14 18 14 12 11',
  L: '10 10 10 10 10 10 1f',
  M: '11 1b 15 15 11 11 11',
  N: '11 19 19 15 13 13 11',
  O: '0e 11 11 11 11 11 0e',
  P: '1e 11 11 1e 10 10 10',
  Q: '0e 11 11 11 15 12 0d',
  R: '1e 11 11 1e 14 12 11',
  S: '0f 10 10 0e 01 01 1e',
  T: '1f 04 04 04 04 04 04',
  U: '11 11 11 11 11 11 0e',
  V: '11 11 11 11 11 0a 04',
  W: '11 11 11 15 15 1b 11',
  X: '11 11 0a 04 0a 11 11',
  Y: '11 11 0a 04 04 04 04',
  Z: '1f 01 02 04 08 10 1f',
  '[': '0e 08 08 08 08 08 0e',
  '\\': '00 10 08 04 02 01 00',
  ']': '0e 02 02 02 02 02 0e',
  '^': '04 0a 11 00 00 00 00',
  _: '00 00 00 00 00 00 1f',
};

/** Dots twice as large, shaded from top to bottom, with a shadow to the lower right (palette 3). */
function drawLetters() {
  for (const [letter, text] of Object.entries(LETTERS)) {
    const rows = text.split(' ').map((row) => Number.parseInt(row, 16));
    const dot = (x, y) => x >= 0 && x < 10 && y >= 0 && y < 14 && (rows[y >> 1] >> (4 - (x >> 1))) & 1;
    tile(letter.charCodeAt(0) - 32, (x, y) => {
      if (dot(x - 3, y - 1)) return 3 + ((y - 1) >> 2);
      return dot(x - 4, y - 2) ? 15 : 0;
    });
  }
}

// Rows 4 and 5: blocks and things (palettes 0 to 2). Their tile indices:
const BLOCKS = Object.fromEntries(
  `sky grass earth grassLeft grassRight stone bricks crate prize coin spikes ladder waterTop water cloudLeft cloudRight
   hero heroStep heroJump slime heart key doorTop doorBottom flag torch bush flower star gem sign arrow`
    .split(/\s+/)
    .map((name, i) => [name, 64 + i]),
);

const earth = (x, y) => (scatter(x >> 1, y >> 1, 1) < 40 ? 8 : scatter(x, y, 2) < 36 ? 6 : 7);
const blade = (x, seed) => 3 + (scatter(x >> 1, 0, seed) % 4);

function grass(x, y) {
  const depth = blade(x, 3);
  if (y < depth) return y < 2 ? 4 : scatter(x, y, 4) < 96 ? 5 : 4;
  return y === depth ? 15 : earth(x, y);
}

function stone(x, y) {
  if (x === 0 || y === 0) return 9;
  if (x === 15 || y === 15) return 11;
  return scatter(x, y, 5) < 40 ? 11 : scatter(x, y, 6) < 40 ? 9 : 10;
}

function bricks(x, y) {
  const shifted = (x + (y & 8 ? 8 : 0)) & 15;
  if ((y & 7) === 7 || shifted === 15) return 15;
  if ((y & 7) === 0 || shifted === 0) return 6;
  return scatter(shifted, y, 7) < 48 ? 8 : 7;
}

function crate(x, y) {
  const edge = Math.min(x, y, 15 - x, 15 - y);
  if (edge === 0) return 15;
  if (edge === 1) return 6;
  if (edge === 2) return 8;
  if (x - y <= 1 && y - x <= 1) return x === y ? 6 : 8;
  return (y & 3) === 3 ? 8 : 7;
}

function prize(x, y) {
  const edge = Math.min(x, y, 15 - x, 15 - y);
  if (edge === 0) return 15;
  if (edge === 1) return x + y < 15 ? 3 : 6;
  if ((x === 3 || x === 12) && (y === 3 || y === 12)) return 15;
  const rows = LETTERS['?'].split(' ').map((row) => Number.parseInt(row, 16));
  const [column, row] = [x - 5, y - 4];
  if (column >= 0 && column < 5 && row >= 0 && row < 7 && (rows[row] >> (4 - column)) & 1) return 15;
  return 14;
}

function spikes(x, y) {
  const from = 15 - 2 * Math.min(x & 7, 7 - (x & 7)) * 2;
  if (y < from - 3) return 0;
  return (x & 7) < 4 ? 9 : 11;
}

const ladder = (x, y) => (x === 3 || x === 12 ? 7 : x === 2 || x === 11 ? 8 : x > 3 && x < 11 && (y & 3) === 1 ? 6 : 0);
const WAVE = [3, 2, 1, 1, 0, 0, 1, 1, 2, 3, 3, 4, 4, 4, 4, 3];
const water = (x, y) => (scatter(x >> 2, y, 8) < 24 ? 12 : 13);

function waterTop(x, y) {
  const top = WAVE[x];
  if (y < top) return 0;
  return y === top ? 3 : y < top + 3 ? 12 : water(x, y);
}

/** Three discs make a cloud of two tiles. */
function cloud(x, y) {
  const isIn = (cx, cy, r) => (x - cx) * (x - cx) + (y - cy) * (y - cy) < r * r;
  if (y > 12) return 0;
  if (!(isIn(9, 10, 6) || isIn(16, 7, 7) || isIn(24, 10, 5))) return 0;
  return y > 10 ? 1 : 3;
}

/** Sprites by hand: a hexadecimal digit is a colour, a dot the backdrop. */
const SPRITES = {
  hero: `
    ................
    .....ffffff.....
    ....fddddddf....
    ...fddddddddf...
    ...fffffffffff..
    ...f66666666f...
    ...f6f666f66f...
    ...f66666666f...
    ....f6ff666f....
    .....ffffff.....
    ....feeeeeef....
    ...f6eeeeee6f...
    ...f6feeeef6f...
    ....ffddddff....
    ....fddffddf....
    ....ffff.ffff...`,
  heroStep: `
    .....ffffff.....
    ....fddddddf....
    ...fddddddddf...
    ...fffffffffff..
    ...f66666666f...
    ...f6f666f66f...
    ...f66666666f...
    ....f6ff666f....
    .....ffffff.....
    ....feeeeeef....
    ..ff6eeeeee6f...
    ..f6ffeeeeff6f..
    ...ffddddddff...
    ..fddddffdddf...
    ..fddff..fddf...
    ...ff.....fff...`,
  heroJump: `
    .ff..ffffff..ff.
    .f6ffddddddff6f.
    .f6fddddddddf6f.
    .fefffffffffff..
    .fef66666666fef.
    ..ff6f666f66fff.
    ...f66666666f...
    ....f66ff66f....
    .....ffffff.....
    ....feeeeeef....
    ....feeeeeef....
    ....feeeeeef....
    ...ffddddddff...
    ..fddddffddddf..
    ..fdff....ffdf..
    ...f........f...`,
  slime: `
    ................
    ................
    ................
    ................
    ................
    .....ffffff.....
    ...ff444444ff...
    ..f4443444444f..
    .f443344444444f.
    .f444444444444f.
    f4444ff44ff4444f
    f4444ff44ff4444f
    f44444444444445f
    f45444ffff44455f
    .f555444455555f.
    ..ffffffffffff..`,
  coin: `
    ................
    .....ffffff.....
    ....feeeeeef....
    ...fe3eeeee6f...
    ..fe3eeffeee6f..
    ..fe3eefeeee6f..
    ..feeeefeeee6f..
    ..feeeefeeee6f..
    ..feeeefeeee6f..
    ..feeeefeeee6f..
    ..feeeefeeee6f..
    ..feeeeffeee6f..
    ...feeeeeee6f...
    ....f666666f....
    .....ffffff.....
    ................`,
  heart: `
    ................
    ................
    ...fff....fff...
    ..feeef..feeef..
    .fe3eeeffeeeeef.
    .fe3eeeeeeeeeef.
    .feeeeeeeeeeeef.
    .feeeeeeeeeee6f.
    ..feeeeeeeee6f..
    ...feeeeeee6f...
    ....feeeee6f....
    .....feee6f.....
    ......fe6f......
    .......ff.......
    ................
    ................`,
  key: `
    ................
    ................
    ....ffff........
    ...feeeef.......
    ..feeffeef......
    ..fef..fefffffff
    ..fef..feeeeeeef
    ..feeffeeffefeef
    ...feeeef.fefeff
    ....ffff..f.ff..
    ................
    ................
    ................
    ................
    ................
    ................`,
  flower: `
    ................
    ................
    ......fff.......
    ....ff333ff.....
    ...f33f3f33f....
    ...f333e333f....
    ....f3eee3f.....
    ...f333e333f....
    ...f33f3f33f....
    ....ff333ff.....
    ......f5f.......
    .......5..44....
    ..444..5.455....
    ...5544554......
    .....55554......
    .......55.......`,
  star: `
    .......ff.......
    .......ff.......
    ......feef......
    ......feef......
    .....feeeef.....
    ffffffe3eeffffff
    .feeee3eeeeeeef.
    ..fee3efefeeef..
    ...feeefefeef...
    ....feeeeeef....
    ...feeeeeeeef...
    ...feeeeeeeef...
    ..feee6ff6eeef..
    ..fe6ff..ff6ef..
    .fff........fff.
    ................`,
  gem: `
    ................
    ................
    ...ffffffffff...
    ..f3cccccccdf...
    .f3ccfccccfcdf..
    f3cccdfccfdccdf.
    fffffffffffffff.
    .fccd3ccccddcf..
    ..fccd3ccddcf...
    ...fccd3ddcf....
    ....fccdddf.....
    .....fcddf......
    ......fdf.......
    .......f........
    ................
    ................`,
};

function sprite(text) {
  const rows = text.trim().split(/\s+/);
  return (x, y) => (rows[y][x] === '.' ? 0 : Number.parseInt(rows[y][x], 16));
}

function door(x, y) {
  if (y < 2 || x < 2 || x > 13) return y < 2 && (x < 2 || x > 13) ? 0 : 11;
  if ((x === 11 || x === 12) && (y === 17 || y === 18)) return 14;
  if (x === 2 || x === 13 || y === 2) return 15;
  return (x & 3) === 1 ? 8 : y % 14 === 7 ? 11 : 7;
}

function flag(x, y) {
  if (x === 2 || x === 3) return y === 0 ? 14 : x === 2 ? 9 : 11;
  if (x < 4 || x > 14 || y < 1 || y > 9) return 0;
  return ((x >> 2) + divide(y, 3)) & 1 ? 3 : 14;
}

function torch(x, y) {
  if (y > 7) return x === 7 ? 6 : x === 8 ? 8 : 0;
  const reach = [1, 1, 2, 3, 3, 3, 2, 1][y];
  const away = x < 8 ? 7 - x : x - 8;
  return away > reach ? 0 : away * 2 < reach ? 3 : 14;
}

function bush(x, y) {
  const isIn = (cx, cy, r) => (x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r;
  if (!(isIn(4, 12, 4) || isIn(11, 12, 4) || isIn(8, 9, 5))) return 0;
  return scatter(x, y, 9) < 80 ? 5 : y < 8 ? 4 : scatter(x, y, 10) < 40 ? 3 : 4;
}

function sign(x, y) {
  if (y > 10) return x === 7 || x === 8 ? 8 : 0;
  if (y < 1) return 0;
  if (x === 0 || x === 15 || y === 1 || y === 10) return 15;
  return (y === 4 || y === 7) && x > 2 && x < 13 && scatter(x, y, 11) > 50 ? 15 : 6;
}

function arrow(x, y) {
  const away = y < 8 ? 7 - y : y - 8;
  const isHead = x >= 8 && x + away < 15;
  const isShaft = x > 1 && x < 8 && away < 3;
  return isHead || isShaft ? (y < 8 ? 3 : 14) : 0;
}

function drawBlocks() {
  const drawn = {
    sky: () => 0,
    grass,
    earth,
    grassLeft: (x, y) => (x === 0 ? 15 : grass(x, y)),
    grassRight: (x, y) => (x === 15 ? 15 : grass(x, y)),
    stone,
    bricks,
    crate,
    prize,
    spikes,
    ladder,
    waterTop,
    water,
    cloudLeft: cloud,
    cloudRight: (x, y) => cloud(x + 16, y),
    doorTop: door,
    doorBottom: (x, y) => door(x, y + 16),
    flag,
    torch,
    bush,
    sign,
    arrow,
    ...Object.fromEntries(Object.entries(SPRITES).map(([name, text]) => [name, sprite(text)])),
  };
  for (const [name, index] of Object.entries(BLOCKS)) tile(index, drawn[name]);
}

// Rows 6 and 7: a window frame of nine tiles, then ramps of one colour after the other (palettes 3 to 5).
function drawFrames() {
  for (let i = 0; i < 9; i += 1) {
    const [column, row] = [i % 3, divide(i, 3)];
    tile(96 + i, (x, y) => {
      const left = column === 0 ? x : 99;
      const right = column === 2 ? 15 - x : 99;
      const top = row === 0 ? y : 99;
      const bottom = row === 2 ? 15 - y : 99;
      const edge = Math.min(left, right, top, bottom);
      return [15, 4, 4, 7, 15][edge] ?? 2;
    });
  }
  for (let i = 9; i < 16; i += 1) tile(96 + i, (x, y) => (((x >> (i - 9)) + (y >> (i - 9)) + i) & 1 ? 12 : 13));
  for (let i = 0; i < 16; i += 1) tile(112 + i, (x, y) => (Math.min(x, y, 15 - x, 15 - y) === 0 ? 15 : i));
}

/** A triangle wave: up and down between 0 and `height` once every `period`. */
function zigzag(x, period, height) {
  const at = x % period;
  const half = period >> 1;
  return divide((at < half ? at : period - at) * height, half);
}

// Rows 8 to 11: one picture of 256 x 64 pixels, hills at sunset (palette 0, 1 or 2).
function drawHills() {
  area(0, 128, SHEET, 64, (x, y) => {
    const sun = (x - 184) * (x - 184) + (y - 26) * (y - 26);
    const far = 34 - zigzag(x + 20, 96, 22) - zigzag(x, 14, 3);
    const near = 50 - zigzag(x + 90, 128, 12) - zigzag(x + 5, 22, 3);
    const ground = 58 - (scatter(x >> 1, 0, 12) & 1);
    if (y >= ground) return scatter(x, y, 13) < 70 ? 5 : 4;
    if (y >= near) return y < near + 2 ? 7 : scatter(x, y, 14) < 60 ? 7 : 8;
    if (y >= far) return y < far + 5 - zigzag(x, 8, 4) && far < 24 ? 3 : x % 7 < 3 ? 10 : 11;
    if (sun < 225) return sun < 144 ? 14 : BAYER[(y & 3) * 4 + (x & 3)] < 8 ? 14 : 3;
    return BAYER[(y & 3) * 4 + (x & 3)] * 3 < y ? 1 : 2;
  });
}

// Rows 12 to 15: ramps for palettes 4 and 5: across, a ball, a plasma, rings.
function drawRamps() {
  area(0, 192, 64, 32, (x, y) => dither(x * 4 - 8, x, y));
  area(0, 224, 64, 32, (x, y) => dither((31 - y) * 8 - 8, x, y));
  area(64, 192, 64, 64, (x, y) => {
    const [dx, dy] = [x - 32, y - 32];
    if (dx * dx + dy * dy > 900) return 0;
    const [lx, ly] = [x - 22, y - 20];
    return Math.max(1, dither(250 - divide((lx * lx + ly * ly) * 23, 160), x, y));
  });
  area(128, 192, 64, 64, (x, y) => {
    const sum = zigzag(x + y, 44, 80) + zigzag(x * 2 + 100 - y, 52, 70) + zigzag(y * 3 + x, 90, 90);
    return dither(sum, x, y);
  });
  area(192, 192, 64, 64, (x, y) => {
    const [dx, dy] = [x - 32, y - 32];
    return dither(zigzag(divide(dx * dx + dy * dy, 6), 64, 240), x, y);
  });
}

/** The payload: the index plane with the even pixel in the high nibble, then the palettes. */
function sheetBytes() {
  drawLetters();
  drawBlocks();
  drawFrames();
  drawHills();
  drawRamps();
  const palettes = paletteBytes();
  const plane = pixels.length / 2;
  const bytes = new Uint8Array(plane + palettes.length);
  for (let i = 0; i < plane; i += 1) bytes[i] = (pixels[2 * i] << 4) | pixels[2 * i + 1];
  bytes.set(palettes, plane);
  return bytes;
}

// Sounds. A phase runs from 0 to 65,535 once a period; frequencies are in hundredths of a hertz.

const phaseStep = (centihertz) => divide(centihertz * 65_536, SAMPLE_RATE * 100);
/** -128 .. 127. */
const triangle = (phase) => (phase < 32_768 ? (phase >> 7) - 128 : 383 - (phase >> 7));
const pulse = (phase, width) => (phase < width ? 96 : -96);

/** A rising blip of about a fifth of a second: unsigned 8-bit samples, silence is 128. */
function jumpBytes() {
  const length = 2_450;
  const bytes = new Uint8Array(length);
  let phase = 0;
  for (let i = 0; i < length; i += 1) {
    phase = (phase + phaseStep(28_000 + divide(i * i, 72))) & 65_535;
    const loudness = Math.min(i, 64) * (length - i);
    bytes[i] = 128 + divide(pulse(phase, 24_576) * loudness, 64 * length);
  }
  return bytes;
}

const NOTES = { C3: 13_081, F3: 17_461, G3: 19_600, C4: 26_163, D4: 29_366, E4: 32_963, F4: 34_923, G4: 39_200 };

/** The first phrase of the Ode to Joy (Beethoven, 1824), lead and bass: signed 16-bit little-endian samples. */
function melodyBytes() {
  const beat = 2_000;
  const lead = 'E4:2 E4:2 F4:2 G4:2 G4:2 F4:2 E4:2 D4:2 C4:2 C4:2 D4:2 E4:2 E4:3 D4:1 D4:4'.split(' ');
  const bass = 'C3:4 C3:4 G3:4 G3:4 C3:4 F3:4 C3:4 G3:4'.split(' ');
  const samples = new Int32Array(16 * beat);
  play(samples, lead, beat / 2, (phase) => pulse(phase, 16_384) * 90);
  play(samples, bass, beat / 2, (phase) => triangle(phase) * 70);
  const bytes = new Uint8Array(samples.length * 2);
  samples.forEach((sample, i) => {
    bytes[2 * i] = sample & 255;
    bytes[2 * i + 1] = (sample >> 8) & 255;
  });
  return bytes;
}

/** Adds notes `NAME:HALF_BEATS` to the samples; each fades to a quarter and stops short of the next. */
function play(samples, notes, halfBeat, wave) {
  let start = 0;
  for (const note of notes) {
    const [name, count] = note.split(':');
    const length = halfBeat * Number(count);
    const step = phaseStep(NOTES[name]);
    for (let i = 0; i < length; i += 1) {
      const rise = Math.min(i, 100, Math.max(0, length - 120 - i));
      const loudness = divide(rise * (256 - divide(i * 192, length)), 100);
      samples[start + i] += divide(wave((i * step) & 65_535) * loudness, 256);
    }
    start += length;
  }
}

// The scene: u16 width, u16 height, then a u16 a cell, row by row: tile + 256 x palette; little-endian.

const LEGEND = {
  '.': ['sky', 0],
  '#': ['earth', 0],
  '=': ['grass', 0],
  '<': ['grassLeft', 0],
  '>': ['grassRight', 0],
  S: ['stone', 0],
  B: ['bricks', 0],
  X: ['crate', 0],
  '?': ['prize', 0],
  o: ['coin', 0],
  '^': ['spikes', 0],
  H: ['ladder', 0],
  '~': ['waterTop', 0],
  w: ['water', 0],
  '(': ['cloudLeft', 0],
  ')': ['cloudRight', 0],
  '@': ['hero', 0],
  s: ['slime', 0],
  D: ['doorTop', 0],
  d: ['doorBottom', 0],
  P: ['flag', 0],
  '*': ['star', 0],
  v: ['bush', 0],
  f: ['flower', 0],
  G: ['gem', 1],
  i: ['sign', 0],
  T: ['torch', 1],
  '%': ['stone', 1],
  ',': ['sky', 1],
};

const MEADOW = `
  ........................................
  ...................................()...
  ....()..............()..................
  ..............()...............*........
  .........................oo.............
  ..........................BB?B......P...
  ............o.o.o...........H......XX...
  ...........BB?BB............H.....XXX...
  ............................H..o.XXXX.D.
  .@..i..f..v....X..s...v....fH...XXXXX.d.
  <=============>...<==============>.<====
  ###############^^^################~#####
  ##########%%%%%####%%%%%%%%#######w#####
  #########%T,G,,%%%%%,,T,,,%#######w#####
  #########%%%%%%%%%%%%%%%%%%#######w#####`;

function meadowBytes() {
  const rows = MEADOW.trim().split(/\s+/);
  const width = rows[0].length;
  const cells = rows.flatMap((row) => [...row]).map((mark) => BLOCKS[LEGEND[mark][0]] + 256 * LEGEND[mark][1]);
  const words = [width, rows.length, ...cells];
  if (words.length !== 2 + width * rows.length) throw new Error('a row of the map has another length');
  return new Uint8Array(words.flatMap((word) => [word & 255, word >> 8]));
}

const folder = process.argv[2] ?? fileURLToPath(new URL('payload', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, bytes] of [
  ['tiles.glyph', sheetBytes()],
  ['jump.pcm', jumpBytes()],
  ['melody.pcm', melodyBytes()],
  ['meadow.scene', meadowBytes()],
]) {
  writeFileSync(join(folder, name), bytes);
}
