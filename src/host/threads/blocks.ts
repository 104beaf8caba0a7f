/** The memory that the threads of a pack share: blocks of the output, the digests that they go on with in turn, and whose turn it is. */
import { PAGE, type SharedMemory, SharedXxh64, STATE_SIZE } from '../xxh64-state.js';

/** Measured: 1 MiB blocks reach the machine's copy speed, smaller ones do not, larger ones only cost memory. */
export const BLOCK_SIZE = 1_048_576;

/** Blocks of whoever starts the threads: one is filled while what was in the other is taken. */
export const OWN_BLOCKS = 2;

/** Behind each block is room to read more than there should be. Blocks begin at multiples of it, and so of the machine's pages. */
const STRIDE = BLOCK_SIZE + PAGE;
/** What is no block stands in the first page. */
const BLOCKS_AT = PAGE;
const DIGESTS_AT = 4_096;

/** Who has a block. */
const FREE = 0;
const TAKEN = 1;

/** Words of the first page: whose turn it is to do what is done in the order of the output; then who has each block. */
const TURNS = { hash: 0, write: 1 } as const;
const FIRST_BLOCK = Object.keys(TURNS).length;

/** Blocks, digests and turns, as each thread sees them. Whoever waits here blocks its thread. */
export class SharedBlocks {
  readonly memory: SharedMemory;
  /** XXH64 of the output. */
  readonly output: SharedXxh64;
  /** XXH64 of the one payload that is longer than a block and being read. */
  readonly payload: SharedXxh64;
  readonly #words: Int32Array;

  /** @param memory What {@link SharedBlocks.allocate} has made. */
  constructor(memory: SharedMemory) {
    this.memory = memory;
    this.output = new SharedXxh64(memory, DIGESTS_AT);
    this.payload = new SharedXxh64(memory, DIGESTS_AT + STATE_SIZE);
    this.#words = new Int32Array(memory.buffer, 0, DIGESTS_AT / Int32Array.BYTES_PER_ELEMENT);
  }

  /** @param count How many blocks there are. */
  static allocate(count: number): SharedBlocks {
    const pages = (BLOCKS_AT + count * STRIDE) / PAGE;
    return new SharedBlocks(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
  }

  /** @param room Bytes behind the block that are wanted too. Defaults to none. */
  block(index: number, room = 0): Uint8Array {
    return new Uint8Array(this.memory.buffer, BLOCKS_AT + index * STRIDE, BLOCK_SIZE + room);
  }

  /**
   * Waits for one of some blocks to be free, and takes it.
   *
   * @param blocks By index; the one whose use was longest ago first.
   */
  take(blocks: readonly number[]): number {
    // The block that was used last is still in the processor's cache.
    const index = blocks.findLast((each) => this.#load(FIRST_BLOCK + each) === FREE) ?? (blocks[0] as number);
    Atomics.wait(this.#words, FIRST_BLOCK + index, TAKEN);
    Atomics.store(this.#words, FIRST_BLOCK + index, TAKEN);
    return index;
  }

  /** Gives a block back. */
  free(index: number): void {
    this.#set(FIRST_BLOCK + index, FREE);
  }

  /**
   * Does what is done in turns: after all turns before it, and before all others.
   *
   * @throws What `work` throws; then nobody's turn comes any more.
   */
  inTurn<T>(kind: keyof typeof TURNS, turn: number, work: () => T): T {
    const word = TURNS[kind];
    for (let now = this.#load(word); now !== turn; now = this.#load(word)) Atomics.wait(this.#words, word, now);
    const result = work();
    this.#set(word, turn + 1);
    return result;
  }

  #load(word: number): number {
    return Atomics.load(this.#words, word);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, word, value);
    Atomics.notify(this.#words, word);
  }
}
