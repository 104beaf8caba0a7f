/** Annotated hex: what bytes mean, above the bytes. */
import { groups } from '../report/figures.js';
import { button, el } from './dom.js';
import type { HexItem } from './hex-items.js';
import { hexRow } from './hex-row.js';

/** Lines that are shown at first, and that are added when more is asked for. */
const AT_FIRST = 48;
const MORE = 512;

/**
 * A block of annotated hex that grows on demand.
 *
 * @param marked A byte of the file to be marked.
 */
export function hexBlock(title: string, items: Iterator<HexItem>, marked?: number): HTMLElement {
  const lines = el('div', { class: 'hex', role: 'group', 'aria-label': title });
  const block = el('div', { class: 'hex-block' }, lines);
  const add = (most: number): void => {
    more.remove();
    if (!take(items, most, (item) => lines.append(lineOf(item, marked)))) block.append(more);
  };
  const more = button('Show more', () => add(MORE), { class: 'more' });
  add(AT_FIRST);
  return block;
}

/** Takes up to a number of items; tells whether there are no more. */
function take<T>(items: Iterator<T>, most: number, use: (item: T) => void): boolean {
  for (let i = 0; i < most; i += 1) {
    const { done, value } = items.next();
    if (done === true) return true;
    use(value);
  }
  return false;
}

function lineOf(item: HexItem, marked: number | undefined): HTMLElement {
  switch (item.kind) {
    case 'label':
      return labelLine(item.label, item.clause);
    case 'gap':
      return gapLine(item.bytes);
    case 'row':
      return hexRow(item.row.offset, item.row.bytes, (index) => item.row.offset + index === marked);
  }
}

/** What the rows below mean. */
export function labelLine(label: string, clause: string | undefined): HTMLElement {
  const text = el('bdi', {}, label);
  return el(
    'div',
    { class: 'hex-label' },
    text,
    clause === undefined ? undefined : el('span', { class: 'clause' }, clause),
  );
}

/** Bytes that the page does not have. */
export function gapLine(bytes: number): HTMLElement {
  const verb = bytes === 1 ? 'byte is' : 'bytes are';
  return el('div', { class: 'hex-gap' }, `${groups(bytes)} ${verb} not in this page`);
}
