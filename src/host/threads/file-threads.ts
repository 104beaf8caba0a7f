/** Threads for payload files: they look at them, read them into blocks of the output, hash these, and write them where they can. */
import { AssetsPaError } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { LocatedFile } from '../source-file.js';
import type { LookedAt } from '../source-folder.js';
import { Turns } from '../turns.js';
import type { SharedXxh64 } from '../xxh64-state.js';
import { OWN_BLOCKS, SharedBlocks } from './blocks.js';
import { Caller } from './caller.js';
import { lookedAt } from './looks.js';
import {
  errorOf,
  type FromReader,
  type LookAnswer,
  lookOf,
  type ReaderData,
  type RunAnswer,
  runOf,
  type ToReader,
} from './reader-messages.js';
import { type Run, runsOf } from './runs.js';
import { Thread } from './thread.js';

/** Blocks of each thread. Measured: fewer leave it waiting for who takes them, more only cost memory; those that are not used take none. */
const BLOCKS = 6;
/** More than two at work never helped, on two processors. */
const THREADS_MAX = 2;
/** Runs, or blocks of long files, that are told before the first one has been answered: nobody ever waits for his next one. */
const TOLD_AHEAD = 16;
const BLOCKS_AHEAD = 512;

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

/** Whoever works on files: a thread, or the caller. */
type Worker = Pick<Thread<FromReader>, 'isRunning' | 'receive' | 'close'> & { post(told: ToReader): void };

/** One or two threads, or the caller and one. What they are asked for comes in the order of the questions. */
export class FileThreads {
  readonly #hashesOutput: boolean;
  readonly #blocks = SharedBlocks.allocate(OWN_BLOCKS + THREADS_MAX * BLOCKS);
  readonly #caller: Caller | undefined;
  readonly #threads: Thread<FromReader>[] = [];
  #algorithms: readonly DigestAlgorithm[] = [];
  #turn = 0;
  #files = 0;
  /** Who reads the file in parts that only one can. */
  #reader: { readonly file: number; readonly worker: Worker } | undefined;

  /**
   * @param hashesOutput Whether the output is hashed by XXH64.
   * @param callerWorks Whether the caller, who then does nothing else, is one of those at work: where files are looked at, or copied to an open file.
   */
  constructor(hashesOutput: boolean, callerWorks: boolean) {
    this.#hashesOutput = hashesOutput;
    const shared = this.#blocks;
    if (callerWorks) this.#caller = new Caller({ shared, blocks: blocksFrom(0, OWN_BLOCKS), hashesOutput });
    shared.output.begin();
  }

  /** Sees to it that there are so many threads, at most two. */
  grow(count: number): void {
    const { memory } = this.#blocks;
    while (this.#threads.length < count) {
      const blocks = blocksFrom(OWN_BLOCKS + this.#threads.length * BLOCKS, BLOCKS);
      const data: ReaderData = { memory, blocks, hashesOutput: this.#hashesOutput };
      const thread = new Thread<FromReader>('reader', data);
      thread.post(beginning(this.#algorithms));
      this.#threads.push(thread);
    }
  }

  get #workers(): readonly Worker[] {
    return this.#caller === undefined ? this.#threads : [this.#caller, ...this.#threads];
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
   * @returns Undefined while nobody is there yet.
   */
  look(paths: readonly string[]): Promise<(LookedAt | Error)[]> | undefined {
    const running = this.#workers.filter(({ isRunning }) => isRunning);
    return running.length === 0 ? undefined : lookBy(running, paths);
  }

  /** Says which digests of each file are wanted, before the first one is read. */
  begin(algorithms: readonly DigestAlgorithm[]): void {
    this.#algorithms = algorithms;
    for (const each of this.#workers) each.post(beginning(algorithms));
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
    const workers = this.#copying(descriptor);
    const runs = runsOf(position, files, starts);
    const told: Told[] = [];
    const turns = new Turns();
    let ahead = 0;
    for (;;) {
      while (told.length < TOLD_AHEAD && ahead < BLOCKS_AHEAD) {
        const run = runs.next().value;
        if (run === undefined) break;
        told.push(this.#tell(run, files, starts, descriptor, workers));
        ahead += run.blocks;
        if (turns.isOver) await turns.next();
      }
      const next = told.shift();
      if (next === undefined) break;
      ahead -= next.blocks;
      yield* this.#answersTo(next);
    }
    this.#files += files.length;
  }

  /** Who copies: threads alone, at least one, where the caller takes their blocks. */
  #copying(descriptor: number | undefined): readonly Worker[] {
    if (descriptor !== undefined && this.#caller !== undefined) return this.#workers;
    this.grow(1);
    return this.#threads;
  }

  /** Tells of a run: of a file in parts, where they write them, all; else one of those who have started. */
  #tell(
    { position, first, end, blocks, isPart }: Run,
    files: readonly LocatedFile[],
    starts: readonly number[],
    descriptor: number | undefined,
    workers: readonly Worker[],
  ): Told {
    const turn = this.#turn;
    this.#turn += blocks;
    const file = this.#files + first;
    const run = runOf(files.slice(first, end), starts.slice(first, end), { turn, position, descriptor });
    const part = isPart ? { file, blocks } : undefined;
    const by = isPart ? this.#readersOf(file, descriptor, workers) : [chosen(workers, turn)];
    for (const each of by) each.post({ ...run, part });
    return { first, blocks, by, answers: descriptor === undefined ? blocks : by.length };
  }

  /** Who reads a file in parts: where SHA-256 is wanted, or blocks come in order from one, always the same. */
  #readersOf(file: number, descriptor: number | undefined, workers: readonly Worker[]): readonly Worker[] {
    if (descriptor !== undefined && canShare(this.#algorithms)) return workers;
    if (this.#reader?.file !== file) this.#reader = { file, worker: chosen(workers, file) };
    return [this.#reader.worker];
  }

  async *#answersTo({ first, by, answers }: Told): AsyncGenerator<ReadBytes, void, undefined> {
    // Whoever fails keeps the others waiting for their turn: none is waited for alone.
    const all = Array.from({ length: answers }, async (_, i) => {
      const answer = (await by[i % by.length]?.receive()) as RunAnswer;
      return this.#bytesOf(first, answer);
    });
    const failed = new Promise<never>((_, reject) => {
      for (const each of all) each.catch(reject);
    });
    failed.catch(() => {});
    for (const each of all) yield await Promise.race([each, failed]);
  }

  #bytesOf(first: number, answer: RunAnswer): ReadBytes {
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
    await Promise.all(this.#workers.map((each) => each.close()));
  }
}

function blocksFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** One of those who have started; of all, where none has. */
function chosen(workers: readonly Worker[], number: number): Worker {
  const running = workers.filter(({ isRunning }) => isRunning);
  const able = running.length === 0 ? workers : running;
  return able[number % able.length] as Worker;
}

async function lookBy(workers: readonly Worker[], paths: readonly string[]): Promise<(LookedAt | Error)[]> {
  const share = Math.ceil(paths.length / workers.length);
  const answers = workers.map(async (worker, i) => {
    const part = paths.slice(i * share, (i + 1) * share);
    if (part.length === 0) return [];
    worker.post(lookOf(part));
    return lookedAt((await worker.receive()) as LookAnswer);
  });
  return (await Promise.all(answers)).flat();
}

/** Who was told of a run, and what is to be answered. */
interface Told {
  /** The first file. */
  readonly first: number;
  readonly blocks: number;
  /** They answer in turn. */
  readonly by: readonly Worker[];
  readonly answers: number;
}

function beginning(algorithms: readonly DigestAlgorithm[]): ToReader {
  return { kind: 'begin', algorithms };
}

/** Whether several threads can go on with one byte string in turn: it then has no digest but XXH64. */
export function canShare(algorithms: readonly DigestAlgorithm[]): boolean {
  return !algorithms.includes('sha256');
}
