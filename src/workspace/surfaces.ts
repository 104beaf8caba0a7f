/** The documents of a workspace as surfaces: each with a version of its own, looked at before anything else. */
import { JsonSyntaxError } from '../codec/json.js';
import { describeTreeFault, isPlainObject, parseDocument, type Tree } from '../codec/json-tree.js';
import { type Diagnostic, type ErrorCode, unsupportedVersion } from '../errors.js';
import { schemaVersionOf } from '../plan/json-plan.js';
import type { DocumentReport } from './document-report.js';

/** One step of a migration: the document of a version as the next version has it. Touches no file. */
export type Migration = (document: { readonly [member: string]: Tree }) => Tree;

/** A kind of document. */
export interface Surface {
  /** As messages name it. */
  readonly artifact: string;
  /** The version that this release writes. */
  readonly version: number;
  /** Steps from older versions, by the version that each begins with: the support window. */
  readonly migrations: ReadonlyMap<number, Migration>;
  /** What its faults are called. */
  readonly invalid: ErrorCode;
  /** What cannot go on without it. */
  readonly blocks: string;
  /** What to do about a version outside the window. */
  readonly hint: string;
}

/** `asset.json`. */
export const DECLARATION: Surface = {
  artifact: 'asset.json',
  version: 2,
  migrations: new Map(),
  invalid: 'DECLARATION_INVALID',
  blocks: 'the asset',
  hint: 'use a release that knows this version',
};

/** `assets/.prometeu/index.json`. */
export const REGISTRY: Surface = {
  artifact: 'registry',
  version: 2,
  migrations: new Map(),
  invalid: 'REGISTRY_INVALID',
  blocks: 'everything in the project',
  hint: 'use a release that knows this version; never delete the registry: ids would be given anew',
};

/**
 * Reads a document: its version, then its text; an older one of the window is migrated in memory.
 *
 * @param report Receives every fault: that of the version alone, or those of the text.
 * @returns The document in the current version; undefined when there is nothing to read members from.
 */
export function parseSurface(bytes: Uint8Array, surface: Surface, report: DocumentReport): Tree | undefined {
  const version = schemaVersionOf(bytes) ?? surface.version;
  if (version !== surface.version && !surface.migrations.has(version)) {
    report.add(unsupported(surface, version, report.path));
    return undefined;
  }
  let tree: Tree;
  try {
    const parsed = parseDocument(bytes);
    for (const each of parsed.faults) {
      if (each.kind === 'negative zero') continue;
      report.at(surface.invalid, each.pointer, { ...describeTreeFault(each), where: { offset: each.offset } });
    }
    tree = parsed.tree;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    report.isText = false;
    report.report(surface.invalid, { what: `this is no JSON: ${error.message}`, where: { offset: error.offset } });
    return undefined;
  }
  if (version === surface.version) return tree;
  // Its pointers go into a text that is not there.
  report.isText = false;
  return upgraded(tree, version, surface);
}

/** The document in the current version. */
function upgraded(tree: Tree, version: number, { version: current, migrations }: Surface): Tree {
  let document = tree;
  for (let from = version; from < current && isPlainObject(document); from += 1) {
    document = (migrations.get(from) as Migration)(document as { [member: string]: Tree });
  }
  return document;
}

function unsupported({ artifact, version, hint, blocks }: Surface, found: number, path: string): Diagnostic {
  const where = { path, pointer: '/schema_version' };
  return unsupportedVersion({ artifact, supported: version, found, where, hint, blocks });
}
