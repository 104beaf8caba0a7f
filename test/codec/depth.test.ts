import { describe, expect, it } from 'vitest';
import { nestsDeeper } from '../../src/codec/depth.js';

const encoder = new TextEncoder();

describe('nestsDeeper', () => {
  it.each<[string, string, number]>([
    ['nothing', '', 0],
    ['a value without brackets', '12', 0],
    ['an array', '[1,2]', 1],
    ['an object', '{"a":1}', 1],
    ['an array in an object in an array', '[{"a":[]}]', 3],
    ['containers beside each other', '[[],{},[],{}]', 2],
    ['the deepest is not the last', '[[[]],[]]', 3],
    ['brackets that nobody closes', '[{[{', 4],
    ['brackets in a string', '["[[{{", 1]', 1],
    ['brackets in a name', '{"[[[":1}', 1],
    ['closing brackets in a string', '["]]]}}}",[]]', 2],
    ['brackets after a string', '["a",[{}]]', 3],
    ['brackets at once after a string', '{"a"[[', 3],
    ['an empty string at the very beginning', '""[[]]', 2],
    ['an escaped quote', '["\\"[[[",1]', 1],
    ['an escaped backslash before the end of a string', '["\\\\",[[]]]', 3],
    ['an escaped backslash and an escaped quote', '["\\\\\\"[[[[",[]]', 2],
    ['two escaped backslashes', '["\\\\\\\\",[]]', 2],
    ['more escaped quotes than one', '["\\"[\\"[\\"[",[]]', 2],
    ['a string that does not end', '["[[[[', 1],
    ['a string whose last quote is escaped', '["[[[\\"', 1],
    ['a string that only begins', '[[]]"', 2],
  ])('%s', (_, text, levels) => {
    const bytes = encoder.encode(text);
    expect(nestsDeeper(bytes, levels)).toBe(false);
    expect(levels === 0 || nestsDeeper(bytes, levels - 1)).toBe(true);
  });
});
