/** From JSON pointers to bytes: only asked for values that a diagnostic names. */
import { type Diagnostic, pointerToken } from '../errors.js';
import { JsonTokenizer } from './json.js';

interface PathNode {
  readonly children: Map<string, PathNode>;
  /** The pointer that ends here, when one does. */
  pointer?: string;
}

/**
 * The first byte of each value that a pointer names. Pointers that name nothing are left out; of a repeated member the first
 * counts.
 *
 * @param bytes JSON: well-formed, as far as the pointers reach.
 */
export function locatePointers(bytes: Uint8Array, pointers: Iterable<string>): Map<string, number> {
  const found = new Map<string, number>();
  const tokens = new JsonTokenizer(bytes);
  /** One per open container: what is looked for below it, and where it stands. */
  const open: { readonly node: PathNode; index: number }[] = [];
  let node: PathNode | undefined = pathTree(pointers);
  tokens.next();
  for (;;) {
    const { token } = tokens;
    if (token === 'name') {
      node = open.at(-1)?.node.children.get(pointerToken(tokens.text()).slice(1));
      tokens.next();
      continue;
    }
    if (token === ']' || token === '}') open.pop();
    else {
      if (node?.pointer !== undefined && !found.has(node.pointer)) found.set(node.pointer, tokens.start);
      if ((token === '{' || token === '[') && node !== undefined && node.children.size > 0) {
        open.push({ node, index: 0 });
        node = node.children.get('0');
        tokens.next();
        continue;
      }
      tokens.skip();
    }
    const frame = open.at(-1);
    if (frame === undefined) return found;
    // Of an object the next name says where this is.
    frame.index += 1;
    node = frame.node.children.get(String(frame.index));
    tokens.next();
  }
}

function pathTree(pointers: Iterable<string>): PathNode {
  const root: PathNode = { children: new Map() };
  for (const pointer of pointers) {
    let node = root;
    for (const segment of pointer.split('/').slice(1)) {
      let child = node.children.get(segment);
      if (child === undefined) {
        child = { children: new Map() };
        node.children.set(segment, child);
      }
      node = child;
    }
    node.pointer = pointer;
  }
  return root;
}

/**
 * Adds to each diagnostic without one the byte of the value that its pointer names.
 *
 * @param bytes The JSON text that the pointers go into.
 * @param member Which pointer: into a header, or into a plan.
 * @param start Where the text begins in its file.
 */
export function withOffsets(
  bytes: Uint8Array,
  list: readonly Diagnostic[],
  member: 'pointer' | 'plan',
  start: number,
): Diagnostic[] {
  const pointerOf = ({ where }: Diagnostic) => (where.offset === undefined ? where[member] : undefined);
  const missing = list.flatMap((each) => pointerOf(each) ?? []);
  if (missing.length === 0) return [...list];
  const offsets = locatePointers(bytes, missing);
  return list.map((each) => {
    const pointer = pointerOf(each);
    const at = pointer === undefined ? undefined : offsets.get(pointer);
    return at === undefined ? each : { ...each, where: { ...each.where, offset: start + at } };
  });
}
