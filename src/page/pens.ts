/** What a canvas is painted with, in the colours of the moment. */
import type { Classes } from './classes.js';
import { colourOf, inkOn, patternFill } from './colours.js';

/** How parts of a class are painted. */
export interface Pen {
  readonly fill: string;
  readonly pattern: CanvasPattern | undefined;
  /** For text on the fill. */
  readonly ink: string;
}

/** All pens; made anew when the colours change. */
export class Pens {
  readonly list: readonly Pen[];
  readonly ground = colourOf('--ground');
  readonly ink = colourOf('--ink');
  readonly error = colourOf('--error');
  readonly warning = colourOf('--warning');
  readonly font = '11px system-ui, sans-serif';
  readonly #titles: ReadonlyMap<string, Pen>;

  constructor(context: CanvasRenderingContext2D, classes: Classes) {
    this.list = classes.list.map(({ variable, pattern }) => {
      const fill = colourOf(variable);
      const ink = inkOn(fill);
      return { fill, ink, pattern: patternFill(context, pattern, ink) };
    });
    this.#titles = new Map(classes.list.map(({ title }, i) => [title, this.list[i] as Pen]));
  }

  of(each: number): Pen {
    return this.list[each] as Pen;
  }

  ofTitle(title: string): Pen {
    return this.#titles.get(title) as Pen;
  }
}
