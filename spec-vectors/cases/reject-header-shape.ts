/** Faults of the header's shape: members missing, unknown, or of the wrong JSON type. */
import { entry } from '../compose.ts';
import type { RejectCase, RuntimeExpectation } from '../vector.ts';
import { bare, entryPlus, entryWithout, oneEntry, reject, withPayload } from './reject-header-parts.ts';

const ENTRY = entry();

/** What, title, the header, where; HEADER is what a runtime must say unless the row says otherwise. */
type Row = readonly [what: string, title: string, header: string, pointer: string, runtime?: RuntimeExpectation];

function shape(clause: string, file: (header: string) => Uint8Array, rows: readonly Row[]): RejectCase[] {
  return rows.map(([what, title, header, pointer, runtime = 'HEADER']) =>
    reject({ code: 'HEADER_SHAPE', what, title, clauses: [clause], bytes: file(header), where: { pointer }, runtime }),
  );
}

const root: readonly Row[] = [
  ['root-string', 'The root is a string that holds a header', '"{\\"asset_table\\":[],\\"preload\\":[]}"', ''],
  ['root-array', 'The root is an array that holds a header', '[{"asset_table":[],"preload":[]}]', '', 'unspecified'],
  [
    'root-without-asset-table',
    'No asset_table; spaces make up the least length',
    `{"preload":[]${' '.repeat(17)}}`,
    '',
  ],
  ['asset-table-object', 'asset_table is an object', '{"asset_table":{},"preload":[]}', '/asset_table'],
  ['asset-table-null', 'asset_table is null', '{"asset_table":null,"preload":[]}', '/asset_table'],
  ['asset-table-string', 'asset_table is a string', '{"asset_table":"[]","preload":[]}', '/asset_table'],
  ['asset-table-false', 'asset_table is false', '{"asset_table":false,"preload":[]}', '/asset_table'],
  ['preload-object', 'preload is an object', '{"asset_table":[],"preload":{}}', '/preload'],
  ['preload-null', 'preload is null', '{"asset_table":[],"preload":null}', '/preload'],
  ['preload-false', 'preload is false', '{"asset_table":[],"preload":false}', '/preload'],
  ['preload-string', 'preload is a string', '{"asset_table":[],"preload":"[]"}', '/preload'],
  [
    'unknown-root-member',
    'The root has a third member',
    '{"asset_table":[],"preload":[],"version":1}',
    '/version',
    'unspecified',
  ],
  ['entry-string', 'An entry is a string', '{"asset_table":["a"],"preload":[]}', '/asset_table/0'],
  ['entry-number', 'An entry is a number', '{"asset_table":[1],"preload":[]}', '/asset_table/0'],
  ['entry-null', 'An entry is null', '{"asset_table":[null],"preload":[]}', '/asset_table/0'],
  ['entry-false', 'An entry is false', '{"asset_table":[false],"preload":[]}', '/asset_table/0'],
];

const rootWithPayload: readonly Row[] = [
  ['root-as-array', 'The root is an array of the two members, without names', `[[${ENTRY}],[]]`, '', 'unspecified'],
  ['preload-missing', 'The root has no preload', `{"asset_table":[${ENTRY}]}`, '', 'unspecified'],
  ['entry-null-after-an-entry', 'The second entry is null', oneEntry(`${ENTRY},null`), '/asset_table/1'],
  [
    'entry-as-array',
    'An entry is an array of its values, without names',
    oneEntry('[1,"a","SOUNDS","NONE",0,4,4,{}]'),
    '/asset_table/0',
    'unspecified',
  ],
];

const MISSING = ['asset_id', 'asset_name', 'bank_type', 'codec', 'decoded_size', 'metadata', 'offset', 'size'];

const missing = MISSING.map((member): Row => {
  const what = `entry-without-${member.replace('_', '-')}`;
  return [what, `An entry has no ${member}`, oneEntry(entryWithout(member)), '/asset_table/0'];
});

/** Values of the wrong type, by member. */
const wrongTypes: readonly (readonly [member: string, type: string, value: string, runtime?: RuntimeExpectation])[] = [
  ['asset_id', 'a string', '"1"'],
  ['asset_id', 'null', 'null'],
  ['asset_id', 'true', 'true'],
  ['asset_name', 'a number', '1'],
  ['asset_name', 'null', 'null'],
  ['asset_name', 'an array', '["a"]'],
  ['bank_type', 'a number', '1'],
  ['bank_type', 'null', 'null'],
  ['bank_type', 'an object', '{"SOUNDS":null}'],
  ['codec', 'a number', '0'],
  ['codec', 'null', 'null'],
  ['codec', 'false', 'false'],
  ['decoded_size', 'a string', '"4"'],
  ['decoded_size', 'null', 'null'],
  ['decoded_size', 'an object', '{}'],
  ['metadata', 'a string', '"{}"'],
  ['metadata', 'null', 'null'],
  ['metadata', 'a number', '0'],
  ['metadata', 'true', 'true'],
  ['metadata', 'an array', '[]', 'unspecified'],
  ['offset', 'a string', '"0"'],
  ['offset', 'null', 'null'],
  ['offset', 'false', 'false'],
  ['size', 'a string', '"4"'],
  ['size', 'null', 'null'],
  ['size', 'an array', '[4]'],
];

const wrongType = wrongTypes.map(([member, type, value, runtime]): Row => {
  const what = `${member.replace('_', '-')}-${type.replace(/^an? /, '')}`;
  const pointer = `/asset_table/0/${member}`;
  return [what, `${member} is ${type}`, oneEntry(entry({ [member]: value })), pointer, runtime ?? 'HEADER'];
});

const unknown: readonly Row[] = [
  [
    'unknown-entry-member',
    'An entry has a ninth member',
    oneEntry(entryPlus('"pipeline":{}', 'size')),
    '/asset_table/0/pipeline',
    'unspecified',
  ],
  [
    'unknown-entry-member-null',
    'An entry has a ninth member, null',
    oneEntry(entryPlus('"tags":null')),
    '/asset_table/0/tags',
    'unspecified',
  ],
  [
    'unknown-entry-member-in-capitals',
    'An entry has SIZE beside size: names are told apart by case',
    oneEntry(entryPlus('"SIZE":3', 'asset_id')),
    '/asset_table/0/SIZE',
    'unspecified',
  ],
  [
    'unknown-entry-member-proto',
    'An entry has a member __proto__, which is plain data',
    oneEntry(entryPlus('"__proto__":{}', 'asset_id')),
    '/asset_table/0/__proto__',
    'unspecified',
  ],
];

const preload: readonly Row[] = [
  ['preload-entry-without-asset-id', 'A preload entry has no asset_id', '{"slot":0}', ''],
  ['preload-entry-without-slot', 'A preload entry has no slot', '{"asset_id":1}', ''],
  [
    'preload-entry-unknown-member',
    'A preload entry has a third member',
    '{"asset_id":1,"bank_type":"SOUNDS","slot":0}',
    '/bank_type',
    'unspecified',
  ],
  ['preload-entry-number', 'A preload entry is an asset id alone', '1', ''],
  ['preload-entry-string', 'A preload entry is a string', '"a"', ''],
  ['preload-entry-null', 'A preload entry is null', 'null', ''],
  ['preload-entry-as-array', 'A preload entry is an array of its values, without names', '[1,0]', '', 'unspecified'],
  ['preload-asset-id-string', 'asset_id of a preload entry is a string', '{"asset_id":"1","slot":0}', '/asset_id'],
  ['preload-asset-id-null', 'asset_id of a preload entry is null', '{"asset_id":null,"slot":0}', '/asset_id'],
  ['preload-slot-string', 'slot is a string', '{"asset_id":1,"slot":"0"}', '/slot'],
  ['preload-slot-null', 'slot is null', '{"asset_id":1,"slot":null}', '/slot'],
  ['preload-slot-false', 'slot is false', '{"asset_id":1,"slot":false}', '/slot'],
  ['preload-slot-array', 'slot is an array', '{"asset_id":1,"slot":[0]}', '/slot'],
];

const inPreload = preload.map(([what, title, text, pointer, runtime]): Row => {
  return [what, title, oneEntry(ENTRY, text), `/preload/0${pointer}`, runtime ?? 'HEADER'];
});

export const cases: readonly RejectCase[] = [
  ...shape('H1', bare, root),
  ...shape('H1', withPayload, rootWithPayload),
  ...shape('T1', withPayload, [...missing, ...wrongType, ...unknown]),
  ...shape('L1', withPayload, inPreload),
];
