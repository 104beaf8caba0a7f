/** Blocks of shared memory that one thread fills and another empties, in turn. */

/** Measured: 1 MiB blocks reach the machine's copy speed, smaller ones do not, larger ones only cost memory. */
export const BLOCK_SIZE = 1_048_576;

const FREE = 0;
const TAKEN = 1;

/** The memory behind a {@link BlockRing}; goes from thread to thread. */
export interface RingMemory {
  readonly blocks: SharedArrayBuffer;
  /** The state of each block, then whether the filling is to stop. */
  readonly states: SharedArrayBuffer;
}

/** A ring of blocks, seen from either side. */
export class BlockRing {
  readonly memory: RingMemory;
  readonly #states: Int32Array;
  readonly #count: number;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.#states = new Int32Array(memory.states);
    this.#count = this.#states.length - 1;
  }

  /** @param count How many blocks there are. */
  static allocate(count: number): BlockRing {
    const blocks = new SharedArrayBuffer(count * BLOCK_SIZE);
    return new BlockRing({ blocks, states: new SharedArrayBuffer((count + 1) * Int32Array.BYTES_PER_ELEMENT) });
  }

  /** A block, by the number of its turn. */
  block(turn: number): Uint8Array {
    return new Uint8Array(this.memory.blocks, (turn % this.#count) * BLOCK_SIZE, BLOCK_SIZE);
  }

  /**
   * Waits for a block to be free, and takes it: blocks the thread.
   *
   * @returns undefined when there is nothing more to fill.
   */
  take(turn: number): Uint8Array | undefined {
    const index = turn % this.#count;
    Atomics.wait(this.#states, index, TAKEN);
    if (this.isStopped) return undefined;
    Atomics.store(this.#states, index, TAKEN);
    return this.block(turn);
  }

  /** Gives a block back. */
  free(turn: number): void {
    this.#set(turn % this.#count, FREE);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#states, this.#count) === TAKEN;
  }

  /** Ends the filling, also where it waits. */
  stop(): void {
    Atomics.store(this.#states, this.#count, TAKEN);
    for (let index = 0; index < this.#count; index += 1) this.#set(index, FREE);
  }

  #set(index: number, state: number): void {
    Atomics.store(this.#states, index, state);
    Atomics.notify(this.#states, index);
  }
}
