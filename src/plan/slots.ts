/** L6: which preload slot each asset gets. */
import { checkSlots, type SlotClaim } from '../codec/preload-rules.js';
import { type Diagnostics, Phrase } from '../errors.js';
import { type PreloadEntry, SLOTS_PER_BANK } from '../format.js';
import { byId, type DraftAsset, planPointer } from './model.js';

/**
 * Assigns slots in `asset_id` order: named slots first, wherever they stand; then each asker the lowest that is left.
 *
 * @param report Receives `PRELOAD_SLOT_TAKEN`.
 * @returns The preload list, by increasing `assetId` (L5).
 */
export function assignSlots(assets: readonly DraftAsset[], report: Diagnostics): PreloadEntry[] {
  const claimants = byId(assets.filter(isClaimant));
  const claims: SlotClaim[] = claimants.map(({ assetId, bankType, extras }) => ({
    assetId,
    bankType,
    slot: extras.preload.slot,
  }));
  const at = (i: number) => {
    const asset = claimants[i] as Claimant;
    return { plan: planPointer(asset, asset.extras.preload.slot === undefined ? 'preload' : 'preload/slot') };
  };
  const slots = checkSlots(claims, (code, i, parts) => report.report(code, { ...parts, where: at(i) }));
  return claims.map(({ assetId, bankType, slot }, i) => {
    if (slot !== undefined) return { assetId, slot };
    const free = slots.lowestFree(bankType);
    if (free === undefined)
      report.report('PRELOAD_SLOT_TAKEN', { ...noSlotLeft(bankType), asset_id: assetId, where: at(i) });
    else slots.claim(bankType, free, assetId);
    return { assetId, slot: free ?? 0 };
  });
}

type Claimant = DraftAsset & {
  readonly assetId: number;
  readonly bankType: string;
  readonly extras: { readonly preload: { readonly slot: number | undefined } };
};

function isClaimant(asset: DraftAsset): asset is Claimant {
  return asset.assetId !== undefined && asset.bankType !== undefined && asset.extras.preload !== undefined;
}

function noSlotLeft(bankType: string): {
  what: string;
  expected: Phrase;
  details: Record<string, unknown>;
  hint: string;
} {
  return {
    what: `no preload slot of ${bankType} is left`,
    expected: new Phrase(`at most ${SLOTS_PER_BANK} preloaded assets of a bank type`),
    details: { bank_type: bankType },
    hint: 'preload fewer assets of this bank type',
  };
}
