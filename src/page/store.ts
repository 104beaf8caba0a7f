/** The state that the views share: a change in one shows in all. */
import type { Selection } from './selection.js';

/** Which column sorts the table, and which way. */
export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

/** What a reader of the page has chosen. */
export interface PageState {
  readonly selection: Selection | undefined;
  /** Text that a row has to have, in its name, id or bank; lower case. */
  readonly text: string;
  /** The bank that a row has to have; empty for any. */
  readonly bank: string;
  /** The status that a row has to have; empty for any. */
  readonly status: string;
  /** In the order of the ids when undefined. */
  readonly sorting: Sorting | undefined;
  /** Colours: the system's when empty. */
  readonly theme: '' | 'light' | 'dark';
}

/** Told of a change, with the state before it. */
export type Listener = (state: PageState, before: PageState) => void;

/** Keeps the state and tells the views. */
export class Store {
  #state: PageState = { selection: undefined, text: '', bank: '', status: '', sorting: undefined, theme: '' };
  readonly #listeners: Listener[] = [];

  get state(): PageState {
    return this.#state;
  }

  /** Changes some of the state. */
  set(change: Partial<PageState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  /** Calls back after each change. */
  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Calls back when another thing is selected. */
  onSelection(listener: (selection: Selection | undefined) => void): void {
    this.subscribe(({ selection }, before) => {
      if (selection !== before.selection) listener(selection);
    });
  }
}
