/** Payload files by blocking calls: opened, read and judged as they are on every other way. */
import { fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { ioFault, systemCode } from '../../errors.js';
import { OPEN_SOURCE } from '../fs.js';
import { type FoundFile, judgeUnchanged, openFault, wrongSize } from '../source-file.js';

/** An open payload file. */
export interface OpenFound {
  readonly descriptor: number;
  readonly file: FoundFile;
}

/** @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_READ` */
export function open(file: FoundFile): OpenFound {
  try {
    return { descriptor: openSync(file.path, OPEN_SOURCE), file };
  } catch (error) {
    throw openFault(error, file);
  }
}

/**
 * Reads bytes of a file. The read that ends the file also proves that it ends, for which it needs a byte of room; whether it is the file that was found,
 * and did not change since, is judged then, and before any other failure.
 *
 * @param into With a byte of room where the range ends the file.
 * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_SIZE`, `SOURCE_READ`
 */
export function readRange(
  open: OpenFound,
  { from, to }: { readonly from: number; readonly to: number },
  into: Uint8Array,
): void {
  const { file } = open;
  const isEnd = to === file.size;
  const wanted = to - from;
  const most = wanted + (isEnd ? 1 : 0);
  let count = 0;
  for (let isOver = false; !isOver; ) {
    const asked = most - count;
    const length = read(open, into.subarray(count, most), from + count);
    count += length;
    isOver = length === 0 || count === most || (count === wanted && length < asked);
  }
  if (isEnd || count < wanted) look(open);
  if (count !== wanted) throw wrongSize(file.size, from + count);
}

/**
 * Judges whether a file is the one that was found.
 *
 * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_READ`
 */
export function look({ descriptor, file }: OpenFound): void {
  let stat: Stats;
  try {
    stat = fstatSync(descriptor);
  } catch (error) {
    throw readFault('looked at', error, file);
  }
  judgeUnchanged(stat, file);
}

function read(open: OpenFound, into: Uint8Array, position: number): number {
  try {
    return readSync(open.descriptor, into, 0, into.length, position);
  } catch (error) {
    look(open);
    throw readFault('read', error, open.file);
  }
}

function readFault(what: string, error: unknown, { name }: FoundFile): unknown {
  if (systemCode(error) === undefined) return error;
  return ioFault('SOURCE_READ', `the payload file cannot be ${what}`, name, error);
}
