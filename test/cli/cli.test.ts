import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePrelude } from '../../src/codec/prelude.js';
import { packAssets } from '../../src/write/pack.js';
import { toMemory } from '../../src/write/sink.js';
import { temporaryFolders } from '../support/packing.js';
import { codesIn, documentOf, expectNoTrace, MAIN, type Run, run, runJson, runProgram } from '../support/plan-cli.js';
import { type Files, readJson, snapshot, write } from '../support/plan-folders.js';
import { asset, nest, plan, type RawMembers, raw, root } from '../support/plan-text.js';

const newFolder = temporaryFolders();

const OUTPUTS = ['asset_table.json', 'asset_table_metadata.json', 'assets.pa', 'preload.json'];
const PLAN = 'assets-pa.plan.json';
const IDS = 'assets-pa.ids.json';

/** A new folder with these files. */
function folderOf(files: Files): string {
  const folder = newFolder();
  write(folder, files);
  return folder;
}

/** An asset whose payload is a file. */
const fileAsset = (id: number, file: string, members: RawMembers = {}) =>
  asset(id, { inline: undefined, file: JSON.stringify(file), ...members });

/** A plan of two files, and the files. */
const TWO: Files = {
  'plan.json': plan(fileAsset(7, 'data/a', { preload: '{}', metadata: '{"m":1}' }), fileAsset(3, 'data/b')),
  'data/a': 'bytes of a',
  'data/b': 'bytes of b!',
};

/** The artifact of a plan, by the library. */
async function artifactOf(document: string | Uint8Array, folder = '.', alignment = 1): Promise<Buffer> {
  const sink = toMemory();
  await packAssets(typeof document === 'string' ? Buffer.from(document) : document, sink, { folder, alignment });
  return Buffer.from(sink.bytes);
}

/** Fails unless the run ended well and said nothing on standard error. */
function expectClean(result: Run): Run {
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  return result;
}

describe.concurrent('help and version', () => {
  it.each<[string[], string[]]>([
    [['--help'], ['Usage: assets-pa', 'pack', 'plan', 'inspect', '--version']],
    [['-h'], ['Usage: assets-pa']],
    [['help'], ['Usage: assets-pa']],
    [['help', 'pack'], ['Usage: assets-pa pack']],
    [
      ['pack', '--help'],
      [
        'Usage: assets-pa pack',
        '-o, --out-dir',
        '--align',
        '--digest',
        '--root',
        '--allow-outside-root',
        '--stdout',
        '--dry-run',
        '--progress',
        '--strict',
        '--json',
        '--quiet',
        '--debug',
        '--no-color',
      ],
    ],
    [
      ['plan', '--help'],
      [
        'Usage: assets-pa plan',
        'convert',
        '-o',
        '--bank',
        '--ids',
        '--frozen-ids',
        '--json',
        '--quiet',
        '--debug',
        '--no-color',
      ],
    ],
    [
      ['plan', 'convert', '--help'],
      ['Usage: assets-pa plan convert', '--json', '--quiet', '--debug', '--no-color'],
    ],
    [
      ['inspect', '--help'],
      ['Usage: assets-pa inspect', '--json', '--quiet', '--debug', '--no-color'],
    ],
  ])('%j', async (args, expected) => {
    const { stdout } = expectClean(await run(args, { cwd: newFolder() }));
    for (const text of expected) expect(stdout).toContain(text);
  });

  it('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(expectClean(await run(['--version'], { cwd: newFolder() })).stdout).toBe(`${version}\n`);
  });
});

describe.concurrent('wrong usage: exit 2, and nothing is done', () => {
  it.each<[string[], RegExp]>([
    [[], /Usage: assets-pa/],
    [['pakc', 'plan.json'], /unknown command 'pakc'[\s\S]*Did you mean pack\?/],
    [['inspct', 'x'], /Did you mean inspect\?/],
    [['--jsn'], /unknown option '--jsn'/],
    [['pack', 'plan.json', '--aling', '4'], /unknown option '--aling'[\s\S]*Did you mean --align\?/],
    [['pack', '--dryrun', 'plan.json'], /Did you mean --dry-run\?/],
    [['plan', 'data', '--frozen-id'], /Did you mean --frozen-ids\?/],
    [['inspect', 'x', '--jso'], /Did you mean --json\?/],
    [['pack'], /missing required argument 'plan'/],
    [['plan'], /missing required argument 'dir'/],
    [['plan', 'convert', 'plan.json'], /missing required argument 'out'/],
    [['plan', 'convert', 'plan.json', 'plan.binpb', '-o', 'x'], /for plans from folders/],
    [['plan', 'convert', 'plan.json', 'plan.binpb', '--bank', 'a=SCENE'], /for plans from folders/],
    [['plan', 'convert', 'plan.json', './plan.json'], /into its own place/],
    [['plan', 'data', '--bank', '**=TILES'], /The type is GLYPH, SOUNDS, SCENE\. TILES is retired: write GLYPH/],
    [['conform', '--filter', 'nothing-is-called-so', '--', 'true'], /no vector's id matches/],
    [['conform', '--timeout', '3000000', '--', 'true'], /from 1 to 2147483/],
    [['inspect'], /missing required argument 'file'/],
    [['pack', 'plan.json', 'more'], /too many arguments/],
    [['pack', 'plan.json', '-o'], /argument missing/],
    [['pack', 'plan.json', '-o', ''], /--out-dir/],
    [['pack', 'plan.json', '--align', '3'], /--align is 1 or a power of two up to 65536, not 3/],
    [['pack', 'plan.json', '--align', '0'], /--align/],
    [['pack', 'plan.json', '--align', '131072'], /--align/],
    [['pack', 'plan.json', '--align', '1e3'], /--align.*1e3/],
    [['pack', 'plan.json', '--align=-1'], /--align/],
    [['pack', 'plan.json', '--digest', 'md5'], /--digest.*md5/],
    [['pack', 'plan.json', '--digest', 'none,sha256'], /--digest.*none/],
    [['pack', 'plan.json', '--digest', ''], /--digest/],
    [['pack', 'plan.json', '--progress', 'perhaps'], /--progress.*perhaps.*auto, always, never/],
    [['pack', 'plan.json', '--stdout', '--json'], /--stdout.*--json/],
    [['pack', 'plan.json', '--stdout', '-o', 'x'], /--stdout.*--out-dir/],
    [['plan', 'data', '--bank', 'SOUNDS'], /--bank.*GLOB=TYPE/],
    [['plan', 'data', '--bank', '=SOUNDS'], /--bank.*GLOB=TYPE/],
    [['plan', 'data', '--bank', '**=SOUNDS', '-o', '-', '--json'], /standard output/],
    [['plan', 'convert', 'plan.json', '-', '--json'], /standard output/],
    [['plan', '--json', 'convert', 'plan.json', '-'], /standard output/],
  ])('%j', async (args, message) => {
    const cwd = folderOf(TWO);
    const before = snapshot(cwd);
    const result = await run(args, { cwd });
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(message);
    expectNoTrace(result);
    expect(snapshot(cwd)).toEqual(before);
  });
});

describe.concurrent('pack', () => {
  it.each<[string, string[], string]>([
    ['into build by default', ['pack', 'plan.json'], 'build'],
    ['-o, and folders that are not there', ['pack', 'plan.json', '-o', 'a/b/c'], 'a/b/c'],
    ['--out-dir, before the operand', ['pack', '--out-dir', 'out', 'plan.json'], 'out'],
    ['-- ends the options', ['pack', '-o', 'out', '--', 'plan.json'], 'out'],
    ['-oDIR', ['pack', 'plan.json', '-oout'], 'out'],
    ['--no-color', ['pack', 'plan.json', '--no-color'], 'build'],
    ['--strict, without warnings', ['pack', '--strict', 'plan.json'], 'build'],
    ['--progress never', ['pack', '--progress', 'never', 'plan.json'], 'build'],
    ['--debug', ['pack', '--debug', 'plan.json'], 'build'],
  ])('%s', async (_, args, out) => {
    const cwd = folderOf(TWO);
    const { stdout } = expectClean(await run(args, { cwd }));
    expect(readdirSync(join(cwd, out)).sort()).toEqual(OUTPUTS);
    expect(readFileSync(join(cwd, out, 'assets.pa'))).toEqual(await artifactOf(TWO['plan.json'] as string, cwd));
    expect(stdout).toContain(join(out, 'assets.pa'));
    expect(stdout).toMatch(/2 assets, 1 preloaded/);
  });

  it('a plan whose name begins with a dash, behind --', async () => {
    const cwd = folderOf({ '-plan.json': plan() });
    expectClean(await run(['pack', '--', '-plan.json'], { cwd }));
  });

  it('payload paths are relative to the plan, not to the current folder', async () => {
    const cwd = folderOf({ 'project/plan.json': plan(fileAsset(1, 'a')), 'project/a': 'right', a: 'wrong' });
    expectClean(await run(['pack', 'project/plan.json'], { cwd }));
    expect(readFileSync(join(cwd, 'build/assets.pa'), 'latin1').endsWith('right')).toBe(true);
  });

  it('a plan from standard input, relative to the current folder; JSON or binary', async () => {
    const cwd = folderOf(TWO);
    expectClean(await run(['pack', '-', '-o', 'one'], { cwd, stdin: TWO['plan.json'] as string }));
    const { bytes } = expectClean(await run(['plan', 'convert', 'plan.json', '-'], { cwd }));
    expectClean(await run(['pack', '-o', 'two', '-'], { cwd, stdin: bytes }));
    const expected = await artifactOf(TWO['plan.json'] as string, cwd);
    for (const out of ['one', 'two']) expect(readFileSync(join(cwd, out, 'assets.pa'))).toEqual(expected);
  });

  it('--align wins over the plan', async () => {
    const cwd = folderOf({
      'plan.json': root({ layout: '{"alignment":16}' }, asset(1, { inline: '"AAAA"' }), asset(2, { inline: '"AAAA"' })),
    });
    const { document } = await runJson(['pack', 'plan.json', '--align', '4096'], { cwd });
    expect(document['layout']).toMatchObject({ alignment: 4_096, payload_offset: 4_096, payload_size: 4_099 });
    const { document: own } = await runJson(['pack', 'plan.json'], { cwd });
    expect(own['layout']).toMatchObject({ alignment: 16, payload_size: 19 });
    const { document: packed } = await runJson(['pack', 'plan.json', '--align=1'], { cwd });
    expect(packed['layout']).toMatchObject({ alignment: 1, payload_size: 6 });
  });

  it.each<[string[], string[]]>([
    [[], ['sha256', 'xxh64']],
    [
      ['--digest', 'sha256,xxh64'],
      ['sha256', 'xxh64'],
    ],
    [
      ['--digest', 'xxh64,sha256'],
      ['sha256', 'xxh64'],
    ],
    [['--digest', 'sha256'], ['sha256']],
    [['--digest=xxh64'], ['xxh64']],
    [['--digest', 'none'], []],
  ])('digests %j', async (args, expected) => {
    const cwd = folderOf(TWO);
    const { document } = await runJson(['pack', 'plan.json', ...args], { cwd });
    expect(Object.keys(document['artifact'].digests).sort()).toEqual(expected);
    const companion = readJson(cwd, 'build/asset_table_metadata.json') as {
      artifact: { digests: object };
      assets: { content: object }[];
    };
    for (const digests of [companion.artifact.digests, ...companion.assets.map(({ content }) => content)]) {
      expect(Object.keys(digests).sort()).toEqual(expected);
    }
  });

  it('--root widens what a link may reach, and narrows what a path may', async () => {
    const cwd = folderOf({
      'project/plan.json': plan(fileAsset(1, 'link')),
      'common/a': 'common',
      'project/sub/b': '',
    });
    symlinkSync('../common/a', join(cwd, 'project/link'));
    expect(codesIn((await run(['pack', 'project/plan.json'], { cwd })).stderr)).toEqual(['SOURCE_OUTSIDE_ROOT']);
    expectClean(await run(['pack', 'project/plan.json', '--root', '.'], { cwd }));
    const narrow = await run(['pack', '-', '--root', 'project/sub'], {
      cwd,
      stdin: plan(fileAsset(1, 'common/a'), fileAsset(2, 'project/sub/b')),
    });
    expect(codesIn(narrow.stderr)).toEqual(['SOURCE_OUTSIDE_ROOT']);
    expect(narrow.code).toBe(1);
  });

  it('--allow-outside-root lets paths go up and be absolute', async () => {
    const cwd = folderOf({ 'project/plan.json': '', a: 'abc' });
    write(cwd, { 'project/plan.json': plan(fileAsset(1, '../a'), fileAsset(2, join(cwd, 'project/plan.json'))) });
    const refused = await run(['pack', 'project/plan.json'], { cwd });
    expect(codesIn(refused.stderr)).toEqual(['SOURCE_OUTSIDE_ROOT', 'SOURCE_OUTSIDE_ROOT']);
    expect(refused.stderr).toContain('--allow-outside-root');
    expectClean(await run(['pack', 'project/plan.json', '--allow-outside-root'], { cwd }));
    expect(readFileSync(join(cwd, 'build/asset_table_metadata.json'), 'utf8')).not.toContain(cwd);
  });

  it('--stdout gives the bytes of the file, and no files', async () => {
    const cwd = folderOf(TWO);
    const before = snapshot(cwd);
    const { bytes } = expectClean(await run(['pack', 'plan.json', '--stdout'], { cwd }));
    expect(snapshot(cwd)).toEqual(before);
    expect(bytes).toEqual(await artifactOf(TWO['plan.json'] as string, cwd));
  });

  it('--stdout into a file gives the same, behind what is there', async () => {
    const cwd = folderOf({ ...TWO, out: 'before' });
    const script = '"$0" "$1" pack plan.json --stdout >> out';
    expectClean(await runProgram('sh', ['-c', script, process.execPath, MAIN], { cwd }));
    const expected = [Buffer.from('before'), await artifactOf(TWO['plan.json'] as string, cwd)];
    expect(readFileSync(join(cwd, 'out'))).toEqual(Buffer.concat(expected));
  });

  it('--stdout gives nothing when the plan is wrong', async () => {
    const result = await run(['pack', '-', '--stdout'], { cwd: newFolder(), stdin: plan(asset(-1)) });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(codesIn(result.stderr)).toEqual(['ASSET_ID_RANGE']);
  });

  it('--stdout with warnings: they are on standard error only', async () => {
    const cwd = newFolder();
    const stdin = plan(asset(1), asset(2, { asset_name: '"a1"' }));
    const result = await run(['pack', '-', '--stdout'], { cwd, stdin });
    expect(result.code).toBe(0);
    expect(codesIn(result.stderr)).toEqual(['ASSET_NAME_DUPLICATE']);
    expect(result.bytes).toEqual(await artifactOf(stdin));
  });

  it('--dry-run writes nothing and reads no payload, and knows the size', async () => {
    const digest = `"sha256:${'0'.repeat(64)}"`; // not that of the payload: seen only by reading it
    const cwd = folderOf({
      ...TWO,
      'dry.json': plan(fileAsset(7, 'data/a', { digest }), fileAsset(3, 'data/b')),
      'real.json': plan(fileAsset(7, 'data/a'), fileAsset(3, 'data/b')),
    });
    const before = snapshot(cwd);
    const { document: dry } = await runJson(['pack', 'dry.json', '--dry-run'], { cwd });
    const text = expectClean(await run(['pack', 'dry.json', '--dry-run'], { cwd })).stdout;
    expect(text).toContain('nothing was written');
    expect(snapshot(cwd)).toEqual(before);
    const { document: real } = await runJson(['pack', 'real.json'], { cwd });
    expect(dry).toMatchObject({ dry_run: true, companions: [], artifact: { path: 'build/assets.pa', digests: {} } });
    expect(dry['artifact'].size).toBe(real['artifact'].size);
    expect(dry['layout']).toEqual(real['layout']);
    expect(real).toMatchObject({ dry_run: false, asset_count: 2, preload_count: 0 });
  });

  it('--dry-run needs no lock', async () => {
    const cwd = folderOf({ ...TWO, 'build/.assets.pa.lock': 'not ours' });
    expectClean(await run(['pack', 'plan.json', '--dry-run'], { cwd }));
    const locked = await run(['pack', 'plan.json'], { cwd });
    expect(locked.code).toBe(3);
    expect(codesIn(locked.stderr)).toEqual(['OUTPUT_LOCKED']);
  });

  it('--progress always shows a bar, on standard error', async () => {
    const cwd = folderOf(TWO);
    const shown = await run(['pack', 'plan.json', '--progress', 'always'], { cwd });
    expect(shown.code).toBe(0);
    expect(shown.stderr).toMatch(/\d+ % \| .*B of 21 B .*left \| a\d/);
    expect(shown.stderr).not.toMatch(/\d\.\d{2}/);
    const hidden = await run(['pack', 'plan.json', '--progress', 'always', '--quiet'], { cwd });
    expect(hidden).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expectClean(await run(['pack', 'plan.json', '--progress', 'auto'], { cwd }));
  });

  it.each<[string, string, string]>([
    ['a name twice, seen in the plan', plan(asset(1), asset(2, { asset_name: '"a1"' })), 'ASSET_NAME_DUPLICATE'],
    [
      'content twice, seen while reading',
      plan(asset(1, { inline: '"AAAA"' }), asset(2, { inline: '"AAAA"' })),
      'DUPLICATE_CONTENT',
    ],
  ])('--strict lets warnings fail before anything is published: %s', async (_, stdin, code) => {
    const cwd = newFolder();
    const strict = await run(['pack', '-', '--strict'], { cwd, stdin });
    expect(codesIn(strict.stderr)).toEqual([code]);
    expect(strict.code).toBe(1);
    expect(readdirSync(cwd)).toEqual([]);
    const { code: exit, document } = await runJson(['pack', '-', '--strict'], { cwd, stdin });
    expect(exit).toBe(1);
    expect(document.diagnostics).toMatchObject([{ code, severity: 'warning' }]);
    const lax = await run(['pack', '-'], { cwd, stdin });
    expect(lax.code).toBe(0);
    expect(codesIn(lax.stderr)).toEqual([code]);
    expect(readdirSync(join(cwd, 'build')).sort()).toEqual(OUTPUTS);
  });

  it('--quiet prints errors only', async () => {
    const cwd = newFolder();
    const warning = plan(asset(1), asset(2, { asset_name: '"a1"' }));
    expect(await run(['pack', '-', '--quiet'], { cwd, stdin: warning })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const mixed = await run(['pack', '-', '-q'], {
      cwd,
      stdin: plan(asset(1), asset(2, { asset_name: '"a1"', codec: '"RAW"' })),
    });
    expect(codesIn(mixed.stderr)).toEqual(['CODEC_UNKNOWN']);
    expect(mixed).toMatchObject({ code: 1, stdout: '' });
  });

  it('a warning is in the document, with its place in the plan', async () => {
    const { document, code } = await runJson(['pack', '-'], {
      cwd: newFolder(),
      stdin: plan(asset(1), asset(2, { asset_name: '"a1"' })),
    });
    expect(code).toBe(0);
    expect(document).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'ASSET_NAME_DUPLICATE', where: { plan: '/assets/1/asset_name' } }],
      diagnostics_omitted: 0,
    });
  });

  it('a document says what is in the folder', async () => {
    const cwd = folderOf(TWO);
    const { document } = await runJson(['pack', 'plan.json', '-o', 'out'], { cwd });
    const files = [document['artifact'], ...document['companions']] as { path: string; size: number }[];
    expect(files.map(({ path }) => path).sort()).toEqual(OUTPUTS.map((name) => join('out', name)).sort());
    for (const { path, size } of files) expect(readFileSync(join(cwd, path)).length, path).toBe(size);
  });
});

describe.concurrent('plan', () => {
  const tree: Files = { 'data/a.ogg': 'a', 'data/levels/b.bin': 'b' };
  const banks = ['--bank', '**/*.ogg=SOUNDS', '--bank', 'levels/**=SCENE'];

  it('writes plan and ids file into the folder, and pack takes them', async () => {
    const cwd = folderOf(tree);
    symlinkSync('a.ogg', join(cwd, 'data/link'));
    const { stdout } = expectClean(await run(['plan', 'data', ...banks], { cwd }));
    expect(stdout).toContain(`data/${PLAN}  2 assets`);
    expect(stdout).toMatch(/2 allocated, 0 retired/);
    expect(stdout).toMatch(/skipped.*symbolic link.*link/);
    expectClean(await run(['pack', `data/${PLAN}`], { cwd }));
    const { document } = await runJson(['plan', 'data', ...banks], { cwd });
    expect(document).toMatchObject({
      plan: { path: `data/${PLAN}` },
      asset_count: 2,
      ids: { path: `data/${IDS}`, allocated: 0, retired: 0 },
      skipped: [{ path: 'link', reason: 'symlink' }],
    });
  });

  it('-o FILE: ids beside it, and a word on paths that leave its folder', async () => {
    const cwd = folderOf({ ...tree, 'out/x': '' });
    const { stdout } = expectClean(await run(['plan', 'data', '-o', 'out/p.json', ...banks], { cwd }));
    expect(stdout).toContain('--allow-outside-root');
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual([IDS, 'p.json', 'x'].sort());
    expect((await run(['pack', 'out/p.json'], { cwd })).code).toBe(1);
    expectClean(await run(['pack', 'out/p.json', '--allow-outside-root'], { cwd }));
  });

  it('-o -: the plan alone on standard output, ready for pack -', async () => {
    const cwd = folderOf(tree);
    const { stdout } = expectClean(await run(['plan', 'data', '-o', '-', ...banks], { cwd }));
    expect(readdirSync(join(cwd, 'data')).sort()).toEqual(['a.ogg', IDS, 'levels'].sort());
    expectClean(await run(['pack', '-'], { cwd, stdin: stdout }));
  });

  it('--ids and --frozen-ids', async () => {
    const cwd = folderOf(tree);
    const args = ['plan', 'data', '--ids', 'my.json', ...banks];
    expectClean(await run(args, { cwd }));
    expect(readJson(cwd, 'my.json')).toMatchObject({ next_id: 3 });
    expectClean(await run([...args, '--frozen-ids'], { cwd }));
    write(cwd, { 'data/c.ogg': '' });
    const before = snapshot(cwd);
    const frozen = await run([...args, '--frozen-ids'], { cwd });
    expect(frozen.code).toBe(1);
    expect(codesIn(frozen.stderr)).toEqual(['IDS_FROZEN']);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('--bank: the last match wins; a glob may hold "="', async () => {
    const cwd = folderOf({ 'data/a=b.x': '' });
    const { stdout } = expectClean(
      await run(['plan', 'data', '-o', '-', '--bank', '**=SOUNDS', '--bank', 'a=*=SCENE'], { cwd }),
    );
    expect(JSON.parse(stdout)).toMatchObject({ assets: [{ bank_type: 'SCENE' }] });
  });

  it.each<[string, string[], Files, number, string]>([
    ['no bank types', ['plan', 'data'], tree, 1, 'BANK_TYPE_MISSING'],
    [
      'a bad sidecar',
      ['plan', 'data', ...banks],
      { ...tree, 'data/a.ogg.asset.json': '{"x":1}' },
      1,
      'SIDECAR_INVALID',
    ],
    ['a bad ids file', ['plan', 'data', ...banks], { ...tree, [`data/${IDS}`]: '{}' }, 1, 'IDS_INVALID'],
    [
      'a newer ids file',
      ['plan', 'data', ...banks],
      { ...tree, [`data/${IDS}`]: '{"schema_version":2}' },
      1,
      'VERSION_UNSUPPORTED',
    ],
    ['a folder that is not there', ['plan', 'nowhere', ...banks], tree, 3, 'INPUT_READ'],
    ['a plan in a folder that is not there', ['plan', 'data', '-o', 'no/p.json', ...banks], tree, 3, 'OUTPUT_WRITE'],
  ])('%s: the code in text and document, and nothing written', async (_, args, files, code, expected) => {
    const cwd = folderOf(files);
    const before = snapshot(cwd);
    const result = await run(args, { cwd });
    expectNoTrace(result);
    expect({ code: result.code, codes: codesIn(result.stderr), stdout: result.stdout }).toEqual({
      code,
      codes: [expected],
      stdout: '',
    });
    const { document } = await runJson(args, { cwd });
    expect(document.diagnostics.map((each) => each.code)).toEqual([expected]);
    expect(snapshot(cwd)).toEqual(before);
  });
});

describe.concurrent('plan convert', () => {
  it('there and back, by files and by pipes, and every form packs to the same bytes', async () => {
    const cwd = folderOf(TWO);
    const there = expectClean(await run(['plan', 'convert', 'plan.json', 'plan.binpb'], { cwd }));
    expect(there.stdout).toMatch(/plan\.binpb.*2 assets.*binary/);
    expectClean(await run(['plan', 'convert', 'plan.binpb', 'back.json'], { cwd }));
    const binary = readFileSync(join(cwd, 'plan.binpb'));
    const back = readFileSync(join(cwd, 'back.json'));
    expect((await run(['plan', 'convert', '-', '-'], { cwd, stdin: TWO['plan.json'] as string })).bytes).toEqual(
      binary,
    );
    expect((await run(['plan', 'convert', 'plan.binpb', '-'], { cwd })).bytes).toEqual(back);
    const expected = await artifactOf(TWO['plan.json'] as string, cwd);
    expect(await artifactOf(binary, cwd)).toEqual(expected);
    expect(await artifactOf(back, cwd)).toEqual(expected);
    const { document } = await runJson(['plan', 'convert', '-', 'x.binpb'], { cwd, stdin: back });
    expect(document).toMatchObject({ plan: { path: 'x.binpb' }, asset_count: 2 });
    expect(readFileSync(join(cwd, 'x.binpb'))).toEqual(binary);
  });

  it('--quiet', async () => {
    expect(await run(['plan', 'convert', 'plan.json', 'x', '--quiet'], { cwd: folderOf(TWO) })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it.each<[string, string[], string, number, string[]]>([
    ['a plan with faults', ['-', 'out'], plan(asset(-1, { codec: '"RAW"' })), 1, ['ASSET_ID_RANGE', 'CODEC_UNKNOWN']],
    ['no plan', ['-', 'out'], '{', 1, ['PLAN_SYNTAX']],
    ['no input', ['nowhere', 'out'], '', 3, ['INPUT_READ']],
    ['a path through a file', ['plan.json', 'plan.json/x'], '', 3, ['OUTPUT_WRITE']],
    ['a folder that is not there', ['plan.json', 'no/x'], '', 3, ['OUTPUT_WRITE']],
    ['a folder in its place', ['plan.json', 'data'], '', 3, ['OUTPUT_WRITE']],
  ])('%s: the old output stays', async (_, operands, stdin, code, codes) => {
    const cwd = folderOf({ ...TWO, out: 'old' });
    const before = snapshot(cwd);
    const result = await run(['plan', 'convert', ...operands], { cwd, stdin });
    expectNoTrace(result);
    expect({ code: result.code, codes: codesIn(result.stderr), stdout: result.stdout }).toEqual({
      code,
      codes,
      stdout: '',
    });
    const { document } = await runJson(['plan', 'convert', ...operands], { cwd, stdin });
    expect(document.diagnostics.map((each) => each.code)).toEqual(codes);
    expect(snapshot(cwd)).toEqual(before);
  });
});

describe.concurrent('inspect', () => {
  const good = plan(
    asset(3, { inline: '"AAAA"', preload: '{"slot":5}', metadata: '{"m":[1]}' }),
    asset(7, { inline: '"AAAAAAAA"', bank_type: '"SCENE"', decoded_size: '99' }),
  );

  it('shows prelude, layout, table, preload and totals', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'x.pa'), await artifactOf(good, '.', 64));
    const { stdout } = expectClean(await run(['inspect', 'x.pa'], { cwd }));
    for (const text of [
      'x.pa',
      'magic ASPA',
      'schema_version 1',
      'padding',
      'alignment 64',
      'a3',
      'SOUNDS',
      'a7',
      'SCENE',
      '99',
    ]) {
      expect(stdout).toContain(text);
    }
    const row = stdout.split('\n').find((line) => line.includes(' a3 '));
    expect(row?.trim().split(/\s+/)).toEqual(expect.arrayContaining(['3', 'a3', 'SOUNDS', '0', '5']));
    const { document } = await runJson(['inspect', 'x.pa'], { cwd });
    expect(document).toMatchObject({
      path: 'x.pa',
      alignment: 64,
      prelude: { magic: 'ASPA', schema_version: 1, flags: 0, reserved: 0, header_checksum: 0 },
      asset_table: [
        {
          asset_id: 3,
          asset_name: 'a3',
          bank_type: 'SOUNDS',
          codec: 'NONE',
          offset: 0,
          size: 3,
          decoded_size: 3,
          metadata: { m: [1] },
        },
        { asset_id: 7, offset: 64, size: 6, decoded_size: 99, metadata: {} },
      ],
      preload: [{ asset_id: 3, slot: 5 }],
      banks: {
        GLYPH: { count: 0, size: 0, decoded_size: 0 },
        SOUNDS: { count: 1, size: 3, decoded_size: 3 },
        SCENE: { count: 1, size: 6, decoded_size: 99 },
      },
    });
    expect(document['file_size']).toBe(readFileSync(join(cwd, 'x.pa')).length);
  });

  it('an empty artifact', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'x.pa'), await artifactOf(plan()));
    expectClean(await run(['inspect', 'x.pa'], { cwd }));
    expect((await runJson(['inspect', 'x.pa'], { cwd })).document).toMatchObject({
      file_size: 63,
      asset_table: [],
      preload: [],
      alignment: 1,
    });
  });

  it('--quiet prints nothing of a good file', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'x.pa'), await artifactOf(good));
    expect(await run(['inspect', 'x.pa', '--quiet'], { cwd })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  /** The artifact with other bytes at an offset. */
  const patched = (at: number, bytes: number[]) => (file: Buffer) => {
    const copy = Buffer.from(file);
    copy.set(bytes, at);
    return copy;
  };
  /** The artifact with another header of the same or another length, the prelude to fit. */
  const reheaded = (change: (header: string) => string) => (file: Buffer) => {
    const headerLen = file.readUInt32LE(8);
    const header = Buffer.from(change(file.subarray(32, 32 + headerLen).toString('latin1')), 'latin1');
    const prelude = {
      magic: 0x41_50_53_41,
      schemaVersion: 1,
      headerLen: header.length,
      payloadOffset: 32 + header.length,
      flags: 0,
      reserved: 0,
      headerChecksum: 0,
    };
    return Buffer.concat([encodePrelude(prelude), header, file.subarray(32 + headerLen)]);
  };
  // In the order of the document.
  const all = ['path', 'file_size', 'prelude', 'alignment', 'asset_table', 'preload', 'banks'];

  type Broken = readonly [title: string, breakIt: (file: Buffer) => Buffer, codes: string[], members: string[]];
  const broken: readonly Broken[] = [
    ['empty', () => Buffer.alloc(0), ['PRELUDE_TRUNCATED'], ['path', 'file_size']],
    ['31 bytes', (file) => file.subarray(0, 31), ['PRELUDE_TRUNCATED'], ['path', 'file_size']],
    ['another magic', patched(0, [0x50, 0x4b]), ['PRELUDE_MAGIC'], ['path', 'file_size', 'prelude']],
    ['another version', patched(4, [2]), ['VERSION_UNSUPPORTED'], ['path', 'file_size', 'prelude']],
    ['flags', patched(20, [1]), ['PRELUDE_FLAGS'], all],
    ['reserved', patched(24, [1]), ['PRELUDE_RESERVED'], all],
    ['a checksum', patched(28, [1]), ['PRELUDE_CHECKSUM'], all],
    ['a header past the end', patched(8, [255, 255, 255, 255]), ['HEADER_LENGTH'], ['path', 'file_size', 'prelude']],
    ['no header', patched(8, [0, 0, 0, 0]), ['HEADER_LENGTH'], ['path', 'file_size', 'prelude']],
    [
      'a region past the end',
      patched(12, [255, 255, 255, 255, 255, 255, 255, 255]),
      ['PAYLOAD_OFFSET'],
      ['path', 'file_size', 'prelude', 'asset_table', 'preload', 'banks'],
    ],
    [
      'a region in the header',
      patched(12, [40, 0, 0]),
      ['PAYLOAD_OFFSET'],
      ['path', 'file_size', 'prelude', 'asset_table', 'preload', 'banks'],
    ],
    ['a header that is not UTF-8', patched(60, [0xff]), ['HEADER_NOT_UTF8'], ['path', 'file_size', 'prelude']],
    ['a header that is not JSON', patched(32, [0x5b]), ['HEADER_NOT_JSON'], ['path', 'file_size', 'prelude']],
    ['white space in the header', reheaded((header) => header.replace(':', ': ')), ['HEADER_NOT_CANONICAL'], all],
    [
      'a float',
      reheaded((header) => header.replace('"decoded_size":99', '"decoded_size":9.')),
      ['HEADER_NOT_JSON'],
      ['path', 'file_size', 'prelude'],
    ],
    ['a number that is none', reheaded((header) => header.replace('"m":[1]', '"m":[1.0]')), ['HEADER_NUMBER'], all],
    [
      'an id out of range',
      reheaded((header) => header.replace('"asset_id":7', '"asset_id":-7')),
      ['ASSET_ID_RANGE', 'ASSET_ORDER'],
      all,
    ],
    ['an unknown bank type', reheaded((header) => header.replace('SCENE', 'TILES')), ['BANK_TYPE_UNKNOWN'], all],
    [
      'an unknown preload',
      reheaded((header) => header.replace('"preload":[{"asset_id":3', '"preload":[{"asset_id":4')),
      ['PRELOAD_UNKNOWN_ASSET'],
      all,
    ],
    ['cut off in a payload', (file) => file.subarray(0, -1), ['SLICE_BOUNDS'], all],
    [
      'an offset that leaves a gap',
      reheaded((header) => header.replace('"offset":3', '"offset":2')),
      ['SLICE_LAYOUT'],
      all,
    ],
  ];
  it.each(broken)('broken: %s', async (_, breakIt, codes, members) => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'x.pa'), breakIt(await artifactOf(good)));
    const { code, document } = await runJson(['inspect', 'x.pa'], { cwd });
    expect(code).toBe(1);
    expect(document.diagnostics.map((each) => each.code)).toEqual(codes);
    expect(Object.keys(document).filter((member) => all.includes(member))).toEqual(members);
  });

  // One of each kind of gate is enough for the text.
  const gates = [
    '31 bytes',
    'another magic',
    'another version',
    'flags',
    'a header past the end',
    'a region past the end',
    'a header that is not JSON',
    'an id out of range',
    'cut off in a payload',
  ];
  it.each(broken.filter(([title]) => gates.includes(title)))(
    'broken, as text: %s',
    async (_, breakIt, codes, members) => {
      const cwd = newFolder();
      writeFileSync(join(cwd, 'x.pa'), breakIt(await artifactOf(good)));
      const result = await run(['inspect', 'x.pa'], { cwd });
      expectNoTrace(result);
      expect({ code: result.code, codes: codesIn(result.stderr) }).toEqual({ code: 1, codes });
      expect(result.stdout).toContain('x.pa');
      expect(result.stdout.includes('magic ASPA')).toBe(
        members.includes('prelude') && !codes.includes('PRELUDE_MAGIC'),
      );
      expect(result.stdout.includes(' a3 ')).toBe(members.includes('asset_table'));
    },
  );

  it('a wrong magic is told in hex, as it stands in the file', async () => {
    const cwd = folderOf({ 'x.pa': 'PK\u0003\u0004'.padEnd(64) });
    expect((await runJson(['inspect', 'x.pa'], { cwd })).document['prelude'].magic).toBe('504b0304');
  });

  it.each<[string, string]>([
    ['nothing there', 'nowhere'],
    ['a folder', 'data'],
    ['a FIFO', 'pipe'],
    ['a path through a file', 'plan.json/x'],
  ])('%s is INPUT_READ, exit 3', async (_, operand) => {
    const cwd = folderOf(TWO);
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const result = await run(['inspect', operand], { cwd });
    expectNoTrace(result);
    expect({ code: result.code, codes: codesIn(result.stderr), stdout: result.stdout }).toEqual({
      code: 3,
      codes: ['INPUT_READ'],
      stdout: '',
    });
    const { code, document } = await runJson(['inspect', operand], { cwd });
    expect(code).toBe(3);
    expect(document.diagnostics).toMatchObject([{ code: 'INPUT_READ', where: { path: operand } }]);
  });
});

describe.concurrent('exit 3: the environment', () => {
  it.each<[string, string[], string]>([
    ['no plan', ['pack', 'nowhere.json'], 'INPUT_READ'],
    ['a folder in place of the plan', ['pack', 'data'], 'INPUT_READ'],
    ['a plan through a file', ['pack', 'plan.json/x'], 'INPUT_READ'],
    ['an output folder through a file', ['pack', 'plan.json', '-o', 'plan.json/out'], 'OUTPUT_WRITE'],
    ['a file in place of the output folder', ['pack', 'plan.json', '-o', 'data/a'], 'OUTPUT_WRITE'],
    ['a folder in place of assets.pa', ['pack', 'plan.json', '-o', 'taken'], 'OUTPUT_WRITE'],
  ])('%s', async (_, args, expected) => {
    const cwd = folderOf({ ...TWO, 'taken/assets.pa/x': '' });
    const before = snapshot(cwd);
    const result = await run(args, { cwd });
    expectNoTrace(result);
    expect({ code: result.code, codes: codesIn(result.stderr), stdout: result.stdout }).toEqual({
      code: 3,
      codes: [expected],
      stdout: '',
    });
    const { code, document } = await runJson(args, { cwd });
    expect(code).toBe(3);
    expect(document.diagnostics).toMatchObject([{ code: expected, where: { path: expect.any(String) } }]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('a root that is not there is told as such, not as missing payloads', async () => {
    const cwd = folderOf(TWO);
    const result = await run(['pack', 'plan.json', '--root', 'nowhere'], { cwd });
    expect(codesIn(result.stderr)).not.toContain('SOURCE_NOT_FOUND');
    expect(result.stderr).toContain('nowhere');
    expect(result.code).not.toBe(0);
    expectNoTrace(result);
  });

  it.skipIf(process.getuid?.() === 0)('an output folder without permission', async () => {
    const cwd = folderOf({ ...TWO, 'out/x': '' });
    chmodSync(join(cwd, 'out'), 0o555);
    const result = await run(['pack', 'plan.json', '-o', 'out'], { cwd });
    chmodSync(join(cwd, 'out'), 0o755);
    expect({ code: result.code, codes: codesIn(result.stderr) }).toEqual({ code: 3, codes: ['OUTPUT_WRITE'] });
  });

  it('beside a fault of the plan the exit code is 1', async () => {
    const cwd = folderOf({ 'plan.json': plan(fileAsset(1, 'nowhere'), asset(-1)) });
    expect((await run(['pack', 'plan.json', '-o', 'plan.json/out'], { cwd })).code).toBe(1);
  });
});

describe.concurrent('diagnostics as text', () => {
  it.each<[string, string, RegExp]>([
    [
      'clause, code, place, asset, values',
      plan(asset(-1)),
      /^error\[T1\] ASSET_ID_RANGE - \/assets\/0\/asset_id \(asset -1, byte \d+\): .*: expected 0 to 2147483647, got -1\n$/,
    ],
    [
      'a hint below',
      plan(asset(1, { bank_type: '"TILES"' })),
      /^error\[T1\] BANK_TYPE_UNKNOWN - \/assets\/0\/bank_type \(asset 1, byte \d+\): .*got "TILES"\n {2}hint: .*GLYPH\n$/,
    ],
    [
      'no clause where there is none',
      plan(asset(1, { digest: '"x"' })),
      /^error PLAN_VALUE - \/assets\/0\/digest \(asset 1, byte \d+\): /,
    ],
    ['a byte', '{"x":}', /^error PLAN_SYNTAX - \(byte 5\): /],
    ['the root', '{"assets":[]}', /^error PLAN_SHAPE - \(byte 0\): .*schema_version/],
    [
      'a version',
      root({ schema_version: '2' }),
      /^error\[V2\] VERSION_UNSUPPORTED - \/schema_version: .*expected 1, got 2\n {2}hint: .*\n$/,
    ],
    [
      'a warning',
      plan(asset(1), asset(2, { asset_name: '"a1"' }), asset(-3)),
      /^warning\[T1\] ASSET_NAME_DUPLICATE - \/assets\/1\/asset_name \(asset 2, byte \d+\): /,
    ],
  ])('%s', async (_, stdin, expected) => {
    const result = await run(['pack', '-'], { cwd: newFolder(), stdin });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(expected);
    expectNoTrace(result);
  });

  it('--debug adds a stack trace', async () => {
    const result = await run(['pack', '-', '--debug'], { cwd: newFolder(), stdin: plan(asset(-1)) });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^error\[T1\] ASSET_ID_RANGE/);
    expect(result.stderr).toMatch(/^\s+at /m);
  });

  it('1,000 are listed and the rest counted', async () => {
    const stdin = root({ assets: `[${Array(1_234).fill(0)}]` });
    const result = await run(['pack', '-'], { cwd: newFolder(), stdin });
    expect(codesIn(result.stderr)).toHaveLength(1_000);
    expect(result.stderr).toMatch(/and 234 more\n$/);
    const { document } = await runJson(['pack', '-'], { cwd: newFolder(), stdin });
    expect(document.diagnostics).toHaveLength(1_000);
    expect(document.diagnostics_omitted).toBe(234);
  });

  it('a name of any bank type, member or id is no defect of the program', async () => {
    const stdin = plan(
      asset(1, { bank_type: '"__proto__"' }),
      asset(2, { bank_type: '"constructor"', metadata: '{"size":1}' }),
    );
    const result = await run(['pack', '-'], { cwd: newFolder(), stdin });
    expectNoTrace(result);
    expect({ code: result.code, codes: codesIn(result.stderr) }).toEqual({
      code: 1,
      codes: ['BANK_TYPE_UNKNOWN', 'BANK_TYPE_UNKNOWN'],
    });
  });
});

// Everything that moves a cursor or turns a line around; tab and line feed are for the program itself.
const UNSAFE = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const ESCAPE = '\\u001b[31m\\u009b2J\\u202e\\u2066\\u2028\\u007f';
const HOSTILE = JSON.parse(`"${ESCAPE}"`) as string;

describe.concurrent('text from files is made safe for a terminal', () => {
  it.each<[string, string]>([
    ['a name', plan(asset(1, { asset_name: `"${ESCAPE}"` }))],
    [
      'a legal name, twice',
      plan(asset(1, { asset_name: '"\\u202e\\u2066\\u2028"' }), asset(2, { asset_name: '"\\u202e\\u2066\\u2028"' })),
    ],
    ['a bank type', plan(asset(1, { bank_type: `"${ESCAPE}"` }))],
    [
      'a bank type whose slot is taken',
      plan(...[1, 2].map((id) => asset(id, { bank_type: `"${ESCAPE}"`, preload: '{"slot":1}' }))),
    ],
    [
      'a bank type without slots left',
      plan(...Array.from({ length: 17 }, (_, id) => asset(id, { bank_type: `"${ESCAPE}"`, preload: '{}' }))),
    ],
    ['a codec', plan(asset(1, { codec: `"${ESCAPE}"` }))],
    ['a digest', plan(asset(1, { digest: `"${ESCAPE}"` }))],
    ['a path', plan(fileAsset(1, HOSTILE))],
    ['a path that leaves the root', plan(fileAsset(1, `../${HOSTILE}`))],
    ['a member of an asset', plan(asset(1, { [ESCAPE]: '1' }))],
    ['a member of the root', root({ [ESCAPE]: '1' })],
    ['a member of metadata', plan(asset(1, { metadata: `{"${ESCAPE}":1.5}` }))],
    ['a size', plan(asset(1, { size: `"${ESCAPE}"` }))],
    [
      'a metadata value',
      plan(asset(1, { bank_type: '"GLYPH"', metadata: `{"width":"${ESCAPE}","height":["${ESCAPE}"]}` })),
    ],
    ['bytes that are no plan', HOSTILE],
  ])('%s', async (_, stdin) => {
    const result = await run(['pack', '-'], { cwd: newFolder(), stdin });
    expect(result.stderr).not.toBe('');
    expect(result.stderr).not.toMatch(UNSAFE);
    expect(result.stdout).not.toMatch(UNSAFE);
    expectNoTrace(result);
  });

  it('names of files: of the plan, of outputs, of payloads', async () => {
    const cwd = folderOf({
      [`${HOSTILE}/plan`]: plan(fileAsset(1, 'a', { asset_name: '"\\u202ex"' })),
      [`${HOSTILE}/a`]: 'abc',
      [`${HOSTILE}.json`]: '{',
    });
    const good = await run(['pack', `${HOSTILE}/plan`, '-o', `out ${HOSTILE}`, '--progress', 'never'], { cwd });
    expect(good.code).toBe(0);
    const shown = await run(['inspect', `out ${HOSTILE}/assets.pa`], { cwd });
    expect(shown.stdout).toContain('\\u202ex');
    const others = [
      good,
      shown,
      await run(['plan', HOSTILE], { cwd }),
      await run(['plan', HOSTILE, '--bank', '*=SOUNDS'], { cwd }),
      await run(['plan', 'convert', `${HOSTILE}/plan`, `converted ${HOSTILE}`], { cwd }),
      await run(['plan', 'convert', `${HOSTILE}.json`, 'x'], { cwd }),
      await run(['inspect', `nowhere ${HOSTILE}`], { cwd }),
      await run(['pack', `nowhere ${HOSTILE}`], { cwd }),
    ];
    for (const { stdout, stderr } of others) {
      expect(stdout + stderr).not.toBe('');
      expect(stdout + stderr).not.toMatch(UNSAFE);
    }
  });

  it('files of a tree: without a bank type, skipped, with a bad sidecar', async () => {
    const cwd = folderOf({
      [`data/${HOSTILE}.x`]: '',
      [`data/${HOSTILE}.y`]: '',
      [`data/${HOSTILE}.y.asset.json`]: `{"${ESCAPE}":1}`,
    });
    symlinkSync('x', join(cwd, `data/link ${HOSTILE}`));
    const missing = await run(['plan', 'data'], { cwd });
    expect(codesIn(missing.stderr).sort()).toEqual(['BANK_TYPE_MISSING', 'SIDECAR_INVALID']);
    const linked = folderOf({ 'data/a': '' });
    symlinkSync('a', join(linked, `data/link ${HOSTILE}`));
    const skipped = await run(['plan', 'data', '--bank', '*=SOUNDS'], { cwd: linked });
    expect(skipped.stdout).toContain('symbolic link');
    for (const { stdout, stderr } of [missing, skipped]) expect(stdout + stderr).not.toMatch(UNSAFE);
  });

  it('a document needs no such care: JSON escapes control characters', async () => {
    const { document } = await runJson(['pack', '-'], { cwd: newFolder(), stdin: plan(asset(1, { [ESCAPE]: '1' })) });
    expect(document.diagnostics).toMatchObject([{ code: 'PLAN_SHAPE', where: { plan: `/assets/0/${HOSTILE}` } }]);
  });

  it('a lone surrogate in a member name makes no broken document', async () => {
    const { code } = await runJson(['pack', '-'], {
      cwd: newFolder(),
      stdin: plan(asset(1, { metadata: '{"\\ud800":1}' })),
    });
    expect(code).toBe(1);
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
  const onTerminal = (args: string[], env: Record<string, string> = {}) => {
    const cwd = folderOf({
      'bad.json': plan(asset(-1)),
      'twins.json': plan(asset(1), asset(2, { asset_name: '"a1"' })),
    });
    const command = [process.execPath, MAIN, ...args].map((each) => `'${each}'`).join(' ');
    return runProgram('script', ['-qec', command, '/dev/null'], { cwd, env: { TERM: 'xterm', ...env } });
  };
  const COLOUR = '\u001b[';

  it.each<[string, string[], Record<string, string>, boolean]>([
    ['on a terminal', [], {}, true],
    ['--no-color', ['--no-color'], {}, false],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR counts as none', [], { NO_COLOR: '' }, true],
  ])('%s', async (_, args, env, expected) => {
    const { stdout, code } = await onTerminal(['pack', 'twins.json', '--progress', 'never', ...args], env);
    expect(code).toBe(0);
    const [diagnosed, packed] = stdout.split(/(?=^.*assets\.pa)/m);
    expect(diagnosed).toContain('ASSET_NAME_DUPLICATE');
    expect(packed).toContain('2 assets');
    expect([diagnosed?.includes(COLOUR), packed?.includes(COLOUR)]).toEqual([expected, expected]);
  });

  it('never in a document', async () => {
    const { stdout } = await onTerminal(['pack', 'bad.json', '--json']);
    expect(stdout).not.toContain(COLOUR);
    documentOf({ stdout: stdout.replaceAll('\r\n', '\n'), stderr: '' });
  });

  it('no colour where standard output is no terminal', async () => {
    const { stderr } = await run(['pack', '-'], { cwd: newFolder(), stdin: plan(asset(-1)), env: { TERM: 'xterm' } });
    expect(stderr).not.toContain(COLOUR);
  });
});

describe.concurrent('a reader that goes away', () => {
  const names = (count: number) =>
    plan(...Array.from({ length: count }, (_, id) => asset(id, { asset_name: `"${'n'.repeat(200)}${id}"` })));
  it.each<[string, string[]]>([
    ['inspect --json', ['inspect', 'x.pa', '--json']],
    ['inspect', ['inspect', 'x.pa']],
    ['pack --stdout', ['pack', 'plan.json', '--stdout']],
    ['plan convert', ['plan', 'convert', 'plan.json', '-']],
  ])('%s | head -c1', async (_, args) => {
    const document = names(3_000);
    const cwd = folderOf({ 'plan.json': document, 'x.pa': await artifactOf(document) });
    const before = snapshot(cwd);
    const command = [process.execPath, MAIN, ...args].map((each) => `'${each}'`).join(' ');
    const result = await runProgram('sh', ['-c', `{ ${command}; echo "exit $?" >&2; } | head -c1`], { cwd });
    expect(result.stdout).toHaveLength(1);
    expectNoTrace(result);
    expect(result.stderr).toMatch(/^(error\[W4\] OUTPUT_WRITE .*EPIPE.*\n)?exit [03]\n$/);
    expect(snapshot(cwd)).toEqual(before);
  });
});

/** A plan that must fail, and with which codes. */
interface Bad {
  readonly title: string;
  readonly plan: string;
  readonly codes: readonly string[];
}

const bad = (title: string, text: string, ...codes: string[]): Bad => ({ title, plan: text, codes });
const askers = Array.from({ length: 17 }, (_, id) => asset(id, { preload: '{}' }));
const glyph = { bank_type: '"GLYPH"', metadata: '{"width":8,"height":8,"tile_size":8,"palette_count":64}' };

const BAD_PLANS: readonly Bad[] = [
  bad('an unknown member', plan(asset(1, { colour: '"red"' })), 'PLAN_SHAPE'),
  bad('duplicate ids', plan(asset(1), asset(1, { asset_name: '"b"' })), 'ASSET_ID_DUPLICATE'),
  bad('ids -1 and 2^31', plan(asset(-1), asset(2 ** 31)), 'ASSET_ID_RANGE', 'ASSET_ID_RANGE'),
  bad('a float deep in metadata', plan(asset(1, { metadata: '{"a":[{"b":0.5}]}' })), 'HEADER_NUMBER'),
  bad('a lone surrogate', plan(asset(1, { metadata: '{"a":"\\ud800"}' })), 'HEADER_STRING'),
  bad('33 levels', plan(asset(1, { metadata: `{"a":${nest(33)}}` })), 'HEADER_TOO_DEEP'),
  bad('codec collision', plan(asset(1, { metadata: '{"codec":1}', codec_configuration: '{}' })), 'METADATA_COLLISION'),
  bad(
    'a slot taken twice',
    plan(asset(1, { preload: '{"slot":1}' }), asset(2, { preload: '{"slot":1}' })),
    'PRELOAD_SLOT_TAKEN',
  ),
  bad('17 askers', plan(...askers), 'PRELOAD_SLOT_TAKEN'),
  bad('RAW', plan(asset(1, { codec: '"RAW"' })), 'CODEC_UNKNOWN'),
  bad('TILES', plan(asset(1, { bank_type: '"TILES"' })), 'BANK_TYPE_UNKNOWN'),
  bad('the size of a GLYPH', plan(fileAsset(1, 'data/a', glyph)), 'BANK_SIZE'),
  bad('no such file', plan(fileAsset(1, 'data/nowhere')), 'SOURCE_NOT_FOUND'),
  bad('a path through a file', plan(fileAsset(1, 'data/a/b')), 'SOURCE_NOT_FOUND'),
  bad('a dangling link', plan(fileAsset(1, 'dangling')), 'SOURCE_NOT_FOUND'),
  bad('a directory', plan(fileAsset(1, 'data')), 'SOURCE_NOT_A_FILE'),
  bad('the folder of the plan', plan(fileAsset(1, '.')), 'SOURCE_NOT_A_FILE'),
  bad('a FIFO', plan(fileAsset(1, 'pipe')), 'SOURCE_NOT_A_FILE'),
  bad('a link to a FIFO', plan(fileAsset(1, 'link to pipe')), 'SOURCE_NOT_A_FILE'),
  bad('../outside', plan(fileAsset(1, '../outside')), 'SOURCE_OUTSIDE_ROOT'),
  bad('.. that comes back', plan(fileAsset(1, 'data/../data/a')), 'SOURCE_OUTSIDE_ROOT'),
  bad('an absolute path', plan(fileAsset(1, '/etc/hostname')), 'SOURCE_OUTSIDE_ROOT'),
  bad('a link to outside', plan(fileAsset(1, 'link out')), 'SOURCE_OUTSIDE_ROOT'),
  bad('a file in a linked folder outside', plan(fileAsset(1, 'linked folder/outside')), 'SOURCE_OUTSIDE_ROOT'),
  bad('one byte shorter than planned', plan(fileAsset(1, 'data/a', { size: '11' })), 'SOURCE_SIZE'),
  bad('one byte longer than planned', plan(fileAsset(1, 'data/a', { size: '9' })), 'SOURCE_SIZE'),
  bad('inline bytes of another size', plan(asset(1, { inline: '"AAAA"', size: '2' })), 'SOURCE_SIZE'),
  bad('another SHA-256', plan(fileAsset(1, 'data/a', { digest: `"sha256:${'0'.repeat(64)}"` })), 'SOURCE_CHANGED'),
  bad(
    'another XXH64, in the last payload',
    plan(fileAsset(1, 'data/a'), fileAsset(2, 'data/b', { digest: `"xxh64:${'0'.repeat(16)}"` })),
    'SOURCE_CHANGED',
  ),
  bad('no plan', '{"schema_version":1,"assets":[}', 'PLAN_SYNTAX'),
  bad('another version', root({ schema_version: '2' }), 'VERSION_UNSUPPORTED'),
];

/** A folder with everything that bad plans name; `project` holds the plan. */
function projectOf(text: string, outputs: Files): { cwd: string; before: Record<string, string> } {
  const parent = folderOf({ ...prefixed('project/', { ...TWO, ...outputs, 'plan.json': text }), outside: 'secret' });
  const cwd = join(parent, 'project');
  execFileSync('mkfifo', [join(cwd, 'pipe')]);
  for (const [name, target] of [
    ['dangling', 'nowhere'],
    ['link out', '../outside'],
    ['linked folder', '..'],
    ['link to pipe', 'pipe'],
  ] as const) {
    symlinkSync(target, join(cwd, name));
  }
  return { cwd, before: snapshot(dirname(cwd)) };
}

const prefixed = (prefix: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [prefix + path, content]));

const OLD = Object.fromEntries(OUTPUTS.map((name) => [`out/${name}`, `old ${name}`]));

describe.concurrent('bad plans by the command line', () => {
  it.each(BAD_PLANS)('$title', async ({ plan: text, codes }) => {
    // Only a fault that shows while payloads are read has anything to take back.
    for (const outputs of codes.includes('SOURCE_CHANGED') ? [{}, OLD] : [OLD]) {
      const { cwd, before } = projectOf(text, outputs);
      const result = await run(['pack', 'plan.json', '-o', 'out'], { cwd });
      expect({ code: result.code, codes: codesIn(result.stderr), stdout: result.stdout }).toEqual({
        code: 1,
        codes,
        stdout: '',
      });
      expectNoTrace(result);
      expect(snapshot(dirname(cwd))).toEqual(before);
    }
  });

  it('many of them in one plan: all in one run, in the order of the plan, in text and document', async () => {
    const many = BAD_PLANS.filter(
      ({ codes }) =>
        !['SOURCE_CHANGED', 'PLAN_SYNTAX', 'VERSION_UNSUPPORTED', 'ASSET_ID_DUPLICATE', 'PRELOAD_SLOT_TAKEN'].includes(
          codes[0] as string,
        ),
    );
    const assets = many.flatMap(
      ({ plan: text }) =>
        (
          JSON.parse(text.replaceAll('0.5', '"FLOAT"').replaceAll('\\ud800', 'SURROGATE')) as {
            assets: Record<string, unknown>[];
          }
        ).assets,
    );
    const texts = assets.map((each, i) => {
      const id = (each['asset_id'] as number) === 1 ? 100 + i : (each['asset_id'] as number);
      return JSON.stringify({ ...each, asset_id: id, asset_name: `n${i}` })
        .replace('"FLOAT"', '0.5')
        .replace('SURROGATE', '\\ud800');
    });
    const twins = [asset(500), asset(500, { asset_name: '"twin"' })];
    const claims = [asset(600, { preload: '{"slot":1}' }), asset(601, { preload: '{"slot":1}' })];
    const late = asset(700, { digest: `"sha256:${'0'.repeat(64)}"` }); // seen only when payloads are read
    const text = plan(...texts, ...twins, ...claims, late);
    const codes = [...many.flatMap((each) => each.codes), 'ASSET_ID_DUPLICATE', 'PRELOAD_SLOT_TAKEN'];
    const { cwd, before } = projectOf(text, OLD);
    const result = await run(['pack', 'plan.json', '-o', 'out'], { cwd });
    expect(codesIn(result.stderr)).toEqual(codes);
    expect(result.code).toBe(1);
    const { code, document } = await runJson(['pack', 'plan.json', '-o', 'out'], { cwd });
    expect(code).toBe(1);
    expect(document.diagnostics.map((each) => each.code)).toEqual(codes);
    expect(snapshot(dirname(cwd))).toEqual(before);
  });

  it('a payload that is given twice is no fault', async () => {
    const { cwd } = projectOf(plan(fileAsset(1, 'data/a'), fileAsset(2, './data//a')), {});
    const result = await run(['pack', 'plan.json', '-o', 'out'], { cwd });
    expect(result.code).toBe(0);
    expect(codesIn(result.stderr)).toEqual(['DUPLICATE_CONTENT']);
  });

  it('a link inside the root is followed', async () => {
    const { cwd } = projectOf(plan(fileAsset(1, 'inner')), {});
    symlinkSync('data/a', join(cwd, 'inner'));
    expectClean(await run(['pack', 'plan.json', '-o', 'out'], { cwd }));
    mkdirSync(join(cwd, 'deep'));
    symlinkSync('../data', join(cwd, 'deep/folder'));
    expectClean(
      await run(['pack', '-', '-o', 'out'], {
        cwd,
        stdin: raw({ schema_version: '1', assets: `[${fileAsset(1, 'deep/folder/a')}]` }),
      }),
    );
  });
});
