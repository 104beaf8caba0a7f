/** Ids are for good: whatever happens to folders, names and lines of the registry. */
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { initProject } from '../../src/workspace/init.js';
import { prepareBuild } from '../../src/workspace/prepare.js';
import { registerRoot } from '../../src/workspace/register.js';
import { namesBelow, temporaryFolders } from '../support/packing.js';
import { readJson, snapshot, write } from '../support/plan-folders.js';
import { INDEX, sound, uuid } from '../support/workspace.js';

const newFolder = temporaryFolders();

/** A new project with these roots, each a sound that is registered in this order. */
async function projectOf(...roots: string[]): Promise<string> {
  const folder = newFolder();
  await initProject(folder);
  for (const [i, root] of roots.entries()) {
    add(folder, root, i + 1);
    await registerRoot(join(folder, 'assets', root));
  }
  return folder;
}

function add(folder: string, root: string, n: number): void {
  write(folder, { [`assets/${root}/asset.json`]: sound(n), [`assets/${root}/a.pcm`]: String(n).padStart(3, '0') });
}

/** Registers a root: its id and what happened. */
async function register(folder: string, root: string): Promise<string> {
  try {
    const { asset, outcome } = await registerRoot(join(folder, 'assets', root));
    return `${asset.assetId} ${outcome}`;
  } catch (error) {
    if (error instanceof AssetsPaError) return error.code;
    throw error;
  }
}

/** Ids by name, as a build has them. */
async function built(folder: string): Promise<Record<string, number>> {
  const { plan, report } = await prepareBuild(folder, { cache: 'off' });
  report.throwIfErrors();
  return Object.fromEntries(plan.assets.map(({ assetName, assetId }) => [assetName, assetId]));
}

describe('ids', () => {
  it('begin with 1 and go up', async () => {
    const folder = await projectOf('a', 'b/c', 'd');
    expect(readFileSync(join(folder, INDEX), 'utf8')).toBe(`{
  "schema_version": 2,
  "next_asset_id": 4,
  "assets": [
    {"asset_id":1,"asset_uuid":"${uuid(1)}","root":"a","included_in_build":true},
    {"asset_id":2,"asset_uuid":"${uuid(2)}","root":"b/c","included_in_build":true},
    {"asset_id":3,"asset_uuid":"${uuid(3)}","root":"d","included_in_build":true}
  ]
}
`);
  });

  it('stay when a root is registered again', async () => {
    const folder = await projectOf('a', 'b');
    const before = snapshot(folder);
    expect(await register(folder, 'b')).toBe('2 unchanged');
    expect(snapshot(folder)).toEqual(before);
  });

  it('stay when a root is moved', async () => {
    const folder = await projectOf('a', 'b');
    mkdirSync(join(folder, 'assets/deep'));
    renameSync(join(folder, 'assets/a'), join(folder, 'assets/deep/z'));
    await expect(built(folder)).rejects.toMatchObject({
      code: 'ANCHOR_MISSING',
      diagnostics: [{ details: { found_in: ['deep/z'] } }, { code: 'ANCHOR_ORPHAN' }],
    });
    expect(await register(folder, 'deep/z')).toBe('1 moved');
    expect(await built(folder)).toEqual({ 'sound-1': 1, 'sound-2': 2 });
  });

  it('stay when an asset is renamed', async () => {
    const folder = await projectOf('a', 'b');
    writeFileSync(join(folder, 'assets/a/asset.json'), JSON.stringify(sound(1, { name: 'other' })));
    expect(await built(folder)).toEqual({ other: 1, 'sound-2': 2 });
  });

  it('are not given again when a folder is deleted, and come back with it', async () => {
    const folder = await projectOf('a', 'b');
    rmSync(join(folder, 'assets/b'), { recursive: true });
    add(folder, 'c', 3);
    expect(await register(folder, 'c')).toBe('3 registered');
    add(folder, 'b', 2);
    expect(await register(folder, 'b')).toBe('2 unchanged');
    expect(await built(folder)).toEqual({ 'sound-1': 1, 'sound-2': 2, 'sound-3': 3 });
  });

  it('are not given again when a line is removed by hand', async () => {
    const folder = await projectOf('a', 'b');
    const index = readJson(folder, INDEX) as { assets: object[] };
    writeFileSync(join(folder, INDEX), JSON.stringify({ ...index, assets: index.assets.slice(0, 1) }));
    expect(await register(folder, 'b')).toBe('3 registered');
  });

  it('tell a copy from a move', async () => {
    const folder = await projectOf('a');
    cpSync(join(folder, 'assets/a'), join(folder, 'assets/b'), { recursive: true });
    expect(await register(folder, 'b')).toBe('IDENTITY_COLLISION');
    rmSync(join(folder, 'assets/a'), { recursive: true });
    expect(await register(folder, 'b')).toBe('1 moved');
  });

  it('leave a root to the asset that has it', async () => {
    const folder = await projectOf('a');
    add(folder, 'a', 9);
    expect(await register(folder, 'a')).toBe('IDENTITY_COLLISION');
    const index = readJson(folder, INDEX) as { assets: object[] };
    writeFileSync(join(folder, INDEX), JSON.stringify({ ...index, assets: [] }));
    expect(await register(folder, 'a')).toBe('2 registered');
  });

  it('are not lost when two register at once', async () => {
    const folder = await projectOf();
    for (const n of [1, 2, 3]) add(folder, `r${n}`, n);
    const outcomes = await Promise.all([1, 2, 3].map((n) => register(folder, `r${n}`)));
    expect(outcomes.filter((each) => each.endsWith('registered')).length).toBeGreaterThan(0);
    for (const n of [1, 2, 3]) await register(folder, `r${n}`);
    expect(Object.values(await built(folder)).sort()).toEqual([1, 2, 3]);
  });
});

describe('register', () => {
  it('gives no id to what is not a right asset.json', async () => {
    const folder = await projectOf('a');
    write(folder, { 'assets/b/asset.json': sound(2, { type: 'video' }) });
    const before = snapshot(folder);
    expect(await register(folder, 'b')).toBe('DECLARATION_INVALID');
    expect(snapshot(folder)).toEqual(before);
  });

  it('writes nothing through a link out of the project', async () => {
    const folder = await projectOf();
    const outside = newFolder();
    symlinkSync(outside, join(folder, 'assets/link'));
    const create = { type: 'scene_bank' } as const;
    const registering = registerRoot(join(folder, 'assets/link/deep/root'), { create });
    await expect(registering).rejects.toMatchObject({ code: 'SOURCE_OUTSIDE_ROOT' });
    expect(namesBelow(outside)).toEqual([]);
  });

  it('makes an asset.json of what lies in a root', async () => {
    const folder = await projectOf();
    write(folder, {
      'assets/jump/j.pcm': 'abcd',
      'assets/tiles/b.png': '',
      'assets/tiles/a.PNG': '',
      'assets/tiles/c': '',
    });
    const made = await registerRoot(join(folder, 'assets/jump'), { create: { type: 'sound_bank' } });
    expect(made).toMatchObject({
      outcome: 'registered',
      created: join(folder, 'assets/jump/asset.json'),
      name: 'jump',
    });
    expect(await built(folder)).toEqual({ jump: 1 });
    await registerRoot(join(folder, 'assets/tiles'), { create: { type: 'glyph_bank', name: 'cave' } });
    expect(readJson(folder, 'assets/tiles/asset.json')).toMatchObject({
      name: 'cave',
      inputs: { tiles: ['a.PNG', 'b.png'] },
      build: { tile_size: 16 },
    });
    await registerRoot(join(folder, 'assets/new'), { create: { type: 'scene_bank' } });
    expect(readJson(folder, 'assets/new/asset.json')).toMatchObject({ inputs: { payload: [] }, type: 'scene_bank' });
  });

  it('clears up what a killed process left', async () => {
    const folder = await projectOf('a');
    write(folder, { 'assets/.prometeu/.index.json.0123456789abcdef': '{', 'assets/.prometeu/.keep': '' });
    await register(folder, 'a');
    expect(namesBelow(join(folder, 'assets/.prometeu'))).toEqual(['.gitignore', '.keep', 'index.json']);
  });
});

describe('init', () => {
  it('leaves a project as it is', async () => {
    const folder = await projectOf('a');
    const before = snapshot(folder);
    expect(await initProject(folder)).toEqual([]);
    expect(snapshot(folder)).toEqual(before);
  });

  it('does not replace a registry that is broken', async () => {
    const folder = newFolder();
    write(folder, { [INDEX]: '{' });
    await expect(initProject(folder)).rejects.toMatchObject({ code: 'REGISTRY_INVALID' });
    expect(readFileSync(join(folder, INDEX), 'utf8')).toBe('{');
  });
});
