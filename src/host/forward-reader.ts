/** Reads a file from front to back through fixed buffers. */
import type { OpenFile } from './fs.js';

/** What {@link ForwardReader} reads at once. */
export interface ForwardReaderOptions {
  /** Bytes of one read. */
  readonly blockSize: number;
  /** Memory for two blocks of that size. Defaults to some that is made when it is needed. */
  readonly blocks?: readonly Uint8Array[] | undefined;
  /** Whether the next block is read while the caller works on the current one. */
  readonly readAhead: boolean;
}

interface Block {
  readonly buffer: Uint8Array;
  start: number;
  /** Bytes that are there. */
  length: number;
}

/** Gives the bytes of a file in pieces; memory is two blocks at most. */
export class ForwardReader {
  readonly #file: OpenFile;
  readonly #options: ForwardReaderOptions;
  #current: Block;
  #next: Block | undefined;
  /** File offset after the last byte ever read. */
  #frontier = 0;
  /** The read that fills {@link #next}. */
  #ahead: Promise<void> | undefined;

  constructor(file: OpenFile, options: ForwardReaderOptions) {
    this.#file = file;
    this.#options = options;
    this.#current = this.#block(0);
  }

  /**
   * The bytes from `position` on, up to `end` or the end of a block, whichever comes first. They stay as they are until the next
   * call.
   *
   * @throws What the file system throws; `EIO` when the file ends before `end`
   */
  async piece(position: number, end: number): Promise<Uint8Array> {
    if (!holds(this.#current, position)) await this.#moveTo(position, end);
    const { buffer, start, length } = this.#current;
    if (length <= position - start) {
      throw Object.assign(new Error('EIO: the file was truncated while it was read'), { code: 'EIO' });
    }
    return buffer.subarray(position - start, Math.min(length, end - start));
  }

  /** Waits for the read that is under way, so that the file may be closed. */
  async settle(): Promise<void> {
    await this.#ahead?.catch(() => {});
  }

  async #moveTo(position: number, end: number): Promise<void> {
    const { blockSize, readAhead } = this.#options;
    // Where it failed, the bytes are asked for once more, when they are wanted at all.
    await this.settle();
    this.#ahead = undefined;
    if (this.#next !== undefined && holds(this.#next, position)) {
      [this.#current, this.#next] = [this.#next, this.#current];
    } else {
      // Behind the frontier no more is read than was asked for: whatever the order, no byte is read twice for another's sake.
      // Blocks end at multiples of their size, so that whole pages are read to whole pages.
      const most = blockSize - (position % blockSize);
      await this.#fill(this.#current, position, position < this.#frontier ? Math.min(most, end - position) : most);
    }
    const blockEnd = this.#current.start + this.#current.length;
    // A block that ends elsewhere was cut short, by the end of the file or by what was asked for.
    if (!readAhead || blockEnd % blockSize !== 0 || blockEnd < this.#frontier) return;
    this.#next ??= this.#block(1);
    this.#ahead = this.#fill(this.#next, blockEnd, blockSize);
    // Without this, a failure would be an unhandled rejection until somebody waits.
    this.#ahead.catch(() => {});
  }

  async #fill(block: Block, position: number, most: number): Promise<void> {
    const { buffer } = block;
    block.start = position;
    block.length = 0;
    while (block.length < most) {
      const at = position + block.length;
      const { bytesRead } = await this.#file.read(buffer, block.length, most - block.length, at);
      if (bytesRead === 0) return;
      block.length += bytesRead;
      this.#frontier = Math.max(this.#frontier, at + bytesRead);
    }
  }

  #block(index: number): Block {
    const { blockSize, blocks } = this.#options;
    return { buffer: blocks?.[index] ?? new Uint8Array(blockSize), start: 0, length: 0 };
  }
}

function holds({ start, length }: Block, position: number): boolean {
  return position >= start && position < start + length;
}
