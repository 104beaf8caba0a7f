/** Bytes in chunks. */

const CHUNK_UNITS = 32_768;
const encoder = new TextEncoder();

/**
 * Joins pieces of text into chunks of UTF-8 of about 32 KiB, so that a large document never becomes one string. A piece must not
 * end inside a surrogate pair.
 */
export function* encodeChunks(pieces: Iterable<string>): Generator<Uint8Array, void, undefined> {
  let pending = '';
  for (const piece of pieces) {
    pending += piece;
    if (pending.length < CHUNK_UNITS) continue;
    yield encoder.encode(pending);
    pending = '';
  }
  if (pending !== '') yield encoder.encode(pending);
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
