/**
 * Header version 1: eight members an entry, written out in canonical order (H1, T1, L1). `schema/` holds the same types as
 * protobuf messages; a test compares names and kinds.
 */
import {
  AssetsPaError,
  type DiagnosticParts,
  type Diagnostics,
  type ErrorCode,
  Phrase,
  pointerToken,
} from '../errors.js';
import {
  type AssetEntry,
  BANK_TYPES,
  ENTRY_MEMBERS,
  HEADER_MEMBERS,
  type Header,
  type JsonObject,
  PRELOAD_MEMBERS,
  type PreloadEntry,
} from '../format.js';
import { canonicalInteger, canonicalString, canonicalText } from './canonical.js';
import { checkAssetId, checkAssetName, checkBankType, checkCodec, checkMetadataRoot } from './entry-rules.js';
import { INVALID, isPlainObject, jsonTypeName, NOT_A_NUMBER } from './json-tree.js';
import { isSlot, slotRange } from './preload-rules.js';

/** A header as far as it could be read: entries of a wrong shape are undefined, the others keep their index. */
export interface ReadHeader {
  readonly assetTable: readonly (AssetEntry | undefined)[];
  readonly preload: readonly (PreloadEntry | undefined)[];
}

/** A piece ends after the entry that reaches this length: handing it on costs nothing then, and it holds one large entry at most. */
const PIECE_UNITS = 8_192;

/** The canonical text of the asset table (C1), in pieces of some entries. */
export function assetTablePieces(entries: readonly AssetEntry[]): Generator<string, void, undefined> {
  return listPieces(entries, '/asset_table', entryText);
}

/** The canonical text of the preload list (C2). */
export function preloadPieces(entries: readonly PreloadEntry[]): Generator<string, void, undefined> {
  return listPieces(entries, '/preload', preloadText);
}

/** A fault in an entry carries the entry's pointer. */
function* listPieces<T>(
  entries: readonly T[],
  at: string,
  textOf: (entry: T) => string,
): Generator<string, void, undefined> {
  let piece = '[';
  for (let i = 0; i < entries.length; i += 1) {
    try {
      piece += (i === 0 ? '' : ',') + textOf(entries[i] as T);
    } catch (error) {
      if (!(error instanceof AssetsPaError)) throw error;
      const named = error.diagnostics.map((each) => ({ ...each, where: { pointer: `${at}/${i}` } }));
      throw new AssetsPaError(named, { cause: error });
    }
    if (piece.length < PIECE_UNITS) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]`;
}

/** The canonical text of a header (H1). */
export function* headerPieces({ assetTable, preload }: Header): Generator<string, void, undefined> {
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
  const reader = new ShapeReader(report);
  const root = reader.object(value, '', HEADER_MEMBERS, 'H1');
  const list = (name: (typeof HEADER_MEMBERS)[number]) => reader.array(root?.[name], `/${name}`);
  return {
    assetTable: list('asset_table').map((entry, i) => readEntry(reader, entry, `/asset_table/${i}`)),
    preload: list('preload').map((entry, i) => readPreload(reader, entry, `/preload/${i}`)),
  };
}

function readEntry(reader: ShapeReader, value: unknown, at: string): AssetEntry | undefined {
  const object = reader.object(value, at, ENTRY_MEMBERS, 'T1');
  if (object === undefined) return undefined;
  const { asset_id, asset_name, bank_type, codec, decoded_size, metadata, offset, size } = object;
  const entry = {
    assetId: reader.integer(asset_id, at, '/asset_id'),
    assetName: reader.string(asset_name, at, '/asset_name'),
    bankType: reader.string(bank_type, at, '/bank_type') as AssetEntry['bankType'] | undefined,
    codec: reader.string(codec, at, '/codec') as AssetEntry['codec'] | undefined,
    decodedSize: reader.size(decoded_size, at, '/decoded_size'),
    metadata: reader.freeObject(metadata, at, '/metadata'),
    offset: reader.size(offset, at, '/offset'),
    size: reader.size(size, at, '/size'),
  };
  const report = (code: ErrorCode, member: string, parts: DiagnosticParts) =>
    reader.report(code, at + member, { ...(entry.assetId !== undefined && { asset_id: entry.assetId }), ...parts });
  if (entry.assetId !== undefined) checkAssetId(entry.assetId, report);
  if (entry.assetName !== undefined) checkAssetName(entry.assetName, report);
  if (entry.bankType !== undefined) checkBankType(entry.bankType, report);
  if (entry.codec !== undefined) checkCodec(entry.codec, report);
  if (entry.metadata !== undefined) checkMetadataRoot(entry.metadata, false, report);
  return isComplete(entry) ? entry : undefined;
}

function readPreload(reader: ShapeReader, value: unknown, at: string): PreloadEntry | undefined {
  const object = reader.object(value, at, PRELOAD_MEMBERS, 'L1');
  if (object === undefined) return undefined;
  const entry = {
    assetId: reader.integer(object['asset_id'], at, '/asset_id', 'L1'),
    slot: reader.integer(object['slot'], at, '/slot', 'L1'),
  };
  const { assetId, slot } = entry;
  if (assetId !== undefined) checkAssetId(assetId, (code, member, parts) => reader.report(code, at + member, parts));
  if (slot !== undefined && !isSlot(slot)) reader.report('PRELOAD_SLOT_RANGE', `${at}/slot`, slotRange(slot));
  return isComplete(entry) ? entry : undefined;
}

function isComplete<T extends object>(entry: T): entry is { [K in keyof T]: Exclude<T[K], undefined> } & T {
  for (const name in entry) if (entry[name] === undefined) return false;
  return true;
}

/** Reads typed members, each `member` below `at`; what has the wrong type is reported once and comes back undefined. */
class ShapeReader {
  readonly #report: Diagnostics;

  constructor(report: Diagnostics) {
    this.#report = report;
  }

  report(code: ErrorCode, pointer: string, parts: DiagnosticParts): void {
    this.#report.report(code, { ...parts, where: { pointer } });
  }

  object(
    value: unknown,
    at: string,
    members: readonly string[],
    clause: string,
  ): { readonly [name: string]: unknown } | undefined {
    if (!this.#is(isPlainObject(value), value, at, '', 'an object', clause)) return undefined;
    const object = value as { readonly [name: string]: unknown };
    const names = Object.keys(object);
    if (names.length === members.length && names.every((name, i) => name === members[i])) return object;
    for (const name of members) {
      if (Object.hasOwn(object, name)) continue;
      this.report('HEADER_SHAPE', at, {
        clause,
        what: 'a member is missing',
        expected: name,
        details: { missing_member: name },
      });
    }
    for (const name of names) {
      if (members.includes(name)) continue;
      this.report('HEADER_SHAPE', at + pointerToken(name), {
        clause,
        what: 'a member that the format does not have',
        actual: name,
        details: { unknown_member: name },
      });
    }
    return object;
  }

  array(value: unknown, at: string): readonly unknown[] {
    return this.#is(Array.isArray(value), value, at, '', 'an array', 'H1') ? (value as unknown[]) : [];
  }

  string(value: unknown, at: string, member: string): string | undefined {
    return this.#is(typeof value === 'string', value, at, member, 'a string', 'T1') ? (value as string) : undefined;
  }

  freeObject(value: unknown, at: string, member: string): JsonObject | undefined {
    return this.#is(isPlainObject(value), value, at, member, 'an object', 'T1') ? (value as JsonObject) : undefined;
  }

  integer(value: unknown, at: string, member: string, clause = 'T1'): number | undefined {
    return this.#is(typeof value === 'number', value, at, member, 'an integer', clause) ? (value as number) : undefined;
  }

  size(value: unknown, at: string, member: string): number | undefined {
    const size = this.integer(value, at, member);
    if (size === undefined || size >= 0) return size;
    this.report('HEADER_NUMBER', at + member, { what: NOT_A_NUMBER, expected: new Phrase('0 or more'), actual: size });
    return undefined;
  }

  /** Missing members and parts already reported are wrong without a further word. */
  #is(right: boolean, value: unknown, at: string, member: string, expected: string, clause: string): boolean {
    if (!right && value !== undefined && value !== INVALID) {
      this.report('HEADER_SHAPE', at + member, {
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
