import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, type JsonToken, JsonTokenizer } from '../../src/codec/json.js';
import {
  describeTreeFault,
  INVALID,
  parseDocument,
  parseTree,
  readTree,
  setMember,
  type TreeFault,
} from '../../src/codec/json-tree.js';

const encoder = new TextEncoder();

/** Every token with its bytes: `[token, start, end]`. */
function tokensOf(text: string): [JsonToken, number, number][] {
  const tokens = new JsonTokenizer(encoder.encode(text));
  const all: [JsonToken, number, number][] = [];
  while (tokens.next() !== 'end') all.push([tokens.token, tokens.start, tokens.end]);
  return all;
}

/** The syntax error of a text. */
function syntaxErrorOf(text: string | Uint8Array): JsonSyntaxError {
  try {
    parseTree(typeof text === 'string' ? encoder.encode(text) : text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
  return expect.unreachable('the text was accepted');
}

/** `[kind, pointer, offset, text]` of each fault. */
function faultsOf(text: string, depthKept?: number): [string, string, number, string][] {
  const { faults } = parseTree(encoder.encode(text), depthKept);
  return faults.map((each) => [each.kind, each.pointer, each.offset, each.text]);
}

describe('tokens and their positions', () => {
  it.each<[string, [JsonToken, number, number][]]>([
    ['null', [['null', 0, 4]]],
    [' true\n', [['true', 1, 5]]],
    ['\tfalse\r', [['false', 1, 6]]],
    ['-12', [['number', 0, 3]]],
    ['""', [['string', 0, 2]]],
    [
      '[]',
      [
        ['[', 0, 1],
        [']', 1, 2],
      ],
    ],
    [
      '{ }',
      [
        ['{', 0, 1],
        ['}', 2, 3],
      ],
    ],
    [
      '{"a" : [1,2e3] , "b":"x"}',
      [
        ['{', 0, 1],
        ['name', 1, 4],
        ['[', 7, 8],
        ['number', 8, 9],
        ['number', 10, 13],
        [']', 13, 14],
        ['name', 17, 20],
        ['string', 21, 24],
        ['}', 24, 25],
      ],
    ],
    [
      '["\u00e9","\u{1f600}",0]',
      [
        ['[', 0, 1],
        ['string', 1, 5],
        ['string', 6, 12],
        ['number', 13, 14],
        [']', 14, 15],
      ],
    ],
    ['"\\"\\u0041\\\\"', [['string', 0, 12]]],
  ])('%j', (text, expected) => {
    expect(tokensOf(text)).toEqual(expected);
  });

  it('counts open containers', () => {
    const tokens = new JsonTokenizer(encoder.encode('[{"a":[]}]'));
    const depths: number[] = [];
    while (tokens.next() !== 'end') depths.push(tokens.depth);
    expect(depths).toEqual([1, 2, 2, 3, 2, 1, 0]);
  });

  it('stays at the end', () => {
    const tokens = new JsonTokenizer(encoder.encode('1 '));
    expect([tokens.next(), tokens.next(), tokens.next()]).toEqual(['number', 'end', 'end']);
  });

  it('passes over a value, whatever is in it', () => {
    const text = '[[1,{"a":[2,"]"]},[]],"x",3]';
    const tokens = new JsonTokenizer(encoder.encode(text));
    tokens.next();
    tokens.next();
    tokens.skip();
    expect([tokens.token, tokens.end, tokens.depth]).toEqual([']', 21, 1]);
    tokens.next();
    tokens.skip();
    expect([tokens.token, tokens.raw()]).toEqual(['string', '"x"']);
    expect([tokens.next(), tokens.next(), tokens.next()]).toEqual(['number', ']', 'end']);
  });

  it.each([
    ['"abc"', 'abc'],
    ['"\\b\\f\\n\\r\\t\\/\\\\\\""', '\b\f\n\r\t/\\"'],
    ['"\\u00e9\\u00E9\u00e9"', '\u00e9\u00e9\u00e9'],
    ['"\\ud83d\\ude00"', '\u{1f600}'],
    ['"\\ud83d"', '\ud83d'],
    ['"\ufeff"', '\ufeff'],
    ['"\u007f\u2028"', '\u007f\u2028'],
    [`"${'x'.repeat(29)}"`, 'x'.repeat(29)],
    [`"${'x'.repeat(30)}"`, 'x'.repeat(30)],
    [`"${'x'.repeat(31)}"`, 'x'.repeat(31)],
    [`"${'\u00e9'.repeat(40)}"`, '\u00e9'.repeat(40)],
  ])('the text of %s', (text, expected) => {
    const tokens = new JsonTokenizer(encoder.encode(text));
    expect(tokens.next()).toBe('string');
    expect(tokens.text()).toBe(expected);
    expect(tokens.raw()).toBe(text);
  });

  it.each<[string, number | undefined]>([
    ['0', 0],
    ['-0', -0],
    ['17', 17],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', undefined],
    ['-9007199254740992', undefined],
    ['99999999999999999', undefined],
    ['100000000000000000000', undefined],
    ['1.0', undefined],
    ['1e0', undefined],
    ['1E+2', undefined],
    ['-0.0', undefined],
  ])('the integer of %s is %s', (text, expected) => {
    const tokens = new JsonTokenizer(encoder.encode(text));
    expect(tokens.next()).toBe('number');
    expect(tokens.integer()).toBe(expected);
  });
});

describe('syntax errors', () => {
  it.each<[string, string, number]>([
    ['', 'there is nothing in it', 0],
    ['  ', 'the text ends early', 2],
    ['\ufeff{}', 'a byte-order mark stands before the value', 0],
    ['\u00a0{}', 'expected a value', 0],
    ['x', 'expected a value', 0],
    ["'a'", 'expected a value', 0],
    ['+1', 'expected a value', 0],
    ['.5', 'expected a value', 0],
    ['NaN', 'expected a value', 0],
    ['//a\n1', 'expected a value', 0],
    ['-', 'expected a digit', 1],
    ['-a', 'expected a digit', 1],
    ['1.', 'expected a digit', 2],
    ['1.e3', 'expected a digit', 2],
    ['1e', 'expected a digit', 2],
    ['1e+', 'expected a digit', 3],
    ['01', 'expected the end of the text', 1],
    ['-01', 'expected the end of the text', 2],
    ['1 2', 'expected the end of the text', 2],
    ['{}{}', 'expected the end of the text', 2],
    ['[] \u0000', 'expected the end of the text', 3],
    ['[1 2]', 'expected "," or "]"', 3],
    ['[1', 'expected "," or "]"', 2],
    ['[1}', 'expected "," or "]"', 2],
    ['[1;2]', 'expected "," or "]"', 2],
    ['[', 'the text ends early', 1],
    ['[1,', 'the text ends early', 3],
    ['[1,]', 'expected a value', 3],
    ['[,1]', 'expected a value', 1],
    [']', 'expected a value', 0],
    ['{', 'expected a member name', 1],
    ['{,}', 'expected a member name', 1],
    ['{a:1}', 'expected a member name', 1],
    ['{1:1}', 'expected a member name', 1],
    ['{"a":1,}', 'expected a member name', 7],
    ['{"a"}', 'expected ":"', 4],
    ['{"a" 1}', 'expected ":"', 5],
    ['{"a":}', 'expected a value', 5],
    ['{"a":1]', 'expected "," or "}"', 6],
    ['{"a":1 "b":2}', 'expected "," or "}"', 7],
    ['"abc', 'a string that does not end, or a bare control character', 4],
    ['"a\nb"', 'a string that does not end, or a bare control character', 2],
    ['"a\u001fb"', 'a string that does not end, or a bare control character', 2],
    ['"\\', 'an escape that JSON does not have', 1],
    ['"\\"', 'a string that does not end, or a bare control character', 3],
    ['"\\x41"', 'an escape that JSON does not have', 1],
    ['"a\\v"', 'an escape that JSON does not have', 2],
    ['"\\u12"', '"\\u" needs four hex digits', 1],
    ['"\\u12g4"', '"\\u" needs four hex digits', 1],
    ['"\\u', '"\\u" needs four hex digits', 1],
    ['"\\U0041"', 'an escape that JSON does not have', 1],
    ['nul', 'expected "null"', 0],
    ['trUe', 'expected "true"', 0],
    ['[falsey]', 'expected "," or "]"', 6],
  ])('%j', (text, message, offset) => {
    const error = syntaxErrorOf(text);
    expect([error.message, error.offset]).toEqual([message, offset]);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('offsets count bytes, not characters', () => {
    expect(syntaxErrorOf('["\u00e9\u{1f600}" x]').offset).toBe(10);
  });
});

/** A JSON text in some spelling. */
const jsonText = fc
  .tuple(fc.json({ stringUnit: 'binary', depthSize: 'medium' }), fc.constantFrom<string | number>(0, 1, '\t', ' \n'))
  .map(([text, indent]) => JSON.stringify(JSON.parse(text), null, indent));

/** Code points that matter to JSON's grammar. */
const grammatical = fc.constantFrom(
  ...'{}[],:"\\/ \t\n\r0123456789+-.eEabfnrtux',
  'true',
  'null',
  '\\u00e9',
  '\\ud800',
  '\u0000',
  '\u001f',
  '\u007f',
  '\u00e9',
  '\u2028',
  '\ufeff',
  '\u{1f600}',
);

/** JSON with a few code points deleted, replaced or added. */
const mutatedText = fc
  .tuple(jsonText, fc.array(fc.tuple(fc.nat(), fc.nat(2), grammatical), { maxLength: 4 }))
  .map(([text, edits]) => {
    const points = [...text];
    for (const [at, removed, added] of edits)
      points.splice(at % (points.length + 1), removed, ...(removed < 2 ? [added] : []));
    return points.join('');
  });

/** What `JSON.parse` says of a text: its value, or nothing. */
function platformValue(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

describe('beside JSON.parse', () => {
  it('accepts and rejects the same texts, and reads the same value where there is no fault', () => {
    let accepted = 0;
    let rejected = 0;
    fc.assert(
      fc.property(mutatedText, (text) => {
        const platform = platformValue(text);
        if (platform === undefined) {
          rejected += 1;
          const { offset } = syntaxErrorOf(text);
          expect(offset).toBeLessThanOrEqual(encoder.encode(text).length);
          return;
        }
        accepted += 1;
        const { tree, faults } = parseTree(encoder.encode(text));
        if (faults.length === 0) expect(tree).toEqual(platform.value);
      }),
      { numRuns: 1_000 },
    );
    // Neither side may be an accident of the generator.
    expect(Math.min(accepted, rejected)).toBeGreaterThan(200);
  });

  it('a text cut short is wrong at its end, or where the escape or word begins that is cut', () => {
    const closed = jsonText.filter((text) => /^[[{"]/.test(text));
    fc.assert(
      fc.property(closed, fc.nat(), (text, at) => {
        const bytes = encoder.encode(text);
        const cut = at % bytes.length;
        const { offset } = syntaxErrorOf(bytes.subarray(0, cut));
        expect(offset).toBeLessThanOrEqual(cut);
        expect(cut - offset).toBeLessThanOrEqual('\\u000'.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('trees', () => {
  it('__proto__ is plain data', () => {
    const { tree, faults } = parseTree(encoder.encode('{"__proto__":{"a":1},"b":{"__proto__":null}}'));
    expect(faults).toEqual([]);
    expect(Object.keys(tree as object)).toEqual(['__proto__', 'b']);
    expect(Object.getPrototypeOf(tree)).toBe(Object.prototype);
    expect(JSON.stringify(tree)).toBe('{"__proto__":{"a":1},"b":{"__proto__":null}}');
    const object = {};
    setMember(object, '__proto__', 7);
    expect(Object.entries(object)).toEqual([['__proto__', 7]]);
    expect(Object.getOwnPropertyDescriptor(object, '__proto__')).toEqual(
      Object.getOwnPropertyDescriptor({ a: 7 }, 'a'),
    );
  });

  it('names of Object.prototype are no duplicates', () => {
    expect(faultsOf('{"constructor":1,"toString":2,"hasOwnProperty":3}')).toEqual([]);
  });

  it.each<[string, string, unknown, [string, string, number, string][]]>([
    ['a member twice', '{"a":1,"a":2}', { a: 1 }, [['duplicate', '/a', 7, '"a"']]],
    [
      'a member three times',
      '{"a":1,"a":2,"a":3}',
      { a: 1 },
      [
        ['duplicate', '/a', 7, '"a"'],
        ['duplicate', '/a', 13, '"a"'],
      ],
    ],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}', { a: 1 }, [['duplicate', '/a', 7, '"\\u0061"']]],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', setProto(1), [['duplicate', '/__proto__', 15, '"__proto__"']]],
    [
      'the second value is read all the same',
      '{"a":[],"a":[1.5,{"b":-0}]}',
      { a: [] },
      [
        ['duplicate', '/a', 8, '"a"'],
        ['number', '/a/0', 13, '1.5'],
        ['negative zero', '/a/1/b', 22, '-0'],
      ],
    ],
    ['one name in two objects', '[{"a":1},{"a":{"a":2}}]', [{ a: 1 }, { a: { a: 2 } }], []],
    ['a float', '{"a":[0,1.0]}', { a: [0, INVALID] }, [['number', '/a/1', 8, '1.0']]],
    ['an exponent', '1e3', INVALID, [['number', '', 0, '1e3']]],
    ['2^53', '[9007199254740992]', [INVALID], [['number', '/0', 1, '9007199254740992']]],
    ['-2^53', '[-9007199254740992]', [INVALID], [['number', '/0', 1, '-9007199254740992']]],
    ['negative zero', '[-0]', [-0], [['negative zero', '/0', 1, '-0']]],
    ['negative zero as a float', '[-0.0]', [INVALID], [['number', '/0', 1, '-0.0']]],
    ['a lone high surrogate', '["\\ud800"]', [INVALID], [['surrogate', '/0', 1, '"\\ud800"']]],
    ['a lone low surrogate', '["a\\uDC00b"]', [INVALID], [['surrogate', '/0', 1, '"a\\uDC00b"']]],
    ['a pair in escapes', '["\\ud83d\\ude00"]', ['\u{1f600}'], []],
    [
      'a lone surrogate in a name: at its object',
      '{"a":{"\\ud800":1}}',
      { a: {} },
      [['surrogate', '/a', 6, '"\\ud800"']],
    ],
    [
      'pointers escape ~ and /',
      '{"a/b":{"~":{"~1":[1.5]}}}',
      { 'a/b': { '~': { '~1': [INVALID] } } },
      [['number', '/a~1b/~0/~01/0', 19, '1.5']],
    ],
    ['the empty name', '{"":{"":0.5}}', { '': { '': INVALID } }, [['number', '//', 8, '0.5']]],
    [
      'offsets count bytes',
      '{"\u00e9":1,"\u{1f600}":0.5}',
      { '\u00e9': 1, '\u{1f600}': INVALID },
      [['number', '/\u{1f600}', 15, '0.5']],
    ],
    [
      'faults in document order, whatever the names',
      '{"b":0.1,"a":[0.2,{"b":0.3}],"a":0.4}',
      { b: INVALID, a: [INVALID, { b: INVALID }] },
      [
        ['number', '/b', 5, '0.1'],
        ['number', '/a/0', 14, '0.2'],
        ['number', '/a/1/b', 23, '0.3'],
        ['duplicate', '/a', 29, '"a"'],
        ['number', '/a', 33, '0.4'],
      ],
    ],
  ])('%s', (_, text, tree, faults) => {
    expect(parseTree(encoder.encode(text)).tree).toStrictEqual(tree);
    expect(faultsOf(text)).toEqual(faults);
  });

  it('reads the one value that the current token begins', () => {
    const tokens = new JsonTokenizer(encoder.encode('[{"a":[1]},2]'));
    tokens.next();
    tokens.next();
    const faults: TreeFault[] = [];
    expect(readTree(tokens, (each) => faults.push(each))).toEqual({ a: [1] });
    expect(tokens.raw()).toBe('}');
    expect(tokens.next()).toBe('number');
    expect(faults).toEqual([]);
  });
});

function setProto(value: number): object {
  const object = {};
  setMember(object, '__proto__', value);
  return object;
}

it('objects are told from arrays at every depth', () => {
  const text = '{"a":['.repeat(70) + ']}'.repeat(70);
  expect(tokensOf(text)).toHaveLength(5 * 70);
  expect(syntaxErrorOf('{"a":'.repeat(100)).message).toBe('the text ends early');
  expect(syntaxErrorOf('').message).toBe('there is nothing in it');
});

describe('parseDocument', () => {
  it('reads what parseTree reads', () => {
    expect(parseDocument(encoder.encode('{"\u00e9":[1]}'))).toEqual({ tree: { '\u00e9': [1] }, faults: [] });
  });

  it('says where a text is no UTF-8, before it looks for JSON', () => {
    expect(() => parseDocument(Uint8Array.of(0x7b, 0x2c, 0xc0))).toThrow(
      expect.objectContaining({ name: 'JsonSyntaxError', message: 'the text is not UTF-8', offset: 2 }),
    );
    expect(() => parseDocument(Uint8Array.of(0xff))).toThrow(
      expect.objectContaining({ name: 'JsonSyntaxError', message: 'the text is not UTF-8', offset: 0 }),
    );
  });
});

describe('depth', () => {
  it('containers below the limit are reported and left empty', () => {
    expect(parseTree(encoder.encode('[[[1]]]'), 3).tree).toEqual([[[1]]]);
    expect(faultsOf('[[[1]]]', 3)).toEqual([]);
    expect(parseTree(encoder.encode('[0,[[1]],{"a":{"b":1.5}}]'), 2).tree).toEqual([0, [[]], { a: {} }]);
    expect(faultsOf('[0,[[1]],{"a":{"b":1.5}}]', 2)).toEqual([
      ['depth', '/1/0', 4, '['],
      ['depth', '/2/a', 14, '{'],
    ]);
  });

  it('what lies too deep is still held to the grammar', () => {
    expect(syntaxErrorOf(`${'['.repeat(70)}1,]`).offset).toBe(72);
  });

  it('keeps 64 levels when nothing is said', () => {
    expect(faultsOf('['.repeat(64) + ']'.repeat(64))).toEqual([]);
    expect(faultsOf('['.repeat(65) + ']'.repeat(65))).toEqual([['depth', '/0'.repeat(64), 64, '[']]);
  });

  const million = 1_000_000;

  it('1,000,000 arrays are one fault', () => {
    expect(faultsOf('['.repeat(million) + ']'.repeat(million))).toEqual([['depth', '/0'.repeat(64), 64, '[']]);
  });

  it('1,000,000 objects are one fault', () => {
    expect(faultsOf(`${'{"a":'.repeat(million)}0${'}'.repeat(million)}`)).toEqual([
      ['depth', '/a'.repeat(64), 5 * 64, '{'],
    ]);
  });

  it('1,000,000 open containers without an end are a syntax error there', () => {
    expect(syntaxErrorOf('['.repeat(million)).offset).toBe(million);
    expect(syntaxErrorOf('[{"a":'.repeat(million)).offset).toBe(6 * million);
  });
});

describe('what a diagnostic says of a fault', () => {
  it.each<[TreeFault['kind'], string, object]>([
    ['duplicate', '"a"', { what: 'a member name stands twice in one object', actual: '"a"' }],
    [
      'number',
      '1.50',
      {
        what: 'not a number that the header can hold',
        expected: 'an integer within +-(2^53 - 1)',
        actual: '1.50',
        hint: 'store a smaller or scaled integer, or a string',
      },
    ],
    ['negative zero', '-0', { what: 'not a number that the header can hold', expected: '0', actual: '-0' }],
    ['surrogate', '"\\ud800"', { what: 'a string holds a lone surrogate', actual: '"\\ud800"' }],
    ['depth', '[', { what: 'nested too deep' }],
    [
      'number',
      '1'.repeat(81),
      {
        what: 'not a number that the header can hold',
        expected: 'an integer within +-(2^53 - 1)',
        actual: `${'1'.repeat(80)}...`,
        hint: 'store a smaller or scaled integer, or a string',
      },
    ],
    [
      'surrogate',
      '"\\ud800\u009b\u202e"',
      { what: 'a string holds a lone surrogate', actual: '"\\ud800\\u009b\\u202e"' },
    ],
  ])('%s: %s', (kind, text, parts) => {
    const described = describeTreeFault({ kind, text, pointer: '', offset: 0 });
    expect(JSON.parse(JSON.stringify({ ...described, ...texts(described) }))).toEqual(parts);
  });
});

/** Phrases as their text. */
function texts({ expected, actual }: { expected?: unknown; actual?: unknown }): object {
  return {
    ...(expected !== undefined && { expected: String(expected) }),
    ...(actual !== undefined && { actual: String(actual) }),
  };
}
