/** The last decision before the first byte: entries, offsets, header (T2-T5, L5). */
import { measuredHeader } from '../codec/header.js';
import { checkPayloadSize, type Layout, layoutOf, offsetSteps } from '../codec/layout.js';
import { isPause, runSteps, type Steps } from '../codec/steps.js';
import type { AssetEntry, PreloadEntry } from '../format.js';
import { byId, type DraftPlan, type PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/payload-source.js';

/** The header of a {@link FrozenPlan}. */
export interface FrozenHeader {
  /** In table order (T2, T4). */
  readonly assetTable: PlannedEntries;
  readonly preload: readonly PreloadEntry[];
}

/** The entries that a plan gives: each is made when it is asked for, since a million of them would be the most of a pack's memory. */
export class PlannedEntries implements Iterable<AssetEntry> {
  readonly #assets: readonly PlannedAsset[];
  readonly #sizes: Float64Array;
  readonly #offsets: Float64Array;

  /** All in table order. */
  constructor(assets: readonly PlannedAsset[], sizes: Float64Array, offsets: Float64Array) {
    this.#assets = assets;
    this.#sizes = sizes;
    this.#offsets = offsets;
  }

  get length(): number {
    return this.#assets.length;
  }

  /** Bytes of a payload. */
  size(index: number): number {
    return this.#sizes[index] as number;
  }

  /** Where a payload begins, in bytes from the start of the payload region. */
  offset(index: number): number {
    return this.#offsets[index] as number;
  }

  at(index: number): AssetEntry {
    const asset = this.#assets[index] as PlannedAsset;
    const { assetId, assetName, bankType, codec, metadata, extras } = asset;
    const { codecConfiguration, decodedSize, bankSizes } = extras;
    const size = this.size(index);
    return {
      assetId,
      assetName,
      bankType,
      codec,
      decodedSize: decodedSize ?? bankSizes?.decodedSize ?? size,
      // M1
      metadata: codecConfiguration === undefined ? metadata : { ...metadata, codec: codecConfiguration },
      offset: this.offset(index),
      size,
    };
  }

  *[Symbol.iterator](): Generator<AssetEntry, void, undefined> {
    for (let i = 0; i < this.length; i += 1) yield this.at(i);
  }
}

/** A plan with everything decided. */
export interface FrozenPlan {
  readonly header: FrozenHeader;
  /** The header's bytes; absent when they are too many to be kept. */
  readonly headerBytes: readonly Uint8Array[] | undefined;
  readonly layout: Layout;
  /** In table order. */
  readonly assets: readonly PlannedAsset[];
  /** In table order. */
  readonly sources: readonly Source[];
  /** Exact size of the artifact, in bytes. */
  readonly size: number;
  /** Bytes of all payloads, without padding; and of those that any thread can read. */
  readonly payloadBytes: number;
  readonly fileBytes: number;
}

/**
 * Lays out a plan without faults.
 *
 * @param sources By the plan's index, all of known size.
 * @throws AssetsPaError `HEADER_TOO_LARGE` (E7)
 */
export function freeze(draft: DraftPlan, sources: readonly Source[], alignment: number): FrozenPlan {
  return runSteps(freezeSteps(draft, sources, alignment));
}

/** {@link freeze}, in steps. */
export function* freezeSteps(draft: DraftPlan, sources: readonly Source[], alignment: number): Steps<FrozenPlan> {
  const assets = byId(draft.assets as readonly PlannedAsset[]);
  const sorted = assets === draft.assets ? sources : assets.map(({ index }) => sources[index] as Source);
  // One array of the right length each: lists that grow leave as much again behind, and more.
  const sizes = new Float64Array(sorted.length);
  let [payloadBytes, fileBytes] = [0, 0];
  for (const [i, source] of sorted.entries()) {
    if (isPause(i)) yield;
    const size = source.size as number;
    sizes[i] = size;
    payloadBytes += size;
    if (source.located !== undefined) fileBytes += size;
  }
  const offsets = yield* offsetSteps(sizes, alignment);
  const payloadSize = (offsets.at(-1) ?? 0) + (sizes.at(-1) ?? 0);
  checkPayloadSize(payloadSize);
  const header = { assetTable: new PlannedEntries(assets, sizes, offsets), preload: draft.preload };
  // A long one is encoded again when it is written: a header of a million entries is not kept beside them.
  const { length: headerLen, chunks } = yield* measuredHeader(header);
  const layout = layoutOf(headerLen, payloadSize, alignment);
  const size = layout.payloadOffset + layout.payloadSize;
  return { header, headerBytes: chunks, layout, assets, sources: sorted, size, payloadBytes, fileBytes };
}
