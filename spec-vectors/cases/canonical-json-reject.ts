/** Texts without a canonical form. */
import { concat, utf8 } from '../compose.ts';

/** A text that no reader of canonical values may take. */
export interface RejectedText {
  /** File name without `reject-` and extension. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  readonly clauses: readonly string[];
  /** Error code: that of a header with the same fault. */
  readonly code: string;
  readonly input: string | Uint8Array;
}

type Row = readonly [name: string, title: string, input: string | Uint8Array];

function about(code: string, clauses: readonly string[], rows: readonly Row[]): RejectedText[] {
  return rows.map(([name, title, input]) => ({ name, title, clauses, code, input }));
}

/** A string of these bytes between two letters. */
function stringOf(...bytes: readonly number[]): Uint8Array {
  return concat(utf8('"a'), bytes, utf8('b"'));
}

const notUtf8: readonly Row[] = [
  ['utf8-byte-ff', 'The byte 0xff', stringOf(0xff)],
  ['utf8-overlong', 'A solidus in two bytes', stringOf(0xc0, 0xaf)],
  ['utf8-surrogate', 'The surrogate U+D800 in three bytes', stringOf(0xed, 0xa0, 0x80)],
  ['utf8-truncated', 'Two of the three bytes of U+20AC', stringOf(0xe2, 0x82)],
  ['utf8-above-10ffff', 'U+110000 in four bytes', stringOf(0xf4, 0x90, 0x80, 0x80)],
  ['utf8-latin-1', 'e acute in Latin-1', stringOf(0xe9)],
];

const notJson: readonly Row[] = [
  ['byte-order-mark', 'A byte-order mark before the value', '\ufeff{}'],
  ['empty', 'No bytes at all', ''],
  ['white-space-alone', 'White space and no value', ' \n'],
  ['two-values', 'Two values', '{} {}'],
  ['trailing-comma', 'A comma after the last element', '[1,]'],
  ['comment', 'A comment', '{/**/}'],
  ['nan', 'NaN', '[NaN]'],
  ['leading-zero', 'A number with a leading zero', '[01]'],
  ['plus-sign', 'A number with a plus sign', '[+1]'],
  ['bare-control', 'A bare newline in a string', '"a\nb"'],
  ['escape-x', 'The escape \\x41', '"\\x41"'],
];

const duplicates: readonly Row[] = [
  ['duplicate', 'A name twice', '{"a":1,"a":2}'],
  ['duplicate-equal', 'A name twice with one value', '{"a":1,"a":1}'],
  ['duplicate-apart', 'A name twice with another between', '{"a":1,"b":2,"a":3}'],
  ['duplicate-escaped', 'A name twice, once with an escape', '{"size":1,"\\u0073ize":2}'],
  ['duplicate-escaped-pair', 'U+1F600 twice, once as a pair of escapes', '{"\u{1f600}":1,"\\ud83d\\ude00":2}'],
  ['duplicate-empty-name', 'The empty name twice', '{"":1,"":2}'],
  ['duplicate-proto', '__proto__ twice', '{"__proto__":1,"__proto__":2}'],
  ['duplicate-nested', 'A name twice at some depth', '[{"a":[{"b":1,"b":2}]}]'],
];

const numbers: readonly Row[] = [
  ['minus-zero', 'Negative zero as text; a negative zero that a caller has is written 0', '-0'],
  ['minus-zero-fraction', 'Negative zero with a fraction', '[-0.0]'],
  ['fraction', 'One and a half', '[1.5]'],
  ['fraction-zero', 'One with a fraction of zero', '[1.0]'],
  ['exponent', 'A hundred with an exponent', '[1e2]'],
  ['exponent-capital', 'A hundred with a capital exponent', '[1E2]'],
  ['exponent-zero', 'Zero with an exponent', '[0e0]'],
  ['exponent-huge', 'A number that no double holds', '[1e400]'],
  ['2-53', '2^53, one past the greatest integer', '[9007199254740992]'],
  ['minus-2-53', '-2^53, one past the least integer', '[-9007199254740992]'],
  ['2-53-plus-1', '2^53 + 1, which no double holds', '[9007199254740993]'],
  ['10-400', '10^400, digit by digit', `[1${'0'.repeat(400)}]`],
];

const strings: readonly Row[] = [
  ['lone-high-surrogate', 'A high surrogate alone', '"\\ud800"'],
  ['lone-low-surrogate', 'A low surrogate alone', '"\\udc00"'],
  ['reversed-pair', 'A pair the wrong way round', '"\\udc00\\ud800"'],
  ['high-before-a-letter', 'A letter after a high surrogate', '["\\ud83da"]'],
  ['high-before-a-pair', 'A high surrogate before a whole pair', '["\\ud83d\\ud83d\\ude00"]'],
  ['lone-surrogate-in-a-name', 'A high surrogate alone as a name', '{"\\udbff":1}'],
];

const tooDeep: readonly Row[] = [
  ['level-33-arrays', 'Level 33 in arrays: 34 of them', '['.repeat(34) + ']'.repeat(34)],
  ['level-33-objects', 'Level 33 in objects: 34 of them', `${'{"a":'.repeat(33)}{}${'}'.repeat(33)}`],
  ['level-33-mixed', 'Level 33 in arrays and objects in turn', `${'[{"a":'.repeat(17)}1${'}]'.repeat(17)}`],
  ['level-33-second-branch', 'Level 33 in the second element of an array', `[0,${'['.repeat(33)}${']'.repeat(33)}]`],
];

export const rejected: readonly RejectedText[] = [
  ...about('HEADER_NOT_UTF8', ['H2'], notUtf8),
  ...about('HEADER_NOT_JSON', ['H1'], notJson),
  ...about('HEADER_DUPLICATE_MEMBER', ['H5'], duplicates),
  ...about('HEADER_NUMBER', ['H4'], numbers),
  ...about('HEADER_STRING', ['H3'], strings),
  ...about('HEADER_TOO_DEEP', ['H6'], tooDeep),
];
