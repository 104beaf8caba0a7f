/** A plan from a folder tree of ready payload files. */
import picomatch from 'picomatch';
import { JsonSyntaxError } from '../codec/json.js';
import { describeTreeFault, parseDocument } from '../codec/json-tree.js';
import type { DiagnosticParts, Diagnostics } from '../errors.js';
import { OUTPUT_NAMES } from '../format.js';
import { AssetSchema } from '../schema/gen/assets_pa/plan/v1/plan_pb.js';
import { FieldReader } from './fields.js';
import type { IdEntry, IdRegistry } from './ids.js';

/** What sidecars are called: `<file>.asset.json`. */
export const SIDECAR_SUFFIX = '.asset.json';

/** A `--bank GLOB=TYPE` option. */
export interface BankOption {
  readonly glob: string;
  readonly bankType: string;
}

/** A file that becomes an asset. */
export interface TreeFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  /** The bytes of its sidecar, when it has one. */
  readonly sidecar: Uint8Array | undefined;
}

/** An asset of a generated plan, in the plan's own spelling. */
export interface GeneratedAsset {
  readonly asset_id: number;
  readonly asset_name: string;
  readonly bank_type: string;
  readonly file: string;
  readonly [member: string]: unknown;
}

/** Members of a plan's asset that a sidecar does not decide. */
const FOREIGN_MEMBERS = ['asset_id', 'asset_name', 'codec', 'file', 'inline', 'size', 'digest'];

/** Which of a folder's files are outputs of a pack: the four names, where `assets.pa` is among them. */
export function outputFiles(files: readonly string[]): Set<string> {
  const folders = files.flatMap((path) => {
    const isArtifact = path === OUTPUT_NAMES.artifact || path.endsWith(`/${OUTPUT_NAMES.artifact}`);
    return isArtifact ? [path.slice(0, -OUTPUT_NAMES.artifact.length)] : [];
  });
  return new Set(folders.flatMap((folder) => Object.values(OUTPUT_NAMES).map((name) => folder + name)));
}

/**
 * Reads the sidecars and finds every file's bank type.
 *
 * @param banks The last match wins; a sidecar wins over all.
 * @param report Receives `SIDECAR_INVALID`, and one `BANK_TYPE_MISSING` for all files without one.
 * @returns Members for the plan, by path; files with a fault are left out.
 */
export function describeFiles(
  files: readonly TreeFile[],
  banks: readonly BankOption[],
  report: Diagnostics,
): Map<string, { readonly bank_type: string; readonly [member: string]: unknown }> {
  const matchers = banks.map(({ glob, bankType }) => ({
    isMatch: picomatch(glob, { dot: true, flags: 's' }),
    bankType,
  }));
  const described = new Map<string, { bank_type: string }>();
  const missing: string[] = [];
  for (const { path, sidecar } of files) {
    const members = sidecar === undefined ? {} : readSidecar(sidecar, path + SIDECAR_SUFFIX, report);
    if (members === undefined) continue;
    const byOption = matchers.findLast(({ isMatch }) => isMatch(path))?.bankType;
    const bankType = (members['bank_type'] as string | undefined) ?? byOption;
    if (bankType === undefined) missing.push(path);
    else described.set(path, { ...members, bank_type: bankType });
  }
  if (missing.length > 0) report.report('BANK_TYPE_MISSING', bankTypeMissing(missing));
  return described;
}

const LISTED = 20;

function bankTypeMissing(files: readonly string[]): DiagnosticParts {
  const more = files.length > LISTED ? `, and ${files.length - LISTED} more` : '';
  return {
    what: `no bank type for ${files.slice(0, LISTED).join(', ')}${more}`,
    where: { path: files[0] as string },
    hint: `add --bank 'GLOB=TYPE' ("**/*.ogg=SOUNDS" reaches every folder, "*.ogg=SOUNDS" only the top one), or a sidecar <file>${SIDECAR_SUFFIX}`,
    details: { count: files.length, files: files.slice(0, 1_000) },
  };
}

function readSidecar(
  bytes: Uint8Array,
  path: string,
  report: Diagnostics,
): { readonly [member: string]: unknown } | undefined {
  const before = report.errors;
  const fail = (pointer: string, parts: DiagnosticParts, offset?: number) =>
    report.report('SIDECAR_INVALID', { ...parts, where: { path, pointer, ...(offset !== undefined && { offset }) } });
  try {
    const { tree, faults } = parseDocument(bytes);
    for (const each of faults) {
      if (each.kind !== 'negative zero') fail(each.pointer, describeTreeFault(each), each.offset);
    }
    const reader = new FieldReader('json', (_, at, parts) => fail(at, parts));
    const read = reader.read(tree, AssetSchema, '', { foreign: FOREIGN_MEMBERS });
    return report.errors === before ? read?.fields : undefined;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    fail('', { what: `the sidecar is not JSON: ${error.message}` }, error.offset);
    return undefined;
  }
}

/**
 * Gives every path its id and name; new ones in UTF-16 order of the paths.
 *
 * @param paths In UTF-16 order.
 * @throws AssetsPaError `IDS_EXHAUSTED`
 * @returns The new entries.
 */
export function allocateIds(paths: readonly string[], ids: IdRegistry): IdEntry[] {
  const fresh = paths.filter((path) => ids.find(path) === undefined);
  const names = namesOf(fresh, new Set(ids.entries.map(({ assetName }) => assetName)));
  return fresh.map((path) => ids.allocate(path, names.get(path) as string));
}

/** A path without its extension, or with it where two names would be equal. */
function namesOf(paths: readonly string[], taken: ReadonlySet<string>): Map<string, string> {
  const names = new Map(paths.map((path) => [path, withoutExtension(path)]));
  for (let changed = true; changed; ) {
    changed = false;
    const count = new Map<string, number>();
    for (const name of names.values()) count.set(name, (count.get(name) ?? 0) + 1);
    for (const [path, name] of names) {
      if (name === path || ((count.get(name) ?? 0) < 2 && !taken.has(name))) continue;
      names.set(path, path);
      changed = true;
    }
  }
  return names;
}

function withoutExtension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path;
}
