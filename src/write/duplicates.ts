/** T3: equal content is advisory. */
import type { Diagnostics } from '../errors.js';
import type { Digests } from '../host/digests.js';
import type { PlannedAsset } from '../plan/model.js';
import { blame } from '../plan/sources.js';
import type { WarningFacts } from './companions.js';

/** Warns of each payload that an asset with a lower id already has. */
export class DuplicateContent {
  readonly #report: Diagnostics;
  /** The lowest id of each content. */
  readonly #first = new Map<string, number>();
  /** Every warning, as the metadata companion keeps it. */
  readonly facts: WarningFacts[] = [];

  constructor(report: Diagnostics) {
    this.#report = report;
  }

  /** Takes the next asset in table order: by SHA-256, else by XXH64 and size; empty payloads are exempt. */
  note(index: number, asset: PlannedAsset, size: number, { sha256, xxh64 }: Digests): void {
    const content = sha256 ?? (xxh64 && `${xxh64}/${size}`);
    if (size === 0 || content === undefined) return;
    const first = this.#first.get(content);
    if (first === undefined) {
      this.#first.set(content, asset.assetId);
      return;
    }
    const pointer = `/asset_table/${index}`;
    const { where, ...rest } = blame(asset, asset.payload.kind);
    this.facts.push({ code: 'DUPLICATE_CONTENT', assetId: asset.assetId, pointer });
    this.#report.report('DUPLICATE_CONTENT', {
      what: `the same bytes as asset ${first}`,
      where: { ...where, pointer },
      ...rest,
      details: { first_asset_id: first, size },
    });
  }
}
