/** `assets-pa conform` and `assets-pa vectors` */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFileSystem } from '../host/fs.js';
import { replaceFile } from '../host/replace-file.js';
import { hexAround } from '../read/annotate.js';
import type { Profile } from '../read/runtime-profile.js';
import { type ConformLine, conformText, junitXml } from '../report/conform.js';
import type { ConformReport } from '../report/results.js';
import { tableText } from '../report/table.js';
import {
  type ConformRow,
  compareKnown,
  conform as conformReader,
  type KnownFailures,
  totalsOf,
} from '../vectors/conform.js';
import { expectation } from '../vectors/judge.js';
import { VectorSet } from '../vectors/manifest.js';
import { selfCheck } from '../vectors/self-check.js';
import { EXIT, UsageError } from './exit.js';
import { type CommonOptions, type Outcome, painter, readInput, runCommand, untilSignalled } from './terminal.js';

/** The vectors that come with the package. */
const OWN_VECTORS = fileURLToPath(new URL('../../spec-vectors', import.meta.url));

interface ConformCommandOptions extends CommonOptions {
  readonly vectors?: string;
  readonly profile: Profile;
  readonly filter?: string;
  readonly jobs?: number;
  readonly timeout: number;
  readonly known?: string;
  readonly junit?: string;
}

/** Runs `conform`. */
export function conform(command: readonly string[], options: ConformCommandOptions): Promise<void> {
  return runCommand('conform', options, async () => {
    const { vectors = OWN_VECTORS, profile, timeout, junit } = options;
    const known = options.known === undefined ? undefined : new TextDecoder().decode(await readInput(options.known));
    const set = await VectorSet.open(nodeFileSystem, resolve(vectors));
    const rows = await untilSignalled((signal) =>
      conformReader(set, command, {
        profile,
        filter: filterOf(options.filter),
        jobs: options.jobs ?? availableParallelism(),
        timeoutMs: timeout * 1000,
        signal,
      }),
    );
    if (rows.length === 0) throw new UsageError(`no vector's id matches ${options.filter}`);
    const failures = compareKnown(known ?? '', rows, leftOut(set, rows));
    const lines = await Promise.all(rows.map((row) => lineOf(set, row, profile, failures)));
    if (junit !== undefined) {
      await replaceFile(nodeFileSystem, junit, new TextEncoder().encode(junitXml(command.join(' '), lines)));
    }
    return outcomeOf(command.join(' '), rows, lines, failures, options);
  });
}

/** Runs `vectors check`. */
export function checkVectors(folder: string | undefined, options: CommonOptions): Promise<void> {
  return runCommand('vectors', options, async () => {
    const set = await VectorSet.open(nodeFileSystem, folder ?? OWN_VECTORS);
    const rows = await selfCheck(set);
    const failures = compareKnown('', rows, new Set());
    const lines = await Promise.all(rows.map((row) => lineOf(set, row, 'runtime', failures)));
    return outcomeOf('assets-pa', rows, lines, failures, options);
  });
}

/** Runs `vectors list`. */
export function listVectors(folder: string | undefined, options: CommonOptions): Promise<void> {
  return runCommand('vectors', options, async () => {
    const { vectors } = await VectorSet.open(nodeFileSystem, folder ?? OWN_VECTORS);
    const columns = ['vector', 'runtime', 'strict', 'clauses', 'title'].map((title) => ({ title }));
    const rows = vectors.map((vector) => {
      const { id, clauses, title } = vector;
      return [id, expectation(vector, 'runtime'), expectation(vector, 'strict'), clauses.join(' '), title];
    });
    const text = tableText(columns, rows, painter(process.stdout, options));
    return { result: { vectors }, text, diagnostics: [], omitted: 0 };
  });
}

function outcomeOf(
  reader: string,
  rows: readonly ConformRow[],
  lines: readonly ConformLine[],
  { unknown, stale }: KnownFailures,
  options: CommonOptions,
): Outcome {
  const result: ConformReport = {
    reader,
    totals: totalsOf(rows),
    vectors: rows.map(({ vector: { id }, verdict, expected, got }) => ({ id, verdict, expected, got })),
    stale,
  };
  const staleText = stale.map((id) => `stale: ${id} is listed as a known failure, but no such vector failed`);
  return {
    result,
    text: [...conformText(lines, painter(process.stdout, options)), ...staleText],
    diagnostics: [],
    omitted: 0,
    exitCode: unknown.length + stale.length === 0 ? EXIT.done : EXIT.broken,
  };
}

function leftOut(set: VectorSet, rows: readonly ConformRow[]): Set<string> {
  const run = new Set(rows.map(({ vector }) => vector.id));
  return new Set(set.vectors.map(({ id }) => id).filter((id) => !run.has(id)));
}

async function lineOf(
  set: VectorSet,
  row: ConformRow,
  profile: Profile,
  { known }: KnownFailures,
): Promise<ConformLine> {
  const { vector, verdict, expected, got } = row;
  const { id, title, clauses, file, runtime, strict } = vector;
  const group = runtime.verdict === 'reject' ? (runtime.classes?.[0] as string) : runtime.verdict;
  const hex = verdict === 'fail' && strict.where !== undefined ? hexAround(await set.read(file), strict.where) : [];
  const shown = profile === 'strict' && group === 'unspecified' ? 'open at runtime' : group;
  const path = set.path(file);
  return { id, path, title, clauses, group: shown, verdict, expected, got, hex, isKnown: known.includes(id) };
}

function filterOf(text: string | undefined): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch (error) {
    throw new UsageError(`--filter is a regular expression: ${(error as Error).message}`);
  }
}
