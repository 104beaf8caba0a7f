/** What is wrong with the files: each line leads to the bytes that it speaks of. */
import type { Diagnostic } from '../errors.js';
import { counted } from '../report/figures.js';
import { diagnosticLines, placeText } from './diagnostic-text.js';
import { button, el, own, section } from './dom.js';
import type { Model, Side } from './rows.js';
import { selectByte } from './selection.js';
import type { Store } from './store.js';

/** Lines that are made at first; the rest on demand. */
const AT_FIRST = 20;

/** The section with the diagnostics; undefined when there are none. */
export function diagnosticsSection({ sides }: Model, store: Store): HTMLElement | undefined {
  const all = sides.flatMap((side) => side.diagnostics.map((each) => ({ side, each })));
  if (all.length === 0) return undefined;
  const list = el('ol', { class: 'diagnostics' });
  const add = (from: number, to: number): void => {
    list.append(...all.slice(from, to).map(({ side, each }) => line(side, each, store)));
  };
  add(0, AT_FIRST);
  const rest = all.length - AT_FIRST;
  const more = button(`Show ${counted(rest, 'more line')}`, () => {
    more.remove();
    add(AT_FIRST, all.length);
  });
  const omitted = sides.reduce((sum, { diagnosticsOmitted }) => sum + diagnosticsOmitted, 0);
  return section(
    'diagnostics',
    'Diagnostics',
    list,
    rest > 0 ? more : undefined,
    omitted > 0 ? el('p', { class: 'note' }, `${counted(omitted, 'further diagnostic')} not listed`) : undefined,
  );
}

function line(side: Side, each: Diagnostic, store: Store): HTMLElement {
  const { offset } = each.where;
  const place = own(placeText(each));
  const show = (at: number) => () => store.set({ selection: selectByte(side, at, each) });
  const letter = side.letter === '' ? undefined : el('span', { class: 'side-letter' }, side.letter);
  const link = offset === undefined || side.fileSize === 0 ? place : button(place, show(offset), { class: 'place' });
  return el('li', {}, letter, ...diagnosticLines(each), el('p', { class: 'where' }, link));
}
