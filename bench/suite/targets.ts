/** What the project wants to reach, and whether it does. */
import type { Figures } from './measure.ts';
import type { Summary } from './statistics.ts';

const MIB = 2 ** 20;
const MEMORY_BASE = 96 * MIB;
const MEMORY_PER_ASSET = 600;
const ASSETS_IN_BASE = 1_000;

/** Cost per byte and per entry are flat within this share. */
export const FLATNESS = 0.15;

/** A target and what became of it. A ratio is to be reached; seconds, bytes and shares are not to be passed. */
export interface Verdict {
  readonly what: 'ratio' | 'seconds' | 'peak_bytes' | 'deviation';
  readonly limit: number;
  readonly actual: number;
  readonly met: boolean;
}

/** The most memory that a pack may take, in bytes: a base, and beyond 1,000 assets so much an asset, and inline bytes. */
export function memoryLimit(assets: number, inlineBytes: number): number {
  return MEMORY_BASE + (assets > ASSETS_IN_BASE ? MEMORY_PER_ASSET * assets : 0) + inlineBytes;
}

/** Holds a value against a target. */
export function judge(what: Verdict['what'], limit: number, actual: number): Verdict {
  return { what, limit, actual, met: what === 'ratio' ? actual >= limit : actual <= limit };
}

/** The targets that a pair of commands has. */
export interface Goals {
  /** The least ratio. */
  readonly ratio?: number;
  /** The most seconds of ours, on the clock. */
  readonly seconds?: number;
  /** The most bytes of memory of ours. */
  readonly peakBytes?: number;
}

/** Holds a pair of commands against its targets. Ratio and seconds are medians; the peak is the largest of all runs. */
export function judgePair(
  goals: Goals,
  ratio: Summary | undefined,
  seconds: Summary,
  runs: readonly Figures[],
): Verdict[] {
  const verdicts: Verdict[] = [];
  if (goals.ratio !== undefined && ratio !== undefined) verdicts.push(judge('ratio', goals.ratio, ratio.median));
  if (goals.seconds !== undefined) verdicts.push(judge('seconds', goals.seconds, seconds.median));
  if (goals.peakBytes !== undefined) {
    verdicts.push(judge('peak_bytes', goals.peakBytes, Math.max(...runs.map(({ peakBytes }) => peakBytes))));
  }
  return verdicts;
}
