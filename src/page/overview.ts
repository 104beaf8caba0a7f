/** The whole files in a narrow strip, with a frame around what the map shows. */
import type { View } from './columns.js';
import { el } from './dom.js';
import { type LaneScene, paintLane } from './lane-paint.js';
import type { Side } from './rows.js';

/** Height in CSS pixels. */
export const OVERVIEW_HEIGHT = 14;

/** The strip; the files are drawn anew only when their colours or the width change. */
export class Overview {
  readonly canvas = el('canvas');
  readonly #frame = el('div', { class: 'frame' });
  readonly element: HTMLElement;

  /** @param moveTo Called with the place that is pressed, as a share of the width. */
  constructor(moveTo: (share: number) => void) {
    const move = (event: PointerEvent): void => {
      // A drag that began on the map passes over the strip too.
      if (!this.element.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.element.getBoundingClientRect();
      moveTo((event.clientX - left) / width);
    };
    const press = (event: PointerEvent): void => {
      this.element.setPointerCapture(event.pointerId);
      move(event);
    };
    const attributes = { class: 'overview', 'aria-hidden': 'true', onpointerdown: press, onpointermove: move };
    this.element = el('div', attributes, this.canvas, this.#frame);
    this.element.style.height = `${OVERVIEW_HEIGHT}px`;
  }

  /** Draws the files one above the other. */
  paint(scene: LaneScene, sides: readonly Side[]): void {
    const height = OVERVIEW_HEIGHT / sides.length;
    for (const [i, side] of sides.entries()) paintLane(scene, { side, top: i * height, height });
  }

  /** Puts the frame around what the map shows. */
  show({ from, to }: View, size: number): void {
    this.#frame.style.left = `${(100 * from) / size}%`;
    this.#frame.style.width = `${(100 * (to - from)) / size}%`;
  }
}
