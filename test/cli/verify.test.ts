/** `assets-pa verify`, as a user runs it: exit codes, text, documents, standard input, plans, signals. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { artifact, concat, counting, entry, header } from '../../spec-vectors/compose.ts';
import { comparePlan, type PlanFileOptions, readPlanFile } from '../../src/cli/verify-plan.js';
import { nodeFileSystem } from '../../src/host/fs.js';
import { type PackOptions, packAssets, toDirectory, toMemory } from '../../src/index.js';
import { convertPlan } from '../../src/plan/plan-text.js';
import { withArtifact } from '../../src/read/artifact.js';
import { judgeBytes, type Verification, verificationOf } from '../../src/read/verify.js';
import type { ExpectedContent, Vector } from '../../src/vectors/manifest.js';
import { failureOfPack, noise, temporaryFolders } from '../support/packing.js';
import { codesIn, expectNoTrace, MAIN, type Run, run, runJson, runProgram } from '../support/plan-cli.js';
import { type Files, snapshot, write } from '../support/plan-folders.js';
import { asset, plan, type RawMembers, root } from '../support/plan-text.js';
import { emptyEntry, file } from '../support/provoke.js';

const newFolder = temporaryFolders();
const { h64Raw } = await xxhash();
const VECTORS = join(import.meta.dirname, '../../spec-vectors');
const isLinux = process.platform === 'linux';
if (!isLinux) console.info('skipped: signals, because only Linux says which files a process has open');

const { vectors } = JSON.parse(readFileSync(join(VECTORS, 'manifest.json'), 'utf8')) as {
  readonly vectors: readonly Vector[];
};
const accepted = vectors.filter(({ strict }) => strict.verdict === 'accept');
const rejected = vectors.filter(({ strict }) => strict.verdict === 'reject');

/** A new folder with these files. */
function folderOf(files: Files): string {
  const folder = newFolder();
  write(folder, files);
  return folder;
}

const xxh64 = (bytes: string | Uint8Array) =>
  `xxh64:${h64Raw(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    .toString(16)
    .padStart(16, '0')}`;
const sha256 = (bytes: string | Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Right files, and others. */
const GOOD = file();
const MAGIC = file({ prelude: { magic: [1, 2, 3, 4] } });
const FLAGS = file({ prelude: { flags: 5 } });
const TWINS = artifact({ header: header([emptyEntry(1), emptyEntry(2, { asset_name: '"a1"' })]) });
const LARGE = artifact({ header: header([entry({ size: '1572864' })]), region: counting(1_572_864) });
/** A file with this many faults, which a runtime leaves open. */
const nameless = (count: number) =>
  artifact({
    header: header(Array.from({ length: count }, (_, i) => emptyEntry(i + 1, { asset_name: `"\\u0001${i}"` }))),
  });
const MISSING = 'error INPUT_READ none.pa: the artifact cannot be read: no such file or directory (ENOENT)\n';
const NO_FILE = 'this is no regular file\n  hint: name a file; the command line reads a pipe as -\n';
const NO_MAGIC = 'this is no assets.pa: expected 41535041, got 01020304';

function expectClean(result: Run): Run {
  expect([result.stderr, result.code]).toEqual(['', 0]);
  return result;
}

describe.concurrent('test vectors', () => {
  it('all that are accepted, in one run', async () => {
    const { code, document } = await runJson(['verify', ...accepted.map(({ file: path }) => path)], { cwd: VECTORS });
    expect(code).toBe(0);
    const expected = accepted.map(({ file: path, expected: content = '', xxh64: digest }) => {
      const { slices } = JSON.parse(readFileSync(join(VECTORS, content), 'utf8')) as ExpectedContent;
      const checked = { entries: slices.length, payload_bytes: slices.reduce((sum, { size }) => sum + size, 0) };
      return { ok: true, path, profile: 'strict', checked, digests: { xxh64: `xxh64:${digest}` } };
    });
    expect(document['files']).toEqual(expected);
    expect(document.diagnostics.map(({ code: each, severity }) => [each, severity])).toEqual([
      ['ASSET_NAME_DUPLICATE', 'warning'],
    ]);
  });

  it('all that are rejected, in one run: code, place and file of each', async () => {
    const { code, document } = await runJson(['verify', ...rejected.map(({ file: path }) => path)], { cwd: VECTORS });
    expect(code).toBe(1);
    const files = document['files'] as { readonly path: string; readonly ok: boolean }[];
    expect(files.map(({ path, ok }) => [path, ok])).toEqual(rejected.map(({ file: path }) => [path, false]));
    const errors = document.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject(
      rejected.map(({ file: path, strict }) => ({ code: strict.code, where: { path, ...strict.where } })),
    );
    expect(document.diagnostics_omitted).toBe(0);
  });

  it('all that are rejected, as text: a line for each, and what is wrong with it', async () => {
    const result = await run(['verify', ...rejected.map(({ file: path }) => path)], { cwd: VECTORS });
    expectNoTrace(result);
    expect(result.code).toBe(1);
    const codes = codesIn(result.stderr).filter((code) => code !== 'ASSET_NAME_DUPLICATE');
    expect(codes).toEqual(rejected.map(({ strict }) => strict.code));
    const lines = result.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(rejected.length);
    for (const [i, { file: path }] of rejected.entries()) {
      expect(lines[i]?.startsWith(`${path}: invalid, 1 error, `)).toBe(true);
    }
  });

  it.each([
    ['accept', 0, ['warning']],
    ['reject', 1, ['error']],
    ['unspecified', 0, ['info']],
  ] as const)('the runtime profile: all that are "%s"', async (verdict, expected, severities) => {
    const list = vectors.filter(({ runtime }) => runtime.verdict === verdict);
    const paths = list.map(({ file: path }) => path);
    const { code, document } = await runJson(['verify', '--profile', 'runtime', ...paths], { cwd: VECTORS });
    expect(code).toBe(expected);
    const files = document['files'] as { ok: boolean; profile: string; runtime: { verdict: string; class?: string } }[];
    expect(files).toHaveLength(list.length);
    for (const [
      i,
      {
        runtime: { classes = [] },
        id,
      },
    ] of list.entries()) {
      const { ok, profile, runtime } = files[i] as (typeof files)[number];
      expect([id, ok, profile, runtime.verdict]).toEqual([id, verdict !== 'reject', 'runtime', verdict]);
      if (verdict === 'reject') expect(classes).toContain(runtime.class);
      else expect(runtime).not.toHaveProperty('class');
    }
    const found = new Set<string>(document.diagnostics.map(({ severity }) => severity));
    found.delete('warning');
    expect([...found]).toEqual(severities.filter((each) => each !== 'warning'));
  });
});

describe.concurrent('text', () => {
  const digest = xxh64(GOOD);

  it.each<[string, Files, string[], number, string, string]>([
    [
      'a valid file, of which there is nothing to say',
      { 'a.pa': GOOD },
      ['a.pa'],
      0,
      `a.pa: valid, 1 entry, 4 bytes of payload, ${digest}\n`,
      '',
    ],
    [
      'several faults of one file',
      { 'a.pa': file({ prelude: { flags: 5, reserved: 1 }, region: counting(5) }) },
      ['a.pa'],
      1,
      'a.pa: invalid, 3 errors, 1 entry, 4 bytes of payload\n',
      'error[E4] PRELUDE_FLAGS (byte 20): flags is not zero: expected 0, got 5\n' +
        'error[E4] PRELUDE_RESERVED (byte 24): reserved is not zero: expected 0, got 1\n' +
        'error[E6] TRAILING_BYTES (byte 185): the file goes on after the last payload: expected 185, got 186\n',
    ],
    [
      'files of all kinds: each fault names its file',
      {
        'a.pa': GOOD,
        'b.pa': MAGIC,
        'c.pa': artifact({ header: header([emptyEntry(7, { codec: '"RAW"' })]) }),
        'd.pa': TWINS,
        'e.pa': artifact({ header: header([]) }),
        'f.pa': LARGE,
        '\u001b[31m\u202eg.pa': GOOD,
        '-h.pa': GOOD,
      },
      ['--', 'a.pa', './a.pa', 'b.pa', 'c.pa', 'd.pa', 'e.pa', 'f.pa', '\u001b[31m\u202eg.pa', '-h.pa'],
      1,
      `a.pa: valid, 1 entry, 4 bytes of payload, ${digest}\n` +
        `./a.pa: valid, 1 entry, 4 bytes of payload, ${digest}\n` +
        'b.pa: invalid, 1 error, 0 entries, 0 bytes of payload\n' +
        'c.pa: invalid, 1 error, 1 entry, 0 bytes of payload\n' +
        `d.pa: valid, 1 warning, 2 entries, 0 bytes of payload, ${xxh64(TWINS)}\n` +
        'e.pa: valid, 0 entries, 0 bytes of payload, xxh64:84151b2e96458eb3\n' +
        `f.pa: valid, 1 entry, 1.5 MiB (1,572,864 bytes) of payload, ${xxh64(LARGE)}\n` +
        `\\u001b[31m\\u202eg.pa: valid, 1 entry, 4 bytes of payload, ${digest}\n` +
        `-h.pa: valid, 1 entry, 4 bytes of payload, ${digest}\n`,
      `error[E1] PRELUDE_MAGIC b.pa (byte 0): ${NO_MAGIC}\n` +
        'error[T1] CODEC_UNKNOWN c.pa /asset_table/0/codec (asset 7, byte 109): no such codec: expected NONE, got "RAW"\n' +
        '  hint: RAW is retired: write NONE\n' +
        'warning[T1] ASSET_NAME_DUPLICATE d.pa /asset_table/1/asset_name (asset 2, byte 195): asset 1 has the same name: got "a1"\n',
    ],
    ['--quiet, valid files', { 'a.pa': GOOD, 'b.pa': TWINS }, ['--quiet', 'a.pa', 'b.pa'], 0, '', ''],
    [
      '--quiet, an invalid file',
      { 'a.pa': MAGIC },
      ['-q', 'a.pa'],
      1,
      '',
      `error[E1] PRELUDE_MAGIC (byte 0): ${NO_MAGIC}\n`,
    ],
    [
      '--quiet, a fault that a runtime leaves open',
      { 'a.pa': FLAGS },
      ['-q', '--profile', 'runtime', 'a.pa'],
      0,
      '',
      '',
    ],
    [
      'as a runtime sees them',
      { 'a.pa': GOOD, 'b.pa': MAGIC, 'c.pa': FLAGS },
      ['--profile=runtime', 'a.pa', 'b.pa', 'c.pa'],
      1,
      `a.pa: accepted by a runtime, 1 entry, 4 bytes of payload, ${digest}\n` +
        'b.pa: rejected by a runtime (MAGIC), 1 error, 0 entries, 0 bytes of payload\n' +
        `c.pa: unspecified for a runtime, 1 entry, 4 bytes of payload, ${xxh64(FLAGS)}\n`,
      `error[E1] PRELUDE_MAGIC b.pa (byte 0): ${NO_MAGIC}\n` +
        'info[E4] PRELUDE_FLAGS c.pa (byte 20): flags is not zero: expected 0, got 5\n',
    ],
    ['no such file', {}, ['none.pa'], 3, '', MISSING],
    ['a folder', { 'a.pa/x': '' }, ['a.pa'], 3, '', `error INPUT_READ a.pa: ${NO_FILE}`],
    [
      'several files, some of which cannot be read',
      { 'a.pa': GOOD, 'b.pa/x': '' },
      ['none.pa', 'a.pa', 'b.pa'],
      3,
      `none.pa: not read\na.pa: valid, 1 entry, 4 bytes of payload, ${digest}\nb.pa: not read\n`,
      `${MISSING}error INPUT_READ b.pa: ${NO_FILE}`,
    ],
    [
      'several files, one of which is not there and one invalid',
      { 'a.pa': GOOD, 'b.pa': MAGIC },
      ['b.pa', 'none.pa', 'a.pa'],
      1,
      'b.pa: invalid, 1 error, 0 entries, 0 bytes of payload\n' +
        `none.pa: not read\na.pa: valid, 1 entry, 4 bytes of payload, ${digest}\n`,
      `error[E1] PRELUDE_MAGIC b.pa (byte 0): ${NO_MAGIC}\n${MISSING}`,
    ],
  ])('%s', async (_, files, args, code, stdout, stderr) => {
    const cwd = folderOf(files);
    const before = snapshot(cwd);
    const result = await run(['verify', ...args], { cwd, env: { FORCE_COLOR: '', TERM: 'xterm' } });
    expect({ code: result.code, stdout: result.stdout, stderr: result.stderr }).toEqual({ code, stdout, stderr });
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each<[string[], string]>([
    [['--plan', 'plan.json'], 'plan agrees'],
    [['--companions', 'build', '--plan', 'plan.json'], 'companions agree, plan agrees'],
  ])('%j agrees', async (args, words) => {
    const cwd = folderOf({ 'plan.json': plan(asset(1, { inline: '"AAAA"' })) });
    await packAssets(readFileSync(join(cwd, 'plan.json')), toDirectory(join(cwd, 'build')));
    const bytes = readFileSync(join(cwd, 'build/assets.pa'));
    const stated = args.includes('--companions') ? `${sha256(bytes)}, ` : '';
    const { stdout } = expectClean(await run(['verify', 'build/assets.pa', ...args], { cwd }));
    expect(stdout).toBe(`build/assets.pa: valid, 1 entry, 3 bytes of payload, ${words}, ${stated}${xxh64(bytes)}\n`);
  });

  it('more than 1,000 faults: how many are not listed', async () => {
    const cwd = folderOf({ 'a.pa': nameless(2_300) });
    const { code, stdout, stderr } = await run(['verify', 'a.pa'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('a.pa: invalid, 1,000 errors, 1,300 more not listed, 2,300 entries, 0 bytes of payload\n');
    expect(stderr.endsWith('\nand 1300 more\n')).toBe(true);
    expect(codesIn(stderr)).toEqual(Array<string>(1_000).fill('ASSET_NAME'));
  });

  it('--help', async () => {
    const { stdout } = expectClean(await run(['verify', '--help'], { cwd: newFolder() }));
    for (const option of [
      '--companions [dir]',
      '--plan <plan>',
      '--root <dir>',
      '--allow-outside-root',
      '--profile <name>',
      '--json',
      '--quiet',
    ]) {
      expect(stdout).toContain(option);
    }
  });
});

/** `script` of util-linux gives a program a terminal. */
const hasTerminal = (() => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
})();

describe.skipIf(!hasTerminal).concurrent('colours', () => {
  it.each<[string, string[], Record<string, string>, boolean]>([
    ['on a terminal', [], {}, true],
    ['--no-color', ['--no-color'], {}, false],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
  ])('%s', async (_, args, env, expected) => {
    const cwd = folderOf({ 'a.pa': GOOD, 'b.pa': MAGIC });
    const command = [process.execPath, MAIN, 'verify', 'a.pa', 'b.pa', ...args].map((each) => `'${each}'`).join(' ');
    const { stdout } = await runProgram('script', ['-qec', command, '/dev/null'], {
      cwd,
      env: { TERM: 'xterm', ...env },
    });
    expect(stdout).toContain('PRELUDE_MAGIC');
    expect(stdout.includes('\u001b[32mvalid')).toBe(expected);
    expect(stdout.includes('\u001b[31minvalid')).toBe(expected);
    expect(stdout.includes('\u001b[')).toBe(expected);
  });
});

describe.concurrent('documents', () => {
  it('of one file', async () => {
    const cwd = folderOf({ 'a.pa': GOOD });
    const { code, document } = await runJson(['verify', 'a.pa'], { cwd });
    expect([code, document]).toEqual([
      0,
      {
        schema_version: 1,
        command: 'verify',
        ok: true,
        diagnostics: [],
        diagnostics_omitted: 0,
        path: 'a.pa',
        profile: 'strict',
        checked: { entries: 1, payload_bytes: 4 },
        digests: { xxh64: xxh64(GOOD) },
      },
    ]);
  });

  it('of one invalid file', async () => {
    const cwd = folderOf({ 'a.pa': MAGIC });
    const { code, document } = await runJson(['verify', 'a.pa', '--profile', 'runtime'], { cwd });
    expect(code).toBe(1);
    expect(document).toMatchObject({
      ok: false,
      path: 'a.pa',
      profile: 'runtime',
      runtime: { verdict: 'reject', class: 'MAGIC' },
      checked: { entries: 0, payload_bytes: 0 },
      digests: { xxh64: xxh64(MAGIC) },
      diagnostics: [{ code: 'PRELUDE_MAGIC', where: { offset: 0 }, details: { runtime: 'MAGIC' } }],
    });
  });

  it('of several files: one that cannot be read is in the diagnostics alone', async () => {
    const cwd = folderOf({ 'a.pa': GOOD, 'b.pa': MAGIC });
    const { code, document } = await runJson(['verify', 'a.pa', 'none.pa', 'b.pa'], { cwd });
    expect(code).toBe(1);
    expect(document.diagnostics[0]).toMatchObject({ details: { system: 'ENOENT' } });
    const files = document['files'] as { readonly path: string; readonly ok: boolean }[];
    expect(files.map(({ path, ok }) => [path, ok])).toEqual([
      ['a.pa', true],
      ['b.pa', false],
    ]);
    expect(document.diagnostics.map(({ code: each, where: { path } }) => [each, path])).toEqual([
      ['INPUT_READ', 'none.pa'],
      ['PRELUDE_MAGIC', 'b.pa'],
    ]);
    expect(document).not.toHaveProperty('path');
  });

  it('of several files with more than 1,000 faults together: the rest are counted', async () => {
    const cwd = folderOf({ 'a.pa': nameless(700) });
    const { code, document } = await runJson(['verify', 'a.pa', 'a.pa', 'a.pa'], { cwd });
    expect([code, document.diagnostics.length, document.diagnostics_omitted]).toEqual([1, 1_000, 1_100]);
    expect((document['files'] as { ok: boolean }[]).map(({ ok }) => ok)).toEqual([false, false, false]);
  });

  const flood = artifact({
    header: header(Array.from({ length: 1_200 }, (_, i) => emptyEntry(i + 1, { asset_name: '"same"' }))),
  });

  it.each<[string, Uint8Array, string[]]>([
    ['warnings', flood, []],
    ['faults that a runtime leaves open', nameless(1_200), ['--profile', 'runtime']],
  ])('1,200 %s of one file do not hide that the next is invalid', async (_, bytes, args) => {
    const cwd = folderOf({ 'a.pa': bytes, 'b.pa': MAGIC });
    const result = await run(['verify', 'a.pa', 'b.pa', '--json', ...args], { cwd });
    const document = JSON.parse(result.stdout) as {
      ok: boolean;
      files: { ok: boolean }[];
      diagnostics: { code: string }[];
    };
    expect(document.files.map(({ ok }) => ok)).toEqual([true, false]);
    expect([result.code, document.ok]).toEqual([1, false]);
    expect(document.diagnostics.map(({ code }) => code)).toContain('PRELUDE_MAGIC');
  });

  it('1,000 files that are not there do not hide that another is invalid', async () => {
    const cwd = folderOf({ 'b.pa': MAGIC });
    const missing = Array.from({ length: 1_000 }, (_, i) => `${i}.pa`);
    expect((await run(['verify', ...missing, 'b.pa'], { cwd })).code).toBe(1);
  });
});

describe.concurrent('standard input', () => {
  it('is judged as a file is', async () => {
    const inputs = [
      GOOD,
      artifact({ header: header([entry({ size: '3000000' })]), region: noise(3_000_000) }),
      new Uint8Array(),
      GOOD.subarray(0, 100),
    ];
    const paths = inputs.map((_, i) => `${i}.pa`);
    const cwd = folderOf({ ...Object.fromEntries(inputs.map((bytes, i) => [`${i}.pa`, bytes])), 'tmp/x': '' });
    const { document } = await runJson(['verify', ...paths], { cwd });
    for (const [i, stdin] of inputs.entries()) {
      const env = { TMPDIR: join(cwd, 'tmp') };
      const { code, document: piped } = await runJson(['verify', '-'], { cwd, stdin, env });
      const { ok, ...facts } = (document['files'] as { ok: boolean }[])[i] as { ok: boolean };
      expect(piped).toMatchObject({ ok, ...facts, path: '-' });
      expect(code).toBe(ok ? 0 : 1);
      const found = document.diagnostics.filter(({ where }) => where.path === paths[i]);
      expect(piped.diagnostics.map(({ code: each, where: { offset } }) => [each, offset])).toEqual(
        found.map(({ code: each, where: { offset } }) => [each, offset]),
      );
    }
    // Nothing of what was written down is left.
    expect(readdirSync(join(cwd, 'tmp'))).toEqual(['x']);
  });

  it('among other files', async () => {
    const cwd = folderOf({ 'a.pa': GOOD });
    const { code, document } = await runJson(['verify', 'a.pa', '-'], { cwd, stdin: MAGIC });
    expect(code).toBe(1);
    expect(document.diagnostics).toMatchObject([{ code: 'PRELUDE_MAGIC', where: { path: '-' } }]);
    expect((document['files'] as { path: string }[]).map(({ path }) => path)).toEqual(['a.pa', '-']);
  });

  it('--companions: those of the current folder', async () => {
    const cwd = newFolder();
    await packAssets(Buffer.from(plan(asset(1))), toDirectory(cwd));
    const stdin = readFileSync(join(cwd, 'assets.pa'));
    expect(expectClean(await run(['verify', '-', '--companions'], { cwd, stdin })).stdout).toContain(
      'companions agree',
    );
  });

  it('a temporary folder that is not there', async () => {
    const cwd = newFolder();
    const result = await run(['verify', '-'], { cwd, stdin: GOOD, env: { TMPDIR: join(cwd, 'none') } });
    expect([result.code, codesIn(result.stderr)]).toEqual([3, ['INPUT_READ']]);
    expectNoTrace(result);
  });
});

describe.concurrent('wrong usage: exit 2', () => {
  it.each<[string[], RegExp]>([
    [[], /missing required argument 'file'/],
    [['-', '-'], /standard input can be read only once/],
    [['-', '--plan', '-'], /standard input can be read only once/],
    [['a.pa', 'b.pa', '--plan', 'plan.json'], /--plan is for one artifact/],
    [['a.pa', '--root', '.'], /--root and --allow-outside-root go with --plan/],
    [['a.pa', '--companions', '--allow-outside-root'], /--root and --allow-outside-root go with --plan/],
    [['a.pa', '--companions', 'b.pa'], /--companions names a folder, and b\.pa is a file/],
    [['--companions', '.'], /missing required argument 'file'/],
    [['a.pa', '--profile', 'loose'], /--profile.*loose.*runtime, strict/],
    [['a.pa', '--plan'], /argument missing/],
    [['a.pa', '--compenions'], /Did you mean --companions\?/],
  ])('%j', async (args, message) => {
    const cwd = folderOf({ 'a.pa': GOOD, 'b.pa': GOOD, 'plan.json': plan() });
    const result = await run(['verify', ...args], { cwd, stdin: GOOD });
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toMatch(message);
    expectNoTrace(result);
  });
});

describe.concurrent('things that must not hold it up', () => {
  it('a FIFO that nobody writes to, as a file and as a companion', async () => {
    const cwd = folderOf({ 'plan.json': plan() });
    await packAssets(Buffer.from(plan()), toDirectory(cwd));
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    expect(await run(['verify', 'pipe'], { cwd })).toMatchObject({
      code: 3,
      stderr: `error INPUT_READ pipe: ${NO_FILE}`,
    });
    rmSync(join(cwd, 'preload.json'));
    execFileSync('mkfifo', [join(cwd, 'preload.json')]);
    const result = await run(['verify', 'assets.pa', '--companions'], { cwd });
    expect([result.code, codesIn(result.stderr)]).toEqual([1, ['COMPANION_INVALID']]);
  });

  it('a reader that goes away', async () => {
    const cwd = folderOf({ 'a.pa': GOOD });
    const command = [process.execPath, MAIN, 'verify', ...Array<string>(200).fill('a.pa'), '--json'].map(
      (each) => `'${each}'`,
    );
    const result = await runProgram('sh', ['-c', `{ ${command.join(' ')}; echo "exit $?" >&2; } | head -c1`], { cwd });
    expectNoTrace(result);
    expect(result.stderr).toMatch(/^exit [03]\n$/);
  });

  it('a header of 4 GiB, a payload of 2^53 - 1 bytes, a million levels', async () => {
    const levels = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    const cwd = folderOf({
      'a.pa': file({ prelude: { headerLen: 2 ** 32 - 1 } }),
      'b.pa': file({ header: header([entry({ size: '9007199254740991' })]) }),
      'c.pa': file({ header: header([entry({ metadata: levels })]) }),
    });
    const result = await run(['verify', 'a.pa', 'b.pa', 'c.pa'], { cwd });
    expectNoTrace(result);
    expect([result.code, codesIn(result.stderr)]).toEqual([1, ['HEADER_LENGTH', 'SLICE_BOUNDS', 'HEADER_TOO_DEEP']]);
  });

  it('companions beside files that are broken, and companions of 4 TiB', async () => {
    const cwd = newFolder();
    const folders = ['a', 'b', 'c', 'd'];
    for (const folder of folders) {
      const bytes = Buffer.from(plan(asset(1, { asset_name: '"a"', inline: '"AQIDBA=="' })));
      await packAssets(bytes, toDirectory(join(cwd, folder)));
    }
    write(cwd, {
      'a/assets.pa': file({ header: header([entry({ metadata: '{"a":1.5}' })]) }),
      'b/assets.pa': file({ header: header([entry({ metadata: '{"a":["\\ud800"]}' })]) }),
    });
    truncateSync(join(cwd, 'c/asset_table_metadata.json'), 2 ** 42);
    truncateSync(join(cwd, 'd/asset_table.json'), 2 ** 42);
    const paths = folders.map((folder) => `${folder}/assets.pa`);
    const result = await run(['verify', ...paths, '--companions'], { cwd });
    expectNoTrace(result);
    expect([result.code, codesIn(result.stderr)]).toEqual([
      1,
      [
        'HEADER_NUMBER',
        'COMPANION_STALE',
        'HEADER_STRING',
        'COMPANION_STALE',
        'COMPANION_INVALID',
        'COMPANION_MISMATCH',
      ],
    ]);
  });
});

describe.concurrent('--companions', () => {
  async function packed(): Promise<string> {
    const cwd = folderOf({
      'plan.json': plan(asset(1, { inline: '"AQID"' })),
      'other.json': plan(asset(1, { inline: '"AQIE"' })),
    });
    await packAssets(readFileSync(join(cwd, 'plan.json')), toDirectory(join(cwd, 'build')));
    await packAssets(readFileSync(join(cwd, 'other.json')), toDirectory(join(cwd, 'other')));
    return cwd;
  }

  it.each<[string, string[], number, string[]]>([
    ["each file's own folder by default", ['build/assets.pa', 'other/assets.pa', '--companions'], 0, []],
    ['another folder, before the file', ['--companions', 'other', '--', 'other/assets.pa'], 0, []],
    ['one folder for all files', ['build/assets.pa', 'other/assets.pa', '--companions=build'], 1, ['COMPANION_STALE']],
    ['a folder without any', ['build/assets.pa', '--companions', '.'], 1, Array<string>(3).fill('COMPANION_INVALID')],
    [
      'with --profile runtime they still count',
      ['build/assets.pa', '--companions', 'other', '--profile', 'runtime'],
      1,
      ['COMPANION_STALE'],
    ],
  ])('%s', async (_, args, code, codes) => {
    const result = await run(['verify', ...args], { cwd: await packed() });
    expect([result.code, codesIn(result.stderr)]).toEqual([code, codes]);
  });

  it('a file in place of a folder, and no other: the companions beside it', async () => {
    const cwd = await packed();
    const { document } = await runJson(['verify', '--companions', 'build/assets.pa'], { cwd });
    expect(document).toMatchObject({ ok: true, path: 'build/assets.pa' });
    rmSync(join(cwd, 'build/preload.json'));
    const result = await run(['verify', '--companions', 'build/assets.pa'], { cwd });
    expect([result.code, codesIn(result.stderr)]).toEqual([1, ['COMPANION_INVALID']]);
  });

  it('a missing one is named, with what to do', async () => {
    const cwd = await packed();
    rmSync(join(cwd, 'build/preload.json'));
    const { stderr, stdout } = await run(['verify', 'build/assets.pa', '--companions'], { cwd });
    expect(stderr).toBe(
      'error[C3] COMPANION_INVALID build/preload.json: the companion is missing\n' +
        '  hint: pack into this directory, or name another with --companions\n',
    );
    expect(stdout).toBe('build/assets.pa: invalid, 1 error, 1 entry, 3 bytes of payload\n');
  });

  it("one that cannot be opened is the environment's fault: exit 3", async () => {
    const cwd = await packed();
    rmSync(join(cwd, 'build/preload.json'));
    symlinkSync('preload.json', join(cwd, 'build/preload.json'));
    const result = await run(['verify', 'build/assets.pa', '--companions'], { cwd });
    expect([result.code, codesIn(result.stderr)]).toEqual([3, ['INPUT_READ']]);
  });
});

/** An asset whose payload is a file. */
const fileAsset = (id: number, path: string, members: RawMembers = {}) =>
  asset(id, { inline: undefined, file: JSON.stringify(path), ...members });

/** A plan of three assets: 3 lies first, then 7 of 10 bytes at 11, then 9 of none. */
const ASSETS = [
  fileAsset(7, 'data/a', { preload: '{"slot":2}', metadata: '{"m":[1,{"x":null}]}' }),
  fileAsset(3, 'data/b', { bank_type: '"SCENE"' }),
  asset(9),
] as const;
const PLANNED: Files = { 'plan.json': plan(...ASSETS), 'data/a': 'bytes of a', 'data/b': 'bytes of b!' };

/** A folder with a plan, what it names, and the outputs of packing it in `build`. */
async function planned(options: PackOptions = {}, files: Files = PLANNED): Promise<string> {
  const cwd = folderOf(files);
  await packAssets(readFileSync(join(cwd, 'plan.json')), toDirectory(join(cwd, 'build')), { folder: cwd, ...options });
  return cwd;
}

const HINT = 'pack the plan again, or look for what changed with assets-pa diff';
/** What packing the plan gives: the text of the header, and where the payloads begin. */
const { TEXT, REGION } = await (async () => {
  const sink = toMemory();
  const cwd = folderOf(PLANNED);
  const { layout } = await packAssets(readFileSync(join(cwd, 'plan.json')), sink, { folder: cwd });
  const { headerLen, payloadOffset } = layout;
  return { TEXT: Buffer.from(sink.bytes).toString('latin1', 32, 32 + headerLen), REGION: payloadOffset };
})();

/** The byte of the file where the value stands that a pointer names: an item of a list, or a member of it. */
function byteOf(pointer: string): number {
  const [, list = '', index, name] = pointer.split('/');
  const start = TEXT.indexOf(`"${list}":[`) + list.length + 3;
  if (index === undefined) return 32 + start;
  const item = JSON.stringify((JSON.parse(TEXT) as Record<string, unknown[]>)[list]?.[Number(index)]);
  const at = TEXT.indexOf(item, start);
  expect(at).toBeGreaterThanOrEqual(start);
  return 32 + at + (name === undefined ? 0 : item.indexOf(`"${name}":`) + name.length + 3);
}

/** Holds an artifact against a plan, as the command does it. */
async function held(cwd: string, options: PlanFileOptions = {}): Promise<Verification> {
  const verification = await withArtifact(join(cwd, 'build/assets.pa'), nodeFileSystem, async (artifact) => {
    const planFile = await readPlanFile(join(cwd, 'plan.json'), options);
    const judged = await judgeBytes(artifact, {});
    await comparePlan(artifact, planFile, { signal: new AbortController().signal, onProgress: () => {} });
    return verificationOf(artifact, judged);
  });
  return JSON.parse(JSON.stringify(verification).replaceAll(`${cwd}/`, '')) as Verification;
}

const mismatch = (where: object, rest: object = {}) => ({
  code: 'DIGEST_MISMATCH',
  severity: 'error',
  clause: 'C6',
  where: 'pointer' in where ? { offset: byteOf(String(where.pointer)), ...where } : where,
  hint: HINT,
  ...rest,
});
const bytesOf = (
  index: number,
  id: number,
  offset: number,
  before: string,
  after: string,
  count: number,
  first: number,
) =>
  mismatch(
    { pointer: `/asset_table/${index}`, offset: REGION + offset + first },
    {
      asset_id: id,
      expected: xxh64(after),
      actual: xxh64(before),
      details: { first_difference: first, bytes_different: count },
    },
  );
const member = (index: number, id: number, name: string, expected: unknown, actual: unknown) =>
  mismatch({ pointer: `/asset_table/${index}/${name}` }, { asset_id: id, expected, actual });
const onlyPlan = (place: number, id: number, path = 'plan.json') =>
  mismatch({ path, plan: `/assets/${place}` }, { asset_id: id });
const onlyArtifact = (index: number, id: number) => mismatch({ pointer: `/asset_table/${index}` }, { asset_id: id });
const slot = (pointer: string, id: number) => mismatch({ pointer }, { asset_id: id });
/** The plan, with one asset of it written in another way. */
const changed = (place: 0 | 1 | 2, to: string): Files => ({
  'plan.json': plan(...ASSETS.map((each, i) => (i === place ? to : each))),
});
const seven = (members: RawMembers) =>
  changed(0, fileAsset(7, 'data/a', { preload: '{"slot":2}', metadata: '{"m":[1,{"x":null}]}', ...members }));

/** Changes the artifact. */
const broken = (change: (bytes: Buffer) => Uint8Array) => (cwd: string) => {
  const path = join(cwd, 'build/assets.pa');
  writeFileSync(path, change(readFileSync(path)));
};
/** Another text in the header, whose length is then right. */
const text = (from: string, to: string) =>
  broken((bytes) => {
    const headerLen = bytes.readUInt32LE(8);
    const before = bytes.toString('latin1', 32, 32 + headerLen);
    expect(before).toContain(from);
    return artifact({ header: before.replace(from, to), region: bytes.subarray(32 + headerLen) });
  });
const TWO_FAULTS: Files = { 'plan.json': plan(asset(-1), asset(1, { codec: '"RAW"' })) };

describe.concurrent('--plan', () => {
  it.each<[string, Files, object[]]>([
    ['nothing was changed', {}, []],
    ['assets in another order', { 'plan.json': plan(...ASSETS.toReversed()) }, []],
    [
      'members in another order, and spaces',
      {
        'plan.json': plan(...ASSETS)
          .replaceAll(',"', ' ,\n"')
          .replaceAll(/"metadata":(.*?)\}\}?\]\}/g, '"metadata":$1}]}'),
      },
      [],
    ],
    [
      'a payload inline instead of in a file',
      changed(1, asset(3, { bank_type: '"SCENE"', inline: `"${Buffer.from('bytes of b!').toString('base64')}"` })),
      [],
    ],
    ['what only the pipeline needs', seven({ pipeline: '{"tool":"x"}' }), []],
    ['a digest that is right', seven({ digest: `"${sha256('bytes of a')}"` }), []],
    ['a decoded size that is what it would be anyway', seven({ decoded_size: '10' }), []],
    ['another alignment', { 'plan.json': root({ layout: '{"alignment":4096}' }, ...ASSETS) }, []],

    ['one byte of a payload', { 'data/a': 'bytes Of a' }, [bytesOf(1, 7, 11, 'bytes of a', 'bytes Of a', 1, 6)]],
    ['the first byte', { 'data/b': 'Bytes of b!' }, [bytesOf(0, 3, 0, 'bytes of b!', 'Bytes of b!', 1, 0)]],
    ['the last byte', { 'data/b': 'bytes of b?' }, [bytesOf(0, 3, 0, 'bytes of b!', 'bytes of b?', 1, 10)]],
    ['every byte', { 'data/a': 'BYTES-OF-A' }, [bytesOf(1, 7, 11, 'bytes of a', 'BYTES-OF-A', 10, 0)]],
    [
      'two payloads',
      { 'data/a': 'bytes of A', 'data/b': 'bytes-of b!' },
      [bytesOf(0, 3, 0, 'bytes of b!', 'bytes-of b!', 1, 5), bytesOf(1, 7, 11, 'bytes of a', 'bytes of A', 1, 9)],
    ],
    [
      'a payload that is longer: sizes alone, and the others are still compared',
      { 'data/b': 'bytes of b!!', 'data/a': 'bytes of A' },
      [
        bytesOf(1, 7, 11, 'bytes of a', 'bytes of A', 1, 9),
        member(0, 3, 'decoded_size', 12, 11),
        member(0, 3, 'size', 12, 11),
      ],
    ],
    [
      'a payload that is gone to nothing',
      { 'data/a': '' },
      [member(1, 7, 'decoded_size', 0, 10), member(1, 7, 'size', 0, 10)],
    ],
    [
      'an empty payload that is no more',
      changed(2, asset(9, { inline: '"AA=="' })),
      [member(2, 9, 'decoded_size', 1, 0), member(2, 9, 'size', 1, 0)],
    ],

    ['an asset that the plan has no more', { 'plan.json': plan(ASSETS[0], ASSETS[2]) }, [onlyArtifact(0, 3)]],
    [
      'no assets',
      { 'plan.json': plan() },
      [slot('/preload/0', 7), onlyArtifact(0, 3), onlyArtifact(1, 7), onlyArtifact(2, 9)],
    ],
    ['an asset that is new', { 'plan.json': plan(...ASSETS, asset(10)) }, [onlyPlan(3, 10)]],
    ['another id', changed(2, asset(8, { asset_name: '"a9"' })), [onlyArtifact(2, 9), onlyPlan(2, 8)]],
    ['another name', seven({ asset_name: '"A7"' }), [member(1, 7, 'asset_name', 'A7', 'a7')]],
    ['another bank', seven({ bank_type: '"SCENE"' }), [member(1, 7, 'bank_type', 'SCENE', 'SOUNDS')]],
    ['another decoded size', seven({ decoded_size: '99' }), [member(1, 7, 'decoded_size', 99, 10)]],
    [
      'other metadata',
      seven({ metadata: '{"m":[1,{"x":0}]}' }),
      [member(1, 7, 'metadata', { m: [1, { x: 0 }] }, { m: [1, { x: null }] })],
    ],
    [
      'a codec configuration, which is a part of metadata',
      seven({ codec_configuration: '{}' }),
      [member(1, 7, 'metadata', { codec: {}, m: [1, { x: null }] }, { m: [1, { x: null }] })],
    ],
    ['another slot', seven({ preload: '{"slot":3}' }), [slot('/preload/0', 7)]],
    ['a slot for the asking, which is another', seven({ preload: '{}' }), [slot('/preload/0', 7)]],
    ['no preload', seven({ preload: undefined }), [slot('/preload/0', 7)]],
    ['a preload more', changed(2, asset(9, { preload: '{}' })), [slot('/preload', 9)]],
    [
      'a digest that the plan states wrong',
      seven({ digest: `"${sha256('something else')}"` }),
      [
        mismatch(
          { pointer: '/asset_table/1', offset: REGION + 11 },
          { asset_id: 7, expected: sha256('something else'), actual: sha256('bytes of a') },
        ),
      ],
    ],
    [
      'a digest that the plan states, of what is no more',
      { ...seven({ digest: `"${sha256('bytes of a')}"` }), 'data/a': 'bytes of A' },
      [
        mismatch(
          { pointer: '/asset_table/1', offset: REGION + 11 + 9 },
          {
            asset_id: 7,
            expected: sha256('bytes of A'),
            actual: sha256('bytes of a'),
            details: { first_difference: 9, bytes_different: 1 },
          },
        ),
      ],
    ],
    [
      'everything of one asset',
      {
        ...seven({ asset_name: '"A7"', bank_type: '"SCENE"', metadata: '{}', decoded_size: '1', preload: undefined }),
        'data/a': 'bytes of A',
      },
      [
        bytesOf(1, 7, 11, 'bytes of a', 'bytes of A', 1, 9),
        slot('/preload/0', 7),
        member(1, 7, 'asset_name', 'A7', 'a7'),
        member(1, 7, 'bank_type', 'SCENE', 'SOUNDS'),
        member(1, 7, 'decoded_size', 1, 10),
        member(1, 7, 'metadata', {}, { m: [1, { x: null }] }),
      ],
    ],
  ])('%s', async (_, files, expected) => {
    const cwd = await planned();
    write(cwd, files);
    const before = snapshot(cwd);
    const { ok, checked, diagnostics } = await held(cwd);
    const wanted = expected.map((each) => ({ message: expect.any(String), ...each }));
    expect(diagnostics).toHaveLength(wanted.length);
    for (const each of wanted) expect(diagnostics).toContainEqual(each);
    expect(new Set(diagnostics.map((each) => JSON.stringify(each))).size).toBe(wanted.length);
    const offsets = diagnostics.flatMap(({ where: { path, offset } }) => (path === undefined ? [offset] : []));
    expect(offsets).toEqual(offsets.toSorted((a = 0, b = 0) => a - b));
    expect(ok).toBe(expected.length === 0);
    expect(checked).toEqual({ entries: 3, payloadBytes: 21 });
    expect(snapshot(cwd)).toEqual(before);
  });

  it('as a document', async () => {
    const cwd = await planned();
    write(cwd, { ...seven({ asset_name: '"A7"' }), 'data/a': 'bytes of A' });
    const { code, document } = await runJson(['verify', 'build/assets.pa', '--plan', 'plan.json'], { cwd });
    expect(code).toBe(1);
    const expected = [member(1, 7, 'asset_name', 'A7', 'a7'), bytesOf(1, 7, 11, 'bytes of a', 'bytes of A', 1, 9)];
    expect(document.diagnostics).toMatchObject(expected);
    expect(document).toMatchObject({ path: 'build/assets.pa', checked: { entries: 3, payload_bytes: 21 } });
  });

  it.each<[string, PackOptions]>([
    ['packed with --align', { alignment: 4_096 }],
    ['packed without digests', { digests: [] }],
  ])('%s: the plan agrees', async (_, options) => {
    expect((await held(await planned(options))).diagnostics).toEqual([]);
  });

  it('a payload in an aligned file: the byte is that of the file', async () => {
    const cwd = await planned({ alignment: 4_096 });
    write(cwd, { 'data/a': 'bytes of A' });
    expect((await held(cwd)).diagnostics.map(({ where }) => where)).toEqual([
      { pointer: '/asset_table/1', offset: 3 * 4_096 - 4_096 + 9 },
    ]);
  });

  it('payloads of several blocks: the first difference, and how many bytes differ', async () => {
    const bytes = noise(3_000_000);
    const cwd = await planned(
      {},
      { 'plan.json': plan(fileAsset(1, 'x'), fileAsset(2, 'y')), x: noise(1_500_000, 2), y: bytes },
    );
    expect((await held(cwd)).diagnostics).toEqual([]);
    const other = Uint8Array.from(bytes);
    for (const at of [1_048_575, 1_048_576, 2_999_999]) other[at] = (other[at] as number) ^ 0xff;
    write(cwd, { y: other });
    expect((await held(cwd)).diagnostics).toMatchObject([
      {
        asset_id: 2,
        message: `the payload is not the plan's: first difference at its byte 1048575, 3 bytes in all: expected "${xxh64(other)}", got "${xxh64(bytes)}"`,
        details: { first_difference: 1_048_575, bytes_different: 3 },
      },
    ]);
  });

  it('text: where each difference is', async () => {
    const cwd = await planned();
    write(cwd, { ...seven({ asset_name: '"A7"' }), 'data/b': 'bytes of B!' });
    const { code, stdout, stderr } = await run(['verify', 'build/assets.pa', '--plan', 'plan.json'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe('build/assets.pa: invalid, 2 errors, 3 entries, 21 bytes of payload\n');
    expect(stderr).toContain(
      `error[C6] DIGEST_MISMATCH /asset_table/0 (asset 3, byte ${REGION + 9}): the payload is not the plan's: ` +
        `first difference at its byte 9, 1 byte in all: expected "${xxh64('bytes of B!')}", got "${xxh64('bytes of b!')}"\n`,
    );
    expect(stderr).toContain(
      `error[C6] DIGEST_MISMATCH /asset_table/1/asset_name (asset 7, byte ${byteOf('/asset_table/1/asset_name')}): ` +
        'asset_name is not what the plan gives: expected "A7", got "a7"\n',
    );
    expect(stderr.match(new RegExp(`^ {2}hint: ${HINT}$`, 'gm'))).toHaveLength(2);
  });

  it('a binary plan, and a plan on standard input', async () => {
    const cwd = await planned();
    const binary = convertPlan(readFileSync(join(cwd, 'plan.json'))).bytes;
    writeFileSync(join(cwd, 'plan.binpb'), binary);
    expectClean(await run(['verify', 'build/assets.pa', '--plan', '-'], { cwd, stdin: binary }));
    write(cwd, { 'data/a': 'bytes of A' });
    const { document } = await runJson(['verify', 'build/assets.pa', '--plan', 'plan.binpb'], { cwd });
    expect(document.diagnostics).toMatchObject([{ asset_id: 7, details: { first_difference: 9 } }]);
    write(cwd, PLANNED);
    expectClean(
      await run(['verify', '-', '--plan', 'plan.json'], { cwd, stdin: readFileSync(join(cwd, 'build/assets.pa')) }),
    );
  });

  it('payload paths are relative to the plan, wherever the artifact is', async () => {
    const cwd = await planned();
    mkdirSync(join(cwd, 'other'));
    copyFileSync(join(cwd, 'build/assets.pa'), join(cwd, 'other/x.pa'));
    expectClean(await run(['verify', 'x.pa', '--plan', '../plan.json'], { cwd: join(cwd, 'other') }));
  });

  it('--root and --allow-outside-root', async () => {
    const cwd = folderOf({ 'project/plan.json': plan(fileAsset(1, 'link')), 'common/a': 'common' });
    symlinkSync('../common/a', join(cwd, 'project/link'));
    await packAssets(readFileSync(join(cwd, 'project/plan.json')), toDirectory(join(cwd, 'build')), {
      folder: join(cwd, 'project'),
      allowOutsideRoot: true,
    });
    const verify = (...args: string[]) =>
      run(['verify', 'build/assets.pa', '--plan', 'project/plan.json', ...args], { cwd });
    const refused = await verify();
    expect([refused.code, codesIn(refused.stderr)]).toEqual([1, ['SOURCE_OUTSIDE_ROOT']]);
    expectClean(await verify('--root', '.'));
    expectClean(await verify('--allow-outside-root'));
  });

  it.each<[string, Files | ((cwd: string) => void), string[]]>([
    ['no JSON', { 'plan.json': '{"schema_version":1,' }, ['PLAN_SYNTAX']],
    ['another version', { 'plan.json': root({ schema_version: '2' }) }, ['VERSION_UNSUPPORTED']],
    ['a member that no plan has', { 'plan.json': plan(asset(1, { colour: '1' })) }, ['PLAN_SHAPE']],
    ['two faults', TWO_FAULTS, ['ASSET_ID_RANGE', 'CODEC_UNKNOWN']],
    ['a payload that is not there', (cwd) => rmSync(join(cwd, 'data/a')), ['SOURCE_NOT_FOUND']],
    [
      'a folder in place of a payload',
      (cwd) => {
        rmSync(join(cwd, 'data/a'));
        mkdirSync(join(cwd, 'data/a'));
      },
      ['SOURCE_NOT_A_FILE'],
    ],
    [
      'a FIFO in place of a payload',
      (cwd) => {
        rmSync(join(cwd, 'data/a'));
        execFileSync('mkfifo', [join(cwd, 'data/a')]);
      },
      ['SOURCE_NOT_A_FILE'],
    ],
    ['another size than it says', seven({ size: '11' }), ['SOURCE_SIZE']],
    ['no plan', (cwd) => rmSync(join(cwd, 'plan.json')), ['INPUT_READ']],
    [
      'a folder in place of the plan',
      (cwd) => {
        rmSync(join(cwd, 'plan.json'));
        mkdirSync(join(cwd, 'plan.json'));
      },
      ['INPUT_READ'],
    ],
  ])('a plan with a fault of its own: %s', async (_, change, codes) => {
    const cwd = await planned();
    if (typeof change === 'function') change(cwd);
    else write(cwd, change);
    const { diagnostics } = await failureOfPack(readPlanFile(join(cwd, 'plan.json'), {}));
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
    // A source is named as the plan names it.
    for (const { where } of diagnostics) expect([join(cwd, 'plan.json'), 'data/a']).toContain(where.path);
  });

  it('a root that is not there', async () => {
    const { diagnostics } = await failureOfPack(readPlanFile(join(await planned(), 'plan.json'), { root: '/none' }));
    expect(diagnostics).toMatchObject([{ code: 'INPUT_READ', where: { path: '/none' } }]);
  });

  const withPlan = ['verify', 'build/assets.pa', '--plan', 'plan.json'];

  it("the plan's faults stand beside those of the artifact, in one report", async () => {
    const cwd = await planned();
    broken((bytes) => concat(bytes, [0]))(cwd);
    write(cwd, TWO_FAULTS);
    const bytes = readFileSync(join(cwd, 'build/assets.pa'));
    const { code, document } = await runJson([...withPlan, '--profile', 'runtime'], { cwd });
    expect(code).toBe(1);
    const found = document.diagnostics.map(({ code: each, severity, where: { path } }) => [each, severity, path]);
    expect(found.filter(([, , path]) => path === undefined)).toEqual([['TRAILING_BYTES', 'info', undefined]]);
    expect(found.filter(([, , path]) => path !== undefined)).toEqual([
      ['ASSET_ID_RANGE', 'error', 'plan.json'],
      ['CODEC_UNKNOWN', 'error', 'plan.json'],
    ]);
    // The plan's faults are none of the artifact's.
    expect(document).toMatchObject({
      path: 'build/assets.pa',
      profile: 'runtime',
      runtime: { verdict: 'unspecified' },
      checked: { entries: 3, payload_bytes: 21 },
      digests: { xxh64: xxh64(bytes) },
    });
  });

  it('a plan with faults: a line of the artifact is printed all the same', async () => {
    const cwd = await planned();
    write(cwd, { 'plan.json': plan(asset(1, { codec: '"RAW"' })) });
    const result = await run(withPlan, { cwd });
    expectNoTrace(result);
    expect([result.code, codesIn(result.stderr)]).toEqual([1, ['CODEC_UNKNOWN']]);
    expect(result.stderr).toContain('error[T1] CODEC_UNKNOWN plan.json');
    expect(result.stdout).toBe('build/assets.pa: invalid, 1 error, 3 entries, 21 bytes of payload\n');
  });

  it.each<[string, (bytes: Buffer) => Uint8Array, number, string[]]>([
    ['an artifact without fault: exit 3', (bytes) => bytes, 3, ['INPUT_READ']],
    ['an invalid artifact: exit 1', (bytes) => concat(bytes, [0]), 1, ['TRAILING_BYTES', 'INPUT_READ']],
  ])('a plan that is not there, and %s', async (_, change, expected, codes) => {
    const cwd = await planned();
    broken(change)(cwd);
    rmSync(join(cwd, 'plan.json'));
    const { code, document } = await runJson(withPlan, { cwd });
    expect([code, document.diagnostics.map((each) => each.code)]).toEqual([expected, codes]);
    expect(document).toMatchObject({ path: 'build/assets.pa', profile: 'strict', checked: { entries: 3 } });
  });

  it('a plan with more than 1,000 faults: the rest are counted', async () => {
    const cwd = await planned();
    write(cwd, { 'plan.json': plan(...Array.from({ length: 1_200 }, (_, i) => asset(i, { codec: '"RAW"' }))) });
    const { code, document } = await runJson(withPlan, { cwd });
    expect([code, document.diagnostics.length, document.diagnostics_omitted]).toEqual([1, 1_000, 200]);
  });

  it('with companions: both are judged in one run', async () => {
    const cwd = await planned();
    write(cwd, { 'data/a': 'bytes of A', 'build/preload.json': '[]' });
    const { code, document } = await runJson(['verify', 'build/assets.pa', '--companions', '--plan', 'plan.json'], {
      cwd,
    });
    expect(code).toBe(1);
    expect(document.diagnostics.map(({ code: each }) => each)).toEqual(['DIGEST_MISMATCH', 'COMPANION_MISMATCH']);
  });

  it('a runtime does not ask for a plan; a difference still is an error', async () => {
    const cwd = await planned();
    write(cwd, { 'data/a': 'bytes of A' });
    const { code, document } = await runJson(
      ['verify', 'build/assets.pa', '--profile', 'runtime', '--plan', 'plan.json'],
      { cwd },
    );
    expect([code, document['runtime']]).toEqual([1, { verdict: 'accept' }]);
  });

  it.each<[string, (cwd: string) => void, string[]]>([
    ['nothing', broken(() => new Uint8Array()), ['PRELUDE_TRUNCATED']],
    ['another magic', broken((bytes) => concat([1, 2, 3, 4], bytes.subarray(4))), ['PRELUDE_MAGIC']],
    ['cut off in the header', broken((bytes) => bytes.subarray(0, 100)), ['HEADER_LENGTH']],
    ['a header that is no JSON', text('"asset_id":3', '"asset_id":,'), ['HEADER_NOT_JSON']],
    ['an entry that cannot be read', text('"asset_name":"a3"', '"asset_name":1234'), ['HEADER_SHAPE']],
    ['a preload entry that cannot be read', text('"slot":2', '"slot":{}'), ['HEADER_SHAPE']],
    ['no preload list', text(',"preload":[{"asset_id":7,"slot":2}]', ''), ['HEADER_SHAPE']],
    [
      'a preload list that is none',
      text('"preload":[{"asset_id":7,"slot":2}]', '"preload":{"asset_id":7,"slot":2}'),
      ['HEADER_SHAPE'],
    ],
    [
      'an asset table that is none',
      text('"asset_table":[', '"asset_table":{},"x":['),
      ['HEADER_SHAPE', 'HEADER_SHAPE', 'PRELOAD_UNKNOWN_ASSET'],
    ],
  ])('an artifact that cannot be read is not said to lack what the plan has: %s', async (_, change, codes) => {
    const cwd = await planned();
    change(cwd);
    // Nor does the plan lack what such an artifact has.
    const found = (await held(cwd)).diagnostics.map(({ code }) => code);
    expect(found.filter((code) => code !== 'HEADER_NOT_CANONICAL')).toEqual(codes);
  });

  it('what an artifact with unread entries has is compared', async () => {
    const cwd = await planned();
    text('"asset_name":"a3"', '"asset_name":1234')(cwd);
    write(cwd, { ...seven({ asset_name: '"A7"' }), 'data/a': 'bytes of A' });
    expect((await held(cwd)).diagnostics).toMatchObject([
      { code: 'HEADER_SHAPE' },
      { code: 'DIGEST_MISMATCH', where: { pointer: '/asset_table/1/asset_name' }, expected: 'A7', actual: 'a7' },
    ]);
  });

  it('a payload that is cut off: the slices that are there are not compared, nothing is said of them', async () => {
    const cwd = await planned();
    broken((bytes) => bytes.subarray(0, -1))(cwd);
    expect((await held(cwd)).diagnostics.map(({ code }) => code)).toEqual(['SLICE_BOUNDS', 'SLICE_BOUNDS']);
  });

  it('a payload file that is cut short while it is read', async () => {
    const cwd = await planned();
    // Runs before the program: the first read of the file finds it shorter than it was when it was opened.
    const preload = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { openSync, readSync, truncateSync } = fs;
      let watched;
      fs.openSync = (path, ...rest) => {
        const fd = openSync(path, ...rest);
        if (String(path).endsWith('data/a')) watched = { fd, path };
        return fd;
      };
      fs.readSync = (fd, ...rest) => {
        if (fd === watched?.fd) truncateSync(watched.path, 3);
        return readSync(fd, ...rest);
      };
      syncBuiltinESMExports();`;
    write(cwd, { 'preload.mjs': preload });
    const env = { NODE_OPTIONS: `--import ${join(cwd, 'preload.mjs')}` };
    const result = await run(withPlan, { cwd, env });
    expectNoTrace(result);
    expect(result.code).toBe(1);
    expect(codesIn(result.stderr)).toEqual([expect.stringMatching(/^SOURCE_(SIZE|CHANGED)$/)]);
    expect(result.stderr).toContain(' data/a /assets/0/file (asset 7): ');
    expect(result.stdout).toBe('build/assets.pa: invalid, 1 error, 3 entries, 21 bytes of payload\n');
  });
});

describe.skipIf(!isLinux)('signals', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  interface Ended {
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stdout: string;
    readonly stderr: string;
  }

  function start(
    cwd: string,
    args: readonly string[],
    env: object = {},
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const { NODE_OPTIONS: _, ...rest } = process.env;
    const child = spawn(process.execPath, [MAIN, 'verify', ...args], { cwd, env: { ...rest, ...env }, stdio: 'pipe' });
    children.push(child);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    return {
      child,
      ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, ...texts }))),
    };
  }

  /** Waits until something can be said of a process. */
  async function until(isSo: () => boolean, ended: Promise<unknown>): Promise<void> {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const isKnown = () => {
      try {
        return isSo();
      } catch {
        return false;
      }
    };
    while (!isKnown()) {
      expect(isOver, 'it ended before it could be interrupted').toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** A process has a file open whose name says so. */
  const hasOpen = ({ pid }: ChildProcess, name: RegExp) =>
    readdirSync(`/proc/${pid}/fd`).some((fd) => name.test(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  /** A process has read more than its own program: bytes stream by. */
  const isStreaming = ({ pid }: ChildProcess) =>
    Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) > 100_000_000;

  /** Where nothing has to be tidied up, the signal ends the process itself. */
  const STOPPED: readonly (readonly [code: number | null, signal: string | null])[] = [
    [130, null],
    [null, 'SIGINT'],
  ];

  /** Sparse: it takes no room, and longer to read than any test waits. */
  const HUGE = 2 ** 39;

  function hugeFolder(): string {
    const cwd = folderOf({
      'huge.pa': artifact({ header: header([entry({ size: `${HUGE}`, decoded_size: '1' })]) }),
      'a.pa': GOOD,
    });
    truncateSync(join(cwd, 'huge.pa'), readFileSync(join(cwd, 'huge.pa')).length + HUGE);
    return cwd;
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s in the middle of a file: exit %i', async (signal, code) => {
    const { child, ended } = start(hugeFolder(), ['huge.pa']);
    await until(() => isStreaming(child), ended);
    child.kill(signal);
    expect(await ended).toEqual({
      code,
      signal: null,
      stdout: '',
      stderr: 'error[W5] INTERRUPTED: the work was interrupted\n',
    });
  });

  it.each<[string, string[]]>([
    ['--json', ['huge.pa', '--json']],
    ['one of several files', ['a.pa', 'huge.pa', 'a.pa', '--json']],
  ])('%s: the document is whole', async (_, args) => {
    const { child, ended } = start(hugeFolder(), args);
    await until(() => isStreaming(child), ended);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([130, '']);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'verify', ok: false, diagnostics: [{ code: 'INTERRUPTED' }] });
  });

  it.each<[string, string[]]>([
    ['an artifact', ['-']],
    ['a plan', ['a.pa', '--plan', '-']],
  ])('while it waits for %s on standard input', { timeout: 20_000 }, async (_, args) => {
    // Runs before the program: the signal comes when standard input is asked for.
    const preload = `
      const { get } = Object.getOwnPropertyDescriptor(process, 'stdin');
      let isAsked = false;
      Object.defineProperty(process, 'stdin', {
        get() {
          if (!isAsked) setImmediate(() => process.kill(process.pid, 'SIGINT'));
          isAsked = true;
          return get.call(process);
        },
      });`;
    const cwd = folderOf({ 'a.pa': GOOD, 'preload.mjs': preload });
    const { child, ended } = start(cwd, args, { NODE_OPTIONS: `--import ${join(cwd, 'preload.mjs')}` });
    // Nobody ends the input: only the signal can.
    const limit = setTimeout(() => child.kill('SIGKILL'), 8_000);
    const { code, signal } = await ended;
    clearTimeout(limit);
    expect(STOPPED).toContainEqual([code, signal]);
  });

  it('in the middle of a comparison with a plan', async () => {
    // Runs before the program: the signal comes with the first read of the payload's source.
    const preload = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { openSync, readSync } = fs;
      let watched;
      fs.openSync = (path, ...rest) => {
        const fd = openSync(path, ...rest);
        if (String(path).endsWith('/payload')) watched = fd;
        return fd;
      };
      fs.readSync = (fd, ...rest) => {
        if (fd === watched) process.kill(process.pid, 'SIGINT');
        return readSync(fd, ...rest);
      };
      syncBuiltinESMExports();`;
    const size = 64 * 1_048_576;
    const entryOfAll = entry({ asset_name: '"a1"', bank_type: '"SOUNDS"', size: `${size}`, decoded_size: `${size}` });
    const cwd = folderOf({
      'a.pa': artifact({ header: header([entryOfAll]) }),
      'plan.json': plan(fileAsset(1, 'payload')),
      payload: '',
      'preload.mjs': preload,
    });
    truncateSync(join(cwd, 'a.pa'), readFileSync(join(cwd, 'a.pa')).length + size);
    truncateSync(join(cwd, 'payload'), size);
    const args = ['a.pa', '--plan', 'plan.json', '--json'];
    const { code, stdout, stderr } = await start(cwd, args, { NODE_OPTIONS: `--import ${join(cwd, 'preload.mjs')}` })
      .ended;
    expect([code, stderr]).toEqual([130, '']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code: 'INTERRUPTED' }] });
  });

  it('between two files: it is not lost', async () => {
    // Runs before the program: the signal comes when the last byte of the first file has been judged.
    const preload = `
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      const { open } = fs;
      let isSent = false;
      fs.open = async (...args) => {
        const handle = await open(...args);
        const close = handle.close.bind(handle);
        handle.close = () => {
          if (!isSent) process.kill(process.pid, 'SIGINT');
          isSent = true;
          return close();
        };
        return handle;
      };
      syncBuiltinESMExports();`;
    const cwd = folderOf({ 'a.pa': GOOD, 'b.pa': GOOD, 'preload.mjs': preload });
    const { ended } = start(cwd, ['a.pa', 'b.pa'], { NODE_OPTIONS: `--import ${join(cwd, 'preload.mjs')}` });
    const { code, signal } = await ended;
    expect(STOPPED).toContainEqual([code, signal]);
  });

  it('nothing is left in the temporary folder', async () => {
    const cwd = hugeFolder();
    mkdirSync(join(cwd, 'tmp'));
    const { child, ended } = start(cwd, ['-'], { TMPDIR: join(cwd, 'tmp') });
    await until(() => hasOpen(child, /\.spool \(deleted\)$/), ended);
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(join(cwd, 'tmp'))).toEqual([]);
    expect(existsSync(join(cwd, 'a.pa'))).toBe(true);
  });
});
