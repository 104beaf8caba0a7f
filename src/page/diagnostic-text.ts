/** Diagnostics in words. */
import type { Diagnostic } from '../errors.js';
import { groups } from '../report/figures.js';
import { el, own } from './dom.js';

/** `byte 1,234`. */
export function byteText(offset: number): string {
  return `byte ${groups(offset)}`;
}

/** Severity, code and clause, then the message, then what to do. */
export function diagnosticLines({ severity, code, clause, message, hint }: Diagnostic): HTMLElement[] {
  return [
    el(
      'p',
      { class: 'code' },
      el('span', { class: `severity ${severity}` }, severity),
      el('code', {}, code),
      clause === undefined ? undefined : el('span', { class: 'clause' }, clause),
    ),
    el('p', { class: 'message' }, own(message)),
    ...(hint === undefined ? [] : [el('p', { class: 'hint' }, 'hint: ', own(hint))]),
  ];
}

/** Where a fault is, as much of it as is known. */
export function placeText({ where: { pointer, offset, path }, asset_id: id }: Diagnostic): string {
  return [
    ...(pointer === undefined ? [] : [pointer]),
    ...(id === undefined ? [] : [`asset ${id}`]),
    ...(offset === undefined ? [] : [byteText(offset)]),
    ...(path === undefined ? [] : [path]),
  ].join(', ');
}
