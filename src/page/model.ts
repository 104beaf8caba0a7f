/** The model of a page, made from what it carries. */
import type { ShownSide } from '../report/page-data.js';
import { pairRows, statuses } from './diff-model.js';
import type { Loaded } from './load.js';
import type { Asset, Model, Row, Side } from './rows.js';

/** Puts the model together. */
export function modelOf({ sides: shown, diff }: Loaded): Model {
  const sides = shown.map(
    (side, at): Side => ({
      ...side,
      at,
      letter: shown.length === 1 ? '' : ('AB'[at] as string),
      assets: assetsOf(side),
    }),
  );
  const found = diff === undefined ? undefined : statuses(diff);
  const rows = pairRows(sides.map(({ assets }) => assets)).map((assets, at) => rowOf(assets, at, found));
  const rowsByIndex = sides.map((_, side) => indexed(rows, (row) => row.assets[side]?.index));
  const partsByIndex = sides.map(({ artifact }) => indexed(artifact.parts, ({ index }) => index));
  return {
    sides,
    rows,
    ...(diff && { diff }),
    rowOf: (side, { index = -1 }) => rowsByIndex[side]?.[index],
    partOf: (side, { assets }) => partsByIndex[side]?.[assets[side]?.index ?? -1],
  };
}

function assetsOf({ artifact: { header, prelude, fileSize } }: ShownSide): Asset[] {
  if (header === undefined) return [];
  const slots = new Map(header.preload.flatMap((entry) => (entry === undefined ? [] : [[entry.assetId, entry.slot]])));
  const region = Number(prelude?.payloadOffset);
  const assets: Asset[] = [];
  for (const [index, entry] of header.assetTable.entries()) {
    if (entry === undefined) continue;
    const start = region + entry.offset;
    const isInside = start + entry.size <= fileSize;
    assets.push({ index, entry, start: isInside ? start : undefined, slot: slots.get(entry.assetId) });
  }
  return assets;
}

type Pair = readonly (Asset | undefined)[];

function rowOf(assets: Pair, at: number, found: ReturnType<typeof statuses> | undefined): Row {
  const { entry } = (assets[1] ?? assets[0]) as Asset;
  const { assetId: id, assetName: name, bankType: bank, size } = entry;
  return { at, id, name, bank, size, assets, ...found?.(id, assets) };
}

function indexed<T>(list: readonly T[], indexOf: (item: T) => number | undefined): T[] {
  const byIndex: T[] = [];
  for (const item of list) {
    const index = indexOf(item);
    if (index !== undefined) byIndex[index] = item;
  }
  return byIndex;
}
