/** The assets as rectangles as large as their payloads, by bank and name; of two files, with what became of each. */
import { bytesText, counted, shortBytes } from '../report/figures.js';
import { boxesOf, isTitled, type PlacedBox } from './boxes.js';
import type { Classes } from './classes.js';
import { STATUS_LETTERS } from './diff-model.js';
import { button, el, own, section } from './dom.js';
import { faredLetters, faredStripes, faredText } from './fared.js';
import { type Group, type Item, isGroup, lastPiece, rootGroup } from './groups.js';
import { legend } from './legend.js';
import type { Model, Row } from './rows.js';
import { selectRow } from './selection.js';
import type { Store } from './store.js';

/** The section with the treemap. */
export function treemapSection(model: Model, classes: Classes, store: Store): HTMLElement {
  return new Treemap(model, classes, store).element;
}

class Treemap {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #classes: Classes;
  readonly #store: Store;
  readonly #isDiff: boolean;
  readonly #total: number;
  readonly #stage = el('div', { class: 'treemap', role: 'group', 'aria-label': 'Assets by size' });
  readonly #path = el('ol', { class: 'path' });
  /** From all assets down to what is shown. */
  #groups: readonly Group[];
  #boxes = new Map<HTMLElement, PlacedBox>();

  constructor(model: Model, classes: Classes, store: Store) {
    this.#model = model;
    this.#classes = classes;
    this.#store = store;
    this.#isDiff = model.diff !== undefined;
    const root = rootGroup(model.rows);
    this.#total = root.size;
    this.#groups = [root];
    const way = el('nav', { 'aria-label': 'Group shown' }, this.#path);
    const scale = this.#isDiff ? 'to scale: the size in B, or in A of what only A has' : 'to scale';
    const help = `Rectangles are ${scale}. Arrow keys go from one to the next, Enter opens a group or selects an asset, Escape goes back.`;
    this.element = section(
      'treemap',
      this.#isDiff ? 'Changes by bank and name' : 'Sizes by bank and name',
      this.#isDiff ? legend('Colours of the treemap', classes.ofRows(model.rows)) : undefined,
      way,
      this.#stage,
      el('p', { class: 'help' }, help),
    );
    this.#stage.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.#stage);
    store.onSelection(() => this.#mark());
  }

  #draw(): void {
    const hasFocus = this.#stage.contains(document.activeElement);
    const { clientWidth: width, clientHeight: height } = this.#stage;
    this.#drawPath();
    const boxes = boxesOf(this.#groups.at(-1) as Group, width, height);
    this.#boxes = new Map(boxes.map((box) => [this.#rectangle(box), box]));
    const shown = [...this.#boxes.keys()];
    this.#stage.replaceChildren(...shown);
    if (shown.length === 0) this.#stage.append(el('p', { class: 'nothing' }, 'No asset has bytes.'));
    shown[0]?.setAttribute('tabindex', '0');
    if (hasFocus) shown[0]?.focus();
    this.#mark();
  }

  #rectangle(box: PlacedBox): HTMLElement {
    const item = box.data.item as Item;
    const isOpen = box.children !== undefined;
    const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
    const rectangle = button(undefined, () => this.#open(box, item), {
      class: `box ${this.#looksOf(box, item)}`,
      ...(this.#isDiff ? { 'data-status': isGroup(item) ? undefined : item.status } : { 'data-bank': item.bank }),
      tabindex: -1,
      'aria-label': this.#nameOf(item),
    });
    rectangle.title = rectangle.getAttribute('aria-label') ?? '';
    if (isOpen ? isTitled(box) : width > 36 && height > 14) rectangle.append(...this.#labelsOf(item, width));
    if (this.#isDiff && isGroup(item)) {
      rectangle.style.backgroundImage = faredStripes(item.rows, item.size, this.#classes);
    }
    Object.assign(rectangle.style, { left: px(box.x0), top: px(box.y0), width: px(width), height: px(height) });
    return rectangle;
  }

  #looksOf({ children }: PlacedBox, item: Item): string {
    if (!isGroup(item)) return this.#classes.ofRow(item).pattern;
    return `group${children === undefined ? '' : ' open'}${item.isRest ? ' rest' : ''}`;
  }

  #nameOf(item: Item): string {
    const share = `${((100 * item.size) / this.#total).toFixed(1)} %`;
    const fared = this.#isDiff ? `${isGroup(item) ? faredText(item.rows) : item.status}, ` : '';
    const more = `${fared}${bytesText(item.size)}, ${share}`;
    if (isGroup(item)) return `${item.label}, group of ${counted(item.rows.length, 'asset')}, ${more}`;
    return `asset ${item.id} ${item.name}, ${item.bank}, ${more}`;
  }

  #labelsOf(item: Item, width: number): HTMLElement[] {
    const label = own(isGroup(item) ? item.label : lastPiece(item.name));
    label.className = 'label';
    const size = width > 130 ? [el('span', { class: 'size' }, shortBytes(item.size))] : [];
    if (!this.#isDiff) return [label, ...size];
    if (!isGroup(item)) return [...letterOf(item), label, ...size];
    return [label, ...(width > 60 ? faredLetters(item.rows) : []), ...size];
  }

  #open(box: PlacedBox, item: Item): void {
    if (!isGroup(item)) {
      this.#store.set({ selection: selectRow(this.#model, item) });
      return;
    }
    const way = box.ancestors().flatMap(({ data }) => (data.item !== undefined && isGroup(data.item) ? data.item : []));
    this.#groups = [...this.#groups, ...way.reverse()];
    this.#draw();
  }

  #back(length: number): void {
    if (length < 1 || length === this.#groups.length) return;
    this.#groups = this.#groups.slice(0, length);
    this.#draw();
  }

  #drawPath(): void {
    const steps = this.#groups.map(({ label }, i) => {
      const isLast = i === this.#groups.length - 1;
      if (isLast) return el('li', { 'aria-current': 'true' }, own(label));
      return el(
        'li',
        {},
        button(own(label), () => this.#back(i + 1)),
      );
    });
    this.#path.replaceChildren(...steps);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape' || event.key === 'Backspace') this.#back(this.#groups.length - 1);
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = [...this.#boxes.keys()];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = all[at + by];
    if (next === undefined) return;
    all[at]?.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }

  /** Shows where the selected asset is: its own rectangle, or the group that it is in. */
  #mark(): void {
    const row = this.#store.state.selection?.row;
    for (const [rectangle, { data, children }] of this.#boxes) {
      const item = data.item as Item;
      const holds = row !== undefined && !children && (isGroup(item) ? item.rows.includes(row) : item === row);
      if (holds) rectangle.setAttribute('aria-current', 'true');
      else rectangle.removeAttribute('aria-current');
    }
  }
}

/** What a status looks like beside its colour; nothing of an asset that is the same. */
function letterOf({ status = 'same' }: Row): HTMLElement[] {
  return status === 'same' ? [] : [el('b', {}, STATUS_LETTERS[status])];
}

function px(length: number): string {
  return `${length}px`;
}
