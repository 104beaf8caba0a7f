import { describe, expect, it } from 'vitest';
import { locatePointers } from '../../src/codec/locate.js';

/** What stands at each pointer that was found. */
function found(text: string, ...pointers: string[]): Record<string, string | undefined> {
  const places = locatePointers(new TextEncoder().encode(text), pointers);
  return Object.fromEntries([...places].map(([pointer, at]) => [pointer, /[\w{["]+/.exec(text.slice(at))?.[0]]));
}

describe('locatePointers', () => {
  it('finds values in objects and arrays, the whole included', () => {
    const text = '{"a": [10, {"b": 11}], "c": {"d": 12}}';
    expect(found(text, '', '/a/0', '/a/1/b', '/c/d')).toEqual({
      '': '{"a"',
      '/a/0': '10',
      '/a/1/b': '11',
      '/c/d': '12',
    });
  });

  it('finds escaped names', () => {
    expect(found('{"a/b": 1, "c~d": 2, "\\u0065": 3}', '/a~1b', '/c~0d', '/e')).toEqual({
      '/a~1b': '1',
      '/c~0d': '2',
      '/e': '3',
    });
  });

  it('leaves out what is not there, and finds what comes after it', () => {
    expect(found('{"a": 1, "c": 2}', '/a/b', '/c')).toEqual({ '/c': '2' });
    expect(found('[1, 2, [3]]', '/0/0', '/1/x', '/2/0', '/3')).toEqual({ '/2/0': '3' });
    expect(found('{"a": {"x": [1]}, "c": {}}', '/a/b', '/c')).toEqual({ '/c': '{' });
  });

  it('of a repeated member finds the first', () => {
    expect(found('{"a": 1, "a": 2}', '/a')).toEqual({ '/a': '1' });
  });
});
