import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type AssetInput, type PackOptions, packAssets, toDirectory, toMemory } from '../../src/index.js';
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
  openBelow,
  planOf,
  readOutputs,
  settled,
  temporaryFolders,
  utf8,
  watchRejections,
} from '../support/packing.js';
import { referenceArtifact } from '../support/reference-writer.js';
import { type Call, type Hooks, systemError, Watch } from '../support/watched-fs.js';

const newFolder = temporaryFolders();

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
if (isRoot) console.info('skipped: a file without read permission, because root reads it anyway');
if (!isLinux) console.info('skipped: files of /proc, which only Linux has');

let rejections: ReturnType<typeof watchRejections>;
beforeEach(() => {
  rejections = watchRejections();
});
afterEach(async () => {
  await settled();
  rejections.stop();
  expect(rejections.list).toEqual([]);
});

const OLD = new Date('2001-02-03T04:05:06Z');

/** A folder with one payload, whose times are long past, and one with the outputs of an earlier pack. */
async function scene(bytes: Uint8Array = utf8('payload')): Promise<{ root: string; out: string; path: string }> {
  const top = newFolder();
  const [root, out] = [join(top, 'root'), join(top, 'out')];
  mkdirSync(root);
  await packAssets(planOf(asset(1, { inline: utf8('earlier') })), toDirectory(out));
  const path = join(root, 'a.bin');
  writeFileSync(path, bytes);
  utimesSync(path, OLD, OLD);
  return { root, out, path };
}

/** Runs a pack that has to fail, and makes sure that nothing came of it. */
async function refused(
  assets: readonly AssetInput[],
  { root, out }: { root: string; out: string },
  options: PackOptions = {},
): ReturnType<typeof failureOfPack> {
  const before = readOutputs(out);
  const error = await failureOfPack(packAssets(planOf(...assets), toDirectory(out), { folder: root, ...options }));
  await settled();
  expectSameOutputs(readOutputs(out), before);
  expect(leftovers(out)).toEqual([]);
  expect(openBelow(join(root, '..'))).toEqual([]);
  return error;
}

describe('a payload against what the plan says of it (W3)', () => {
  const seven = utf8('payload');
  const SHA256 = 'sha256:239f59ed55e737c77147cf55ad0c1b030b6d7ee748a7426952f9b852d5a935e5';
  const XXH64 = 'xxh64:44bc2cf5ad770999';
  type Row = [name: string, code: string, member: string, source: () => Partial<AssetInput>, values: object];
  const rows: Row[] = [
    ['a file shorter than size', 'SOURCE_SIZE', 'size', () => ({ file: 'a.bin', size: 8 }), sizes('8', '7')],
    ['a file longer than size', 'SOURCE_SIZE', 'size', () => ({ file: 'a.bin', size: 6 }), sizes('6', '7')],
    ['bytes shorter than size', 'SOURCE_SIZE', 'size', () => ({ inline: seven, size: 8 }), sizes('8', '7')],
    ['bytes longer than size', 'SOURCE_SIZE', 'size', () => ({ inline: seven, size: 0 }), sizes('0', '7')],
    [
      'a generator one short',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: inPieces(seven, [3]), size: 8 }),
      sizes('8', '7'),
    ],
    [
      'a generator one over',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: inPieces(seven, [6]), size: 6 }),
      sizes('6', 'at least 7'),
    ],
    [
      'a generator over within a piece',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: inPieces(seven, []), size: 4 }),
      sizes('4', 'at least 5'),
    ],
    [
      'a generator of nothing',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: inPieces(utf8(''), []), size: 1 }),
      sizes('1', '0'),
    ],
    [
      'a generator of one byte where none is planned',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: inPieces(utf8('x'), []), size: 0 }),
      sizes('0', 'at least 1'),
    ],
    [
      'a Readable one short',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: Readable.from([seven]), size: 8 }),
      sizes('8', '7'),
    ],
    [
      'a Readable one over',
      'SOURCE_SIZE',
      'stream',
      () => ({ stream: Readable.from([seven, seven]), size: 13 }),
      sizes('13', 'at least 14'),
    ],
    [
      'a wrong sha256 of a file',
      'SOURCE_CHANGED',
      'digest',
      () => ({ file: 'a.bin', digest: `sha256:${'0'.repeat(64)}` }),
      {},
    ],
    [
      'a wrong xxh64 of a file',
      'SOURCE_CHANGED',
      'digest',
      () => ({ file: 'a.bin', digest: XXH64 }),
      { expected: XXH64 },
    ],
    [
      'a wrong sha256 of bytes',
      'SOURCE_CHANGED',
      'digest',
      () => ({ inline: utf8('abd'), digest: SHA256 }),
      { expected: SHA256 },
    ],
    [
      'a wrong xxh64 of bytes',
      'SOURCE_CHANGED',
      'digest',
      () => ({ inline: utf8('abd'), digest: XXH64 }),
      { expected: XXH64 },
    ],
    [
      'a wrong sha256 of a measured stream',
      'SOURCE_CHANGED',
      'digest',
      () => ({ stream: inPieces(utf8('abd'), []), size: 3, digest: SHA256 }),
      { expected: SHA256 },
    ],
    [
      'a wrong xxh64 of a spooled stream',
      'SOURCE_CHANGED',
      'digest',
      () => ({ stream: inPieces(utf8('abd'), []), digest: XXH64 }),
      { expected: XXH64 },
    ],
  ];
  function sizes(expected: string, actual: string): object {
    const bytes = (count: string) => `${count} byte${/\b1$/.test(count) ? '' : 's'}`;
    return { expected: bytes(expected), actual: bytes(actual) };
  }

  it.each(rows)('%s is %s', async (_name, code, member, source, values) => {
    const where = await scene();
    for (const digests of [undefined, [], ['sha256' as const], ['xxh64' as const]]) {
      const assets = [asset(2, { inline: utf8('fine') }), asset(5, source())];
      const error = await refused(assets, where, digests === undefined ? {} : { digests });
      expect(error.diagnostics).toMatchObject([
        { code, severity: 'error', asset_id: 5, where: { plan: `/assets/1/${member}` }, ...values },
      ]);
    }
  });

  test('a stream of stated size is not spooled', async () => {
    const { root, out } = await scene();
    const watch = new Watch();
    const plan = planOf(asset(1, { stream: inPieces(seven, []), size: 7 }));
    await packAssets(plan, toDirectory(out, { fs: watch.fileSystem() }), { folder: root, fs: watch.fileSystem() });
    expect(watch.calls.filter(({ path }) => path.endsWith('.spool'))).toEqual([]);
  });

  test('a size that fits, and digests of either kind, pass', async () => {
    const { root } = await scene(utf8('abc'));
    const SHA256_ABC = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    for (const digest of [SHA256_ABC, XXH64]) {
      const assets = [
        asset(1, { file: 'a.bin', size: 3, digest }),
        asset(2, { inline: utf8('abc'), size: 3, digest }),
        asset(3, { stream: inPieces(utf8('abc'), [1]), size: 3, digest }),
        asset(4, { stream: inPieces(utf8('abc'), [2]), digest }),
      ];
      const pack = packAssets(planOf(...assets), toMemory(), { folder: root, digests: [] });
      expect(await codeOf(pack)).toBe('ok');
    }
  });

  test('all faults that need no reading are told together, in the order of the plan', async () => {
    const where = await scene();
    const assets = [
      asset(9, { file: 'a.bin', size: 1 }),
      asset(1, { file: 'missing' }),
      asset(4, { file: '../a.bin' }),
      asset(2, { file: '.' }),
    ];
    const error = await refused(assets, where);
    expect(error.diagnostics.map(({ code, asset_id, where: { plan } }) => [code, asset_id, plan])).toEqual([
      ['SOURCE_SIZE', 9, '/assets/0/size'],
      ['SOURCE_NOT_FOUND', 1, '/assets/1/file'],
      ['SOURCE_OUTSIDE_ROOT', 4, '/assets/2/file'],
      ['SOURCE_NOT_A_FILE', 2, '/assets/3/file'],
    ]);
    expect(await codeOf(packAssets(planOf(...assets), toMemory(), { folder: where.root, dryRun: true }))).toBe(
      'SOURCE_SIZE',
    );
  });
});

/** Hooks that act once, before the nth call of an operation on the payload. */
function once(operation: Call['operation'], nth: number, action: () => void): Hooks {
  let seen = 0;
  return {
    before: (call) => {
      if (call.operation !== operation || !/\.bin$/.test(call.path)) return;
      seen += 1;
      if (seen === nth) action();
    },
  };
}

describe('a file that changes while packing (W3)', () => {
  const SIZE = 2_500_000;
  type Change = (path: string) => void;
  const grow: Change = (path) => appendFileSync(path, 'x');
  const shrink: Change = (path) => truncateSync(path, SIZE - 1);
  const touch: Change = (path) => utimesSync(path, OLD, new Date('2002-02-02T02:02:02Z'));
  const rewrite: Change = (path) => writeFileSync(path, noise(SIZE, 9), { flag: 'r+' });
  const remove: Change = (path) => rmSync(path);
  const replace: Change = (path) => {
    writeFileSync(`${path}.new`, noise(SIZE));
    utimesSync(`${path}.new`, OLD, OLD);
    renameSync(`${path}.new`, path);
  };
  const toLink: Change = (path) => {
    renameSync(path, `${path}.moved`);
    symlinkSync(`${path}.moved`, path);
  };
  const toFolder: Change = (path) => {
    rmSync(path);
    mkdirSync(path);
  };
  const toFifo: Change = (path) => {
    rmSync(path);
    spawnSync('mkfifo', [path]);
  };

  const rows: [string, Change, Call['operation'], number, object][] = [
    ['appended to before it is opened', grow, 'open', 1, { expected: '2500000 bytes', actual: '2500001 bytes' }],
    ['truncated before it is opened', shrink, 'open', 1, { expected: '2500000 bytes', actual: '2499999 bytes' }],
    ['emptied before it is opened', (path) => truncateSync(path, 0), 'open', 1, { actual: '0 bytes' }],
    ['touched before it is opened', touch, 'open', 1, {}],
    ['rewritten before it is opened', rewrite, 'open', 1, {}],
    ['removed before it is opened', remove, 'open', 1, {}],
    ['replaced before it is opened', replace, 'open', 1, {}],
    ['made a symbolic link before it is opened', toLink, 'open', 1, {}],
    ['made a folder before it is opened', toFolder, 'open', 1, {}],
    ['made a FIFO before it is opened', toFifo, 'open', 1, {}],
    ['appended to before the first read', grow, 'read', 1, { expected: '2500000 bytes', actual: '2500001 bytes' }],
    ['appended to before the last read', grow, 'read', 3, { expected: '2500000 bytes', actual: '2500001 bytes' }],
    ['truncated before the second read', shrink, 'read', 2, { expected: '2500000 bytes', actual: '2499999 bytes' }],
    ['emptied before the second read', (path) => truncateSync(path, 0), 'read', 2, { actual: '0 bytes' }],
    ['touched before the second read', touch, 'read', 2, {}],
    ['rewritten before the second read', rewrite, 'read', 2, {}],
    ['touched after the last read', touch, 'fstat', 2, {}],
  ];
  it.each(rows)('%s', async (_name, change, operation, nth, values) => {
    const where = await scene(noise(SIZE));
    const watch = new Watch(once(operation, nth, () => change(where.path)));
    const assets = [asset(3, { inline: utf8('fine') }), asset(8, { file: 'a.bin' })];
    const error = await refused(assets, where, { fs: watch.fileSystem() });
    expect(error.diagnostics).toMatchObject([{ code: 'SOURCE_CHANGED', where: { path: 'a.bin' }, ...values }]);
  });

  test('is named with its asset and its place in the plan', async () => {
    const where = await scene();
    const watch = new Watch(once('open', 1, () => grow(where.path)));
    const assets = [asset(3, { inline: utf8('fine') }), asset(8, { file: 'a.bin' })];
    const error = await refused(assets, where, { fs: watch.fileSystem() });
    expect(error.diagnostics).toMatchObject([{ asset_id: 8, where: { plan: '/assets/1/file' } }]);
  });

  test('once open, the file that was checked is what is packed, whatever its name means by then', async () => {
    for (const change of [remove, replace, toLink]) {
      const { root, path } = await scene(noise(SIZE));
      const watch = new Watch(once('read', 2, () => change(path)));
      const sink = toMemory();
      await packAssets(planOf(asset(1, { file: 'a.bin' })), sink, { folder: root, fs: watch.fileSystem() });
      const expected = referenceArtifact([{ id: 1, name: 'asset-1', bank: 'SOUNDS', bytes: noise(SIZE) }], 1);
      expect(Buffer.compare(sink.bytes, expected)).toBe(0);
    }
  });
});

describe('which files a plan may name (W8)', () => {
  /** A root with every kind of thing in it, and files outside. */
  async function tree(): Promise<{ root: string; out: string; top: string }> {
    const { root, out } = await scene();
    const top = join(root, '..');
    mkdirSync(join(root, 'sub/deeper'), { recursive: true });
    mkdirSync(join(top, 'elsewhere'));
    // The name begins as the root's does.
    mkdirSync(join(top, 'root-2'));
    writeFileSync(join(root, 'sub/deeper/b.bin'), 'inside');
    writeFileSync(join(root, '..c.bin'), 'inside');
    writeFileSync(join(top, 'elsewhere/o.bin'), 'outside');
    writeFileSync(join(top, 'root-2/o.bin'), 'outside');
    const links: [string, string][] = [
      ['link.bin', 'a.bin'],
      ['long.bin', 'sub/../sub/deeper/b.bin'],
      ['there-and-back.bin', '../root/a.bin'],
      ['absolute.bin', join(root, 'a.bin')],
      ['chain.bin', 'link.bin'],
      ['folder', 'sub'],
      ['out.bin', '../elsewhere/o.bin'],
      ['out-absolute.bin', join(top, 'elsewhere/o.bin')],
      ['out-chain.bin', 'out.bin'],
      ['out-folder', '../elsewhere'],
      ['out-sibling', '../root-2'],
      ['dangling.bin', 'nothing'],
      ['loop.bin', 'loop.bin'],
      ['to-folder', 'sub'],
      ['null', '/dev/null'],
    ];
    for (const [name, target] of links) symlinkSync(target, join(root, name));
    spawnSync('mkfifo', [join(root, 'fifo')]);
    symlinkSync('fifo', join(root, 'to-fifo'));
    return { root, out, top };
  }

  const OK = 'ok';
  const OUTSIDE = 'SOURCE_OUTSIDE_ROOT';
  const MISSING = 'SOURCE_NOT_FOUND';
  const NO_FILE = 'SOURCE_NOT_A_FILE';
  /** The outcome confined, and with the confinement lifted. `@` stands for the folder around the root. */
  const rows: [path: string, confined: string, lifted: string][] = [
    ['a.bin', OK, OK],
    ['./a.bin', OK, OK],
    ['..c.bin', OK, OK],
    ['sub/deeper/b.bin', OK, OK],
    ['sub//deeper/./b.bin', OK, OK],
    ['link.bin', OK, OK],
    ['long.bin', OK, OK],
    ['there-and-back.bin', OK, OK],
    ['absolute.bin', OK, OK],
    ['chain.bin', OK, OK],
    ['folder/deeper/b.bin', OK, OK],
    ['out.bin', OUTSIDE, OK],
    ['out-absolute.bin', OUTSIDE, OK],
    ['out-chain.bin', OUTSIDE, OK],
    ['out-folder/o.bin', OUTSIDE, OK],
    ['out-sibling/o.bin', OUTSIDE, OK],
    ['../elsewhere/o.bin', OUTSIDE, OK],
    ['../root/a.bin', OUTSIDE, OK],
    ['sub/../a.bin', OUTSIDE, OK],
    ['sub/deeper/..', OUTSIDE, NO_FILE],
    ['..', OUTSIDE, NO_FILE],
    ['../nothing', OUTSIDE, MISSING],
    ['@/root/a.bin', OUTSIDE, OK],
    ['@/elsewhere/o.bin', OUTSIDE, OK],
    ['/dev/null', OUTSIDE, NO_FILE],
    ['null', OUTSIDE, NO_FILE],
    ['dangling.bin', MISSING, MISSING],
    ['nothing', MISSING, MISSING],
    ['nothing/a.bin', MISSING, MISSING],
    ['a.bin/b.bin', MISSING, MISSING],
    ['a.bin/', MISSING, MISSING],
    ['loop.bin', 'SOURCE_READ', 'SOURCE_READ'],
    ['sub', NO_FILE, NO_FILE],
    ['sub/', NO_FILE, NO_FILE],
    ['.', NO_FILE, NO_FILE],
    ['to-folder', NO_FILE, NO_FILE],
    ['fifo', NO_FILE, NO_FILE],
    ['to-fifo', NO_FILE, NO_FILE],
    ['', 'PLAN_VALUE', 'PLAN_VALUE'],
    ['sub\\a.bin', 'PLAN_VALUE', 'PLAN_VALUE'],
    ['a.bin\0', 'PLAN_VALUE', 'PLAN_VALUE'],
  ];
  it.each(rows)('%j: %s, lifted: %s', async (path, confined, lifted) => {
    const { root, top } = await tree();
    const plan = planOf(asset(1, { file: path.replace('@', top) }));
    expect(await codeOf(packAssets(plan, toMemory(), { folder: root }))).toBe(confined);
    expect(await codeOf(packAssets(plan, toMemory(), { folder: root, allowOutsideRoot: true }))).toBe(lifted);
  });

  it.each<[string, string, string, string]>([
    ['the root above the folder lets links lead there', '.', 'out.bin', OK],
    ['the root above the folder does not make ".." legal', '.', '../elsewhere/o.bin', OUTSIDE],
    ['the root below the folder shuts out the rest of it', 'root/sub', 'a.bin', OUTSIDE],
    ['the root below the folder, a file in it', 'root/sub', 'sub/deeper/b.bin', OK],
    ['a root that is not there', 'nowhere', 'a.bin', 'INPUT_READ'],
  ])('%s', async (_, below, file, code) => {
    const { root, top } = await tree();
    const options = { folder: root, root: join(top, below) };
    expect(await codeOf(packAssets(planOf(asset(1, { file })), toMemory(), options))).toBe(code);
  });

  test('a root that is a symbolic link', async () => {
    const { root, top } = await tree();
    symlinkSync('root', join(top, 'other-name'));
    const plan = planOf(asset(1, { file: 'a.bin' }), asset(2, { file: 'absolute.bin' }));
    expect(await codeOf(packAssets(plan, toMemory(), { folder: join(top, 'other-name') }))).toBe('ok');
    expect(await codeOf(packAssets(plan, toMemory(), { folder: join(top, 'other-name'), root }))).toBe('ok');
  });

  test('folders named relative to the current one', async () => {
    const { root, top } = await tree();
    const before = process.cwd();
    try {
      process.chdir(root);
      const plan = planOf(asset(1, { file: 'a.bin' }), asset(2, { file: 'sub/deeper/b.bin' }));
      expect(await codeOf(packAssets(plan, toMemory()))).toBe('ok');
      expect(await codeOf(packAssets(plan, toMemory(), { folder: '.' }))).toBe('ok');
      expect(await codeOf(packAssets(plan, toMemory(), { folder: '../root' }))).toBe('ok');
      process.chdir(top);
      expect(await codeOf(packAssets(plan, toMemory(), { folder: 'root' }))).toBe('ok');
      expect(await codeOf(packAssets(plan, toMemory(), { folder: './root/', root: '.' }))).toBe('ok');
    } finally {
      process.chdir(before);
    }
  });

  test('a socket', async () => {
    const { root } = await tree();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve));
    try {
      expect(await codeOf(packAssets(planOf(asset(1, { file: 'socket' })), toMemory(), { folder: root }))).toBe(
        NO_FILE,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.skipIf(!isLinux)('a file that says it is empty and is not', async () => {
    const where = await scene();
    const error = await refused([asset(1, { file: '/proc/self/status' })], where, { allowOutsideRoot: true });
    expect(error.diagnostics).toMatchObject([{ code: 'SOURCE_SIZE', expected: '0 bytes', actual: 'at least 1 byte' }]);
  });

  it.skipIf(isRoot)('a file without read permission', async () => {
    const where = await scene();
    chmodSync(where.path, 0o000);
    const error = await refused([asset(1, { file: 'a.bin' })], where);
    expect(error.diagnostics).toMatchObject([{ code: 'SOURCE_READ', details: { system: 'EACCES' } }]);
  });

  test('a fault of the text needs no look at the file system', async () => {
    const where = await scene();
    const watch = new Watch();
    await refused([asset(1, { file: '../a.bin' }), asset(2, { file: '/a.bin' })], where, { fs: watch.fileSystem() });
    expect(watch.calls.filter(({ path }) => path !== where.root)).toEqual([]);
  });

  test('a FIFO is never opened', async () => {
    const where = await tree();
    const watch = new Watch();
    await refused([asset(1, { file: 'fifo' }), asset(2, { file: 'to-fifo' })], where, { fs: watch.fileSystem() });
    expect(watch.of('open')).toEqual([]);
  });
});

describe('a file that cannot be read', () => {
  it.each<[Call['operation'], number, string]>([
    ['realpath', 2, 'EACCES'],
    ['lstat', 1, 'EIO'],
    ['open', 1, 'EACCES'],
    ['open', 1, 'EMFILE'],
    ['fstat', 1, 'EIO'],
    ['read', 1, 'EIO'],
    ['read', 2, 'ESTALE'],
    ['fstat', 2, 'EIO'],
    ['close', 1, 'EIO'],
  ])('%s %i: %s', async (operation, nth, code) => {
    const where = await scene();
    mkdirSync(join(where.root, 'sub'));
    writeFileSync(join(where.root, 'sub/b.bin'), noise(1_500_000));
    let seen = 0;
    const watch = new Watch({
      before: (call) => {
        if (call.operation !== operation) return;
        seen += 1;
        if (seen === nth) throw systemError(code);
      },
    });
    const error = await refused([asset(6, { file: 'sub/b.bin' })], where, { fs: watch.fileSystem() });
    expect(watch.failed?.operation).toBe(operation);
    expect(error.diagnostics).toMatchObject([
      { code: 'SOURCE_READ', where: { path: 'sub/b.bin' }, details: { system: code } },
    ]);
    expect(error.diagnostics).toMatchObject([{ asset_id: 6, where: { plan: '/assets/0/file' } }]);
  });

  test('the root itself is an operand', async () => {
    const where = await scene();
    const watch = new Watch({
      before: ({ operation }) => {
        if (operation === 'realpath') throw systemError('EACCES');
      },
    });
    const error = await refused([asset(6, { file: 'a.bin' })], where, { fs: watch.fileSystem() });
    expect(error.diagnostics).toMatchObject([
      { code: 'INPUT_READ', where: { path: where.root }, details: { system: 'EACCES' } },
    ]);
  });
});

describe('each byte is read once (W2)', () => {
  it.each([undefined, 1, 999_999])('with at most %s bytes a read', async (readLimit) => {
    const sizes = readLimit === 1 ? [700, 0, 3] : [2_500_000, 0, 3, 1_048_576];
    const root = newFolder();
    const assets = sizes.map((size, i) => ({ id: i, name: `asset-${i}`, bank: 'SOUNDS', bytes: noise(size, i + 1) }));
    for (const { id, bytes } of assets) writeFileSync(join(root, `${id}.bin`), bytes);
    const watch = new Watch(readLimit === undefined ? {} : { readLimit });
    const sink = toMemory();
    const plan = planOf(...assets.map(({ id }) => asset(id, { file: `${id}.bin`, digest: undefined })));
    await packAssets(plan, sink, { folder: root, fs: watch.fileSystem() });
    const read = assets.map(({ id }) =>
      watch
        .of('read')
        .filter(({ path }) => path === join(root, `${id}.bin`))
        .reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    );
    expect(read).toEqual(sizes);
    expect(watch.of('open').length).toBe(sizes.length);
    expect(watch.of('close').length).toBe(sizes.length);
    expect(watch.of('readFile')).toEqual([]);
    expect(Buffer.compare(sink.bytes, referenceArtifact(assets, 1))).toBe(0);
  });

  test('files are opened when their turn comes, in table order, one at a time', async () => {
    const root = newFolder();
    for (const name of ['x', 'y', 'z']) writeFileSync(join(root, name), name);
    const watch = new Watch();
    const plan = planOf(asset(3, { file: 'x' }), asset(1, { file: 'y' }), asset(2, { file: 'z' }));
    await packAssets(plan, toMemory(), { folder: root, fs: watch.fileSystem() });
    const steps = watch.calls.filter(({ operation }) => operation === 'open' || operation === 'close');
    expect(steps.map(({ operation, path }) => [operation, path.slice(root.length + 1)])).toEqual([
      ['open', 'y'],
      ['close', 'y'],
      ['open', 'z'],
      ['close', 'z'],
      ['open', 'x'],
      ['close', 'x'],
    ]);
  });

  test('a short read of a spooled stream changes nothing', async () => {
    const bytes = noise(5_000);
    const watch = new Watch({ readLimit: 700, writeLimit: 300 });
    const out = join(newFolder(), 'out');
    await packAssets(
      planOf(asset(0, { stream: inPieces(bytes, [4_000]) })),
      toDirectory(out, { fs: watch.fileSystem() }),
    );
    expect(watch.of('read').length).toBeGreaterThan(5);
    const expected = referenceArtifact([{ id: 0, name: 'asset-0', bank: 'SOUNDS', bytes }], 1);
    expect(Buffer.compare(readFileSync(join(out, 'assets.pa')), expected)).toBe(0);
  });
});

describe('streams that fail', () => {
  const boom = Object.assign(new Error('the line went dead'), { code: 'ECONNRESET' });
  async function* throwsAfter(pieces: number): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < pieces; i += 1) yield noise(1_000, i);
    throw boom;
  }
  const failing = (pieces: number) =>
    new Readable({
      read() {
        pieces -= 1;
        if (pieces >= 0) this.push(noise(1_000));
        else this.destroy(boom);
      },
    });
  const sources: [string, () => AsyncIterable<Uint8Array>][] = [
    ['a generator that throws at once', () => throwsAfter(0)],
    ['a generator that throws later', () => throwsAfter(3)],
    ['a Readable that fails at once', () => failing(0)],
    ['a Readable that fails later', () => failing(3)],
    ['a Readable that failed before', () => new Readable({ read() {} }).destroy(boom)],
    [
      'an iterator whose next is no promise and throws',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw boom;
          },
        }),
      }),
    ],
  ];
  const rows = sources.flatMap(([name, make]) => [
    [`${name}, measured`, make, 10_000] as const,
    [`${name}, not measured`, make, undefined] as const,
  ]);
  it.each(rows)('%s', async (_, make, size) => {
    const where = await scene();
    const error = await refused([asset(1, { inline: utf8('x') }), asset(5, { stream: make(), size })], where);
    expect(error.code).toBe('SOURCE_READ');
    expect(error.message).toContain('the line went dead');
    expect(error.cause).toBe(boom);
  });

  it.each([10_000, undefined])('the asset, its place and the code of the system are told, size %s', async (size) => {
    const where = await scene();
    const error = await refused([asset(1, { inline: utf8('x') }), asset(5, { stream: failing(2), size })], where);
    expect(error.diagnostics).toMatchObject([
      { code: 'SOURCE_READ', asset_id: 5, where: { plan: '/assets/1/stream' }, details: { system: 'ECONNRESET' } },
    ]);
  });

  test('a stream that was closed before its end', async () => {
    const where = await scene();
    const stream = new PassThrough();
    stream.write('abc');
    stream.destroy();
    expect((await refused([asset(1, { stream, size: 10 })], where)).code).toBe('SOURCE_READ');
  });

  test('an error before its turn is met at its turn', async () => {
    const where = await scene();
    const later = new Readable({ read() {} });
    async function* first() {
      later.destroy(boom);
      await settled();
      yield utf8('abc');
    }
    const error = await refused([asset(1, { stream: first(), size: 3 }), asset(2, { stream: later, size: 3 })], where);
    expect([error.code, error.cause]).toEqual(['SOURCE_READ', boom]);
  });

  test('an error of a stream whose turn never comes is nobody else’s', async () => {
    const where = await scene();
    const later = new Readable({ read() {} });
    async function* first() {
      yield utf8('a');
      later.destroy(boom);
      await settled();
      throw new Error('first');
    }
    const error = await refused([asset(1, { stream: first(), size: 3 }), asset(2, { stream: later, size: 3 })], where);
    expect(error.message).toContain('first');
  });

  it.each<[string, unknown, number | undefined]>([
    ['a string, measured', 'abc', 3],
    ['a string, not measured', 'abc', undefined],
    ['a number', 3, 3],
    ['null', null, 3],
    ['an array', [1, 2, 3], 3],
    ['a view of wider units', new Uint16Array(3), 6],
    ['an ArrayBuffer', new ArrayBuffer(3), 3],
  ])('a chunk that is %s is a TypeError', async (_, chunk, size) => {
    const { out } = await scene();
    const before = readOutputs(out);
    async function* wrong() {
      yield chunk as Uint8Array;
    }
    await expect(packAssets(planOf(asset(1, { stream: wrong(), size })), toDirectory(out))).rejects.toThrow(TypeError);
    expectSameOutputs(readOutputs(out), before);
    expect(leftovers(out)).toEqual([]);
  });

  test('what is no async iterable is a TypeError', async () => {
    const plan = planOf(asset(1, { stream: [utf8('a')] as never, size: 1 }));
    await expect(packAssets(plan, toMemory())).rejects.toThrow(TypeError);
  });
});

describe('streams that keep us waiting', () => {
  /** Yields once, then never again; tells when it is being waited for. */
  function stuck(): { stream: AsyncIterable<Uint8Array>; waiting: Promise<void> } {
    const { passed, open } = gate();
    async function* stream() {
      yield utf8('abc');
      open();
      await new Promise(() => {});
    }
    return { stream: stream(), waiting: passed };
  }

  it.each([100, undefined])('a generator that never yields again, size %s', async (size) => {
    const where = await scene();
    const { stream, waiting } = stuck();
    const stop = new AbortController();
    void waiting.then(() => stop.abort('enough'));
    const error = await refused([asset(1, { stream, size })], where, { signal: stop.signal });
    expect([error.code, error.cause]).toEqual(['INTERRUPTED', 'enough']);
  });

  it.each([100, undefined])('a Readable that never reads, size %s', async (size) => {
    const where = await scene();
    const stop = new AbortController();
    const stream = new Readable({
      read() {
        setImmediate(() => stop.abort());
      },
    });
    const error = await refused([asset(1, { stream, size })], where, { signal: stop.signal });
    expect(error.code).toBe('INTERRUPTED');
    expect(stream.destroyed).toBe(true);
  });

  it.each([100, undefined])(
    'a generator that stops the pack itself and never yields, size %s',
    async (size) => {
      const where = await scene();
      const stop = new AbortController();
      async function* stream(): AsyncGenerator<Uint8Array> {
        stop.abort();
        await new Promise(() => {});
      }
      const error = await refused([asset(1, { stream: stream(), size })], where, { signal: stop.signal });
      expect(error.code).toBe('INTERRUPTED');
    },
    5_000,
  );

  test('listeners on the signal go with the waits', async () => {
    const stop = new AbortController();
    let listeners = 0;
    let most = 0;
    const add = stop.signal.addEventListener.bind(stop.signal);
    const remove = stop.signal.removeEventListener.bind(stop.signal);
    stop.signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      most = Math.max(most, listeners);
      add(...args);
    };
    stop.signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const stream = inPieces(noise(100_000), Array(1_000).fill(100));
    await packAssets(planOf(asset(1, { stream, size: 100_000 })), toMemory(), { signal: stop.signal });
    await settled();
    expect(listeners).toBe(0);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(5);
  });
});

describe('streams are let go of', () => {
  /** A stream, and what became of it. */
  function tracked(pieces: number): { stream: AsyncGenerator<Uint8Array>; readonly state: string } {
    let state = 'not started';
    async function* generate() {
      state = 'started';
      try {
        for (let i = 0; i < pieces; i += 1) yield noise(10, i);
        state = 'read to the end';
      } finally {
        if (state === 'started') state = 'ended early';
      }
    }
    const stream = generate();
    return {
      stream,
      get state() {
        return state;
      },
    };
  }

  test('when all goes well', async () => {
    const [measured, spooled] = [tracked(3), tracked(3)];
    const readable = Readable.from([utf8('abc')]);
    await packAssets(
      planOf(
        asset(1, { stream: measured.stream, size: 30 }),
        asset(2, { stream: spooled.stream }),
        asset(3, { stream: readable, size: 3 }),
      ),
      toMemory(),
    );
    await settled();
    expect([measured.state, spooled.state, readable.destroyed]).toEqual(['read to the end', 'read to the end', true]);
  });

  it.each<[string, (stream: AsyncIterable<Uint8Array>) => Partial<AssetInput>]>([
    ['too long', (stream) => ({ stream, size: 15 })],
    ['too long within the first piece', (stream) => ({ stream, size: 5 })],
  ])('when one is %s', async (_, source) => {
    const where = await scene();
    const [bad, later] = [tracked(3), new PassThrough()];
    await refused([asset(1, source(bad.stream)), asset(2, { stream: later, size: 1 })], where);
    expect([bad.state, later.destroyed]).toEqual(['ended early', true]);
  });

  /** Why a pack fails; each with streams that were not read yet. */
  const failures: [string, (stream: Readable, unmeasured: Readable) => AssetInput[], PackOptions, string][] = [
    [
      'a digest is wrong',
      (stream) => [asset(1, { inline: utf8('x'), digest: 'xxh64:0000000000000000' }), asset(2, { stream, size: 3 })],
      {},
      'SOURCE_CHANGED',
    ],
    [
      'another stream fails while it is spooled',
      (stream, unmeasured) => [
        asset(1, { stream: Readable.from(failingPieces()) }),
        asset(2, { stream: unmeasured }),
        asset(3, { stream, size: 3 }),
      ],
      {},
      'SOURCE_READ',
    ],
    [
      'the pack is interrupted before it begins',
      (stream, unmeasured) => [asset(1, { stream: unmeasured }), asset(2, { stream, size: 3 })],
      { signal: AbortSignal.abort() },
      'INTERRUPTED',
    ],
    [
      'a file is missing',
      (stream, unmeasured) => [
        asset(1, { file: 'missing' }),
        asset(2, { stream, size: 3 }),
        asset(3, { stream: unmeasured }),
      ],
      {},
      'SOURCE_NOT_FOUND',
    ],
    [
      'the plan is wrong',
      (stream, unmeasured) => [asset(1, { stream: unmeasured }), asset(1, { stream, size: 3 })],
      {},
      'ASSET_ID_DUPLICATE',
    ],
    [
      'a warning is one too many',
      (stream, unmeasured) => [
        asset(1, { stream: unmeasured, assetName: 'same' }),
        asset(2, { stream, size: 3, assetName: 'same' }),
      ],
      { strict: true },
      'ASSET_NAME_DUPLICATE',
    ],
  ];
  async function* failingPieces() {
    yield utf8('a');
    throw new Error('broken');
  }
  it.each(failures)('when %s', async (_, assetsOf, options, code) => {
    const where = await scene();
    const [stream, unmeasured] = [new PassThrough(), new PassThrough()];
    const assets = assetsOf(stream, unmeasured);
    const used = [stream, unmeasured].filter((each) => assets.some((one) => one.stream === each));
    const error = await refused(assets, where, options);
    expect(error.code).toBe(code);
    expect(used.map(({ destroyed }) => destroyed)).toEqual(used.map(() => true));
  });

  test('a dry run leaves streams alone', async () => {
    const measured = tracked(1);
    const stream = new PassThrough();
    const plan = planOf(asset(1, { stream: measured.stream, size: 3 }), asset(2, { stream, size: 3 }));
    await packAssets(plan, toMemory(), { dryRun: true });
    expect([measured.state, stream.destroyed]).toEqual(['not started', false]);
    stream.destroy();
  });
});

describe('the spool (W9)', () => {
  test('is a nameless file in the output directory, private to its owner', async () => {
    const { out } = await scene();
    const watch = new Watch();
    const modes: (number | undefined)[] = [];
    const inner = watch.fileSystem();
    const seen: string[][] = [];
    const fs = {
      ...inner,
      open: (path: string, flags: number, mode?: number) => {
        if (path.endsWith('.spool')) modes.push(mode);
        return inner.open(path, flags, mode);
      },
    };
    async function* stream() {
      yield utf8('abc');
      seen.push(namesBelow(out).filter((name) => name.endsWith('.spool')));
      yield utf8('def');
    }
    await packAssets(planOf(asset(1, { stream: stream() })), toDirectory(out, { fs }));
    const spools = watch
      .of('open')
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.spool'));
    expect(spools).toEqual([expect.stringMatching(/\/out\/\.assets\.pa\.[0-9a-f]{16}\.spool$/)]);
    expect(modes).toEqual([0o600]);
    expect(seen).toEqual([[]]);
  });

  test('is shared by all, and not made when every size is known', async () => {
    for (const [sizes, spools] of [
      [[undefined, undefined], 1],
      [[3, undefined], 1],
      [[3, 3], 0],
    ] as const) {
      const watch = new Watch();
      const plan = planOf(...sizes.map((size, id) => asset(id, { stream: inPieces(utf8('abc'), []), size })));
      await packAssets(plan, toDirectory(join(newFolder(), 'out'), { fs: watch.fileSystem() }));
      expect(watch.of('open').filter(({ path }) => path.endsWith('.spool')).length).toBe(spools);
    }
  });

  test('takes streams in table order', async () => {
    const order: number[] = [];
    const stream = async function* (id: number) {
      order.push(id);
      yield utf8(String(id));
    };
    await packAssets(planOf(...[3, 1, 2].map((id) => asset(id, { stream: stream(id) }))), toMemory());
    expect(order).toEqual([1, 2, 3]);
  });

  test('a bank rule is judged once the size is known', async () => {
    const where = await scene();
    const glyph = { width: 8, height: 8, tile_size: 8, palette_count: 64 };
    const stream = inPieces(noise(2_081), []);
    const error = await refused([asset(4, { bankType: 'GLYPH', metadata: glyph, stream })], where);
    expect(error.diagnostics).toMatchObject([
      { code: 'BANK_SIZE', asset_id: 4, expected: 2_080, actual: 2_081, where: { plan: '/assets/0/stream' } },
    ]);
  });
});
