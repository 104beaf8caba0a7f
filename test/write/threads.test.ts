/** Payload files read by a thread, SHA-256 computed by another: the same bytes, the same faults, and nothing left running. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { blockingFileSystem } from '../../src/host/blocking-fs.js';
import { nodeFileSystem } from '../../src/host/fs.js';
import { BLOCK_SIZE } from '../../src/host/threads/blocks.js';
import { type PackOptions, type PlanInput, packAssets, type Sink, toDirectory, toMemory } from '../../src/index.js';
import { MANY_FILES } from '../../src/write/payload-threads.js';
import {
  asset,
  expectSameBytes,
  failureOfPack,
  inPieces,
  leftovers,
  noise,
  openBelow,
  planOf,
  readOutputs,
  temporaryFolders,
} from '../support/packing.js';

const newFolder = temporaryFolders();

/** Sizes around those of blocks, and small files in between. */
const SIZES = [0, 1, 4_096, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 70, 0, 3 * BLOCK_SIZE + 17, 12, 0];

/** A folder with a payload file of each size, and their plan. */
function folderOf(
  sizes: readonly number[],
  between?: (id: number) => Partial<PlanInput['assets'][number]>,
): {
  folder: string;
  plan: () => PlanInput;
} {
  const folder = newFolder();
  for (const [i, size] of sizes.entries()) writeFileSync(join(folder, `${i}.bin`), noise(size, i + 1));
  const files = sizes.map((_, i) => asset(2 * i, { file: `${i}.bin` }));
  const others = () => (between === undefined ? [] : sizes.map((_, i) => asset(2 * i + 1, between(i))));
  return { folder, plan: () => planOf(...files, ...others()) };
}

async function bytesOf(plan: PlanInput, options: PackOptions): Promise<Uint8Array> {
  const sink = toMemory();
  await packAssets(plan, sink, options);
  return sink.bytes;
}

/** Packs files with threads and without, and compares everything. */
async function expectSameOutputs(sizes: readonly number[], options: PackOptions): Promise<void> {
  const { folder, plan } = folderOf(sizes);
  const [one, many] = [newFolder(), newFolder()];
  await packAssets(plan(), toDirectory(one), { ...options, folder, threads: false });
  await packAssets(plan(), toDirectory(many), { ...options, folder, threads: true });
  const expected = readOutputs(one);
  for (const [name, bytes] of Object.entries(readOutputs(many))) expectSameBytes(bytes, expected[name] as Buffer);
  expect(leftovers(many)).toEqual([]);
  expect(openBelow(folder)).toEqual([]);
}

describe('an artifact written with threads', () => {
  it.each([1, 16, 4_096])('has the same bytes and companions at alignment %s', async (alignment) => {
    await expectSameOutputs(SIZES, { alignment });
  });

  it('has the same bytes when files stand among inline payloads and streams', async () => {
    const between = (i: number) =>
      i % 2 === 0 ? { inline: noise(100 + i, 50 + i) } : { stream: inPieces(noise(3_000, i), [7, 900]), size: 3_000 };
    const { folder, plan } = folderOf(SIZES, between);
    const expected = await bytesOf(plan(), { folder, threads: false });
    expectSameBytes(await bytesOf(plan(), { folder, threads: true }), expected);
  });

  // More than a thread is told at once; and so many that two of them take turns.
  it.each([
    [8_200, 8],
    [MANY_FILES, 1],
    [MANY_FILES, 16],
    [MANY_FILES, 4_096],
    [MANY_FILES, 1, blockingFileSystem],
  ])(
    'has the same bytes and companions with %s files, at alignment %s',
    async (count, alignment, fs = nodeFileSystem) => {
      const sizes = [...SIZES, 200_000, 300_000];
      const { folder } = folderOf(sizes);
      const number = (i: number) => (i % 300 === 0 ? (i / 300) % sizes.length : i % 4 === 0 ? 2 : 6);
      const plan = planOf(...Array.from({ length: count }, (_, i) => asset(i, { file: `${number(i)}.bin` })));
      const options = { folder, alignment, digests: ['xxh64'] } as const;
      const [without, by] = [newFolder(), newFolder()];
      // By blocking calls: on this thread, so many files take seconds by any other.
      await packAssets(plan, toDirectory(without), { ...options, fs: blockingFileSystem, threads: false });
      await packAssets(plan, toDirectory(by), { ...options, fs });
      const expected = readOutputs(without);
      for (const [name, bytes] of Object.entries(readOutputs(by))) expectSameBytes(bytes, expected[name] as Buffer);
      expect(openBelow(folder)).toEqual([]);
    },
  );

  it.each([
    ['two threads', nodeFileSystem],
    ['a thread and the caller', blockingFileSystem],
  ])('finds what there is, and says what there is not, with %s as with none', async (_, fs) => {
    const { folder } = folderOf([5]);
    mkdirSync(join(folder, 'folder'));
    symlinkSync('0.bin', join(folder, 'link'));
    symlinkSync('nothing', join(folder, 'broken'));
    const names = ['0.bin', 'link', 'broken', 'folder', 'not-there', '0.bin/below', '../outside'];
    const plan = planOf(
      ...Array.from({ length: MANY_FILES }, (_, i) => asset(i, { file: i < 7 ? (names[i] as string) : '0.bin' })),
    );
    const [without, by] = [
      await failureOfPack(packAssets(plan, toMemory(), { folder, threads: false })),
      await failureOfPack(packAssets(plan, toMemory(), { folder, fs })),
    ];
    expect(by.diagnostics.map(({ code }) => code)).toContain('SOURCE_NOT_A_FILE');
    expect(by.diagnostics).toEqual(without.diagnostics);
  });

  it.each([[[]], [['xxh64']], [['sha256']], [['sha256', 'xxh64']]] as const)('has the digests %j', async (digests) => {
    const { folder, plan } = folderOf([10, BLOCK_SIZE, 2 * BLOCK_SIZE + 3]);
    const [a, b] = await Promise.all(
      [false, true].map((threads) => packAssets(plan(), toMemory(), { folder, digests, threads })),
    );
    expect(b?.artifact).toEqual(a?.artifact);
    expect(Object.keys(b?.artifact.digests ?? {})).toEqual(digests);
  });

  it('warns of equal content as it does without threads', async () => {
    const { folder, plan } = folderOf([40, 40, 0, 0]);
    writeFileSync(join(folder, '1.bin'), noise(40, 1));
    const [a, b] = await Promise.all(
      [false, true].map((threads) => packAssets(plan(), toMemory(), { folder, threads })),
    );
    expect(a?.diagnostics.map(({ code }) => code)).toEqual(['DUPLICATE_CONTENT']);
    expect(b?.diagnostics).toEqual(a?.diagnostics);
  });

  it('gives memory of its own to a sink that does not ask for shared memory', async () => {
    const { folder, plan } = folderOf(SIZES);
    const pieces: Uint8Array[] = [];
    const plain: Sink = {
      keepsCompanions: false,
      open: async () => {},
      begin: async () => {},
      write: async (bytes) => {
        expect(bytes.buffer).toBeInstanceOf(ArrayBuffer);
        pieces.push(Uint8Array.from(bytes));
      },
      companion: async () => {},
      commit: async () => {},
      abort: async () => {},
    };
    await packAssets(plan(), plain, { folder, threads: true });
    expectSameBytes(Buffer.concat(pieces), await bytesOf(plan(), { folder, threads: false }));
  });

  it('tells how far it is, and ends at everything', async () => {
    const { folder, plan } = folderOf(SIZES);
    const seen: { bytes: number; assets: number }[] = [];
    await packAssets(plan(), toMemory(), { folder, threads: true, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
    const totalBytes = SIZES.reduce((a, b) => a + b);
    expect(seen.at(-1)).toMatchObject({ bytes: totalBytes, totalBytes, assets: SIZES.length });
  });
});

describe('an artifact whose file is lent to the threads', () => {
  const digests = ['xxh64'] as const;

  it.each([1, 16, 4_096, 65_536])('has the same bytes and companions at alignment %s', async (alignment) => {
    await expectSameOutputs([...SIZES, 40 * BLOCK_SIZE + 1, 3], { alignment, digests });
  });

  // The longest so long that the thread has started before the end.
  it.each([
    [[], 16, 40],
    [['xxh64'], 1, 250],
    [['xxh64'], 4_096, 40],
    [['sha256', 'xxh64'], 1, 40],
  ] as const)(
    'has them when the caller copies as well, with the digests %j, at alignment %s, with a file of %s blocks',
    async (chosen, alignment, blocks) => {
      const sizes = [...SIZES, blocks * BLOCK_SIZE + 1, ...SIZES];
      await expectSameOutputs(sizes, { alignment, digests: chosen, fs: blockingFileSystem });
    },
  );

  it('has them when the caller copies as well, and the plan states digests of another kind', async () => {
    const { folder } = folderOf([...SIZES, 5 * BLOCK_SIZE]);
    const digest = (file: string) => `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
    const files = [...SIZES, 0].map((_, i) => asset(i, { file: `${i}.bin`, digest: digest(join(folder, `${i}.bin`)) }));
    const options = { folder, digests, fs: blockingFileSystem, threads: true };
    const { artifact } = await packAssets(planOf(...files), toDirectory(newFolder()), options);
    const without = await packAssets(planOf(...files), toMemory(), { folder, digests, threads: false });
    expect(artifact).toEqual(without.artifact);
  });

  it('has the same bytes when files stand among inline payloads and streams', async () => {
    const between = (i: number) =>
      i % 2 === 0 ? { inline: noise(100 + i, 50 + i) } : { stream: inPieces(noise(3_000, i), [7, 900]), size: 3_000 };
    const { folder, plan } = folderOf(SIZES, between);
    const expected = await bytesOf(plan(), { folder, digests, threads: false });
    const out = newFolder();
    await packAssets(plan(), toDirectory(out), { folder, digests, threads: true });
    expectSameBytes(readOutputs(out)['assets.pa'] as Buffer, expected);
  });

  it.each([[[]], [['xxh64']], [['sha256']], [['sha256', 'xxh64']]] as const)(
    'with the digests %j: payload bytes come to the sink only when they have to be looked at again',
    async (chosen) => {
      const { folder, plan } = folderOf([2 * BLOCK_SIZE, 10]);
      const sink = toDirectory(newFolder());
      let given = 0;
      const write = sink.write.bind(sink);
      sink.write = (bytes) => {
        given += bytes.length;
        return write(bytes);
      };
      const { artifact, layout } = await packAssets(plan(), sink, { folder, digests: chosen, threads: true });
      const isLent = !(chosen as readonly string[]).includes('sha256');
      expect(given).toBe(isLent ? layout.payloadOffset : artifact.size);
    },
  );

  it.each([
    ['threads', nodeFileSystem],
    ['the caller, too', blockingFileSystem],
  ])('by %s fails as the system says, and all have ended when the sink is told', async (_, fs) => {
    const { folder, plan } = folderOf([2 * BLOCK_SIZE, 10]);
    const descriptor = openSync(join(folder, '0.bin'), 'r');
    let isOver = false;
    const sink: Sink = Object.assign(toMemory(), {
      lend: async (append: (descriptor: number) => Promise<number>) => {
        await append(descriptor);
      },
      abort: async () => {
        isOver = true;
        closeSync(descriptor);
        expect(openBelow(folder)).toEqual([]);
      },
    });
    const packing = packAssets(plan(), sink, { folder, digests, fs, threads: true });
    await expect(packing).rejects.toMatchObject({ code: 'EBADF' });
    expect(isOver).toBe(true);
  });

  it.each([
    ['threads', nodeFileSystem],
    ['the caller, too', blockingFileSystem],
  ])('by %s fails when a thread ends in the middle', async (_, fs) => {
    const { folder, plan } = folderOf([0]);
    truncateSync(join(folder, '0.bin'), 300 * BLOCK_SIZE);
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on('worker', note);
    const onProgress = () => void threads[0]?.terminate();
    const packing = packAssets(plan(), toDirectory(newFolder()), { folder, digests, fs, threads: true, onProgress });
    await expect(packing).rejects.toThrow('the reader thread has ended');
    process.off('worker', note);
    expect(openBelow(folder)).toEqual([]);
  });
});

describe.each([
  ['both digests', ['sha256', 'xxh64'], nodeFileSystem],
  ['XXH64', ['xxh64'], nodeFileSystem],
  ['XXH64, and the caller', ['xxh64'], blockingFileSystem],
] as const)('a file that changes while it is packed with threads, by %s', (_, digests, fs) => {
  const target = (folder: string) => join(folder, '2.bin');
  const changes: { readonly [what: string]: (folder: string) => void } = {
    removed: (folder) => rmSync(target(folder)),
    truncated: (folder) => truncateSync(target(folder), 10),
    appended: (folder) => appendFileSync(target(folder), 'more'),
    touched: (folder) => utimesSync(target(folder), 1, 1),
    replaced: (folder) => renameSync(join(folder, '3.bin'), target(folder)),
    'a directory': (folder) => {
      rmSync(target(folder));
      renameSync(newFolder(), target(folder));
    },
  };

  it.each(Object.entries(changes))('%s: the fault that there is without threads', async (__, change) => {
    const failures = [];
    for (const threads of [false, true]) {
      const { folder, plan } = folderOf([3, BLOCK_SIZE, 2 * BLOCK_SIZE + 5, 9]);
      const out = newFolder();
      const sink = toDirectory(out);
      const begin = sink.begin.bind(sink);
      sink.begin = (size) => {
        change(folder);
        return begin(size);
      };
      failures.push((await failureOfPack(packAssets(plan(), sink, { folder, digests, fs, threads }))).diagnostics);
      expect(leftovers(out)).toEqual([]);
      expect(openBelow(folder)).toEqual([]);
    }
    expect(failures[0]?.[0]).toMatchObject({ code: 'SOURCE_CHANGED', where: { plan: '/assets/2/file' } });
    expect(failures[1]).toEqual(failures[0]);
  });

  it('is not what the plan says it is: the same fault', async () => {
    const { folder } = folderOf([3, 5]);
    const digest = `sha256:${'0'.repeat(64)}`;
    const plan = planOf(asset(0, { file: '0.bin' }), asset(1, { file: '1.bin', digest }));
    const [a, b] = await Promise.all(
      [false, true].map((threads) =>
        failureOfPack(packAssets(plan, toMemory(), { folder, fs, threads, digests: ['xxh64'] })),
      ),
    );
    expect(a?.code).toBe('SOURCE_CHANGED');
    expect(b?.diagnostics).toEqual(a?.diagnostics);
  });
});

describe('a pack with threads that is given up', () => {
  it.each([
    [['sha256', 'xxh64'], 2, nodeFileSystem],
    [['xxh64'], 2, nodeFileSystem],
    [['xxh64'], 40, nodeFileSystem],
    [['xxh64'], 2, blockingFileSystem],
    [['xxh64'], 40, blockingFileSystem],
  ] as const)(
    'by a signal, with %j and files of %i blocks, leaves everything as it was',
    async (digests, blocks, fs) => {
      const { folder, plan } = folderOf(Array.from({ length: 12 }, () => blocks * BLOCK_SIZE));
      const out = newFolder();
      const controller = new AbortController();
      const failure = await failureOfPack(
        packAssets(plan(), toDirectory(out), {
          folder,
          digests,
          fs,
          threads: true,
          signal: controller.signal,
          onProgress: ({ bytes }) => bytes > 4 * BLOCK_SIZE && controller.abort(),
        }),
      );
      expect(failure.code).toBe('INTERRUPTED');
      expect(leftovers(out)).toEqual([]);
      expect(openBelow(folder)).toEqual([]);
    },
  );

  it('by a fault of its plan has ended the thread that started while the plan was read', async () => {
    const { folder } = folderOf([5]);
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on('worker', note);
    const plan = planOf(asset(0, { file: '0.bin' }), asset(0, { file: '0.bin' }));
    const failure = await failureOfPack(packAssets(plan, toMemory(), { folder, threads: true }));
    process.off('worker', note);
    expect(failure.code).toBe('ASSET_ID_DUPLICATE');
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
  });

  it('by its sink fails with what the sink said', async () => {
    const { folder, plan } = folderOf(Array.from({ length: 12 }, () => 2 * BLOCK_SIZE));
    const sink = toMemory();
    let writes = 0;
    sink.write = async () => {
      writes += 1;
      if (writes === 5) throw new Error('enough');
    };
    await expect(packAssets(plan(), sink, { folder, threads: true })).rejects.toThrow('enough');
    expect(openBelow(folder)).toEqual([]);
  });
});
