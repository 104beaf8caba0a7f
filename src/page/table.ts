/** The table of assets: sorted by its heads, filtered by its fields, and made of the rows in view alone. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { el, section } from './dom.js';
import { filterBar } from './filter-bar.js';
import type { Model, Row } from './rows.js';
import { selectRow } from './selection.js';
import type { PageState, Store } from './store.js';
import { type Column, columnsOf } from './table-columns.js';
import { nextSorting, shownRows } from './table-rows.js';

const ROW_HEIGHT = 26;
const ROWS_BEYOND = 12;
/** Characters that names have at least. */
const NAME_WIDTH = 20;

/** The section with the table. */
export function tableSection(model: Model, store: Store): HTMLElement {
  return new AssetTable(model, store).element;
}

class AssetTable {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #store: Store;
  readonly #columns: readonly Column[];
  readonly #heads = new Map<string, HTMLElement>();
  readonly #body = el('tbody');
  readonly #grid: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #virtual: Virtualizer<HTMLElement, HTMLElement>;
  readonly #count: (shown: number) => void;
  #shown: readonly Row[];
  /** The row that keys act on. */
  #active = 0;
  /** What the rows in the document show. */
  #drawn: readonly unknown[] = [];

  constructor(model: Model, store: Store) {
    this.#model = model;
    this.#store = store;
    this.#columns = columnsOf(model);
    this.#shown = shownRows(model.rows, this.#columns, store.state);
    this.#grid = this.#makeGrid();
    this.#scroller = el('div', { class: 'scroller', tabindex: -1 }, this.#grid);
    this.#virtual = new Virtualizer(this.#options());
    const { element, count } = filterBar(model, store);
    this.#count = count;
    this.element = section('assets', 'Assets', element, this.#scroller);
    store.subscribe((state, before) => this.#follow(state, before));
    new ResizeObserver(() => this.#start()).observe(this.#scroller);
    this.#show();
  }

  /** The library looks for the scrolling element once that is in the document. */
  #start(): void {
    this.#virtual._willUpdate();
    this.#draw();
  }

  #makeGrid(): HTMLElement {
    const heads = this.#columns.map((column) => this.#head(column));
    const grid = el(
      'table',
      { role: 'grid', class: 'assets', tabindex: 0, 'aria-labelledby': 'assets-title' },
      el('thead', {}, el('tr', {}, ...heads)),
      this.#body,
    );
    const least = this.#columns.reduce((sum, { width = NAME_WIDTH }) => sum + width, 0);
    grid.style.minWidth = `${least}ch`;
    grid.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', (event) => this.#press(event));
    return grid;
  }

  #head({ id, title, isNumber, width }: Column): HTMLElement {
    const sort = (): void => this.#store.set({ sorting: nextSorting(this.#store.state.sorting, id) });
    const press = el('button', { type: 'button', onclick: sort }, title);
    const head = el('th', { scope: 'col', 'aria-sort': 'none', class: `${id}${isNumber ? ' number' : ''}` }, press);
    if (width !== undefined) head.style.width = `${width}ch`;
    this.#heads.set(id, head);
    return head;
  }

  #options() {
    return {
      count: this.#shown.length,
      getScrollElement: () => this.#scroller,
      estimateSize: () => ROW_HEIGHT,
      overscan: ROWS_BEYOND,
      // The head stays at the top and hides what is below it.
      scrollPaddingStart: ROW_HEIGHT,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#draw(),
    };
  }

  #follow(state: PageState, before: PageState): void {
    const { text, bank, status, sorting, selection } = state;
    const isOther = text !== before.text || bank !== before.bank || status !== before.status;
    if (isOther || sorting !== before.sorting) this.#show();
    if (selection !== before.selection && selection?.row !== undefined) this.#goTo(selection.row);
    this.#draw();
  }

  /** Filters and sorts anew. */
  #show(): void {
    const { state } = this.#store;
    this.#shown = shownRows(this.#model.rows, this.#columns, state);
    this.#virtual.setOptions(this.#options());
    this.#active = Math.max(0, this.#shown.indexOf(state.selection?.row as Row));
    for (const [id, head] of this.#heads) head.setAttribute('aria-sort', directionOf(state, id));
    this.#grid.setAttribute('aria-rowcount', String(this.#shown.length + 1));
    this.#count(this.#shown.length);
    this.#virtual.scrollToIndex(this.#active);
    this.#draw();
  }

  #goTo(row: Row): void {
    if (this.#shown[this.#active] === row) return;
    const at = this.#shown.indexOf(row);
    if (at >= 0) this.#activate(at);
  }

  #activate(at: number): void {
    this.#active = Math.min(Math.max(0, at), this.#shown.length - 1);
    this.#virtual.scrollToIndex(this.#active, { align: 'auto' });
    this.#draw();
  }

  #draw(): void {
    const items = this.#virtual.getVirtualItems();
    const { selection } = this.#store.state;
    const drawn = [this.#shown, items[0]?.index, items.at(-1)?.index, this.#active, selection?.row];
    // The list also tells when it has come to rest; a click on a row that is replaced between press and release goes nowhere.
    if (drawn.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = drawn;
    const above = items[0]?.start ?? 0;
    const below = this.#virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
    const rows = items.map(({ index }) => this.#row(index));
    this.#body.replaceChildren(space(above), ...rows, space(below));
    this.#grid.setAttribute('aria-activedescendant', `row-${this.#active}`);
  }

  #row(index: number): HTMLElement {
    const row = this.#shown[index] as Row;
    const isSelected = row === this.#store.state.selection?.row;
    const cells = this.#columns.map(({ id, isNumber, cell }) =>
      el('td', { role: 'gridcell', class: `${id}${isNumber ? ' number' : ''}` }, cell(row)),
    );
    const attributes = {
      id: `row-${index}`,
      role: 'row',
      'data-index': index,
      'aria-rowindex': index + 2,
      'aria-selected': String(isSelected),
      class: index === this.#active ? 'active' : undefined,
    };
    return el('tr', attributes, ...cells);
  }

  #press(event: MouseEvent): void {
    const index = (event.target as Element).closest('tr')?.dataset['index'];
    if (index === undefined) return;
    this.#activate(Number(index));
    this.#choose();
  }

  #choose(): void {
    const row = this.#shown[this.#active];
    const side = this.#store.state.selection?.side.at;
    if (row !== undefined) this.#store.set({ selection: selectRow(this.#model, row, side) });
  }

  #key(event: KeyboardEvent): void {
    // Keys on the heads are theirs.
    if (event.target !== this.#grid) return;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / ROW_HEIGHT) - 2);
    const to = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#shown.length - 1,
    }[event.key];
    if (to !== undefined) this.#activate(to);
    else if (event.key === 'Enter' || event.key === ' ') this.#choose();
    else return;
    event.preventDefault();
  }
}

function directionOf({ sorting }: PageState, id: string): string {
  if (sorting?.column !== id) return 'none';
  return sorting.isDescending ? 'descending' : 'ascending';
}

/** Room for the rows that are not in view. */
function space(height: number): HTMLElement {
  const row = el('tr', { 'aria-hidden': 'true', class: 'space' });
  row.style.height = `${height}px`;
  return row;
}
