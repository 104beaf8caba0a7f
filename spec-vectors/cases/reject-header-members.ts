/** Member names that stand twice. In most pairs one of the two values is wrong: keeping either one is no way out. */
import { entry } from '../compose.ts';
import type { RejectCase, RuntimeExpectation } from '../vector.ts';
import { marked, oneEntry, reject, withMetadata, withPayload } from './reject-header-parts.ts';

/** What, title, the header with a mark before the second name, and the pointer of that member. */
type Row = readonly [what: string, title: string, header: string, pointer: string];

const ENTRY = entry();
const LIST = '[{"asset_id":1,"slot":0}]';

const root: readonly Row[] = [
  [
    'asset-table-first-right',
    'asset_table twice; the second is empty',
    `{"asset_table":[${ENTRY}],§"asset_table":[],"preload":[]}`,
    '/asset_table',
  ],
  [
    'asset-table-last-right',
    'asset_table twice; the first is empty',
    `{"asset_table":[],§"asset_table":[${ENTRY}],"preload":[]}`,
    '/asset_table',
  ],
  [
    'asset-table-equal',
    'asset_table twice, the same each time',
    `{"asset_table":[${ENTRY}],§"asset_table":[${ENTRY}],"preload":[]}`,
    '/asset_table',
  ],
  [
    'preload-first-right',
    'preload twice; the second is empty',
    `{"asset_table":[${ENTRY}],"preload":${LIST},§"preload":[]}`,
    '/preload',
  ],
  [
    'preload-last-right',
    'preload twice; the first is empty',
    `{"asset_table":[${ENTRY}],"preload":[],§"preload":${LIST}}`,
    '/preload',
  ],
  [
    'preload-escaped',
    'preload twice, the second name written with an escape',
    `{"asset_table":[${ENTRY}],"preload":${LIST},§"pre\\u006coad":[]}`,
    '/preload',
  ],
];

/** Members of an entry, the right value, a wrong one that breaks no other rule. */
const pairs: readonly (readonly [member: string, right: string, wrong: string])[] = [
  ['asset_id', '1', '2'],
  ['asset_name', '"a"', '"b"'],
  ['bank_type', '"SOUNDS"', '"SCENE"'],
  ['decoded_size', '4', '5'],
  ['metadata', '{}', '{"loop":1}'],
  ['size', '4', '3'],
];

/** An entry in which a member stands twice. */
function twice(member: string, first: string, second: string, name = member): string {
  return oneEntry(
    ENTRY.replace(new RegExp(`"${member}":[^,}]*}?(?=[,}])`), `"${member}":${first},§"${name}":${second}`),
  );
}

const inEntry = pairs.flatMap(([member, right, wrong]): Row[] => {
  const name = member.replace('_', '-');
  const pointer = `/asset_table/0/${member}`;
  return [
    [`entry-${name}-first-right`, `${member} twice; the second is wrong`, twice(member, right, wrong), pointer],
    [`entry-${name}-last-right`, `${member} twice; the first is wrong`, twice(member, wrong, right), pointer],
  ];
});

const inEntryToo: readonly Row[] = [
  ['entry-codec-equal', 'codec twice, the same each time', twice('codec', '"NONE"', '"NONE"'), '/asset_table/0/codec'],
  ['entry-offset-equal', 'offset twice, the same each time', twice('offset', '0', '0'), '/asset_table/0/offset'],
  [
    'entry-size-escaped-last',
    'size twice, the second name written \\u0073ize',
    twice('size', '4', '3', '\\u0073ize'),
    '/asset_table/0/size',
  ],
  [
    'entry-size-escaped-first',
    'size twice, the first name written \\u0073ize',
    oneEntry(ENTRY.replace('"size":4', '"\\u0073ize":3,§"size":4')),
    '/asset_table/0/size',
  ],
];

const inPreload: readonly Row[] = [
  [
    'preload-entry-slot-first-right',
    'slot twice; the second is wrong',
    oneEntry(ENTRY, '{"asset_id":1,"slot":0,§"slot":1}'),
    '/preload/0/slot',
  ],
  [
    'preload-entry-slot-last-right',
    'slot twice; the first is wrong',
    oneEntry(ENTRY, '{"asset_id":1,"slot":1,§"slot":0}'),
    '/preload/0/slot',
  ],
  [
    'preload-entry-slot-escaped',
    'slot twice, the second name written sl\\u006ft',
    oneEntry(ENTRY, '{"asset_id":1,"slot":0,§"sl\\u006ft":1}'),
    '/preload/0/slot',
  ],
  [
    'preload-entry-asset-id-equal',
    'asset_id of a preload entry twice, the same each time',
    oneEntry(ENTRY, '{"asset_id":1,§"asset_id":1,"slot":0}'),
    '/preload/0/asset_id',
  ],
];

const inMetadata: readonly Row[] = (
  [
    ['metadata', 'A member of metadata twice', '{"a":1,§"a":2}', '/a'],
    ['metadata-equal', 'A member of metadata twice, the same each time', '{"a":1,§"a":1}', '/a'],
    ['metadata-escaped', 'A member of metadata twice, the second name written \\u0061', '{"a":1,§"\\u0061":2}', '/a'],
    ['metadata-empty-name', 'A member without a name twice', '{"":1,§"":2}', '/'],
    ['metadata-proto', 'A member __proto__ twice', '{"__proto__":1,§"__proto__":2}', '/__proto__'],
    ['metadata-nested', 'A member twice, two levels below metadata', '{"a":[{"b":1,§"b":2}]}', '/a/0/b'],
    ['metadata-codec', 'A member of the codec configuration twice', '{"codec":{"q":1,§"q":2}}', '/codec/q'],
    ['metadata-codec-itself', 'codec twice in metadata', '{"codec":{"q":1},§"codec":{"q":2}}', '/codec'],
    [
      'metadata-pair-escaped',
      'U+1F600 twice as a name, once as two escapes',
      '{"\u{1f600}":1,§"\\ud83d\\ude00":2}',
      '/\u{1f600}',
    ],
  ] as const
).map(([what, title, text, pointer]) => [what, title, withMetadata(text), `/asset_table/0/metadata${pointer}`]);

function duplicates(rows: readonly Row[], clause: string, runtime: RuntimeExpectation): RejectCase[] {
  return rows.map(([what, title, text, pointer]) => {
    const { header, offset } = marked(text);
    return reject({
      code: 'HEADER_DUPLICATE_MEMBER',
      what,
      title,
      clauses: ['H5', clause],
      flags: ['duplicate'],
      bytes: withPayload(header),
      where: { pointer, offset },
      runtime,
    });
  });
}

export const cases: readonly RejectCase[] = [
  ...duplicates(root, 'H1', 'HEADER'),
  ...duplicates([...inEntry, ...inEntryToo], 'T1', 'HEADER'),
  ...duplicates(inPreload, 'L1', 'HEADER'),
  ...duplicates(inMetadata, 'M4', 'unspecified'),
];
