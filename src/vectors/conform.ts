/** Runs somebody's reader over a vector set and scores it. */
import { JsonSyntaxError } from '../codec/json.js';
import { describeTreeFault, parseDocument } from '../codec/json-tree.js';
import { fault, show } from '../errors.js';
import { Interruption } from '../host/interruption.js';
import { type RunResult, runCommand } from '../host/run-command.js';
import type { Profile } from '../read/runtime-profile.js';
import { READER_CLASSES } from '../read/runtime-profile.js';
import { expectation, type Judgement, judge, type ReaderAnswer, type Verdict } from './judge.js';
import type { Vector, VectorSet } from './manifest.js';

/** Options of {@link conform}. */
export interface ConformOptions {
  readonly profile: Profile;
  /** Only vectors whose id matches. */
  readonly filter?: RegExp | undefined;
  /** Readers at once. */
  readonly jobs: number;
  /** For one vector, in milliseconds. */
  readonly timeoutMs: number;
  /** Interrupts the run. */
  readonly signal?: AbortSignal | undefined;
}

/** One vector's result. */
export interface ConformRow extends Judgement {
  readonly vector: Vector;
}

/**
 * Runs a command once a vector, the vector's path as its last argument.
 *
 * @returns A row a vector, in the manifest's order.
 * @throws AssetsPaError `INTERRUPTED`; `INPUT_READ`: the vector set is not complete, or the reader cannot be started
 */
export async function conform(
  set: VectorSet,
  command: readonly string[],
  options: ConformOptions,
): Promise<ConformRow[]> {
  const { filter, jobs, signal } = options;
  const interruption = new Interruption(signal);
  const vectors = set.vectors.filter(({ id }) => filter === undefined || filter.test(id));
  const rows: ConformRow[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    try {
      while (next < vectors.length) {
        const i = next;
        next += 1;
        const vector = vectors[i] as Vector;
        rows[i] = { vector, ...(await runOne(set, vector, command, options)) };
        interruption.check();
      }
    } catch (error) {
      // What fails for one fails for all: the other workers stop too.
      next = vectors.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, vectors.length) }, worker));
  return rows;
}

async function runOne(
  set: VectorSet,
  vector: Vector,
  command: readonly string[],
  { profile, timeoutMs, signal }: ConformOptions,
): Promise<Judgement> {
  const run = await runCommand([...command, set.path(vector.file)], timeoutMs, signal);
  if (run.end === 'not started') {
    const path = command[0] as string;
    throw fault('INPUT_READ', { what: `the reader cannot be started: ${run.reason}`, where: { path } });
  }
  const isOpen = vector[profile].verdict === 'unspecified';
  const answer = answerOf(run, isOpen);
  if (typeof answer === 'string') return { verdict: 'error', expected: expectation(vector, profile), got: answer };
  const content = vector.expected === undefined ? undefined : await set.content(vector);
  return judge(vector, profile, answer, content);
}

/** The reader's document, or how it failed to give one. */
function answerOf(run: Exclude<RunResult, { end: 'not started' }>, isOpen: boolean): ReaderAnswer | string {
  switch (run.end) {
    case 'timeout':
      return 'time-out';
    case 'interrupted':
      return 'interrupted';
    case 'too much output':
      return 'garbage: more output than a document can have';
    case 'signal':
      return `crash: ${run.signal}${lastLine(run.stderr)}`;
    default:
      return run.code === 0 ? parseAnswer(run.stdout, isOpen) : `crash: exit code ${run.code}${lastLine(run.stderr)}`;
  }
}

function lastLine(stderr: string): string {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  return line === '' ? '' : ` (${line})`;
}

/** @param isOpen Any answer is right: it may repeat numbers and nesting that no header can have. */
function parseAnswer(stdout: Uint8Array, isOpen: boolean): ReaderAnswer | string {
  try {
    const { tree, faults } = parseDocument(stdout);
    const [first] = faults;
    if (first !== undefined && !isOpen) return `garbage: ${describeTreeFault(first).what} at byte ${first.offset}`;
    const answer = tree as unknown as Partial<ReaderAnswer> | null;
    return answerFault(answer) ?? (answer as ReaderAnswer);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return `garbage: ${stdout.length === 0 ? 'nothing was printed' : show(new TextDecoder().decode(stdout))}`;
  }
}

/** What keeps a document from being an answer. */
function answerFault(answer: Partial<ReaderAnswer> | null): string | undefined {
  if (answer?.verdict !== 'accept' && answer?.verdict !== 'reject')
    return 'garbage: no "verdict" of "accept" or "reject"';
  const { class: name } = answer;
  if (name === undefined || (READER_CLASSES as readonly unknown[]).includes(name)) return undefined;
  return `garbage: no such class: ${show(name)}; there are ${READER_CLASSES.join(', ')}`;
}

/** How many there were of each verdict. */
export function totalsOf(rows: readonly Judgement[]): { readonly [verdict in Verdict]: number } {
  const totals = { pass: 0, fail: 0, unspecified: 0, error: 0 };
  for (const { verdict } of rows) totals[verdict] += 1;
  return totals;
}

/** A list of failures that are known, held against a result. */
export interface KnownFailures {
  /** Failed, and listed. */
  readonly known: readonly string[];
  /** Failed, and not listed. */
  readonly unknown: readonly string[];
  /** Listed, but did not fail, or no such vector was run. */
  readonly stale: readonly string[];
}

/**
 * Compares failures with a list: an id a line, `#` begins a comment. The list must match exactly, as far as the vectors were run.
 *
 * @param left Ids of vectors that the filter left out.
 */
export function compareKnown(list: string, rows: readonly ConformRow[], left: ReadonlySet<string>): KnownFailures {
  const listed = new Set(
    list
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter((line) => line !== ''),
  );
  const failed = rows.filter(isFailure).map(({ vector }) => vector.id);
  return {
    known: failed.filter((id) => listed.has(id)),
    unknown: failed.filter((id) => !listed.has(id)),
    stale: [...listed].filter((id) => !failed.includes(id) && !left.has(id)),
  };
}

/** Whether a result counts against the reader. */
export function isFailure({ verdict }: Judgement): boolean {
  return verdict === 'fail' || verdict === 'error';
}
