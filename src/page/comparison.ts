/** An asset of two files: members from old to new, and the bytes side by side. */

import { groups, sliceText } from '../report/figures.js';
import { STATUS_LETTERS } from './diff-model.js';
import { el, own } from './dom.js';
import { hexPairs } from './hex-pairs.js';
import { memberText } from './members.js';
import type { Asset, Model, Row } from './rows.js';

/** The details of an asset in both files. */
export function comparison(model: Model, row: Row): HTMLElement[] {
  const { status = 'same' } = row;
  const badge = el(
    'span',
    { class: 'status', 'data-status': status },
    el('b', {}, STATUS_LETTERS[status]),
    ` ${status}`,
  );
  return [
    el('h3', { class: 'name' }, own(row.name)),
    el('p', {}, badge),
    ...reasons(model, row),
    memberTable(row),
    el('h4', {}, 'Payload'),
    ...payloadNotes(row),
    hexPairs(model, row),
  ];
}

function reasons({ diff }: Model, { id }: Row): HTMLElement[] {
  const found = diff?.entries.not_compared.filter((each) => each.asset_id === id) ?? [];
  return found.map(({ reason }) => el('p', { class: 'note' }, own(`not compared: ${reason}`)));
}

function payloadNotes({ change, status }: Row): HTMLElement[] {
  if (change?.payload !== undefined) {
    const { first_difference: first, bytes_different: count } = change.payload;
    return [el('p', {}, `${groups(count)} bytes differ, the first at ${groups(first)} of the payload.`)];
  }
  const isEqual = status === 'same' || status === 'moved' || status === 'changed';
  return isEqual ? [el('p', {}, 'The payloads are equal.')] : [];
}

function memberTable({ assets: [a, b] }: Row): HTMLElement {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  const names = Object.keys({ ...left, ...right });
  const lines = names.map((name) => memberLine(name, left[name], right[name]));
  const heads = ['Member', 'A', 'B'].map((text) => el('th', { scope: 'col' }, text));
  return el('table', { class: 'members' }, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...lines));
}

/** Follows from the other members and the prelude, so that it is never said to be changed. */
const PLACE = 'file bytes';

function memberLine(name: string, a: string | undefined, b: string | undefined): HTMLElement {
  const isChanged = name !== PLACE && a !== undefined && b !== undefined && a !== b;
  const mark = isChanged ? el('span', { class: 'changed-mark' }, 'changed') : undefined;
  const cell = (text = '') => el('td', { class: name === 'metadata' ? 'value' : undefined }, own(text));
  return el(
    'tr',
    { class: isChanged ? 'changed' : undefined },
    el('th', { scope: 'row' }, name, mark),
    cell(a),
    cell(b),
  );
}

function valuesOf(asset: Asset | undefined): { readonly [name: string]: string } {
  if (asset === undefined) return {};
  const { entry, start, slot } = asset;
  return {
    asset_name: entry.assetName,
    bank_type: entry.bankType,
    codec: entry.codec,
    size: groups(entry.size),
    decoded_size: groups(entry.decodedSize),
    offset: groups(entry.offset),
    [PLACE]: sliceText(start, entry.size),
    slot: slot === undefined ? 'not preloaded' : String(slot),
    metadata: memberText(entry.metadata),
  };
}
