/** Accepted files as games have them. The first has the payloads of docs/example, the second has its own, drawn here. */
import { readFileSync } from 'node:fs';
import { concat, utf8 } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';
import { lay } from './accept-lay.ts';

function examplePayload(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../docs/example/payload/${name}`, import.meta.url)));
}

const meadow = lay({
  name: 'real-meadow',
  title: 'The bundled example: tiles, two sounds, a scene; alignment 16',
  clauses: ['T5', 'B1', 'M1', 'L6'],
  flags: ['real', 'bank', 'padding', 'preload'],
  alignment: 16,
  gap: 9,
  assets: [
    {
      id: 10,
      asset_name: '"meadow tiles"',
      bank_type: '"GLYPH"',
      decoded_size: '67584',
      metadata: '{"height":256,"palette_authored":6,"palette_count":64,"tile_size":16,"width":256}',
      bytes: examplePayload('tiles.glyph'),
      planned: { pipeline: { palettes: ['day', 'cave', 'dusk', 'letters', 'fire', 'ice'] } },
    },
    {
      id: 20,
      asset_name: '"jump"',
      bank_type: '"SOUNDS"',
      decoded_size: '4900',
      metadata: '{"bits":8,"channels":1,"sample_rate":11025,"signed":false}',
      bytes: examplePayload('jump.pcm'),
      offset: '34816',
      planned: { preload: {} },
    },
    {
      id: 21,
      asset_name: '"ode to joy"',
      bank_type: '"SOUNDS"',
      metadata: '{"bits":16,"channels":1,"codec":{"byte_order":"little"},"sample_rate":11025,"signed":true}',
      bytes: examplePayload('melody.pcm'),
      offset: '37280',
      planned: {
        metadata: { sample_rate: 11025, channels: 1, bits: 16, signed: true },
        codec_configuration: { byte_order: 'little' },
      },
    },
    {
      id: 40,
      asset_name: '"meadow"',
      bank_type: '"SCENE"',
      metadata: '{"height":15,"tile_asset":10,"width":40}',
      bytes: examplePayload('meadow.scene'),
      offset: '101280',
    },
  ],
  preload: [
    [10, 0],
    [20, 0],
  ],
});

/** Eight rows of eight hex digits, a pixel a digit. */
function tile(...rows: readonly string[]): readonly string[] {
  return rows;
}

const WALL = tile('88888888', '8777f777', '8777f777', 'ffffffff', '88888888', 'f7778777', 'f7778777', 'ffffffff');
const FLOOR = tile('11111111', '11111111', '11112111', '11111111', '12111111', '11111111', '11111211', '11111111');
const HERO = tile('00333300', '003aa300', '003aa300', '00033000', '03333330', '30333303', '00300300', '03300330');
const KEY = tile('00000000', '0ee00000', 'e00e0000', 'e00eeeee', '0ee00e0e', '00000000', '00000000', '00000000');

/** The plane of four tiles in a row: 32 x 8 pixels, two to a byte. */
function plane(tiles: readonly (readonly string[])[]): Uint8Array {
  const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((y) => tiles.map((rowsOf) => rowsOf[y]).join(''));
  return Uint8Array.from(rows.join('').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** One palette; the other 63 are zero. */
const COLOURS = [
  0x0000, 0x18c3, 0x3186, 0xffff, 0x07e0, 0x03e0, 0x001f, 0x8410, 0x4208, 0xf800, 0xfed7, 0x0010, 0x07ff, 0xf81f,
  0xffe0, 0x2104,
];
const palettes = new Uint8Array(2048);
palettes.set(COLOURS.flatMap((colour) => [colour & 255, colour >> 8]));

const dungeon = lay({
  name: 'real-dungeon',
  title: 'A small game: two sheets, two sounds, three rooms and one not yet built; alignment 64, ids in groups',
  clauses: ['T5', 'B1', 'M1', 'L6'],
  flags: ['real', 'bank', 'padding', 'preload', 'unicode'],
  alignment: 64,
  gap: 34,
  assets: [
    {
      id: 100,
      asset_name: '"dungeon/tiles"',
      bank_type: '"GLYPH"',
      decoded_size: '2304',
      metadata: '{"height":8,"palette_authored":1,"palette_count":64,"tile_size":8,"width":32}',
      bytes: concat(plane([WALL, FLOOR, HERO, KEY]), palettes),
    },
    {
      id: 101,
      asset_name: '"dungeon/title"',
      bank_type: '"GLYPH"',
      decoded_size: '2112',
      metadata: '{"height":8,"palette_authored":1,"palette_count":64,"tile_size":8,"width":8}',
      bytes: concat(plane([HERO]), palettes),
      offset: '2176',
      planned: { preload: {} },
    },
    {
      id: 200,
      asset_name: '"step"',
      bank_type: '"SOUNDS"',
      decoded_size: '32',
      metadata: '{"codec":{"bits":8},"loop":false,"rate":8000}',
      bytes: Uint8Array.of(128, 160, 192, 224, 240, 224, 192, 160, 128, 96, 64, 32, 16, 32, 64, 96),
      offset: '4288',
      planned: { metadata: { loop: false, rate: 8000 }, codec_configuration: { bits: 8 }, preload: {} },
    },
    {
      id: 201,
      asset_name: '"T\u00fcr \u{1f6aa}"',
      bank_type: '"SOUNDS"',
      decoded_size: '6',
      metadata: '{"codec":{"bits":8},"loop":false,"rate":4000}',
      bytes: Uint8Array.of(128, 255, 0),
      offset: '4352',
      planned: { metadata: { loop: false, rate: 4000 }, codec_configuration: { bits: 8 } },
    },
    {
      id: 300,
      asset_name: '"room 1"',
      metadata: '{"exits":{"east":301,"west":null},"height":5,"tiles":100,"width":8}',
      bytes: utf8('#########@....+##..k...##......#########'),
      offset: '4416',
    },
    {
      id: 301,
      asset_name: '"room 2"',
      metadata: '{"exits":{"east":null,"west":300},"height":3,"tiles":100,"width":8}',
      bytes: utf8('########+......#########'),
      offset: '4480',
    },
    {
      id: 302,
      asset_name: '"room 3"',
      metadata: '{"exits":{},"height":0,"tiles":100,"width":0}',
      offset: '4544',
    },
  ],
  preload: [
    [100, 1],
    [101, 0],
    [200, 0],
    [300, 15],
  ],
});

export const cases: readonly AcceptCase[] = [meadow, dungeon];
