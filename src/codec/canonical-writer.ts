/**
 * The canonical form of JSON (H2-H6), written as the bytes that it is: RFC 8785 order and escapes, integers only, bounded depth.
 */
import { fault } from '../errors.js';
import { DEPTH_MAX, type JsonObject, type JsonValue } from '../format.js';
import { INTEGER_RANGE, isPlainObject, NOT_A_NUMBER } from './json-tree.js';

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
/** Longer strings are left to the engine's own code. */
const SHORT_UNITS = 64;
/** As many digits as 32-bit arithmetic holds. */
const DIGITS = 9;
const DIGITS_LIMIT = 10 ** DIGITS;

const encoder = new TextEncoder();
const TRUE = encoder.encode('true');
const FALSE = encoder.encode('false');
const NULL = encoder.encode('null');
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value itself, as a JSON pointer. */
const HERE = { pointer: '' };

/** A member of an object whose members are always the same. */
export interface FixedMember {
  /** What stands before the value: a bracket or a comma, the name, a colon. */
  readonly before: Uint8Array;
  /** Nothing but an integer is a value of it. */
  readonly isInteger: boolean;
}

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
    const length = this.#length;
    if (end - from !== length) return false;
    const own = viewOf(this.#bytes);
    const other = viewOf(bytes);
    let i = 0;
    for (; i < length - 3; i += 4) if (own.getInt32(i) !== other.getInt32(from + i)) return false;
    for (; i < length; i += 1) if (own.getInt8(i) !== other.getInt8(from + i)) return false;
    return true;
  }

  /** Writes a byte of ASCII. */
  byte(byte: number): void {
    this.#room(1)[this.#length] = byte;
    this.#length += 1;
  }

  /** Writes canonical text as it is. */
  text(bytes: Uint8Array): void {
    this.#room(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The same, for text of ASCII that is written once. */
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
    const type = typeof value;
    if (type === 'string') this.string(value as string);
    else if (type === 'number' || type === 'bigint') this.integer(value as number | bigint);
    else if (type === 'boolean') this.text(value ? TRUE : FALSE);
    else if (value === null) this.text(NULL);
    else this.#container(value, level);
  }

  /**
   * Writes an object whose members are always the same.
   *
   * @param values One for each member; free objects among them are at level 0.
   * @throws As {@link value}; what is no integer where one belongs is `HEADER_NUMBER`
   */
  members(members: readonly FixedMember[], values: readonly JsonValue[]): void {
    // In a loop: a call for each member took twice as long to compile, and that is what a short run does most of the time.
    for (let i = 0; i < members.length; i += 1) {
      const { before, isInteger } = members[i] as FixedMember;
      this.text(before);
      if (isInteger) this.integer(values[i] as number);
      else this.value(values[i] as JsonValue, 0);
    }
    this.byte(CLOSE_OBJECT);
  }

  /**
   * Writes a string (H3).
   *
   * @throws AssetsPaError `HEADER_STRING`: a lone surrogate
   */
  string(text: string): void {
    if (text.length <= SHORT_UNITS && this.#plain(text)) return;
    this.text(encoder.encode(canonicalString(text)));
  }

  /** Writes a string without escapes and surrogates; returns false, and writes nothing, where it has some. */
  #plain(text: string): boolean {
    const { length } = text;
    const bytes = this.#room(3 * length + 2);
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i += 1) {
      const c = text.charCodeAt(i);
      if (c < 0x80) {
        // RFC 8785 escapes these.
        if (c < 0x20 || c === QUOTE || c === BACKSLASH) return false;
        bytes[at++] = c;
      } else if (c < 0x800) {
        bytes[at++] = 0xc0 | (c >> 6);
        bytes[at++] = 0x80 | (c & 0x3f);
      } else {
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

  /** @param value What is nothing else. */
  #container(value: unknown, level: number): void {
    if (typeof value === 'object' && level > DEPTH_MAX) {
      throw fault('HEADER_TOO_DEEP', { what: `nesting passes level ${DEPTH_MAX}`, where: HERE });
    }
    if (Array.isArray(value)) this.#array(value, level);
    else if (isPlainObject(value)) this.#object(value as JsonObject, level);
    else throw new TypeError(`no JSON value: ${Object.prototype.toString.call(value)}`);
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

/** A string of any kind, quoted. */
function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw fault('HEADER_STRING', { what: 'a string holds a lone surrogate', where: HERE });
  // ECMAScript's quoting of well-formed strings is RFC 8785's (its section 3.2.2.2).
  return JSON.stringify(text);
}

/** For comparing four bytes at once: byte by byte it was 5% of decoding a header, so it is 2%. */
function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** The names of an object in order of their UTF-16 code units, which is how the default sort compares (H3). */
export function sortedNames(object: JsonObject): string[] {
  const names = Object.keys(object);
  for (let i = 1; i < names.length; i += 1) if ((names[i - 1] as string) > (names[i] as string)) return names.sort();
  return names;
}
