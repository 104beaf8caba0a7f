/**
 * The byte format of `assets.pa` v1 as data: the prelude table, the enumerations, the limits.
 * Everything else in the project derives from this file. Clause ids (E1, T5, ...) are those of `docs/format.md`.
 */

/** One row of the prelude's byte table (E1). Rows stand in byte order and leave no gap. */
export interface PreludeField {
  /** File offset of the first byte. */
  readonly at: number;
  /** Width in bytes: 4 or 8, always unsigned little-endian. */
  readonly width: 4 | 8;
  /** Name as published. */
  readonly name: string;
  /** The same name as a TypeScript property of `Prelude`. */
  readonly property: string;
  /** The clause that fixes the field's value. */
  readonly clause: string;
  /** What a v1 writer emits. */
  readonly emits: string;
}

/** E1: the prelude, field by field. */
export const PRELUDE_FIELDS = [
  { at: 0, width: 4, name: 'magic', property: 'magic', clause: 'E1', emits: '`41 53 50 41` (`ASPA`)' },
  { at: 4, width: 4, name: 'schema_version', property: 'schemaVersion', clause: 'V2', emits: '1' },
  { at: 8, width: 4, name: 'header_len', property: 'headerLen', clause: 'E7', emits: 'byte length of the header' },
  {
    at: 12,
    width: 8,
    name: 'payload_offset',
    property: 'payloadOffset',
    clause: 'E5',
    emits: 'file offset of the payload region',
  },
  { at: 20, width: 4, name: 'flags', property: 'flags', clause: 'E4', emits: '0' },
  { at: 24, width: 4, name: 'reserved', property: 'reserved', clause: 'E4', emits: '0' },
  { at: 28, width: 4, name: 'header_checksum', property: 'headerChecksum', clause: 'E1', emits: '0' },
] as const satisfies readonly PreludeField[];

/** File offset of a prelude field. */
export function preludeAt(property: (typeof PRELUDE_FIELDS)[number]['property']): number {
  return (PRELUDE_FIELDS.find((field) => field.property === property) as PreludeField).at;
}

/** E2: length of the prelude in bytes. */
export const PRELUDE_SIZE = 32;

/** E1: the bytes `ASPA` read as a little-endian u32. */
export const MAGIC = 0x41_50_53_41;

/** The envelope version that this writer emits (V1). */
export const ENVELOPE_VERSION = 1;

/** E7: `{"asset_table":[],"preload":[]}` is the shortest header. */
export const HEADER_LEN_MIN = 31;

/** E7: what one V8 string holds (2^29 - 24 UTF-16 units), with room. */
export const HEADER_LEN_MAX = 512_000_000;

/** E7, H4: the largest integer that every reader handles exactly. */
export const INTEGER_MAX = Number.MAX_SAFE_INTEGER;

/** T5: `n` is 1 (packed) or a power of two up to this. */
export const ALIGNMENT_MAX = 65_536;

/** T1: asset ids are 0 .. 2^31 - 1. */
export const ASSET_ID_MAX = 2 ** 31 - 1;

/** T1: longest asset name, in bytes of UTF-8. */
export const ASSET_NAME_MAX_BYTES = 4_096;

/** H6: `metadata` is level 0; a container at this level is still legal. */
export const DEPTH_MAX = 32;

/** L3: slots per bank type. */
export const SLOTS_PER_BANK = 16;

/** T1: the bank types, in the order in which reports list them. */
export const BANK_TYPES = ['GLYPH', 'SOUNDS', 'SCENE'] as const;
/** T1: a bank type as it stands in the header. */
export type BankType = (typeof BANK_TYPES)[number];

/** T1: the codecs. */
export const CODECS = ['NONE'] as const;
/** T1: a codec as it stands in the header. */
export type Codec = (typeof CODECS)[number];

/** Names that older texts used. They are errors; a hint names the replacement. */
export const RETIRED_NAMES: ReadonlyMap<string, string> = new Map([
  ['TILES', 'GLYPH'],
  ['SOUND', 'SOUNDS'],
  ['RAW', 'NONE'],
]);

/** H1: members of the header, in canonical order. */
export const HEADER_MEMBERS = ['asset_table', 'preload'] as const;

/** T1: members of an asset table entry, in canonical order. */
export const ENTRY_MEMBERS = [
  'asset_id',
  'asset_name',
  'bank_type',
  'codec',
  'decoded_size',
  'metadata',
  'offset',
  'size',
] as const;

/** L1: members of a preload entry, in canonical order. */
export const PRELOAD_MEMBERS = ['asset_id', 'slot'] as const;

/** C1-C3: the file names of an output directory. `assets.pa` is the commit point (W4). */
export const OUTPUT_NAMES = {
  artifact: 'assets.pa',
  assetTable: 'asset_table.json',
  preload: 'preload.json',
  metadata: 'asset_table_metadata.json',
} as const;

/** C3: the version of the metadata companion. */
export const METADATA_VERSION = 1;

/** A value of the canonical form (M4): no floats, only integers within +-(2^53 - 1). */
export type JsonValue = null | boolean | string | number | bigint | readonly JsonValue[] | JsonObject;

/** A free object: `metadata`, `codec_configuration`, `pipeline`. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** T1: one entry of the asset table. */
export interface AssetEntry {
  /** 0 .. 2^31 - 1, unique, stable. */
  readonly assetId: number;
  /** A label, 1 .. 4,096 bytes of UTF-8, no control characters. */
  readonly assetName: string;
  readonly bankType: BankType;
  readonly codec: Codec;
  /** Bytes when resident; not necessarily `size`. */
  readonly decodedSize: number;
  /** The one sink of runtime-visible metadata (M1). */
  readonly metadata: JsonObject;
  /** Bytes from the start of the payload region (E3). */
  readonly offset: number;
  /** Bytes of the payload as stored. */
  readonly size: number;
}

/** L1: one entry of the preload list. */
export interface PreloadEntry {
  /** An id of the asset table (L2). */
  readonly assetId: number;
  /** 0 .. 15 within the asset's bank type (L3). */
  readonly slot: number;
}

/** H1: the header's two members. */
export interface Header {
  /** By increasing `assetId` (T2). */
  readonly assetTable: readonly AssetEntry[];
  /** By increasing `assetId` (L5). */
  readonly preload: readonly PreloadEntry[];
}

/** Diagnostics listed in one run; the rest are counted. */
export const DIAGNOSTICS_MAX = 1_000;
