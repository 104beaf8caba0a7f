/** Canonical text of values, documents and lists (H2-H6), at once or in steps. */
import type { JsonObject, JsonValue } from '../format.js';
import { CanonicalWriter, sortedNames } from './canonical-writer.js';
import type { Steps } from './steps.js';

/** Writes a text, and pauses whenever {@link CanonicalWriter.isFull}; who runs it then empties the writer. */
export type Writing = (to: CanonicalWriter) => Steps<void>;

const COMMA = 0x2c;

/** Most texts that are asked for as one string are short. */
const TEXT_ROOM = 256;

/**
 * The canonical text of a value.
 *
 * @param level As for {@link CanonicalWriter.value}. Defaults to 0.
 * @throws AssetsPaError `HEADER_NUMBER`, `HEADER_STRING`, `HEADER_TOO_DEEP`
 * @throws TypeError for what is no JSON value
 */
export function canonicalText(value: JsonValue, level = 0): string {
  const to = new CanonicalWriter(TEXT_ROOM);
  to.value(value, level);
  return to.toString();
}

/**
 * Writes an object whose arrays may be long: it may pause behind each of their items.
 *
 * @param level As for {@link CanonicalWriter.value}. Defaults to 0.
 */
export function* writeDocument(to: CanonicalWriter, object: JsonObject, level = 0): Steps<void> {
  to.ascii('{');
  for (const [i, name] of sortedNames(object).entries()) {
    if (i > 0) to.ascii(',');
    to.string(name);
    to.ascii(':');
    const value = object[name] as JsonValue;
    if (!Array.isArray(value)) to.value(value, level + 1);
    else yield* writeList(to, value as readonly JsonValue[], (item) => to.value(item, level + 2));
    if (to.isFull) yield;
  }
  to.ascii('}');
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
  const iterator = items[Symbol.iterator]();
  to.ascii('[');
  try {
    for (let i = writeItems(to, iterator, write, 0); i > 0; i = writeItems(to, iterator, write, i)) yield;
  } finally {
    iterator.return?.();
  }
  to.ascii(']');
}

/**
 * Writes items until the writer is full. This is no generator, because the engine compiles a generator's loop again for each list: 15 ms of a pack
 * of 10,000 assets.
 *
 * @returns The index of the next item; 0 when there is none.
 */
function writeItems<T>(
  to: CanonicalWriter,
  iterator: Iterator<T>,
  write: (item: T, index: number) => void,
  from: number,
): number {
  for (let i = from; ; i += 1) {
    if (i > from && to.isFull) return i;
    const next = iterator.next();
    if (next.done) return 0;
    if (i > 0) to.byte(COMMA);
    write(next.value, i);
  }
}

/** A text as chunks of about 32 KiB, or more where one item is longer; whoever takes them may keep them. */
export function* canonicalChunks(write: Writing): Generator<Uint8Array, void, undefined> {
  const to = new CanonicalWriter();
  for (const _ of write(to)) yield to.take();
  if (to.length > 0) yield to.take();
}

/** What {@link measuredText} found. */
export interface MeasuredText {
  /** In bytes. */
  readonly length: number;
  /** The text itself, as {@link canonicalChunks} gives it; absent when it is longer than what may be kept. */
  readonly chunks: readonly Uint8Array[] | undefined;
}

/** Measures a text, in steps, and keeps it up to a length in bytes. */
export function* measuredText(write: Writing, keptMax: number): Steps<MeasuredText> {
  const to = new CanonicalWriter();
  let chunks: Uint8Array[] | undefined = [];
  let length = 0;
  const count = (): void => {
    length += to.length;
    if (length > keptMax) chunks = undefined;
    if (chunks === undefined) to.clear();
    else chunks.push(to.take());
  };
  for (const _ of write(to)) {
    count();
    yield;
  }
  if (to.length > 0) count();
  return { length, chunks };
}
