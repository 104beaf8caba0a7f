import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBankMetadata, checkBankSizes } from '../../src/codec/bank-rules.js';
import { checkMetadataRoot, copyFreeObject } from '../../src/codec/entry-rules.js';
import { INVALID } from '../../src/codec/json-tree.js';
import {
  ALIGNMENTS,
  alignUp,
  checkHeaderLength,
  checkPayloadSize,
  isAlignment,
  layoutOf,
  matchLayout,
  payloadOffset,
  payloadOffsets,
} from '../../src/codec/layout.js';
import { checkSlots, isSlot, type SlotClaim } from '../../src/codec/preload-rules.js';
import { checkSlices } from '../../src/codec/table-rules.js';
import { type DiagnosticParts, Diagnostics } from '../../src/errors.js';
import type { AssetEntry, JsonObject } from '../../src/format.js';
import { failureOf, pointers } from '../support/diagnostics.js';

const MAX = Number.MAX_SAFE_INTEGER;
const alignment = fc.constantFrom(...ALIGNMENTS);
const sizeList = fc.array(fc.oneof(fc.nat(9), fc.nat(200_000)), { maxLength: 12 });

describe('alignments (T5)', () => {
  it('are 1 and the powers of two up to 65,536', () => {
    expect(ALIGNMENTS).toEqual([
      1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536,
    ]);
    for (let n = -2; n <= 65_540; n += 1) expect(isAlignment(n), String(n)).toBe(ALIGNMENTS.includes(n));
  });

  it.each([131_072, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%s is none', (n) => {
    expect(isAlignment(n)).toBe(false);
  });

  it.each([
    [0, 64, 0],
    [1, 64, 64],
    [64, 64, 64],
    [65, 64, 128],
    [7, 1, 7],
    [2 ** 53 - 65_536, 65_536, 2 ** 53 - 65_536],
    [2 ** 53 - 65_537, 65_536, 2 ** 53 - 65_536],
    [MAX, 1, MAX],
  ])('%i up to a multiple of %i is %i', (value, n, expected) => {
    expect(alignUp(value, n)).toBe(expected);
  });
});

describe('offsets (T5)', () => {
  it.each<[number, number[], number[]]>([
    [1, [], []],
    [64, [], []],
    [1, [0], [0]],
    [1, [3, 0, 5], [0, 3, 3]],
    [64, [3, 0], [0, 64]],
    [64, [0, 0, 0], [0, 0, 0]],
    [64, [64, 0, 1], [0, 64, 64]],
    [64, [65, 63, 1], [0, 128, 192]],
    [65_536, [1, 1, 1], [0, 65_536, 131_072]],
  ])('n = %i, sizes %j: %j', (n, sizes, offsets) => {
    expect(payloadOffsets(sizes, n)).toEqual(offsets);
    const once = (function* () {
      yield* sizes;
    })();
    expect(payloadOffsets(once, n)).toEqual(offsets);
  });

  it.each([
    [31, 1, 63],
    [31, 2, 64],
    [32, 64, 64],
    [33, 64, 128],
    [512_000_000, 65_536, 512_032_768],
  ])('a header of %i bytes at n = %i: payload_offset %i', (headerLen, n, expected) => {
    expect(payloadOffset(headerLen, n)).toBe(expected);
  });

  it('each is the least multiple of n that is not before the end of the one before', () => {
    fc.assert(
      fc.property(sizeList, alignment, (sizes, n) => {
        let end = 0;
        for (const [i, offset] of payloadOffsets(sizes, n).entries()) {
          expect(offset % n).toBe(0);
          expect(offset).toBeGreaterThanOrEqual(end);
          expect(offset - end).toBeLessThan(n);
          end = offset + (sizes[i] as number);
        }
      }),
    );
  });
});

describe('layoutOf (E7)', () => {
  it('says where everything lies', () => {
    expect(layoutOf(31, 70, 64)).toEqual({ alignment: 64, headerLen: 31, payloadOffset: 64, payloadSize: 70 });
  });

  it('E6: at n = 64 sizes 3 and 0 make a region of 64 bytes', () => {
    const sizes = [3, 0];
    const offsets = payloadOffsets(sizes, 64);
    const end = (offsets.at(-1) as number) + (sizes.at(-1) as number);
    expect(layoutOf(31, end, 64)).toEqual({ alignment: 64, headerLen: 31, payloadOffset: 64, payloadSize: 64 });
  });

  it('the region has 2^53 - 1 bytes at most', () => {
    expect(() => checkPayloadSize(MAX)).not.toThrow();
    const { diagnostics } = failureOf(() => checkPayloadSize(MAX + 1));
    expect(diagnostics).toEqual([
      {
        code: 'HEADER_TOO_LARGE',
        severity: 'error',
        clause: 'E7',
        message:
          'the payload region passes the largest offset of the format: expected at most 9007199254740991 bytes, got about 9007199254740992',
        where: { plan: '' },
        expected: 'at most 9007199254740991 bytes',
        actual: 'about 9007199254740992',
      },
    ]);
  });

  it('a header has 512,000,000 bytes at most', () => {
    expect(() => checkHeaderLength(512_000_000)).not.toThrow();
    const { diagnostics } = failureOf(() => layoutOf(512_000_001, 0, 1));
    expect(diagnostics).toEqual([
      {
        code: 'HEADER_TOO_LARGE',
        severity: 'error',
        clause: 'E7',
        message: 'the header passes the limit of the format: expected at most 512000000 bytes, got 512000001',
        where: { pointer: '' },
        expected: 'at most 512000000 bytes',
        actual: 512_000_001,
        hint: 'split the plan into several containers, or shorten names and metadata',
      },
    ]);
  });
});

describe('matchLayout (T6)', () => {
  it.each<[string, number, number, number[], number[], number]>([
    // name, header_len, payload_offset, sizes, offsets, alignment
    ['packed', 31, 63, [3, 5], [0, 3], 1],
    ['nothing to tell by: the smallest', 32, 64, [], [], 1],
    ['a header that happens to end at 64', 32, 64, [64, 64], [0, 64], 1],
    ['aligned to 64', 31, 64, [3, 0], [0, 64], 64],
    ['only payload_offset tells', 40, 128, [], [], 64],
    ['sizes that are multiples of 4 need no more than payload_offset does', 31, 64, [4, 4], [0, 4], 2],
    ['the largest', 31, 65_536, [1, 1], [0, 65_536], 65_536],
    ['an offset that no alignment explains: one fault at 1', 31, 63, [3, 5], [0, 4], 1],
    ['payload_offset explained at 1, both offsets at 8: the fewest', 31, 63, [3, 3, 3], [0, 8, 16], 8],
    ['a tie: the smallest', 31, 63, [3, 3], [0, 8], 1],
    ['a tie between 1 and 64 over payload_offset', 31, 64, [3, 3], [0, 3], 1],
    ['everything wrong at every alignment', 31, 1_000_001, [3, 3], [1, 1], 1],
    ['a payload_offset beyond 2^53 - 1', 31, Number.NaN, [3, 3], [0, 16], 16],
  ])('%s', (_, headerLen, found, sizes, offsets, n) => {
    const match = matchLayout(headerLen, Number.isNaN(found) ? 2n ** 60n : found, sizes, offsets);
    expect(match).toEqual({
      alignment: n,
      payloadOffset: payloadOffset(headerLen, n),
      offsets: payloadOffsets(sizes, n),
    });
  });

  it('an offset that is not judged counts for no alignment', () => {
    expect(matchLayout(31, 63, [3, 3, 3], [0, Number.NaN, 6]).alignment).toBe(1);
    expect(matchLayout(31, 64, [3, 3, 3], [0, Number.NaN, 128]).alignment).toBe(64);
  });

  it('explains every layout that the writer makes, by the smallest alignment that gives it', () => {
    const headerLen = fc.integer({ min: 31, max: 200_000 });
    fc.assert(
      fc.property(headerLen, sizeList, alignment, (length, sizes, n) => {
        const start = payloadOffset(length, n);
        const offsets = payloadOffsets(sizes, n);
        const match = matchLayout(length, start, sizes, offsets);
        expect([match.payloadOffset, match.offsets]).toEqual([start, offsets]);
        expect(match.alignment).toBeLessThanOrEqual(n);
        for (const smaller of ALIGNMENTS.filter((each) => each < match.alignment)) {
          expect([payloadOffset(length, smaller), payloadOffsets(sizes, smaller)]).not.toEqual([start, offsets]);
        }
      }),
    );
  });

  it('picks the alignment with the fewest faults, the smallest of equals', () => {
    const offset = fc.oneof(
      fc.nat(20),
      fc.nat(4).map((k) => k * 64),
    );
    const rows = fc.array(fc.tuple(fc.nat(9), offset), { maxLength: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 31, max: 70 }), fc.nat(128), rows, (length, start, drawn) => {
        const sizes = drawn.map(([size]) => size);
        const faultsAt = (n: number) => {
          const legal = payloadOffsets(sizes, n);
          const wrong = drawn.filter(([, found], i) => found !== legal[i]).length;
          return wrong + (start === payloadOffset(length, n) ? 0 : 1);
        };
        const fewest = Math.min(...ALIGNMENTS.map(faultsAt));
        const { alignment: n } = matchLayout(
          length,
          start,
          sizes,
          drawn.map(([, found]) => found),
        );
        expect(n).toBe(ALIGNMENTS.find((each) => faultsAt(each) === fewest));
      }),
    );
  });
});

/** Entries of which only the slice matters; ids count from 10. */
function table(...slices: ([offset: number, size: number] | undefined)[]): (AssetEntry | undefined)[] {
  return slices.map((slice, i) => {
    if (slice === undefined) return undefined;
    const [offset, size] = slice;
    const rest = { assetName: 'a', bankType: 'SOUNDS', codec: 'NONE', decodedSize: 0, metadata: {} } as const;
    return { assetId: 10 + i, offset, size, ...rest };
  });
}

function slices(entries: (AssetEntry | undefined)[], payloadStart: number, region: number, headerLen = 31) {
  const report = new Diagnostics();
  const envelope = { headerLen, payloadOffset: payloadStart, fileSize: payloadStart + region };
  const match = checkSlices(entries, envelope, report);
  return { match, list: report.list };
}

describe('checkSlices (gate 8)', () => {
  it.each<[string, (AssetEntry | undefined)[], number, number, [string, string | undefined, unknown][]]>([
    // name, table, payload_offset, region, [code, pointer, expected]
    ['no entry, no region', table(), 63, 0, []],
    ['packed', table([0, 3], [3, 0], [3, 5]), 63, 8, []],
    ['E6: 64 bytes at n = 64', table([0, 3], [64, 0]), 64, 64, []],
    [
      'E6: a file one byte short of that',
      table([0, 3], [64, 0]),
      64,
      63,
      [
        ['SLICE_BOUNDS', '/asset_table/1/offset', 'an end of at most 63'],
        // With the second offset not judged, n = 2 explains the rest.
      ],
    ],
    [
      'an end past the region',
      table([0, 3], [3, 6]),
      63,
      8,
      [['SLICE_BOUNDS', '/asset_table/1/offset', 'an end of at most 8']],
    ],
    [
      'size 0 past the end of the region',
      table([9, 0]),
      63,
      8,
      [['SLICE_BOUNDS', '/asset_table/0/offset', 'an end of at most 8']],
    ],
    ['size 0 at the end of the region', table([0, 8], [8, 0]), 63, 8, []],
    [
      'a sum that passes 2^53 - 1',
      table([MAX, MAX], [0, MAX]),
      63,
      8,
      [
        ['SLICE_BOUNDS', '/asset_table/0/offset', 'an end of at most 8'],
        ['SLICE_BOUNDS', '/asset_table/1/offset', 'an end of at most 8'],
      ],
    ],
    ['a gap', table([0, 3], [4, 4]), 63, 8, [['SLICE_LAYOUT', '/asset_table/1/offset', 3]]],
    ['an overlap', table([0, 3], [2, 4]), 63, 8, [['SLICE_LAYOUT', '/asset_table/1/offset', 3]]],
    ['a first slice that is not at 0', table([1, 3]), 63, 8, [['SLICE_LAYOUT', '/asset_table/0/offset', 0]]],
    [
      'a misalignment, where the others say 8',
      table([0, 3], [8, 3], [17, 3], [24, 3]),
      64,
      40,
      [['SLICE_LAYOUT', '/asset_table/2/offset', 16]],
    ],
    [
      'expected offsets follow the sizes alone: one wrong offset is one fault',
      table([0, 3], [5, 4], [7, 1], [8, 2]),
      63,
      10,
      [['SLICE_LAYOUT', '/asset_table/1/offset', 3]],
    ],
    [
      'every later slice is shifted: each is a fault',
      table([0, 3], [5, 4], [9, 1], [11, 2]),
      63,
      20,
      [
        ['SLICE_LAYOUT', '/asset_table/1/offset', 3],
        ['SLICE_LAYOUT', '/asset_table/2/offset', 7],
        ['SLICE_LAYOUT', '/asset_table/3/offset', 8],
      ],
    ],
    [
      'slices in another order',
      table([5, 3], [0, 5]),
      63,
      8,
      [
        ['SLICE_LAYOUT', '/asset_table/0/offset', 0],
        ['SLICE_LAYOUT', '/asset_table/1/offset', 3],
      ],
    ],
    [
      'SLICE_BOUNDS excludes SLICE_LAYOUT for its entry only',
      table([0, 3], [100, 3], [7, 1]),
      63,
      8,
      [
        ['SLICE_BOUNDS', '/asset_table/1/offset', 'an end of at most 8'],
        ['SLICE_LAYOUT', '/asset_table/2/offset', 6],
      ],
    ],
    ['payload_offset alone is wrong', table([0, 3], [3, 4]), 70, 8, [['PAYLOAD_OFFSET', undefined, 63]]],
    [
      'payload_offset and an offset, at the n with the fewest faults',
      table([0, 3], [8, 3], [16, 3], [25, 3]),
      70,
      40,
      [
        ['PAYLOAD_OFFSET', undefined, 64],
        ['SLICE_LAYOUT', '/asset_table/3/offset', 24],
      ],
    ],
    ['a tie is held against n = 1', table([0, 3], [8, 3]), 63, 11, [['SLICE_LAYOUT', '/asset_table/1/offset', 3]]],
    ['an entry that could not be read: no later offset is known', table([0, 3], undefined, [50, 1]), 63, 60, []],
    [
      'an entry that could not be read: bounds are still judged',
      table(undefined, [50, 11]),
      63,
      60,
      [['SLICE_BOUNDS', '/asset_table/1/offset', 'an end of at most 60']],
    ],
  ])('%s', (_, entries, payloadStart, region, expected) => {
    const { list } = slices(entries, payloadStart, region);
    expect(list.map(({ code, where, expected: value }) => [code, where.pointer, value])).toEqual(expected);
  });

  it('reports SLICE_BOUNDS in full', () => {
    expect(slices(table([0, 3], [3, 6]), 63, 8).list).toEqual([
      {
        code: 'SLICE_BOUNDS',
        severity: 'error',
        clause: 'E3',
        message: 'the slice leaves the payload region: expected an end of at most 8, got 3 + 6',
        where: { pointer: '/asset_table/1/offset' },
        asset_id: 11,
        expected: 'an end of at most 8',
        actual: '3 + 6',
      },
    ]);
  });

  it('reports SLICE_LAYOUT in full', () => {
    expect(slices(table([0, 3], [8, 3], [17, 3], [24, 3]), 64, 40).list).toEqual([
      {
        code: 'SLICE_LAYOUT',
        severity: 'error',
        clause: 'T5',
        message: 'not where the layout rule puts it at alignment 8: expected 16, got 17',
        where: { pointer: '/asset_table/2/offset' },
        asset_id: 12,
        expected: 16,
        actual: 17,
      },
    ]);
  });

  it('reports PAYLOAD_OFFSET in full', () => {
    expect(slices(table([0, 3], [8, 3]), 72, 11).list).toEqual([
      {
        code: 'PAYLOAD_OFFSET',
        severity: 'error',
        clause: 'T5',
        message: 'payload_offset is not the least multiple of 8 after the header: expected 64, got 72',
        where: { offset: 12 },
        expected: 64,
        actual: 72,
      },
    ]);
  });

  it('returns the alignment that explains the file best', () => {
    expect(slices(table([0, 3], [64, 0]), 64, 64).match.alignment).toBe(64);
    expect(slices(table([0, 3], [3, 0]), 63, 3).match.alignment).toBe(1);
  });

  it('finds nothing in what the writer lays out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 31, max: 9_999 }), sizeList, alignment, (headerLen, sizes, n) => {
        const offsets = payloadOffsets(sizes, n);
        const region = (offsets.at(-1) ?? 0) + (sizes.at(-1) ?? 0);
        const entries = table(...sizes.map((size, i): [number, number] => [offsets[i] as number, size]));
        expect(slices(entries, payloadOffset(headerLen, n), region, headerLen).list).toEqual([]);
      }),
    );
  });
});

/** Collects what a rule reports: `[code, pointer below the entry]` and the parts. */
function collector() {
  const found: { code: string; at: string; parts: DiagnosticParts }[] = [];
  const report = (code: string, at: string, parts: DiagnosticParts) => void found.push({ code, at, parts });
  return { found, report };
}

function bankFaults(metadata: JsonObject, bankType = 'GLYPH') {
  const { found, report } = collector();
  const sizes = checkBankMetadata(bankType, metadata, report);
  return { sizes, faults: found.map(({ code, at, parts }) => [code, at, String(parts.expected)]) };
}

describe('bank rules (B1-B4)', () => {
  const right = { width: 256, height: 256, tile_size: 16, palette_count: 64 };

  it.each<[string, JsonObject, { size: number; decodedSize: number }]>([
    ['a 256 x 256 sheet', right, { size: 34_816, decodedSize: 67_584 }],
    ['one tile of 8', { ...right, width: 8, height: 8, tile_size: 8 }, { size: 2_080, decodedSize: 2_112 }],
    ['32 x 64 by 32', { ...right, width: 32, height: 64, tile_size: 32 }, { size: 3_072, decodedSize: 4_096 }],
    ['palette_authored 0', { ...right, palette_authored: 0 }, { size: 34_816, decodedSize: 67_584 }],
    ['palette_authored 64', { ...right, palette_authored: 64 }, { size: 34_816, decodedSize: 67_584 }],
    ['members that the rule does not know', { ...right, author: 'x' }, { size: 34_816, decodedSize: 67_584 }],
    [
      'the largest product',
      { ...right, width: 64, height: 2 ** 47 - 64, tile_size: 32 },
      { size: 2 ** 52 - 2_048 + 2_048, decodedSize: 2 ** 53 - 4_096 + 2_048 },
    ],
  ])('%s', (_, metadata, sizes) => {
    expect(bankFaults(metadata)).toEqual({ sizes, faults: [] });
  });

  it.each<[string, JsonObject, [string, string][]]>([
    ['no width', without(right, 'width'), [['', 'a positive multiple of tile_size 16']]],
    ['no height', without(right, 'height'), [['', 'a positive multiple of tile_size 16']]],
    ['no tile_size', without(right, 'tile_size'), [['', '8, 16 or 32']]],
    ['no palette_count', without(right, 'palette_count'), [['', '64']]],
    ['width 0', { ...right, width: 0 }, [['/width', 'a positive multiple of tile_size 16']]],
    ['width below 0', { ...right, width: -16 }, [['/width', 'a positive multiple of tile_size 16']]],
    ['width is no multiple', { ...right, width: 24 }, [['/width', 'a positive multiple of tile_size 16']]],
    ['width is a string', { ...right, width: '256' }, [['/width', 'a positive multiple of tile_size 16']]],
    ['width is null', { ...right, width: null }, [['/width', 'a positive multiple of tile_size 16']]],
    ['height is no multiple', { ...right, height: 8 }, [['/height', 'a positive multiple of tile_size 16']]],
    ['height is true', { ...right, height: true }, [['/height', 'a positive multiple of tile_size 16']]],
    ['tile_size 4', { ...right, tile_size: 4 }, [['/tile_size', '8, 16 or 32']]],
    ['tile_size 64', { ...right, tile_size: 64 }, [['/tile_size', '8, 16 or 32']]],
    ['tile_size is a string', { ...right, tile_size: '16' }, [['/tile_size', '8, 16 or 32']]],
    ['palette_count 63', { ...right, palette_count: 63 }, [['/palette_count', '64']]],
    ['palette_count 65', { ...right, palette_count: 65 }, [['/palette_count', '64']]],
    ['palette_authored -1', { ...right, palette_authored: -1 }, [['/palette_authored', 'an integer from 0 to 64']]],
    ['palette_authored 65', { ...right, palette_authored: 65 }, [['/palette_authored', 'an integer from 0 to 64']]],
    ['palette_authored null', { ...right, palette_authored: null }, [['/palette_authored', 'an integer from 0 to 64']]],
    [
      'with a wrong tile_size the sides are still integers',
      { ...right, tile_size: 7, width: 7, height: 0 },
      [
        ['/tile_size', '8, 16 or 32'],
        ['/height', 'a positive integer'],
      ],
    ],
    [
      'a product beyond 2^53 - 1',
      { ...right, width: 2 ** 27, height: 2 ** 26 },
      [['/height', 'at most 67108863 at this width']],
    ],
    [
      'the smallest product beyond 2^53 - 1',
      { ...right, width: 16, height: 2 ** 49 - 128 },
      [['/height', 'at most 562949953421183 at this width']],
    ],
    [
      'the names of Object.prototype are no members',
      {},
      [
        ['', '8, 16 or 32'],
        ['', 'a positive integer'],
        ['', 'a positive integer'],
        ['', '64'],
      ],
    ],
  ])('%s', (_, metadata, faults) => {
    const expected = faults.map(([at, value]) => ['BANK_METADATA', `/metadata${at}`, value]);
    expect(bankFaults(metadata)).toEqual({ sizes: undefined, faults: expected });
  });

  it('the bound on width * height is exact', () => {
    const tile = fc.constantFrom(8, 16, 32);
    const limit = 2n ** 53n - 1n - 2_048n;
    fc.assert(
      fc.property(tile, fc.integer({ min: 1, max: 2 ** 24 }), fc.integer({ min: -2, max: 2 }), (t, columns, off) => {
        const width = t * columns;
        const height = t * (Number(limit / BigInt(width * t)) + off);
        const fits = BigInt(width) * BigInt(height) <= limit;
        expect(bankFaults({ ...right, width, height, tile_size: t }).sizes !== undefined).toBe(fits);
      }),
    );
  });

  it.each(['SOUNDS', 'SCENE', 'TILES', '', 'constructor', 'toString', '__proto__'])('%j has no rule', (bankType) => {
    expect(bankFaults({ width: 'x' }, bankType)).toEqual({ sizes: undefined, faults: [] });
  });

  it('sizes are compared one by one', () => {
    const expected = { size: 10, decodedSize: 20 };
    const sizeFaults = (size: number | undefined, decodedSize: number | undefined, rule = expected) => {
      const { found, report } = collector();
      checkBankSizes({ size, decodedSize }, rule, report);
      return found.map(({ code, at, parts }) => [code, at, parts.expected, parts.actual]);
    };
    expect(sizeFaults(10, 20)).toEqual([]);
    expect(sizeFaults(9, 20)).toEqual([['BANK_SIZE', '/size', 10, 9]]);
    expect(sizeFaults(10, 21)).toEqual([['BANK_SIZE', '/decoded_size', 20, 21]]);
    expect(sizeFaults(20, 10)).toEqual([
      ['BANK_SIZE', '/size', 10, 20],
      ['BANK_SIZE', '/decoded_size', 20, 10],
    ]);
    expect(sizeFaults(undefined, 20)).toEqual([]);
    expect(sizeFaults(undefined, undefined)).toEqual([]);
  });

  it('without a rule no size is wrong', () => {
    const { found, report } = collector();
    checkBankSizes({ size: 1, decodedSize: 2 }, undefined, report);
    expect(found).toEqual([]);
  });
});

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));
}

describe('slots (L3, L4)', () => {
  it('are 0 to 15', () => {
    expect([-1, 0, 15, 16, 255].map(isSlot)).toEqual([false, true, true, false, false]);
  });

  /** Claims as `[asset id, bank, slot]`; which of them are at fault, and who held the slot. */
  function taken(...rows: [number, string, number | undefined][]): [index: number, holder: unknown][] {
    const claims: SlotClaim[] = rows.map(([assetId, bankType, slot]) => ({ assetId, bankType, slot }));
    const found: [number, unknown][] = [];
    checkSlots(claims, (code, index, { details }) => {
      expect(code).toBe('PRELOAD_SLOT_TAKEN');
      found.push([index, details?.['holder']]);
    });
    return found;
  }

  it.each<[string, [number, string, number | undefined][], [number, number][]]>([
    ['no claims', [], []],
    [
      'one slot in two banks',
      [
        [1, 'GLYPH', 3],
        [2, 'SOUNDS', 3],
      ],
      [],
    ],
    [
      'two slots in one bank',
      [
        [1, 'GLYPH', 3],
        [2, 'GLYPH', 4],
      ],
      [],
    ],
    [
      'a slot twice',
      [
        [1, 'GLYPH', 3],
        [2, 'GLYPH', 3],
      ],
      [[1, 1]],
    ],
    [
      'a slot three times: each after the first, the holder stays',
      [
        [1, 'GLYPH', 3],
        [2, 'GLYPH', 3],
        [5, 'GLYPH', 3],
      ],
      [
        [1, 1],
        [2, 1],
      ],
    ],
    [
      'the first in asset_id order holds it, wherever it stands',
      [
        [9, 'GLYPH', 3],
        [2, 'GLYPH', 3],
      ],
      [[0, 2]],
    ],
    [
      'of two claims with one id the later',
      [
        [2, 'GLYPH', 3],
        [2, 'GLYPH', 3],
      ],
      [[1, 2]],
    ],
    [
      'a slot that is not judged',
      [
        [1, 'GLYPH', undefined],
        [2, 'GLYPH', undefined],
      ],
      [],
    ],
  ])('%s', (_, rows, expected) => {
    expect(taken(...rows)).toEqual(expected);
  });

  it('the lowest free slot of a bank, until there is none', () => {
    const claims = [0, 2].map((slot, i) => ({ assetId: i, bankType: 'GLYPH', slot }));
    const slots = checkSlots(claims, () => expect.unreachable());
    expect([slots.lowestFree('GLYPH'), slots.lowestFree('SOUNDS')]).toEqual([1, 0]);
    const order: (number | undefined)[] = [];
    for (let slot = slots.lowestFree('GLYPH'); slot !== undefined; slot = slots.lowestFree('GLYPH')) {
      order.push(slot);
      expect(slots.claim('GLYPH', slot, 100 + slot)).toBeUndefined();
    }
    expect(order).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(slots.claim('GLYPH', 15, 7)).toBe(115);
  });
});

describe('checkMetadataRoot (M3)', () => {
  const codec = [
    '/metadata/codec',
    'metadata has a member "codec" beside a codec configuration',
    'keep one of the two',
  ];
  const pipeline = [
    '/metadata/pipeline',
    'metadata has a member "pipeline"',
    'pipeline data belongs in "pipeline", beside "metadata"',
  ];

  it.each<[string, JsonObject, boolean, string[][]]>([
    ['"codec" without a codec configuration', { codec: 1 }, false, []],
    ['"codec" beside one', { codec: 1 }, true, [codec]],
    ['a codec configuration alone', {}, true, []],
    ['"pipeline"', { pipeline: {} }, false, [pipeline]],
    ['both', { pipeline: null, codec: null }, true, [codec, pipeline]],
    ['below the root', { a: { pipeline: 1, codec: 1 } }, true, []],
  ])('%s', (_, metadata, hasCodecConfiguration, expected) => {
    const { found, report } = collector();
    checkMetadataRoot(metadata, hasCodecConfiguration, report);
    expect(found.map(({ at, parts }) => [at, parts.what, parts.hint])).toEqual(expected);
    expect(found.map(({ code }) => code)).toEqual(expected.map(() => 'METADATA_COLLISION'));
  });
});

describe('copyFreeObject (H3-H6, M4)', () => {
  function copied(value: object, level = 0) {
    const { found, report } = collector();
    const copy = copyFreeObject(value, level, '/metadata', report);
    return { copy, faults: found.map(({ code, at }) => [code, at]), messages: found.map(({ parts }) => parts.what) };
  }

  it('copies every legal value', () => {
    const value = { n: null, t: true, s: 'x', i: -3, o: { a: [1, [], {}] }, z: Object.create(null) as object };
    const { copy, faults } = copied(value);
    expect(faults).toEqual([]);
    expect(copy).toEqual({ ...value, z: {} });
    expect(copy?.['o']).not.toBe(value.o);
  });

  it('negative zero becomes 0, a bigint a number', () => {
    expect(copied({ a: -0, b: 7n, c: -(2n ** 53n - 1n) }).copy).toStrictEqual({ a: 0, b: 7, c: -MAX });
  });

  it('__proto__ is plain data', () => {
    const { copy } = copied(JSON.parse('{"__proto__":{"a":1}}') as object);
    expect(Object.entries(copy as object)).toEqual([['__proto__', { a: 1 }]]);
  });

  it.each<[string, object, [string, string][]]>([
    ['a bigint of 2^53', { a: [0, 2n ** 53n] }, [['HEADER_NUMBER', '/metadata/a/1']]],
    ['a lone surrogate', { 'a/b': ['\ud800'] }, [['HEADER_STRING', '/metadata/a~1b/0']]],
    ['a lone surrogate in a name', { a: { '\udc00': 1 } }, [['HEADER_STRING', '/metadata/a']]],
  ])('reports %s, and gives nothing to write', (_, value, faults) => {
    expect(copied(value)).toMatchObject({ copy: undefined, faults });
  });

  it('gives nothing to write where a fault was already reported, and reports it no second time', () => {
    expect(copied({ a: [1, INVALID] })).toMatchObject({ copy: undefined, faults: [] });
  });

  it('says whether a lone surrogate is in a string or in a name', () => {
    expect(copied({ a: '\ud800', '\udc00': 1 }).messages).toEqual([
      'a string holds a lone surrogate',
      'a member name holds a lone surrogate',
    ]);
  });

  it('level 32 is legal, level 33 is reported', () => {
    const nest = (levels: number): object => (levels === 0 ? {} : { a: nest(levels - 1) });
    expect(copied(nest(32)).faults).toEqual([]);
    expect(copied(nest(33)).faults).toEqual([['HEADER_TOO_DEEP', `/metadata${'/a'.repeat(33)}`]]);
    expect(copied(nest(31), 1).faults).toEqual([]);
    expect(copied(nest(32), 1).faults).toEqual([['HEADER_TOO_DEEP', `/metadata${'/a'.repeat(32)}`]]);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
    ['0.5', 0.5],
    ['2^53', 2 ** 53],
    ['NaN', Number.NaN],
    ['a hole', new Array(1)],
  ])('%s is a TypeError', (_, value) => {
    expect(() => copied({ a: value })).toThrow(TypeError);
    expect(() => copied({ a: [value] })).toThrow(TypeError);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['function', () => 1],
    ['symbol', Symbol('s')],
    ['Date', new Date(0)],
    ['Map', new Map()],
  ])('names what it cannot hold: a %s', (kind, value) => {
    expect(() => copied({ a: value })).toThrow(
      `/metadata/a: a free object holds plain objects, arrays, strings, booleans, null and integers, not a ${kind}`,
    );
  });

  it('shows a number that it cannot hold', () => {
    expect(() => copied({ a: [0, 0.5] })).toThrow(/^\/metadata\/a\/1: .*, not 0\.5$/);
  });

  it('a cycle is a TypeError, one object in two places is none', () => {
    const cycle: { [name: string]: unknown } = {};
    cycle['a'] = [cycle];
    expect(() => copied(cycle)).toThrow(new TypeError('/metadata/a/0: a free object must not contain itself'));
    const shared = { x: 1 };
    expect(copied({ a: shared, b: [shared] }).copy).toEqual({ a: { x: 1 }, b: [{ x: 1 }] });
  });
});

describe('at most 1,000 diagnostics are listed', () => {
  it('the first in document order; the rest are counted', () => {
    const rows = Array.from({ length: 2_500 }, (_, i): [number, number] => [10_000 + i, 1]);
    const report = new Diagnostics();
    checkSlices(table(...rows), { headerLen: 31, payloadOffset: 63, fileSize: 70 }, report);
    expect(report.list).toHaveLength(1_000);
    expect([report.total, report.omitted]).toEqual([2_500, 1_500]);
    const expected = Array.from({ length: 1_000 }, (_, i) => ['SLICE_BOUNDS', `/asset_table/${i}/offset`]);
    expect(pointers(report.list)).toEqual(expected);
  });
});
