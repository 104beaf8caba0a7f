/** T3: equal content is advisory. */
import { isPause, type Steps } from '../codec/steps.js';
import type { Diagnostics } from '../errors.js';
import type { DigestTable } from '../host/digests.js';
import { blame } from '../plan/sources.js';
import type { WarningFacts } from './companions.js';
import type { FrozenAsset } from './freeze.js';

/**
 * Warns of each payload that an asset with a lower id already has: by its digests and its size; empty payloads are exempt.
 *
 * @param assets In table order.
 * @param contents Their digests, in the same order.
 * @returns Every warning, as the metadata companion keeps it.
 */
export function* duplicateSteps(
  assets: readonly FrozenAsset[],
  contents: DigestTable,
  report: Diagnostics,
): Steps<WarningFacts[]> {
  const facts: WarningFacts[] = [];
  const seen = new ContentIndex(assets, contents);
  for (const [index, { asset, entry }] of assets.entries()) {
    if (isPause(index)) yield;
    if (entry.size === 0) continue;
    const first = seen.note(index);
    if (first === index) continue;
    const firstId = (assets[first] as FrozenAsset).asset.assetId;
    const pointer = `/asset_table/${index}`;
    const { where, ...rest } = blame(asset, asset.payload.kind);
    facts.push({ code: 'DUPLICATE_CONTENT', assetId: asset.assetId, pointer });
    report.report('DUPLICATE_CONTENT', {
      what: `the same bytes as asset ${firstId}`,
      where: { ...where, pointer },
      ...rest,
      details: { first_asset_id: firstId, size: entry.size },
    });
  }
  return facts;
}

/** The first asset of each content: a hash table over indices, since a map of texts would take more memory than all else. */
class ContentIndex {
  readonly #assets: readonly FrozenAsset[];
  readonly #contents: DigestTable;
  /** One more than an asset's index; 0 is free. Never more than half full. */
  readonly #slots: Uint32Array;

  constructor(assets: readonly FrozenAsset[], contents: DigestTable) {
    this.#assets = assets;
    this.#contents = contents;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * assets.length + 2)));
  }

  /** @returns The first asset with this content: the asset itself when there was none. */
  note(index: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#contents.hash(index) & mask; ; slot = (slot + 1) & mask) {
      const first = (this.#slots[slot] as number) - 1;
      if (first === -1) {
        this.#slots[slot] = index + 1;
        return index;
      }
      if (this.#sizeOf(first) === this.#sizeOf(index) && this.#contents.areEqual(first, index)) return first;
    }
  }

  #sizeOf(index: number): number {
    return (this.#assets[index] as FrozenAsset).entry.size;
  }
}
