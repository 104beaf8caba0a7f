/** The charts of a machine's records. */
import { memoryChart, ratioChart } from './chart-bars.ts';
import { historyChart, scalingChart } from './chart-lines.ts';
import { type BenchRecord, groupsOf, latest, type PairRecord, type RatedRecord } from './history.ts';
import type { Chart } from './svg.ts';

/** A chart and the name of its file. */
export interface NamedChart extends Chart {
  readonly name: string;
}

/** Every chart that the records have something for. */
export function chartsOf(machine: string, records: readonly BenchRecord[]): NamedChart[] {
  const current = latest(records);
  const pairs = current.filter((record) => record.kind === 'pair');
  const limited = pairs.filter(({ targets }) => targets.some(({ what }) => what === 'peak_bytes'));
  const rated = pairs.filter(isRated);
  const aimed = records.filter((record) => record.kind === 'pair' && isRated(record) && hasAim(record));
  return [
    ...(rated.length === 0 ? [] : [{ name: 'ratios', ...ratioChart(machine, rated) }]),
    ...(limited.length === 0 ? [] : [{ name: 'memory', ...memoryChart(machine, worst(limited)) }]),
    ...current
      .filter((record) => record.kind === 'scaling')
      .map((record) => ({ name: record.case, ...scalingChart(machine, record) })),
    ...(aimed.length === 0 ? [] : [{ name: 'history', ...historyChart(machine, aimed as RatedRecord[]) }]),
  ];
}

function isRated(record: PairRecord): record is RatedRecord {
  return record.ratio !== undefined;
}

/** The record with the highest peak of each case: who the peer was is nothing to our memory. */
function worst(records: readonly PairRecord[]): PairRecord[] {
  const peak = ({ ours }: PairRecord) => ours.peak_bytes ?? 0;
  return groupsOf(records, (record) => record.case).map((runs) => runs.reduce((a, b) => (peak(b) > peak(a) ? b : a)));
}

function hasAim({ targets }: PairRecord): boolean {
  return targets.some(({ what }) => what === 'ratio');
}
