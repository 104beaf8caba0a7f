/** Payload files, read by a thread of their own into blocks of the output. */
import { AssetsPaError } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { LocatedFile } from '../source-file.js';
import { BlockRing } from './blocks.js';
import type { FilledBlock, FromReader, OutputDigests, ReaderData, ReadFault, ReadRun, ToReader } from './read-run.js';
import { Thread } from './thread.js';

/** Measured: fewer leave a thread waiting, more only cost memory. */
const BLOCKS = 6;
/** Files told to the thread at once, so that a million of them are never on their way. */
const RUN_LENGTH = 8_192;

/** Bytes of the output, in the reader's memory. */
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

/** Reads files that follow one another in the output, some blocks ahead of who takes them, and hashes the output. */
export class ReadThread {
  readonly #ring = BlockRing.allocate(BLOCKS);
  readonly #thread: Thread<FromReader>;

  /**
   * @param algorithms Digests of each file.
   * @param outputAlgorithms Digests of the output.
   */
  constructor(algorithms: readonly DigestAlgorithm[], outputAlgorithms: readonly DigestAlgorithm[]) {
    const data: ReaderData = { memory: this.#ring.memory, algorithms, outputAlgorithms };
    this.#thread = new Thread('reader', data);
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
    const post = (from: number): void => {
      if (from >= files.length) return;
      const before = files[from - 1];
      const run: ReadRun = {
        kind: 'run',
        position: before === undefined ? position : (starts[from - 1] as number) + before.size,
        files: files.slice(from, from + RUN_LENGTH),
        starts: Float64Array.from(starts.slice(from, from + RUN_LENGTH)),
      };
      this.#post(run);
    };
    post(0);
    for (let from = 0; from < files.length; from += RUN_LENGTH) {
      // The next run is there before this one ends.
      post(from + RUN_LENGTH);
      const end = Math.min(files.length, from + RUN_LENGTH);
      for (let first = from; first < end; ) {
        const answer = (await this.#thread.receive()) as FilledBlock | ReadFault;
        if (answer.kind === 'fault') {
          const { index, diagnostics, cause } = answer;
          throw new ReadFailure(from + index, new AssetsPaError(diagnostics, { cause }));
        }
        const { turn, length, finished, digests } = answer;
        const bytes = this.#ring.block(turn).subarray(0, length);
        yield { bytes, first, finished, digests, release: () => this.#ring.free(turn) };
        first += finished;
      }
    }
  }

  /** Resolves when the output's digest has seen bytes that were not read here, but come next in the output: until then they must not change. */
  async update(bytes: Uint8Array): Promise<void> {
    this.#post({ kind: 'bytes', bytes });
    await this.#thread.receive();
  }

  /** The raw digests of the output. */
  async raw(): Promise<Uint8Array> {
    this.#post({ kind: 'end' });
    return ((await this.#thread.receive()) as OutputDigests).raw;
  }

  #post(told: ToReader): void {
    this.#thread.post(told);
  }

  /** Ends the thread, also in the middle of a file. */
  async close(): Promise<void> {
    this.#ring.stop();
    await this.#thread.close();
  }
}
