/** A file as the parts that it consists of, in file order: no byte is left out, none belongs to two parts. */
import type { ReadHeader } from '../codec/header-v1.js';
import type { Prelude } from '../codec/prelude.js';
import { ENVELOPE_VERSION, HEADER_LEN_MAX, HEADER_LEN_MIN, MAGIC, PRELUDE_SIZE } from '../format.js';

/** What a part is; `rest` are bytes that nothing readable accounts for. */
export type PartKind = 'prelude' | 'header' | 'padding' | 'payload' | 'trailing' | 'rest';

/** A run of bytes that belong together; never empty. */
export interface Part {
  readonly kind: PartKind;
  /** File offset of the first byte. */
  readonly start: number;
  /** File offset after the last byte. */
  readonly end: number;
  /** Index in the asset table, of a payload. Of two slices that overlap, the later has only what the earlier leaves. */
  readonly index?: number;
}

/** What of a file has to be known. */
export interface Readable {
  readonly fileSize: number;
  readonly prelude: Prelude | undefined;
  readonly header: ReadHeader | undefined;
}

/** The parts of a file, right or broken. */
export function partsOf({ fileSize, prelude, header }: Readable): Part[] {
  const parts = new PartList();
  parts.add('prelude', Math.min(PRELUDE_SIZE, fileSize));
  if (prelude === undefined || !hasHeader(prelude, fileSize)) return parts.finish('rest', fileSize);
  parts.add('header', PRELUDE_SIZE + prelude.headerLen);
  const { payloadOffset } = prelude;
  if (payloadOffset < parts.end || payloadOffset > fileSize) return parts.finish('rest', fileSize);
  parts.add('padding', Number(payloadOffset));
  if (header === undefined) return parts.finish('rest', fileSize);
  for (const { start, end, index } of slicesOf(header, Number(payloadOffset), fileSize)) {
    parts.add('padding', start);
    parts.add('payload', end, index);
  }
  return parts.finish(header.assetTable.includes(undefined) ? 'rest' : 'trailing', fileSize);
}

/** A slice that lies in the file. */
export interface Slice {
  /** File offset of the first byte. */
  readonly start: number;
  /** File offset after the last byte. */
  readonly end: number;
  /** Index in the asset table. */
  readonly index: number;
}

/** The slices inside the payload region, by their place. */
export function slicesOf({ assetTable }: ReadHeader, payloadOffset: number, fileSize: number): Slice[] {
  const region = fileSize - payloadOffset;
  const slices: Slice[] = [];
  for (const [index, entry] of assetTable.entries()) {
    if (entry === undefined || entry.offset > region || entry.size > region - entry.offset) continue;
    const start = payloadOffset + entry.offset;
    slices.push({ start, end: start + entry.size, index });
  }
  return slices.sort((a, b) => a.start - b.start || a.index - b.index);
}

function hasHeader({ magic, schemaVersion, headerLen }: Prelude, fileSize: number): boolean {
  const isOurs = magic === MAGIC && schemaVersion === ENVELOPE_VERSION;
  const isLegal = headerLen >= HEADER_LEN_MIN && headerLen <= HEADER_LEN_MAX;
  return isOurs && isLegal && PRELUDE_SIZE + headerLen <= fileSize;
}

/** Lays part after part; what would be empty is passed over. */
class PartList {
  readonly #parts: Part[] = [];
  /** File offset after the last part. */
  end = 0;

  add(kind: PartKind, end: number, index?: number): void {
    if (end <= this.end) return;
    this.#parts.push({ kind, start: this.end, end, ...(index !== undefined && { index }) });
    this.end = end;
  }

  finish(kind: PartKind, end: number): Part[] {
    this.add(kind, end);
    return this.#parts;
  }
}

/** The part that holds a byte; undefined past the end of the file. */
export function partAt(parts: readonly Part[], offset: number): Part | undefined {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle] as Part).end <= offset) low = middle + 1;
    else high = middle;
  }
  return parts[low];
}
