/** The fields that filter the table. */
import { groups } from '../report/figures.js';
import { countStatuses, STATUSES } from './diff-model.js';
import { choice, el } from './dom.js';
import type { Model } from './rows.js';
import type { Store } from './store.js';

/** Typing pauses at least this long before the table follows, in milliseconds; Enter asks for it at once. */
const PAUSE = 120;

/** The fields, and a way to say how many rows they leave. */
export function filterBar(model: Model, store: Store): { element: HTMLElement; count: (shown: number) => void } {
  const output = el('output', { class: 'count', 'aria-live': 'polite' });
  const fields = [
    textField(store),
    bankField(model, store),
    ...(model.diff === undefined ? [] : [statusField(model, store)]),
  ];
  const element = el('div', { class: 'bar', role: 'search', 'aria-label': 'Filter' }, ...fields, output);
  const count = (shown: number): void => {
    output.textContent = `${groups(shown)} of ${groups(model.rows.length)}`;
  };
  return { element, count };
}

function textField(store: Store): HTMLElement {
  let pending: ReturnType<typeof setTimeout> | undefined;
  const follow = (pause: number): void => {
    clearTimeout(pending);
    pending = setTimeout(() => store.set({ text: input.value.trim().toLowerCase() }), pause);
  };
  const input = el('input', {
    type: 'search',
    placeholder: 'name, id or bank',
    spellcheck: 'false',
    oninput: () => follow(PAUSE),
    onkeydown: ({ key }: KeyboardEvent) => {
      if (key === 'Enter') follow(0);
    },
  });
  return el('label', { class: 'field' }, el('span', {}, 'Filter'), input);
}

function bankField({ rows }: Model, store: Store): HTMLElement {
  const banks = [...new Set(rows.map(({ bank }) => bank))].slice(0, 20);
  const options = banks.map((bank) => [bank, bank] as const);
  return choice('Bank', [['', 'all'], ...options], (bank) => store.set({ bank }));
}

function statusField({ rows }: Model, store: Store): HTMLElement {
  const counts = countStatuses(rows);
  const options = STATUSES.filter((status) => counts.has(status)).map(
    (status) => [status, `${status} (${groups(counts.get(status) ?? 0)})`] as const,
  );
  return choice('Status', [['', 'all'], ...options], (status) => store.set({ status }));
}
