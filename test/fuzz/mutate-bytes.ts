/** Changes to bytes that know nothing of what they change. Texts here have a character per byte. */
import type { Random } from './random.ts';

const INTERESTING = [
  0, 1, 7, 8, 9, 10, 13, 15, 16, 31, 32, 34, 44, 58, 91, 92, 93, 123, 125, 127, 128, 191, 192, 224, 237, 239, 240, 244,
  255,
];
/** Longest piece that is taken out, repeated or moved at once. */
const PIECE_MAX = 24;

/** What changes may draw on beside the text itself. */
export interface Material {
  /** Texts that mean something to the target. */
  readonly tokens: readonly string[];
  /** Another input. */
  readonly other: string;
}

type Change = (random: Random, text: string, material: Material) => string;

const changes: readonly Change[] = [
  (random, text) => put(text, random.int(text.length), 1, String.fromCharCode(random.pick(INTERESTING))),
  (random, text) => put(text, random.int(text.length), 1, String.fromCharCode(random.int(256))),
  (random, text) => {
    const at = random.int(text.length);
    return put(text, at, 1, String.fromCharCode((text.charCodeAt(at) ^ (1 << random.int(8))) & 0xff));
  },
  (random, text) => put(text, random.int(text.length + 1), 0, String.fromCharCode(random.pick(INTERESTING))),
  (random, text) => put(text, random.int(text.length), 1 + random.int(PIECE_MAX), ''),
  (random, text) => put(text, random.int(text.length + 1), 0, piece(random, text)),
  (random, text) => put(text, random.int(text.length), 1 + random.int(PIECE_MAX), piece(random, text)),
  (random, text, { tokens }) => put(text, random.int(text.length + 1), 0, random.pick(tokens)),
  (random, text, { tokens }) => put(text, random.int(text.length), 1 + random.int(4), random.pick(tokens)),
  (random, text, { other }) => put(text, random.int(text.length + 1), 0, piece(random, other)),
  // The beginning of one and the end of the other.
  (random, text, { other }) => text.slice(0, random.int(text.length + 1)) + other.slice(random.int(other.length + 1)),
  (random, text) => text.slice(0, random.int(text.length + 1)),
];

/** One change of some bytes. */
export function mutateBytes(random: Random, text: string, material: Material): string {
  return random.pick(changes)(random, text, material);
}

/** Replaces `length` characters. */
export function put(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length);
}

function piece(random: Random, text: string): string {
  const at = random.int(text.length);
  return text.slice(at, at + 1 + random.int(PIECE_MAX));
}

/** Bytes as a text with a character per byte. */
export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The bytes of such a text. */
export function fromLatin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A text in UTF-8, with a character per byte. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}
