/** Comparing two runs of bytes as they pass, without loading either. */
import type { ForwardReader } from '../host/forward-reader.js';

/** Gives the next bytes, as many as are at hand; empty at the end. What was given before need not stay as it was. */
export type NextBytes = () => Promise<Uint8Array>;

/** How two runs of bytes differ. */
export interface ByteDifference {
  /** The first byte that differs, from the beginning of both. */
  readonly first: number;
  /** How many differ; what only one of them has counts. */
  readonly count: number;
}

/** A run of bytes to be compared. */
export interface ByteRun {
  readonly size: number;
  readonly next: NextBytes;
}

/** `[start, end)` of a file. */
export function fileRun(reader: ForwardReader, start: number, end: number): ByteRun {
  let at = start;
  const next = async (): Promise<Uint8Array> => {
    if (at >= end) return NOTHING;
    const piece = await reader.piece(at, end);
    at += piece.length;
    return piece;
  };
  return { size: Math.max(0, end - start), next };
}

const NOTHING = new Uint8Array();

/**
 * Compares two runs of bytes.
 *
 * @param onBytes Called with the length of what was compared.
 * @returns undefined when they are equal.
 */
export async function compareRuns(
  a: ByteRun,
  b: ByteRun,
  onBytes: (length: number) => void,
): Promise<ByteDifference | undefined> {
  const common = Math.min(a.size, b.size);
  let first = -1;
  let count = 0;
  let left: Uint8Array = NOTHING;
  let right: Uint8Array = NOTHING;
  for (let at = 0; at < common; ) {
    if (left.length === 0) left = await a.next();
    if (right.length === 0) right = await b.next();
    const length = Math.min(left.length, right.length, common - at);
    if (length === 0) throw new Error(`a run of bytes ended at ${at} of ${common}`);
    const found = compareBytes(left.subarray(0, length), right.subarray(0, length));
    if (found !== undefined) {
      if (first < 0) first = at + found.first;
      count += found.count;
    }
    left = left.subarray(length);
    right = right.subarray(length);
    at += length;
    onBytes(length);
  }
  const rest = Math.abs(a.size - b.size);
  if (first < 0 && rest > 0) first = common;
  return first < 0 ? undefined : { first, count: count + rest };
}

/** Compares two byte strings of one length. */
function compareBytes(a: Uint8Array, b: Uint8Array): ByteDifference | undefined {
  if (Buffer.compare(a, b) === 0) return undefined;
  let first = -1;
  let count = 0;
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] === b[i]) continue;
    if (first < 0) first = i;
    count += 1;
  }
  return { first, count };
}
