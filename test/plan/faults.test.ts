import { describe, expect, it } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { packAssets } from '../../src/write/pack.js';
import { toMemory } from '../../src/write/sink.js';
import { asset, type Fault, faults, judge, nest, nestObjects, plan, raw, root, utf8 } from '../support/plan-text.js';

type Row = readonly [title: string, text: string, expected: readonly Fault[]];

/** A string literal of `units` letters. */
const letters = (units: number) => `"${'x'.repeat(units)}"`;
const at = (member: string, code: string): Fault => [code, `/assets/0/${member}`];
/** One asset whose members are replaced. */
const one = (members: Parameters<typeof asset>[1]) => plan(asset(1, members));
const metadata = (text: string) => one({ metadata: text });

function rowsOf(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    it.each(rows)('%s', (_, text, expected) => {
      expect(faults(judge(text).diagnostics)).toEqual(expected);
    });
  });
}

rowsOf('legal plans', [
  ['no assets', plan(), []],
  ['one asset', plan(asset(0)), []],
  ['the largest id', plan(asset(2_147_483_647)), []],
  ['any order', plan(asset(3), asset(1), asset(2)), []],
  ['white space before and after', ` \t\r\n${plan()} \t\r\n`, []],
  ['$schema, a string', root({ $schema: '"anything"' }), []],
  [
    'lowerCamelCase names',
    raw({
      schemaVersion: '1',
      assets: `[${raw({ assetId: '1', assetName: '"a"', bankType: '"SCENE"', file: '"f"' })}]`,
    }),
    [],
  ],
  ['-0 reads as 0', plan(asset(0, { asset_id: '-0', size: '-0', metadata: '{"n":-0}' })), []],
  ['2^53 - 1 in a free object', metadata('{"n":[9007199254740991,-9007199254740991]}'), []],
  ['null inside a free object', metadata('{"n":null}'), []],
  ['a size as a decimal string', one({ size: '"0"', decoded_size: '"9007199254740991"' }), []],
  [
    'no preload, an asker, a named slot',
    plan(asset(1), asset(2, { preload: '{}' }), asset(3, { preload: '{"slot":15}' })),
    [],
  ],
  ['a codec configuration beside metadata', one({ metadata: '{"a":1}', codec_configuration: '{}' }), []],
  ['`codec` in metadata alone', metadata('{"codec":{}}'), []],
  [
    '`pipeline` and `codec` deeper in metadata',
    one({ metadata: '{"a":{"pipeline":1,"codec":2}}', codec_configuration: '{}' }),
    [],
  ],
  [
    'both digests',
    plan(asset(1, { digest: `"sha256:${'0'.repeat(64)}"` }), asset(2, { digest: `"xxh64:${'f'.repeat(16)}"` })),
    [],
  ],
  ['alignment 65,536', root({ layout: '{"alignment":65536}' }), []],
  ['an empty layout', root({ layout: '{}' }), []],
]);

rowsOf('members (PLAN_SHAPE)', [
  ['an unknown root member', root({ x: '1' }), [['PLAN_SHAPE', '/x']]],
  ['an unknown root member that holds much', root({ x: '{"assets":[1,{"a":[]}]}' }), [['PLAN_SHAPE', '/x']]],
  ['an unknown member of layout', root({ layout: '{"x":1}' }), [['PLAN_SHAPE', '/layout/x']]],
  ['an unknown member of an asset', one({ x: '1' }), [at('x', 'PLAN_SHAPE')]],
  ['an unknown member named __proto__', one({ ['__proto__']: '1' }), [at('__proto__', 'PLAN_SHAPE')]],
  ['an unknown member of preload', one({ preload: '{"x":1}' }), [at('preload/x', 'PLAN_SHAPE')]],
  ['a pointer with / and ~ escaped', one({ 'a/b~c': '1' }), [at('a~1b~0c', 'PLAN_SHAPE')]],
  ['a name that only the header has', one({ offset: '0' }), [at('offset', 'PLAN_SHAPE')]],
  [
    'the stream of a program',
    one({ inline: undefined, stream: '[]' }),
    [['PLAN_SHAPE', '/assets/0'], at('stream', 'PLAN_SHAPE')],
  ],
  ['$schema, a number', root({ $schema: '1' }), [['PLAN_SHAPE', '/$schema']]],
  ['$schema in an asset', one({ $schema: '"s"' }), [at('$schema', 'PLAN_SHAPE')]],
  ['$schema twice', `{"$schema":"a","$schema":"b","schema_version":1,"assets":[]}`, [['PLAN_SHAPE', '/$schema']]],
  [
    'an empty object',
    '{}',
    [
      ['PLAN_SHAPE', ''],
      ['PLAN_SHAPE', ''],
    ],
  ],
  ['no assets member', '{"schema_version":1}', [['PLAN_SHAPE', '']]],
  ['an empty asset', plan('{}'), Array(4).fill(['PLAN_SHAPE', '/assets/0'])],
  ['no asset_id', one({ asset_id: undefined }), [['PLAN_SHAPE', '/assets/0']]],
  ['no asset_name', one({ asset_name: undefined }), [['PLAN_SHAPE', '/assets/0']]],
  ['no bank_type', one({ bank_type: undefined }), [['PLAN_SHAPE', '/assets/0']]],
  ['schema_version twice', '{"schema_version":1,"schema_version":1,"assets":[]}', [['PLAN_SHAPE', '/schema_version']]],
  ['assets twice', '{"schema_version":1,"assets":[],"assets":[]}', [['PLAN_SHAPE', '/assets']]],
  [
    'a member of an asset twice',
    plan('{"asset_id":1,"asset_id":2,"asset_name":"a","bank_type":"SCENE","inline":""}'),
    [at('asset_id', 'PLAN_SHAPE')],
  ],
  ['a member of a free object twice, deep', metadata('{"a":[{"b":1,"b":1}]}'), [at('metadata/a/0/b', 'PLAN_SHAPE')]],
  ['equal names by escapes', metadata('{"a":1,"\\u0061":1}'), [at('metadata/a', 'PLAN_SHAPE')]],
  [
    'both spellings at the root',
    '{"schema_version":1,"schemaVersion":1,"assets":[]}',
    [['PLAN_SHAPE', '/schemaVersion']],
  ],
  ['both spellings in an asset', one({ asset_id: '1', assetId: '1' }), [at('asset_id', 'PLAN_SHAPE')]],
  [
    'both spellings of every member of an asset',
    plan(
      '{"asset_name":"a","assetName":"a","bank_type":"SCENE","bankType":"SCENE","codec_configuration":{},"codecConfiguration":{},"decoded_size":1,"decodedSize":1,"asset_id":1,"assetId":1,"file":"f"}',
    ),
    [
      at('assetName', 'PLAN_SHAPE'),
      at('bankType', 'PLAN_SHAPE'),
      at('codecConfiguration', 'PLAN_SHAPE'),
      at('decodedSize', 'PLAN_SHAPE'),
      at('assetId', 'PLAN_SHAPE'),
    ],
  ],
  ['both payload sources', one({ file: '"f"' }), [['PLAN_SHAPE', '/assets/0']]],
  ['no payload source', one({ inline: undefined }), [['PLAN_SHAPE', '/assets/0']]],
]);

rowsOf('types (PLAN_SHAPE)', [
  ...['schema_version', 'layout', 'assets'].flatMap((name): Row[] => [
    [`null ${name}`, root({ [name]: 'null' }), [['PLAN_SHAPE', `/${name}`]]],
    [`true ${name}`, root({ [name]: 'true' }), [['PLAN_SHAPE', `/${name}`]]],
  ]),
  ['assets, an object', root({ assets: '{}' }), [['PLAN_SHAPE', '/assets']]],
  ['layout, an array', root({ layout: '[]' }), [['PLAN_SHAPE', '/layout']]],
  ['alignment, a string', root({ layout: '{"alignment":"8"}' }), [['PLAN_SHAPE', '/layout/alignment']]],
  ['alignment, null', root({ layout: '{"alignment":null}' }), [['PLAN_SHAPE', '/layout/alignment']]],
  [
    'assets of every other type',
    plan('null', 'true', '1', '"a"', '[]'),
    [0, 1, 2, 3, 4].map((i) => ['PLAN_SHAPE', `/assets/${i}`] as const),
  ],
  ...[
    'asset_id',
    'asset_name',
    'bank_type',
    'codec',
    'codec_configuration',
    'decoded_size',
    'digest',
    'inline',
    'metadata',
    'pipeline',
    'preload',
    'size',
  ].flatMap((name): Row[] => [
    [`null ${name}`, one({ [name]: 'null' }), [at(name, 'PLAN_SHAPE')]],
    [`true ${name}`, one({ [name]: 'true' }), [at(name, 'PLAN_SHAPE')]],
    [`array ${name}`, one({ [name]: '[]' }), [at(name, 'PLAN_SHAPE')]],
  ]),
  ['file, null', one({ inline: undefined, file: 'null' }), [at('file', 'PLAN_SHAPE')]],
  ['asset_id, a string', one({ asset_id: '"1"' }), [at('asset_id', 'PLAN_SHAPE')]],
  ['asset_name, a number', one({ asset_name: '1' }), [at('asset_name', 'PLAN_SHAPE')]],
  ['bank_type, a number', one({ bank_type: '1' }), [at('bank_type', 'PLAN_SHAPE')]],
  ['metadata, a string', one({ metadata: '"{}"' }), [at('metadata', 'PLAN_SHAPE')]],
  ['slot, a string', one({ preload: '{"slot":"1"}' }), [at('preload/slot', 'PLAN_SHAPE')]],
  ['slot, null', one({ preload: '{"slot":null}' }), [at('preload/slot', 'PLAN_SHAPE')]],
]);

rowsOf('numbers (H4, T1, L3)', [
  ...['1.0', '1e3', '1E0', '0.5', '9007199254740992', '-9007199254740992', `1${'0'.repeat(400)}`].flatMap(
    (number): Row[] => [
      [`asset_id ${number.slice(0, 20)}`, one({ asset_id: number }), [at('asset_id', 'HEADER_NUMBER')]],
      [`size ${number.slice(0, 20)}`, one({ size: number }), [at('size', 'HEADER_NUMBER')]],
      [`slot ${number.slice(0, 20)}`, one({ preload: `{"slot":${number}}` }), [at('preload/slot', 'HEADER_NUMBER')]],
      [
        `deep in metadata ${number.slice(0, 20)}`,
        metadata(`{"a":[{"b":[0,${number}]}]}`),
        [at('metadata/a/0/b/1', 'HEADER_NUMBER')],
      ],
    ],
  ),
  [
    'a float in codec_configuration and pipeline',
    one({ codec_configuration: '{"a":1.5}', pipeline: '{"a":1.5}' }),
    [at('codec_configuration/a', 'HEADER_NUMBER'), at('pipeline/a', 'HEADER_NUMBER')],
  ],
  ['schema_version 1.0', root({ schema_version: '1.0' }), [['HEADER_NUMBER', '/schema_version']]],
  ['alignment 1e3', root({ layout: '{"alignment":1e3}' }), [['HEADER_NUMBER', '/layout/alignment']]],
  [
    'negative sizes',
    one({ decoded_size: '-1', size: '-1' }),
    [at('decoded_size', 'HEADER_NUMBER'), at('size', 'HEADER_NUMBER')],
  ],
  ...[
    '""',
    '"-1"',
    '"01"',
    '"+1"',
    '" 1"',
    '"1 "',
    '"1.0"',
    '"1e3"',
    '"0x10"',
    '"9007199254740992"',
    '"18446744073709551616"',
    `"${'9'.repeat(60)}"`,
  ].map((text): Row => [`size as the string ${text.slice(0, 24)}`, one({ size: text }), [at('size', 'HEADER_NUMBER')]]),
  [
    'ids -1 and 2^31',
    plan(asset(1, { asset_id: '-1' }), asset(2, { asset_id: '2147483648' })),
    [at('asset_id', 'ASSET_ID_RANGE'), ['ASSET_ID_RANGE', '/assets/1/asset_id']],
  ],
  [
    'ids -(2^31) and 2^53 - 1',
    plan(asset(1, { asset_id: '-2147483648' }), asset(2, { asset_id: '9007199254740991' })),
    [at('asset_id', 'ASSET_ID_RANGE'), ['ASSET_ID_RANGE', '/assets/1/asset_id']],
  ],
  [
    'an id three times',
    plan(asset(7), asset(7, { asset_name: '"b"' }), asset(8), asset(7, { asset_name: '"c"' })),
    [
      ['ASSET_ID_DUPLICATE', '/assets/1/asset_id'],
      ['ASSET_ID_DUPLICATE', '/assets/3/asset_id'],
    ],
  ],
  [
    'an id twice, spelled assetId',
    plan(asset(7), asset(7, { asset_id: undefined, asset_name: '"b"', assetId: '7' })),
    [['ASSET_ID_DUPLICATE', '/assets/1/assetId']],
  ],
  ...['0', '3', '131072', '-1', '65535', '9007199254740991'].map(
    (n): Row => [`alignment ${n}`, root({ layout: `{"alignment":${n}}` }), [['PLAN_VALUE', '/layout/alignment']]],
  ),
]);

rowsOf('names, bank types, codecs (T1)', [
  ['an empty name', one({ asset_name: '""' }), [at('asset_name', 'ASSET_NAME')]],
  ['4,096 bytes', one({ asset_name: letters(4_096) }), []],
  ['4,097 bytes', one({ asset_name: letters(4_097) }), [at('asset_name', 'ASSET_NAME')]],
  ['4,096 bytes of 4-byte characters', one({ asset_name: `"${'\u{1f600}'.repeat(1_024)}"` }), []],
  [
    '4,098 bytes in 2,049 characters',
    one({ asset_name: `"${'\u00e9'.repeat(2_049)}"` }),
    [at('asset_name', 'ASSET_NAME')],
  ],
  ...['\\u0000', '\\n', '\\u001f', '\\u007f', '\\u0085', '\\u009f'].map(
    (c): Row => [`a name with ${c}`, one({ asset_name: `"a${c}"` }), [at('asset_name', 'ASSET_NAME')]],
  ),
  ['characters beside the control characters', one({ asset_name: '" ~\u00a0\u202e\ufeff\u2028"' }), []],
  [
    'a name twice is a warning',
    plan(asset(1), asset(2, { asset_name: '"a1"' })),
    [['ASSET_NAME_DUPLICATE', '/assets/1/asset_name']],
  ],
  [
    'names with the same 32-bit FNV-1a hash',
    plan(asset(1, { asset_name: '"tile 78478"' }), asset(2, { asset_name: '"tile 370820"' })),
    [],
  ],
  [
    'names that differ by normalization',
    plan(asset(1, { asset_name: '"\u00e9"' }), asset(2, { asset_name: '"e\u0301"' })),
    [],
  ],
  ...['TILES', 'SOUND', 'glyph', 'Sounds', '', 'GLYPH ', 'constructor', 'toString', '__proto__'].map(
    (bank): Row => [`bank type "${bank}"`, one({ bank_type: `"${bank}"` }), [at('bank_type', 'BANK_TYPE_UNKNOWN')]],
  ),
  ...['RAW', 'none', '', 'ZSTD'].map(
    (codec): Row => [`codec "${codec}"`, one({ codec: `"${codec}"` }), [at('codec', 'CODEC_UNKNOWN')]],
  ),
]);

rowsOf('strings (H3)', [
  ['a lone surrogate in a name', one({ asset_name: '"\\ud800"' }), [at('asset_name', 'HEADER_STRING')]],
  ['a lone surrogate in a path', one({ inline: undefined, file: '"\\udc00"' }), [at('file', 'HEADER_STRING')]],
  [
    'a lone surrogate deep in metadata',
    metadata('{"a":["x","\\udfff\\ud800"]}'),
    [at('metadata/a/1', 'HEADER_STRING')],
  ],
  ['a lone surrogate in a member name', metadata('{"\\ud800":1}'), [at('metadata', 'HEADER_STRING')]],
  [
    'a lone surrogate in a member name, deep',
    one({ pipeline: '{"a":[{"\\ud800":1}]}' }),
    [at('pipeline/a/0', 'HEADER_STRING')],
  ],
  ['a pair is a character', metadata('{"\\ud83d\\ude00":"\\ud83d\\ude00"}'), []],
]);

const deep = (count: number) => '/0'.repeat(count);

rowsOf('nesting (H6)', [
  ['32 levels below metadata', metadata(`{"a":${nest(32)}}`), []],
  ['33 levels below metadata', metadata(`{"a":${nest(33)}}`), [at(`metadata/a${deep(32)}`, 'HEADER_TOO_DEEP')]],
  ['32 levels of objects', metadata(`{"a":${nestObjects(32)}}`), []],
  [
    '33 levels of objects',
    metadata(`{"a":${nestObjects(33)}}`),
    [at(`metadata/a${'/o'.repeat(32)}`, 'HEADER_TOO_DEEP')],
  ],
  ['a codec configuration is level 1: 31 below it', one({ codec_configuration: `{"a":${nest(31)}}` }), []],
  [
    '32 below it are too many',
    one({ codec_configuration: `{"a":${nest(32)}}` }),
    [at(`codec_configuration/a${deep(31)}`, 'HEADER_TOO_DEEP')],
  ],
  ['32 levels below pipeline', one({ pipeline: `{"a":${nest(32)}}` }), []],
  [
    '33 levels below pipeline',
    one({ pipeline: `{"a":${nest(33)}}` }),
    [at(`pipeline/a${deep(32)}`, 'HEADER_TOO_DEEP')],
  ],
  [
    'two branches, two faults',
    metadata(`{"a":${nest(34)},"b":1,"c":${nest(33)}}`),
    [at(`metadata/a${deep(32)}`, 'HEADER_TOO_DEEP'), at(`metadata/c${deep(32)}`, 'HEADER_TOO_DEEP')],
  ],
  ['100,000 levels', metadata(`{"a":${nest(100_000)}}`), [at(`metadata/a${deep(32)}`, 'HEADER_TOO_DEEP')]],
  ['100,000 levels in an unknown member', root({ x: nest(100_000) }), [['PLAN_SHAPE', '/x']]],
  ['100,000 levels where a number stands', one({ asset_id: nest(100_000) }), [at('asset_id', 'PLAN_SHAPE')]],
]);

rowsOf('metadata (M3)', [
  [
    '`codec` beside a codec configuration',
    one({ metadata: '{"codec":1}', codec_configuration: '{}' }),
    [at('metadata/codec', 'METADATA_COLLISION')],
  ],
  ['`pipeline` at the root', metadata('{"pipeline":null}'), [at('metadata/pipeline', 'METADATA_COLLISION')]],
  [
    'both',
    one({ codecConfiguration: '{"a":1}', metadata: '{"codec":1,"pipeline":{}}' }),
    [at('metadata/codec', 'METADATA_COLLISION'), at('metadata/pipeline', 'METADATA_COLLISION')],
  ],
]);

const askers = (count: number, from = 1) => Array.from({ length: count }, (_, i) => asset(from + i, { preload: '{}' }));

rowsOf('preload (L3, L4, L6)', [
  [
    'slots 16 and -1',
    plan(asset(1, { preload: '{"slot":16}' }), asset(2, { preload: '{"slot":-1}' })),
    [at('preload/slot', 'PRELOAD_SLOT_RANGE'), ['PRELOAD_SLOT_RANGE', '/assets/1/preload/slot']],
  ],
  [
    'a slot taken twice: the higher id is at fault',
    plan(asset(9, { preload: '{"slot":3}' }), asset(2, { preload: '{"slot":3}' })),
    [at('preload/slot', 'PRELOAD_SLOT_TAKEN')],
  ],
  [
    'a slot taken three times',
    plan(...[1, 2, 3].map((id) => asset(id, { preload: '{"slot":0}' }))),
    [
      ['PRELOAD_SLOT_TAKEN', '/assets/1/preload/slot'],
      ['PRELOAD_SLOT_TAKEN', '/assets/2/preload/slot'],
    ],
  ],
  [
    'one slot of two banks',
    plan(asset(1, { preload: '{"slot":3}' }), asset(2, { bank_type: '"SCENE"', preload: '{"slot":3}' })),
    [],
  ],
  ['16 askers', plan(...askers(16)), []],
  ['17 askers: the highest id finds none', plan(...askers(17).reverse()), [at('preload', 'PRELOAD_SLOT_TAKEN')]],
  ['19 askers', plan(...askers(19)), [16, 17, 18].map((i) => ['PRELOAD_SLOT_TAKEN', `/assets/${i}/preload`] as const)],
  [
    '16 askers and a named slot',
    plan(...askers(16), asset(99, { preload: '{"slot":0}' })),
    [['PRELOAD_SLOT_TAKEN', '/assets/15/preload']],
  ],
  [
    '16 askers of each bank',
    plan(...askers(16), ...askers(16, 100).map((text) => text.replace('SOUNDS', 'SCENE'))),
    [],
  ],
]);

rowsOf('payloads: inline, digest, file', [
  ...['""', '"AA=="', '"AAA="', '"AAAA"', '"+/+/"', '"/w=="'].map(
    (text): Row => [`base64 ${text}`, one({ inline: text }), []],
  ),
  ...[
    '"A"',
    '"AA"',
    '"AAA"',
    '"AA="',
    '"AAAA="',
    '"===="',
    '"="',
    '"A==="',
    '"AA==AAAA"',
    '" AAAA"',
    '"AAAA\\n"',
    '"AA AA=="',
    '"AB=="',
    '"AAB="',
    '"-_-_"',
    '"AAA\u00e9"',
    '"AAA%"',
  ].map((text): Row => [`not base64: ${text}`, one({ inline: text }), [at('inline', 'PLAN_VALUE')]]),
  ...[
    '""',
    '"sha256:"',
    `"sha256:${'0'.repeat(63)}"`,
    `"sha256:${'0'.repeat(65)}"`,
    `"sha256:${'A'.repeat(64)}"`,
    `"xxh64:${'0'.repeat(64)}"`,
    `"sha512:${'0'.repeat(128)}"`,
    `"${'0'.repeat(64)}"`,
    `"sha256:${'0'.repeat(64)}\\n"`,
    `" xxh64:${'0'.repeat(16)}"`,
  ].map((text): Row => [`digest ${text.slice(0, 20)}`, one({ digest: text }), [at('digest', 'PLAN_VALUE')]]),
  ...['""', '"a\\\\b"', '"\\\\"', '"a\\u0000b"'].map(
    (text): Row => [`path ${text}`, one({ inline: undefined, file: text }), [at('file', 'PLAN_VALUE')]],
  ),
]);

describe('bytes that are no plan (PLAN_SYNTAX, alone)', () => {
  const encoded = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? utf8(part) : Uint8Array.from(part))));
  const portion = `{"a":"${'x'.repeat(65_529)}`; // one byte less than is looked at in one go
  const bad = '{"assets":[{"asset_id":-1}],'; // holds faults that must not be listed beside the syntax
  it.each<[string, Uint8Array, number]>([
    ['nothing', encoded(''), 0],
    ['white space', encoded(' \n '), 3],
    ['a byte-order mark', encoded([0xef, 0xbb, 0xbf], plan()), 0],
    ['an array behind white space', encoded(' []'), 1],
    ['cut off', encoded('{"schema_version":1'), 19],
    ['a bare word', encoded('{"schema_version":one}'), 18],
    ['a trailing comma in an array', encoded(`${bad}"x":[1,]}`), bad.length + 7],
    ['a trailing comma in an object', encoded('{"schema_version":1,}'), 20],
    ['text after the plan', encoded(`${plan()} {}`), plan().length + 1],
    ['a comment', encoded('{/**/}'), 1],
    ['single quotes', encoded("{'schema_version':1}"), 1],
    ['a leading zero', encoded('{"x":01}'), 6],
    ['a bare control character', encoded('{"a\nb":1}'), 3],
    ['a bad escape', encoded('{"a":"\\x"}'), 6],
    ['NaN', encoded(plan(asset(1, { size: 'NaN' }))), plan(asset(1, { size: 'NaN' })).indexOf('NaN')],
    ['not UTF-8: a stray continuation', encoded('{"a":"', [0x80], '"}'), 6],
    ['not UTF-8: overlong', encoded(bad, '"x":"', [0xc0, 0x80], '"}'), bad.length + 5],
    ['not UTF-8: an encoded surrogate', encoded('{"a":"x', [0xed, 0xa0, 0x80], '"}'), 7],
    ['not UTF-8: above U+10FFFF', encoded('{"a":"x', [0xf4, 0x90, 0x80, 0x80], '"}'), 7],
    ['not UTF-8: behind a character that stands across two portions', encoded(portion, [0xc3, 0xa9], [0x80]), 65_537],
    ['not UTF-8: the first byte of a portion', encoded(portion, [0x62], [0xff]), 65_536],
    ['not UTF-8: cut off at the end', encoded('{"a":"x', [0xe2, 0x82]), 7],
  ])('%s', (_, bytes, offset) => {
    const { draft, diagnostics } = judge(bytes);
    expect(draft).toBeUndefined();
    expect(diagnostics.map(({ code, where }) => [code, where])).toEqual([
      ['PLAN_SYNTAX', expect.objectContaining({ offset })],
    ]);
  });

  it('takes a character that stands across two portions', () => {
    const name = '\u00e9';
    const text = plan(asset(1, { asset_name: `"${name}"` }));
    const before = utf8(text.slice(0, text.indexOf(name))).length;
    expect(judge(utf8(' '.repeat(65_535 - before) + text)).diagnostics).toEqual([]);
  });
});

describe('the version, before anything else (V2)', () => {
  const unsupported = (found: number) => ({
    code: 'VERSION_UNSUPPORTED',
    severity: 'error',
    clause: 'V2',
    where: { plan: '/schema_version' },
    expected: 1,
    actual: found,
    details: { artifact: 'plan', found, supported: { min: 1, max: 1 }, migration: 'not attempted', blocks: 'the pack' },
    message: expect.stringMatching(/which blocks the pack; no migration was attempted: expected 1, got/),
    hint: expect.stringContaining('version 1'),
  });
  it.each<[string, string | Uint8Array, number]>([
    ['2', root({ schema_version: '2' }), 2],
    ['0', root({ schema_version: '0' }), 0],
    ['-1', root({ schema_version: '-1' }), -1],
    ['2, as schemaVersion', '{"schemaVersion":2}', 2],
    ['2, with faults beside it', root({ schema_version: '2', x: '1' }, '{"asset_id":1.5}'), 2],
    ['2, behind the assets', `{"assets":[${asset(-1)}],"schema_version":2}`, 2],
    ['2, and then another member 1', '{"schema_version":2,"schema_version":1,"assets":[]}', 2],
    ['2, in a text that breaks later', '{"schema_version":2,"assets":[{', 2],
    ['2, in a text that is not JSON later', '{"schema_version":2} x', 2],
    ['2, in a text that is not UTF-8 later', Buffer.from([...utf8('{"schema_version":2,"a":"'), 0xff]), 2],
  ])('%s', (_, document, found) => {
    const { draft, diagnostics } = judge(document);
    expect(draft).toBeUndefined();
    expect(diagnostics).toEqual([unsupported(found)]);
  });

  it.each<[string, string, readonly Fault[]]>([
    ['missing', '{"assets":[]}', [['PLAN_SHAPE', '']]],
    ['a string', root({ schema_version: '"1"' }), [['PLAN_SHAPE', '/schema_version']]],
    [
      'not at the root',
      root({ schema_version: undefined, x: '{"schema_version":2}' }),
      [
        ['PLAN_SHAPE', ''],
        ['PLAN_SHAPE', '/x'],
      ],
    ],
    [
      'missing, with other faults',
      '{"assets":[1],"x":1}',
      [
        ['PLAN_SHAPE', ''],
        ['PLAN_SHAPE', '/assets/0'],
        ['PLAN_SHAPE', '/x'],
      ],
    ],
  ])('%s is no version but a fault of shape', (_, text, expected) => {
    expect(faults(judge(text).diagnostics)).toEqual(expected);
  });
});

const sheet = (members: string) => `{"width":8,"height":8,"tile_size":8,"palette_count":64${members}}`;
const glyph = (text: string, more: Parameters<typeof asset>[1] = {}) =>
  one({ bank_type: '"GLYPH"', metadata: text, ...more });

rowsOf('GLYPH metadata (B1)', [
  ['a right one', glyph(sheet('')), []],
  ['more members are free', glyph(sheet(',"x":1,"palette_authored":0')), []],
  ['no metadata: one per member', one({ bank_type: '"GLYPH"' }), Array(4).fill(at('metadata', 'BANK_METADATA'))],
  ['two missing', glyph('{"tile_size":16,"palette_count":64}'), Array(2).fill(at('metadata', 'BANK_METADATA'))],
  [
    'every member wrong',
    glyph('{"height":-8,"palette_authored":65,"palette_count":63,"tile_size":9,"width":0}'),
    ['height', 'palette_authored', 'palette_count', 'tile_size', 'width'].map((name) =>
      at(`metadata/${name}`, 'BANK_METADATA'),
    ),
  ],
  [
    'wrong types',
    glyph('{"height":"8","palette_count":"64","tile_size":[8],"width":null}'),
    ['height', 'palette_count', 'tile_size', 'width'].map((name) => at(`metadata/${name}`, 'BANK_METADATA')),
  ],
  [
    'sides that are no multiples',
    glyph('{"height":24,"palette_count":64,"tile_size":16,"width":8}'),
    ['height', 'width'].map((name) => at(`metadata/${name}`, 'BANK_METADATA')),
  ],
  ['palette_authored -1', glyph(sheet(',"palette_authored":-1')), [at('metadata/palette_authored', 'BANK_METADATA')]],
  [
    'palette_authored null',
    glyph(sheet(',"palette_authored":null')),
    [at('metadata/palette_authored', 'BANK_METADATA')],
  ],
  [
    'width * height + 2048 beyond 2^53 - 1',
    glyph('{"height":134217728,"palette_count":64,"tile_size":8,"width":134217728}'),
    [at('metadata/height', 'BANK_METADATA')],
  ],
  [
    'a float is one fault',
    glyph('{"height":8,"palette_count":64,"tile_size":8,"width":8.5}'),
    [at('metadata/width', 'HEADER_NUMBER')],
  ],
  [
    'other banks have no such members',
    plan(asset(1, { metadata: '{"width":0}' }), asset(2, { bank_type: '"SCENE"', metadata: '{"tile_size":1}' })),
    [],
  ],
]);

describe('GLYPH sizes (B1), by a dry run', () => {
  const bytes = (count: number) => `"${Buffer.alloc(count).toString('base64')}"`;
  const size = (member: string): Fault => ['BANK_SIZE', `/assets/0/${member}`];
  it.each<Row>([
    ['the right size', glyph(sheet(''), { inline: bytes(2_080), decoded_size: '2112' }), []],
    ['one byte short', glyph(sheet(''), { inline: bytes(2_079) }), [size('inline')]],
    ['one byte long', glyph(sheet(''), { inline: bytes(2_081) }), [size('inline')]],
    ['the planned size is wrong as well', glyph(sheet(''), { inline: bytes(2_081), size: '2081' }), [size('size')]],
    ['a wrong decoded_size', glyph(sheet(''), { inline: bytes(2_080), decoded_size: '2111' }), [size('decoded_size')]],
    ['both', glyph(sheet(''), { inline: bytes(0), decoded_size: '0' }), [size('decoded_size'), size('inline')]],
    [
      'a bank type that every object has a member for',
      one({ bank_type: '"constructor"', metadata: '{"size":5}' }),
      [at('bank_type', 'BANK_TYPE_UNKNOWN')],
    ],
    [
      'not when the metadata is wrong',
      glyph('{}', { inline: bytes(1) }),
      Array(4).fill(at('metadata', 'BANK_METADATA')),
    ],
    [
      'the planned size against the rule, though the payload is missing',
      glyph(sheet(''), { inline: undefined, file: '"no such file"', size: '5' }),
      [at('file', 'SOURCE_NOT_FOUND'), size('size')],
    ],
  ])('%s', async (_, text, expected) => {
    const found = await packAssets(utf8(text), toMemory(), { dryRun: true }).then(
      () => [],
      (error: unknown) => {
        if (error instanceof AssetsPaError) return error.diagnostics;
        throw error;
      },
    );
    expect(faults(found)).toEqual(expected);
  });
});

rowsOf('many faults in one plan, in document order', [
  [
    'every part of a plan',
    root(
      { layout: '{"alignment":3}', x: '1' },
      asset(-1, { asset_name: '""', bank_type: '"TILES"', codec: '"RAW"' }),
      asset(2, { digest: '"md5"', metadata: '{"a":{"b":1.5},"pipeline":1}', preload: '{"slot":16}', size: '-1' }),
      asset(2, { file: '"f"' }),
      asset(3, { preload: '{"slot":1}' }),
      'null',
      asset(4, { asset_name: '"a3"', preload: '{"slot":1}', x: 'null' }),
      ...[5, 6, 7, 8, 9].map((id) => asset(id)),
      asset(10, { decoded_size: '1.0', inline: '"A"', metadata: `{"a":"\\ud800","b":${nest(33)}}` }),
    ),
    [
      ['ASSET_ID_RANGE', '/assets/0/asset_id'],
      ['ASSET_NAME', '/assets/0/asset_name'],
      ['BANK_TYPE_UNKNOWN', '/assets/0/bank_type'],
      ['CODEC_UNKNOWN', '/assets/0/codec'],
      ['PLAN_VALUE', '/assets/1/digest'],
      ['HEADER_NUMBER', '/assets/1/metadata/a/b'],
      ['METADATA_COLLISION', '/assets/1/metadata/pipeline'],
      ['PRELOAD_SLOT_RANGE', '/assets/1/preload/slot'],
      ['HEADER_NUMBER', '/assets/1/size'],
      ['PLAN_SHAPE', '/assets/2'],
      ['ASSET_ID_DUPLICATE', '/assets/2/asset_id'],
      ['ASSET_NAME_DUPLICATE', '/assets/2/asset_name'],
      ['PLAN_SHAPE', '/assets/4'],
      ['ASSET_NAME_DUPLICATE', '/assets/5/asset_name'],
      ['PRELOAD_SLOT_TAKEN', '/assets/5/preload/slot'],
      ['PLAN_SHAPE', '/assets/5/x'],
      ['HEADER_NUMBER', '/assets/11/decoded_size'],
      ['PLAN_VALUE', '/assets/11/inline'],
      ['HEADER_STRING', '/assets/11/metadata/a'],
      ['HEADER_TOO_DEEP', `/assets/11/metadata/b${deep(32)}`],
      ['PLAN_VALUE', '/layout/alignment'],
      ['PLAN_SHAPE', '/x'],
    ],
  ],
  [
    'members that stand in another order than the alphabet',
    '{"schema_version":"1","layout":{"alignment":3},"assets":[{"bank_type":"TILES","codec":"RAW","asset_name":"","asset_id":-1,"file":""}]}',
    [
      ['PLAN_SHAPE', '/schema_version'],
      ['PLAN_VALUE', '/layout/alignment'],
      ['BANK_TYPE_UNKNOWN', '/assets/0/bank_type'],
      ['CODEC_UNKNOWN', '/assets/0/codec'],
      ['ASSET_NAME', '/assets/0/asset_name'],
      ['ASSET_ID_RANGE', '/assets/0/asset_id'],
      ['PLAN_VALUE', '/assets/0/file'],
    ],
  ],
]);

describe('more faults than are listed', () => {
  it('lists the first 1,000 of 100,000 and counts the rest', () => {
    const { diagnostics, omitted } = judge(root({ assets: `[${Array(100_000).fill(0)}]` }));
    expect(faults(diagnostics)).toEqual(Array.from({ length: 1_000 }, (_, i) => ['PLAN_SHAPE', `/assets/${i}`]));
    expect(omitted).toBe(99_000);
  });

  it('lists errors before warnings when not all can be listed', () => {
    const twins = Array.from({ length: 2_000 }, (_, i) => asset(i, { asset_name: '"twin"' }));
    const { diagnostics, omitted } = judge(plan(...twins, asset(5_000, { codec: '"RAW"' })));
    expect(diagnostics).toHaveLength(1_000);
    expect(omitted).toBe(1_000);
    expect(faults(diagnostics).at(-1)).toEqual(['CODEC_UNKNOWN', '/assets/2000/codec']);
  });
});

describe('what a diagnostic says', () => {
  it.each<[string, string, object]>([
    [
      'values as they stand',
      one({ asset_id: '2147483648' }),
      {
        clause: 'T1',
        expected: '0 to 2147483647',
        actual: 2_147_483_648,
        asset_id: 2_147_483_648,
        message: expect.stringMatching(/: expected 0 to 2147483647, got 2147483648$/),
      },
    ],
    [
      'the replacement of TILES',
      one({ bank_type: '"TILES"' }),
      { hint: expect.stringContaining('GLYPH'), asset_id: 1 },
    ],
    ['the replacement of SOUND', one({ bank_type: '"SOUND"' }), { hint: expect.stringContaining('SOUNDS') }],
    ['the replacement of RAW', one({ codec: '"RAW"' }), { hint: expect.stringContaining('NONE') }],
    [
      'where a number stands',
      metadata('{"a":1.0}'),
      { actual: '1.0', where: { plan: '/assets/0/metadata/a', offset: metadata('{"a":1.0}').indexOf('1.0') } },
    ],
    [
      'which asset has the id',
      plan(asset(7), asset(7, { asset_name: '"b"' })),
      { asset_id: 7, details: { first_index: 0 } },
    ],
    [
      'who holds the slot',
      plan(asset(1, { preload: '{"slot":3}' }), asset(2, { preload: '{"slot":3}' })),
      { asset_id: 2, details: { holder: 1, bank_type: 'SOUNDS', slot: 3 } },
    ],
    [
      'that a warning is one',
      plan(asset(1), asset(2, { asset_name: '"a1"' })),
      { severity: 'warning', asset_id: 2, actual: 'a1' },
    ],
    [
      'the spelling of the plan',
      plan(raw({ assetId: '-1', assetName: '"a"', bankType: '"SCENE"', inline: '""' })),
      { where: { plan: '/assets/0/assetId' } },
    ],
  ])('%s', (_, text, expected) => {
    const { diagnostics } = judge(text);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject(expected);
  });
});

describe('a misspelt member', () => {
  it.each<[string, string | undefined]>([
    ['{"schema_version":1,"assets":[{"bank_typ":1}]}', 'did you mean "bank_type"?'],
    ['{"schema_version":1,"assets":[{"assetid":1}]}', 'did you mean "asset_id"?'],
    ['{"schema_versoin":1,"assets":[]}', 'did you mean "schema_version"?'],
    ['{"schema_version":1,"asset":[]}', 'did you mean "assets"?'],
    ['{"schema_version":1,"assets":[],"comment":1}', undefined],
    ['{"schema_version":1,"assets":[{"a":1}]}', undefined],
  ])('%s', (text, hint) => {
    const unknown = judge(text).diagnostics.find(({ message }) => message.startsWith('there is no such member'));
    expect(unknown?.code).toBe('PLAN_SHAPE');
    expect(unknown?.hint).toBe(hint);
  });
});
