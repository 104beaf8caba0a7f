import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInvalidUtf8, textAt, utf8Length } from '../../src/codec/utf8.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the platform says: the longest prefix that is whole, which ends where the first ill-formed sequence begins. A
 * prefix that cuts a sequence is not whole, so the longest whole one is looked for.
 */
function firstInvalidByPlatform(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  let longest = 0;
  for (let end = 1; end < bytes.length; end += 1) {
    if (isUtf8(bytes.subarray(0, end))) longest = end;
  }
  return longest;
}

/** Bytes at which some rule of RFC 3629 changes. */
const EDGES = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
  0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff,
];

describe('firstInvalidUtf8', () => {
  it.each<[string, number[], number]>([
    ['nothing', [], -1],
    ['ASCII', [0x00, 0x41, 0x7f], -1],
    ['the first and last of two bytes', [0xc2, 0x80, 0xdf, 0xbf], -1],
    ['the first and last of three bytes', [0xe0, 0xa0, 0x80, 0xef, 0xbf, 0xbf], -1],
    ['the first and last of four bytes', [0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf], -1],
    ['around the surrogates', [0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80], -1],
    ['a byte-order mark is UTF-8', [0xef, 0xbb, 0xbf], -1],
    ['a continuation alone', [0x41, 0x80], 1],
    ['overlong, two bytes: C0', [0x41, 0xc0, 0x80], 1],
    ['overlong, two bytes: C1', [0x41, 0xc1, 0xbf], 1],
    ['overlong, three bytes', [0x41, 0xe0, 0x9f, 0xbf], 1],
    ['overlong, four bytes', [0x41, 0xf0, 0x8f, 0xbf, 0xbf], 1],
    ['the first surrogate', [0x41, 0xed, 0xa0, 0x80], 1],
    ['the last surrogate', [0x41, 0xed, 0xbf, 0xbf], 1],
    ['an encoded pair', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], 0],
    ['above U+10FFFF', [0x41, 0xf4, 0x90, 0x80, 0x80], 1],
    ['a lead that UTF-8 does not have', [0x41, 0x42, 0xf5, 0x80, 0x80, 0x80], 2],
    ['truncated: one of two', [0x41, 0xc3], 1],
    ['truncated: one of three', [0x41, 0xe2], 1],
    ['truncated: two of three', [0x41, 0xe2, 0x82], 1],
    ['truncated: one of four', [0x41, 0xf0], 1],
    ['truncated: two of four', [0x41, 0xf0, 0x9f], 1],
    ['truncated: three of four', [0x41, 0xf0, 0x9f, 0x98], 1],
    ['cut off by ASCII', [0xe2, 0x82, 0x41], 0],
    ['cut off by the next lead', [0xc3, 0xa9, 0xe2, 0x82, 0xc3, 0xa9], 2],
    ['the first of two faults', [0x41, 0xff, 0x41, 0xfe], 1],
  ])('%s', (_, bytes, expected) => {
    expect(firstInvalidUtf8(Uint8Array.from(bytes))).toBe(expected);
    expect(firstInvalidByPlatform(Uint8Array.from(bytes))).toBe(expected);
  });

  it('agrees with TextDecoder on all sequences of up to two bytes', () => {
    const wrong: number[][] = [];
    for (let a = 0; a < 256; a += 1) {
      if (firstInvalidUtf8(Uint8Array.of(a)) !== firstInvalidByPlatform(Uint8Array.of(a))) wrong.push([a]);
      for (let b = 0; b < 256; b += 1) {
        const bytes = Uint8Array.of(a, b);
        if (firstInvalidUtf8(bytes) !== firstInvalidByPlatform(bytes)) wrong.push([a, b]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('agrees with TextDecoder on three and four bytes at every boundary', () => {
    const wrong: number[][] = [];
    for (const a of EDGES) {
      for (const b of EDGES) {
        for (const c of EDGES) {
          const three = Uint8Array.of(a, b, c);
          if (firstInvalidUtf8(three) !== firstInvalidByPlatform(three)) wrong.push([a, b, c]);
          for (const d of [0x00, 0x7f, 0x80, 0xbf, 0xc0]) {
            const four = Uint8Array.of(a, b, c, d);
            if ((firstInvalidUtf8(four) === -1) !== isUtf8(four)) wrong.push([a, b, c, d]);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('finds one byte that is not ASCII anywhere in a long text', () => {
    const memory = new Uint8Array(200);
    for (const [offset, length] of [
      [0, 70],
      [3, 130],
      [1, 199],
    ] as const) {
      const text = memory.subarray(offset, offset + length).fill(0x41);
      expect(firstInvalidUtf8(text)).toBe(-1);
      for (let i = 0; i < length; i += 1) {
        text[i] = 0x80;
        expect(firstInvalidUtf8(text)).toBe(i);
        text[i] = 0x41;
      }
    }
  });

  it('agrees with TextDecoder on random bytes', () => {
    const byte = fc.oneof(fc.constantFrom(...EDGES), fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 24 }), (bytes) => {
        expect(firstInvalidUtf8(Uint8Array.from(bytes))).toBe(firstInvalidByPlatform(Uint8Array.from(bytes)));
      }),
      { numRuns: 500 },
    );
  });

  it('finds one broken byte in right text', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.nat(255),
        (text, at, byte) => {
          const bytes = encoder.encode(text);
          expect(firstInvalidUtf8(bytes)).toBe(-1);
          bytes[at % bytes.length] = byte;
          expect(firstInvalidUtf8(bytes)).toBe(firstInvalidByPlatform(bytes));
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('utf8Length', () => {
  it.each([
    ['', 0],
    ['\u007f', 1],
    ['\u0080', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\ud7ff', 3],
    ['\ue000', 3],
    ['\uffff', 3],
    ['\u{10000}', 4],
    ['\u{10ffff}', 4],
    ['a\u00e9\u20ac\u{1f600}', 10],
  ])('%j takes %i bytes', (text, length) => {
    expect(utf8Length(text)).toBe(length);
    expect(new TextEncoder().encode(text)).toHaveLength(length);
  });

  it('agrees with TextEncoder on well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});

describe('textAt', () => {
  const bytes = new TextEncoder().encode('a\u{1f600}\u20ac\u00e9z');

  it.each([
    [0, 'a\u{1f600}\u20ac\u00e9z'],
    [1, '\u{1f600}\u20ac\u00e9z'],
    [2, '\u{1f600}\u20ac\u00e9z'],
    [4, '\u{1f600}\u20ac\u00e9z'],
    [5, '\u20ac\u00e9z'],
    [7, '\u20ac\u00e9z'],
    [8, '\u00e9z'],
    [9, '\u00e9z'],
    [10, 'z'],
    [11, undefined],
  ])('from byte %i on, with the whole of its character', (at, text) => {
    expect(textAt(bytes, at)).toBe(text);
  });

  it('looks back no further than a character is long', () => {
    expect(textAt(Uint8Array.of(0x61, 0x80, 0x80, 0x80, 0x80, 0x80), 5)).toBe('\ufffd'.repeat(4));
    expect(textAt(Uint8Array.of(0x80, 0x80), 1)).toBe('\ufffd\ufffd');
  });

  it('ends after some characters', () => {
    expect(textAt(new TextEncoder().encode('x'.repeat(100)), 10)).toBe('x'.repeat(24));
  });
});
