/** Changes to JSON texts that keep them JSON, mostly: values, members, items, names, spellings. */
import { type Material, mutateBytes, put, utf8 } from './mutate-bytes.ts';
import type { Random } from './random.ts';
import { type Span, type Spans, spansOf } from './spans.ts';

/** What changes of a JSON text draw on. */
export interface JsonMaterial extends Material {
  /** Member names, with their quotes. */
  readonly names: readonly string[];
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const NUMBERS =
  '0 -0 1 -1 2 3 4 5 7 8 15 16 17 31 32 33 63 64 65 255 256 2048 2080 2112 65535 65536 131072 1.0 0.5 -0.0 1e3 1E+2 0e0 01 - +1 .5 1. 1e 2147483647' +
  ' 2147483648 -2147483648 -2147483649 4294967296 9007199254740991 9007199254740992 -9007199254740991 -9007199254740992' +
  ' 9007199254738943 9007199254740993 18446744073709551615 18446744073709551616 1e400 -1e400 123456789012345678901234567890';
const STRINGS =
  '"" "a" "GLYPH" "SOUNDS" "SCENE" "TILES" "SOUND" "NONE" "RAW" "none" "\\ud800" "\\udc00\\ud800" "\\ud83d\\ude00" "\u{1f600}"' +
  ' "\u00e9" "e\u0301" "\\u00e9" "\u0085" "\u007f" "\\u0000" "\\u001f" "\\u001F" "\\n" "\\u000a" "\\/" "\\x" "\\u12" "\ufeff" "\ue000" "\uffff" "1" "-1" "AAAA" "AQI=" "AQ=="' +
  ' "AR==" "A" "../a" "/a" "a/b" "a\\\\b" "sha256:" "xxh64:0123456789abcdef"';
const OTHERS =
  'true false null nul NaN Infinity {} [] [0] {"a":1,"a":2} {"b":1,"a":2} {"a":-0} {"__proto__":1} {"":1} {"pipeline":1} {"codec":{}} {"\\ud800":1}' +
  ' {"\ue000":1,"\u{10000}":2} {"\u{10000}":2,"\ue000":1} {"height":8,"palette_count":64,"tile_size":8,"width":8}' +
  ' {"height":94906265,"palette_count":64,"tile_size":8,"width":94906264} {"asset_id":1,"slot":0} {"slot":3} {"a~b":{"c/d":[1]}}' +
  ' [ ] { } " , :';
const LONG = ['x'.repeat(4_096), 'x'.repeat(4_097), '\u00e9'.repeat(2_049), 'y'.repeat(40), '\u{1f600}'.repeat(17)];

/** Values that some rule or other speaks of. */
export const JSON_TOKENS: readonly string[] = [
  ...[NUMBERS, STRINGS, OTHERS].flatMap((list) => list.split(' ')),
  ...LONG.map((text) => `"${text}"`),
  ...[deep(32), deep(33), deep(36), deep(37), deep(65), deep(130), `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
  ...['"\n"', ' 1', '1 ', '\t', '\r\n', '"\ud7ff"', '"a', '//', '/**/'],
].map(utf8);

type JsonChange = (random: Random, text: string, spans: Spans, material: JsonMaterial) => string;

const changes: readonly JsonChange[] = [
  // A value of the list, or one that stands elsewhere in this text or in another.
  onValue((random, _, { tokens }) => random.pick(tokens)),
  (random, text, { values }) => {
    const { start, end } = random.pick(values);
    return put(text, start, end - start, cut(text, random.pick(values)));
  },
  onValue((random, _, { other }) => {
    const { values } = spansOf(other);
    return values.length === 0 ? other : cut(other, random.pick(values));
  }),
  // A number that is off by a little, or grown.
  onValue((random, value) => (/^-?\d{1,15}$/.test(value) ? String(Number(value) + random.between(-3, 3)) : value)),
  onValue((random, value) =>
    /^-?\d{1,15}$/.test(value) ? String(Number(value) * random.pick([2, 8, 64, -1])) : value,
  ),
  // A container around it.
  onValue((random, value) => (random.oneIn(2) ? `[${value}]` : `{"a":${value}}`)),
  onValue((random, value) => '['.repeat(random.between(1, 40)) + value + ']'.repeat(random.between(1, 40))),
  onValue((random, value) => {
    const levels = random.between(1, 40);
    return '{"a":'.repeat(levels) + value + '}'.repeat(levels);
  }),
  onValue(changeString),
  onValue(changeString),
  ...(['members', 'items'] as const).flatMap((list): JsonChange[] => [
    (random, text, spans) => drop(text, random.pick<Span>(spans[list])),
    (random, text, spans) => {
      const element = cut(text, random.pick<Span>(spans[list]));
      return insertAfter(text, random.pick<Span>(spans[list]), element);
    },
    (random, text, spans) => swap(text, random.pick<Span>(spans[list]), random.pick<Span>(spans[list])),
    (random, text, spans, { other }) => {
      const elements = spansOf(other)[list];
      return elements.length === 0
        ? text
        : insertAfter(text, random.pick<Span>(spans[list]), cut(other, random.pick<Span>(elements)));
    },
  ]),
  // Another name, and one member more.
  (random, text, { members }, { names }) => {
    const { start, nameEnd } = random.pick(members);
    return put(text, start, nameEnd - start, random.pick(names));
  },
  (random, text, { members }, { names, tokens }) =>
    insertAfter(text, random.pick(members), `${random.pick(names)}:${random.pick(tokens)}`),
  (random, text, { members }) => {
    const { start, nameEnd } = random.pick(members);
    return put(text, start, nameEnd - start, changeString(random, text.slice(start, nameEnd)));
  },
  // Space and punctuation.
  (random, text, { values }) =>
    put(text, random.pick(values).start, 0, random.pick([' ', '\n', '\t', '\r', '\0', ',', ':', utf8('\ufeff')])),
  (random, text, { values }) =>
    put(text, random.pick(values).end, 0, random.pick([' ', '\n', '\t', '\r', '\0', ',', ':', '\xc0\x80'])),
  // The whole in canonical order, or in the order and spelling of JavaScript.
  (_, text) => respell(text, sorted),
  (_, text) => respell(text, (value) => value),
];

/** One change of a JSON text. */
export function mutateJson(random: Random, text: string, material: JsonMaterial): string {
  if (random.oneIn(8)) return mutateBytes(random, text, material);
  const spans = spansOf(text);
  if (spans.values.length === 0 || spans.members.length === 0 || spans.items.length === 0) {
    // Only what needs nothing but a value.
    if (spans.values.length === 0) return mutateBytes(random, text, material);
    return (changes[random.int(10)] as JsonChange)(random, text, spans, material);
  }
  return random.pick(changes)(random, text, spans, material);
}

function onValue(change: (random: Random, value: string, material: JsonMaterial) => string): JsonChange {
  return (random, text, { values }, material) => {
    const { start, end } = random.pick(values);
    return put(text, start, end - start, change(random, text.slice(start, end), material));
  };
}

const PIECES = [
  '\\',
  '\\u',
  '\\ud800',
  '\\udc00',
  '\\u0041',
  '\\n',
  '\\"',
  '\\/',
  '"',
  '/',
  '~',
  '\x01',
  '\x7f',
  utf8('\u00e9'),
  utf8('\u{10000}'),
  '\x80',
  '\xc3',
  '\xed\xa0\x80',
];

/** Another spelling of a string, or a piece more in it. */
function changeString(random: Random, value: string): string {
  if (value[0] !== '"' || value.length < 2) return `"${value}"`;
  const at = random.between(1, value.length - 1);
  const char = value.charCodeAt(at);
  if (random.oneIn(3) && at < value.length - 1 && char < 0x80 && value[at - 1] !== '\\') {
    return put(value, at, 1, `\\u${char.toString(16).padStart(4, '0')}`);
  }
  if (random.oneIn(4)) return put(value, at, 1, '');
  return put(value, at, 0, random.pick(PIECES));
}

function cut(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function insertAfter(text: string, { end }: Span, element: string): string {
  return put(text, end, 0, `,${element}`);
}

/** Takes an element out, with a comma. */
function drop(text: string, { start, end }: Span): string {
  if (text[end] === ',') return put(text, start, end + 1 - start, '');
  return text[start - 1] === ',' ? put(text, start - 1, end + 1 - start, '') : put(text, start, end - start, '');
}

/** Exchanges two stretches that do not overlap. */
function swap(text: string, one: Span, other: Span): string {
  const [a, b] = one.start < other.start ? [one, other] : [other, one];
  if (a.end > b.start) return text;
  return text.slice(0, a.start) + cut(text, b) + text.slice(a.end, b.start) + cut(text, a) + text.slice(b.end);
}

/** The text written anew, when it is one that JavaScript reads. */
function respell(text: string, change: (value: unknown) => unknown): string {
  try {
    return utf8(JSON.stringify(change(JSON.parse(Buffer.from(text, 'latin1').toString()))));
  } catch {
    return text;
  }
}

/** Members in canonical order, as far as JavaScript keeps one. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}
