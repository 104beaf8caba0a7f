/** Threads for payload files: they look at them, read them into blocks of the output, hash these, and write them where they can. */
import { AssetsPaError } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { LocatedFile } from '../source-file.js';
import type { LookedAt } from '../source-folder.js';
import type { SharedXxh64 } from '../xxh64-state.js';
import { OWN_BLOCKS, SharedBlocks } from './blocks.js';
import {
  FILE_KINDS,
  type Filled,
  type FromReader,
  type LookAnswer,
  lookOf,
  type ReaderData,
  type ReadFault,
  ROW_LENGTH,
  runOf,
  type SystemFailure,
  type ToReader,
  type WriteFailure,
} from './reader-messages.js';
import { type Run, runsOf } from './runs.js';
import { Thread } from './thread.js';

/** Blocks of each thread. Measured: fewer leave it waiting for who takes them, more only cost memory; those that are not used take none. */
const BLOCKS = 6;
/** More than two never helped, on two processors. */
const THREADS_MAX = 2;
/** Runs that are told before the first one has been answered: a thread never waits for its next one. */
const TOLD_AHEAD = 8;

/** Bytes of the output that threads have read. */
export interface ReadBytes {
  /** Where they are, unless they were written: the caller's until it releases them. */
  readonly block: { readonly bytes: Uint8Array; release(): void } | undefined;
  /** How many there are. */
  readonly length: number;
  /** Which files ended in these bytes: the first, and how many. */
  readonly first: number;
  readonly finished: number;
  /** Their raw digests, end to end. */
  readonly digests: Uint8Array;
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

/** One or two threads. What they are asked for comes in the order of the questions. */
export class FileThreads {
  readonly #hashesOutput: boolean;
  readonly #blocks = SharedBlocks.allocate(OWN_BLOCKS + THREADS_MAX * BLOCKS);
  readonly #threads: Thread<FromReader>[] = [];
  #algorithms: readonly DigestAlgorithm[] = [];
  #turn = 0;
  #files = 0;

  /** @param hashesOutput Whether the output is hashed by XXH64. */
  constructor(hashesOutput: boolean) {
    this.#hashesOutput = hashesOutput;
    this.#blocks.output.begin();
  }

  /** Sees to it that there are so many threads. One reads ahead of who takes the blocks; two take turns, a block each. */
  grow(count: 1 | typeof THREADS_MAX): void {
    const { memory } = this.#blocks;
    while (this.#threads.length < count) {
      const first = OWN_BLOCKS + this.#threads.length * BLOCKS;
      const blocks = Array.from({ length: BLOCKS }, (_, i) => first + i);
      this.#threads.push(
        new Thread('reader', { memory, blocks, hashesOutput: this.#hashesOutput } satisfies ReaderData),
      );
    }
  }

  /** Memory for bytes that the caller puts into the output. */
  get ownBlocks(): readonly Uint8Array[] {
    return Array.from({ length: OWN_BLOCKS }, (_, i) => this.#blocks.block(i));
  }

  /** XXH64 of the output; the caller goes on with it while no file is read, with bytes of its {@link ownBlocks}. */
  get output(): SharedXxh64 {
    return this.#blocks.output;
  }

  /**
   * What stands at each path; an error of the system where nothing can be said.
   *
   * @returns Undefined while no thread runs yet.
   */
  look(paths: readonly string[]): Promise<(LookedAt | Error)[]> | undefined {
    const running = this.#threads.filter(({ isRunning }) => isRunning);
    return running.length === 0 ? undefined : lookBy(running, paths);
  }

  /** Says which digests of each file are wanted; before the first one is read, and after the last thread was started. */
  begin(algorithms: readonly DigestAlgorithm[]): void {
    this.#algorithms = algorithms;
    for (const thread of this.#threads) thread.post({ kind: 'begin', algorithms } satisfies ToReader);
  }

  /**
   * Reads files and the padding between them, in order.
   *
   * @param position Where the output stands, in bytes.
   * @param starts Where each file begins in it.
   * @param descriptor An open file that the threads append the bytes to. Defaults to none.
   * @throws ReadFailure `SOURCE_CHANGED`, `SOURCE_SIZE` or `SOURCE_READ`
   * @throws Error What the system said when the bytes could not be written.
   */
  async *read(
    position: number,
    files: readonly LocatedFile[],
    starts: readonly number[],
    descriptor?: number,
  ): AsyncGenerator<ReadBytes, void, undefined> {
    const runs = runsOf(position, files, starts);
    const told: Told[] = [];
    const tellNext = (): void => {
      const run = runs.next().value;
      if (run !== undefined) told.push(this.#tell(run, files, starts, descriptor));
    };
    for (let i = 0; i < TOLD_AHEAD; i += 1) tellNext();
    for (let next = told.shift(); next !== undefined; next = told.shift()) {
      tellNext();
      yield* this.#answersTo(next);
    }
    this.#files += files.length;
  }

  /** Tells the threads of a run; each of a file in parts that they share, else one. */
  #tell(
    { position, first, end, blocks, isPart }: Run,
    files: readonly LocatedFile[],
    starts: readonly number[],
    descriptor: number | undefined,
  ): Told {
    const turn = this.#turn;
    this.#turn += blocks;
    const file = this.#files + first;
    const isShared = isPart && canShare(this.#algorithms);
    const from = isPart && !isShared ? file : turn;
    const threads = Array.from({ length: isShared ? this.#threads.length : 1 }, (_, i) => this.#thread(from + i));
    const run = runOf(files.slice(first, end), starts.slice(first, end), { turn, position, descriptor });
    for (const [thread, each] of threads.entries()) {
      const part = isPart ? { file, blocks, thread, threads: threads.length } : undefined;
      each.post({ ...run, part } satisfies ToReader);
    }
    return { first, threads, answers: descriptor === undefined ? blocks : threads.length };
  }

  #thread(number: number): Thread<FromReader> {
    return this.#threads[number % this.#threads.length] as Thread<FromReader>;
  }

  async *#answersTo({ first, threads, answers }: Told): AsyncGenerator<ReadBytes, void, undefined> {
    // Whoever fails keeps the others waiting for their turn: none is waited for alone.
    const all = Array.from({ length: answers }, async (_, i) => {
      const answer = (await threads[i % threads.length]?.receive()) as Filled | ReadFault | WriteFailure;
      return this.#bytesOf(first, answer);
    });
    const failed = new Promise<never>((_, reject) => {
      for (const each of all) each.catch(reject);
    });
    failed.catch(() => {});
    for (const each of all) yield await Promise.race([each, failed]);
  }

  #bytesOf(first: number, answer: Filled | ReadFault | WriteFailure): ReadBytes {
    if (answer.kind === 'write failure') throw errorOf(answer.failure);
    if (answer.kind === 'fault') {
      const { index, diagnostics, cause } = answer;
      throw new ReadFailure(first + index, new AssetsPaError(diagnostics, { cause }));
    }
    const { index, length, finished, digests } = answer;
    const block = index === undefined ? undefined : this.#blockAt(index, length);
    return { block, length, first, finished, digests };
  }

  #blockAt(index: number, length: number): NonNullable<ReadBytes['block']> {
    const blocks = this.#blocks;
    return { bytes: blocks.block(index).subarray(0, length), release: () => blocks.free(index) };
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

async function lookBy(threads: readonly Thread<FromReader>[], paths: readonly string[]): Promise<(LookedAt | Error)[]> {
  const share = Math.ceil(paths.length / threads.length);
  const answers = threads.map(async (thread, i) => {
    const part = paths.slice(i * share, (i + 1) * share);
    if (part.length === 0) return [];
    thread.post(lookOf(part) satisfies ToReader);
    return lookedAt((await thread.receive()) as LookAnswer);
  });
  return (await Promise.all(answers)).flat();
}

/** Who was told of a run, and what is to be answered. */
interface Told {
  /** The first file. */
  readonly first: number;
  /** They answer in turn. */
  readonly threads: readonly Thread<FromReader>[];
  readonly answers: number;
}

/** Whether several threads can read one file: it then has no digest but XXH64. */
export function canShare(algorithms: readonly DigestAlgorithm[]): boolean {
  return !algorithms.includes('sha256');
}

function errorOf({ message, code }: SystemFailure): Error {
  return Object.assign(new Error(message), { code });
}

function lookedAt({ rows, failures }: LookAnswer): (LookedAt | Error)[] {
  const all: (LookedAt | Error)[] = [];
  let failed = 0;
  for (let at = 0; at < rows.length; at += ROW_LENGTH) {
    const number = (i: number) => rows[at + i] as number;
    const kind = FILE_KINDS[number(0)];
    if (kind === 'failure') {
      all.push(errorOf(failures[failed] as SystemFailure));
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
