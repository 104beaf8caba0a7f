/**
 * Reads text that claims to be canonical, some items of a list at a time: each portion is parsed, read, written out again and compared with the
 * bytes. What was parsed is garbage while it is young, however long the list is.
 */
import { CanonicalWriter } from './canonical-writer.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Measured: a portion this long stays in the processor's cache until it is compared. */
const PORTION_BYTES = 32_768;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text is not canonical, or not right; whoever wants to know why looks for himself. */
export class NotCanonical extends Error {}

/** A place in a text, and what has been read before it. */
export class CanonicalReader {
  readonly #bytes: Uint8Array;
  readonly #again = new CanonicalWriter();
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * Passes over a text.
   *
   * @param text ASCII.
   * @throws NotCanonical it does not stand here
   */
  expect(text: string): void {
    for (let i = 0; i < text.length; i += 1) {
      if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) throw new NotCanonical();
    }
    this.#at += text.length;
  }

  /**
   * Passes over a list.
   *
   * @param depth How deep an item may nest.
   * @param read Makes an item of a parsed value; undefined when something is wrong with it.
   * @param write Writes an item.
   * @throws NotCanonical; SyntaxError, TypeError it is no JSON, or no UTF-8; and what `write` throws
   */
  list<T>(
    depth: number,
    read: (value: unknown, index: number) => T | undefined,
    write: (to: CanonicalWriter, item: T) => void,
  ): T[] {
    const items: T[] = [];
    this.expect('[');
    if (this.#bytes[this.#at] === CLOSE_LIST) {
      this.expect(']');
      return items;
    }
    for (let isOver = false; !isOver; this.#at += 1) {
      const end = endOfItems(this.#bytes, this.#at, PORTION_BYTES, depth);
      const text = decoder.decode(this.#bytes.subarray(this.#at, end));
      this.#again.clear();
      for (const value of JSON.parse(`[${text}]`) as unknown[]) {
        const item = read(value, items.length);
        if (item === undefined) throw new NotCanonical();
        items.push(item);
        if (this.#again.length > 0) this.#again.byte(COMMA);
        write(this.#again, item);
      }
      // A portion without an item stands behind a comma too many.
      if (this.#again.length === 0 || !this.#again.isAt(this.#bytes, this.#at, end)) throw new NotCanonical();
      this.#at = end;
      isOver = this.#bytes[end] === CLOSE_LIST;
    }
    return items;
  }

  /** @throws NotCanonical something follows */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new NotCanonical();
  }
}

/**
 * Where items of a list end: at the comma after the first ones of at least so many bytes, or at the bracket that closes the list. Nothing is built
 * before it is known how deep it nests: `JSON.parse` needs 50 bytes for each open bracket, and 20 GB for a header that consists of them.
 *
 * @param from The first byte of an item.
 * @param depth How deep the items may nest.
 * @throws NotCanonical they nest deeper, or do not end so
 */
export function endOfItems(bytes: Uint8Array, from: number, least: number, depth: number): number {
  let open = 0;
  for (let i = from; i < bytes.length; i += 1) {
    const c = bytes[i] as number;
    if (c === QUOTE) {
      // To the quote that ends the string. Strings are short: a loop is quicker than a search.
      for (i += 1; i < bytes.length && bytes[i] !== QUOTE; i += 1) if (bytes[i] === BACKSLASH) i += 1;
    } else if (c === OPEN_LIST || c === OPEN_OBJECT) {
      open += 1;
      if (open > depth) break;
    } else if (c === CLOSE_LIST || c === CLOSE_OBJECT) {
      if (open > 0) open -= 1;
      else if (c === CLOSE_LIST) return i;
      else break;
    } else if (c === COMMA && open === 0 && i - from >= least) return i;
  }
  throw new NotCanonical();
}
