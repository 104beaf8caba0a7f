/** Finding what belongs to an entry in a header, which may be very large. */
import { JsonSyntaxError, type JsonToken, JsonTokenizer } from '../codec/json.js';
import { PRELUDE_SIZE } from '../format.js';
import { HEX_ROW, type HexWindow, headerSegments, headWindow, type Segment, windowsAround } from '../read/annotate.js';
import { partAt } from '../read/parts.js';
import type { Side } from './rows.js';

/** The segments of one entry of a list; nothing is read behind it. */
export function* entrySegments({ artifact }: Side, list: string, index: number): Generator<Segment, void, undefined> {
  const base = `/${list}/${index}`;
  let isPast = false;
  const isWanted = (each: string, i: number): boolean => {
    isPast = each === list && i > index;
    return each === list && i === index;
  };
  for (const segment of headerSegments(artifact.headerBytes, isWanted)) {
    if (segment.pointer === base || segment.pointer?.startsWith(`${base}/`)) yield segment;
    // A segment is given once the next one has begun, so this was the entry's last.
    if (isPast) return;
  }
}

/** The place of an asset in the preload list; -1 when it is not there. */
export function preloadIndex({ artifact: { header } }: Side, id: number): number {
  return header?.preload.findIndex((entry) => entry?.assetId === id) ?? -1;
}

/** What lies around a byte: as `windowsAround`, but in a header only the entry of that byte is taken apart. */
export function windowsNear(side: Side, offset: number): HexWindow[] {
  const { artifact } = side;
  const entry = partAt(artifact.parts, offset)?.kind === 'header' ? entryAt(side, offset) : undefined;
  if (entry === undefined) return windowsAround(artifact, offset);
  const segments = [...entrySegments(side, entry.list, entry.index)];
  const at = segments.findIndex(({ start, end }) => start <= offset && offset < end);
  if (at < 0) return windowsAround(artifact, offset);
  return segments
    .slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1)
    .map((segment, i) => (i === Math.min(at, NEIGHBOURS) ? windowAt(segment, offset) : headWindow(segment, 2)));
}

/** Segments shown on both sides of the one with the byte, and rows of that one on both sides of the byte. */
const NEIGHBOURS = 2;
const ROWS = 4;

function windowAt(segment: Segment, offset: number): HexWindow {
  const row = Math.floor((offset - segment.start) / HEX_ROW);
  const from = segment.start + Math.max(0, row - ROWS) * HEX_ROW;
  return { segment, from, to: Math.min(segment.end, segment.start + (row + ROWS + 1) * HEX_ROW) };
}

interface EntryPlace {
  readonly list: string;
  readonly index: number;
}

/** The entry that holds a byte of the file. */
function entryAt({ artifact: { headerBytes } }: Side, offset: number): EntryPlace | undefined {
  try {
    return findEntry(new JsonTokenizer(headerBytes), offset - PRELUDE_SIZE);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

function findEntry(tokens: JsonTokenizer, at: number): EntryPlace | undefined {
  let list = '';
  let index = 0;
  for (let token = tokens.next(); token !== 'end'; token = tokens.next()) {
    if (tokens.depth === 1 && token === 'name') {
      list = tokens.text();
      index = 0;
    } else if (isElement(token, tokens.depth)) {
      const { start } = tokens;
      tokens.skip();
      if (tokens.end > at) return start <= at ? { list, index } : undefined;
      index += 1;
    }
  }
  return undefined;
}

/** Whether a token begins an element of a list in the header: a container at depth 3, or a value at depth 2. */
function isElement(token: JsonToken, depth: number): boolean {
  if (token === '{' || token === '[') return depth === 3;
  return depth === 2 && token !== '}' && token !== ']' && token !== 'name';
}
