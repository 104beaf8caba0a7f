/** Which bytes of the files a map shows: wheel, drag and pinch change it, and so do keys and buttons. */
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity, zoomTransform } from 'd3-zoom';
import type { View } from './columns.js';

/** A byte at the closest, in CSS pixels. */
const BYTE_WIDTH = 24;
/** What lies beside a part that was zoomed to, as a share of it. */
const MARGIN = 0.5;

/** The part of the files that is in view. */
export class Zoom {
  readonly #canvas: HTMLCanvasElement;
  /** Bytes that the widest view shows. */
  readonly #size: number;
  readonly #behavior: ZoomBehavior<HTMLCanvasElement, unknown>;
  #width = 1;

  /** @param onChange Called when the view is another. */
  constructor(canvas: HTMLCanvasElement, size: number, onChange: () => void) {
    this.#canvas = canvas;
    this.#size = Math.max(1, size);
    this.#behavior = zoom<HTMLCanvasElement, unknown>().clickDistance(4).duration(0).on('zoom', onChange);
    select(canvas).call(this.#behavior);
  }

  /** What is shown. */
  get view(): View {
    const scale = scaleLinear([0, this.#size], [0, this.#width]);
    const [from, to] = zoomTransform(this.#canvas).rescaleX(scale).domain() as [number, number];
    return { from, to };
  }

  /** The map has another width; what is shown stays. */
  resize(width: number): void {
    const { from, to } = this.view;
    this.#width = Math.max(1, width);
    const bounds: [[number, number], [number, number]] = [
      [0, 0],
      [this.#width, 1],
    ];
    const closest = Math.max(1, (BYTE_WIDTH * this.#size) / this.#width);
    this.#behavior.extent(bounds).translateExtent(bounds).scaleExtent([1, closest]);
    this.show({ from, to });
  }

  /** Shows some bytes, as closely as is allowed. */
  show({ from, to }: View): void {
    const [, closest] = this.#behavior.scaleExtent();
    const scale = Math.min(closest, Math.max(1, this.#size / (to - from)));
    const width = this.#size / scale;
    const start = Math.min(Math.max(0, (from + to - width) / 2), this.#size - width);
    this.#apply(zoomIdentity.scale(scale).translate((-start / this.#size) * this.#width, 0));
  }

  /** Shows everything. */
  fit(): void {
    this.#apply(zoomIdentity);
  }

  /** Zooms by a factor, around a byte. */
  by(factor: number, around: number): void {
    const { from, to } = this.view;
    this.show({ from: around - (around - from) / factor, to: around + (to - around) / factor });
  }

  /** Moves by a share of what is shown. */
  pan(share: number): void {
    const { from, to } = this.view;
    const step = (to - from) * share;
    this.show({ from: from + step, to: to + step });
  }

  /** Brings bytes into view; what is in view already stays where it is. */
  reveal(start: number, end: number): void {
    const { from, to } = this.view;
    if (start < to && end > from) return;
    const half = (to - from) / 2;
    const middle = Math.min((start + end) / 2, start + half);
    this.show({ from: middle - half, to: middle + half });
  }

  /** Shows bytes with a little of what lies around. */
  close(start: number, end: number): void {
    const margin = (end - start) * MARGIN;
    this.show({ from: start - margin, to: end + margin });
  }

  #apply(transform: ZoomTransform): void {
    select(this.#canvas).call(this.#behavior.transform, transform);
  }
}
