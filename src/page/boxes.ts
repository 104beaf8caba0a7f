/** Which groups and assets a treemap shows, and where. */
import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy';
import { type Group, type Item, isGroup, largest } from './groups.js';

/** Rectangles at most: in a group that has no groups, and on each level of one that has. */
const FLAT_MAX = 900;
const LEVEL_MAX = 240;
const LEVELS = 4;
/** Groups that would get fewer rectangles than this are not taken apart. */
const LEAST = 3;
/** Children of one group at most, where there are groups. */
const CHILDREN_MAX = 60;
const TITLE_HEIGHT = 17;
/** Smaller rectangles have no room for a title above what is in them. */
const TITLED_MIN = 40;

/** An item, taken apart or not; the outermost has none. */
export interface Box {
  readonly item?: Item;
  readonly children?: readonly Box[];
}

/** A box with its place. */
export type PlacedBox = HierarchyRectangularNode<Box>;

/** The boxes of a group, each before those inside it. */
export function boxesOf(group: Group, width: number, height: number): PlacedBox[] {
  const root = hierarchy<Box>({ children: inside(group, FLAT_MAX, LEVEL_MAX, LEVELS) });
  root.sum(({ item, children }) => (item === undefined || children !== undefined ? 0 : item.size));
  const place = treemap<Box>()
    .size([width, height])
    .paddingInner(1)
    .paddingTop((node) => (node.depth > 0 && isTitled(node) ? TITLE_HEIGHT : 0))
    .round(true);
  return place(root).descendants().slice(1);
}

/** Whether a box has room for a title above what is in it. */
export function isTitled({ x0, x1, y0, y1 }: PlacedBox): boolean {
  return x1 - x0 >= TITLED_MIN && y1 - y0 >= TITLED_MIN;
}

/** What is in a group: the budget goes to the parts by their size, so that a level never has more than the first. */
function inside(group: Group, flat: number, budget: number, levels: number): Box[] {
  const items = largest(group, Math.min(budget, CHILDREN_MAX));
  const hasGroups = items.some((item) => isGroup(item) && !item.isRest);
  if (!hasGroups) return largest(group, flat).map((item) => ({ item }));
  return items.map((item) => {
    const share = Math.floor((budget * item.size) / group.size);
    if (!isGroup(item) || item.isRest || share < LEAST || levels === 1) return { item };
    const children = inside(item, share, share, levels - 1);
    return isMostlyRest(children, item) ? { item } : { item, children };
  });
}

/** Whether most of a group would be what has no rectangle of its own: the group then says more as one. */
function isMostlyRest(children: readonly Box[], { size }: Group): boolean {
  const rest = children.find(({ item }) => item !== undefined && isGroup(item) && item.isRest)?.item;
  return rest !== undefined && rest.size > size / 2;
}
