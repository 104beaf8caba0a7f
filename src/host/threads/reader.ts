/**
 * The thread that reads payload files: blocking calls, one read a block, straight into shared memory. A small file costs five system calls and no
 * promise; nobody's event loop is held up.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { AssetsPaError, ioFault, systemCode } from '../../errors.js';
import { type Digester, type DigestFactory, digestFactory } from '../digests.js';
import { OPEN_SOURCE } from '../fs.js';
import { judgeUnchanged, type LocatedFile, openFault, wrongSize } from '../source-file.js';
import { BLOCK_SIZE, BlockRing } from './blocks.js';
import type { FromReader, ReaderData, ReadRun } from './read-run.js';

const port = parentPort as NonNullable<typeof parentPort>;

/** The run was given up: nobody waits for the rest. */
class Stopped extends Error {}

/** Puts bytes into one block after the other and posts each as it is full. */
class BlockFiller {
  readonly #ring: BlockRing;
  readonly #width: number;
  #turn = 0;
  #block: Uint8Array | undefined;
  #filled = 0;
  #position = 0;
  #finished = 0;
  #digests: Uint8Array[] = [];

  constructor(ring: BlockRing, width: number) {
    this.#ring = ring;
    this.#width = width;
  }

  /** @param position Offset in the artifact: blocks end where it is a multiple of their size, so that writes are aligned. */
  begin(position: number): void {
    this.#position = position;
  }

  /** Free space, never empty. */
  room(): Uint8Array {
    if (this.#block?.length === this.#filled) this.flush();
    if (this.#block === undefined) {
      const block = this.#ring.take(this.#turn);
      if (block === undefined) throw new Stopped();
      this.#block = block.subarray(0, BLOCK_SIZE - (this.#position % BLOCK_SIZE));
    }
    if (this.#ring.isStopped) throw new Stopped();
    return this.#block.subarray(this.#filled);
  }

  advance(length: number): void {
    this.#filled += length;
    this.#position += length;
  }

  padTo(position: number): void {
    while (this.#position < position) {
      const room = this.room().subarray(0, position - this.#position);
      room.fill(0);
      this.advance(room.length);
    }
  }

  finish(digests: Uint8Array): void {
    this.#finished += 1;
    this.#digests.push(digests);
  }

  /** Posts what there is, also when the block is not full. */
  flush(): void {
    if (this.#block === undefined) return;
    const digests = new Uint8Array(this.#width * this.#finished);
    for (const [i, raw] of this.#digests.entries()) digests.set(raw, i * this.#width);
    post({ kind: 'block', turn: this.#turn, length: this.#filled, finished: this.#finished, digests });
    this.#turn += 1;
    this.#block = undefined;
    this.#filled = 0;
    this.#finished = 0;
    this.#digests = [];
  }
}

function post(message: FromReader): void {
  port.postMessage(message);
}

/** Copies one file. */
function copyFile(located: LocatedFile, out: BlockFiller, factory: DigestFactory): void {
  const { size } = located;
  const descriptor = open(located);
  try {
    const look = () =>
      judgeUnchanged(
        step('looked at', located, () => fstatSync(descriptor)),
        located,
      );
    look();
    const { count, digests } = copyContent(descriptor, located, out, factory);
    look();
    if (count !== size) throw wrongSize(size, count);
    out.finish(digests());
  } finally {
    closeSync(descriptor);
  }
}

function open(located: LocatedFile): number {
  try {
    return openSync(located.path, OPEN_SOURCE);
  } catch (error) {
    throw openFault(error, located);
  }
}

function step<T>(what: string, { name }: LocatedFile, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw ioFault('SOURCE_READ', `the payload file cannot be ${what}`, name, error);
  }
}

/** @returns How many bytes there were, one more than there should be when there are too many; and their raw digests. */
function copyContent(
  descriptor: number,
  located: LocatedFile,
  out: BlockFiller,
  factory: DigestFactory,
): { count: number; digests: () => Uint8Array } {
  const { size } = located;
  let digester: Digester | undefined;
  for (let count = 0; ; ) {
    // One byte more than is left: the read that ends the payload also proves that it ends.
    const asked = out.room().subarray(0, size - count + 1);
    const length = step('read', located, () => readSync(descriptor, asked));
    const piece = asked.subarray(0, length);
    count += length;
    if (count <= size) out.advance(length);
    const isEnd = length === 0 || count > size || (count === size && length < asked.length);
    if (isEnd && digester === undefined) return { count, digests: () => factory.hash(piece) };
    digester ??= factory.create();
    digester.update(piece);
    if (isEnd) return { count, digests: () => (digester as Digester).raw() };
  }
}

const { memory, algorithms } = workerData as ReaderData;
const factory = await digestFactory(algorithms);
const out = new BlockFiller(new BlockRing(memory), factory.width);

function read({ files, starts, position }: ReadRun): void {
  let index = 0;
  try {
    out.begin(position);
    for (const located of files) {
      out.padTo(starts[index] as number);
      copyFile(located, out, factory);
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

port.on('message', read);
