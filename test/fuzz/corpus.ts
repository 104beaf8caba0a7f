/** Inputs that are kept: a text file for each target, an input a line in base64. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Coverage } from './coverage.ts';
import type { Subject } from './load.ts';
import type { Target } from './target.ts';

const FOLDER = join(import.meta.dirname, 'corpus');
const SUFFIX = '.base64';

/** The targets that have a corpus. */
export function corpusNames(): string[] {
  return readdirSync(FOLDER).flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : []));
}

/** The kept inputs of a target. */
export function readCorpus(name: string): Uint8Array[] {
  const path = join(FOLDER, name + SUFFIX);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => Buffer.from(line, 'base64'));
}

/** Keeps the inputs of a target. */
export function writeCorpus(name: string, inputs: readonly Uint8Array[]): void {
  const lines = inputs.map((input) => `${Buffer.from(input).toString('base64')}\n`);
  writeFileSync(join(FOLDER, name + SUFFIX), lines.join(''));
}

/**
 * As few inputs, and the shortest, as reach what the seeds do not. Those on which an oracle says no are left out: they belong to
 * `findings.ts`.
 */
export async function minimise(
  target: Target,
  subject: Subject,
  coverage: Coverage,
  inputs: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const seeds = new Set(target.seeds());
  const seen = new Set<number>();
  const kept: Uint8Array[] = [];
  for (const input of [...seeds, ...inputs.toSorted((a, b) => a.length - b.length)]) {
    coverage.clear();
    try {
      await target.run(subject, input, true);
    } catch {
      continue;
    }
    const isNew = coverage.signature().filter((each) => !seen.has(each));
    for (const each of isNew) seen.add(each);
    if (isNew.length > 0 && !seeds.has(input)) kept.push(input);
  }
  return kept;
}
