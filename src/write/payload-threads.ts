/** Threads of a pack, started when there is enough for them to do. */
import { isPause, type Steps } from '../codec/steps.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '../host/digests.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import type { Look } from '../host/source-folder.js';
import { canShare, FileThreads } from '../host/threads/file-threads.js';
import type { DraftPlan } from '../plan/model.js';
import type { FrozenPlan } from './freeze.js';
import { plannedAlgorithm } from './payload.js';

/** A thread takes some 20 ms to start: so many bytes, or files, are copied in that time. */
const THREAD_BYTES = 33_554_432;
const THREAD_FILES = 1_024;
/** Measured: from so many files on, a second thread, and looking at files in both, are worth what they take to start, and their memory. */
export const MANY_FILES = 20_000;
/** The same for bytes that two threads can share: one file of 512 MiB takes a tenth less, one of 1 GiB a sixth. */
const SHARED_BYTES = 536_870_912;

/** What decides about threads. */
export interface PayloadThreadsOptions {
  /** The digests to compute. */
  readonly digests: readonly DigestAlgorithm[];
  /** Undefined: when there is enough to do. */
  readonly wanted: boolean | undefined;
  /** Where payloads are; other threads know the machine's own file system only. */
  readonly fs: FileSystem;
}

/** The threads that look at payload files and read them; none, or one, or two for many files. */
export class PayloadThreads {
  readonly #options: PayloadThreadsOptions;
  #algorithms: readonly DigestAlgorithm[] = [];
  #files = 0;
  #started: FileThreads | undefined;

  constructor(options: PayloadThreadsOptions) {
    this.#options = options;
  }

  /** Digests to compute of each payload: those asked for, and those that the plan states. */
  get algorithms(): readonly DigestAlgorithm[] {
    return this.#algorithms;
  }

  /** Takes note of a plan. */
  *begin({ assets }: DraftPlan): Steps<void> {
    const wanted = new Set<DigestAlgorithm | undefined>(this.#options.digests);
    for (const [i, asset] of assets.entries()) {
      if (isPause(i)) yield;
      wanted.add(plannedAlgorithm(asset));
      if (asset.payload?.kind === 'file') this.#files += 1;
    }
    this.#algorithms = DIGEST_ALGORITHMS.filter((each) => wanted.has(each));
  }

  /** Threads that find the plan's files, when there are many. */
  get look(): Look | undefined {
    // One that is only to read starts meanwhile.
    const threads = this.#wants(this.#files >= THREAD_FILES) ? this.#start(this.#hasManyFiles) : undefined;
    return threads && this.#wants(this.#hasManyFiles) ? (paths) => threads.look(paths) : undefined;
  }

  /** Threads that read payloads. */
  reading({ fileBytes }: FrozenPlan): FileThreads | undefined {
    const isShared = this.#wants(fileBytes >= SHARED_BYTES) && canShare(this.#algorithms);
    const isWorthIt = this.#files >= THREAD_FILES || fileBytes >= THREAD_BYTES;
    return this.#wants(isWorthIt) ? this.#start(this.#hasManyFiles || isShared) : undefined;
  }

  /** Whether SHA-256 of the artifact is left to a thread. */
  hashing({ size }: FrozenPlan): boolean {
    return this.#wants(size >= THREAD_BYTES);
  }

  async close(): Promise<void> {
    await this.#started?.close();
  }

  #wants(isWorthIt: boolean): boolean {
    return this.#options.wanted ?? isWorthIt;
  }

  get #hasManyFiles(): boolean {
    return this.#files >= MANY_FILES;
  }

  #start(areTwo: boolean): FileThreads | undefined {
    const { fs, digests } = this.#options;
    if (this.#files === 0 || (fs !== nodeFileSystem && fs !== blockingFileSystem)) return undefined;
    const algorithms = this.#algorithms;
    this.#started ??= new FileThreads({ algorithms, hashesOutput: digests.includes('xxh64') });
    this.#started.grow(areTwo ? 2 : 1);
    return this.#started;
  }
}
