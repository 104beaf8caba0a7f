/** Reports as text: for a person at a terminal, or a log. */
import { type Diagnostic, printable, show } from '../errors.js';
import { bytesText, counted, groups } from './figures.js';
import type { BuildReport, DoctorReport, MigrateReport, PackReport } from './results.js';

/** How a word is to be shown; plain where there is no colour. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'magenta', text: string) => string;

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

/** What `build` did. */
export function buildText(report: BuildReport, paint: Paint): string {
  const { inputs, banks } = report;
  const inputText = `${counted(inputs.files, 'input')}, ${bytesText(inputs.bytes)}`;
  const bankText = `${counted(banks.encoded, 'bank')} encoded, ${groups(banks.reused)} from the cache`;
  return `${packText(report, paint)}\n  ${inputText}; ${bankText}`;
}

/** What `doctor` found, blocking findings first. */
export function* doctorText(
  report: DoctorReport,
  diagnostics: readonly Diagnostic[],
  omitted: number,
  paint: Paint,
): Generator<string, void, undefined> {
  const isBlocking = ({ severity }: Diagnostic) => severity === 'error';
  for (const [title, count, list] of [
    ['blocking', report.blocking, diagnostics.filter(isBlocking)],
    ['advisory', report.advisory, diagnostics.filter((each) => !isBlocking(each))],
  ] as const) {
    if (count === 0) continue;
    yield paint('bold', `${title}: ${groups(count)}`);
    for (const each of list) yield diagnosticText(each, paint).replace(/^/gm, '  ');
  }
  if (omitted > 0) yield `and ${groups(omitted)} more`;
  const { registered, included } = report.assets;
  const verdict = report.blocking > 0 ? 'a build would stop' : 'ready to build';
  yield `${printable(report.project)}  ${counted(registered, 'asset')}, ${groups(included)} included: ${verdict}`;
}

/** Changes of one document that a text lists. */
const CHANGES_SHOWN = 20;

/** What `migrate` did, or would do. */
export function* migrateText(report: MigrateReport): Generator<string, void, undefined> {
  for (const { path, artifact, from, to, changes = [] } of report.documents) {
    yield `${printable(path)}  ${artifact}, version ${from} to ${to}`;
    for (const { pointer, before, after } of changes.slice(0, CHANGES_SHOWN)) {
      const values = [before, after].map((each) => (each === undefined ? '(none)' : show(each)));
      yield `  ${printable(pointer)}: ${values.join(' to ')}`;
    }
    if (changes.length > CHANGES_SHOWN) yield `  and ${groups(changes.length - CHANGES_SHOWN)} more`;
  }
  const project = printable(report.project);
  const count = counted(report.documents.length, 'document');
  if (report.outcome === 'unchanged') yield `${project}  every document is in its newest version`;
  else if (report.backup === undefined) yield `${project}  ${count} to migrate; nothing was written`;
  else {
    yield `${printable(report.backup)}  the documents as they were`;
    yield `${project}  ${count} migrated`;
  }
}
