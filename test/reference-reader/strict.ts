/**
 * The strict profile: every rule of docs/format.md, with codes and places, behind the gates of its chapter "Reading". This file
 * judges what surrounds the header: envelope, slices, padding. It shares nothing with the packer.
 */
import { type JsonNode, NotJson, parseJson } from './json.ts';
import { PRELUDE_SIZE, readPrelude } from './runtime.ts';
import { type Entry, judgeHeader, judgeTable } from './strict-header.ts';
import { canonicalText, firstBadByte, firstTooDeep, offsetOf } from './strict-text.ts';

/** Where a fault is: the byte in the file and, for what stands in the header, a JSON pointer. */
export interface Place {
  readonly pointer?: string;
  readonly offset: number;
}

/** An error code and its place. */
export type Fault = readonly [code: string, where: Place];

/** All faults of a file, in document order; a right file has none. Warnings are no faults. */
export function readStrict(file: Uint8Array): Fault[] {
  const first = judgeKind(file);
  if (first !== undefined) return [first];
  const faults = [...judgeUnusedFields(file), ...judgeBody(file)];
  return faults.sort(([, a], [, b]) => a.offset - b.offset);
}

/** Gate 1 (E1, E2, V2): the first of these alone. */
function judgeKind(file: Uint8Array): Fault | undefined {
  if (file.length < PRELUDE_SIZE) return ['PRELUDE_TRUNCATED', { offset: file.length }];
  const { magic, schemaVersion } = readPrelude(file);
  if (magic !== 'ASPA') return ['PRELUDE_MAGIC', { offset: 0 }];
  if (schemaVersion !== 1) return ['VERSION_UNSUPPORTED', { offset: 4 }];
  return undefined;
}

/** Gate 2 (E1, E4). */
function judgeUnusedFields(file: Uint8Array): Fault[] {
  const { flags, reserved, headerChecksum } = readPrelude(file);
  const faults: Fault[] = [];
  if (flags !== 0) faults.push(['PRELUDE_FLAGS', { offset: 20 }]);
  if (reserved !== 0) faults.push(['PRELUDE_RESERVED', { offset: 24 }]);
  if (headerChecksum !== 0) faults.push(['PRELUDE_CHECKSUM', { offset: 28 }]);
  return faults;
}

/** E7. */
const HEADER_LEN_MIN = 31;
const HEADER_LEN_MAX = 512_000_000;

/** Where the parts of a file lie. */
interface Body {
  readonly file: Uint8Array;
  readonly headerEnd: number;
  readonly payloadOffset: number;
}

/** Gates 3 to 9. */
function judgeBody(file: Uint8Array): Fault[] {
  const { headerLen, payloadOffset } = readPrelude(file);
  const headerEnd = PRELUDE_SIZE + headerLen;
  // Gate 3 (E7)
  const hasHeader = headerLen >= HEADER_LEN_MIN && headerLen <= HEADER_LEN_MAX && headerEnd <= file.length;
  if (!hasHeader) return [['HEADER_LENGTH', { offset: 8 }]];
  // Gate 4 (E5)
  const hasRegion = payloadOffset >= headerEnd && payloadOffset <= file.length;
  const envelope: Fault[] = hasRegion ? [] : [['PAYLOAD_OFFSET', { offset: 12 }]];
  const { faults, entries, placeOf } = judgeHeaderBytes(file.subarray(PRELUDE_SIZE, headerEnd));
  if (!hasRegion || entries === undefined) return [...envelope, ...faults];
  const body = { file, headerEnd, payloadOffset: Number(payloadOffset) };
  const all = [...faults, ...judgeSlices(body, entries, placeOf)];
  return all.length > 0 ? all : judgeRest(body, entries as Entry[]);
}

/** What the header says: entries that are not well-typed are undefined, all of them when it is no JSON. */
interface HeaderResult {
  readonly faults: readonly Fault[];
  readonly entries?: readonly (Entry | undefined)[];
  readonly placeOf: PlaceOf;
}

/** The place of the value that a pointer names. */
type PlaceOf = (pointer: string) => Place;

/** H6: header, table and entry lie around `metadata`, which is level 0; level 32 is legal. */
const DEPTH_MAX = 4 + 32;

/** Gates 5 to 7. */
function judgeHeaderBytes(bytes: Uint8Array): HeaderResult {
  const parsed = parse(bytes);
  if (!('root' in parsed)) return { faults: [parsed], placeOf: () => ({ offset: PRELUDE_SIZE }) };
  const { root } = parsed;
  const placeOf: PlaceOf = (pointer) => ({ pointer, offset: PRELUDE_SIZE + offsetOf(root, pointer) });
  const faults: Fault[] = [];
  const report = (code: string, pointer: string, at?: number): void => {
    faults.push([code, at === undefined ? placeOf(pointer) : { pointer, offset: PRELUDE_SIZE + at }]);
  };
  const header = judgeHeader(root, report);
  if (faults.length === 0) faults.push(...judgeSpelling(bytes, root));
  judgeTable(header, report);
  return { faults, entries: header.entries, placeOf };
}

/** Gate 5 (H2, H1, H6): the first of these alone. */
function parse(bytes: Uint8Array): { readonly root: JsonNode } | Fault {
  const bad = firstBadByte(bytes);
  if (bad !== undefined) return ['HEADER_NOT_UTF8', { offset: PRELUDE_SIZE + bad }];
  try {
    const { root, depth } = parseJson(bytes);
    if (depth <= DEPTH_MAX) return { root };
    const { pointer, node } = firstTooDeep(root, DEPTH_MAX);
    return ['HEADER_TOO_DEEP', { pointer, offset: PRELUDE_SIZE + node.start }];
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return ['HEADER_NOT_JSON', { offset: PRELUDE_SIZE + error.offset }];
  }
}

/** H7: the first byte that is not that of the one legal text. */
function judgeSpelling(bytes: Uint8Array, root: JsonNode): Fault[] {
  const right = new TextEncoder().encode(canonicalText(root));
  for (let i = 0; i < Math.max(bytes.length, right.length); i += 1) {
    if (bytes[i] !== right[i]) return [['HEADER_NOT_CANONICAL', { offset: PRELUDE_SIZE + i }]];
  }
  return [];
}

/** Gate 8: bounds (E3) and layout (T5, T6). */
function judgeSlices(body: Body, entries: readonly (Entry | undefined)[], placeOf: PlaceOf): Fault[] {
  const regionSize = body.file.length - body.payloadOffset;
  const read = entries.filter((entry) => entry !== undefined);
  const outside = new Set(read.filter(({ offset, size }) => offset > regionSize || size > regionSize - offset));
  const bounds = [...outside].map(({ pointer }): Fault => ['SLICE_BOUNDS', placeOf(`${pointer}/offset`)]);
  // An entry that could not be read leaves the offsets after it unknown: then no offset is judged.
  const isJudged = (entry: Entry) => read.length === entries.length && !outside.has(entry);
  return [...bounds, ...judgeLayout(body, read, isJudged, placeOf)];
}

/** T5. */
const ALIGNMENTS = Array.from({ length: 17 }, (_, power) => 2 ** power);

/** T6: the faults at the alignment that leaves the fewest, the smallest of several. */
function judgeLayout(
  { headerEnd, payloadOffset }: Body,
  entries: readonly Entry[],
  isJudged: (entry: Entry) => boolean,
  placeOf: PlaceOf,
): Fault[] {
  const candidates = ALIGNMENTS.map((n) => {
    let end = 0;
    const misplaced = entries.filter((entry) => {
      const expected = alignUp(end, n);
      end = expected + entry.size;
      return isJudged(entry) && entry.offset !== expected;
    });
    const isStartRight = payloadOffset === alignUp(headerEnd, n);
    return { misplaced, isStartRight, faults: misplaced.length + (isStartRight ? 0 : 1) };
  });
  const best = candidates.reduce((least, each) => (each.faults < least.faults ? each : least));
  const start: Fault[] = best.isStartRight ? [] : [['PAYLOAD_OFFSET', { offset: 12 }]];
  return [...start, ...best.misplaced.map(({ pointer }): Fault => ['SLICE_LAYOUT', placeOf(`${pointer}/offset`)])];
}

function alignUp(value: number, n: number): number {
  return Math.ceil(value / n) * n;
}

/** Gate 9 (E5, E6, T5): what is neither header nor payload, in a file that is otherwise right. */
function judgeRest({ file, headerEnd, payloadOffset }: Body, entries: readonly Entry[]): Fault[] {
  const parts = [{ offset: 0, size: 0 }, ...entries];
  const faults: Fault[] = [];
  let end = headerEnd;
  for (const { offset, size } of parts) {
    const start = payloadOffset + offset;
    const nonZero = file.subarray(end, start).findIndex((byte) => byte !== 0);
    if (nonZero >= 0 && faults.length === 0) faults.push(['PADDING_NOT_ZERO', { offset: end + nonZero }]);
    end = start + size;
  }
  if (end < file.length) faults.push(['TRAILING_BYTES', { offset: end }]);
  return faults;
}
