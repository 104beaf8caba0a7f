/** Figures as text. */
import type { PairRecord } from './history.ts';
import type { Line, Summary } from './statistics.ts';
import type { Verdict } from './targets.ts';

/** Seconds to three digits, however short. */
export function seconds(value: number): string {
  if (value >= 1 || value === 0) return `${Number(value.toPrecision(3))} s`;
  if (value >= 1e-3) return `${Number((value * 1e3).toPrecision(3))} ms`;
  return `${Number((value * 1e6).toPrecision(3))} us`;
}

/** Whole mebibytes. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
}

/** A bare ratio or share. */
export function plain(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A line's fixed cost and its cost a unit. */
export function costText({ fixed, perUnit }: Line, unit: string): string {
  return `${seconds(fixed)} and ${Number((perUnit * 1e9).toPrecision(3)).toLocaleString('en-US')} ns per ${unit}`;
}

/** "7 pairs", "1 pair". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Median, quartiles, extremes. */
export function spread({ median, q1, q3, min, max }: Summary): string {
  return `${plain(median)} (${plain(q1)} to ${plain(q3)}; ${plain(min)} to ${plain(max)})`;
}

/** A target and whether it is met. */
export function verdict({ what, limit, actual, met }: Verdict): string {
  const said = {
    ratio: () => `ratio >= ${plain(limit)}`,
    seconds: () => `${seconds(actual)} <= ${seconds(limit)}`,
    peak_bytes: () => `${mebibytes(actual)} <= ${mebibytes(limit)}`,
    deviation: () => `${percent(actual)} <= ${percent(limit)}`,
  }[what]();
  return `${said}: ${met ? 'met' : 'not met'}`;
}

/** What `fsync` stands for. */
export const FSYNC: Readonly<Record<PairRecord['fsync'], string>> = {
  with: 'both sides sync',
  without: 'neither side syncs',
  none: 'nothing is written',
};
