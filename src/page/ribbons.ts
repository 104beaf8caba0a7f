/** Ribbons between the places of an asset in two files. */
import { STATUS_LETTERS } from './diff-model.js';
import type { Lane } from './lanes.js';
import type { Pens } from './pens.js';
import type { Asset, Row, Status } from './rows.js';

/** How ribbons are drawn. */
export interface RibbonScene {
  readonly context: CanvasRenderingContext2D;
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  readonly pens: Pens;
  readonly width: number;
  readonly xOf: (byte: number) => number;
  readonly selected: Row | undefined;
}

interface Ribbon {
  readonly status: Status;
  /** Left and right end on the upper lane, then on the lower; equal ends where the asset is not there. */
  readonly ends: readonly [number, number, number, number];
}

/** How far the ribbon of an asset that one file alone has reaches towards the other. */
const STUB = 0.35;
/** Ribbons at least this wide have their letter. */
const LETTER_WIDTH = 14;

/** Draws all ribbons in view; of neighbours that fall on the same pixels, one. Assets that are the same come first, at the bottom. */
export function paintRibbons(scene: RibbonScene): void {
  const last = new Map<Status, Ribbon>();
  const differing: Ribbon[] = [];
  for (const row of scene.rows) {
    const ribbon = ribbonOf(scene, row);
    if (ribbon === undefined || isOnSamePixels(ribbon, last.get(ribbon.status))) continue;
    last.set(ribbon.status, ribbon);
    if (ribbon.status === 'same') paint(scene, ribbon);
    else differing.push(ribbon);
  }
  for (const ribbon of differing) paint(scene, ribbon);
  const chosen = scene.selected && ribbonOf(scene, scene.selected);
  if (chosen !== undefined) outline(scene, chosen);
}

function ribbonOf({ xOf, width }: RibbonScene, { assets: [a, b], status = 'same' }: Row): Ribbon | undefined {
  const upper = span(a, xOf);
  const lower = span(b, xOf);
  if (upper === undefined && lower === undefined) return undefined;
  const [x0, x1] = upper ?? (lower as [number, number]);
  const [x2, x3] = lower ?? (upper as [number, number]);
  const isLeft = x1 < 0 && x3 < 0;
  const isRight = x0 > width && x2 > width;
  return isLeft || isRight ? undefined : { status, ends: [x0, x1, x2, x3] };
}

function span(asset: Asset | undefined, xOf: (byte: number) => number): [number, number] | undefined {
  if (asset?.start === undefined || asset.entry.size === 0) return undefined;
  const start = xOf(asset.start);
  return [start, Math.max(start + 0.5, xOf(asset.start + asset.entry.size))];
}

function isOnSamePixels({ ends }: Ribbon, other: Ribbon | undefined): boolean {
  return other?.ends.every((x, i) => Math.round(x) === Math.round(ends[i] as number)) ?? false;
}

function paint(scene: RibbonScene, ribbon: Ribbon): void {
  const { context, pens } = scene;
  const { fill, pattern } = pens.ofTitle(`${STATUS_LETTERS[ribbon.status]} ${ribbon.status}`);
  trace(scene, ribbon);
  context.globalAlpha = ribbon.status === 'same' ? 0.3 : 0.75;
  context.fillStyle = fill;
  context.fill();
  if (pattern !== undefined) {
    context.fillStyle = pattern;
    context.fill();
  }
  context.globalAlpha = 1;
  if (ribbon.status !== 'same') letter(scene, ribbon);
}

function outline(scene: RibbonScene, ribbon: Ribbon): void {
  trace(scene, ribbon);
  scene.context.strokeStyle = scene.pens.ink;
  scene.context.lineWidth = 1.5;
  scene.context.stroke();
}

/** Upper and lower end of a ribbon: a stub where one file alone has the asset. */
function reach({ lanes: [a, b] }: RibbonScene, { status }: Ribbon): [number, number] {
  const upper = (a as Lane).top + (a as Lane).height;
  const lower = (b as Lane).top;
  const stub = (lower - upper) * STUB;
  if (status === 'added') return [lower - stub, lower];
  return status === 'removed' ? [upper, upper + stub] : [upper, lower];
}

function trace(scene: RibbonScene, ribbon: Ribbon): void {
  const { context } = scene;
  const [upper, lower] = reach(scene, ribbon);
  const middle = (upper + lower) / 2;
  const [x0, x1, x2, x3] = ribbon.ends;
  context.beginPath();
  context.moveTo(x0, upper);
  context.bezierCurveTo(x0, middle, x2, middle, x2, lower);
  context.lineTo(x3, lower);
  context.bezierCurveTo(x3, middle, x1, middle, x1, upper);
  context.closePath();
}

function letter(scene: RibbonScene, ribbon: Ribbon): void {
  const { context, pens } = scene;
  const [x0, x1, x2, x3] = ribbon.ends;
  if (Math.min(x1 - x0, x3 - x2) < LETTER_WIDTH) return;
  const [upper, lower] = reach(scene, ribbon);
  const x = (x0 + x1 + x2 + x3) / 4;
  const y = (upper + lower) / 2;
  context.fillStyle = pens.ground;
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = pens.ink;
  context.font = `bold ${pens.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(STATUS_LETTERS[ribbon.status], x, y + 0.5);
}
