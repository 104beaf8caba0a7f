/** How files are cut into runs: every byte in one, none longer than a block but for files that are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_SIZE } from '../../src/host/threads/blocks.js';
import { runsOf } from '../../src/host/threads/runs.js';

const PART = 128 * BLOCK_SIZE;

/** Files one behind the other, each after some padding. */
function placed(position: number, files: readonly { padding: number; size: number }[]): number[] {
  const starts: number[] = [];
  let at = position;
  for (const { padding, size } of files) {
    starts.push(at + padding);
    at += padding + size;
  }
  return starts;
}

function runs(position: number, files: readonly { padding: number; size: number }[]) {
  return [...runsOf(position, files, placed(position, files))];
}

describe('a run', () => {
  it.each([
    [
      'files that fit into a block',
      [BLOCK_SIZE - 2, 2, 1],
      [
        [0, 0, 2, 1, false],
        [BLOCK_SIZE, 2, 3, 1, false],
      ],
    ],
    ['a file of a block', [BLOCK_SIZE], [[0, 0, 1, 1, false]]],
    [
      'a file of a byte more',
      [BLOCK_SIZE + 1, 5],
      [
        [0, 0, 1, 2, true],
        [BLOCK_SIZE + 1, 1, 2, 1, false],
      ],
    ],
    [
      'a file of a part and a byte',
      [PART + 1],
      [
        [0, 0, 1, 128, true],
        [PART, 0, 1, 1, true],
      ],
    ],
    ['empty files', [0, 0], [[0, 0, 2, 1, false]]],
    ['no file', [], []],
  ] as const)('%s', (_, sizes, expected) => {
    const found = runs(
      0,
      sizes.map((size) => ({ padding: 0, size })),
    );
    expect(found.map(({ position, first, end, blocks, isPart }) => [position, first, end, blocks, isPart])).toEqual(
      expected,
    );
  });

  it('counts the padding before a file', () => {
    const found = runs(100, [{ padding: 65_535, size: BLOCK_SIZE - 65_534 }]);
    expect(found).toEqual([{ position: 100, first: 0, end: 1, blocks: 2, isPart: true }]);
  });

  const file = fc.record({
    padding: fc.integer({ min: 0, max: 65_535 }),
    size: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 3 * BLOCK_SIZE }), fc.constant(PART)),
  });

  it('follows the one before it, and all files are in them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.array(file), (position, files) => {
        const starts = placed(position, files);
        const endOf = (i: number) => (starts[i] as number) + (files[i]?.size as number);
        const found = runs(position, files);
        let [at, next] = [position, 0];
        for (const { position: start, first, end, blocks, isPart } of found) {
          expect([start, first]).toEqual([at, next]);
          const last = endOf(end - 1);
          at = isPart ? Math.min(start + blocks * BLOCK_SIZE, last) : last;
          expect(Math.ceil((at - start) / BLOCK_SIZE) || 1).toBe(blocks);
          next = at === last ? end : first;
        }
        expect(next).toBe(files.length);
      }),
    );
  });
});
