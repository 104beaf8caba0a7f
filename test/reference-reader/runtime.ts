/**
 * The runtime profile: what a game runtime must do with an `assets.pa`, in the order in which it must do it. It reads every
 * file that a writer can emit and rejects what the published texts reject. Where they are silent it does what is plainest.
 * Nothing here comes from the packer; it is meant to be read beside docs/format.md.
 */
import { type JsonNode, type JsonObject, NotJson, parseJson } from './json.ts';
import { xxh64 } from './xxh64.ts';

/** Why a file is rejected: the first that applies. */
export type RuntimeClass = 'TRUNCATED' | 'MAGIC' | 'VERSION' | 'BOUNDS' | 'HEADER' | 'TABLE' | 'PRELOAD';

/** A value inside `metadata`. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** T1. */
export interface Entry {
  readonly asset_id: number;
  readonly asset_name: string;
  readonly bank_type: string;
  readonly codec: string;
  readonly offset: number;
  readonly size: number;
  readonly decoded_size: number;
  readonly metadata: Value;
}

/** L1. */
export interface PreloadEntry {
  readonly asset_id: number;
  readonly slot: number;
}

/** A payload: how long it is, and its XXH64 in place of its bytes. */
export interface Slice {
  readonly asset_id: number;
  readonly size: number;
  readonly xxh64: string;
}

/** What there is to say of a file. */
export type Outcome =
  | { verdict: 'accept'; asset_table: Entry[]; preload: PreloadEntry[]; slices: Slice[] }
  | { verdict: 'reject'; class: RuntimeClass };

class Rejection extends Error {
  readonly class: RuntimeClass;

  constructor(of: RuntimeClass) {
    super(of);
    this.class = of;
  }
}

/** Reads a file. */
export function readRuntime(file: Uint8Array): Outcome {
  try {
    return { verdict: 'accept', ...readFile(file) };
  } catch (error) {
    if (error instanceof Rejection) return { verdict: 'reject', class: error.class };
    throw error;
  }
}

function need(condition: boolean, otherwise: RuntimeClass): asserts condition {
  if (!condition) throw new Rejection(otherwise);
}

function readFile(file: Uint8Array): { asset_table: Entry[]; preload: PreloadEntry[]; slices: Slice[] } {
  const { header, region } = splitFile(file);
  const { asset_table, preload } = readHeader(header);
  checkTable(asset_table, region.length);
  checkPreload(preload, asset_table);
  const slices = asset_table.map(({ asset_id, offset, size }) => ({
    asset_id,
    size,
    xxh64: xxh64(region.subarray(offset, offset + size)),
  }));
  return { asset_table, preload, slices };
}

/** E2. */
export const PRELUDE_SIZE = 32;

/** E1: the prelude's fields, each at its byte. */
export function readPrelude(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, PRELUDE_SIZE);
  return {
    magic: String.fromCharCode(...file.subarray(0, 4)),
    schemaVersion: view.getUint32(4, true),
    headerLen: view.getUint32(8, true),
    payloadOffset: view.getBigUint64(12, true),
    flags: view.getUint32(20, true),
    reserved: view.getUint32(24, true),
    headerChecksum: view.getUint32(28, true),
  };
}

/** The envelope (E1, E2, E5). `flags`, `reserved`, `header_checksum` and the padding are not looked at. */
function splitFile(file: Uint8Array): { header: Uint8Array; region: Uint8Array } {
  need(file.length >= PRELUDE_SIZE, 'TRUNCATED');
  const { magic, schemaVersion, headerLen, payloadOffset } = readPrelude(file);
  need(magic === 'ASPA', 'MAGIC');
  need(schemaVersion === 1, 'VERSION');
  const headerEnd = PRELUDE_SIZE + headerLen;
  need(headerEnd <= file.length, 'BOUNDS');
  need(payloadOffset >= headerEnd && payloadOffset <= file.length, 'BOUNDS');
  return { header: file.subarray(PRELUDE_SIZE, headerEnd), region: file.subarray(Number(payloadOffset)) };
}

/** The runtime's parser stops here (H6). */
const DEPTH_MAX = 127;

/** The header (H1): its JSON, then its shape. */
function readHeader(bytes: Uint8Array): { asset_table: Entry[]; preload: PreloadEntry[] } {
  need(isUtf8(bytes), 'HEADER');
  const { root, depth } = parse(bytes);
  need(depth <= DEPTH_MAX, 'HEADER');
  const header = membersOf(root);
  const preload = header.get('preload');
  return {
    asset_table: itemsOf(header.get('asset_table')).map(readEntry),
    preload: preload === undefined ? [] : itemsOf(preload).map(readPreloadEntry),
  };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function parse(bytes: Uint8Array): { root: JsonNode; depth: number } {
  try {
    return parseJson(bytes);
  } catch (error) {
    throw error instanceof NotJson ? new Rejection('HEADER') : error;
  }
}

const BANK_TYPES = ['GLYPH', 'SOUNDS', 'SCENE'];
const CODECS = ['NONE'];
/** L3: slots of each bank type. */
const SLOTS = 16;
const I32_MIN = -(2 ** 31);
const I32_MAX = 2 ** 31 - 1;

/** T1. Members that the format does not have are passed over. */
function readEntry(node: JsonNode): Entry {
  const entry = membersOf(node);
  const metadata = entry.get('metadata');
  need(metadata?.kind === 'object', 'HEADER');
  return {
    asset_id: integerOf(entry.get('asset_id'), I32_MIN, I32_MAX),
    asset_name: stringOf(entry.get('asset_name')),
    bank_type: oneOf(BANK_TYPES, entry.get('bank_type')),
    codec: oneOf(CODECS, entry.get('codec')),
    offset: integerOf(entry.get('offset'), 0, Number.MAX_SAFE_INTEGER),
    size: integerOf(entry.get('size'), 0, Number.MAX_SAFE_INTEGER),
    decoded_size: integerOf(entry.get('decoded_size'), 0, Number.MAX_SAFE_INTEGER),
    metadata: freeValueOf(metadata),
  };
}

/** L1. */
function readPreloadEntry(node: JsonNode): PreloadEntry {
  const entry = membersOf(node);
  return {
    asset_id: integerOf(entry.get('asset_id'), I32_MIN, I32_MAX),
    slot: integerOf(entry.get('slot'), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  };
}

/** The members of an object in which no name may stand twice (H5). */
function membersOf(node: JsonNode | undefined): Map<string, JsonNode> {
  need(node?.kind === 'object', 'HEADER');
  const members = new Map(freeMembersOf(node));
  need(members.size === node.members.length, 'HEADER');
  return members;
}

/** H3: a name has no lone surrogate. */
function freeMembersOf(node: JsonObject): [string, JsonNode][] {
  return node.members.map(({ name, value }) => {
    need(name.isWellFormed(), 'HEADER');
    return [name, value];
  });
}

function itemsOf(node: JsonNode | undefined): JsonNode[] {
  need(node?.kind === 'array', 'HEADER');
  return node.items;
}

/** H3: a string has no lone surrogate. */
function stringOf(node: JsonNode | undefined): string {
  need(node?.kind === 'string' && node.value.isWellFormed(), 'HEADER');
  return node.value;
}

function oneOf(allowed: readonly string[], node: JsonNode | undefined): string {
  const value = stringOf(node);
  need(allowed.includes(value), 'HEADER');
  return value;
}

/** H4: an integer literal; `1.0`, `1e3` and `-0` are none. */
function integerOf(node: JsonNode | undefined, min: number, max: number): number {
  need(node?.kind === 'number' && /^(0|-?[1-9][0-9]*)$/.test(node.text), 'HEADER');
  const value = BigInt(node.text);
  need(value >= min && value <= max, 'HEADER');
  return Number(value);
}

/** A value of `metadata`, as it is; its meaning is the bank's. */
function freeValueOf(node: JsonNode): Value {
  if (node.kind === 'array') return node.items.map(freeValueOf);
  if (node.kind === 'number') return Number(node.text);
  if (node.kind === 'string') return stringOf(node);
  if (node.kind === 'literal') return node.value;
  // Makes a plain member of every name, `__proto__` too (H2).
  return Object.fromEntries(freeMembersOf(node).map(([name, value]) => [name, freeValueOf(value)]));
}

/** T1: each id once. E3: each slice within the payload region, an empty one too. */
function checkTable(table: readonly Entry[], regionSize: number): void {
  need(new Set(table.map(({ asset_id }) => asset_id)).size === table.length, 'TABLE');
  for (const { offset, size } of table) need(offset <= regionSize && size <= regionSize - offset, 'TABLE');
}

/** L2, L3, L4: known assets, in slots of their bank type that nobody else has. */
function checkPreload(preload: readonly PreloadEntry[], table: readonly Entry[]): void {
  const bankTypes = new Map(table.map(({ asset_id, bank_type }) => [asset_id, bank_type]));
  const taken = new Set<string>();
  for (const { asset_id, slot } of preload) {
    const bankType = bankTypes.get(asset_id);
    need(bankType !== undefined, 'PRELOAD');
    need(slot >= 0 && slot < SLOTS, 'PRELOAD');
    need(!taken.has(`${bankType} ${slot}`), 'PRELOAD');
    taken.add(`${bankType} ${slot}`);
  }
}
