/** Bytes with their meaning: the hex around a place of an artifact. */
import { locatePointers } from '../codec/locate.js';
import { decodePrelude, type Prelude } from '../codec/prelude.js';
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
  const prelude = decodePrelude(bytes);
  const offset = Math.min(offsetOf(bytes, prelude, place), Math.max(0, bytes.length - 1));
  if (prelude === undefined || offset < PRELUDE_SIZE) return preludeRows(bytes, offset);
  const first = Math.max(PRELUDE_SIZE, offset - (offset % ROW) - ROWS_AROUND * ROW);
  return Array.from({ length: 2 * ROWS_AROUND + 1 }, (_, i) => first + i * ROW)
    .filter((start) => start < bytes.length)
    .map((start) => {
      const isHere = offset >= start && offset < start + ROW;
      const label = `${partOf(prelude, start)}${isHere ? `, byte ${offset}${nameOf(place)}` : ''}`;
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
function offsetOf(bytes: Uint8Array, prelude: Prelude | undefined, { pointer, offset }: AnnotatedPlace): number {
  if (offset !== undefined) return offset;
  if (pointer === undefined || prelude === undefined) return 0;
  try {
    const header = bytes.subarray(PRELUDE_SIZE, PRELUDE_SIZE + prelude.headerLen);
    return PRELUDE_SIZE + (locatePointers(header, [pointer]).get(pointer) ?? 0);
  } catch {
    // A header that is no JSON has no places: its beginning has to do.
    return PRELUDE_SIZE;
  }
}

function partOf({ headerLen, payloadOffset }: Prelude, offset: number): string {
  if (offset < PRELUDE_SIZE + headerLen) return 'header';
  return offset < payloadOffset ? 'padding' : `payload region + ${BigInt(offset) - BigInt(payloadOffset)}`;
}
