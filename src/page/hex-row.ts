/** One row of hex: offset, bytes and text; some bytes marked. */
import { type Child, el } from './dom.js';

/** Bytes in each half of a row: narrow pages put the halves below one another. */
const HALF = 8;

/** A row of up to 16 bytes; a letter says of which file. */
export function hexRow(
  offset: number,
  bytes: Uint8Array,
  isMarked: (index: number) => boolean,
  letter?: string,
): HTMLElement {
  const file = letter === undefined ? undefined : el('b', {}, `${letter} `);
  const row = el('div', { class: 'hex-row' }, el('span', { class: 'hex-offset' }, file, offsetText(offset)));
  for (let at = 0; at < bytes.length; at += HALF) {
    const part = bytes.subarray(at, at + HALF);
    const isOn = (index: number) => isMarked(at + index);
    row.append(
      el('span', { class: 'hex-bytes' }, ...runs(part, isOn, byteText, ' ')),
      el('span', { class: 'hex-text' }, ...runs(part, isOn, characterText, '')),
    );
  }
  return row;
}

/** Offsets in hexadecimal, as the format's examples write them. */
function offsetText(offset: number): string {
  return offset.toString(16).padStart(6, '0');
}

function byteText(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function characterText(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}

/** Bytes as text, with an element around each run that is marked. */
function runs(
  bytes: Uint8Array,
  isMarked: (index: number) => boolean,
  textOf: (byte: number) => string,
  space: string,
): Child[] {
  const list: Child[] = [];
  for (let start = 0; start < bytes.length; ) {
    const isOn = isMarked(start);
    let end = start + 1;
    while (end < bytes.length && isMarked(end) === isOn) end += 1;
    const text = Array.from(bytes.subarray(start, end), textOf).join(space);
    list.push(isOn ? el('mark', {}, text) : text);
    if (end < bytes.length && space !== '') list.push(space);
    start = end;
  }
  return list;
}
