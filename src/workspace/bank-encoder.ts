/** What turns the inputs of an asset into the payload of a bank. */
import type { DiagnosticParts, ErrorCode } from '../errors.js';
import type { BankType, JsonObject } from '../format.js';

/** `type` of an `asset.json`. */
export const AUTHORING_TYPES = ['glyph_bank', 'sound_bank', 'scene_bank'] as const;
/** `type` of an `asset.json`. */
export type AuthoringType = (typeof AUTHORING_TYPES)[number];

/** A line of `build.tiles`. */
export interface GlyphTile {
  /** One tile: the whole image, or the cell `column`, `row` of a sheet. */
  readonly index?: number | undefined;
  /** All cells of a sheet, row by row, from this index on. */
  readonly firstIndex?: number | undefined;
  /** A path of the role `tiles`. */
  readonly input: string;
  readonly column?: number | undefined;
  readonly row?: number | undefined;
}

/** A line of `build.palettes`. */
export interface GlyphPalette {
  readonly index: number;
  /** 16 colours, `#rrggbb`; empty where `input` names an image. */
  readonly colors: readonly string[];
  /** A path of the role `palettes`: an indexed PNG. */
  readonly input?: string | undefined;
}

/** `build` of an `asset.json`: members have the right kind, values are not judged. */
export interface GlyphBuild {
  readonly tileSize: number;
  readonly tiles: readonly GlyphTile[];
  readonly palettes: readonly GlyphPalette[];
}

/** What an encoder is told. */
export interface EncodeRequest {
  /** `build` of the declaration. */
  readonly build: GlyphBuild | undefined;
  /** Role to paths relative to the asset root, as declared. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** `output.metadata`. */
  readonly metadata: JsonObject;
  /** `output.decoded_size`. */
  readonly decodedSize: number | undefined;
  /** The bytes of an input as they were frozen. */
  read(path: string): Promise<Uint8Array>;
  /** Receives everything that is wrong; `where.pointer` goes into `asset.json`. Only warnings leave the bank as it is. */
  readonly report: (code: ErrorCode, parts: DiagnosticParts) => void;
}

/** A bank as the plan takes it. */
export interface EncodedBank {
  /** The payload's bytes; `{ path }` when it is exactly one input file. */
  readonly payload: Uint8Array | { readonly path: string };
  /** Bytes when resident. */
  readonly decodedSize: number;
  /** Root of the entry's metadata. */
  readonly metadata: JsonObject;
}

/** Turns the inputs of one authoring type and format into a payload. */
export interface BankEncoder {
  readonly type: AuthoringType;
  readonly format: string;
  readonly bankType: BankType;
  /** Changes whenever the same inputs give other bytes; part of the cache's key. */
  readonly version: number;
  /** @returns Undefined when something blocking was reported. */
  encode(request: EncodeRequest): Promise<EncodedBank | undefined>;
}
