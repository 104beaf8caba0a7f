import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { acquireLock, type Lock } from '../../src/host/lock.js';
import { currentProcess, type ProcessIdentity } from '../../src/host/process.js';
import { type PlanInput, packAssets, toDirectory, toMemory } from '../../src/index.js';
import {
  asset,
  codeOf,
  expectSameOutputs,
  failureOfPack,
  gate,
  inPieces,
  leftovers,
  namesBelow,
  noise,
  OUTPUTS,
  openBelow,
  planOf,
  readOutputs,
  settled,
  temporaryFolders,
  utf8,
  watchRejections,
} from '../support/packing.js';
import { type Call, failingAt, systemError, Watch } from '../support/watched-fs.js';

const newFolder = temporaryFolders();
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
if (isRoot) console.info('skipped: a directory without write permission, because root writes to it anyway');
if (!isLinux) console.info('skipped: process namespaces and boot ids, which only Linux has');

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let rejections: ReturnType<typeof watchRejections>;
beforeEach(() => {
  rejections = watchRejections();
});
afterEach(async () => {
  await settled();
  rejections.stop();
  expect(rejections.list).toEqual([]);
});

const oldPlan = planOf(asset(1, { inline: utf8('the old one') }));
const newPlan = planOf(asset(1, { inline: utf8('the new one'), preload: {} }), asset(2, { inline: noise(1_200_000) }));

async function outputsOf(plan: PlanInput): Promise<{ [name: string]: Buffer }> {
  const sink = toMemory();
  await packAssets(plan, sink);
  const all = [...sink.companions, ['assets.pa', sink.bytes] as const];
  return Object.fromEntries(all.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}
const OLD = await outputsOf(oldPlan);
const NEW = await outputsOf(newPlan);

/** Puts the outputs of an earlier pack into a folder. */
function putOld(out: string): void {
  for (const [name, bytes] of Object.entries(OLD)) writeFileSync(join(out, name), bytes);
}

/** A folder with the outputs of an earlier pack. */
function packedFolder(): string {
  const out = newFolder();
  putOld(out);
  return out;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

describe('what is published', () => {
  test('four files, and nothing beside them', async () => {
    const out = newFolder();
    await packAssets(newPlan, toDirectory(out));
    expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
    expectSameOutputs(readOutputs(out), NEW);
  });

  test('over an earlier pack', async () => {
    const out = newFolder();
    await packAssets(oldPlan, toDirectory(out));
    expectSameOutputs(readOutputs(out), OLD);
    await packAssets(newPlan, toDirectory(out));
    expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
    expectSameOutputs(readOutputs(out), NEW);
  });

  test('other files of the directory are left alone', async () => {
    const out = packedFolder();
    const others = ['.assets.panda', 'assets.pa.bak', '.assets.pa', 'notes.txt', '.hidden'];
    for (const name of others) writeFileSync(join(out, name), name);
    mkdirSync(join(out, 'sub'));
    writeFileSync(join(out, 'sub/.assets.pa.0000000000000000.assets.pa'), 'of another directory');
    await packAssets(newPlan, toDirectory(out));
    const expected = [...OUTPUTS, ...others, 'sub', 'sub/.assets.pa.0000000000000000.assets.pa'];
    expect(namesBelow(out)).toEqual(expected.sort());
  });

  test('a directory that is not there is made, with all above it', async () => {
    const top = newFolder();
    await packAssets(newPlan, toDirectory(join(top, 'a/b/c')));
    expectSameOutputs(readOutputs(join(top, 'a/b/c')), NEW);
    expect(namesBelow(top).length).toBe(3 + 4);
  });

  test('a directory named relative to the current one', async () => {
    const top = newFolder();
    const before = process.cwd();
    try {
      process.chdir(top);
      await packAssets(oldPlan, toDirectory('.'));
      await packAssets(oldPlan, toDirectory('out/'));
      await packAssets(newPlan, toDirectory('./out'));
    } finally {
      process.chdir(before);
    }
    expectSameOutputs(readOutputs(top), OLD);
    expectSameOutputs(readOutputs(join(top, 'out')), NEW);
    expect(leftovers(top)).toEqual([]);
  });

  test('a second use of a sink leaves what the first published', async () => {
    const out = newFolder();
    const sink = toDirectory(out);
    await packAssets(oldPlan, sink);
    const isDone = (await codeOf(packAssets(newPlan, sink))) === 'ok';
    expectSameOutputs(readOutputs(out), isDone ? NEW : OLD);
    expect(leftovers(out)).toEqual([]);
  });

  test('short writes change nothing', async () => {
    const out = newFolder();
    const watch = new Watch({ writeLimit: 65_537 });
    await packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }));
    expect(watch.of('write').length).toBeGreaterThan(18);
    expectSameOutputs(readOutputs(out), NEW);
  });

  test('a write that writes nothing fails', async () => {
    const out = packedFolder();
    const watch = new Watch({ writeLimit: 0 });
    const error = await failureOfPack(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EIO' } }]);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
  });

  test('a write that counts more than reaches the disk fails', async () => {
    const out = packedFolder();
    const watch = new Watch();
    const inner = watch.fileSystem();
    const fs = {
      ...inner,
      open: async (path: string, flags: number, mode?: number) => {
        const file = await inner.open(path, flags, mode);
        if (!path.endsWith('.assets.pa')) return file;
        return {
          ...file,
          write: async (_buffer: Uint8Array, _at: number, length: number) => ({ bytesWritten: length }),
        };
      },
    };
    expect(await codeOf(packAssets(newPlan, toDirectory(out, { fs })))).toBe('OUTPUT_WRITE');
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
    expect(watch.of('rename')).toEqual([]);
  });
});

test('an output directory has a name', () => {
  expect(() => toDirectory('')).toThrow(RangeError);
});

test('an artifact of another size than the announced one is not published', async () => {
  const out = packedFolder();
  const sink = toDirectory(out);
  await sink.open();
  await sink.begin(10);
  await sink.write(utf8('short'));
  await expect(sink.commit()).rejects.toThrow('5 bytes were written where 10 were announced');
  await sink.abort(new Error('the pack failed'));
  expectSameOutputs(readOutputs(out), OLD);
  expect(leftovers(out)).toEqual([]);
});

describe('file modes', () => {
  it.each([
    [0o022, '644'],
    [0o077, '600'],
    [0o002, '664'],
    [0o000, '666'],
  ])('new files get 0666 without the umask %o', async (umask, mode) => {
    const out = newFolder();
    const before = process.umask(umask);
    try {
      await packAssets(newPlan, toDirectory(out));
    } finally {
      process.umask(before);
    }
    expect(OUTPUTS.map((name) => modeOf(join(out, name)))).toEqual([mode, mode, mode, mode]);
  });

  it.each([
    [0o640, '640'],
    [0o600, '600'],
    [0o666, '666'],
    [0o755, '755'],
    [0o444, '444'],
    [0o400, '400'],
    [0o4755, '755'],
    [0o2755, '755'],
    [0o7777, '777'],
  ])('an existing file keeps %o, without set-id and sticky bits', async (mode, kept) => {
    const out = packedFolder();
    for (const name of OUTPUTS) chmodSync(join(out, name), mode);
    await packAssets(newPlan, toDirectory(out));
    expectSameOutputs(readOutputs(out), NEW);
    expect(OUTPUTS.map((name) => modeOf(join(out, name)))).toEqual([kept, kept, kept, kept]);
  });

  test('are those of the earlier files again after a failure that came late', async () => {
    const out = packedFolder();
    for (const name of OUTPUTS) chmodSync(join(out, name), 0o640);
    const watch = new Watch({
      before: ({ operation, to = '' }) => {
        if (operation === 'rename' && to.endsWith('/assets.pa')) throw systemError('EIO');
      },
    });
    expect(await codeOf(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })))).toBe('OUTPUT_WRITE');
    expect(OUTPUTS.map((name) => modeOf(join(out, name)))).toEqual(['640', '640', '640', '640']);
  });
});

describe('symbolic links at a destination', () => {
  /** An output directory whose files are links into another folder. */
  async function linked(): Promise<{ out: string; elsewhere: string }> {
    const [out, elsewhere] = [newFolder(), newFolder()];
    putOld(elsewhere);
    for (const name of OUTPUTS) {
      renameSync(join(elsewhere, name), join(elsewhere, `real-${name}`));
      symlinkSync(join(elsewhere, `real-${name}`), join(out, name));
    }
    return { out, elsewhere };
  }
  const realNames = OUTPUTS.map((name) => `real-${name}`).sort();

  test('stay, and their targets are replaced, modes kept', async () => {
    const { out, elsewhere } = await linked();
    chmodSync(join(elsewhere, 'real-assets.pa'), 0o640);
    const before = statSync(join(elsewhere, 'real-assets.pa')).ino;
    const watch = new Watch();
    await packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }));
    expectSameOutputs(readOutputs(out), NEW);
    expect(readlinkSync(join(out, 'assets.pa'))).toBe(join(elsewhere, 'real-assets.pa'));
    expect(lstatSync(join(elsewhere, 'real-assets.pa')).isFile()).toBe(true);
    expect(modeOf(join(elsewhere, 'real-assets.pa'))).toBe('640');
    expect(statSync(join(elsewhere, 'real-assets.pa')).ino).not.toBe(before);
    expect([namesBelow(out), namesBelow(elsewhere)]).toEqual([[...OUTPUTS].sort(), realNames]);
    // Staged beside the target: a rename does not cross file systems.
    expect(watch.of('rename').map(({ path, to = '' }) => [dirname(path), dirname(to)])).toEqual(
      OUTPUTS.map(() => [elsewhere, elsewhere]),
    );
  });

  test('a chain of links, relative ones', async () => {
    const out = newFolder();
    mkdirSync(join(out, 'deep'));
    writeFileSync(join(out, 'deep/target'), 'old');
    symlinkSync('deep/target', join(out, 'middle'));
    symlinkSync('middle', join(out, 'assets.pa'));
    await packAssets(newPlan, toDirectory(out));
    expect(lstatSync(join(out, 'assets.pa')).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(out, 'middle')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(out, 'deep/target')).equals(NEW['assets.pa'] as Buffer)).toBe(true);
    expect(leftovers(out)).toEqual([]);
  });

  test('after a failure the targets are as they were, and nothing is left beside them', async () => {
    const { out, elsewhere } = await linked();
    const bad = planOf(asset(1, { inline: utf8('x'), digest: 'xxh64:0000000000000000' }));
    expect(await codeOf(packAssets(bad, toDirectory(out)))).toBe('SOURCE_CHANGED');
    expectSameOutputs(readOutputs(out), OLD);
    expect([namesBelow(out), namesBelow(elsewhere)]).toEqual([[...OUTPUTS].sort(), realNames]);
  });

  test('that dangle are refused, and nothing changes', async () => {
    const out = packedFolder();
    rmSync(join(out, 'preload.json'));
    symlinkSync('nowhere', join(out, 'preload.json'));
    expect(await codeOf(packAssets(newPlan, toDirectory(out)))).toBe('OUTPUT_WRITE');
    expect(readFileSync(join(out, 'assets.pa')).equals(OLD['assets.pa'] as Buffer)).toBe(true);
    expect(leftovers(out)).toEqual([]);
  });

  test('whose targets cannot be found out are refused by the name of the failure', async () => {
    const { out } = await linked();
    const watch = new Watch({
      before: ({ operation }) => {
        if (operation === 'realpath') throw systemError('EACCES', 'permission denied');
      },
    });
    const error = await failureOfPack(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EACCES' } }]);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
  });

  test('two outputs that are links to one file are refused, and nothing changes', async () => {
    const out = newFolder();
    writeFileSync(join(out, 'shared'), 'old');
    symlinkSync('shared', join(out, 'preload.json'));
    symlinkSync('shared', join(out, 'assets.pa'));
    expect(await codeOf(packAssets(newPlan, toDirectory(out)))).toBe('OUTPUT_WRITE');
    expect(readFileSync(join(out, 'shared'), 'utf8')).toBe('old');
    expect(namesBelow(out)).toEqual(['assets.pa', 'preload.json', 'shared']);
  });

  test('the output directory itself may be one', async () => {
    const top = newFolder();
    mkdirSync(join(top, 'real'));
    symlinkSync('real', join(top, 'out'));
    await packAssets(newPlan, toDirectory(join(top, 'out')));
    expectSameOutputs(readOutputs(join(top, 'real')), NEW);
    expect(lstatSync(join(top, 'out')).isSymbolicLink()).toBe(true);
  });
});

describe('what stands in the way', () => {
  function linkToFifo(path: string): void {
    const target = join(newFolder(), 'fifo');
    spawnSync('mkfifo', [target]);
    symlinkSync(target, path);
  }

  it.each<[string, (path: string) => unknown, string]>([
    ['a folder', (path) => mkdirSync(path), 'EISDIR'],
    ['a folder behind a link', (path) => symlinkSync('.', path), 'EISDIR'],
    ['a FIFO', (path) => spawnSync('mkfifo', [path]), 'EINVAL'],
    // Never a device of the system: a writer that replaced it would do so for the whole machine.
    ['a FIFO behind a link', (path) => linkToFifo(path), 'EINVAL'],
  ])('%s in the place of an output', async (_, put, system) => {
    for (const name of OUTPUTS) {
      const out = packedFolder();
      rmSync(join(out, name));
      put(join(out, name));
      const error = await failureOfPack(packAssets(newPlan, toDirectory(out)));
      expect(error.diagnostics).toMatchObject([
        {
          code: 'OUTPUT_WRITE',
          where: { path: join(out, name) },
          actual: system === 'EISDIR' ? 'a directory' : 'a device, FIFO or socket',
          details: { system },
        },
      ]);
      for (const other of OUTPUTS) {
        if (other !== name) expect(readFileSync(join(out, other)).equals(OLD[other] as Buffer), other).toBe(true);
      }
      expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
    }
  });

  it.each<[string, string, string]>([
    ['a file in the place of the directory', 'file', 'ENOTDIR'],
    ['a file above the directory', 'file/out', 'ENOTDIR'],
    ['a dangling link in the place of the directory', 'link', 'ENOENT'],
  ])('%s', async (_, name, system) => {
    const top = newFolder();
    writeFileSync(join(top, 'file'), 'mine');
    symlinkSync('nowhere', join(top, 'link'));
    const error = await failureOfPack(packAssets(newPlan, toDirectory(join(top, name))));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system } }]);
    expect(namesBelow(top)).toEqual(['file', 'link']);
    expect(readFileSync(join(top, 'file'), 'utf8')).toBe('mine');
  });

  it.skipIf(isRoot)('a directory without write permission', async () => {
    const out = packedFolder();
    chmodSync(out, 0o555);
    try {
      const error = await failureOfPack(packAssets(newPlan, toDirectory(out)));
      expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EACCES' } }]);
      expectSameOutputs(readOutputs(out), OLD);
    } finally {
      chmodSync(out, 0o755);
    }
  });

  test('a limit of the system on file sizes: EFBIG, exit 3, nothing changed', async () => {
    const out = packedFolder();
    const folder = newFolder();
    writeFileSync(join(folder, 'big.bin'), noise(3_000_000));
    const assets = [{ asset_id: 1, asset_name: 'big', bank_type: 'SCENE', file: 'big.bin' }];
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ schema_version: 1, assets }));
    const line = `ulimit -f 2000; exec "${process.execPath}" "${cli}" pack plan.json --json -o "${out}"`;
    const { status, stdout } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EFBIG' } }]);
    expect(status).toBe(3);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
  });
});

describe('folders that a failed run made', () => {
  const bad = planOf(asset(1, { inline: utf8('x'), digest: 'xxh64:0000000000000000' }));

  test('are removed', async () => {
    const top = newFolder();
    expect(await codeOf(packAssets(bad, toDirectory(join(top, 'a/b/c'))))).toBe('SOURCE_CHANGED');
    expect(namesBelow(top)).toEqual([]);
  });

  test('stay with what somebody else put there', async () => {
    const top = newFolder();
    async function* stream() {
      writeFileSync(join(top, 'a/mine'), 'mine');
      yield utf8('too long');
    }
    const plan = planOf(asset(1, { stream: stream(), size: 3 }));
    expect(await codeOf(packAssets(plan, toDirectory(join(top, 'a/b'))))).toBe('SOURCE_SIZE');
    expect(namesBelow(top)).toEqual(['a', 'a/mine']);
  });

  test('those that were there before stay', async () => {
    const top = newFolder();
    mkdirSync(join(top, 'a'));
    expect(await codeOf(packAssets(bad, toDirectory(join(top, 'a/b/c'))))).toBe('SOURCE_CHANGED');
    expect(namesBelow(top)).toEqual(['a']);
  });

  it.each<[string, PlanInput, object, string]>([
    ['a fault of the plan', planOf(asset(-1, { inline: utf8('') })), {}, 'ASSET_ID_RANGE'],
    ['a missing file', planOf(asset(1, { file: 'missing' })), { folder: '/' }, 'SOURCE_NOT_FOUND'],
    ['an interruption before the start', newPlan, { signal: AbortSignal.abort() }, 'INTERRUPTED'],
  ])('none is made by %s', async (_, plan, options, code) => {
    const top = newFolder();
    const watch = new Watch();
    const sink = toDirectory(join(top, 'a'), { fs: watch.fileSystem() });
    expect(await codeOf(packAssets(plan, sink, options))).toBe(code);
    expect(watch.of('mkdir')).toEqual([]);
  });
});

describe('--strict', () => {
  const twins = planOf(asset(1, { inline: utf8('same') }), asset(2, { inline: utf8('same') }));

  test('fails after reading and before promotion', async () => {
    const out = packedFolder();
    const error = await failureOfPack(packAssets(twins, toDirectory(out), { strict: true }));
    expect(error.diagnostics).toMatchObject([{ code: 'DUPLICATE_CONTENT', severity: 'warning', asset_id: 2 }]);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
  });

  test('a plan without warnings is published', async () => {
    const out = packedFolder();
    await packAssets(newPlan, toDirectory(out), { strict: true });
    expectSameOutputs(readOutputs(out), NEW);
  });
});

/** A short form of the calls on paths of an output directory, staged names without their token. */
function storyOf(calls: readonly Call[]): string[] {
  const short = (path: string) => basename(path).replace(/^\.assets\.pa\.[0-9a-f]{16}\./, '~');
  return calls.map(
    ({ operation, path, to }) => `${operation} ${short(path)}${to === undefined ? '' : ` > ${short(to)}`}`,
  );
}

describe('the order of calls (W4)', () => {
  /** What publishing may do, in order, once everything is staged. */
  async function promotion(out: string): Promise<{ calls: Call[]; story: string[] }> {
    const watch = new Watch();
    await packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }));
    expectSameOutputs(readOutputs(out), NEW);
    const { calls } = watch;
    const isPromotion = ({ operation, path }: Call) =>
      operation === 'rename' || (operation === 'link' && !path.endsWith('.new'));
    return { calls, story: storyOf(calls.slice(calls.findIndex(isPromotion))) };
  }

  test('into an empty directory', async () => {
    const out = newFolder();
    const { story } = await promotion(out);
    const folder = basename(out);
    const sync = [`open ${folder}`, `sync ${folder}`, `close ${folder}`];
    expect(story).toEqual(
      [
        OUTPUTS.slice(0, 3).map((name) => `rename ~${name} > ${name}`),
        sync,
        ['rename ~assets.pa > assets.pa'],
        sync,
        ['unlink .assets.pa.lock'],
      ].flat(),
    );
  });

  test('over an earlier pack: links to the earlier files are kept until the commit is on disk', async () => {
    const out = packedFolder();
    const { story } = await promotion(out);
    const folder = basename(out);
    const sync = [`open ${folder}`, `sync ${folder}`, `close ${folder}`];
    expect(story).toEqual(
      [
        OUTPUTS.map((name) => `link ${name} > ~${name}.previous`),
        OUTPUTS.slice(0, 3).map((name) => `rename ~${name} > ${name}`),
        sync,
        ['rename ~assets.pa > assets.pa'],
        sync,
        OUTPUTS.map((name) => `unlink ~${name}.previous`),
        ['unlink .assets.pa.lock'],
      ].flat(),
    );
  });

  test('each file is written, measured, synced and closed before anything is promoted', async () => {
    const { calls } = await promotion(packedFolder());
    const promoted = calls.findIndex(({ operation }) => operation === 'rename');
    for (const name of OUTPUTS) {
      const own = calls.filter(
        ({ path }) => /^\.assets\.pa\.[0-9a-f]{16}\./.test(basename(path)) && path.endsWith(`.${name}`),
      );
      const steps = own.map(({ operation }) => operation).filter((each, i, all) => each !== all[i - 1]);
      expect(steps, name).toEqual(['open', 'chmod', 'write', 'fstat', 'sync', 'close', 'rename']);
      expect(own.at(-2)?.index, `${name} is closed`).toBeLessThan(calls[promoted]?.index ?? 0);
      const written = own.reduce((sum, { operation, bytes = 0 }) => (operation === 'write' ? sum + bytes : sum), 0);
      expect(written).toBe(NEW[name]?.length);
    }
    const links = calls.filter(({ operation, path }) => operation === 'link' && !path.endsWith('.new'));
    expect(links.every(({ index }) => index <= promoted)).toBe(true);
  });

  test('on the way back the disk knows of the earlier artifact before its companions are touched', async () => {
    const out = packedFolder();
    const folder = basename(out);
    let isCommitted = false;
    let hasFailed = false;
    const watch = new Watch({
      before: ({ operation, path, to = '' }) => {
        if (isCommitted && !hasFailed && operation === 'sync' && path === out) {
          hasFailed = true;
          throw systemError('EIO', 'sync');
        }
        if (operation === 'rename' && to.endsWith('/assets.pa')) isCommitted = true;
      },
    });
    expect(await codeOf(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })))).toBe('OUTPUT_WRITE');
    const story = storyOf(watch.calls.slice(watch.failed?.index));
    expect(story).toEqual(
      [
        [`close ${folder}`],
        ['rename ~assets.pa.previous > assets.pa'],
        [`open ${folder}`, `sync ${folder}`, `close ${folder}`],
        OUTPUTS.slice(0, 3)
          .toReversed()
          .map((name) => `rename ~${name}.previous > ${name}`),
        ['unlink .assets.pa.lock'],
      ].flat(),
    );
    expectSameOutputs(readOutputs(out), OLD);
  });

  test('on the way back nothing is synced when the new artifact was not yet visible', async () => {
    const out = packedFolder();
    const watch = new Watch({
      before: ({ operation, to = '' }) => {
        if (operation === 'rename' && to.endsWith('/assets.pa')) throw systemError('EIO', 'rename');
      },
    });
    expect(await codeOf(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })))).toBe('OUTPUT_WRITE');
    expect(storyOf(watch.calls.slice(watch.failed?.index)).filter((call) => call.startsWith('sync'))).toEqual([]);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
  });

  test('folders that were made are synced above too', async () => {
    const top = newFolder();
    const watch = new Watch();
    await packAssets(newPlan, toDirectory(join(top, 'a/b'), { fs: watch.fileSystem() }));
    const committed = watch.calls.findIndex(
      ({ operation, to = '' }) => operation === 'rename' && to.endsWith('/assets.pa'),
    );
    const synced = (calls: Call[]) => calls.filter(({ operation }) => operation === 'sync').map(({ path }) => path);
    const folders = [top, join(top, 'a'), join(top, 'a/b')];
    expect(new Set(synced(watch.calls.slice(committed)))).toEqual(new Set(folders));
    expect(synced(watch.calls.slice(0, committed))).toEqual(expect.arrayContaining(folders));
  });

  test('at every call assets.pa is the complete old file or the complete new one', async () => {
    const out = packedFolder();
    const seen: string[] = [];
    const watch = new Watch({
      before: () => {
        const bytes = readFileSync(join(out, 'assets.pa'));
        seen.push(
          bytes.equals(OLD['assets.pa'] as Buffer) ? 'old' : bytes.equals(NEW['assets.pa'] as Buffer) ? 'new' : '?',
        );
      },
    });
    await packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }));
    expect(new Set(seen)).toEqual(new Set(['old', 'new']));
    expect(seen.join(' ')).toMatch(/^(old )+(new ?)+$/);
  });

  it.each(['sync', 'fstat', 'close'] as const)(
    'a failed %s of a staged file is followed by no rename',
    async (operation) => {
      for (const name of OUTPUTS) {
        const out = packedFolder();
        const watch = new Watch({
          before: (call) => {
            if (call.operation === operation && call.path.endsWith(`.${name}`)) throw systemError('EIO');
          },
        });
        expect(await codeOf(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })))).toBe('OUTPUT_WRITE');
        expect(watch.of('rename')).toEqual([]);
        expect(
          watch.calls.filter((call) => call.operation === operation && call.path.endsWith(`.${name}`)).length,
        ).toBe(1);
        expectSameOutputs(readOutputs(out), OLD);
      }
    },
  );
});

describe('one writer per directory (W6)', () => {
  const LOCK = '.assets.pa.lock';

  /** Puts a lock of somebody into a directory. */
  function putLock(out: string, holder: Partial<ProcessIdentity>): ProcessIdentity {
    const lock = { ...currentProcess(), token: '00112233aabbccdd', ...holder };
    writeFileSync(join(out, LOCK), `${JSON.stringify(lock)}\n`);
    return lock;
  }

  // Above every limit that Linux or macOS has for process ids.
  const FREE_PID = 4_194_305;

  test('a second packer fails at once with the holder, and the first is not disturbed', async () => {
    const out = packedFolder();
    const { passed, open } = gate();
    const begun = gate();
    async function* stream() {
      begun.open();
      await passed;
      yield utf8('first');
    }
    const first = packAssets(planOf(asset(1, { stream: stream(), size: 5 })), toDirectory(out));
    await begun.passed;
    const before = namesBelow(out);
    const error = await failureOfPack(packAssets(newPlan, toDirectory(out)));
    expect(error.diagnostics).toMatchObject([
      {
        code: 'OUTPUT_LOCKED',
        where: { path: join(out, LOCK) },
        details: { holder: { pid: process.pid, host: currentProcess().host, started: currentProcess().started } },
      },
    ]);
    expect(error.message).toContain(String(process.pid));
    expect(namesBelow(out)).toEqual(before);
    open();
    await first;
    expectSameOutputs(readOutputs(out), await outputsOf(planOf(asset(1, { inline: utf8('first') }))));
    expect(leftovers(out)).toEqual([]);
  });

  test('a lock is complete as soon as it can be seen', async () => {
    const out = newFolder();
    const seen: string[] = [];
    const watch = new Watch({
      before: () => {
        if (existsSync(join(out, LOCK))) seen.push(readFileSync(join(out, LOCK), 'utf8'));
      },
    });
    await packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }));
    expect(new Set(seen).size).toBe(1);
    expect(JSON.parse(seen[0] ?? '')).toMatchObject({
      pid: process.pid,
      token: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  const self = currentProcess();
  const rows: [name: string, holder: Partial<ProcessIdentity>, isTaken: boolean][] = [
    ['a process that is gone', { pid: FREE_PID }, true],
    ['a process that is gone and did not say when it started', { pid: FREE_PID, started: '' }, true],
    ['a process whose id now belongs to another', { pid: process.pid, started: '1' }, true],
    ['a living process', {}, false],
    ['a living process that did not say when it started', { started: '' }, false],
    ['a living process of somebody else', { pid: 1, started: '' }, false],
    ['a process of another host', { pid: FREE_PID, host: `not-${self.host}` }, false],
    ['a process of another machine of the same name', { pid: FREE_PID, machine: 'another' }, false],
  ];
  it.each(rows)('the lock of %s', async (_, holder, isTaken) => {
    const out = packedFolder();
    const lock = putLock(out, holder);
    if (isTaken) {
      await packAssets(newPlan, toDirectory(out));
      expectSameOutputs(readOutputs(out), NEW);
      expect(leftovers(out)).toEqual([]);
    } else {
      const error = await failureOfPack(packAssets(newPlan, toDirectory(out)));
      expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_LOCKED', details: { holder: lock } }]);
      expectSameOutputs(readOutputs(out), OLD);
      expect(leftovers(out)).toEqual([LOCK]);
    }
  });

  it.skipIf(!isLinux).each<[string, Partial<ProcessIdentity>, string]>([
    ['an earlier start of the machine', { boot: 'another' }, 'ok'],
    ['an unknown start of the machine', { boot: '' }, 'OUTPUT_LOCKED'],
    ['another process namespace', { pid: FREE_PID, namespace: 'pid:[1]' }, 'OUTPUT_LOCKED'],
  ])('the lock of a process of %s: %s', async (_, holder, code) => {
    const out = packedFolder();
    putLock(out, holder);
    expect(await codeOf(packAssets(newPlan, toDirectory(out)))).toBe(code);
  });

  it.each([
    ['empty', ''],
    ['no JSON', 'garbage'],
    ['no object', '3'],
    ['null', 'null'],
    ['without a token', JSON.stringify({ ...self, pid: FREE_PID, token: undefined })],
    ['with a token that leads elsewhere', JSON.stringify({ ...self, pid: FREE_PID, token: '/../escaped' })],
    ['with more before its token', JSON.stringify({ ...self, pid: FREE_PID, token: '../00112233aabbccdd' })],
    ['with more after its token', JSON.stringify({ ...self, pid: FREE_PID, token: '00112233aabbccdd/..' })],
    ['with a token that is a number', JSON.stringify({ ...self, pid: FREE_PID, token: 1_111_222_233_334_444 })],
    ['with a pid that is no number', JSON.stringify({ ...self, pid: 'many', token: '00112233aabbccdd' })],
  ])('a lock file that is %s is held by nobody knows whom', async (_, text) => {
    const out = packedFolder();
    writeFileSync(join(out, LOCK), text);
    const error = await failureOfPack(packAssets(newPlan, toDirectory(out)));
    expect(error.code).toBe('OUTPUT_LOCKED');
    expect(error.diagnostics[0]?.details).toHaveProperty('holder');
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([LOCK]);
  });

  test('the debris of a dead writer is removed', async () => {
    const out = packedFolder();
    putLock(out, { pid: FREE_PID });
    const debris = [
      '.assets.pa.00112233aabbccdd.assets.pa',
      '.assets.pa.00112233aabbccdd.preload.json',
      '.assets.pa.00112233aabbccdd.assets.pa.previous',
      '.assets.pa.ffeeddccbbaa0011.spool',
      '.assets.pa.lock.ffeeddccbbaa0011.new',
      '.assets.pa.lock.ffeeddccbbaa0011',
    ];
    for (const name of debris) writeFileSync(join(out, name), 'debris');
    await packAssets(newPlan, toDirectory(out));
    expectSameOutputs(readOutputs(out), NEW);
    expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
  });

  test('debris without a lock is removed too', async () => {
    const out = packedFolder();
    writeFileSync(join(out, '.assets.pa.00112233aabbccdd.assets.pa'), 'debris');
    await packAssets(newPlan, toDirectory(out));
    expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
  });

  test('behind a link only the debris of the dead holder is removed', async () => {
    const [out, elsewhere] = [newFolder(), newFolder()];
    writeFileSync(join(elsewhere, 'real.pa'), 'old');
    symlinkSync(join(elsewhere, 'real.pa'), join(out, 'assets.pa'));
    putLock(out, { pid: FREE_PID });
    const [dead, living] = ['.assets.pa.00112233aabbccdd.real.pa', '.assets.pa.ffeeddccbbaa0011.other.pa'];
    for (const name of [dead, living]) writeFileSync(join(elsewhere, name), 'x');
    await packAssets(newPlan, toDirectory(out));
    expect(namesBelow(elsewhere)).toEqual([living, 'real.pa']);
  });

  /** Hooks that act once, before the first link to a path of this name. */
  function beforeLink(name: RegExp, action: (own: string) => unknown): Watch {
    let isDone = false;
    return new Watch({
      before: ({ operation, path, to = '' }) => {
        if (isDone || operation !== 'link' || !name.test(basename(to))) return;
        isDone = true;
        return action(path);
      },
    });
  }

  test('a taker that comes late sees that the dead lock is another’s by now', async () => {
    const out = newFolder();
    const path = join(out, LOCK);
    putLock(out, { pid: FREE_PID });
    let other: Lock | undefined;
    const watch = beforeLink(/^\.assets\.pa\.lock\.00112233aabbccdd$/, async () => {
      other = await acquireLock(new Watch().fileSystem(), path, 'this folder');
    });
    expect((await failureOfPack(acquireLock(watch.fileSystem(), path, 'this folder'))).code).toBe('OUTPUT_LOCKED');
    expect(JSON.parse(readFileSync(path, 'utf8')).token).toBe(other?.token);
    await other?.release();
    expect(leftovers(out)).toEqual([]);
  });

  test('a dead lock that nobody can read any more, once it is about to be replaced, stays', async () => {
    const out = newFolder();
    const path = join(out, LOCK);
    putLock(out, { pid: FREE_PID });
    const watch = beforeLink(/^\.assets\.pa\.lock\.00112233aabbccdd$/, () => writeFileSync(path, 'garbage'));
    expect((await failureOfPack(acquireLock(watch.fileSystem(), path, 'this folder'))).code).toBe('OUTPUT_LOCKED');
    expect(readFileSync(path, 'utf8')).toBe('garbage');
    expect(leftovers(out)).toEqual([LOCK]);
  });

  test('a lock that cannot be read is a failure of the output, told at once', async () => {
    const out = packedFolder();
    putLock(out, { pid: FREE_PID });
    let reads = 0;
    const watch = new Watch({
      before: ({ operation, path }) => {
        if (operation !== 'readFile' || basename(path) !== LOCK) return;
        reads += 1;
        if (reads < 5) throw systemError('EACCES', 'permission denied');
      },
    });
    const error = await failureOfPack(packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EACCES' } }]);
    expect(reads).toBe(1);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([LOCK]);
  });

  test('a taker that died over a dead lock is taken over from, too', async () => {
    const out = newFolder();
    putLock(out, { pid: FREE_PID });
    const dead = (token: string) => `${JSON.stringify({ ...currentProcess(), pid: FREE_PID, token })}\n`;
    writeFileSync(join(out, `${LOCK}.00112233aabbccdd`), dead('1111111111111111'));
    writeFileSync(join(out, `${LOCK}.00112233aabbccdd.1111111111111111`), dead('2222222222222222'));
    const lock = await acquireLock(new Watch().fileSystem(), join(out, LOCK), 'this folder');
    expect(lock.deadToken).toBe('00112233aabbccdd');
    expect(JSON.parse(readFileSync(join(out, LOCK), 'utf8')).token).toBe(lock.token);
    await lock.release();
    expect(leftovers(out)).toEqual([]);
  });

  test('a taker whose own file a holder took for debris tries again', async () => {
    const out = newFolder();
    const watch = beforeLink(/^\.assets\.pa\.lock$/, (own) => rmSync(own));
    const lock = await acquireLock(watch.fileSystem(), join(out, LOCK), 'this folder');
    expect(JSON.parse(readFileSync(join(out, LOCK), 'utf8')).token).toBe(lock.token);
    await lock.release();
    expect(leftovers(out)).toEqual([]);
  });

  test('a lock that is released while it is looked at is taken', async () => {
    const out = newFolder();
    putLock(out, {});
    const watch = new Watch({
      before: ({ operation, path }) => (operation === 'readFile' ? rmSync(path) : undefined),
    });
    const lock = await acquireLock(watch.fileSystem(), join(out, LOCK), 'this folder');
    expect(lock.deadToken).toBeUndefined();
    await lock.release();
    expect(leftovers(out)).toEqual([]);
  });

  test('of many takers exactly one wins', async () => {
    for (let round = 0; round < 40; round += 1) {
      const out = newFolder();
      if (round % 2 === 0) putLock(out, { pid: FREE_PID });
      const takers = Array.from({ length: 6 }, () =>
        acquireLock(new Watch().fileSystem(), join(out, LOCK), 'this folder'),
      );
      const results = await Promise.allSettled(takers);
      const won = results.filter((each): each is PromiseFulfilledResult<Lock> => each.status === 'fulfilled');
      expect(won.length).toBe(1);
      const lost = results.filter((each): each is PromiseRejectedResult => each.status === 'rejected');
      expect(lost.map(({ reason }) => reason.code)).toEqual(Array(5).fill('OUTPUT_LOCKED'));
      expect(JSON.parse(readFileSync(join(out, LOCK), 'utf8')).token).toBe(won[0]?.value.token);
      await won[0]?.value.release();
      expect(leftovers(out)).toEqual([]);
    }
  });

  test('of many processes that find a dead lock one publishes at a time', async () => {
    const out = newFolder();
    putLock(out, { pid: FREE_PID });
    const folder = newFolder();
    const plans = Array.from({ length: 4 }, (_, i) => {
      const assets = [{ asset_id: i, asset_name: `plan-${i}`, bank_type: 'SCENE', inline: 'AAAA' }];
      const path = join(folder, `plan-${i}.json`);
      writeFileSync(path, JSON.stringify({ schema_version: 1, assets }));
      return path;
    });
    const codes = await Promise.all(
      plans.map(
        (path) =>
          new Promise<number | null>((resolve) => {
            spawn(process.execPath, [cli, 'pack', path, '-o', out], { stdio: 'ignore' }).on('close', resolve);
          }),
      ),
    );
    expect(codes.every((code) => code === 0 || code === 3)).toBe(true);
    expect(codes).toContain(0);
    expect(leftovers(out)).toEqual([]);
    const { 'assets.pa': artifact, 'asset_table.json': table } = readOutputs(out);
    expect(artifact?.includes(table as Buffer)).toBe(true);
  });
});

describe('interruption (W5)', () => {
  test('while a payload is read', async () => {
    const out = packedFolder();
    const stop = new AbortController();
    let pieces = 0;
    const many = Array.from({ length: 50 }, (_, id) => asset(id, { inline: noise(10, id) }));
    const pack = packAssets(planOf(...many), toDirectory(out), {
      signal: stop.signal,
      onProgress: () => {
        pieces += 1;
        stop.abort('SIGINT');
      },
    });
    const error = await failureOfPack(pack);
    expect([error.code, error.cause]).toEqual(['INTERRUPTED', 'SIGINT']);
    expect(pieces, 'nothing more is read').toBe(1);
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
  });

  test('while a write hangs', async () => {
    const out = packedFolder();
    const stop = new AbortController();
    const released = gate();
    let held = false;
    const watch = new Watch({
      before: async ({ operation, path }) => {
        if (operation !== 'write' || !path.endsWith('.assets.pa') || held) return;
        held = true;
        setImmediate(() => stop.abort());
        setTimeout(released.open, 50);
        await released.passed;
      },
    });
    const pack = packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }), { signal: stop.signal });
    expect(await codeOf(pack)).toBe('INTERRUPTED');
    await released.passed;
    await settled();
    expectSameOutputs(readOutputs(out), OLD);
    expect(leftovers(out)).toEqual([]);
    expect(openBelow(out)).toEqual([]);
  });

  test('at any call: before promotion nothing changes, from there on the pack completes', async () => {
    const outcomes: string[] = [];
    for (let n = 1, isDone = false; !isDone; n += 1) {
      const out = packedFolder();
      const stop = new AbortController();
      const watch = new Watch({ before: ({ index }) => (index === n ? stop.abort() : undefined) });
      const pack = packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() }), { signal: stop.signal });
      const code = await codeOf(pack);
      isDone = watch.calls.length < n;
      const call = watch.calls[n - 1];
      const soFar = watch.calls.slice(0, n);
      const at = `stopped at ${call?.operation} ${call?.path}`;
      expect(code, at).toMatch(/^(ok|INTERRUPTED)$/);
      // Staged files are measured and synced last, when nothing is left to be written.
      if (!soFar.some(({ operation }) => operation === 'fstat') && !isDone) expect(code, at).toBe('INTERRUPTED');
      if (soFar.some(({ operation }) => operation === 'rename')) expect(code, at).toBe('ok');
      expectSameOutputs(readOutputs(out), code === 'ok' ? NEW : OLD);
      expect(leftovers(out)).toEqual([]);
      expect(openBelow(out)).toEqual([]);
      outcomes.push(code);
    }
    // Once it is too late it stays too late.
    expect(outcomes.join(' ')).toMatch(/^(INTERRUPTED )+(ok ?)+$/);
  });
});

/** A directory and a plan in it, before the pack that is made to fail. */
interface Scene {
  readonly top: string;
  readonly out: string;
  readonly plan: () => PlanInput;
  /** The outputs before and after. */
  readonly before: { [name: string]: Buffer };
  readonly after: { [name: string]: Buffer };
  /** What is below `top` before, unfinished files with their bytes. */
  readonly names: string[];
  readonly debris: ReadonlyMap<string, string>;
}

describe('every call fails once (W5)', () => {
  /** What the plan of {@link scene} gives, but for the name of its file. */
  const expectedOf = (bytes: Uint8Array) =>
    outputsOf(
      planOf(asset(1, { inline: utf8('inline') }), asset(2, { inline: bytes }), asset(3, { inline: utf8('stream') })),
    );
  const [small, large] = [noise(3_000, 7), noise(2_200_000, 7)];
  const known = new Map([
    [small, expectedOf(small)],
    [large, expectedOf(large)],
  ]);

  /** A plan with a file; with `spooled`, with a stream of unknown size too. */
  async function scene(
    kind: 'fresh' | 'again' | 'linked' | 'debris',
    spooled: boolean,
    bytes: Uint8Array,
  ): Promise<Scene> {
    const top = newFolder();
    const out = kind === 'fresh' ? join(top, 'new/out') : join(top, 'out');
    mkdirSync(join(top, 'root'));
    writeFileSync(join(top, 'root/payload.bin'), bytes);
    if (kind !== 'fresh') {
      mkdirSync(out);
      putOld(out);
    }
    if (kind === 'linked') {
      mkdirSync(join(top, 'elsewhere'));
      for (const name of ['assets.pa', 'preload.json']) {
        renameSync(join(out, name), join(top, 'elsewhere', name));
        symlinkSync(join('../elsewhere', name), join(out, name));
      }
    }
    if (kind === 'debris') {
      const dead = { ...currentProcess(), pid: 4_194_305, token: '00112233aabbccdd' };
      writeFileSync(join(out, '.assets.pa.lock'), JSON.stringify(dead));
      writeFileSync(join(out, '.assets.pa.00112233aabbccdd.assets.pa'), 'debris');
    }
    const plan = () =>
      planOf(
        asset(1, { inline: utf8('inline') }),
        asset(2, { file: 'payload.bin' }),
        spooled ? asset(3, { stream: inPieces(utf8('stream'), [2]) }) : asset(3, { inline: utf8('stream') }),
      );
    const expected = (await known.get(bytes)) ?? {};
    const metadata = (expected['asset_table_metadata.json'] as Buffer).toString('utf8');
    // The one difference between a file and bytes.
    const source = metadata.replace(/("asset_id":2,.*?\})(\})/, '$1,"source":"payload.bin"$2');
    return {
      top,
      out,
      plan,
      before: readOutputs(out),
      after: { ...expected, 'asset_table_metadata.json': Buffer.from(source) },
      names: namesBelow(top),
      debris: new Map(leftovers(top).map((name) => [name, readFileSync(join(top, name), 'utf8')])),
    };
  }

  /** Runs one pack whose nth call fails; tells whether there was such a call. */
  async function runFailing(it: Scene, n: number, code: string): Promise<boolean> {
    const { top, out, plan, before, after, names, debris } = it;
    const watch = new Watch(failingAt(n, code));
    const pack = packAssets(plan(), toDirectory(out, { fs: watch.fileSystem('sink') }), {
      folder: join(top, 'root'),
      fs: watch.fileSystem('source'),
    });
    const outcome = await codeOf(pack);
    await settled();
    const { failed } = watch;
    const at = `call ${n}, ${failed?.role} ${failed?.operation} ${failed?.path}, ${code}, outcome ${outcome}`;
    expect(openBelow(top), at).toEqual([]);
    if (failed === undefined) {
      expect(outcome, at).toBe('ok');
      expectSameOutputs(readOutputs(out), after);
      expect(leftovers(top), at).toEqual([]);
      return false;
    }
    const isSpool = failed.path.endsWith('.spool');
    const committed = watch.calls.findIndex(
      ({ operation, to = '' }) => operation === 'rename' && basename(to) === 'assets.pa',
    );
    // After the folder is synced for the second time the commit is on disk, and only cleaning up is left.
    const isCleanUp = committed >= 0 && failed.index > committed && failed.operation === 'unlink';
    // A lock that is held is held, whether or not the names that led to it could be removed.
    const isLockHelper = failed.operation === 'unlink' && failed.path.includes('.assets.pa.lock.');
    const isPayloadRoot = failed.operation === 'realpath' && failed.path === join(top, 'root');
    const ofSource = isPayloadRoot ? 'INPUT_READ' : 'SOURCE_READ';
    const legal = isCleanUp
      ? ['ok']
      : [failed.role === 'source' && !isSpool ? ofSource : 'OUTPUT_WRITE', ...(isLockHelper ? ['ok'] : [])];
    expect(legal, at).toContain(outcome);
    expectSameOutputs(readOutputs(out), outcome === 'ok' ? after : before);
    const isRemoval = failed.operation === 'unlink';
    const left = leftovers(top).filter((name) => debris.get(name) !== readFileSync(join(top, name), 'utf8'));
    const unexplained = left.filter((name) => !(isRemoval && join(top, name) === failed.path));
    expect(unexplained.join(' '), at).toBe('');
    // What was there before may be gone, when it was debris; nothing else may come or go.
    const isOwn = (name: string) => !left.includes(name) && !debris.has(name);
    if (outcome !== 'ok' && left.length === 0)
      expect(namesBelow(top).filter(isOwn).join(' '), at).toBe(names.filter(isOwn).join(' '));
    return true;
  }

  it.each([
    ['fresh', false, 'ENOSPC', small],
    ['fresh', true, 'EIO', small],
    ['again', false, 'ENOSPC', small],
    ['again', false, 'EIO', large], // More than one block, so that reads and writes go on at once.
    ['again', false, 'EACCES', small],
    ['again', true, 'ENOSPC', small],
    ['linked', false, 'EIO', small],
    ['debris', true, 'EACCES', small],
  ] as const)('into a directory that is %s, with a spool: %s, by %s', async (kind, spooled, code, bytes) => {
    const faults: unknown[] = [];
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      const it = await scene(kind, spooled, bytes);
      // All faults of the row together: each names its call.
      hasFailed = await runFailing(it, n, code).catch((error: unknown) => {
        faults.push((error as Error).message);
        return true;
      });
      expect(n, 'the pack never succeeds').toBeLessThan(300);
    }
    expect(faults).toEqual([]);
    expect(n).toBeGreaterThan(50);
  });

  test('a folder that cannot be looked at does not hide what is there', async () => {
    const { top, out, plan } = await scene('again', false, small);
    for (const code of ['ENOENT', 'ENOTDIR']) {
      const watch = new Watch({
        before: ({ operation, path }) => {
          if (operation === 'open' && path.endsWith('payload.bin')) throw systemError(code);
        },
      });
      const pack = packAssets(plan(), toDirectory(out), { folder: join(top, 'root'), fs: watch.fileSystem() });
      expect(await codeOf(pack)).toBe('SOURCE_CHANGED');
      expectSameOutputs(readOutputs(out), OLD);
    }
  });
});

describe('a process that dies (W5)', () => {
  test('at any call: assets.pa is whole, and the next pack repairs and cleans up', async () => {
    let states = '';
    for (let n = 1, isDone = false; !isDone; n += 1) {
      const out = packedFolder();
      let isDead = false;
      const watch = new Watch({
        before: ({ index }) => {
          isDead ||= index >= n;
          // Nothing reaches the disk any more.
          if (isDead) throw systemError('EIO', 'dead');
        },
      });
      await packAssets(newPlan, toDirectory(out, { fs: watch.fileSystem() })).catch(() => {});
      isDone = !isDead;
      const artifact = readFileSync(join(out, 'assets.pa'));
      const state = artifact.equals(NEW['assets.pa'] as Buffer)
        ? 'n'
        : artifact.equals(OLD['assets.pa'] as Buffer)
          ? 'o'
          : '?';
      states += state;
      // assets.pa is promoted last: when it is new, so are its companions.
      if (state === 'n') expectSameOutputs(readOutputs(out), NEW);
      for (const name of readdirSync(out)) {
        // The process of this test lives on; its locks are made those of one that does not.
        if (!name.startsWith('.assets.pa.lock')) continue;
        const text = readFileSync(join(out, name), 'utf8');
        if (text !== '')
          writeFileSync(join(out, name), JSON.stringify({ ...JSON.parse(text), started: '1', pid: 4_194_305 }));
      }
      await packAssets(newPlan, toDirectory(out));
      expectSameOutputs(readOutputs(out), NEW);
      expect(namesBelow(out)).toEqual([...OUTPUTS].sort());
      await settled();
    }
    expect(states).toMatch(/^o+n+$/);
  });
});
