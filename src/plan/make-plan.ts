/** `plan <dir>`: scans a tree, gives ids, checks the plan as `pack` would, and writes plan and ids file. */
import { runSteps } from '../codec/steps.js';
import { type Diagnostic, Diagnostics, ioStep } from '../errors.js';
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
  type TreeFile,
} from './from-tree.js';
import { IDS_NAME, type IdEntry, type IdRegistry, readIds } from './ids.js';
import { planText } from './plan-text.js';
import { readPlan } from './read-plan.js';
import { checkSizes, findSources } from './sources.js';

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
 * @throws AssetsPaError with every fault of the tree: then nothing is written and no id is given; `OUTPUT_WRITE`: ids that the ids file
 * already has stay given
 */
export async function makePlan(folder: string, options: MakePlanOptions = {}): Promise<MadePlan> {
  const { fs = nodeFileSystem, planPath = joinPath(folder, PLAN_NAME) } = options;
  const { idsPath = joinPath(planPath === STANDARD_OUTPUT ? folder : folderOf(planPath), IDS_NAME) } = options;
  await ioStep('INPUT_READ', 'the folder cannot be read', folder, () => fs.readdir(folder));
  if (planPath !== STANDARD_OUTPUT) {
    await ioStep('OUTPUT_WRITE', 'the plan cannot be written', planPath, () => fs.stat(folderOf(planPath)));
  }
  const lock = await ioStep('OUTPUT_WRITE', 'the file cannot be written', idsPath, () =>
    acquireLock(fs, `${joinPath(folderOf(idsPath), `.${baseName(idsPath)}`)}.lock`, 'this ids file'),
  );
  try {
    return await new PlanMaker(folder, planPath, idsPath, fs, options).make();
  } finally {
    // What was written stays written; the next run takes a lock that this process left.
    await lock.release().catch(() => {});
  }
}

class PlanMaker {
  readonly #folder: string;
  readonly #planPath: string;
  readonly #idsPath: string;
  readonly #fs: FileSystem;
  readonly #options: MakePlanOptions;
  readonly #interruption: Interruption;
  readonly #report = new Diagnostics();

  constructor(folder: string, planPath: string, idsPath: string, fs: FileSystem, options: MakePlanOptions) {
    this.#folder = folder;
    this.#planPath = planPath;
    this.#idsPath = idsPath;
    this.#fs = fs;
    this.#options = options;
    this.#interruption = new Interruption(options.signal);
  }

  async make(): Promise<MadePlan> {
    const tree = await this.#read(this.#folder, () => scanTree(this.#fs, this.#folder, this.#interruption));
    const ids = readIds(await this.#read(this.#idsPath, () => readIfThere(this.#fs, this.#idsPath)), this.#idsPath);
    const sorted = sortOut(tree, (path) => this.#isOwn(path));
    const fresh = allocateIds(sorted.paths, ids);
    const assets = await this.#generate(sorted, ids);
    this.#reportTree(tree, sorted, fresh);
    const plan = planText({}, assets);
    const leavesFolder = relativePath(folderOf(this.#planPath), this.#folder).split('/')[0] === '..';
    await this.#check(plan, assets, leavesFolder);
    this.#report.throwIfErrors();
    await replaceFile(this.#fs, this.#idsPath, ids.toBytes());
    if (this.#planPath !== STANDARD_OUTPUT) await replaceFile(this.#fs, this.#planPath, plan);
    return {
      planPath: this.#planPath,
      plan,
      assetCount: assets.length,
      idsPath: this.#idsPath,
      allocated: fresh.length,
      retired: ids.entries.length - sorted.paths.length,
      skipped: sorted.skipped,
      leavesFolder,
      diagnostics: this.#report.list,
      diagnosticsOmitted: this.#report.omitted,
    };
  }

  /** The plan's assets, by increasing id; files with a fault are left out and reported. */
  async #generate({ paths, sidecars }: SortedTree, ids: IdRegistry): Promise<GeneratedAsset[]> {
    const files: TreeFile[] = [];
    for (const path of paths) files.push({ path, sidecar: sidecars.has(path) ? await this.#sidecar(path) : undefined });
    const described = describeFiles(files, this.#options.banks ?? [], this.#report);
    const planFolder = folderOf(this.#planPath);
    const assets = [...described].map(([path, members]) => {
      const { assetId, assetName } = ids.find(path) as IdEntry;
      const file = relativePath(planFolder, joinPath(this.#folder, path));
      return { asset_id: assetId, asset_name: assetName, ...members, file };
    });
    return assets.sort((a, b) => a.asset_id - b.asset_id);
  }

  #sidecar(path: string): Promise<Uint8Array> {
    const name = path + SIDECAR_SUFFIX;
    return this.#read(name, () => this.#fs.readFile(joinPath(this.#folder, name)));
  }

  #reportTree({ unreadableNames }: Tree, { orphans }: SortedTree, fresh: readonly IdEntry[]): void {
    for (const path of unreadableNames) {
      this.#report.report('PLAN_VALUE', { what: 'a file name is not UTF-8', where: { path } });
    }
    for (const path of orphans) {
      this.#report.report('SIDECAR_INVALID', { what: 'there is no payload file for this sidecar', where: { path } });
    }
    if (this.#options.frozenIds !== true) return;
    for (const { path } of fresh) {
      this.#report.report('IDS_FROZEN', {
        what: 'this file has no id yet, and ids are frozen',
        where: { path },
        hint: 'run the command without --frozen-ids where the ids file is kept, and commit the ids file',
      });
    }
  }

  /** The checks of `pack`, with the file named beside the place in the plan. */
  async #check(plan: Uint8Array, assets: readonly GeneratedAsset[], allowOutsideRoot: boolean): Promise<void> {
    const found = new Diagnostics();
    const folder = folderOf(this.#planPath);
    const draft = readPlan(plan, found);
    const where = { folder, root: folder, allowOutsideRoot };
    const sources = await findSources(draft.assets, this.#fs, where, found, this.#interruption);
    runSteps(checkSizes(draft, sources, found));
    const named = found.list.map((each) => {
      const [, index, rest = ''] = /^\/assets\/(\d+)(.*)$/s.exec(each.where.plan ?? '') ?? [];
      const path = assets[Number(index)]?.file;
      // The plan is not written yet: a place in it would lead nowhere.
      return path === undefined ? each : { ...each, where: { path: each.where.path ?? path, pointer: rest } };
    });
    this.#report.absorb(found, named);
  }

  /** The plan and the ids file are no assets of their own tree, nor are files that have their default names. */
  #isOwn(path: string): boolean {
    const name = baseName(path);
    if (name === PLAN_NAME || name === IDS_NAME) return true;
    const full = joinPath(this.#folder, path);
    return samePath(full, this.#planPath) || samePath(full, this.#idsPath);
  }

  #read<T>(path: string, step: () => Promise<T>): Promise<T> {
    return ioStep('INPUT_READ', 'the input cannot be read', path, step);
  }
}

/** A tree, sorted out. */
interface SortedTree {
  /** Files that become assets, in UTF-16 order. */
  readonly paths: readonly string[];
  /** Those of them that have a sidecar. */
  readonly sidecars: ReadonlySet<string>;
  /** Sidecars without a file. */
  readonly orphans: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Which files are assets, which are sidecars, and what is passed over. */
function sortOut({ files, links, specials }: Tree, isOwn: (path: string) => boolean): SortedTree {
  const outputs = outputFiles(files);
  const isSidecar = (path: string) => path.endsWith(SIDECAR_SUFFIX);
  const paths = files.filter((path) => !outputs.has(path) && !isSidecar(path) && !isOwn(path));
  const known = new Set(paths);
  const owners = files.filter(isSidecar).map((path) => path.slice(0, -SIDECAR_SUFFIX.length));
  const skip = (reason: Skipped['reason'], list: readonly string[]) => list.map((path) => ({ path, reason }));
  return {
    paths,
    sidecars: new Set(owners.filter((path) => known.has(path))),
    orphans: owners.filter((path) => !known.has(path)).map((path) => path + SIDECAR_SUFFIX),
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
