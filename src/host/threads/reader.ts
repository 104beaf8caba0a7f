/**
 * A thread that looks at payload files and reads them: blocking calls, one read a block, straight into shared memory. A small file costs five system
 * calls and no promise; nobody's event loop is held up. A block is hashed, and where there is an open file for the output written, by the thread that has read it: it
 * then never leaves the cache of one processor.
 */
import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { AssetsPaError, ioFault, systemCode } from '../../errors.js';
import { writeAllSync } from '../blocking-fs.js';
import { type Digester, digestFactories } from '../digests.js';
import { OPEN_SOURCE } from '../fs.js';
import { judgeUnchanged, openFault, wrongSize } from '../source-file.js';
import { BLOCK_SIZE, SharedBlocks } from './blocks.js';
import {
  FILE_KINDS,
  type FilePart,
  type FileToRead,
  type Filled,
  type FromReader,
  filesOf,
  pathsOf,
  type ReaderData,
  type ReadRun,
  ROW_LENGTH,
  type SystemFailure,
  type ToReader,
} from './reader-messages.js';

const port = parentPort as NonNullable<typeof parentPort>;
const { memory, blocks: own, hashesOutput } = workerData as ReaderData;
const shared = new SharedBlocks(memory);
const factoryOf = await digestFactories();
/** Digests of each file. */
let factory = factoryOf([]);

function post(message: FromReader): void {
  port.postMessage(message);
}

/** What stands in a block. */
interface Content {
  /** Bytes, from its beginning. */
  readonly length: number;
  /** Files that end in it. */
  readonly finished: number;
  /** The raw digests of those files, end to end; asked for when it is the block's turn to be hashed. */
  digests(): Uint8Array;
}

/** Reads whole files into a block; `onFile` is told the index of each before it is opened. */
function readFiles(run: ReadRun, block: Uint8Array, onFile: (index: number) => void): Content {
  const raw: Uint8Array[] = [];
  let length = 0;
  for (const file of filesOf(run)) {
    onFile(raw.length);
    const start = file.start - run.position;
    block.fill(0, length, start);
    length = start + file.size;
    raw.push(readFile(file, block, start));
  }
  return { length, finished: raw.length, digests: () => Buffer.concat(raw) };
}

/**
 * Reads a file that is not longer than a block. That it is the file that was found, and did not change since, is judged when its last byte was read, and
 * before any other failure.
 *
 * @returns Raw digests.
 */
function readFile(file: FileToRead, block: Uint8Array, start: number): Uint8Array {
  const descriptor = open(file);
  try {
    readRange({ descriptor, file }, { from: 0, to: file.size }, block, start);
    return factory.hash(block.subarray(start, start + file.size));
  } finally {
    closeSync(descriptor);
  }
}

/** A file that is longer than a block. */
interface LongFile {
  readonly number: number;
  readonly descriptor: number;
  /** Hashes what threads do not share: XXH64 is theirs together, all else one thread's. The order of digests puts XXH64 last. */
  readonly digester: Digester;
}

/** The one that is being read in parts. */
let long: LongFile | undefined;

/** Opens a file for its parts; whether it is the one that was found is judged at once, so as not to find out late. */
function openLong(part: FilePart, file: FileToRead): LongFile {
  closeLong();
  const descriptor = open(file);
  long = {
    number: part.file,
    descriptor,
    digester: factory.create(factory.algorithms.filter((each) => each !== 'xxh64')),
  };
  look(descriptor, file);
  return long;
}

function closeLong(): void {
  const descriptor = long?.descriptor;
  long = undefined;
  if (descriptor !== undefined) closeSync(descriptor);
}

/** Reads into a block what of a file, and of the padding before it, belongs there. */
function readPart(part: FilePart, file: FileToRead, position: number, block: Uint8Array): Content {
  const { descriptor, digester } = long?.number === part.file ? long : openLong(part, file);
  const start = Math.max(0, file.start - position);
  const length = Math.min(BLOCK_SIZE, file.start + file.size - position);
  block.fill(0, 0, start);
  const range = { from: position + start - file.start, to: position + length - file.start };
  readRange({ descriptor, file }, range, block, start);
  const piece = block.subarray(start, length);
  const sharesPayload = factory.algorithms.includes('xxh64');
  digester.update(piece);
  const isEnd = range.to === file.size;
  return {
    length,
    finished: isEnd ? 1 : 0,
    digests() {
      if (range.from === 0) shared.payload.begin();
      if (sharesPayload) shared.payload.update(piece);
      if (!isEnd) return NOTHING;
      return Buffer.concat([digester.raw(), sharesPayload ? shared.payload.raw() : NOTHING]);
    },
  };
}

const NOTHING = new Uint8Array();

/**
 * Reads bytes of a file. The read that ends the file also proves that it ends, for which it needs a byte of room.
 *
 * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_SIZE`, `SOURCE_READ`
 */
function readRange(
  { descriptor, file }: { readonly descriptor: number; readonly file: FileToRead },
  { from, to }: { readonly from: number; readonly to: number },
  block: Uint8Array,
  start: number,
): void {
  const isEnd = to === file.size;
  const wanted = to - from;
  const most = wanted + (isEnd ? 1 : 0);
  let count = 0;
  for (let isOver = false; !isOver; ) {
    const asked = most - count;
    const length = read(descriptor, block.subarray(start + count, start + most), from + count, file);
    count += length;
    isOver = length === 0 || count === most || (count === wanted && length < asked);
  }
  if (isEnd || count < wanted) look(descriptor, file);
  if (count !== wanted) throw wrongSize(file.size, from + count);
}

function open(file: FileToRead): number {
  try {
    return openSync(file.path, OPEN_SOURCE);
  } catch (error) {
    throw openFault(error, file);
  }
}

function look(descriptor: number, file: FileToRead): void {
  let stat: Stats;
  try {
    stat = fstatSync(descriptor);
  } catch (error) {
    throw readFault('looked at', error, file);
  }
  judgeUnchanged(stat, file);
}

function readFault(what: string, error: unknown, { name }: FileToRead): unknown {
  if (systemCode(error) === undefined) return error;
  return ioFault('SOURCE_READ', `the payload file cannot be ${what}`, name, error);
}

function read(descriptor: number, into: Uint8Array, position: number, file: FileToRead): number {
  try {
    return readSync(descriptor, into, 0, into.length, position);
  } catch (error) {
    look(descriptor, file);
    throw readFault('read', error, file);
  }
}

function lookAt(paths: readonly string[]): void {
  const rows = new Float64Array(ROW_LENGTH * paths.length);
  const failures: SystemFailure[] = [];
  for (const [i, path] of paths.entries()) {
    try {
      const stat = lstatSync(path);
      rows.set([FILE_KINDS.indexOf(kindOf(stat)), stat.dev, stat.ino, stat.size, stat.mtimeMs], ROW_LENGTH * i);
    } catch (error) {
      rows[ROW_LENGTH * i] = FILE_KINDS.indexOf('failure');
      failures.push(failureOf(error));
    }
  }
  post({ kind: 'looks', rows, failures });
}

function kindOf(stat: Stats): (typeof FILE_KINDS)[number] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'link' : 'other';
}

function failureOf(error: unknown): SystemFailure {
  return { message: (error as Error).message, code: systemCode(error) };
}

/** This thread's blocks; the one whose use was longest ago first. */
let order = own;

function takeBlock(): number {
  const index = shared.take(order);
  order = [...order.filter((each) => each !== index), index];
  return index;
}

function copyRun(run: ReadRun): void {
  const written = new Written();
  let current = 0;
  const onFile = (index: number): void => {
    current = index;
  };
  try {
    if (run.part === undefined) copyBlock(run, run.turn, written, (block) => readFiles(run, block, onFile));
    else copyPart(run, run.part, written);
    if (run.descriptor !== undefined) post(written.answer());
  } catch (error) {
    if (error instanceof AssetsPaError) {
      post({ kind: 'fault', index: current, diagnostics: error.diagnostics, cause: error.cause });
    } else if (error instanceof NotWritten) post({ kind: 'write failure', failure: failureOf(error.cause) });
    else throw error;
  }
}

/** Reads this thread's blocks of a file. */
function copyPart(run: ReadRun, part: FilePart, written: Written): void {
  const [file] = [...filesOf(run)] as [FileToRead];
  for (let i = part.thread; i < part.blocks; i += part.threads) {
    copyBlock(run, run.turn + i, written, (block) => readPart(part, file, run.position + i * BLOCK_SIZE, block));
  }
  if (run.position + part.blocks * BLOCK_SIZE >= file.start + file.size) closeLong();
}

/** Fills a block, hashes it and hands it on, the last two in the order of the output. */
function copyBlock(
  { descriptor }: ReadRun,
  turn: number,
  written: Written,
  fill: (block: Uint8Array) => Content,
): void {
  const index = takeBlock();
  // The read that ends a payload may find a byte more than fits.
  const { length, finished, digests } = fill(shared.block(index, 1));
  const bytes = shared.block(index).subarray(0, length);
  const raw = shared.inTurn('hash', turn, () => {
    if (hashesOutput) shared.output.update(bytes);
    return digests();
  });
  if (descriptor === undefined) {
    post({ kind: 'filled', index, length, finished, digests: raw });
    return;
  }
  shared.inTurn('write', turn, () => write(descriptor, bytes));
  shared.free(index);
  written.add(length, finished, raw);
}

/** The output could not be written. */
class NotWritten extends Error {}

function write(descriptor: number, bytes: Uint8Array): void {
  try {
    writeAllSync(descriptor, bytes);
  } catch (error) {
    throw new NotWritten('', { cause: error });
  }
}

/** What this thread has written of a run. */
class Written {
  #length = 0;
  #finished = 0;
  readonly #digests: Uint8Array[] = [];

  add(length: number, finished: number, digests: Uint8Array): void {
    this.#length += length;
    this.#finished += finished;
    this.#digests.push(digests);
  }

  answer(): Filled {
    const [length, finished] = [this.#length, this.#finished];
    return { kind: 'filled', index: undefined, length, finished, digests: Buffer.concat(this.#digests) };
  }
}

port.on('message', (told: ToReader) => {
  if (told.kind === 'look') lookAt(pathsOf(told));
  else if (told.kind === 'begin') factory = factoryOf(told.algorithms);
  else copyRun(told);
});
