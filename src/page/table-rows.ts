/** The rows of the table, filtered and sorted. */
import type { Row } from './rows.js';
import type { PageState, Sorting } from './store.js';
import type { Column } from './table-columns.js';

/** The rows that pass the filter, in order. */
export function shownRows(rows: readonly Row[], columns: readonly Column[], state: PageState): readonly Row[] {
  const { text, bank, status, sorting } = state;
  const isOpen = text === '' && bank === '' && status === '';
  const passed = isOpen ? rows : rows.filter((row) => matches(row, state));
  const column = columns.find(({ id }) => id === sorting?.column);
  return column === undefined ? passed : sorted(passed, column, sorting?.isDescending === true);
}

function matches({ id, name, bank, status }: Row, filter: PageState): boolean {
  if (filter.bank !== '' && filter.bank !== bank) return false;
  if (filter.status !== '' && filter.status !== status) return false;
  if (filter.text === '') return true;
  return `${id}\n${name}\n${bank}`.toLowerCase().includes(filter.text);
}

const order = new Intl.Collator('en', { numeric: true });

/** Rows without a value come last in either direction. */
function sorted(rows: readonly Row[], { value }: Column, isDescending: boolean): readonly Row[] {
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  const sign = isDescending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined);
    return sign * compare(a.key, b.key);
  });
  return keyed.map(({ row }) => row);
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b));
}

/** How the table is sorted when a column's head is pressed once more: upwards, downwards, not at all. */
export function nextSorting(sorting: Sorting | undefined, column: string): Sorting | undefined {
  if (sorting?.column !== column) return { column, isDescending: false };
  return sorting.isDescending ? undefined : { column, isDescending: true };
}
