/** The payloads of an asset in two files, row beside row, with the bytes marked that differ. */
import { HEX_ROW } from '../read/annotate.js';
import { groups } from '../report/figures.js';
import { button, el } from './dom.js';
import { gapLine } from './hex.js';
import { hexRow } from './hex-row.js';
import type { Model, Row, Side } from './rows.js';

/** Rows before the first difference, and rows in all at first and on demand. */
const BEFORE = 2;
const AT_FIRST = 16;
const MORE = 128;

/** A payload, or undefined where a file has none. */
interface Run {
  readonly side: Side;
  readonly start: number;
  readonly size: number;
}

/** Both payloads around the first byte that differs; the one that is there alone from its beginning. */
export function hexPairs({ sides }: Model, { assets, change }: Row): HTMLElement {
  const runs = sides.map((side, at): Run | undefined => {
    const { start, entry } = assets[at] ?? {};
    return start === undefined || entry === undefined ? undefined : { side, start, size: entry.size };
  });
  const size = Math.max(0, ...runs.map((run) => run?.size ?? 0));
  const first = Math.floor((change?.payload?.first_difference ?? 0) / HEX_ROW) - BEFORE;
  return pairBlock(runs, Math.max(0, first) * HEX_ROW, size);
}

function pairBlock(runs: readonly (Run | undefined)[], from: number, size: number): HTMLElement {
  const lines = el('div', { class: 'hex pairs', role: 'group', 'aria-label': 'Payloads side by side' });
  const block = el('div', { class: 'hex-block' });
  if (from > 0) block.append(el('p', { class: 'note' }, `from byte ${groups(from)} of the payloads on`));
  block.append(lines);
  let at = from;
  const add = (rows: number): void => {
    const end = Math.min(size, at + rows * HEX_ROW);
    for (; at < end && isAnyKept(runs, at); at += HEX_ROW) lines.append(pairLine(runs, at));
    if (at < end) {
      lines.append(gapLine(size - at));
      at = size;
    }
    if (at < size) block.append(more);
    else more.remove();
  };
  const more = button('Show more', () => add(MORE), { class: 'more' });
  add(AT_FIRST);
  return block;
}

function isAnyKept(runs: readonly (Run | undefined)[], at: number): boolean {
  return runs.some((run) => bytesAt(run, at).length > 0);
}

function pairLine(runs: readonly (Run | undefined)[], at: number): HTMLElement {
  const cells = runs.map((run, i) => {
    const other = runs[1 - i];
    const bytes = bytesAt(run, at);
    const others = bytesAt(other, at);
    const isMarked = (index: number) => bytes[index] !== others[index] && isKnown(other, at + index, others[index]);
    return el('div', { class: 'pair-cell' }, cellOf(run, at, bytes, isMarked));
  });
  return el('div', { class: 'pair' }, ...cells);
}

function bytesAt(run: Run | undefined, at: number): Uint8Array {
  if (run === undefined || at >= run.size) return new Uint8Array();
  return run.side.excerpt.slice(run.start + at, run.start + Math.min(run.size, at + HEX_ROW));
}

/** Whether it is known what a payload has at a place: a byte, or nothing because it has ended. */
function isKnown(run: Run | undefined, at: number, byte: number | undefined): boolean {
  return run !== undefined && (byte !== undefined || at >= run.size);
}

function cellOf(
  run: Run | undefined,
  at: number,
  bytes: Uint8Array,
  isMarked: (index: number) => boolean,
): HTMLElement {
  if (run === undefined || at >= run.size) return el('div', { class: 'hex-gap' }, 'no bytes');
  if (bytes.length === 0) return gapLine(Math.min(HEX_ROW, run.size - at));
  return hexRow(run.start + at, bytes, isMarked, run.side.letter);
}
