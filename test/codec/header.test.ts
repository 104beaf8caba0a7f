import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader, headerChunks, judgeHeader } from '../../src/codec/header.js';
import { Diagnostics } from '../../src/errors.js';
import type { AssetEntry, Header, JsonValue } from '../../src/format.js';
import { legalHeader } from '../support/arbitraries.js';
import { failureOf, places, pointers } from '../support/diagnostics.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const EMPTY = '{"asset_table":[],"preload":[]}';

const glyphEntry: AssetEntry = {
  assetId: 3,
  assetName: 'font',
  bankType: 'GLYPH',
  codec: 'NONE',
  decodedSize: 2_112,
  metadata: { width: 8, height: 8, tile_size: 8, palette_count: 64 },
  offset: 0,
  size: 2_080,
};

const soundEntry: AssetEntry = {
  assetId: 70,
  assetName: 'caf\u00e9 "\u{1f600}"',
  bankType: 'SOUNDS',
  codec: 'NONE',
  decodedSize: 9,
  metadata: { b: [null, true, -1], a: { '\ue000': 1, '\u{10000}': '\n' } },
  offset: 2_080,
  size: 5,
};

const twoEntries: Header = {
  assetTable: [glyphEntry, soundEntry],
  preload: [
    { assetId: 3, slot: 15 },
    { assetId: 70, slot: 0 },
  ],
};

const TWO_ENTRIES =
  '{"asset_table":[' +
  '{"asset_id":3,"asset_name":"font","bank_type":"GLYPH","codec":"NONE","decoded_size":2112,' +
  '"metadata":{"height":8,"palette_count":64,"tile_size":8,"width":8},"offset":0,"size":2080},' +
  '{"asset_id":70,"asset_name":"caf\u00e9 \\"\u{1f600}\\"","bank_type":"SOUNDS","codec":"NONE","decoded_size":9,' +
  '"metadata":{"a":{"\u{10000}":"\\n","\ue000":1},"b":[null,true,-1]},"offset":2080,"size":5}' +
  '],"preload":[{"asset_id":3,"slot":15},{"asset_id":70,"slot":0}]}';

describe('right headers', () => {
  it.each<[string, Header, string]>([
    ['an empty table', { assetTable: [], preload: [] }, EMPTY],
    ['two entries', twoEntries, TWO_ENTRIES],
  ])('%s', (_, header, text) => {
    expect(decoder.decode(encodeHeader(header))).toBe(text);
    expect(decodeHeader(encoder.encode(text))).toEqual(header);
  });

  it('the empty one is 31 bytes: the shortest header (E7)', () => {
    expect(encodeHeader({ assetTable: [], preload: [] })).toHaveLength(31);
  });

  it('the order of members in memory does not matter (H7)', () => {
    const reversed = Object.fromEntries(Object.entries(glyphEntry).toReversed()) as unknown as AssetEntry;
    const header = { preload: twoEntries.preload, assetTable: [reversed, soundEntry] };
    expect(decoder.decode(encodeHeader(header))).toBe(TWO_ENTRIES);
  });

  it('is decoded wherever its bytes lie in their buffer', () => {
    const file = encoder.encode(`xx${TWO_ENTRIES}yy`);
    expect(decodeHeader(file.subarray(2, file.length - 2))).toEqual(twoEntries);
  });

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(legalHeader, (header) => {
        const bytes = encodeHeader(header);
        expect(decodeHeader(bytes)).toEqual(header);
        expect(encodeHeader(decodeHeader(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has no second spelling with a byte of the grammar in the place of any other', () => {
    const bytes = encodeHeader(twoEntries);
    const grammar = encoder.encode('{}[],:"\\ \n09-+.eu');
    for (const [at, right] of bytes.entries()) {
      for (const byte of grammar.filter((each) => each !== right)) {
        const report = new Diagnostics();
        const header = judgeHeader(bytes.with(at, byte), report);
        if (report.errors === 0) expect(header, `${String.fromCharCode(byte)} at ${at}`).not.toEqual(twoEntries);
      }
    }
  });

  it('has no legal neighbour: one changed byte is another header or none', () => {
    const bytes = encodeHeader(twoEntries);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = bytes.slice();
        other[at] = (other[at] as number) ^ change;
        const report = new Diagnostics();
        const header = judgeHeader(other, report);
        if (report.errors > 0) return;
        expect(header).not.toEqual(twoEntries);
        expect(encodeHeader(header as Header)).toEqual(other);
      }),
      { numRuns: 700 },
    );
  });

  it('a large one comes in chunks', () => {
    const assetTable = Array.from({ length: 2_000 }, (_, i) => ({
      ...soundEntry,
      assetId: i,
      assetName: `\u00e9${i}`,
    }));
    const header = { assetTable, preload: [] };
    const chunks = [...headerChunks(header)];
    expect(chunks.length).toBeGreaterThan(5);
    expect(Buffer.concat(chunks).equals(encodeHeader(header))).toBe(true);
    expect(decodeHeader(Buffer.concat(chunks))).toEqual(header);
  });

  it('a chunk ends after a large entry: none holds many of them', () => {
    const metadata = { text: 'x'.repeat(100_000) };
    const assetTable = Array.from({ length: 20 }, (_, i) => ({ ...soundEntry, assetId: i, metadata }));
    const lengths = [...headerChunks({ assetTable, preload: [] })].map((chunk) => chunk.length);
    expect(lengths.length).toBeGreaterThanOrEqual(20);
    expect(Math.max(...lengths)).toBeLessThan(2 * 100_000);
  });

  it.each<[string, Partial<AssetEntry>]>([
    ['id 0', { assetId: 0 }],
    ['id 2^31 - 1', { assetId: 2 ** 31 - 1 }],
    ['a name of 4,096 bytes', { assetName: 'x'.repeat(4_096) }],
    ['a name of 4,096 bytes in 1,024 characters', { assetName: '\u{1f600}'.repeat(1_024) }],
    ['a name with spaces, U+00A0 and U+2028', { assetName: ' \u00a0\u2028 ' }],
    ['a name that is not normalized', { assetName: 'e\u0301' }],
    ['sizes of 2^53 - 1', { size: 2 ** 53 - 1, offset: 2 ** 53 - 1, decodedSize: 2 ** 53 - 1 }],
    ['sizes of 0', { size: 0, offset: 0, decodedSize: 0 }],
    ['a root member "codec"', { metadata: { codec: {} } }],
    ['a member "pipeline" below the root', { metadata: { a: { pipeline: 1 } } }],
    [
      '__proto__ in metadata',
      { metadata: JSON.parse('{"__proto__":{"x":1},"constructor":2}') as AssetEntry['metadata'] },
    ],
    ['metadata at level 32', { metadata: nest(32) }],
    ['integers at both ends', { metadata: { a: 2 ** 53 - 1, b: -(2 ** 53 - 1) } }],
  ])('%s is legal', (_, members) => {
    const header = { assetTable: [{ ...soundEntry, ...members }], preload: [] };
    expect(decodeHeader(encodeHeader(header))).toEqual(header);
  });

  it('all 16 slots of each bank', () => {
    const assetTable = Array.from({ length: 32 }, (_, i) => ({
      ...soundEntry,
      assetId: i,
      assetName: `${i}`,
      bankType: i < 16 ? ('SOUNDS' as const) : ('SCENE' as const),
    }));
    const header = { assetTable, preload: assetTable.map(({ assetId }) => ({ assetId, slot: assetId % 16 })) };
    expect(decodeHeader(encodeHeader(header))).toEqual(header);
  });

  it('an unknown version has no codec', () => {
    expect(() => encodeHeader(twoEntries, { schemaVersion: 2 })).toThrow(
      new RangeError('no header codec for schema_version 2'),
    );
    expect(() => decodeHeader(encoder.encode(EMPTY), { schemaVersion: 0 })).toThrow(RangeError);
  });
});

/** An object `levels` objects below itself. */
function nest(levels: number): AssetEntry['metadata'] {
  return levels === 0 ? {} : { a: nest(levels - 1) };
}

/**
 * The text of an entry: members as JSON text, in place of those of a small SOUNDS asset. A member that is undefined is left
 * out; a new one stands in its place by name.
 */
function entry(members: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    asset_id: '0',
    asset_name: '"a"',
    bank_type: '"SOUNDS"',
    codec: '"NONE"',
    decoded_size: '0',
    metadata: '{}',
    offset: '0',
    size: '0',
    ...members,
  };
  const written = Object.entries(all).filter(([, text]) => text !== undefined);
  const sorted = written.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, text]) => `"${name}":${text}`).join(',')}}`;
}

/** The text of an entry of a GLYPH bank, right but for the given members of its metadata. */
function glyph(metadata: Record<string, string | undefined>, members: Record<string, string> = {}): string {
  const all = { height: '8', palette_count: '64', tile_size: '8', width: '8', ...metadata };
  const written = Object.entries(all).filter(([, text]) => text !== undefined);
  const sorted = written.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sorted.map(([name, value]) => `"${name}":${value}`).join(',');
  return entry({ bank_type: '"GLYPH"', decoded_size: '2112', metadata: `^{${text}}`, size: '2080', ...members });
}

/** The text of a header. */
function header(entries: readonly string[], preload: readonly string[] = []): string {
  return `{"asset_table":[${entries.join(',')}],"preload":[${preload.join(',')}]}`;
}

/** The text of a preload entry. */
function preload(assetId: number | string, slot: number | string): string {
  return `{"asset_id":${assetId},"slot":${slot}}`;
}

/** The bytes of a text in which each `^` marks the byte after it, and the marked bytes in the file. */
function marked(text: string): { bytes: Uint8Array; marks: number[] } {
  const parts = text.split('^').map((part) => encoder.encode(part));
  const marks: number[] = [];
  let length = 0;
  for (const part of parts.slice(0, -1)) {
    length += part.length;
    marks.push(32 + length);
  }
  return { bytes: Buffer.concat(parts), marks };
}

/** The diagnostics of a text's header, warnings included. */
function judged(text: string) {
  const { bytes, marks } = marked(text);
  const report = new Diagnostics();
  const read = judgeHeader(bytes, report);
  return { bytes, marks, read, list: report.list };
}

/**
 * What a row expects: code and pointer; the byte is that of the first mark for the first diagnostic, of the second for the
 * second and so on, or of the mark whose number is given.
 */
type Expected = readonly [code: string, pointer: string | undefined, mark?: number];

describe('bad headers', () => {
  const rows: [string, string, Expected[]][] = [
    // name, text with a mark before each byte that is pointed at, diagnostics

    // Gate 5: JSON
    ['HEADER_NOT_JSON: nothing', '^', [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: a byte-order mark', `^\ufeff${EMPTY}`, [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: a second value', `${EMPTY}^{}`, [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: a zero after the value', `${EMPTY}^\u0000`, [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: a zero after white space', `${EMPTY}\n ^\u0000`, [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: cut short', '{"asset_table":[^', [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: a trailing comma', '{"asset_table":[],"preload":[],^}', [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: single quotes', `{^'asset_table':[],'preload':[]}`, [['HEADER_NOT_JSON', undefined]]],
    [
      'HEADER_NOT_JSON: a bare control character',
      header([entry({ asset_name: '"a^\n"' })]),
      [['HEADER_NOT_JSON', undefined]],
    ],
    ['HEADER_NOT_JSON: a leading zero', header([entry({ asset_id: '0^1' })]), [['HEADER_NOT_JSON', undefined]]],
    ['HEADER_NOT_JSON: NaN', header([entry({ size: '^NaN' })]), [['HEADER_NOT_JSON', undefined]]],

    // Gate 5: depth
    [
      'HEADER_TOO_DEEP: objects at level 33',
      header([entry({ metadata: `${'{"a":'.repeat(33)}^{}${'}'.repeat(33)}` })]),
      [['HEADER_TOO_DEEP', `/asset_table/0/metadata${'/a'.repeat(33)}`]],
    ],
    [
      'HEADER_TOO_DEEP: arrays at level 33',
      header([entry({ metadata: `{"a":${'['.repeat(32)}^[]${']'.repeat(32)}}` })]),
      [['HEADER_TOO_DEEP', `/asset_table/0/metadata/a${'/0'.repeat(32)}`]],
    ],
    [
      'HEADER_TOO_DEEP: in the codec configuration, which is level 1',
      header([entry({ metadata: `{"codec":${'{"a":'.repeat(32)}^{}${'}'.repeat(32)}}` })]),
      [['HEADER_TOO_DEEP', `/asset_table/0/metadata/codec${'/a'.repeat(32)}`]],
    ],

    // Gate 6: shape of the root
    ['HEADER_SHAPE: the root is an array', '^[]', [['HEADER_SHAPE', '']]],
    ['HEADER_SHAPE: the root is a string', '^"asset_table"', [['HEADER_SHAPE', '']]],
    ['HEADER_SHAPE: the root is null', '^null', [['HEADER_SHAPE', '']]],
    ['HEADER_SHAPE: no preload', '^{"asset_table":[]}', [['HEADER_SHAPE', '']]],
    ['HEADER_SHAPE: no asset_table', '^{"preload":[]}', [['HEADER_SHAPE', '']]],
    [
      'HEADER_SHAPE: neither',
      '^{}',
      [
        ['HEADER_SHAPE', ''],
        ['HEADER_SHAPE', '', 0],
      ],
    ],
    [
      'HEADER_SHAPE: an unknown member of the root',
      '{"asset_table":[],"extra":^1,"preload":[]}',
      [['HEADER_SHAPE', '/extra']],
    ],
    [
      'HEADER_SHAPE: __proto__ in the root',
      '{"__proto__":^1,"asset_table":[],"preload":[]}',
      [['HEADER_SHAPE', '/__proto__']],
    ],
    [
      'HEADER_SHAPE: an unknown name with / and ~',
      '{"a/~b":^{},"asset_table":[],"preload":[]}',
      [['HEADER_SHAPE', '/a~1~0b']],
    ],
    ['HEADER_SHAPE: asset_table is an object', '{"asset_table":^{},"preload":[]}', [['HEADER_SHAPE', '/asset_table']]],
    ['HEADER_SHAPE: asset_table is null', '{"asset_table":^null,"preload":[]}', [['HEADER_SHAPE', '/asset_table']]],
    ['HEADER_SHAPE: preload is an object', '{"asset_table":[],"preload":^{}}', [['HEADER_SHAPE', '/preload']]],
    ['HEADER_SHAPE: an entry is null', header(['^null']), [['HEADER_SHAPE', '/asset_table/0']]],
    ['HEADER_SHAPE: an entry is an array', header([entry(), '^[]']), [['HEADER_SHAPE', '/asset_table/1']]],
    ['HEADER_SHAPE: an entry is a number', header(['^7']), [['HEADER_SHAPE', '/asset_table/0']]],
    [
      'HEADER_SHAPE: an unknown member of an entry',
      header([entry({ extra: '^null' })]),
      [['HEADER_SHAPE', '/asset_table/0/extra']],
    ],
    ['HEADER_SHAPE: a preload entry is a number', header([entry()], ['^0']), [['HEADER_SHAPE', '/preload/0']]],
    [
      'HEADER_SHAPE: a preload entry without asset_id',
      header([entry()], ['^{"slot":0}']),
      [['HEADER_SHAPE', '/preload/0']],
    ],
    [
      'HEADER_SHAPE: a preload entry without slot',
      header([entry()], ['^{"asset_id":0}']),
      [['HEADER_SHAPE', '/preload/0']],
    ],
    [
      'HEADER_SHAPE: an unknown preload member',
      header([entry()], ['{"asset_id":0,"bank":^"GLYPH","slot":0}']),
      [['HEADER_SHAPE', '/preload/0/bank']],
    ],
    [
      'HEADER_SHAPE: preload asset_id is a string',
      header([entry()], [preload('^"0"', 0)]),
      [['HEADER_SHAPE', '/preload/0/asset_id']],
    ],
    ['HEADER_SHAPE: slot is null', header([entry()], [preload(0, '^null')]), [['HEADER_SHAPE', '/preload/0/slot']]],

    // Gate 6: duplicates
    [
      'HEADER_DUPLICATE_MEMBER: in the root',
      '{"asset_table":[],"preload":[],^"preload":[]}',
      [['HEADER_DUPLICATE_MEMBER', '/preload']],
    ],
    [
      'HEADER_DUPLICATE_MEMBER: in an entry',
      header([`{"asset_id":0,^${entry().slice(1)}`]),
      [['HEADER_DUPLICATE_MEMBER', '/asset_table/0/asset_id']],
    ],
    [
      'HEADER_DUPLICATE_MEMBER: in a preload entry',
      header([entry()], ['{"asset_id":0,"slot":0,^"slot":1}']),
      [['HEADER_DUPLICATE_MEMBER', '/preload/0/slot']],
    ],
    [
      'HEADER_DUPLICATE_MEMBER: in metadata',
      header([entry({ metadata: '{"a":1,^"a":1}' })]),
      [['HEADER_DUPLICATE_MEMBER', '/asset_table/0/metadata/a']],
    ],
    [
      'HEADER_DUPLICATE_MEMBER: deep in metadata',
      header([entry({ metadata: '{"a":[0,{"b":1,^"b":1}]}' })]),
      [['HEADER_DUPLICATE_MEMBER', '/asset_table/0/metadata/a/1/b']],
    ],
    [
      'HEADER_DUPLICATE_MEMBER: in another spelling',
      header([entry({ metadata: '{"a":1,^"\\u0061":1}' })]),
      [['HEADER_DUPLICATE_MEMBER', '/asset_table/0/metadata/a']],
    ],

    // Gate 6: numbers
    ['HEADER_NUMBER: a float', header([entry({ size: '^0.5' })]), [['HEADER_NUMBER', '/asset_table/0/size']]],
    [
      'HEADER_NUMBER: an integer with a fraction',
      header([entry({ size: '^1.0' })]),
      [['HEADER_NUMBER', '/asset_table/0/size']],
    ],
    ['HEADER_NUMBER: an exponent', header([entry({ size: '^1e3' })]), [['HEADER_NUMBER', '/asset_table/0/size']]],
    [
      'HEADER_NUMBER: a large exponent',
      header([entry({ size: '^1E400' })]),
      [['HEADER_NUMBER', '/asset_table/0/size']],
    ],
    [
      'HEADER_NUMBER: negative zero as id',
      header([entry({ asset_id: '^-0' })]),
      [['HEADER_NUMBER', '/asset_table/0/asset_id']],
    ],
    [
      'HEADER_NUMBER: negative zero as size',
      header([entry({ size: '^-0' })]),
      [['HEADER_NUMBER', '/asset_table/0/size']],
    ],
    [
      'HEADER_NUMBER: negative zero in metadata',
      header([entry({ metadata: '{"a":[^-0]}' })]),
      [['HEADER_NUMBER', '/asset_table/0/metadata/a/0']],
    ],
    [
      'HEADER_NUMBER: 2^53',
      header([entry({ offset: '^9007199254740992' })]),
      [['HEADER_NUMBER', '/asset_table/0/offset']],
    ],
    [
      'HEADER_NUMBER: -2^53 in metadata',
      header([entry({ metadata: '{"a":^-9007199254740992}' })]),
      [['HEADER_NUMBER', '/asset_table/0/metadata/a']],
    ],
    [
      'HEADER_NUMBER: 2^64',
      header([entry({ size: '^18446744073709551616' })]),
      [['HEADER_NUMBER', '/asset_table/0/size']],
    ],
    [
      'HEADER_NUMBER: a float as id',
      header([entry({ asset_id: '^0.5' })]),
      [['HEADER_NUMBER', '/asset_table/0/asset_id']],
    ],
    ['HEADER_NUMBER: a float as slot', header([entry()], [preload(0, '^0.5')]), [['HEADER_NUMBER', '/preload/0/slot']]],
    ['HEADER_NUMBER: size below 0', header([entry({ size: '^-1' })]), [['HEADER_NUMBER', '/asset_table/0/size']]],
    ['HEADER_NUMBER: offset below 0', header([entry({ offset: '^-1' })]), [['HEADER_NUMBER', '/asset_table/0/offset']]],
    [
      'HEADER_NUMBER: decoded_size below 0',
      header([entry({ decoded_size: '^-1' })]),
      [['HEADER_NUMBER', '/asset_table/0/decoded_size']],
    ],
    [
      'HEADER_NUMBER: a float where the bank wants an integer is one fault',
      header([glyph({ width: '8.0' }).replaceAll('^', '').replace('8.0', '^8.0')]),
      [['HEADER_NUMBER', '/asset_table/0/metadata/width']],
    ],

    // Gate 6: strings
    [
      'HEADER_STRING: in a name',
      header([entry({ asset_name: '^"\\ud800"' })]),
      [['HEADER_STRING', '/asset_table/0/asset_name']],
    ],
    [
      'HEADER_STRING: a low half',
      header([entry({ asset_name: '^"a\\udfffb"' })]),
      [['HEADER_STRING', '/asset_table/0/asset_name']],
    ],
    [
      'HEADER_STRING: in metadata',
      header([entry({ metadata: '{"a":["x",^"\\ud83d"]}' })]),
      [['HEADER_STRING', '/asset_table/0/metadata/a/1']],
    ],
    [
      'HEADER_STRING: in a member name',
      header([entry({ metadata: '{"a":{^"\\ud83d":1}}' })]),
      [['HEADER_STRING', '/asset_table/0/metadata/a']],
    ],

    // Gate 6: values
    ['ASSET_ID_RANGE: -1', header([entry({ asset_id: '^-1' })]), [['ASSET_ID_RANGE', '/asset_table/0/asset_id']]],
    [
      'ASSET_ID_RANGE: 2^31',
      header([entry({ asset_id: '^2147483648' })]),
      [['ASSET_ID_RANGE', '/asset_table/0/asset_id']],
    ],
    [
      'ASSET_ID_RANGE: also in preload',
      header([entry()], [preload('^^2147483648', 0)]),
      [['ASSET_ID_RANGE', '/preload/0/asset_id']],
    ],
    ['ASSET_NAME: empty', header([entry({ asset_name: '^""' })]), [['ASSET_NAME', '/asset_table/0/asset_name']]],
    [
      'ASSET_NAME: 4,097 bytes',
      header([entry({ asset_name: `^"${'x'.repeat(4_097)}"` })]),
      [['ASSET_NAME', '/asset_table/0/asset_name']],
    ],
    [
      'ASSET_NAME: 4,098 bytes in 2,049 characters',
      header([entry({ asset_name: `^"${'\u00e9'.repeat(2_049)}"` })]),
      [['ASSET_NAME', '/asset_table/0/asset_name']],
    ],
    [
      'ASSET_NAME: U+0000',
      header([entry({ asset_name: '^"\\u0000"' })]),
      [['ASSET_NAME', '/asset_table/0/asset_name']],
    ],
    [
      'ASSET_NAME: U+001F',
      header([entry({ asset_name: '^"a\\u001f"' })]),
      [['ASSET_NAME', '/asset_table/0/asset_name']],
    ],
    ['ASSET_NAME: a newline', header([entry({ asset_name: '^"\\n"' })]), [['ASSET_NAME', '/asset_table/0/asset_name']]],
    ['ASSET_NAME: U+007F', header([entry({ asset_name: '^"\u007f"' })]), [['ASSET_NAME', '/asset_table/0/asset_name']]],
    ['ASSET_NAME: U+0080', header([entry({ asset_name: '^"\u0080"' })]), [['ASSET_NAME', '/asset_table/0/asset_name']]],
    ['ASSET_NAME: U+009F', header([entry({ asset_name: '^"\u009f"' })]), [['ASSET_NAME', '/asset_table/0/asset_name']]],
    ...['TILES', 'SOUND', 'glyph', 'GLYPH ', '', 'constructor', 'toString', '__proto__', '__defineGetter__'].map(
      (name): [string, string, Expected[]] => [
        `BANK_TYPE_UNKNOWN: ${JSON.stringify(name)}`,
        header([entry({ bank_type: `^"${name}"` })]),
        [['BANK_TYPE_UNKNOWN', '/asset_table/0/bank_type']],
      ],
    ),
    ...['RAW', 'none', 'LZ4', '', '__proto__'].map((name): [string, string, Expected[]] => [
      `CODEC_UNKNOWN: ${JSON.stringify(name)}`,
      header([entry({ codec: `^"${name}"` })]),
      [['CODEC_UNKNOWN', '/asset_table/0/codec']],
    ]),
    [
      'METADATA_COLLISION: pipeline',
      header([entry({ metadata: '{"pipeline":^{}}' })]),
      [['METADATA_COLLISION', '/asset_table/0/metadata/pipeline']],
    ],
    [
      'METADATA_COLLISION: pipeline is null',
      header([entry({ metadata: '{"pipeline":^null}' })]),
      [['METADATA_COLLISION', '/asset_table/0/metadata/pipeline']],
    ],

    // Gate 6: the form
    ['HEADER_NOT_CANONICAL: a trailing newline', `${EMPTY}^\n`, [['HEADER_NOT_CANONICAL', undefined]]],
    ['HEADER_NOT_CANONICAL: white space first', `^ ${EMPTY}`, [['HEADER_NOT_CANONICAL', undefined]]],
    [
      'HEADER_NOT_CANONICAL: white space between',
      '{"asset_table":^ [],"preload":[]}',
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: members of the root',
      '{"^preload":[],"asset_table":[]}',
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: members of a preload entry',
      header([entry()], ['{"^slot":0,"asset_id":0}']),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: members of metadata',
      header([entry({ metadata: '{"^b":1,"a":2}' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: names in the order of their bytes',
      header([entry({ metadata: '{"^\ue000":1,"\u{10000}":2}' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: numeric order of names',
      header([entry({ metadata: '{"^2":1,"10":2}' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: an escape without need',
      header([entry({ asset_name: '"^\\u0061"' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: an escaped slash',
      header([entry({ asset_name: '"^\\/"' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: an escaped pair',
      header([entry({ asset_name: '"^\\ud83d\\ude00"' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: the long form of a short escape',
      header([entry({ metadata: '{"a":"\\^u000a"}' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: capital hex digits',
      header([entry({ metadata: '{"a":"\\u001^F"}' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],
    [
      'HEADER_NOT_CANONICAL: U+2028 escaped',
      header([entry({ asset_name: '"^\\u2028"' })]),
      [['HEADER_NOT_CANONICAL', undefined]],
    ],

    // Gate 7: the table
    [
      'ASSET_ID_DUPLICATE',
      header([entry(), entry({ asset_id: '^0', asset_name: '"b"' })]),
      [['ASSET_ID_DUPLICATE', '/asset_table/1/asset_id']],
    ],
    [
      'ASSET_ID_DUPLICATE: one per later occurrence',
      header([entry(), entry({ asset_id: '^0', asset_name: '"b"' }), entry({ asset_id: '^0', asset_name: '"c"' })]),
      [
        ['ASSET_ID_DUPLICATE', '/asset_table/1/asset_id'],
        ['ASSET_ID_DUPLICATE', '/asset_table/2/asset_id'],
      ],
    ],
    [
      'ASSET_ORDER',
      header([entry({ asset_id: '1' }), entry({ asset_id: '^0', asset_name: '"b"' })]),
      [['ASSET_ORDER', '/asset_table/1/asset_id']],
    ],
    [
      'ASSET_ORDER compares different ids only',
      header([
        entry({ asset_id: '5' }),
        entry({ asset_id: '^5', asset_name: '"b"' }),
        entry({ asset_id: '^4', asset_name: '"c"' }),
      ]),
      [
        ['ASSET_ID_DUPLICATE', '/asset_table/1/asset_id'],
        ['ASSET_ORDER', '/asset_table/2/asset_id'],
      ],
    ],
    [
      'ids are compared as numbers',
      header([entry({ asset_id: '9' }), entry({ asset_id: '10', asset_name: '"b"' })]),
      [],
    ],
    [
      'ASSET_NAME_DUPLICATE',
      header([entry(), entry({ asset_id: '1', asset_name: '^"a"' })]),
      [['ASSET_NAME_DUPLICATE', '/asset_table/1/asset_name']],
    ],

    // Gate 7: banks
    ...(['height', 'palette_count', 'tile_size', 'width'] as const).map((name): [string, string, Expected[]] => [
      `BANK_METADATA: no ${name}`,
      header([glyph({ [name]: undefined })]),
      [['BANK_METADATA', '/asset_table/0/metadata']],
    ]),
    [
      'BANK_METADATA: nothing of it',
      header([entry({ bank_type: '"GLYPH"', metadata: '^^^^{}' })]),
      [0, 1, 2, 3].map(() => ['BANK_METADATA', '/asset_table/0/metadata']),
    ],
    [
      'BANK_METADATA: height 12',
      header([glyph({ height: '^12' })]),
      [['BANK_METADATA', '/asset_table/0/metadata/height', 1]],
    ],
    [
      'BANK_METADATA: width 0',
      header([glyph({ width: '^0' })]),
      [['BANK_METADATA', '/asset_table/0/metadata/width', 1]],
    ],
    [
      'BANK_METADATA: tile_size 4',
      header([glyph({ tile_size: '^4' })]),
      [['BANK_METADATA', '/asset_table/0/metadata/tile_size', 1]],
    ],
    [
      'BANK_METADATA: palette_count 16',
      header([glyph({ palette_count: '^16' })]),
      [['BANK_METADATA', '/asset_table/0/metadata/palette_count', 1]],
    ],
    [
      'BANK_METADATA: palette_authored 65',
      header([glyph({ palette_authored: '^65' })]),
      [['BANK_METADATA', '/asset_table/0/metadata/palette_authored', 1]],
    ],
    [
      'BANK_METADATA: one per member, and no BANK_SIZE',
      header([
        glyph(
          { height: '^-8', palette_authored: '^"1"', palette_count: '^0', tile_size: '^true', width: '^null' },
          { size: '1' },
        ),
      ]),
      [
        ['BANK_METADATA', '/asset_table/0/metadata/height', 1],
        ['BANK_METADATA', '/asset_table/0/metadata/palette_authored', 2],
        ['BANK_METADATA', '/asset_table/0/metadata/palette_count', 3],
        ['BANK_METADATA', '/asset_table/0/metadata/tile_size', 4],
        ['BANK_METADATA', '/asset_table/0/metadata/width', 5],
      ],
    ],
    ['BANK_SIZE: size', header([glyph({}, { size: '^2081' })]), [['BANK_SIZE', '/asset_table/0/size', 1]]],
    [
      'BANK_SIZE: decoded_size',
      header([glyph({}, { decoded_size: '2080' }).replace('2080', '^2080')]),
      [['BANK_SIZE', '/asset_table/0/decoded_size', 0]],
    ],
    [
      'BANK_SIZE: both',
      header([glyph({}, { decoded_size: '^0', size: '^0' })]),
      [
        ['BANK_SIZE', '/asset_table/0/decoded_size', 0],
        ['BANK_SIZE', '/asset_table/0/size', 2],
      ],
    ],
    ['another bank has no sizes to keep', header([entry({ size: '7', decoded_size: '3' })]), []],

    // Gate 7: preload
    [
      'PRELOAD_UNKNOWN_ASSET',
      header([entry()], [preload('^1', 0)]),
      [['PRELOAD_UNKNOWN_ASSET', '/preload/0/asset_id']],
    ],
    ['PRELOAD_SLOT_RANGE: 16', header([entry()], [preload(0, '^16')]), [['PRELOAD_SLOT_RANGE', '/preload/0/slot']]],
    ['PRELOAD_SLOT_RANGE: -1', header([entry()], [preload(0, '^-1')]), [['PRELOAD_SLOT_RANGE', '/preload/0/slot']]],
    [
      'PRELOAD_SLOT_TAKEN',
      header([entry(), entry({ asset_id: '1', asset_name: '"b"' })], [preload(0, 7), preload(1, '^7')]),
      [['PRELOAD_SLOT_TAKEN', '/preload/1/slot']],
    ],
    [
      'one slot in two banks',
      header(
        [entry(), entry({ asset_id: '1', asset_name: '"b"', bank_type: '"SCENE"' })],
        [preload(0, 7), preload(1, 7)],
      ),
      [],
    ],
    [
      'PRELOAD_ASSET_TWICE',
      header([entry()], [preload(0, 1), preload('^0', 2)]),
      [['PRELOAD_ASSET_TWICE', '/preload/1/asset_id']],
    ],
    [
      'PRELOAD_ASSET_TWICE stands alone',
      header([entry()], [preload(0, 1), preload('^0', 1)]),
      [['PRELOAD_ASSET_TWICE', '/preload/1/asset_id']],
    ],
    [
      'PRELOAD_ORDER',
      header([entry(), entry({ asset_id: '1', asset_name: '"b"' })], [preload(1, 0), preload('^0', 1)]),
      [['PRELOAD_ORDER', '/preload/1/asset_id']],
    ],
    [
      'PRELOAD_ORDER and a slot that the lower id holds',
      header([entry(), entry({ asset_id: '1', asset_name: '"b"' })], [preload(1, '^3'), preload('^0', 3)]),
      [
        ['PRELOAD_SLOT_TAKEN', '/preload/0/slot'],
        ['PRELOAD_ORDER', '/preload/1/asset_id'],
      ],
    ],
  ];

  it.each(rows)('%s', (_, text, expected) => {
    const { bytes, marks, list } = judged(text);
    const wanted = expected.map(([code, pointer, mark], i) => [code, pointer, marks[mark ?? i]]);
    expect(places(list)).toEqual(wanted);
    const isError = list.some(({ severity }) => severity === 'error');
    if (isError) expect(places(failureOf(() => decodeHeader(bytes)).diagnostics)).toEqual(wanted);
    else expect(() => decodeHeader(bytes)).not.toThrow();
  });

  describe('HEADER_SHAPE: every member of an entry', () => {
    const wrong: Record<string, string[]> = {
      asset_id: ['"0"', 'null', '{}', '[0]', 'false'],
      asset_name: ['0', 'null', '{}', '["a"]', 'true'],
      bank_type: ['0', 'null', '{}', '["SOUNDS"]', 'true'],
      codec: ['0', 'null', '{}', '["NONE"]', 'true'],
      decoded_size: ['"0"', 'null', '{}', '[0]', 'false'],
      metadata: ['0', 'null', '"{}"', '[]', 'true'],
      offset: ['"0"', 'null', '{}', '[0]', 'false'],
      size: ['"0"', 'null', '{}', '[0]', 'false'],
    };

    it.each(Object.keys(wrong))('without %s', (name) => {
      const { bytes, marks } = marked(
        header([entry({ asset_id: '1' }), `^${entry({ asset_id: '2', asset_name: '"b"', [name]: undefined })}`]),
      );
      const { diagnostics } = failureOf(() => decodeHeader(bytes));
      expect(places(diagnostics)).toEqual([['HEADER_SHAPE', '/asset_table/1', marks[0]]]);
      expect(diagnostics[0]).toMatchObject({
        clause: 'T1',
        message: `a member is missing: expected "${name}"`,
        expected: name,
        details: { missing_member: name },
      });
    });

    it.each(Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
      '%s: %s',
      (name, value) => {
        const { bytes, marks } = marked(header([entry({ [name]: `^${value}` })]));
        const { diagnostics } = failureOf(() => decodeHeader(bytes));
        expect(places(diagnostics)).toEqual([['HEADER_SHAPE', `/asset_table/0/${name}`, marks[0]]]);
      },
    );
  });

  it.each<[string, number[], number]>([
    ['a byte that UTF-8 does not have', [0xff], 0],
    ['overlong', [0x61, 0xc0, 0x80], 1],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], 0],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['cut by the closing quote', [0x61, 0xe2, 0x82], 1],
  ])('HEADER_NOT_UTF8: %s', (_, name, at) => {
    const [before = '', after = ''] = header([entry({ asset_name: '"^"' })]).split('^');
    const bytes = Buffer.concat([encoder.encode(before), Uint8Array.from(name), encoder.encode(after)]);
    const { diagnostics } = failureOf(() => decodeHeader(bytes));
    expect(places(diagnostics)).toEqual([['HEADER_NOT_UTF8', undefined, 32 + before.length + at]]);
  });

  it('of a repeated member the first value is judged, and pointed at', () => {
    const { marks, list } = judged(header([entry({ size: '^"0",^"size":0' })]));
    const [shape, duplicate] = ['HEADER_SHAPE', 'HEADER_DUPLICATE_MEMBER'].map((code) =>
      list.filter((each) => each.code === code).map(({ where }) => where),
    );
    expect(shape).toEqual([{ pointer: '/asset_table/0/size', offset: marks[0] }]);
    expect(duplicate).toEqual([{ pointer: '/asset_table/0/size', offset: marks[1] }]);
    expect(list).toHaveLength(2);
  });

  it('1,000,000 levels of nesting are too deep, or no JSON', () => {
    const [before = '', after = ''] = header([entry({ metadata: '{"a":^}' })]).split('^');
    const arrays = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    expect(places(failureOf(() => decodeHeader(encoder.encode(before + arrays + after))).diagnostics)).toEqual([
      ['HEADER_TOO_DEEP', `/asset_table/0/metadata/a${'/0'.repeat(32)}`, 32 + before.length + 32],
    ]);
    expect(places(failureOf(() => decodeHeader(encoder.encode('['.repeat(1_000_000)))).diagnostics)).toEqual([
      ['HEADER_NOT_JSON', undefined, 32 + 1_000_000],
    ]);
  });
});

describe('gates: what is reported together', () => {
  const deep = `${'{"a":'.repeat(34)}1${'}'.repeat(34)}`;

  it('5: UTF-8 alone, before JSON', () => {
    const bytes = Buffer.concat([encoder.encode('{,'), Uint8Array.of(0xff)]);
    expect(places(failureOf(() => decodeHeader(bytes)).diagnostics)).toEqual([['HEADER_NOT_UTF8', undefined, 34]]);
  });

  it.each<[string, string, Expected[]]>([
    [
      '5: JSON alone, before depth, wherever it stands',
      `${header([entry({ metadata: deep, size: '-1' })])}^x`,
      [['HEADER_NOT_JSON', undefined]],
    ],
    [
      '5: depth alone, and once',
      header(
        [entry({ size: '-0', metadata: `{"a":1.5,"b":${'['.repeat(32)}^[],[]${']'.repeat(32)},"b":[]}` })],
        ['null'],
      ),
      [['HEADER_TOO_DEEP', `/asset_table/0/metadata/b${'/0'.repeat(32)}`]],
    ],
    [
      '6: numbers, strings, duplicates, shape and values together',
      header(
        [
          entry({
            asset_name: '^"\\ud800"',
            bank_type: '^"TILES"',
            codec: '^7',
            metadata: '{"a":1,^"a":2}',
            size: '^1.5',
          }),
        ],
        [preload('"0"', '^16').replace('"0"', '^"0"')],
      ),
      [
        ['HEADER_STRING', '/asset_table/0/asset_name'],
        ['BANK_TYPE_UNKNOWN', '/asset_table/0/bank_type'],
        ['HEADER_SHAPE', '/asset_table/0/codec'],
        ['HEADER_DUPLICATE_MEMBER', '/asset_table/0/metadata/a'],
        ['HEADER_NUMBER', '/asset_table/0/size'],
        ['HEADER_SHAPE', '/preload/0/asset_id'],
        ['PRELOAD_SLOT_RANGE', '/preload/0/slot'],
      ],
    ],
    [
      '6: HEADER_NOT_CANONICAL only when gate 6 found nothing else',
      ` ${header([entry({ size: '^-1' })])}\n`,
      [['HEADER_NUMBER', '/asset_table/0/size']],
    ],
    [
      '6 and 7: HEADER_NOT_CANONICAL beside the rules of the table',
      `^ ${header([entry({ asset_id: '1' }), entry({ asset_id: '^0', asset_name: '"b"' })])}`,
      [
        ['HEADER_NOT_CANONICAL', undefined],
        ['ASSET_ORDER', '/asset_table/1/asset_id'],
      ],
    ],
    [
      '6 and 7: values beside the rules of the table',
      header(
        [entry({ asset_id: '1', codec: '^"RAW"' }), entry({ asset_id: '^1', asset_name: '"b"' })],
        [preload('^8', '^99')],
      ),
      [
        ['CODEC_UNKNOWN', '/asset_table/0/codec'],
        ['ASSET_ID_DUPLICATE', '/asset_table/1/asset_id'],
        ['PRELOAD_UNKNOWN_ASSET', '/preload/0/asset_id'],
        ['PRELOAD_SLOT_RANGE', '/preload/0/slot'],
      ],
    ],
    [
      '7: preload of an asset that could be read, beside an entry that could not',
      header(
        [entry({ asset_id: '1' }), entry({ asset_id: '2', asset_name: '"b"', size: '^null' })],
        [preload('1', '0'), preload('^1', '1'), preload('2', '3')],
      ),
      [
        ['HEADER_SHAPE', '/asset_table/1/size'],
        ['PRELOAD_ASSET_TWICE', '/preload/1/asset_id'],
      ],
    ],
    [
      '7: over the well-typed entries: the others neither break the order nor hold an id',
      header([
        entry({ asset_id: '5' }),
        entry({ asset_id: '9', asset_name: '"b"', size: '^null' }),
        entry({ asset_id: '^2', asset_name: '"c"' }),
        entry({ asset_id: '9', asset_name: '"d"' }),
      ]),
      [
        ['HEADER_SHAPE', '/asset_table/1/size'],
        ['ASSET_ORDER', '/asset_table/2/asset_id'],
      ],
    ],
    [
      '7: an asset whose entry has a fault of shape is no unknown asset (L2)',
      header([entry({ asset_name: '^7' })], [preload(0, 0)]),
      [['HEADER_SHAPE', '/asset_table/0/asset_name']],
    ],
    [
      '7: a bank type with a fault has no bank rule',
      header([entry({ bank_type: '^"glyph"', metadata: '{"width":0}' })]),
      [['BANK_TYPE_UNKNOWN', '/asset_table/0/bank_type']],
    ],
    [
      'a warning stands among the errors, in document order',
      header([
        entry({ asset_id: '1' }),
        entry({ asset_id: '2', asset_name: '^"a"' }),
        entry({ asset_id: '^2', asset_name: '"b"' }),
      ]),
      [
        ['ASSET_NAME_DUPLICATE', '/asset_table/1/asset_name'],
        ['ASSET_ID_DUPLICATE', '/asset_table/2/asset_id'],
      ],
    ],
    [
      'document order: indices by their number',
      header(
        Array.from({ length: 11 }, (_, i) =>
          entry({ asset_id: String(i), asset_name: `"${i}"`, size: i === 2 || i === 10 ? '^-1' : '0' }),
        ),
      ),
      [
        ['HEADER_NUMBER', '/asset_table/2/size'],
        ['HEADER_NUMBER', '/asset_table/10/size'],
      ],
    ],
    [
      'document order: integer-like member names where they stand',
      header([entry({ metadata: '{"10":^1.5,"2":^1.5}' })]),
      [
        ['HEADER_NUMBER', '/asset_table/0/metadata/10'],
        ['HEADER_NUMBER', '/asset_table/0/metadata/2'],
      ],
    ],
    [
      'document order: members where they stand, not where they should',
      '{"preload":[^null],"asset_table":[^null]}',
      [
        ['HEADER_SHAPE', '/preload/0'],
        ['HEADER_SHAPE', '/asset_table/0'],
      ],
    ],
  ])('%s', (_, text, expected) => {
    const { marks, list } = judged(text);
    expect(places(list)).toEqual(expected.map(([code, pointer, mark], i) => [code, pointer, marks[mark ?? i]]));
  });

  it('at most 1,000 are listed; the rest are counted', () => {
    const entries = Array.from({ length: 1_500 }, (_, i) =>
      entry({ asset_id: String(i), asset_name: `"${i}"`, size: '-1' }),
    );
    const error = failureOf(() => decodeHeader(encoder.encode(header(entries))));
    expect(error.diagnostics).toHaveLength(1_000);
    expect(error.diagnosticsOmitted).toBe(500);
    expect(pointers(error.diagnostics).at(-1)).toEqual(['HEADER_NUMBER', '/asset_table/999/size']);
    expect(error.message).toMatch(/^HEADER_NUMBER .* \(and 1499 more\)$/);
  });

  it('errors before warnings where not all can be listed', () => {
    const entries = Array.from({ length: 1_500 }, (_, i) =>
      entry({ asset_id: String(i), codec: i < 1_499 ? '"NONE"' : '"X"' }),
    );
    const error = failureOf(() => decodeHeader(encoder.encode(header(entries))));
    expect(error.code).toBe('CODEC_UNKNOWN');
    expect(error.diagnostics).toHaveLength(1_000);
    expect(error.diagnosticsOmitted).toBe(500);
    expect(pointers(error.diagnostics).at(-1)).toEqual(['CODEC_UNKNOWN', '/asset_table/1499/codec']);
  });
});

it('the clause of a wrong type is that of its list', () => {
  const { list } = judged(header([entry({ asset_id: '"x"' })], [preload('"x"', 'null')]));
  expect(list.map(({ code, clause, where }) => [code, clause, where.pointer])).toEqual([
    ['HEADER_SHAPE', 'T1', '/asset_table/0/asset_id'],
    ['HEADER_SHAPE', 'L1', '/preload/0/asset_id'],
    ['HEADER_SHAPE', 'L1', '/preload/0/slot'],
  ]);
});

describe('wording', () => {
  const rows: [code: string, text: string, rest: { message: string; clause: string; [name: string]: unknown }][] = [
    ['HEADER_NOT_JSON', '{"a"}', { message: 'the header is not JSON: expected ":"', clause: 'H1' }],
    [
      'HEADER_TOO_DEEP',
      header([entry({ metadata: JSON.stringify(nest(33)) })]),
      { message: 'nested too deep', clause: 'H6' },
    ],
    [
      'HEADER_SHAPE',
      '[]',
      {
        message: 'a value of the wrong type: expected an object, got an array',
        clause: 'H1',
        expected: 'an object',
        actual: 'an array',
      },
    ],
    [
      'HEADER_SHAPE',
      '{"asset_table":[]}',
      { message: 'a member is missing: expected "preload"', clause: 'H1', details: { missing_member: 'preload' } },
    ],
    [
      'HEADER_SHAPE',
      '{"a\\nb":1,"asset_table":[],"preload":[]}',
      { message: 'a member that the format does not have: got "a\\nb"', clause: 'H1', actual: 'a\nb' },
    ],
    [
      'HEADER_SHAPE',
      header([entry({ size: '"0"' })]),
      { message: 'a value of the wrong type: expected an integer, got a string', clause: 'T1' },
    ],
    [
      'HEADER_SHAPE',
      header([entry({ codec: 'null' })]),
      { message: 'a value of the wrong type: expected a string, got null', clause: 'T1' },
    ],
    [
      'HEADER_SHAPE',
      header([entry({ metadata: 'true' })]),
      { message: 'a value of the wrong type: expected an object, got a boolean', clause: 'T1' },
    ],
    [
      'HEADER_SHAPE',
      header([], ['7']),
      { message: 'a value of the wrong type: expected an object, got a number', clause: 'L1' },
    ],
    [
      'HEADER_SHAPE',
      '{"asset_table":[],"preload":{}}',
      { message: 'a value of the wrong type: expected an array, got an object', clause: 'H1' },
    ],
    [
      'HEADER_DUPLICATE_MEMBER',
      '{"asset_table":[],"preload":[],"preload":[]}',
      { message: 'a member name stands twice in one object: got "preload"', clause: 'H5', actual: '"preload"' },
    ],
    [
      'HEADER_NUMBER',
      header([entry({ size: '1.0' })]),
      {
        message: 'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 1.0',
        clause: 'H4',
        actual: '1.0',
      },
    ],
    [
      'HEADER_NUMBER',
      header([entry({ size: '-0' })]),
      { message: 'not a number that the header can hold: expected 0, got -0', clause: 'H4' },
    ],
    [
      'HEADER_NUMBER',
      header([entry({ size: '-1' })]),
      { message: 'not a number that the header can hold: expected 0 or more, got -1', clause: 'H4', actual: -1 },
    ],
    [
      'HEADER_STRING',
      header([entry({ asset_name: '"\\ud800"' })]),
      { message: 'a string holds a lone surrogate: got "\\ud800"', clause: 'H3', actual: '"\\ud800"' },
    ],
    [
      'HEADER_NOT_CANONICAL',
      `${EMPTY}\n`,
      {
        message:
          'the header says the right thing in another spelling than the canonical one: expected the end of the header, got "\\n"',
        clause: 'H7',
      },
    ],
    [
      'ASSET_ID_RANGE',
      header([entry({ asset_id: '-1' })]),
      {
        message: 'not an asset id: expected 0 to 2147483647, got -1',
        clause: 'T1',
        asset_id: -1,
        expected: '0 to 2147483647',
        actual: -1,
      },
    ],
    [
      'ASSET_ID_DUPLICATE',
      header([entry(), entry({ asset_name: '"b"' })]),
      {
        message: 'asset id 0 already belongs to the asset at index 0',
        clause: 'T1',
        asset_id: 0,
        details: { first_index: 0 },
        hint: 'every asset needs an id of its own',
      },
    ],
    [
      'ASSET_ORDER',
      header([entry({ asset_id: '7' }), entry({ asset_id: '3', asset_name: '"b"' })]),
      {
        message: 'ids must increase: expected more than 7, got 3',
        clause: 'T2',
        asset_id: 3,
        expected: 'more than 7',
        actual: 3,
      },
    ],
    [
      'ASSET_NAME',
      header([entry({ asset_name: '""' })]),
      { message: 'an asset name must not be empty', clause: 'T1', asset_id: 0 },
    ],
    [
      'ASSET_NAME',
      header([entry({ asset_name: '"ab\u009b"' })]),
      { message: 'an asset name must not hold control characters: got U+009B at index 2', clause: 'T1' },
    ],
    [
      'ASSET_NAME',
      header([entry({ asset_name: `"${'\u00e9'.repeat(2_049)}"` })]),
      {
        message: 'the asset name is too long: expected at most 4096 bytes of UTF-8, got 4098',
        clause: 'T1',
        actual: 4_098,
      },
    ],
    [
      'ASSET_NAME_DUPLICATE',
      header([entry({ asset_id: '4' }), entry({ asset_id: '6' })]),
      {
        message: 'asset 4 has the same name: got "a"',
        clause: 'T1',
        severity: 'warning',
        asset_id: 6,
        details: { first_asset_id: 4 },
      },
    ],
    [
      'BANK_TYPE_UNKNOWN',
      header([entry({ bank_type: '"TILES"' })]),
      {
        message: 'no such bank type: expected GLYPH, SOUNDS, SCENE, got "TILES"',
        clause: 'T1',
        asset_id: 0,
        actual: 'TILES',
        hint: 'TILES is retired: write GLYPH',
      },
    ],
    [
      'BANK_TYPE_UNKNOWN',
      header([entry({ bank_type: '"SOUND"' })]),
      {
        message: 'no such bank type: expected GLYPH, SOUNDS, SCENE, got "SOUND"',
        clause: 'T1',
        hint: 'SOUND is retired: write SOUNDS',
      },
    ],
    [
      'BANK_TYPE_UNKNOWN',
      header([entry({ bank_type: '"RAW"' })]),
      { message: 'no such bank type: expected GLYPH, SOUNDS, SCENE, got "RAW"', clause: 'T1', hint: undefined },
    ],
    [
      'CODEC_UNKNOWN',
      header([entry({ codec: '"RAW"' })]),
      {
        message: 'no such codec: expected NONE, got "RAW"',
        clause: 'T1',
        asset_id: 0,
        hint: 'RAW is retired: write NONE',
      },
    ],
    [
      'CODEC_UNKNOWN',
      header([entry({ codec: '"LZ4"' })]),
      { message: 'no such codec: expected NONE, got "LZ4"', clause: 'T1', hint: undefined },
    ],
    [
      'CODEC_UNKNOWN',
      header([entry({ codec: `"${'x'.repeat(90)}\u202e"` })]),
      { message: `no such codec: expected NONE, got "${'x'.repeat(80)}..."`, clause: 'T1' },
    ],
    [
      'METADATA_COLLISION',
      header([entry({ metadata: '{"pipeline":1}' })]),
      {
        message: 'metadata has a member "pipeline"',
        clause: 'M3',
        asset_id: 0,
        hint: 'pipeline data belongs in "pipeline", beside "metadata"',
      },
    ],
    [
      'BANK_METADATA',
      header([glyph({ width: undefined })]),
      {
        message: "a GLYPH bank's width is missing: expected a positive multiple of tile_size 8",
        clause: 'B1',
        asset_id: 0,
      },
    ],
    [
      'BANK_METADATA',
      header([glyph({ width: '"8"' })]),
      {
        message: `a GLYPH bank's width is wrong: expected a positive multiple of tile_size 8, got "8"`,
        clause: 'B1',
        actual: '8',
      },
    ],
    [
      'BANK_SIZE',
      header([glyph({}, { size: '1' })]),
      {
        message: "size does not fit the bank's metadata: expected 2080, got 1",
        clause: 'B1',
        asset_id: 0,
        expected: 2_080,
        actual: 1,
      },
    ],
    [
      'BANK_SIZE',
      header([glyph({}, { decoded_size: '1' })]),
      { message: "decoded_size does not fit the bank's metadata: expected 2112, got 1", clause: 'B1' },
    ],
    [
      'PRELOAD_UNKNOWN_ASSET',
      header([entry()], [preload(5, 0)]),
      { message: 'the asset table has no such asset: got 5', clause: 'L2', asset_id: 5, actual: 5 },
    ],
    [
      'PRELOAD_SLOT_RANGE',
      header([entry()], [preload(0, 16)]),
      { message: 'no such preload slot: expected 0 to 15, got 16', clause: 'L3', expected: '0 to 15', actual: 16 },
    ],
    [
      'PRELOAD_SLOT_TAKEN',
      header([entry(), entry({ asset_id: '1', asset_name: '"b"' })], [preload(0, 7), preload(1, 7)]),
      {
        message: 'slot 7 of SOUNDS is already taken by asset 0',
        clause: 'L4',
        asset_id: 1,
        details: { holder: 0, bank_type: 'SOUNDS', slot: 7 },
        hint: 'name another slot, or ask for any with an empty preload object in the plan',
      },
    ],
    [
      'PRELOAD_ASSET_TWICE',
      header([entry()], [preload(0, 1), preload(0, 2)]),
      { message: 'asset 0 is preloaded twice', clause: 'L4', asset_id: 0 },
    ],
    [
      'PRELOAD_ORDER',
      header([entry(), entry({ asset_id: '1', asset_name: '"b"' })], [preload(1, 0), preload(0, 1)]),
      { message: 'ids must increase: expected more than 1, got 0', clause: 'L5', asset_id: 0, actual: 0 },
    ],
  ];

  it.each(rows)('%s: %s', (code, text, rest) => {
    const [first, ...others] = judged(text).list;
    expect(others).toEqual([]);
    const { hint, ...present } = rest;
    expect(first).toMatchObject({ code, severity: 'error', ...present });
    if (Object.hasOwn(rest, 'hint')) expect(first?.hint).toBe(hint);
  });

  it('HEADER_NOT_UTF8', () => {
    const { code, diagnostics, message } = failureOf(() => decodeHeader(Uint8Array.of(0xff)));
    expect([code, message]).toEqual(['HEADER_NOT_UTF8', 'HEADER_NOT_UTF8 the header is not UTF-8']);
    expect(diagnostics).toEqual([
      { code, severity: 'error', clause: 'H2', message: 'the header is not UTF-8', where: { offset: 32 } },
    ]);
  });

  it.each<[string, string]>([
    ['an array', `["\u009b2J\u202e","${'x'.repeat(500)}"]`],
    ['an object', `{"\u009b2J\u202e":"${'x'.repeat(500)}"}`],
    ['a string', `"\u009b2J\u202e${'x'.repeat(500)}"`],
  ])('shows %s from the file cut short and printable', (_, value) => {
    const [first] = judged(header([glyph({ width: value })])).list;
    expect(first?.code).toBe('BANK_METADATA');
    expect(first?.message).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
    expect(first?.message.length).toBeLessThan(250);
  });

  it('shows every value of a header that JSON can hold, and no placeholder', () => {
    const { list } = judged(
      header([glyph({ width: '1.5', height: '2.5', tile_size: '"\\ud800"', palette_count: '1e2' })]),
    );
    expect(list.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(list))).toEqual(list);
    for (const { message } of list) expect(message).not.toContain('Symbol');
  });
});

describe('encodeHeader holds a header to the rules', () => {
  const one = (members: Partial<AssetEntry>): Header => ({ assetTable: [{ ...soundEntry, ...members }], preload: [] });

  it.each<[string, Header, [string, string | undefined][]]>([
    [
      'an id twice',
      { assetTable: [soundEntry, { ...soundEntry, assetName: 'b' }], preload: [] },
      [['ASSET_ID_DUPLICATE', '/asset_table/1/asset_id']],
    ],
    [
      'ids that decrease',
      { assetTable: [soundEntry, { ...soundEntry, assetId: 1, assetName: 'b' }], preload: [] },
      [['ASSET_ORDER', '/asset_table/1/asset_id']],
    ],
    ['an id out of range', one({ assetId: 2 ** 31 }), [['ASSET_ID_RANGE', '/asset_table/0/asset_id']]],
    ['a size below 0', one({ size: -1 }), [['HEADER_NUMBER', '/asset_table/0/size']]],
    ['an empty name', one({ assetName: '' }), [['ASSET_NAME', '/asset_table/0/asset_name']]],
    [
      'a bank type that is none',
      one({ bankType: 'TILES' as 'GLYPH' }),
      [['BANK_TYPE_UNKNOWN', '/asset_table/0/bank_type']],
    ],
    [
      'pipeline in metadata',
      one({ metadata: { pipeline: {} } }),
      [['METADATA_COLLISION', '/asset_table/0/metadata/pipeline']],
    ],
    [
      'sizes that do not fit the bank',
      { assetTable: [{ ...glyphEntry, size: 1 }], preload: [] },
      [['BANK_SIZE', '/asset_table/0/size']],
    ],
    [
      'metadata that is an array',
      one({ metadata: [] as unknown as AssetEntry['metadata'] }),
      [['HEADER_SHAPE', '/asset_table/0/metadata']],
    ],
    [
      'an unknown asset',
      { assetTable: [], preload: [{ assetId: 1, slot: 0 }] },
      [['PRELOAD_UNKNOWN_ASSET', '/preload/0/asset_id']],
    ],
    [
      'a slot out of range',
      { assetTable: [soundEntry], preload: [{ assetId: 70, slot: 16 }] },
      [['PRELOAD_SLOT_RANGE', '/preload/0/slot']],
    ],
  ])('%s', (_, header, expected) => {
    expect(pointers(failureOf(() => encodeHeader(header)).diagnostics)).toEqual(expected);
  });

  it.each<[string, Header, string]>([
    ['a size that is no integer', one({ size: 0.5 }), 'HEADER_NUMBER'],
    ['an id beyond 2^53 - 1', one({ assetId: 2 ** 53 }), 'HEADER_NUMBER'],
    ['a lone surrogate', one({ assetName: '\ud800' }), 'HEADER_STRING'],
    ['a float in metadata', one({ metadata: { a: 0.5 } }), 'HEADER_NUMBER'],
    ['metadata at level 33', one({ metadata: nest(33) }), 'HEADER_TOO_DEEP'],
  ])('%s: code and place', (_, header, code) => {
    const { diagnostics } = failureOf(() => encodeHeader(header));
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
    expect(diagnostics[0]?.where.pointer).toMatch(/^\/asset_table\/0/);
  });

  it('a number that the preload list cannot hold: code and place', () => {
    const preload = [
      { assetId: 70, slot: 0 },
      { assetId: 70, slot: 0.5 },
    ];
    const { diagnostics } = failureOf(() => encodeHeader({ assetTable: [soundEntry], preload }));
    expect(pointers(diagnostics)).toEqual([['HEADER_NUMBER', '/preload/1']]);
  });

  it('a value that JSON does not have is a TypeError', () => {
    expect(() => encodeHeader(one({ metadata: { a: undefined as unknown as JsonValue } }))).toThrow(
      new TypeError('no JSON value: [object Undefined]'),
    );
    expect(() => encodeHeader(one({ metadata: { a: (() => 1) as unknown as JsonValue } }))).toThrow(TypeError);
  });

  it('negative zero is written 0 (H4)', () => {
    const bytes = encodeHeader(one({ size: -0, offset: -0, metadata: { a: -0 } }));
    expect(decodeHeader(bytes)).toEqual(one({ size: 0, offset: 0, metadata: { a: 0 } }));
  });

  it('a bigint in metadata is written as its digits', () => {
    const bytes = encodeHeader(one({ metadata: { a: 2n ** 53n - 1n } }));
    expect(decodeHeader(bytes)).toEqual(one({ metadata: { a: 2 ** 53 - 1 } }));
  });

  it('HEADER_TOO_LARGE above the limit, not at it', () => {
    const { length } = encodeHeader(twoEntries);
    expect(encodeHeader(twoEntries, { headerLenMax: length })).toHaveLength(length);
    const { diagnostics } = failureOf(() => encodeHeader(twoEntries, { headerLenMax: length - 1 }));
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'HEADER_TOO_LARGE',
        `the header passes the limit of the format: expected at most ${length - 1} bytes, got ${length}`,
      ],
    ]);
  });

  it('two names that are equal are a warning, and written', () => {
    const header = { assetTable: [soundEntry, { ...soundEntry, assetId: 71 }], preload: [] };
    expect(decodeHeader(encodeHeader(header))).toEqual(header);
  });
});
