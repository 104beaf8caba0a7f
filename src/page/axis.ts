/** The byte offsets below a map. */
import { axisBottom } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { groups } from '../report/figures.js';
import type { View } from './columns.js';

/** Room that the label of a tick takes. */
const TICK_WIDTH = 90;
const UNITS = ['', ' KiB', ' MiB', ' GiB', ' TiB'];

/** Draws the axis into an SVG element. */
export function drawAxis(svg: SVGSVGElement, { from, to }: View, width: number): void {
  const step = stepOf(((to - from) * TICK_WIDTH) / Math.max(1, width));
  const first = Math.ceil(from / step);
  const ticks = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
  const axis = axisBottom<number>(scaleLinear([from, to], [0, width]))
    .tickValues(ticks)
    .tickFormat((byte) => tickText(byte, step))
    .tickSizeOuter(0);
  const texts = select(svg)
    .call(axis as never)
    .selectAll<SVGTextElement, number>('.tick text');
  texts.attr('text-anchor', (byte) => anchorOf(((byte - from) / (to - from)) * width, width));
}

/** Labels at the ends stay within the map. */
function anchorOf(x: number, width: number): string {
  if (x < TICK_WIDTH / 3) return 'start';
  return x > width - TICK_WIDTH / 3 ? 'end' : 'middle';
}

/** Powers of two divide files better than powers of ten. */
function stepOf(least: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(least)));
}

/** Whole units where the steps are whole units, else bytes. */
function tickText(byte: number, step: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(step) / 10)));
  return `${groups(byte / 1024 ** unit)}${UNITS[unit]}`;
}
