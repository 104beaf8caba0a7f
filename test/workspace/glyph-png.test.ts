/** PNGs of every kind, written by a program that shares no code with the reader; broken ones and bombs. */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage, type Image, PARTIAL, paletteColours, TRANSPARENT } from '../../src/workspace/glyph/image.js';
import { ImageError, openPng, PNG_BYTES_MAX } from '../../src/workspace/glyph/png-file.js';
import { chunk, indexedPng, png, type RawPng, rgbPng, SIGNATURE, type Wrong } from '../support/png.js';

function read(bytes: Uint8Array): Image {
  return decodeImage(openPng(bytes));
}

/** Code, message and place of what is wrong with an image. */
function faultOf(bytes: Uint8Array): (string | number | undefined)[] {
  try {
    read(bytes);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const offset = error.parts.details?.['offset'] as number | undefined;
    return [error.code, error.parts.what, ...(offset === undefined ? [] : [offset])];
  }
  return expect.unreachable('the image was read');
}

const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] } as const;
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Images whose samples of 16 bits are those of 8 bits, so that nothing is lost. */
const images = fc
  .constantFrom(0, 2, 3, 4, 6)
  .chain((colour) => fc.record({ colour: fc.constant(colour), depth: fc.constantFrom(...DEPTHS[colour]) }))
  .chain(({ colour, depth }) =>
    fc
      .record({
        width: fc.integer({ min: 1, max: 19 }),
        height: fc.integer({ min: 1, max: 19 }),
        seed: fc.array(fc.nat(2 ** Math.min(depth, 8) - 1), { minLength: 1, maxLength: 97 }),
        filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 9 }),
        interlaced: fc.boolean(),
        idat: fc.integer({ min: 1, max: 200 }),
      })
      .map(({ seed, filters, ...rest }): RawPng => {
        const count = rest.width * rest.height * CHANNELS[colour];
        const samples = Array.from(
          { length: count },
          (_, i) => (seed[i % seed.length] as number) * (depth === 16 ? 257 : 1),
        );
        const palette = Array.from({ length: 2 ** depth }, (_, i) => (i * 0x010307) & 0xffffff);
        const filter = (row: number) => filters[row % filters.length] as number;
        return { colour, depth, samples, filter, ...rest, ...(colour === 3 && { palette }) };
      }),
  );

/** What the pixels of an image are, by the definition of its colour type. */
function meaning({ width, height, depth, colour, samples }: RawPng): number[] {
  const channels = CHANNELS[colour];
  const to8 = (sample: number) => Math.round((sample * 255) / (2 ** depth - 1));
  return Array.from({ length: width * height }, (_, i) => {
    const each = Array.from({ length: channels }, (_, c) => samples[i * channels + c] as number);
    if (colour === 3) return each[0] as number;
    const alpha = channels % 2 === 0 ? to8(each.at(-1) as number) : 255;
    if (alpha === 0) return TRANSPARENT;
    if (alpha < 255) return PARTIAL;
    const [red = 0, green = red, blue = red] = each.slice(0, channels > 2 ? 3 : 1).map(to8);
    return red * 0x10000 + green * 0x100 + blue;
  });
}

describe('reading PNGs', () => {
  it('gives the pixels of every colour type, depth, filter and order', () => {
    fc.assert(
      fc.property(images, (image) => {
        const { width, height, pixels, isIndexed } = read(png(image));
        expect([width, height, isIndexed]).toEqual([image.width, image.height, image.colour === 3]);
        expect([...pixels]).toEqual(meaning(image));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the palette of an indexed image, and of no other', () => {
    expect(paletteColours(openPng(indexedPng(1, [1], [0x010203, 0xfffefd])))).toEqual([0x010203, 0xfffefd]);
    expect(paletteColours(openPng(rgbPng(1, [1])))).toBeUndefined();
  });

  it('takes the one transparent colour of a grey or true-colour image at its full depth', () => {
    const grey = { width: 2, height: 1, depth: 2, colour: 0, samples: [3, 1], transparency: [0xff, 0x01] } as const;
    expect([...read(png(grey)).pixels]).toEqual([0xffffff, TRANSPARENT]);
    const rgb = { width: 2, height: 1, depth: 8, colour: 2, samples: [1, 2, 3, 1, 2, 4] } as const;
    expect([...read(png({ ...rgb, transparency: [0, 1, 0, 2, 0, 4] })).pixels]).toEqual([0x010203, TRANSPARENT]);
  });

  it('passes over the transparency of an indexed image, and over chunks that it need not know', () => {
    const image: RawPng = {
      width: 1,
      height: 1,
      depth: 8,
      colour: 3,
      samples: [1],
      palette: [0, 1],
      transparency: [0, 7],
    };
    const more = ['gAMA', 'iCCP', 'tEXt', 'fcTL', 'prVt'].map((type) => chunk(type, Buffer.from('no such content')));
    const bytes = png(image, { chunks: ([head, ...rest]) => [head as Buffer, ...more, ...rest] });
    expect([...read(bytes).pixels]).toEqual([1]);
  });

  it('reads an image that does not begin where its buffer does', () => {
    const bytes = indexedPng(2, [1, 0], [5, 6]);
    const buffer = Buffer.concat([Buffer.alloc(3, 0xff), bytes]);
    expect([...read(buffer.subarray(3)).pixels]).toEqual([1, 0]);
  });
});

const SMALL: RawPng = { width: 2, height: 2, depth: 8, colour: 3, samples: [0, 1, 1, 0], palette: [0, 1] };
const good = png(SMALL);
/** Where its IEND begins, and how long its IDAT is. */
const END = good.length - 12;
const IDAT = END - 51;

/** The small image with something wrong in it. */
function wrong(parts: Wrong, image: Partial<RawPng> = {}): Buffer {
  return png({ ...SMALL, ...image }, parts);
}

/** The small image with another list of chunks: those of IHDR, PLTE, IDAT and IEND are handed over. */
function listed(chunks: (ihdr: Buffer, plte: Buffer, idat: Buffer, iend: Buffer) => Buffer[]): Buffer {
  return wrong({ chunks: (each) => chunks(...(each as [Buffer, Buffer, Buffer, Buffer])) });
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

const TRNS = chunk('tRNS', Buffer.from([0]));

const BROKEN: readonly (readonly [how: string, bytes: Uint8Array, what: string, offset: number | undefined])[] = [
  ['nothing', new Uint8Array(), 'it does not begin as a PNG does', 0],
  ['a GIF', Buffer.from('GIF89a'), 'it does not begin as a PNG does', 0],
  ['a signature alone', SIGNATURE, 'the file ends before its IEND chunk', 8],
  ['a file without IEND', good.subarray(0, -12), 'the file ends before its IEND chunk', END],
  ['a file that ends in a chunk', good.subarray(0, -1), 'the file ends before its IEND chunk', good.length - 1],
  ['a length beyond the file', Buffer.concat([SIGNATURE, Buffer.alloc(16, 0x7f)]), 'a chunk ends after the file', 8],
  ['a type that is none', listed((...all) => [chunk('I!DR'), ...all]), 'a chunk has no type', 8],
  ['a wrong CRC', flipped(good, 29), 'the CRC of a chunk IHDR is wrong', 8],
  ['a flipped bit of a pixel', flipped(good, 65), 'the CRC of a chunk IDAT is wrong', 51],
  ['bytes after the image', Buffer.concat([good, Buffer.from('x')]), 'bytes follow the image', good.length],
  [
    'an IEND that holds something',
    listed((a, b, c) => [a, b, c, chunk('IEND', Buffer.from('x'))]),
    'the chunk IEND is not empty',
    END,
  ],
  ['no IHDR', listed((_, ...rest) => rest), 'a chunk PLTE is out of order', 8],
  ['two IHDR', listed((a, ...rest) => [a, a, ...rest]), 'a chunk IHDR is out of order', 33],
  [
    'a long IHDR',
    listed((_, ...rest) => [chunk('IHDR', Buffer.alloc(14)), ...rest]),
    'the chunk IHDR has a wrong length',
    8,
  ],
  ['no IDAT', listed((a, b, _, d) => [a, b, d]), 'the image has no pixels', 51],
  ['no PLTE', listed((a, _, ...rest) => [a, ...rest]), 'an indexed image has no chunk PLTE', 33 + IDAT],
  ['two PLTE', listed((a, b, ...rest) => [a, b, b, ...rest]), 'a chunk PLTE is out of order', 51],
  ['a late PLTE', listed((a, b, c, d) => [a, c, b, d]), 'a chunk PLTE is out of order', 33 + IDAT],
  [
    'a PLTE of 7 bytes',
    listed((a, _, ...rest) => [a, chunk('PLTE', Buffer.alloc(7)), ...rest]),
    'the chunk PLTE does not hold 1 to 256 colours',
    33,
  ],
  [
    'more colours than the depth has',
    wrong({}, { depth: 1, palette: [0, 1, 2] }),
    'the chunk PLTE does not hold 1 to 2 colours',
    33,
  ],
  ['a palette of a grey image', wrong({}, { colour: 0 }), 'a grey image has a chunk PLTE', 33],
  ['an early tRNS', listed((a, ...rest) => [a, TRNS, ...rest]), 'a chunk tRNS is out of order', 33],
  ['a late tRNS', listed((a, b, c, d) => [a, b, c, TRNS, d]), 'a chunk tRNS is out of order', END],
  ['a long tRNS', wrong({}, { transparency: [1, 2, 3] }), 'the chunk tRNS does not fit the image', 51],
  [
    'an unknown chunk that is critical',
    listed((a, ...rest) => [a, chunk('FOOO'), ...rest]),
    'a chunk FOOO is not known',
    33,
  ],
  ['IDAT apart', listed((a, b, c, d) => [a, b, c, chunk('tEXt'), c, d]), 'a chunk IDAT is out of order', END + 12],
  ['depth 3', wrong({ ihdr: [8, 3] }), 'there is no colour type 3 of 3 bits', 8],
  ['an indexed image of 16 bits', wrong({ ihdr: [8, 16] }), 'there is no colour type 3 of 16 bits', 8],
  ['colour type 5', wrong({ ihdr: [9, 5] }), 'there is no colour type 5 of 8 bits', 8],
  ['another compression', wrong({ ihdr: [10, 1] }), 'its compression, filter or interlacing is not known', 8],
  ['another interlacing', wrong({ ihdr: [12, 2] }), 'its compression, filter or interlacing is not known', 8],
  ['no rows', wrong({ ihdr: [7, 0] }), 'the image has no pixels', 8],
  [
    'fewer rows than the image',
    wrong({ raw: (raw) => raw.subarray(1) }),
    'the compressed data has fewer pixels than the image',
    undefined,
  ],
  [
    'more rows than the image',
    wrong({ raw: (raw) => Buffer.concat([raw, raw]) }),
    'the compressed data has more pixels than the image',
    undefined,
  ],
  ['no zlib data', wrong({ data: () => Buffer.from('what is this') }), 'the compressed data is broken', undefined],
  [
    'compressed data that ends',
    wrong({ data: (data) => data.subarray(0, -3) }),
    'the compressed data is broken',
    undefined,
  ],
  ['an empty IDAT', wrong({ data: (data) => data.subarray(0, 0) }), 'the compressed data is broken', undefined],
  [
    'a wrong Adler-32',
    wrong({ data: (data) => flipped(data, data.length - 1) }),
    'the compressed data is broken',
    undefined,
  ],
  [
    'more after the compressed data',
    wrong({ data: (data) => Buffer.concat([data, data]) }),
    'bytes follow the compressed data',
    undefined,
  ],
  ['filter 5', wrong({}, { filter: () => 5 }), 'a row has a filter that is not known', undefined],
  [
    'a pixel beyond the palette',
    wrong({}, { samples: [0, 1, 2, 0] }),
    'a pixel has an index beyond the palette of 2',
    undefined,
  ],
];

describe('broken PNGs', () => {
  it.each(BROKEN)('%s', (_, bytes, what, offset) => {
    expect(faultOf(bytes)).toEqual(['PNG_INVALID', what, ...(offset === undefined ? [] : [offset])]);
  });

  it('no cut and no flipped bit makes anything but a fault', () => {
    for (let end = 0; end < good.length; end += 1) expect(faultOf(good.subarray(0, end))[0]).toBe('PNG_INVALID');
    for (let at = 0; at < good.length; at += 1) {
      expect(['PNG_INVALID', 'GLYPH_IMAGE_LIMIT']).toContain(faultOf(flipped(good, at))[0]);
    }
  });

  it('an animated image is refused before its frames are read', () => {
    const animated = listed((a, ...rest) => [a, chunk('acTL', Buffer.alloc(8)), ...rest]);
    expect(faultOf(animated)).toEqual(['GLYPH_IMAGE_ANIMATED', 'the image is animated', 33]);
  });

  it('samples of 16 bits must be samples of 8 bits, but for those that cannot be seen', () => {
    const image = { width: 1, height: 1, depth: 16, colour: 6 } as const;
    expect(faultOf(png({ ...image, samples: [257, 258, 0, 65535] }))).toEqual([
      'GLYPH_COLOURS',
      'the image has samples of 16 bits that 8 bits cannot hold',
    ]);
    expect([...read(png({ ...image, samples: [257, 258, 0, 0] })).pixels]).toEqual([TRANSPARENT]);
  });
});

describe('bombs', () => {
  /** Milliseconds of work, and what it ended with. */
  function timed(bytes: Uint8Array): [number, string] {
    const start = performance.now();
    const [code, what] = faultOf(bytes);
    return [performance.now() - start, `${code} ${what}`];
  }

  it('30,000 x 30,000 pixels', () => {
    const bytes = wrong({ ihdr: [0, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30] });
    const [ms, fault] = timed(bytes);
    expect(fault).toBe('GLYPH_IMAGE_LIMIT the image has too many pixels');
    expect(ms).toBeLessThan(1_000);
  });

  it('sides that are small enough, but not both', () => {
    expect(timed(wrong({ ihdr: [0, 0, 0, 0x10, 0, 0, 0, 0x10, 0] }))[1]).toMatch(/^GLYPH_IMAGE_LIMIT/);
    expect(timed(wrong({ ihdr: [0, 0, 0, 0x10, 1, 0, 0, 0, 1] }))[1]).toMatch(/^GLYPH_IMAGE_LIMIT/);
  });

  it('a tiny image whose data would grow a thousandfold', () => {
    const bomb = deflateSync(Buffer.alloc(48_000_000), { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    const [ms, fault] = timed(wrong({ data: () => bomb }));
    expect(fault).toBe('PNG_INVALID the compressed data has more pixels than the image');
    expect(ms).toBeLessThan(1_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16_000_000);
  });

  it('a compressed profile or text is never decompressed', () => {
    const bomb = Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(Buffer.alloc(9_000_000), { level: 1 })]);
    const bytes = listed((a, ...rest) => [a, chunk('iCCP', bomb), chunk('zTXt', bomb), ...rest]);
    expect([...read(bytes).pixels]).toEqual([0, 1, 1, 0]);
  });

  it('more bytes than an image may have, and 300,000 empty chunks', () => {
    expect(timed(new Uint8Array(PNG_BYTES_MAX + 1))[1]).toBe('GLYPH_IMAGE_LIMIT the image has too many bytes');
    const empty = Buffer.concat(Array.from({ length: 1_000 }, () => chunk('IDAT')));
    const many = Buffer.concat(Array.from({ length: 300 }, () => empty));
    const [ms, fault] = timed(listed((a, b, _, d) => [a, b, many, d]));
    expect(fault).toBe('PNG_INVALID the compressed data is broken');
    expect(ms).toBeLessThan(3_000);
  });
});
