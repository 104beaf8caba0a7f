/** An open artifact as annotated hex. */
import { locatePointers } from '../codec/locate.js';
import type { Diagnostic } from '../errors.js';
import { PRELUDE_SIZE } from '../format.js';
import {
  type Annotated,
  annotated,
  type EntryFilter,
  type HexRow,
  type HexWindow,
  headWindow,
  hexRows,
  type Segment,
  segmentsOf,
  windowsAround,
} from './annotate.js';
import { type OpenArtifact, readAt } from './artifact.js';
import type { Part } from './parts.js';

/** What of an artifact is listed. */
export interface ListingOptions {
  /** Indices in the asset table; of the others neither entry nor payload is listed. */
  readonly entries: ReadonlySet<number>;
  /** Rows of a header segment at most. */
  readonly headerRows: number;
  /** Rows of a payload's parts at most. */
  readonly payloadRows: number;
  /** Parts of a payload at most: its index plane, its palettes. */
  readonly payloadSegments: number;
}

/** Entries that are listed of a header that cannot be read. */
const ENTRIES_UNREAD = 200;

/** An artifact that can be read and explained. */
export class Listing {
  readonly #artifact: OpenArtifact;
  readonly #view: Annotated;

  private constructor(artifact: OpenArtifact, view: Annotated) {
    this.#artifact = artifact;
    this.#view = view;
  }

  static async open(artifact: OpenArtifact): Promise<Listing> {
    const { file, fileSize, prelude } = artifact;
    const preludeBytes = await readAt(file, 0, Math.min(PRELUDE_SIZE, fileSize));
    const parts = annotated(artifact, preludeBytes, new Uint8Array()).parts;
    const hasHeader = parts.some(({ kind }) => kind === 'header');
    const headerBytes = await readAt(file, PRELUDE_SIZE, hasHeader ? (prelude?.headerLen ?? 0) : 0);
    return new Listing(artifact, annotated(artifact, preludeBytes, headerBytes));
  }

  /** Every byte of the prelude, of the chosen entries, and the beginnings of their payloads; what a diagnostic names is marked. */
  async *rows(options: ListingOptions): AsyncGenerator<HexRow, void, undefined> {
    const marks = marksOf(this.#artifact.report.list);
    const { parts } = this.#view;
    const isListed = (part: Part | undefined) => part?.index === undefined || options.entries.has(part.index);
    const filter = this.#filter(options.entries);
    let end = 0;
    for (const [i, part] of parts.entries()) {
      // Padding goes with the payloads beside it.
      if (!isListed(part) || (part.kind === 'padding' && !isListed(parts[i - 1]) && !isListed(parts[i + 1]))) continue;
      for (const [segment, rows] of this.#segments(part, filter, options)) {
        if (segment.start > end) yield leftOut(end, segment.start);
        const window = { ...headWindow(segment, rows), marks };
        yield* hexRows(window, await this.#read(window));
        end = window.to;
      }
    }
    if (end < this.#artifact.fileSize) yield leftOut(end, this.#artifact.fileSize);
  }

  /** Where values of the header begin in the file. */
  locate(pointers: readonly string[]): Map<string, number> {
    const found = pointers.length === 0 ? [] : locatePointers(this.#view.headerBytes, pointers);
    return new Map([...found].map(([pointer, at]) => [pointer, PRELUDE_SIZE + at]));
  }

  /** The rows around a byte; none past the end of the file. */
  async around(offset: number): Promise<HexRow[]> {
    const rows: HexRow[] = [];
    for (const window of windowsAround(this.#view, offset)) rows.push(...hexRows(window, await this.#read(window)));
    return rows;
  }

  *#segments(
    part: Part,
    filter: EntryFilter,
    { headerRows, payloadRows, payloadSegments }: ListingOptions,
  ): Generator<[segment: Segment, rows: number], void, undefined> {
    const isHeader = part.kind === 'header' || part.kind === 'prelude';
    let left = isHeader ? Number.POSITIVE_INFINITY : payloadSegments;
    for (const segment of segmentsOf(this.#view, part, filter)) {
      yield [segment, isHeader ? headerRows : payloadRows];
      left -= 1;
      if (left === 0) return;
    }
  }

  /** The chosen entries, and the preload entries of their assets; of a header that cannot be read, the first ones. */
  #filter(entries: ReadonlySet<number>): EntryFilter {
    const { header } = this.#artifact;
    if (header === undefined) return (_, index) => index < ENTRIES_UNREAD;
    const ids = new Set([...entries].map((index) => header.assetTable[index]?.assetId));
    return (list, index) => (list === 'preload' ? ids.has(header.preload[index]?.assetId) : entries.has(index));
  }

  async #read({ from, to }: HexWindow): Promise<Uint8Array> {
    const { headerBytes } = this.#view;
    // The header is at hand, and has the most windows.
    if (from >= PRELUDE_SIZE && to <= PRELUDE_SIZE + headerBytes.length) {
      return headerBytes.subarray(from - PRELUDE_SIZE, to - PRELUDE_SIZE);
    }
    return readAt(this.#artifact.file, from, to - from);
  }
}

function leftOut(from: number, to: number): HexRow {
  const length = (to - from).toLocaleString('en-US');
  return { offset: from, bytes: new Uint8Array(), label: `${length} ${to - from === 1 ? 'byte' : 'bytes'} not listed` };
}

/** The codes of the diagnostics that name a byte, by that byte. */
function marksOf(list: readonly Diagnostic[]): Map<number, string> {
  const marks = new Map<number, string>();
  for (const { code, where } of list) {
    const { offset } = where;
    if (offset === undefined || where.path !== undefined) continue;
    marks.set(offset, `${marks.has(offset) ? `${marks.get(offset)}, ` : `byte ${offset}: `}${code}`);
  }
  return marks;
}
