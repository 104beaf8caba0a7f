/** Medians, spreads, ratios of pairs, and the line through the points of a scaling case. */

/** What is kept of a series of measurements. */
export interface Summary {
  readonly n: number;
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/**
 * Five numbers of a series; quartiles are interpolated between neighbours.
 *
 * @throws RangeError the series is empty
 */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  return { n: values.length, min: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), max: at(1) };
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * How many times the throughput of theirs ours has, pair by pair: their seconds over our seconds.
 *
 * @throws RangeError the series are not of one length
 */
export function pairRatios(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new RangeError('a run without its partner');
  return ours.map((seconds, i) => (theirs[i] as number) / seconds);
}

/** `count` units took `seconds`. */
export interface Point {
  readonly count: number;
  readonly seconds: number;
}

/** A fixed cost and a cost per unit. */
export interface Line {
  readonly fixed: number;
  readonly perUnit: number;
  /** How far each point lies from the line, as a share of the line: 0.1 is 10 % slower than the line says. */
  readonly deviations: readonly number[];
}

/**
 * The line that fits best when every point counts by its relative distance, so that a short run says as much as a long one.
 *
 * @throws RangeError there are not two different counts
 */
export function fitLine(points: readonly Point[]): Line {
  let [w, wx, wxx, wy, wxy] = [0, 0, 0, 0, 0];
  for (const { count: x, seconds: y } of points) {
    const weight = 1 / (y * y);
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    wy += weight * y;
    wxy += weight * x * y;
  }
  if (new Set(points.map(({ count }) => count)).size < 2) throw new RangeError('a line takes two points');
  const perUnit = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  const fixed = (wy - perUnit * wx) / w;
  const deviations = points.map(({ count, seconds }) => seconds / (fixed + perUnit * count) - 1);
  return { fixed, perUnit, deviations };
}
