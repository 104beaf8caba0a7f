/** Reports as text: for a person at a terminal, or a log. */
import Table from 'cli-table3';
import { type Diagnostic, printable } from '../errors.js';
import { type AssetEntry, BANK_TYPES, PRELUDE_SIZE } from '../format.js';
import type { InspectReport, PackReport } from './results.js';

/** How a word is to be shown; plain where there is no colour. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', text: string) => string;

/** `error[T2] ASSET_ORDER /asset_table/3/asset_id: ...`, and a hint below. */
export function diagnosticText(each: Diagnostic, paint: Paint): string {
  const { severity, clause, code, message, hint } = each;
  const label = paint(severity === 'error' ? 'red' : 'yellow', severity + (clause === undefined ? '' : `[${clause}]`));
  const line = `${[label, paint('bold', code), ...placeText(each)].join(' ')}: ${printable(message)}`;
  return hint === undefined ? line : `${line}\n  ${paint('dim', `hint: ${printable(hint)}`)}`;
}

/** `plan.json /assets/3/file (asset 7, byte 402)`, as much of it as is known. */
function placeText({ where: { path, pointer, plan, offset }, asset_id: assetId }: Diagnostic): string[] {
  const details = [
    ...(assetId === undefined ? [] : [`asset ${assetId}`]),
    ...(offset === undefined ? [] : [`byte ${offset}`]),
  ];
  const parts = [path, plan ?? pointer, details.length === 0 ? '' : `(${details.join(', ')})`];
  return parts.filter((part) => part !== undefined && part !== '').map((part) => printable(part as string));
}

/** Bytes for a person: exact, and in a larger unit. */
export function bytesText(bytes: number): string {
  const exact = `${groups(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return bytes < 1024 ? exact : `${shortBytes(bytes)} (${exact})`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in the largest unit that leaves a digit before the point. */
export function shortBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A number with its digits in groups of three. */
export function groups(value: number): string {
  return value.toLocaleString('en-US');
}

/** What `pack` did. */
export function packText(report: PackReport, paint: Paint): string {
  const { artifact, layout, companions } = report;
  const padding = layout.alignment === 1 ? 'packed' : `aligned to ${groups(layout.alignment)}`;
  const lines = [
    `${paint('bold', printable(artifact.path))}  ${bytesText(artifact.size)}, ${padding}`,
    `  ${counted(report.asset_count, 'asset')}, ${report.preload_count} preloaded; header ${bytesText(layout.header_len)}`,
    ...Object.values(artifact.digests).map((digest) => `  ${paint('dim', digest)}`),
    ...companions.map(({ path, size }) => `  ${printable(path)}  ${bytesText(size)}`),
  ];
  const seconds = (report.elapsed_ms / 1000).toFixed(2);
  lines.push(report.dry_run ? 'dry run: nothing was written' : `  ${seconds} s`);
  return lines.join('\n');
}

/** `3 assets`. */
export function counted(count: number, noun: string): string {
  return `${groups(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows of the asset table that text shows; `--json` has them all. */
const ROWS_MAX = 200;
const NAME_WIDTH = 48;

/** What `inspect` found. */
export function* inspectText(
  report: InspectReport,
  entries: readonly AssetEntry[],
  paint: Paint,
): Generator<string, void, undefined> {
  const { path, file_size: fileSize = 0, prelude, alignment } = report;
  yield `${paint('bold', printable(path))}  ${bytesText(fileSize)}`;
  if (prelude?.['magic'] !== 'ASPA') return;
  yield '';
  const fields = Object.entries(prelude).map(([name, value]) => `${paint('dim', name)} ${value}`);
  yield fields.slice(0, 4).join('  ');
  yield fields.slice(4).join('  ');
  if (report.asset_table === undefined) return;
  yield layoutLine(report, fileSize);
  if (alignment !== undefined) yield `${paint('dim', 'alignment')} ${alignment}${alignment === 1 ? ' (packed)' : ''}`;
  yield '';
  yield assetTable(report, entries, paint);
  if (entries.length > ROWS_MAX) {
    yield `${groups(entries.length - ROWS_MAX)} more entries are not shown; --json has them all`;
  }
  yield '';
  yield bankTable(report, paint);
  yield '';
  yield paint('dim', 'prelude, header and padding were judged; the bytes of the payloads were not');
}

function layoutLine({ prelude = {} }: InspectReport, fileSize: number): string {
  const headerEnd = PRELUDE_SIZE + Number(prelude['header_len']);
  const start = Number(prelude['payload_offset']);
  return [
    `prelude 0..${PRELUDE_SIZE}`,
    `header ${PRELUDE_SIZE}..${headerEnd}`,
    ...(start > headerEnd && start <= fileSize ? [`padding ${headerEnd}..${start}`] : []),
    ...(start >= headerEnd && start <= fileSize ? [`payload region ${start}..${fileSize}`] : []),
  ].join(' | ');
}

function assetTable(
  { preload = [], file_size: fileSize = 0 }: InspectReport,
  entries: readonly AssetEntry[],
  paint: Paint,
): string {
  const slots = new Map(preload.map(({ asset_id, slot }) => [asset_id, slot]));
  const table = plainTable(
    ['id', 'name', 'bank', 'offset', 'size', 'share', 'decoded', 'slot'],
    paint,
    [0, 3, 4, 5, 6, 7],
  );
  for (const { assetId, assetName, bankType, offset, size, decodedSize } of entries.slice(0, ROWS_MAX)) {
    const share = fileSize === 0 ? 0 : (100 * size) / fileSize;
    table.push([
      String(assetId),
      shorten(printable(assetName)),
      bankType,
      groups(offset),
      groups(size),
      `${share.toFixed(1)} %`,
      groups(decodedSize),
      String(slots.get(assetId) ?? ''),
    ]);
  }
  return table.toString();
}

function bankTable({ banks }: InspectReport, paint: Paint): string {
  const table = plainTable(['bank', 'assets', 'size', 'decoded'], paint, [1, 2, 3]);
  for (const bank of BANK_TYPES) {
    const { count, size, decoded_size: decodedSize } = banks?.[bank] ?? { count: 0, size: 0, decoded_size: 0 };
    table.push([bank, groups(count), bytesText(Number(size)), bytesText(Number(decodedSize))]);
  }
  return table.toString();
}

/** Columns divided by space alone: it survives copying into an issue. */
export function plainTable(head: string[], paint: Paint, rightAligned: readonly number[]): Table.Table {
  const nothing = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
  ];
  const more = ['left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  return new Table({
    head: head.map((each) => paint('cyan', each)),
    colAligns: head.map((_, i) => (rightAligned.includes(i) ? 'right' : 'left')),
    chars: { ...Object.fromEntries([...nothing, ...more].map((name) => [name, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= NAME_WIDTH ? text : `${characters.slice(0, NAME_WIDTH - 3).join('')}...`;
}
