/** A file as its parts: of every file, right or broken, each byte belongs to one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifact, counting, entry, header, type PreludeFields, zeros } from '../../spec-vectors/compose.ts';
import { annotateBytes } from '../../src/read/annotate.js';
import { type Part, partAt, partsOf, slicesOf } from '../../src/read/parts.js';
import { lay, PREPARED } from '../support/artifacts.js';
import { mutate, step } from '../vectors/mutations.js';

const VECTORS = join(import.meta.dirname, '../../spec-vectors');
const { vectors } = JSON.parse(readFileSync(join(VECTORS, 'manifest.json'), 'utf8')) as {
  readonly vectors: readonly { readonly id: string; readonly file: string }[];
};

/** The parts of a file, after it is seen that they leave no byte out and that none is empty. */
function partsIn(bytes: Uint8Array): readonly Part[] {
  const { parts } = annotateBytes(bytes);
  let end = 0;
  for (const part of parts) {
    expect(part.start).toBe(end);
    expect(part.end).toBeGreaterThan(part.start);
    end = part.end;
  }
  expect(end).toBe(bytes.length);
  return parts;
}

/** `payload1 5`: kind, index, size. */
function shown({ kind, index, start, end }: Part): string {
  return `${kind}${index ?? ''} ${end - start}`;
}

describe('every vector', () => {
  it.each(vectors)('$id is the sum of its parts', ({ file }) => {
    const bytes = new Uint8Array(readFileSync(join(VECTORS, file)));
    const parts = partsIn(bytes);
    const kinds = parts.map(({ kind }) => kind);
    for (const kind of ['prelude', 'header', 'trailing', 'rest']) {
      expect(kinds.filter((each) => each === kind).length).toBeLessThan(2);
    }
    expect(parts.filter(({ kind, index }) => (kind === 'payload') !== (index !== undefined))).toEqual([]);
    for (const [at, part] of parts.entries()) {
      expect([partAt(parts, part.start), partAt(parts, part.end - 1)]).toEqual([part, part]);
      expect(partAt(parts, part.end)).toBe(parts[at + 1]);
    }
    expect(partAt(parts, bytes.length)).toBeUndefined();
  });

  it.each(vectors.filter(({ id }) => id.startsWith('accept/')))('$id has its slices as parts', ({ file }) => {
    const bytes = readFileSync(join(VECTORS, file));
    const start = Number(bytes.readBigUInt64LE(12));
    const { asset_table: table } = JSON.parse(bytes.toString('utf8', 32, 32 + bytes.readUInt32LE(8))) as {
      asset_table: { offset: number; size: number }[];
    };
    const expected = table.flatMap(({ offset, size }, index) =>
      size === 0 ? [] : [{ kind: 'payload', start: start + offset, end: start + offset + size, index }],
    );
    const parts = partsIn(bytes);
    expect(parts.filter(({ kind }) => kind === 'payload')).toEqual(expected);
    expect(parts.filter(({ kind }) => kind === 'trailing' || kind === 'rest')).toEqual([]);
    for (const { kind, start: from, end } of parts) {
      if (kind === 'padding') expect(bytes.subarray(from, end).every((byte) => byte === 0)).toBe(true);
    }
  });
});

/** A file of these slices, whose region has a size of its own. */
function sliced(slices: readonly (readonly [offset: number, size: number])[], region: number): Uint8Array {
  const entries = slices.map(([offset, size], i) =>
    entry({ asset_id: `${i}`, offset: `${offset}`, size: `${size}`, decoded_size: `${size}` }),
  );
  return artifact({ header: header(entries), region: zeros(region) });
}

describe('slices', () => {
  it.each<[string, (readonly [number, number])[], number, string[]]>([
    ['none', [], 0, []],
    ['none, with bytes', [], 3, ['trailing 3']],
    ['one', [[0, 4]], 4, ['payload0 4']],
    ['an empty one', [[0, 0]], 0, []],
    [
      'an empty one at the end of the file',
      [
        [0, 4],
        [4, 0],
      ],
      4,
      ['payload0 4'],
    ],
    [
      'an empty one after the end of the file',
      [
        [0, 4],
        [5, 0],
      ],
      4,
      ['payload0 4'],
    ],
    [
      'an empty one inside another',
      [
        [0, 4],
        [2, 0],
      ],
      4,
      ['payload0 4'],
    ],
    [
      'a gap before, between and behind',
      [
        [1, 1],
        [3, 1],
      ],
      6,
      ['padding 1', 'payload0 1', 'padding 1', 'payload1 1', 'trailing 2'],
    ],
    [
      'out of order',
      [
        [2, 2],
        [0, 2],
      ],
      4,
      ['payload1 2', 'payload0 2'],
    ],
    [
      'that overlap',
      [
        [0, 3],
        [2, 2],
      ],
      4,
      ['payload0 3', 'payload1 1'],
    ],
    [
      'one inside another',
      [
        [0, 4],
        [1, 2],
      ],
      4,
      ['payload0 4'],
    ],
    [
      'at one place, the shorter first',
      [
        [0, 2],
        [0, 4],
      ],
      4,
      ['payload0 2', 'payload1 2'],
    ],
    [
      'at one place, the longer first',
      [
        [0, 4],
        [0, 2],
      ],
      4,
      ['payload0 4'],
    ],
    [
      'after the end of the file',
      [
        [0, 2],
        [2, 3],
      ],
      4,
      ['payload0 2', 'trailing 2'],
    ],
    [
      'far after the end of the file',
      [
        [0, 2],
        [2 ** 53 - 1, 2 ** 53 - 1],
      ],
      2,
      ['payload0 2'],
    ],
  ])('%s', (_, slices, region, expected) => {
    expect(partsIn(sliced(slices, region)).slice(2).map(shown)).toEqual(expected);
  });

  it('any slices in any region', () => {
    const slice = fc.tuple(fc.nat(40), fc.nat(40));
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 8 }), fc.nat(48), (slices, region) => {
        const bytes = sliced(slices, region);
        const start = bytes.length - region;
        const parts = partsIn(bytes);
        for (const { kind, index = -1, start: from, end } of parts) {
          const inside = slices.flatMap(([offset, size], i) =>
            offset + size <= region && from >= start + offset && end <= start + offset + size ? [i] : [],
          );
          if (kind === 'payload') expect(inside).toContain(index);
          else if (from >= start) expect(inside).toEqual([]);
        }
      }),
      { numRuns: 700 },
    );
  });

  it('are given by their place', () => {
    const { header: read } = annotateBytes(
      sliced(
        [
          [2, 2],
          [0, 2],
          [2, 0],
          [3, 9],
        ],
        4,
      ),
    );
    expect(read && slicesOf(read, 100, 104)).toEqual([
      { start: 100, end: 102, index: 1 },
      { start: 102, end: 104, index: 0 },
      { start: 102, end: 102, index: 2 },
    ]);
  });
});

describe('files that cannot be read to the end', () => {
  const text = header([entry()]);
  const right = artifact({ header: text, region: counting(4) });
  const end = 32 + text.length;
  const withPrelude = (fields: PreludeFields) => artifact({ header: text, region: counting(4), prelude: fields });

  it.each<[string, Uint8Array, string[]]>([
    ['nothing', zeros(0), []],
    ['one byte', right.subarray(0, 1), ['prelude 1']],
    ['31 bytes', right.subarray(0, 31), ['prelude 31']],
    ['the prelude alone', right.subarray(0, 32), ['prelude 32']],
    ['cut off in the header', right.subarray(0, end - 1), ['prelude 32', `rest ${text.length - 1}`]],
    ['cut off behind the header', right.subarray(0, end), ['prelude 32', `header ${text.length}`]],
    ['cut off in the payload', right.subarray(0, end + 2), ['prelude 32', `header ${text.length}`, 'trailing 2']],
    ['another magic', withPrelude({ magic: [0, 0, 0, 0] }), ['prelude 32', `rest ${text.length + 4}`]],
    ['another version', withPrelude({ schemaVersion: 2 }), ['prelude 32', `rest ${text.length + 4}`]],
    ['no header', withPrelude({ headerLen: 0 }), ['prelude 32', `rest ${text.length + 4}`]],
    ['a header of 4 GiB', withPrelude({ headerLen: 2 ** 32 - 1 }), ['prelude 32', `rest ${text.length + 4}`]],
    ['a region in the prelude', withPrelude({ payloadOffset: 0 }), ['prelude 32', `header ${text.length}`, 'rest 4']],
    [
      'a region in the header',
      withPrelude({ payloadOffset: end - 1 }),
      ['prelude 32', `header ${text.length}`, 'rest 4'],
    ],
    [
      'a region at the end',
      withPrelude({ payloadOffset: end + 4 }),
      ['prelude 32', `header ${text.length}`, 'padding 4'],
    ],
    [
      'a region after the end',
      withPrelude({ payloadOffset: end + 5 }),
      ['prelude 32', `header ${text.length}`, 'rest 4'],
    ],
    [
      'a region at 2^64 - 1',
      withPrelude({ payloadOffset: 2n ** 64n - 1n }),
      ['prelude 32', `header ${text.length}`, 'rest 4'],
    ],
    [
      'a header that is no JSON',
      artifact({ header: text.replace('{', '['), region: counting(4) }),
      ['prelude 32', `header ${text.length}`, 'rest 4'],
    ],
    [
      'an entry that cannot be read',
      artifact({ header: header([entry({ size: '"4"' })]), region: counting(4) }),
      ['prelude 32', `header ${text.length + 2}`, 'rest 4'],
    ],
  ])('%s', (_, bytes, expected) => {
    expect(partsIn(bytes).map(shown)).toEqual(expected);
  });

  it.each(Object.entries(PREPARED))('%s', (_, file) => {
    partsIn(lay(file));
  });

  it('vectors with faults of any kind', () => {
    const small = vectors
      .map(({ file }) => new Uint8Array(readFileSync(join(VECTORS, file))))
      .filter(({ length }) => length < 4_096);
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.array(step, { minLength: 1, maxLength: 3 }), (bytes, steps) => {
        partsIn(mutate(bytes, steps));
      }),
      { numRuns: 400 },
    );
  });

  it('a prelude of any numbers', () => {
    const u32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    const fields = fc.record({
      headerLen: u32,
      payloadOffset: fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n)),
    });
    fc.assert(
      fc.property(fields, (prelude) => {
        partsIn(withPrelude(prelude));
      }),
      { numRuns: 400 },
    );
  });
});

it('a file need not be read to be cut into parts', () => {
  const { prelude, header: read } = annotateBytes(sliced([[0, 2 ** 52]], 0));
  const fileSize = 2 ** 52 + 1_000;
  const parts = partsOf({ fileSize, prelude, header: read });
  expect(parts.map(({ kind }) => kind)).toEqual(['prelude', 'header', 'payload', 'trailing']);
  expect(parts.at(-1)?.end).toBe(fileSize);
});
