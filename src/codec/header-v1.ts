/**
 * Header version 1: eight members an entry, written out in canonical order (H1, T1, L1). `schema/` holds the same types as
 * protobuf messages; a test compares names and kinds.
 */
import { AssetsPaError, type DiagnosticParts, Diagnostics, type ErrorCode, Phrase, pointerToken } from '../errors.js';
import {
  type AssetEntry,
  BANK_TYPES,
  DEPTH_MAX,
  ENTRY_MEMBERS,
  HEADER_MEMBERS,
  type Header,
  type JsonObject,
  PRELOAD_MEMBERS,
  type PreloadEntry,
} from '../format.js';
import { canonicalInteger, canonicalString, canonicalText } from './canonical.js';
import { CanonicalReader, NotCanonical } from './canonical-reader.js';
import {
  checkAssetId,
  checkAssetName,
  checkBankType,
  checkCodec,
  checkMetadataRoot,
  type ReportAt,
} from './entry-rules.js';
import { INVALID, isPlainObject, jsonTypeName, NOT_A_NUMBER } from './json-tree.js';
import { isSlot, slotRange } from './preload-rules.js';

/** A header as far as it could be read: entries of a wrong shape are undefined, the others keep their index. */
export interface ReadHeader {
  readonly assetTable: readonly (AssetEntry | undefined)[];
  readonly preload: readonly (PreloadEntry | undefined)[];
}

/** A header as its encoder takes it: entries one after the other, wherever they come from. */
export interface HeaderEntries {
  readonly assetTable: Iterable<AssetEntry>;
  readonly preload: Iterable<PreloadEntry>;
}

/** A piece ends after the entry that reaches this length: handing it on costs nothing then, and it holds one large entry at most. */
const PIECE_UNITS = 8_192;

/** The canonical text of the asset table (C1), in pieces of some entries. */
export function assetTablePieces(entries: Iterable<AssetEntry>): Generator<string, void, undefined> {
  return listPieces(entries, '/asset_table', entryText);
}

/** The canonical text of the preload list (C2). */
export function preloadPieces(entries: Iterable<PreloadEntry>): Generator<string, void, undefined> {
  return listPieces(entries, '/preload', preloadText);
}

/** A fault in an entry carries the entry's pointer. */
function* listPieces<T>(
  entries: Iterable<T>,
  at: string,
  textOf: (entry: T) => string,
): Generator<string, void, undefined> {
  let piece = '[';
  let i = 0;
  for (const entry of entries) {
    try {
      piece += (i === 0 ? '' : ',') + textOf(entry);
    } catch (error) {
      if (!(error instanceof AssetsPaError)) throw error;
      const named = error.diagnostics.map((each) => ({ ...each, where: { pointer: `${at}/${i}` } }));
      throw new AssetsPaError(named, { cause: error });
    }
    i += 1;
    if (piece.length < PIECE_UNITS) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]`;
}

/** The canonical text of a header (H1). */
export function* headerPieces({ assetTable, preload }: HeaderEntries): Generator<string, void, undefined> {
  yield '{"asset_table":';
  yield* assetTablePieces(assetTable);
  yield ',"preload":';
  yield* preloadPieces(preload);
  yield '}';
}

function entryText(entry: AssetEntry): string {
  return (
    `{"asset_id":${canonicalInteger(entry.assetId)},"asset_name":${canonicalString(entry.assetName)}` +
    `${kindText(entry)}${canonicalInteger(entry.decodedSize)},"metadata":${canonicalText(entry.metadata)}` +
    `,"offset":${canonicalInteger(entry.offset)},"size":${canonicalInteger(entry.size)}}`
  );
}

/** What stands between an asset's name and its decoded size: bank types and codecs are few. */
function kindText({ bankType, codec }: AssetEntry): string {
  let text = codec === 'NONE' ? KIND_TEXTS.get(bankType) : undefined;
  text ??= `,"bank_type":${canonicalString(bankType)},"codec":${canonicalString(codec)},"decoded_size":`;
  return text;
}

const KIND_TEXTS: ReadonlyMap<string, string> = new Map(
  BANK_TYPES.map((bank) => [bank, `,"bank_type":"${bank}","codec":"NONE","decoded_size":`]),
);

function preloadText({ assetId, slot }: PreloadEntry): string {
  return `{"asset_id":${canonicalInteger(assetId)},"slot":${canonicalInteger(slot)}}`;
}

/**
 * Reads the header's members out of a parsed value and judges their shape and values (gate 6).
 *
 * @param value As `JSON.parse` or `readTree` gives it; INVALID parts were already reported.
 */
export function readHeaderValue(value: unknown, report: Diagnostics): ReadHeader {
  const shape = new ShapeReader(report);
  const root = shape.object(value, HEADER_MEMBERS, 'H1');
  const list = (name: (typeof HEADER_MEMBERS)[number]) => shape.array(root?.[name], `/${name}`);
  const [table, preload] = [list('asset_table'), list('preload')];
  return {
    assetTable: table.map((entry, i) => readEntry(shape, entry, i)),
    preload: preload.map((entry, i) => readPreload(shape, entry, i)),
  };
}

/** How deep an entry nests: itself, its metadata, and what is in there (H6). */
const ENTRY_DEPTH = 2 + DEPTH_MAX;
const PRELOAD_DEPTH = 1;

/**
 * Reads a header that is right in every byte.
 *
 * @throws Error of whatever kind: the bytes are not canonical, or a value is wrong
 */
export function readCanonicalHeader(bytes: Uint8Array): Header {
  const report = new Diagnostics();
  const shape = new ShapeReader(report);
  const text = new CanonicalReader(bytes);
  text.expect('{"asset_table":');
  const assetTable = text.list(ENTRY_DEPTH, (value, i) => readEntry(shape, value, i), entryText);
  text.expect(',"preload":');
  const preload = text.list(PRELOAD_DEPTH, (value, i) => readPreload(shape, value, i), preloadText);
  text.expect('}');
  text.end();
  if (report.total > 0) throw new NotCanonical();
  return { assetTable, preload };
}

function readEntry(shape: ShapeReader, value: unknown, index: number): AssetEntry | undefined {
  shape.enter('/asset_table', index);
  const object = shape.object(value, ENTRY_MEMBERS, 'T1');
  if (object === undefined) return undefined;
  const { asset_id, asset_name, bank_type, codec, decoded_size, metadata, offset, size } = object;
  const entry = {
    assetId: shape.integer(asset_id, '/asset_id'),
    assetName: shape.string(asset_name, '/asset_name'),
    bankType: shape.string(bank_type, '/bank_type') as AssetEntry['bankType'] | undefined,
    codec: shape.string(codec, '/codec') as AssetEntry['codec'] | undefined,
    decodedSize: shape.size(decoded_size, '/decoded_size'),
    metadata: shape.freeObject(metadata, '/metadata'),
    offset: shape.size(offset, '/offset'),
    size: shape.size(size, '/size'),
  };
  const report = shape.reportOf(entry.assetId);
  if (entry.assetId !== undefined) checkAssetId(entry.assetId, report);
  if (entry.assetName !== undefined) checkAssetName(entry.assetName, report);
  if (entry.bankType !== undefined) checkBankType(entry.bankType, report);
  if (entry.codec !== undefined) checkCodec(entry.codec, report);
  if (entry.metadata !== undefined) checkMetadataRoot(entry.metadata, false, report);
  return isComplete(entry) ? entry : undefined;
}

function readPreload(shape: ShapeReader, value: unknown, index: number): PreloadEntry | undefined {
  shape.enter('/preload', index);
  const object = shape.object(value, PRELOAD_MEMBERS, 'L1');
  if (object === undefined) return undefined;
  const entry = {
    assetId: shape.integer(object['asset_id'], '/asset_id', 'L1'),
    slot: shape.integer(object['slot'], '/slot', 'L1'),
  };
  const { assetId, slot } = entry;
  if (assetId !== undefined) checkAssetId(assetId, shape.reportOf(undefined));
  if (slot !== undefined && !isSlot(slot)) shape.report('PRELOAD_SLOT_RANGE', '/slot', slotRange(slot));
  return isComplete(entry) ? entry : undefined;
}

function isComplete<T extends object>(entry: T): entry is { [K in keyof T]: Exclude<T[K], undefined> } & T {
  for (const name in entry) if (entry[name] === undefined) return false;
  return true;
}

/** Whether an object has these members in this order, and no others. */
function hasExactly(object: object, members: readonly string[]): boolean {
  let count = 0;
  for (const name in object) {
    if (name !== members[count]) return false;
    count += 1;
  }
  return count === members.length;
}

/**
 * Reads typed members, each named by its pointer below the place that was entered; what has the wrong type is reported once and comes back
 * undefined. There is one reader a header, and nothing is made for an entry without faults.
 */
class ShapeReader {
  readonly #report: Diagnostics;
  /** The list and the item that was entered; before that, the header itself. */
  #list = '';
  #index = -1;
  #assetId: number | undefined;

  constructor(report: Diagnostics) {
    this.#report = report;
  }

  /** Goes to an item of a list. */
  enter(list: string, index: number): void {
    this.#list = list;
    this.#index = index;
  }

  /** Takes faults of the item, with the asset's id where it is known; for as long as the reader stays there. */
  reportOf(assetId: number | undefined): ReportAt {
    this.#assetId = assetId;
    return this.#reportAsset;
  }

  readonly #reportAsset: ReportAt = (code, member, parts) => {
    this.report(code, member, { ...(this.#assetId !== undefined && { asset_id: this.#assetId }), ...parts });
  };

  report(code: ErrorCode, member: string, parts: DiagnosticParts): void {
    const item = this.#index < 0 ? '' : `${this.#list}/${this.#index}`;
    this.#report.report(code, { ...parts, where: { pointer: item + member } });
  }

  object(value: unknown, members: readonly string[], clause: string): { readonly [name: string]: unknown } | undefined {
    if (!this.#is(isPlainObject(value), value, '', 'an object', clause)) return undefined;
    const object = value as { readonly [name: string]: unknown };
    if (hasExactly(object, members)) return object;
    for (const name of members) {
      if (Object.hasOwn(object, name)) continue;
      this.report('HEADER_SHAPE', '', {
        clause,
        what: 'a member is missing',
        expected: name,
        details: { missing_member: name },
      });
    }
    for (const name of Object.keys(object)) {
      if (members.includes(name)) continue;
      this.report('HEADER_SHAPE', pointerToken(name), {
        clause,
        what: 'a member that the format does not have',
        actual: name,
        details: { unknown_member: name },
      });
    }
    return object;
  }

  array(value: unknown, member: string): readonly unknown[] {
    return this.#is(Array.isArray(value), value, member, 'an array', 'H1') ? (value as unknown[]) : [];
  }

  string(value: unknown, member: string): string | undefined {
    return this.#is(typeof value === 'string', value, member, 'a string', 'T1') ? (value as string) : undefined;
  }

  freeObject(value: unknown, member: string): JsonObject | undefined {
    return this.#is(isPlainObject(value), value, member, 'an object', 'T1') ? (value as JsonObject) : undefined;
  }

  integer(value: unknown, member: string, clause = 'T1'): number | undefined {
    return this.#is(typeof value === 'number', value, member, 'an integer', clause) ? (value as number) : undefined;
  }

  size(value: unknown, member: string): number | undefined {
    const size = this.integer(value, member);
    if (size === undefined || size >= 0) return size;
    this.report('HEADER_NUMBER', member, { what: NOT_A_NUMBER, expected: new Phrase('0 or more'), actual: size });
    return undefined;
  }

  /** Missing members and parts already reported are wrong without a further word. */
  #is(right: boolean, value: unknown, member: string, expected: string, clause: string): boolean {
    if (!right && value !== undefined && value !== INVALID) {
      this.report('HEADER_SHAPE', member, {
        clause,
        what: 'a value of the wrong type',
        expected: new Phrase(expected),
        actual: new Phrase(jsonTypeName(value)),
        details: { expected_type: expected, actual_type: jsonTypeName(value) },
      });
    }
    return right;
  }
}
