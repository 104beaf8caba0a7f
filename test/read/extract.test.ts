/** `extractPayloads`: the right bytes under the right names, all of them or none. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counting, zeros } from '../../spec-vectors/compose.ts';
import { AssetsPaError } from '../../src/errors.js';
import { type FileSystem, nodeFileSystem } from '../../src/host/fs.js';
import { Interruption } from '../../src/host/interruption.js';
import { withArtifact } from '../../src/read/artifact.js';
import { copyPayload, type ExtractedFile, type ExtractOptions, extractPayloads } from '../../src/read/extract.js';
import { scanPadding } from '../../src/read/scan.js';
import { type LaidAsset, lay, PREPARED } from '../support/artifacts.js';
import { MemoryFiles } from '../support/memory-files.js';
import {
  codeOf,
  expectSameBytes,
  failureOfPack,
  leftovers,
  noise,
  openBelow,
  temporaryFolders,
} from '../support/packing.js';
import { snapshot, write } from '../support/plan-folders.js';
import { systemError } from '../support/watched-fs.js';

const newFolder = temporaryFolders();
const VECTORS = join(import.meta.dirname, '../../spec-vectors');
const { vectors } = JSON.parse(readFileSync(join(VECTORS, 'manifest.json'), 'utf8')) as {
  readonly vectors: readonly { id: string; file: string; strict: { verdict: string; code?: string } }[];
};

/** Extracts from a file, after everything but its payloads was judged. */
function extract(
  path: string,
  folder: string,
  options: Partial<ExtractOptions> & { readonly input?: FileSystem } = {},
): Promise<ExtractedFile[]> {
  const { input = nodeFileSystem, ...rest } = options;
  return withArtifact(path, input, async (artifact) => {
    await scanPadding(artifact);
    return extractPayloads(artifact, {
      fs: nodeFileSystem,
      folder,
      overwrite: false,
      interruption: new Interruption(undefined),
      onBytes: () => {},
      ...rest,
    });
  });
}

/** Extracts from bytes. */
function extractBytes(
  bytes: Uint8Array,
  folder: string,
  options: Partial<ExtractOptions> = {},
): Promise<ExtractedFile[]> {
  return extract('a.pa', folder, { ...options, input: new MemoryFiles({ 'a.pa': bytes }).fileSystem() });
}

/** The payloads by asset id, and their names, from the header and nothing of `src`. */
function saidBy(file: Buffer): { readonly names: string[]; readonly payloads: Map<number, Uint8Array> } {
  const { asset_table: table } = JSON.parse(file.toString('utf8', 32, 32 + file.readUInt32LE(8))) as {
    asset_table: { asset_id: number; asset_name: string; offset: number; size: number }[];
  };
  const start = Number(file.readBigUInt64LE(12));
  const payloads = table.map(
    ({ asset_id: id, offset, size }) => [id, file.subarray(start + offset, start + offset + size)] as const,
  );
  return { names: table.map(({ asset_name: name }) => name), payloads: new Map(payloads) };
}

const accepted = vectors
  .filter(({ strict }) => strict.verdict === 'accept')
  .map(({ id, file }) => ({ id, file, ...saidBy(readFileSync(join(VECTORS, file))) }));

describe('vectors', () => {
  // Names that make folders go through the command line, in test/cli/extract.test.ts.
  it.each(accepted.filter(({ names }) => !names.some((name) => name.includes('/'))))(
    '$id: there and back',
    async ({ file, payloads }) => {
      const out = join(newFolder(), 'out');
      const files = await extract(join(VECTORS, file), out);
      expect(files.map(({ assetId }) => assetId)).toEqual([...payloads.keys()]);
      for (const { assetId, path, size } of files) {
        const expected = payloads.get(assetId) as Uint8Array;
        expectSameBytes(readFileSync(path), expected);
        expect(size).toBe(expected.length);
      }
      const written = files.length === 0 ? [] : readdirSync(out).map((name) => join(out, name));
      expect(written.sort()).toEqual(files.map(({ path }) => path).sort());
    },
  );

  it.each(vectors.filter(({ strict }) => strict.verdict === 'reject'))('$id: refused', async ({ file, strict }) => {
    const top = newFolder();
    const error = await failureOfPack(extract(join(VECTORS, file), join(top, 'out')));
    expect(error.diagnostics.map(({ code }) => code)).toContain(strict.code);
    expect(snapshot(top)).toEqual({});
  });
});

describe('which assets', () => {
  const names = ['a', 'A', 'd/x', 'a', 'D/X', 'other', '..', 'CON', 'd/'.repeat(600), '\u00e9', 'e\u0301'];
  const assets = names.map((name, id): LaidAsset => ({ id, name, bytes: counting(id + 1, id) }));
  const file = lay({ assets });

  it('a name does not depend on which are chosen', async () => {
    const all = newFolder();
    const whole = new Map(
      (await extractBytes(file, all)).map(({ assetId, path }) => [assetId, path.slice(all.length)]),
    );
    expect(new Set(whole.values()).size).toBe(names.length);
    for (const { id, bytes } of assets) {
      const one = newFolder();
      const files = await extractBytes(file, one, { assetIds: new Set([id]) });
      expect(files.map(({ assetId, path }) => [assetId, path.slice(one.length)])).toEqual([[id, whole.get(id)]]);
      expectSameBytes(readFileSync(files[0]?.path ?? ''), bytes);
    }
  });

  it('each run gives the same names', async () => {
    const folders = [newFolder(), newFolder()];
    const [once, again] = [await extractBytes(file, folders[0] ?? ''), await extractBytes(file, folders[1] ?? '')];
    const relative = (files: ExtractedFile[], i: number) => files.map(({ path }) => path.slice(folders[i]?.length));
    expect(relative(once, 0)).toEqual(relative(again, 1));
  });

  it('none: nothing is made', async () => {
    const top = newFolder();
    expect(await extractBytes(file, join(top, 'out'), { assetIds: new Set() })).toEqual([]);
    expect(await extractBytes(lay({ assets: [] }), join(top, 'out'))).toEqual([]);
    expect(snapshot(top)).toEqual({});
  });

  it('nothing leaves the folder, whatever the names', async () => {
    const top = newFolder();
    const nasty = ['../x', '/x', '../../../../x', '..\\x', 'C:\\x', './../x', 'x/../../y', '~/x', '\\\\host\\x'];
    await extractBytes(
      lay({ assets: nasty.map((name, id) => ({ id, name, bytes: counting(2) })) }),
      join(top, 'a/b/c/out'),
    );
    expect(Object.keys(snapshot(top)).filter((path) => !path.startsWith('a/b/c/out/'))).toEqual([
      'a/',
      'a/b/',
      'a/b/c/',
    ]);
  });
});

describe('payloads of more than a block', () => {
  const sizes = [0, 1, 1_048_576, 0, 2_500_000, 1_048_575, 3];
  const assets = sizes.map((size, id): LaidAsset => ({ id, name: `n${id}`, bytes: noise(size, id + 1) }));

  it.each([1, 4_096])('alignment %i: all of them, and the file is read once', async (alignment) => {
    const out = newFolder();
    const bytes = lay({ assets, alignment });
    const memory = new MemoryFiles({ 'a.pa': bytes });
    const seen: [number, string][] = [];
    const onBytes = (length: number, name: string) => seen.push([length, name]);
    const files = await extract('a.pa', out, { onBytes, input: memory.fileSystem() });
    for (const [i, { path }] of files.entries()) expectSameBytes(readFileSync(path), assets[i]?.bytes ?? zeros(0));
    expect(seen.reduce((sum, [length]) => sum + length, 0)).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect([...new Set(seen.map(([, name]) => name))]).toEqual(['n1', 'n2', 'n4', 'n5', 'n6']);
    expect(memory.mostAsked).toBeLessThanOrEqual(1_048_576);
    expect(memory.bytesRead).toBeLessThan(bytes.length + 4 * 1_048_576);
    expect(memory.open).toBe(0);
  });

  it('one after the other as a stream', async () => {
    const bytes = lay({ assets });
    const pieces: Uint8Array[] = [];
    await withArtifact('a.pa', new MemoryFiles({ 'a.pa': bytes }).fileSystem(), async (artifact) => {
      const entry = artifact.header?.assetTable[4];
      if (entry !== undefined)
        await copyPayload(artifact, entry, async (piece) => void pieces.push(Uint8Array.from(piece)));
    });
    expectSameBytes(Buffer.concat(pieces), assets[4]?.bytes ?? zeros(0));
  });
});

describe('a run that does not come to its end', () => {
  const assets = ['a', 'd/b', 'd/e/c'].map((name, id): LaidAsset => ({ id, name, bytes: noise(1_500_000, id + 1) }));
  const file = lay({ assets });

  it('interrupted at any piece: nothing is there', async () => {
    let pieces = 0;
    await extractBytes(file, newFolder(), {
      onBytes: () => {
        pieces += 1;
      },
    });
    expect(pieces).toBeGreaterThan(5);
    for (let at = 1; at <= pieces; at += 1) {
      const top = newFolder();
      const stop = new AbortController();
      let seen = 0;
      const onBytes = () => {
        seen += 1;
        if (seen === at) stop.abort('SIGINT');
      };
      const interruption = new Interruption(stop.signal);
      expect(await codeOf(extractBytes(file, join(top, 'new/out'), { onBytes, interruption }))).toBe('INTERRUPTED');
      expect(seen).toBe(at);
      expect([snapshot(top), openBelow(top)]).toEqual([{}, []]);
    }
  });

  it('interrupted before it began: nothing is made', async () => {
    const top = newFolder();
    const interruption = new Interruption(AbortSignal.abort('SIGTERM'));
    expect(await codeOf(extractBytes(file, join(top, 'out'), { interruption }))).toBe('INTERRUPTED');
    expect(snapshot(top)).toEqual({});
  });

  it.each([0, 1, 2, 3])(
    'the artifact fails at its read %i in the payloads: it is named, and nothing is there',
    async (at) => {
      const top = newFolder();
      const inner = new MemoryFiles({ 'a.pa': file });
      let reads = 0;
      const input: FileSystem = {
        ...inner.fileSystem(),
        open: async (path, flags) => {
          const opened = await inner.fileSystem().open(path, flags);
          const read: typeof opened.read = (buffer, offset, length, position) => {
            const isPayload = length === 1_048_576;
            if (isPayload) reads += 1;
            if (isPayload && reads > at) throw systemError('EIO', 'i/o error, read');
            return opened.read(buffer, offset, length, position);
          };
          return { ...opened, read };
        },
      };
      const error = await failureOfPack(extract('a.pa', join(top, 'out'), { input }));
      expect(error.diagnostics).toMatchObject([
        { code: 'INPUT_READ', where: { path: 'a.pa' }, details: { system: 'EIO' } },
      ]);
      expect([snapshot(top), openBelow(top), inner.open]).toEqual([{}, [], 0]);
    },
  );

  it('the artifact is cut off while it is read', async () => {
    const top = newFolder();
    const path = join(newFolder(), 'a.pa');
    write(join(path, '..'), { 'a.pa': file });
    const { truncateSync } = await import('node:fs');
    let isCut = false;
    const onBytes = () => {
      if (!isCut) truncateSync(path, 2_000_000);
      isCut = true;
    };
    const error = await failureOfPack(extract(path, join(top, 'out'), { onBytes }));
    expect(error.diagnostics).toMatchObject([{ code: 'INPUT_READ', where: { path } }]);
    expect(snapshot(top)).toEqual({});
  });

  it('the output cannot be looked at: it is named, not the artifact', async () => {
    const top = newFolder();
    const fs: FileSystem = {
      ...nodeFileSystem,
      lstat: async () => {
        throw systemError('EACCES', 'permission denied, lstat');
      },
    };
    const error = await failureOfPack(extractBytes(file, join(top, 'out'), { fs }));
    expect(error.diagnostics).toMatchObject([{ code: 'OUTPUT_WRITE', where: { path: join(top, 'out/a') } }]);
  });

  it('files are there already: all are told before a byte is read', async () => {
    const out = newFolder();
    write(out, { a: 'mine', 'd/e/c': 'mine' });
    const before = snapshot(out);
    const seen: number[] = [];
    const error = await failureOfPack(extractBytes(file, out, { onBytes: (length) => seen.push(length) }));
    expect(error.diagnostics.map(({ code, where }) => [code, where.path])).toEqual([
      ['OUTPUT_EXISTS', join(out, 'a')],
      ['OUTPUT_EXISTS', join(out, 'd/e/c')],
    ]);
    expect([snapshot(out), seen]).toEqual([before, []]);
    await extractBytes(file, out, { overwrite: true });
    for (const { name, bytes } of assets) expectSameBytes(readFileSync(join(out, name)), bytes);
    expect(leftovers(out)).toEqual([]);
  });
});

describe('files that break the contract', () => {
  const broken = Object.entries(PREPARED).map(([name, file]) => [name, lay(file)] as const);

  it.each(broken)('%s: refused with its diagnostics, and only then', async (_, bytes) => {
    const top = newFolder();
    const judged = await withArtifact('a', new MemoryFiles({ a: bytes }).fileSystem(), async (artifact) => {
      await scanPadding(artifact);
      return artifact.report.list.filter(({ severity }) => severity === 'error');
    });
    const outcome = await extractBytes(bytes, join(top, 'out')).then(
      () => [],
      (error: unknown) => (error as AssetsPaError).diagnostics,
    );
    expect(outcome).toEqual(judged);
    if (judged.length > 0) expect(snapshot(top)).toEqual({});
  });
});

it('what is thrown is one of ours', async () => {
  const error: unknown = await extract(join(newFolder(), 'nowhere'), newFolder()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AssetsPaError);
});
