/** Lists that are read a portion at a time: where portions end, and that no portion hides what is wrong with the whole. */
import { describe, expect, it } from 'vitest';
import { CanonicalReader, endOfItems } from '../../src/codec/canonical-reader.js';

const encoder = new TextEncoder();

const FAR = 1_000;

describe('endOfItems', () => {
  it.each<[string, string, number]>([
    ['a value without brackets', '12', 0],
    ['an array', '[1,2]', 1],
    ['an object', '{"a":1}', 1],
    ['an array in an object in an array', '[{"a":[]}]', 3],
    ['containers beside each other', '[[],{},[],{}]', 2],
    ['the deepest is not the last', '[[[]],[]]', 3],
    ['brackets in a string', '["[[{{", 1]', 1],
    ['brackets in a name', '{"[[[":1}', 1],
    ['closing brackets in a string', '["]]]}}}",[]]', 2],
    ['brackets after a string', '["a",[{}]]', 3],
    ['an empty string at the very beginning', '"",[[]]', 2],
    ['an escaped quote', '["\\"[[[",1]', 1],
    ['an escaped backslash before the end of a string', '["\\\\",[[]]]', 3],
    ['an escaped backslash and an escaped quote', '["\\\\\\"[[[[",[]]', 2],
    ['two escaped backslashes', '["\\\\\\\\",[]]', 2],
    ['more escaped quotes than one', '["\\"[\\"[\\"[",[]]', 2],
  ])('goes to the end of the list, but no deeper than it may: %s', (_, text, levels) => {
    const bytes = encoder.encode(`${text}],"rest":[[[[[[]]]]]]`);
    expect(endOfItems(bytes, 0, FAR, levels)).toBe(text.length);
    if (levels > 0) expect(() => endOfItems(bytes, 0, FAR, levels - 1)).toThrow();
  });

  it.each([
    ['nothing', ''],
    ['the bracket of an object', '1,2}]'],
    ['brackets that nobody closes', '[{[{'],
    ['a string that does not end', '"[[]]]'],
    ['a string whose last quote is escaped', '"[[]\\"'],
    ['a string that only begins', '[[]],"'],
  ])('finds no end: %s', (_, text) => {
    expect(() => endOfItems(encoder.encode(text), 0, FAR, FAR)).toThrow();
  });

  it.each([
    ['the first', 0, 3],
    ['one that is passed by less than a byte', 3, 3],
    ['one that follows', 4, 7],
    ['none in a container or a string', 8, 15],
    ['the next', 16, 18],
    ['the end, where no other is far enough', 19, 22],
  ])('stops at a comma between items: %s', (_, least, end) => {
    expect(endOfItems(encoder.encode('100,200,[",",1],"",300]'), 0, least, 1)).toBe(end);
  });
});

/** A list of integers. */
function read(text: string): number[] {
  const reader = new CanonicalReader(encoder.encode(text));
  const items = reader.list(
    0,
    (value) => (typeof value === 'number' ? value : undefined),
    (to, item) => to.integer(item),
  );
  reader.end();
  return items;
}

describe('a list read in portions', () => {
  /** Some 670,000 bytes: more than ten portions. */
  const long = Array.from({ length: 100_000 }, (_, i) => i + 10);

  it.each([
    ['empty', []],
    ['of an item', [7]],
    ['of many portions', long],
  ])('has all items: %s', (_, items) => {
    expect(read(JSON.stringify(items))).toEqual(items);
  });

  it.each([
    ['a comma before the first item', '[,1]'],
    ['a comma after the last item', '[1,]'],
    ['a comma alone', '[,]'],
    ['white space', '[1, 2]'],
    ['another spelling of a number', '[1e1]'],
    ['an item that is wrong', '[1,"2"]'],
    ['no end', '[1,2'],
    ['something behind the end', '[1,2],'],
    ['no list', '{}'],
    ['the bracket of an object for that of the list', '[1,2}'],
    ['nothing', ''],
  ])('is refused: %s', (_, text) => {
    expect(() => read(text)).toThrow();
  });

  it('is refused wherever a comma is too many or an item is missing', () => {
    const text = JSON.stringify(long);
    const commas = [...text.matchAll(/,/g)].map(({ index }) => index);
    for (let i = 0; i < commas.length; i += 997) {
      const at = commas[i] as number;
      expect(() => read(`${text.slice(0, at)},${text.slice(at)}`), `comma ${i}`).toThrow();
      expect(() => read(`${text.slice(0, at)}}${text.slice(at + 1)}`), `comma ${i}`).toThrow();
    }
    // Where portions end is where a check by portions could miss it.
    const end = endOfItems(encoder.encode(text), 1, 65_536, 0);
    expect(text[end]).toBe(',');
    expect(() => read(`${text.slice(0, end)},${text.slice(end)}`)).toThrow();
    for (const other of [';', '}', ']', ' ', ',,', '],', '},', ', ']) {
      expect(() => read(text.slice(0, end) + other + text.slice(end + 1)), other).toThrow();
    }
    expect(() => read(`${text.slice(0, end + 1)}]`)).toThrow();
  });

  it('is refused where its bytes are no UTF-8', () => {
    const bytes = encoder.encode('["a?"]');
    bytes[3] = 0xc3;
    const reader = new CanonicalReader(bytes);
    expect(() => reader.list(0, String, (to, text) => to.string(text))).toThrow(TypeError);
  });
});
