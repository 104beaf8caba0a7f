/** Faults that stop a reader before it sees a value: bytes that are no UTF-8, text that is no JSON, nesting too deep. */
import { artifact, concat, entry } from '../compose.ts';
import type { Flag, RejectCase } from '../vector.ts';
import { bare, EMPTY, marked, oneEntry, reject, withMetadata, withPayload } from './reject-header-parts.ts';

/** What, title, the bytes that are no UTF-8, and the header around them; by default they end the asset's name. */
type Utf8Row = readonly [what: string, title: string, bytes: readonly number[], header?: string];

const IN_NAME = oneEntry(entry({ asset_name: '"a§"' }));

const notUtf8: readonly Utf8Row[] = [
  ['byte-ff', 'A name holds the byte 0xff, which no UTF-8 has', [0xff]],
  ['byte-fe', 'A name holds the byte 0xfe, which no UTF-8 has', [0xfe]],
  ['stray-continuation', 'A name holds a continuation byte without a first byte', [0x80]],
  ['two-of-two-missing', 'The first of two bytes ends a name', [0xc3]],
  ['three-of-three-missing', 'Two of the three bytes of U+20AC end a name', [0xe2, 0x82]],
  ['four-of-four-missing', 'Three of the four bytes of U+1F600 end a name', [0xf0, 0x9f, 0x98]],
  ['overlong-two-bytes', 'A solidus in two bytes, C0 AF', [0xc0, 0xaf]],
  ['overlong-nul', 'U+0000 in two bytes, C0 80, as modified UTF-8 writes it', [0xc0, 0x80]],
  ['overlong-three-bytes', 'A solidus in three bytes, E0 80 AF', [0xe0, 0x80, 0xaf]],
  ['overlong-four-bytes', 'A solidus in four bytes, F0 80 80 AF', [0xf0, 0x80, 0x80, 0xaf]],
  ['high-surrogate', 'The surrogate U+D800 in three bytes', [0xed, 0xa0, 0x80]],
  ['low-surrogate', 'The surrogate U+DC00 in three bytes', [0xed, 0xb0, 0x80]],
  [
    'surrogate-pair',
    'U+1F600 as two surrogates of three bytes each, as CESU-8 writes it',
    [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  ],
  ['above-10ffff', 'U+110000, one past the last code point', [0xf4, 0x90, 0x80, 0x80]],
  ['first-byte-f5', 'A sequence that begins with 0xf5', [0xf5, 0x80, 0x80, 0x80]],
  ['five-bytes', 'A sequence of five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['latin-1', 'A name in Latin-1: e acute is the byte 0xe9', [0xe9], oneEntry(entry({ asset_name: '"caf§"' }))],
  ['continuation-missing', 'An ASCII byte where a continuation byte is due', [0xe2, 0x28, 0xa1]],
  ['in-metadata', 'A string in metadata holds the byte 0xff', [0xff], withMetadata('{"a":"§"}')],
  ['in-metadata-latin-1', 'A string in metadata is Latin-1', [0xe9], withMetadata('{"a":"caf§"}')],
  ['in-metadata-member-name', 'A member name in metadata holds the byte 0x80', [0x80], withMetadata('{"a§":1}')],
  [
    'in-an-unknown-member',
    'A string that no reader looks for holds the byte 0xff',
    [0xff],
    `${oneEntry(entry()).slice(0, -1)},"x":"§"}`,
  ],
  ['at-the-end-of-the-header', 'The last byte of the header is the first of two', [0xc3], `${oneEntry(entry())}§`],
];

const utf8Cases = notUtf8.map(([what, title, bytes, text = IN_NAME]) => {
  const { header, offset } = marked(text, bytes);
  const clauses = ['H2'];
  const file = withPayload(header);
  return reject({
    code: 'HEADER_NOT_UTF8',
    what,
    title,
    clauses,
    flags: ['unicode'],
    bytes: file,
    where: { offset },
    runtime: 'HEADER',
  });
});

/** A text in UTF-16, little-endian. */
function utf16(text: string): number[] {
  return [...text].flatMap((each) => [each.charCodeAt(0), 0]);
}

/** What, title, and the header with a mark where it stops being JSON. */
type JsonRow = readonly [what: string, title: string, header: string];

const ENTRY = entry();
const sizes = (text: string): string => oneEntry(entry({ decoded_size: text }));
const name = (text: string): string => oneEntry(entry({ asset_name: text }));

const brokenStructure: readonly JsonRow[] = [
  ['byte-order-mark', 'A byte-order mark before the header', `§\ufeff${oneEntry(ENTRY)}`],
  ['missing-brace', 'The last brace is missing', `${oneEntry(ENTRY).slice(0, -1)}§`],
  ['cut-after-an-entry', 'The header ends after its first entry', `{"asset_table":[${ENTRY}§`],
  ['cut-inside-a-string', 'The header ends inside a string', `{"asset_table":[${ENTRY}],"prel§`],
  ['bytes-after-the-value', 'A letter after the value', `${oneEntry(ENTRY)}§x`],
  ['nul-after-the-value', 'U+0000 after the value', `${oneEntry(ENTRY)}§\0`],
  ['brace-after-the-value', 'One brace too many', `${oneEntry(ENTRY)}§}`],
  ['two-values', 'A second value after the first', `${oneEntry(ENTRY)}§${oneEntry(ENTRY)}`],
  ['trailing-comma-in-an-array', 'A comma after the last entry', `{"asset_table":[${ENTRY},§],"preload":[]}`],
  ['trailing-comma-in-an-object', 'A comma after the last member', `{"asset_table":[${ENTRY}],"preload":[],§}`],
  ['trailing-comma-in-metadata', 'A comma after the last member of metadata', withMetadata('{"a":1,§}')],
  ['leading-comma', 'A comma before the first entry', `{"asset_table":[§,${ENTRY}],"preload":[]}`],
  ['empty-element', 'Nothing between two commas', withMetadata('{"a":[1,§,2]}')],
  ['missing-comma', 'No comma between two members', oneEntry(ENTRY.replace(',"size"', '§"size"'))],
  ['missing-colon', 'No colon after a member name', oneEntry(ENTRY.replace('"size":', '"size"§'))],
  ['missing-quote', 'No quotation mark at the end of a name', name('"a').replace('bank_type', '§bank_type')],
  ['wrong-bracket', 'A brace closes an array', withMetadata('{"a":[1§}}')],
  ['unquoted-member-name', 'A member name without quotation marks', oneEntry(ENTRY.replace('"size"', '§size'))],
  ['number-as-member-name', 'A number as a member name', withMetadata('{§1:1}')],
  ['member-without-value', 'A member without a value', withMetadata('{"a":§}')],
  ['single-quotes', 'A string in single quotation marks', name("§'a'")],
  ['block-comment', 'A comment between two members', oneEntry(ENTRY.replace('"size"', '§/**/"size"'))],
  ['line-comment', 'A comment to the end of the line', oneEntry(ENTRY.replace('"size"', '§//\n"size"'))],
  ['hash-comment', 'A comment with a number sign', oneEntry(ENTRY.replace('"size"', '§#\n"size"'))],
  ['form-feed', 'A form feed as white space', oneEntry(ENTRY.replace('"size"', '§\f"size"'))],
  ['no-break-space', 'U+00A0 as white space', oneEntry(ENTRY.replace('"size"', '§\u00a0"size"'))],
];

const brokenScalars: readonly JsonRow[] = [
  ['nan', 'NaN as a size', sizes('§NaN')],
  ['nan-in-metadata', 'NaN in metadata, where some parsers read it', withMetadata('{"a":§NaN}')],
  ['infinity-in-metadata', 'Infinity in metadata, where some parsers read it', withMetadata('{"a":§Infinity}')],
  ['minus-infinity-in-metadata', '-Infinity in metadata, where some parsers read it', withMetadata('{"a":-§Infinity}')],
  ['undefined', 'The word undefined', withMetadata('{"a":§undefined}')],
  ['capital-true', 'The word True with a capital letter', withMetadata('{"a":§True}')],
  ['bare-word', 'A string without quotation marks', oneEntry(entry({ bank_type: '§SOUNDS' }))],
  ['leading-zero', 'A number with a leading zero, 04', sizes('0§4')],
  ['leading-zero-in-metadata', 'A number with a leading zero in metadata, -01', withMetadata('{"a":-0§1}')],
  ['plus-sign', 'A number with a plus sign, +4', sizes('§+4')],
  ['leading-point', 'A number without digits before the point, .5', sizes('§.5')],
  ['trailing-point', 'A number without digits after the point, 4.', sizes('4.§')],
  ['empty-exponent', 'A number without digits in its exponent, 4e', sizes('4e§')],
  ['lone-minus', 'A minus sign without digits', sizes('-§')],
  ['hexadecimal', 'A number in hexadecimal, 0x4', sizes('0§x4')],
  ['digit-separator', 'A number with a digit separator, 1_0', sizes('1§_0')],
  ['newline-in-a-string', 'A bare newline in a string', withMetadata('{"a":"x§\ny"}')],
  ['tab-in-a-string', 'A bare tab in a string', withMetadata('{"a":"x§\ty"}')],
  ['nul-in-a-string', 'A bare U+0000 in a string', withMetadata('{"a":"x§\0y"}')],
  ['control-in-a-string', 'A bare U+001F, the last control character, in a string', withMetadata('{"a":"x§\x1fy"}')],
  ['control-in-a-member-name', 'A bare U+0001 in a member name', withMetadata('{"x§\x01":1}')],
  ['escape-x', 'The escape \\x41', name('"§\\x41"')],
  ['escape-quote', "The escape \\'", name('"a§\\\'"')],
  ['escape-nul', 'The escape \\0', withMetadata('{"a":"§\\0"}')],
  ['escape-capital-u', 'The escape \\U0041', name('"§\\U0041"')],
  ['escape-two-digits', 'The escape \\u12', name('"§\\u12"')],
  ['escape-no-hex', 'The escape \\u00g0', name('"§\\u00g0"')],
  ['escape-signed', 'The escape \\u+041', name('"§\\u+041"')],
  ['escape-braces', 'The escape \\u{41}', name('"§\\u{41}"')],
];

const jsonCases = [...brokenStructure, ...brokenScalars].map(([what, title, text]) => {
  const { header, offset } = marked(text);
  const clauses = ['H1'];
  return reject({
    code: 'HEADER_NOT_JSON',
    what,
    title,
    clauses,
    bytes: withPayload(header),
    where: { offset },
    runtime: 'HEADER',
  });
});

const encodings: readonly RejectCase[] = [
  reject({
    code: 'HEADER_NOT_UTF8',
    what: 'utf-16-with-byte-order-mark',
    title: 'The header is UTF-16 with a byte-order mark, which begins with the byte 0xff',
    clauses: ['H2'],
    flags: ['unicode'],
    bytes: bare(concat([0xff, 0xfe], utf16(EMPTY))),
    where: { offset: 32 },
    runtime: 'HEADER',
  }),
  reject({
    code: 'HEADER_NOT_JSON',
    what: 'utf-16',
    title: 'The header is UTF-16: as UTF-8, a brace and U+0000',
    clauses: ['H1', 'H2'],
    flags: ['unicode'],
    bytes: bare(concat(utf16(EMPTY))),
    where: { offset: 33 },
    runtime: 'HEADER',
  }),
  reject({
    code: 'HEADER_NOT_JSON',
    what: 'white-space-alone',
    title: 'The header is 31 spaces and no value',
    clauses: ['H1'],
    bytes: artifact({ header: ' '.repeat(31) }),
    where: { offset: 63 },
    runtime: 'HEADER',
  }),
];

/** What, title, metadata, and the pointer below it of the first container at level 33. */
type DeepRow = readonly [what: string, title: string, metadata: string, pointer: string, flags?: readonly Flag[]];

/** `open` and `close` a number of times around nothing. */
function nest(levels: number, open: string, close: string, core: string): string {
  return open.repeat(levels - 1) + core + close.repeat(levels - 1);
}

const tooDeep: readonly DeepRow[] = [
  ['arrays', '33 levels of arrays in metadata', `{"a":${nest(33, '[', ']', '[]')}}`, `/a${'/0'.repeat(32)}`],
  ['objects', '33 levels of objects in metadata', `{"a":${nest(33, '{"a":', '}', '{}')}}`, '/a'.repeat(33)],
  [
    'mixed',
    '33 levels in metadata, arrays and objects in turn',
    `{"a":${nest(17, '[{"a":', '}]', '[]')}}`,
    `${'/a/0'.repeat(16)}/a`,
  ],
  [
    'object-in-arrays',
    'An object at level 33 in metadata, below arrays',
    `{"a":${nest(33, '[', ']', '{}')}}`,
    `/a${'/0'.repeat(32)}`,
  ],
  [
    'codec-objects',
    '33 levels of objects in metadata, by way of the codec configuration',
    `{"codec":${nest(33, '{"a":', '}', '{}')}}`,
    `/codec${'/a'.repeat(32)}`,
  ],
  [
    'codec-arrays',
    'A codec configuration, which is level 1, with 32 levels of arrays',
    `{"codec":{"a":${nest(32, '[', ']', '[]')}}}`,
    `/codec/a${'/0'.repeat(31)}`,
  ],
  [
    'second-branch',
    'Level 33 in the second element of an array; the first is flat',
    `{"a":[0,${nest(32, '[', ']', '[]')}]}`,
    `/a/1${'/0'.repeat(31)}`,
  ],
  ['128-levels', '128 levels of arrays in metadata', `{"a":${nest(128, '[', ']', '[]')}}`, `/a${'/0'.repeat(32)}`],
  [
    '10000-levels',
    '10,000 levels of arrays in metadata: more than a stack may hold',
    `{"a":${nest(10_000, '[', ']', '[]')}}`,
    `/a${'/0'.repeat(32)}`,
  ],
];

const deepCases = tooDeep.map(([what, title, metadata, pointer]) =>
  reject({
    code: 'HEADER_TOO_DEEP',
    what,
    title,
    clauses: ['H6'],
    flags: ['beyond-boundary'],
    bytes: withPayload(withMetadata(metadata)),
    where: { pointer: `/asset_table/0/metadata${pointer}` },
    runtime: 'unspecified',
  }),
);

export const cases: readonly RejectCase[] = [...utf8Cases, ...jsonCases, ...encodings, ...deepCases];
