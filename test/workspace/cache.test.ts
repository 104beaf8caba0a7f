/** The cache by itself: room, keys, and that it never stands in the way. */
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeFileSystem } from '../../src/host/fs.js';
import { Cache, cacheKey } from '../../src/workspace/cache.js';
import { temporaryFolders } from '../support/packing.js';

const newFolder = temporaryFolders();
const bank = (size: number) => ({ payload: new Uint8Array(size), decodedSize: size, metadata: {}, warnings: [] });
const key = (digit: string) => digit.repeat(64);

it('removes the oldest of what was not used, down to its limit', async () => {
  const folder = newFolder();
  const path = (name: string) => join(folder, 'v1', name);
  const before = new Cache(nodeFileSystem, folder, 'use');
  for (const digit of ['1', '2', '3', '4']) await before.store(key(digit), bank(1_000));
  for (const [i, digit] of ['2', '1', '3', '4'].entries()) utimesSync(path(key(digit)), i, i);
  writeFileSync(path('.0123456789abcdef'), 'left by a killed build');
  writeFileSync(path('notes.txt'), 'not ours');
  const now = new Cache(nodeFileSystem, folder, 'use');
  await now.find(key('2'));
  await now.store(key('5'), bank(10));
  await now.find(key('5'));
  await now.prune(1_500);
  expect(readdirSync(join(folder, 'v1')).sort()).toEqual([key('2'), key('4'), key('5'), 'notes.txt']);
});

it('is not touched where it is not to be used', async () => {
  const folder = newFolder();
  for (const use of ['off', 'read'] as const) {
    const cache = new Cache(nodeFileSystem, folder, use);
    await cache.store(key('1'), bank(1));
    expect(await cache.find(key('1'))).toBeUndefined();
    await cache.prune(0);
  }
  expect(existsSync(join(folder, 'v1'))).toBe(false);
});

it('tells apart what gives other bytes', () => {
  const file = (digest: string) => ({ role: 'tiles', path: 'a.png', file: { digest } });
  const encoder = { format: 'GLYPH/indexed_v1', version: 1 };
  const subject = { encoder, build: undefined, metadata: {}, inputs: [file('sha256:a'), file('sha256:b')] };
  const keys = [
    subject,
    { ...subject, encoder: { ...encoder, version: 2 } },
    { ...subject, encoder: { ...encoder, format: 'OTHER' } },
    { ...subject, metadata: { a: 1 } },
    { ...subject, inputs: subject.inputs.toReversed() },
    { ...subject, inputs: [file('sha256:a')] },
    { ...subject, inputs: subject.inputs.map((each) => ({ ...each, path: 'b.png' })) },
    { ...subject, inputs: subject.inputs.map((each) => ({ ...each, role: 'palettes' })) },
  ].map(cacheKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(cacheKey({ ...subject, inputs: [...subject.inputs] })).toBe(keys[0]);
});
