import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalChunks,
  canonicalText,
  measuredText,
  type Writing,
  writeDocument,
  writeList,
} from '../../src/codec/canonical.js';
import { CanonicalWriter } from '../../src/codec/canonical-writer.js';
import { chunksLength, encodeChunks, joinChunks } from '../../src/codec/chunks.js';
import { runSteps } from '../../src/codec/steps.js';
import type { JsonObject, JsonValue } from '../../src/format.js';
import { parseJson } from '../reference-reader/json.ts';
import { canonicalText as referenceText } from '../reference-reader/strict-text.ts';
import { freeObject, legalValue } from '../support/arbitraries.js';
import { failureOf } from '../support/diagnostics.js';

const MAX = Number.MAX_SAFE_INTEGER;

/** A value `levels` containers deep, the outermost counted. */
function nested(levels: number, wrap: (inner: JsonValue) => JsonValue): JsonValue {
  let value: JsonValue = 0;
  for (let i = 0; i < levels; i += 1) value = wrap(value);
  return value;
}

describe('values', () => {
  it.each<[JsonValue, string]>([
    [null, 'null'],
    [true, 'true'],
    [false, 'false'],
    ['', '""'],
    [[], '[]'],
    [{}, '{}'],
    [[3, 1, [2], {}], '[3,1,[2],{}]'],
    [{ b: [true, null], a: { d: 'x', c: -1 } }, '{"a":{"c":-1,"d":"x"},"b":[true,null]}'],
    [Object.assign(Object.create(null), { b: 1, a: 2 }), '{"a":2,"b":1}'],
  ])('%j is %s', (value, text) => {
    expect(canonicalText(value)).toBe(text);
  });
});

describe('member order (H3): by UTF-16 code units', () => {
  it.each<[string, string[]]>([
    ['the empty name first', ['', ' ', 'a']],
    ['digits, capitals, underscore, small letters', ['0', '9', 'A', 'Z', '_', 'a', 'z']],
    ['a prefix before what it begins', ['a', 'a\u0000', 'aa', 'ab', 'b']],
    ['integer-like names as text, not by their number', ['-1', '0', '01', '1', '10', '100', '2', '9', 'a']],
    ['no locale: o umlaut after z', ['o', 'z', '\u00d6', '\u00f6']],
    ['no normalization: two spellings are two names', ['e\u0301', '\u00e9']],
    ['U+10000 before U+E000, though its bytes and code point are greater', ['\ud7ff', '\u{10000}', '\ue000', '\uffff']],
    ['two astral names by their low surrogates', ['\u{1f600}', '\u{1f601}', '\u{10ffff}', '\uff00']],
    ['__proto__ is plain data', ['__proto', '__proto__', '__proto___', 'constructor']],
    // RFC 8785, section 3.2.3
    ['the example of RFC 8785', ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']],
  ])('%s', (_, names) => {
    const text = `{${names.map((name, i) => `${JSON.stringify(name)}:${i}`).join(',')}}`;
    const entries = names.map((name, i) => [name, i] as const);
    expect(canonicalText(Object.fromEntries(entries))).toBe(text);
    expect(canonicalText(Object.fromEntries(entries.toReversed()))).toBe(text);
  });

  it('differs from the order of bytes', () => {
    const names = ['\ue000', '\u{10000}'];
    const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(byBytes).toEqual(['\ue000', '\u{10000}']);
    expect(canonicalText({ '\ue000': 1, '\u{10000}': 2 })).toBe('{"\u{10000}":2,"\ue000":1}');
  });

  it('sorts at every depth', () => {
    expect(canonicalText([{ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 0 }])).toBe(
      '[{"a":0,"b":{"c":[{"e":2,"f":1}],"d":1}}]',
    );
  });

  it('__proto__ holds any value, and changes no prototype', () => {
    const value = JSON.parse('{"b":1,"__proto__":{"z":1,"a":{"__proto__":null}}}') as JsonObject;
    expect(canonicalText(value)).toBe('{"__proto__":{"a":{"__proto__":null},"z":1},"b":1}');
  });
});

describe('strings (H3)', () => {
  const short = new Map([
    [0x08, '\\b'],
    [0x09, '\\t'],
    [0x0a, '\\n'],
    [0x0c, '\\f'],
    [0x0d, '\\r'],
    [0x22, '\\"'],
    [0x5c, '\\\\'],
  ]);

  it('escapes quote, backslash and control characters, and nothing else of Latin-1', () => {
    for (let unit = 0; unit < 0x100; unit += 1) {
      const c = String.fromCharCode(unit);
      const control = unit < 0x20 ? `\\u00${unit.toString(16).padStart(2, '0')}` : c;
      expect(canonicalText(c)).toBe(`"${short.get(unit) ?? control}"`);
    }
  });

  it.each<[string, string]>([
    ['\u001f', '"\\u001f"'],
    ['\u001a\u001b', '"\\u001a\\u001b"'],
    ['\u007f', '"\u007f"'],
    ['\u009b', '"\u009b"'],
    ['\u2028\u2029', '"\u2028\u2029"'],
    ['\ufeff', '"\ufeff"'],
    ['\ufffe\uffff', '"\ufffe\uffff"'],
    ['/', '"/"'],
    ["<>&'", '"<>&\'"'],
    ['\u00e9e\u0301', '"\u00e9e\u0301"'],
    ['\u{1f600}', '"\u{1f600}"'],
    ['a"\u{1f600}\n', '"a\\"\u{1f600}\\n"'],
  ])('%j', (text, canonical) => {
    expect(canonicalText(text)).toBe(canonical);
    expect(canonicalText({ [text]: text })).toBe(`{${canonical}:${canonical}}`);
  });

  it.each<[string, string]>([
    ['a high half', '\ud800'],
    ['a low half', '\udc00'],
    ['halves the wrong way round', '\udc00\ud800'],
    ['a half after a pair', '\u{1f600}\ud83d'],
    ['a half beside an escape', '\n\ud83d'],
  ])('a lone surrogate is an error: %s', (_, text) => {
    for (const value of [text, [text], { [text]: 1 }, { a: text }]) {
      const { code, diagnostics } = failureOf(() => canonicalText(value));
      expect(code).toBe('HEADER_STRING');
      expect(diagnostics.map(({ message }) => message)).toEqual(['a string holds a lone surrogate']);
    }
  });
});

describe('numbers (H4)', () => {
  it.each<[number | bigint, string]>([
    [0, '0'],
    [-0, '0'],
    [0n, '0'],
    [1, '1'],
    [-1, '-1'],
    [-1n, '-1'],
    [1e15, '1000000000000000'],
    [MAX, '9007199254740991'],
    [-MAX, '-9007199254740991'],
    [BigInt(MAX), '9007199254740991'],
    [-BigInt(MAX), '-9007199254740991'],
  ])('%s', (value, text) => {
    expect(canonicalText(value)).toBe(text);
    expect(canonicalText([value])).toBe(`[${text}]`);
  });

  it.each<[number | bigint, string]>([
    [MAX + 1, '9007199254740992'],
    [-MAX - 1, '-9007199254740992'],
    [2n ** 53n, '9007199254740992'],
    [-(2n ** 53n), '-9007199254740992'],
    [2n ** 2_000n, `${2n ** 2_000n}`],
    [0.5, '0.5'],
    [-1.5, '-1.5'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('not %s', (value, shown) => {
    const { code, diagnostics } = failureOf(() => canonicalText({ a: [value] }));
    expect(code).toBe('HEADER_NUMBER');
    expect(diagnostics[0]?.message).toBe(
      `not a number that the header can hold: expected an integer within +-(2^53 - 1), got ${shown}`,
    );
  });
});

describe('depth (H6)', () => {
  const wraps: [string, (inner: JsonValue) => JsonValue, string, string][] = [
    ['arrays', (inner) => [inner], '[', ']'],
    ['objects', (inner) => ({ a: inner }), '{"a":', '}'],
  ];

  it.each(wraps)('%s: the value is level 0, level 32 is legal', (_, wrap, open, close) => {
    expect(canonicalText(nested(33, wrap))).toBe(`${open.repeat(33)}0${close.repeat(33)}`);
  });

  it.each(wraps)('%s: level 33 is not', (_, wrap) => {
    const { code, diagnostics } = failureOf(() => canonicalText(nested(34, wrap)));
    expect(code).toBe('HEADER_TOO_DEEP');
    expect(diagnostics.map(({ message, clause }) => [message, clause])).toEqual([['nesting passes level 32', 'H6']]);
  });

  it('an empty container counts', () => {
    expect(() => canonicalText(nested(33, (inner) => (inner === 0 ? [] : [inner])))).not.toThrow();
    expect(failureOf(() => canonicalText(nested(34, (inner) => (inner === 0 ? {} : [inner])))).code).toBe(
      'HEADER_TOO_DEEP',
    );
  });

  it('a value that begins at level 1 has one level less', () => {
    const wrap = (inner: JsonValue) => [inner];
    expect(() => canonicalText(nested(32, wrap), 1)).not.toThrow();
    expect(failureOf(() => canonicalText(nested(33, wrap), 1)).code).toBe('HEADER_TOO_DEEP');
  });

  it('a cycle ends', () => {
    const cycle: JsonValue[] = [];
    cycle.push(cycle);
    expect(failureOf(() => canonicalText(cycle)).code).toBe('HEADER_TOO_DEEP');
  });
});

describe('what is no JSON value is a TypeError', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a hole', new Array(1)],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['bytes', Uint8Array.of(7)],
    ['a boxed string', Object('x')],
  ])('%s', (_, value) => {
    for (const each of [value, [value], { a: value }]) {
      expect(() => canonicalText(each as JsonValue)).toThrow(TypeError);
    }
  });

  it('says which type it got', () => {
    expect(() => canonicalText({ a: undefined } as unknown as JsonValue)).toThrow(
      new TypeError('no JSON value: [object Undefined]'),
    );
  });
});

describe('properties', () => {
  it('is what JSON reads back as the same value', () => {
    fc.assert(
      fc.property(legalValue, (value) => {
        expect(JSON.parse(canonicalText(value))).toEqual(value);
      }),
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(legalValue, (value) => {
        const text = canonicalText(value);
        expect(canonicalText(JSON.parse(text) as JsonValue)).toBe(text);
      }),
    );
  });

  it('is the same for any order of members', () => {
    const shuffled = freeObject.chain((object) => {
      const entries = Object.entries(object);
      return fc.tuple(
        fc.constant(object),
        fc.shuffledSubarray(entries, { minLength: entries.length }).map((each) => Object.fromEntries(each)),
      );
    });
    fc.assert(
      fc.property(shuffled, ([object, permuted]) => {
        expect(canonicalText(permuted)).toBe(canonicalText(object));
      }),
    );
  });

  it('has members in order and no white space outside strings', () => {
    fc.assert(
      fc.property(freeObject, (object) => {
        const outside = canonicalText(object).replaceAll(/"(?:[^"\\]|\\.)*"/gsu, '""');
        expect(outside).toMatch(/^[[\]{}",:0-9a-z-]*$/);
        const names = Object.keys(object).sort((a, b) => compareUnits(a, b));
        const members = names.map((name) => `${JSON.stringify(name)}:${canonicalText(object[name] as JsonValue, 1)}`);
        expect(canonicalText(object)).toBe(`{${members.join(',')}}`);
      }),
    );
  });
});

/** H3, spelled out: unit by unit, the shorter first. */
function compareUnits(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** What a writing writes, with the pauses passed over. */
function written(write: Writing): string {
  const to = new CanonicalWriter();
  runSteps(write(to));
  return to.toString();
}

describe('documents', () => {
  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['members in another order', { b: 1, a: 2 }],
    ['arrays, and an empty one', { z: [1, [2], { y: 1, x: [] }], e: [] }],
    ['objects in an object', { o: { q: { b: null, a: true } } }],
  ])('are the canonical text: %s', (_, object) => {
    expect(written((to) => writeDocument(to, object))).toBe(canonicalText(object));
  });

  it('pause between the items of an array, whenever 32 KiB are there', () => {
    const items = Array.from({ length: 10 }, (_, i) => `${i}${'x'.repeat(30_000)}`);
    const chunks = [...canonicalChunks((to) => writeDocument(to, { b: 0, a: items }))];
    expect(chunks.map((chunk) => chunk.length)).toEqual([60_013, 60_008, 60_008, 60_008, 60_008, 8]);
    expect(new TextDecoder().decode(joinChunks(chunks))).toBe(JSON.stringify({ a: items, b: 0 }));
  });

  it.each([0, 5])('count levels as the text does, from %i', (level) => {
    const below = (levels: number) => nested(levels, (inner) => [inner]);
    for (const wrap of [(inner: JsonValue) => ({ a: { b: inner } }), (inner: JsonValue) => ({ a: [0, inner] })]) {
      const fits = wrap(below(31 - level)) as JsonObject;
      expect(written((to) => writeDocument(to, fits, level))).toBe(canonicalText(fits, level));
      const { code } = failureOf(() =>
        written((to) => writeDocument(to, wrap(below(32 - level)) as JsonObject, level)),
      );
      expect(code).toBe('HEADER_TOO_DEEP');
    }
  });
});

describe('lists', () => {
  it('close what they iterate over, also when an item cannot be written', () => {
    let closed = 0;
    function* items(): Generator<JsonValue> {
      try {
        yield 1;
        yield 0.5;
      } finally {
        closed += 1;
      }
    }
    const write = (to: CanonicalWriter) => writeList(to, items(), (item) => to.value(item, 0));
    expect(failureOf(() => written(write)).code).toBe('HEADER_NUMBER');
    expect(closed).toBe(1);
  });

  it('know the index of an item in whatever chunk it is', () => {
    const indices: number[] = [];
    const items = Array.from({ length: 9_000 }, (_, i) => i);
    const chunks = [
      ...canonicalChunks((to) =>
        writeList(to, items, (item, index) => {
          indices.push(index);
          to.value([item, 'abc'], 0);
        }),
      ),
    ];
    expect(indices).toEqual(items);
    expect(new TextDecoder().decode(joinChunks(chunks))).toBe(JSON.stringify(items.map((item) => [item, 'abc'])));
  });
});

describe('the writer', () => {
  const decoder = new TextDecoder();

  it('gives bytes that stay as they are when it is used again', () => {
    const to = new CanonicalWriter();
    to.value('first', 0);
    const first = to.take();
    to.value('other', 0);
    expect(decoder.decode(first)).toBe('"first"');
    expect(to.toString()).toBe('"other"');
  });

  it('grows with what is written, wherever its room ends', () => {
    const values: JsonValue[] = [
      123_456_789_012,
      -7,
      'abc',
      '\u00e9\u20ac',
      '"',
      'y'.repeat(65),
      true,
      null,
      [],
      { a: 1 },
    ];
    for (const value of values) {
      for (let room = 0; room < 80; room += 1) {
        const to = new CanonicalWriter(room);
        to.value([value, value], 0);
        expect(to.toString()).toBe(JSON.stringify([value, value]));
      }
    }
  });

  it('holds its own text against any place of an array', () => {
    const bytes = new TextEncoder().encode('0123456789ABCDEF');
    for (let length = 0; length < 10; length += 1) {
      for (let from = 0; from <= 16 - length; from += 1) {
        const to = new CanonicalWriter();
        to.text(bytes.subarray(from, from + length));
        if (from > 0) expect(to.isAt(bytes.subarray(1), from - 1, from - 1 + length)).toBe(true);
        expect(to.isAt(bytes, from, from + length)).toBe(true);
        expect(to.isAt(bytes, from, from + length + 1)).toBe(false);
        for (let i = from; i < from + length; i += 1) {
          const other = bytes.with(i, 0xff);
          expect(to.isAt(other, from, from + length)).toBe(false);
        }
      }
    }
  });

  it('writes every number of digits, and what lies around the ends of their groups', () => {
    for (let power = 1; power <= MAX; power *= 10) {
      for (const number of [power - 1, power, power + 1, 2 * power, MAX - power]) {
        expect(canonicalText(number)).toBe(String(number));
        expect(canonicalText(-number - 1 < -MAX ? 0 : -number - 1)).toBe(String(-number - 1 < -MAX ? 0 : -number - 1));
      }
    }
    fc.assert(fc.property(fc.maxSafeInteger(), (number) => canonicalText(number) === String(number)));
  });

  it('writes strings of any length and any units as RFC 8785 has them', () => {
    const unit = fc.constantFrom(
      'a',
      '"',
      '\\',
      '\n',
      '\u001f',
      '\u007f',
      '\u0080',
      '\u07ff',
      '\u0800',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 70 }), (text) => {
        const to = new CanonicalWriter();
        to.string(text);
        expect(to.take()).toEqual(new TextEncoder().encode(JSON.stringify(text)));
      }),
    );
  });

  it('writes what the reference reader holds for canonical', () => {
    fc.assert(
      fc.property(legalValue, (value) => {
        const { root } = parseJson(new TextEncoder().encode(JSON.stringify(value)));
        expect(canonicalText(value)).toBe(referenceText(root));
      }),
    );
  });
});

describe('measured text', () => {
  const write: Writing = (to) => writeList(to, Array(20).fill('x'.repeat(9_998)), (item) => to.value(item, 0));

  it.each([
    ['kept where it is short enough', 200_021, true],
    ['not kept where it is longer', 200_020, false],
  ])('is %s', (_, keptMax, isKept) => {
    const { length, chunks } = runSteps(measuredText(write, keptMax));
    const all = [...canonicalChunks(write)];
    expect(length).toBe(chunksLength(all));
    expect(chunks).toEqual(isKept ? all : undefined);
  });

  it('may be nothing', () => {
    expect(runSteps(measuredText(function* () {}, 0))).toEqual({ length: 0, chunks: [] });
  });
});

describe('chunks', () => {
  it('are the bytes of the joined pieces, none of them empty or much over 32 KiB', () => {
    const pieces = Array.from({ length: 9_000 }, (_, i) => `"\u00e9\u{1f600}${i}",`);
    const chunks = [...encodeChunks(pieces)];
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0);
    for (const chunk of chunks) expect(chunk.length).toBeLessThan(3 * (32_768 + 20));
    const joined = joinChunks(chunks);
    expect(Buffer.compare(joined, Buffer.from(pieces.join('')))).toBe(0);
    expect(chunksLength(chunks)).toBe(joined.length);
  });

  it('of nothing are nothing', () => {
    expect([...encodeChunks([])]).toEqual([]);
    expect([...encodeChunks(['', ''])]).toEqual([]);
    expect(joinChunks([])).toEqual(new Uint8Array(0));
  });
});
