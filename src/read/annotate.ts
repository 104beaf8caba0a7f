/** Bytes with their meaning: the hex around a place of an artifact. */
import { locatePointers } from '../codec/locate.js';
import { PRELUDE_FIELDS, PRELUDE_SIZE } from '../format.js';

/** One row of annotated hex. */
export interface HexRow {
  /** File offset of the first byte. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** What the bytes are. */
  readonly label: string;
}

const ROW = 16;
const ROWS_AROUND = 1;

/** A place of an artifact, as diagnostics and vectors name it. */
export interface AnnotatedPlace {
  /** JSON pointer into the header. */
  readonly pointer?: string | undefined;
  /** Byte in the file. */
  readonly offset?: number | undefined;
}

/** The rows around a place: prelude fields by name, header, padding and payload region by their bounds. */
export function hexAround(bytes: Uint8Array, place: AnnotatedPlace): HexRow[] {
  const offset = Math.min(offsetOf(bytes, place), Math.max(0, bytes.length - 1));
  if (offset < PRELUDE_SIZE) return preludeRows(bytes, offset);
  const first = Math.max(PRELUDE_SIZE, offset - (offset % ROW) - ROWS_AROUND * ROW);
  return Array.from({ length: 2 * ROWS_AROUND + 1 }, (_, i) => first + i * ROW)
    .filter((start) => start < bytes.length)
    .map((start) => {
      const isHere = offset >= start && offset < start + ROW;
      const label = `${partOf(bytes, start)}${isHere ? `, byte ${offset}${nameOf(place)}` : ''}`;
      return { offset: start, bytes: bytes.subarray(start, start + ROW), label };
    });
}

function preludeRows(bytes: Uint8Array, offset: number): HexRow[] {
  return PRELUDE_FIELDS.filter(({ at }) => at < bytes.length).map(({ at, width, name }) => {
    const isHere = offset >= at && offset < at + width;
    return { offset: at, bytes: bytes.subarray(at, at + width), label: isHere ? `${name}, byte ${offset}` : name };
  });
}

function nameOf({ pointer }: AnnotatedPlace): string {
  return pointer === undefined || pointer === '' ? '' : ` ${pointer}`;
}

/** The byte of a place: its own, else that of the value that its pointer names. */
function offsetOf(bytes: Uint8Array, { pointer, offset }: AnnotatedPlace): number {
  if (offset !== undefined) return offset;
  if (pointer === undefined || bytes.length <= PRELUDE_SIZE) return 0;
  try {
    return PRELUDE_SIZE + (locatePointers(headerOf(bytes), [pointer]).get(pointer) ?? 0);
  } catch {
    // A header that is no JSON has no places: its beginning has to do.
    return PRELUDE_SIZE;
  }
}

function headerOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(PRELUDE_SIZE, headerEnd(bytes));
}

function headerEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Math.min(bytes.length, PRELUDE_SIZE + view.getUint32(8, true));
}

function partOf(bytes: Uint8Array, offset: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const payloadOffset = view.getBigUint64(12, true);
  if (offset < headerEnd(bytes)) return 'header';
  return BigInt(offset) < payloadOffset ? 'padding' : `payload region + ${BigInt(offset) - payloadOffset}`;
}
