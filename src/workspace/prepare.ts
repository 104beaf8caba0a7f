/** From a project to a plan: what the registry builds, frozen, judged and encoded. Nothing is written but the cache. */
import { Diagnostics } from '../errors.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { Interruption } from '../host/interruption.js';
import type { PlanInput } from '../plan/model.js';
import { adviseOnInputs, adviseOnTree, type ScannedWorkspace, scanWorkspace } from './advise.js';
import type { BankEncoder } from './bank-encoder.js';
import { checkPlan, inWorkspace, type PlannedBank, plannedBank, planOf } from './build-plan.js';
import { Cache, type CacheUse } from './cache.js';
import { ENCODERS } from './encoders.js';
import { type FrozenInput, freezeInputs, makeBank } from './inputs.js';
import { checkProject, type ProjectPaths, projectPaths, SCAN_MAX_NAMES } from './layout.js';
import { adviseOnVersions, checkPreloadV1, preloadOfRegistry } from './migration/in-memory.js';
import { reportMissingAnchors } from './moved.js';
import { flushAsset, judgeAsset, readAsset, type WorkspaceAsset } from './registered.js';
import { loadRegistry } from './registry-file.js';
import { Snapshot } from './snapshot.js';

/** Options of {@link prepareBuild}. */
export interface PrepareOptions {
  /** Defaults to the machine's own. */
  readonly fs?: FileSystem;
  /** Defaults to `use`. */
  readonly cache?: CacheUse;
  /** Whether everything advisory is looked for, too. Defaults to false: only what is not registered. */
  readonly advise?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Defaults to {@link ENCODERS}. */
  readonly encoders?: readonly BankEncoder[];
  /** Names that the scan looks at, at most. */
  readonly scanLimit?: number;
}

/** What a build would be made of. */
export interface PreparedBuild {
  readonly plan: PlanInput;
  /** Every fault and warning; with an error in it, the plan is not whole. */
  readonly report: Diagnostics;
  readonly counts: PreparedCounts;
  /** Places of the plan's diagnostics in the workspace. */
  inWorkspace(list: Parameters<typeof inWorkspace>[0]): ReturnType<typeof inWorkspace>;
  /**
   * Looks whether the project still is what was frozen.
   *
   * @throws AssetsPaError `SOURCE_CHANGED`
   */
  revalidate(): Promise<void>;
  /** Clears the cache of what takes too much room. */
  prune(): Promise<void>;
}

/** Figures of a {@link PreparedBuild}. */
export interface PreparedCounts {
  readonly registered: number;
  readonly included: number;
  /** Input files that were hashed, and their bytes. */
  readonly inputs: { readonly files: number; readonly bytes: number };
  /** Banks that an encoder made, and those that the cache had; raw banks are neither. */
  readonly banks: { readonly encoded: number; readonly reused: number };
}

/**
 * Prepares a build: reads the registry, every `asset.json` and every input once.
 *
 * @throws AssetsPaError `PROJECT_NOT_FOUND`, `REGISTRY_INVALID` and what else keeps the registry from being read, `SOURCE_CHANGED`, `INTERRUPTED`
 */
export async function prepareBuild(project: string, options: PrepareOptions = {}): Promise<PreparedBuild> {
  const { fs = nodeFileSystem } = options;
  await checkProject(fs, project);
  const interruption = new Interruption(options.signal);
  const snapshot = await Snapshot.begin(fs, project, interruption);
  return new Preparation(fs, projectPaths(project), snapshot, interruption, options).run();
}

class Preparation {
  readonly #fs: FileSystem;
  readonly #paths: ProjectPaths;
  readonly #snapshot: Snapshot;
  readonly #interruption: Interruption;
  readonly #options: PrepareOptions;
  readonly #cache: Cache;
  readonly #report = new Diagnostics();
  readonly #banks: PlannedBank[] = [];
  readonly #inputs: { readonly asset: WorkspaceAsset; readonly input: FrozenInput }[] = [];
  readonly #made = { encoded: 0, reused: 0 };

  constructor(
    fs: FileSystem,
    paths: ProjectPaths,
    snapshot: Snapshot,
    interruption: Interruption,
    options: PrepareOptions,
  ) {
    this.#fs = fs;
    this.#paths = paths;
    this.#snapshot = snapshot;
    this.#interruption = interruption;
    this.#options = options;
    this.#cache = new Cache(fs, paths.cache, options.cache ?? 'use');
  }

  async run(): Promise<PreparedBuild> {
    const { registry, file } = await loadRegistry(this.#fs, this.#paths);
    this.#snapshot.note(this.#paths.registry, this.#paths.registry, file.identity);
    const { encoders = ENCODERS } = this.#options;
    const preloadOf = preloadOfRegistry(registry);
    const assets: WorkspaceAsset[] = [];
    for (const entry of registry.assets) {
      this.#interruption.check();
      const { project } = this.#paths;
      const asset = await readAsset(entry, { fs: this.#fs, project, snapshot: this.#snapshot, preloadOf });
      judgeAsset(asset, encoders);
      assets.push(asset);
    }
    adviseOnVersions(registry, assets, this.#paths, this.#report);
    checkPreloadV1(registry, file.bytes, assets, this.#paths, this.#report);
    const scanned = await this.#scan(assets);
    await reportMissingAnchors(assets, scanned.orphans, this.#fs, this.#paths);
    for (const asset of assets) if (asset.entry.includedInBuild) await this.#make(asset);
    if (this.#options.advise === true) {
      adviseOnInputs(this.#inputs, assets);
      await adviseOnTree(scanned, assets, this.#fs, this.#paths, this.#report);
    }
    for (const asset of assets) flushAsset(asset, this.#report);
    checkPlan(this.#banks, this.#report);
    return this.#prepared(assets);
  }

  async #scan(assets: readonly WorkspaceAsset[]): Promise<ScannedWorkspace> {
    const { scanLimit = SCAN_MAX_NAMES } = this.#options;
    return scanWorkspace(assets, this.#fs, this.#paths, this.#interruption, scanLimit, this.#report);
  }

  async #make(asset: WorkspaceAsset): Promise<void> {
    const { ready } = asset;
    if (ready === undefined) return;
    const inputs = await freezeInputs(asset, ready, this.#snapshot);
    if (inputs === undefined) return;
    this.#inputs.push(...inputs.map((input) => ({ asset, input })));
    const made = await makeBank(asset, ready, inputs, { snapshot: this.#snapshot, cache: this.#cache });
    if (made === undefined) return;
    if (made.bank.payload instanceof Uint8Array) this.#made[made.isReused ? 'reused' : 'encoded'] += 1;
    this.#banks.push(plannedBank(asset, ready, made.bank, inputs));
  }

  #prepared(assets: readonly WorkspaceAsset[]): PreparedBuild {
    const { files, bytes } = this.#snapshot;
    return {
      plan: planOf(this.#banks),
      report: this.#report,
      counts: {
        registered: assets.length,
        included: assets.filter(({ entry }) => entry.includedInBuild).length,
        inputs: { files, bytes },
        banks: this.#made,
      },
      inWorkspace: (list) => inWorkspace(list, this.#banks),
      revalidate: () => this.#snapshot.revalidate(),
      prune: () => this.#cache.prune(),
    };
  }
}
