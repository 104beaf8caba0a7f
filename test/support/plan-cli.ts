/** Runs the built command line, as a user would. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Diagnostic } from '../../src/errors.js';
import { type Run, type RunOptions, run } from './cli-runs.js';

export { MAIN, type Run, type RunOptions, run, runProcess, runProgram } from './cli-runs.js';

const schema = JSON.parse(
  readFileSync(new URL('../../src/schema/results/v1.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

/** A result document. */
export interface ResultDocument {
  readonly schema_version: 1;
  readonly command: string;
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnostics_omitted: number;
  // biome-ignore lint/suspicious/noExplicitAny: every command has members of its own, which the schema describes
  readonly [member: string]: any;
}

/** The one document on standard output, after its schema has accepted it and standard error is seen to be empty. */
export function documentOf({ stdout, stderr }: Pick<Run, 'stdout' | 'stderr'>): ResultDocument {
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as ResultDocument;
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(stdout.endsWith('}\n')).toBe(true);
  return document;
}

/** Runs `assets-pa` with `--json`. */
export async function runJson(
  args: readonly string[],
  options: RunOptions,
): Promise<{ readonly code: number | null; readonly document: ResultDocument }> {
  const result = await run([...args, '--json'], options);
  const document = documentOf(result);
  expect(document.ok).toBe(result.code === 0);
  expect(document.command).toBe(args[0]);
  return { code: result.code, document };
}

/** The codes of the diagnostics on standard error, in text mode. */
export function codesIn(stderr: string): string[] {
  return [...stderr.matchAll(/^(?:error|warning)(?:\[[A-Z]\d+\])? ([A-Z][A-Z0-9_]+)/gm)].map(
    ([, code]) => code as string,
  );
}

/** Fails when a stack trace or an internal error was printed. */
export function expectNoTrace({ stdout, stderr }: Run): void {
  expect(stdout + stderr).not.toMatch(/^\s+at .*[:(]|node:internal|internal error|UnhandledPromise|file:\/\/\//m);
}
