/** Tables for a terminal. */
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Paint } from './text.js';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Figures stand on the right. */
  readonly isFigure?: boolean;
  /** Cells that a text may take; what is longer is cut. */
  readonly most?: number;
}

/** The table library lays out so many rows in good time; its cost grows with their square. */
const ROWS_AT_ONCE = 100;

/** A table with columns divided by space alone: it survives copying into an issue. */
export function* tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): Generator<string, void, undefined> {
  const widths = columns.map((column, i) => columnWidth(column, rows, i));
  for (let from = 0; from === 0 || from < rows.length; from += ROWS_AT_ONCE) {
    const table = new Table({
      head: from === 0 ? columns.map(({ title }) => paint('cyan', title)) : [],
      colWidths: widths,
      colAligns: columns.map(({ isFigure }) => (isFigure ? 'right' : 'left')),
      truncate: '...',
      chars: NO_LINES,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    });
    for (const row of rows.slice(from, from + ROWS_AT_ONCE)) table.push([...row]);
    yield table.toString();
  }
}

function columnWidth(
  { title, most = Number.POSITIVE_INFINITY }: Column,
  rows: readonly (readonly string[])[],
  at: number,
): number {
  let width = title.length;
  for (const row of rows) {
    const text = row[at] as string;
    // Only texts of free length may hold wide characters.
    width = Math.max(width, most === Number.POSITIVE_INFINITY ? text.length : stringWidth(text));
    if (width >= most) return most;
  }
  return width;
}

const NO_LINES = {
  ...Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ].map((name) => [name, '']),
  ),
  middle: '  ',
};
