/** The strict profile's rules for what the header says: its entries (T, M, B) and its preload list (L). */
import type { JsonNode, JsonObject } from './json.ts';
import { integerOf, judgeText, type Report, step } from './strict-text.ts';

/** T1: an entry whose members have the right types. */
export interface Entry {
  readonly pointer: string;
  readonly asset_id: number;
  readonly asset_name: string;
  readonly bank_type: string;
  readonly codec: string;
  readonly decoded_size: number;
  readonly metadata: JsonObject;
  readonly offset: number;
  readonly size: number;
}

/** L1: likewise. */
interface PreloadEntry {
  readonly pointer: string;
  readonly asset_id: number;
  readonly slot: number;
}

/** A header as far as it could be read: what is not well-typed is undefined. */
export interface Header {
  readonly entries: readonly (Entry | undefined)[];
  readonly preload: readonly (PreloadEntry | undefined)[];
}

/** Gate 6 without the spelling: numbers, strings, duplicates, shape, values. */
export function judgeHeader(root: JsonNode, report: Report): Header {
  judgeText(root, '', report);
  const types = new Types(report);
  const header = types.members(root, '', ['asset_table', 'preload']);
  const items = (name: string) => types.items(header?.get(name), step(name));
  return {
    entries: items('asset_table').map((node, i) => readEntry(types, node, `/asset_table/${i}`)),
    preload: items('preload').map((node, i) => readPreloadEntry(types, node, `/preload/${i}`)),
  };
}

const ENTRY_MEMBERS = ['asset_id', 'asset_name', 'bank_type', 'codec', 'decoded_size', 'metadata', 'offset', 'size'];

/** T1, M3 */
function readEntry(types: Types, node: JsonNode, pointer: string): Entry | undefined {
  const members = types.members(node, pointer, ENTRY_MEMBERS);
  const get = (name: string) => [members?.get(name), pointer + step(name)] as const;
  const metadata = types.object(...get('metadata'));
  if (metadata !== undefined && member(metadata, 'pipeline') !== undefined) {
    types.report('METADATA_COLLISION', `${pointer}/metadata/pipeline`);
  }
  return complete({
    pointer,
    asset_id: types.integer(...get('asset_id'), isAssetId, 'ASSET_ID_RANGE'),
    asset_name: types.string(...get('asset_name'), isAssetName, 'ASSET_NAME'),
    bank_type: types.string(...get('bank_type'), isBankType, 'BANK_TYPE_UNKNOWN'),
    codec: types.string(...get('codec'), (value) => value === 'NONE', 'CODEC_UNKNOWN'),
    decoded_size: types.size(...get('decoded_size')),
    metadata,
    offset: types.size(...get('offset')),
    size: types.size(...get('size')),
  });
}

/** L1, L3 */
function readPreloadEntry(types: Types, node: JsonNode, pointer: string): PreloadEntry | undefined {
  const members = types.members(node, pointer, ['asset_id', 'slot']);
  const get = (name: string) => [members?.get(name), pointer + step(name)] as const;
  return complete({
    pointer,
    asset_id: types.integer(...get('asset_id'), isAssetId, 'ASSET_ID_RANGE'),
    slot: types.integer(...get('slot'), isSlot, 'PRELOAD_SLOT_RANGE'),
  });
}

/** The object without `undefined` in its type, when it has none. */
function complete<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } | undefined {
  const isComplete = Object.values(object).every((value) => value !== undefined);
  return isComplete ? (object as { [K in keyof T]: Exclude<T[K], undefined> }) : undefined;
}

function isAssetId(value: number): boolean {
  return value >= 0 && value <= 2 ** 31 - 1;
}

/** T1: 1 to 4,096 bytes of UTF-8, nothing of category Cc. */
function isAssetName(value: string): boolean {
  return value !== '' && new TextEncoder().encode(value).length <= 4_096 && !/\p{Cc}/u.test(value);
}

function isBankType(value: string): boolean {
  return ['GLYPH', 'SOUNDS', 'SCENE'].includes(value);
}

function isSlot(value: number): boolean {
  return value >= 0 && value <= 15;
}

/** The first member of a name. */
function member(object: JsonObject, name: string): JsonNode | undefined {
  return object.members.find((each) => each.name === name)?.value;
}

/** Reads members by type. What is missing, or was reported as a bad number or string, is passed over in silence. */
class Types {
  readonly report: Report;

  constructor(report: Report) {
    this.report = report;
  }

  /** H1, T1, L1: exactly these members. */
  members(node: JsonNode, pointer: string, names: readonly string[]): Map<string, JsonNode> | undefined {
    const object = this.object(node, pointer);
    if (object === undefined) return undefined;
    const members = new Map(object.members.toReversed().map(({ name, value }) => [name, value]));
    for (const name of names) if (!members.has(name)) this.report('HEADER_SHAPE', pointer);
    for (const name of new Set(object.members.map((each) => each.name))) {
      // A name that is no text was reported as that.
      if (!names.includes(name) && name.isWellFormed()) this.report('HEADER_SHAPE', pointer + step(name));
    }
    return members;
  }

  items(node: JsonNode | undefined, pointer: string): readonly JsonNode[] {
    if (node?.kind === 'array') return node.items;
    this.#wrongType(node, pointer);
    return [];
  }

  object(node: JsonNode | undefined, pointer: string): JsonObject | undefined {
    if (node?.kind === 'object') return node;
    return this.#wrongType(node, pointer);
  }

  string(node: JsonNode | undefined, pointer: string, isRight: (value: string) => boolean, code: string) {
    if (node?.kind !== 'string' || !node.value.isWellFormed()) return this.#wrongType(node, pointer);
    if (!isRight(node.value)) this.report(code, pointer);
    return node.value;
  }

  integer(node: JsonNode | undefined, pointer: string, isRight: (value: number) => boolean, code: string) {
    const value = node?.kind === 'number' ? integerOf(node.text) : undefined;
    if (value === undefined) return this.#wrongType(node, pointer);
    if (!isRight(value)) this.report(code, pointer);
    return value;
  }

  /** H4, T1: an offset or a size; a negative one is none. */
  size(node: JsonNode | undefined, pointer: string): number | undefined {
    const value = this.integer(node, pointer, (found) => found >= 0, 'HEADER_NUMBER');
    return value === undefined || value < 0 ? undefined : value;
  }

  #wrongType(node: JsonNode | undefined, pointer: string): undefined {
    if (node === undefined || isBadScalar(node)) return;
    this.report('HEADER_SHAPE', pointer);
  }
}

/** Whether {@link judgeText} has reported this very value, and it holds nothing to go on with. */
function isBadScalar(node: JsonNode): boolean {
  if (node.kind === 'number') return integerOf(node.text) === undefined;
  return node.kind === 'string' && !node.value.isWellFormed();
}

/** Gate 7: what joins entries, over those that are well-typed. */
export function judgeTable({ entries, preload }: Header, report: Report): void {
  const read = entries.filter((entry) => entry !== undefined);
  const first = new Map<number, Entry>();
  for (const entry of read) {
    // T1
    if (first.has(entry.asset_id)) report('ASSET_ID_DUPLICATE', `${entry.pointer}/asset_id`);
    else first.set(entry.asset_id, entry);
    if (entry.bank_type === 'GLYPH' && entry.codec === 'NONE') judgeGlyphBank(entry, report);
  }
  judgeOrder(read, 'ASSET_ORDER', report); // T2
  // An entry that could not be read may be the one that is meant.
  const isWhole = read.length === entries.length;
  const listed = preload.filter((entry) => entry !== undefined);
  judgePreload(listed, first, isWhole, report);
  judgeOrder(listed, 'PRELOAD_ORDER', report); // L5
}

/** T2, L5: each id against the one before it. */
function judgeOrder(list: readonly { pointer: string; asset_id: number }[], code: string, report: Report): void {
  for (const [i, { pointer, asset_id }] of list.entries()) {
    const before = list[i - 1];
    if (before !== undefined && asset_id < before.asset_id) report(code, `${pointer}/asset_id`);
  }
}

/** B1 */
const PALETTE_BYTES = 64 * 16 * 2;

/** B1: metadata, member by member; sizes only when it is right. */
function judgeGlyphBank({ pointer, metadata, size, decoded_size }: Entry, report: Report): void {
  let isRight = true;
  const judge = (name: string, isLegalValue: (value: number) => boolean): number => {
    const node = member(metadata, name);
    const value = node?.kind === 'number' ? integerOf(node.text) : undefined;
    if (value !== undefined && isLegalValue(value)) return value;
    isRight = false;
    const at = `${pointer}/metadata`;
    if (node === undefined || !isBadScalar(node)) report('BANK_METADATA', node === undefined ? at : at + step(name));
    return Number.NaN;
  };
  const tileSize = judge('tile_size', (value) => [8, 16, 32].includes(value));
  const isSide = (value: number) => value > 0 && value % (tileSize || 1) === 0;
  const width = judge('width', isSide);
  const height = judge('height', isSide);
  judge('palette_count', (value) => value === 64);
  if (member(metadata, 'palette_authored') !== undefined) {
    judge('palette_authored', (value) => value >= 0 && value <= 64);
  }
  if (!isRight) return;
  const pixels = BigInt(width) * BigInt(height);
  if (pixels + BigInt(PALETTE_BYTES) > Number.MAX_SAFE_INTEGER) report('BANK_METADATA', `${pointer}/metadata/height`);
  else {
    if (size !== Math.ceil(Number(pixels) / 2) + PALETTE_BYTES) report('BANK_SIZE', `${pointer}/size`);
    if (decoded_size !== Number(pixels) + PALETTE_BYTES) report('BANK_SIZE', `${pointer}/decoded_size`);
  }
}

/** L2, L4 */
function judgePreload(
  preload: readonly PreloadEntry[],
  table: ReadonlyMap<number, Entry>,
  isWhole: boolean,
  report: Report,
): void {
  const seen = new Set<number>();
  const claims: (PreloadEntry & { readonly bank: string })[] = [];
  for (const each of preload) {
    const asset = table.get(each.asset_id);
    if (asset === undefined) {
      // What is no id at all was reported as that.
      if (isWhole && isAssetId(each.asset_id)) report('PRELOAD_UNKNOWN_ASSET', `${each.pointer}/asset_id`);
    } else if (seen.has(each.asset_id)) report('PRELOAD_ASSET_TWICE', `${each.pointer}/asset_id`);
    else if (isSlot(each.slot)) claims.push({ ...each, bank: asset.bank_type });
    seen.add(each.asset_id);
  }
  // Of two claims the one with the lower id is right, wherever it stands.
  const taken = new Set<string>();
  for (const { pointer, bank, slot } of claims.toSorted((a, b) => a.asset_id - b.asset_id)) {
    if (taken.has(`${bank} ${slot}`)) report('PRELOAD_SLOT_TAKEN', `${pointer}/slot`);
    taken.add(`${bank} ${slot}`);
  }
}
