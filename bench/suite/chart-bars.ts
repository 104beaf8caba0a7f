/** Charts with a row for each record. */
import { labelOf, type PairRecord, type RatedRecord } from './history.ts';
import { type Chart, type ChartOption, COLOURS, titled } from './svg.ts';

const WIDTH = 960;
const ROW = 20;
const LABELS = 330;
const AROUND = 110;

/** A rectangle on a row, from one value to another; of no width, a stroke. */
interface Mark {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly colour: string;
}

/** Ratios: medians as bars from 1 on a logarithmic axis, quartiles as thin lines, targets as strokes. */
export function ratioChart(machine: string, records: readonly RatedRecord[]): Chart {
  const rows = records.map(({ ratio, targets }, row) => {
    const target = targets.find(({ what }) => what === 'ratio');
    const colour = target === undefined ? COLOURS.ours : target.met ? COLOURS.met : COLOURS.missed;
    return { row, ratio, limit: target?.limit, colour };
  });
  const values = rows.flatMap(({ ratio, limit = 1 }) => [ratio.q1, ratio.q3, limit, 1]);
  const title =
    "Throughput of ours, the peer's = 1 (blue: no target, green: target met, orange: not met, stroke: target)";
  return rowChart(titled(title, machine), records.map(labelOf), {
    axis: {
      type: 'log',
      min: Math.min(...values) / 1.5,
      max: Math.max(...values) * 1.5,
      axisLabel: { formatter: (value: number) => String(Number(value.toPrecision(2))) },
    },
    series: [
      rows.map(({ row, ratio, colour }) => ({ row, from: 1, to: ratio.median, height: 10, colour })),
      rows.map(({ row, ratio }) => ({ row, from: ratio.q1, to: ratio.q3, height: 2, colour: COLOURS.ink })),
      rows.flatMap(({ row, limit }) => (limit === undefined ? [] : [strokeAt(row, limit)])),
    ],
  });
}

/** Peak memory in MiB as bars, limits as strokes. */
export function memoryChart(machine: string, records: readonly PairRecord[]): Chart {
  const rows = records.map(({ ours, targets }, row) => {
    const target = targets.find(({ what }) => what === 'peak_bytes');
    const limit = (target?.limit ?? 0) / 2 ** 20;
    return { row, peak: (ours.peak_bytes ?? 0) / 2 ** 20, limit, colour: target?.met ? COLOURS.met : COLOURS.missed };
  });
  const title = 'Peak memory of ours, MiB (green: within its limit, orange: not, stroke: limit)';
  return rowChart(
    titled(title, machine),
    records.map((record) => record.case),
    {
      axis: {
        type: 'value',
        min: 0,
        max: Math.ceil(1.05 * Math.max(...rows.flatMap(({ peak, limit }) => [peak, limit]))),
      },
      series: [
        rows.map(({ row, peak, colour }) => ({ row, from: 0, to: peak, height: 10, colour })),
        rows.map(({ row, limit }) => strokeAt(row, limit)),
      ],
    },
  );
}

function strokeAt(row: number, value: number): Mark {
  return { row, from: value, to: value, height: 16, colour: COLOURS.limit };
}

interface Rows {
  readonly axis: NonNullable<ChartOption['xAxis']>;
  readonly series: readonly (readonly Mark[])[];
}

/** Rows with labels, the first one at the top. */
function rowChart(title: ChartOption, labels: readonly string[], { axis, series }: Rows): Chart {
  return {
    width: WIDTH,
    height: AROUND + ROW * labels.length,
    option: {
      ...title,
      grid: { left: LABELS, right: 40, top: 64, bottom: 32 },
      xAxis: axis,
      yAxis: {
        type: 'category',
        inverse: true,
        data: [...labels],
        axisLabel: { fontSize: 11, color: COLOURS.ink, interval: 0 },
        axisTick: { show: false },
      },
      series: series.map((marks) => ({
        type: 'custom',
        silent: true,
        data: marks.map(({ row, from, to }) => [row, from, to]),
        encode: { x: [1, 2], y: 0 },
        // Bars that begin at 1 are not among the library's own on a logarithmic axis.
        renderItem: ({ dataIndex }, { coord }) => rectangle(marks[dataIndex] as Mark, coord),
      })),
    },
  };
}

function rectangle({ row, from, to, height, colour }: Mark, coord: (at: number[]) => number[]) {
  const [a = 0, y = 0] = coord([from, row]);
  const [b = 0] = coord([to, row]);
  const shape = { x: Math.min(a, b), y: y - height / 2, width: Math.max(2, Math.abs(b - a)), height };
  return { type: 'rect', shape, style: { fill: colour } } as const;
}
