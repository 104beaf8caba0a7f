/** Bytes of a file in the order in which they are shown: what they are, rows of them, and what the page does not have. */
import { HEX_ROW, type HexRow, type HexWindow, hexRows, type Segment } from '../read/annotate.js';
import type { Side } from './rows.js';

/** One line of annotated hex. */
export type HexItem =
  | { readonly kind: 'label'; readonly label: string; readonly clause: string | undefined; readonly size: number }
  | { readonly kind: 'row'; readonly row: HexRow }
  | { readonly kind: 'gap'; readonly bytes: number };

/** Rows that are made at a time. */
const BATCH = 64;

/** The lines of some segments, made as they are asked for. */
export function* hexItems(side: Side, segments: Iterable<Segment>): Generator<HexItem, void, undefined> {
  for (const segment of segments) yield* windowItems(side, { segment, from: segment.start, to: segment.end });
}

/** The lines of a window: its label, then its bytes. */
export function* windowItems(side: Side, { segment, from, to }: HexWindow): Generator<HexItem, void, undefined> {
  const { label, clause, start, end } = segment;
  yield { kind: 'label', label, clause, size: end - start };
  for (let at = from; at < to; ) {
    const bytes = side.excerpt.slice(at, Math.min(to, at + BATCH * HEX_ROW));
    if (bytes.length === 0) {
      const next = Math.min(to, nextKept(side, at));
      yield { kind: 'gap', bytes: next - at };
      at = next;
    }
    for (const row of hexRows({ segment, from: at, to }, bytes)) yield { kind: 'row', row };
    at += bytes.length;
  }
}

/** The first byte from a place on that the page has. */
function nextKept({ ranges }: Side, offset: number): number {
  return ranges.find(([start]) => start > offset)?.[0] ?? Number.POSITIVE_INFINITY;
}
