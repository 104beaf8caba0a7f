/** Accepted files about bank types. Every sheet has an even number of pixels, since its sides are multiples of 8. */
import { concat, counting, utf8, zeros } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';
import { lay } from './accept-lay.ts';

/** 64 palettes of 16 RGB565 colours: `authored` of them with shades of their own, the others zero. */
function palettes(authored: number): Uint8Array {
  const bytes = new Uint8Array(2048);
  for (let at = 0; at < authored * 32; at += 2) {
    // Colour c of palette p: red p / 2, green 4 c, blue 31 - c.
    const [p, c] = [at >> 5, (at >> 1) & 15];
    const colour = ((p >> 1) << 11) | ((4 * c) << 5) | (31 - c);
    bytes[at] = colour & 255;
    bytes[at + 1] = colour >> 8;
  }
  return bytes;
}

/** A sheet whose pixel at (x, y) has colour (x + 3 y) mod 16; the even pixel is the high nibble. */
function sheet(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array((width * height) / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    const [x, y] = [(2 * i) % width, Math.floor((2 * i) / width)];
    bytes[i] = (((x + 3 * y) & 15) << 4) | ((x + 1 + 3 * y) & 15);
  }
  return bytes;
}

const SMALLEST = '{"height":8,"palette_count":64,"tile_size":8,"width":8}';

/** A GLYPH asset of 8 x 8 pixels in one colour. */
export function smallestGlyph(id: number, colour: number) {
  const plane = zeros(32).fill(colour * 17);
  return {
    id,
    asset_name: `"glyph ${id}"`,
    bank_type: '"GLYPH"',
    decoded_size: '2112',
    metadata: SMALLEST,
    bytes: concat(plane, palettes(0)),
  };
}

const glyphs: readonly AcceptCase[] = [
  lay({
    name: 'glyph-8x8',
    title: 'The smallest sheet: 8 x 8 pixels, no palette count of its own; 32 + 2,048 bytes, 64 + 2,048 decoded',
    clauses: ['B1', 'B2'],
    flags: ['minimal', 'boundary', 'bank'],
    assets: [
      {
        id: 1,
        asset_name: '"tiles"',
        bank_type: '"GLYPH"',
        decoded_size: '2112',
        metadata: SMALLEST,
        bytes: concat(sheet(8, 8), palettes(1)),
      },
    ],
  }),
  lay({
    name: 'glyph-256x256',
    title: 'A full sheet of 256 x 256 pixels with 64 palettes of its own: 34,816 bytes, 67,584 decoded',
    clauses: ['B1', 'B3'],
    flags: ['boundary', 'bank'],
    assets: [
      {
        id: 1,
        asset_name: '"tiles"',
        bank_type: '"GLYPH"',
        decoded_size: '67584',
        metadata: '{"height":256,"palette_authored":64,"palette_count":64,"tile_size":8,"width":256}',
        bytes: concat(sheet(256, 256), palettes(64)),
      },
    ],
  }),
  lay({
    name: 'glyph-tile-16',
    title: 'Tiles of 16 pixels: the smallest such sheet, without palettes of its own',
    clauses: ['B1'],
    flags: ['boundary', 'bank'],
    assets: [
      {
        id: 1,
        asset_name: '"tiles"',
        bank_type: '"GLYPH"',
        decoded_size: '2304',
        metadata: '{"height":16,"palette_authored":0,"palette_count":64,"tile_size":16,"width":16}',
        bytes: concat(sheet(16, 16), palettes(0)),
      },
    ],
  }),
  lay({
    name: 'glyph-tile-32',
    title: 'Tiles of 32 pixels: the smallest such sheet, one palette of its own',
    clauses: ['B1'],
    flags: ['boundary', 'bank'],
    assets: [
      {
        id: 1,
        asset_name: '"tiles"',
        bank_type: '"GLYPH"',
        decoded_size: '3072',
        metadata: '{"height":32,"palette_authored":1,"palette_count":64,"tile_size":32,"width":32}',
        bytes: concat(sheet(32, 32), palettes(1)),
      },
    ],
  }),
  lay({
    name: 'glyph-not-square',
    title: 'A wide sheet and a tall one; sides are multiples of the tile, not of each other',
    clauses: ['B1'],
    flags: ['bank'],
    assets: [
      {
        id: 1,
        asset_name: '"wide"',
        bank_type: '"GLYPH"',
        decoded_size: '2368',
        metadata: '{"height":8,"palette_count":64,"tile_size":8,"width":40}',
        bytes: concat(sheet(40, 8), palettes(2)),
      },
      {
        id: 2,
        asset_name: '"tall"',
        bank_type: '"GLYPH"',
        decoded_size: '2816',
        metadata: '{"height":48,"palette_count":64,"tile_size":16,"width":16}',
        bytes: concat(sheet(16, 48), palettes(3)),
        offset: '2208',
      },
    ],
  }),
  lay({
    name: 'glyph-wider-than-256',
    title: 'A sheet of 512 x 8 pixels: B3 bounds banks made from artifacts, not every sheet',
    clauses: ['B1', 'B3'],
    flags: ['boundary', 'bank'],
    assets: [
      {
        id: 1,
        asset_name: '"strip"',
        bank_type: '"GLYPH"',
        decoded_size: '6144',
        metadata: '{"height":8,"palette_count":64,"tile_size":8,"width":512}',
        bytes: concat(sheet(512, 8), palettes(1)),
      },
    ],
  }),
  lay({
    name: 'glyph-more-metadata',
    title: 'A sheet with members of its own beside those of the rule, and an empty codec configuration',
    clauses: ['B1', 'M1'],
    flags: ['bank'],
    assets: [
      {
        id: 1,
        asset_name: '"tiles"',
        bank_type: '"GLYPH"',
        decoded_size: '2112',
        metadata:
          '{"artist":"\u00c9va","codec":{},"height":8,"palette_count":64,"tags":["hud"],"tile_size":8,"width":8}',
        bytes: concat(sheet(8, 8), palettes(1)),
        planned: {
          metadata: { width: 8, height: 8, tile_size: 8, palette_count: 64, tags: ['hud'], artist: '\u00c9va' },
          codec_configuration: {},
          decoded_size: 2112,
          size: 2080,
        },
      },
    ],
  }),
];

const others: readonly AcceptCase[] = [
  lay({
    name: 'sounds-any-metadata',
    title: 'SOUNDS: any metadata, also what would be wrong for a sheet',
    clauses: ['B4', 'M4'],
    flags: ['bank'],
    assets: [
      {
        id: 1,
        asset_name: '"beep"',
        bank_type: '"SOUNDS"',
        decoded_size: '882',
        metadata: '{"channels":1,"height":-1,"loop":{"from":0,"to":null},"palette_count":0,"width":"wide"}',
        bytes: counting(13),
      },
    ],
  }),
  lay({
    name: 'scene-any-metadata',
    title: 'SCENE: any metadata',
    clauses: ['B4', 'M4'],
    flags: ['bank'],
    assets: [
      {
        id: 1,
        asset_name: '"room"',
        bank_type: '"SCENE"',
        decoded_size: '7',
        metadata: '{"layers":[{"name":"sky","speed":-2},{"name":"ground"}],"tile_size":9,"width":0}',
        bytes: counting(7),
      },
    ],
  }),
  lay({
    name: 'every-bank',
    title: 'One asset of each bank type; order is by id, not by bank',
    clauses: ['T1', 'T2', 'B1', 'B4'],
    flags: ['bank', 'order'],
    assets: [
      { id: 5, asset_name: '"beep"', bank_type: '"SOUNDS"', bytes: utf8('beep') },
      { ...smallestGlyph(6, 7), offset: '4' },
      { id: 7, asset_name: '"room"', bytes: utf8('room!'), offset: '2084' },
    ],
  }),
];

export const cases: readonly AcceptCase[] = [...glyphs, ...others];
