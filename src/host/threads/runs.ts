/** How files are cut into what threads are told of at once. */
import { BLOCK_SIZE } from './blocks.js';

/** Some files that follow one another and, with the padding before each, fit into a block; or blocks of a file that does not. */
export interface Run {
  /** Where the output stands before it, in bytes. */
  readonly position: number;
  /** The first file, and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** How many blocks it takes; all are full but the last. */
  readonly blocks: number;
  /** Whether there is but one file, and not all of it. */
  readonly isPart: boolean;
}

/** Blocks of a file that are told of at once: what is left to tell is little, and the event loop is not kept busy with it. */
const PART_BLOCKS = 128;

/**
 * Cuts files into runs, as large as they can be.
 *
 * @param position Where the output stands, in bytes.
 * @param starts Where each file begins in it; less than a block behind the end of the one before.
 */
export function* runsOf(
  position: number,
  files: readonly { readonly size: number }[],
  starts: readonly number[],
): Generator<Run, undefined, undefined> {
  const endOf = (i: number) => (starts[i] as number) + (files[i]?.size as number);
  let at = position;
  for (let first = 0; first < files.length; ) {
    let end = first;
    while (end < files.length && endOf(end) - at <= BLOCK_SIZE) end += 1;
    if (end > first) yield { position: at, first, end, blocks: 1, isPart: false };
    else {
      end = first + 1;
      yield* partsOf(at, first, endOf(first));
    }
    at = endOf(end - 1);
    first = end;
  }
}

/** The padding before the file counts to its first part. */
function* partsOf(position: number, first: number, end: number): Generator<Run, void, undefined> {
  for (let at = position; at < end; at += PART_BLOCKS * BLOCK_SIZE) {
    const blocks = Math.min(PART_BLOCKS, Math.ceil((end - at) / BLOCK_SIZE));
    yield { position: at, first, end: first + 1, blocks, isPart: true };
  }
}
