/** Two asset tables as one, and how each asset fared. */
import type { ChangedEntry, DiffReport } from '../report/results.js';
import type { Asset, Status } from './rows.js';

/** What a status looks like beside its colour. */
export const STATUS_LETTERS: { readonly [status in Status]: string } = {
  same: '=',
  moved: 'M',
  changed: 'C',
  added: 'A',
  removed: 'R',
  'not compared': '?',
};

/** The statuses, in the order in which a page lists them. */
export const STATUSES = Object.keys(STATUS_LETTERS) as readonly Status[];

/** Tables side by side: the assets of one id are a pair. Ids of a broken table that come again are paired in order. */
export function pairRows([first = [], second]: readonly (readonly Asset[])[]): (Asset | undefined)[][] {
  if (second === undefined) return first.map((asset) => [asset]);
  const waiting = Map.groupBy(second, ({ entry }) => entry.assetId);
  const pairs = first.map((asset) => [asset, waiting.get(asset.entry.assetId)?.shift()]);
  const rest = [...waiting.values()].flat().map((asset) => [undefined, asset]);
  const idOf = ([a, b]: (Asset | undefined)[]) => (a ?? (b as Asset)).entry.assetId;
  return [...pairs, ...rest].sort((a, b) => idOf(a) - idOf(b));
}

/** Looks the status of a pair up in a report. */
export function statuses({
  entries,
}: DiffReport): (id: number, assets: readonly (Asset | undefined)[]) => { status: Status; change?: ChangedEntry } {
  const moved = new Set(entries.moved.map(({ asset_id }) => asset_id));
  const changed = new Map(entries.changed.map((each) => [each.asset_id, each]));
  const notCompared = new Set(entries.not_compared.map(({ asset_id }) => asset_id));
  return (id, [a, b]) => {
    if (a === undefined) return { status: 'added' };
    if (b === undefined) return { status: 'removed' };
    const change = changed.get(id);
    if (change !== undefined) return { status: 'changed', change };
    if (notCompared.has(id)) return { status: 'not compared' };
    return { status: moved.has(id) ? 'moved' : 'same' };
  };
}

/** How many assets have each status. */
export function countStatuses(rows: readonly { readonly status?: Status }[]): ReadonlyMap<Status, number> {
  const counts = new Map<Status, number>();
  for (const { status = 'same' } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
