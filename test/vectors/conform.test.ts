/** The runner: what it makes of right, wrong, crashing, hanging and babbling readers. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vector } from '../../src/vectors/manifest.js';
import { type Run, run } from '../support/plan-cli.js';

const ROOT = resolve(import.meta.dirname, '../..');
const SET = join(ROOT, 'spec-vectors');
const MAIN = join(ROOT, 'dist/cli/main.js');

/** A small set: one accepted file, two rejected ones, one that is open. */
const CHOSEN = [
  'accept/one-sounds',
  'reject/PRELUDE_MAGIC--lower-case',
  'reject/SLICE_BOUNDS--region-one-byte-short',
  'reject/TRAILING_BYTES--one-zero',
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assets-pa-conform-'));
  const manifest = JSON.parse(readFileSync(join(SET, 'manifest.json'), 'utf8')) as { vectors: Vector[] };
  const open = manifest.vectors.find(({ runtime }) => runtime.verdict === 'unspecified') as Vector;
  const chosen = [...manifest.vectors.filter(({ id }) => CHOSEN.slice(0, 3).includes(id)), open];
  expect(chosen).toHaveLength(4);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, vectors: chosen }));
  for (const path of chosen.flatMap(({ file, expected, plan }) => [file, expected, plan])) {
    if (path === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(SET, path), join(folder, path));
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly ok: boolean;
  readonly totals: Record<string, number>;
  readonly vectors: readonly { id: string; verdict: string; expected: string; got: string }[];
  readonly stale: readonly string[];
}

function conform(options: readonly string[], reader: readonly string[]): Promise<Run> {
  return run(['conform', '--vectors', folder, ...options, '--', ...reader], { cwd: ROOT });
}

async function report(
  options: readonly string[],
  reader: readonly string[],
): Promise<Report & { code: number | null }> {
  const { code, stdout } = await conform(['--json', ...options], reader);
  return { ...(JSON.parse(stdout) as Report), code };
}

const shell = (script: string): string[] => ['sh', '-c', script, 'reader'];
const REJECTS_MAGIC = shell(`echo '{"verdict":"reject","class":"MAGIC"}'`);
const PYTHON = ['python3', join(SET, 'readers/python/assets_pa_reader.py')];

describe('conform', () => {
  it('passes a right reader', async () => {
    const { code, ok, totals } = await report([], PYTHON);
    expect({ code, ok, totals }).toEqual({ code: 0, ok: true, totals: { pass: 3, fail: 0, unspecified: 1, error: 0 } });
  });

  it.each<[string, string[], string, string]>([
    ['another verdict or class', REJECTS_MAGIC, 'fail', 'reject MAGIC'],
    [
      'accept without the contents',
      shell(`echo '{"verdict":"accept"}'`),
      'fail',
      'accept, but /asset_table/0 is missing',
    ],
    ['an exit code', shell('echo it broke >&2; exit 7'), 'error', 'crash: exit code 7 (it broke)'],
    ['a signal', shell('kill -SEGV $$'), 'error', 'crash: SIGSEGV'],
    ['text', shell('echo hello'), 'error', 'garbage: "hello\\n"'],
    ['nothing', shell('true'), 'error', 'garbage: nothing was printed'],
    ['a document without a verdict', shell('echo {}'), 'error', 'garbage: no "verdict" of "accept" or "reject"'],
    [
      'two documents',
      shell(`echo '{"verdict":"accept"} {}'`),
      'error',
      'garbage: "{\\"verdict\\":\\"accept\\"} {}\\n"',
    ],
    [
      'a number that is no integer literal',
      shell(`echo '{"verdict":"accept","asset_table":[1.0]}'`),
      'error',
      'garbage: not a number that the header can hold at byte 35',
    ],
  ])('tells %s apart', async (_, reader, verdict, got) => {
    const { code, vectors } = await report(['--filter', '^accept/'], reader);
    expect(code).toBe(1);
    expect(vectors).toEqual([{ id: 'accept/one-sounds', verdict, expected: 'accept', got }]);
  });

  it('ends a reader that hangs, with what it started', async () => {
    const { code, vectors } = await report(['--timeout', '1', '--filter', '^accept/'], shell('sleep 600 & wait'));
    expect({ code, got: vectors[0]?.got }).toEqual({ code: 1, got: 'time-out' });
  });

  it('ends a reader that prints without end', async () => {
    const { vectors } = await report(['--filter', '^accept/'], shell('yes'));
    expect(vectors[0]?.got).toBe('garbage: more output than a document can have');
  });

  it('asks nothing of an open vector but an answer', async () => {
    const crash = await report(
      ['--filter', '^reject/PRELUDE_(FLAGS|CHECKSUM|RESERVED)|TRAILING|PADDING|HEADER'],
      shell('exit 1'),
    );
    const answer = await report([], REJECTS_MAGIC);
    expect(answer.totals).toEqual({ pass: 1, fail: 2, unspecified: 1, error: 0 });
    expect(crash.vectors.every(({ verdict }) => verdict === 'error')).toBe(true);
  });

  it('shows the bytes around a fault', async () => {
    const { stdout } = await conform(['--filter', 'SLICE_BOUNDS'], REJECTS_MAGIC);
    expect(stdout).toContain('fail reject/SLICE_BOUNDS--region-one-byte-short  [E3]');
    expect(stdout).toContain('expected reject TABLE, got reject MAGIC');
    expect(stdout).toMatch(
      /^ {2}[0-9a-f]{8} {2}([0-9a-f]{2} ){11} +"offset":0, {7}\/asset_table\/0\/offset = 0 \[E3\] <- byte \d+$/m,
    );
  });

  it('knows failures by an exact list', async () => {
    const known = join(folder, 'known.txt');
    writeFileSync(known, '# why\nreject/SLICE_BOUNDS--region-one-byte-short\naccept/one-sounds # soon\n');
    expect(await report(['--known', known], REJECTS_MAGIC)).toMatchObject({ code: 0, ok: true, stale: [] });
    expect(await report(['--known', known], PYTHON)).toMatchObject({
      code: 1,
      ok: false,
      stale: ['reject/SLICE_BOUNDS--region-one-byte-short', 'accept/one-sounds'],
    });
    writeFileSync(known, 'accept/one-sounds\n');
    expect(await report(['--known', known], REJECTS_MAGIC)).toMatchObject({ code: 1, stale: [] });
  });

  it('writes JUnit XML that a parser reads', async () => {
    const junit = join(folder, 'results.xml');
    await conform(['--junit', junit], shell(`printf '\\001<&"]]>'`));
    const script = `
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
print(root.attrib['tests'], root.attrib['errors'], len(root), root[0].find('error').attrib['message'])`;
    const { stdout, stderr } = spawnSync('python3', ['-c', script, junit], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe('4 4 4 expected accept, got garbage: "\\u0001<&\\"]]>"\n');
  });

  it.each<[string, string[], string[], number]>([
    ['a filter that is no regular expression', ['--filter', '('], ['true'], 2],
    ['no reader', [], [], 2],
    ['a reader that is not there', [], ['./no-such-reader'], 3],
    ['a list that is not there', ['--known', '/no/such/file'], ['true'], 3],
    ['no vectors', ['--vectors', '/no/such/folder'], ['true'], 3],
    ['another profile', ['--profile', 'loose'], ['true'], 2],
    ['no jobs', ['--jobs', '0'], ['true'], 2],
  ])('refuses %s', async (_, options, reader, code) => {
    const result = await conform(options, reader);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    expect(result.stderr).toMatch(/^error/);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it('refuses a manifest of another version', async () => {
    const other = mkdtempSync(join(tmpdir(), 'assets-pa-conform-'));
    writeFileSync(join(other, 'manifest.json'), '{"manifest_version":2,"vectors":[]}');
    const result = await conform(['--vectors', other], ['true']);
    rmSync(other, { recursive: true });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^error\[V2\] VERSION_UNSUPPORTED .*manifest\.json \/manifest_version: /);
  });
});

describe('vectors', () => {
  it('check judges the whole set', () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, 'vectors', 'check', '--json'], { encoding: 'utf8' });
    const { totals, vectors } = JSON.parse(stdout) as Report;
    expect({ status, ...totals }).toEqual({ status: 0, pass: vectors.length, fail: 0, unspecified: 0, error: 0 });
  });

  it('check notices a file that is not the one of the manifest', () => {
    const path = join(folder, 'v1/reject/PRELUDE_MAGIC--lower-case.pa');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from([0])]));
    const { status, stdout } = spawnSync(process.execPath, [MAIN, 'vectors', 'check', folder], { encoding: 'utf8' });
    writeFileSync(path, bytes);
    expect(status).toBe(1);
    expect(stdout).toContain('expected the file that the manifest describes, got 64 bytes');
  });

  it('list prints every vector', () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, 'vectors', 'list', folder], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^reject\/PRELUDE_MAGIC--lower-case +reject MAGIC +reject PRELUDE_MAGIC +E1/m);
    expect(stdout.trimEnd().split('\n')).toHaveLength(5);
  });
});
