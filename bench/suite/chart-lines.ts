/** Charts of what grows: cost with size, ratios with time. */
import { groupsOf, labelOf, type RatedRecord, type ScalingRecord, seriesOf } from './history.ts';
import { type Chart, COLOURS, titled } from './svg.ts';
import { costText, seconds } from './wording.ts';

const WIDTH = 960;
const COLUMNS = 3;
const CELL = { width: WIDTH / COLUMNS, height: 120 } as const;
const HEAD = 70;

/** The points of a scaling case and the line through them, both axes logarithmic. */
export function scalingChart(machine: string, { what, unit, points, line }: ScalingRecord): Chart {
  const title = `${what}: seconds over ${unit === 'byte' ? 'bytes' : 'entries'}; the line is ${costText(line, unit)}`;
  return {
    width: WIDTH,
    height: 400,
    option: {
      ...titled(title, machine),
      grid: { left: 80, right: 80, top: 64, bottom: 32 },
      xAxis: { type: 'log', axisLabel: { formatter: (value: number) => value.toLocaleString('en-US') } },
      yAxis: { type: 'log', axisLabel: { formatter: seconds } },
      series: [
        {
          type: 'line',
          showSymbol: false,
          lineStyle: { color: COLOURS.limit },
          data: points.map(({ count }) => [count, line.fixed + line.perUnit * count]),
        },
        {
          type: 'line',
          symbolSize: 8,
          itemStyle: { color: COLOURS.ours },
          lineStyle: { width: 0 },
          data: points.map((point) => [point.count, point.seconds]),
        },
      ],
    },
  };
}

/** Median ratios from record to record, a small chart for each case and peer, with its target as a line across. */
export function historyChart(machine: string, records: readonly RatedRecord[]): Chart {
  const series = groupsOf(records, seriesOf);
  const title = titled("Throughput of ours from record to record, the peer's = 1; across: the target", machine).title;
  const indices = (i: number) => ({ xAxisIndex: i, yAxisIndex: i });
  return {
    width: WIDTH,
    height: HEAD + CELL.height * Math.ceil(series.length / COLUMNS),
    option: {
      title: [
        ...(title === undefined ? [] : [title].flat()),
        ...series.map((runs, i) => ({
          text: labelOf(runs[0] as RatedRecord),
          left: cornerOf(i).left + 8,
          top: cornerOf(i).top,
          textStyle: { fontSize: 10, fontWeight: 'normal', color: COLOURS.ink } as const,
        })),
      ],
      grid: series.map((_, i) => ({
        left: cornerOf(i).left + 40,
        top: cornerOf(i).top + 24,
        width: CELL.width - 60,
        height: CELL.height - 44,
      })),
      xAxis: series.map((runs, i) => ({
        type: 'category',
        gridIndex: i,
        data: runs.map(({ date }) => date),
        axisLabel: { show: false },
        axisTick: { show: false },
      })),
      yAxis: series.map((_, i) => ({
        type: 'value',
        gridIndex: i,
        min: 0,
        splitNumber: 2,
        axisLabel: { fontSize: 9 },
      })),
      series: series.flatMap((runs, i) => [
        {
          type: 'line',
          ...indices(i),
          symbolSize: 5,
          itemStyle: { color: COLOURS.ours },
          data: runs.map(({ ratio }) => ratio.median),
        },
        {
          type: 'line',
          ...indices(i),
          showSymbol: runs.length === 1,
          itemStyle: { color: COLOURS.limit },
          lineStyle: { width: 1 },
          data: runs.map(({ targets }) => targets.find(({ what }) => what === 'ratio')?.limit ?? null),
        },
      ]),
    },
  };
}

/** Where the small chart with this index begins. */
function cornerOf(i: number): { readonly left: number; readonly top: number } {
  return { left: CELL.width * (i % COLUMNS), top: HEAD + CELL.height * Math.floor(i / COLUMNS) };
}
