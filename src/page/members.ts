/** The members of an asset, as a page shows them. */
import { printable } from '../errors.js';
import { groups, shortBytes, sliceText } from '../report/figures.js';
import { own, pairs } from './dom.js';
import type { Asset } from './rows.js';

/** Longer metadata is cut; the hex has it all. */
const TEXT_MAX = 20_000;

/** A member's value as text; objects in lines. */
export function memberText(value: unknown): string {
  if (typeof value === 'string') return value;
  const plain = (_: string, each: unknown) => (typeof each === 'bigint' ? String(each) : each);
  const text = JSON.stringify(value, plain, 2) ?? '';
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}\n... cut` : text;
}

/** All members but the metadata, the slice in the file, and the slot. */
export function assetMembers({ entry, start, slot }: Asset): HTMLElement {
  const { assetId, assetName, bankType, codec, offset, size, decodedSize } = entry;
  const escaped = printable(assetName);
  return pairs(
    ['asset_id', String(assetId)],
    ['asset_name', own(assetName)],
    // What could mislead the eye is spelled out too.
    ['spelled', escaped === assetName ? undefined : own(escaped)],
    ['bank_type', own(bankType)],
    ['codec', own(codec)],
    ['size', exactSize(size)],
    ['decoded_size', exactSize(decodedSize)],
    ['offset', groups(offset)],
    ['file bytes', sliceText(start, size)],
    ['slot', slot === undefined ? 'not preloaded' : String(slot)],
  );
}

function exactSize(bytes: number): string {
  return bytes < 1024 ? groups(bytes) : `${groups(bytes)} (${shortBytes(bytes)})`;
}
