/** What stands between an authoring type and its payload: one encoder for each pair of `type` and `output.format`. */
import type { DiagnosticParts, ErrorCode } from '../errors.js';
import type { BankType, JsonObject } from '../format.js';

/** A line of `build.tiles`. */
export interface GlyphTile {
  /** One tile: the whole image, or the cell `column`, `row` of a sheet. */
  readonly index?: number;
  /** All cells of a sheet, row by row, from this index on. */
  readonly firstIndex?: number;
  /** A path of the role `tiles`. */
  readonly input: string;
  readonly column?: number;
  readonly row?: number;
}

/** A line of `build.palettes`. */
export interface GlyphPalette {
  readonly index: number;
  /** 16 colours, `#rrggbb`; empty where `input` names an image. */
  readonly colors: readonly string[];
  /** A path of the role `palettes`: an indexed PNG. */
  readonly input?: string;
}

/** `build` of a glyph bank's declaration: members have the right kind, values are not judged. */
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
  /** `output.decoded_size`, in bytes. */
  readonly decodedSize: number | undefined;
  /** The bytes of an input as they were frozen. */
  read(path: string): Promise<Uint8Array>;
  /**
   * Receives everything that is wrong; `where.pointer` is relative to `asset.json`. Blocking when the code's kind is not
   * `warning`.
   */
  readonly report: (code: ErrorCode, parts: DiagnosticParts) => void;
}

/** A bank as the plan takes it. */
export interface EncodedBank {
  /** The payload's bytes; `{ path }` when it is exactly one input file. */
  readonly payload: Uint8Array | { readonly path: string };
  /** Bytes when resident. */
  readonly decodedSize: number;
  readonly metadata: JsonObject;
}

/** Turns the inputs of one authoring type and format into a payload. */
export interface BankEncoder {
  readonly type: 'glyph_bank' | 'sound_bank' | 'scene_bank';
  readonly format: string;
  readonly bankType: BankType;
  /** Changes whenever the same inputs give other bytes; part of the cache's key. */
  readonly version: number;
  /** @returns undefined when something blocking was reported */
  encode(request: EncodeRequest): Promise<EncodedBank | undefined>;
}
