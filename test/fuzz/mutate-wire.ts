/** Changes to binary plans: fields are taken apart by the plan's schema, and lengths kept in step. */
import { type Material, mutateBytes, put } from './mutate-bytes.ts';
import type { Random } from './random.ts';

type Kind = 'plan' | 'layout' | 'asset' | 'preload' | 'struct' | 'entry' | 'value' | 'list';

/** Which fields are messages. */
const MESSAGES: { readonly [kind in Kind]: { readonly [number: number]: Kind } } = {
  plan: { 2: 'layout', 3: 'asset' },
  layout: {},
  asset: { 6: 'struct', 7: 'struct', 8: 'struct', 13: 'preload' },
  preload: {},
  struct: { 1: 'entry' },
  entry: { 2: 'value' },
  value: { 5: 'struct', 6: 'list' },
  list: { 1: 'value' },
};

/** A field; its content is the bytes of its value, or fields again. */
interface Field {
  number: number;
  wireType: number;
  content: string | Field[];
}

/** One change of a binary plan. Texts have a character per byte. */
export function mutateWire(random: Random, text: string, material: Material): string {
  if (random.oneIn(6)) return mutateBytes(random, text, material);
  const fields = parse(text, 'plan');
  if (fields === undefined) return mutateBytes(random, text, material);
  const lists = listsOf(fields);
  const list = random.pick(lists);
  const others = listsOf(parse(material.other, 'plan') ?? []);
  change(random, list, random.pick(others), material);
  return print(fields);
}

const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 127, 19_000, 536_870_911];

function change(random: Random, list: Field[], others: readonly Field[], material: Material): void {
  const at = random.int(list.length);
  const field = list[at];
  const kind = random.int(10);
  if (field === undefined || kind === 0) {
    if (others.length > 0) list.splice(at, 0, structuredClone(random.pick(others)));
    else list.push({ number: random.pick(NUMBERS), wireType: 0, content: varint(random) });
  } else if (kind === 1) list.splice(at, 1);
  else if (kind === 2) list.splice(random.int(list.length), 0, structuredClone(field));
  else if (kind === 3) list.push(...list.splice(at, 1));
  else if (kind === 4) field.number = random.pick(NUMBERS);
  else if (kind === 5) Object.assign(field, random.pick(SCALARS)(random, material));
  else changeContent(random, field, material);
}

const SCALARS: readonly ((random: Random, material: Material) => Pick<Field, 'wireType' | 'content'>)[] = [
  (random) => ({ wireType: 0, content: varint(random) }),
  (random) => ({ wireType: 1, content: double(random) }),
  (random, { tokens }) => ({ wireType: 2, content: random.pick(tokens) }),
  () => ({ wireType: 5, content: '\0\0\0\0' }),
  (random) => ({ wireType: random.pick([3, 4, 6, 7]), content: '' }),
];

function changeContent(random: Random, field: Field, material: Material): void {
  if (field.wireType === 0) field.content = varint(random);
  else if (field.wireType === 1) field.content = double(random);
  else if (typeof field.content === 'string') field.content = mutateBytes(random, field.content, material);
  // A message that says the same in several parts, or holds itself.
  else if (random.oneIn(2)) field.content = [...field.content, ...structuredClone(field.content)];
  else field.content = [structuredClone({ ...field, content: field.content.slice(0, 2) }), ...field.content];
}

const VARINTS = [
  0n,
  1n,
  2n,
  3n,
  8n,
  15n,
  16n,
  127n,
  128n,
  300n,
  65_535n,
  65_536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
  -(2n ** 31n),
];

function varint(random: Random): string {
  // More bytes than the value needs are legal, up to ten.
  const text = printVarint(BigInt.asUintN(64, random.pick(VARINTS) + BigInt(random.between(-1, 1))));
  return random.oneIn(12) ? padVarint(text, random.between(1, 11)) : text;
}

function padVarint(text: string, width: number): string {
  let padded = text;
  while (padded.length < width) {
    const last = padded.charCodeAt(padded.length - 1);
    padded = `${put(padded, padded.length - 1, 1, String.fromCharCode(last | 0x80))}\0`;
  }
  return padded;
}

const DOUBLES = [
  0,
  -0,
  1,
  -1,
  0.5,
  64,
  2_080,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];

function double(random: Random): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(random.pick(DOUBLES));
  return bytes.toString('latin1');
}

/** Every list of fields, the outermost first. */
function listsOf(fields: Field[]): Field[][] {
  return [fields, ...fields.flatMap(({ content }) => (typeof content === 'string' ? [] : listsOf(content)))];
}

const LEVELS_MAX = 100;

function parse(text: string, kind: Kind, level = 0): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < text.length; ) {
    const tag = readVarint(text, at);
    if (tag === undefined) return undefined;
    const [number, wireType] = [Math.floor(tag.value / 8), tag.value % 8];
    const value = readValue(text, tag.end, wireType);
    if (value === undefined) return undefined;
    const content = text.slice(value.start, value.end);
    const inner = wireType === 2 && level < LEVELS_MAX ? MESSAGES[kind][number] : undefined;
    fields.push({
      number,
      wireType,
      content: inner === undefined ? content : (parse(content, inner, level + 1) ?? content),
    });
    at = value.end;
  }
  return fields;
}

function readValue(text: string, at: number, wireType: number): { start: number; end: number } | undefined {
  const width = { 1: 8, 5: 4 }[wireType];
  if (width !== undefined) return at + width <= text.length ? { start: at, end: at + width } : undefined;
  const found = readVarint(text, at);
  if (found === undefined || (wireType !== 0 && wireType !== 2)) return undefined;
  if (wireType === 0) return { start: at, end: found.end };
  const end = found.end + found.value;
  return end <= text.length ? { start: found.end, end } : undefined;
}

function readVarint(text: string, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = start; at < Math.min(text.length, start + 10); at += 1) {
    const byte = text.charCodeAt(at);
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

function print(fields: readonly Field[]): string {
  return fields
    .map(({ number, wireType, content }) => {
      const inner = typeof content === 'string' ? content : print(content);
      const tag = printVarint(BigInt(number) * 8n + BigInt(wireType));
      return tag + (wireType === 2 ? printVarint(BigInt(inner.length)) : '') + inner;
    })
    .join('');
}

function printVarint(value: bigint): string {
  let text = '';
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return text + String.fromCharCode(Number(rest));
    text += String.fromCharCode(Number(rest & 0x7fn) | 0x80);
  }
}
