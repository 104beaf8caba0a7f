/** Annotated bytes: every byte has one meaning, the meaning is the right one, and the byte asked for is among those shown. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifact, counting, entry, header, utf8, zeros } from '../../spec-vectors/compose.ts';
import { encodeHeader } from '../../src/codec/header.js';
import type { AssetEntry } from '../../src/format.js';
import {
  type Annotated,
  annotateBytes,
  HEX_ROW,
  type HexRow,
  headerSegments,
  headWindow,
  hexAround,
  hexRows,
  payloadSegments,
  preludeSegments,
  type Segment,
  segmentsOf,
  windowsAround,
} from '../../src/read/annotate.js';
import { hexText } from '../../src/report/hex.js';
import { legalHeader } from '../support/arbitraries.js';
import { GLYPH_METADATA, lay, PREPARED } from '../support/artifacts.js';
import { mutate, step } from '../vectors/mutations.js';

const ROOT = join(import.meta.dirname, '../..');
const VECTORS = join(ROOT, 'spec-vectors');
const { vectors } = JSON.parse(readFileSync(join(VECTORS, 'manifest.json'), 'utf8')) as {
  readonly vectors: readonly { readonly id: string; readonly file: string }[];
};
const accepted = vectors.filter(({ id }) => id.startsWith('accept/'));
const CLAUSES = new Set(
  [...readFileSync(join(ROOT, 'docs/format.md'), 'utf8').matchAll(/^### <a id="([a-z]\d+)"><\/a>/gm)].map(([, id]) =>
    id?.toUpperCase(),
  ),
);

function read(file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(VECTORS, file)));
}

/** The longest label: a pointer and a value, both cut where they are long. */
const LABEL_MAX = 1_000;

/** The segments of a whole file, after it is seen that they leave no byte out, and that each says something. */
function segmentsIn(artifactView: Annotated): Segment[] {
  const all: Segment[] = [];
  for (const part of artifactView.parts) {
    let end = part.start;
    for (const segment of segmentsOf(artifactView, part)) {
      const isRight =
        segment.start === end &&
        segment.end > segment.start &&
        segment.label.length > 0 &&
        segment.label.length < LABEL_MAX &&
        (segment.clause === undefined || CLAUSES.has(segment.clause));
      // There are far too many for an assertion each.
      if (!isRight) expect.unreachable(`the ${part.kind}, from byte ${end}: ${JSON.stringify(segment)}`);
      end = segment.end;
      all.push(segment);
    }
    expect(end, `the end of the ${part.kind}`).toBe(part.end);
  }
  expect(all.at(-1)?.end ?? 0).toBe(artifactView.fileSize);
  return all;
}

function segmentsOfBytes(bytes: Uint8Array): Segment[] {
  return segmentsIn(annotateBytes(bytes));
}

/** The values of a JSON text: their pointers, in no order, each with how its member or element begins in the canonical text. */
function valuesOf(value: unknown, pointer = '', before = ''): [pointer: string, begins: string][] {
  if (typeof value !== 'object' || value === null) return [[pointer, before + JSON.stringify(value)]];
  const inner = Array.isArray(value)
    ? value.flatMap((each, i) => valuesOf(each, `${pointer}/${i}`))
    : Object.entries(value).flatMap(([name, each]) =>
        valuesOf(each, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, `${JSON.stringify(name)}:`),
      );
  return [[pointer, before + (Array.isArray(value) ? '[' : '{')], ...inner];
}

/** Holds the segments of a canonical header against a walk over its values. */
function expectCanonical(bytes: Uint8Array): void {
  const segments = [...headerSegments(bytes)];
  const text = (segment: Segment) => new TextDecoder().decode(bytes.subarray(segment.start - 32, segment.end - 32));
  const expected = valuesOf(JSON.parse(new TextDecoder().decode(bytes)));
  const byPointer = new Map(expected);
  expect(segments.map(({ pointer }) => pointer).sort()).toEqual([...byPointer.keys()].sort());
  for (const segment of segments) {
    const begins = byPointer.get(segment.pointer ?? '?') ?? '?';
    const found = text(segment);
    const name = segment.pointer === '' ? 'header' : (segment.pointer ?? '?');
    const isRight =
      found.startsWith(begins) &&
      // What follows the value, or the opening bracket, is punctuation.
      /^[\]},]*$/.test(found.slice(begins.length)) &&
      // Long ones may be cut.
      (name.length > 80 || segment.label.startsWith(name)) &&
      segment.clause !== undefined;
    if (!isRight) expect.unreachable(`${begins}: ${found}, ${JSON.stringify(segment)}`);
  }
}

describe('every vector', () => {
  it('clauses are read from the document', () => {
    expect(CLAUSES.size).toBeGreaterThan(40);
  });

  it.each(vectors)('$id: every byte has one meaning', ({ file }) => {
    segmentsOfBytes(read(file));
  });

  it.each(accepted)('$id: a segment of the header for each value, and none beside', ({ file }) => {
    const { headerBytes } = annotateBytes(read(file));
    expectCanonical(headerBytes);
  });

  it.each(accepted)('$id: everything has a clause', ({ file }) => {
    for (const { clause, label } of segmentsOfBytes(read(file))) expect(clause, label).toBeDefined();
  });
});

describe('any file', () => {
  it('any legal header: a segment for each value', () => {
    fc.assert(
      fc.property(legalHeader, (each) => {
        expectCanonical(encodeHeader(each));
      }),
      { numRuns: 200 },
    );
  });

  it('any faults: every byte has one meaning', () => {
    const small = vectors.map(({ file }) => read(file)).filter(({ length }) => length < 2_048);
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.array(step, { minLength: 1, maxLength: 3 }), (bytes, steps) => {
        segmentsOfBytes(mutate(bytes, steps));
      }),
      { numRuns: 500 },
    );
  });

  it('any bytes for a header', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 31, maxLength: 80 }),
      fc
        .string({ unit: fc.constantFrom(...'{}[]",:\\u0e-1tn \n'), minLength: 31, maxLength: 80 })
        .map((text) => utf8(text)),
    );
    fc.assert(
      fc.property(bytes, (each) => {
        segmentsOfBytes(artifact({ header: each, region: counting(3) }));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(Object.entries(PREPARED))('%s', (_, file) => {
    segmentsOfBytes(lay(file));
  });
});

/** Pointers of a header text, in order; what has none is told by its label's first words. */
function pointersIn(text: string | Uint8Array): string[] {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  return [...headerSegments(bytes)].map(({ pointer, label }) => pointer ?? label.split(':')[0] ?? '');
}

describe('headers that are not canonical', () => {
  const NO_JSON = 'no JSON from here on';
  it.each<[string, string | Uint8Array, string[]]>([
    ['nothing', '', []],
    ['white space around everything', ' { "a" : [ 1 , 2 ] } ', ['', '/a', '/a/0', '/a/1']],
    ['a scalar', '1', ['']],
    ['an array', '[1,[2]]', ['', '/0', '/1', '/1/0']],
    ['a member twice', '{"a":1,"a":2}', ['', '/a', '/a']],
    [
      'an entry twice',
      '{"asset_table":[1],"asset_table":[2]}',
      ['', '/asset_table', '/asset_table/0', '/asset_table', '/asset_table/0'],
    ],
    ['members that nobody knows', '{"x":{"y":null}}', ['', '/x', '/x/y']],
    ['an empty name', '{"":{"":1}}', ['', '/', '//']],
    ['names with marks of pointers', '{"a/b":{"~":1},"c~1":2}', ['', '/a~1b', '/a~1b/~0', '/c~01']],
    ['an escaped name', '{"\\u0061\\n":1}', ['', '/a\n']],
    ['__proto__', '{"__proto__":{"__proto__":1}}', ['', '/__proto__', '/__proto__/__proto__']],
    ['a name that looks like an index', '{"0":[{"0":1}]}', ['', '/0', '/0/0', '/0/0/0']],
    ['cut off in a name', '{"a":1,"b', ['', '/a']],
    ['cut off in a value', '{"a":tru', ['', NO_JSON]],
    ['cut off behind a colon', '{"a":', ['']],
    ['a comma too many', '[1,]', ['', '/0', NO_JSON]],
    ['a bracket too many', '[1]]', ['', '/0', NO_JSON]],
    ['another text behind', '{}{}', ['', NO_JSON]],
    ['a bare control character', '["a\nb"]', ['', NO_JSON]],
    ['a byte-order mark', '\ufeff{}', [NO_JSON]],
    ['no UTF-8 in a value', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d), ['', '/0']],
    ['no UTF-8 in a name', Uint8Array.of(0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d), ['', '/\ufffd\ufffd']],
    ['a lone surrogate in a name', '{"\\ud800":1}', ['', '/\ufffd']],
    ['zeros', zeros(40), [NO_JSON]],
  ])('%s', (_, text, expected) => {
    expect(pointersIn(text)).toEqual(expected);
  });

  it('a fault is said where it is', () => {
    expect([...headerSegments(utf8('{"a":1,"b":+1}'))].at(-1)).toMatchObject({ start: 32 + 11, end: 32 + 14 });
  });

  it.each<[string, (levels: number) => string]>([
    ['arrays', (levels) => '['.repeat(levels) + ']'.repeat(levels)],
    ['objects', (levels) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`],
    ['arrays that are cut off', (levels) => '['.repeat(levels)],
    ['a deep array before others', (levels) => `[${'['.repeat(levels)}${']'.repeat(levels)},1,2]`],
  ])('100,000 levels of %s: few segments', (_, textOf) => {
    const view = annotateBytes(artifact({ header: textOf(100_000), region: counting(2) }));
    expect(segmentsIn(view).length).toBeLessThan(100);
  });

  it('the deepest legal value has a segment of its own', () => {
    const metadata = `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`;
    const bytes = artifact({ header: header([entry({ metadata })]), region: counting(4) });
    const deepest = segmentsOfBytes(bytes).filter(({ pointer = '' }) => pointer.endsWith('/a'.repeat(33)));
    expect(deepest.map(({ label }) => label.split(' = ')[1])).toEqual(['1']);
  });

  it('a name of 64 KiB over many elements does not come back in each label', () => {
    const metadata = `{"${'n'.repeat(65_536)}":[${Array.from({ length: 64 }, () => 0)}]}`;
    segmentsOfBytes(artifact({ header: header([entry({ metadata })]), region: counting(4) }));
  });

  it('a number of 64 KiB does not come back in its label', () => {
    segmentsOfBytes(artifact({ header: header([entry({ size: '9'.repeat(65_536) })]), region: counting(4) }));
  });
});

describe('which entries are annotated', () => {
  const entries = [entry(), entry({ asset_id: '2', offset: '4' }), entry({ asset_id: '3', offset: '8' })];
  const text = header(entries, ['{"asset_id":1,"slot":0}', '{"asset_id":3,"slot":1}']);
  const wanted = (list: string, index: number) => [
    ...headerSegments(utf8(text), (...each) => isSame(each, [list, index])),
  ];
  const isSame = (a: readonly unknown[], b: readonly unknown[]) => a[0] === b[0] && a[1] === b[1];

  it.each<[string, number]>([
    ['asset_table', 0],
    ['asset_table', 1],
    ['asset_table', 2],
    ['preload', 0],
    ['preload', 1],
  ])('%s %i alone, with the lists', (list, index) => {
    const segments = wanted(list, index);
    const own = segments.filter(({ pointer = '' }) => pointer.split('/').length > 2);
    expect(own.length).toBeGreaterThan(2);
    for (const { pointer } of own) expect(pointer).toMatch(new RegExp(`^/${list}/${index}(/|$)`));
    expect(segments.filter(({ pointer = '' }) => pointer.split('/').length < 3).map(({ pointer }) => pointer)).toEqual([
      '',
      '/asset_table',
      '/preload',
    ]);
    const all = [...headerSegments(utf8(text))];
    for (const segment of own) expect(all).toContainEqual(segment);
  });
});

describe('the prelude', () => {
  const right = artifact({ header: header([]) });

  it('says each field and its value', () => {
    expect(preludeSegments(right.subarray(0, 32)).map(({ start, label }) => [start, label])).toEqual([
      [0, 'magic = ASPA'],
      [4, 'schema_version = 1'],
      [8, 'header_len = 31'],
      [12, 'payload_offset = 63'],
      [20, 'flags = 0'],
      [24, 'reserved = 0'],
      [28, 'header_checksum = 0'],
    ]);
  });

  it.each([0, 1, 3, 4, 5, 8, 12, 19, 20, 28, 31])('cut off after %i bytes', (length) => {
    const segments = segmentsOfBytes(right.subarray(0, length));
    expect(segments.length).toBe([0, 4, 8, 12, 20, 24, 28].filter((at) => at < length).length);
    const whole = preludeSegments(right.subarray(0, 32));
    expect(segments.filter(({ label }) => !label.endsWith(', cut')).map(({ label }) => label)).toEqual(
      whole.filter(({ end }) => end <= length).map(({ label }) => label),
    );
  });

  it('says a wrong magic and the largest numbers as they are', () => {
    const bytes = artifact({
      header: header([]),
      prelude: { magic: [1, 2, 3, 0xff], payloadOffset: 2n ** 64n - 1n, flags: 2 ** 32 - 1 },
    });
    const labels = preludeSegments(bytes.subarray(0, 32)).map(({ label }) => label);
    expect(labels[0]).toContain('010203ff');
    expect(labels[3]).toBe('payload_offset = 18446744073709551615');
    expect(labels[4]).toBe('flags = 4294967295');
  });

  it('a field that is all there is not called cut', () => {
    expect(preludeSegments(right.subarray(0, 5))[0]?.label).not.toContain('cut');
  });
});

describe('payloads', () => {
  const glyph: AssetEntry = {
    assetId: 5,
    assetName: 'tiles',
    bankType: 'GLYPH',
    codec: 'NONE',
    decodedSize: 2_112,
    metadata: JSON.parse(GLYPH_METADATA),
    offset: 0,
    size: 2_080,
  };

  it('of a glyph bank: the index plane and 64 palettes', () => {
    const [plane, ...palettes] = [...payloadSegments(glyph, 1_000)];
    expect(plane).toMatchObject({ start: 1_000, end: 1_032, clause: 'B2' });
    expect(plane?.label).toContain('payload of asset 5 "tiles"');
    expect(plane?.label).toContain('8 x 8');
    expect(palettes.map(({ start, end }) => [start, end])).toEqual(
      Array.from({ length: 64 }, (_, i) => [1_032 + 32 * i, 1_064 + 32 * i]),
    );
    expect(palettes.map(({ label }) => /palette (\d+)/.exec(label)?.[1])).toEqual(palettes.map((_, i) => `${i}`));
    expect(new Set(palettes.map(({ clause }) => clause))).toEqual(new Set(['B1']));
  });

  it.each<[string, Partial<AssetEntry>]>([
    ['a size that is not that of its sheet', { size: 2_079 }],
    ['a size without an index plane', { size: 2_048 }],
    ['a size smaller than the palettes', { size: 2_047 }],
    ['no width', { metadata: { height: 8 } }],
    ['a width that is no number', { metadata: { ...glyph.metadata, width: 'x' } }],
    ['a sheet of nothing', { metadata: { ...glyph.metadata, width: 0 }, size: 2_048 }],
    ['another bank', { bankType: 'SOUNDS' }],
    ['one byte', { bankType: 'SCENE', size: 1 }],
  ])('%s: one segment', (_, members) => {
    const each = { ...glyph, ...members };
    const segments = [...payloadSegments(each, 10)];
    expect(segments).toMatchObject([{ start: 10, end: 10 + each.size }]);
  });

  it('an empty one has none', () => {
    expect([...payloadSegments({ ...glyph, bankType: 'SOUNDS', size: 0 }, 10)]).toEqual([]);
    expect([...payloadSegments({ ...glyph, size: 0 }, 10)]).toEqual([]);
  });

  it('of which another one has the beginning', () => {
    const sizes = { size: '2080', decoded_size: '2112', bank_type: '"GLYPH"', metadata: GLYPH_METADATA };
    const entries = [entry({ size: '2080' }), entry({ asset_id: '2', offset: '1000', ...sizes })];
    const bytes = artifact({ header: header(entries), region: zeros(3_080) });
    const own = segmentsOfBytes(bytes).filter(({ label }) => label.startsWith('palette'));
    // Of the second, the first 1,080 bytes belong to the first: its plane, 32 palettes and a half.
    expect(own.length).toBe(64 - Math.floor((1_080 - 32) / 32));
  });
});

describe('clauses', () => {
  it.each<[string, string, string]>([
    ['prelude', 'magic', 'E1'],
    ['prelude', 'schema_version', 'V2'],
    ['prelude', 'header_len', 'E7'],
    ['prelude', 'payload_offset', 'E5'],
    ['prelude', 'flags', 'E4'],
    ['prelude', 'header_checksum', 'E1'],
    ['header', 'header,', 'H1'],
    ['header', '/asset_table,', 'H1'],
    ['header', '/preload,', 'H1'],
    ['header', '/asset_table/0,', 'T1'],
    ['header', '/asset_table/0/asset_id ', 'T1'],
    ['header', '/asset_table/0/metadata,', 'M1'],
    ['header', '/asset_table/0/metadata/deep/list/1 ', 'M1'],
    ['header', '/asset_table/0/offset ', 'E3'],
    ['header', '/preload/0,', 'L1'],
    ['header', '/preload/0/asset_id ', 'L2'],
    ['header', '/preload/1/slot ', 'L3'],
    ['padding', 'padding', 'E5'],
  ])('%s: %s has %s', (kind, label, clause) => {
    const view = annotateBytes(lay(PREPARED['base'] ?? { assets: [] }));
    const part = view.parts.find((each) => each.kind === kind);
    const found = part && [...segmentsOf(view, part)].find((each) => each.label.startsWith(label));
    expect(found?.clause).toBe(clause);
  });

  it('padding between payloads has another than that before them', () => {
    const view = annotateBytes(lay(PREPARED['base'] ?? { assets: [] }));
    const padding = view.parts.filter(({ kind }) => kind === 'padding').flatMap((part) => [...segmentsOf(view, part)]);
    expect(padding.map(({ clause }) => clause)).toEqual(['E5', 'T5', 'T5']);
  });
});

/** Rows around a byte, after it is seen that they are bytes of the file, in order, and that the byte is marked once, where it is. */
function around(bytes: Uint8Array, offset: number, view = annotateBytes(bytes)): HexRow[] {
  const windows = windowsAround(view, offset);
  const rows = windows.flatMap((window) => hexRows(window, bytes.subarray(window.from, window.to)));
  let end = 0;
  for (const row of rows) {
    const { length } = row.bytes;
    const isRight = row.offset >= end && length > 0 && length <= HEX_ROW;
    end = row.offset + length;
    const isFound = isRight && Buffer.compare(row.bytes, bytes.subarray(row.offset, end)) === 0;
    if (!isFound) expect.unreachable(`around byte ${offset}: ${JSON.stringify(row)}`);
  }
  const marked = rows.filter(({ label }) => label.includes('<-'));
  expect(marked.map(({ label }) => label.slice(label.indexOf('<-')))).toEqual([`<- byte ${offset}`]);
  const [row] = marked;
  expect(row !== undefined && row.offset <= offset && offset < row.offset + row.bytes.length).toBe(true);
  expect(rows.length).toBeLessThanOrEqual(5);
  return rows;
}

describe('the rows around a byte', () => {
  const small = vectors.map(({ id, file }) => ({ id, bytes: read(file) })).filter(({ bytes }) => bytes.length > 0);

  it.each(small)('$id: at both ends and wherever a segment begins or ends', ({ bytes }) => {
    const edges = segmentsOfBytes(bytes).flatMap(({ start, end }) => [start, end - 1]);
    // Long headers have thousands of them: a few of each third do.
    const every = Math.ceil(edges.length / 40);
    const view = annotateBytes(bytes);
    const places = new Set([0, bytes.length - 1, ...edges.filter((_, i) => i % every === 0)]);
    for (const at of places) around(bytes, at, view);
  });

  it('every byte of a file with everything in it', () => {
    const bytes = lay(PREPARED['base'] ?? { assets: [] });
    const view = annotateBytes(bytes);
    for (let at = 0; at < bytes.length; at += 1) around(bytes, at, view);
  });

  it('with the rows before and behind', () => {
    const bytes = artifact({
      header: header([entry({ size: '160', decoded_size: '160' })]),
      region: counting(160),
    });
    const start = bytes.length - 160;
    const offsets = (at: number) => around(bytes, start + at).map(({ offset }) => offset - start);
    expect(offsets(0)).toEqual([0, 16]);
    expect(offsets(15)).toEqual([0, 16]);
    expect(offsets(16)).toEqual([0, 16, 32]);
    expect(offsets(90)).toEqual([64, 80, 96]);
    expect(offsets(159)).toEqual([128, 144]);
  });

  it.each([0, 1, 4, 8, 31, 32])('a byte past the end of a file of %i bytes has none', (length) => {
    const view = annotateBytes(artifact({ header: header([]) }).subarray(0, length));
    expect(windowsAround(view, length)).toEqual([]);
    expect(windowsAround(view, length + 1_000)).toEqual([]);
  });

  const file = lay(PREPARED['base'] ?? { assets: [] });
  const rowWith = (place: { pointer?: string; offset?: number }) =>
    hexAround(file, place).find(({ label }) => label.includes('<-'));

  it.each<[string, string]>([
    ['/asset_table/0', '{'],
    ['/asset_table/1/asset_name', '"asset_name":"be'],
    ['/asset_table/0/metadata/deep/list/1', '2,'],
    ['/preload/1/slot', '"slot":0}]}'],
  ])('of the value at %s', (pointer, text) => {
    expect(new TextDecoder().decode(rowWith({ pointer })?.bytes)).toBe(text);
  });

  it('of a place past the end are those of the last byte', () => {
    expect(rowWith({ offset: file.length })?.label).toContain(`<- byte ${file.length - 1}`);
    expect(rowWith({ offset: file.length + 500 })?.label).toContain(`<- byte ${file.length - 1}`);
  });

  it('of an empty file: none', () => {
    expect(hexAround(zeros(0), { offset: 0 })).toEqual([]);
    expect(hexAround(zeros(0), { pointer: '/asset_table' })).toEqual([]);
  });
});

describe('marks', () => {
  const bytes = artifact({ header: header([]) });
  const rowsOf = (marks: ReadonlyMap<number, string>) =>
    preludeSegments(bytes.subarray(0, 32)).flatMap((segment) => {
      const window = { ...headWindow(segment, 4), marks };
      return hexRows(window, bytes.subarray(window.from, window.to));
    });

  it.each([0, 3, 4, 7, 8, 11, 12, 19, 20, 24, 28, 31])('byte %i is marked on its own row alone', (at) => {
    const marked = rowsOf(new Map([[at, 'here']])).filter(({ label }) => label.includes('<- here'));
    expect(marked).toHaveLength(1);
    const [row] = marked;
    expect(row !== undefined && at >= row.offset && at < row.offset + row.bytes.length).toBe(true);
  });

  it('several on one row', () => {
    const [row] = rowsOf(
      new Map([
        [1, 'one'],
        [2, 'two'],
      ]),
    );
    expect(row?.label).toMatch(/<- one <- two$/);
  });
});

describe('rows as text', () => {
  it.each<[string, HexRow, string]>([
    [
      'a full row',
      { offset: 0, bytes: counting(16, 0x41), label: 'x' },
      '00000000  41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP  x',
    ],
    [
      'a short row',
      { offset: 255, bytes: counting(1, 0x41), label: 'x' },
      `000000ff  41${' '.repeat(47)}A${' '.repeat(17)}x`,
    ],
    [
      'bytes that are no letters',
      { offset: 16, bytes: Uint8Array.of(0, 0x1b, 0x7f, 0x80, 0xff), label: '' },
      '00000010  00 1b 7f 80 ff                                   .....',
    ],
    [
      'bytes left out',
      { offset: 32, bytes: zeros(0), label: '7 bytes not listed' },
      '00000020  ...  7 bytes not listed',
    ],
    ['an offset of more than 32 bits', { offset: 2 ** 40, bytes: zeros(0), label: 'x' }, '10000000000  ...  x'],
    [
      'a label that would move the cursor',
      { offset: 0, bytes: zeros(0), label: '\u001b[2J\u202e' },
      '00000000  ...  \\u001b[2J\\u202e',
    ],
  ])('%s', (_, row, expected) => {
    expect(hexText(row)).toBe(expected);
  });
});
