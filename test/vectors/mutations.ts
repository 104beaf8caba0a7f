/** Changes to artifacts that know what they change: a field, a value of the header, the order of entries, a byte of padding. */
import fc from 'fast-check';
import { type JsonNode, NotJson, parseJson } from '../reference-reader/json.ts';

/** An artifact taken apart. Fields that are undefined follow from the parts when it is put together again. */
interface Parts {
  /** The prelude's bytes. */
  readonly prelude: Uint8Array;
  headerLen: number | undefined;
  payloadOffset: bigint | undefined;
  /** A character per byte. */
  header: string;
  gap: Uint8Array;
  region: Uint8Array;
}

/** One change; numbers choose among what there is. */
export type Step = (parts: Parts) => void;

/** Changes a right or wrong artifact. */
export function mutate(file: Uint8Array, steps: readonly Step[]): Uint8Array {
  const parts = takeApart(file);
  for (const step of steps) step(parts);
  return putTogether(parts);
}

const PRELUDE_SIZE = 32;

function takeApart(file: Uint8Array): Parts {
  const prelude = new Uint8Array(PRELUDE_SIZE);
  prelude.set(file.subarray(0, PRELUDE_SIZE));
  const view = new DataView(prelude.buffer);
  const headerLen = view.getUint32(8, true);
  const payloadOffset = view.getBigUint64(12, true);
  const headerEnd = PRELUDE_SIZE + headerLen;
  const fits = headerEnd <= file.length && payloadOffset >= headerEnd && payloadOffset <= file.length;
  const [from, to] = fits ? [headerEnd, Number(payloadOffset)] : [file.length, file.length];
  return {
    prelude,
    headerLen: fits ? undefined : headerLen,
    payloadOffset: fits ? undefined : payloadOffset,
    header: Buffer.from(file.subarray(PRELUDE_SIZE, from)).toString('latin1'),
    gap: file.slice(from, to),
    region: file.slice(to),
  };
}

function putTogether({ prelude, headerLen, payloadOffset, header, gap, region }: Parts): Uint8Array {
  const view = new DataView(prelude.buffer);
  const start = PRELUDE_SIZE + header.length + gap.length;
  view.setUint32(8, headerLen ?? header.length, true);
  view.setBigUint64(12, payloadOffset ?? BigInt(start), true);
  return Buffer.concat([prelude, Buffer.from(header, 'latin1'), gap, region]);
}

function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

const NUMBERS =
  '0 -0 1 -1 2 3 4 5 8 15 16 17 24 32 63 64 65 255 256 2048 1.0 0.5 1e3 01 - +1 .5 1. 2147483647 2147483648 -2147483648 -2147483649' +
  ' 9007199254740991 9007199254740992 -9007199254740991 -9007199254740992 9007199254738943 18446744073709551615 18446744073709551616';
const STRINGS = [
  ...['""', '"a"', '"GLYPH"', '"SOUNDS"', '"SCENE"', '"TILES"', '"SOUND"', '"NONE"', '"RAW"', '"none"'],
  ...[
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud83d\\ude00"',
    '"\u{1f600}"',
    '"\u00e9"',
    '"\\u00e9"',
    '"\u0085"',
    '"\u007f"',
  ],
  ...['"\\u001f"', '"\\u001F"', '"\\n"', '"\\u000a"', '"\\/"', '"\\x"', '"\\u12"', '"\n"', '"\ufeff"', '"\ue000"'],
  ...[`"${'x'.repeat(4_096)}"`, `"${'x'.repeat(4_097)}"`, `"${'\u00e9'.repeat(2_049)}"`],
];
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const OTHERS = [
  ...[
    'true',
    'false',
    'null',
    'nul',
    'NaN',
    '{}',
    '[]',
    '[0]',
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a":-0}',
    '{"__proto__":1}',
  ],
  ...['{"pipeline":1}', '{"codec":{}}', '{"\ue000":1,"\u{10000}":2}', '{"\u{10000}":2,"\ue000":1}', '{"\\ud800":1}'],
  ...[
    '{"height":8,"palette_count":64,"tile_size":8,"width":8}',
    '{"height":16,"palette_count":64,"tile_size":8,"width":8}',
  ],
  ...['{"height":94906265,"palette_count":64,"tile_size":8,"width":94906264}', '{"asset_id":1,"slot":0}'],
  ...['{"height":4503599627370496,"palette_count":64,"tile_size":8,"width":8}', '[', '}', '"', '', ' 1', '1 '],
  ...[deep(32), deep(33), deep(36), deep(37), deep(200), `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
];
const TOKENS = [...NUMBERS.split(' '), ...STRINGS, ...OTHERS].map(utf8);
const NAMES = (
  'asset_id asset_name bank_type codec decoded_size metadata offset size slot preload asset_table pipeline width height tile_size' +
  ' palette_count palette_authored __proto__ constructor zzz a~b a/b \\ud800 \\u0061 \u00e9'
)
  .split(' ')
  .map((name) => utf8(`"${name}"`));

/** A stretch of the header's text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the header consists of: values, members with their names, items; empty when it is no JSON. */
function spansOf(header: string): { values: Span[]; members: (Span & { nameEnd: number })[]; items: Span[] } {
  const spans = { values: [] as Span[], members: [] as (Span & { nameEnd: number })[], items: [] as Span[] };
  const visit = (node: JsonNode): void => {
    spans.values.push(node);
    if (node.kind === 'array') spans.items.push(...node.items);
    if (node.kind === 'object') {
      for (const { nameStart, value } of node.members) {
        const nameEnd = header.lastIndexOf('"', header.lastIndexOf(':', value.start)) + 1;
        spans.members.push({ start: nameStart, nameEnd, end: value.end });
      }
    }
    const below = node.kind === 'array' ? node.items : node.kind === 'object' ? node.members.map((m) => m.value) : [];
    for (const child of below) visit(child);
  };
  try {
    const { root, depth } = parseJson(Buffer.from(header, 'latin1'));
    if (depth < 100) visit(root);
  } catch (error) {
    // Text that is no JSON has no parts; bytes that are no UTF-8 are a TypeError of the decoder.
    if (!(error instanceof NotJson || error instanceof TypeError)) throw error;
  }
  return spans;
}

function pick<T>(list: readonly T[], n: number): T | undefined {
  return list[n % list.length];
}

function replace(parts: Parts, { start, end }: Span, text: string): void {
  parts.header = parts.header.slice(0, start) + text + parts.header.slice(end);
}

function textOf({ header }: Parts, { start, end }: Span): string {
  return header.slice(start, end);
}

/** Deletes a list's element, with a comma. */
function drop(parts: Parts, span: Span): void {
  const { header } = parts;
  if (header[span.end] === ',') replace(parts, { start: span.start, end: span.end + 1 }, '');
  else if (header[span.start - 1] === ',') replace(parts, { start: span.start - 1, end: span.end }, '');
  else replace(parts, span, '');
}

/** Exchanges two stretches that do not overlap. */
function swap(parts: Parts, one: Span, other: Span): void {
  const [a, b] = one.start < other.start ? [one, other] : [other, one];
  if (a.end > b.start) return;
  const [left, right] = [textOf(parts, a), textOf(parts, b)];
  replace(parts, b, left);
  replace(parts, a, right);
}

const nat = fc.nat(1_000_000);
const token = fc.constantFrom(...TOKENS);
const u32 = fc.oneof(
  fc.constantFrom(0, 1, 2, 30, 31, 32, 33, 512_000_000, 512_000_001, 2 ** 31, 2 ** 32 - 1),
  fc.nat(1_000),
);

const valueSteps: fc.Arbitrary<Step>[] = [
  fc.tuple(nat, token).map(([n, text]) => (parts) => {
    const value = pick(spansOf(parts.header).values, n);
    if (value !== undefined) replace(parts, value, text);
  }),
  // A value that stands elsewhere in the same header.
  fc.tuple(nat, nat).map(([n, m]) => (parts) => {
    const { values } = spansOf(parts.header);
    const [value, other] = [pick(values, n), pick(values, m)];
    if (value !== undefined && other !== undefined) replace(parts, value, textOf(parts, other));
  }),
  // A number that is off by a little.
  fc.tuple(nat, fc.integer({ min: -3, max: 3 })).map(([n, by]) => (parts) => {
    const numbers = spansOf(parts.header).values.filter((value) => /^\d{1,9}$/.test(textOf(parts, value)));
    const value = pick(numbers, n);
    if (value !== undefined) replace(parts, value, String(Number(textOf(parts, value)) + by));
  }),
];

const listSteps: fc.Arbitrary<Step>[] = (['members', 'items'] as const).flatMap((list) => [
  nat.map((n) => (parts: Parts) => {
    const element = pick(spansOf(parts.header)[list], n);
    if (element !== undefined) drop(parts, element);
  }),
  nat.map((n) => (parts: Parts) => {
    const element = pick(spansOf(parts.header)[list], n);
    if (element !== undefined) replace(parts, element, `${textOf(parts, element)},${textOf(parts, element)}`);
  }),
  fc.tuple(nat, nat).map(([n, m]) => (parts: Parts) => {
    const elements = spansOf(parts.header)[list];
    const [one, other] = [pick(elements, n), pick(elements, m)];
    if (one !== undefined && other !== undefined && one !== other) swap(parts, one, other);
  }),
]);

const nameSteps: fc.Arbitrary<Step>[] = [
  fc.tuple(nat, fc.constantFrom(...NAMES)).map(([n, name]) => (parts) => {
    const found = pick(spansOf(parts.header).members, n);
    if (found !== undefined) replace(parts, { start: found.start, end: found.nameEnd }, name);
  }),
  fc.tuple(nat, fc.constantFrom(...NAMES), token).map(([n, name, text]) => (parts) => {
    const found = pick(spansOf(parts.header).members, n);
    if (found !== undefined) replace(parts, found, `${textOf(parts, found)},${name}:${text}`);
  }),
];

const textSteps: fc.Arbitrary<Step>[] = [
  fc.tuple(nat, fc.nat(255)).map(([n, byte]) => (parts) => {
    const at = n % (parts.header.length + 1);
    replace(parts, { start: at, end: at + 1 }, String.fromCharCode(byte));
  }),
  fc
    .tuple(nat, fc.constantFrom(' ', '\n', '\t', '\r', '\u0000', ',', '\xef\xbb\xbf', '\xc0\x80'))
    .map(([n, text]) => (parts) => {
      const at = n % (parts.header.length + 1);
      replace(parts, { start: at, end: at }, text);
    }),
];

const envelopeSteps: fc.Arbitrary<Step>[] = [
  fc.tuple(fc.constantFrom(0, 4, 20, 24, 28), u32).map(([at, value]) => (parts) => {
    new DataView(parts.prelude.buffer).setUint32(at, value, true);
  }),
  u32.map((value) => (parts) => {
    parts.headerLen = value;
  }),
  fc.oneof(fc.nat(1_000).map(BigInt), fc.constantFrom(0n, 2n ** 53n, 2n ** 64n - 1n)).map((value) => (parts) => {
    parts.payloadOffset = value;
  }),
  // Bounds that are off by a little.
  fc.tuple(fc.integer({ min: -3, max: 3 }), fc.boolean()).map(([by, ofHeader]) => (parts) => {
    const { header, gap } = parts;
    if (ofHeader) parts.headerLen = Math.max(0, header.length + by);
    else parts.payloadOffset = BigInt(PRELUDE_SIZE + header.length + gap.length + by);
  }),
  fc.constantFrom(0, 1, 2, 4, 8, 16, 64, 512).map((n) => (parts) => {
    const end = PRELUDE_SIZE + parts.header.length;
    parts.gap = new Uint8Array(n === 0 ? 0 : (n - (end % n)) % n);
  }),
];

const regionSteps: fc.Arbitrary<Step>[] = [
  fc.nat(70).map((by) => (parts) => {
    parts.region = parts.region.subarray(0, Math.max(0, parts.region.length - by));
  }),
  fc.uint8Array({ minLength: 1, maxLength: 70 }).map((more) => (parts) => {
    parts.region = Buffer.concat([parts.region, more]);
  }),
  fc.tuple(nat, fc.nat(255), fc.boolean()).map(([n, byte, inGap]) => (parts) => {
    const bytes = inGap ? parts.gap : parts.region;
    if (bytes.length > 0) bytes[n % bytes.length] = byte;
  }),
];

/** One change of any kind; changes of the header are the most frequent. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(...valueSteps) },
  { weight: 4, arbitrary: fc.oneof(...listSteps) },
  { weight: 2, arbitrary: fc.oneof(...nameSteps) },
  { weight: 1, arbitrary: fc.oneof(...textSteps) },
  { weight: 1, arbitrary: fc.oneof(...envelopeSteps) },
  { weight: 2, arbitrary: fc.oneof(...regionSteps) },
);
