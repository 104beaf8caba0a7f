import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { configureTextEncoding, getTextEncoding } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftAsset, DraftPlan, PlanInput } from '../../src/plan/model.js';
import { convertPlan } from '../../src/plan/plan-text.js';
import { AssetSchema, PlanSchema } from '../../src/schema/gen/assets_pa/plan/v1/plan_pb.js';
import { packAssets } from '../../src/write/pack.js';
import { toMemory } from '../../src/write/sink.js';
import { binaryForm, jsonForm, legalPlan, snake } from '../support/plan-arbitraries.js';
import { type Fault, faults, type Judgement, judge } from '../support/plan-text.js';
import * as wire from '../support/plan-wire.js';

const { alignment, asset, assetId, assetName, bankType, bytes, double, entry, fixed32, group, inline, layout } = wire;
const { boolValue, listValue, message, metadata, nullValue, numberValue, preload, schemaVersion, slot } = wire;
const { stringValue, structValue, text, varint } = wire;

// By itself the library takes U+FEFF at the beginning of a text for a mark and drops it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
configureTextEncoding({ ...getTextEncoding(), decodeUtf8: (utf8) => decoder.decode(utf8) });

const empty = new Uint8Array();
/** What every asset needs. */
const least = [assetId(1), assetName('a'), bankType('SOUNDS'), inline(empty)];
/** A plan of one asset with more fields. */
const one = (...fields: Uint8Array[]) => message(schemaVersion(1), asset(...least, ...fields));
/** A plan of one asset with a member "a" in its metadata. */
const member = (value: Uint8Array) => one(metadata(entry('a', value)));

/** A draft without what depends on the form: spellings, and the class of the bytes. */
function comparable(draft: DraftPlan | undefined): unknown {
  const plain = ({ spellings: _, payload, ...rest }: DraftAsset) => ({
    ...rest,
    payload: payload?.kind === 'bytes' ? Buffer.from(payload.bytes).toString('hex') : payload,
  });
  return draft && { ...draft, assets: draft.assets.map(plain) };
}

/** What protobuf's own library reads, as a plan of a program, with the schema's names so that pointers agree. */
function byProtobuf(document: Uint8Array): PlanInput {
  const { schemaVersion: version, layout: at, assets } = fromBinary(PlanSchema, document);
  const inputs = assets.map(({ $typeName: _, $unknown: __, payload, preload: asked, ...members }) => ({
    ...Object.fromEntries(Object.entries(members).map(([name, value]) => [snake(name), value])),
    ...(payload.case !== undefined && { [payload.case]: payload.value }),
    ...(asked && { preload: { slot: asked.slot } }),
  }));
  return {
    schemaVersion: version,
    ...(at && { layout: { alignment: at.alignment } }),
    assets: inputs,
  } as unknown as PlanInput;
}

function expectSame(found: Judgement, expected: Judgement): void {
  expect(faults(found.diagnostics)).toEqual(faults(expected.diagnostics));
  expect(comparable(found.draft)).toEqual(comparable(expected.draft));
}

function isClean({ draft, diagnostics }: Judgement): boolean {
  return draft !== undefined && diagnostics.every(({ severity }) => severity === 'warning');
}

async function packed(plan: Uint8Array | PlanInput): Promise<string[]> {
  const sink = toMemory();
  await packAssets(plan, sink);
  return [sink.bytes, ...sink.companions.values()].map((each) => Buffer.from(each).toString('hex'));
}

describe('one plan in every form', () => {
  it('gives the same draft', () => {
    fc.assert(
      fc.property(legalPlan, (plan) => {
        const expected = judge(jsonForm(plan));
        expect(isClean(expected)).toBe(true);
        expectSame(judge(binaryForm(plan)), expected);
        // In the other spelling only pointers may differ, and a warning has one.
        expect(comparable(judge(plan).draft)).toEqual(comparable(expected.draft));
        expect(comparable(judge(jsonForm(plan, (name) => name)).draft)).toEqual(comparable(expected.draft));
      }),
    );
  });

  it('gives the same bytes (W7), also after a conversion there and back', async () => {
    await fc.assert(
      fc.asyncProperty(legalPlan, async (plan) => {
        const json = jsonForm(plan);
        const expected = await packed(json);
        const there = convertPlan(json).bytes;
        const back = convertPlan(there).bytes;
        for (const form of [binaryForm(plan), plan, there, back]) expect(await packed(form)).toEqual(expected);
        expect(convertPlan(back).bytes).toEqual(there);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps a member named __proto__ (H2)', () => {
    const json = new TextEncoder().encode(
      '{"schema_version":1,"assets":[{"asset_id":1,"asset_name":"a","bank_type":"SOUNDS","inline":"","metadata":{"__proto__":{"x":[{"__proto__":1}]}}}]}',
    );
    const inner = listValue(structValue(entry('__proto__', numberValue(1))));
    const binary = one(metadata(entry('__proto__', structValue(entry('x', inner)))));
    const text = JSON.stringify(judge(json).draft?.assets[0]?.metadata);
    expect(text).toBe('{"__proto__":{"x":[{"__proto__":1}]}}');
    expect(JSON.stringify(judge(binary).draft?.assets[0]?.metadata)).toBe(text);
    expect(JSON.stringify(judge(convertPlan(json).bytes).draft?.assets[0]?.metadata)).toBe(text);
    expect(JSON.stringify(judge(convertPlan(binary).bytes).draft?.assets[0]?.metadata)).toBe(text);
  });
});

describe('agreement with protobuf', () => {
  it('when whole plans are concatenated: lists are joined, scalars replaced', () => {
    fc.assert(
      fc.property(fc.array(legalPlan, { minLength: 2, maxLength: 3 }), (plans) => {
        const document = message(...plans.map(binaryForm));
        expectSame(judge(document), judge(byProtobuf(document)));
      }),
    );
  });

  it('when the messages of one asset are concatenated: they are merged', () => {
    const twoAssets = legalPlan.filter(({ assets }) => assets.length >= 2);
    fc.assert(
      fc.property(twoAssets, ({ assets }) => {
        const messages = fromBinary(PlanSchema, binaryForm({ schemaVersion: 1, assets })).assets;
        const parts = messages.map((each) => toBinary(AssetSchema, each));
        const document = message(schemaVersion(1), asset(...parts));
        expectSame(judge(document), judge(byProtobuf(document)));
      }),
    );
  });

  it.each<[string, Uint8Array, object]>([
    [
      'scalars: the last wins',
      one(assetId(5), assetName('b'), wire.size(3), wire.size(0)),
      { assetId: 5, assetName: 'b', extras: { size: 0 } },
    ],
    [
      'the oneof: the last wins',
      one(wire.file('f'), inline(Uint8Array.of(7)), wire.file('g')),
      { payload: { kind: 'file', path: 'g' } },
    ],
    [
      'metadata: entries are joined',
      one(metadata(entry('a', numberValue(1))), metadata(entry('b', boolValue(true)))),
      { metadata: { a: 1, b: true } },
    ],
    [
      'metadata: an entry is replaced whole',
      one(
        metadata(entry('a', structValue(entry('x', nullValue())))),
        metadata(entry('a', structValue(entry('y', nullValue())))),
      ),
      { metadata: { a: { y: null } } },
    ],
    ['a value: the last kind wins', member(message(stringValue('s'), numberValue(1))), { metadata: { a: 1 } }],
    [
      'a value: structs are merged',
      member(message(structValue(entry('x', nullValue())), structValue(entry('y', nullValue())))),
      { metadata: { a: { x: null, y: null } } },
    ],
    [
      'a value: lists are joined',
      member(message(listValue(numberValue(1)), listValue(numberValue(2)))),
      { metadata: { a: [1, 2] } },
    ],
    [
      'a value: a struct between lists starts anew',
      member(message(listValue(numberValue(1)), structValue(), listValue(numberValue(2)))),
      { metadata: { a: [2] } },
    ],
    [
      'an entry: the last value wins',
      one(metadata(bytes(1, message(text(1, 'a'), bytes(2, numberValue(1)), text(1, 'b'), bytes(2, numberValue(2)))))),
      { metadata: { b: 2 } },
    ],
    [
      'an entry: the value may come before the name',
      one(metadata(bytes(1, message(bytes(2, numberValue(1)), text(1, 'a'))))),
      { metadata: { a: 1 } },
    ],
    [
      'an entry without a name has the empty one',
      one(metadata(bytes(1, message(bytes(2, numberValue(1)))))),
      { metadata: { '': 1 } },
    ],
    ['preload: merged', one(preload(slot(3)), preload()), { extras: { preload: { slot: 3 } } }],
    ['an empty preload asks for a slot', one(preload()), { extras: { preload: { slot: undefined } } }],
    ['an empty codec configuration counts', one(wire.codecConfiguration()), { extras: { codecConfiguration: {} } }],
    ['-0 reads as 0', member(numberValue(-0)), { metadata: { a: 0 } }],
    [
      '2^53 - 1',
      one(wire.decodedSize(2 ** 53 - 1), metadata(entry('a', numberValue(2 ** 53 - 1)))),
      { extras: { decodedSize: 2 ** 53 - 1 }, metadata: { a: 2 ** 53 - 1 } },
    ],
  ])('%s', (_, document, expected) => {
    const found = judge(document);
    expect(faults(found.diagnostics)).toEqual([]);
    expect(found.draft?.assets[0]).toMatchObject(expected);
    expectSame(found, judge(byProtobuf(document)));
  });

  it('layout: the last alignment wins, messages are merged', () => {
    const document = message(
      schemaVersion(1),
      layout(alignment(8)),
      layout(alignment(16), alignment(32)),
      layout(),
      bytes(3, message(...least)),
    );
    expect(judge(document).draft?.alignment).toBe(32);
  });
});

const at = (path: string, code = 'PLAN_SHAPE'): Fault => [code, `/assets/0${path}`];

describe('unknown fields, at every level (PLAN_SHAPE)', () => {
  const unknown: [string, Uint8Array][] = [
    ['a varint', varint(99, 1)],
    ['a length-delimited one', text(99, 'x')],
    ['a 64-bit one', double(99, 1)],
    ['a 32-bit one', fixed32(99, 1)],
  ];
  const value = (field: Uint8Array) => message(numberValue(1), field);
  const places: [string, (field: Uint8Array) => Uint8Array, Fault][] = [
    ['the root', (field) => message(one(), field), ['PLAN_SHAPE', '']],
    ['layout', (field) => message(one(), layout(field)), ['PLAN_SHAPE', '/layout']],
    ['an asset', (field) => one(field), at('')],
    ['a Struct', (field) => one(metadata(field)), at('/metadata')],
    [
      'an entry of a Struct',
      (field) => one(metadata(bytes(1, message(text(1, 'a'), field, bytes(2, nullValue()))))),
      at('/metadata/a'),
    ],
    ['a Value', (field) => member(value(field)), at('/metadata/a')],
    ['a ListValue', (field) => member(bytes(6, field)), at('/metadata/a')],
    ['a Value in a ListValue', (field) => member(listValue(nullValue(), value(field))), at('/metadata/a/1')],
    ['a Struct in a Value', (field) => member(structValue(entry('b', structValue(field)))), at('/metadata/a/b')],
    ['preload', (field) => one(preload(field)), at('/preload')],
  ];
  const rows = places.flatMap(([place, build, fault]) =>
    unknown.map(([kind, field]) => [place, kind, build(field), fault] as const),
  );
  it.each(rows)('%s: %s', (_, __, document, fault) => {
    expect(faults(judge(document).diagnostics)).toEqual([fault]);
  });

  it('all of them together, each once', () => {
    const field = varint(99, 1);
    const document = message(
      schemaVersion(1),
      asset(...least, field, metadata(field), preload(field)),
      field,
      layout(field),
    );
    expect(faults(judge(document).diagnostics)).toEqual([
      at(''),
      at('/metadata'),
      at('/preload'),
      ['PLAN_SHAPE', ''],
      ['PLAN_SHAPE', '/layout'],
    ]);
  });
});

describe('wrong wire types (PLAN_SHAPE)', () => {
  const wrong = (number: number, type: 'varint' | 'bytes') =>
    type === 'varint' ? varint(number, 1) : text(number, 'x');
  it.each<[string, Uint8Array, readonly Fault[]]>([
    ['schema_version', message(asset(...least), wrong(1, 'bytes')), [['PLAN_SHAPE', '/schema_version']]],
    ['layout', message(one(), wrong(2, 'varint')), [['PLAN_SHAPE', '/layout']]],
    ['alignment', message(one(), layout(wrong(1, 'bytes'))), [['PLAN_SHAPE', '/layout/alignment']]],
    ['assets', message(schemaVersion(1), wrong(3, 'varint'), asset(...least)), [at('')]],
    ...(
      [
        'asset_id',
        'asset_name',
        'bank_type',
        'codec',
        'decoded_size',
        'metadata',
        'codec_configuration',
        'pipeline',
      ] as const
    ).map((name, i): [string, Uint8Array, readonly Fault[]] => {
      const type = name === 'asset_id' || name === 'decoded_size' ? 'bytes' : 'varint';
      const rest = least.filter((_, field) => field !== i);
      return [name, message(schemaVersion(1), asset(...(i < 3 ? rest : least), wrong(i + 1, type))), [at(`/${name}`)]];
    }),
    ['file', message(schemaVersion(1), asset(...least.slice(0, 3), wrong(9, 'varint'))), [at('/file')]],
    ['inline', message(schemaVersion(1), asset(...least.slice(0, 3), wrong(10, 'varint'))), [at('/inline')]],
    ['size', one(wrong(11, 'bytes')), [at('/size')]],
    ['digest', one(wrong(12, 'varint')), [at('/digest')]],
    ['preload', one(wrong(13, 'varint')), [at('/preload')]],
    ['slot', one(preload(wrong(1, 'bytes'))), [at('/preload/slot')]],
    ['an id as a double', message(schemaVersion(1), asset(double(1, 1), ...least.slice(1))), [at('/asset_id')]],
    ['an id as a fixed32', message(schemaVersion(1), asset(fixed32(1, 1), ...least.slice(1))), [at('/asset_id')]],
    ['an entry of a Struct', one(metadata(varint(1, 1))), [at('/metadata')]],
    ['a number of a Value as a varint', member(message(nullValue(), varint(2, 1))), [at('/metadata/a')]],
    ['an item of a ListValue', member(bytes(6, varint(1, 1))), [at('/metadata/a')]],
    [
      'a packed list of ids',
      message(schemaVersion(1), asset(bytes(1, Uint8Array.of(1, 2)), ...least.slice(1))),
      [at('/asset_id')],
    ],
  ])('%s', (_, document, expected) => {
    expect(faults(judge(document).diagnostics)).toEqual(expected);
  });
});

describe('values without a kind (PLAN_SHAPE)', () => {
  it.each<[string, Uint8Array, Fault]>([
    ['an empty Value', member(empty), at('/metadata/a')],
    ['an empty Value in a list', member(listValue(nullValue(), empty)), at('/metadata/a/1')],
    ['an entry without a value', one(metadata(bytes(1, text(1, 'a')))), at('/metadata/a')],
    ['an empty entry', one(metadata(bytes(1, empty))), at('/metadata/')],
  ])('%s', (_, document, fault) => {
    expect(faults(judge(document).diagnostics)).toEqual([fault]);
  });
});

describe('numbers', () => {
  it.each([Number.NaN, Infinity, -Infinity, 0.5, 1.5, -1e-300, 2 ** 53, -(2 ** 53), 2 ** 60, 1e300])(
    '%s in a free object is HEADER_NUMBER',
    (number) => {
      expect(faults(judge(member(listValue(nullValue(), numberValue(number)))).diagnostics)).toEqual([
        at('/metadata/a/1', 'HEADER_NUMBER'),
      ]);
    },
  );

  const id = (value: number | bigint) => message(schemaVersion(1), asset(assetId(value), ...least.slice(1)));
  it.each<[string, Uint8Array, Fault]>([
    ['an id of -1', id(-1), at('/asset_id', 'ASSET_ID_RANGE')],
    ['an id of 2^31', id(2 ** 31), at('/asset_id', 'ASSET_ID_RANGE')],
    ['an id of 2^32 + 1, which an int32 would make 1', id(2 ** 32 + 1), at('/asset_id', 'ASSET_ID_RANGE')],
    ['an id of 2^62', id(2n ** 62n), at('/asset_id', 'HEADER_NUMBER')],
    ['an id of -(2^63)', id(-(2n ** 63n)), at('/asset_id', 'HEADER_NUMBER')],
    ['a slot of 2^32 + 3', one(preload(slot(2 ** 32 + 3))), at('/preload/slot', 'PRELOAD_SLOT_RANGE')],
    ['a slot of 16', one(preload(slot(16))), at('/preload/slot', 'PRELOAD_SLOT_RANGE')],
    ['a slot of -1', one(preload(slot(-1))), at('/preload/slot', 'PRELOAD_SLOT_RANGE')],
    ['a size of 2^53', one(wire.size(2 ** 53)), at('/size', 'HEADER_NUMBER')],
    ['a size of 2^64 - 1', one(wire.size(-1)), at('/size', 'HEADER_NUMBER')],
    ['an alignment of 2^32 + 8', message(one(), layout(alignment(2 ** 32 + 8))), ['PLAN_VALUE', '/layout/alignment']],
    ['an alignment of 0', message(one(), layout(alignment(0))), ['PLAN_VALUE', '/layout/alignment']],
  ])('%s', (_, document, fault) => {
    expect(faults(judge(document).diagnostics)).toEqual([fault]);
  });
});

describe('the version (V2)', () => {
  const unsupported = (found: number) => ({
    code: 'VERSION_UNSUPPORTED',
    where: { plan: '/schema_version' },
    actual: found,
    details: { artifact: 'plan', found, supported: { min: 1, max: 1 }, migration: 'not attempted', blocks: 'the pack' },
  });
  it.each<[string, Uint8Array, number]>([
    ['2', schemaVersion(2), 2],
    ['0', schemaVersion(0), 0],
    ['-1', schemaVersion(-1), -1],
    ['2^32 + 1, which an int32 would make 1', schemaVersion(2 ** 32 + 1), 2 ** 32 + 1],
    ['2, behind bad assets', message(asset(varint(99, 1)), varint(98, 1), schemaVersion(2)), 2],
    ['1, then 2: the last wins', message(schemaVersion(1), schemaVersion(2)), 2],
    ['2, in bytes that break later', message(schemaVersion(2), Uint8Array.of(0x1a, 0x7f)), 2],
    ['2, before a group', message(schemaVersion(2), group(7)), 2],
  ])('%s stands alone', (_, document, found) => {
    const { draft, diagnostics } = judge(document);
    expect(draft).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject(unsupported(found));
  });

  it('2, then 1: the last wins', () => {
    expect(faults(judge(message(schemaVersion(2), one())).diagnostics)).toEqual([]);
  });

  it('missing is a fault of shape', () => {
    expect(faults(judge(asset(...least)).diagnostics)).toEqual([['PLAN_SHAPE', '']]);
  });

  it('no assets are legal: protobuf writes nothing for an empty list', () => {
    const none = toBinary(PlanSchema, create(PlanSchema, { schemaVersion: 1 }));
    expect(judge(none)).toMatchObject({ diagnostics: [], draft: { assets: [] } });
  });
});

describe('bytes that are no protobuf (PLAN_SYNTAX, alone)', () => {
  const ill = (...codes: number[]) => Uint8Array.from([0x61, ...codes]);
  const fault = varint(99, 1); // must not be listed beside the syntax
  it.each<[string, Uint8Array]>([
    ['neither form', new TextEncoder().encode('plan')],
    ['an array of JSON', new TextEncoder().encode('[]')],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0)],
    ['field number 0', message(fault, Uint8Array.of(0x00, 0x00))],
    ['wire type 6', message(fault, Uint8Array.of(0x0e))],
    ['wire type 7', message(fault, Uint8Array.of(0x0f))],
    ['a length that passes the end', message(fault, Uint8Array.of(0x1a, 5, 1))],
    [
      'a length that passes its message',
      message(schemaVersion(1), bytes(3, Uint8Array.of(0x12, 5, 0x61)), varint(99, 1), varint(99, 1)),
    ],
    ['a varint of 11 bytes', message(Uint8Array.of(0x08), new Uint8Array(10).fill(0x80), Uint8Array.of(1))],
    ['a group at the root', message(one(fault), group(9))],
    ['a group of a known number', message(schemaVersion(1), group(3, ...least))],
    ['a group in an asset', one(fault, group(99, varint(1, 1)))],
    ['a group in a Struct', one(metadata(group(1)))],
    ['a group in a Value', member(group(5))],
    ['a group in preload', one(preload(group(1)))],
    ['the end of a group', message(one(), Uint8Array.of(0x4c))],
    ['100,000 groups', message(one(), new Uint8Array(100_000).fill(0x4b))],
    ['a name: a stray continuation', one(bytes(2, ill(0x80)))],
    ['a name: overlong', one(bytes(2, ill(0xc0, 0x80)))],
    ['a bank type: an encoded surrogate', one(bytes(3, ill(0xed, 0xa0, 0x80)))],
    ['a path: above U+10FFFF', one(bytes(9, ill(0xf4, 0x90, 0x80, 0x80)))],
    ['a string of a Value', member(bytes(3, ill(0xff)))],
    ['a name of an entry', one(metadata(bytes(1, message(bytes(1, ill(0xe2, 0x82)), bytes(2, nullValue())))))],
  ])('%s', (_, document) => {
    const { draft, diagnostics } = judge(document);
    expect(draft).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['PLAN_SYNTAX']);
    expect(diagnostics[0]?.where.offset).toBeLessThanOrEqual(document.length);
  });

  it('names the byte that is not UTF-8', () => {
    const document = one(bytes(2, ill(0x62, 0xff)));
    expect(judge(document).diagnostics[0]?.where).toEqual({ offset: document.indexOf(0xff) });
  });

  it('a byte-order mark in a string is a character', () => {
    expect(judge(one(assetName('\ufeffa'))).draft?.assets[0]?.assetName).toBe('\ufeffa');
  });
});

describe('nesting (H6)', () => {
  const depth = '/0'.repeat(32);
  it.each<[string, Uint8Array, readonly Fault[]]>([
    ['32 levels below metadata', member(wire.nestedLists(32)), []],
    ['33', member(wire.nestedLists(33)), [at(`/metadata/a${depth}`, 'HEADER_TOO_DEEP')]],
    ['31 below a codec configuration', one(wire.codecConfiguration(entry('a', wire.nestedLists(31)))), []],
    [
      '32 below a codec configuration',
      one(wire.codecConfiguration(entry('a', wire.nestedLists(32)))),
      [at(`/codec_configuration/a${depth.slice(2)}`, 'HEADER_TOO_DEEP')],
    ],
    ['100,000', member(wire.nestedLists(100_000)), [at(`/metadata/a${depth}`, 'HEADER_TOO_DEEP')]],
    [
      '100,000 where a name stands',
      one(bytes(2, wire.nestedLists(100_000).fill(0x20))),
      [at('/asset_name', 'ASSET_NAME')],
    ],
    ['100,000 in an unknown field', one(bytes(99, wire.nestedLists(100_000))), [at('')]],
  ])('%s', (_, document, expected) => {
    expect(faults(judge(document).diagnostics)).toEqual(expected);
  });
});

const whole = message(
  schemaVersion(1),
  layout(alignment(16)),
  asset(
    ...least,
    wire.codec('NONE'),
    wire.decodedSize(300),
    wire.size(0),
    preload(slot(3)),
    metadata(entry('n', numberValue(1)), entry('s', stringValue('\u00e9\u{1f600}'))),
  ),
  asset(
    assetId(300),
    assetName('b'),
    bankType('SCENE'),
    wire.file('f'),
    preload(),
    wire.digest(`xxh64:${'0'.repeat(16)}`),
    wire.pipeline(entry('l', listValue(boolValue(true), nullValue(), structValue()))),
  ),
);

describe('damaged bytes', () => {
  it('the whole plan is legal', () => {
    expect(faults(judge(whole).diagnostics)).toEqual([]);
  });

  it('cut at any byte: PLAN_SYNTAX just where protobuf fails, else what is left of the plan', () => {
    let readable = 0;
    for (let end = 1; end < whole.length; end += 1) {
      const document = whole.subarray(0, end);
      const found = judge(document);
      let left: PlanInput | undefined;
      try {
        left = byProtobuf(document);
      } catch {
        // The cut is within a field.
      }
      if (left === undefined)
        expect(
          found.diagnostics.map(({ code }) => code),
          `cut at ${end}`,
        ).toEqual(['PLAN_SYNTAX']);
      else {
        readable += 1;
        expectSame(found, judge(left));
      }
    }
    expect(readable).toBe(3); // behind the version, the layout and the first asset
  });

  const damage = fc.record({
    at: fc.nat(),
    remove: fc.nat(6),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.constantFrom(varint(99, 1), group(1), numberValue(Number.NaN)),
    ),
  });
  const damaged = fc
    .tuple(fc.oneof(fc.constant(whole), legalPlan.map(binaryForm)), fc.array(damage, { minLength: 1, maxLength: 4 }))
    .map(([document, hits]) => {
      let bytes_ = Buffer.from(document);
      for (const { at: where, remove, insert } of hits) {
        const from = where % (bytes_.length + 1);
        bytes_ = Buffer.concat([bytes_.subarray(0, from), insert, bytes_.subarray(from + remove)]);
      }
      return Uint8Array.from(bytes_);
    });

  it('any damage ends in a draft or in our error; what is called clean is what protobuf reads', () => {
    fc.assert(
      fc.property(damaged, (document) => {
        const found = judge(document);
        if (found.draft === undefined) expect(found.diagnostics).toHaveLength(1);
        const isBinary = ![0x7b, 0x20, 0x09, 0x0a, 0x0d, 0xef].includes(document[0] ?? 0x7b);
        if (isBinary && isClean(found)) expectSame(found, judge(byProtobuf(document)));
      }),
      { numRuns: 800 },
    );
  });

  it('so does any damage to JSON, and so do any bytes', () => {
    const json = legalPlan.map((plan) => Buffer.from(jsonForm(plan)));
    const hurt = fc
      .tuple(
        json,
        fc.nat(),
        fc.nat(8),
        fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('null', '[', '{', '"', ',1.5', '\\ud800')),
      )
      .map(([document, where, remove, insert]) => {
        const from = where % (document.length + 1);
        return Buffer.concat([document.subarray(0, from), Buffer.from(insert), document.subarray(from + remove)]);
      });
    fc.assert(
      fc.property(fc.oneof(hurt, fc.uint8Array({ maxLength: 64 })), (document) => {
        const { draft, diagnostics } = judge(Uint8Array.from(document));
        if (draft === undefined) expect(diagnostics).toHaveLength(1);
        else expect(draft.assets.every((each, i) => each.index === i)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });
});
