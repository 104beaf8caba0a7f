/**
 * The canonical form of JSON (H2-H6), written as the bytes that it is: RFC 8785 order and escapes, integers only, bounded depth.
 */
import { fault } from '../errors.js';
import { DEPTH_MAX, type JsonObject, type JsonValue } from '../format.js';
import { INTEGER_RANGE, isPlainObject, NOT_A_NUMBER } from './json-tree.js';
import type { Steps } from './steps.js';

const QUOTE = 0x22;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes from which a writer is full. */
const CHUNK_BYTES = 32_768;
/** Room of a writer: for what makes it full, unless that is long. */
const ROOM = 2 * CHUNK_BYTES;
/** Longer strings are quicker written by the engine's own code than unit by unit. */
const SHORT_UNITS = 64;
/** As many digits as 32-bit arithmetic holds. */
const DIGITS = 9;
const DIGITS_LIMIT = 10 ** DIGITS;

const encoder = new TextEncoder();
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((each) => encoder.encode(each)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value itself, as a JSON pointer. */
const HERE = { pointer: '' };

/** Writes a text, and pauses whenever {@link CanonicalWriter.isFull}; who runs it then empties the writer. */
export type Writing = (to: CanonicalWriter) => Steps<void>;

/** Canonical text as it grows, in one array of bytes that is used again. */
export class CanonicalWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** @param room Bytes that fit before the array has to grow. */
  constructor(room: number = ROOM) {
    this.#bytes = new Uint8Array(room);
  }

  /** Bytes written since the writer was last emptied. */
  get length(): number {
    return this.#length;
  }

  /** 32 KiB or more were written. */
  get isFull(): boolean {
    return this.#length >= CHUNK_BYTES;
  }

  /** Empties the writer. */
  clear(): void {
    this.#length = 0;
    // One long value must not hold its room for ever.
    if (this.#bytes.length > ROOM) this.#bytes = new Uint8Array(ROOM);
  }

  /** Takes what was written, as bytes of the caller's own, and empties the writer. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length);
    this.clear();
    return bytes;
  }

  /** What was written. */
  toString(): string {
    return decoder.decode(this.#bytes.subarray(0, this.#length));
  }

  /** Whether what was written is what stands in an array, from one index up to another. */
  isAt(bytes: Uint8Array, from: number, end: number): boolean {
    const own = this.#bytes;
    const length = this.#length;
    if (end - from !== length) return false;
    for (let i = 0; i < length; i += 1) if (own[i] !== bytes[from + i]) return false;
    return true;
  }

  /** Writes canonical text as it is. */
  text(bytes: Uint8Array): void {
    this.#room(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The same for text that is written once. */
  ascii(text: string): void {
    this.text(encoder.encode(text));
  }

  /**
   * Writes a value.
   *
   * @param level Nesting level of the value itself: containers below {@link DEPTH_MAX} are refused (H6).
   * @throws AssetsPaError `HEADER_NUMBER`, `HEADER_STRING`, `HEADER_TOO_DEEP`
   * @throws TypeError for what is no JSON value
   */
  value(value: JsonValue, level: number): void {
    if (typeof value === 'string') this.string(value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.integer(value);
    else if (typeof value === 'boolean') this.text(value ? TRUE : FALSE);
    else if (value === null) this.text(NULL);
    else this.#container(value, level);
  }

  #container(value: JsonObject | readonly JsonValue[], level: number): void {
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value)) {
      throw new TypeError(`no JSON value: ${Object.prototype.toString.call(value)}`);
    }
    if (level > DEPTH_MAX) throw fault('HEADER_TOO_DEEP', { what: `nesting passes level ${DEPTH_MAX}`, where: HERE });
    if (isList) this.#array(value, level);
    else this.#object(value as JsonObject, level);
  }

  /**
   * Writes a string (H3).
   *
   * @throws AssetsPaError `HEADER_STRING`: a lone surrogate
   */
  string(text: string): void {
    if (text.length > SHORT_UNITS || !this.#short(text)) this.#quoted(text);
  }

  /** Writes a string that needs no care, unit by unit; of another it writes nothing, and says so. */
  #short(text: string): boolean {
    const { length } = text;
    const bytes = this.#room(3 * length + 2);
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i += 1) {
      const c = text.charCodeAt(i);
      if (c < 0x80) {
        // What RFC 8785 escapes.
        if (c < 0x20 || c === QUOTE || c === BACKSLASH) return false;
        bytes[at++] = c;
      } else if (c < 0x800) {
        bytes[at++] = 0xc0 | (c >> 6);
        bytes[at++] = 0x80 | (c & 0x3f);
      } else {
        // A surrogate may be alone.
        if (c >= 0xd800 && c <= 0xdfff) return false;
        bytes[at++] = 0xe0 | (c >> 12);
        bytes[at++] = 0x80 | ((c >> 6) & 0x3f);
        bytes[at++] = 0x80 | (c & 0x3f);
      }
    }
    bytes[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  /**
   * Writes an integer (H4); negative zero becomes `0`.
   *
   * @throws AssetsPaError `HEADER_NUMBER`: not an integer, or beyond +-(2^53 - 1)
   */
  integer(value: number | bigint): void {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (!Number.isSafeInteger(number)) {
      throw fault('HEADER_NUMBER', { what: NOT_A_NUMBER, where: HERE, expected: INTEGER_RANGE, actual: value });
    }
    if (number < 0) this.byte(MINUS);
    const natural = Math.abs(number);
    if (natural < DIGITS_LIMIT) this.#digits(natural, 1);
    else {
      this.integer(Math.floor(natural / DIGITS_LIMIT));
      this.#digits(natural % DIGITS_LIMIT, DIGITS);
    }
  }

  /** @param least How many digits at least: zeros lead where the number has fewer. */
  #digits(number: number, least: number): void {
    let count = least;
    for (let limit = 10 ** least; limit <= number; limit *= 10) count += 1;
    const bytes = this.#room(count);
    const start = this.#length;
    this.#length += count;
    let rest = number | 0;
    for (let at = this.#length - 1; at >= start; at -= 1) {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - 10 * next;
      rest = next;
    }
  }

  /**
   * Writes an object whose members are always the same.
   *
   * @param texts As {@link memberTexts} gives them.
   * @param values One for each name; free objects among them are at level 0.
   */
  members(texts: readonly Uint8Array[], values: readonly JsonValue[]): void {
    // One place that calls: eight of them took five times as long to compile, which is what a short run waits for.
    for (let i = 0; i < values.length; i += 1) {
      this.text(texts[i] as Uint8Array);
      this.value(values[i] as JsonValue, 0);
    }
    this.byte(CLOSE_OBJECT);
  }

  #array(array: readonly JsonValue[], level: number): void {
    this.byte(OPEN_LIST);
    for (let i = 0; i < array.length; i += 1) {
      if (i > 0) this.byte(COMMA);
      this.value(array[i] as JsonValue, level + 1);
    }
    this.byte(CLOSE_LIST);
  }

  #object(object: JsonObject, level: number): void {
    const names = sortedNames(object);
    this.byte(OPEN_OBJECT);
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i] as string;
      if (i > 0) this.byte(COMMA);
      this.string(name);
      this.byte(COLON);
      this.value(object[name] as JsonValue, level + 1);
    }
    this.byte(CLOSE_OBJECT);
  }

  /** A string of any kind. */
  #quoted(text: string): void {
    if (!text.isWellFormed()) throw fault('HEADER_STRING', { what: 'a string holds a lone surrogate', where: HERE });
    // ECMAScript's quoting of well-formed strings is RFC 8785's (its section 3.2.2.2).
    this.text(encoder.encode(JSON.stringify(text)));
  }

  /** Writes a bracket, a comma, a colon, a sign. */
  byte(byte: number): void {
    this.#room(1)[this.#length] = byte;
    this.#length += 1;
  }

  /** The array, with room for so many bytes more. */
  #room(count: number): Uint8Array {
    const needed = this.#length + count;
    return needed <= this.#bytes.length ? this.#bytes : this.#grow(needed);
  }

  #grow(needed: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    return bytes;
  }
}

/** The names of an object in order of their UTF-16 code units, which is how the default sort compares (H3). */
function sortedNames(object: JsonObject): string[] {
  const names = Object.keys(object);
  for (let i = 1; i < names.length; i += 1) if ((names[i - 1] as string) > (names[i] as string)) return names.sort();
  return names;
}

/**
 * The canonical text of a value.
 *
 * @param level As for {@link CanonicalWriter.value}. Defaults to 0.
 * @throws AssetsPaError `HEADER_NUMBER`, `HEADER_STRING`, `HEADER_TOO_DEEP`
 * @throws TypeError for what is no JSON value
 */
export function canonicalText(value: JsonValue, level = 0): string {
  const to = new CanonicalWriter(256);
  to.value(value, level);
  return to.toString();
}

/**
 * Writes an object whose arrays may be long: it may pause behind each of their items.
 *
 * @param level As for {@link CanonicalWriter.value}. Defaults to 0.
 */
export function* writeDocument(to: CanonicalWriter, object: JsonObject, level = 0): Steps<void> {
  to.byte(OPEN_OBJECT);
  for (const [i, name] of sortedNames(object).entries()) {
    if (i > 0) to.byte(COMMA);
    to.string(name);
    to.byte(COLON);
    const value = object[name] as JsonValue;
    if (!Array.isArray(value)) to.value(value, level + 1);
    else yield* writeList(to, value as readonly JsonValue[], (item) => to.value(item, level + 2));
    if (to.isFull) yield;
  }
  to.byte(CLOSE_OBJECT);
}

/**
 * Writes a list; may pause behind each of its items.
 *
 * @param write Writes an item.
 */
export function* writeList<T>(
  to: CanonicalWriter,
  items: Iterable<T>,
  write: (item: T, index: number) => void,
): Steps<void> {
  to.byte(OPEN_LIST);
  let i = 0;
  for (const item of items) {
    if (i > 0) to.byte(COMMA);
    write(item, i);
    i += 1;
    if (to.isFull) yield;
  }
  to.byte(CLOSE_LIST);
}

/** A text as chunks of about 32 KiB, or more where one item is longer; whoever takes them may keep them. */
export function* canonicalChunks(write: Writing): Generator<Uint8Array, void, undefined> {
  const to = new CanonicalWriter();
  for (const _ of write(to)) yield to.take();
  if (to.length > 0) yield to.take();
}

/** The length of a text in bytes, in steps: as {@link canonicalChunks}, without the chunks. */
export function* canonicalLength(write: Writing): Steps<number> {
  const to = new CanonicalWriter();
  let length = 0;
  for (const _ of write(to)) {
    length += to.length;
    to.clear();
    yield;
  }
  return length + to.length;
}
