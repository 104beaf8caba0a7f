/** What `inspect` found, as text. */
import { printable } from '../errors.js';
import { BANK_TYPES, type BankType } from '../format.js';
import type { Part } from '../read/parts.js';
import { bytesText, counted, groups, shortBytes, sliceText } from './figures.js';
import type { AssetObject, InspectReport } from './results.js';
import { type Column, tableText } from './table.js';
import type { Paint } from './text.js';

/** What the text shows beside the result document. */
export interface InspectView {
  /** The parts of the file. */
  readonly parts: readonly Part[];
  /** Whether single assets were asked for: each is shown with all its members. */
  readonly isSelection: boolean;
  /** Entries before sorting and filtering. */
  readonly total: number;
  /** Bank of the entry at an index of the asset table. */
  readonly bankAt: (index: number) => BankType | undefined;
  /** Rows that the table may have. */
  readonly limit: number;
  /** Columns of the terminal. */
  readonly columns: number;
}

/** The whole file at a glance: prelude, layout bar, asset table, totals. */
export function* inspectText(
  report: InspectReport,
  view: InspectView,
  paint: Paint,
): Generator<string, void, undefined> {
  const { path, file_size: fileSize = 0, prelude, alignment, banks } = report;
  yield `${paint('bold', printable(path))}  ${bytesText(fileSize)}`;
  if (prelude === undefined) return;
  yield '';
  yield Object.entries(prelude)
    .map(([name, value]) => `${paint('dim', name)} ${value}`)
    .join('  ');
  yield* layoutBar(view, fileSize, paint);
  if (banks === undefined) return;
  if (alignment !== undefined) yield `${paint('dim', 'alignment')} ${alignment}${alignment === 1 ? ' (packed)' : ''}`;
  if (view.isSelection) {
    const chosen = report.asset_table ?? [];
    for (const entry of chosen) yield* assetText(entry, report, paint);
    if (chosen.length === 0) yield `\n${paint('dim', `0 of ${counted(view.total, 'asset')}`)}`;
    return;
  }
  yield '';
  yield* assetTable(report, view, paint);
  yield '';
  yield* bankTable(banks, fileSize, paint);
}

/** How a part is drawn, in the order of the legend. */
const PART_STYLES = {
  prelude: ['p', 'dim'],
  header: ['h', 'cyan'],
  padding: ['.', 'dim'],
  GLYPH: ['G', 'green'],
  SOUNDS: ['S', 'yellow'],
  SCENE: ['C', 'magenta'],
  trailing: ['!', 'red'],
  rest: ['?', 'red'],
} as const;

type PartName = keyof typeof PART_STYLES;

const BAR_MOST = 96;
const BAR_LEAST = 24;

/** One line to scale, and what its letters mean; a part too small for a cell has its place in the legend. */
function* layoutBar(view: InspectView, fileSize: number, paint: Paint): Generator<string, void, undefined> {
  if (fileSize === 0) return;
  const width = Math.max(BAR_LEAST, Math.min(BAR_MOST, view.columns - 2));
  const nameOf = ({ kind, index = -1 }: Part): PartName => {
    const name = kind === 'payload' ? view.bankAt(index) : kind;
    // A broken table may name any bank.
    return name !== undefined && Object.hasOwn(PART_STYLES, name) ? name : 'rest';
  };
  const totals = new Map<PartName, number>();
  const cells = Array.from({ length: width }, () => new Map<PartName, number>());
  for (const part of view.parts) {
    const name = nameOf(part);
    totals.set(name, (totals.get(name) ?? 0) + part.end - part.start);
    paintCells(cells, part, name, fileSize);
  }
  yield `[${cells.map((cell) => letter(mostOf(cell), paint)).join('')}]`;
  const names = (Object.keys(PART_STYLES) as PartName[]).filter((name) => totals.has(name));
  yield names
    .map((name) => {
      const size = totals.get(name) ?? 0;
      return `${letter(name, paint)} ${name} ${shortBytes(size)} (${share(size, fileSize)})`;
    })
    .join('  ');
}

function letter(name: PartName, paint: Paint): string {
  return paint(PART_STYLES[name][1], PART_STYLES[name][0]);
}

/** Adds a part to what each cell holds of its kind. */
function paintCells(cells: readonly Map<PartName, number>[], part: Part, name: PartName, fileSize: number): void {
  const scale = cells.length / fileSize;
  const first = Math.floor(part.start * scale);
  const last = Math.min(cells.length - 1, Math.ceil(part.end * scale) - 1);
  for (let i = first; i <= last; i += 1) {
    const covered = Math.min(part.end * scale, i + 1) - Math.max(part.start * scale, i);
    cells[i]?.set(name, (cells[i]?.get(name) ?? 0) + covered);
  }
}

function mostOf(cell: ReadonlyMap<PartName, number>): PartName {
  return [...cell].reduce((most, each) => (each[1] > most[1] ? each : most), ['rest' as PartName, 0] as const)[0];
}

const COLUMNS: readonly Column[] = [
  { title: 'id', isFigure: true },
  { title: 'name', most: 48 },
  { title: 'bank' },
  { title: 'offset', isFigure: true },
  { title: 'size', isFigure: true },
  { title: 'share', isFigure: true },
  { title: 'decoded', isFigure: true },
  { title: 'slot', isFigure: true },
];

function* assetTable(
  { preload = [], file_size: fileSize = 0, asset_table: chosen = [] }: InspectReport,
  { total, limit }: InspectView,
  paint: Paint,
): Generator<string, void, undefined> {
  const slots = new Map(preload.map(({ asset_id, slot }) => [asset_id, slot]));
  const rows = chosen
    .slice(0, limit)
    .map((entry) => [
      String(entry.asset_id),
      printable(entry.asset_name),
      entry.bank_type,
      groups(entry.offset),
      groups(entry.size),
      share(entry.size, fileSize),
      groups(entry.decoded_size),
      String(slots.get(entry.asset_id) ?? ''),
    ]);
  yield* tableText(COLUMNS, rows, paint);
  const hidden = chosen.length - rows.length;
  if (hidden > 0) {
    const advice = '--limit 0 lists all, --sort and --filter choose, --json has all';
    yield paint('yellow', `${counted(hidden, 'more row')}: ${advice}`);
  }
  if (chosen.length < total) yield paint('dim', `${groups(chosen.length)} of ${counted(total, 'asset')}`);
}

const BANK_COLUMNS: readonly Column[] = [
  { title: 'bank' },
  { title: 'assets', isFigure: true },
  { title: 'size', isFigure: true },
  { title: 'share', isFigure: true },
  { title: 'decoded', isFigure: true },
];

function bankTable(
  banks: NonNullable<InspectReport['banks']>,
  fileSize: number,
  paint: Paint,
): Generator<string, void, undefined> {
  const rows = BANK_TYPES.map((bank) => {
    const { count, size, decoded_size: decodedSize } = banks[bank];
    const [stored, resident] = [Number(size), Number(decodedSize)];
    return [bank, groups(count), bytesText(stored), share(stored, fileSize), bytesText(resident)];
  });
  return tableText(BANK_COLUMNS, rows, paint);
}

/** `12.3 %`. */
function share(size: number, whole: number): string {
  return `${(whole === 0 ? 0 : (100 * size) / whole).toFixed(1)} %`;
}

/** One asset with everything that is said of it. */
function* assetText(
  entry: AssetObject,
  { preload = [], prelude, file_size: fileSize = 0 }: InspectReport,
  paint: Paint,
): Generator<string, void, undefined> {
  const slot = preload.find(({ asset_id: id }) => id === entry.asset_id)?.slot;
  const start = Number(prelude?.['payload_offset']) + entry.offset;
  const member = (name: string, value: string) => `  ${paint('dim', name.padEnd(12))} ${value}`;
  yield '';
  yield paint('bold', `asset ${entry.asset_id}`);
  yield member('asset_name', printable(JSON.stringify(entry.asset_name)));
  yield member('bank_type', `${entry.bank_type}${slot === undefined ? '' : `, preloaded into slot ${slot}`}`);
  yield member('codec', entry.codec);
  yield member('size', `${bytesText(entry.size)}, ${share(entry.size, fileSize)} of the file`);
  yield member('decoded_size', bytesText(entry.decoded_size));
  yield member('offset', groups(entry.offset));
  yield member('file bytes', sliceText(start + entry.size <= fileSize ? start : undefined, entry.size));
  const [first = '', ...more] = JSON.stringify(entry.metadata, null, 2).split('\n');
  yield member('metadata', printable(first));
  for (const line of more) yield `  ${' '.repeat(12)} ${printable(line)}`;
}
