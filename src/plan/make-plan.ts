/** `plan <dir>`: scans a tree, gives ids, checks the plan as `pack` would, and writes plan and ids file. */
import { AssetsPaError, type Diagnostic, type DiagnosticParts, Diagnostics, ioFault } from '../errors.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { Interruption } from '../host/interruption.js';
import { acquireLock } from '../host/lock.js';
import { baseName, folderOf, joinPath, relativePath, samePath } from '../host/paths.js';
import { replaceFile } from '../host/replace-file.js';
import { readIfThere, scanTree, type Tree } from '../host/scan.js';
import {
  allocateIds,
  type BankOption,
  describeFiles,
  type GeneratedAsset,
  outputFiles,
  SIDECAR_SUFFIX,
} from './from-tree.js';
import { IDS_NAME, type IdEntry, readIds } from './ids.js';
import type { DraftPlan } from './model.js';
import { planText } from './plan-text.js';
import { readPlan } from './read-plan.js';
import { checkSizes, findSources, type Source } from './sources.js';

/** What a plan is called by default. */
export const PLAN_NAME = 'assets-pa.plan.json';

const STANDARD_OUTPUT = '-';

/** Options of {@link makePlan}. */
export interface MakePlanOptions {
  /** Where the plan goes; `-`: it is only returned, for standard output. Defaults to `assets-pa.plan.json` in the tree. */
  readonly planPath?: string | undefined;
  /** Where ids are kept. Defaults to `assets-pa.ids.json` beside the plan, in the tree when the plan is no file. */
  readonly idsPath?: string | undefined;
  /** Bank types by glob, relative to the tree; the last match wins. */
  readonly banks?: readonly BankOption[];
  /** Whether a new id is an error (`IDS_FROZEN`). Defaults to false. */
  readonly frozenIds?: boolean;
  /** Interrupts the work, until the files are written. */
  readonly signal?: AbortSignal | undefined;
  /** Defaults to the machine's own. */
  readonly fs?: FileSystem;
}

/** A path that is no asset, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: 'symlink' | 'special' | 'output';
}

/** What {@link makePlan} did. */
export interface MadePlan {
  readonly planPath: string;
  /** The plan's bytes. */
  readonly plan: Uint8Array;
  readonly assetCount: number;
  readonly idsPath: string;
  /** Ids given in this run. */
  readonly allocated: number;
  /** Ids whose files are gone. */
  readonly retired: number;
  readonly skipped: readonly Skipped[];
  /** Whether payload paths leave the plan's folder, so that `pack` needs `--allow-outside-root`. */
  readonly leavesFolder: boolean;
  /** Warnings, at most 1,000. */
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnosticsOmitted: number;
}

/**
 * Makes a plan of every regular file below a folder.
 *
 * @throws AssetsPaError with every fault of the tree; then nothing is written and no id is given
 */
export async function makePlan(folder: string, options: MakePlanOptions = {}): Promise<MadePlan> {
  const { fs = nodeFileSystem, planPath = joinPath(folder, PLAN_NAME) } = options;
  const { idsPath = joinPath(planPath === STANDARD_OUTPUT ? folder : folderOf(planPath), IDS_NAME) } = options;
  const lock = await guardOutput(idsPath, () =>
    acquireLock(fs, `${joinPath(folderOf(idsPath), `.${baseName(idsPath)}`)}.lock`),
  );
  try {
    return await make(folder, planPath, idsPath, fs, options);
  } finally {
    await lock.release();
  }
}

async function make(
  folder: string,
  planPath: string,
  idsPath: string,
  fs: FileSystem,
  { banks = [], frozenIds = false, signal }: MakePlanOptions,
): Promise<MadePlan> {
  const report = new Diagnostics();
  const interruption = new Interruption(signal);
  const tree = await guardInput(folder, () => scanTree(fs, folder, interruption));
  const ids = readIds(await guardInput(idsPath, () => readIfThere(fs, idsPath)), idsPath);
  const { paths, sidecars, skipped } = sortOut(tree, (path) => {
    const full = joinPath(folder, path);
    return samePath(full, planPath) || samePath(full, idsPath);
  });
  for (const path of tree.unreadableNames)
    report.report('PLAN_VALUE', { what: 'a file name is not UTF-8', where: { path } });
  for (const path of sidecars.orphans) {
    report.report('SIDECAR_INVALID', { what: 'there is no payload file for this sidecar', where: { path } });
  }
  const files = await Promise.all(
    paths.map(async (path) => ({
      path,
      sidecar: sidecars.owners.has(path)
        ? await guardInput(path + SIDECAR_SUFFIX, () => fs.readFile(joinPath(folder, path + SIDECAR_SUFFIX)))
        : undefined,
    })),
  );
  const described = describeFiles(files, banks, report);
  const fresh = allocateIds(paths, ids);
  if (frozenIds) for (const { path } of fresh) report.report('IDS_FROZEN', frozen(path));
  const planFolder = folderOf(planPath);
  const assets = paths.flatMap((path) => {
    const members = described.get(path);
    const id = ids.find(path) as IdEntry;
    const file = relativePath(planFolder, joinPath(folder, path));
    return members === undefined ? [] : [{ asset_id: id.assetId, asset_name: id.assetName, ...members, file }];
  });
  assets.sort((a, b) => a.asset_id - b.asset_id);
  const leavesFolder = relativePath(planFolder, folder).split('/')[0] === '..';
  const bytes = planText({}, assets);
  const where = { folder: planFolder, root: planFolder, allowOutsideRoot: leavesFolder };
  await checkPlan(bytes, assets, (draft, found) => findSources(draft.assets, fs, where, found, interruption), report);
  report.throwIfErrors();
  await replaceFile(fs, idsPath, ids.toBytes());
  if (planPath !== STANDARD_OUTPUT) await replaceFile(fs, planPath, bytes);
  return {
    planPath,
    plan: bytes,
    assetCount: assets.length,
    idsPath,
    allocated: fresh.length,
    retired: ids.entries.length - paths.length,
    skipped,
    leavesFolder,
    diagnostics: report.list,
    diagnosticsOmitted: report.omitted,
  };
}

/** Which files are assets, which are sidecars, and what is passed over. */
function sortOut(
  { files, links, specials }: Tree,
  isOwn: (path: string) => boolean,
): { paths: string[]; sidecars: { owners: Set<string>; orphans: string[] }; skipped: Skipped[] } {
  const outputs = outputFiles(files);
  const isSidecar = (path: string) => path.endsWith(SIDECAR_SUFFIX);
  const paths = files.filter((path) => !outputs.has(path) && !isSidecar(path) && !isOwn(path));
  const known = new Set(paths);
  const owned = files.filter(isSidecar).map((path) => path.slice(0, -SIDECAR_SUFFIX.length));
  const skip = (reason: Skipped['reason'], list: readonly string[]) => list.map((path) => ({ path, reason }));
  return {
    paths,
    sidecars: {
      owners: new Set(owned.filter((path) => known.has(path))),
      orphans: owned.filter((path) => !known.has(path)).map((path) => path + SIDECAR_SUFFIX),
    },
    skipped: [
      ...skip('symlink', links),
      ...skip('special', specials),
      ...skip(
        'output',
        files.filter((path) => outputs.has(path)),
      ),
    ],
  };
}

/** The checks of `pack`, with the file named beside the place in the plan. */
async function checkPlan(
  bytes: Uint8Array,
  assets: readonly GeneratedAsset[],
  find: (draft: DraftPlan, report: Diagnostics) => Promise<(Source | undefined)[]>,
  report: Diagnostics,
): Promise<void> {
  const found = new Diagnostics();
  const draft = readPlan(bytes, found);
  checkSizes(draft, await find(draft, found), found);
  const named = found.list.map((each) => {
    const index = Number(/^\/assets\/(\d+)/.exec(each.where.plan ?? '')?.[1]);
    const path = assets[index]?.file;
    return path === undefined ? each : { ...each, where: { ...each.where, path } };
  });
  report.absorb(found, named);
}

function frozen(path: string): DiagnosticParts {
  return {
    what: 'this file has no id yet, and ids are frozen',
    where: { path },
    hint: 'run the command without --frozen-ids where the ids file is kept, and commit the ids file',
  };
}

async function guardInput<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof AssetsPaError) throw error;
    throw ioFault('INPUT_READ', 'the input cannot be read', path, error);
  }
}

async function guardOutput<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof AssetsPaError) throw error;
    throw ioFault('OUTPUT_WRITE', 'the file cannot be written', path, error);
  }
}
