/** Faults of single values: numbers, strings, ids, names, bank types, codecs. */
import { entry } from '../compose.ts';
import type { Flag, RejectCase, RuntimeExpectation } from '../vector.ts';
import { oneEntry, reject, withMetadata, withPayload } from './reject-header-parts.ts';

/** What, title, the header, where, what a runtime must say, and flags beside those of the code. */
type Row = readonly [
  what: string,
  title: string,
  header: string,
  pointer: string,
  runtime: RuntimeExpectation,
  flags?: readonly Flag[],
];

/** A row about one member of the one entry. */
function member(
  what: string,
  title: string,
  [name, value]: readonly [name: string, value: string],
  runtime: RuntimeExpectation = 'HEADER',
  flags: readonly Flag[] = [],
): Row {
  return [what, title, oneEntry(entry({ [name]: value })), `/asset_table/0/${name}`, runtime, flags];
}

/** A row about one member of metadata. */
function inMetadata(what: string, title: string, value: string, runtime: RuntimeExpectation): Row {
  return [`metadata-${what}`, title, withMetadata(`{"a":${value}}`), '/asset_table/0/metadata/a', runtime];
}

/** A row about one member of the one preload entry. */
function inPreload(
  what: string,
  title: string,
  id: string,
  slot: string,
  at: string,
  runtime: RuntimeExpectation,
): Row {
  return [what, title, oneEntry(entry(), `{"asset_id":${id},"slot":${slot}}`), `/preload/0/${at}`, runtime];
}

function faults(code: string, clause: string, flags: readonly Flag[], rows: readonly Row[]): RejectCase[] {
  return rows.map(([what, title, header, pointer, runtime, more = []]) => {
    const all = [...new Set([...flags, ...more])];
    return reject({
      code,
      what,
      title,
      clauses: [clause],
      flags: all,
      bytes: withPayload(header),
      where: { pointer },
      runtime,
    });
  });
}

const TWO_53 = '9007199254740992';
const GOOGOLS = `1${'0'.repeat(400)}`;

const numbers: readonly Row[] = [
  member('offset-fraction-zero', 'offset is 0.0', ['offset', '0.0']),
  member('offset-exponent', 'offset is 0e0', ['offset', '0e0']),
  member('offset-minus-zero', 'offset is -0', ['offset', '-0']),
  member('offset-negative', 'offset is -1', ['offset', '-1'], 'HEADER', ['beyond-boundary']),
  member('size-fraction-zero', 'size is 4.0', ['size', '4.0']),
  member('size-exponent', 'size is 4e0', ['size', '4e0']),
  member('size-capital-exponent', 'size is 4E0', ['size', '4E0']),
  member('size-negative', 'size is -1', ['size', '-1'], 'HEADER', ['beyond-boundary']),
  member('size-minus-2-63', 'size is -2^63', ['size', '-9223372036854775808'], 'HEADER'),
  member('decoded-size-fraction', 'decoded_size is 4.5', ['decoded_size', '4.5']),
  member('decoded-size-fraction-zero', 'decoded_size is 4.0', ['decoded_size', '4.0']),
  member('decoded-size-small-exponent', 'decoded_size is 40e-1, which is 4', ['decoded_size', '40e-1']),
  member('decoded-size-1e2', 'decoded_size is 1E2', ['decoded_size', '1E2']),
  member('decoded-size-minus-zero', 'decoded_size is -0', ['decoded_size', '-0']),
  member('decoded-size-minus-zero-fraction', 'decoded_size is -0.0', ['decoded_size', '-0.0']),
  member('decoded-size-negative', 'decoded_size is -1', ['decoded_size', '-1'], 'HEADER', ['beyond-boundary']),
  member('decoded-size-2-53', 'decoded_size is 2^53', ['decoded_size', TWO_53], 'unspecified', ['beyond-boundary']),
  member(
    'decoded-size-2-53-plus-1',
    'decoded_size is 2^53 + 1, which no double holds',
    ['decoded_size', '9007199254740993'],
    'unspecified',
  ),
  member('decoded-size-2-64', 'decoded_size is 2^64', ['decoded_size', '18446744073709551616'], 'unspecified'),
  member('decoded-size-10-400', 'decoded_size is 10^400, digit by digit', ['decoded_size', GOOGOLS], 'unspecified'),
  member('asset-id-fraction-zero', 'asset_id is 1.0', ['asset_id', '1.0']),
  member('asset-id-exponent', 'asset_id is 1e0', ['asset_id', '1e0']),
  member('asset-id-fraction', 'asset_id is 1.5', ['asset_id', '1.5']),
  member('asset-id-minus-zero', 'asset_id is -0', ['asset_id', '-0']),
  member('asset-id-2-53', 'asset_id is 2^53', ['asset_id', TWO_53], 'HEADER', ['beyond-boundary']),
  member('asset-id-10-400', 'asset_id is 10^400, digit by digit', ['asset_id', GOOGOLS]),
  member('asset-id-1e400', 'asset_id is 1e400, which no double holds', ['asset_id', '1e400']),
  inPreload('preload-asset-id-fraction-zero', 'asset_id of a preload entry is 1.0', '1.0', '0', 'asset_id', 'HEADER'),
  inPreload('preload-asset-id-exponent', 'asset_id of a preload entry is 1e0', '1e0', '0', 'asset_id', 'HEADER'),
  inPreload('preload-slot-fraction-zero', 'slot is 1.0', '1', '1.0', 'slot', 'HEADER'),
  inPreload('preload-slot-fraction', 'slot is 0.5', '1', '0.5', 'slot', 'HEADER'),
  inPreload('preload-slot-exponent', 'slot is 1e0', '1', '1e0', 'slot', 'HEADER'),
  inPreload('preload-slot-minus-zero', 'slot is -0', '1', '-0', 'slot', 'HEADER'),
  inPreload('preload-slot-2-53', 'slot is 2^53', '1', TWO_53, 'slot', ['HEADER', 'PRELOAD']),
  inMetadata('fraction-zero', 'A number in metadata is 1.0', '1.0', 'unspecified'),
  inMetadata('fraction', 'A number in metadata is 0.1', '0.1', 'unspecified'),
  inMetadata('exponent', 'A number in metadata is 1e0', '1e0', 'unspecified'),
  inMetadata('capital-exponent', 'A number in metadata is 1E2', '1E2', 'unspecified'),
  inMetadata('minus-zero', 'A number in metadata is -0', '-0', 'unspecified'),
  inMetadata('2-53', 'A number in metadata is 2^53', TWO_53, 'unspecified'),
  inMetadata('minus-2-53', 'A number in metadata is -2^53', `-${TWO_53}`, 'unspecified'),
  inMetadata('10-400', 'A number in metadata is 10^400, digit by digit', GOOGOLS, 'unspecified'),
  inMetadata('1e400', 'A number in metadata is 1e400, which no double holds', '1e400', 'unspecified'),
  inMetadata('1e-400', 'A number in metadata is 1e-400, which doubles take for 0', '1e-400', 'unspecified'),
  [
    'metadata-codec-fraction',
    'A number in the codec configuration is 0.5',
    withMetadata('{"codec":{"q":0.5}}'),
    '/asset_table/0/metadata/codec/q',
    'unspecified',
  ],
];

const nameOf = (what: string, title: string, text: string): Row => member(what, title, ['asset_name', text]);

const strings: readonly Row[] = [
  nameOf('name-high-surrogate', 'A name is a high surrogate alone', '"\\ud800"'),
  nameOf('name-low-surrogate', 'A name is a low surrogate alone', '"\\udc00"'),
  nameOf('name-reversed-pair', 'A name is a pair the wrong way round', '"\\udc00\\ud800"'),
  nameOf('name-high-before-a-letter', 'A letter follows a high surrogate', '"\\ud83da"'),
  nameOf('name-high-before-an-escape', 'The escape of a letter follows a high surrogate', '"\\ud83d\\u0041"'),
  nameOf('name-high-before-a-pair', 'A high surrogate before a whole pair', '"\\ud83d\\ud83d\\ude00"'),
  nameOf('name-low-after-a-pair', 'A low surrogate after a whole character', '"\u{1f600}\\ude00"'),
  nameOf('name-capital-hex', 'A high surrogate alone, in capital hex digits', '"\\uDBFF"'),
  inMetadata('high-surrogate', 'A string in metadata is a high surrogate alone', '"\\ud800"', 'HEADER'),
  inMetadata('low-surrogate', 'A string in metadata is a low surrogate alone', '"\\udfff"', 'HEADER'),
  [
    'metadata-nested',
    'A string in an array in metadata ends with a high surrogate',
    withMetadata('{"a":["x\\ud800"]}'),
    '/asset_table/0/metadata/a/0',
    'HEADER',
  ],
  [
    'metadata-member-name',
    'A member name in metadata is a high surrogate alone; the pointer names the object',
    withMetadata('{"\\ud800":1}'),
    '/asset_table/0/metadata',
    'HEADER',
  ],
];

const id = (what: string, title: string, value: string, runtime: RuntimeExpectation = 'HEADER'): Row =>
  member(what, title, ['asset_id', value], runtime);

const ids: readonly Row[] = [
  id('minus-1', 'asset_id is -1', '-1', 'unspecified'),
  id('minus-2-31', 'asset_id is -2^31, the least of i32', '-2147483648', 'unspecified'),
  id('below-i32', 'asset_id is -2^31 - 1, below i32', '-2147483649'),
  id('2-31', 'asset_id is 2^31, above i32', '2147483648'),
  id('2-32', 'asset_id is 2^32, which 32 bits take for 0', '4294967296'),
  id('2-32-plus-1', 'asset_id is 2^32 + 1, which 32 bits take for 1', '4294967297'),
  id('2-53-minus-1', 'asset_id is 2^53 - 1', '9007199254740991'),
];

const open = (what: string, title: string, text: string, flags: readonly Flag[] = []): Row =>
  member(what, title, ['asset_name', text], 'unspecified', flags);

const names: readonly Row[] = [
  open('empty', 'A name is empty', '""', ['beyond-boundary']),
  open('4097-bytes', 'A name of 4,097 bytes', `"${'a'.repeat(4097)}"`, ['beyond-boundary']),
  open(
    '4098-bytes-in-2049-characters',
    'A name of 2,049 characters and 4,098 bytes: bytes count',
    `"${'\u00e9'.repeat(2049)}"`,
    ['beyond-boundary', 'unicode'],
  ),
  open('4100-bytes-in-1025-characters', 'A name of 1,025 characters and 4,100 bytes', `"${'\u{1f600}'.repeat(1025)}"`, [
    'beyond-boundary',
    'unicode',
  ]),
  open('u-0000', 'A name with U+0000', '"a\\u0000b"', ['unicode']),
  open('newline', 'A name with a newline', '"a\\nb"'),
  open('u-001f', 'A name with U+001F, the last of the first control characters', '"a\\u001fb"', [
    'unicode',
    'beyond-boundary',
  ]),
  open('u-007f', 'A name with U+007F, which stands as it is', '"a\u007fb"', ['unicode', 'beyond-boundary']),
  open('u-0080', 'A name with U+0080', '"a\u0080b"', ['unicode']),
  open('u-0085', 'A name with U+0085', '"a\u0085b"', ['unicode']),
  open('u-009f', 'A name with U+009F, the last control character', '"a\u009fb"', ['unicode', 'beyond-boundary']),
];

const bank = (what: string, title: string, text: string, flags: readonly Flag[] = []): Row =>
  member(what, title, ['bank_type', `"${text}"`], 'HEADER', flags);

const banks: readonly Row[] = [
  bank('tiles', 'TILES is what GLYPH was called', 'TILES', ['retired']),
  bank('sound', 'SOUND is what SOUNDS was called', 'SOUND', ['retired']),
  bank('lower-case', 'A bank type in lower case', 'sounds'),
  bank('empty', 'A bank type that is empty', ''),
  bank('space-behind', 'A space behind a bank type', 'SOUNDS '),
  bank('glyph-with-space', 'A space behind GLYPH', 'GLYPH '),
  bank('plural', 'GLYPHS is no bank type', 'GLYPHS'),
  bank('nul-behind', 'U+0000 behind a bank type', 'SOUNDS\\u0000'),
  bank('number', 'A bank type by its number', '1'),
];

const codec = (what: string, title: string, text: string, flags: readonly Flag[] = []): Row =>
  member(what, title, ['codec', `"${text}"`], 'HEADER', flags);

const codecs: readonly Row[] = [
  codec('raw', 'RAW is what NONE was called', 'RAW', ['retired']),
  codec('lower-case', 'A codec in lower case', 'none'),
  codec('empty', 'A codec that is empty', ''),
  codec('zstd', 'ZSTD is no codec', 'ZSTD'),
  codec('space-behind', 'A space behind a codec', 'NONE '),
  codec('nul-behind', 'U+0000 behind a codec', 'NONE\\u0000'),
];

export const cases: readonly RejectCase[] = [
  ...faults('HEADER_NUMBER', 'H4', ['number'], numbers),
  ...faults('HEADER_STRING', 'H3', ['unicode'], strings),
  ...faults('ASSET_ID_RANGE', 'T1', ['number', 'beyond-boundary'], ids),
  ...faults('ASSET_NAME', 'T1', [], names),
  ...faults('BANK_TYPE_UNKNOWN', 'T1', [], banks),
  ...faults('CODEC_UNKNOWN', 'T1', [], codecs),
];
