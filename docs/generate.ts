/**
 * Makes the parts of the documentation that are data in the code: `errors.md`, and the prelude's table in `format.md`.
 *
 * `tsx docs/generate.ts` writes them; `--check` writes nothing and exits 1 when a file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ERROR_TABLE, type ErrorRow } from '../src/error-table.js';
import { DIAGNOSTICS_MAX, PRELUDE_FIELDS } from '../src/format.js';

/** A file of this folder and what it has to hold. */
export interface GeneratedFile {
  readonly url: URL;
  readonly text: string;
}

/** Every generated file, as it should be. */
export function generatedFiles(): GeneratedFile[] {
  const format = new URL('format.md', import.meta.url);
  return [
    { url: new URL('errors.md', import.meta.url), text: errorsDocument() },
    { url: format, text: replaceBlock(readFileSync(format, 'utf8'), 'prelude', preludeTable()) },
  ];
}

/** Whether a file on disk differs from what it has to hold. */
export function isStale({ url, text }: GeneratedFile): boolean {
  try {
    return readFileSync(url, 'utf8') !== text;
  } catch {
    return true;
  }
}

/** The address of a clause in `format.md`. */
export function clauseAnchor(clause: string): string {
  return clause.toLowerCase();
}

function preludeTable(): string {
  return table(
    ['at', 'width', 'field', 'v1 writer emits', 'value fixed by'],
    PRELUDE_FIELDS.map(({ at, width, name, emits, clause }) => [
      at,
      width,
      `\`${name}\``,
      emits,
      clauseLink('', clause),
    ]),
  );
}

function errorsDocument(): string {
  const rows = Object.entries<ErrorRow>(ERROR_TABLE).map(([code, { kinds, runtime, clauses, when }]) => [
    `\`${code}\``,
    kinds.join(', '),
    runtime === 'open' || runtime === '-' ? runtime : `\`${runtime}\``,
    clauses.map((clause) => clauseLink('format.md', clause)).join(', '),
    when,
  ]);
  return `${INTRO}${table(['code', 'kind', 'runtime', 'clause', 'when'], rows)}\n`;
}

function clauseLink(file: string, clause: string): string {
  return `[${clause}](${file}#${clauseAnchor(clause)})`;
}

/** A table with its columns aligned, as the formatter leaves it. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows].map((cells) => cells.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = head.map((_, i) => Math.max(3, ...lines.map((cells) => (cells[i] as string).length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] as number)).join(' | ')} |`;
  const [first, ...others] = lines as [string[], ...string[][]];
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}

function replaceBlock(text: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->\n`;
  const from = text.indexOf(begin);
  const to = text.indexOf('\n<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`there is no generated block "${name}"`);
  return text.slice(0, from + begin.length) + content + text.slice(to);
}

const INTRO = `<!-- Made by docs/generate.ts from src/error-table.ts. Edit those. -->

# Diagnostics and error codes

Everything that assets-pa finds wrong is a _diagnostic_. It has one shape, whether it comes from the library, on the
terminal, or in a result document (\`--json\`).

## A diagnostic

${table(
  ['member', 'meaning'],
  [
    ['`code`', 'a code of the table below. A code keeps its name and its meaning for ever'],
    [
      '`severity`',
      '`error`, `warning` or `info`; only errors make the work fail; with `pack --strict` warnings do too',
    ],
    ['`clause`', 'the clause of [format.md](format.md) that is broken; left out where no clause speaks of it'],
    ['`message`', 'one sentence: what is wrong, and the values ("expected ..., got ...")'],
    ['`where`', 'the place, as an object with the members below that apply'],
    ['`asset_id`', "the asset, when the fault is one asset's"],
    [
      '`expected`, `actual`',
      'the values of the message, for programs; integers beyond 2^53 - 1 and phrases are strings',
    ],
    ['`hint`', 'what to do about it, when that can be said'],
    ['`details`', 'an object with what else the code carries'],
  ],
)}

${table(
  ['member of `where`', 'meaning'],
  [
    ['`pointer`', 'a JSON pointer into the header, such as `/asset_table/3/offset`; beside `path`, into that file'],
    ['`offset`', 'a byte in the artifact, or in the document that `plan` or `path` names'],
    ['`plan`', "a JSON pointer into the plan, such as `/assets/0/file`, with the plan's own spelling of its members"],
    ['`path`', 'a file or folder, as the caller named it'],
  ],
)}

On the terminal a diagnostic is one line on standard error: severity and clause, code, place, message.

    error[T2] ASSET_ORDER /asset_table/3/asset_id: ids must increase: expected more than 7, got 5

A check that reads nothing but what it was given reports every fault that it can see, in the order of the document; the
[gates](format.md#gates) of the format say which faults hide others. A list ends after ${DIAGNOSTICS_MAX.toLocaleString('en-US')} diagnostics;
\`diagnostics_omitted\` says how many more there were.

The library throws \`AssetsPaError\`: \`code\` is the code of the first error, \`diagnostics\` has them all. A call with wrong
arguments throws \`TypeError\` or \`RangeError\` instead.

## Exit codes

${table(
  ['code', 'meaning'],
  [
    ['0', 'done; no error, warnings at most'],
    ['1', 'a plan, its sources or an artifact breaks the contract; `conform`: a vector failed; `--strict`: a warning'],
    ['2', 'the command line was used wrongly'],
    [
      '3',
      'only the environment failed: every error is of kind `io`. A closed pipe (`| head`) is one, and is not complained about',
    ],
    ['129, 130, 143', 'ended by SIGHUP, SIGINT, SIGTERM; the outputs are as they were'],
    ['70', 'a defect of the program itself: please report it, with what `--debug` prints'],
  ],
)}

## Codes

_kind_ says what a code speaks of. \`reader\` codes are found in artifacts, \`writer\` codes in plans, projects and their sources, \`io\` codes come
from the environment, and a \`warning\` is legal but deserves a look. A fault in a plan that a header rule already names takes the
code of that rule, with a \`plan\` pointer.

_runtime_ is the [class](format.md#classes) that a runtime reader reports for the fault. _open_ means that the runtime
profile leaves it unspecified; a dash, that no reader of an artifact meets it.

`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const stale = generatedFiles().filter(isStale);
  const isCheck = process.argv.includes('--check');
  for (const { url, text } of stale) {
    if (isCheck) process.stderr.write(`stale: ${url.pathname.split('/').slice(-2).join('/')}\n`);
    else writeFileSync(url, text);
  }
  if (isCheck && stale.length > 0) process.exitCode = 1;
}
