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
import { writeList } from './canonical.js';
import { CanonicalReader, NotCanonical } from './canonical-reader.js';
import type { CanonicalWriter, FixedMember } from './canonical-writer.js';
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
import type { Steps } from './steps.js';

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

/** Writes the asset table (C1). */
export function writeAssetTable(to: CanonicalWriter, entries: Iterable<AssetEntry>): Steps<void> {
  return writeEntries(to, entries, '/asset_table', writeEntry);
}

/** Writes the preload list (C2). */
export function writePreload(to: CanonicalWriter, entries: Iterable<PreloadEntry>): Steps<void> {
  return writeEntries(to, entries, '/preload', writePreloadEntry);
}

/** A fault in an entry carries the entry's pointer. */
function writeEntries<T>(
  to: CanonicalWriter,
  entries: Iterable<T>,
  at: string,
  write: (to: CanonicalWriter, entry: T) => void,
): Steps<void> {
  return writeList(to, entries, (entry, i) => {
    try {
      write(to, entry);
    } catch (error) {
      if (!(error instanceof AssetsPaError)) throw error;
      const named = error.diagnostics.map((each) => ({ ...each, where: { pointer: `${at}/${i}` } }));
      throw new AssetsPaError(named, { cause: error });
    }
  });
}

/** Writes a header (H1). */
export function* writeHeader(to: CanonicalWriter, { assetTable, preload }: HeaderEntries): Steps<void> {
  to.ascii('{"asset_table":');
  yield* writeAssetTable(to, assetTable);
  to.ascii(',"preload":');
  yield* writePreload(to, preload);
  to.ascii('}');
}

const encoder = new TextEncoder();
const INTEGERS = ['asset_id', 'decoded_size', 'offset', 'size', 'slot'];

/** @param constants JSON texts of members that are always the same: those become part of what stands before the next member. */
function fixedMembers(names: readonly string[], constants: { readonly [name: string]: string } = {}): FixedMember[] {
  const members: FixedMember[] = [];
  let before = '{';
  for (const name of names) {
    const constant = constants[name];
    before += `"${name}":`;
    if (constant !== undefined) before += `${constant},`;
    else {
      members.push({ before: encoder.encode(before), isInteger: INTEGERS.includes(name) });
      before = ',';
    }
  }
  return members;
}

const ENTRY = fixedMembers(ENTRY_MEMBERS);
const PRELOAD_ENTRY = fixedMembers(PRELOAD_MEMBERS);

/** By bank type: entries whose payload is stored as it is, which is most of them. */
const STORED_ENTRIES: ReadonlyMap<string, readonly FixedMember[]> = new Map(
  BANK_TYPES.map((bank) => [bank, fixedMembers(ENTRY_MEMBERS, { bank_type: `"${bank}"`, codec: '"NONE"' })]),
);

function writeEntry(to: CanonicalWriter, entry: AssetEntry): void {
  const { assetId, assetName, bankType, codec, decodedSize, metadata, offset, size } = entry;
  const stored = codec === 'NONE' ? STORED_ENTRIES.get(bankType) : undefined;
  if (stored !== undefined) to.members(stored, [assetId, assetName, decodedSize, metadata, offset, size]);
  else to.members(ENTRY, [assetId, assetName, bankType, codec, decodedSize, metadata, offset, size]);
}

function writePreloadEntry(to: CanonicalWriter, { assetId, slot }: PreloadEntry): void {
  to.members(PRELOAD_ENTRY, [assetId, slot]);
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
  const assetTable = text.list(ENTRY_DEPTH, (value, i) => readEntry(shape, value, i), writeEntry);
  text.expect(',"preload":');
  const preload = text.list(PRELOAD_DEPTH, (value, i) => readPreload(shape, value, i), writePreloadEntry);
  text.expect('}');
  text.end();
  if (report.total > 0) throw new NotCanonical();
  return { assetTable, preload };
}

function readEntry(shape: ShapeReader, value: unknown, index: number): AssetEntry | undefined {
  shape.enter('/asset_table', index);
  const object = shape.object(value, ENTRY_MEMBERS, 'T1');
  if (object === undefined) return undefined;
  const assetId = shape.integer(object['asset_id'], '/asset_id');
  const assetName = shape.string(object['asset_name'], '/asset_name');
  const bankType = shape.string(object['bank_type'], '/bank_type');
  const codec = shape.string(object['codec'], '/codec');
  const decodedSize = shape.size(object['decoded_size'], '/decoded_size');
  const metadata = shape.freeObject(object['metadata'], '/metadata');
  const offset = shape.size(object['offset'], '/offset');
  const size = shape.size(object['size'], '/size');
  const report = shape.reportOf(assetId);
  if (assetId !== undefined) checkAssetId(assetId, report);
  if (assetName !== undefined) checkAssetName(assetName, report);
  if (bankType !== undefined) checkBankType(bankType, report);
  if (codec !== undefined) checkCodec(codec, report);
  if (metadata !== undefined) checkMetadataRoot(metadata, false, report);
  const entry = { assetId, assetName, bankType, codec, decodedSize, metadata, offset, size };
  return isComplete(entry) ? (entry as AssetEntry) : undefined;
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
