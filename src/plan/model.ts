/** The plan inside the program: what the front ends produce, what the checker hands on. */
import type { BankSizes } from '../codec/bank-rules.js';
import type { BankType, Codec, JsonObject, PreloadEntry } from '../format.js';
import type { InlinePayload } from './payload-source.js';

/** A plan that a program builds: the document's structure in TypeScript's spelling. */
export interface PlanInput {
  /** Version of the plan format. */
  readonly schemaVersion: 1;
  readonly layout?: {
    /** 1 (packed, the default) or a power of two up to 65,536 (T5). */
    readonly alignment?: number | undefined;
  };
  /** Any order; may be empty. */
  readonly assets: readonly AssetInput[];
}

/** One asset of a {@link PlanInput}. Exactly one of `file`, `inline` and `stream` is the payload. */
export interface AssetInput {
  /** 0 .. 2^31 - 1, unique (T1). */
  readonly assetId: number;
  /** A label: 1 .. 4,096 bytes of UTF-8, no control characters. */
  readonly assetName: string;
  readonly bankType: BankType;
  /** Defaults to `NONE`. */
  readonly codec?: Codec | undefined;
  /** Bytes when resident. Defaults to what the bank's rule gives, else to the payload's size. */
  readonly decodedSize?: number | bigint | undefined;
  /** Becomes the root of the entry's metadata (M1). */
  readonly metadata?: JsonObject | undefined;
  /** Becomes `metadata.codec`, also when empty (M1). */
  readonly codecConfiguration?: JsonObject | undefined;
  /** Goes to the tooling companion only (M2). */
  readonly pipeline?: JsonObject | undefined;
  /** A path relative to the plan's folder, with `/` (W8). */
  readonly file?: string | undefined;
  /** The payload itself; read, not copied: it must not change before the pack ends. */
  readonly inline?: Uint8Array | undefined;
  /** A readable stream or any async iterable of bytes; consumed once, and destroyed when the pack fails. */
  readonly stream?: AsyncIterable<Uint8Array> | undefined;
  /** The expected size in bytes (W3). A stream without it is spooled to disk first (W9). */
  readonly size?: number | bigint | undefined;
  /** The expected content: `sha256:` and 64 hex digits, or `xxh64:` and 16 (W3). */
  readonly digest?: string | undefined;
  /** Absent: not preloaded. `{}` asks for the lowest slot that nobody names (L6). */
  readonly preload?: { readonly slot?: number | undefined } | undefined;
}

/** Where a payload comes from. */
export type Payload =
  | { readonly kind: 'file'; readonly path: string }
  | InlinePayload
  | { readonly kind: 'stream'; readonly stream: AsyncIterable<Uint8Array> };

/** An asset as the plan states it, checked on its own. */
export interface PlannedAsset {
  /** Place in the plan, for pointers. */
  readonly index: number;
  /** Spellings that differ from the schema's names, for pointers. */
  readonly spellings: ReadonlyMap<string, string> | undefined;
  readonly assetId: number;
  readonly assetName: string;
  readonly bankType: BankType;
  readonly codec: Codec;
  /** Root of the entry's metadata (M1). */
  readonly metadata: JsonObject;
  readonly payload: Payload;
  readonly extras: AssetExtras;
}

/** What most assets have nothing of; those share one object. */
export interface AssetExtras {
  /** As the plan states it. */
  readonly decodedSize?: number | undefined;
  /** What the bank's rule gives (B1). */
  readonly bankSizes?: BankSizes | undefined;
  /** Becomes the entry's `metadata.codec` (M1). */
  readonly codecConfiguration?: JsonObject | undefined;
  readonly pipeline?: JsonObject | undefined;
  /** As the plan states it. */
  readonly size?: number | undefined;
  readonly digest?: string | undefined;
  readonly preload?: { readonly slot: number | undefined } | undefined;
}

/** Members of an asset that can be told of any. */
type Certain = 'index' | 'spellings' | 'extras';

/** An asset in which some members may be missing or wrong; those are undefined and already reported. */
export type DraftAsset = Pick<PlannedAsset, Certain> & {
  readonly [K in Exclude<keyof PlannedAsset, Certain>]: PlannedAsset[K] | undefined;
};

/** A plan as far as it could be read. */
export interface DraftPlan {
  readonly alignment: number | undefined;
  /** In the plan's order. */
  readonly assets: readonly DraftAsset[];
  /** Slots assigned, by increasing `assetId` (L5, L6). */
  readonly preload: readonly PreloadEntry[];
}

/** Assets by increasing id: the list itself, when they stand in that order. */
export function byId<T extends { readonly assetId: number }>(assets: readonly T[]): readonly T[] {
  const isSorted = assets.every(({ assetId }, i) => i === 0 || (assets[i - 1] as T).assetId <= assetId);
  return isSorted ? assets : assets.toSorted((a, b) => a.assetId - b.assetId);
}

/** JSON pointer of an asset's member in the plan, as the plan spells it. */
export function planPointer(asset: Pick<DraftAsset, 'index' | 'spellings'>, member = ''): string {
  if (member === '') return `/assets/${asset.index}`;
  const [, name, rest] = /^([^/]+)(.*)$/s.exec(member) as unknown as [string, string, string];
  return `/assets/${asset.index}/${asset.spellings?.get(name) ?? name}${rest}`;
}
