/** `verifyArtifact` with companions (C1-C3, C6): what is written down beside the artifact, held against it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifact, counting, entry, header, utf8 } from '../../spec-vectors/compose.ts';
import type { Diagnostic } from '../../src/errors.js';
import {
  type AssetInput,
  type DigestAlgorithm,
  type PackOptions,
  type PlanInput,
  packAssets,
  toDirectory,
  toMemory,
} from '../../src/index.js';
import { type Verification, type VerifyOptions, verifyArtifact } from '../../src/read/verify.js';
import { assetName, freeObject } from '../support/arbitraries.js';
import { MemoryFiles } from '../support/memory-files.js';
import { asset, noise, openBelow, planOf, settled, temporaryFolders, watchRejections } from '../support/packing.js';
import { nest } from '../support/plan-text.js';
import { nested } from '../support/provoke.js';
import { failingAt, Watch } from '../support/watched-fs.js';

const newFolder = temporaryFolders();

const TABLE = 'asset_table.json';
const PRELOAD = 'preload.json';
const METADATA = 'asset_table_metadata.json';

/** Outputs by name. */
type Outputs = Record<string, Buffer>;

async function outputsOf(plan: PlanInput, options: PackOptions = {}): Promise<Outputs> {
  const sink = toMemory();
  await packAssets(plan, sink, options);
  const companions = [...sink.companions].map(([name, bytes]) => [name, Buffer.from(bytes)]);
  return { 'assets.pa': Buffer.from(sink.bytes), ...Object.fromEntries(companions) };
}

/** Verifies outputs that are together in a folder; undefined takes one away. */
async function verifyOutputs(
  outputs: Readonly<Record<string, Uint8Array | undefined>>,
  options: VerifyOptions = {},
): Promise<Verification & { readonly files: MemoryFiles }> {
  const there = Object.entries(outputs).flatMap(([name, bytes]) =>
    bytes === undefined ? [] : [[`out/${name}`, bytes]],
  );
  const files = new MemoryFiles(Object.fromEntries(there));
  const found = await verifyArtifact('out/assets.pa', { companions: 'out', ...options, fs: files.fileSystem() });
  expect(files.open).toBe(0);
  return { ...found, files };
}

/** A text in place of another, which stands there. */
function replaced(bytes: Buffer | undefined, from: string, to: string): Buffer {
  const text = String(bytes);
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, () => to));
}

const PLAN = planOf(
  asset(3, { bankType: 'SCENE', inline: utf8('three!'), metadata: { rows: [1, 2] }, preload: { slot: 4 } }),
  asset(7, { inline: utf8('seven'), preload: {}, pipeline: { tool: 'mixer' } }),
  asset(9, { inline: new Uint8Array() }),
);
const RIGHT = await outputsOf(PLAN, { alignment: 16 });
const NO_DIGESTS = await outputsOf(PLAN, { alignment: 16, digests: [] });
/** The same but for one payload of the same size, and but for one byte more. */
const OTHER_BYTES = await outputsOf(withPayload(7, 'SEVEN'), { alignment: 16 });
const LONGER = await outputsOf(withPayload(9, 'x'), { alignment: 16 });
/** A table of several chunks. */
const LARGE = await outputsOf(
  planOf(
    ...Array.from({ length: 40 }, (_, i) => asset(i, { assetName: `${i}${'n'.repeat(4_000)}`, inline: utf8('x') })),
  ),
);
const HEADER_LEN = (RIGHT['assets.pa'] as Buffer).readUInt32LE(8);
const REGION = Number((RIGHT['assets.pa'] as Buffer).readBigUInt64LE(12));
const SIZE = (RIGHT['assets.pa'] as Buffer).length;

function withPayload(id: number, text: string): PlanInput {
  return planOf(...PLAN.assets.map((each) => (each.assetId === id ? { ...each, inline: utf8(text) } : each)));
}

function metadata(outputs: Outputs = RIGHT) {
  return JSON.parse(String(outputs[METADATA])) as {
    artifact: { size: number; digests: Record<DigestAlgorithm, string> };
    assets: { content: Record<DigestAlgorithm, string> }[];
  };
}

function placed(bytes: Buffer | undefined, text: string): number {
  const at = (bytes as Buffer).indexOf(text);
  expect(at, text).toBeGreaterThanOrEqual(0);
  return at;
}

/** Code, file and pointer of each diagnostic. */
function placesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, where: { path = 'artifact', pointer = '' } }) => `${code} ${path}${pointer}`);
}

describe('companions of a pack', () => {
  const STREAM = async function* (): AsyncGenerator<Uint8Array> {
    yield utf8('streamed');
  };
  it.each<[string, PlanInput, PackOptions]>([
    ['the example', PLAN, {}],
    ['aligned', PLAN, { alignment: 4_096 }],
    ['without digests', PLAN, { digests: [] }],
    ['XXH64 alone', PLAN, { digests: ['xxh64'] }],
    ['SHA-256 alone', PLAN, { digests: ['sha256'] }],
    ['no assets', planOf(), {}],
    ['no assets, aligned', planOf(), { alignment: 65_536 }],
    ['one empty payload', planOf(asset(0, { inline: utf8('') })), {}],
    [
      'empty payloads first, between and last, aligned',
      planOf(...['', 'a', '', '', 'b', ''].map((text, id) => asset(id, { inline: utf8(text) }))),
      { alignment: 64 },
    ],
    [
      'aligned by chance: a lower alignment explains the file too',
      planOf(asset(1, { assetName: 'a'.repeat(10), inline: noise(64) }), asset(2, { inline: utf8('b') })),
      { alignment: 2 },
    ],
    ['equal contents', planOf(asset(1, { inline: utf8('same') }), asset(2, { inline: utf8('same') })), {}],
    ['equal names', planOf(asset(1, { inline: utf8('') }), asset(2, { assetName: 'asset-1', inline: utf8('') })), {}],
    ['a stream', planOf(asset(1, { stream: STREAM() })), {}],
    [
      'metadata, codec configuration and pipeline of 32 levels',
      planOf(
        asset(1, { inline: utf8(''), metadata: nested(33), pipeline: nested(33) }),
        asset(2, { inline: utf8(''), codecConfiguration: nested(32) }),
      ),
      {},
    ],
    [
      'members that JavaScript has ideas about',
      planOf(
        asset(1, {
          inline: utf8(''),
          assetName: '\u{1f600} "\\\u2028',
          pipeline: JSON.parse('{"__proto__":{"x":1},"constructor":[],"9":1,"10":2,"\ue000":0,"\u{10000}":0}'),
        }),
      ),
      {},
    ],
  ])('are right: %s', async (_, plan, options) => {
    const outputs = await outputsOf(plan, options);
    const { ok, diagnostics, digests, checked } = await verifyOutputs(outputs);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ok).toBe(true);
    // XXH64 is computed always, anything else because the companion states it.
    const { xxh64 } = (await verifyOutputs(outputs, { companions: undefined })).digests;
    expect(digests).toEqual({ ...metadata(outputs).artifact.digests, xxh64 });
    expect(checked.entries).toBe(plan.assets.length);
  });

  it('are right, whatever the plan', async () => {
    const member = fc.record({
      assetName,
      inline: fc.uint8Array({ maxLength: 40 }),
      metadata: freeObject.map((object) =>
        Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'pipeline')),
      ),
      pipeline: fc.option(freeObject, { nil: undefined }),
      bankType: fc.constantFrom('SOUNDS', 'SCENE'),
    }) as fc.Arbitrary<Omit<AssetInput, 'assetId'>>;
    const plans = fc
      .array(member, { maxLength: 6 })
      .map((list) => planOf(...list.map((each, i) => ({ ...each, assetId: i }))));
    const digests = fc.subarray<DigestAlgorithm>(['sha256', 'xxh64']);
    await fc.assert(
      fc.asyncProperty(plans, digests, fc.constantFrom(1, 8, 512), async (plan, list, alignment) => {
        const { diagnostics } = await verifyOutputs(await outputsOf(plan, { digests: list, alignment }));
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('are looked for in the folder that is named, not beside the artifact', async () => {
    const [a, b] = [newFolder(), newFolder()];
    await packAssets(PLAN, toDirectory(a));
    await packAssets(PLAN, toDirectory(b));
    rmSync(join(a, TABLE));
    const path = join(a, 'assets.pa');
    expect((await verifyArtifact(path, { companions: b })).ok).toBe(true);
    expect((await verifyArtifact(path)).ok).toBe(true);
    expect(placesOf((await verifyArtifact(path, { companions: a })).diagnostics)).toEqual([
      `COMPANION_INVALID ${join(a, TABLE)}`,
    ]);
  });

  it('several assets of several blocks', async () => {
    const plan = planOf(
      asset(1, { inline: noise(5_500_000) }),
      asset(2, { inline: noise(6_000_001, 2) }),
      asset(3, { inline: noise(0) }),
      asset(4, { inline: noise(70, 3) }),
    );
    const outputs = await outputsOf(plan, { alignment: 4_096 });
    expect((await verifyOutputs(outputs)).diagnostics).toEqual([]);
    const { files } = await verifyOutputs(outputs);
    const sizes = Object.values(outputs).reduce((sum, { length }) => sum + length, 0);
    const headerLen = (outputs['assets.pa'] as Buffer).readUInt32LE(8);
    expect(files.bytesRead).toBe(sizes + 32 + headerLen);

    const broken = Buffer.from(outputs['assets.pa'] as Buffer);
    broken.writeUInt8(broken.readUInt8(8_388_608) ^ 1, 8_388_608);
    const { diagnostics } = await verifyOutputs({ ...outputs, 'assets.pa': broken });
    expect(diagnostics.map(({ code }) => code)).toEqual(['COMPANION_STALE']);
  });
});

describe('members that this version does not know', () => {
  it.each<[string, string, string]>([
    ['at the root', '"schema_version":1}', '"schema_version":1,"zz":{"a":[null,true,"x",-5]}}'],
    ['of the artifact', '"file":"assets.pa"', '"extra":{},"file":"assets.pa"'],
    ['of the layout', '"alignment":16', '"a":[],"alignment":16'],
    ['of an asset', '"asset_id":3', '"a":1,"asset_id":3'],
    ['a digest of another algorithm', '"digests":{', '"digests":{"md5":"x",'],
    ['below an asset, as deep as there may be', '"pipeline":{', `"pipeline":{"a":${nest(32)},`],
  ])('%s are passed over', async (_, from, to) => {
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: replaced(RIGHT[METADATA], from, to) });
    expect(diagnostics).toEqual([]);
  });
});

/** What is done to the metadata companion, and the diagnostics, each with code and pointer at least. */
type Change = readonly [what: string, change: (bytes: Buffer) => Uint8Array, expected: readonly object[]];

const invalid = (pointer: string, rest: object = {}) => ({ code: 'COMPANION_INVALID', where: { pointer }, ...rest });
const wrong = (pointer: string, expected: string, actual: string) => invalid(pointer, { expected, actual });
const notCanonical = invalid('', { message: 'the document is not canonical JSON', clause: 'C3' });
const becomes = (from: string, to: string) => (bytes: Buffer) => replaced(bytes, from, to);
const INTEGER = 'an integer of at least 0';
const ALIGNMENT = '1 or a power of two up to 65536';
const digestOf = (algorithm: DigestAlgorithm, i?: number) =>
  i === undefined ? metadata().artifact.digests[algorithm] : (metadata().assets[i]?.content[algorithm] as string);

const SYNTAX: readonly Change[] = [
  ['nothing', () => Buffer.of(), [{ code: 'COMPANION_INVALID', where: { offset: 0 } }]],
  ['no JSON', () => utf8('PNG'), [{ code: 'COMPANION_INVALID', where: { offset: 0 } }]],
  [
    'cut off',
    (bytes) => bytes.subarray(0, -1),
    [
      {
        code: 'COMPANION_INVALID',
        message: 'this is no JSON: expected "," or "}"',
        where: { offset: (RIGHT[METADATA] as Buffer).length - 1 },
      },
    ],
  ],
  [
    'no UTF-8',
    (bytes) => Buffer.concat([bytes.subarray(0, 5), Buffer.of(0xff), bytes.subarray(5)]),
    [{ code: 'COMPANION_INVALID', message: 'this is no JSON: the text is not UTF-8', where: { offset: 5 } }],
  ],
  [
    'a byte-order mark',
    (bytes) => Buffer.concat([utf8('\ufeff'), bytes]),
    [{ code: 'COMPANION_INVALID', where: { offset: 0 } }],
  ],
  [
    'two documents',
    (bytes) => Buffer.concat([bytes, utf8('{}')]),
    [{ code: 'COMPANION_INVALID', where: { offset: (RIGHT[METADATA] as Buffer).length } }],
  ],
  ['a million levels', () => utf8(nest(1_000_000)), [invalid('/0'.repeat(64), { message: 'nested too deep' })]],
];

const SHAPE: readonly Change[] = [
  ['a newline at the end', (bytes) => Buffer.concat([bytes, utf8('\n')]), [notCanonical]],
  ['a space', becomes('"assets":[', '"assets": ['), [notCanonical]],
  ['members in another order', becomes('{"artifact":{', '{"zz":0,"artifact":{'), [notCanonical]],
  ['an escape without need', becomes('"asset-7"', '"\\u0061sset-7"'), [notCanonical]],
  [
    'a member twice',
    becomes('"asset_id":7', '"asset_id":7,"asset_id":7'),
    [invalid('/assets/1/asset_id', { message: 'a member name stands twice in one object: got "asset_id"' })],
  ],
  [
    'a fraction that nobody looks at',
    becomes('"tool":"mixer"', '"tool":1.5'),
    [invalid('/assets/1/pipeline/tool', { message: expect.stringMatching(/^not a number .*got 1\.5$/) })],
  ],
  ['minus zero', becomes('"tool":"mixer"', '"tool":-0'), [invalid('/assets/1/pipeline/tool', { actual: '-0' })]],
  [
    'a lone surrogate',
    becomes('"tool":"mixer"', '"tool":"\\ud800"'),
    [invalid('/assets/1/pipeline/tool', { message: expect.stringContaining('a lone surrogate') })],
  ],
  [
    'several of them, in document order, and nothing else that is wrong',
    (bytes) =>
      utf8(
        String(bytes)
          .replace('"asset_id":3', '"asset_id":3.0,"asset_id":"x"')
          .replace('"asset-7"', '"\\udfff"')
          .replace(`"header_len":${HEADER_LEN},`, '')
          .replace('"alignment":16', '"alignment": -0'),
      ),
    [
      invalid('/assets/0/asset_id', { actual: '3.0' }),
      invalid('/assets/0/asset_id', { actual: '"asset_id"' }),
      invalid('/assets/1/asset_name', { message: expect.stringContaining('a lone surrogate') }),
      invalid('/layout/alignment', { actual: '-0' }),
    ],
  ],
  [
    'a space and a wrong member, of which nothing more is said',
    becomes(`"header_len":${HEADER_LEN}`, '"header_len": "x"'),
    [notCanonical],
  ],
  ['a level too deep', becomes('"tool":"mixer"', `"tool":${nest(33)}`), [notCanonical]],
  ['an array', () => utf8('[]'), [invalid('', { expected: 'an object', actual: 'an array' })]],
  ['null', () => utf8('null'), [invalid('', { expected: 'an object', actual: 'null' })]],
  ['no version', becomes(',"schema_version":1', ''), [wrong('/schema_version', INTEGER, 'nothing')]],
  [
    'a version that is text',
    becomes('"schema_version":1', '"schema_version":"1"'),
    [wrong('/schema_version', INTEGER, 'a string')],
  ],
  ['no artifact', becomes('"artifact":', '"artifacs":'), [wrong('/artifact', 'an object', 'nothing')]],
  [
    'an artifact that is null',
    becomes('{"artifact":{', '{"artifact":null,"artifacu":{'),
    [wrong('/artifact', 'an object', 'null')],
  ],
  ['no size', becomes(`,"size":${SIZE}`, ''), [wrong('/artifact/size', INTEGER, 'nothing')]],
  ['a size below 0', becomes(`"size":${SIZE}`, '"size":-1'), [wrong('/artifact/size', INTEGER, 'a number')]],
  [
    'a size that is text',
    becomes(`"size":${SIZE}`, `"size":"${SIZE}"`),
    [wrong('/artifact/size', INTEGER, 'a string')],
  ],
  [
    'digests that are an array',
    becomes('"digests":{', '"digests":[],"digestz":{'),
    [wrong('/artifact/digests', 'an object', 'an array')],
  ],
  ['no digests', becomes('"digests":{', '"digestz":{'), [wrong('/artifact/digests', 'an object', 'nothing')]],
  ['no layout', becomes('"layout":', '"layouu":'), [wrong('/layout', 'an object', 'nothing')]],
  ['no header_len', becomes(`"header_len":${HEADER_LEN},`, ''), [wrong('/layout/header_len', INTEGER, 'nothing')]],
  [
    'a payload_offset that is true',
    becomes(`"payload_offset":${REGION}`, '"payload_offset":true'),
    [wrong('/layout/payload_offset', INTEGER, 'a boolean')],
  ],
  [
    'a payload_size that is an object',
    becomes(`"payload_size":${SIZE - REGION}`, '"payload_size":{}'),
    [wrong('/layout/payload_size', INTEGER, 'an object')],
  ],
  ['no assets', becomes('"assets":', '"assetz":'), [wrong('/assets', 'an array', 'nothing')]],
  [
    'assets that are an object',
    becomes('"assets":[', '"assets":{},"assetz":['),
    [wrong('/assets', 'an array', 'an object')],
  ],
  ['an asset that is a number', becomes('"assets":[', '"assets":[5,'), [wrong('/assets/0', 'an object', 'a number')]],
  ['no asset_id', becomes('"asset_id":7,', ''), [wrong('/assets/1/asset_id', INTEGER, 'nothing')]],
  [
    'an asset_id that is text',
    becomes('"asset_id":7', '"asset_id":"7"'),
    [wrong('/assets/1/asset_id', INTEGER, 'a string')],
  ],
  ['no asset_name', becomes('"asset_name":"asset-7",', ''), [wrong('/assets/1/asset_name', 'a string', 'nothing')]],
  [
    'an asset_name that is a number',
    becomes('"asset-7"', '7'),
    [wrong('/assets/1/asset_name', 'a string', 'a number')],
  ],
  ['no content', becomes('"content":', '"contenz":'), [wrong('/assets/0/content', 'an object', 'nothing')]],
  ...['"16"', '0', '3', '-16', '131072', 'null', '[16]'].map(
    (value): Change => [
      `the alignment ${value}`,
      becomes('"alignment":16', `"alignment":${value}`),
      [invalid('/layout/alignment', { expected: ALIGNMENT })],
    ],
  ),
  ['no alignment', becomes('"alignment":16,', ''), [wrong('/layout/alignment', ALIGNMENT, 'nothing')]],
  [
    'a digest in capitals',
    becomes(digestOf('sha256'), digestOf('sha256').toUpperCase()),
    [invalid('/artifact/digests/sha256', { clause: 'C6' })],
  ],
  [
    'a digest without its algorithm',
    becomes(digestOf('xxh64', 1), digestOf('xxh64', 1).slice(6)),
    [invalid('/assets/1/content/xxh64', { clause: 'C6' })],
  ],
  [
    'a digest of the other algorithm',
    becomes(digestOf('sha256', 1), digestOf('xxh64', 1)),
    [invalid('/assets/1/content/sha256', { clause: 'C6' })],
  ],
  [
    'a digest that is a number',
    becomes(`"${digestOf('xxh64')}"`, '5'),
    [invalid('/artifact/digests/xxh64', { clause: 'C6', actual: 5 })],
  ],
];

describe('a metadata companion that is not what it should be', () => {
  it.each([...SYNTAX, ...SHAPE])('%s', async (_, change, expected) => {
    const bytes = change(RIGHT[METADATA] as Buffer);
    const { ok, diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: bytes });
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject(expected);
    for (const { where, code, severity, hint } of diagnostics) {
      expect([where.path, code, severity]).toEqual([`out/${METADATA}`, 'COMPANION_INVALID', 'error']);
      expect(hint).toMatch(/^(pack again|store a smaller or scaled integer)/);
    }
  });

  it('says where in the file it is wrong', async () => {
    const bytes = replaced(RIGHT[METADATA], `"header_len":${HEADER_LEN}`, '"header_len":"x"');
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: bytes });
    expect(diagnostics.map(({ where }) => where.offset)).toEqual([placed(bytes, '"x"')]);
  });

  it('reports everything that is wrong, in document order', async () => {
    const text = String(RIGHT[METADATA])
      .replace('"asset_id":3', '"asset_id":null')
      .replace('"asset-7"', '{}')
      .replace(`"size":${SIZE}`, '"size":[]');
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: utf8(text) });
    expect(diagnostics.map(({ where }) => where.pointer)).toEqual([
      '/artifact/size',
      '/assets/0/asset_id',
      '/assets/1/asset_name',
    ]);
  });

  it.each<[string, string, string]>([
    ['a size', `"size":${SIZE}`, '"size":1.5'],
    ['an id', '"asset_id":7', '"asset_id":7e0'],
    ['a name', '"asset-7"', '"\\ud800"'],
    ['a digest', `"${digestOf('xxh64')}"`, '"\\udfff"'],
  ])('speaks of JSON alone when a value cannot be read: %s', async (_, from, to) => {
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: replaced(RIGHT[METADATA], from, to) });
    expect(diagnostics[0]).toMatchObject({ code: 'COMPANION_INVALID' });
    expect(JSON.stringify(diagnostics)).not.toMatch(/symbol/i);
  });

  it.each([0, 2, 4_294_967_296])('version %i: this one fault, and digests are not judged', async (version) => {
    const text = String(RIGHT[METADATA]).replace('"schema_version":1', `"schema_version":${version}`);
    const changed = text.replace(digestOf('sha256'), digestOf('sha256', 1)).replace('"asset-7"', '7');
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: utf8(changed) });
    expect(diagnostics).toMatchObject([
      {
        code: 'VERSION_UNSUPPORTED',
        where: { path: `out/${METADATA}`, pointer: '/schema_version', offset: changed.lastIndexOf(`${version}}`) },
        expected: 1,
        actual: version,
        details: { artifact: METADATA, found: version, supported: { min: 1, max: 1 }, blocks: 'judging digests' },
      },
    ]);
  });
});

describe('mirrors', () => {
  const mirror = (name: string, offset: number, clause: string, rest: object = {}) => ({
    code: 'COMPANION_MISMATCH',
    clause,
    where: { path: `out/${name}`, offset },
    ...rest,
  });
  it.each<[string, string, (bytes: Buffer) => Uint8Array, object]>([
    [
      'the first byte',
      TABLE,
      (bytes) => Buffer.concat([utf8('{'), bytes.subarray(1)]),
      mirror(TABLE, 0, 'C1', { actual: '{{"asset_id":3,"asset_na', expected: '[{"asset_id":3,"asset_na' }),
    ],
    [
      'an id',
      TABLE,
      becomes('"asset_id":7', '"asset_id":8'),
      mirror(TABLE, placed(RIGHT[TABLE], '7,'), 'C1', {
        expected: '7,"asset_name":"asset-7"',
        actual: '8,"asset_name":"asset-7"',
      }),
    ],
    ['a space', TABLE, becomes(',"size"', ', "size"'), mirror(TABLE, placed(RIGHT[TABLE], '"size"'), 'C1')],
    [
      'the last byte',
      PRELOAD,
      (bytes) => Buffer.concat([bytes.subarray(0, -1), utf8('}')]),
      mirror(PRELOAD, 48, 'C2', { expected: ']', actual: '}' }),
    ],
    ['cut short', TABLE, (bytes) => bytes.subarray(0, 100), mirror(TABLE, 100, 'C1', { actual: 'the end' })],
    [
      'cut short by one byte',
      PRELOAD,
      (bytes) => bytes.subarray(0, -1),
      mirror(PRELOAD, 48, 'C2', { expected: ']', actual: 'the end' }),
    ],
    ['empty', PRELOAD, () => Buffer.of(), mirror(PRELOAD, 0, 'C2', { actual: 'the end' })],
    [
      'longer by a newline',
      PRELOAD,
      (bytes) => Buffer.concat([bytes, utf8('\n')]),
      mirror(PRELOAD, 49, 'C2', { expected: 'the end', actual: '\n' }),
    ],
    [
      'longer by much',
      TABLE,
      (bytes) => Buffer.concat([bytes, bytes]),
      mirror(TABLE, (RIGHT[TABLE] as Buffer).length, 'C1', { expected: 'the end' }),
    ],
    ['the mirror of another pack', PRELOAD, () => utf8('[]'), mirror(PRELOAD, 1, 'C2', { actual: ']' })],
    ['bytes that are no UTF-8', PRELOAD, () => Buffer.alloc(49, 0xff), mirror(PRELOAD, 0, 'C2')],
    [
      'bytes that are the middle of characters',
      PRELOAD,
      () => Buffer.alloc(49, 0x80),
      mirror(PRELOAD, 0, 'C2', { actual: '\ufffd'.repeat(24) }),
    ],
    [
      'a byte that is the middle of a character',
      PRELOAD,
      () => Buffer.concat([Buffer.of(0x80), utf8('ABC')]),
      mirror(PRELOAD, 0, 'C2', { actual: '\ufffdABC' }),
    ],
  ])('%s of %s', async (_, name, change, expected) => {
    const { ok, diagnostics } = await verifyOutputs({ ...RIGHT, [name]: change(RIGHT[name] as Buffer) });
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([
      { severity: 'error', hint: 'pack again: companions are never edited', ...expected },
    ]);
  });

  it('any single byte of both changed, the offset is exact', async () => {
    for (const [name, clause] of [
      [TABLE, 'C1'],
      [PRELOAD, 'C2'],
    ] as const) {
      for (let at = 0; at < (RIGHT[name] as Buffer).length; at += 1) {
        const bytes = Buffer.from(RIGHT[name] as Buffer);
        bytes[at] = (bytes[at] as number) ^ 1;
        const { diagnostics } = await verifyOutputs({ ...RIGHT, [name]: bytes });
        expect(diagnostics).toMatchObject([mirror(name, at, clause)]);
      }
    }
  });

  it.each([0, 32_767, 32_768, 40_000, 65_536, 100_000, -1])('of several chunks, changed at byte %i', async (place) => {
    const bytes = Buffer.from(LARGE[TABLE] as Buffer);
    const at = place < 0 ? bytes.length + place : place;
    bytes[at] = (bytes[at] as number) ^ 2;
    const changed = await verifyOutputs({ ...LARGE, [TABLE]: bytes });
    expect(changed.diagnostics).toMatchObject([mirror(TABLE, at, 'C1')]);
    const cut = await verifyOutputs({ ...LARGE, [TABLE]: bytes.subarray(0, at) });
    expect(cut.diagnostics).toMatchObject([mirror(TABLE, at, 'C1', { actual: 'the end' })]);
  });

  it.each<[string, string, string, string]>([
    ['of two bytes', '\u00e9', '\u00e8', '\u00a9'],
    ['of three bytes', '\u20ac', '\u20ad', '\u00e9'],
    ['of four bytes', '\u{1f600}', '\u{1f601}', '\u{1f640}'],
  ])('excerpts begin at a whole character %s', async (_, ...names) => {
    const [right = '', ...others] = names;
    const outputs = await outputsOf(planOf(asset(1, { assetName: `${right}!`, inline: utf8('x') })));
    const at = placed(outputs[TABLE], right);
    for (const other of others) {
      const bytes = replaced(outputs[TABLE], right, other);
      const { diagnostics } = await verifyOutputs({ ...outputs, [TABLE]: bytes });
      const [difference = -1] = [...bytes.keys()].filter((i) => bytes[i] !== outputs[TABLE]?.[i]);
      expect(difference).toBeGreaterThanOrEqual(at);
      expect(diagnostics).toMatchObject([mirror(TABLE, difference, 'C1')]);
      expect(String(diagnostics[0]?.expected).startsWith(`${right}!"`)).toBe(true);
      expect(String(diagnostics[0]?.actual).startsWith(`${other}!"`)).toBe(true);
    }
  });

  it('are read no further than to the first difference', async () => {
    const { diagnostics, files } = await verifyOutputs({ ...RIGHT, [TABLE]: Buffer.alloc(50_000_000) });
    expect(diagnostics).toMatchObject([mirror(TABLE, 0, 'C1')]);
    expect(files.bytesRead).toBeLessThan(100_000);
  });

  it('of an empty table', async () => {
    const empty = await outputsOf(planOf());
    const { diagnostics } = await verifyOutputs({ ...empty, [TABLE]: utf8('[ ]'), [PRELOAD]: utf8('[]\n') });
    expect(diagnostics).toMatchObject([mirror(TABLE, 1, 'C1'), mirror(PRELOAD, 2, 'C2')]);
  });

  it('and the metadata, all wrong at once', async () => {
    const { diagnostics } = await verifyOutputs({
      ...RIGHT,
      [TABLE]: utf8('x'),
      [PRELOAD]: utf8('y'),
      [METADATA]: utf8('z'),
    });
    expect(placesOf(diagnostics)).toEqual([
      `COMPANION_MISMATCH out/${TABLE}`,
      `COMPANION_INVALID out/${METADATA}`,
      `COMPANION_MISMATCH out/${PRELOAD}`,
    ]);
  });
});

describe('a metadata companion of another artifact', () => {
  const stale = (pointer: string, expected: unknown, actual: unknown) => ({
    code: 'COMPANION_STALE',
    clause: 'C3',
    severity: 'error',
    where: { path: `out/${METADATA}`, pointer },
    expected,
    actual,
    hint: expect.stringContaining('pack again'),
  });
  it('of another size', async () => {
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: LONGER[METADATA] });
    expect(diagnostics).toMatchObject([stale('/artifact/size', SIZE, (LONGER['assets.pa'] as Buffer).length)]);
  });

  it.each<[string, string, number]>([
    ['/layout/header_len', 'header_len', HEADER_LEN],
    ['/layout/payload_offset', 'payload_offset', REGION],
    ['/layout/payload_size', 'payload_size', SIZE - REGION],
  ])('of another layout: %s', async (pointer, name, value) => {
    const bytes = replaced(RIGHT[METADATA], `"${name}":${value}`, `"${name}":${value + 1}`);
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: bytes });
    expect(diagnostics).toMatchObject([stale(pointer, value, value + 1)]);
  });

  it.each([1, 8, 32, 65_536])('the alignment %i is not compared: several explain one file', async (alignment) => {
    const bytes = replaced(RIGHT[METADATA], '"alignment":16', `"alignment":${alignment}`);
    expect((await verifyOutputs({ ...RIGHT, [METADATA]: bytes })).diagnostics).toEqual([]);
  });

  it.each<[string, DigestAlgorithm[], string]>([
    ['by SHA-256, which is looked at first', ['sha256', 'xxh64'], 'sha256'],
    ['by XXH64', ['xxh64'], 'xxh64'],
  ])('of other bytes, seen %s', async (_, digests, algorithm) => {
    const one = await outputsOf(PLAN, { digests });
    const bytes = Buffer.from(one['assets.pa'] as Buffer);
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] as number) ^ 1;
    const { diagnostics, digests: found } = await verifyOutputs({ ...one, 'assets.pa': bytes });
    const stated = metadata(one).artifact.digests[algorithm as DigestAlgorithm];
    expect(diagnostics).toMatchObject([
      stale(`/artifact/digests/${algorithm}`, found[algorithm as DigestAlgorithm], stated),
    ]);
    expect(found[algorithm as DigestAlgorithm]).not.toBe(stated);
  });

  it('with digests right and a size that is not: one word, not one for each payload', async () => {
    const { diagnostics } = await verifyOutputs({ ...OTHER_BYTES, [METADATA]: RIGHT[METADATA] });
    expect(placesOf(diagnostics)).toEqual([`COMPANION_STALE out/${METADATA}/artifact/digests/sha256`]);
  });

  it('without digests another payload of the same size cannot be told', async () => {
    const { ok, digests } = await verifyOutputs({ ...NO_DIGESTS, 'assets.pa': OTHER_BYTES['assets.pa'] });
    expect(ok).toBe(true);
    expect(Object.keys(digests)).toEqual(['xxh64']);
  });

  it('a whole set of companions of another pack', async () => {
    const other = await outputsOf(planOf(asset(1, { inline: utf8('x') })));
    const { diagnostics } = await verifyOutputs({ ...other, 'assets.pa': RIGHT['assets.pa'] });
    expect(placesOf(diagnostics)).toEqual([
      `COMPANION_MISMATCH out/${TABLE}`,
      `COMPANION_STALE out/${METADATA}/artifact/size`,
      `COMPANION_MISMATCH out/${PRELOAD}`,
    ]);
  });
});

describe('a metadata companion that was edited', () => {
  const offsets = [0, 16, 32];

  it.each<[string, number, DigestAlgorithm[], DigestAlgorithm]>([
    ['the first asset', 0, ['sha256', 'xxh64'], 'sha256'],
    ['another asset, XXH64 of both', 1, ['sha256', 'xxh64'], 'xxh64'],
    ['an asset of no bytes', 2, ['sha256', 'xxh64'], 'sha256'],
    ['an asset of no bytes, XXH64 alone', 2, ['xxh64'], 'xxh64'],
    ['SHA-256 alone', 1, ['sha256'], 'sha256'],
  ])('the digest of %s', async (_, index, digests, algorithm) => {
    const outputs = await outputsOf(PLAN, { alignment: 16, digests });
    const right = metadata(outputs).assets[index]?.content[algorithm] as string;
    const edited = right.slice(0, -1) + (right.endsWith('0') ? '1' : '0');
    const bytes = replaced(outputs[METADATA], right, edited);
    const { diagnostics } = await verifyOutputs({ ...outputs, [METADATA]: bytes });
    expect(diagnostics).toMatchObject([
      {
        code: 'DIGEST_MISMATCH',
        clause: 'C6',
        severity: 'error',
        where: { pointer: `/asset_table/${index}`, offset: REGION + (offsets[index] as number) },
        asset_id: [3, 7, 9][index],
        expected: edited,
        actual: right,
      },
    ]);
  });

  it('every digest: one diagnostic for each asset, in table order', async () => {
    const other = { sha256: digestOf('sha256'), xxh64: digestOf('xxh64') };
    const text = metadata().assets.reduce(
      (before, { content }) => before.replace(content.sha256, other.sha256).replace(content.xxh64, other.xxh64),
      String(RIGHT[METADATA]),
    );
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: utf8(text) });
    expect(placesOf(diagnostics)).toEqual([0, 1, 2].map((i) => `DIGEST_MISMATCH artifact/asset_table/${i}`));
    expect(diagnostics.map(({ expected }) => String(expected).split(':')[0])).toEqual(Array<string>(3).fill('sha256'));
  });

  it.each<[string, (bytes: Buffer) => Uint8Array, object]>([
    [
      'another id',
      becomes('"asset_id":7', '"asset_id":8'),
      {
        where: { pointer: '/assets/1' },
        expected: { asset_id: 7, asset_name: 'asset-7' },
        actual: { asset_id: 8, asset_name: 'asset-7' },
      },
    ],
    [
      'another name',
      becomes('"asset-7"', '"asset-8"'),
      {
        where: { pointer: '/assets/1' },
        expected: { asset_id: 7, asset_name: 'asset-7' },
        actual: { asset_id: 7, asset_name: 'asset-8' },
      },
    ],
    [
      'an asset too few',
      (bytes) => utf8(String(bytes).replace(/,\{"asset_id":9.*?\}\}/, '')),
      { where: { pointer: '/assets/2' }, expected: { asset_id: 9, asset_name: 'asset-9' }, actual: 'none' },
    ],
    [
      'an asset too many',
      (bytes) =>
        utf8(String(bytes).replace(/(,\{"asset_id":9.*?\}\})/, '$1,{"asset_id":10,"asset_name":"x","content":{}}')),
      { where: { pointer: '/assets/3' }, expected: 'no more assets', actual: { asset_id: 10, asset_name: 'x' } },
    ],
    [
      "two assets in each other's place: the first place is named",
      (bytes) =>
        utf8(String(bytes).replace(/(\{"asset_id":3.*?\}),(\{"asset_id":7.*?\}),(?=\{"asset_id":9)/, '$2,$1,')),
      { where: { pointer: '/assets/0' }, expected: { asset_id: 3 }, actual: { asset_id: 7 } },
    ],
    [
      'no assets',
      (bytes) => utf8(String(bytes).replace(/"assets":\[.*?\],"diag/, '"assets":[],"diag')),
      { where: { pointer: '/assets/0' }, actual: 'none' },
    ],
  ])('%s', async (_, change, expected) => {
    const bytes = change(RIGHT[METADATA] as Buffer);
    expect(Buffer.compare(bytes, RIGHT[METADATA] as Buffer)).not.toBe(0);
    const { diagnostics } = await verifyOutputs({ ...RIGHT, [METADATA]: bytes });
    expect(diagnostics).toMatchObject([{ code: 'COMPANION_MISMATCH', clause: 'C3', severity: 'error', ...expected }]);
    expect(diagnostics[0]?.where.path).toBe(`out/${METADATA}`);
  });

  it('digests of assets that are left out are not asked for', async () => {
    const text = String(RIGHT[METADATA]).replaceAll(/"content":\{[^}]*\}/g, '"content":{}');
    expect((await verifyOutputs({ ...RIGHT, [METADATA]: utf8(text) })).diagnostics).toEqual([]);
  });
});

describe('companions that cannot be read', () => {
  let rejections: ReturnType<typeof watchRejections>;
  beforeEach(() => {
    rejections = watchRejections();
  });
  afterEach(async () => {
    await settled();
    rejections.stop();
    expect(rejections.list).toEqual([]);
  });

  async function packedFolder(): Promise<string> {
    const folder = newFolder();
    await packAssets(PLAN, toDirectory(folder));
    return folder;
  }

  it.each<[string, (path: string) => void, object]>([
    [
      'missing',
      () => {},
      { code: 'COMPANION_INVALID', message: 'the companion is missing', hint: expect.stringContaining('--companions') },
    ],
    ['a folder', (path) => mkdirSync(path), { code: 'COMPANION_INVALID', message: 'this is no regular file' }],
    [
      'a FIFO that nobody writes to',
      (path) => execFileSync('mkfifo', [path]),
      { code: 'COMPANION_INVALID', message: 'this is no regular file' },
    ],
    [
      'a device',
      (path) => symlinkSync('/dev/zero', path),
      { code: 'COMPANION_INVALID', message: 'this is no regular file' },
    ],
    [
      'a link to nowhere',
      (path) => symlinkSync('nowhere', path),
      { code: 'COMPANION_INVALID', message: 'the companion is missing' },
    ],
    ['a link to itself', (path) => symlinkSync(path, path), { code: 'INPUT_READ', details: { system: 'ELOOP' } }],
    [
      'below a file',
      (path) => symlinkSync(join(path, '../assets.pa/x'), path),
      { code: 'INPUT_READ', details: { system: 'ENOTDIR' } },
    ],
  ])('%s', async (_, prepare, expected) => {
    for (const name of [TABLE, PRELOAD, METADATA]) {
      const folder = await packedFolder();
      rmSync(join(folder, name));
      prepare(join(folder, name));
      const { ok, diagnostics } = await verifyArtifact(join(folder, 'assets.pa'), { companions: folder });
      expect(ok).toBe(false);
      expect(diagnostics).toMatchObject([{ severity: 'error', where: { path: join(folder, name) }, ...expected }]);
      expect(openBelow(folder)).toEqual([]);
    }
  });

  it('all of them are missing', async () => {
    const folder = await packedFolder();
    const { diagnostics } = await verifyArtifact(join(folder, 'assets.pa'), { companions: join(folder, 'none') });
    expect(placesOf(diagnostics)).toEqual(
      [TABLE, METADATA, PRELOAD].map((name) => `COMPANION_INVALID ${join(folder, 'none', name)}`),
    );
  });

  it('a link to a companion is followed', async () => {
    const folder = await packedFolder();
    const links = newFolder();
    for (const name of [TABLE, PRELOAD, METADATA]) symlinkSync(join(folder, name), join(links, name));
    expect((await verifyArtifact(join(folder, 'assets.pa'), { companions: links })).diagnostics).toEqual([]);
  });

  it('any single call: of the artifact it is thrown, of a companion it is reported', async () => {
    const folder = await packedFolder();
    const seen = new Set<string>();
    for (let n = 1; ; n += 1) {
      const watch = new Watch(failingAt(n, 'EACCES'));
      const outcome = await verifyArtifact(join(folder, 'assets.pa'), {
        companions: folder,
        fs: watch.fileSystem(),
      }).catch((error: { readonly diagnostics: readonly Diagnostic[] }) => error);
      expect(openBelow(folder)).toEqual([]);
      if (watch.failed === undefined) break;
      const { path, operation } = watch.failed;
      const what = path.endsWith('.pa') ? 'artifact' : 'companion';
      seen.add(`${operation} ${path.slice(folder.length + 1)}`);
      if ('ok' in outcome && outcome.ok) {
        // The look past the end of the artifact.
        expect([operation, what]).toEqual(['read', 'artifact']);
        continue;
      }
      expect('ok' in outcome).toBe(what === 'companion');
      expect(outcome.diagnostics).toEqual([
        {
          code: 'INPUT_READ',
          severity: 'error',
          message: `the ${what} cannot be read: ${operation} (EACCES)`,
          where: { path },
          details: { system: 'EACCES' },
        },
      ]);
    }
    for (const name of [TABLE, PRELOAD, METADATA, 'assets.pa']) {
      for (const operation of ['open', 'fstat', 'read', 'close']) expect(seen).toContain(`${operation} ${name}`);
    }
  });

  it.each([TABLE, METADATA])('%s is cut short while it is read', async (name) => {
    const folder = await packedFolder();
    const watch = new Watch({
      before: ({ operation, path }) => {
        if (operation === 'read' && path.endsWith(name)) truncateSync(path, 10);
      },
    });
    const { diagnostics } = await verifyArtifact(join(folder, 'assets.pa'), {
      companions: folder,
      fs: watch.fileSystem(),
    });
    expect(diagnostics).toMatchObject([
      { code: 'INPUT_READ', where: { path: join(folder, name) }, details: { system: 'EIO' } },
    ]);
    expect(openBelow(folder)).toEqual([]);
  });

  it('reads that give less than was asked for change nothing', async () => {
    const folder = await packedFolder();
    const fs = new Watch({ readLimit: 7 }).fileSystem();
    expect((await verifyArtifact(join(folder, 'assets.pa'), { companions: folder, fs })).diagnostics).toEqual([]);
  });

  it.each([2 ** 31, 2 ** 42])(
    'companions of %i bytes: metadata are refused, a mirror is not read to its end',
    async (size) => {
      const folder = await packedFolder();
      const end = readFileSync(join(folder, TABLE)).length;
      // Sparse: they take no room.
      for (const name of [TABLE, METADATA]) truncateSync(join(folder, name), size);
      const { diagnostics } = await verifyArtifact(join(folder, 'assets.pa'), { companions: folder });
      expect(diagnostics).toMatchObject([
        { code: 'COMPANION_MISMATCH', where: { path: join(folder, TABLE), offset: end } },
        {
          code: 'COMPANION_INVALID',
          severity: 'error',
          where: { path: join(folder, METADATA) },
          expected: 'at most 2147483647 bytes',
          actual: size,
        },
      ]);
      expect(openBelow(folder)).toEqual([]);
    },
  );
});

describe('a broken artifact with its companions', () => {
  /** A byte a character: what is no text stays as it is. */
  const broken = (bytes: Buffer | undefined, from: string, to: string) => {
    expect(from.length).toBe(to.length);
    const text = (bytes as Buffer).toString('latin1');
    expect(text).toContain(from);
    return Buffer.from(
      text.replace(from, () => to),
      'latin1',
    );
  };

  it('cut short in a payload: the slices, and that the companion is of another file; mirrors are right', async () => {
    const { diagnostics } = await verifyOutputs({
      ...RIGHT,
      'assets.pa': (RIGHT['assets.pa'] as Buffer).subarray(0, -1),
    });
    expect(placesOf(diagnostics)).toEqual([
      'SLICE_BOUNDS artifact/asset_table/2/offset',
      `COMPANION_STALE out/${METADATA}/artifact/size`,
    ]);
  });

  it('a byte of the padding: the padding, and the digest of the file', async () => {
    const bytes = Buffer.from(RIGHT['assets.pa'] as Buffer);
    bytes[REGION + 6] = 1;
    const { diagnostics } = await verifyOutputs({ ...RIGHT, 'assets.pa': bytes });
    expect(placesOf(diagnostics)).toEqual([
      'PADDING_NOT_ZERO artifact',
      `COMPANION_STALE out/${METADATA}/artifact/digests/sha256`,
    ]);
  });

  it.each<[string, string, string, string[]]>([
    ['JSON that is none', '"asset_id":3', '"asset_id":,', ['HEADER_NOT_JSON artifact']],
    ['a name of another', '"asset-7"', '"asset-8"', [`COMPANION_MISMATCH out/${TABLE}`]],
    [
      'an entry that cannot be read',
      '"asset_name":"asset-7"',
      '"asset_name":123456789',
      ['HEADER_SHAPE artifact/asset_table/1/asset_name'],
    ],
    [
      'a number in metadata that cannot be read',
      '[1,2]',
      '[1.2]',
      ['HEADER_NUMBER artifact/asset_table/0/metadata/rows/0'],
    ],
    [
      'a text in metadata that cannot be read',
      '"metadata":{"rows":[1,2]}',
      '"metadata":{"r":"\\ud8ff"}',
      ['HEADER_STRING artifact/asset_table/0/metadata/r'],
    ],
  ])('%s', async (_, from, to, expected) => {
    const bytes = broken(RIGHT['assets.pa'], from, to);
    const { diagnostics } = await verifyOutputs({ ...RIGHT, 'assets.pa': bytes });
    expect(placesOf(diagnostics).slice(0, expected.length)).toEqual(expected);
    expect(placesOf(diagnostics)).toContain(`COMPANION_STALE out/${METADATA}/artifact/digests/sha256`);
    expect(diagnostics.filter(({ code }) => code === 'DIGEST_MISMATCH')).toEqual([]);
  });

  it.each<[string, (bytes: Buffer) => Buffer, string[]]>([
    ['JSON that is none', (bytes) => broken(bytes, '"asset_id":3', '"asset_id":,'), ['HEADER_NOT_JSON artifact']],
    [
      'a header that is another value',
      (bytes) => broken(bytes, '{"asset_table":', '["asset_table",'),
      ['HEADER_NOT_JSON artifact'],
    ],
    [
      'an entry that cannot be read',
      (bytes) => broken(bytes, '"asset_name":"asset-7"', '"asset_name":123456789'),
      ['HEADER_SHAPE artifact/asset_table/1/asset_name'],
    ],
  ])(
    'without digests, %s: the companion is not blamed for what the artifact does not say',
    async (_, change, expected) => {
      const { diagnostics } = await verifyOutputs({
        ...NO_DIGESTS,
        'assets.pa': change(NO_DIGESTS['assets.pa'] as Buffer),
      });
      expect(placesOf(diagnostics)).toEqual(expected);
    },
  );

  it.each<[string, Uint8Array]>([
    ['nothing', Buffer.of()],
    ['something else', utf8('PK\u0003\u0004'.padEnd(400))],
    ['another version', Buffer.concat([utf8('ASPA'), Buffer.alloc(400, 9)])],
    ['a header of 4 GiB', artifact({ prelude: { headerLen: 2 ** 32 - 1 }, header: '' })],
    ['payload_offset 2^64 - 1', artifact({ prelude: { payloadOffset: 2n ** 64n - 1n }, header: header([]) })],
    [
      'slices that overlap',
      artifact({ header: header([entry(), entry({ asset_id: '2' }), entry({ asset_id: '3' })]), region: counting(4) }),
    ],
  ])('%s in the place of the artifact', async (_, bytes) => {
    for (const profile of ['strict', 'runtime'] as const) {
      const { ok, diagnostics } = await verifyOutputs({ ...RIGHT, 'assets.pa': bytes }, { profile });
      expect(ok).toBe(false);
      expect(diagnostics.map(({ code }) => code)).toContain('COMPANION_STALE');
      for (const { message } of diagnostics) expect(message).not.toMatch(/NaN|undefined|\[object/);
    }
  });

  it('is held against size and digests alone: what a broken file says of its layout counts for nothing', async () => {
    const sizeOf = (outputs: Outputs) => replaced(outputs[METADATA], `"size":${SIZE}`, '"size":7');
    const garbage = { 'assets.pa': utf8('garbage'), [TABLE]: utf8('x'), [PRELOAD]: utf8('y') };
    const stated = await verifyOutputs({ ...garbage, [METADATA]: sizeOf(RIGHT) });
    expect(placesOf(stated.diagnostics)).toEqual([
      'PRELUDE_TRUNCATED artifact',
      `COMPANION_STALE out/${METADATA}/artifact/digests/sha256`,
    ]);
    const unstated = await verifyOutputs({ ...garbage, [METADATA]: sizeOf(NO_DIGESTS) });
    expect(placesOf(unstated.diagnostics)).toEqual(['PRELUDE_TRUNCATED artifact']);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array, string[]]>([
    ['a header that is no JSON', (bytes) => broken(bytes, '"asset_id":3', '"asset_id":,'), ['HEADER_NOT_JSON']],
    ['a rule of the table', (bytes) => broken(bytes, '"asset-7"', '"asset-3"'), []],
    ['a bank that nobody has', (bytes) => broken(bytes, '"SCENE"', '"SCENA"'), ['BANK_TYPE_UNKNOWN']],
    ['a slice out of bounds', (bytes) => bytes.subarray(0, -1), ['SLICE_BOUNDS']],
    [
      'another payload_offset',
      (bytes) => {
        const copy = Buffer.from(bytes);
        copy.writeBigUInt64LE(BigInt(REGION + 16), 12);
        return copy;
      },
      ['PAYLOAD_OFFSET', 'SLICE_BOUNDS'],
    ],
  ])('mirrors and the list of assets, all wrong, beside %s', async (_, change, codes) => {
    const outputs = {
      ...NO_DIGESTS,
      'assets.pa': change(NO_DIGESTS['assets.pa'] as Buffer),
      [TABLE]: utf8('x'),
      [PRELOAD]: utf8('y'),
      [METADATA]: replaced(NO_DIGESTS[METADATA], '"asset-9"', '"asset-8"'),
    };
    const { ok, diagnostics } = await verifyOutputs(outputs);
    expect(ok).toBe(false);
    const found = diagnostics.map(({ code }) => code).filter((code) => code !== 'COMPANION_STALE');
    for (const code of codes) expect(found).toContain(code);
    if (codes.length > 0) expect(found).not.toContain('COMPANION_MISMATCH');
    // A warning alone does not keep the companions from being judged.
    else expect(found.filter((code) => code === 'COMPANION_MISMATCH')).toHaveLength(3);
  });

  it.each<[string, (bytes: Buffer) => void]>([
    ['a flag', (bytes) => bytes.writeUInt32LE(1, 20)],
    ['a byte of the padding', (bytes) => bytes.writeUInt8(1, REGION + 6)],
  ])('mirrors are judged beside %s, which is no fault of header and layout', async (_, change) => {
    const bytes = Buffer.from(NO_DIGESTS['assets.pa'] as Buffer);
    change(bytes);
    const { diagnostics } = await verifyOutputs({ ...NO_DIGESTS, 'assets.pa': bytes, [TABLE]: utf8('x') });
    expect(diagnostics.map(({ code }) => code)).toContain('COMPANION_MISMATCH');
    expect(diagnostics).toHaveLength(2);
  });
});

describe('the runtime profile', () => {
  it.each<[string, Record<string, (bytes: Buffer) => Uint8Array | undefined>, string]>([
    ['a companion is missing', { [TABLE]: () => undefined }, 'COMPANION_INVALID'],
    ['a mirror is wrong', { [PRELOAD]: () => utf8('[]') }, 'COMPANION_MISMATCH'],
    [
      'the metadata is of another version',
      { [METADATA]: becomes('"schema_version":1', '"schema_version":2') },
      'VERSION_UNSUPPORTED',
    ],
    ['the metadata is of another file', { [METADATA]: becomes(`"size":${SIZE}`, '"size":1') }, 'COMPANION_STALE'],
    ['a digest was edited', { [METADATA]: becomes(digestOf('xxh64', 0), digestOf('xxh64', 1)) }, 'DIGEST_MISMATCH'],
  ])('has no word on companions: %s', async (_, changes, code) => {
    const outputs: Record<string, Uint8Array | undefined> = { ...RIGHT };
    for (const [name, change] of Object.entries(changes)) outputs[name] = change(RIGHT[name] as Buffer);
    const { ok, runtime, diagnostics } = await verifyOutputs(outputs, { profile: 'runtime' });
    // Still an error: somebody asked for the companions.
    expect(diagnostics).toMatchObject([{ code, severity: 'error' }]);
    expect(diagnostics[0]?.details ?? {}).not.toHaveProperty('runtime');
    expect(ok).toBe(false);
    expect(runtime).toEqual({ verdict: 'accept' });
  });

  it('an open fault beside a companion that is wrong', async () => {
    const bytes = Buffer.from(RIGHT['assets.pa'] as Buffer);
    bytes[20] = 1;
    const { runtime, diagnostics } = await verifyOutputs(
      { ...RIGHT, 'assets.pa': bytes, [TABLE]: utf8('x') },
      { profile: 'runtime' },
    );
    expect(runtime).toEqual({ verdict: 'unspecified' });
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'info PRELUDE_FLAGS',
      'error COMPANION_MISMATCH',
      'error COMPANION_STALE',
    ]);
  });
});

it('nothing of all this writes into the folder', async () => {
  const folder = newFolder();
  await packAssets(PLAN, toDirectory(folder));
  const before = Object.fromEntries(
    [TABLE, PRELOAD, METADATA, 'assets.pa'].map((name) => [name, readFileSync(join(folder, name))]),
  );
  writeFileSync(join(folder, PRELOAD), 'x');
  await verifyArtifact(join(folder, 'assets.pa'), { companions: folder });
  expect(readFileSync(join(folder, PRELOAD), 'utf8')).toBe('x');
  expect(readFileSync(join(folder, METADATA))).toEqual(before[METADATA]);
});
