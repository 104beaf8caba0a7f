/** Runs the built command line, as a user would. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Diagnostic } from '../../src/errors.js';

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a run ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes. */
  readonly bytes: Buffer;
}

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd: string;
  /** Standard input; empty by default. */
  readonly stdin?: string | Uint8Array;
  /** Variables beside those that every run has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs any program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, stdin = '', env = {} }: RunOptions,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...rest } = process.env;
    // The limit is far beyond what any run needs: it ends a program that would never end.
    const child = spawn(program, args, { cwd, env: { ...rest, ...env }, timeout: 30_000, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {}); // a program need not read what it is given
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, bytes, stdout: bytes.toString(), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(stdin);
  });
}

/** Runs `assets-pa`. */
export function run(args: readonly string[], options: RunOptions): Promise<Run> {
  return runProgram(process.execPath, [MAIN, ...args], options);
}

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
