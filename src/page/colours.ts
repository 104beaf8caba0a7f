/** Colours of the style sheet, for canvases. */
import type { Pattern } from './classes.js';

/** The colour that a custom property has now. */
export function colourOf(variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Black or white, whichever is easier to read on a colour given as `rgb(r, g, b)`. */
export function inkOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((value) => linear(Number(value) / 255));
  // Where contrast with black equals that with white (WCAG 2).
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

const TILE = 8;
const STROKES: { readonly [pattern in Pattern]: readonly (readonly [number, number, number, number])[] } = {
  none: [],
  rising: [
    [-2, 2, 2, -2],
    [0, TILE, TILE, 0],
    [TILE - 2, TILE + 2, TILE + 2, TILE - 2],
  ],
  falling: [
    [-2, TILE - 2, 2, TILE + 2],
    [0, 0, TILE, TILE],
    [TILE - 2, -2, TILE + 2, 2],
  ],
  upright: [[2, 0, 2, TILE]],
  level: [[0, 2, TILE, 2]],
  dots: [[2, 3, 4, 3]],
};

/** A pattern to lay over a colour. */
export function patternFill(
  context: CanvasRenderingContext2D,
  pattern: Pattern,
  ink: string,
): CanvasPattern | undefined {
  if (pattern === 'none') return undefined;
  const tile = document.createElement('canvas');
  tile.width = TILE;
  tile.height = TILE;
  const pen = tile.getContext('2d') as CanvasRenderingContext2D;
  pen.strokeStyle = ink;
  pen.globalAlpha = 0.55;
  pen.lineWidth = pattern === 'dots' ? 2 : 1.25;
  for (const [x0, y0, x1, y1] of STROKES[pattern]) {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? undefined;
}
