/** What a migration changes in a document, member by member. */
import { isPlainObject, parseDocument, type Tree } from '../../codec/json-tree.js';
import { pointerToken } from '../../errors.js';

/** A member that is another one, or is there in one of the versions only. */
export interface MemberChange {
  /** Into the document of either version. */
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The changes from one document to another, in the order of the older one. */
export function changesOf(before: Uint8Array, after: Uint8Array): MemberChange[] {
  return [...changes(parseDocument(before).tree, parseDocument(after).tree, '')];
}

function* changes(before: Tree | undefined, after: Tree | undefined, pointer: string): Generator<MemberChange> {
  if (isPlainObject(before) && isPlainObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* changes(own(before, name), own(after, name), pointer + pointerToken(name));
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i += 1) {
      yield* changes(before[i], after[i], pointer + pointerToken(i));
    }
  } else if (before !== after) {
    yield { pointer, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  }
}

function own(object: { readonly [name: string]: unknown }, name: string): Tree | undefined {
  return Object.hasOwn(object, name) ? (object[name] as Tree) : undefined;
}
