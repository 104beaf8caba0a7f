/** Some of a file's bytes, each at its place: enough to explain the file to somebody who does not have it. */
import { PRELUDE_SIZE } from '../format.js';
import type { Part } from './parts.js';

/** A run of bytes of a file: `[start, end)`. */
export type Range = readonly [start: number, end: number];

/** Files with less than this in their payload region are kept whole. */
const WHOLE_MAX = 1_048_576;
/** Bytes of payload beginnings that are kept in all, and of each at least and at most. */
const HEADS_MAX = 2_097_152;
const HEAD_LEAST = 32;
const HEAD_MOST = 4_096;
/** Bytes kept on both sides of a place of interest. */
const AROUND = 64;

/**
 * What to keep of a file: prelude and header, the beginning of every other part, and what lies around some places.
 *
 * @param places File offsets of interest.
 */
export function excerptRanges(parts: readonly Part[], fileSize: number, places: readonly number[]): Range[] {
  const payloads = parts.filter(({ kind }) => kind !== 'prelude' && kind !== 'header');
  const regionSize = payloads.reduce((sum, { start, end }) => sum + end - start, 0);
  const head = Math.min(HEAD_MOST, Math.max(HEAD_LEAST, Math.floor(HEADS_MAX / Math.max(1, payloads.length))));
  const kept = regionSize <= WHOLE_MAX ? Number.POSITIVE_INFINITY : head;
  const ranges: Range[] = [
    [0, Math.min(PRELUDE_SIZE, fileSize)],
    ...parts.map(({ kind, start, end }): Range => [start, kind === 'header' ? end : Math.min(end, start + kept)]),
    ...places.map((place): Range => [Math.max(0, place - AROUND), Math.min(fileSize, place + AROUND)]),
  ];
  return merge(ranges);
}

/** Ascending, without overlaps; what touches is one. */
function merge(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else if (end > start) merged.push([start, end]);
  }
  return merged;
}

/** Ranges and their bytes. */
export class Excerpt {
  readonly #ranges: readonly Range[];
  readonly #bytes: Uint8Array;
  /** Where each range begins in the bytes. */
  readonly #starts: readonly number[];

  /** @param ranges As {@link excerptRanges} gives them. */
  constructor(ranges: readonly Range[], bytes: Uint8Array) {
    this.#ranges = ranges;
    this.#bytes = bytes;
    let at = 0;
    this.#starts = ranges.map(([start, end]) => {
      const before = at;
      at += end - start;
      return before;
    });
  }

  /** The bytes from `start` on, up to `end` or to the first that is not kept; empty when that is `start` itself. */
  slice(start: number, end: number): Uint8Array {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle] as Range)[1] <= start) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low];
    if (range === undefined || range[0] > start) return new Uint8Array();
    const from = (this.#starts[low] as number) + start - range[0];
    return this.#bytes.subarray(from, from + Math.min(end, range[1]) - start);
  }
}
