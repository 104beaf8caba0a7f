/** One copy of every byte: into a block, through the digest, into the sink. */
import type { Interruption } from '../host/interruption.js';
import { BLOCK_SIZE, OWN_BLOCKS } from '../host/threads/blocks.js';
import type { ArtifactDigest } from './artifact-digest.js';
import type { Sink } from './sink.js';

/** Blocks of the threads that the sink and the digest may still hold when the next one is passed. */
const PASSED_BLOCKS = 3;

/** Hands bytes on to the sink in blocks. */
export class BlockWriter {
  readonly #sink: Sink;
  readonly #digest: ArtifactDigest;
  readonly #interruption: Interruption;
  readonly #own: readonly Uint8Array[];
  #turn = 0;
  #filled = 0;
  #position = 0;
  /** Blocks that are not yet free again, oldest first. */
  readonly #pending: Promise<void>[] = [];
  #writing: Promise<void> = Promise.resolve();

  /** @param own Memory of the writer's own, {@link OWN_BLOCKS} blocks. Defaults to some that the digest can look at. */
  constructor(sink: Sink, digest: ArtifactDigest, interruption: Interruption, own?: readonly Uint8Array[]) {
    this.#sink = sink;
    this.#digest = digest;
    this.#interruption = interruption;
    const memory = () => (digest.isShared ? new SharedArrayBuffer(BLOCK_SIZE) : new ArrayBuffer(BLOCK_SIZE));
    this.#own = own ?? Array.from({ length: OWN_BLOCKS }, () => new Uint8Array(memory()));
  }

  /** Bytes taken so far: the file offset of the next one. */
  get position(): number {
    return this.#position;
  }

  /** Free space of the current block, never empty. What is put there counts after {@link advance}. */
  async room(): Promise<Uint8Array> {
    if (this.#filled === BLOCK_SIZE) await this.flush();
    return this.#block.subarray(this.#filled);
  }

  /** Takes the first `length` bytes of the last {@link room}. */
  advance(length: number): void {
    this.#filled += length;
    this.#position += length;
  }

  /** Takes bytes that lie elsewhere. */
  async copy(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const room = await this.room();
      const part = bytes.subarray(done, done + room.length);
      room.set(part);
      this.advance(part.length);
      done += part.length;
    }
  }

  /** Takes zeros up to a file offset (E5, T5). */
  async padTo(position: number): Promise<void> {
    while (this.#position < position) {
      const room = await this.room();
      const length = Math.min(room.length, position - this.#position);
      room.fill(0, 0, length);
      this.advance(length);
    }
  }

  /** Counts bytes that were written to the sink's own file, after a {@link finish}. */
  skip(length: number): void {
    this.#position += length;
  }

  /**
   * Takes a block that a thread has read as it is, without a copy, after a {@link flush}.
   *
   * @param release Called when its bytes may change; never, when something failed.
   */
  async pass(bytes: Uint8Array, release: () => void): Promise<void> {
    this.#position += bytes.length;
    await this.#emit(bytes, this.#digest.updateRead(bytes), PASSED_BLOCKS, release);
  }

  /** Hands on what was taken, also when the block is not full. */
  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    const bytes = this.#block.subarray(0, this.#filled);
    this.#turn += 1;
    this.#filled = 0;
    await this.#emit(bytes, this.#digest.update(bytes), OWN_BLOCKS - 1);
  }

  /** Hands the rest to the sink and waits until it has everything. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#settle(0);
  }

  get #block(): Uint8Array {
    return this.#own[this.#turn % OWN_BLOCKS] as Uint8Array;
  }

  /**
   * @param hashed When the digest has seen the bytes.
   * @param held How many blocks may be on their way afterwards.
   */
  async #emit(bytes: Uint8Array, hashed: Promise<void>, held: number, release?: () => void): Promise<void> {
    const isShared = bytes.buffer instanceof SharedArrayBuffer;
    const given = isShared && this.#sink.takesShared !== true ? bytes.slice() : bytes;
    this.#writing = this.#writing.then(() => this.#sink.write(given));
    const done = Promise.all([hashed, this.#writing]).then(release);
    // A failure is met when the block is waited for, not as an unhandled rejection before.
    done.catch(() => {});
    this.#pending.push(done);
    await this.#settle(held);
  }

  async #settle(held: number): Promise<void> {
    while (this.#pending.length > held) await this.#interruption.race(this.#pending.shift() as Promise<void>);
  }
}
