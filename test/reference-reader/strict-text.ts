/** The strict profile's rules for the header as a text (H): UTF-8, depth, strings, numbers, member names, spelling. */
import type { JsonNode, JsonObject } from './json.ts';

/**
 * Takes a fault.
 *
 * @param at Byte of the header; by default that of the value that the pointer names.
 */
export type Report = (code: string, pointer: string, at?: number) => void;

const LEAST_OF_WIDTH = [0, 0, 0x80, 0x800, 0x10000];

/** H2: the byte at which a sequence begins that is no UTF-8 (RFC 3629). */
export function firstBadByte(bytes: Uint8Array): number | undefined {
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] as number;
    const width = lead < 0x80 ? 1 : lead >> 5 === 0b110 ? 2 : lead >> 4 === 0b1110 ? 3 : lead >> 3 === 0b11110 ? 4 : 0;
    if (width === 0 || i + width > bytes.length) return i;
    let code = width === 1 ? lead : lead & (0x7f >> width);
    for (const byte of bytes.subarray(i + 1, i + width)) {
      if (byte >> 6 !== 0b10) return i;
      code = (code << 6) | (byte & 0x3f);
    }
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    if (isSurrogate || code > 0x10ffff || code < (LEAST_OF_WIDTH[width] as number)) return i;
    i += width;
  }
  return undefined;
}

/** One step of a JSON pointer. A lone surrogate cannot stand in one: it becomes U+FFFD. */
export function step(name: string | number): string {
  return `/${String(name).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** What lies directly in a value, with the step that leads there. */
function children(node: JsonNode): [string, JsonNode][] {
  if (node.kind === 'array') return node.items.map((item, i) => [step(i), item]);
  if (node.kind === 'object') return node.members.map(({ name, value }) => [step(name), value]);
  return [];
}

/** The first byte of the value that a pointer names; of members with one name, of the first. */
export function offsetOf(root: JsonNode, pointer: string): number {
  let node = root;
  for (const part of pointer.split('/').slice(1)) {
    const found = children(node).find(([each]) => each === `/${part}`);
    if (found === undefined) throw new Error(`no value at ${pointer}`);
    node = found[1];
  }
  return node.start;
}

/** H6: the first container that lies within `depthMax` others. Goes no deeper than that itself. */
export function firstTooDeep(root: JsonNode, depthMax: number): { pointer: string; node: JsonNode } {
  const find = (node: JsonNode, pointer: string, depth: number): { pointer: string; node: JsonNode } | undefined => {
    if (depth === depthMax) return node.kind === 'object' || node.kind === 'array' ? { pointer, node } : undefined;
    for (const [below, child] of children(node)) {
      const found = find(child, pointer + below, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = find(root, '', 0);
  if (found === undefined) throw new Error('nothing is too deep');
  return found;
}

/** H7: the text in its one legal spelling. Of no use when a string, a number or a member name is illegal. */
export function canonicalText(node: JsonNode): string {
  switch (node.kind) {
    case 'array':
      return `[${node.items.map(canonicalText).join(',')}]`;
    case 'object': {
      // H3: `<` compares UTF-16 code units.
      const sorted = node.members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return `{${sorted.map(({ name, value }) => `${canonicalString(name)}:${canonicalText(value)}`).join(',')}}`;
    }
    case 'string':
      return canonicalString(node.value);
    case 'number':
      return node.text;
    default:
      return String(node.value);
  }
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** H3 */
function canonicalString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: H3 names them
  const escaped = text.replaceAll(/["\\\u0000-\u001f]/g, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return SHORT_ESCAPES[char] ?? `\\u${code.padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** H3, H4, H5: strings, numbers and member names, everywhere. */
export function judgeText(node: JsonNode, pointer: string, report: Report): void {
  if (node.kind === 'number' && !isLegal(node.text)) report('HEADER_NUMBER', pointer, node.start);
  if (node.kind === 'string' && !node.value.isWellFormed()) report('HEADER_STRING', pointer, node.start);
  if (node.kind === 'object') judgeNames(node, pointer, report);
  for (const [below, child] of children(node)) judgeText(child, pointer + below, report);
}

function judgeNames(node: JsonObject, pointer: string, report: Report): void {
  const seen = new Set<string>();
  for (const { name, nameStart } of node.members) {
    if (!name.isWellFormed()) report('HEADER_STRING', pointer, nameStart);
    else if (seen.has(name)) report('HEADER_DUPLICATE_MEMBER', pointer + step(name), nameStart);
    seen.add(name);
  }
}

/** H4 */
function isLegal(number: string): boolean {
  return number !== '-0' && integerOf(number) !== undefined;
}

/** The integer that a literal writes, within +-(2^53 - 1). `-0` is reported as a fault of the text, and has a value. */
export function integerOf(number: string): number | undefined {
  if (!/^-?(0|[1-9][0-9]*)$/.test(number)) return undefined;
  const value = BigInt(number);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return value >= -limit && value <= limit ? Number(value) : undefined;
}
