/** Documents of version 1: built as they are, and migrated, to the same bytes. */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { type FileSystem, nodeFileSystem } from '../../src/host/fs.js';
import { ENCODERS } from '../../src/workspace/encoders.js';
import { migrateProject } from '../../src/workspace/migration/migrate.js';
import { prepareBuild } from '../../src/workspace/prepare.js';
import { registerRoot } from '../../src/workspace/register.js';
import { hookedFileSystem } from '../faults/support/hooked-fs.mjs';
import {
  CURRENT,
  copyLegacy,
  DOCUMENTS,
  documentsOf,
  entryV1,
  registryV1,
  soundV1,
  textsOf,
} from '../support/legacy.js';
import { temporaryFolders } from '../support/packing.js';
import { readJson, snapshot, write } from '../support/plan-folders.js';
import { artifactOf, entry, INDEX, type Members, project, registry, sound } from '../support/workspace.js';

const newFolder = temporaryFolders();
const REAL = { encoders: ENCODERS, cache: 'off' } as const;

function legacy(): string {
  return copyLegacy(newFolder());
}

function folderOf(files: Parameters<typeof write>[1]): string {
  const folder = newFolder();
  write(folder, files);
  return folder;
}

/** Two sounds of version 1 with this list of what is preloaded. */
function soundsV1(preload?: readonly Members[], files: Parameters<typeof project>[0] = {}): string {
  const lines = [entryV1(1, 's1'), entryV1(2, 's2')];
  return folderOf(
    project({
      'assets/jump/asset.json': undefined,
      'assets/jump/a.pcm': undefined,
      [INDEX]: registryV1(lines, preload),
      'assets/s1/asset.json': soundV1(1),
      'assets/s1/a.pcm': 'pc1',
      'assets/s2/asset.json': soundV1(2),
      'assets/s2/a.pcm': 'pc2',
      ...files,
    }),
  );
}

/** What a project is refused for; a build and a migration agree. */
async function refused(folder: string): Promise<string[]> {
  const before = snapshot(folder);
  const error = await migrateProject(folder).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(AssetsPaError);
  const built = await prepareBuild(folder, REAL).then(
    ({ report }) => report.toError(),
    (each: unknown) => each as AssetsPaError,
  );
  const texts = [error as AssetsPaError, built].map(({ diagnostics }) =>
    diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, where: { pointer } }) => `${code} ${pointer}`),
  );
  expect(texts[1]).toEqual(texts[0]);
  expect(snapshot(folder)).toEqual(before);
  return texts[0] as string[];
}

describe('a project of version 1', () => {
  it('is built before and after its migration to the bytes of version 2', async () => {
    const folder = legacy();
    const before = await artifactOf(folder, REAL);
    await migrateProject(folder);
    expect((await artifactOf(folder, REAL)).equals(before)).toBe(true);
    expect((await artifactOf(CURRENT, REAL)).equals(before)).toBe(true);
  });

  it('is migrated to what version 2 says', async () => {
    const folder = legacy();
    const { documents, backup } = await migrateProject(folder);
    expect(documents.map(({ path, from, to }) => [path, from, to])).toEqual(
      DOCUMENTS.map((path) => [join(folder, path), 1, 2]),
    );
    expect(documentsOf(folder)).toEqual(documentsOf(CURRENT));
    expect(backup).toBe(join(folder, 'assets/.prometeu/backup/1'));
    const kept = textsOf(
      backup as string,
      DOCUMENTS.map((path) => path.replace('assets/', '')),
    );
    expect(kept).toEqual(textsOf(legacy()));
  });

  it('has nothing to migrate the second time', async () => {
    const folder = legacy();
    await migrateProject(folder);
    const before = snapshot(folder);
    expect(await migrateProject(folder)).toEqual({ documents: [], backup: undefined });
    expect(snapshot(folder)).toEqual(before);
  });

  it('is never written by a build, which says that it could be', async () => {
    const folder = legacy();
    const before = snapshot(folder);
    const { report } = await prepareBuild(folder, { ...REAL, advise: true });
    expect(report.list).toMatchObject([
      {
        code: 'DOCUMENT_OUTDATED',
        severity: 'warning',
        where: { path: join(folder, INDEX) },
        details: { documents: 4 },
        hint: expect.stringContaining('assets-pa migrate'),
      },
    ]);
    expect(snapshot(folder)).toEqual(before);
  });

  it('keeps what a document says beside its version, and its permissions', async () => {
    const members = { $schema: './asset.schema.json', assetUuid: soundV1(1)['asset_uuid'], asset_uuid: undefined };
    const metadata = { z: 1, a: [{ deep: 'é' }], ['__proto__']: 1 };
    const folder = soundsV1([{ name: 'sound-1' }], { 'assets/s1/asset.json': soundV1(1, members, { metadata }) });
    const path = join(folder, 'assets/s1/asset.json');
    chmodSync(path, 0o640);
    await migrateProject(folder);
    const { asset_uuid, name, type, inputs } = sound(1);
    const output = { format: 'SOUND/raw_v1', codec: 'NONE', decoded_size: 3, metadata };
    expect(readJson(path)).toEqual({
      $schema: './asset.schema.json',
      schema_version: 2,
      asset_uuid,
      name,
      type,
      inputs,
      output,
      preload: { enabled: true },
    });
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('may have documents of version 2 among them', async () => {
    const second = sound(2, { preload: { enabled: true, slot: 3 } });
    const folder = soundsV1([{ name: 'sound-2', slot: 3 }], { 'assets/s2/asset.json': second });
    const before = await artifactOf(folder, REAL);
    const { documents } = await migrateProject(folder);
    expect(documents).toHaveLength(2);
    expect(readJson(join(folder, 'assets/s2/asset.json'))).toEqual(second);
    expect((await artifactOf(folder, REAL)).equals(before)).toBe(true);
  });

  it('leaves alone what is not registered, and roots that are gone', async () => {
    const orphan = soundV1(9);
    const folder = soundsV1([], { 'assets/lost/asset.json': orphan, 'assets/s2/asset.json': undefined });
    expect((await migrateProject(folder)).documents).toHaveLength(2);
    expect(readJson(join(folder, 'assets/lost/asset.json'))).toEqual(orphan);
  });

  it('is migrated where an asset that is not built has faults beside its shape', async () => {
    const folder = soundsV1([], {
      [INDEX]: registryV1([entryV1(1, 's1'), entryV1(2, 's2', { managed: false })]),
      'assets/s2/a.pcm': undefined,
    });
    expect((await migrateProject(folder)).documents).toHaveLength(3);
    expect(readJson(join(folder, INDEX))).toMatchObject({ assets: [{}, { included_in_build: false }] });
  });
});

describe('an asset.json of version 1', () => {
  it('beside a registry of version 2 is not preloaded, and can be migrated alone', async () => {
    const folder = folderOf(project({ 'assets/jump/asset.json': soundV1(1) }));
    const { plan } = await prepareBuild(folder, REAL);
    expect(plan.assets[0]).not.toHaveProperty('preload');
    const { documents } = await migrateProject(folder);
    expect(documents.map(({ artifact }) => artifact)).toEqual(['asset.json']);
    expect(readJson(join(folder, 'assets/jump/asset.json'))).toEqual(sound(1));
  });

  it('is registered, and found again by its uuid', async () => {
    const folder = folderOf(project({ 'assets/run/asset.json': soundV1(2), 'assets/run/a.pcm': 'run' }));
    expect((await registerRoot(join(folder, 'assets/run'))).outcome).toBe('registered');
    cpSync(join(folder, 'assets/run'), join(folder, 'assets/walk'), { recursive: true });
    rmSync(join(folder, 'assets/run'), { recursive: true });
    const { report } = await prepareBuild(folder, REAL);
    expect(report.list).toContainEqual(expect.objectContaining({ details: { found_in: ['walk'] } }));
    expect((await registerRoot(join(folder, 'assets/walk'))).outcome).toBe('moved');
  });

  it.each<[string, Members, Members, string[]]>([
    ['a type of version 2', { type: 'glyph_bank' }, {}, ['DECLARATION_INVALID /type']],
    ['a format of version 2', {}, { format: 'GLYPH/indexed_v1' }, ['OUTPUT_CONTRACT /output/format']],
    ['a codec of version 2', {}, { codec: 'NONE' }, ['CODEC_UNKNOWN /output/codec']],
    ['preload', { preload: { enabled: true } }, {}, ['DECLARATION_INVALID /preload']],
    ['a member that no version has', { colour: 1 }, {}, ['DECLARATION_INVALID /colour']],
    ['a member of the wrong type', { name: 7 }, {}, ['DECLARATION_INVALID /name']],
    ['a fraction', {}, { metadata: { gain: 0.5 } }, ['DECLARATION_INVALID /output/metadata/gain']],
    ['no name', { name: undefined }, {}, ['DECLARATION_INVALID ']],
    ['a name of no text', { name: '' }, {}, ['ASSET_NAME /name']],
    ['a path out of its root', { inputs: { payload: ['../x'] } }, {}, ['SOURCE_OUTSIDE_ROOT /inputs/payload/0']],
    ['a uuid of another asset', { asset_uuid: sound(8)['asset_uuid'] }, {}, ['IDENTITY_COLLISION /asset_uuid']],
  ])('with %s is refused', async (_, members, output, codes) => {
    const found = await refused(soundsV1([], { 'assets/s1/asset.json': soundV1(1, members, output) }));
    expect(found).toEqual(codes);
  });

  it('with a format of another type is migrated as it is, and no build takes it', async () => {
    const folder = soundsV1([], { 'assets/s1/asset.json': soundV1(1, {}, { format: 'TILES/indexed_v1' }) });
    await migrateProject(folder);
    expect((await prepareBuild(folder, REAL)).report.list).toMatchObject([{ code: 'OUTPUT_CONTRACT' }]);
  });
});

describe('a registry of version 1', () => {
  it.each<[string, readonly Members[], string[]]>([
    ['that no asset has', [{ name: 'sound-3' }], ['PRELOAD_INVALID /preload/0/name']],
    ['twice', [{ name: 'sound-1' }, { name: 'sound-1', slot: 2 }], ['PRELOAD_INVALID /preload/1/name']],
    ['with a slot that is none', [{ name: 'sound-1', slot: 16 }], ['PRELOAD_SLOT_RANGE /preload/0/slot']],
    ['with a member too many', [{ name: 'sound-1', at: 1 }], ['REGISTRY_INVALID /preload/0/at']],
  ])('that preloads a name %s is refused', async (_, preload, codes) => {
    expect(await refused(soundsV1(preload))).toEqual(codes);
  });

  it('that preloads a name of two assets is refused', async () => {
    const files = { 'assets/s2/asset.json': soundV1(2, { name: 'sound-1' }) };
    expect(await refused(soundsV1([{ name: 'sound-1' }], files))).toEqual(['PRELOAD_INVALID /preload/0/name']);
  });

  it.each<[string, Members]>([
    ['not preloaded', { enabled: false }],
    ['in another slot', { enabled: true, slot: 2 }],
  ])('that preloads what an asset.json of version 2 has %s is refused', async (_, preload) => {
    const files = { 'assets/s2/asset.json': sound(2, { preload }) };
    expect(await refused(soundsV1([{ name: 'sound-2', slot: 1 }], files))).toEqual(['PRELOAD_INVALID /preload/0/name']);
  });

  it.each<[string, Members, string[]]>([
    ['included_in_build', { included_in_build: true }, ['/assets/0/included_in_build']],
    ['no "managed"', { managed: undefined }, ['/assets/0']],
    ['an id of 0', { asset_id: 0 }, ['/assets/0/asset_id']],
    ['a root outside', { root: '../x' }, ['/assets/0/root']],
  ])('with %s is refused', async (_, members, pointers) => {
    const folder = folderOf(project({ [INDEX]: registryV1([entryV1(1, 'jump', members)]) }));
    const found = await refused(folder);
    expect(found).toEqual(pointers.map((each) => `REGISTRY_INVALID ${each}`));
  });

  it('is not written by register', async () => {
    const folder = soundsV1([], { 'assets/run/asset.json': sound(3) });
    const before = snapshot(folder);
    await expect(registerRoot(join(folder, 'assets/run'))).rejects.toMatchObject({ code: 'MIGRATION_REQUIRED' });
    expect(snapshot(folder)).toEqual(before);
    await migrateProject(folder);
    expect((await registerRoot(join(folder, 'assets/run'))).asset.assetId).toBe(3);
  });

  it.each([0, 3])('of version %i is refused', async (schema_version) => {
    expect(await refused(soundsV1([], { [INDEX]: registryV1([], [], { schema_version }) }))).toEqual([
      'VERSION_UNSUPPORTED /schema_version',
    ]);
  });
});

describe('a registry of version 2', () => {
  it.each<[string, Members, string]>([
    ['managed', registry([entry(1, 'jump', { managed: true, included_in_build: undefined })]), 'included_in_build'],
    ['preload', registry([entry(1, 'jump')], { preload: [] }), 'each asset.json'],
  ])('refuses %s and names what replaced it', async (name, document, hint) => {
    const folder = folderOf(project({ [INDEX]: document }));
    const { diagnostics } = (await prepareBuild(folder, REAL).then(
      undefined,
      (error: AssetsPaError) => error,
    )) as AssetsPaError;
    expect(diagnostics.find(({ actual }) => actual === name)).toMatchObject({
      code: 'REGISTRY_INVALID',
      hint: expect.stringContaining(hint),
    });
  });
});

describe('a migration', () => {
  it('changes nothing when documents change meanwhile', async () => {
    const folder = legacy();
    const path = join(folder, DOCUMENTS[1]);
    const edited = readFileSync(path, 'utf8').replace('chime', 'chime!');
    const fs = hookedFileSystem(nodeFileSystem, {
      after: (operation: string, to: string) => {
        if (operation === 'mkdir' && to.endsWith('.new')) writeFileSync(path, edited);
      },
    });
    await expect(migrateProject(folder, { fs })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(documentsOf(folder)).toMatchObject(Array.from({ length: 4 }, () => ({ schema_version: 1 })));
    expect(readFileSync(path, 'utf8')).toBe(edited);
  });

  it('is all or nothing when any one call fails', async () => {
    const texts = textsOf(legacy());
    let failed = 0;
    for (let failAt = 1, isDone = false; !isDone; failAt += 1) {
      const folder = legacy();
      let calls = 0;
      const before = () => {
        calls += 1;
        if (calls === failAt) throw Object.assign(new Error('EIO: i/o error, test'), { code: 'EIO' });
      };
      const fs: FileSystem = hookedFileSystem(nodeFileSystem, { before });
      const error: unknown = await migrateProject(folder, { fs }).then(
        () => undefined,
        (each: unknown) => each,
      );
      isDone = calls < failAt;
      failed += error === undefined ? 0 : 1;
      if (error === undefined) expect(documentsOf(folder), `call ${failAt}`).toEqual(documentsOf(CURRENT));
      else {
        expect(error, `call ${failAt}`).toBeInstanceOf(AssetsPaError);
        expect(textsOf(folder), `call ${failAt}`).toEqual(texts);
      }
      const left = Object.keys(snapshot(join(folder, 'assets'))).filter((each) => /\.[0-9a-f]{16}$|\.new/.test(each));
      expect(left, `call ${failAt}`).toEqual([]);
      // This process lives on, so a lock that it could not release is held.
      rmSync(join(folder, 'assets/.prometeu/.index.json.lock'), { force: true });
      await migrateProject(folder);
      expect(documentsOf(folder), `call ${failAt}`).toEqual(documentsOf(CURRENT));
    }
    expect(failed).toBeGreaterThan(100);
  }, 60_000);

  it('never writes through a link', async () => {
    const folder = legacy();
    const elsewhere = newFolder();
    symlinkSync(elsewhere, join(folder, 'assets/.prometeu/backup'));
    await expect(migrateProject(folder)).rejects.toMatchObject({ code: 'OUTPUT_WRITE' });
    expect(snapshot(elsewhere)).toEqual({});
    expect(textsOf(folder)).toEqual(textsOf(legacy()));
  });

  it('numbers its backups, past what is no backup', async () => {
    const folder = legacy();
    const backups = join(folder, 'assets/.prometeu/backup');
    for (const name of ['9', 'notes', '.new', '010']) mkdirSync(join(backups, name), { recursive: true });
    write(backups, { '.new/left/by/a/crash': '' });
    expect((await migrateProject(folder)).backup).toBe(join(backups, '10'));
    expect(
      Object.keys(snapshot(backups))
        .filter((each) => /^[^/]+\/$/.test(each))
        .sort(),
    ).toEqual(['010/', '10/', '9/', 'notes/']);
  });

  it('ends before it began when it is interrupted', async () => {
    const folder = legacy();
    const signal = AbortSignal.abort('SIGINT');
    await expect(migrateProject(folder, { signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(textsOf(folder)).toEqual(textsOf(legacy()));
  });
});
