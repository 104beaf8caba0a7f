/** What `diff` found, as text: what changed, and where. */
import { printable, show } from '../errors.js';
import type { AssetEntry } from '../format.js';
import type { HexRow } from '../read/annotate.js';
import { type ChangedAsset, type Difference, isLayoutOnly } from '../read/diff.js';
import { type MemberDifference, valueDifferences } from '../read/diff-header.js';
import { bytesText, counted, groups } from './figures.js';
import { hexText } from './hex.js';
import { UNHELD } from './objects.js';
import type { DiffReport } from './results.js';
import type { Paint } from './text.js';

/** Rows of both files around one place. */
export interface HexPair {
  /** What is to be seen there. */
  readonly title: string;
  readonly a: readonly HexRow[];
  readonly b: readonly HexRow[];
}

/** Places in both files. */
export interface HexPairs {
  readonly pairs: readonly HexPair[];
  /** How many more there are. */
  readonly omitted: number;
}

/** Items of one kind that the text lists, and values of one asset. */
const ITEMS_MAX = 100;
const MEMBERS_MAX = 20;

/** The difference of two files: a summary, then a section for each kind of change. */
export function* diffText(
  report: DiffReport,
  difference: Difference,
  { pairs, omitted }: HexPairs,
  paint: Paint,
): Generator<string, void, undefined> {
  for (const [letter, side] of [['a', report.a] as const, ['b', report.b] as const]) {
    yield `${paint('dim', letter)}  ${paint('bold', printable(side.path))}  ${bytesText(side.file_size)}`;
  }
  if (report.identical) {
    yield paint('green', 'identical');
    return;
  }
  yield summary(difference, paint);
  yield* section('prelude', report.prelude, paint, ({ field, a, b }) => [change(field, a, b)]);
  if (report.header_text !== undefined) {
    yield '';
    yield `the headers say the same in other bytes, from byte ${report.header_text.first_difference} on`;
  }
  yield* section('removed', difference.removed, paint, (entry) => [`- ${entryText(entry)}`]);
  yield* section('added', difference.added, paint, (entry) => [`+ ${entryText(entry)}`]);
  yield* section('changed', difference.changed, paint, (each) => changedText(each, difference));
  yield* section('moved, not changed', difference.moved, paint, ({ a, b }) => [
    `${nameOf(a)}  ${change('offset', a.offset, b.offset)}`,
  ]);
  for (const { side, what } of difference.unread) {
    yield '';
    yield `${what} of ${side} cannot be read, and ${what.endsWith('entries') ? 'are' : 'is'} not compared`;
  }
  yield* section('not compared', difference.notCompared, paint, ({ assetId, reason }) => [
    `asset ${assetId}: ${reason}`,
  ]);
  yield* preloadText(difference.preload, paint);
  if (report.outside !== undefined) {
    const { first_difference: first, bytes_different: count } = report.outside;
    yield '';
    yield `outside the payloads: first difference at byte ${first}, ${counted(count, 'byte')} in all`;
  }
  for (const { title, a, b } of pairs) {
    yield '';
    yield title;
    yield* sideText('a', a);
    yield* sideText('b', b);
  }
  if (omitted > 0) yield `\n${groups(omitted)} more places are not shown`;
}

function summary(difference: Difference, paint: Paint): string {
  const { added, removed, changed, moved, firstDifference, preload } = difference;
  const slots = [preload.added, preload.removed, preload.changed].reduce((sum, { length }) => sum + length, 0);
  const kinds = [
    [removed.length, 'removed'],
    [added.length, 'added'],
    [changed.length, 'changed'],
    [moved.length, 'moved'],
  ] as const;
  const counts = kinds.filter(([count]) => count > 0).map(([count, kind]) => `${groups(count)} ${kind}`);
  if (slots > 0) counts.push(counted(slots, 'preload change'));
  const isLayout = isLayoutOnly(difference) && moved.length > 0;
  const isPartial = difference.unread.length + difference.notCompared.length > 0;
  const nothing = isPartial ? 'not everything can be compared' : 'no asset differs';
  const what = counts.length === 0 ? nothing : counts.join(', ') + (isLayout ? ': only the layout differs' : '');
  const where = firstDifference === undefined ? '' : `; first difference at byte ${firstDifference}`;
  return paint('yellow', `different: ${what}${where}`);
}

function* section<T>(
  title: string,
  items: readonly T[],
  paint: Paint,
  lines: (item: T) => Iterable<string>,
): Generator<string, void, undefined> {
  if (items.length === 0) return;
  yield '';
  yield paint('bold', title);
  for (const item of items.slice(0, ITEMS_MAX)) for (const line of lines(item)) yield `  ${line}`;
  if (items.length > ITEMS_MAX) yield `  ${moreText(items.length - ITEMS_MAX)}`;
}

function* limited(lines: readonly string[], most: number): Generator<string, void, undefined> {
  yield* lines.slice(0, most);
  if (lines.length > most) yield `  ${moreText(lines.length - most)}`;
}

function moreText(count: number): string {
  return `and ${groups(count)} more; --json lists all`;
}

function* changedText(
  { a, b, members, payload }: ChangedAsset,
  difference: Difference,
): Generator<string, void, undefined> {
  yield nameOf(b);
  const lines = members.flatMap((each) => [...memberText(each)]);
  yield* limited(lines, MEMBERS_MAX);
  if (payload !== undefined) {
    const { first, count } = payload;
    const places = `file bytes ${placeText(a, first, difference, 'a')} and ${placeText(b, first, difference, 'b')}`;
    yield `  payload  first difference at its byte ${first} (${places}), ${counted(count, 'byte')} in all`;
  }
}

function placeText({ offset }: AssetEntry, first: number, { payloadOffsets }: Difference, side: 'a' | 'b'): string {
  return String(payloadOffsets[side] + offset + first);
}

/** A member's change; of free objects, each innermost value's. */
function* memberText({ name, a, b }: MemberDifference): Generator<string, void, undefined> {
  if (name !== 'metadata') yield `  ${change(name, a, b)}`;
  else for (const each of valueDifferences(a, b, '/metadata')) yield `  ${change(each.name.slice(1), each.a, each.b)}`;
}

function* preloadText(
  { added, removed, changed }: Difference['preload'],
  paint: Paint,
): Generator<string, void, undefined> {
  const lines = [
    ...removed.map(({ assetId, slot }) => `- asset ${assetId}, slot ${slot}`),
    ...added.map(({ assetId, slot }) => `+ asset ${assetId}, slot ${slot}`),
    ...changed.map(({ assetId, a, b }) => `asset ${assetId}  ${change('slot', a, b)}`),
  ];
  yield* section('preload', lines, paint, (line) => [line]);
}

function change(name: string, a: unknown, b: unknown): string {
  const [left, right] = [a, b].map((each) => (each === undefined ? 'nothing' : valueText(each))) as [string, string];
  const start = Math.max(0, firstDifference(left, right) - CONTEXT);
  return `${printable(name)}  ${around(left, start)} -> ${around(right, start)}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return printable(JSON.stringify(value, (_, each) => (typeof each === 'symbol' ? UNHELD : each)));
}

/** Characters of a value that are shown, and of these before the first difference. */
const SHOWN = 80;
const CONTEXT = 24;

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** A text that may be of any length, from where it matters. */
function around(text: string, start: number): string {
  if (text.length <= SHOWN) return text;
  const end = start + SHOWN;
  return `${start > 0 ? '...' : ''}${text.slice(start, end).toWellFormed()}${end < text.length ? '...' : ''}`;
}

function nameOf({ assetId, assetName }: AssetEntry): string {
  return `asset ${assetId} ${show(assetName)}`;
}

function entryText(entry: AssetEntry): string {
  return `${nameOf(entry)}, ${entry.bankType}, ${bytesText(entry.size)}`;
}

function* sideText(letter: string, rows: readonly HexRow[]): Generator<string, void, undefined> {
  if (rows.length === 0) yield `${letter}  has no such byte`;
  for (const row of rows) yield `${letter}  ${hexText(row)}`;
}
