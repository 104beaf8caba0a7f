import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, test } from 'vitest';
import { packAssets, toDirectory } from '../../src/index.js';
import {
  asset,
  expectSameOutputs,
  leftovers,
  namesBelow,
  OUTPUTS,
  planOf,
  readOutputs,
  temporaryFolders,
  utf8,
} from '../support/packing.js';

const newFolder = temporaryFolders();
const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** Sparse: it takes no room until it is packed, and longer to pack than any test waits. */
const HUGE = 3 * 2 ** 30;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A folder with a plan of one huge payload, and a directory with the outputs of an earlier pack. */
async function scene(): Promise<{ folder: string; out: string; before: { [name: string]: Buffer } }> {
  const folder = newFolder();
  const out = join(folder, 'out');
  await packAssets(planOf(asset(1, { inline: utf8('earlier') })), toDirectory(out));
  const file = openSync(join(folder, 'huge.bin'), 'w');
  ftruncateSync(file, HUGE);
  closeSync(file);
  const assets = [{ asset_id: 1, asset_name: 'huge', bank_type: 'SCENE', file: 'huge.bin' }];
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ schema_version: 1, assets }));
  return { folder, out, before: readOutputs(out) };
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(folder: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [cli, 'pack', 'plan.json', ...args], { cwd: folder });
  children.push(child);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, ended };
}

/** Waits until the staging of `assets.pa` has grown past a few blocks: the pack is in the middle of the payload. */
async function midway(out: string, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (;;) {
    expect(isOver, 'the pack ended before it could be interrupted').toBe(false);
    const names = readdirSync(out).filter((name) => /^\.assets\.pa\.[0-9a-f]{16}\.assets\.pa$/.test(name));
    if (names[0] !== undefined && statSync(join(out, names[0])).size > 8_000_000) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a signal in the middle of a pack (W5)', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: exit %i, everything as it was', async (signal, code) => {
    const { folder, out, before } = await scene();
    const { child, ended } = start(folder, ['-o', 'out']);
    await midway(out, ended);
    child.kill(signal);
    const result = await ended;
    expect([result.code, result.signal]).toEqual([code, null]);
    expect(result.stderr).toContain('INTERRUPTED');
    expect(result.stdout).toBe('');
    expectSameOutputs(readOutputs(out), before);
    expect(leftovers(folder)).toEqual([]);
  });

  test('a second signal does not cut the cleaning up short', async () => {
    const { folder, out, before } = await scene();
    const { child, ended } = start(folder, ['-o', 'out']);
    await midway(out, ended);
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { code } = await ended;
    expect(code).toBe(130);
    expectSameOutputs(readOutputs(out), before);
    expect(leftovers(folder)).toEqual([]);
  });

  test('with --json the document is whole', async () => {
    const { folder, out } = await scene();
    const { child, ended } = start(folder, ['-o', 'out', '--json']);
    await midway(out, ended);
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(143);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      command: 'pack',
      ok: false,
      diagnostics: [{ code: 'INTERRUPTED' }],
    });
  });

  test('folders that the pack made are gone', async () => {
    const { folder } = await scene();
    mkdirSync(join(folder, 'there'));
    const { child, ended } = start(folder, ['-o', 'there/new/out']);
    const out = join(folder, 'there/new/out');
    await untilThere(out, ended);
    await midway(out, ended);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(namesBelow(join(folder, 'there'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s, while the consumer of --stdout reads nothing',
    async (signal) => {
      const { folder } = await scene();
      const child = spawn(process.execPath, [cli, 'pack', 'plan.json', '--stdout'], { cwd: folder });
      children.push(child);
      const ended = new Promise((resolve) => child.on('exit', (code, by) => resolve(code ?? by)));
      // The first bytes have come, and nobody takes the rest.
      await new Promise((resolve) => child.stdout.once('readable', resolve));
      child.kill(signal);
      // Ended by the signal itself, or with the exit code that shells give for that.
      expect([signal, signal === 'SIGINT' ? 130 : 143]).toContain(await ended);
    },
    10_000,
  );
});

describe('a pack that is killed (W5)', () => {
  test('leaves assets.pa as it was, and the next pack cleans up', async () => {
    const { folder, out, before } = await scene();
    const { child, ended } = start(folder, ['-o', 'out']);
    await midway(out, ended);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expectSameOutputs(readOutputs(out), before);
    expect(leftovers(out).length).toBeGreaterThan(1);
    truncateSync(join(folder, 'huge.bin'), 1_000);
    const next = await start(folder, ['-o', 'out']).ended;
    expect([next.code, next.stderr]).toEqual([0, '']);
    expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
    expect(readOutputs(out)['assets.pa']?.length).toBeGreaterThan(1_000);
  });

  test('while it lives, another is locked out with its process id', async () => {
    const { folder, out, before } = await scene();
    const first = start(folder, ['-o', 'out']);
    await midway(out, first.ended);
    const second = await start(folder, ['-o', 'out', '--json']).ended;
    expect(second.code).toBe(3);
    expect(JSON.parse(second.stdout).diagnostics).toMatchObject([
      { code: 'OUTPUT_LOCKED', details: { holder: { pid: first.child.pid } } },
    ]);
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    expectSameOutputs(readOutputs(out), before);
    expect(leftovers(folder)).toEqual([]);
  });
});

/** Waits until a folder is there. */
async function untilThere(path: string, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (;;) {
    expect(isOver, 'the pack ended before it could be interrupted').toBe(false);
    try {
      statSync(path);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
