/** The page: reads what it carries, and puts the views together. */
import { Classes } from './classes.js';
import { detailsSection } from './details.js';
import { diagnosticsSection } from './diagnostics.js';
import { differencesSection } from './differences.js';
import { el } from './dom.js';
import { pageHead } from './head.js';
import { load } from './load.js';
import { mapSection } from './map.js';
import { modelOf } from './model.js';
import type { Model } from './rows.js';
import { describe, type Selection, selectPart, selectRow } from './selection.js';
import { Store } from './store.js';
import { tableSection } from './table.js';
import { treemapSection } from './treemap.js';

/** Lets the browser paint before the work goes on. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Where the reader of the page begins: what differs most, else the first bytes. */
function firstSelection(model: Model): Selection | undefined {
  const row = ['changed', 'added', 'removed'].map((wanted) => model.rows.find(({ status }) => status === wanted));
  const differing = row.find((each) => each !== undefined);
  if (differing !== undefined) return selectRow(model, differing);
  const side = model.sides[0];
  const part = side?.artifact.parts[0];
  return side && part && selectPart(model, side, part);
}

/** Says what is selected to those who do not see it. */
function announcer(store: Store): HTMLElement {
  const live = el('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  store.onSelection((selection) => {
    live.textContent = selection === undefined ? '' : `Selected: ${describe(selection)}`;
  });
  return live;
}

async function start(): Promise<void> {
  const waiting = el('p', { class: 'waiting', role: 'status' }, 'Reading the page ...');
  document.body.append(waiting);
  await painted();
  const model = modelOf(await load());
  document.title = model.sides.map(({ path }) => path).join(' | ');
  const store = new Store();
  const head = pageHead(model, store);
  store.set({ selection: firstSelection(model) });
  const classes = new Classes(model);
  const map = mapSection(model, classes, store);
  const main = el('main', {});
  main.append(
    ...[differencesSection(model, store), diagnosticsSection(model, store), map].filter((each) => each !== undefined),
  );
  waiting.replaceWith(head, main, announcer(store));
  await painted();
  const lists = el('div', { class: 'lists' }, tableSection(model, store), treemapSection(model, classes, store));
  main.append(
    el('div', { class: model.diff === undefined ? 'columns' : 'columns two' }, lists, detailsSection(model, store)),
  );
  document.documentElement.dataset['ready'] = 'true';
}

start().catch((error: unknown) => {
  document.body.append(el('p', { class: 'failure', role: 'alert' }, `This page cannot be read: ${String(error)}`));
  throw error;
});
