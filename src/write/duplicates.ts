/** T3: equal content is advisory. */
import { isPause, type Steps } from '../codec/steps.js';
import type { Diagnostics } from '../errors.js';
import type { AssetEntry } from '../format.js';
import type { DigestTable } from '../host/digests.js';
import type { PlannedAsset } from '../plan/model.js';
import { blame } from '../plan/sources.js';
import type { WarningFacts } from './companions.js';
import type { FrozenPlan } from './freeze.js';

/**
 * Warns of each payload that an asset with a lower id already has: by its digests and its size; empty payloads are exempt.
 *
 * @param contents The payloads' digests, in table order.
 * @returns Every warning, as the metadata companion keeps it.
 */
export function* duplicateSteps(
  { header, assets }: FrozenPlan,
  contents: DigestTable,
  report: Diagnostics,
): Steps<WarningFacts[]> {
  const facts: WarningFacts[] = [];
  const seen = new ContentIndex(header.assetTable, contents);
  for (const [index, { assetId, size }] of header.assetTable.entries()) {
    if (isPause(index)) yield;
    if (size === 0) continue;
    const first = seen.note(index);
    if (first === index) continue;
    const firstId = header.assetTable[first]?.assetId;
    const pointer = `/asset_table/${index}`;
    const asset = assets[index] as PlannedAsset;
    const { where, ...rest } = blame(asset, asset.payload.kind);
    facts.push({ code: 'DUPLICATE_CONTENT', assetId, pointer });
    report.report('DUPLICATE_CONTENT', {
      what: `the same bytes as asset ${firstId}`,
      where: { ...where, pointer },
      ...rest,
      details: { first_asset_id: firstId, size },
    });
  }
  return facts;
}

/** The first asset of each content: a hash table over indices, since a map of texts would take more memory than all else. */
class ContentIndex {
  readonly #table: readonly AssetEntry[];
  readonly #contents: DigestTable;
  /** One more than an asset's index; 0 is free. Never more than half full. */
  readonly #slots: Uint32Array;

  constructor(table: readonly AssetEntry[], contents: DigestTable) {
    this.#table = table;
    this.#contents = contents;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * table.length + 2)));
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
    return (this.#table[index] as AssetEntry).size;
  }
}
