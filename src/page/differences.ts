/** What differs between two files, beside their assets one by one. */
import { counted, groups } from '../report/figures.js';
import type { DiffReport, MemberChange } from '../report/results.js';
import { countStatuses, STATUS_LETTERS, STATUSES } from './diff-model.js';
import { button, type Child, el, own, section } from './dom.js';
import { memberText } from './members.js';
import type { Model, Row } from './rows.js';
import { selectByte, selectRow } from './selection.js';
import type { Store } from './store.js';

/** Lines of one list that are shown; the table of assets has them all. */
const LINES_MAX = 50;

/** The section with the summary; undefined when the page is about one file. */
export function differencesSection(model: Model, store: Store): HTMLElement | undefined {
  const { diff } = model;
  if (diff === undefined) return undefined;
  return section(
    'differences',
    'Differences',
    el('p', { class: 'verdict-line' }, summary(diff)),
    statusCounts(model),
    ...bytesLines(model, diff, store),
    ...preludeTable(diff),
    ...preloadTable(model, diff, store),
    ...notCompared(model, diff, store),
    ...unread(diff),
  );
}

function summary({ identical, layout_only: isLayoutOnly }: DiffReport): string {
  if (identical) return 'The files are equal, byte for byte.';
  return isLayoutOnly ? 'Only the layout differs: no asset was added, removed or changed.' : 'The files differ.';
}

function statusCounts({ rows }: Model): HTMLElement {
  const counts = countStatuses(rows);
  const items = STATUSES.filter((status) => counts.has(status)).map((status) => {
    const label = el(
      'span',
      { class: 'status', 'data-status': status },
      el('b', {}, STATUS_LETTERS[status]),
      ` ${status}`,
    );
    return el('li', {}, label, ` ${groups(counts.get(status) ?? 0)}`);
  });
  return el('ul', { class: 'counts', 'aria-label': 'Number of assets' }, ...items);
}

/** Places of first differences, each with a way to its byte in both files. */
function bytesLines(model: Model, diff: DiffReport, store: Store): HTMLElement[] {
  const places = (offset: number): Child[] =>
    model.sides.map((side) =>
      button(`byte ${groups(offset)} of ${side.letter}`, () => store.set({ selection: selectByte(side, offset) }), {
        class: 'place',
      }),
    );
  const line = (text: string, offset: number) =>
    el('p', {}, `${text} `, ...places(offset).flatMap((place, i) => (i === 0 ? [place] : [' and ', place])));
  const { first_difference: first, header_text: header, outside } = diff;
  return [
    ...(first === undefined ? [] : [line('The files differ from', first)]),
    ...(header === undefined ? [] : [line('The headers say the same in other bytes, from', header.first_difference)]),
    ...(outside === undefined
      ? []
      : [
          line(
            `${counted(outside.bytes_different, 'byte')} outside the payloads differ, from`,
            outside.first_difference,
          ),
        ]),
  ];
}

function preludeTable({ prelude }: DiffReport): HTMLElement[] {
  return changeTable(
    'Prelude',
    'Field',
    prelude.map(({ field, ...values }) => ({ head: field, ...values })),
  );
}

/** One line of a table of changes. */
interface Change extends Pick<MemberChange, 'a' | 'b'> {
  readonly head: Child;
}

function changeTable(title: string, head: string, changes: readonly Change[]): HTMLElement[] {
  if (changes.length === 0) return [];
  const heads = [head, 'A', 'B'].map((text) => el('th', { scope: 'col' }, text));
  const lines = changes
    .slice(0, LINES_MAX)
    .map((change) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, change.head),
        el('td', {}, shownValue(change.a)),
        el('td', {}, shownValue(change.b)),
      ),
    );
  const rest = changes.length - LINES_MAX;
  return [
    el('h3', {}, title),
    el('table', { class: 'members' }, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...lines)),
    ...(rest > 0 ? [el('p', { class: 'note' }, `${counted(rest, 'more line')} not listed`)] : []),
  ];
}

function shownValue(value: unknown): Child {
  return value === undefined
    ? el('span', { class: 'nothing' }, 'none')
    : own(typeof value === 'number' ? groups(value) : memberText(value));
}

function preloadTable(model: Model, { preload }: DiffReport, store: Store): HTMLElement[] {
  const head = (id: number) => ({ head: assetLink(model, id, store) });
  return changeTable('Preload slots', 'Asset', [
    ...preload.removed.map(({ asset_id, slot }) => ({ ...head(asset_id), a: slot })),
    ...preload.added.map(({ asset_id, slot }) => ({ ...head(asset_id), b: slot })),
    ...preload.changed.map(({ asset_id, a, b }) => ({ ...head(asset_id), a, b })),
  ]);
}

function notCompared(model: Model, { entries }: DiffReport, store: Store): HTMLElement[] {
  const list = entries.not_compared.slice(0, LINES_MAX);
  if (list.length === 0) return [];
  const lines = list.map(({ asset_id, reason }) => el('li', {}, assetLink(model, asset_id, store), ' ', own(reason)));
  return [el('h3', {}, 'Payloads that were not compared'), el('ul', {}, ...lines)];
}

function unread({ unread: list }: DiffReport): HTMLElement[] {
  if (list.length === 0) return [];
  const lines = list.map(({ side, what }) => el('li', {}, `${what} of ${side.toUpperCase()}`));
  return [el('h3', {}, 'What could not be read'), el('ul', {}, ...lines)];
}

function assetLink(model: Model, id: number, store: Store): HTMLElement {
  const row = model.rows.find((each) => each.id === id);
  if (row === undefined) return el('span', {}, `asset ${id}`);
  const open = (): void => store.set({ selection: selectRow(model, row as Row) });
  return el('span', {}, button(`asset ${id}`, open, { class: 'place' }), ' ', own(row.name));
}
