/** Accepted files about `metadata`: values, member order, escapes, depth, `codec`. */
import { utf8 } from '../compose.ts';
import type { AcceptCase, Flag } from '../vector.ts';
import { lay } from './accept-lay.ts';

/** One sound with metadata. */
function holding(
  name: string,
  title: string,
  clauses: readonly string[],
  flags: readonly Flag[],
  metadata: string,
  planned: { readonly [member: string]: unknown } = {},
): AcceptCase {
  const asset = { id: 1, bank_type: '"SOUNDS"', bytes: utf8('beep'), metadata, planned };
  return lay({ name, title, clauses, flags, assets: [asset] });
}

const values: readonly AcceptCase[] = [
  holding(
    'metadata-every-type',
    'Every type that metadata can hold, empty containers included',
    ['M4', 'H2'],
    ['minimal'],
    '{"array":[0,"one",true,false,null,[],{}],"empty":"","false":false,"list":[],"no":null,"number":7,"object":{"a":[{"b":{}}]},"text":"t","true":true,"void":{}}',
  ),
  holding(
    'metadata-integers',
    'Integers up to the limits, +-(2^53 - 1), and at the edges of 31, 32 and 52 bits',
    ['H4'],
    ['boundary', 'number'],
    '{"highest":9007199254740991,"list":[9007199254740990,4503599627370497,4294967296,4294967295,2147483648,2147483647,100,10,1,0,-1,-10,-2147483648,-2147483649,-4294967296,-9007199254740990],"lowest":-9007199254740991,"zero":0}',
  ),
  holding(
    'metadata-names-of-the-header',
    'Members called as those of the header and of entries are plain data here',
    ['M4'],
    ['duplicate'],
    '{"asset_id":"x","asset_table":[{"asset_id":1}],"bank_type":"TILES","codec":"RAW","decoded_size":-1,"metadata":{"metadata":{}},"offset":null,"preload":0,"size":"4","slot":99}',
  ),
  holding(
    'metadata-same-name-apart',
    'One name in several objects is no repetition',
    ['H5'],
    ['duplicate'],
    '{"a":{"a":{"a":1}},"list":[{"a":1},{"a":1}]}',
  ),
  holding(
    'metadata-pipeline-below-the-root',
    'A member "pipeline" is reserved at the root only',
    ['M3'],
    ['boundary'],
    '{"build":{"pipeline":1},"pipelines":2}',
  ),
  holding(
    'metadata-long-text',
    'A string of 70,000 bytes: the header passes 64 KiB',
    ['E7', 'H1'],
    ['boundary'],
    `{"text":"${'seven letters '.repeat(5000)}"}`,
  ),
  lay({
    name: 'metadata-each-its-own',
    title: 'Entries with different metadata, and none',
    clauses: ['M1'],
    flags: ['minimal'],
    assets: [
      { id: 1, asset_name: '"a"', bank_type: '"SOUNDS"', metadata: '{"width":1}' },
      { id: 2, asset_name: '"b"', planned: { metadata: {} } },
      { id: 3, asset_name: '"c"', metadata: '{"palette_count":"none","tile_size":3}' },
    ],
  }),
];

const names: readonly AcceptCase[] = [
  holding(
    'keys-like-integers',
    'Names like integers are sorted as text: "10" before "2"',
    ['H3'],
    ['order', 'unicode'],
    '{"-1":0,"0":0,"01":0,"1":0,"10":0,"2":0,"4294967294":0,"4294967295":0,"9007199254740993":0,"a":0}',
  ),
  holding(
    'keys-by-utf16',
    'Names are sorted by UTF-16 code units: U+10000 (D800 DC00) before U+E000 and U+FFFF, which UTF-8 would put first',
    ['H3'],
    ['order', 'unicode'],
    '{"\ud7ff":1,"\u{10000}":2,"\u{10ffff}":3,"\ue000":4,"\uffff":5}',
  ),
  holding(
    'keys-of-rfc-8785',
    'The names of the example in RFC 8785, section 3.2.3, in its order',
    ['H3'],
    ['order', 'unicode'],
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\u{1f600}":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ),
  holding(
    'keys-by-code-not-by-language',
    'Upper case before lower case, letters with marks after z, as no dictionary has it',
    ['H3'],
    ['order', 'unicode'],
    '{"A":0,"Z":0,"_":0,"a":0,"e\u0301":0,"f":0,"z":0,"\u00c4":0,"\u00df":0,"\u00e9":0,"\u0131":0}',
  ),
  holding(
    'keys-that-begin-alike',
    'The empty name first, and a name before those that it begins',
    ['H3'],
    ['order'],
    '{"":0,"a":0,"a\\u0000":0,"a ":0,"aa":0,"ab":0,"b":0}',
  ),
  holding(
    'keys-escaped',
    'Names are sorted by what they are, not by how they are escaped',
    ['H3'],
    ['order', 'unicode'],
    '{"\\u0000":0,"\\b":1,"\\t":2,"\\n":3,"\\f":4,"\\r":5,"\\u001f":6," ":7,"\\"":8,"/":9,"0":10,"A":11,"\\\\":12,"u":13,"\u007f":14}',
  ),
  holding(
    'keys-of-javascript',
    'Names that mean something to JavaScript are plain data, at every depth',
    ['H2'],
    ['order'],
    '{"__defineGetter__":1,"__proto__":{"__proto__":null,"polluted":true},"constructor":{"prototype":{"polluted":true}},"hasOwnProperty":false,"length":0,"toJSON":"no","toString":"s","valueOf":[]}',
  ),
  holding('key-empty', 'The empty name', ['H3'], ['boundary'], '{"":{"":[{"":""}]}}'),
];

const texts: readonly AcceptCase[] = [
  holding(
    'text-escapes',
    'Every control character: the five short escapes, and lower-case hex for the others',
    ['H3'],
    ['unicode'],
    '{"all":"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f","backslash":"\\\\","quote":"\\""}',
  ),
  holding(
    'text-not-escaped',
    'What stands as it is: the slash, DEL, the controls from U+0080, U+2028, U+2029, markup',
    ['H3'],
    ['unicode'],
    '{"controls":"\u0080\u0085\u009f","delete":"\u007f","lines":"\u2028\u2029","markup":"</script><!-- & \' -->","slash":"a/b"}',
  ),
  holding(
    'text-like-escapes',
    'A backslash before letters that would make an escape',
    ['H3'],
    ['unicode'],
    '{"text":"\\\\u0041 \\\\n \\\\\\\\ \\\\\\"","x\\\\u0062":1}',
  ),
  holding(
    'text-edges-of-utf8',
    'Byte-order mark, noncharacters, private use, the last code point, marks without a base',
    ['H3'],
    ['boundary', 'unicode'],
    '{"base":"\u0301","last":"\u{10ffff}","list":["\ufeff","\ufffe","\uffff","\ufdd0","\ue000","\uf8ff","\u{f0000}","\ufffd"],"mark":"\ufeffx"}',
  ),
];

const depth: readonly AcceptCase[] = [
  holding(
    'depth-32-arrays',
    '32 arrays within each other, the deepest that metadata may go',
    ['H6'],
    ['boundary'],
    `{"a":${'['.repeat(32)}${']'.repeat(32)}}`,
  ),
  holding(
    'depth-32-objects',
    '32 objects within metadata',
    ['H6'],
    ['boundary'],
    `{"a":${'{"a":'.repeat(31)}{}${'}'.repeat(31)}}`,
  ),
  holding(
    'depth-32-mixed',
    'Level 32 in the middle of other values, with scalars at the bottom',
    ['H6'],
    ['boundary'],
    `{"deep":${'{"a":['.repeat(15)}{"a":[1,null,"x"]}${']}'.repeat(15)},"flat":[[],{}]}`,
  ),
  holding(
    'depth-32-codec-configuration',
    'A codec configuration is level 1: 31 levels fit into it',
    ['H6', 'M1'],
    ['boundary'],
    `{"codec":{"a":${'['.repeat(31)}${']'.repeat(31)}}}`,
    { metadata: undefined, codec_configuration: JSON.parse(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`) as object },
  ),
];

const codec: readonly AcceptCase[] = [
  holding(
    'codec-configuration',
    'A codec configuration becomes metadata.codec, in its place among the members',
    ['M1'],
    ['order'],
    '{"bits":16,"codec":{"10":1,"2":2,"byte_order":"little"},"rate":11025}',
    { metadata: { rate: 11025, bits: 16 }, codec_configuration: { byte_order: 'little', 2: 2, 10: 1 } },
  ),
  holding(
    'codec-configuration-empty',
    'An empty codec configuration becomes an empty object',
    ['M1'],
    ['boundary'],
    '{"codec":{}}',
    { metadata: undefined, codec_configuration: {} },
  ),
  holding(
    'codec-without-configuration',
    'A member "codec" of metadata, with no configuration beside it: any value',
    ['M3'],
    ['boundary'],
    '{"codec":["pcm",8]}',
  ),
  holding(
    'pipeline-not-mirrored',
    "A plan's pipeline data stays out of the file",
    ['M2', 'C4'],
    ['minimal'],
    '{"rate":8000}',
    { pipeline: { source: 'beep.wav', steps: [{ gain: -3 }] } },
  ),
];

export const cases: readonly AcceptCase[] = [...values, ...names, ...texts, ...depth, ...codec];
