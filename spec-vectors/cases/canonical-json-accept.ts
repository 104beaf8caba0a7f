/** Texts with a canonical form, each with that form. */

/** A text of a legal value in some spelling, and the one canonical text of that value. */
export interface AcceptedText {
  /** File name without extension. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  readonly clauses: readonly string[];
  readonly input: string;
  readonly output: string;
}

type Row = readonly [name: string, title: string, input: string, output: string];

function about(clauses: readonly string[], rows: readonly Row[]): AcceptedText[] {
  return rows.map(([name, title, input, output]) => ({ name, title, clauses, input, output }));
}

const values: readonly Row[] = [
  ['null', 'null alone', ' null ', 'null'],
  ['true', 'true alone', '\ttrue\n', 'true'],
  ['false', 'false in an array', '[ false ]', '[false]'],
  ['empty-string', 'The empty string alone', ' ""', '""'],
  ['empty-object', 'An empty object', '{ }', '{}'],
  ['empty-array', 'An empty array', '[\n]\n', '[]'],
  ['empty-containers', 'Empty objects and arrays within each other', '[ [ ], { }, [ { } ] ]', '[[],{},[{}]]'],
  ['array-order', 'Arrays keep their order', '[3, 1, 2, "b", "a", null, false]', '[3,1,2,"b","a",null,false]'],
  [
    'white-space',
    'All four white space characters at every place',
    ' \t\r\n{ \t"b"\r\n:\t[ 1 ,\n2\t,\r3 ] , "a" : { } }\r\n',
    '{"a":{},"b":[1,2,3]}',
  ],
  ['white-space-in-strings', 'White space inside strings stays', '{ " a " : "  b  " }', '{" a ":"  b  "}'],
  ['crlf', 'Lines that end with CR and LF', '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', '{"a":1,"b":2}'],
  [
    'already-canonical',
    'A canonical text is its own canonical form',
    '{"a":[1,{"b":"c"}],"d":null}',
    '{"a":[1,{"b":"c"}],"d":null}',
  ],
];

const entryText =
  '[{"asset_id":1,"asset_name":"a","bank_type":"SOUNDS","codec":"NONE","decoded_size":4,"metadata":{},"offset":0,"size":4}]';

const order: readonly Row[] = [
  ['members', 'Members in reverse order', '{"d":4,"c":3,"b":2,"a":1}', '{"a":1,"b":2,"c":3,"d":4}'],
  [
    'members-nested',
    'Members out of order at every depth',
    '[{"b":{"d":1,"c":[{"f":1,"e":2}]},"a":0}]',
    '[{"a":0,"b":{"c":[{"e":2,"f":1}],"d":1}}]',
  ],
  [
    'members-of-an-entry',
    'An asset table as the format lists its members',
    '[{"asset_id":1,"asset_name":"a","bank_type":"SOUNDS","codec":"NONE","offset":0,"size":4,"decoded_size":4,"metadata":{}}]',
    entryText,
  ],
  [
    'names-capitals',
    'Digits, capitals, underscore, small letters',
    '{"a":6,"_":5,"Z":4,"A":3,"9":2,"0":1,"z":7}',
    '{"0":1,"9":2,"A":3,"Z":4,"_":5,"a":6,"z":7}',
  ],
  [
    'names-prefix',
    'What begins a name comes before it',
    '{"ab":4,"aa":3,"a":1,"b":5,"a ":2}',
    '{"a":1,"a ":2,"aa":3,"ab":4,"b":5}',
  ],
  ['names-length', 'Length does not count', '{"b":2,"aaa":1}', '{"aaa":1,"b":2}'],
  [
    'names-like-integers',
    'Names that look like integers are text',
    '{"9":7,"2":6,"100":5,"10":4,"1":3,"01":2,"0":1,"-1":0}',
    '{"-1":0,"0":1,"01":2,"1":3,"10":4,"100":5,"2":6,"9":7}',
  ],
  [
    'names-like-integers-and-words',
    'Names that look like integers keep no place of their own',
    '{"B":3,"10":1,"2":2,"!":0}',
    '{"!":0,"10":1,"2":2,"B":3}',
  ],
  ['name-empty', 'The empty name comes first', '{"a":2," ":1,"":0}', '{"":0," ":1,"a":2}'],
  [
    'name-proto',
    '__proto__ and its like are plain data',
    '{"toString":4,"constructor":3,"__proto__":{"z":1,"__proto__":null},"b":2}',
    '{"__proto__":{"__proto__":null,"z":1},"b":2,"constructor":3,"toString":4}',
  ],
  [
    'names-locale',
    'No locale has a say: letters with accents come after z',
    '{"\u00f6":4,"z":2,"o":1,"\u00d6":3}',
    '{"o":1,"z":2,"\u00d6":3,"\u00f6":4}',
  ],
  [
    'names-utf-16',
    'U+10000 before U+E000, though its bytes and its code point are greater',
    '{"\ue000":2,"\u{10000}":1}',
    '{"\u{10000}":1,"\ue000":2}',
  ],
  [
    'names-utf-16-all-planes',
    'Above U+FFFF stands between U+D7FF and U+E000',
    '{"\uffff":6,"\ue000":4,"\ufffd":5,"\u{10ffff}":3,"\u{10000}":2,"\ud7ff":1,"a":0}',
    '{"a":0,"\ud7ff":1,"\u{10000}":2,"\u{10ffff}":3,"\ue000":4,"\ufffd":5,"\uffff":6}',
  ],
  [
    'names-utf-16-behind-a-prefix',
    'The first unit that differs decides',
    '{"a\uff5e":2,"a\u{1f600}":1,"a":0}',
    '{"a":0,"a\u{1f600}":1,"a\uff5e":2}',
  ],
  [
    'names-low-surrogates',
    'Equal high surrogates: the low ones decide',
    '{"\u{1f601}":2,"\u{1f600}x":1,"\u{1f600}":0}',
    '{"\u{1f600}":0,"\u{1f600}x":1,"\u{1f601}":2}',
  ],
  [
    'names-of-rfc-8785',
    'The names with which RFC 8785 shows its order',
    '{"\\u20ac":4,"\\r":0,"\\ufb33":6,"1":1,"\\ud83d\\ude00":5,"\\u0080":2,"\\u00f6":3}',
    '{"\\r":0,"1":1,"\u0080":2,"\u00f6":3,"\u20ac":4,"\u{1f600}":5,"\ufb33":6}',
  ],
  [
    'names-escaped',
    'Names are sorted by what they are, not by how they are escaped',
    '{"A":3,"\\u0042":4,"\\n":1,"!":2,"\\u0000":0,"\\\\":5}',
    '{"\\u0000":0,"\\n":1,"!":2,"A":3,"B":4,"\\\\":5}',
  ],
  [
    'names-two-spellings',
    'One name composed, one decomposed: two names',
    '{"\u00e9":2,"e\u0301":1}',
    '{"e\u0301":1,"\u00e9":2}',
  ],
  [
    'names-in-two-objects',
    'One name in two objects is no duplicate',
    '{"b":{"a":1},"a":{"a":2}}',
    '{"a":{"a":2},"b":{"a":1}}',
  ],
  [
    'names-by-case',
    'Names that differ in case alone are two names',
    '{"size":2,"Size":1,"SIZE":0}',
    '{"SIZE":0,"Size":1,"size":2}',
  ],
];

/** All 32 control characters as capital hex escapes. */
const CONTROLS_IN =
  '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\u0008\\u0009\\u000A\\u000B\\u000C\\u000D\\u000E\\u000F' +
  '\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001A\\u001B\\u001C\\u001D\\u001E\\u001F"';
const CONTROLS_OUT =
  '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f' +
  '\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f"';

const strings: readonly Row[] = [
  ['escapes-short', 'The seven escapes that stay', '"\\" \\\\ \\b \\t \\n \\f \\r"', '"\\" \\\\ \\b \\t \\n \\f \\r"'],
  [
    'escapes-short-by-number',
    'The same seven by number',
    '"\\u0022 \\u005C \\u0008 \\u0009 \\u000A \\u000C \\u000D"',
    '"\\" \\\\ \\b \\t \\n \\f \\r"',
  ],
  ['escapes-control', 'All 32 control characters, in capital hex digits', CONTROLS_IN, CONTROLS_OUT],
  [
    'escapes-control-in-a-name',
    'U+0000 and U+001F in a name',
    '{"\\u001F\\u0000":"\\u0000"}',
    '{"\\u001f\\u0000":"\\u0000"}',
  ],
  [
    'escapes-not-needed',
    'Letters and a solidus that need no escape',
    '"\\u0041\\/\\u0062 \\u00e9 \\u20AC \\ud7ff"',
    '"A/b \u00e9 \u20ac \ud7ff"',
  ],
  [
    'escapes-pair',
    'A pair of escapes is one character',
    '["\\ud83d\\ude00","\\uD800\\uDC00","\\udbff\\udfff"]',
    '["\u{1f600}","\u{10000}","\u{10ffff}"]',
  ],
  [
    'escapes-of-escapes',
    'A backslash and then u0041 is no escape',
    '["\\\\u0041","\\\\\\u0041","\\u005cn"]',
    '["\\\\u0041","\\\\A","\\\\n"]',
  ],
  [
    'u-2028',
    'U+2028 and U+2029, literal and escaped, stand as they are',
    '["\u2028","\\u2028","\u2029","\\u2029"]',
    '["\u2028","\u2028","\u2029","\u2029"]',
  ],
  ['delete', 'U+007F stands as it is', '["\u007f","\\u007f","\\u007F"]', '["\u007f","\u007f","\u007f"]'],
  [
    'c1-controls',
    'U+0080, U+0085 and U+009F stand as they are',
    '["\\u0080","\u0085","\\u009F"]',
    '["\u0080","\u0085","\u009f"]',
  ],
  ['html', 'What HTML would escape stands as it is', '"\\u003Cb\\u003E&\\u0026\'\\u0027"', '"<b>&&\'\'"'],
  [
    'emoji',
    'A family, a flag, a skin tone: nothing is joined or parted',
    '["\u{1f468}\u200d\u{1f469}\u200d\u{1f467}","\u{1f1e7}\u{1f1f7}","\u{1f44d}\u{1f3fd}"]',
    '["\u{1f468}\u200d\u{1f469}\u200d\u{1f467}","\u{1f1e7}\u{1f1f7}","\u{1f44d}\u{1f3fd}"]',
  ],
  [
    'no-normalization',
    'Composed, decomposed and compatibility characters stay what they are',
    '["\u00e9","e\u0301","\\u00e9","e\\u0301","\u212b","\u00c5","\ufb01","\uac00","\u1100\u1161"]',
    '["\u00e9","e\u0301","\u00e9","e\u0301","\u212b","\u00c5","\ufb01","\uac00","\u1100\u1161"]',
  ],
  [
    'noncharacters',
    'U+FFFE, U+FFFF, U+FDD0 and U+10FFFF are characters like others here',
    '["\\ufffe","\uffff","\\ufdd0","\u{10ffff}"]',
    '["\ufffe","\uffff","\ufdd0","\u{10ffff}"]',
  ],
  ['byte-order-mark-in-a-string', 'U+FEFF in a string stays', '["\ufeff","\\ufeffa"]', '["\ufeff","\ufeffa"]'],
  ['replacement-character', 'U+FFFD is a character, not a fault', '["\ufffd","\\ufffd"]', '["\ufffd","\ufffd"]'],
  [
    'right-to-left',
    'Marks of direction and scripts from right to left stay',
    '"\\u200f\u05d0\u202e\u0627\u2066"',
    '"\u200f\u05d0\u202e\u0627\u2066"',
  ],
  [
    'around-the-surrogates',
    'U+D7FF and U+E000, on either side of the surrogates',
    '["\\ud7ff","\\ue000"]',
    '["\ud7ff","\ue000"]',
  ],
  [
    'strings-like-numbers',
    'Strings that look like other values',
    '["1.0","-0","1e3","null","true","{}"]',
    '["1.0","-0","1e3","null","true","{}"]',
  ],
];

const numbers: readonly Row[] = [
  ['zero', 'Zero; a caller who has a negative zero writes the same', ' 0', '0'],
  [
    'integers',
    'Small integers',
    '[ 0, 1, -1, 10, -10, 255, 65536, -2147483648 ]',
    '[0,1,-1,10,-10,255,65536,-2147483648]',
  ],
  [
    'integer-limits',
    'The greatest and the least integer',
    '[9007199254740991, -9007199254740991]',
    '[9007199254740991,-9007199254740991]',
  ],
  [
    'integers-large',
    'Integers of up to 16 digits, never with an exponent',
    '[4294967296, 1000000000000000, 9007199254740990]',
    '[4294967296,1000000000000000,9007199254740990]',
  ],
];

/** Containers within each other, the outermost being level 0. */
function nested(containers: number, open: string, close: string, core: string): string {
  return open.repeat(containers) + core + close.repeat(containers);
}

const depth: readonly Row[] = [
  ['level-32-arrays', 'Level 32 in arrays: 33 of them', nested(33, '[ ', ']', ''), nested(33, '[', ']', '')],
  [
    'level-32-objects',
    'Level 32 in objects: 33 of them',
    nested(32, '{"b": 0, "a":', '}', '{ }'),
    nested(32, '{"a":', ',"b":0}', '{}'),
  ],
  [
    'level-32-mixed',
    'Level 32 in objects and arrays in turn',
    nested(16, '[ {"a":', '} ]', '[1]'),
    nested(16, '[{"a":', '}]', '[1]'),
  ],
  [
    'level-32-twice',
    'Level 32 in two branches',
    `[${nested(32, '[', ']', '')}, ${nested(32, '[', ']', '')}]`,
    `[${nested(32, '[', ']', '')},${nested(32, '[', ']', '')}]`,
  ],
];

export const accepted: readonly AcceptedText[] = [
  ...about(['H2'], values),
  ...about(['H2', 'H3'], order),
  ...about(['H3'], strings),
  ...about(['H4'], numbers),
  ...about(['H6'], depth),
];
