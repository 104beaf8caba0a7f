/**
 * A thread that looks at payload files and reads them: blocking calls, one read a block, straight into shared memory. A small file costs five system
 * calls and no promise; nobody's event loop is held up. The output's digest is computed here as well, while another thread writes the block.
 */
import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { AssetsPaError, ioFault, systemCode } from '../../errors.js';
import { type Digester, type DigestFactory, digestFactory } from '../digests.js';
import { OPEN_SOURCE } from '../fs.js';
import { judgeUnchanged, openFault, wrongSize } from '../source-file.js';
import { BLOCK_SIZE, BlockRing } from './blocks.js';
import {
  FILE_KINDS,
  type FileToRead,
  type FromReader,
  filesOf,
  pathsOf,
  type ReaderData,
  type ReadRun,
  ROW_LENGTH,
  type ToReader,
} from './reader-messages.js';

const port = parentPort as NonNullable<typeof parentPort>;

/** The run was given up: nobody waits for the rest. */
class Stopped extends Error {}

/** Puts bytes into one block after the other and posts each as it is full. */
class BlockFiller {
  readonly #ring: BlockRing;
  readonly #width: number;
  readonly #output: Digester;
  #turn = 0;
  #block: Uint8Array | undefined;
  /** Bytes of the block that are taken. */
  #filled = 0;
  #position = 0;
  #finished = 0;
  /** Raw digests of the files that ended in this block, end to end; grows. */
  #digests: Uint8Array;

  /**
   * @param width Bytes of the raw digests of a file.
   * @param output Is given the blocks.
   */
  constructor(ring: BlockRing, width: number, output: Digester) {
    this.#ring = ring;
    this.#width = width;
    this.#output = output;
    this.#digests = new Uint8Array(width * 256);
  }

  /** @param position Offset in the artifact. */
  begin(position: number): void {
    this.#position = position;
  }

  /** Makes sure that there is free space, from {@link start} to the end of the block that is returned. */
  room(): Uint8Array {
    if (this.#block !== undefined && this.#filled === BLOCK_SIZE) this.flush();
    if (this.#ring.isStopped) throw new Stopped();
    if (this.#block === undefined) {
      this.#block = this.#ring.take(this.#turn);
      if (this.#block === undefined) throw new Stopped();
    }
    return this.#block;
  }

  get start(): number {
    return this.#filled;
  }

  advance(length: number): void {
    this.#filled += length;
    this.#position += length;
  }

  padTo(position: number): void {
    while (this.#position < position) {
      const block = this.room();
      const length = Math.min(BLOCK_SIZE - this.start, position - this.#position);
      block.fill(0, this.start, this.start + length);
      this.advance(length);
    }
  }

  finish(digests: Uint8Array): void {
    const at = this.#finished * this.#width;
    if (at + this.#width > this.#digests.length) {
      const more = new Uint8Array(2 * this.#digests.length);
      more.set(this.#digests);
      this.#digests = more;
    }
    this.#digests.set(digests, at);
    this.#finished += 1;
  }

  /** Posts what there is, also when the block is not full. */
  flush(): void {
    if (this.#block === undefined) return;
    const digests = this.#digests.slice(0, this.#width * this.#finished);
    post({ kind: 'block', turn: this.#turn, length: this.#filled, finished: this.#finished, digests });
    // The block is this thread's to look at until it fills it again.
    this.#output.update(this.#block.subarray(0, this.#filled));
    this.#turn += 1;
    this.#block = undefined;
    this.#filled = 0;
    this.#finished = 0;
  }
}

function post(message: FromReader): void {
  port.postMessage(message);
}

/**
 * Copies one file. That it is the file that was found, and did not change since, is judged when its last byte was read, and before any other
 * failure; of a large one also before it is read, so as not to find out late.
 */
function copyFile(located: FileToRead, out: BlockFiller, factory: DigestFactory): void {
  const descriptor = open(located);
  try {
    if (located.size > BLOCK_SIZE) look(descriptor, located);
    const { count, digests } = copyContent(descriptor, located, out, factory);
    look(descriptor, located);
    if (count !== located.size) throw wrongSize(located.size, count);
    out.finish(digests);
  } finally {
    closeSync(descriptor);
  }
}

function open(located: FileToRead): number {
  try {
    return openSync(located.path, OPEN_SOURCE);
  } catch (error) {
    throw openFault(error, located);
  }
}

function look(descriptor: number, located: FileToRead): void {
  let stat: Stats;
  try {
    stat = fstatSync(descriptor);
  } catch (error) {
    throw readFault('looked at', error, located);
  }
  judgeUnchanged(stat, located);
}

function readFault(what: string, error: unknown, { name }: FileToRead): unknown {
  if (systemCode(error) === undefined) return error;
  return ioFault('SOURCE_READ', `the payload file cannot be ${what}`, name, error);
}

/** @returns How many bytes there were, one more than there should be when there are too many; and the raw digests of the right ones. */
function copyContent(
  descriptor: number,
  located: FileToRead,
  out: BlockFiller,
  factory: DigestFactory,
): { count: number; digests: Uint8Array } {
  const { size } = located;
  let digester: Digester | undefined;
  for (let count = 0; ; ) {
    const block = out.room();
    // One byte more than is left: the read that ends the payload also proves that it ends.
    const asked = Math.min(BLOCK_SIZE - out.start, size - count + 1);
    const length = read(descriptor, block, out.start, asked, located);
    count += length;
    if (count > size) return { count, digests: new Uint8Array() };
    const piece = block.subarray(out.start, out.start + length);
    out.advance(length);
    const isEnd = length === 0 || (count === size && length < asked);
    if (isEnd && digester === undefined) return { count, digests: factory.hash(piece) };
    digester ??= factory.create();
    digester.update(piece);
    if (isEnd) return { count, digests: digester.raw() };
  }
}

function read(descriptor: number, into: Uint8Array, start: number, length: number, located: FileToRead): number {
  try {
    return readSync(descriptor, into, start, length, null);
  } catch (error) {
    look(descriptor, located);
    throw readFault('read', error, located);
  }
}

function lookAt(paths: readonly string[]): void {
  const rows = new Float64Array(ROW_LENGTH * paths.length);
  const failures: { message: string; code: string | undefined }[] = [];
  for (const [i, path] of paths.entries()) {
    try {
      const stat = lstatSync(path);
      rows.set([FILE_KINDS.indexOf(kindOf(stat)), stat.dev, stat.ino, stat.size, stat.mtimeMs], ROW_LENGTH * i);
    } catch (error) {
      rows[ROW_LENGTH * i] = FILE_KINDS.indexOf('failure');
      failures.push({ message: (error as Error).message, code: systemCode(error) });
    }
  }
  post({ kind: 'looks', rows, failures });
}

function kindOf(stat: Stats): (typeof FILE_KINDS)[number] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'link' : 'other';
}

const { memory, algorithms, outputAlgorithms } = workerData as ReaderData;
const factory = await digestFactory(algorithms);
const output = factory.create(outputAlgorithms);
const out = new BlockFiller(new BlockRing(memory), factory.width, output);

function copyRun(run: ReadRun): void {
  let index = 0;
  try {
    out.begin(run.position);
    for (const file of filesOf(run)) {
      out.padTo(file.start);
      copyFile(file, out, factory);
      index += 1;
    }
    out.flush();
  } catch (error) {
    if (error instanceof Stopped) return;
    if (!(error instanceof AssetsPaError)) throw error;
    out.flush();
    post({ kind: 'fault', index, diagnostics: error.diagnostics, cause: error.cause });
  }
}

port.on('message', (told: ToReader) => {
  switch (told.kind) {
    case 'look':
      lookAt(pathsOf(told));
      break;
    case 'run':
      copyRun(told);
      break;
    case 'bytes':
      output.update(told.bytes);
      post({ kind: 'seen' });
      break;
    case 'end':
      post({ kind: 'digests', raw: output.raw() });
  }
});
