/** The arithmetic of the benchmark suite. */
import { describe, expect, it } from 'vitest';
import { runPairs, runRounds } from '../../bench/suite/pairs.ts';
import { fitLine, pairRatios, summarize } from '../../bench/suite/statistics.ts';
import { judge, judgePair, memoryLimit } from '../../bench/suite/targets.ts';

describe('summarize', () => {
  it('gives median, quartiles and extremes, whatever the order', () => {
    expect(summarize([7, 1, 3, 5, 2, 6, 4])).toEqual({ n: 7, min: 1, q1: 2.5, median: 4, q3: 5.5, max: 7 });
    expect(summarize([2, 1])).toEqual({ n: 2, min: 1, q1: 1.25, median: 1.5, q3: 1.75, max: 2 });
    expect(summarize([9])).toEqual({ n: 1, min: 9, q1: 9, median: 9, q3: 9, max: 9 });
  });

  it('needs a value', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe('pairRatios', () => {
  it('compares each run with its partner', () => {
    expect(pairRatios([1, 2, 4], [2, 2, 2])).toEqual([2, 1, 0.5]);
    expect(() => pairRatios([1], [1, 2])).toThrow(RangeError);
  });
});

describe('fitLine', () => {
  it('finds a fixed cost and a cost per unit', () => {
    const { fixed, perUnit, deviations } = fitLine(
      [1, 10, 100, 1_000].map((count) => ({ count, seconds: 0.1 + count / 50 })),
    );
    expect(fixed).toBeCloseTo(0.1);
    expect(perUnit).toBeCloseTo(0.02);
    for (const deviation of deviations) expect(deviation).toBeCloseTo(0);
  });

  it('shows a cost that grows faster than the work', () => {
    const points = [1, 10, 100, 1_000].map((count) => ({ count, seconds: 0.1 + count ** 1.5 / 50 }));
    expect(Math.max(...fitLine(points).deviations.map(Math.abs))).toBeGreaterThan(0.15);
  });

  it('needs two different sizes', () => {
    expect(() => fitLine([{ count: 1, seconds: 1 }])).toThrow(RangeError);
  });
});

describe('runPairs', () => {
  it('drops the first pair and changes the order from pair to pair', () => {
    const order: string[] = [];
    let runs = 0;
    const side = (name: string) => (isFirst: boolean) => {
      order.push(isFirst ? `${name} (warm-up)` : name);
      runs += 1;
      return runs;
    };
    expect(runPairs(3, side('a'), side('b'))).toEqual({ ours: [4, 5, 8], theirs: [3, 6, 7] });
    expect(order.join(', ')).toBe('a (warm-up), b (warm-up), b, a, a, b, b, a');
  });

  it('does the same with more than two', () => {
    const order: number[] = [];
    const kept = runRounds(
      2,
      [1, 2, 3].map((i) => () => order.push(i)),
    );
    expect(order).toEqual([1, 2, 3, 3, 2, 1, 1, 2, 3]);
    expect(kept).toEqual([
      [6, 7],
      [5, 8],
      [4, 9],
    ]);
  });
});

describe('targets', () => {
  it('lets memory grow with assets beyond 1,000 and with inline bytes', () => {
    const mib = 2 ** 20;
    expect(memoryLimit(1_000, 0)).toBe(96 * mib);
    expect(memoryLimit(1_001, 64)).toBe(96 * mib + 600 * 1_001 + 64);
  });

  it('wants a ratio to be reached, and all else not to be passed', () => {
    expect(judge('ratio', 3, 3.5).met).toBe(true);
    expect(judge('ratio', 3, 2.9).met).toBe(false);
    expect(judge('seconds', 0.09, 0.08).met).toBe(true);
    expect(judge('peak_bytes', 10, 11).met).toBe(false);
  });

  it('takes medians, and the highest peak', () => {
    const runs = [5, 9, 7].map((peakBytes) => ({ seconds: 1, cpuSeconds: 1, peakBytes }));
    const verdicts = judgePair(
      { ratio: 1, seconds: 2, peakBytes: 8 },
      summarize([0, 1, 1]),
      summarize([1, 3, 3]),
      runs,
    );
    expect(verdicts).toEqual([
      { what: 'ratio', limit: 1, actual: 1, met: true },
      { what: 'seconds', limit: 2, actual: 3, met: false },
      { what: 'peak_bytes', limit: 8, actual: 9, met: false },
    ]);
  });
});
