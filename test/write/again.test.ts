/** Using things a second time: sinks, streams, output folders that cannot be. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { packAssets, toDirectory, toMemory, toStream } from '../../src/index.js';
import { temporaryFolders } from '../support/packing.js';

const newFolder = temporaryFolders();
const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js');

const sound = (assetId: number, members: object) => ({
  assetId,
  assetName: `s${assetId}`,
  bankType: 'SOUNDS' as const,
  ...members,
});
const good = { schemaVersion: 1 as const, assets: [sound(1, { inline: new Uint8Array(100) })] };
const bad = { schemaVersion: 1 as const, assets: [sound(-1, { inline: new Uint8Array(1) })] };

async function* bytes() {
  yield new Uint8Array([1, 2, 3]);
}

describe('a sink used again', () => {
  it('a directory keeps what the first pack published when the second plan is refused', async () => {
    const out = join(newFolder(), 'out');
    const sink = toDirectory(out);
    await packAssets(good, sink);
    const published = readFileSync(join(out, 'assets.pa'));
    writeFileSync(join(out, '.assets.pa.lock'), 'of somebody else');
    await expect(packAssets(bad, sink)).rejects.toMatchObject({ code: 'ASSET_ID_RANGE' });
    expect(readFileSync(join(out, 'assets.pa'))).toEqual(published);
    expect(readFileSync(join(out, '.assets.pa.lock'), 'utf8')).toBe('of somebody else');
  });

  it('memory holds the newest artifact, or none', async () => {
    const sink = toMemory();
    await packAssets(good, sink);
    const larger = { ...good, assets: [sound(1, { inline: new Uint8Array(5_000) })] };
    const { artifact } = await packAssets(larger, sink);
    expect(sink.bytes).toHaveLength(artifact.size);
    await expect(packAssets(bad, sink)).rejects.toMatchObject({ code: 'ASSET_ID_RANGE' });
    expect(() => sink.bytes).toThrow('the pack is not done');
  });

  it('memory shows nothing of an earlier pack once the next has begun', async () => {
    const sink = toMemory();
    await packAssets(good, sink);
    expect(sink.companions.size).toBeGreaterThan(0);
    await sink.open();
    expect(() => sink.bytes).toThrow('the pack is not done');
    expect(sink.companions.size).toBe(0);
  });

  it('a stream that is not ended takes one artifact after the other', async () => {
    const stream = new PassThrough();
    const sink = toStream(stream, { end: false });
    const sizes = [await packAssets(good, sink), await packAssets(good, sink)].map(({ artifact }) => artifact.size);
    expect((stream.read() as Buffer).length).toBe((sizes[0] as number) + (sizes[1] as number));
    expect([stream.listenerCount('error'), stream.listenerCount('close')]).toEqual([0, 0]);
  });
});

describe('a payload stream', () => {
  it('is taken once: a second use is refused, never packed as empty', async () => {
    const stream = bytes();
    const twice = { schemaVersion: 1 as const, assets: [sound(1, { stream }), sound(2, { stream })] };
    await expect(packAssets(twice, toMemory())).rejects.toThrow(TypeError);
    const once = bytes();
    const plan = { schemaVersion: 1 as const, assets: [sound(1, { stream: once })] };
    await packAssets(plan, toMemory());
    await expect(packAssets(plan, toMemory())).rejects.toThrow('it can be read only once');
  });

  it('is not taken by a dry run', async () => {
    const plan = { schemaVersion: 1 as const, assets: [sound(1, { stream: bytes(), size: 3 })] };
    const dry = await packAssets(plan, toMemory(), { dryRun: true });
    expect((await packAssets(plan, toMemory())).artifact.size).toBe(dry.artifact.size);
  });

  it.each<[string, (stream: PassThrough) => object]>([
    ['another version', (stream) => ({ schemaVersion: 2, assets: [sound(1, { stream })] })],
    [
      'two payload sources',
      (stream) => ({ schemaVersion: 1, assets: [sound(1, { stream, inline: new Uint8Array() })] }),
    ],
    [
      'a value that no document can hold',
      (stream) => ({
        schemaVersion: 1,
        assets: [sound(1, { stream }), sound(2, { metadata: { a: 1.5 }, inline: new Uint8Array() })],
      }),
    ],
  ])('is let go of when the plan has %s', async (_, planOf) => {
    const stream = new PassThrough();
    await expect(packAssets(planOf(stream) as typeof good, toMemory())).rejects.toThrow();
    expect(stream.destroyed).toBe(true);
  });

  it('keeps the process waiting, so that it cannot vanish with the lock in place', () => {
    const folder = newFolder();
    const script = `
import { PassThrough } from 'node:stream';
import { packAssets, toDirectory } from '${resolve(import.meta.dirname, '../../dist/lib/index.js')}';
const asset = { assetId: 1, assetName: 'a', bankType: 'SOUNDS', stream: new PassThrough() };
const signal = AbortSignal.timeout(300);
await packAssets({ schemaVersion: 1, assets: [asset] }, toDirectory('out'), { signal }).catch((error) => console.log(error.code));
`;
    writeFileSync(join(folder, 'wait.mjs'), script);
    const { stdout, status } = spawnSync(process.execPath, ['wait.mjs'], { cwd: folder, encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: 'INTERRUPTED\n', status: 0 });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

describe.skipIf(process.platform !== 'linux')('an output folder that can never be', () => {
  it('is refused at once, also where the system says ENOENT for good', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'plan.json'), '{"schema_version":1,"assets":[]}');
    const args = [MAIN, 'pack', 'plan.json', '-o', '/proc/assets-pa/out'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 30_000 });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error\[W4\] OUTPUT_WRITE \/proc\/assets-pa\/out: .*\(ENOENT\)\n$/);
  });
});
