/** The map by keyboard. */
import { firstPartAfter } from './columns.js';
import type { LanePlan } from './lanes.js';
import type { Model, Side } from './rows.js';
import { selectPart } from './selection.js';
import type { Store } from './store.js';
import type { Zoom } from './zoom.js';

/** What keys act on. */
export interface KeyScene {
  readonly model: Model;
  readonly plan: LanePlan;
  readonly store: Store;
  readonly zoom: Zoom;
  /** The byte to zoom around. */
  readonly anchor: () => number;
}

type Action = (scene: KeyScene) => void;

const ACTIONS: { readonly [key: string]: Action } = {
  ArrowRight: (scene) => step(scene, 1),
  ArrowLeft: (scene) => step(scene, -1),
  ArrowDown: (scene) => cross(scene, 1),
  ArrowUp: (scene) => cross(scene, -1),
  Home: (scene) => choose(scene, sideOf(scene), 0),
  End: (scene) => choose(scene, sideOf(scene), Number.POSITIVE_INFINITY),
  PageDown: ({ zoom }) => zoom.pan(0.5),
  PageUp: ({ zoom }) => zoom.pan(-0.5),
  '+': ({ zoom, anchor }) => zoom.by(2, anchor()),
  '=': ({ zoom, anchor }) => zoom.by(2, anchor()),
  '-': ({ zoom, anchor }) => zoom.by(1 / 2, anchor()),
  '0': ({ zoom }) => zoom.fit(),
};

/** Listens to keys. */
export function mapKeys(scene: KeyScene): (event: KeyboardEvent) => void {
  return (event) => {
    const action = ACTIONS[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action(scene);
  };
}

function sideOf({ store, model }: KeyScene): Side {
  return store.state.selection?.side ?? (model.sides[0] as Side);
}

/** Goes to the part before or behind. */
function step(scene: KeyScene, by: 1 | -1): void {
  const side = sideOf(scene);
  const part = scene.store.state.selection?.part;
  const at = part === undefined ? -1 : firstPartAfter(side.artifact.parts, part.start);
  choose(scene, side, at + by);
}

/** Goes to the other file: to the same asset there, else to the same place. */
function cross(scene: KeyScene, by: 1 | -1): void {
  const from = sideOf(scene);
  const side = scene.model.sides[from.at + by];
  const { row, part } = scene.store.state.selection ?? {};
  if (side === undefined) return;
  const twin = row && scene.model.partOf(side.at, row);
  if (twin !== undefined) scene.store.set({ selection: selectPart(scene.model, side, twin) });
  else choose(scene, side, firstPartAfter(side.artifact.parts, part?.start ?? 0));
}

function choose({ model, store }: KeyScene, side: Side, at: number): void {
  const { parts } = side.artifact;
  const part = parts[Math.min(Math.max(0, at), parts.length - 1)];
  if (part !== undefined) store.set({ selection: selectPart(model, side, part) });
}
