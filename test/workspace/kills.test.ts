/** A registration that is killed gave its id, or did not; and no id is ever given to two assets. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { initProject } from '../../src/workspace/init.js';
import { registerRoot } from '../../src/workspace/register.js';
import { readRegistry } from '../../src/workspace/registry.js';
import { namesBelow, temporaryFolders } from '../support/packing.js';
import { INDEX } from '../support/workspace.js';

const newFolder = temporaryFolders();
const WORKER = fileURLToPath(new URL('./register-worker.mjs', import.meta.url));
/** Kills before every `step`th call. */
const step = Number(process.env['FAULTS_STEP'] ?? 10);

test('killed before an exact call', async () => {
  const folder = newFolder();
  await initProject(folder);
  const path = join(folder, INDEX);
  const read = () => readRegistry(readFileSync(path), path);
  const given = new Map<string, number>();
  let killed = 0;
  for (let dieAt = 1, isDone = false; !isDone; dieAt += step) {
    const root = join(folder, `assets/root-${dieAt}`);
    const before = read();
    const { signal } = spawnSync(process.execPath, [WORKER, root, String(dieAt)]);
    isDone = signal === null;
    killed += isDone ? 0 : 1;
    const after = read();
    const isNew = after.assets.length > before.assets.length;
    expect(after.assets.length - before.assets.length, `at call ${dieAt}`).toBe(isNew ? 1 : 0);
    expect(after.nextAssetId, `at call ${dieAt}`).toBe(before.nextAssetId + (isNew ? 1 : 0));
    // Whoever comes next finds the same asset, or the next id; nothing that was left is in the way.
    const wasMade = existsSync(join(root, 'asset.json'));
    const { asset, created, outcome } = await registerRoot(root, { create: { type: 'scene_bank' } });
    expect([created === undefined, outcome], `at call ${dieAt}`).toEqual([wasMade, isNew ? 'unchanged' : 'registered']);
    expect(asset.assetId, `at call ${dieAt}`).toBe(before.nextAssetId);
    given.set(asset.assetUuid, asset.assetId);
    expect(namesBelow(join(folder, 'assets/.prometeu'))).toEqual(['.gitignore', 'index.json']);
  }
  expect(killed).toBeGreaterThan(3);
  expect(new Set(given.values()).size).toBe(given.size);
  expect(read().assets.map(({ assetUuid, assetId }) => [assetUuid, assetId])).toEqual([...given]);
}, 120_000);
