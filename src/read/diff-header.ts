/** What two headers say differently: entries matched by id, members compared by value. Pure. */
import type { ReadHeader } from '../codec/header-v1.js';
import { isPlainObject } from '../codec/json-tree.js';
import { pointerToken } from '../errors.js';
import type { AssetEntry, PreloadEntry } from '../format.js';

/** A member with its values; a side that does not have it has none. */
export interface MemberDifference {
  /** Name as the header spells it. */
  readonly name: string;
  readonly a?: unknown;
  readonly b?: unknown;
}

/** An asset that both headers have. */
export interface EntryPair {
  readonly a: AssetEntry;
  readonly b: AssetEntry;
  /** Index in the asset table of `a`. */
  readonly indexA: number;
  /** Index in the asset table of `b`. */
  readonly indexB: number;
  /** Members whose values differ; `offset` among them. */
  readonly members: readonly MemberDifference[];
}

/** A preload entry with another slot. */
export interface SlotChange {
  readonly assetId: number;
  readonly a: number;
  readonly b: number;
}

/** What two headers say differently. */
export interface HeaderDifference {
  /** Entries that only `b` has. */
  readonly added: readonly AssetEntry[];
  /** Entries that only `a` has. */
  readonly removed: readonly AssetEntry[];
  /** Entries that both have, changed or not, in the order of `a`. */
  readonly pairs: readonly EntryPair[];
  readonly preload: {
    readonly added: readonly PreloadEntry[];
    readonly removed: readonly PreloadEntry[];
    readonly changed: readonly SlotChange[];
  };
}

/** Compares two headers, as far as they could be read. */
export function diffHeaders(a: ReadHeader, b: ReadHeader): HeaderDifference {
  const entries = match(a.assetTable, b.assetTable);
  const preload = match(a.preload, b.preload);
  return {
    added: entries.added,
    removed: entries.removed,
    pairs: entries.pairs.map((pair) => ({ ...pair, members: memberDifferences(pair.a, pair.b) })),
    preload: {
      added: preload.added,
      removed: preload.removed,
      changed: preload.pairs
        .filter((pair) => pair.a.slot !== pair.b.slot)
        .map((pair) => ({ assetId: pair.a.assetId, a: pair.a.slot, b: pair.b.slot })),
    },
  };
}

interface Match<T> {
  readonly added: T[];
  readonly removed: T[];
  readonly pairs: { a: T; b: T; indexA: number; indexB: number }[];
}

/** Matches by id; of an id that stands several times in a broken table, the first with the first, and so on. */
function match<T extends { readonly assetId: number }>(
  listA: readonly (T | undefined)[],
  listB: readonly (T | undefined)[],
): Match<T> {
  /** Indices in `b` that wait for a partner, the last first. */
  const waiting = new Map<number, number[]>();
  for (let index = listB.length - 1; index >= 0; index -= 1) {
    const id = listB[index]?.assetId;
    if (id === undefined) continue;
    const indices = waiting.get(id);
    if (indices === undefined) waiting.set(id, [index]);
    else indices.push(index);
  }
  const result: Match<T> = { added: [], removed: [], pairs: [] };
  for (const [indexA, a] of listA.entries()) {
    if (a === undefined) continue;
    const indexB = waiting.get(a.assetId)?.pop();
    if (indexB === undefined) result.removed.push(a);
    else result.pairs.push({ a, b: listB[indexB] as T, indexA, indexB });
  }
  const added = [...waiting.values()].flat().sort((x, y) => x - y);
  return { ...result, added: added.map((index) => listB[index] as T) };
}

const MEMBERS = [
  ['asset_name', 'assetName'],
  ['bank_type', 'bankType'],
  ['codec', 'codec'],
  ['decoded_size', 'decodedSize'],
  ['offset', 'offset'],
  ['size', 'size'],
] as const;

function memberDifferences(a: AssetEntry, b: AssetEntry): MemberDifference[] {
  const found: MemberDifference[] = MEMBERS.filter(([, property]) => a[property] !== b[property]).map(
    ([name, property]) => ({ name, a: a[property], b: b[property] }),
  );
  if (!isSameValue(a.metadata, b.metadata)) found.push({ name: 'metadata', a: a.metadata, b: b.metadata });
  return found;
}

/** Whether two values of a header are equal; the order of members does not count. Nesting is bounded by the header's own (H6). */
function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  const memberOf = (of: object, name: string) => (of as { [name: string]: unknown })[name];
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameValue(memberOf(a, name), memberOf(b, name)))
  );
}

/** Where two values of a free object differ: one difference for each innermost value, with its JSON pointer. */
export function* valueDifferences(a: unknown, b: unknown, pointer = ''): Generator<MemberDifference, void, undefined> {
  if (isSameValue(a, b)) return;
  if (!isPlainObject(a) || !isPlainObject(b)) {
    yield { name: pointer, ...(a !== undefined && { a }), ...(b !== undefined && { b }) };
    return;
  }
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [a, b].map((each) => (Object.hasOwn(each, name) ? each[name] : undefined));
    yield* valueDifferences(left, right, pointer + pointerToken(name));
  }
}
