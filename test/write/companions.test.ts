import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DescMessage, fromJson, type JsonValue as ProtobufJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import xxhash from 'xxhash-wasm';
import {
  type AssetInput,
  type DigestAlgorithm,
  type PackOptions,
  type PlanInput,
  packAssets,
  toDirectory,
  toMemory,
} from '../../src/index.js';
import { AssetTableMetadataSchema } from '../../src/schema/gen/assets_pa/metadata/v1/metadata_pb.js';
import { assetId, assetName, freeObject } from '../support/arbitraries.js';
import {
  asset,
  expectSameOutputs,
  inPieces,
  noise,
  planOf,
  readOutputs,
  temporaryFolders,
  utf8,
} from '../support/packing.js';

const newFolder = temporaryFolders();

interface Packed {
  readonly artifact: Buffer;
  readonly header: Buffer;
  readonly table: string;
  readonly preload: string;
  readonly metadata: string;
  /** The metadata companion, parsed. */
  readonly document: Metadata;
  readonly warnings: number;
}

/** As much of the metadata companion as the tests look at. */
interface Metadata {
  readonly schema_version: number;
  readonly artifact: { readonly file: string; readonly size: number; readonly digests: object };
  readonly layout: object;
  readonly assets: readonly {
    readonly asset_id: number;
    readonly content: { readonly sha256?: string; readonly xxh64?: string };
    readonly source?: string;
    readonly pipeline?: object;
  }[];
  readonly diagnostics: readonly object[];
}

async function pack(plan: PlanInput | Uint8Array, options: PackOptions = {}): Promise<Packed> {
  const sink = toMemory();
  const { diagnostics, diagnosticsOmitted, companions } = await packAssets(plan, sink, options);
  const artifact = Buffer.from(sink.bytes);
  const text = (name: string) => Buffer.from(sink.companions.get(name) ?? []).toString('utf8');
  expect(companions.map(({ name }) => name)).toEqual(['asset_table.json', 'preload.json', 'asset_table_metadata.json']);
  expect(companions.map(({ size }) => size)).toEqual([...sink.companions.values()].map(({ length }) => length));
  const metadata = text('asset_table_metadata.json');
  return {
    artifact,
    header: artifact.subarray(32, 32 + artifact.readUInt32LE(8)),
    table: text('asset_table.json'),
    preload: text('preload.json'),
    metadata,
    document: JSON.parse(metadata),
    warnings: diagnostics.length + diagnosticsOmitted,
  };
}

/** H2, H3 once more: members by UTF-16 code units, no white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

const { h64Raw } = await xxhash();

function xxh64(bytes: Uint8Array): string {
  return `xxh64:${h64Raw(bytes).toString(16).padStart(16, '0')}`;
}

const example = planOf(
  asset(7, { inline: utf8('seven'), preload: {}, pipeline: { tool: 'mixer', passes: 3 } }),
  asset(3, { bankType: 'SCENE', inline: utf8('three!'), metadata: { rows: [1, 2] }, preload: { slot: 4 } }),
);

describe('companions written down', () => {
  test('all three, byte for byte; the digests are those of another program', async () => {
    const { table, preload, metadata } = await pack(example, { digests: ['sha256'] });
    expect(table).toBe(
      '[{"asset_id":3,"asset_name":"asset-3","bank_type":"SCENE","codec":"NONE","decoded_size":6,' +
        '"metadata":{"rows":[1,2]},"offset":0,"size":6},' +
        '{"asset_id":7,"asset_name":"asset-7","bank_type":"SOUNDS","codec":"NONE","decoded_size":5,' +
        '"metadata":{},"offset":6,"size":5}]',
    );
    expect(preload).toBe('[{"asset_id":3,"slot":4},{"asset_id":7,"slot":0}]');
    expect(metadata).toBe(
      '{"artifact":{"digests":{"sha256":"sha256:c425cbb6cc5af208436f21194ec46241ddeabf7f05ba694fc49ae26ea3ae05b9"},' +
        '"file":"assets.pa","size":381},"assets":[' +
        '{"asset_id":3,"asset_name":"asset-3","content":' +
        '{"sha256":"sha256:a9543978ac532cfe803eefa040da7b08a7a4c9d9e558592afe8815155fc9fc3d"}},' +
        '{"asset_id":7,"asset_name":"asset-7","content":' +
        '{"sha256":"sha256:3ba8d02b16fd2a01c1a8ba1a1f036d7ce386ed953696fa57331c2ac48a80b255"},' +
        '"pipeline":{"passes":3,"tool":"mixer"}}],"diagnostics":[],' +
        '"layout":{"alignment":1,"header_len":338,"payload_offset":370,"payload_size":11},"schema_version":1}',
    );
  });

  test('an empty table', async () => {
    const { table, preload, metadata } = await pack(planOf(), { digests: [] });
    expect([table, preload]).toEqual(['[]', '[]']);
    expect(metadata).toBe(
      '{"artifact":{"digests":{},"file":"assets.pa","size":63},"assets":[],"diagnostics":[],' +
        '"layout":{"alignment":1,"header_len":31,"payload_offset":63,"payload_size":0},"schema_version":1}',
    );
  });
});

const arbitraryPlan = fc
  .uniqueArray(
    fc.record({
      assetId,
      assetName,
      bankType: fc.constantFrom('SOUNDS' as const, 'SCENE' as const),
      inline: fc.uint8Array({ maxLength: 3 }),
      metadata: freeObject.map(({ codec: _codec, pipeline: _pipeline, ...members }) => members),
      pipeline: fc.option(freeObject, { nil: undefined }),
      preload: fc.option(fc.constant({}), { nil: undefined }),
    }),
    { selector: ({ assetId: id }) => id, maxLength: 10 },
  )
  .map((assets) => planOf(...(assets as AssetInput[])));

describe('any plan', () => {
  test('C1 and C2 are the bytes of the header; C3 is canonical, in its schema, and complete', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, fc.nat(8), async (plan, power) => {
        const { header, table, preload, metadata, document, artifact, warnings } = await pack(plan, {
          alignment: 2 ** power,
        });
        // C1, C2
        expect(header.toString('utf8')).toBe(`{"asset_table":${table},"preload":${preload}}`);
        // C3
        expect(metadata).toBe(canonical(document));
        const message = fromJson(AssetTableMetadataSchema as DescMessage, document as unknown as ProtobufJson);
        expect(message).toMatchObject({ schemaVersion: 1, assets: { length: plan.assets.length } });
        expect(document.artifact).toEqual({
          file: 'assets.pa',
          size: artifact.length,
          digests: { sha256: sha256(artifact), xxh64: xxh64(artifact) },
        });
        const sorted = plan.assets.toSorted((a, b) => a.assetId - b.assetId);
        expect(document.assets).toEqual(
          sorted.map(({ assetId: asset_id, assetName: asset_name, inline = new Uint8Array(), pipeline }) => ({
            asset_id,
            asset_name,
            content: { sha256: sha256(inline), xxh64: xxh64(inline) },
            ...(pipeline !== undefined && { pipeline }),
          })),
        );
        expect(document.diagnostics.length).toBe(warnings);
      }),
      { numRuns: 60 },
    );
  });
});

describe('digests (C6)', () => {
  // Published values of XXH64 with seed 0.
  test.each([
    ['', 'xxh64:ef46db3751d8e999'],
    ['a', 'xxh64:d24ec4f1a98c6e5b'],
    ['abc', 'xxh64:44bc2cf5ad770999'],
  ])('XXH64 of %j is %s', async (text, digest) => {
    const { document } = await pack(planOf(asset(1, { inline: utf8(text) })));
    expect(document.assets[0]?.content.xxh64).toBe(digest);
  });

  test('leading zeros are kept', async () => {
    const bytes = Array.from({ length: 10_000 }, (_, i) => utf8(String(i))).find((each) => h64Raw(each) < 2n ** 56n);
    expect(bytes, 'no candidate begins with two zeros').toBeDefined();
    const { document } = await pack(planOf(asset(1, { inline: bytes })));
    expect(document.assets[0]?.content.xxh64).toMatch(/^xxh64:00[0-9a-f]{14}$/);
    expect(document.assets[0]?.content.xxh64).toBe(xxh64(bytes as Uint8Array));
  });

  test.each<[string, (bytes: Uint8Array) => Partial<AssetInput>]>([
    ['inline bytes', (bytes) => ({ inline: bytes })],
    [
      'a measured stream in odd pieces',
      (bytes) => ({ stream: inPieces(bytes, [1, 31, 32, 33, 0, 65_537]), size: bytes.length }),
    ],
    ['a spooled stream in odd pieces', (bytes) => ({ stream: inPieces(bytes, [1, 31, 32, 33, 0, 65_537]) })],
  ])('of several blocks, %s', async (_, source) => {
    const bytes = noise(2_500_001);
    const { artifact, document } = await pack(planOf(asset(1, source(bytes)), asset(2, { inline: noise(3, 2) })));
    expect(document.assets[0]?.content).toEqual({ sha256: sha256(bytes), xxh64: xxh64(bytes) });
    expect(document.artifact.digests).toEqual({ sha256: sha256(artifact), xxh64: xxh64(artifact) });
  });

  test.each<[DigestAlgorithm[], string[]]>([
    [[], []],
    [['xxh64'], ['xxh64']],
    [['sha256'], ['sha256']],
    [
      ['xxh64', 'sha256'],
      ['sha256', 'xxh64'],
    ],
  ])('%j computes just these', async (digests, names) => {
    // A digest of the plan is checked by an algorithm that was not chosen, but not published.
    const plan = planOf(
      asset(1, { inline: utf8('x'), digest: sha256(utf8('x')) }),
      asset(2, { inline: utf8('y'), digest: xxh64(utf8('y')) }),
    );
    const { document } = await pack(plan, { digests });
    expect(Object.keys(document.artifact.digests)).toEqual(names);
    expect(document.assets.map(({ content }) => Object.keys(content))).toEqual([names, names]);
  });

  test('do not change the artifact or its mirrors', async () => {
    const [all, none] = [await pack(example), await pack(example, { digests: [] })];
    expect([none.artifact.toString('hex'), none.table, none.preload]).toEqual([
      all.artifact.toString('hex'),
      all.table,
      all.preload,
    ]);
  });
});

describe('nothing of the tools reaches the header (C4)', () => {
  test('a plan with and without pipeline data gives the same artifact, C1 and C2', async () => {
    const bare = planOf(...example.assets.map(({ pipeline: _pipeline, ...rest }) => rest));
    const [withData, without] = [await pack(example), await pack(bare)];
    expect(withData.artifact.equals(without.artifact)).toBe(true);
    expect([withData.table, withData.preload]).toEqual([without.table, without.preload]);
    expect(withData.metadata).not.toBe(without.metadata);
  });

  test('a pipeline object may be as deep as metadata', async () => {
    let deep: object = {};
    for (let i = 0; i < 32; i += 1) deep = { deep };
    const { document } = await pack(planOf(asset(1, { inline: utf8(''), pipeline: deep as never })));
    expect(document.assets[0]?.pipeline).toEqual(deep);
  });
});

describe('warnings (C3)', () => {
  const [same, other] = [utf8('same'), utf8('other')];
  const plan = planOf(
    asset(30, { assetName: 'name', inline: same }),
    asset(10, { assetName: 'name', inline: same }),
    asset(40, { assetName: 'name', inline: other }),
    asset(20, { assetName: 'unique', inline: same }),
    asset(50, { inline: utf8('') }),
    asset(60, { inline: utf8('') }),
  );
  const name = (id: number, row: number) => ({
    code: 'ASSET_NAME_DUPLICATE',
    asset_id: id,
    where: { pointer: `/asset_table/${row}/asset_name` },
  });
  const content = (id: number, row: number) => ({
    code: 'DUPLICATE_CONTENT',
    asset_id: id,
    where: { pointer: `/asset_table/${row}` },
  });
  const all = [content(20, 1), name(30, 2), content(30, 2), name(40, 3)];

  it.each<[string, DigestAlgorithm[], object[]]>([
    ['by SHA-256', ['sha256'], all],
    ['by XXH64 and size', ['xxh64'], all],
    ['content is not compared without a digest', [], [name(30, 2), name(40, 3)]],
  ])('are listed by asset id, then code: %s', async (_, digests, expected) => {
    const { document, warnings } = await pack(plan, { digests });
    expect(document.diagnostics).toEqual(expected);
    expect(warnings).toBe(expected.length);
  });

  test('name the lowest id with the content', async () => {
    const { diagnostics } = await packAssets(plan, toMemory());
    const duplicates = diagnostics.filter(({ code }) => code === 'DUPLICATE_CONTENT');
    expect(duplicates.map(({ asset_id, severity, details }) => [asset_id, severity, details])).toEqual(
      // In the plan's order.
      [30, 20].map((id) => [id, 'warning', { first_asset_id: 10, size: 4 }]),
    );
  });

  test('are all listed, however many there are', async () => {
    const many = Array.from({ length: 1_100 }, (_, id) => asset(id, { inline: same, assetName: 'n' }));
    const { document, warnings } = await pack(planOf(...many));
    expect(document.diagnostics.length).toBe(2 * 1_099);
    expect(warnings).toBe(2 * 1_099);
  });
});

describe('what two equal inputs do not share stays out (C5)', () => {
  /** A tree of payload files; `elsewhere` stands beside the root. */
  function tree(): string {
    const top = newFolder();
    mkdirSync(join(top, 'root/sub'), { recursive: true });
    writeFileSync(join(top, 'root/plain.bin'), 'plain');
    writeFileSync(join(top, 'root/sub/deep.bin'), 'deep');
    writeFileSync(join(top, 'elsewhere.bin'), 'elsewhere');
    symlinkSync('sub/deep.bin', join(top, 'root/link.bin'));
    symlinkSync('../elsewhere.bin', join(top, 'root/out.bin'));
    return top;
  }

  /** Every kind of source, those that leave the root too. */
  function sources(top: string): PlanInput {
    return planOf(
      asset(1, { file: 'plain.bin' }),
      asset(2, { file: 'sub/deep.bin' }),
      asset(3, { file: './sub//deep.bin' }),
      asset(4, { file: 'link.bin' }),
      asset(5, { file: 'out.bin' }),
      asset(6, { file: '../elsewhere.bin' }),
      asset(7, { file: join(top, 'elsewhere.bin') }),
      asset(8, { file: join(top, 'root/plain.bin') }),
      asset(9, { file: '../root/plain.bin' }),
      asset(10, { inline: utf8('inline') }),
      asset(11, { stream: inPieces(utf8('stream'), []), size: 6 }),
      asset(12, { stream: inPieces(utf8('unmeasured'), []) }),
    );
  }

  test("source is the plan's text, and absent when it is no file inside the root", async () => {
    const top = tree();
    const { document } = await pack(sources(top), { folder: join(top, 'root'), allowOutsideRoot: true });
    const found = document.assets.map(({ asset_id, source }) => [asset_id, source]);
    expect(found.filter(([id]) => id !== 9)).toEqual([
      [1, 'plain.bin'],
      [2, 'sub/deep.bin'],
      [3, './sub//deep.bin'],
      [4, 'link.bin'],
      [5, undefined],
      [6, undefined],
      [7, undefined],
      [8, undefined],
      [10, undefined],
      [11, undefined],
      [12, undefined],
    ]);
  });

  test('a wider root than the folder', async () => {
    const top = tree();
    const { document } = await pack(planOf(asset(5, { file: 'out.bin' })), { folder: join(top, 'root'), root: top });
    expect(document.assets[0]?.source).toBe('out.bin');
  });

  test('two folders, two times of day, two time zones: the same four files', async () => {
    const outputs: { [name: string]: Buffer }[] = [];
    const zone = process.env['TZ'];
    try {
      for (const [i, TZ] of ['Asia/Kathmandu', 'America/St_Johns'].entries()) {
        process.env['TZ'] = TZ;
        const top = tree();
        const copy = join(newFolder(), `copy-${i}`);
        cpSync(top, copy, { recursive: true, verbatimSymlinks: true });
        await packAssets(sources(copy), toDirectory(join(copy, 'out')), {
          folder: join(copy, 'root'),
          allowOutsideRoot: true,
        });
        outputs.push(readOutputs(join(copy, 'out')));
        for (const [name, bytes] of Object.entries(outputs[i] as object)) {
          expect(bytes.includes(copy), `${name} holds the folder`).toBe(false);
        }
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expectSameOutputs(outputs[1] ?? {}, outputs[0] ?? {});
  });

  test('every text in the metadata companion is from the plan, a name, a digest or a pointer', async () => {
    const top = tree();
    const plan = sources(top);
    const { document } = await pack(plan, { folder: join(top, 'root'), allowOutsideRoot: true });
    const texts: string[] = [];
    JSON.stringify(document, (_key, value) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    const known = new Set(['assets.pa', 'DUPLICATE_CONTENT', ...plan.assets.map(({ assetName: name }) => name)]);
    const files = plan.assets.flatMap(({ file = '/' }) => (file.startsWith('/') ? [] : [file]));
    const strange = texts.filter(
      (text) =>
        !known.has(text) &&
        !files.includes(text) &&
        !/^(sha256:[0-9a-f]{64}|xxh64:[0-9a-f]{16}|\/asset_table\/\d+)$/.test(text),
    );
    expect(strange).toEqual([]);
  });
});
