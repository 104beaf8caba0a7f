/** A migration that is killed leaves a project that builds to the same bytes, and that the next migration finishes. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ENCODERS } from '../../src/workspace/encoders.js';
import { migrateProject } from '../../src/workspace/migration/migrate.js';
import { CURRENT, copyLegacy, DOCUMENTS, documentsOf, textsOf } from '../support/legacy.js';
import { namesBelow, temporaryFolders } from '../support/packing.js';
import { artifactOf } from '../support/workspace.js';

const newFolder = temporaryFolders();
const WORKER = fileURLToPath(new URL('./migrate-worker.mjs', import.meta.url));
/** Kills before every `step`th call. */
const step = Number(process.env['FAULTS_STEP'] ?? 10);
const REAL = { encoders: ENCODERS, cache: 'off' } as const;

test('killed before an exact call', async () => {
  const wanted = await artifactOf(CURRENT, REAL);
  const [originals, current] = [textsOf(copyLegacy(newFolder())), documentsOf(CURRENT)];
  const mixed = new Set<number>();
  for (let dieAt = 1, isDone = false; !isDone; dieAt += step) {
    const folder = copyLegacy(newFolder());
    isDone = spawnSync(process.execPath, [WORKER, folder, String(dieAt)]).signal === null;
    const at = `call ${dieAt}`;
    const texts = textsOf(folder);
    mixed.add(texts.filter((text, i) => text === originals[i]).length);
    for (const [i, text] of texts.entries()) {
      if (text !== originals[i]) expect(JSON.parse(text), at).toEqual(current[i]);
    }
    expect((await artifactOf(folder, REAL)).equals(wanted), at).toBe(true);
    await migrateProject(folder);
    expect(documentsOf(folder), at).toEqual(current);
    const [, ...names] = namesBelow(join(folder, 'assets')).filter((name) => name.startsWith('.prometeu'));
    expect(
      namesBelow(join(folder, 'assets')).filter((name) => /\/\.(?!prometeu)|lock/.test(name)),
      at,
    ).toEqual([]);
    expect(names.length, at).toBeGreaterThan(0);
    // Every document that was replaced is in a backup as it was.
    for (const [i, path] of DOCUMENTS.entries()) {
      const copies = [1, 2].map((n) => join(folder, 'assets/.prometeu/backup', String(n), path.replace('assets/', '')));
      const kept = copies.filter((each) => existsSync(each)).map((each) => readFileSync(each, 'utf8'));
      expect(kept, at).toContain(originals[i]);
    }
    expect((await migrateProject(folder)).documents, at).toEqual([]);
  }
  // Kills before, amid and after the documents were replaced.
  expect(mixed.has(4) && mixed.has(0)).toBe(true);
  if (step === 1) expect(mixed.size).toBe(5);
}, 300_000);
