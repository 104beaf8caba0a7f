/** Runs readers over the vector set and holds their answers against the manifest. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Mutant } from './mutants.ts';

export const VECTORS = resolve(import.meta.dirname, '../../spec-vectors');
export const PYTHON_READER = join(VECTORS, 'readers/python/assets_pa_reader.py');

/** A vector of the manifest, as far as readers of the runtime profile are concerned. */
export interface Vector {
  readonly id: string;
  readonly file: string;
  readonly clauses: readonly string[];
  readonly runtime: { readonly verdict: 'accept' | 'reject' | 'unspecified'; readonly classes?: readonly string[] };
  /** The file that says what an accepted vector holds. */
  readonly expected?: string;
}

/** What a reader prints. */
export interface Answer {
  readonly verdict: string;
  readonly class?: string;
  readonly [member: string]: unknown;
}

const CONTENT = ['asset_table', 'preload', 'slices'] as const;

export const vectors = (json('manifest.json') as { vectors: Vector[] }).vectors;

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(VECTORS, path), 'utf8'));
}

/** Whether an answer is what the manifest wants of a runtime. */
export function isRight({ runtime, expected }: Vector, answer: Answer): boolean {
  if (answer.verdict !== 'accept' && answer.verdict !== 'reject') return false;
  if (runtime.verdict === 'unspecified') return true;
  if (runtime.verdict !== answer.verdict) return false;
  if (runtime.verdict === 'reject') return runtime.classes?.includes(answer.class ?? '') === true;
  const content = json(expected as string) as Record<string, unknown>;
  return CONTENT.every((member) => isDeepStrictEqual(answer[member], content[member]));
}

/** The vectors that a reader gets wrong, each with what it said. */
export function wrongAnswers(answerTo: (vector: Vector) => Answer): string[] {
  return vectors.flatMap((vector) => {
    const answer = answerTo(vector);
    const { verdict, classes = [] } = vector.runtime;
    return isRight(vector, answer) ? [] : [`${vector.id}: ${verdict} ${classes}, got ${JSON.stringify(answer)}`];
  });
}

/** Answers by vector id. */
export type Answers = Readonly<Record<string, Answer>>;

/** The Python reader's answers, and those of each mutant that are not the reader's. */
export function runPython(mutants: readonly Mutant[]): { reader: Answers; mutants: Readonly<Record<string, Answers>> } {
  const output = execFileSync('python3', [join(import.meta.dirname, 'run_mutants.py'), PYTHON_READER, VECTORS], {
    input: JSON.stringify(mutants),
    maxBuffer: 2 ** 30,
  });
  return JSON.parse(output.toString());
}
