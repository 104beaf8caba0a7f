/** What is under the pointer, in words. */
import type { Part } from '../read/parts.js';
import { bytesText, groups } from '../report/figures.js';
import { el, own } from './dom.js';
import type { Model, Side } from './rows.js';
import { partTitle } from './selection.js';

/** Room to keep to the right edge. */
const WIDTH = 280;

/** A box beside the pointer; a pointer's only, for everything in it is in the details too. */
export class Tooltip {
  readonly element = el('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  show(side: Side, part: Part, x: number, y: number, width: number): void {
    const row = part.kind === 'payload' ? this.#model.rowOf(side.at, part) : undefined;
    const what = partTitle(part, row);
    const status = row?.status === undefined ? '' : `, ${row.status}`;
    this.element.replaceChildren(
      ...(row === undefined ? [] : [el('div', { class: 'tooltip-name' }, own(row.name))]),
      el('div', {}, row === undefined ? what : `${what}, ${row.bank}${status}`),
      el('div', {}, bytesText(part.end - part.start)),
      el('div', {}, `bytes ${groups(part.start)} to ${groups(part.end - 1)}`),
    );
    this.element.style.left = `${Math.max(0, Math.min(x + 12, width - WIDTH))}px`;
    this.element.style.top = `${y + 6}px`;
    this.element.hidden = false;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
