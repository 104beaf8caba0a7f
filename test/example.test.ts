import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { packAssets, toMemory } from '../src/index.js';

const example = fileURLToPath(new URL('../docs/example', import.meta.url));
const committed = join(example, 'payload');
const made = mkdtempSync(join(tmpdir(), 'assets-pa-example-'));

afterAll(() => rmSync(made, { recursive: true, force: true }));

describe('the bundled example', () => {
  test('make.mjs makes the committed payload files, byte for byte', () => {
    execFileSync(process.execPath, [join(example, 'make.mjs'), made]);
    const names = readdirSync(made).sort();
    expect(names).toEqual(readdirSync(committed).sort());
    for (const name of names) {
      expect(readFileSync(join(made, name)).equals(readFileSync(join(committed, name))), name).toBe(true);
    }
  });

  test('the plan packs without a warning', async () => {
    const result = await packAssets(readFileSync(join(example, 'plan.json')), toMemory(), { folder: example });
    expect(result).toMatchObject({ assetCount: 4, preloadCount: 2, diagnostics: [], layout: { alignment: 16 } });
  });
});
