/** The documents of a workspace as surfaces: each with a version of its own, looked at before anything else. */
import { JsonSyntaxError } from '../codec/json.js';
import { describeTreeFault, parseDocument, type Tree } from '../codec/json-tree.js';
import { type Diagnostic, type ErrorCode, unsupportedVersion } from '../errors.js';
import { schemaVersionOf } from '../plan/json-plan.js';
import type { DocumentReport } from './document-report.js';

/** A kind of document. */
export interface Surface {
  /** As messages name it. */
  readonly artifact: string;
  /** The version that this release writes. */
  readonly version: number;
  /** The first version of the support window; from there on documents are migrated. */
  readonly oldest: number;
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
  oldest: 1,
  invalid: 'DECLARATION_INVALID',
  blocks: 'the asset',
  hint: 'use a release that knows this version',
};

/** `assets/.prometeu/index.json`. */
export const REGISTRY: Surface = {
  artifact: 'registry',
  version: 2,
  oldest: 1,
  invalid: 'REGISTRY_INVALID',
  blocks: 'everything in the project',
  hint: 'use a release that knows this version; never delete the registry: ids would be given anew',
};

/** A document of the window, as it stands. */
export interface VersionedTree {
  readonly tree: Tree;
  /** That of the surface where the document has none. */
  readonly version: number;
}

/**
 * Reads a document: its version, then its text.
 *
 * @param report Receives every fault: that of the version alone, or those of the text.
 * @returns Undefined when there is nothing to read members from.
 */
export function parseSurface(bytes: Uint8Array, surface: Surface, report: DocumentReport): VersionedTree | undefined {
  const version = schemaVersionOf(bytes) ?? surface.version;
  if (version < surface.oldest || version > surface.version) {
    report.add(unsupported(surface, version, report.path));
    return undefined;
  }
  try {
    const { tree, faults } = parseDocument(bytes);
    for (const each of faults) {
      if (each.kind === 'negative zero') continue;
      report.at(surface.invalid, each.pointer, { ...describeTreeFault(each), where: { offset: each.offset } });
    }
    return { tree, version };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    report.isText = false;
    report.report(surface.invalid, { what: `this is no JSON: ${error.message}`, where: { offset: error.offset } });
    return undefined;
  }
}

function unsupported(
  { artifact, version: max, oldest: min, hint, blocks }: Surface,
  found: number,
  path: string,
): Diagnostic {
  const where = { path, pointer: '/schema_version' };
  return unsupportedVersion({ artifact, supported: { min, max }, found, where, hint, blocks });
}
