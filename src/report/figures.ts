/** Numbers as a person reads them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in the largest unit that leaves a digit before the point. */
export function shortBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A number with its digits in groups of three, and at most three behind the point. */
export function groups(value: number): string {
  // The language's own formatting takes 10 ms to begin.
  const [whole = '', fraction] = String(Number.isInteger(value) ? value : Math.round(value * 1_000) / 1_000).split('.');
  const grouped = whole.replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Bytes for a person: exact, and in a larger unit. */
export function bytesText(bytes: number): string {
  const exact = counted(bytes, 'byte');
  return bytes < 1024 ? exact : `${shortBytes(bytes)} (${exact})`;
}

/** `3 assets`. */
export function counted(count: number, noun: string): string {
  return `${groups(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Where a payload lies in the file: its first byte and its last. */
export function sliceText(start: number | undefined, size: number): string {
  if (start === undefined) return 'not in the file';
  return size === 0 ? `none, at ${groups(start)}` : `${groups(start)} to ${groups(start + size - 1)}`;
}
