/** What tests of the writer share: folders, plans, outputs, failures. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type AssetInput, AssetsPaError, type PlanInput } from '../../src/index.js';

/** The files of an output directory, in the order of publication. */
export const OUTPUTS = ['asset_table.json', 'preload.json', 'asset_table_metadata.json', 'assets.pa'] as const;

/** Gives new empty folders, as real paths; all are removed after the tests of the file. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assets-pa-test-')));
    made.push(folder);
    return folder;
  };
}

/** A plan in program form. */
export function planOf(...assets: AssetInput[]): PlanInput {
  return { schemaVersion: 1, assets };
}

/** An asset of a bank without a rule, named after its id. */
export function asset(assetId: number, members: Partial<AssetInput>): AssetInput {
  return { assetId, assetName: `asset-${assetId}`, bankType: 'SOUNDS', ...members };
}

/** UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes that do not repeat within a block and differ by seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  for (let i = 0; i < length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

/** Yields bytes in the given pieces; the last takes what is left. */
export async function* inPieces(bytes: Uint8Array, lengths: Iterable<number>): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of lengths) {
    yield bytes.subarray(at, at + length);
    at = Math.min(bytes.length, at + length);
  }
  if (at < bytes.length) yield bytes.subarray(at);
}

/** The outputs in a folder; what is not there is absent. */
export function readOutputs(folder: string): { [name: string]: Buffer } {
  const found = OUTPUTS.filter((name) => existsSync(join(folder, name)));
  return Object.fromEntries(found.map((name) => [name, readFileSync(join(folder, name))]));
}

/** Compares outputs without printing megabytes. */
export function expectSameOutputs(found: { [name: string]: Buffer }, expected: { [name: string]: Uint8Array }): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, bytes] of Object.entries(expected)) {
    expect(found[name]?.equals(bytes), `${name} is not what it was`).toBe(true);
  }
}

/** Compares bytes without printing megabytes. */
export function expectSameBytes(found: Uint8Array, expected: Uint8Array): void {
  if (found.length < 4_096 && expected.length < 4_096) {
    expect(Buffer.from(found).toString('latin1')).toBe(Buffer.from(expected).toString('latin1'));
  }
  expect(found.length).toBe(expected.length);
  expect(Buffer.compare(found, expected), 'the bytes differ').toBe(0);
}

/** Paths below a folder, relative to it; links are named, not followed. */
export function namesBelow(folder: string): string[] {
  const names: string[] = [];
  for (const folders = ['']; folders.length > 0; ) {
    const at = folders.pop() as string;
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      names.push(at + entry.name);
      if (entry.isDirectory()) folders.push(`${at}${entry.name}/`);
    }
  }
  return names.sort();
}

/** Unfinished files below a folder: staging, locks, spools, backups. */
export function leftovers(folder: string): string[] {
  return namesBelow(folder).filter((name) => /(^|\/)\.assets\.pa\./.test(name));
}

/** What this process holds open below a folder; always nothing where the system does not say. */
export function openBelow(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return paths.filter((path) => path.startsWith(folder));
}

/** The error of a pack that has to fail with diagnostics. */
export async function failureOfPack(pack: Promise<unknown>): Promise<AssetsPaError> {
  const error = await pack.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return expect.unreachable('the pack did not fail');
  if (error instanceof AssetsPaError) return error;
  throw error;
}

/** The code of an outcome: `ok`, a diagnostic's code, or the name of an error that carries none. */
export function codeOf(pack: Promise<unknown>): Promise<string> {
  return pack.then(
    () => 'ok',
    (error: unknown) => (error instanceof AssetsPaError ? error.code : `not an AssetsPaError: ${error}`),
  );
}

/** Lets everything run that is ready to run, so that a rejection that nobody handles comes out. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Collects rejections that nobody handles. The test runner fails on them too, but later and without the place. */
export function watchRejections(): { readonly list: unknown[]; stop(): void } {
  const list: unknown[] = [];
  const onRejection = (reason: unknown) => list.push(reason);
  process.on('unhandledRejection', onRejection).on('uncaughtExceptionMonitor', onRejection);
  return {
    list,
    stop: () => process.off('unhandledRejection', onRejection).off('uncaughtExceptionMonitor', onRejection),
  };
}

/** A promise with its resolver outside. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
