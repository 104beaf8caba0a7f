// Makes the input files of the example project: a sheet of tiles, a tile in true colour, a palette, a sound, a tile map.
//
//   node make.mjs [FOLDER]      (default: the folder `assets` beside this script)
//
// Integers and tables only, and PNGs without compression: every platform gives the same bytes.
// Dedicated to the public domain, CC0-1.0, with everything that it makes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TILE = 8;

// Palettes: 16 colours that RGB565 holds. `day` stands in asset.json too.

// 0 backdrop, 1-3 leaf, 4-5 earth, 6-7 sand, 8-9 water, a stone, b shade, c red, d gold, e white, f ink
const DAY = '8ccfff 84d752 42a629 216121 946131 633818 efd79c ceb673 5ab6ef 2979c6 bdbeb5 73716b e74142 ffd742 ffffff 181021';
const DUSK = '523063 4a7942 295931 183839 5a3831 392029 b58e7b 8c6963 5a69b5 31418c 7b718c 4a4163 a53042 e79e42 efcfce 080410';

const colours = (row) => row.split(' ').map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

// Tiles of 8 x 8 pixels, a hexadecimal digit a pixel.

const TILES = `
  00000000 11211111 54544545 67666676 89888888 000330ee ..ffff.. 0000000e
  00000000 12111211 45455454 66676666 88998889 00333e0e .fddddf. 00e000ee
  00000000 11112111 54445445 76666766 99888998 03323330 fdeeeddf 0eee0eee
  00000000 21111112 45544554 66766667 88889888 33233233 fdeddddf eeeeeeee
  00000000 11211211 44544545 67666676 98889988 32332333 fddddddf eeeeeeee
  00000000 12112111 54455454 66667666 89988889 03333330 fddccddf 0eeeeee0
  00000000 11121121 45545545 76676676 88899888 00055000 .fdccdf. 00000000
  00000000 33333333 55555555 66666666 99999999 00054000 ..ffff.. 00000000

  a0000a00 0000c000 00aaaa00 0e0000e0 0000000f 54545454 67666676 11c11d11
  ab0ab0ab 000cdc00 0abbbba0 0ee00ee0 00000f0f 4cd4d5c4 6abaa666 1cdc1c11
  ab0ab0ab 0000c000 abaaaaba 0eeeeee0 000f0ff0 54555545 ab66ab66 11c12111
  aaaaaaaa 00030300 abaaaaba 00effe00 0f0ff0f0 45dc4c54 66ab66ab 21d1111c
  abbabbab 00033000 abaddaba 00eeee00 00ffffff 544545d5 a66666ba 1cdc11cd
  ab0ab0ab 00003000 abaddaba 00e00e00 0f0fff00 4d54c544 6ba66ab6 11d2111c
  ab0ab0ab 00033300 0abbbba0 0e0000e0 00f0f000 55455455 66bab666 11111211
  b0000b00 11111111 00aaaa00 00000000 0f000f00 55555555 66666666 33333333`;

const [upper, lower] = TILES.split('\n\n').map((block) =>
  block
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' ')),
);
/** Tile n of the drawing, as 64 digits. */
const drawing = (n) => (n < 8 ? upper : lower).map((row) => row[n % 8]).join('');
/** The seventh drawing is the lantern: it becomes an image of its own. */
const LANTERN = 6;

// PNG, without compression.

const CRC = Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let k = 0; k < 8; k += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});
const u32 = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function chunk(type, data) {
  const body = [...Buffer.from(type), ...data];
  const crc = body.reduce((sum, byte) => (sum >>> 8) ^ CRC[(sum ^ byte) & 255], 0xffffffff);
  return [...u32(data.length), ...body, ...u32(~crc >>> 0)];
}

/** A zlib stream of one stored block. */
function stored(bytes) {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  const { length } = bytes;
  const size = [length & 255, length >> 8];
  return [0x78, 0x01, 1, ...size, ...size.map((byte) => 255 - byte), ...bytes, ...u32(high * 65_536 + low)];
}

function png(width, height, colourType, rows, palette = []) {
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', [...u32(width), ...u32(height), 8, colourType, 0, 0, 0]),
    ...(palette.length > 0 ? chunk('PLTE', palette.flat()) : []),
    ...chunk('IDAT', stored(rows.flatMap((row) => [0, ...row.flat()]))),
    ...chunk('IEND', []),
  ]);
}

/** 15 tiles and an empty cell, eight in a row: the indices of `day`. */
function sheetBytes() {
  const tiles = Array.from({ length: 16 }, (_, n) => n).filter((n) => n !== LANTERN).map(drawing);
  const rows = Array.from({ length: 2 * TILE }, (_, y) =>
    Array.from({ length: 8 * TILE }, (_, x) => {
      const tile = tiles[(y >> 3) * 8 + (x >> 3)] ?? '';
      return Number.parseInt(tile[(y % TILE) * TILE + (x % TILE)] ?? '0', 16);
    }),
  );
  return png(8 * TILE, 2 * TILE, 3, rows, colours(DAY));
}

/** The lantern in true colour, with transparent pixels around it. */
function lanternBytes() {
  const digits = drawing(LANTERN);
  const rows = Array.from({ length: TILE }, (_, y) =>
    Array.from({ length: TILE }, (_, x) => {
      const digit = digits[y * TILE + x];
      return digit === '.' ? [0, 0, 0, 0] : [...colours(DAY)[Number.parseInt(digit, 16)], 255];
    }),
  );
  return png(TILE, TILE, 6, rows);
}

/** A strip of the 16 colours of `dusk`. */
function duskBytes() {
  return png(16, 1, 3, [Array.from({ length: 16 }, (_, i) => i)], colours(DUSK));
}

/** A chime of two notes that fade: unsigned 8-bit samples at 8,000 Hz, silence is 128. */
function chimeBytes() {
  const length = 2_400;
  return Uint8Array.from({ length }, (_, i) => {
    const period = i < 800 ? 12 : 8;
    const wave = Math.abs(((i % period) * 256) / period - 128) - 64;
    const loudness = i < 800 ? 800 - i : length - i;
    return 128 + Math.trunc((wave * loudness) / (i < 800 ? 800 : 1_600));
  });
}

// The scene: u16 width, u16 height, then a u16 a cell, row by row: tile + 256 x palette; little-endian.

const LEGEND = { '.': 0, '#': 1, '=': 2, _: 3, '~': 4, T: 5, o: 6, F: 7, f: 8, W: 9, b: 10, x: 11, c: 12, p: 13, w: 14, L: 16 };

const GARDEN = `
  ....o..........o....
  ..........b.........
  .T....T.......T...T.
  .........f..........
  FFFF.L..W..L..FFFFFF
  ####__________######
  ##w#__##cc##__##wx##
  ####__________##~~##
  ====pppp========~~==
  ====================`;

function gardenBytes() {
  const rows = GARDEN.trim().split(/\s+/);
  const cells = rows.flatMap((row) => [...row].map((mark) => LEGEND[mark]));
  const words = [rows[0].length, rows.length, ...cells];
  if (words.length !== 2 + rows[0].length * rows.length) throw new Error('a row of the map has another length');
  return new Uint8Array(words.flatMap((word) => [word & 255, word >> 8]));
}

const folder = process.argv[2] ?? fileURLToPath(new URL('assets', import.meta.url));
for (const [path, bytes] of [
  ['sprites/garden/tiles.png', sheetBytes()],
  ['sprites/garden/lantern.png', lanternBytes()],
  ['sprites/garden/dusk.png', duskBytes()],
  ['sounds/chime/chime.pcm', chimeBytes()],
  ['scenes/garden/garden.scene', gardenBytes()],
]) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}
