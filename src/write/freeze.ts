/** The last decision before the first byte: entries, offsets, header (T2-T5, L5). */
import { headerChunks } from '../codec/header.js';
import { checkPayloadSize, type Layout, layoutOf, payloadOffsets } from '../codec/layout.js';
import { isPause, runSteps, type Steps } from '../codec/steps.js';
import type { AssetEntry, Header } from '../format.js';
import type { DraftPlan, PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/sources.js';

/** A plan with everything decided. */
export interface FrozenPlan {
  /** Its entries stand in table order (T2, T4). */
  readonly header: Header;
  readonly layout: Layout;
  /** In table order. */
  readonly assets: readonly PlannedAsset[];
  /** In table order. */
  readonly sources: readonly Source[];
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
  const assets = (draft.assets as readonly PlannedAsset[]).toSorted((a, b) => a.assetId - b.assetId);
  yield;
  const sorted = assets.map(({ index }) => sources[index] as Source);
  const sizes = sorted.map(({ size }) => size as number);
  const offsets = payloadOffsets(sizes, alignment);
  const payloadSize = (offsets.at(-1) ?? 0) + (sizes.at(-1) ?? 0);
  checkPayloadSize(payloadSize);
  const assetTable: AssetEntry[] = [];
  for (const [i, asset] of assets.entries()) {
    if (isPause(i)) yield;
    assetTable.push(entryOf(asset, offsets[i] as number, sizes[i] as number));
  }
  const header = { assetTable, preload: draft.preload };
  // Measured here and encoded again when it is written: a header of a million entries is not kept beside them.
  let headerLen = 0;
  for (const chunk of headerChunks(header)) {
    yield;
    headerLen += chunk.length;
  }
  const layout = layoutOf(headerLen, payloadSize, alignment);
  return { header, layout, assets, sources: sorted, size: layout.payloadOffset + layout.payloadSize };
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
