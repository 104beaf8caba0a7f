import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AssetInput, PlanInput } from '../../src/plan/model.js';
import { packAssets } from '../../src/write/pack.js';
import { toMemory } from '../../src/write/sink.js';
import { type Fault, faults, judge } from '../support/plan-text.js';

const least = { assetId: 1, assetName: 'a', bankType: 'SOUNDS', inline: new Uint8Array() } as const;

/** What a program could pass in spite of the types. */
function planOf(members: object, root: object = {}): PlanInput {
  return { schemaVersion: 1, assets: [{ ...least, ...members } as AssetInput], ...root };
}

const at = (member: string, code = 'PLAN_SHAPE'): Fault => [code, `/assets/0/${member}`];

describe('legal plans of programs', () => {
  it.each<[string, PlanInput, object]>([
    [
      'lowerCamelCase',
      planOf({ decodedSize: 5, codecConfiguration: {} }),
      { extras: { decodedSize: 5, codecConfiguration: {} } },
    ],
    [
      'the names of the schema',
      { schema_version: 1, assets: [{ asset_id: 2, asset_name: 'b', bank_type: 'SCENE', file: 'f' }] } as never,
      { assetId: 2, payload: { kind: 'file', path: 'f' } },
    ],
    [
      'undefined members are as good as none',
      planOf(
        {
          codec: undefined,
          decodedSize: undefined,
          metadata: undefined,
          codecConfiguration: undefined,
          pipeline: undefined,
          file: undefined,
          stream: undefined,
          size: undefined,
          digest: undefined,
          preload: undefined,
          x: undefined,
        },
        { layout: undefined, x: undefined },
      ),
      { codec: 'NONE', metadata: {} },
    ],
    [
      'an undefined slot asks for one',
      planOf({ preload: { slot: undefined } }),
      { extras: { preload: { slot: undefined } } },
    ],
    ['an undefined alignment', planOf({}, { layout: { alignment: undefined } }), {}],
    [
      'bigint sizes',
      planOf({ size: 0n, decodedSize: 9_007_199_254_740_991n }),
      { extras: { size: 0, decodedSize: 2 ** 53 - 1 } },
    ],
    [
      'bigints in free objects',
      planOf({ metadata: { n: [-9_007_199_254_740_991n, 7n] } }),
      { metadata: { n: [-(2 ** 53 - 1), 7] } },
    ],
    ['-0 reads as 0', planOf({ assetId: -0, metadata: { n: -0 } }), { assetId: 0, metadata: { n: 0 } }],
    [
      'objects without a prototype',
      planOf({ metadata: Object.assign(Object.create(null), { a: 1 }) }),
      { metadata: { a: 1 } },
    ],
    [
      'one object in two places is no cycle',
      (() => {
        const shared = { a: 1 };
        return planOf({ metadata: { x: shared, y: [shared, shared] } });
      })(),
      { metadata: { x: { a: 1 }, y: [{ a: 1 }, { a: 1 }] } },
    ],
    ['a stream', planOf({ inline: undefined, stream: Readable.from([]) }), { payload: { kind: 'stream' } }],
  ])('%s', (_, plan, expected) => {
    const { draft, diagnostics } = judge(plan);
    expect(faults(diagnostics)).toEqual([]);
    expect(draft?.assets[0]).toMatchObject(expected);
  });

  it('a Buffer', () => {
    const { draft } = judge(planOf({ inline: Buffer.from('xabcx').subarray(1, 4) }));
    const payload = draft?.assets[0]?.payload;
    expect(payload?.kind === 'bytes' && Buffer.from(payload.bytes).toString()).toBe('abc');
  });

  it('assets without extras share one object; undefined members are none', () => {
    const extrasOf = (members: object) => judge(planOf(members)).draft?.assets[0]?.extras;
    const none = extrasOf({});
    expect(none).toEqual({});
    expect(extrasOf({ decodedSize: undefined, size: undefined, digest: undefined, preload: undefined })).toBe(none);
  });

  it('what was checked is what is written: a later change of the object changes nothing', async () => {
    const metadata: { a: number | string } = { a: 1 };
    const sink = toMemory();
    async function* stream(): AsyncGenerator<Uint8Array> {
      metadata.a = '\ud800';
      yield Uint8Array.of(1);
    }
    await packAssets({ schemaVersion: 1, assets: [{ ...least, inline: undefined, metadata, stream: stream() }] }, sink);
    expect(Buffer.from(sink.companions.get('asset_table.json') as Uint8Array).toString()).toContain(
      '"metadata":{"a":1}',
    );
  });
});

class Point {
  x = 1;
}
const cycle: Record<string, unknown> = {};
cycle['self'] = [{ cycle }];
const ring: unknown[] = [];
ring.push(ring);

describe('what no document can hold (TypeError)', () => {
  const values: [string, unknown][] = [
    ['a float', 1.5],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a number beyond 2^53 - 1', 2 ** 53],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an instance of a class', new Point()],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['bytes', Uint8Array.of(1)],
    ['a boxed string', Object('s')],
    ['a cycle of objects', cycle],
    ['a cycle of arrays', ring],
    ['a hole in an array', new Array(2)],
  ];
  const rows = values.flatMap(([title, value]) =>
    (['metadata', 'codecConfiguration', 'pipeline'] as const).map((name) => [title, name, value] as const),
  );
  it.each(rows)('%s in %s', (_, name, value) => {
    expect(() => judge(planOf({ [name]: { a: [{ b: value }] } }))).toThrow(TypeError);
  });

  it('says where', () => {
    expect(() => judge(planOf({ metadata: { a: [0, 1.5] } }))).toThrow(/\/metadata\/a\/1.*1\.5/);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['a number', 1],
    ['undefined', undefined],
  ])('%s in place of the plan', (_, plan) => {
    expect(() => judge(plan as PlanInput)).toThrow(TypeError);
  });

  it.each<[string, unknown]>([
    ['an array', [Uint8Array.of(1)]],
    ['a string', 'bytes'],
    ['null', null],
    ['an object', {}],
  ])('%s in place of a stream', (_, stream) => {
    expect(() => judge(planOf({ inline: undefined, stream }))).toThrow(TypeError);
  });
});

describe('faults with codes', () => {
  it.each<[string, PlanInput, readonly Fault[]]>([
    ['NaN as an id', planOf({ assetId: Number.NaN }), [at('assetId', 'HEADER_NUMBER')]],
    ['a float as an id', planOf({ assetId: 1.5 }), [at('assetId', 'HEADER_NUMBER')]],
    [
      'Infinity as an alignment',
      planOf({}, { layout: { alignment: Number.POSITIVE_INFINITY } }),
      [['HEADER_NUMBER', '/layout/alignment']],
    ],
    [
      'ids -1 and 2^31',
      {
        schemaVersion: 1,
        assets: [
          { ...least, assetId: -1 },
          { ...least, assetId: 2 ** 31, assetName: 'b' },
        ],
      },
      [at('assetId', 'ASSET_ID_RANGE'), ['ASSET_ID_RANGE', '/assets/1/assetId']],
    ],
    ['a bigint id beyond 2^53', planOf({ assetId: 2n ** 53n }), [at('assetId', 'HEADER_NUMBER')]],
    ['a bigint beyond 2^53 in metadata', planOf({ metadata: { a: 2n ** 53n } }), [at('metadata/a', 'HEADER_NUMBER')]],
    [
      'bigint sizes below 0 and beyond 2^53',
      planOf({ decodedSize: -1n, size: 2n ** 64n }),
      [at('decodedSize', 'HEADER_NUMBER'), at('size', 'HEADER_NUMBER')],
    ],
    ['a size as a string is for JSON', planOf({ size: '0' }), [at('size')]],
    ['base64 is for JSON', planOf({ inline: 'AAAA' }), [at('inline')]],
    ['an ArrayBuffer', planOf({ inline: new ArrayBuffer(1) }), [at('inline')]],
    ['null members', planOf({ codec: null, metadata: null, size: null }), [at('codec'), at('metadata'), at('size')]],
    ['a class instance in place of metadata', planOf({ metadata: new Point() }), [at('metadata')]],
    ['a class instance in place of an asset', planOf({}, { assets: [new Point()] }), [['PLAN_SHAPE', '/assets/0']]],
    ['an unknown member', planOf({ x: 1 }, { y: 1 }), [at('x'), ['PLAN_SHAPE', '/y']]],
    ['$schema is for JSON', planOf({}, { $schema: 's' }), [['PLAN_SHAPE', '/$schema']]],
    ['both spellings', planOf({ asset_id: 1 }), [at('asset_id')]],
    ['both spellings at the root', planOf({}, { schema_version: 1 }), [['PLAN_SHAPE', '/schema_version']]],
    ['two payloads', planOf({ stream: Readable.from([]) }), [['PLAN_SHAPE', '/assets/0']]],
    ['no payload', planOf({ inline: undefined }), [['PLAN_SHAPE', '/assets/0']]],
    ['a lone surrogate in a value', planOf({ metadata: { a: '\ud800' } }), [at('metadata/a', 'HEADER_STRING')]],
    ['a lone surrogate in a member name', planOf({ metadata: { '\ud800': 1 } }), [at('metadata', 'HEADER_STRING')]],
    ['no schemaVersion', planOf({}, { schemaVersion: undefined }), [['PLAN_SHAPE', '']]],
    ['schemaVersion, a string', planOf({}, { schemaVersion: '1' }), [['PLAN_SHAPE', '/schemaVersion']]],
    ['no assets', { schemaVersion: 1 } as PlanInput, [['PLAN_SHAPE', '']]],
    ['assets, no array', planOf({}, { assets: {} }), [['PLAN_SHAPE', '/assets']]],
    [
      'an empty plan',
      {} as PlanInput,
      [
        ['PLAN_SHAPE', ''],
        ['PLAN_SHAPE', ''],
      ],
    ],
    [
      'a list in place of the plan',
      [] as never,
      [
        ['PLAN_SHAPE', ''],
        ['PLAN_SHAPE', ''],
      ],
    ],
  ])('%s', (_, plan, expected) => {
    expect(faults(judge(plan).diagnostics)).toEqual(expected);
  });

  it.each<[string, PlanInput]>([
    ['2', planOf({}, { schemaVersion: 2 })],
    ['2, beside other faults', planOf({ assetId: -1, x: 1 }, { y: 1, schemaVersion: 2 })],
    ['2, behind the assets', { assets: [{ ...least, assetId: -1 }], schemaVersion: 2 } as never],
    ['2, in the spelling of the schema', { assets: [], schema_version: 2 } as never],
  ])('version %s stands alone (V2)', (_, plan) => {
    const { diagnostics } = judge(plan);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      code: 'VERSION_UNSUPPORTED',
      actual: 2,
      details: { artifact: 'plan', found: 2 },
    });
  });

  it('deep objects are not walked by recursion without end', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(faults(judge(planOf({ metadata: { a: deep } })).diagnostics)).toEqual([
      at(`metadata/a${'/0'.repeat(32)}`, 'HEADER_TOO_DEEP'),
    ]);
  });
});
