/**
 * The canonical form of JSON (H2-H6): RFC 8785 order and escapes, integers only, bounded depth.
 */
import { fault } from '../errors.js';
import { DEPTH_MAX, type JsonObject, type JsonValue } from '../format.js';
import { INTEGER_RANGE, isPlainObject, NOT_A_NUMBER } from './json-tree.js';

// What RFC 8785 escapes, and surrogates, which may be alone; everything else stands as it is (H3).
// biome-ignore lint/suspicious/noControlCharactersInRegex: H3 names the control characters
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The value itself, as a JSON pointer. */
const HERE = { pointer: '' };

/**
 * The canonical text of a value.
 *
 * @param level Nesting level of the value itself: containers below {@link DEPTH_MAX} are refused (H6). Defaults to 0.
 * @throws AssetsPaError `HEADER_NUMBER`, `HEADER_STRING`, `HEADER_TOO_DEEP`
 * @throws TypeError for what is no JSON value
 */
export function canonicalText(value: JsonValue, level = 0): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
    case 'bigint':
      return canonicalInteger(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (level > DEPTH_MAX) throw fault('HEADER_TOO_DEEP', { what: `nesting passes level ${DEPTH_MAX}`, where: HERE });
      if (Array.isArray(value)) return arrayText(value, level);
      if (isPlainObject(value)) return objectText(value as JsonObject, level);
  }
  throw new TypeError(`no JSON value: ${Object.prototype.toString.call(value)}`);
}

/**
 * The canonical text of a string (H3).
 *
 * @throws AssetsPaError `HEADER_STRING`: a lone surrogate
 */
export function canonicalString(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw fault('HEADER_STRING', { what: 'a string holds a lone surrogate', where: HERE });
  // ECMAScript's quoting of well-formed strings is RFC 8785's (its section 3.2.2.2).
  return JSON.stringify(text);
}

/**
 * The canonical text of an integer (H4); negative zero becomes `0`.
 *
 * @throws AssetsPaError `HEADER_NUMBER`: not an integer, or beyond +-(2^53 - 1)
 */
export function canonicalInteger(value: number | bigint): string {
  if (!Number.isSafeInteger(typeof value === 'bigint' ? Number(value) : value)) {
    throw fault('HEADER_NUMBER', {
      what: NOT_A_NUMBER,
      where: HERE,
      expected: INTEGER_RANGE,
      actual: value,
    });
  }
  return String(value);
}

function arrayText(array: readonly JsonValue[], level: number): string {
  let text = '[';
  for (let i = 0; i < array.length; i += 1) {
    text += (i === 0 ? '' : ',') + canonicalText(array[i] as JsonValue, level + 1);
  }
  return `${text}]`;
}

function isEmpty(object: JsonObject): boolean {
  for (const _ in object) return false;
  return true;
}

function objectText(object: JsonObject, level: number): string {
  if (isEmpty(object)) return '{}';
  const names = Object.keys(object);
  // The default sort compares UTF-16 code units: H3.
  if (names.length > 1) names.sort();
  let text = '{';
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    text += `${(i === 0 ? '' : ',') + canonicalString(name)}:${canonicalText(object[name] as JsonValue, level + 1)}`;
  }
  return `${text}}`;
}

/**
 * The canonical text of an object in pieces: the items of its arrays one by one, so that a large document never becomes one string.
 *
 * @param level As for {@link canonicalText}.
 */
export function* canonicalPieces(object: JsonObject, level = 0): Generator<string, void, undefined> {
  let separator = '{';
  for (const name of Object.keys(object).sort()) {
    yield `${separator}${canonicalString(name)}:`;
    separator = ',';
    const value = object[name] as JsonValue;
    if (!Array.isArray(value)) yield canonicalText(value, level + 1);
    else {
      yield '[';
      for (const [i, item] of value.entries()) yield (i === 0 ? '' : ',') + canonicalText(item, level + 2);
      yield ']';
    }
  }
  yield separator === '{' ? '{}' : '}';
}

const CHUNK_UNITS = 32_768;
const encoder = new TextEncoder();
/** Room for what a chunk takes at most, when it is one by its length: made once, not for each chunk. */
const scratch = new Uint8Array(6 * CHUNK_UNITS);

function encode(text: string): Uint8Array {
  if (3 * text.length > scratch.length) return encoder.encode(text);
  return scratch.slice(0, encoder.encodeInto(text, scratch).written);
}

/**
 * Joins pieces of canonical text into chunks of UTF-8 of about 32 KiB, so that a large document never becomes one
 * string. A piece must not end inside a surrogate pair.
 */
export function* encodeChunks(pieces: Iterable<string>): Generator<Uint8Array, void, undefined> {
  let pending = '';
  for (const piece of pieces) {
    pending += piece;
    if (pending.length < CHUNK_UNITS) continue;
    yield encode(pending);
    pending = '';
  }
  if (pending !== '') yield encode(pending);
}

/** Total length of chunks, in bytes. */
export function chunksLength(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((length, chunk) => length + chunk.length, 0);
}

/** One array of all chunks. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunksLength(chunks));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
