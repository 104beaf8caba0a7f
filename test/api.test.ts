/** Programs that use the built package, the example of docs/api.md among them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assets-pa-api-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/assets-pa'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a program that has the package, and says what it printed. */
function run(code: string): string {
  writeFileSync(join(folder, 'program.mjs'), code);
  return execFileSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' });
}

it('the example of docs/api.md packs what it says', () => {
  const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
  const printed = run(/<!-- example: a test runs this -->\n```ts\n([\s\S]*?)```/.exec(page)?.[1] as string);
  const artifact = readFileSync(join(folder, 'build/assets.pa'));
  expect(printed).toMatch(new RegExp(`^${artifact.length} bytes, sha256:[0-9a-f]{64}\n$`));
  expect(artifact.subarray(0, 4).toString()).toBe('ASPA');
  expect(artifact.readBigUInt64LE(12)).toBe(BigInt(artifact.length - 800));
  expect(artifact.toString('utf8', 32)).toContain('"preload":[{"asset_id":1,"slot":0}]');
});

it('the package finds the programs of its threads', () => {
  writeFileSync(join(folder, 'payload'), 'some bytes');
  const printed = run(`
import { packAssets, toMemory } from 'assets-pa';
let started = 0;
process.on('worker', () => { started += 1; });
const plan = { schemaVersion: 1, assets: [{ assetId: 1, assetName: 'a', bankType: 'SOUNDS', file: 'payload' }] };
const [by, without] = [toMemory(), toMemory()];
await packAssets(plan, by, { threads: true });
const threads = started;
await packAssets(plan, without, { threads: false });
console.log(threads, started, Buffer.compare(by.bytes, without.bytes));
`);
  // One reads, one computes SHA-256.
  expect(printed).toBe('2 2 0\n');
});
