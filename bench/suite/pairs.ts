/** Runs two things in turns. */

/** What both sides cost, pair by pair. */
export interface Pairs<T> {
  readonly ours: readonly T[];
  readonly theirs: readonly T[];
}

/**
 * Runs ours and theirs `pairs` times, after one pair that is dropped and warms the caches up. The order within a pair changes from one pair to the next.
 *
 * @param ours Runs ours; `isFirst` in the pair that is dropped.
 */
export function runPairs<T>(pairs: number, ours: (isFirst: boolean) => T, theirs: (isFirst: boolean) => T): Pairs<T> {
  const kept: { ours: T[]; theirs: T[] } = { ours: [], theirs: [] };
  for (let pair = 0; pair <= pairs; pair += 1) {
    const isFirst = pair === 0;
    const sides = { ours, theirs };
    const order = pair % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of order) {
      const result = sides[side](isFirst);
      if (!isFirst) kept[side].push(result);
    }
  }
  return kept;
}

/** Runs several things `rounds` times in turns, after one round that is dropped; every second round goes backwards. */
export function runRounds<T>(rounds: number, runs: readonly (() => T)[]): T[][] {
  const kept: T[][] = runs.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    const order = [...runs.keys()];
    if (round % 2 === 1) order.reverse();
    for (const i of order) {
      const result = (runs[i] as () => T)();
      if (round > 0) kept[i]?.push(result);
    }
  }
  return kept;
}
