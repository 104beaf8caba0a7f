/** Bytes with their meaning: every byte of an artifact belongs to a segment that says field, value and clause. */
import { judgeHeader } from '../codec/header.js';
import { JsonSyntaxError, JsonTokenizer } from '../codec/json.js';
import { decodePrelude, magicHex, type Prelude } from '../codec/prelude.js';
import { Diagnostics, excerpt, pointerToken, show } from '../errors.js';
import { type AssetEntry, MAGIC, PRELUDE_FIELDS, PRELUDE_SIZE } from '../format.js';
import { type Part, partAt, partsOf, type Readable } from './parts.js';

/** A run of bytes with one meaning; never empty. */
export interface Segment {
  /** File offset of the first byte. */
  readonly start: number;
  /** File offset after the last byte. */
  readonly end: number;
  /** What the bytes are: field and value. */
  readonly label: string;
  /** The clause that speaks of them. */
  readonly clause?: string;
  /** JSON pointer into the header. */
  readonly pointer?: string;
}

/** The fields of a prelude, as many as the file has. */
export function preludeSegments(bytes: Uint8Array): Segment[] {
  // Of one that is cut off, the fields that are all there have their values.
  const whole = new Uint8Array(PRELUDE_SIZE);
  whole.set(bytes.subarray(0, PRELUDE_SIZE));
  const prelude = decodePrelude(whole) as Prelude;
  return PRELUDE_FIELDS.filter(({ at }) => at < bytes.length).map(({ at, width, name, property, clause }) => ({
    start: at,
    end: Math.min(at + width, bytes.length),
    label: at + width > bytes.length ? `${name}, cut` : `${name} = ${fieldText(prelude, property)}`,
    clause,
  }));
}

function fieldText(prelude: Prelude, property: keyof Prelude): string {
  if (property !== 'magic') return String(prelude[property]);
  return prelude.magic === MAGIC ? 'ASPA' : `${magicHex(prelude.magic)}, not ASPA`;
}

/** Which entries of the header are annotated; the others are passed over. Defaults to all. */
export type EntryFilter = (list: string, index: number) => boolean;

/** The two lists, and the values in them: deeper values have their entry's clause. */
const MEMBER_CLAUSES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '/asset_table': 'H1',
    '/asset_table/asset_id': 'T1',
    '/asset_table/asset_name': 'T1',
    '/asset_table/bank_type': 'T1',
    '/asset_table/codec': 'T1',
    '/asset_table/decoded_size': 'T1',
    '/asset_table/metadata': 'M1',
    '/asset_table/offset': 'E3',
    '/asset_table/size': 'T1',
    '/preload': 'H1',
    '/preload/asset_id': 'L2',
    '/preload/slot': 'L3',
  }),
);
const ENTRY_CLAUSES: ReadonlyMap<string, string> = new Map(Object.entries({ asset_table: 'T1', preload: 'L1' }));

/** Values nested deeper than any legal one are not taken apart. */
const DEPTH_SHOWN = 40;

/**
 * The header, a segment per member or element: each goes on to the beginning of the next, and so has the punctuation behind
 * its value. What is no JSON is one segment from the byte where that shows.
 *
 * @param bytes The header alone.
 */
export function* headerSegments(
  bytes: Uint8Array,
  isWanted: EntryFilter = () => true,
): Generator<Segment, void, undefined> {
  const walk = new HeaderWalk(bytes, isWanted);
  let isFirst = true;
  let open: Omit<Segment, 'end'> | undefined;
  const close = (at: number): Segment | undefined => {
    const segment = open !== undefined && at > open.start ? { ...open, end: at } : undefined;
    open = undefined;
    return segment;
  };
  for (;;) {
    const step = walk.next();
    const ended = close(step?.start ?? PRELUDE_SIZE + bytes.length);
    if (ended !== undefined) yield ended;
    if (step === undefined) return;
    // White space before the value belongs to it.
    if (step.label !== undefined) open = { ...step, label: step.label, start: isFirst ? PRELUDE_SIZE : step.start };
    isFirst = false;
  }
}

/** Where the next segment begins; without a label, it is passed over. */
interface Step extends Omit<Segment, 'end' | 'label'> {
  readonly label?: string;
}

interface WalkFrame {
  readonly pointer: string;
  readonly isArray: boolean;
  index: number;
}

/** Walks over the members and elements of a header, without recursion. */
class HeaderWalk {
  readonly #tokens: JsonTokenizer;
  readonly #isWanted: EntryFilter;
  readonly #frames: WalkFrame[] = [];
  #hasEnded = false;

  constructor(bytes: Uint8Array, isWanted: EntryFilter) {
    this.#tokens = new JsonTokenizer(bytes);
    this.#isWanted = isWanted;
  }

  next(): Step | undefined {
    if (this.#hasEnded) return undefined;
    try {
      const step = this.#step();
      this.#hasEnded = step === undefined;
      return step;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      this.#hasEnded = true;
      return { start: PRELUDE_SIZE + error.offset, label: `no JSON from here on: ${error.message}`, clause: 'H1' };
    }
  }

  #step(): Step | undefined {
    const tokens = this.#tokens;
    let token = tokens.next();
    while (token === '}' || token === ']') {
      this.#frames.pop();
      token = tokens.next();
    }
    if (token === 'end') return undefined;
    const start = PRELUDE_SIZE + tokens.start;
    const frame = this.#frames.at(-1);
    let pointer = '';
    if (token === 'name') {
      pointer = (frame?.pointer ?? '') + pointerToken(tokens.text());
      token = tokens.next();
    } else if (frame?.isArray) {
      pointer = `${frame.pointer}/${frame.index}`;
      frame.index += 1;
    }
    const [, list = '', index, ...members] = pointer.split('/');
    if (index !== undefined && members.length === 0 && !this.#isWanted(list, Number(index))) {
      tokens.skip();
      return { start };
    }
    return { start, pointer, label: this.#value(pointer), ...clauseOf(list, index, members[0]) };
  }

  /** What the current value is; goes into a container. */
  #value(pointer: string): string {
    const tokens = this.#tokens;
    const { token } = tokens;
    const name = pointer === '' ? 'header' : excerpt(pointer);
    if (token !== '{' && token !== '[') {
      return `${name} = ${token === 'string' ? show(tokens.text()) : tokens.raw().slice(0, 40)}`;
    }
    if (tokens.depth > DEPTH_SHOWN) tokens.skip();
    else this.#frames.push({ pointer, isArray: token === '[', index: 0 });
    return `${name}, an ${token === '[' ? 'array' : 'object'}`;
  }
}

function clauseOf(list: string, index: string | undefined, member: string | undefined): { clause?: string } {
  if (list === '') return { clause: 'H1' };
  const key = member === undefined ? `/${list}` : `/${list}/${member}`;
  const clause = index !== undefined && member === undefined ? ENTRY_CLAUSES.get(list) : MEMBER_CLAUSES.get(key);
  return clause === undefined ? {} : { clause };
}

const PALETTES = 64;
const PALETTE_SIZE = 32;

/** One payload (B1, B2): a glyph bank with its index plane and palettes, any other in one. */
export function* payloadSegments(entry: AssetEntry, start: number): Generator<Segment, void, undefined> {
  const end = start + entry.size;
  const owner = `payload of asset ${entry.assetId} ${show(entry.assetName)}`;
  const { width, height } = entry.metadata;
  const plane = entry.size - PALETTES * PALETTE_SIZE;
  const isSheet = entry.bankType === 'GLYPH' && typeof width === 'number' && typeof height === 'number';
  if (!isSheet || plane <= 0 || Math.ceil((width * height) / 2) !== plane) {
    if (end > start)
      yield { start, end, label: `${owner}, ${entry.size} ${entry.size === 1 ? 'byte' : 'bytes'}`, clause: 'E3' };
    return;
  }
  const pixels = `${width} x ${height} pixels of 4 bits, left one in the high half`;
  yield { start, end: start + plane, label: `${owner}: index plane, ${pixels}`, clause: 'B2' };
  for (let at = start + plane, i = 0; at < end; at += PALETTE_SIZE, i += 1) {
    yield { start: at, end: at + PALETTE_SIZE, label: `palette ${i}: 16 RGB565 colours`, clause: 'B1' };
  }
}

const PART_LABELS = {
  padding: ['padding, to be zero', 'T5'],
  trailing: ['trailing bytes, part of nothing', 'E6'],
  rest: ['bytes that nothing readable accounts for', 'E5'],
} as const;

/** An artifact whose bytes are to be explained. */
export interface Annotated extends Readable {
  /** The prelude's bytes, fewer when the file is shorter. */
  readonly preludeBytes: Uint8Array;
  /** The header's bytes; empty when it is not all there. */
  readonly headerBytes: Uint8Array;
  readonly parts: readonly Part[];
}

/** Puts together what {@link segmentsOf} needs. */
export function annotated(readable: Readable, preludeBytes: Uint8Array, headerBytes: Uint8Array): Annotated {
  const { fileSize, prelude, header } = readable;
  return { fileSize, prelude, header, preludeBytes, headerBytes, parts: partsOf(readable) };
}

/** A whole file in memory. */
export function annotateBytes(bytes: Uint8Array): Annotated {
  const fileSize = bytes.length;
  const preludeBytes = bytes.subarray(0, PRELUDE_SIZE);
  const prelude = decodePrelude(preludeBytes);
  const isThere = partsOf({ fileSize, prelude, header: undefined })[1]?.kind === 'header';
  const headerBytes = bytes.subarray(PRELUDE_SIZE, PRELUDE_SIZE + (isThere ? (prelude as Prelude).headerLen : 0));
  const header = isThere ? judgeHeader(headerBytes, new Diagnostics()) : undefined;
  return annotated({ fileSize, prelude, header }, preludeBytes, headerBytes);
}

/** The segments of one part of a file. */
export function* segmentsOf(
  { header, prelude, preludeBytes, headerBytes }: Annotated,
  { kind, start, end, index = -1 }: Part,
  isWanted?: EntryFilter,
): Generator<Segment, void, undefined> {
  if (kind === 'prelude') return yield* preludeSegments(preludeBytes);
  if (kind === 'header') return yield* headerSegments(headerBytes, isWanted);
  const entry = header?.assetTable[index];
  if (kind === 'payload' && entry !== undefined) {
    for (const each of payloadSegments(entry, Number(prelude?.payloadOffset) + entry.offset)) {
      // Where slices overlap, a part has only what the earlier ones leave.
      if (each.end > start) yield { ...each, start: Math.max(start, each.start) };
    }
    return;
  }
  const [label, clause] = PART_LABELS[kind as keyof typeof PART_LABELS];
  const isBeforeRegion = kind === 'padding' && end <= Number(prelude?.payloadOffset);
  yield { start, end, label, clause: isBeforeRegion ? 'E5' : clause };
}

/** One row of annotated hex. */
export interface HexRow {
  /** File offset of the first byte. */
  readonly offset: number;
  /** At most 16. */
  readonly bytes: Uint8Array;
  /** What the bytes are; empty where a row goes on. */
  readonly label: string;
}

/** Bytes a row. */
export const HEX_ROW = 16;

/** Some of a segment's bytes. */
export interface HexWindow {
  readonly segment: Segment;
  /** File offset of the first byte, a whole number of rows after the segment's. */
  readonly from: number;
  /** File offset after the last byte. */
  readonly to: number;
  /** What is to be said of single bytes, by their file offset. */
  readonly marks?: ReadonlyMap<number, string>;
}

/** A window's bytes as rows; the first has the label, others only what is said of their bytes. */
export function hexRows(window: HexWindow, bytes: Uint8Array): HexRow[] {
  const { from, segment, marks } = window;
  const text = segment.clause === undefined ? segment.label : `${segment.label} [${segment.clause}]`;
  return Array.from({ length: Math.ceil(bytes.length / HEX_ROW) }, (_, i) => {
    const offset = from + i * HEX_ROW;
    const row = bytes.subarray(i * HEX_ROW, (i + 1) * HEX_ROW);
    return { offset, bytes: row, label: [...(i === 0 ? [text] : []), ...said(marks, offset, row.length)].join(' ') };
  });
}

/** What is said of a row's bytes: there may be as many rows as marks, so each row asks for its own. */
function said(marks: HexWindow['marks'], offset: number, length: number): string[] {
  if (marks === undefined) return [];
  const found = Array.from({ length }, (_, i) => marks.get(offset + i)).filter((mark) => mark !== undefined);
  return found.map((mark) => `<- ${mark}`);
}

/** The beginning of a segment, up to a number of rows. */
export function headWindow(segment: Segment, rows: number): HexWindow {
  return { segment, from: segment.start, to: Math.min(segment.end, segment.start + rows * HEX_ROW) };
}

/** The row that holds a byte, with a row before and one behind it, in what lies in the same part of the file. */
export function windowsAround(artifact: Annotated, offset: number): HexWindow[] {
  const part = partAt(artifact.parts, offset);
  if (part === undefined) return [];
  let before: Segment | undefined;
  const windows: HexWindow[] = [];
  for (const segment of segmentsOf(artifact, part)) {
    if (segment.end <= offset) before = segment;
    else if (segment.start > offset) return [...windows, headWindow(segment, 1)];
    else {
      if (before !== undefined) windows.push(tailWindow(before));
      windows.push(windowAt(segment, offset));
    }
  }
  return windows;
}

function windowAt(segment: Segment, offset: number): HexWindow {
  const row = Math.floor((offset - segment.start) / HEX_ROW);
  const from = segment.start + Math.max(0, row - 1) * HEX_ROW;
  const to = Math.min(segment.end, segment.start + (row + 2) * HEX_ROW);
  return { segment, from, to, marks: new Map([[offset, `byte ${offset}`]]) };
}

function tailWindow(segment: Segment): HexWindow {
  const rows = Math.ceil((segment.end - segment.start) / HEX_ROW);
  return { segment, from: segment.start + (rows - 1) * HEX_ROW, to: segment.end };
}

/** A place of an artifact, as diagnostics and vectors name it. */
export interface AnnotatedPlace {
  /** JSON pointer into the header. */
  readonly pointer?: string | undefined;
  /** Byte in the file. */
  readonly offset?: number | undefined;
}

/** The rows around a place of a file in memory. */
export function hexAround(bytes: Uint8Array, place: AnnotatedPlace): HexRow[] {
  const artifact = annotateBytes(bytes);
  const offset = Math.min(offsetOf(artifact, place), bytes.length - 1);
  return windowsAround(artifact, offset).flatMap((window) => hexRows(window, bytes.subarray(window.from, window.to)));
}

/** The byte of a place: its own, else that of the value that its pointer names. */
function offsetOf({ headerBytes }: Annotated, { pointer, offset }: AnnotatedPlace): number {
  if (offset !== undefined) return offset;
  for (const segment of headerSegments(headerBytes)) if (segment.pointer === pointer) return segment.start;
  return 0;
}
