/** `assets-pa extract`, run as a user runs it: there and back, nasty names, files that are there, links, signals. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { artifact, counting, entry, header } from '../../spec-vectors/compose.ts';
import { type LaidAsset, lay, PREPARED } from '../support/artifacts.js';
import { expectSameBytes, leftovers, namesBelow, noise, temporaryFolders } from '../support/packing.js';
import {
  codesIn,
  expectNoTrace,
  MAIN,
  type Run,
  type RunOptions,
  run,
  runJson,
  runProgram,
} from '../support/plan-cli.js';
import { snapshot, write } from '../support/plan-folders.js';

const newFolder = temporaryFolders();
const VECTORS = join(import.meta.dirname, '../../spec-vectors');
const { vectors } = JSON.parse(readFileSync(join(VECTORS, 'manifest.json'), 'utf8')) as {
  readonly vectors: readonly {
    readonly id: string;
    readonly file: string;
    readonly strict: { readonly verdict: string };
  }[];
};

/** A folder with an artifact in it. */
function folderWith(bytes: Uint8Array): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'x.pa'), bytes);
  return folder;
}

async function extract(cwd: string, options: readonly string[], more: Partial<RunOptions> = {}): Promise<Run> {
  const result = await run(['extract', ...options], { cwd, ...more });
  expectNoTrace(result);
  return result;
}

/** A payload by asset id, from the header and nothing of `src`. */
function payloadsOf(file: Buffer): Map<number, Buffer> {
  const { asset_table: table } = JSON.parse(file.toString('utf8', 32, 32 + file.readUInt32LE(8))) as {
    asset_table: { asset_id: number; offset: number; size: number }[];
  };
  const start = Number(file.readBigUInt64LE(12));
  return new Map(
    table.map(({ asset_id: id, offset, size }) => [id, file.subarray(start + offset, start + offset + size)]),
  );
}

const accepted = vectors
  .filter(({ strict }) => strict.verdict === 'accept')
  .map(({ id, file }) => {
    const bytes = readFileSync(join(VECTORS, file));
    const hasFolders = /"asset_name":"(?:[^"\\]|\\.)*\//.test(bytes.toString('utf8', 32, 32 + bytes.readUInt32LE(8)));
    return { id, file, hasFolders };
  });

const three: readonly LaidAsset[] = [
  { id: 3, name: 'a.bin', bytes: counting(10) },
  { id: 7, name: 'd/b.bin', bytes: noise(1_100_000) },
  { id: 9, name: 'd/e/empty', bytes: new Uint8Array() },
];
const file = lay({ assets: three, alignment: 16 });

describe.concurrent('there and back', () => {
  // The others are extracted by test/read/extract.test.ts.
  it.each(accepted.filter(({ hasFolders }, i) => hasFolders || i % 10 === 0))('$id', async ({ file: path }) => {
    const cwd = newFolder();
    const { code, document } = await runJson(['extract', join(VECTORS, path), '-o', 'out'], { cwd });
    expect(code).toBe(0);
    const payloads = payloadsOf(readFileSync(join(VECTORS, path)));
    const files = document['files'] as { asset_id: number; path: string; size: number }[];
    expect(files.map((each) => each.asset_id)).toEqual([...payloads.keys()]);
    for (const each of files) {
      expectSameBytes(readFileSync(join(cwd, each.path)), payloads.get(each.asset_id) ?? Buffer.alloc(0));
      expect(each.size).toBe(payloads.get(each.asset_id)?.length);
      expect(each.path.startsWith('out/')).toBe(true);
    }
    const written = namesBelow(cwd).filter((name) => lstatSync(join(cwd, name)).isFile());
    expect(written.sort()).toEqual(files.map((each) => each.path).sort());
  });

  it('says what was written, and where', async () => {
    const cwd = folderWith(file);
    const { code, stdout, stderr } = await extract(cwd, ['x.pa']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'extracted/a.bin  asset 3, 10 bytes',
      'extracted/d/b.bin  asset 7, 1.0 MiB (1,100,000 bytes)',
      'extracted/d/e/empty  asset 9, 0 bytes',
      '3 files in extracted, 1.0 MiB (1,100,010 bytes)',
      '',
    ]);
    for (const { name, bytes } of three) expectSameBytes(readFileSync(join(cwd, 'extracted', name)), bytes);
    expect(namesBelow(cwd)).toEqual([
      'extracted',
      'extracted/a.bin',
      'extracted/d',
      'extracted/d/b.bin',
      'extracted/d/e',
      'extracted/d/e/empty',
      'x.pa',
    ]);
  });

  it.each([
    ['into the current folder', ['-o', '.'], ''],
    ['into a folder of the same name as the artifact', ['-o', 'x.pa.d'], 'x.pa.d/'],
    ['into folders that are not there', ['-o', 'p/q/r/'], 'p/q/r/'],
  ])('%s', async (_, options, folder) => {
    const cwd = folderWith(file);
    expect((await extract(cwd, ['x.pa', ...options])).code).toBe(0);
    for (const { name, bytes } of three) expectSameBytes(readFileSync(join(cwd, folder, name)), bytes);
  });

  it.each<[string[], string[]]>([
    [['7'], ['d/b.bin']],
    [
      ['9', '3', '9'],
      ['a.bin', 'd/e/empty'],
    ],
  ])('--asset %j', async (ids, names) => {
    const cwd = folderWith(file);
    const options = ids.flatMap((id) => ['--asset', id]);
    const { code } = await extract(cwd, ['x.pa', '-o', 'out', ...options]);
    expect(code).toBe(0);
    const found = namesBelow(join(cwd, 'out')).filter((name) => lstatSync(join(cwd, 'out', name)).isFile());
    expect(found).toEqual(names);
  });

  it('from standard input', async () => {
    const cwd = newFolder();
    expect((await extract(cwd, ['-', '-o', 'out'], { stdin: file })).code).toBe(0);
    for (const { name, bytes } of three) expectSameBytes(readFileSync(join(cwd, 'out', name)), bytes);
    expect(leftovers(cwd)).toEqual([]);
  });

  it('--quiet says nothing', async () => {
    const cwd = folderWith(file);
    expect(await extract(cwd, ['x.pa', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(join(cwd, 'extracted/a.bin'))).toBe(true);
  });

  it('300 files: the first 100 are listed', async () => {
    const assets = Array.from({ length: 300 }, (_, id): LaidAsset => ({ id, name: `n${id}`, bytes: counting(id) }));
    const cwd = folderWith(lay({ assets }));
    const { stdout } = await extract(cwd, ['x.pa']);
    expect(stdout).toContain('and 200 more; --json lists all');
    expect(stdout).toContain('300 files in extracted');
    expect(readdirSync(join(cwd, 'extracted'))).toHaveLength(300);
  });
});

describe.concurrent('names', () => {
  it('nasty ones: nothing outside the folder, everything in it', async () => {
    const names = [
      '../../etc/passwd',
      '/abs',
      'a//b',
      '.',
      '..',
      'a/./b',
      'a/../../../b',
      'CON',
      'nul.txt',
      'trailing.',
      'trailing ',
      'back\\slash',
      '..\\..\\x',
      'C:\\x',
      'a:b',
      'n'.repeat(4_096),
      `${'s'.repeat(300)}/x`,
      '😀',
      '\u202egpj.exe',
      '\u00e9',
      'e\u0301',
      'Twin',
      'twin',
      '.assets.pa.x',
      '~/home',
      '-rf',
      '$HOME',
      '`id`',
      '%2e%2e%2fx',
    ];
    const assets = names.map((name, id): LaidAsset => ({ id, name, bytes: counting(id + 1, id) }));
    const top = newFolder();
    mkdirSync(join(top, 'deep/in/here'), { recursive: true });
    const cwd = join(top, 'deep/in/here');
    writeFileSync(join(cwd, 'x.pa'), lay({ assets }));
    const { code, document } = await runJson(['extract', 'x.pa', '-o', 'out'], { cwd });
    expect(code).toBe(0);
    const files = document['files'] as { asset_id: number; path: string }[];
    expect(files).toHaveLength(names.length);
    for (const { asset_id: id, path } of files) {
      expectSameBytes(readFileSync(join(cwd, path)), counting(id + 1, id));
      expect(lstatSync(join(cwd, path)).isFile()).toBe(true);
    }
    expect(Object.keys(snapshot(top)).filter((path) => !path.startsWith('deep/in/here/out/'))).toEqual([
      'deep/',
      'deep/in/',
      'deep/in/here/',
      'deep/in/here/x.pa',
    ]);
    expect(leftovers(top)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['a file, then a folder of its name', ['music', 'music/theme']],
    ['a folder, then a file of its name', ['music/theme', 'music']],
    ['names that all become one', ['.', '..', '...', '/', '//']],
  ])('%s', async (_, names) => {
    const cwd = folderWith(lay({ assets: names.map((name, id) => ({ id, name, bytes: counting(id + 1) })) }));
    const { code, document } = await runJson(['extract', 'x.pa', '-o', 'out'], { cwd });
    expect(code).toBe(0);
    const files = document['files'] as { asset_id: number; path: string }[];
    expect(new Set(files.map(({ path }) => path)).size).toBe(names.length);
    for (const { asset_id: id, path } of files) expectSameBytes(readFileSync(join(cwd, path)), counting(id + 1));
  });

  it('that would move the cursor are printed as text', async () => {
    const cwd = folderWith(lay({ assets: [{ id: 1, name: '\u202egpj.exe', bytes: counting(1) }] }));
    const { stdout, stderr } = await extract(cwd, ['x.pa', '-o', 'o\u001b[2Jo']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe.concurrent('files that are there', () => {
  it('are all told, and nothing is written', async () => {
    const cwd = folderWith(file);
    write(cwd, { 'extracted/a.bin': 'mine', 'extracted/d/e/empty': 'mine' });
    const before = snapshot(cwd);
    const { code, stdout, stderr } = await extract(cwd, ['x.pa']);
    expect([code, stdout, codesIn(stderr)]).toEqual([3, '', ['OUTPUT_EXISTS', 'OUTPUT_EXISTS']]);
    expect(stderr).toContain('extracted/a.bin');
    expect(stderr).toContain('extracted/d/e/empty');
    expect(stderr).toContain('--force');
    expect(snapshot(cwd)).toEqual(before);
    const { document } = await runJson(['extract', 'x.pa'], { cwd });
    expect(document.diagnostics).toMatchObject([
      { code: 'OUTPUT_EXISTS', where: { path: 'extracted/a.bin' } },
      { code: 'OUTPUT_EXISTS', where: { path: 'extracted/d/e/empty' } },
    ]);
  });

  it('do not matter when their assets are not asked for', async () => {
    const cwd = folderWith(file);
    write(cwd, { 'extracted/a.bin': 'mine' });
    expect((await extract(cwd, ['x.pa', '--asset', '7'])).code).toBe(0);
    expect(readFileSync(join(cwd, 'extracted/a.bin'), 'utf8')).toBe('mine');
  });

  it('--force replaces them, and keeps their permission bits', async () => {
    const cwd = folderWith(file);
    write(cwd, { 'extracted/a.bin': 'mine', 'extracted/other': 'mine' });
    chmodSync(join(cwd, 'extracted/a.bin'), 0o640);
    expect((await extract(cwd, ['x.pa', '--force'])).code).toBe(0);
    expect((await extract(cwd, ['x.pa', '--force'])).code).toBe(0);
    for (const { name, bytes } of three) expectSameBytes(readFileSync(join(cwd, 'extracted', name)), bytes);
    expect((statSync(join(cwd, 'extracted/a.bin')).mode & 0o7777).toString(8)).toBe('640');
    expect(readFileSync(join(cwd, 'extracted/other'), 'utf8')).toBe('mine');
    expect(leftovers(cwd)).toEqual([]);
  });

  it.each([[[]], [['--force']]])('a folder in the place of a file; %j', async (options) => {
    const cwd = folderWith(file);
    mkdirSync(join(cwd, 'extracted/a.bin/inner'), { recursive: true });
    const before = snapshot(cwd);
    const { code, stderr } = await extract(cwd, ['x.pa', ...options]);
    expect([code, codesIn(stderr)]).toEqual([3, ['OUTPUT_EXISTS']]);
    expect(stderr).toContain('a folder is in the place of the file');
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each([[[]], [['--force']]])('a file in the place of a folder; %j', async (options) => {
    const cwd = folderWith(file);
    write(cwd, { 'extracted/d': 'mine' });
    const before = snapshot(cwd);
    const { code, stderr } = await extract(cwd, ['x.pa', ...options]);
    expect([code, codesIn(stderr).length]).toEqual([3, 1]);
    expect(stderr).toContain('extracted/d');
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each([[[]], [['--force']]])('a link to a folder outside is not gone through; %j', async (options) => {
    const [cwd, elsewhere] = [folderWith(file), newFolder()];
    write(elsewhere, { 'b.bin': 'mine' });
    mkdirSync(join(cwd, 'extracted'));
    symlinkSync(elsewhere, join(cwd, 'extracted/d'));
    const before = [snapshot(cwd), snapshot(elsewhere)];
    const { code } = await extract(cwd, ['x.pa', ...options]);
    expect(code).toBe(3);
    expect([snapshot(cwd), snapshot(elsewhere)]).toEqual(before);
  });

  it.each([
    ['to a file outside', '../outside'],
    ['that dangles', 'nowhere'],
  ])('a link %s is not written through', async (_, target) => {
    const cwd = folderWith(file);
    write(cwd, { outside: 'mine', 'extracted/x': '' });
    symlinkSync(target, join(cwd, 'extracted/a.bin'));
    const before = snapshot(cwd);
    const refused = await extract(cwd, ['x.pa']);
    expect([refused.code, codesIn(refused.stderr)]).toEqual([3, ['OUTPUT_EXISTS']]);
    expect(snapshot(cwd)).toEqual(before);
    expect((await extract(cwd, ['x.pa', '--force'])).code).toBe(0);
    expect(lstatSync(join(cwd, 'extracted/a.bin')).isFile()).toBe(true);
    expect(readFileSync(join(cwd, 'outside'), 'utf8')).toBe('mine');
    expect(existsSync(join(cwd, 'extracted/nowhere'))).toBe(false);
  });

  it('the artifact itself is not replaced by one of its payloads', async () => {
    const cwd = folderWith(lay({ assets: [{ id: 1, name: 'x.pa', bytes: counting(3) }] }));
    const before = snapshot(cwd);
    expect((await extract(cwd, ['x.pa', '-o', '.'])).code).toBe(3);
    expect(snapshot(cwd)).toEqual(before);
  });
});

describe.concurrent('one payload to standard output', () => {
  it.each<[string, string]>([
    ['a.bin', '3'],
    ['of more than a block', '7'],
    ['empty', '9'],
  ])('%s: its bytes and nothing else', async (_, id) => {
    const cwd = folderWith(file);
    const { code, bytes, stderr } = await extract(cwd, ['x.pa', '-o', '-', '--asset', id]);
    expect([code, stderr]).toEqual([0, '']);
    expectSameBytes(bytes, three.find((each) => each.id === Number(id))?.bytes ?? Buffer.alloc(0));
    expect(namesBelow(cwd)).toEqual(['x.pa']);
  });

  it('every byte value', async () => {
    const every = counting(512, 0);
    const cwd = folderWith(lay({ assets: [{ id: 1, name: 'n', bytes: every }] }));
    expectSameBytes((await extract(cwd, ['x.pa', '-o', '-', '--asset', '1', '--quiet'])).bytes, every);
    const piped = await extract(cwd, ['-', '-o', '-', '--asset', '1'], { stdin: readFileSync(join(cwd, 'x.pa')) });
    expectSameBytes(piped.bytes, every);
  });

  it.each<[string, string[]]>([
    ['no asset', []],
    ['two assets', ['--asset', '3', '--asset', '7']],
    ['a document', ['--asset', '3', '--json']],
    ['an asset that is not there', ['--asset', '4']],
  ])('not with %s', async (_, options) => {
    const cwd = folderWith(file);
    const result = await extract(cwd, ['x.pa', '-o', '-', ...options]);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toMatch(/^error: /);
    expect(namesBelow(cwd)).toEqual(['x.pa']);
  });

  it('nothing of a broken file', async () => {
    const cwd = folderWith(
      lay({ ...PREPARED['a padding byte between payloads'], assets: PREPARED['base']?.assets ?? [] }),
    );
    const result = await extract(cwd, ['x.pa', '-o', '-', '--asset', '7']);
    expect([result.code, result.stdout, codesIn(result.stderr)]).toEqual([1, '', ['PADDING_NOT_ZERO']]);
  });

  it('a reader that goes away', async () => {
    const cwd = folderWith(lay({ assets: [{ id: 1, name: 'n', bytes: noise(8_000_000) }] }));
    const command = `{ '${process.execPath}' '${MAIN}' extract x.pa -o - --asset 1; echo "exit $?" >&2; } | head -c1`;
    const result = await runProgram('sh', ['-c', command], { cwd });
    expect(result.stdout).toHaveLength(1);
    expectNoTrace(result);
    expect(result.stderr).toMatch(/^exit [03]\n$/);
  });
});

describe.concurrent('what is refused', () => {
  const broken = [
    'flags',
    'a trailing byte',
    'cut off in a payload',
    'slices that overlap',
    'a header that is no JSON',
    'nothing',
    'codec',
  ];

  it.each(broken)('%s: with its diagnostics, and nothing is written', async (name) => {
    const cwd = folderWith(lay(PREPARED[name] ?? { assets: [] }));
    const { code, stdout, stderr } = await extract(cwd, ['x.pa']);
    expect([code, stdout]).toEqual([1, '']);
    const shown = await run(['inspect', 'x.pa'], { cwd });
    expect(codesIn(stderr)).toEqual(codesIn(shown.stderr));
    expect(namesBelow(cwd)).toEqual(['x.pa']);
    const { document } = await runJson(['extract', 'x.pa'], { cwd });
    expect(document.diagnostics.map((each) => each.code)).toEqual(codesIn(stderr));
    expect(document).not.toHaveProperty('files');
  });

  it.each<[string, string[], number, RegExp]>([
    ['a file that is not there', ['nowhere'], 3, /^error INPUT_READ nowhere: /],
    ['a folder', ['.'], 3, /^error INPUT_READ \.: /],
    ['no operand', [], 2, /missing required argument 'file'/],
    ['an asset that is not there', ['x.pa', '--asset', '4'], 2, /^error: x\.pa has no asset 4\n$/],
    ['no number', ['x.pa', '--asset', 'a.bin'], 2, /whole number/],
    ['an option that it does not have', ['x.pa', '--forse'], 2, /Did you mean --force\?/],
    ['an output folder that is a file', ['x.pa', '-o', 'x.pa'], 3, /^error\[W4\] OUTPUT_WRITE x\.pa/],
    ['an output folder below a file', ['x.pa', '-o', 'x.pa/out'], 3, /^error\[W4\] OUTPUT_WRITE x\.pa/],
    ['an output folder whose name is too long', ['x.pa', '-o', 'n'.repeat(300)], 3, /^error\[W4\] OUTPUT_WRITE n{300}/],
  ])('%s', async (_, options, code, expected) => {
    const cwd = folderWith(file);
    const before = snapshot(cwd);
    const result = await extract(cwd, options);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(expected);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('a header that says more than there is', async () => {
    const cwd = folderWith(artifact({ header: header([entry({ size: `${2 ** 50}` })]), region: counting(4) }));
    const { code, stderr } = await extract(cwd, ['x.pa']);
    expect([code, codesIn(stderr)]).toEqual([1, ['SLICE_BOUNDS']]);
  });
});

describe('a signal in the middle', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** An artifact of one payload of 3 GiB; sparse, so that it takes no room itself. */
  function huge(): string {
    const size = 3 * 2 ** 30;
    const bytes = artifact({ header: header([entry({ asset_name: '"d/huge"', size: `${size}`, decoded_size: '1' })]) });
    const cwd = folderWith(bytes);
    truncateSync(join(cwd, 'x.pa'), bytes.length + size);
    return cwd;
  }

  /** Starts, and waits until some of the payload is written. */
  async function midway(
    cwd: string,
    ...options: string[]
  ): Promise<{ child: ChildProcess; ended: Promise<Omit<Run, 'bytes'>> }> {
    const child = spawn(process.execPath, [MAIN, 'extract', 'x.pa', '-o', 'new/out', ...options], { cwd });
    children.push(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    let isOver = false;
    const ended = new Promise<Omit<Run, 'bytes'>>((resolve) => {
      child.on('close', (code) => {
        isOver = true;
        resolve({ code, stdout, stderr });
      });
    });
    for (;;) {
      expect(isOver, 'it ended before it could be interrupted').toBe(false);
      const [staged] = existsSync(join(cwd, 'new')) ? leftovers(join(cwd, 'new')) : [];
      if (staged !== undefined && statSync(join(cwd, 'new', staged)).size > 8_000_000) return { child, ended };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: exit %i, and nothing is there', async (signal, code) => {
    const cwd = huge();
    const { child, ended } = await midway(cwd);
    child.kill(signal);
    child.kill(signal);
    const result = await ended;
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toContain('INTERRUPTED');
    expect(namesBelow(cwd)).toEqual(['x.pa']);
  });

  it('with --force the file that was there stays', async () => {
    const cwd = huge();
    write(cwd, { 'new/out/d/huge': 'mine' });
    const { child, ended } = await midway(cwd, '--force', '--json');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'extract', ok: false, diagnostics: [{ code: 'INTERRUPTED' }] });
    expect(namesBelow(join(cwd, 'new'))).toEqual(['out', 'out/d', 'out/d/huge']);
    expect(readFileSync(join(cwd, 'new/out/d/huge'), 'utf8')).toBe('mine');
  });
});
