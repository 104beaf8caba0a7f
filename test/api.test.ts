/** The example of docs/api.md, run against the built package. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

it('the example of docs/api.md packs what it says', () => {
  const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
  const code = /<!-- example: a test runs this -->\n```ts\n([\s\S]*?)```/.exec(page)?.[1] as string;
  const folder = mkdtempSync(join(tmpdir(), 'assets-pa-api-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/assets-pa'));
    writeFileSync(join(folder, 'example.mjs'), code);
    const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
    const artifact = readFileSync(join(folder, 'build/assets.pa'));
    expect(printed).toMatch(new RegExp(`^${artifact.length} bytes, sha256:[0-9a-f]{64}\n$`));
    expect(artifact.subarray(0, 4).toString()).toBe('ASPA');
    expect(artifact.readBigUInt64LE(12)).toBe(BigInt(artifact.length - 800));
    expect(artifact.toString('utf8', 32)).toContain('"preload":[{"asset_id":1,"slot":0}]');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
