/** How the assets of a group fared in the other file: in words, letters and stripes. */
import { groups } from '../report/figures.js';
import type { Classes, PartClass } from './classes.js';
import { countStatuses, STATUS_LETTERS, STATUSES } from './diff-model.js';
import { el } from './dom.js';
import type { Row } from './rows.js';

/** A status has at least this share of a group's stripes: a small change in a large group is seen. */
const LEAST_SHARE = 0.08;

/** `4 moved, 1 changed`. */
export function faredText(rows: readonly Row[]): string {
  const counts = countStatuses(rows);
  const present = STATUSES.filter((status) => counts.has(status));
  return present.map((status) => `${groups(counts.get(status) ?? 0)} ${status}`).join(', ');
}

/** The letter of each status but `same`, with the number of its assets; `moved` last, where there may be no room left. */
export function faredLetters(rows: readonly Row[]): HTMLElement[] {
  const counts = countStatuses(rows);
  const present = STATUSES.toReversed().filter((status) => status !== 'same' && counts.has(status));
  return present.map((status) =>
    el('b', { class: 'fared', 'data-status': status }, `${STATUS_LETTERS[status]} ${groups(counts.get(status) ?? 0)}`),
  );
}

/** A background in stripes of the classes' colours, as wide as their assets have bytes. */
export function faredStripes(rows: readonly Row[], size: number, classes: Classes): string {
  const sizes = new Map<PartClass, number>();
  for (const row of rows) sizes.set(classes.ofRow(row), (sizes.get(classes.ofRow(row)) ?? 0) + row.size);
  const widths = [...sizes].map(([each, bytes]) => [each, Math.max(bytes, size * LEAST_SHARE)] as const);
  const whole = widths.reduce((sum, [, width]) => sum + width, 0);
  let end = 0;
  const stops = widths
    .sort(([a], [b]) => classes.list.indexOf(a) - classes.list.indexOf(b))
    .map(([{ variable }, width]) => {
      end += (100 * width) / whole;
      return `color-mix(in srgb, var(${variable}) var(--strength), var(--ground)) 0 ${end.toFixed(2)}%`;
    });
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
