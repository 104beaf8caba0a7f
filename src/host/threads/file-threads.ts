/** Threads for payload files: they look at them, and read them into blocks of the output. */
import { AssetsPaError } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { LocatedFile } from '../source-file.js';
import type { LookedAt } from '../source-folder.js';
import { BLOCK_SIZE, BlockRing } from './blocks.js';
import {
  FILE_KINDS,
  type FilledBlock,
  type FromReader,
  type LookAnswer,
  lookOf,
  type OutputDigests,
  type ReaderData,
  type ReadFault,
  ROW_LENGTH,
  runOf,
  type ToReader,
} from './reader-messages.js';
import { Thread } from './thread.js';

/** Blocks of all threads. Measured: fewer leave a thread waiting, more only cost memory. */
const BLOCKS = 6;

/** Bytes of the output, in a thread's memory. */
export interface ReadBlock {
  readonly bytes: Uint8Array;
  /** Which files ended in these bytes: the first, and how many. */
  readonly first: number;
  readonly finished: number;
  /** Their raw digests, end to end. */
  readonly digests: Uint8Array;
  /** Gives the memory back. */
  release(): void;
}

/** A file that failed. */
export class ReadFailure extends Error {
  readonly index: number;
  override readonly cause: AssetsPaError;

  constructor(index: number, cause: AssetsPaError) {
    super(cause.message);
    this.index = index;
    this.cause = cause;
  }
}

/** How many threads there are, and what they hash. */
export interface FileThreadsOptions {
  /** One reads ahead of who takes the blocks; of two, each reads every second run of small files. */
  readonly count: number;
  /** Digests of each file. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Digests of the output; computed by one thread that sees all of it, and not at all by two. */
  readonly outputAlgorithms: readonly DigestAlgorithm[];
}

/** One thread and its blocks. */
class Reader {
  readonly #ring: BlockRing;
  readonly #thread: Thread<FromReader>;

  constructor({ count, algorithms, outputAlgorithms }: FileThreadsOptions) {
    this.#ring = BlockRing.allocate(BLOCKS / count);
    const data: ReaderData = {
      memory: this.#ring.memory,
      algorithms,
      outputAlgorithms: count === 1 ? outputAlgorithms : [],
    };
    this.#thread = new Thread('reader', data);
  }

  tell(told: ToReader): void {
    this.#thread.post(told);
  }

  receive(): Promise<FromReader> {
    return this.#thread.receive();
  }

  /** The bytes of a block, which are the caller's until it frees them. */
  block({ turn, length }: FilledBlock): Uint8Array {
    return this.#ring.block(turn).subarray(0, length);
  }

  free({ turn }: FilledBlock): void {
    this.#ring.free(turn);
  }

  async close(): Promise<void> {
    this.#ring.stop();
    await this.#thread.close();
  }
}

/** One or two threads. What they are asked for comes in the order of the questions. */
export class FileThreads {
  readonly #readers: readonly Reader[];

  constructor(options: FileThreadsOptions) {
    this.#readers = Array.from({ length: options.count }, () => new Reader(options));
  }

  /** Whether the output's digest is computed here. */
  get hashesOutput(): boolean {
    return this.#readers.length === 1;
  }

  /** What stands at each path; an error of the system where nothing can be said. */
  async look(paths: readonly string[]): Promise<(LookedAt | Error)[]> {
    const share = Math.ceil(paths.length / this.#readers.length);
    const answers = this.#readers.map(async (reader, i) => {
      const part = paths.slice(i * share, (i + 1) * share);
      if (part.length === 0) return [];
      reader.tell(lookOf(part));
      return lookedAt((await reader.receive()) as LookAnswer);
    });
    return (await Promise.all(answers)).flat();
  }

  /**
   * Gives the files' bytes and the padding between them, in order. The bytes of a block are the caller's until it releases them.
   *
   * @param position Where the output stands, in bytes.
   * @param starts Where each file begins in it.
   * @throws ReadFailure `SOURCE_CHANGED`, `SOURCE_SIZE` or `SOURCE_READ`, after the bytes before it
   */
  async *read(
    position: number,
    files: readonly LocatedFile[],
    starts: readonly number[],
  ): AsyncGenerator<ReadBlock, void, undefined> {
    const fileEnds = files.map(({ size }, i) => (starts[i] as number) + size);
    const ends = this.#runEnds(position, fileEnds);
    const readerOf = (run: number) => this.#readers[run % this.#readers.length] as Reader;
    const tell = (run: number): void => {
      const [from, end] = [ends[run - 1] ?? 0, ends[run]];
      if (end === undefined) return;
      const at = fileEnds[from - 1] ?? position;
      readerOf(run).tell(runOf(at, files.slice(from, end), starts.slice(from, end)));
    };
    for (let run = 0; run < this.#readers.length; run += 1) tell(run);
    for (let run = 0; run < ends.length; run += 1) {
      // A thread's next run is there before this one ends.
      tell(run + this.#readers.length);
      yield* blocksOf(readerOf(run), ends[run - 1] ?? 0, ends[run] as number);
    }
  }

  /** Where each run of files ends. Threads that take turns get the files of a block each time, or one large file. */
  #runEnds(position: number, fileEnds: readonly number[]): number[] {
    const ends: number[] = [];
    let start = position;
    for (let i = 1; i <= fileEnds.length; i += 1) {
      const isFull = this.#readers.length > 1 && (fileEnds[i] as number) - start > BLOCK_SIZE;
      if (i < fileEnds.length && !isFull) continue;
      ends.push(i);
      start = fileEnds[i - 1] as number;
    }
    return ends;
  }

  /** Resolves when the output's digest has seen bytes that were not read here, but come next in the output: until then they must not change. */
  async update(bytes: Uint8Array): Promise<void> {
    await this.#ask({ kind: 'bytes', bytes });
  }

  /** The raw digests of the output. */
  async raw(): Promise<Uint8Array> {
    return ((await this.#ask({ kind: 'end' })) as OutputDigests).raw;
  }

  #ask(told: ToReader): Promise<FromReader> {
    const [reader] = this.#readers as readonly [Reader];
    reader.tell(told);
    return reader.receive();
  }

  /** Ends the threads, also in the middle of a file. */
  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }
}

/** The blocks of a run. */
async function* blocksOf(reader: Reader, from: number, end: number): AsyncGenerator<ReadBlock, void, undefined> {
  for (let first = from; first < end; ) {
    const answer = (await reader.receive()) as FilledBlock | ReadFault;
    if (answer.kind === 'fault') {
      const { index, diagnostics, cause } = answer;
      throw new ReadFailure(from + index, new AssetsPaError(diagnostics, { cause }));
    }
    const { finished, digests } = answer;
    yield { bytes: reader.block(answer), first, finished, digests, release: () => reader.free(answer) };
    first += finished;
  }
}

function lookedAt({ rows, failures }: LookAnswer): (LookedAt | Error)[] {
  const all: (LookedAt | Error)[] = [];
  let failed = 0;
  for (let at = 0; at < rows.length; at += ROW_LENGTH) {
    const number = (i: number) => rows[at + i] as number;
    const kind = FILE_KINDS[number(0)];
    if (kind === 'failure') {
      const { message, code } = failures[failed] as LookAnswer['failures'][number];
      all.push(Object.assign(new Error(message), { code }));
      failed += 1;
      continue;
    }
    all.push(new Looked(kind, number(1), number(2), number(3), number(4)));
  }
  return all;
}

class Looked implements LookedAt {
  readonly #kind: (typeof FILE_KINDS)[number] | undefined;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;

  constructor(kind: (typeof FILE_KINDS)[number] | undefined, dev: number, ino: number, size: number, mtimeMs: number) {
    this.#kind = kind;
    this.dev = dev;
    this.ino = ino;
    this.size = size;
    this.mtimeMs = mtimeMs;
  }

  isFile(): boolean {
    return this.#kind === 'file';
  }

  isDirectory(): boolean {
    return this.#kind === 'directory';
  }

  isSymbolicLink(): boolean {
    return this.#kind === 'link';
  }
}
