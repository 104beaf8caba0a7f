/** T3: equal content is advisory. */
import { isPause, type Steps } from '../codec/steps.js';
import type { Diagnostics } from '../errors.js';
import type { DigestTable } from '../host/digests.js';
import { blame } from '../plan/sources.js';
import type { WarningFacts } from './companions.js';
import type { FrozenPlan, PlannedEntries } from './freeze.js';

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
  for (const [index, asset] of assets.entries()) {
    if (isPause(index)) yield;
    const size = header.assetTable.size(index);
    if (size === 0) continue;
    const first = seen.note(index);
    if (first === index) continue;
    const firstId = assets[first]?.assetId;
    const pointer = `/asset_table/${index}`;
    const { where, ...rest } = blame(asset, asset.payload.kind);
    facts.push({ code: 'DUPLICATE_CONTENT', assetId: asset.assetId, pointer });
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
  readonly #table: PlannedEntries;
  readonly #contents: DigestTable;
  /** One more than an asset's index; 0 is free. Never more than half full. */
  readonly #slots: Uint32Array;

  constructor(table: PlannedEntries, contents: DigestTable) {
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
      if (this.#table.size(first) === this.#table.size(index) && this.#contents.areEqual(first, index)) return first;
    }
  }
}
