/** T5, T6: where payloads lie, as a function of their sizes and the alignment. */
import { fault, Phrase } from '../errors.js';
import { ALIGNMENT_MAX, HEADER_LEN_MAX, INTEGER_MAX, PRELUDE_SIZE } from '../format.js';
import { isPause, runSteps, type Steps } from './steps.js';

/** Where everything lies in the file. */
export interface Layout {
  /** `n` of T5: 1 (packed) or a power of two up to 65,536. */
  readonly alignment: number;
  /** Bytes of the header. */
  readonly headerLen: number;
  /** File offset of the payload region. */
  readonly payloadOffset: number;
  /** Bytes of the payload region (E6). */
  readonly payloadSize: number;
}

/** Whether `n` is an alignment (T5). */
export function isAlignment(n: number): boolean {
  return Number.isInteger(n) && n >= 1 && n <= ALIGNMENT_MAX && (n & (n - 1)) === 0;
}

/** The alignments, ascending (T6). */
export const ALIGNMENTS: readonly number[] = Array.from(
  { length: Math.log2(ALIGNMENT_MAX) + 1 },
  (_, power) => 2 ** power,
);

/** The least multiple of `n` (a power of two) that is not below `value`; exact up to 2^53. */
export function alignUp(value: number, n: number): number {
  return Math.ceil(value / n) * n;
}

/** T5: each payload's offset within the region, in table order. Past 2^53 - 1 the numbers are no longer exact. */
export function payloadOffsets(sizes: Iterable<number>, alignment: number): number[] {
  return Array.from(runSteps(offsetSteps(Float64Array.from(sizes), alignment)));
}

/** {@link payloadOffsets}, in steps. */
export function* offsetSteps(sizes: Float64Array, alignment: number): Steps<Float64Array> {
  const offsets = new Float64Array(sizes.length);
  let end = 0;
  for (const [i, size] of sizes.entries()) {
    if (isPause(i)) yield;
    const offset = alignUp(end, alignment);
    offsets[i] = offset;
    end = offset + size;
  }
  return offsets;
}

/** T5: the file offset of the payload region. */
export function payloadOffset(headerLen: number, alignment: number): number {
  return alignUp(PRELUDE_SIZE + headerLen, alignment);
}

/**
 * E7: the longest header.
 *
 * @param limit In bytes. Defaults to 512,000,000.
 * @throws AssetsPaError `HEADER_TOO_LARGE`
 */
export function checkHeaderLength(headerLen: number, limit: number = HEADER_LEN_MAX): void {
  if (headerLen <= limit) return;
  throw fault('HEADER_TOO_LARGE', {
    what: 'the header passes the limit of the format',
    where: { pointer: '' },
    expected: new Phrase(`at most ${limit} bytes`),
    actual: headerLen,
    hint: 'split the plan into several containers, or shorten names and metadata',
  });
}

/**
 * E7: the longest payload region.
 *
 * @throws AssetsPaError `HEADER_TOO_LARGE`
 */
export function checkPayloadSize(payloadSize: number): void {
  if (payloadSize <= INTEGER_MAX) return;
  throw fault('HEADER_TOO_LARGE', {
    what: 'the payload region passes the largest offset of the format',
    where: { plan: '' },
    expected: new Phrase(`at most ${INTEGER_MAX} bytes`),
    actual: new Phrase(`about ${payloadSize}`),
  });
}

/**
 * The layout of a file whose last payload ends at `payloadSize`.
 *
 * @throws AssetsPaError `HEADER_TOO_LARGE` (E7)
 */
export function layoutOf(headerLen: number, payloadSize: number, alignment: number): Layout {
  checkHeaderLength(headerLen);
  return { alignment, headerLen, payloadOffset: payloadOffset(headerLen, alignment), payloadSize };
}

/** A file's layout as found, held against the one alignment that fits it best. */
export interface LayoutMatch {
  /** The alignment with the fewest faults; the smallest of equals (T6). */
  readonly alignment: number;
  readonly payloadOffset: number;
  /** What each offset has to be at that alignment. */
  readonly offsets: readonly number[];
}

/**
 * T6: finds the alignment that explains a file best.
 *
 * @param sizes Of the slices that may be judged, in table order.
 * @param offsets As found; NaN where an offset is not judged.
 */
export function matchLayout(
  headerLen: number,
  foundPayloadOffset: number | bigint,
  sizes: readonly number[],
  offsets: readonly number[],
): LayoutMatch {
  let best: LayoutMatch | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const alignment of ALIGNMENTS) {
    const legal = payloadOffsets(sizes, alignment);
    const start = payloadOffset(headerLen, alignment);
    let faults = start === foundPayloadOffset ? 0 : 1;
    for (let i = 0; i < legal.length; i += 1) {
      const found = offsets[i] as number;
      if (found !== legal[i] && !Number.isNaN(found)) faults += 1;
    }
    if (faults < fewest) {
      fewest = faults;
      best = { alignment, payloadOffset: start, offsets: legal };
    }
    if (faults === 0) break;
  }
  return best as LayoutMatch;
}
