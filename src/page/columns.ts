/** What each pixel column of a map shows. */
import type { Part } from '../read/parts.js';

/** The bytes that a map shows: `[from, to)`, not always whole numbers. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Index of the first part that ends after a byte. */
export function firstPartAfter(parts: readonly Part[], byte: number): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle] as Part).end <= byte) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The class that has the most bytes in each column; -1 past the end of the file. */
export function columnClasses(
  parts: readonly Part[],
  classOf: (part: Part) => number,
  { from, to }: View,
  columns: number,
): Int8Array {
  const classes = new Int8Array(columns).fill(-1);
  const width = (to - from) / columns;
  let first = firstPartAfter(parts, from);
  for (let column = 0; column < columns; column += 1) {
    const start = from + column * width;
    while (first < parts.length && (parts[first] as Part).end <= start) first += 1;
    if (first === parts.length) break;
    classes[column] = heaviest(parts, first, classOf, start, start + width);
  }
  return classes;
}

function heaviest(
  parts: readonly Part[],
  first: number,
  classOf: (part: Part) => number,
  from: number,
  to: number,
): number {
  const weights: number[] = [];
  let best = -1;
  for (let i = first; i < parts.length; i += 1) {
    const part = parts[i] as Part;
    if (part.start >= to) break;
    const each = classOf(part);
    const weight = (weights[each] ?? 0) + Math.min(part.end, to) - Math.max(part.start, from);
    weights[each] = weight;
    if (best === -1 || weight > (weights[best] as number)) best = each;
  }
  return best;
}

/** Calls back for each run of columns of one class. */
export function eachRun(classes: Int8Array, use: (start: number, end: number, each: number) => void): void {
  for (let start = 0; start < classes.length; ) {
    let end = start + 1;
    while (end < classes.length && classes[end] === classes[start]) end += 1;
    if (classes[start] !== -1) use(start, end, classes[start] as number);
    start = end;
  }
}
