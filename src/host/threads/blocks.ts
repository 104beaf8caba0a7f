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

/** Words of the first page: whose turn it is to do what is done in the order of the output; the next block to claim; then who has each block. */
const TURNS = { hash: 0, write: 1 } as const;
const CLAIM = 2;
const FIRST_BLOCK = 3;

/** How often a turn is looked for, a tenth of a millisecond in all, before the thread is put to sleep: to wake it takes most of that. */
const LOOKS = 20_000;

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
   * Claims the next of some blocks of the output: each goes to one only.
   *
   * @param from The turn of the first; those before it were claimed, or never are.
   * @param end The turn behind the last.
   * @returns Its turn; undefined when all have gone.
   */
  claim(from: number, end: number): number | undefined {
    for (let next = this.#load(CLAIM); ; ) {
      const turn = Math.max(from, next);
      if (turn >= end) return undefined;
      const found = Atomics.compareExchange(this.#words, CLAIM, next, turn + 1);
      if (found === next) return turn;
      next = found;
    }
  }

  /**
   * Waits for the turn to do what is done in turns.
   *
   * @param patience For how long at most, in milliseconds. Defaults to as long as it takes.
   * @returns Whether all turns before it are over.
   */
  awaitTurn(kind: keyof typeof TURNS, turn: number, patience = Number.POSITIVE_INFINITY): boolean {
    const word = TURNS[kind];
    for (let i = 0; i < LOOKS; i += 1) if (this.#load(word) === turn) return true;
    for (let now = this.#load(word); now !== turn; now = this.#load(word)) {
      if (Atomics.wait(this.#words, word, now, patience) === 'timed-out') return false;
    }
    return true;
  }

  /** Ends a turn that was waited for: the next one comes. */
  endTurn(kind: keyof typeof TURNS, turn: number): void {
    this.#set(TURNS[kind], turn + 1);
  }

  #load(word: number): number {
    return Atomics.load(this.#words, word);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, word, value);
    Atomics.notify(this.#words, word);
  }
}
