/** `init`, `register`, `build` and `doctor`, as a user runs them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { namesBelow, temporaryFolders } from '../support/packing.js';
import { codesIn, expectNoTrace, MAIN, run, runJson } from '../support/plan-cli.js';
import { snapshot, write } from '../support/plan-folders.js';
import { entry, INDEX, project, registry, sound, sounds } from '../support/workspace.js';

const newFolder = temporaryFolders();

/** A new folder with these files. */
function folderOf(files: Parameters<typeof write>[1]): string {
  const folder = newFolder();
  write(folder, files);
  return folder;
}

const OUTPUTS = ['asset_table.json', 'asset_table_metadata.json', 'assets.pa', 'preload.json'];

it('a project from nothing to an artifact', async () => {
  const cwd = newFolder();
  const init = await runJson(['init', 'game'], { cwd });
  expect(init.document['created']).toEqual(
    ['game/assets/.prometeu/.gitignore', INDEX].map((each) => each.replace(/^assets/, 'game/assets')),
  );
  write(cwd, { 'game/assets/sfx/jump/jump.pcm': 'pcm' });
  const registered = await runJson(['register', 'game/assets/sfx/jump', '--type', 'sound_bank', '--name', 'jump'], {
    cwd,
  });
  expect(registered.document).toMatchObject({
    project: 'game',
    asset: { asset_id: 1, name: 'jump', root: 'sfx/jump', included_in_build: true },
    outcome: 'registered',
    created: ['game/assets/sfx/jump/asset.json'],
  });
  const { code, document } = await runJson(['build', 'game', '--align', '16'], { cwd });
  expect([code, document['asset_count'], document['layout'].alignment]).toEqual([0, 1, 16]);
  expect(document['inputs']).toEqual({ files: 1, bytes: 3 });
  expect(namesBelow(join(cwd, 'game/build'))).toEqual(OUTPUTS);
  expect((await run(['verify', 'game/build/assets.pa', '--companions'], { cwd })).code).toBe(0);
  const { code: clean, document: report } = await runJson(['doctor', 'game'], { cwd });
  expect([clean, report['blocking'], report['advisory']]).toEqual([0, 0, 0]);
});

describe('build', () => {
  it('gives the same outputs as pack', async () => {
    const cwd = folderOf(sounds(3));
    await run(['build', '.'], { cwd });
    const assets = [1, 2, 3].map((n) => ({
      asset_id: n,
      asset_name: `sound-${n}`,
      bank_type: 'SOUNDS',
      decoded_size: 3,
      file: `assets/s${n}/a.pcm`,
    }));
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify({ schema_version: 1, assets }));
    await run(['pack', 'plan.json', '-o', 'packed'], { cwd });
    expect(snapshot(join(cwd, 'build'))).toEqual(snapshot(join(cwd, 'packed')));
  });

  it.each<[string, Parameters<typeof project>[0]]>([
    ['ANCHOR_MISSING', { 'assets/jump/asset.json': undefined }],
    ['DECLARATION_INVALID', { 'assets/jump/asset.json': '{}' }],
    ['INPUT_MISSING', { 'assets/jump/a.pcm': undefined }],
    ['OUTPUT_CONTRACT', { 'assets/jump/asset.json': sound(1, {}, { format: 'SCENE/raw_v1' }) }],
    ['PRELOAD_INVALID', { 'assets/jump/asset.json': sound(1, { preload: { enabled: false, slot: 1 } }) }],
    ['IDENTITY_COLLISION', { 'assets/jump/asset.json': sound(2) }],
    ['REGISTRY_INVALID', { [INDEX]: '{' }],
    ['VERSION_UNSUPPORTED', { [INDEX]: registry([], { schema_version: 3 }) }],
    ['VERSION_UNSUPPORTED', { 'assets/jump/asset.json': sound(1, { schema_version: 3 }) }],
  ])('with %s changes nothing', async (code, files) => {
    const cwd = folderOf({ ...project(), 'build/assets.pa': 'earlier', 'build/preload.json': 'earlier' });
    for (const path of Object.keys(files ?? {})) renameSync(join(cwd, path), join(cwd, `${path.replaceAll('/', '_')}`));
    write(cwd, Object.fromEntries(Object.entries(files ?? {}).filter(([, each]) => each !== undefined)) as never);
    const before = snapshot(join(cwd, 'build'));
    const result = await run(['build', '.'], { cwd });
    expect([result.code, codesIn(result.stderr)]).toEqual([1, expect.arrayContaining([code])]);
    expectNoTrace(result);
    expect(snapshot(join(cwd, 'build'))).toEqual(before);
  });

  it('makes no output directory when something is wrong', async () => {
    const cwd = folderOf(project({ 'assets/jump/a.pcm': undefined }));
    expect((await run(['build', '.'], { cwd })).code).toBe(1);
    expect(existsSync(join(cwd, 'build'))).toBe(false);
  });

  it('is not stopped by what is advisory', async () => {
    const cwd = folderOf(sounds(2, { 'assets/s2/a.pcm': '001', 'assets/lost/asset.json': sound(9) }));
    const { code, stderr } = await run(['build', '.', '--no-cache'], { cwd });
    expect([code, codesIn(stderr)]).toEqual([0, ['ANCHOR_ORPHAN', 'DUPLICATE_CONTENT']]);
    expect(stderr).toContain('assets/s2/asset.json /inputs (asset 2, byte ');
  });

  it.each([
    [['build', '.', '-o', 'assets/out']],
    [['build', '.', '-o', '']],
    [['build', '.', '--align', '3']],
    [['build', '.', '--watch', '--json']],
    [['build']],
    [['register', 'assets/jump', '--name', 'x']],
    [['register', 'assets/jump', '--type', 'video']],
  ])('%j is wrong usage', async (args) => {
    const { code, stderr } = await run(args, { cwd: folderOf(project()) });
    expect([code, stderr.startsWith('error: ')]).toEqual([2, true]);
  });

  it('shows hostile names as text', async () => {
    const cwd = folderOf({ ...project(), 'assets/\u001b[2J\nnew/asset.json': '' });
    const { stderr, code } = await run(['build', '.'], { cwd });
    expect([code, codesIn(stderr)]).toEqual([0, ['ANCHOR_ORPHAN']]);
    expect(stderr).toContain('assets/\\u001b[2J\\u000anew/asset.json');
  });
});

describe('doctor', () => {
  it('groups what it finds, each with what to do', async () => {
    const files = sounds(2, { 'assets/s1/asset.json': '', 'assets/notes.txt': '', 'assets/lost/asset.json': '' });
    const cwd = folderOf(files);
    symlinkSync('.', join(cwd, 'assets/loop'));
    const before = snapshot(cwd);
    const { code, stdout, stderr } = await run(['doctor', '.'], { cwd });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toBe(`blocking: 1
  error DECLARATION_INVALID assets/s1/asset.json (asset 1, byte 0): this is no JSON: there is nothing in it
    hint: correct asset.json; docs/workspace.md has its members
advisory: 3
  warning PATH_SKIPPED assets/loop: a symbolic link: the scan passes it over
    hint: put a regular file in its place, or remove it
  warning ANCHOR_ORPHAN assets/lost/asset.json: this asset.json is not registered
    hint: register it with "assets-pa register" (a copy needs an asset_uuid of its own first), or remove it
  warning FILE_UNREFERENCED assets/notes.txt: no asset.json names this file
    hint: name it in "inputs", move it out of the workspace, or remove it
.  2 assets, 2 included: a build would stop
`);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('says so when all is well', async () => {
    const { code, stdout } = await run(['doctor', '.'], { cwd: folderOf(project()) });
    expect([code, stdout]).toEqual([0, '.  1 asset, 1 included: ready to build\n']);
  });
});

describe('build --watch', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** Starts a watch; `until` waits for a text on one of its streams, from where the last one ended. */
  function watch(cwd: string) {
    const child = spawn(process.execPath, [MAIN, 'build', '.', '--watch', '--no-color'], { cwd });
    children.push(child);
    let text = '';
    let wake = () => {};
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        wake();
      });
    }
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) await new Promise<void>((resolve) => (wake = resolve));
      text = text.slice(text.indexOf(wanted) + wanted.length);
    };
    const ended = new Promise<{ code: number | null; rest: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, rest: text })),
    );
    return { child, until, ended };
  }

  it('builds after each change, survives faults, and ends with Ctrl-C', async () => {
    const cwd = folderOf(sounds(2));
    const { child, until, ended } = watch(cwd);
    await until('2 assets');
    await until('from the cache');
    writeFileSync(join(cwd, 'assets/s1/a.pcm'), 'new');
    await until('from the cache');
    expect(readFileSync(join(cwd, 'build/assets.pa')).includes('new')).toBe(true);
    const before = snapshot(join(cwd, 'build'));
    renameSync(join(cwd, 'assets/s2/a.pcm'), join(cwd, 'kept'));
    await until('INPUT_MISSING');
    expect(snapshot(join(cwd, 'build'))).toEqual(before);
    renameSync(join(cwd, 'kept'), join(cwd, 'assets/s2/a.pcm'));
    await until('from the cache');
    mkdirSync(join(cwd, 'assets/s3'));
    writeFileSync(join(cwd, 'assets/s3/a.pcm'), '003');
    writeFileSync(join(cwd, 'assets/s3/asset.json'), JSON.stringify(sound(3)));
    writeFileSync(join(cwd, INDEX), JSON.stringify(registry([entry(1, 's1'), entry(2, 's2'), entry(3, 's3')])));
    await until('3 assets');
    await until('from the cache');
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, rest: expect.stringMatching(/\nstopped\n$/) });
    expect(namesBelow(join(cwd, 'build'))).toEqual(OUTPUTS);
    expect(namesBelow(join(cwd, 'assets/.prometeu'))).toEqual(['index.json']);
  });

  it('needs a project', async () => {
    const result = await run(['build', '.', '--watch'], { cwd: newFolder() });
    expect([result.code, codesIn(result.stderr)]).toEqual([1, ['PROJECT_NOT_FOUND']]);
  });
});
