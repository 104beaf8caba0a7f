/** Readers in other languages, many inputs a process: what they say of mutants, held against the runtime profile. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readRuntime } from '../reference-reader/runtime.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { type Answer, PYTHON_READER, VECTORS } from '../vectors/reader-runs.ts';
import type { Subject } from './load.ts';
import { Finding, same } from './target.ts';
import { judgeVerdict, runtimeVerdict } from './target-artifact.ts';

/** A reader that takes many inputs at once. */
export interface ManyReader {
  readonly name: string;
  answers(inputs: readonly Uint8Array[]): Answer[];
}

const DRIVER = join(import.meta.dirname, 'drive_readers.py');

/** The Python reader. */
export const pythonReader: ManyReader = {
  name: 'Python',
  answers: (inputs) =>
    withInputs(inputs, (path) => lines(execFileSync('python3', [DRIVER, 'reader', PYTHON_READER, path], OUTPUT))),
};

/** Holds what the tokenizer takes for JSON against what Python's parser does; that one cannot go as deep. */
export function comparePythonJson(
  subject: Subject,
  inputs: readonly Uint8Array[],
): Pick<Comparison, 'accepted' | 'findings'> {
  const answers = pythonJson(inputs);
  const found = { accepted: 0, findings: [] as { input: Uint8Array; message: string }[] };
  for (const [i, input] of inputs.entries()) {
    const answer = isJson(subject, input) ? 'accept' : 'reject';
    if (answer === 'accept') found.accepted += 1;
    if (answers[i] !== answer && answers[i] !== 'too deep')
      found.findings.push({ input, message: `Python says ${answers[i]}, the tokenizer ${answer}` });
  }
  return found;
}

function isJson(subject: Subject, input: Uint8Array): boolean {
  if (subject.firstInvalidUtf8(input) >= 0) return false;
  try {
    subject.parseTree(input);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'JsonSyntaxError') return false;
    throw error;
  }
}

/** Whether Python's parser takes texts for JSON: `accept`, `reject` or `too deep`. */
function pythonJson(inputs: readonly Uint8Array[]): string[] {
  return withInputs(inputs, (path) => lines(execFileSync('python3', [DRIVER, 'json', path], OUTPUT)));
}

const OUTPUT = { maxBuffer: 2 ** 30 } as const;

function lines<T>(output: Buffer): T[] {
  return output
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Puts inputs into one file, each behind its length. */
function withInputs<T>(inputs: readonly Uint8Array[], use: (path: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'assets-pa-fuzz-'));
  try {
    const path = join(folder, 'inputs');
    const frames = inputs.flatMap((input) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(input.length);
      return [length, input];
    });
    writeFileSync(path, Buffer.concat(frames));
    return use(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const RUST = join(VECTORS, 'readers/rust');
/** `cargo` writes beside `Cargo.toml`: so it builds a copy. */
const COPY = resolve(import.meta.dirname, '../../node_modules/.cache/assets-pa-fuzz/rust');
const CRATES = '/usr/share/cargo/registry';

/** The Rust reader with a `main` that takes many inputs; undefined without `cargo` or the crates. */
export function rustReader(): ManyReader | undefined {
  const hasCrates = ['serde_json-1.0.87', 'serde_derive-1.0.152', 'xxhash-rust-0.8.5'].every((name) =>
    existsSync(join(CRATES, name)),
  );
  if (!hasCrates || spawnSync('cargo', ['--version']).status !== 0) return undefined;
  const parts = readFileSync(join(RUST, 'src/main.rs'), 'utf8').split('\nfn main() -> ');
  if (parts.length !== 2) throw new Error('the Rust reader has another `main`');
  mkdirSync(join(COPY, 'src'), { recursive: true });
  for (const part of ['Cargo.toml', '.cargo']) cpSync(join(RUST, part), join(COPY, part), { recursive: true });
  const source =
    parts.join('\n#[allow(dead_code)]\nfn main_for_one() -> ') +
    readFileSync(join(import.meta.dirname, 'drive_reader.rs'), 'utf8');
  writeFileSync(join(COPY, 'src/main.rs'), source);
  const env = { ...process.env, CARGO_TARGET_DIR: join(COPY, 'target') };
  execFileSync('cargo', ['build', '--release', '--quiet'], { cwd: COPY, env, stdio: 'inherit' });
  const program = join(COPY, 'target/release/assets-pa-reader');
  return {
    name: 'Rust',
    answers: (inputs) =>
      withInputs(inputs, (path, folder) => lines(execFileSync(program, [path, join(folder, 'assets.pa')], OUTPUT))),
  };
}

/** What a comparison found. */
export interface Comparison {
  /** Inputs on which there is something to say. */
  readonly judged: number;
  /** Inputs of which the published texts leave the verdict open. */
  readonly open: number;
  readonly accepted: number;
  readonly findings: readonly { readonly input: Uint8Array; readonly message: string }[];
}

const CONTENT = ['asset_table', 'preload', 'slices'] as const;

/** Holds a reader's answers against what the codec says a runtime must say, and the contents against those of the reference reader. */
export async function compareReader(
  subject: Subject,
  reader: ManyReader,
  inputs: readonly Uint8Array[],
): Promise<Comparison> {
  const answers = reader.answers(inputs);
  const found = { judged: 0, open: 0, accepted: 0, findings: [] as { input: Uint8Array; message: string }[] };
  for (const [i, input] of inputs.entries()) {
    const { report } = await subject.readArtifact('memory', new MemoryFiles({ memory: input }).fileSystem());
    const errors = report.list.filter(({ severity }) => severity === 'error');
    const { verdict } = runtimeVerdict(subject, errors);
    if (verdict === 'unspecified') found.open += 1;
    else found.judged += 1;
    if (verdict === 'accept') found.accepted += 1;
    const answer = answers[i] ?? { verdict: 'nothing' };
    try {
      if (answer.verdict !== 'accept' && answer.verdict !== 'reject')
        throw new Finding(`no verdict: ${JSON.stringify(answer)}`);
      judgeVerdict(subject, errors, answer);
      if (verdict === 'accept') judgeContent(answer, readRuntime(input) as unknown as Answer);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      found.findings.push({ input, message: `${reader.name}: ${error.message}` });
    }
  }
  return found;
}

function judgeContent(answer: Answer, expected: Answer): void {
  for (const name of CONTENT) {
    if (isDeepStrictEqual(answer[name], expected[name])) continue;
    same(`the reader's ${name}`, JSON.stringify(answer[name]), JSON.stringify(expected[name]));
  }
}
