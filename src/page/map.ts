/** The map: files to scale, with what is selected and what is wrong. */
import { drawAxis } from './axis.js';
import type { Classes } from './classes.js';
import { button, el, section } from './dom.js';
import {
  type LaneScene,
  paintDetails,
  paintDiagnostics,
  paintDifferences,
  paintLane,
  paintSelection,
  partUnder,
  xOf,
} from './lane-paint.js';
import { type Lane, laneAt, lanePlan } from './lanes.js';
import { legend } from './legend.js';
import { mapKeys } from './map-keys.js';
import { OVERVIEW_HEIGHT, Overview } from './overview.js';
import { Pens } from './pens.js';
import { paintRibbons } from './ribbons.js';
import type { Model } from './rows.js';
import { type Selection, selectPart } from './selection.js';
import type { Store } from './store.js';
import { Tooltip } from './tooltip.js';
import { Zoom } from './zoom.js';

const AXIS_HEIGHT = 22;
/** A byte that is selected in a part narrower than this is zoomed to. */
const SMALL_SHARE = 0.02;

/** The section with the map. */
export function mapSection(model: Model, classes: Classes, store: Store): HTMLElement {
  return new FileMap(model, classes, store).element;
}

class FileMap {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #classes: Classes;
  readonly #store: Store;
  readonly #plan;
  readonly #size: number;
  readonly #canvas: HTMLCanvasElement;
  readonly #overview: Overview;
  #isOverviewPainted = false;
  readonly #axis = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  readonly #zoom: Zoom;
  readonly #tooltip: Tooltip;
  #pens: Pens | undefined;
  #width = 1;
  #isAsked = false;

  constructor(model: Model, classes: Classes, store: Store) {
    this.#model = model;
    this.#classes = classes;
    this.#store = store;
    this.#plan = lanePlan(model);
    this.#size = Math.max(1, ...model.sides.map(({ fileSize }) => fileSize));
    this.#canvas = el('canvas', {
      class: 'map',
      tabindex: 0,
      role: 'application',
      'aria-label': `Map of the ${model.sides.length > 1 ? 'two files' : 'file'}, to scale`,
      'aria-describedby': 'map-help',
    });
    this.#overview = new Overview((share) => this.#center(share * this.#size));
    this.#zoom = new Zoom(this.#canvas, this.#size, () => this.#ask());
    this.#tooltip = new Tooltip(model);
    this.element = this.#build();
    this.#listen();
  }

  #build(): HTMLElement {
    const stage = el(
      'div',
      { class: 'stage' },
      this.#overview.element,
      this.#canvas,
      this.#axis,
      this.#tooltip.element,
    );
    this.#canvas.style.height = `${this.#plan.height}px`;
    this.#axis.setAttribute('height', String(AXIS_HEIGHT));
    this.#axis.setAttribute('aria-hidden', 'true');
    const help =
      'Wheel or + and - zoom, drag pans, click selects. With the keyboard: left and right go from part to part, Home and End to the first and last, Page Up and Page Down move the view, 0 shows everything.';
    return section(
      'map',
      'Map',
      el('div', { class: 'bar' }, this.#buttons(), legend('Colours of the map', this.#classes.present())),
      el('div', { class: `lanes${this.#model.sides.length > 1 ? ' two' : ''}` }, ...this.#letters(), stage),
      el('p', { id: 'map-help', class: 'help' }, help),
    );
  }

  #letters(): HTMLElement[] {
    return this.#plan.lanes
      .filter(({ side }) => side.letter !== '')
      .map(({ side, top, height }) => {
        const letter = el('span', { class: 'lane-letter', 'aria-hidden': 'true' }, side.letter);
        letter.style.top = `${OVERVIEW_HEIGHT + 2 + top + height / 2}px`;
        return letter;
      });
  }

  #buttons(): HTMLElement {
    const zoomBy = (factor: number) => () => this.#zoom.by(factor, this.#anchor());
    return el(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': 'Zoom' },
      button('+', zoomBy(2), { 'aria-label': 'Zoom in' }),
      button('-', zoomBy(1 / 2), { 'aria-label': 'Zoom out' }),
      button('Fit', () => this.#zoom.fit(), { 'aria-label': 'Show the whole file' }),
      button('To selection', () => this.#closeUp()),
    );
  }

  #listen(): void {
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#recolour());
    this.#store.subscribe(({ theme }, before) => {
      if (theme !== before.theme) this.#recolour();
    });
    this.#store.onSelection((selection) => this.#follow(selection));
    const scene = { model: this.#model, plan: this.#plan, store: this.#store, zoom: this.#zoom };
    this.#canvas.addEventListener('keydown', mapKeys({ ...scene, anchor: () => this.#anchor() }));
    this.#canvas.addEventListener('click', (event) => this.#press(event));
    this.#canvas.addEventListener('pointermove', (event) => this.#hover(event));
    this.#canvas.addEventListener('pointerleave', () => this.#tooltip.hide());
  }

  #resize(): void {
    this.#width = Math.max(1, this.#canvas.clientWidth);
    for (const [canvas, height] of [
      [this.#canvas, this.#plan.height],
      [this.#overview.canvas, OVERVIEW_HEIGHT],
    ] as const) {
      canvas.width = Math.round(this.#width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    this.#axis.setAttribute('width', String(this.#width));
    this.#isOverviewPainted = false;
    this.#zoom.resize(this.#width);
    this.#ask();
  }

  #recolour(): void {
    this.#pens = undefined;
    this.#isOverviewPainted = false;
    this.#ask();
  }

  /** Draws once before the next frame, however often it is asked. */
  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { view } = this.#zoom;
    const scene = this.#scene(this.#canvas, view);
    const { selection } = this.#store.state;
    for (const lane of this.#plan.lanes) {
      paintLane(scene, lane);
      paintDetails(scene, lane);
      paintDifferences(scene, lane);
      paintDiagnostics(scene, lane);
    }
    if (this.#plan.lanes.length > 1) this.#drawRibbons(scene);
    if (selection !== undefined) for (const lane of this.#plan.lanes) paintSelection(scene, lane, selection);
    this.#drawOverview(view);
    drawAxis(this.#axis, view, this.#width);
    this.#canvas.dataset['from'] = String(Math.round(view.from));
    this.#canvas.dataset['to'] = String(Math.round(view.to));
  }

  #drawOverview(view: LaneScene['view']): void {
    if (!this.#isOverviewPainted) {
      this.#overview.paint(this.#scene(this.#overview.canvas, { from: 0, to: this.#size }), this.#model.sides);
      this.#isOverviewPainted = true;
    }
    this.#overview.show(view, this.#size);
  }

  #drawRibbons({ context, pens, width, view }: LaneScene): void {
    const { lanes } = this.#plan;
    const { rows } = this.#model;
    const selected = this.#store.state.selection?.row;
    paintRibbons({ context, lanes, rows, pens, width, selected, xOf: (byte) => xOf({ view, width }, byte) });
  }

  #scene(canvas: HTMLCanvasElement, view: LaneScene['view']): LaneScene {
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const density = devicePixelRatio;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.#pens ??= new Pens(context, this.#classes);
    return { context, model: this.#model, classes: this.#classes, pens: this.#pens, view, width: this.#width, density };
  }

  #hit(event: MouseEvent): { lane: Lane; x: number; y: number } | undefined {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const lane = laneAt(this.#plan, y);
    return lane && { lane, x, y };
  }

  #press(event: MouseEvent): void {
    const hit = this.#hit(event);
    if (hit === undefined) return;
    const part = partUnder({ view: this.#zoom.view, width: this.#width }, hit.lane, hit.x);
    if (part !== undefined) this.#store.set({ selection: selectPart(this.#model, hit.lane.side, part) });
  }

  #hover(event: PointerEvent): void {
    const hit = event.buttons === 0 ? this.#hit(event) : undefined;
    const part = hit && partUnder({ view: this.#zoom.view, width: this.#width }, hit.lane, hit.x);
    if (hit === undefined || part === undefined) this.#tooltip.hide();
    else this.#tooltip.show(hit.lane.side, part, hit.x, OVERVIEW_HEIGHT + hit.lane.top + hit.lane.height, this.#width);
  }

  /** Brings what was selected elsewhere into view; closer when it is a byte that could not be told from its neighbours. */
  #follow(selection: Selection | undefined): void {
    const { part, byte } = selection ?? {};
    if (part !== undefined) {
      const { from, to } = this.#zoom.view;
      const isSmall = part.end - part.start < (to - from) * SMALL_SHARE;
      if (byte !== undefined && isSmall) this.#zoom.close(part.start, part.end);
      else this.#zoom.reveal(byte ?? part.start, byte === undefined ? part.end : byte + 1);
    }
    this.#ask();
  }

  #closeUp(): void {
    const { part, byte } = this.#store.state.selection ?? {};
    if (byte !== undefined) this.#zoom.close(byte - 16, byte + 16);
    else if (part !== undefined) this.#zoom.close(part.start, part.end);
  }

  #center(byte: number): void {
    const { from, to } = this.#zoom.view;
    this.#zoom.show({ from: byte - (to - from) / 2, to: byte + (to - from) / 2 });
  }

  /** The byte that keyboard and buttons zoom around: the selection where it is in view, else the middle. */
  #anchor(): number {
    const { from, to } = this.#zoom.view;
    const { part, byte } = this.#store.state.selection ?? {};
    const chosen = byte ?? (part && (part.start + part.end) / 2);
    return chosen !== undefined && chosen > from && chosen < to ? chosen : (from + to) / 2;
  }
}
