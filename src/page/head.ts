/** The head of the page: the files, whether they are right, and the fields of their preludes. */
import { magicHex, type Prelude } from '../codec/prelude.js';
import type { Diagnostic } from '../errors.js';
import { MAGIC, PRELUDE_FIELDS } from '../format.js';
import { bytesText, counted, groups } from '../report/figures.js';
import { el, own, pairs } from './dom.js';
import type { Model, Side } from './rows.js';
import type { Store } from './store.js';
import { themeButton } from './theme.js';

/** The page's banner. */
export function pageHead(model: Model, store: Store): HTMLElement {
  const title = model.diff === undefined ? 'assets.pa' : 'Two assets.pa compared';
  return el(
    'header',
    { class: 'page-head' },
    el('div', { class: 'bar' }, el('h1', {}, title), themeButton(store)),
    ...model.sides.map((side) => file(side)),
  );
}

function file(side: Side): HTMLElement {
  const letter = side.letter === '' ? undefined : el('span', { class: 'side-letter' }, side.letter);
  const path = el('span', { class: 'path-text' }, own(side.path));
  const { text, kind } = verdict(side);
  return el(
    'div',
    { class: 'file' },
    el(
      'p',
      { class: 'file-line' },
      letter,
      path,
      el('span', {}, bytesText(side.fileSize)),
      el('span', { class: `verdict ${kind}` }, text),
    ),
    preludeFields(side),
  );
}

function verdict({ diagnostics, diagnosticsOmitted }: Side): { text: string; kind: string } {
  const count = (wanted: Diagnostic['severity']) => diagnostics.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors + warnings === 0) return { text: 'clean', kind: 'clean' };
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(diagnosticsOmitted > 0 ? [`${groups(diagnosticsOmitted)} not listed`] : []),
  ];
  return { text: parts.join(', '), kind: errors > 0 ? 'error' : 'warning' };
}

function preludeFields({ artifact: { prelude, header } }: Side): HTMLElement {
  if (prelude === undefined) return el('p', { class: 'nothing' }, 'The file is too short for a prelude.');
  const fields = PRELUDE_FIELDS.map(({ name, property }) => [name, fieldText(prelude, property)] as const);
  const { assetTable, preload } = header ?? {};
  return pairs(
    ...fields,
    ['assets', assetTable === undefined ? 'unreadable' : groups(assetTable.length)],
    ['preloaded', preload === undefined ? undefined : groups(preload.length)],
  );
}

function fieldText(prelude: Prelude, property: keyof Prelude): string {
  const value = prelude[property];
  if (property !== 'magic') return value.toLocaleString('en-US');
  return value === MAGIC ? 'ASPA' : `${magicHex(prelude.magic)}, not ASPA`;
}
