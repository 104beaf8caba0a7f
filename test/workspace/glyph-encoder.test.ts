/** The glyph encoder: what lands where in the payload, which palette wins, what is said of wrong declarations; there and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMemory } from '../../src/index.js';
import type { GlyphTile } from '../../src/workspace/bank-encoder.js';
import { decodeImage, paletteColours } from '../../src/workspace/glyph/image.js';
import { openPng } from '../../src/workspace/glyph/png-file.js';
import { previewPng } from '../../src/workspace/glyph/preview.js';
import { fromRgb565, toRgb565 } from '../../src/workspace/glyph/rgb565.js';
import { packAssets } from '../../src/write/pack.js';
import { encodeGlyph, type GlyphOutcome, type GlyphProject, GREY_TEXTS, GREYS } from '../support/glyph.js';
import { indexedPng, png, rgbaPng, rgbPng } from '../support/png.js';

/** An indexed image of one colour index. */
function plain(side: number, index: number, palette: readonly number[] = GREYS): Buffer {
  return indexedPng(side, new Uint8Array(side * side).fill(index), palette);
}

/** The index of a pixel of a payload (B1, B2). */
function pixel(payload: Uint8Array, x: number, y: number): number {
  const byte = payload[(y * 256 + x) >> 1] as number;
  return x % 2 === 0 ? byte >> 4 : byte & 15;
}

/** The corner pixels of the first tiles of 8 pixels. */
function corners({ payload }: GlyphOutcome, count: number): number[] {
  return Array.from({ length: count }, (_, i) => pixel(payload, (i % 32) * 8, Math.floor(i / 32) * 8));
}

/** A colour of a payload, as its u16. */
function word(payload: Uint8Array, palette: number, index: number): number {
  return new DataView(payload.buffer).getUint16(32_768 + palette * 32 + index * 2, true);
}

/** `[code, pointer]` of what is wrong. */
async function faults(project: GlyphProject): Promise<(string | undefined)[][]> {
  const { bank, diagnostics } = await encodeGlyph(project);
  if (diagnostics.some(({ severity }) => severity === 'error')) expect(bank).toBeUndefined();
  return diagnostics.map(({ code, where }) => [code, where.pointer]);
}

/** The one message. */
async function message(project: GlyphProject): Promise<string> {
  const { diagnostics } = await encodeGlyph(project);
  expect(diagnostics).toHaveLength(1);
  return `${diagnostics[0]?.code} ${diagnostics[0]?.message}`;
}

/** A sheet of tiles of 8 pixels; each tile is of one index, in turn from 0. */
function sheet(columns: number, rows: number): Buffer {
  const pixels = Array.from({ length: columns * rows * 64 }, (_, i) => {
    const [x, y] = [i % (columns * 8), Math.floor(i / (columns * 8))];
    return ((y >> 3) * columns + (x >> 3)) % 16;
  });
  return indexedPng(columns * 8, pixels, GREYS);
}

describe('the payload', () => {
  it('is a plane of nibbles, left pixel high, and 64 palettes of little-endian RGB565', async () => {
    const pixels = new Uint8Array(64);
    pixels.set([1, 2, 3], 0);
    pixels.set([4], 8);
    const { payload, bank, diagnostics } = await encodeGlyph({ tiles: { 'a.png': indexedPng(8, pixels, GREYS) } });
    expect(diagnostics).toEqual([]);
    expect(payload).toHaveLength(34_816);
    expect([...payload.subarray(0, 3)]).toEqual([0x12, 0x30, 0]);
    expect([payload[128], payload[127]]).toEqual([0x40, 0]);
    // The second grey is #101010: 2, 4, 2 in 5, 6 and 5 bits.
    expect([...payload.subarray(32_768, 32_772)]).toEqual([0, 0, 0x82, 0x10]);
    expect(payload.subarray(32_800).every((byte) => byte === 0)).toBe(true);
    expect(bank).toMatchObject({
      decodedSize: 67_584,
      metadata: { width: 256, height: 256, tile_size: 8, palette_count: 64, palette_authored: 1 },
    });
  });

  it('is what a pack takes', async () => {
    const { bank, payload } = await encodeGlyph({ tiles: { 'a.png': plain(8, 1) }, metadata: { biome: 'cave' } });
    const asset = {
      assetId: 1,
      assetName: 'a',
      bankType: 'GLYPH' as const,
      inline: payload,
      metadata: bank?.metadata ?? {},
    };
    const { diagnostics } = await packAssets({ schemaVersion: 1, assets: [asset] }, toMemory());
    expect(diagnostics).toEqual([]);
  });

  it.each([8, 16, 32])('has tiles of %i pixels row by row', async (side) => {
    const perRow = 256 / side;
    const count = perRow + 2;
    const paths = Array.from({ length: count }, (_, i) => `${i}.png`);
    const tiles = Object.fromEntries(paths.map((path, i) => [path, plain(side, i % 15)]));
    const { payload } = await encodeGlyph({ tiles, build: { tileSize: side } });
    for (let i = 0; i < count; i += 1) {
      const [x, y] = [(i % perRow) * side, Math.floor(i / perRow) * side];
      expect([pixel(payload, x, y), pixel(payload, x + side - 1, y + side - 1)], `${i}`).toEqual([i % 15, i % 15]);
    }
    expect(pixel(payload, 2 * side, side)).toBe(0);
  });

  it('sorts tiles and palettes by index, however they are declared', async () => {
    const tiles = { 'a.png': plain(8, 7), 's.png': sheet(3, 2), 'b.png': plain(8, 9) };
    const lines: GlyphTile[] = [
      { index: 7, input: 's.png', column: 2, row: 1 },
      { firstIndex: 1, input: 's.png' },
      { index: 8, input: 'a.png' },
      { index: 0, input: 'b.png' },
    ];
    const palettes = [
      { index: 1, colors: GREY_TEXTS },
      { index: 0, colors: GREY_TEXTS.toReversed() },
    ];
    const outcome = await encodeGlyph({ tiles, build: { tiles: lines, palettes } });
    expect(outcome.diagnostics).toEqual([]);
    expect(corners(outcome, 10)).toEqual([9, 0, 1, 2, 3, 4, 5, 5, 7, 0]);
    expect([word(outcome.payload, 0, 0), word(outcome.payload, 1, 0)]).toEqual([toRgb565(GREYS[15] as number), 0]);
    expect(outcome.bank?.metadata['palette_authored']).toBe(2);
    const again = await encodeGlyph({
      tiles,
      build: { tiles: lines.toReversed(), palettes: palettes.toReversed() },
    });
    expect(again.payload).toEqual(outcome.payload);
  });

  it('may be full: 1,024 tiles and 64 palettes', async () => {
    const palettes = Array.from({ length: 64 }, (_, index) => ({ index, colors: GREY_TEXTS }));
    const outcome = await encodeGlyph({
      tiles: { 's.png': sheet(32, 32) },
      build: { tiles: [{ firstIndex: 0, input: 's.png' }], palettes },
    });
    expect(outcome.diagnostics).toEqual([]);
    expect(corners(outcome, 1_024)).toEqual(Array.from({ length: 1_024 }, (_, i) => i % 16));
    expect(word(outcome.payload, 63, 15)).toBe(toRgb565(GREYS[15] as number));
  });
});

describe('colours', () => {
  const [A = 0, B = 0, C = 0, D = 0] = GREYS.slice(4);
  const two = [
    { index: 0, colors: GREY_TEXTS.map((text, i) => (i < 8 ? text : GREY_TEXTS[0])) as string[] },
    { index: 1, colors: GREY_TEXTS.toReversed() },
  ];
  const tile = (...colours: number[]) =>
    rgbPng(
      8,
      Array.from({ length: 64 }, (_, i) => colours[i % colours.length] as number),
    );

  it('become indices of the first palette that has them all, at their first place there', async () => {
    const project = { tiles: { 'a.png': tile(A, B), 'b.png': tile(A, GREYS[9] as number), 'c.png': tile(0) } };
    const outcome = await encodeGlyph({ ...project, build: { palettes: two } });
    expect(outcome.diagnostics).toEqual([]);
    const { payload } = outcome;
    expect([0, 1, 8, 9, 16].map((x) => pixel(payload, x, 0))).toEqual([4, 5, 11, 6, 0]);
  });

  it('are compared before they become RGB565', async () => {
    const near = (GREYS[1] as number) + 1;
    expect(await message({ tiles: { 'a.png': tile(near) } })).toBe(
      'GLYPH_COLOURS no palette has all colours of tile 0: got palette 0 without #101011',
    );
  });

  it('are not sought among the places that an image palette of fewer colours leaves', async () => {
    const build = { palettes: [{ index: 0, colors: [], input: 'p.png' }] };
    const palettes = { 'p.png': plain(1, 0, [A, B]) };
    expect(await message({ tiles: { 'a.png': tile(A, 0) }, palettes, build })).toBe(
      'GLYPH_COLOURS no palette has all colours of tile 0: got palette 0 without #000000',
    );
    expect((await encodeGlyph({ tiles: { 'a.png': tile(B) }, palettes, build })).diagnostics).toEqual([]);
  });

  it('of transparent pixels do not count, and become index 0', async () => {
    const pixels = Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? undefined : D));
    const { payload, diagnostics } = await encodeGlyph({
      tiles: { 'a.png': rgbaPng(8, pixels), 'b.png': rgbaPng(8, new Array(64).fill(undefined)) },
    });
    expect(diagnostics).toEqual([]);
    expect([0, 1, 8, 9].map((x) => pixel(payload, x, 0))).toEqual([0, 7, 0, 0]);
  });

  it('of grey images are greys', async () => {
    const grey = png({
      width: 8,
      height: 8,
      depth: 1,
      colour: 0,
      samples: Array.from({ length: 64 }, (_, i) => i % 2),
    });
    const { payload } = await encodeGlyph({
      tiles: { 'a.png': grey },
      build: { palettes: [{ index: 0, colors: ['#FFFFFF', ...GREY_TEXTS.slice(0, 15)] }] },
    });
    expect([pixel(payload, 0, 0), pixel(payload, 1, 0)]).toEqual([1, 0]);
  });

  it('of 17 kinds cannot be in one palette', async () => {
    const colours = Array.from({ length: 17 }, (_, i) => i);
    expect(await message({ tiles: { 'a.png': tile(...colours) } })).toBe(
      'GLYPH_COLOURS tile 0 has too many colours: expected at most 16, got 17',
    );
  });

  it('RGB565 keeps the upper bits, and gives back what it can hold', () => {
    expect([0x000000, 0xffffff, 0x070307, 0x080408, 0xff0000, 0x00ff00, 0x0000ff].map(toRgb565)).toEqual([
      0, 0xffff, 0, 0x0821, 0xf800, 0x07e0, 0x001f,
    ]);
    expect(many(65_536, Number).filter((each) => toRgb565(fromRgb565(each)) !== each)).toEqual([]);
    expect(C).toBe(fromRgb565(toRgb565(C)));
  });
});

const ONE = { 'a.png': plain(8, 1) };
const LINE = { index: 0, input: 'a.png' };
const PALETTE = { index: 0, colors: GREY_TEXTS };
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('wrong declarations', () => {
  const rows: readonly (readonly [
    how: string,
    project: GlyphProject,
    faults: readonly (readonly [string, string])[],
  ])[] = [
    ['no build', { tiles: ONE, build: undefined }, [['GLYPH_BUILD', '']]],
    ['no tile size', { tiles: ONE, build: { tileSize: 0 } }, [['GLYPH_BUILD', '/build/tile_size']]],
    ['tile size 24', { tiles: ONE, build: { tileSize: 24 } }, [['GLYPH_BUILD', '/build/tile_size']]],
    ['no input', {}, [['GLYPH_BUILD', '/inputs']]],
    ['an unknown role', { tiles: ONE, inputs: { 'a/b': ['x'] } }, [['GLYPH_BUILD', '/inputs/a~1b']]],
    ['no palette', { tiles: ONE, build: { palettes: [] } }, [['GLYPH_BUILD', '/build']]],
    [
      'both kinds of index',
      { tiles: ONE, build: { tiles: [{ ...LINE, firstIndex: 0 }] } },
      [['GLYPH_BUILD', '/build/tiles/0']],
    ],
    ['no kind of index', { tiles: ONE, build: { tiles: [{ input: 'a.png' }] } }, [['GLYPH_BUILD', '/build/tiles/0']]],
    ['column alone', { tiles: ONE, build: { tiles: [{ ...LINE, column: 0 }] } }, [['GLYPH_BUILD', '/build/tiles/0']]],
    ['row alone', { tiles: ONE, build: { tiles: [{ ...LINE, row: 0 }] } }, [['GLYPH_BUILD', '/build/tiles/0']]],
    [
      'a cell beside first_index',
      { tiles: ONE, build: { tiles: [{ firstIndex: 0, input: 'a.png', column: 0, row: 0 }] } },
      [['GLYPH_BUILD', '/build/tiles/0']],
    ],
    [
      'an unlisted tile',
      { tiles: ONE, build: { tiles: [{ index: 0, input: 'b.png' }] } },
      [['GLYPH_BUILD', '/build/tiles/0/input']],
    ],
    [
      'a palette input of the role tiles only',
      { tiles: ONE, build: { palettes: [{ index: 0, colors: [], input: 'a.png' }] } },
      [['GLYPH_BUILD', '/build/palettes/0/input']],
    ],
    [
      'both sources of a palette',
      { tiles: ONE, build: { palettes: [{ ...PALETTE, input: 'a.png' }] } },
      [['GLYPH_BUILD', '/build/palettes/0']],
    ],
    [
      'no source of a palette',
      { tiles: ONE, build: { palettes: [{ index: 0, colors: [] }] } },
      [['GLYPH_BUILD', '/build/palettes/0']],
    ],
    [
      '15 colours',
      { tiles: ONE, build: { palettes: [{ index: 0, colors: GREY_TEXTS.slice(1) }] } },
      [['GLYPH_BUILD', '/build/palettes/0/colors']],
    ],
    [
      'no colours at all',
      { tiles: ONE, build: { palettes: [{ index: 0, colors: ['red', '#fff', ...GREY_TEXTS.slice(2)] }] } },
      [
        ['GLYPH_BUILD', '/build/palettes/0/colors/0'],
        ['GLYPH_BUILD', '/build/palettes/0/colors/1'],
      ],
    ],
    [
      'index -1',
      { tiles: ONE, build: { tiles: [{ index: -1, input: 'a.png' }] } },
      [['GLYPH_BUILD', '/build/tiles/0/index']],
    ],
    [
      'index 0.5',
      { tiles: ONE, build: { palettes: [{ ...PALETTE, index: 0.5 }] } },
      [['GLYPH_BUILD', '/build/palettes/0/index']],
    ],
    [
      'tile 1024',
      { tiles: ONE, build: { tiles: [{ index: 1_024, input: 'a.png' }] } },
      [['GLYPH_CAPACITY', '/build/tiles/0/index']],
    ],
    [
      'palette 64',
      { tiles: ONE, build: { palettes: [{ ...PALETTE, index: 64 }] } },
      [['GLYPH_CAPACITY', '/build/palettes/0/index']],
    ],
    [
      '65 palettes',
      { tiles: ONE, build: { palettes: many(65, (index) => ({ ...PALETTE, index })) } },
      [['GLYPH_CAPACITY', '/build/palettes']],
    ],
    ['1,025 lines', { tiles: ONE, build: { tiles: many(1_025, () => LINE) } }, [['GLYPH_CAPACITY', '/build/tiles']]],
    [
      '65 inputs',
      { inputs: { tiles: many(65, String) }, build: { tileSize: 32 } },
      [['GLYPH_CAPACITY', '/inputs/tiles']],
    ],
    [
      'a sheet that begins too late',
      { tiles: { 's.png': sheet(2, 2) }, build: { tiles: [{ firstIndex: 1_021, input: 's.png' }] } },
      [['GLYPH_CAPACITY', '/build/tiles/0']],
    ],
    ['an image that is no tile', { tiles: { 's.png': sheet(2, 1) } }, [['GLYPH_IMAGE_SIZE', '/inputs/tiles/0']]],
    [
      'a sheet with a margin',
      {
        tiles: { 's.png': indexedPng(9, new Uint8Array(72), GREYS) },
        build: { tiles: [{ firstIndex: 0, input: 's.png' }] },
      },
      [['GLYPH_IMAGE_SIZE', '/build/tiles/0']],
    ],
    [
      'cells that are not there',
      {
        tiles: { 's.png': sheet(2, 1) },
        build: {
          tiles: [
            { index: 0, input: 's.png', column: 2, row: 0 },
            { index: 1, input: 's.png', column: 0, row: 1 },
          ],
        },
      },
      [
        ['GLYPH_IMAGE_SIZE', '/build/tiles/0'],
        ['GLYPH_IMAGE_SIZE', '/build/tiles/1'],
      ],
    ],
    [
      'tiles that overlap',
      {
        tiles: { 's.png': sheet(2, 1), ...ONE },
        build: {
          tiles: [
            { firstIndex: 0, input: 's.png' },
            { index: 1, input: 'a.png' },
          ],
        },
      },
      [['GLYPH_INDEX_DUPLICATE', '/build/tiles/1']],
    ],
    [
      'a tile that is missing',
      { tiles: ONE, build: { tiles: [LINE, { ...LINE, index: 2 }] } },
      [['GLYPH_INDEX_GAP', '/build/tiles/1']],
    ],
    [
      'palettes 1 and 1',
      {
        tiles: ONE,
        build: {
          palettes: [
            { ...PALETTE, index: 1 },
            { ...PALETTE, index: 1 },
          ],
        },
      },
      [
        ['GLYPH_INDEX_GAP', '/build/palettes/0'],
        ['GLYPH_INDEX_DUPLICATE', '/build/palettes/1'],
      ],
    ],
    [
      'a palette of true colour',
      {
        tiles: ONE,
        palettes: { 'p.png': rgbPng(1, [0]) },
        build: { palettes: [{ index: 0, colors: [], input: 'p.png' }] },
      },
      [['GLYPH_PALETTE', '/inputs/palettes/0']],
    ],
    [
      'a palette of 17',
      {
        tiles: ONE,
        palettes: { 'p.png': plain(1, 0, [...GREYS, 1]) },
        build: { palettes: [{ index: 0, colors: [], input: 'p.png' }] },
      },
      [['GLYPH_PALETTE', '/inputs/palettes/0']],
    ],
    [
      'a half-transparent pixel',
      { tiles: { 'a.png': rgbaPng(8, new Array(64).fill(0), 128) } },
      [['GLYPH_ALPHA', '/inputs/tiles/0']],
    ],
    ['index 16', { tiles: { 'a.png': plain(8, 16, [...GREYS, 1]) } }, [['GLYPH_PIXEL_INDEX', '/inputs/tiles/0']]],
    [
      'images that are none',
      {
        tiles: { 'a.png': Buffer.from('x') },
        palettes: { 'p.png': Buffer.from('y') },
        build: { palettes: [{ index: 0, colors: [], input: 'p.png' }] },
      },
      [
        ['PNG_INVALID', '/inputs/palettes/0'],
        ['PNG_INVALID', '/inputs/tiles/0'],
      ],
    ],
    [
      'an output that says otherwise',
      {
        tiles: ONE,
        metadata: { width: 128, palette_count: 1, tile_size: 16, palette_authored: 2, free: 1 },
        decodedSize: 67_584,
      },
      [
        ['GLYPH_OUTPUT', '/output/decoded_size'],
        ['GLYPH_OUTPUT', '/output/metadata/palette_authored'],
        ['GLYPH_OUTPUT', '/output/metadata/palette_count'],
        ['GLYPH_OUTPUT', '/output/metadata/tile_size'],
        ['GLYPH_OUTPUT', '/output/metadata/width'],
      ],
    ],
    [
      'inputs without a use',
      { tiles: { ...ONE, 'b.png': Buffer.from('') }, palettes: { 'p.png': Buffer.from('') }, build: { tiles: [LINE] } },
      [
        ['GLYPH_INPUT_UNUSED', '/inputs/palettes/0'],
        ['GLYPH_INPUT_UNUSED', '/inputs/tiles/1'],
      ],
    ],
  ];

  it.each(rows)('%s', async (_, project, expected) => {
    expect(await faults(project)).toEqual(expected);
  });

  it('an output that says the same is right', async () => {
    const metadata = { width: 256, palette_count: 64, tile_size: 8, palette_authored: 1, height: 256 };
    expect(await faults({ tiles: ONE, metadata })).toEqual([]);
  });

  it('an image is only decompressed when its sides are right', async () => {
    const bomb = png(
      { width: 4_096, height: 1_024, depth: 8, colour: 3, samples: [], palette: [0] },
      { raw: () => new Uint8Array(1) },
    );
    expect(await faults({ tiles: { 'a.png': bomb } })).toEqual([['GLYPH_IMAGE_SIZE', '/inputs/tiles/0']]);
    const build = { tiles: [{ firstIndex: 0, input: 'a.png' }] };
    expect(await faults({ tiles: { 'a.png': bomb }, build })).toEqual([['GLYPH_CAPACITY', '/build/tiles/0']]);
  });

  it('the images of a bank have a bound together', async () => {
    const big = png(
      { width: 4_096, height: 1_024, depth: 1, colour: 3, samples: [], palette: [0] },
      { raw: () => new Uint8Array(513 * 1_024) },
    );
    const paths = many(5, (i) => `${i}.png`);
    const lines = paths.map((input, index) => ({ index, input, column: 511, row: 127 }));
    const tiles = Object.fromEntries(paths.map((path) => [path, big]));
    expect(await faults({ tiles, build: { tiles: lines } })).toEqual([['GLYPH_IMAGE_LIMIT', '/inputs/tiles/4']]);
  });
});

describe('there and back', () => {
  const colours = fc.nat(0xffff).map(fromRgb565);

  it('a preview has the indices and, where RGB565 holds them, the colours; and it is a source of the same payload', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(8, 16, 32),
        fc.array(fc.array(fc.nat(15), { minLength: 1, maxLength: 64 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.array(colours, { minLength: 16, maxLength: 16 }), { minLength: 1, maxLength: 3 }),
        async (side, seeds, palettes) => {
          const pixels = seeds.map((seed) => many(side * side, (i) => seed[i % seed.length] as number));
          const tiles = Object.fromEntries(
            pixels.map((each, i) => [`${i}.png`, indexedPng(side, each, palettes[0] as number[])]),
          );
          const declared = palettes.map((each, index) => ({
            index,
            colors: each.map((c) => `#${c.toString(16).padStart(6, '0')}`),
          }));
          const build = { tileSize: side, palettes: declared };
          const { payload, diagnostics } = await encodeGlyph({ tiles, build });
          expect(diagnostics).toEqual([]);

          const last = palettes.length - 1;
          const preview = previewPng(payload, { width: 256, height: 256 }, last);
          const file = openPng(preview);
          expect(paletteColours(file)).toEqual(palettes[last]);
          const image = decodeImage(file);
          const perRow = 256 / side;
          for (const [i, each] of pixels.entries()) {
            const corner = Math.floor(i / perRow) * side * 256 + (i % perRow) * side;
            const back = many(side * side, (p) => image.pixels[corner + Math.floor(p / side) * 256 + (p % side)]);
            expect(back).toEqual(each);
          }
          expect(image.pixels.filter((p) => p > 0)).toHaveLength(pixels.flat().filter((p) => p > 0).length);

          const lines = [{ firstIndex: 0, input: 'preview.png' }];
          const again = await encodeGlyph({ tiles: { 'preview.png': preview }, build: { ...build, tiles: lines } });
          expect(again.payload).toEqual(payload);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('true-colour tiles come back in the palette that has their colours', async () => {
    const picture = many(64, (i) => GREYS[(i * 7) % 16] as number);
    const { payload } = await encodeGlyph({ tiles: { 'a.png': rgbPng(8, picture) } });
    const file = openPng(previewPng(payload, { width: 256, height: 256 }, 0));
    const { pixels } = decodeImage(file);
    expect(many(64, (i) => paletteColours(file)?.[pixels[(i >> 3) * 256 + (i % 8)] as number])).toEqual(picture);
  });
});
