/** Draws a chart without a browser. */
import { CustomChart, type CustomSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption, TitleComponent, type TitleComponentOption } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([CustomChart, LineChart, GridComponent, TitleComponent, SVGRenderer]);

/** What the charts of this folder are made of. */
export type ChartOption = ComposeOption<
  CustomSeriesOption | LineSeriesOption | GridComponentOption | TitleComponentOption
>;

/** A chart and its size in pixels. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly option: ChartOption;
}

/** Colours that are told apart in any of the usual colour deficiencies, on white. */
export const COLOURS = {
  ink: '#24292f',
  ours: '#0969da',
  met: '#1a7f37',
  missed: '#d4671c',
  limit: '#bf3989',
} as const;

/** A title, and the machine below it. */
export function titled(text: string, machine: string): ChartOption {
  return { title: { text, subtext: machine, left: 8, top: 4, textStyle: { fontSize: 14, color: COLOURS.ink } } };
}

/** A chart as an SVG document, on a ground of its own so that it can be read in any colour scheme. */
export function svgOf({ width, height, option }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'Helvetica, Arial, sans-serif' },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
