/** The registry of version 1 as version 2 has it, and what it preloads. Touches no file. */
import { INVALID, type Tree } from '../../codec/json-tree.js';
import { isSlot, slotRange } from '../../codec/preload-rules.js';
import type { DiagnosticParts } from '../../errors.js';
import type { FieldReader } from '../../plan/fields.js';
import {
  PreloadSchema,
  RegisteredAssetSchema,
  RegistrySchema,
} from '../../schema/gen/assets_pa/workspace/v1/workspace_pb.js';
import type { DocumentReport } from '../document-report.js';
import { missingMembers } from '../members.js';
import { REGISTRY } from '../surfaces.js';
import { type PreloadLine, PreloadV1 } from './preload-v1.js';

/** A registry of version 1. */
export interface MigratedRegistry {
  /** The document in version 2. */
  readonly tree: Tree;
  readonly preload: PreloadV1;
}

/** What to do about members that version 1 did not have yet. */
const HINTS = { included_in_build: 'version 1 calls it "managed"; or write version 2' };

/**
 * Migrates a registry. Only what differs between the versions is judged here; the rest is judged as version 2.
 *
 * @param report Receives `REGISTRY_INVALID`, `PRELOAD_INVALID`, `PRELOAD_SLOT_RANGE`.
 * @returns Undefined when something is wrong.
 */
export function registryFromV1(tree: Tree, fields: FieldReader, report: DocumentReport): MigratedRegistry | undefined {
  const before = report.errors;
  const invalid = (pointer: string, parts: DiagnosticParts) => report.at(REGISTRY.invalid, pointer, parts);
  const read = fields.read(tree, RegistrySchema, '');
  if (read === undefined) return undefined;
  const { schema_version: _, next_asset_id, assets, preload = [] } = read.fields;
  const migrated = (assets as Tree[] | undefined)?.map((each, i): Tree => {
    const at = `/assets/${i}`;
    const line = each === INVALID ? undefined : fields.read(each, RegisteredAssetSchema, at, { hints: HINTS });
    if (line === undefined) return INVALID;
    missingMembers(line, ['managed'], at, invalid);
    const { managed, ...rest } = line.fields;
    return { ...(rest as { [name: string]: Tree }), included_in_build: managed as Tree };
  });
  const lines = (preload as Tree[]).map((each, i) => preloadLine(each, `/preload/${i}`, fields, report, invalid));
  reportRepeated(lines, report);
  if (report.errors > before) return undefined;
  return {
    tree: {
      schema_version: REGISTRY.version,
      ...(next_asset_id !== undefined && { next_asset_id: next_asset_id as Tree }),
      ...(migrated !== undefined && { assets: migrated }),
    },
    preload: new PreloadV1(lines),
  };
}

function preloadLine(
  value: Tree,
  at: string,
  fields: FieldReader,
  report: DocumentReport,
  invalid: (pointer: string, parts: DiagnosticParts) => void,
): PreloadLine {
  const line = value === INVALID ? undefined : fields.read(value, PreloadSchema, at);
  if (line !== undefined) missingMembers(line, ['name'], at, invalid);
  const { name, slot } = (line?.fields ?? {}) as { readonly name: string; readonly slot?: number };
  if (slot !== undefined && !isSlot(slot)) {
    report.at('PRELOAD_SLOT_RANGE', `${at}/slot`, { ...slotRange(slot), hint: 'correct the slot' });
  }
  return { name, slot, pointer: `${at}/name` };
}

function reportRepeated(lines: readonly PreloadLine[], report: DocumentReport): void {
  const seen = new Set<string>();
  for (const { name, pointer } of lines) {
    if (name === undefined) continue;
    if (seen.has(name)) {
      const hint = 'keep one of the lines';
      report.at('PRELOAD_INVALID', pointer, { what: 'an asset is preloaded twice', actual: name, hint });
    }
    seen.add(name);
  }
}
