/** `FileSet`: all files or none, nothing followed out of the folder, nothing left behind whatever fails. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { FileSet } from '../../src/host/file-set.js';
import type { FileSystem } from '../../src/host/fs.js';
import { codeOf, failureOfPack, leftovers, openBelow, temporaryFolders, utf8 } from '../support/packing.js';
import { type Files, snapshot, write } from '../support/plan-folders.js';
import { type Call, systemError, Watch } from '../support/watched-fs.js';

const newFolder = temporaryFolders();

interface Options {
  readonly overwrite?: boolean;
  readonly fs?: FileSystem;
}

/** Writes files as `extract` does: checked together, written one after the other, shown at the end, taken back on failure. */
async function put(folder: string, files: Readonly<Record<string, string>>, options: Options = {}): Promise<void> {
  const { overwrite = false, fs = new Watch().fileSystem() } = options;
  const set = new FileSet({ fs, folder, overwrite });
  try {
    await set.check(Object.keys(files));
    for (const [path, content] of Object.entries(files)) {
      await set.write(path, async (piece) => {
        for (const half of [content.slice(0, 3), content.slice(3)]) await piece(utf8(half));
      });
    }
    await set.publish();
  } catch (error) {
    await set.discard();
    throw error;
  }
}

const FILES = { top: 'the first', 'd/one': 'the second', 'd/e/two': 'the third', 'f/three': 'the fourth' };

/** Contents as {@link snapshot} has them. */
function hex(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString('hex')]),
  );
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

describe('files that were not there', () => {
  it('with the folders that they need', async () => {
    const out = join(newFolder(), 'new/out');
    await put(out, FILES);
    expect(snapshot(out)).toEqual({ 'd/': '/', 'd/e/': '/', 'f/': '/', ...hex(FILES) });
  });

  it('none: no folder either', async () => {
    const top = newFolder();
    await put(join(top, 'out'), {});
    expect(snapshot(top)).toEqual({});
  });

  it('beside others, which stay', async () => {
    const out = newFolder();
    write(out, { 'd/zero': 'other', '.assets.pa.lock': 'of a pack' });
    await put(out, FILES);
    expect(snapshot(out)).toMatchObject({ ...hex({ ...FILES, 'd/zero': 'other', '.assets.pa.lock': 'of a pack' }) });
    expect(leftovers(out)).toEqual(['.assets.pa.lock']);
  });

  it('are invisible until all are complete', async () => {
    const out = newFolder();
    const seen: string[] = [];
    const before = ({ operation }: Call) => {
      if (operation !== 'link' && operation !== 'unlink')
        seen.push(...Object.keys(FILES).filter((path) => existsSync(join(out, path))));
    };
    await put(out, FILES, { fs: new Watch({ before }).fileSystem() });
    expect(seen).toEqual([]);
  });

  it.each([
    [0o022, '644'],
    [0o077, '600'],
    [0o000, '666'],
  ])('get 0666 without the umask %o', async (umask, mode) => {
    const out = newFolder();
    const before = process.umask(umask);
    try {
      await put(out, { a: 'x' });
    } finally {
      process.umask(before);
    }
    expect(modeOf(join(out, 'a'))).toBe(mode);
  });

  it('of no bytes', async () => {
    const out = newFolder();
    await put(out, { empty: '' });
    expect(snapshot(out)).toEqual({ empty: '' });
  });

  it('through a link to the folder itself', async () => {
    const top = newFolder();
    mkdirSync(join(top, 'real'));
    symlinkSync('real', join(top, 'out'));
    await put(join(top, 'out'), FILES);
    expect(snapshot(join(top, 'real'))).toMatchObject(hex(FILES));
  });
});

describe('files that are there', () => {
  it('are all told, and nothing is written', async () => {
    const out = newFolder();
    write(out, { top: 'old', 'd/e/two': 'old', 'f/three/x': 'old' });
    const before = snapshot(out);
    const error = await failureOfPack(put(out, FILES));
    expect(error.diagnostics.map(({ code, where }) => [code, where.path])).toEqual([
      ['OUTPUT_EXISTS', join(out, 'd/e/two')],
      ['OUTPUT_EXISTS', join(out, 'f/three')],
      ['OUTPUT_EXISTS', join(out, 'top')],
    ]);
    expect(snapshot(out)).toEqual(before);
  });

  it('are replaced on request', async () => {
    const out = newFolder();
    write(out, { top: 'old', 'd/e/two': 'old and longer than the new one' });
    await put(out, FILES, { overwrite: true });
    expect(snapshot(out)).toMatchObject(hex(FILES));
    expect(leftovers(out)).toEqual([]);
  });

  it.each([0o644, 0o600, 0o755, 0o444, 0o400, 0o777])('keep %o when they are replaced', async (mode) => {
    const out = newFolder();
    write(out, { top: 'old' });
    chmodSync(join(out, 'top'), mode);
    await put(out, FILES, { overwrite: true });
    expect(modeOf(join(out, 'top'))).toBe(mode.toString(8));
    expect(readFileSync(join(out, 'top'), 'utf8')).toBe(FILES.top);
  });

  it.each([0o4755, 0o2755, 0o1777])('do not keep the other bits of %o', async (mode) => {
    const out = newFolder();
    write(out, { top: 'old' });
    chmodSync(join(out, 'top'), mode);
    await put(out, FILES, { overwrite: true });
    expect(modeOf(join(out, 'top'))).toBe((mode & 0o777).toString(8));
  });

  it('are replaced, not written into: another name of the file keeps its content', async () => {
    const out = newFolder();
    write(out, { top: 'old' });
    const { linkSync } = await import('node:fs');
    linkSync(join(out, 'top'), join(out, 'other'));
    await put(out, { top: 'new' }, { overwrite: true });
    expect(readFileSync(join(out, 'other'), 'utf8')).toBe('old');
  });

  it.each([true, false])('a folder in the place of a file is no file, also on request: %s', async (overwrite) => {
    const out = newFolder();
    mkdirSync(join(out, 'top/inner'), { recursive: true });
    const before = snapshot(out);
    const error = await failureOfPack(put(out, FILES, { overwrite }));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_EXISTS', where: { path: join(out, 'top') } }]);
    expect(error.diagnostics[0]?.message).toContain('folder');
    expect(error.diagnostics[0]?.hint).not.toContain('--force');
    expect(snapshot(out)).toEqual(before);
  });

  it.each([true, false])('a file in the place of a folder stays, also on request: %s', async (overwrite) => {
    const out = newFolder();
    write(out, { d: 'a file' });
    const before = snapshot(out);
    const error = await failureOfPack(put(out, FILES, { overwrite }));
    expect(error.diagnostics[0]?.where.path?.startsWith(join(out, 'd'))).toBe(true);
    expect(snapshot(out)).toEqual(before);
  });

  it('a file in the place of the whole folder', async () => {
    const top = newFolder();
    write(top, { out: 'a file' });
    expect(await codeOf(put(join(top, 'out'), FILES))).toBe('OUTPUT_WRITE');
    expect(snapshot(top)).toEqual(hex({ out: 'a file' }));
  });
});

describe('symbolic links below the folder are never followed', () => {
  interface Scene {
    readonly out: string;
    readonly elsewhere: string;
  }
  const scenes: readonly (readonly [string, (scene: Scene) => void])[] = [
    ['to a folder outside', ({ out, elsewhere }) => symlinkSync(elsewhere, join(out, 'd'))],
    ['to a folder inside', ({ out }) => symlinkSync('inside', join(out, 'd'))],
    [
      'to a folder, further down',
      ({ out, elsewhere }) => {
        mkdirSync(join(out, 'd'));
        symlinkSync(elsewhere, join(out, 'd/e'));
      },
    ],
    ['that dangle, in the place of a folder', ({ out }) => symlinkSync('nowhere', join(out, 'd'))],
    ['to themselves, in the place of a folder', ({ out }) => symlinkSync('d', join(out, 'd'))],
    [
      'to a file outside, in the place of a folder',
      ({ out, elsewhere }) => symlinkSync(join(elsewhere, 'one'), join(out, 'd')),
    ],
  ];

  it.each(scenes.flatMap(([title, make]) => [false, true].map((overwrite) => [title, overwrite, make] as const)))(
    '%s; overwrite: %s',
    async (_, overwrite, make) => {
      const [out, elsewhere] = [newFolder(), newFolder()];
      write(elsewhere, { one: 'outside', two: 'outside' } satisfies Files);
      mkdirSync(join(out, 'inside'));
      make({ out, elsewhere });
      const before = [snapshot(out), snapshot(elsewhere)];
      const error = await failureOfPack(put(out, FILES, { overwrite }));
      expect(['OUTPUT_WRITE', 'OUTPUT_EXISTS']).toContain(error.code);
      expect([snapshot(out), snapshot(elsewhere)]).toEqual(before);
    },
  );

  it.each<[string, string]>([
    ['to a file outside', '../elsewhere/one'],
    ['that dangles', 'nowhere'],
    ['to a folder', '.'],
    ['to itself', 'top'],
  ])('a link %s in the place of a file: refused, or itself replaced', async (_, target) => {
    const top = newFolder();
    const out = join(top, 'out');
    write(top, { 'elsewhere/one': 'outside', 'out/x': '' });
    symlinkSync(target, join(out, 'top'));
    const before = snapshot(top);
    const error = await failureOfPack(put(out, FILES));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_EXISTS', where: { path: join(out, 'top') } }]);
    expect(snapshot(top)).toEqual(before);
    expect(readlinkSync(join(out, 'top'))).toBe(target);

    await put(out, FILES, { overwrite: true });
    expect(lstatSync(join(out, 'top')).isFile()).toBe(true);
    expect(readFileSync(join(top, 'elsewhere/one'), 'utf8')).toBe('outside');
    expect(existsSync(join(out, 'nowhere'))).toBe(false);
  });
});

/** What is wrong after a failure: unfinished files, open ones, anything that is not as before. */
function tracesOf(top: string, before: Record<string, string>): string[] {
  const after = snapshot(top);
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = all
    .filter((path) => before[path] !== after[path])
    .map((path) => (path in after ? path : `${path} is gone`));
  return [...new Set([...changed, ...leftovers(top), ...openBelow(top)])].sort();
}

function expectUntouched(top: string, before: Record<string, string>): void {
  expect(tracesOf(top, before)).toEqual([]);
}

/** The code and the system's code of a failure, as `OUTPUT_WRITE EIO`; what is no failure of ours by its text. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'ok',
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssetsPaError)) return String(error);
  return error.diagnostics.map(({ code, details }) => `${code} ${details?.['system']}`).join(', ');
}

describe('any call of the file system fails', () => {
  /** Lets each call of a run fail in turn; says what came of it, by the call. */
  async function eachFailing(
    prepare: (top: string) => void,
    overwrite: boolean,
    judge: (top: string, before: Record<string, string>, call: Call) => string[],
  ): Promise<Record<string, string[]>> {
    const right = newFolder();
    prepare(right);
    const watch = new Watch();
    await put(join(right, 'new/out'), FILES, { overwrite, fs: watch.fileSystem() });
    expect(watch.calls.length).toBeGreaterThan(30);
    const wrong: Record<string, string[]> = {};
    for (const call of watch.calls) {
      const top = newFolder();
      prepare(top);
      const before = snapshot(top);
      const hook = ({ index, operation }: Call) => {
        if (index === call.index) throw systemError('EIO', operation);
      };
      const outcome = await outcomeOf(
        put(join(top, 'new/out'), FILES, { overwrite, fs: new Watch({ before: hook }).fileSystem() }),
      );
      const found = [...(outcome === 'OUTPUT_WRITE EIO' ? [] : [outcome]), ...judge(top, before, call)];
      if (found.length > 0) wrong[`${call.operation}, call ${call.index}`] = found;
    }
    return wrong;
  }

  it('into a new folder: nothing is there afterwards', async () => {
    expect(await eachFailing(() => {}, false, tracesOf)).toEqual({});
  });

  it('over files that are there: each is the old one or the new one, and nothing else is there', async () => {
    const old = { 'new/out/top': 'old', 'new/out/d/e/two': 'old', 'new/out/other': 'old' };
    const made = hex(Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`new/out/${path}`, text])));
    let hasRenamed = false;
    const wrong = await eachFailing(
      (top) => write(top, old),
      true,
      (top, before, { operation }) => {
        const traces = tracesOf(top, before);
        const after = snapshot(top);
        const isComplete = (path: string) => after[path] === made[path] || (path.endsWith('/') && path in after);
        const found = hasRenamed ? traces.filter((path) => !isComplete(path)) : traces;
        hasRenamed ||= operation === 'rename';
        return found;
      },
    );
    expect(wrong).toEqual({});
  });

  it('a disk that is full', async () => {
    const top = newFolder();
    const before = ({ operation }: Call) => {
      if (operation === 'write') throw systemError('ENOSPC', 'no space left on device, write');
    };
    const error = await failureOfPack(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }));
    expect(error.diagnostics).toMatchObject([
      { code: 'OUTPUT_WRITE', where: { path: join(top, 'out/top') }, details: { system: 'ENOSPC' } },
    ]);
    expectUntouched(top, {});
  });

  it('a write that counts more than reaches the disk', async () => {
    const top = newFolder();
    const inner = new Watch().fileSystem();
    const fs: FileSystem = {
      ...inner,
      open: async (path, flags, mode) => ({
        ...(await inner.open(path, flags, mode)),
        write: async (_buffer, _offset, length) => ({ bytesWritten: length }),
      }),
    };
    const error = await failureOfPack(put(join(top, 'out'), FILES, { fs }));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', details: { system: 'EIO' } }]);
    expect(error.message).toContain('0 bytes on disk where 9 were written');
    expectUntouched(top, {});
  });

  it('short writes change nothing', async () => {
    const out = newFolder();
    await put(out, FILES, { fs: new Watch({ writeLimit: 1 }).fileSystem() });
    expect(snapshot(out)).toMatchObject(hex(FILES));
  });

  it('looking whether files are there fails: the output is named', async () => {
    const top = newFolder();
    const before = ({ operation }: Call) => {
      if (operation === 'lstat') throw systemError('EACCES', 'permission denied, lstat');
    };
    const error = await failureOfPack(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }));
    expect(error.diagnostics).toMatchObject([
      { code: 'OUTPUT_WRITE', where: { path: join(top, 'out/top') }, details: { system: 'EACCES' } },
    ]);
  });

  it('and cleaning up fails too: the first failure is told, and the rest is still cleaned up', async () => {
    const top = newFolder();
    let unlinks = 0;
    const before = ({ operation, path }: Call) => {
      if (operation === 'write' && path.includes('/f/')) throw systemError('ENOSPC', 'no space left on device');
      if (operation !== 'unlink') return;
      unlinks += 1;
      if (unlinks === 1) throw systemError('EIO', 'i/o error');
    };
    const error: unknown = await put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AssetsPaError);
    expect((error as AssetsPaError).diagnostics).toMatchObject([
      { code: 'OUTPUT_WRITE', details: { system: 'ENOSPC' } },
    ]);
    expect(leftovers(top)).toHaveLength(1);
    expect(openBelow(top)).toEqual([]);
  });

  it('of several new folders, one that somebody else uses stays, the others go', async () => {
    const top = newFolder();
    const before = ({ operation, path }: Call) => {
      if (operation !== 'write' || !path.includes('/f/')) return;
      writeFileSync(join(top, 'out/f/mine'), 'mine');
      throw systemError('EIO', 'i/o error');
    };
    expect(await codeOf(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }))).toBe('OUTPUT_WRITE');
    expect(snapshot(top)).toEqual({ 'out/': '/', 'out/f/': '/', ...hex({ 'out/f/mine': 'mine' }) });
  });
});

describe('what comes in between', () => {
  it.each(['top', 'd/one', 'f/three'])(
    'a file at %s, after it was seen that none is: it stays, and nothing else appears',
    async (path) => {
      const top = newFolder();
      let isDone = false;
      const before = ({ operation }: Call) => {
        if (operation !== 'link' || isDone) return;
        isDone = true;
        write(top, { [`out/${path}`]: 'mine' });
      };
      const error = await failureOfPack(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }));
      expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_EXISTS', where: { path: join(top, 'out', path) } }]);
      const found = Object.fromEntries(Object.entries(snapshot(top)).filter(([name]) => !name.endsWith('/')));
      expect(found).toEqual(hex({ [`out/${path}`]: 'mine' }));
    },
  );

  it('a file of that name while it is written', async () => {
    const top = newFolder();
    const before = ({ operation }: Call) => {
      if (operation === 'write') write(top, { 'out/top': 'mine' });
    };
    expect(await codeOf(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }))).toBe(
      'OUTPUT_EXISTS',
    );
    expect(readFileSync(join(top, 'out/top'), 'utf8')).toBe('mine');
  });

  it('a link to a folder outside, in the place of a folder that was looked for', async () => {
    const [top, elsewhere] = [newFolder(), newFolder()];
    const before = ({ operation, path }: Call) => {
      if (operation === 'mkdir' && path.endsWith('/d')) symlinkSync(elsewhere, join(top, 'out/d'));
    };
    await failureOfPack(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }));
    expect(snapshot(elsewhere)).toEqual({});
  });

  it('the folder is taken away', async () => {
    const top = newFolder();
    const before = ({ operation }: Call) => {
      if (operation === 'link') rmSync(join(top, 'out'), { recursive: true, force: true });
    };
    expect(await codeOf(put(join(top, 'out'), FILES, { fs: new Watch({ before }).fileSystem() }))).toBe('OUTPUT_WRITE');
    expect(snapshot(top)).toEqual({});
  });
});
