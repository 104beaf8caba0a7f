/** How a reader did, as text and as JUnit. */
import { printable } from '../errors.js';
import type { HexRow } from '../read/annotate.js';
import { READER_CLASSES } from '../read/runtime-profile.js';
import { counted, groups } from './figures.js';
import { hexText } from './hex.js';
import { tableText } from './table.js';
import type { Paint } from './text.js';

/** One vector's result, as reports need it. */
export interface ConformLine {
  readonly id: string;
  /** Path of the file. */
  readonly path: string;
  readonly title: string;
  readonly clauses: readonly string[];
  /** The group that it is counted in: a class, `accept` or `unspecified`. */
  readonly group: string;
  readonly verdict: 'pass' | 'fail' | 'unspecified' | 'error';
  readonly expected: string;
  readonly got: string;
  /** The bytes around the fault, for a failure. */
  readonly hex: readonly HexRow[];
  /** Whether the failure is listed as known. */
  readonly isKnown: boolean;
}

/** Failures that text shows one by one. */
const FAILURES_SHOWN = 20;

const VERDICTS = ['pass', 'fail', 'unspecified', 'error'] as const;

/** The groups in the order of the table: right files, the classes as a reader reports them, what is open. */
const GROUPS = ['accept', ...READER_CLASSES, 'unspecified', 'open at runtime'];

/** A paragraph per failure, then a table with a row per class. */
export function* conformText(lines: readonly ConformLine[], paint: Paint): Generator<string, void, undefined> {
  const failures = lines.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  const [first] = failures;
  const isOneCause =
    failures.length > 1 && failures.every(({ verdict, got }) => verdict === 'error' && got === first?.got);
  if (isOneCause) yield `${paint('red', 'error')} ${failures.length} vectors: ${printable(first?.got ?? '')}`;
  else for (const line of failures.slice(0, FAILURES_SHOWN)) yield* failureText(line, paint);
  if (!isOneCause && failures.length > FAILURES_SHOWN) {
    yield `and ${failures.length - FAILURES_SHOWN} more; --json lists all, --filter chooses`;
  }
  yield* tableText(COLUMNS, tableRows(lines), paint);
  const open = count(lines, 'unspecified');
  if (open !== '0')
    yield paint('dim', `${open} unspecified: the published texts leave them open, and any answer is right`);
  yield failures.length === 0
    ? paint('green', 'passed')
    : paint('red', `failed: ${counted(failures.length, 'vector')}`);
}

const COLUMNS = [{ title: 'class' }, ...VERDICTS.map((title) => ({ title, isFigure: true }))];

function tableRows(lines: readonly ConformLine[]): string[][] {
  const row = (title: string, members: readonly ConformLine[]) => [
    title,
    ...VERDICTS.map((verdict) => count(members, verdict)),
  ];
  const groups = GROUPS.map((group) => ({ group, members: lines.filter((line) => line.group === group) }));
  return [
    ...groups.filter(({ members }) => members.length > 0).map(({ group, members }) => row(group, members)),
    row('all', lines),
  ];
}

function* failureText(line: ConformLine, paint: Paint): Generator<string, void, undefined> {
  const known = line.isKnown ? ' (known)' : '';
  yield `${paint('red', line.verdict)}${known} ${paint('bold', line.id)}  [${line.clauses.join(', ')}] ${line.title}`;
  const difference = line.got.startsWith('accept, but ') ? line.got.slice('accept, but '.length) : undefined;
  yield printable(
    difference === undefined ? `  expected ${line.expected}, got ${line.got}` : `  accepted, but ${difference}`,
  );
  yield `  ${paint('dim', printable(line.path))}`;
  for (const row of line.hex) yield `  ${hexText(row)}`;
}

function count(lines: readonly ConformLine[], verdict: ConformLine['verdict']): string {
  return groups(lines.filter((line) => line.verdict === verdict).length);
}

/** The results as JUnit XML: one test case a vector, unspecified ones skipped. */
export function junitXml(reader: string, lines: readonly ConformLine[]): string {
  const cases = lines.map((line) => {
    const open = `  <testcase classname=${attribute(line.group)} name=${attribute(line.id)}`;
    if (line.verdict === 'pass') return `${open}/>`;
    if (line.verdict === 'unspecified') return `${open}><skipped/></testcase>`;
    const tag = line.verdict === 'fail' ? 'failure' : 'error';
    const message = attribute(`expected ${line.expected}, got ${line.got}`);
    const details = [line.title, `clauses ${line.clauses.join(', ')}`, ...line.hex.map(hexText)].join('\n');
    return `${open}><${tag} message=${message}>${text(details)}</${tag}></testcase>`;
  });
  const total = (verdict: ConformLine['verdict']) => lines.filter((line) => line.verdict === verdict).length;
  const counts = `tests="${lines.length}" failures="${total('fail')}" errors="${total('error')}" skipped="${total('unspecified')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name=${attribute(reader)} ${counts}>`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n');
}

// Characters that XML 1.0 cannot hold, escaped or not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function text(value: string): string {
  return value
    .toWellFormed()
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return `"${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`;
}
