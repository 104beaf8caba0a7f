/** From a project to a plan: what is built, what is reused, and that it makes no difference to the bytes. */
import { chmodSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packAssets, toDirectory } from '../../src/index.js';
import { prepareBuild } from '../../src/workspace/prepare.js';
import { guarded } from '../../src/write/guarded-sink.js';
import { temporaryFolders } from '../support/packing.js';
import { type Files, snapshot, write } from '../support/plan-folders.js';
import {
  artifactOf,
  entry,
  examine,
  glyphs,
  INDEX,
  type Members,
  registry,
  sound,
  sounds,
  withStandIn,
} from '../support/workspace.js';

const newFolder = temporaryFolders();
const CACHE = 'assets/.prometeu/cache/v1';

/** A project of glyph banks in the roots `g1`, `g2`, ...; contents differ. */
function glyphProject(count: number, members: (n: number) => Members = () => ({})): Files {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const files: { [path: string]: string | object } = { [INDEX]: registry(numbers.map((n) => entry(n, `g${n}`))) };
  for (const n of numbers) {
    files[`assets/g${n}/asset.json`] = glyphs(n, { name: `glyphs-${n}`, ...members(n) });
    files[`assets/g${n}/a.png`] = `tile ${n}`;
  }
  return files;
}

function folderOf(files: Files): string {
  const folder = newFolder();
  write(folder, files);
  return folder;
}

/** Builds and says which banks were encoded anew. */
async function built(folder: string): Promise<{ bytes: Buffer; encoded: number }> {
  let encoded = 0;
  const bytes = await artifactOf(folder, { encoders: withStandIn(() => (encoded += 1)) });
  return { bytes, encoded };
}

/** The bytes of a build that knows nothing of earlier ones. */
function fresh(folder: string): Promise<Buffer> {
  return artifactOf(folder, { cache: 'off' });
}

describe('a plan', () => {
  it('holds what is registered and included, by id', async () => {
    const entries = [entry(1, 's1'), entry(2, 's2', { included_in_build: false }), entry(3, 's3')];
    const files = sounds(4, { [INDEX]: registry(entries, { next_asset_id: 9 }) });
    const { plan, report, counts } = await prepareBuild(folderOf(files));
    expect(plan.assets.map(({ assetId, assetName }) => [assetId, assetName])).toEqual([
      [1, 'sound-1'],
      [3, 'sound-3'],
    ]);
    expect(report.list.map(({ code, where }) => [code, where.path?.endsWith('s4/asset.json')])).toEqual([
      ['ANCHOR_ORPHAN', true],
    ]);
    expect(counts).toMatchObject({ registered: 3, included: 2, inputs: { files: 2, bytes: 6 } });
  });

  it('has every member of a declaration in its place', async () => {
    const output = {
      metadata: { loop: true },
      codec_configuration: { rate: 22_050 },
      pipeline: { by: 'hand' },
      decoded_size: '12',
    };
    const folder = folderOf(
      sounds(2, {
        'assets/s1/asset.json': sound(1, { preload: { enabled: true, slot: 3 } }, output),
        'assets/s2/asset.json': sound(
          2,
          { type: 'scene_bank', preload: { enabled: true } },
          { format: 'SCENE/raw_v1' },
        ),
      }),
    );
    const { plan, report } = await prepareBuild(folder);
    expect(report.list).toEqual([]);
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    expect(plan.assets).toEqual([
      {
        assetId: 1,
        assetName: 'sound-1',
        bankType: 'SOUNDS',
        codec: 'NONE',
        decodedSize: 12,
        metadata: { loop: true },
        codecConfiguration: { rate: 22_050 },
        pipeline: { by: 'hand' },
        file: 'assets/s1/a.pcm',
        size: 3,
        digest,
        preload: { slot: 3 },
      },
      {
        assetId: 2,
        assetName: 'sound-2',
        bankType: 'SCENE',
        codec: 'NONE',
        decodedSize: 3,
        metadata: {},
        file: 'assets/s2/a.pcm',
        size: 3,
        digest,
        preload: {},
      },
    ]);
  });

  it('keeps what is parked from stopping a build', async () => {
    const files = sounds(2, {
      [INDEX]: registry([entry(1, 's1'), entry(2, 's2', { included_in_build: false })]),
      'assets/s2/asset.json': '{',
    });
    const { diagnostics } = await examine(folderOf(files));
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['DECLARATION_INVALID', 'info']]);
  });

  it('reports every fault of every asset at once', async () => {
    const files = sounds(4, {
      'assets/s1/asset.json': sound(1, { name: '' }, { codec: 'ZIP' }),
      'assets/s2/asset.json': '',
      'assets/s3/asset.json': sound(3, { inputs: { payload: ['b.pcm'] } }),
      'assets/s4/asset.json': sound(4, { preload: { enabled: true, slot: 99 } }, { format: 'X' }),
    });
    const { report } = await prepareBuild(folderOf(files));
    expect(report.list.map(({ code, asset_id }) => `${asset_id} ${code}`)).toEqual([
      '1 ASSET_NAME',
      '2 DECLARATION_INVALID',
      '3 INPUT_MISSING',
      '4 OUTPUT_CONTRACT',
      '4 PRELOAD_SLOT_RANGE',
    ]);
  });
});

describe('the cache', () => {
  it('saves what did not change, and changes no byte', async () => {
    const folder = folderOf(glyphProject(5));
    const cold = await built(folder);
    const warm = await built(folder);
    expect([cold.encoded, warm.encoded]).toEqual([5, 0]);
    expect(warm.bytes.equals(cold.bytes)).toBe(true);
    expect(cold.bytes.equals(await fresh(folder))).toBe(true);
    writeFileSync(join(folder, 'assets/g3/a.png'), 'new tile');
    const changed = await built(folder);
    expect(changed.encoded).toBe(1);
    expect(changed.bytes.equals(cold.bytes)).toBe(false);
    expect(changed.bytes.equals(await fresh(folder))).toBe(true);
  });

  it('is decided by content, not by time stamps', async () => {
    const folder = folderOf(glyphProject(1));
    const path = join(folder, 'assets/g1/a.png');
    utimesSync(path, 1_000, 1_000);
    const before = await built(folder);
    writeFileSync(path, 'tile 2');
    utimesSync(path, 1_000, 1_000);
    const after = await built(folder);
    expect(after.encoded).toBe(1);
    expect(after.bytes.equals(before.bytes)).toBe(false);
    utimesSync(path, 2_000, 2_000);
    expect((await built(folder)).encoded).toBe(0);
  });

  it.each<[string, Members]>([
    ['metadata', { output: { format: 'GLYPH/indexed_v1', codec: 'NONE', metadata: { mood: 'dark' } } }],
    ['build', { build: { tile_size: 8 } }],
    ['the order of inputs', { inputs: { tiles: ['b.png', 'a.png'] } }],
  ])('notices another %s', async (_, members) => {
    const folder = folderOf({
      ...glyphProject(1, () => ({ inputs: { tiles: ['a.png', 'b.png'] } })),
      'assets/g1/b.png': 'second',
    });
    await built(folder);
    write(folder, {
      'assets/g1/asset.json': glyphs(1, { name: 'glyphs-1', inputs: { tiles: ['a.png', 'b.png'] }, ...members }),
    });
    const { bytes, encoded } = await built(folder);
    expect(encoded).toBe(1);
    expect(bytes.equals(await fresh(folder))).toBe(true);
  });

  it("gives no name, id or slot: those are the declaration's", async () => {
    const folder = folderOf(glyphProject(1));
    await built(folder);
    write(folder, { 'assets/g1/asset.json': glyphs(1, { name: 'other', preload: { enabled: true, slot: 9 } }) });
    const { bytes, encoded } = await built(folder);
    expect(encoded).toBe(0);
    expect(bytes.equals(await fresh(folder))).toBe(true);
  });

  it('repeats warnings', async () => {
    const folder = folderOf({ ...glyphProject(1), 'assets/g1/a.png': '!' });
    const found = async () => (await prepareBuild(folder, { encoders: withStandIn() })).report.list;
    const first = await found();
    expect(first).toMatchObject([{ code: 'PATH_NAMING', asset_id: 1, where: { pointer: '/inputs/tiles/0' } }]);
    expect(await found()).toEqual(first);
  });

  it('keeps nothing of an asset with a fault', async () => {
    const folder = folderOf({ ...glyphProject(1), 'assets/g1/a.png': '?' });
    await expect(built(folder)).rejects.toMatchObject({ code: 'OUTPUT_CONTRACT' });
    expect(() => readdirSync(join(folder, CACHE))).toThrow('ENOENT');
  });

  it.each<[string, (path: string) => void]>([
    ['is cut', (path) => writeFileSync(path, readFileSync(path).subarray(0, 100))],
    ['is empty', (path) => writeFileSync(path, '')],
    ['has one bit flipped', (path) => writeFileSync(path, flipped(readFileSync(path)))],
    ['is a folder', (path) => write(path.replace(/[^/]+$/, ''), remade(path))],
    ['is a link', (path) => relinked(path)],
  ])('passes over an entry that %s', async (_, damage) => {
    const folder = folderOf(glyphProject(1));
    const { bytes } = await built(folder);
    const [name] = readdirSync(join(folder, CACHE)) as [string];
    damage(join(folder, CACHE, name));
    const again = await built(folder);
    expect(again.encoded).toBe(1);
    expect(again.bytes.equals(bytes)).toBe(true);
  });

  it('may be deleted, and may be impossible', async () => {
    const folder = folderOf(glyphProject(2));
    const { bytes } = await built(folder);
    rmSync(join(folder, 'assets/.prometeu/cache'), { recursive: true });
    expect((await built(folder)).encoded).toBe(2);
    rmSync(join(folder, 'assets/.prometeu/cache'), { recursive: true });
    writeFileSync(join(folder, 'assets/.prometeu/cache'), 'in the way');
    const { bytes: again, encoded } = await built(folder);
    expect([again.equals(bytes), encoded]).toEqual([true, 2]);
  });

  it('never writes or removes anything through a link', async () => {
    const elsewhere = folderOf({ [`v1/${'a'.repeat(64)}`]: 'precious' });
    const folder = folderOf(glyphProject(1));
    symlinkSync(elsewhere, join(folder, 'assets/.prometeu/cache'));
    const before = snapshot(elsewhere);
    const prepared = await prepareBuild(folder, { encoders: withStandIn() });
    await prepared.prune();
    expect(snapshot(elsewhere)).toEqual(before);
  });
});

/** The last bit of a payload, changed. */
function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  return bytes;
}

function remade(path: string): Files {
  rmSync(path);
  return { [`${path.split('/').at(-1)}/file`]: '' };
}

function relinked(path: string): void {
  const bytes = readFileSync(path);
  rmSync(path);
  writeFileSync(`${path}.moved`, bytes);
  symlinkSync(`${path}.moved`, path);
}

describe('publication', () => {
  it('changes nothing when the project changes meanwhile', async () => {
    const folder = folderOf(sounds(2));
    const out = join(folder, 'build');
    await packAssets({ schemaVersion: 1, assets: [] }, toDirectory(out));
    const before = snapshot(out);
    const prepared = await prepareBuild(folder);
    const sink = guarded(toDirectory(out), async () => {
      writeFileSync(join(folder, 'assets/s1/asset.json'), JSON.stringify(sound(1, { name: 'new' })));
      await prepared.revalidate();
    });
    await expect(packAssets(prepared.plan, sink, { folder })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(snapshot(out)).toEqual(before);
  });

  it('refuses a payload that changed behind its time stamp', async () => {
    const folder = folderOf(sounds(1));
    const path = join(folder, 'assets/s1/a.pcm');
    utimesSync(path, 1_000, 1_000);
    const prepared = await prepareBuild(folder);
    writeFileSync(path, '999');
    utimesSync(path, 1_000, 1_000);
    const out = join(folder, 'build');
    await expect(packAssets(prepared.plan, toDirectory(out), { folder })).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });

  it.skipIf(process.getuid?.() === 0)('names an input that cannot be read', async () => {
    const folder = folderOf(sounds(1));
    chmodSync(join(folder, 'assets/s1/a.pcm'), 0);
    const { report } = await prepareBuild(folder);
    expect(report.list).toMatchObject([{ code: 'SOURCE_READ', asset_id: 1 }]);
  });
});
