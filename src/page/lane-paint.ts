/** A file on the map, drawn pixel column by pixel column. */
import { type Part, partAt } from '../read/parts.js';
import type { Classes } from './classes.js';
import { columnClasses, eachRun, firstPartAfter, type View } from './columns.js';
import { lastPiece } from './groups.js';
import { type Lane, MARKS } from './lanes.js';
import type { Pens } from './pens.js';
import type { Model } from './rows.js';
import { partTitle, type Selection } from './selection.js';

/** How a lane is drawn. */
export interface LaneScene {
  readonly context: CanvasRenderingContext2D;
  readonly model: Model;
  readonly classes: Classes;
  readonly pens: Pens;
  readonly view: View;
  /** In CSS pixels. */
  readonly width: number;
  /** Device pixels a CSS pixel. */
  readonly density: number;
}

/** Parts at least this wide are divided by a line, and have their name. */
const DIVIDED_WIDTH = 4;
const NAMED_WIDTH = 36;
/** Height of a tick beside a lane. */
const TICK = 5;
/** Width of the mark of the selection. */
const SELECTED = 12;
/** Characters of a name that are measured at most. */
const NAME_MAX = 200;

/** Draws the parts of a file. */
export function paintLane(scene: LaneScene, { side, top, height }: Pick<Lane, 'side' | 'top' | 'height'>): void {
  const { context, classes, pens, view, width, density } = scene;
  const columns = Math.max(1, Math.round(width * density));
  const found = columnClasses(side.artifact.parts, (part) => classes.of(side, part), view, columns);
  eachRun(found, (start, end, each) => {
    const { fill, pattern } = pens.of(each);
    for (const style of [fill, pattern]) {
      if (style === undefined) continue;
      context.fillStyle = style;
      context.fillRect(start / density, top, (end - start) / density, height);
    }
  });
}

/** Lines between the parts that are wide enough, and names in those that are wider. */
export function paintDetails(scene: LaneScene, lane: Lane): void {
  const { side, top, height } = lane;
  const { parts } = side.artifact;
  const { context, pens, view, width } = scene;
  const bytesWide = (DIVIDED_WIDTH * (view.to - view.from)) / width;
  const last = firstPartAfter(parts, view.to);
  const first = firstPartAfter(parts, view.from);
  // More parts than this cannot all be wide; the few that are show by their colour.
  if (last - first > width) return;
  for (const part of parts.slice(first, last + 1)) {
    if (part.end - part.start < bytesWide) continue;
    const x = xOf(scene, part.start);
    context.fillStyle = pens.ground;
    context.fillRect(x, top, 1, height);
    name(scene, part, lane);
  }
}

/** A part's name in its middle, on the bare colour: patterns would make it hard to read. */
function name(scene: LaneScene, part: Part, { side, top, height }: Lane): void {
  const { context, model, classes, pens, width } = scene;
  const left = Math.max(0, xOf(scene, part.start)) + 4;
  const room = Math.min(width, xOf(scene, part.end)) - 4 - left;
  if (room < NAMED_WIDTH) return;
  context.font = pens.font;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const row = model.rowOf(side.at, part);
  const text = fitting(context, (row?.name ?? partTitle(part, row)).slice(0, NAME_MAX), room);
  const pen = pens.of(classes.of(side, part));
  context.fillStyle = pen.fill;
  context.fillRect(left - 2, top + height / 2 - 8, context.measureText(text).width + 4, 16);
  context.fillStyle = pen.ink;
  context.fillText(text, left, top + height / 2);
}

/** As much of a name as there is room for; the end of a path says more than its beginning. */
function fitting(context: CanvasRenderingContext2D, name: string, room: number): string {
  const isRoomy = context.measureText(name).width <= room;
  const text = isRoomy ? name : lastPiece(name);
  let length = text.length;
  let shown = text;
  while (context.measureText(shown).width > room && length > 0) {
    length = Math.min(length - 1, Math.floor((length * room) / context.measureText(shown).width));
    shown = `${text.slice(0, length)}\u2026`;
  }
  return shown;
}

/** A mark for each diagnostic that names a byte; of those on one pixel, one. */
export function paintDiagnostics(scene: LaneScene, lane: Lane): void {
  const { context, pens } = scene;
  const { side } = lane;
  const seen = new Set<number>();
  for (const { where, severity } of side.diagnostics) {
    if (where.offset === undefined) continue;
    const x = Math.round(xOf(scene, Math.min(where.offset, side.fileSize) + 0.5));
    if (seen.has(x)) continue;
    seen.add(x);
    context.fillStyle = severity === 'error' ? pens.error : pens.warning;
    mark(context, lane, x, 4);
  }
}

/** Statuses that must not be lost among the others, however small the asset. */
const NOTABLE: ReadonlySet<string | undefined> = new Set(['changed', 'added', 'removed']);

/** A tick beside the lane for each asset that differs; of those on one pixel, one. */
export function paintDifferences(scene: LaneScene, { side, top, marks }: Lane): void {
  const { context, classes, pens, model } = scene;
  let last = Number.NaN;
  for (const row of model.rows) {
    const part = NOTABLE.has(row.status) ? model.partOf(side.at, row) : undefined;
    const x = part && Math.round(xOf(scene, part.start));
    if (part === undefined || x === undefined || x === last) continue;
    last = x;
    context.fillStyle = pens.of(classes.of(side, part)).fill;
    context.fillRect(x, marks < top ? top - TICK : marks, 2, TICK);
  }
}

/** Shows where the selection is, however narrow it is. */
export function paintSelection(scene: LaneScene, lane: Lane, selection: Selection): void {
  const { side, top, height } = lane;
  const range = selectedRange(scene.model, side.at, selection);
  if (range === undefined) return;
  const { context, pens } = scene;
  const left = xOf(scene, range[0]);
  const right = Math.max(left + 3, xOf(scene, range[1]));
  context.lineWidth = 4;
  context.strokeStyle = pens.ground;
  context.strokeRect(left + 1, top + 1, right - left - 2, height - 2);
  context.lineWidth = 2;
  context.strokeStyle = pens.ink;
  context.strokeRect(left + 1, top + 1, right - left - 2, height - 2);
  context.fillStyle = pens.ink;
  const middle = Math.round((Math.max(0, left) + Math.min(scene.width, right)) / 2);
  mark(context, lane, Math.min(Math.max(SELECTED / 2, middle), scene.width - SELECTED / 2), SELECTED / 2);
}

/** The bytes of a file that a selection names: on the other side, those of the same asset. */
function selectedRange(model: Model, at: number, { side, row, part, byte }: Selection): [number, number] | undefined {
  if (side.at === at && byte !== undefined) return [byte, byte + 1];
  const shown = side.at === at ? part : row && model.partOf(at, row);
  return shown && [shown.start, shown.end];
}

/** A triangle that points at the lane. */
function mark(context: CanvasRenderingContext2D, { top, marks }: Lane, x: number, half: number): void {
  const [base, tip] = marks < top ? [marks, top - 1] : [marks + MARKS, marks + 1];
  context.beginPath();
  context.moveTo(x - half, base);
  context.lineTo(x + half, base);
  context.lineTo(x, tip);
  context.closePath();
  context.fill();
}

/** The place of a byte on the map. */
export function xOf({ view, width }: Pick<LaneScene, 'view' | 'width'>, byte: number): number {
  return ((byte - view.from) / (view.to - view.from)) * width;
}

/** The part under a point of a lane. */
export function partUnder(
  { view, width }: Pick<LaneScene, 'view' | 'width'>,
  { side }: Lane,
  x: number,
): Part | undefined {
  return partAt(side.artifact.parts, Math.floor(view.from + (x / width) * (view.to - view.from)));
}
