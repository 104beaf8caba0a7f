import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BLOCK_SIZE } from '../../src/host/threads/blocks.js';
import {
  type AssetInput,
  type PackOptions,
  type PackProgress,
  type PlanInput,
  packAssets,
  type Sink,
  toDirectory,
  toMemory,
  toStream,
} from '../../src/index.js';
import { assetId, assetName, freeObject } from '../support/arbitraries.js';
import {
  asset,
  expectSameBytes,
  expectSameOutputs,
  inPieces,
  noise,
  planOf,
  readOutputs,
  temporaryFolders,
  utf8,
} from '../support/packing.js';
import { type ReferenceAsset, referenceArtifact } from '../support/reference-writer.js';

const newFolder = temporaryFolders();

/** Hex digits and quoted ASCII, white space between, as one byte string. */
function laid(text: string): Buffer {
  const parts = text.match(/"[^"]*"|'[^']*'|[0-9a-f]{2}|\S/g) ?? [];
  return Buffer.concat(
    parts.map((part) => {
      if (/^["']/.test(part)) return Buffer.from(part.slice(1, -1), 'latin1');
      if (/^[0-9a-f]{2}$/.test(part)) return Buffer.from(part, 'hex');
      throw new Error(`neither hex nor quoted: ${part}`);
    }),
  );
}

/** All four outputs, in memory. */
async function packed(plan: PlanInput | Uint8Array, options: PackOptions = {}): Promise<{ [name: string]: Buffer }> {
  const sink = toMemory();
  const result = await packAssets(plan, sink, options);
  expect(sink.bytes.length).toBe(result.artifact.size);
  const all = [['assets.pa', sink.bytes] as const, ...sink.companions];
  return Object.fromEntries(all.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

const cave: AssetInput = {
  assetId: 2,
  assetName: 'cave',
  bankType: 'SCENE',
  inline: utf8('abc'),
  decodedSize: 10,
  metadata: { z: 1, a: [true, null, -5, '\u00e9'] },
  codecConfiguration: { q: 1 },
  preload: {},
};
const theme: AssetInput = {
  assetId: 9,
  assetName: 'theme',
  bankType: 'SOUNDS',
  inline: utf8('WXYZ'),
  pipeline: { tool: 'x' },
};

describe('artifacts laid by hand', () => {
  const rows: [name: string, plan: PlanInput, alignment: number, bytes: Buffer][] = [
    [
      'two assets, packed',
      planOf(theme, cave),
      1,
      laid(`
        "ASPA" 01000000 57010000 7701000000000000 00000000 00000000 00000000
        '{"asset_table":['
        '{"asset_id":2,"asset_name":"cave","bank_type":"SCENE","codec":"NONE","decoded_size":10,'
        '"metadata":{"a":[true,null,-5,"' c3a9 '"],"codec":{"q":1},"z":1},"offset":0,"size":3},'
        '{"asset_id":9,"asset_name":"theme","bank_type":"SOUNDS","codec":"NONE","decoded_size":4,'
        '"metadata":{},"offset":3,"size":4}'
        '],"preload":[{"asset_id":2,"slot":0}]}'
        "abc" "WXYZ"`),
    ],
    [
      'the same, aligned to 16',
      planOf(cave, theme),
      16,
      laid(`
        "ASPA" 01000000 58010000 8001000000000000 00000000 00000000 00000000
        '{"asset_table":['
        '{"asset_id":2,"asset_name":"cave","bank_type":"SCENE","codec":"NONE","decoded_size":10,'
        '"metadata":{"a":[true,null,-5,"' c3a9 '"],"codec":{"q":1},"z":1},"offset":0,"size":3},'
        '{"asset_id":9,"asset_name":"theme","bank_type":"SOUNDS","codec":"NONE","decoded_size":4,'
        '"metadata":{},"offset":16,"size":4}'
        '],"preload":[{"asset_id":2,"slot":0}]}'
        0000000000000000
        "abc" 00000000000000000000000000
        "WXYZ"`),
    ],
    [
      'E6: n = 64, sizes 3 and 0: the region is 64 bytes',
      planOf(
        { assetId: 0, assetName: 'a', bankType: 'SCENE', inline: utf8('abc') },
        { assetId: 1, assetName: 'b', bankType: 'SCENE', inline: utf8('') },
      ),
      64,
      laid(`
        "ASPA" 01000000 0b010000 4001000000000000 00000000 00000000 00000000
        '{"asset_table":['
        '{"asset_id":0,"asset_name":"a","bank_type":"SCENE","codec":"NONE","decoded_size":3,'
        '"metadata":{},"offset":0,"size":3},'
        '{"asset_id":1,"asset_name":"b","bank_type":"SCENE","codec":"NONE","decoded_size":0,'
        '"metadata":{},"offset":64,"size":0}'
        '],"preload":[]}'
        000000000000000000000000000000000000000000
        "abc" 00
        000000000000000000000000000000 000000000000000000000000000000
        000000000000000000000000000000 000000000000000000000000000000`),
    ],
    [
      'an empty table is 63 bytes',
      planOf(),
      1,
      laid(`
        "ASPA" 01000000 1f000000 3f00000000000000 00000000 00000000 00000000
        '{"asset_table":[],"preload":[]}'`),
    ],
    [
      'an empty table ends at payload_offset, aligned too',
      planOf(),
      64,
      laid(`
        "ASPA" 01000000 1f000000 4000000000000000 00000000 00000000 00000000
        '{"asset_table":[],"preload":[]}' 00`),
    ],
  ];

  it.each(rows)('%s', async (_, plan, alignment, bytes) => {
    const outputs = await packed(plan, { alignment });
    expectSameBytes(outputs['assets.pa'] as Buffer, bytes);
  });

  it.each(rows)('%s: the dry run tells the size', async (_, plan, alignment, bytes) => {
    const untouched: Sink = new Proxy(toMemory(), {
      get: (_target, name) => expect.unreachable(`the sink's ${String(name)} was used`),
    });
    const result = await packAssets(plan, untouched, { alignment, dryRun: true });
    expect(result).toMatchObject({ artifact: { size: bytes.length, digests: {} }, dryRun: true, companions: [] });
  });

  test('the alignment of the plan is used, and the option wins over it', async () => {
    const aligned: PlanInput = { ...planOf(cave, theme), layout: { alignment: 16 } };
    expectSameBytes((await packed(aligned))['assets.pa'] as Buffer, rows[1]?.[3] as Buffer);
    expectSameBytes((await packed(aligned, { alignment: 1 }))['assets.pa'] as Buffer, rows[0]?.[3] as Buffer);
  });
});

/** Plans of assets without bank rules; bytes inline. */
const arbitraryAssets: fc.Arbitrary<AssetInput[]> = fc
  .uniqueArray(
    fc.record({
      assetId,
      assetName,
      bankType: fc.constantFrom('SOUNDS' as const, 'SCENE' as const),
      inline: fc.uint8Array({ maxLength: 40 }),
      // M3 keeps these two out of the root.
      metadata: freeObject.map(({ codec: _codec, pipeline: _pipeline, ...members }) => members),
      codecConfiguration: fc.option(freeObject, { nil: undefined }),
      pipeline: fc.option(freeObject, { nil: undefined }),
      preload: fc.option(fc.constant({}), { nil: undefined, freq: 2 }),
    }),
    { selector: ({ assetId: id }) => id, maxLength: 12 },
  )
  .map((assets) => assets as AssetInput[]);

const arbitraryAlignment = fc.nat(16).map((power) => 2 ** power);

describe('W7: equal plans give equal bytes', () => {
  test('whatever the order of the assets', async () => {
    const cases = arbitraryAssets.chain((assets) =>
      fc.tuple(fc.constant(assets), fc.shuffledSubarray(assets, { minLength: assets.length })),
    );
    await fc.assert(
      fc.asyncProperty(cases, arbitraryAlignment, async ([assets, shuffled], alignment) => {
        const expected = await packed(planOf(...assets), { alignment });
        expectSameOutputs(await packed(planOf(...shuffled), { alignment }), expected);
        const { artifact } = await packAssets(planOf(...shuffled), toMemory(), { alignment, dryRun: true });
        expect(artifact.size).toBe(expected['assets.pa']?.length);
      }),
      { numRuns: 60 },
    );
  });

  test('whatever the order, with more warnings than a report lists', async () => {
    const assets = Array.from({ length: 1_200 }, (_, id) => asset(id, { assetName: 'same', inline: utf8('') }));
    const expected = await packed(planOf(...assets));
    expectSameOutputs(await packed(planOf(...assets.toReversed())), expected);
  });

  test('whatever the pieces of a stream, measured or not', async () => {
    const pieces = fc.array(fc.nat(50), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), pieces, fc.boolean()), { minLength: 1, maxLength: 4 }),
        arbitraryAlignment,
        async (drawn, alignment) => {
          const inline = drawn.map(([bytes], id) => asset(id, { inline: bytes }));
          const streams = drawn.map(([bytes, lengths, isMeasured], id) =>
            asset(id, { stream: inPieces(bytes, lengths), ...(isMeasured && { size: bytes.length }) }),
          );
          const expected = await packed(planOf(...inline), { alignment });
          expectSameOutputs(await packed(planOf(...streams), { alignment }), expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('also when a stream gives one buffer again and again', async () => {
    const bytes = noise(10_000);
    async function* reusing() {
      const buffer = new Uint8Array(1_000);
      for (let at = 0; at < bytes.length; at += 1_000) {
        buffer.set(bytes.subarray(at, at + 1_000));
        yield buffer;
      }
      buffer.fill(0);
    }
    const expected = await packed(planOf(asset(1, { inline: bytes })));
    expectSameOutputs(await packed(planOf(asset(1, { stream: reusing(), size: 10_000 }))), expected);
    expectSameOutputs(await packed(planOf(asset(1, { stream: reusing() }))), expected);
  });
});

/** Every kind of source, and every kind of sink. */
const payloads = [noise(70_001, 1), noise(0), noise(300, 2), noise(BLOCK_SIZE + 17, 3)];
const sizesOf: Iterable<number>[] = [[1, 0, 65_536], [], [299], [BLOCK_SIZE - 1, 1, 1]];

type SourceKind = (index: number, folder: string) => Partial<AssetInput>;
const sourceKinds: [string, SourceKind][] = [
  ['inline bytes', (i) => ({ inline: payload(i) })],
  [
    'a file',
    (i, folder) => {
      writeFileSync(join(folder, `payload-${i}`), payload(i));
      return { file: `payload-${i}` };
    },
  ],
  ['an async generator of declared size', (i) => ({ stream: inPieces(payload(i), lengths(i)), size: size(i) })],
  ['an async generator of unknown size', (i) => ({ stream: inPieces(payload(i), lengths(i)) })],
  ['a Readable of declared size', (i) => ({ stream: readable(i), size: BigInt(size(i)) })],
  ['a Readable of unknown size', (i) => ({ stream: readable(i) })],
];

function payload(i: number): Uint8Array {
  return payloads[i] as Uint8Array;
}
function size(i: number): number {
  return payload(i).length;
}
function lengths(i: number): Iterable<number> {
  return sizesOf[i] as Iterable<number>;
}
function readable(i: number): Readable {
  return Readable.from(inPieces(payload(i), lengths(i)), { objectMode: false, highWaterMark: 100 });
}

/** A sink, and what it got in the end. */
type SinkKind = (folder: string) => { sink: Sink; bytes: () => Promise<Uint8Array> | Uint8Array };
const sinkKinds: [string, SinkKind][] = [
  [
    'memory',
    () => {
      const sink = toMemory();
      return { sink, bytes: () => sink.bytes };
    },
  ],
  [
    'a directory',
    (folder) => ({ sink: toDirectory(join(folder, 'out')), bytes: () => readFileSync(join(folder, 'out/assets.pa')) }),
  ],
  [
    'a pipe with little room',
    () => {
      const pipe = new PassThrough({ highWaterMark: 16 });
      const all = pipe.toArray() as Promise<Buffer[]>;
      return { sink: toStream(pipe), bytes: async () => Buffer.concat(await all) };
    },
  ],
  [
    'a file stream with little room',
    (folder) => {
      const path = join(folder, 'stream.pa');
      return { sink: toStream(createWriteStream(path, { highWaterMark: 7 })), bytes: () => readFileSync(path) };
    },
  ],
];

describe('W7: every source into every sink', () => {
  const reference = (alignment: number): Uint8Array =>
    referenceArtifact(
      payloads.map((bytes, id) => ({ id, name: `asset-${id}`, bank: 'SOUNDS', bytes })),
      alignment,
    );
  const rows = sourceKinds.flatMap(([source, makeSource]) =>
    sinkKinds.map(([sink, makeSink]) => [source, sink, makeSource, makeSink] as const),
  );
  it.each(rows)('%s into %s', async (_source, _sink, makeSource, makeSink) => {
    const folder = newFolder();
    const assets = payloads.map((_payload, id) => asset(id, makeSource(id, folder)));
    const { sink, bytes } = makeSink(folder);
    const result = await packAssets(planOf(...assets), sink, { folder, alignment: 32 });
    const expected = reference(32);
    expect(result.artifact.size).toBe(expected.length);
    expectSameBytes(await bytes(), expected);
  });

  test('a directory and memory keep the same companions', async () => {
    const folder = newFolder();
    const plan = planOf(cave, theme);
    await packAssets(plan, toDirectory(folder));
    expectSameOutputs(readOutputs(folder), await packed(plan));
  });
});

describe('blocks of 1 MiB', () => {
  /** Where the payloads of one asset of six digits' size begin, packed. */
  const overhead =
    referenceArtifact([{ id: 5, name: 'asset-5', bank: 'SOUNDS', bytes: noise(100_000) }], 1).length - 1e5;
  const rows: [string, number, number[]][] = [
    ['one byte less than a block', 1, [BLOCK_SIZE - 1]],
    ['a block', 1, [BLOCK_SIZE]],
    ['one byte more than a block', 1, [BLOCK_SIZE + 1]],
    ['a file of one byte less than a block', 1, [BLOCK_SIZE - overhead - 1]],
    ['a file of a block', 1, [BLOCK_SIZE - overhead]],
    ['a file of one byte more than a block', 1, [BLOCK_SIZE - overhead + 1]],
    ['payloads across blocks', 1, [BLOCK_SIZE - 100, 300, 2 * BLOCK_SIZE + 1, 0, 5]],
    ['the largest alignment', 65_536, [BLOCK_SIZE - 65_536, 1, BLOCK_SIZE, 0]],
    ['padding across blocks', 65_536, [BLOCK_SIZE - 65_536 - 1, 0, 3, 0]],
  ];
  it.each(rows)('%s', async (_, alignment, sizes) => {
    const folder = newFolder();
    const assets = sizes.map(
      (length, i): ReferenceAsset => ({
        id: 5 + i,
        name: `asset-${5 + i}`,
        bank: 'SOUNDS',
        bytes: noise(length, i + 1),
      }),
    );
    const expected = referenceArtifact(assets, alignment);
    for (const { id, bytes } of assets) writeFileSync(join(folder, `${id}.bin`), bytes);
    const kinds: ((each: ReferenceAsset) => Partial<AssetInput>)[] = [
      ({ bytes }) => ({ inline: bytes }),
      ({ id }) => ({ file: `${id}.bin` }),
      ({ bytes }) => ({ stream: inPieces(bytes, [BLOCK_SIZE]), size: bytes.length }),
      ({ bytes }) => ({ stream: inPieces(bytes, [BLOCK_SIZE]) }),
    ];
    for (const kind of kinds) {
      const outputs = await packed(planOf(...assets.map((each) => asset(each.id, kind(each)))), { alignment, folder });
      expectSameBytes(outputs['assets.pa'] as Buffer, expected);
    }
  });

  test('a header of several blocks', async () => {
    const assets = Array.from({ length: 12_000 }, (_, id) => ({
      id,
      name: `asset-${id}`,
      bank: 'SCENE',
      bytes: noise(1, id),
    }));
    const plan = planOf(...assets.map(({ id, bytes }) => asset(id, { bankType: 'SCENE', inline: bytes })));
    const expected = referenceArtifact(assets, 8);
    expect(Buffer.from(expected).readUInt32LE(8)).toBeGreaterThan(BLOCK_SIZE);
    expectSameBytes((await packed(plan, { alignment: 8 }))['assets.pa'] as Buffer, expected);
  });

  test('a block is not touched until the sink lets go of it', async () => {
    const inner = toMemory();
    const touched: number[] = [];
    let held = 0;
    const slow: Sink = Object.assign(Object.create(inner), {
      keepsCompanions: false,
      open: async () => {},
      begin: (length: number) => inner.begin(length),
      commit: () => inner.commit(),
      abort: (reason: Error) => inner.abort(reason),
      write: async (bytes: Uint8Array) => {
        held += 1;
        expect(held, 'one write at a time').toBe(1);
        const given = Buffer.from(bytes);
        for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
        if (!given.equals(bytes)) touched.push(bytes.length);
        await inner.write(bytes);
        held -= 1;
      },
    });
    const bytes = noise(5 * BLOCK_SIZE);
    await packAssets(planOf(asset(0, { inline: bytes })), slow);
    expect(touched).toEqual([]);
    expectSameBytes(inner.bytes, referenceArtifact([{ id: 0, name: 'asset-0', bank: 'SOUNDS', bytes }], 1));
  });
});

describe('progress', () => {
  it.each([1, 4_096])('ends with every payload byte counted, alignment %i', async (alignment) => {
    const seen: PackProgress[] = [];
    const plan = planOf(asset(1, { inline: noise(5_000) }), asset(2, { inline: noise(BLOCK_SIZE) }));
    await packAssets(plan, toMemory(), { alignment, onProgress: (each) => seen.push(each) });
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).toSorted((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ bytes: 5_000 + BLOCK_SIZE, totalBytes: 5_000 + BLOCK_SIZE, totalAssets: 2 });
  });
});

describe('wrong options', () => {
  it.each<[string, PackOptions, typeof RangeError | typeof TypeError]>([
    ['alignment 0', { alignment: 0 }, RangeError],
    ['alignment 3', { alignment: 3 }, RangeError],
    ['alignment 131072', { alignment: 131_072 }, RangeError],
    ['an unknown digest', { digests: ['md5' as 'sha256'] }, RangeError],
  ])('%s', async (_, options, type) => {
    await expect(packAssets(planOf(), toMemory(), options)).rejects.toThrow(type);
  });

  test('a dry run of a stream that nobody measured', async () => {
    const plan = planOf(asset(1, { stream: inPieces(noise(3), []) }));
    await expect(packAssets(plan, toMemory(), { dryRun: true })).rejects.toThrow(TypeError);
  });

  test('the bytes of a pack that is not done', () => {
    expect(() => toMemory().bytes).toThrow('not done');
  });
});
