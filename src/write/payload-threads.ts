/** Threads of a pack, started when there is enough for them to do. */
import { blockingFileSystem } from '../host/blocking-fs.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '../host/digests.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { type Look, lookThrough } from '../host/source-folder.js';
import { canShare, FileThreads } from '../host/threads/file-threads.js';
import type { DraftAsset } from '../plan/model.js';
import type { FrozenPlan } from './freeze.js';
import { plannedAlgorithm } from './payload.js';

/** A thread takes some 20 ms to start: so many bytes, or files, are copied in that time. */
const THREAD_BYTES = 33_554_432;
const THREAD_FILES = 1_024;
/** Measured: from so many files on, a second thread is worth what it takes to start, and its memory. */
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
  readonly #algorithms: Set<DigestAlgorithm>;
  #files = 0;
  #started: FileThreads | undefined;

  constructor(options: PayloadThreadsOptions) {
    this.#options = options;
    this.#algorithms = new Set(options.digests);
  }

  /** Takes note of an asset, while the plan is read: threads start meanwhile. */
  readonly note = (asset: DraftAsset): void => {
    const planned = plannedAlgorithm(asset);
    if (planned !== undefined) this.#algorithms.add(planned);
    if (asset.payload?.kind !== 'file') return;
    this.#files += 1;
    if (this.#wants(this.#files >= THREAD_FILES)) this.#start(this.#hasManyFiles ? 2 : 1, this.#callerWorks);
  };

  /** Digests to compute of each payload: those asked for, and those that the plan states. */
  get algorithms(): readonly DigestAlgorithm[] {
    return DIGEST_ALGORITHMS.filter((each) => this.#algorithms.has(each));
  }

  /** What finds the plan's files, when there are many: threads, and until they run, the file system. */
  get look(): Look | undefined {
    const threads = this.#started;
    const byFileSystem = lookThrough(this.#options.fs);
    return threads && ((paths) => threads.look(paths) ?? byFileSystem(paths));
  }

  /**
   * Those who read payloads.
   *
   * @param areWritten Whether they write, too, what they have read.
   */
  reading({ fileBytes }: FrozenPlan, areWritten: boolean): FileThreads | undefined {
    const { algorithms } = this;
    if (!this.#wants(this.#files >= THREAD_FILES || fileBytes >= THREAD_BYTES)) return undefined;
    const isShared = areWritten && this.#wants(fileBytes >= SHARED_BYTES) && canShare(algorithms);
    this.#start(this.#hasManyFiles || isShared ? 2 : 1, this.#callerWorks && areWritten);
    this.#started?.begin(algorithms);
    return this.#started;
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

  /** Whether the caller has nothing else to do than what threads do. */
  get #callerWorks(): boolean {
    return this.#options.fs === blockingFileSystem;
  }

  get #hasManyFiles(): boolean {
    return this.#files >= MANY_FILES;
  }

  /**
   * Sees to it that so many are at work.
   *
   * @param callerIsOne Whether the caller is one of them.
   */
  #start(count: number, callerIsOne: boolean): void {
    const { fs, digests } = this.#options;
    if (this.#files === 0 || (fs !== nodeFileSystem && fs !== blockingFileSystem)) return;
    this.#started ??= new FileThreads(digests.includes('xxh64'), this.#callerWorks);
    this.#started.grow(callerIsOne ? count - 1 : count);
  }
}
