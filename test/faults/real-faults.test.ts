/** Faults that the operating system itself makes: full disks, limits, file systems that are read-only, payload files that change (W3, W5). */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { blockingFileSystem } from '../../src/host/blocking-fs.js';
import { nodeFileSystem } from '../../src/host/fs.js';
import { type PackProgress, packAssets, toDirectory } from '../../src/index.js';
import { asset, codeOf, openBelow, planOf, settled, watchRejections } from '../support/packing.js';
import { Worker } from './support/processes.js';
import { CLI, isExactly, type KnownPlan, lookAt, makePlan, putOutputs, Scratch, shown } from './support/scene.js';
import { fillDisk, missingForMounts } from './support/small-disk.js';

const scratch = new Scratch();
afterAll(() => scratch.remove(), 60_000);

let rejections: ReturnType<typeof watchRejections>;
beforeEach(() => {
  rejections = watchRejections();
});
afterEach(async () => {
  await settled();
  rejections.stop();
  expect(rejections.list).toEqual([]);
});

const isFull = process.env['FAULTS'] === 'full';
const missing = missingForMounts();
if (missing !== undefined) console.info(`skipped: full disks and read-only file systems, which need ${missing}`);

describe.skipIf(missing !== undefined)('a disk that runs full at every block', () => {
  it.each([
    { by: 'blocks', again: false, size: 30_000, cli: 7 },
    { by: 'blocks', again: true, size: 30_000, cli: 0 },
    { by: 'blocks', again: false, size: 30_000, cli: 0, spooled: true },
    { by: 'inodes', again: true, size: 5_000, cli: 4 },
  ] as const)(
    '%o',
    async (options) => {
      const { counts, violations } = await fillDisk(isFull ? { ...options, size: 20 * options.size, cli: 1 } : options);
      console.info(`full disk, ${JSON.stringify(options)}: ${counts}`);
      expect(violations).toEqual([]);
      expect(counts.of('steps')).toBeGreaterThan(options.by === 'blocks' ? 10 : 3);
    },
    600_000,
  );
});

interface Scene {
  readonly folder: string;
  readonly out: string;
  readonly old: KnownPlan;
  readonly fresh: KnownPlan;
}

/** A directory with the outputs of an earlier pack, and a plan for the next. */
async function scene(size = 100_000): Promise<Scene> {
  const folder = scratch.folder();
  const [old, fresh] = [await makePlan(folder, 1, 2_000), await makePlan(folder, 2, size)];
  const out = join(folder, 'out');
  putOutputs(out, old.outputs);
  return { folder, out, old, fresh };
}

/** Runs the command line by a line of the shell, in which `"$@"` is the command. */
function shell(
  line: string,
  args: readonly string[],
): { status: number | null; document: { code: string; system: unknown }; stderr: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', process.execPath, CLI, ...args], {
    encoding: 'utf8',
  });
  const { ok, diagnostics = [] } = stdout.startsWith('{') ? JSON.parse(stdout) : {};
  const document = { code: ok ? 'ok' : diagnostics[0]?.code, system: diagnostics[0]?.details?.system };
  return { status, document, stderr };
}

function expectExactly({ out, old, fresh }: Scene, which: 'old' | 'fresh'): void {
  const found = lookAt(out, [old.outputs, fresh.outputs]);
  expect(isExactly(found, which === 'old' ? 0 : 1), shown(found)).toBe(true);
}

describe('limits of the process', () => {
  // Units of 1,024 bytes. Node ignores SIGXFSZ, so that the write fails instead of the process.
  it.each(isFull ? [0, 1, 2, 4, 8, 16, 32, 64, 96] : [0, 8, 96])('files of at most %i KiB: EFBIG', async (limit) => {
    const it = await scene();
    const { status, document } = shell(`ulimit -f ${limit}; exec "$@"`, [
      'pack',
      it.fresh.path,
      '-o',
      it.out,
      '--json',
    ]);
    expect([status, document]).toEqual([3, { code: 'OUTPUT_WRITE', system: 'EFBIG' }]);
    expectExactly(it, 'old');
  });

  test('files of less than the threads write: EFBIG', async () => {
    const it = await scene();
    const plan = join(it.folder, 'long.json');
    writeFileSync(join(it.folder, 'long.bin'), '');
    truncateSync(join(it.folder, 'long.bin'), 2 ** 25 + 1);
    const asset = { asset_id: 0, asset_name: 'long', bank_type: 'SCENE', file: 'long.bin' };
    writeFileSync(plan, JSON.stringify({ schema_version: 1, assets: [asset] }));
    const args = ['pack', plan, '-o', it.out, '--digest', 'xxh64', '--json'];
    const { status, document } = shell('ulimit -f 20000; exec "$@"', args);
    expect([status, document]).toEqual([3, { code: 'OUTPUT_WRITE', system: 'EFBIG' }]);
    expectExactly(it, 'old');
  });

  test('a limit that is just enough', async () => {
    const it = await scene();
    const { status } = shell('ulimit -f 110; exec "$@"', ['pack', it.fresh.path, '-o', it.out, '--json']);
    expect(status).toBe(0);
    expectExactly(it, 'fresh');
  });

  /** A plan of many payload files. */
  function manyFiles(folder: string, count: number): string {
    const assets = Array.from({ length: count }, (_, i) => {
      writeFileSync(join(folder, `${i}.bin`), `payload ${i}`);
      return { asset_id: i, asset_name: `asset ${i}`, bank_type: 'SCENE', file: `${i}.bin` };
    });
    writeFileSync(join(folder, 'many.json'), JSON.stringify({ schema_version: 1, assets }));
    return join(folder, 'many.json');
  }

  // Node itself does not load its modules with fewer than about 60.
  test('64 open files are enough for thousands of payload files', async () => {
    const { folder, out } = await scene();
    const args = ['pack', manyFiles(folder, isFull ? 20_000 : 2_000), '-o', out, '--json'];
    const { status, document, stderr } = shell('ulimit -n 64; exec "$@"', args);
    expect([status, document, stderr]).toEqual([0, { code: 'ok', system: undefined }, '']);
    expect(lookAt(out, []).leftovers).toEqual([]);
  }, 600_000);

  const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
  if (!hasPrlimit) console.info('skipped: a process whose limit of open files is lowered, which needs prlimit');

  test.skipIf(!hasPrlimit)(
    'a process that may open one file more than it has, two, three: EMFILE or done',
    async () => {
      const it = await scene();
      const plan = manyFiles(it.folder, 200);
      const outcomes: string[] = [];
      // Each descriptor counts: with as few as it needs, the pack goes through.
      for (let extra = 0; outcomes.at(-1) !== 'ok'; extra += 1) {
        expect(extra, 'no number of open files is enough').toBeLessThan(12);
        const worker = new Worker();
        await worker.ready;
        const open = new Set(readdirSync(`/proc/${worker.child.pid}/fd`).map(Number));
        // New files get the lowest numbers that are free: so many of them stay below the limit.
        let limit = 0;
        for (let free = 0; free < extra || open.has(limit); limit += 1) if (!open.has(limit)) free += 1;
        spawnSync('prlimit', ['--pid', String(worker.child.pid), `--nofile=${limit}`]);
        const answer = await worker.run({ plan, out: it.out, blocking: true });
        await worker.kill();
        const isRead = answer?.code === 'EMFILE' && extra === 0;
        if (answer?.code !== 'ok') {
          // Without a descriptor not even the plan can be read.
          if (!isRead)
            expect([expect.stringMatching(/^(OUTPUT_WRITE|SOURCE_READ)$/), 'EMFILE']).toEqual([
              answer?.code,
              answer?.details?.['system'],
            ]);
          expectExactly(it, 'old');
        }
        outcomes.push(answer?.code ?? 'nothing');
      }
      console.info(`descriptors more than at rest: ${outcomes.map((code, extra) => `${extra} ${code}`).join(', ')}`);
      expect(outcomes.length).toBeGreaterThan(1);
      expect(lookAt(it.out, []).leftovers).toEqual([]);
    },
    600_000,
  );
});

const hasFull = existsSync('/dev/full');
if (!hasFull) console.info('skipped: a device that is full, which needs /dev/full');

test.skipIf(!hasFull)('--stdout into a device that is full: exit 3, ENOSPC', async () => {
  const { fresh } = await scene();
  const { status, stderr } = shell('exec "$@" > /dev/full', ['pack', fresh.path, '--stdout']);
  expect(status).toBe(3);
  expect(stderr).toContain('OUTPUT_WRITE');
  expect(stderr).toContain('ENOSPC');
});

describe.skipIf(missing !== undefined)('a place that cannot be written', () => {
  test('a read-only file system: exit 3, EROFS', async () => {
    const it = await scene();
    const line = `mount --bind "${it.out}" "${it.out}" && mount -o remount,bind,ro "${it.out}" && exec "$@"`;
    const args = ['-m', '--', 'bash', '-c', line, 'bash', process.execPath, CLI];
    const run = spawnSync('unshare', [...args, 'pack', it.fresh.path, '-o', it.out, '--json'], { encoding: 'utf8' });
    expect(run.status).toBe(3);
    expect(JSON.parse(run.stdout).diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EROFS' } }]);
    expectExactly(it, 'old');
  });

  test('an immutable directory: exit 3', async ({ skip }) => {
    // Not every file system has the flag, and those in memory do not.
    const onDisk = new Scratch(tmpdir());
    const out = join(onDisk.folder(), 'out');
    const { old, fresh } = await scene();
    putOutputs(out, old.outputs);
    try {
      if (spawnSync('chattr', ['+i', out]).status !== 0) {
        console.info('skipped: an immutable directory, which needs chattr and a file system that has it');
        skip();
      }
      const { status, document } = shell('exec "$@"', ['pack', fresh.path, '-o', out, '--json']);
      expect([status, document.code]).toEqual([3, 'OUTPUT_WRITE']);
      expect(['EPERM', 'EACCES']).toContain(document.system);
      expect(isExactly(lookAt(out, [old.outputs]), 0)).toBe(true);
    } finally {
      spawnSync('chattr', ['-i', out]);
      onDisk.remove();
    }
  });
});

describe('a payload file that changes under a real pack, timed by the progress of the payload before it', () => {
  const SIZE = 1_500_000;
  type Change = (path: string) => unknown;
  const changes: Readonly<Record<string, Change>> = {
    removed: (path) => rmSync(path),
    emptied: (path) => truncateSync(path, 0),
    'truncated by a byte': (path) => truncateSync(path, SIZE - 1),
    'appended to': (path) => appendFileSync(path, 'x'),
    touched: (path) => utimesSync(path, 1, 1),
    'written over': (path) => writeFileSync(path, new Uint8Array(SIZE), { flag: 'r+' }),
    'replaced by another of its size': (path) => {
      writeFileSync(`${path}.new`, new Uint8Array(SIZE));
      renameSync(`${path}.new`, path);
    },
    'made a folder': (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  };
  /** Once a file is open, its name may go elsewhere: the bytes are still those that were checked. */
  const harmless = new Set(['removed', 'replaced by another of its size', 'made a folder']);

  const rows = Object.keys(changes).flatMap((change) =>
    ([nodeFileSystem, blockingFileSystem] as const).flatMap((fs, i) =>
      (['while it is read', 'before its turn'] as const).map(
        (when) => [change, when, i === 0 ? 'asynchronous' : 'blocking', fs] as const,
      ),
    ),
  );
  it.each(rows)('%s, %s, %s calls', async (change, when, _, fs) => {
    const { folder, out, old } = await scene();
    writeFileSync(join(folder, 'a.bin'), new Uint8Array(SIZE).fill(1));
    writeFileSync(join(folder, 'b.bin'), new Uint8Array(SIZE).fill(2));
    const victim = when === 'while it is read' ? 'a.bin' : 'b.bin';
    let isDone = false;
    const onProgress = ({ bytes }: PackProgress) => {
      if (bytes > 0 && !isDone) changes[change]?.(join(folder, victim));
      isDone ||= bytes > 0;
    };
    const plan = planOf(asset(1, { file: 'a.bin' }), asset(2, { file: 'b.bin' }));
    const outcome = await codeOf(packAssets(plan, toDirectory(out, { fs }), { folder, fs, onProgress }));
    const isHarmless = when === 'while it is read' && harmless.has(change);
    expect(outcome).toBe(isHarmless ? 'ok' : 'SOURCE_CHANGED');
    const found = lookAt(out, [old.outputs]);
    if (isHarmless) {
      const artifact = readFileSync(join(out, 'assets.pa'));
      expect(artifact.subarray(-2 * SIZE).equals(Buffer.concat([Buffer.alloc(SIZE, 1), Buffer.alloc(SIZE, 2)]))).toBe(
        true,
      );
      expect(found.leftovers).toEqual([]);
    } else expect(isExactly(found, 0), shown(found)).toBe(true);
    expect(openBelow(folder)).toEqual([]);
  });
});
