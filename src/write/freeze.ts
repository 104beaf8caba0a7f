/** The last decision before the first byte: entries, offsets, header (T2-T5, L5). */
import { headerChunks } from '../codec/header.js';
import { checkPayloadSize, type Layout, layoutOf, payloadOffsets } from '../codec/layout.js';
import { isPause, runSteps, type Steps } from '../codec/steps.js';
import type { AssetEntry, Header } from '../format.js';
import type { DraftPlan, PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/sources.js';

/** An asset with everything decided. */
export interface FrozenAsset {
  readonly asset: PlannedAsset;
  readonly entry: AssetEntry;
  readonly source: Source;
}

/** A plan with everything decided. */
export interface FrozenPlan {
  readonly header: Header;
  readonly layout: Layout;
  /** In table order (T2, T4). */
  readonly assets: readonly FrozenAsset[];
  /** Exact size of the artifact, in bytes. */
  readonly size: number;
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
  const planned = (draft.assets as readonly PlannedAsset[]).toSorted((a, b) => a.assetId - b.assetId);
  yield;
  const sizes = planned.map(({ index }) => sources[index]?.size as number);
  const offsets = payloadOffsets(sizes, alignment);
  const payloadSize = (offsets.at(-1) ?? 0) + (sizes.at(-1) ?? 0);
  checkPayloadSize(payloadSize);
  const assets: FrozenAsset[] = [];
  for (const [i, asset] of planned.entries()) {
    if (isPause(i)) yield;
    const entry = entryOf(asset, offsets[i] as number, sizes[i] as number);
    assets.push({ asset, entry, source: sources[asset.index] as Source });
  }
  const header = { assetTable: assets.map(({ entry }) => entry), preload: draft.preload };
  // Measured here and encoded again when it is written: a header of a million entries is not kept beside them.
  let headerLen = 0;
  for (const chunk of headerChunks(header)) {
    yield;
    headerLen += chunk.length;
  }
  const layout = layoutOf(headerLen, payloadSize, alignment);
  return { header, layout, assets, size: layout.payloadOffset + layout.payloadSize };
}

function entryOf(asset: PlannedAsset, offset: number, size: number): AssetEntry {
  const { assetId, assetName, bankType, codec, metadata, codecConfiguration, decodedSize, bankSizes } = asset;
  return {
    assetId,
    assetName,
    bankType,
    codec,
    decodedSize: decodedSize ?? bankSizes?.decodedSize ?? size,
    // M1
    metadata: codecConfiguration === undefined ? metadata : { ...metadata, codec: codecConfiguration },
    offset,
    size,
  };
}
