/** What a page of `--html` holds: one document about one file or two, and some of their bytes. */

import { judgeHeader } from '../codec/header.js';
import { decodePrelude } from '../codec/prelude.js';
import { type Diagnostic, Diagnostics } from '../errors.js';
import { PRELUDE_SIZE } from '../format.js';
import { type Annotated, annotated } from '../read/annotate.js';
import { Excerpt, type Range } from '../read/excerpt.js';
import { partsOf } from '../read/parts.js';
import type { DiffReport } from './results.js';

/** One file of a page. */
export interface PageSide {
  /** As the caller named it. */
  readonly path: string;
  /** Bytes of the whole file. */
  readonly fileSize: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnosticsOmitted: number;
  /** Which bytes of the file are kept. */
  readonly ranges: readonly Range[];
}

/** A page's document. */
export interface PageData {
  /** One file, or the two that were compared. */
  readonly sides: readonly PageSide[];
  /** What differs, when there are two. */
  readonly diff?: DiffReport;
}

/** One file of a page, ready to be shown. */
export interface ShownSide extends PageSide {
  readonly artifact: Annotated;
  readonly excerpt: Excerpt;
}

/** A page's document and the kept bytes of its files as one byte string: the document's length, the document, the bytes. */
export function encodePageData(data: PageData, bytes: readonly Uint8Array[]): Uint8Array {
  const document = new TextEncoder().encode(JSON.stringify(data));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, document.length, true);
  const parts = [length, document, ...bytes];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The reverse of {@link encodePageData}. */
export function decodePageData(bytes: Uint8Array): {
  readonly sides: readonly ShownSide[];
  readonly diff?: DiffReport;
} {
  const documentEnd = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { sides, diff } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, documentEnd))) as PageData;
  let at = documentEnd;
  const shown = sides.map((side) => {
    const length = side.ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    const excerpt = new Excerpt(side.ranges, bytes.subarray(at, at + length));
    at += length;
    return { ...side, excerpt, artifact: readExcerpt(side.fileSize, excerpt) };
  });
  return { sides: shown, ...(diff && { diff }) };
}

function readExcerpt(fileSize: number, excerpt: Excerpt): Annotated {
  const preludeBytes = excerpt.slice(0, Math.min(PRELUDE_SIZE, fileSize));
  const prelude = decodePrelude(preludeBytes);
  const part = partsOf({ fileSize, prelude, header: undefined }).find(({ kind }) => kind === 'header');
  const headerBytes = part === undefined ? new Uint8Array() : excerpt.slice(part.start, part.end);
  const header = part === undefined ? undefined : judgeHeader(headerBytes, new Diagnostics());
  return annotated({ fileSize, prelude, header }, preludeBytes, headerBytes);
}
