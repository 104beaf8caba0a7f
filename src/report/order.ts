/** Choosing and ordering the rows of an asset table. */
import type { AssetObject } from './results.js';

/** What the table can be sorted by. */
export const SORT_KEYS = ['id', 'name', 'bank', 'offset', 'size', 'decoded', 'slot'] as const;
/** A column of the table. */
export type SortKey = (typeof SORT_KEYS)[number];

/** Whether an entry has a text in its name, or as its id or bank type; case does not count. */
export function matches({ asset_id: id, asset_name: name, bank_type: bank }: AssetObject, filter: string): boolean {
  const text = filter.toLowerCase();
  return String(id) === text || bank.toLowerCase() === text || name.toLowerCase().includes(text);
}

type Slots = ReadonlyMap<number, number>;
type Order = (slots: Slots) => (a: AssetObject, b: AssetObject) => number;

/** Names in code-unit order, as the header sorts; sizes the largest first. */
const ORDERS: { readonly [key in SortKey]: Order } = {
  id: () => (a, b) => a.asset_id - b.asset_id,
  name: () => (a, b) => compare(a.asset_name, b.asset_name),
  bank: () => (a, b) => compare(a.bank_type, b.bank_type),
  offset: () => (a, b) => a.offset - b.offset,
  size: () => (a, b) => b.size - a.size,
  decoded: () => (a, b) => b.decoded_size - a.decoded_size,
  slot: (slots) => (a, b) => slotOf(slots, a) - slotOf(slots, b),
};

/** Entries in another order; equal ones stay as they are. */
export function sorted(entries: readonly AssetObject[], key: SortKey, slots: Slots): AssetObject[] {
  return entries.toSorted(ORDERS[key](slots));
}

function slotOf(slots: Slots, { asset_id: id }: AssetObject): number {
  return slots.get(id) ?? Number.MAX_SAFE_INTEGER;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
