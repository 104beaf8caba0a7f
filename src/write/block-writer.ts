/** One copy of every byte: into a block, through the digest, into the sink. */
import type { Digester } from '../host/digests.js';
import type { Interruption } from '../host/interruption.js';
import type { Sink } from './sink.js';

/** Measured: 1 MiB blocks reach the machine's copy speed, smaller ones do not, larger ones only cost memory. */
export const BLOCK_SIZE = 1_048_576;

/** Collects bytes into two fixed blocks: one is filled while the sink takes the other. */
export class BlockWriter {
  readonly #sink: Sink;
  readonly #digest: Digester;
  readonly #interruption: Interruption;
  readonly #blocks = [new Uint8Array(BLOCK_SIZE), new Uint8Array(BLOCK_SIZE)] as const;
  #current: 0 | 1 = 0;
  #filled = 0;
  #inFlight: Promise<void> = Promise.resolve();
  #position = 0;

  /** @param digest Sees every byte of the artifact, in the very buffers that the sink gets (W2). */
  constructor(sink: Sink, digest: Digester, interruption: Interruption) {
    this.#sink = sink;
    this.#digest = digest;
    this.#interruption = interruption;
  }

  /** Bytes taken so far: the file offset of the next one. */
  get position(): number {
    return this.#position;
  }

  /** Free space of the current block, never empty. What is put there counts after {@link advance}. */
  async room(): Promise<Uint8Array> {
    if (this.#filled === BLOCK_SIZE) await this.#flush();
    return this.#blocks[this.#current].subarray(this.#filled);
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

  /** Hands the rest to the sink and waits until it has everything. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#interruption.race(this.#inFlight);
  }

  async #flush(): Promise<void> {
    await this.#interruption.race(this.#inFlight);
    const block = this.#blocks[this.#current].subarray(0, this.#filled);
    if (block.length === 0) return;
    this.#digest.update(block);
    this.#inFlight = this.#sink.write(block);
    // Its failure is met at the next flush, not as an unhandled rejection before.
    this.#inFlight.catch(() => {});
    this.#current = this.#current === 0 ? 1 : 0;
    this.#filled = 0;
  }
}
