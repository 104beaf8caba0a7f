/** What is selected, in full: members, metadata, place, and its bytes with their meaning. */
import { payloadSegments, segmentsOf } from '../read/annotate.js';
import { bytesText, groups } from '../report/figures.js';
import { comparison } from './comparison.js';
import { byteText, diagnosticLines } from './diagnostic-text.js';
import { button, el, own, pairs, section } from './dom.js';
import { entrySegments, preloadIndex, windowsNear } from './header-bytes.js';
import { hexBlock } from './hex.js';
import { hexItems, windowItems } from './hex-items.js';
import { assetMembers, memberText } from './members.js';
import type { Asset, Model, Row, Side } from './rows.js';
import { partTitle, type Selection, selectRow } from './selection.js';
import type { Store } from './store.js';

/** The section with the details. */
export function detailsSection(model: Model, store: Store): HTMLElement {
  const content = el('div', { class: 'content', tabindex: 0, role: 'group', 'aria-label': 'Details of the selection' });
  const show = (selection: Selection | undefined): void => {
    content.replaceChildren(...(selection === undefined ? [nothing()] : detailsOf(model, store, selection)));
    goToMark(content, selection);
  };
  store.onSelection(show);
  show(store.state.selection);
  return section('details', 'Selection', content);
}

/** Brings the first marked byte into view: within the box, and the box too when it was the byte that was asked for. */
function goToMark(content: HTMLElement, selection: Selection | undefined): void {
  const mark = content.querySelector('mark');
  content.scrollTop = mark === null ? 0 : Math.max(0, mark.offsetTop - content.clientHeight / 2);
  if (selection?.byte !== undefined) mark?.scrollIntoView({ block: 'nearest' });
}

function nothing(): HTMLElement {
  return el('p', { class: 'nothing' }, 'Select a part on the map, a rectangle, or a row of the table.');
}

function detailsOf(model: Model, store: Store, selection: Selection): HTMLElement[] {
  const { row, side, part, byte } = selection;
  if (byte !== undefined) return byteDetails(model, store, selection, byte);
  if (row !== undefined) return model.diff === undefined ? assetDetails(model, side, row) : comparison(model, row);
  if (part === undefined) return [nothing()];
  const size = bytesText(part.end - part.start);
  const title = partTitle(part, undefined) + (side.letter === '' ? '' : `, file ${side.letter}`);
  const place = `${groups(part.start)} to ${groups(part.end - 1)}`;
  return [
    el('h3', {}, title),
    pairs(['size', size], ['file bytes', place]),
    hexBlock(title, hexItems(side, segmentsOf(side.artifact, part))),
  ];
}

/** One asset of one file. */
function assetDetails(model: Model, side: Side, row: Row): HTMLElement[] {
  const asset = row.assets[side.at] as Asset;
  const { entry } = asset;
  return [
    el('h3', { class: 'name' }, own(entry.assetName)),
    assetMembers(asset),
    el('h4', {}, 'Metadata'),
    el('pre', { class: 'metadata', dir: 'auto' }, memberText(entry.metadata)),
    el('h4', {}, 'Entry in the header'),
    hexBlock('Entry in the header', hexItems(side, entrySegments(side, 'asset_table', asset.index))),
    ...preloadDetails(side, row),
    el('h4', {}, 'Payload'),
    payloadDetails(model, side, row, asset),
  ];
}

function preloadDetails(side: Side, { id }: Row): HTMLElement[] {
  const index = preloadIndex(side, id);
  if (index < 0) return [];
  const title = 'Entry in preload';
  return [el('h4', {}, title), hexBlock(title, hexItems(side, entrySegments(side, 'preload', index)))];
}

function payloadDetails(model: Model, side: Side, row: Row, { entry, start }: Asset): HTMLElement {
  if (start === undefined) return el('p', { class: 'nothing' }, 'The slice does not lie in the file.');
  if (entry.size === 0) return el('p', { class: 'nothing' }, 'The payload has no bytes.');
  const block = hexBlock('Payload', hexItems(side, payloadSegments(entry, start)));
  const part = model.partOf(side.at, row);
  const isShared = part === undefined || part.end - part.start < entry.size;
  if (isShared) block.prepend(el('p', { class: 'note' }, 'Another slice lies over some of these bytes.'));
  return block;
}

/** One byte, and what is wrong there. */
function byteDetails(model: Model, store: Store, selection: Selection, byte: number): HTMLElement[] {
  const { side, part, diagnostic } = selection;
  const id = diagnostic?.asset_id;
  const row = id === undefined ? undefined : model.rows.find((each) => each.id === id && each.assets[side.at]);
  const open = (): void => store.set({ selection: selectRow(model, row as Row, side.at) });
  const title = `${byteText(byte)}${side.letter === '' ? '' : ` of file ${side.letter}`}, in ${part?.kind}`;
  const windows = windowsNear(side, byte);
  const items = windows.flatMap((window) => [...windowItems(side, window)]);
  return [
    el('h3', {}, title),
    ...(diagnostic === undefined ? [] : diagnosticLines(diagnostic)),
    ...(row === undefined ? [] : [el('p', {}, button(`Show asset ${row.id}`, open))]),
    hexBlock(title, items.values(), byte),
  ];
}
