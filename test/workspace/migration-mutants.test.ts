/** Mutated documents of version 1: refused by a build and by a migration alike, or migrated to a project that builds to the same bytes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { ENCODERS } from '../../src/workspace/encoders.js';
import { migrateProject } from '../../src/workspace/migration/migrate.js';
import { fromLatin1, toLatin1, utf8 } from '../fuzz/mutate-bytes.ts';
import { JSON_TOKENS, mutateJson } from '../fuzz/mutate-json.ts';
import { Random } from '../fuzz/random.ts';
import { copyLegacy, DOCUMENTS, textsOf } from '../support/legacy.js';
import { temporaryFolders } from '../support/packing.js';
import { artifactOf } from '../support/workspace.js';

const newFolder = temporaryFolders();
const REAL = { encoders: ENCODERS, cache: 'off' } as const;
const turns = Number(process.env['MIGRATION_MUTANTS'] ?? 80);
const WORDS = ['tile_bank', 'glyph_bank', 'TILES/indexed_v1', 'GLYPH/indexed_v1', 'RAW', 'NONE', 'chime', 'garden'];
const NAMES = ['preload', 'managed', 'included_in_build', 'name', 'slot', 'assetUuid', 'schemaVersion', '__proto__'];

/** The bytes of a project, or what stops its build. */
async function outcomeOf(folder: string): Promise<Buffer | string> {
  try {
    return await artifactOf(folder, REAL);
  } catch (error) {
    if (error instanceof AssetsPaError) return error.code;
    throw error;
  }
}

it('are refused, or migrated to the same artifact', async () => {
  const random = new Random(20_261_120);
  const tokens = [...JSON_TOKENS, ...WORDS.map((each) => utf8(JSON.stringify(each)))];
  const names = NAMES.map((each) => utf8(JSON.stringify(each)));
  const counts = { migrated: 0, same: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    const folder = copyLegacy(newFolder());
    const path = join(folder, random.pick(DOCUMENTS));
    const other = toLatin1(readFileSync(join(folder, random.pick(DOCUMENTS))));
    writeFileSync(path, fromLatin1(mutateJson(random, toLatin1(readFileSync(path)), { tokens, names, other })));
    const texts = textsOf(folder);
    const where = `turn ${turn}:\n${readFileSync(path, 'utf8')}`;
    const before = await outcomeOf(folder);
    let isDone = true;
    try {
      await migrateProject(folder);
    } catch (error) {
      if (!(error instanceof AssetsPaError)) throw new Error(where, { cause: error });
      isDone = false;
      expect(textsOf(folder), where).toEqual(texts);
    }
    // What is built can be migrated, unless only an asset is broken that is not built.
    if (isDone) {
      counts.migrated += 1;
      const after = await outcomeOf(folder);
      expect(after, where).toEqual(before);
      if (typeof after !== 'string') counts.same += 1;
      expect((await migrateProject(folder)).documents, where).toEqual([]);
    } else if (typeof before !== 'string') expect(texts.at(-1), where).toContain('false');
    rmSync(folder, { recursive: true });
  }
  expect(counts.migrated).toBeGreaterThan(turns / 20);
  expect(counts.same).toBeGreaterThan(0);
}, 600_000);
