/** The preload rules (L2-L5), shared by plans and decoded headers. */
import { type DiagnosticParts, type ErrorCode, Phrase } from '../errors.js';
import { SLOTS_PER_BANK } from '../format.js';

/** Receives a fault of the `index`-th claim. */
export type ReportClaim = (code: ErrorCode, index: number, parts: DiagnosticParts) => void;

/** L3: a slot number. */
export function isSlot(slot: number): boolean {
  return slot >= 0 && slot < SLOTS_PER_BANK;
}

/** L3: the diagnostic for a slot number out of range. */
export function slotRange(slot: number): DiagnosticParts {
  return { what: 'no such preload slot', expected: new Phrase(`0 to ${SLOTS_PER_BANK - 1}`), actual: slot };
}

/** One asset's claim to one slot of its bank. */
export interface SlotClaim {
  readonly assetId: number;
  readonly bankType: string;
  /** Undefined: the claim is not judged (out of range). */
  readonly slot: number | undefined;
}

/** The slots of every bank type and who holds them. */
export class SlotTable {
  readonly #holders = new Map<string, number>();

  /** Takes a slot; returns the asset that held it before, when one did. */
  claim(bankType: string, slot: number, assetId: number): number | undefined {
    const key = `${bankType}/${slot}`;
    const holder = this.#holders.get(key);
    if (holder === undefined) this.#holders.set(key, assetId);
    return holder;
  }

  /** The lowest slot of a bank that nobody holds. */
  lowestFree(bankType: string): number | undefined {
    for (let slot = 0; slot < SLOTS_PER_BANK; slot += 1) {
      if (!this.#holders.has(`${bankType}/${slot}`)) return slot;
    }
    return undefined;
  }
}

/** L4: the diagnostic for a slot that `holder` claimed first. */
function slotTaken({ bankType, slot, assetId }: SlotClaim, holder: number): DiagnosticParts {
  return {
    what: `slot ${slot} of ${bankType} is already taken by asset ${holder}`,
    asset_id: assetId,
    details: { holder, bank_type: bankType, slot },
    hint: 'name another slot, or ask for any with an empty preload object in the plan',
  };
}

/**
 * L4: a pair (bank type, slot) appears once. Later claims in `asset_id` order are at fault; of two claims with one id the later
 * in the list.
 *
 * @returns The slots taken.
 */
export function checkSlots(claims: readonly SlotClaim[], report: ReportClaim): SlotTable {
  const slots = new SlotTable();
  const order = claims
    .map((_, i) => i)
    .sort((a, b) => (claims[a] as SlotClaim).assetId - (claims[b] as SlotClaim).assetId);
  for (const i of order) {
    const claim = claims[i] as SlotClaim;
    if (claim.slot === undefined) continue;
    const holder = slots.claim(claim.bankType, claim.slot, claim.assetId);
    if (holder !== undefined) report('PRELOAD_SLOT_TAKEN', i, slotTaken(claim, holder));
  }
  return slots;
}
