/** Headers of any number of entries, as values. */
import type { AssetEntry, Header } from '../../src/format.ts';

/** The entry at an index. */
export function entryAt(i: number): AssetEntry {
  return {
    assetId: 2 * i,
    assetName: `levels/world-${i % 97}/asset ${i}`,
    bankType: i % 3 === 0 ? 'SOUNDS' : 'SCENE',
    codec: 'NONE',
    decodedSize: 4_000,
    metadata: i % 4 === 0 ? { sample_rate: 11_025, title: `Nº ${i}` } : {},
    offset: 3_000 * i,
    size: 3_000,
  };
}

/** A header of at least 46 entries. */
export function headerOf(entries: number): Header {
  const assetTable = Array.from({ length: entries }, (_, i) => entryAt(i));
  const preload = Array.from({ length: 16 }, (_, slot) => ({ assetId: 6 * slot, slot }));
  return { assetTable, preload };
}
