/** `verifyArtifact`: verdicts, all faults of one file, files made to do harm, file systems that fail. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import {
  artifact,
  concat,
  counting,
  entry,
  header,
  type PreludeFields,
  utf8,
  zeros,
} from '../../spec-vectors/compose.ts';
import type { Diagnostic } from '../../src/errors.js';
import { readArtifact } from '../../src/read/scan.js';
import { type Verification, type VerifyOptions, verifyArtifact } from '../../src/read/verify.js';
import type { ExpectedContent, Vector } from '../../src/vectors/manifest.js';
import { readStrict } from '../reference-reader/strict.ts';
import { pointers } from '../support/diagnostics.js';
import { MemoryFiles } from '../support/memory-files.js';
import {
  codeOf,
  failureOfPack,
  noise,
  openBelow,
  settled,
  temporaryFolders,
  watchRejections,
} from '../support/packing.js';
import { emptyEntry } from '../support/provoke.js';
import { referenceArtifact } from '../support/reference-writer.js';
import { type Call, failingAt, Watch } from '../support/watched-fs.js';
import { mutate, step } from '../vectors/mutations.ts';

const newFolder = temporaryFolders();
const VECTORS = join(import.meta.dirname, '../../spec-vectors');
const { h64Raw } = await xxhash();

const { vectors } = readJson('manifest.json') as { readonly vectors: readonly Vector[] };
const accepted = vectors.filter(({ strict }) => strict.verdict === 'accept');
const rejected = vectors.filter(({ strict }) => strict.verdict === 'reject');

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(VECTORS, path), 'utf8'));
}

function errorsOf({ diagnostics }: Pick<Verification, 'diagnostics'>): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

function xxh64(bytes: Uint8Array): string {
  return `xxh64:${h64Raw(bytes).toString(16).padStart(16, '0')}`;
}

interface Judged extends Verification {
  readonly files: MemoryFiles;
}

/** Verifies bytes. */
async function verifyBytes(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Judged> {
  const files = new MemoryFiles({ 'a.pa': bytes });
  const verification = await verifyArtifact('a.pa', { ...options, fs: files.fileSystem() });
  expect([files.open, files.closedEarly]).toEqual([0, 0]);
  expect(verification.digests).toEqual({ xxh64: xxh64(bytes) });
  return { ...verification, files };
}

/** A code and its byte, with the pointer where there is one. */
type Place = readonly [code: string, offset: number | undefined, pointer?: string];

function placesOf(diagnostics: readonly Diagnostic[]): Place[] {
  return diagnostics.map(({ code, where: { offset, pointer } }) =>
    pointer === undefined ? [code, offset] : [code, offset, pointer],
  );
}

describe('test vectors, strict', () => {
  it.each(accepted)('$id is valid', async ({ file, expected = '', size, sha256 }) => {
    const { slices } = readJson(expected) as ExpectedContent;
    const read: number[] = [];
    const result = await verifyArtifact(join(VECTORS, file), { onProgress: ({ bytes }) => read.push(bytes) });
    const bytes = readFileSync(join(VECTORS, file));
    expect(result).toEqual({
      path: join(VECTORS, file),
      profile: 'strict',
      ok: true,
      checked: { entries: slices.length, payloadBytes: slices.reduce((sum, slice) => sum + slice.size, 0) },
      digests: { xxh64: xxh64(bytes) },
      diagnostics: result.diagnostics.filter(({ severity }) => severity === 'warning'),
      diagnosticsOmitted: 0,
    });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(read.at(-1)).toBe(size);
  });

  it.each(rejected)('$id is invalid, with one error in its place', async ({ file, strict, xxh64: digest }) => {
    const result = await verifyArtifact(join(VECTORS, file));
    expect(result.ok).toBe(false);
    expect(errorsOf(result)).toMatchObject([{ code: strict.code, where: strict.where }]);
    expect(result.digests).toEqual({ xxh64: `xxh64:${digest}` });
    expect(result).not.toHaveProperty('runtime');
  });
});

describe('test vectors, as a runtime has to see them', () => {
  it.each(vectors)('$id', async ({ file, runtime: { verdict, classes = [] } }) => {
    const strict = await verifyArtifact(join(VECTORS, file));
    const result = await verifyArtifact(join(VECTORS, file), { profile: 'runtime' });
    expect(result.profile).toBe('runtime');
    expect(result.ok).toBe(verdict !== 'reject');
    expect(result.runtime?.verdict).toBe(verdict);
    if (result.runtime?.verdict === 'reject') {
      expect(classes).toContain(result.runtime.class);
      expect(errorsOf(result)).toMatchObject([{ details: { runtime: result.runtime.class } }]);
    }
    // Nothing is left out: what the strict profile finds is there, as information where a runtime may accept it.
    const expected = strict.diagnostics.map(({ code, severity, where }) => {
      const isOpen = severity === 'error' && verdict === 'unspecified';
      return [code, isOpen ? 'info' : severity, where];
    });
    expect(result.diagnostics.map(({ code, severity, where }) => [code, severity, where])).toEqual(expected);
    for (const each of result.diagnostics) {
      if (each.severity === 'info') expect(each.details).toMatchObject({ runtime: 'open' });
    }
  });
});

/** A right file, and the byte of the n-th place in its header where a text stands. */
interface Scene {
  readonly bytes: Uint8Array;
  at(text: string, n?: number): number;
}

function sceneOf(bytes: Uint8Array): Scene {
  const text = Buffer.from(bytes).toString('latin1');
  return {
    bytes,
    at(wanted, n = 0) {
      let found = -1;
      for (let i = 0; i <= n; i += 1) found = text.indexOf(wanted, found + 1);
      expect(found, wanted).toBeGreaterThanOrEqual(0);
      return found;
    },
  };
}

const GOOD = entry();
const SECOND = { asset_id: '2', asset_name: '"b"', offset: '4' };

/** A file whose region begins at a multiple of `n`, with `fill` in the padding before it. */
function laid(n: number, text: string, region: Uint8Array, fill = 0, prelude: PreludeFields = {}): Uint8Array {
  const end = 32 + utf8(text).length;
  return artifact({ prelude, header: text, gap: zeros((n - (end % n)) % n).fill(fill), region });
}

/** Files with several faults, and everything that the gates let through. */
const SEVERAL: readonly (readonly [what: string, scene: Scene, places: (at: Scene['at']) => Place[]])[] = [
  [
    'gate 1: another magic, and nothing else',
    sceneOf(artifact({ prelude: { magic: [1, 2, 3, 4], schemaVersion: 9, flags: 1, headerLen: 5 }, header: '{' })),
    () => [['PRELUDE_MAGIC', 0]],
  ],
  [
    'gate 1: another version, and nothing else',
    sceneOf(artifact({ prelude: { schemaVersion: 2, flags: 1, payloadOffset: 0 }, header: '{', region: zeros(9) })),
    () => [['VERSION_UNSUPPORTED', 4]],
  ],
  [
    'gates 2 and 3: unused fields beside a header that is too long',
    sceneOf(
      artifact({
        prelude: { headerLen: 4_000, payloadOffset: 3, flags: 1, reserved: 2, headerChecksum: 3 },
        header: '[',
      }),
    ),
    () => [
      ['HEADER_LENGTH', 8],
      ['PRELUDE_FLAGS', 20],
      ['PRELUDE_RESERVED', 24],
      ['PRELUDE_CHECKSUM', 28],
    ],
  ],
  [
    'gate 3: a header of 30 bytes, in which nothing is judged',
    sceneOf(artifact({ prelude: { headerLen: 30, payloadOffset: 1 }, header: '{"asset_table":[],"preload":[]' })),
    () => [['HEADER_LENGTH', 8]],
  ],
  [
    'gate 4: payload_offset out of bounds beside faults of the header, and no slice',
    sceneOf(
      artifact({
        prelude: { payloadOffset: 1_000_000 },
        header: header([entry({ bank_type: '"TILES"', offset: '77', size: '1000' })], ['{"asset_id":3,"slot":16}']),
      }),
    ),
    (at) => [
      ['PAYLOAD_OFFSET', 12],
      ['BANK_TYPE_UNKNOWN', at('"TILES"'), '/asset_table/0/bank_type'],
      ['PRELOAD_UNKNOWN_ASSET', at('3,"slot"'), '/preload/0/asset_id'],
      ['PRELOAD_SLOT_RANGE', at('16}'), '/preload/0/slot'],
    ],
  ],
  [
    'gate 5: the first byte that is no UTF-8, beside a flag',
    sceneOf(
      artifact({
        prelude: { flags: 1 },
        header: concat(utf8('{"asset_table":['), [0xff, 0xfe], utf8('}}}}}}}}}}}}}}}}')),
      }),
    ),
    () => [
      ['PRELUDE_FLAGS', 20],
      ['HEADER_NOT_UTF8', 48],
    ],
  ],
  [
    'gate 5: broken JSON, and nothing of what stands before it',
    sceneOf(artifact({ header: header([entry({ codec: '"RAW"' }), '{,}']), region: counting(4) })),
    (at) => [['HEADER_NOT_JSON', at('{,}') + 1]],
  ],
  [
    'gate 5: too many levels, and nothing of the values',
    sceneOf(
      artifact({ header: header([entry({ asset_id: '-7', metadata: `${'{"a":'.repeat(34)}1${'}'.repeat(34)}` })]) }),
    ),
    (at) => [['HEADER_TOO_DEEP', at('{"a":', 33), `/asset_table/0/metadata${'/a'.repeat(33)}`]],
  ],
  [
    'gate 6: numbers, strings, repeated members, shape and values; no word on the spelling',
    sceneOf(
      artifact({
        header: header(
          [
            entry({ asset_id: '1.5', asset_name: '"\\ud800"', metadata: '{"a":1,"a":2}' }),
            entry({ ...SECOND, bank_type: '"SOUND"', codec: '"LZ"', size: 'null' }),
          ],
          ['[]', '{"slot":-1}'],
        ),
        region: counting(4),
      }),
    ),
    (at) => [
      ['HEADER_NUMBER', at('1.5'), '/asset_table/0/asset_id'],
      ['HEADER_STRING', at('"\\ud800"'), '/asset_table/0/asset_name'],
      ['HEADER_DUPLICATE_MEMBER', at('"a":2'), '/asset_table/0/metadata/a'],
      ['BANK_TYPE_UNKNOWN', at('"SOUND"'), '/asset_table/1/bank_type'],
      ['CODEC_UNKNOWN', at('"LZ"'), '/asset_table/1/codec'],
      ['HEADER_SHAPE', at('null'), '/asset_table/1/size'],
      ['HEADER_SHAPE', at('[]', 0), '/preload/0'],
      ['HEADER_SHAPE', at('{"slot":-1}'), '/preload/1'],
      ['PRELOAD_SLOT_RANGE', at('-1}'), '/preload/1/slot'],
    ],
  ],
  [
    'gates 6 and 7: another spelling beside rules of table and preload',
    sceneOf(
      artifact({
        header: header(
          [emptyEntry(2), emptyEntry(1).replace(',', ' ,'), emptyEntry(2)],
          ['{"asset_id":2,"slot":5}', '{"asset_id":1,"slot":5}'],
        ),
      }),
    ),
    (at) => [
      ['ASSET_ORDER', at('1 ,'), '/asset_table/1/asset_id'],
      ['HEADER_NOT_CANONICAL', at(' ,')],
      ['ASSET_ID_DUPLICATE', at('"asset_id":2', 1) + 11, '/asset_table/2/asset_id'],
      // Whoever has the lower id has the slot, wherever it stands.
      ['PRELOAD_SLOT_TAKEN', at('5}'), '/preload/0/slot'],
      ['PRELOAD_ORDER', at('1,"slot"'), '/preload/1/asset_id'],
    ],
  ],
  [
    'gate 7: a rule is judged for the entries that can be read',
    sceneOf(
      artifact({
        header: header([
          entry({ bank_type: '"GLYPH"', metadata: '{"height":7,"palette_count":63,"tile_size":8}' }),
          entry({ ...SECOND, asset_name: '7' }),
          entry({ asset_id: '1', asset_name: '"c"', offset: '8', size: '0', decoded_size: '0' }),
        ]),
        region: counting(8),
      }),
    ),
    (at) => [
      ['BANK_METADATA', at('{"height"'), '/asset_table/0/metadata'],
      ['BANK_METADATA', at('7,"palette'), '/asset_table/0/metadata/height'],
      ['BANK_METADATA', at('63'), '/asset_table/0/metadata/palette_count'],
      ['HEADER_SHAPE', at('7,"bank_type"'), '/asset_table/1/asset_name'],
      ['ASSET_ID_DUPLICATE', at('"asset_id":1', 1) + 11, '/asset_table/2/asset_id'],
    ],
  ],
  [
    'gate 8: a slice out of bounds is no fault of the layout too',
    sceneOf(
      artifact({
        header: header([
          GOOD,
          entry({ ...SECOND, offset: '9' }),
          entry({ asset_id: '3', asset_name: '"c"', offset: '8' }),
        ]),
        region: counting(12),
      }),
    ),
    (at) => [['SLICE_BOUNDS', at('9,"size"'), '/asset_table/1/offset']],
  ],
  [
    'gate 8: bounds and layout, each where it is wrong, and the start of the region',
    sceneOf(
      artifact({
        header: header([
          entry({ offset: '2' }),
          entry({ ...SECOND, offset: '9007199254740000', size: '991', decoded_size: '0' }),
          entry({ asset_id: '3', asset_name: '"c"', offset: '6', size: '0' }),
        ]),
        gap: zeros(7),
        region: counting(12),
      }),
    ),
    (at) => [
      ['PAYLOAD_OFFSET', 12],
      ['SLICE_LAYOUT', at('2,"size"'), '/asset_table/0/offset'],
      ['SLICE_BOUNDS', at('9007199254740000'), '/asset_table/1/offset'],
      ['SLICE_LAYOUT', at('6,"size"'), '/asset_table/2/offset'],
    ],
  ],
  [
    'gate 9 is shut by any fault of the table',
    sceneOf(laid(16, header([entry({ asset_name: '""' })]), counting(40), 1)),
    (at) => [['ASSET_NAME', at('""'), '/asset_table/0/asset_name']],
  ],
  [
    'gate 9: the first bad byte of the padding, the first trailing one, beside a flag',
    sceneOf(
      laid(
        64,
        header([GOOD, entry({ ...SECOND, offset: '64' })]),
        concat(counting(4), zeros(58), [5, 6], counting(4), [0]),
        9,
        { flags: 7 },
      ),
    ),
    (at) => [
      ['PRELUDE_FLAGS', 20],
      ['PADDING_NOT_ZERO', at(']}') + 2],
      ['TRAILING_BYTES', 320 + 68],
    ],
  ],
  [
    'gate 9: padding between payloads, of which the second byte is bad',
    sceneOf(
      laid(
        64,
        header([GOOD, entry({ ...SECOND, offset: '64' })]),
        concat(counting(4), [0, 5, 6], zeros(57), counting(4)),
      ),
    ),
    () => [['PADDING_NOT_ZERO', 320 + 5]],
  ],
];

describe('all faults of one file', () => {
  it.each(SEVERAL)('%s', async (_, { bytes, at }, places) => {
    const result = await verifyBytes(bytes);
    expect(placesOf(errorsOf(result))).toEqual(places(at));
    expect(result.diagnosticsOmitted).toBe(0);
    // An independent reader says so too.
    expect(places(at)).toEqual(
      readStrict(bytes).map(([code, { offset, pointer }]) =>
        pointer === undefined ? [code, offset] : [code, offset, pointer],
      ),
    );
  });

  it.each<[string, string, string]>([
    ['of two bytes', '\u00e8', '\u00e9'],
    ['of three bytes', '\u20ac', '\u20ad'],
    ['of four bytes', '\u{1f600}', '\u{1f601}'],
  ])('excerpts of another spelling begin at a whole character %s', async (_, first, second) => {
    const metadata = `{"${second}":1,"${first}":2}`;
    const bytes = artifact({ header: header([emptyEntry(1, { metadata })]) });
    const { diagnostics } = await verifyBytes(bytes);
    const place = Buffer.from(bytes).indexOf(second) + utf8(second).length - 1;
    expect(diagnostics).toMatchObject([{ code: 'HEADER_NOT_CANONICAL', where: { offset: place } }]);
    expect(String(diagnostics[0]?.expected).startsWith(`${first}":2,"`)).toBe(true);
    expect(String(diagnostics[0]?.actual).startsWith(`${second}":1,"`)).toBe(true);
  });

  it('counts the entries that can be read, and each byte of their payloads once', async () => {
    const slice = (id: number, offset: string, size: string) =>
      entry({ asset_id: `${id}`, asset_name: `"${id}"`, offset, size });
    const list = [
      slice(1, '8', '4'),
      slice(2, '0', '6'),
      slice(3, '4', '6'),
      slice(4, '"0"', '20'),
      slice(5, '19', '2'),
      slice(6, '14', '0'),
    ];
    const { checked } = await verifyBytes(artifact({ header: header(list), region: noise(20) }));
    expect(checked).toEqual({ entries: 5, payloadBytes: 12 });
  });

  /** Entries of names that are no names, each another. */
  const nameless = (count: number) =>
    Array.from({ length: count }, (_, i) => emptyEntry(i + 1, { asset_name: `"\\u0001${i}"` }));
  const twins = (count: number, first: number) =>
    Array.from({ length: count }, (_, i) => emptyEntry(first + i, { asset_name: '"same"' }));

  it('more than 1,000: the first in document order, and how many there are besides', async () => {
    const result = await verifyBytes(artifact({ header: header(nameless(1_500)) }));
    expect(result.ok).toBe(false);
    expect(pointers(result.diagnostics)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => ['ASSET_NAME', `/asset_table/${i}/asset_name`]),
    );
    expect(result.diagnosticsOmitted).toBe(500);
  });

  it('exactly 1,000: nothing is omitted', async () => {
    const result = await verifyBytes(artifact({ header: header(nameless(1_000)) }));
    expect([result.diagnostics.length, result.diagnosticsOmitted]).toEqual([1_000, 0]);
  });

  it('errors are kept before warnings, in document order', async () => {
    const list = [...twins(601, 1), ...nameless(1_500).slice(601)];
    const result = await verifyBytes(artifact({ header: header(list) }));
    expect(errorsOf(result)).toHaveLength(899);
    expect(result.diagnostics).toHaveLength(1_000);
    expect(result.diagnosticsOmitted).toBe(499);
    const offsets = result.diagnostics.map(({ where }) => where.offset as number);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    expect(result.diagnostics[0]).toMatchObject({
      code: 'ASSET_NAME_DUPLICATE',
      where: { pointer: '/asset_table/1/asset_name' },
    });
  });

  it('warnings alone, more than 1,000, leave a file valid', async () => {
    const result = await verifyBytes(artifact({ header: header(twins(1_202, 1)) }));
    expect([result.ok, result.diagnostics.length, result.diagnosticsOmitted]).toEqual([true, 1_000, 201]);
  });

  it('of more than 2,000, the first in document order, whatever their kinds', async () => {
    const repeated = emptyEntry(2, { metadata: `{"x":0${',"x":0'.repeat(2_500)}}` });
    const result = await verifyBytes(artifact({ header: header([emptyEntry(1, { codec: '"RAW"' }), repeated]) }));
    expect([result.diagnostics.length, result.diagnosticsOmitted]).toEqual([1_000, 1_501]);
    expect(result.diagnostics[0]).toMatchObject({ code: 'CODEC_UNKNOWN', where: { pointer: '/asset_table/0/codec' } });
  });

  it.each<[string, string[], string[], object]>([
    [
      'a preload entry behind 1,200 faults that are open',
      nameless(1_200),
      ['{"asset_id":5000,"slot":0}'],
      { verdict: 'reject', class: 'PRELOAD' },
    ],
    [
      'an entry behind 1,200 faults that are open',
      [...nameless(1_200), emptyEntry(1_201, { bank_type: '"TILES"' })],
      [],
      { verdict: 'reject', class: 'HEADER' },
    ],
    [
      'a fault of a higher class behind 1,200 others',
      [...Array.from({ length: 1_200 }, () => emptyEntry(1)), emptyEntry(2, { codec: '"RAW"' })],
      [],
      { verdict: 'reject', class: 'HEADER' },
    ],
  ])('a runtime has to reject %s', async (_, entries, preload, verdict) => {
    const result = await verifyBytes(artifact({ header: header(entries, preload) }), { profile: 'runtime' });
    expect([result.runtime, result.ok]).toEqual([verdict, false]);
  });
});

describe('files made to do harm', () => {
  /** Bytes that a file allows to be read: all of them once, prelude and header a second time. */
  function readsAllowed(bytes: Uint8Array): number {
    const headerLen = bytes.length < 32 ? 0 : Buffer.from(bytes).readUInt32LE(8);
    return bytes.length + Math.min(bytes.length, 32 + headerLen);
  }

  async function expectBounded(bytes: Uint8Array): Promise<Judged> {
    const result = await verifyBytes(bytes);
    expect(result.files.bytesRead).toBeLessThanOrEqual(readsAllowed(bytes));
    expect(result.files.mostAsked).toBeLessThanOrEqual(Math.max(1_048_576, bytes.length));
    return result;
  }

  const UNITS = { arrays: ['[', ']'], objects: ['{"a":', '}'] } as const;
  const deep = (kind: keyof typeof UNITS, levels: number, isClosed: boolean) =>
    UNITS[kind][0].repeat(levels) + (isClosed ? (kind === 'objects' ? '0' : '') + UNITS[kind][1].repeat(levels) : '');

  it.each<[string, Uint8Array, string[]]>([
    [
      'a header of 4 GiB in 40 bytes',
      artifact({ prelude: { headerLen: 2 ** 32 - 1 }, header: '[1,2,3]\n' }),
      ['HEADER_LENGTH'],
    ],
    [
      'a header that would end at 2^32 + 31',
      artifact({ prelude: { headerLen: 2 ** 32 - 1, payloadOffset: 2n ** 64n - 1n }, header: '' }),
      ['HEADER_LENGTH'],
    ],
    [
      'payload_offset 2^63',
      artifact({ prelude: { payloadOffset: 2n ** 63n }, header: header([GOOD]) }),
      ['PAYLOAD_OFFSET'],
    ],
    [
      'payload_offset 2^64 - 1',
      artifact({ prelude: { payloadOffset: 2n ** 64n - 1n }, header: header([GOOD]), region: counting(4) }),
      ['PAYLOAD_OFFSET'],
    ],
    [
      'payload_offset 2^53 + 181, which a double rounds',
      artifact({ prelude: { payloadOffset: 2n ** 53n + 181n }, header: header([GOOD]), region: counting(4) }),
      ['PAYLOAD_OFFSET'],
    ],
    [
      'sizes whose sum no double holds',
      artifact({
        header: header([
          entry({ size: '9007199254740991', decoded_size: '9007199254740991' }),
          entry({ ...SECOND, offset: '9007199254740991', size: '9007199254740991' }),
        ]),
        region: counting(8),
      }),
      ['SLICE_BOUNDS', 'SLICE_BOUNDS'],
    ],
    [
      'a size past 2^53 - 1',
      artifact({ header: header([entry({ size: '9007199254740993' })]), region: counting(4) }),
      ['HEADER_NUMBER'],
    ],
    [
      'a number of a million digits',
      artifact({ header: header([entry({ size: '9'.repeat(1_000_000) })]), region: counting(4) }),
      ['HEADER_NUMBER'],
    ],
    [
      'a million levels of arrays in metadata',
      artifact({
        header: header([entry({ metadata: `{"a":${deep('arrays', 1_000_000, true)}}` })]),
        region: counting(4),
      }),
      ['HEADER_TOO_DEEP'],
    ],
    [
      'a million levels of objects in metadata',
      artifact({ header: header([entry({ metadata: deep('objects', 1_000_000, true) })]), region: counting(4) }),
      ['HEADER_TOO_DEEP'],
    ],
    ['a million levels that do not end', artifact({ header: deep('arrays', 1_000_000, false) }), ['HEADER_NOT_JSON']],
    [
      'a million levels in place of the header',
      artifact({ header: deep('objects', 1_000_000, true) }),
      ['HEADER_TOO_DEEP'],
    ],
    [
      'a hundred thousand members of one name',
      artifact({ header: header([entry({ metadata: `{"x":0${',"x":0'.repeat(100_000)}}` })]), region: counting(4) }),
      Array<string>(1_000).fill('HEADER_DUPLICATE_MEMBER'),
    ],
    ['a header of nothing but zeros', artifact({ header: zeros(1_000_000) }), ['HEADER_NOT_JSON']],
  ])('%s', async (_, bytes, codes) => {
    const result = await expectBounded(bytes);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(codes);
    const runtime = await verifyBytes(bytes, { profile: 'runtime' });
    expect(runtime.runtime).toBeDefined();
  });

  const COUNT = 10_000;
  const REGION = 4_000_000;
  const everywhere = (i: number) => entry({ asset_id: `${i}`, asset_name: `"${i}"`, offset: '0', size: `${REGION}` });
  const nested = (i: number) =>
    entry({ asset_id: `${i}`, asset_name: `"${i}"`, offset: `${i}`, size: `${REGION - 2 * i}` });

  it.each<[string, (i: number) => string]>([
    ['all cover the whole region', everywhere],
    ['lie inside one another', nested],
  ])('10,000 slices that %s: every byte is read once', async (_, entryOf) => {
    const list = Array.from({ length: COUNT }, (_, i) => entryOf(i));
    const result = await expectBounded(artifact({ header: header(list), region: noise(REGION) }));
    expect(result.diagnostics).toHaveLength(1_000);
    expect(result.diagnosticsOmitted).toBe(COUNT - 1 - 1_000);
    expect(new Set(result.diagnostics.map(({ code }) => code))).toEqual(new Set(['SLICE_LAYOUT']));
    expect(result.checked).toEqual({ entries: COUNT, payloadBytes: REGION });
  });

  it('a sparse file of 16 GiB that is no artifact is read once; its header is not believed', async () => {
    const path = join(newFolder(), 'sparse.pa');
    writeFileSync(path, artifact({ prelude: { headerLen: 600_000_000 }, header: '' }));
    truncateSync(path, 16 * 2 ** 30);
    const stop = new AbortController();
    const watch = new Watch();
    const onProgress = ({ bytes }: { readonly bytes: number }) => bytes > 4_000_000 && stop.abort();
    expect(await codeOf(verifyArtifact(path, { fs: watch.fileSystem(), signal: stop.signal, onProgress }))).toBe(
      'INTERRUPTED',
    );
    const read = watch.of('read').reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    expect(read).toBeLessThan(16_000_000);
  });

  const small = referenceArtifact(
    [
      { id: 1, name: 'a', bank: 'SOUNDS', bytes: counting(5) },
      { id: 4, name: 'b', bank: 'SCENE', bytes: counting(20) },
      { id: 7, name: 'c', bank: 'SOUNDS', bytes: counting(3) },
    ],
    16,
  );
  const headerEnd = 32 + Buffer.from(small).readUInt32LE(8);
  const regionStart = Number(Buffer.from(small).readBigUInt64LE(12));
  /** Where the payloads end in the file. */
  const ENDS = [5, 16 + 20, 48 + 3].map((end) => regionStart + end);

  it('the artifact that is cut and flipped below is valid, and has padding of both kinds', async () => {
    expect((await verifyBytes(small)).diagnostics).toEqual([]);
    expect(small.length).toBe(ENDS.at(-1));
    expect(regionStart).toBeGreaterThan(headerEnd);
  });

  it('cut off at any byte, the code says where', async () => {
    for (let length = 0; length < small.length; length += 1) {
      const result = await expectBounded(small.subarray(0, length));
      const lost = ENDS.filter((end) => end > length).length;
      const codes =
        length < 32
          ? ['PRELUDE_TRUNCATED']
          : length < headerEnd
            ? ['HEADER_LENGTH']
            : length < regionStart
              ? ['PAYLOAD_OFFSET']
              : Array<string>(lost).fill('SLICE_BOUNDS');
      expect([length, result.diagnostics.map(({ code }) => code)]).toEqual([length, codes]);
      expect(result.ok).toBe(false);
    }
  });

  it('any single bit of prelude and header turned: judged as an independent reader judges it', async () => {
    let accepted = 0;
    for (let bit = 0; bit < 8 * headerEnd; bit += 1) {
      const bytes = Uint8Array.from(small);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const result = await expectBounded(bytes);
      const expected = readStrict(bytes).map(([code]) => code);
      expect([bit, errorsOf(result).map(({ code }) => code)]).toEqual([bit, expected]);
      expect(result.ok).toBe(expected.length === 0);
      accepted += Number(result.ok);
    }
    // Ids, names and decoded sizes may be other ones.
    expect(accepted).toBeGreaterThan(10);
    expect(accepted).toBeLessThan(120);
  });

  it('any single bit of the padding turned is found, of a payload is not', async () => {
    const payload = new Set(
      [0, 16, 48].flatMap((at, i) => Array.from({ length: [5, 20, 3][i] as number }, (_, k) => at + k)),
    );
    for (let at = headerEnd; at < small.length; at += 1) {
      const bytes = Uint8Array.from(small);
      bytes[at] = (bytes[at] as number) ^ 0x80;
      const isPayload = payload.has(at - regionStart);
      const { diagnostics } = await verifyBytes(bytes);
      expect(placesOf(diagnostics)).toEqual(isPayload ? [] : [['PADDING_NOT_ZERO', at]]);
      if (!isPayload) expect(diagnostics[0]?.clause).toBe(at < regionStart ? 'E5' : 'T5');
    }
  });

  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.uint8Array({ maxLength: 400 }).map((rest) => concat(utf8('ASPA'), [1, 0, 0, 0], rest)),
    fc
      .tuple(fc.uint8Array({ minLength: 31, maxLength: 200 }), fc.nat(20), fc.uint8Array({ maxLength: 60 }))
      .map(([text, gap, region]) => artifact({ header: text, gap: zeros(gap), region })),
    fc
      .tuple(fc.string({ unit: 'binary', minLength: 11 }), fc.uint8Array({ maxLength: 60 }))
      .map(([text, region]) => artifact({ header: `${text}                    `, region })),
    fc.json().map((text) => artifact({ header: text.padEnd(31) })),
  );

  it('garbage of any kind is judged, and read no more often than it has bytes', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const result = await expectBounded(bytes);
        expect(result.ok).toBe(readStrict(bytes).length === 0);
        expect(result.diagnostics.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('mutated vectors are judged as by a reader that passes over payloads', async () => {
    const files = vectors.map(({ file }) => readFileSync(join(VECTORS, file))).filter(({ length }) => length < 2_000);
    const mutants = fc
      .tuple(fc.constantFrom(...files), fc.array(step, { minLength: 1, maxLength: 3 }))
      .map(([file, steps]) => mutate(file, steps));
    await fc.assert(
      fc.asyncProperty(mutants, async (bytes) => {
        const result = await expectBounded(bytes);
        const { report } = await readArtifact('a.pa', new MemoryFiles({ 'a.pa': bytes }).fileSystem());
        expect(result.diagnostics).toEqual(report.list);
        const runtime = await verifyBytes(bytes, { profile: 'runtime' });
        expect(runtime.ok).toBe(runtime.runtime?.verdict !== 'reject');
        if (result.ok) expect(runtime.runtime).toEqual({ verdict: 'accept' });
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is told', () => {
  const large = referenceArtifact([{ id: 1, name: 'a', bank: 'SOUNDS', bytes: noise(20_000_000) }], 65_536);

  it('progress grows to the size of the file, in pieces of a block', async () => {
    const seen: (readonly [number, number])[] = [];
    const { checked } = await verifyBytes(large, {
      onProgress: ({ bytes, totalBytes }) => seen.push([bytes, totalBytes]),
    });
    const bytes = seen.map(([each]) => each);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toEqual([large.length, large.length]);
    expect(new Set(seen.map(([, total]) => total))).toEqual(new Set([large.length]));
    expect(Math.max(...bytes.map((each, i) => each - (bytes[i - 1] ?? 0)))).toBeLessThanOrEqual(4_194_304);
    expect(checked).toEqual({ entries: 1, payloadBytes: 20_000_000 });
  });

  it.each<[string, (stop: AbortController) => VerifyOptions]>([
    [
      'before it begins',
      (stop) => {
        stop.abort('SIGTERM');
        return {};
      },
    ],
    ['in the middle', (stop) => ({ onProgress: ({ bytes }) => bytes > 1_500_000 && stop.abort('SIGTERM') })],
  ])('interrupted %s', async (_, optionsOf) => {
    const stop = new AbortController();
    const files = new MemoryFiles({ 'a.pa': large });
    const options = { ...optionsOf(stop), signal: stop.signal, fs: files.fileSystem() };
    const error = await failureOfPack(verifyArtifact('a.pa', options));
    expect([error.code, error.cause]).toEqual(['INTERRUPTED', 'SIGTERM']);
    expect([files.open, files.closedEarly]).toEqual([0, 0]);
    expect(files.bytesRead).toBeLessThan(large.length);
  });

  it('a callback that throws ends the work with its error, and the file is closed', async () => {
    const files = new MemoryFiles({ 'a.pa': large });
    const onProgress = () => {
      throw new RangeError('mine');
    };
    await expect(verifyArtifact('a.pa', { fs: files.fileSystem(), onProgress })).rejects.toThrow(
      new RangeError('mine'),
    );
    expect([files.open, files.closedEarly]).toEqual([0, 0]);
  });
});

describe('file systems that fail', () => {
  let rejections: ReturnType<typeof watchRejections>;
  beforeEach(() => {
    rejections = watchRejections();
  });
  afterEach(async () => {
    await settled();
    rejections.stop();
    expect(rejections.list).toEqual([]);
  });

  const large = referenceArtifact(
    [
      { id: 1, name: 'a', bank: 'SOUNDS', bytes: noise(7_000_000) },
      { id: 2, name: 'b', bank: 'SOUNDS', bytes: new Uint8Array() },
      { id: 3, name: 'c', bank: 'SCENE', bytes: noise(10_000_000, 2) },
    ],
    4_096,
  );

  function largeFile(): { readonly folder: string; readonly path: string } {
    const folder = newFolder();
    const path = join(folder, 'a.pa');
    writeFileSync(path, large);
    return { folder, path };
  }

  it('any single call: INPUT_READ with the system code, and nothing stays open', async () => {
    const { folder, path } = largeFile();
    const operations: string[] = [];
    for (let n = 1; ; n += 1) {
      const watch = new Watch(failingAt(n, 'EIO'));
      const outcome = verifyArtifact(path, { fs: watch.fileSystem() });
      const error = await outcome.then(
        () => undefined,
        () => failureOfPack(outcome),
      );
      expect(openBelow(folder)).toEqual([]);
      if (watch.failed === undefined) break;
      operations.push(watch.failed.operation);
      // Whatever lies past the end of the file need not be there.
      if (error === undefined) {
        expect(watch.failed.operation).toBe('read');
        continue;
      }
      expect(error.diagnostics).toEqual([
        {
          code: 'INPUT_READ',
          severity: 'error',
          message: `the artifact cannot be read: ${watch.failed.operation} (EIO)`,
          where: { path },
          details: { system: 'EIO' },
        },
      ]);
    }
    expect(operations).toEqual(expect.arrayContaining(['open', 'fstat', 'read', 'close']));
    expect(operations.filter((each) => each === 'read').length).toBeGreaterThanOrEqual(6);
  });

  it('reads that give less than was asked for change nothing', async () => {
    const { path } = largeFile();
    const whole = await verifyArtifact(path);
    expect(whole).toMatchObject({ ok: true, checked: { entries: 3, payloadBytes: 17_000_000 } });
    for (const readLimit of [60_001, 700_000]) {
      expect(await verifyArtifact(path, { fs: new Watch({ readLimit }).fileSystem() })).toEqual(whole);
    }
  });

  it('a file that is cut short before any of its reads', async () => {
    const { folder, path } = largeFile();
    const codes: string[] = [];
    for (let n = 1; ; n += 1) {
      copyFileSync(path, join(folder, 'b.pa'));
      let reads = 0;
      const before = (call: Call) => {
        if (call.operation !== 'read') return;
        reads += 1;
        if (reads === n) truncateSync(join(folder, 'b.pa'), 1_000);
      };
      const fs = new Watch({ before }).fileSystem();
      const code = await codeOf(verifyArtifact(join(folder, 'b.pa'), { fs }));
      expect(openBelow(folder)).toEqual([]);
      if (reads < n) break;
      codes.push(code);
    }
    // Only what was read already, and the look past the end, do not need the file any more.
    expect(codes.slice(0, 5)).toEqual(Array<string>(5).fill('INPUT_READ'));
    expect(new Set(codes)).toEqual(new Set(['INPUT_READ', 'ok']));
    expect(codes.indexOf('ok')).toBe(codes.lastIndexOf('INPUT_READ') + 1);
  });

  it('a file that grows while it is read is judged as it was', async () => {
    const { path } = largeFile();
    let isDone = false;
    const before = ({ operation }: Call) => {
      if (operation !== 'read' || isDone) return;
      isDone = true;
      truncateSync(path, large.length + 100);
    };
    const result = await verifyArtifact(path, { fs: new Watch({ before }).fileSystem() });
    expect(result).toMatchObject({ ok: true, digests: { xxh64: xxh64(large) } });
  });

  const NO_FILE = { message: 'this is no regular file', hint: 'name a file; the command line reads a pipe as -' };
  it.each<[string, (path: string) => unknown, object]>([
    ['nothing', () => {}, { message: /^the artifact cannot be read: no such file or directory \(ENOENT\)$/ }],
    ['a folder', (path) => mkdirSync(path), NO_FILE],
    ['a FIFO that nobody writes to', (path) => execFileSync('mkfifo', [path]), NO_FILE],
    ['a device', (path) => symlinkSync('/dev/zero', path), NO_FILE],
    [
      'a link to nowhere',
      (path) => symlinkSync('nowhere', path),
      { message: /\(ENOENT\)$/, details: { system: 'ENOENT' } },
    ],
    ['a link to itself', (path) => symlinkSync(path, path), { message: /\(ELOOP\)$/, details: { system: 'ELOOP' } }],
    [
      'a socket',
      (path) => new Promise<void>((resolve) => sockets.push(createServer().listen(path, resolve))),
      { message: expect.stringMatching(/no regular file|ENXIO|EOPNOTSUPP/) },
    ],
  ])('%s in the place of the file', async (_, prepare, expected) => {
    const folder = newFolder();
    const path = join(folder, 'a.pa');
    await prepare(path);
    const { diagnostics } = await failureOfPack(verifyArtifact(path));
    for (const server of sockets.splice(0)) server.close();
    const message = (expected as { message: unknown }).message;
    const isText = message instanceof RegExp ? expect.stringMatching(message) : message;
    expect(diagnostics).toMatchObject([{ code: 'INPUT_READ', where: { path }, ...expected, message: isText }]);
    expect(openBelow(folder)).toEqual([]);
  });
  const sockets: ReturnType<typeof createServer>[] = [];

  it('a link to a file is followed', async () => {
    const { folder, path } = largeFile();
    symlinkSync(path, join(folder, 'link.pa'));
    expect(await verifyArtifact(join(folder, 'link.pa'))).toMatchObject({ ok: true, path: join(folder, 'link.pa') });
  });
});
