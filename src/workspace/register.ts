/** `register`: gives an asset root its id, for good; or finds the id that it has. */
import { AssetsPaError, type DiagnosticParts, Diagnostics, fault, ioStep, systemCode } from '../errors.js';
import { readBounded } from '../host/bounded-file.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { Interruption } from '../host/interruption.js';
import { folderOf, joinPath, makeFolders, relativePath } from '../host/paths.js';
import { replaceFile } from '../host/replace-file.js';
import { SourceFolder } from '../host/source-folder.js';
import { type Declaration, readDeclaration } from './declaration.js';
import { DocumentReport } from './document-report.js';
import { migrateHint } from './fixes.js';
import {
  ANCHOR,
  ANCHOR_MAX_BYTES,
  anchorPath,
  findProject,
  type ProjectPaths,
  projectPaths,
  rootAbove,
  rootOf,
} from './layout.js';
import { uuidAt } from './moved.js';
import { aboutAnchor } from './registered.js';
import { type RegisteredAsset, type Registry, withAsset } from './registry.js';
import { loadRegistry, storeRegistry, withRegistryLock } from './registry-file.js';
import { type SkeletonOptions, skeleton } from './skeleton.js';

/** Options of {@link registerRoot}. */
export interface RegisterOptions {
  /** Makes an `asset.json` where there is none; `name` defaults to the root. */
  readonly create?: Pick<SkeletonOptions, 'type'> & { readonly name?: string | undefined };
  readonly signal?: AbortSignal | undefined;
  /** Defaults to the machine's own. */
  readonly fs?: FileSystem;
}

/** What {@link registerRoot} did. */
export interface Registration {
  readonly project: string;
  readonly asset: RegisteredAsset;
  readonly name: string;
  /** A new id; the id of a root that was moved; nothing was to do. */
  readonly outcome: 'registered' | 'moved' | 'unchanged';
  /** The `asset.json` that was made. */
  readonly created: string | undefined;
}

/**
 * Registers an asset root.
 *
 * @param folder The root; the project is found above it.
 * @throws AssetsPaError `PROJECT_NOT_FOUND`, `ROOT_INVALID`, `MIGRATION_REQUIRED`, `ANCHOR_MISSING`, `DECLARATION_INVALID`, `IDENTITY_COLLISION`, `IDS_EXHAUSTED`,
 * `OUTPUT_LOCKED`, `OUTPUT_WRITE`: then no id is given
 */
export async function registerRoot(folder: string, options: RegisterOptions = {}): Promise<Registration> {
  const { fs = nodeFileSystem } = options;
  const project = await findProject(fs, folder);
  const root = rootOf(project, folder);
  const paths = projectPaths(project);
  return withRegistryLock(fs, paths, () => new Registrar(fs, paths, root, options).run());
}

/** What can be wrong with the file that an `asset.json` is. */
const SOURCE_CODES: ReadonlySet<string> = new Set([
  'SOURCE_NOT_FOUND',
  'SOURCE_NOT_A_FILE',
  'SOURCE_OUTSIDE_ROOT',
  'SOURCE_READ',
]);

class Registrar {
  readonly #fs: FileSystem;
  readonly #paths: ProjectPaths;
  readonly #root: string;
  readonly #anchor: string;
  readonly #options: RegisterOptions;

  constructor(fs: FileSystem, paths: ProjectPaths, root: string, options: RegisterOptions) {
    this.#fs = fs;
    this.#paths = paths;
    this.#root = root;
    this.#anchor = joinPath(paths.workspace, root, ANCHOR);
    this.#options = options;
  }

  async run(): Promise<Registration> {
    const { registry } = await loadRegistry(this.#fs, this.#paths);
    if (registry.preloadV1 !== undefined) throw fault('MIGRATION_REQUIRED', olderRegistry(this.#paths));
    this.#checkPlace(registry);
    await this.#checkInside();
    await this.#checkNotGone(registry);
    const created = await this.#create();
    const { assetUuid, name } = await this.#read();
    const base = { project: this.#paths.project, name, created };
    const known = registry.assets.find((each) => each.assetUuid === assetUuid);
    if (known?.root === this.#root) return { ...base, asset: known, outcome: 'unchanged' };
    this.#checkRootIsFree(registry, assetUuid);
    if (known !== undefined) return { ...base, asset: await this.#move(registry, known), outcome: 'moved' };
    const next = { assetUuid, root: this.#root, includedInBuild: true };
    const { registry: grown, added } = withAsset(registry, next);
    await storeRegistry(this.#fs, this.#paths, grown);
    return { ...base, asset: added, outcome: 'registered' };
  }

  /** Asset roots do not lie in one another. */
  #checkPlace({ assets }: Registry): void {
    const roots = new Set(assets.map(({ root }) => root));
    const outer = rootAbove(roots, this.#root);
    const inner = assets.find(({ root }) => root.startsWith(`${this.#root}/`))?.root;
    if (outer === undefined && inner === undefined) return;
    throw fault('ROOT_INVALID', {
      what: outer === undefined ? 'another asset root lies in this folder' : 'the folder lies in another asset root',
      where: { path: joinPath(this.#paths.workspace, this.#root) },
      actual: outer ?? inner,
      hint: 'give each asset a folder of its own',
    });
  }

  /** No link leads to the root. */
  async #checkInside(): Promise<void> {
    const { project, workspace } = this.#paths;
    const folder = joinPath(workspace, this.#root);
    for (let at = folder; at !== workspace; at = folderOf(at)) {
      const real = await this.#fs.realpath(at).catch(() => undefined);
      if (real === undefined) continue;
      const way = relativePath(await this.#fs.realpath(project), real);
      if (way === '..' || way.startsWith('../')) {
        const hint = 'name a folder of the project';
        const what = 'the asset root leads out of the project';
        throw fault('SOURCE_OUTSIDE_ROOT', { what, where: { path: folder }, hint });
      }
      if (way === relativePath(project, at)) return;
      throw fault('ROOT_INVALID', {
        what: 'a link leads to the asset root, which scans do not follow',
        where: { path: folder },
        hint: `name the folder itself: ${joinPath(project, way, relativePath(at, folder))}`,
      });
    }
  }

  /** A registered root without `asset.json` waits for it to come back: a new one would be another asset. */
  async #checkNotGone({ assets }: Registry): Promise<void> {
    const holder = assets.find(({ root }) => root === this.#root);
    if (holder === undefined || (await this.#isThere())) return;
    throw fault('IDENTITY_COLLISION', {
      what: `asset ${holder.assetId} is registered with this root, and its asset.json is gone`,
      where: { path: this.#anchor },
      asset_id: holder.assetId,
      hint: `restore it; or when that asset is gone for good, remove its line from ${this.#paths.registry}: its id is not given again`,
    });
  }

  /** @returns The path of the `asset.json` that was made. */
  async #create(): Promise<string | undefined> {
    const { create, signal } = this.#options;
    if (create === undefined || (await this.#isThere())) return undefined;
    const folder = joinPath(this.#paths.workspace, this.#root);
    const interruption = new Interruption(signal);
    const bytes = await ioStep('OUTPUT_WRITE', 'the asset root cannot be made', folder, async () => {
      await makeFolders(this.#fs, folder, []);
      return skeleton(this.#fs, folder, { type: create.type, name: create.name ?? this.#root }, interruption);
    });
    this.#judge(bytes);
    await replaceFile(this.#fs, this.#anchor, bytes);
    return this.#anchor;
  }

  async #isThere(): Promise<boolean> {
    try {
      await this.#fs.lstat(this.#anchor);
      return true;
    } catch (error) {
      const system = systemCode(error);
      if (system === 'ENOENT' || system === 'ENOTDIR') return false;
      throw error;
    }
  }

  async #read(): Promise<Declaration> {
    const { project } = this.#paths;
    const folder = new SourceFolder(this.#fs, { folder: project, root: project, allowOutsideRoot: false });
    try {
      const { path } = await folder.locate(anchorPath(this.#root));
      const { bytes } = await readBounded(this.#fs, path, this.#anchor, ANCHOR_MAX_BYTES);
      return this.#judge(bytes);
    } catch (error) {
      if (!(error instanceof AssetsPaError) || !SOURCE_CODES.has(error.code)) throw error;
      if (error.code !== 'SOURCE_NOT_FOUND') throw this.#unreadable(error);
      throw fault('ANCHOR_MISSING', {
        what: 'there is no asset.json in this folder',
        where: { path: this.#anchor },
        hint: 'write one, or have one made with --type glyph_bank, sound_bank or scene_bank',
      });
    }
  }

  #unreadable({ diagnostics }: AssetsPaError): AssetsPaError {
    const report = new DocumentReport(this.#anchor);
    for (const each of diagnostics) report.add(aboutAnchor(each));
    const found = new Diagnostics();
    report.flush(found);
    return found.toError();
  }

  #judge(bytes: Uint8Array): Declaration {
    const report = new DocumentReport(this.#anchor);
    const declaration = readDeclaration(bytes, report);
    const found = new Diagnostics();
    report.flush(found, bytes);
    found.throwIfErrors();
    return declaration as Declaration;
  }

  /** A root belongs to one asset, also when its files are gone. */
  #checkRootIsFree({ assets }: Registry, assetUuid: string): void {
    const holder = assets.find(({ root }) => root === this.#root);
    if (holder === undefined) return;
    throw fault('IDENTITY_COLLISION', {
      what: `asset ${holder.assetId} is registered with this root`,
      where: { path: this.#anchor, pointer: '/asset_uuid' },
      expected: holder.assetUuid,
      actual: assetUuid,
      asset_id: holder.assetId,
      hint: `restore its asset_uuid; or when that asset is gone for good, remove its line from ${this.#paths.registry}: its id is not given again`,
    });
  }

  /** The asset is here now; two places are a copy. */
  async #move(registry: Registry, known: RegisteredAsset): Promise<RegisteredAsset> {
    const before = joinPath(this.#paths.workspace, known.root, ANCHOR);
    if ((await uuidAt(this.#fs, before)) === known.assetUuid) throw fault('IDENTITY_COLLISION', this.#copied(known));
    const moved = { ...known, root: this.#root };
    const assets = registry.assets.map((each) => (each === known ? moved : each));
    await storeRegistry(this.#fs, this.#paths, { ...registry, assets });
    return moved;
  }

  #copied({ assetId, root }: RegisteredAsset): DiagnosticParts {
    return {
      what: `this is a copy of asset ${assetId}, which still is in ${joinPath(this.#paths.workspace, root)}`,
      where: { path: this.#anchor, pointer: '/asset_uuid' },
      asset_id: assetId,
      hint: 'give the copy an asset_uuid of its own (node -p "crypto.randomUUID()" makes one); or when it was meant to be moved, remove the old folder',
    };
  }
}

function olderRegistry({ project, registry }: ProjectPaths): DiagnosticParts {
  return {
    what: 'the registry is of an older version, and is not written to',
    where: { path: registry },
    hint: migrateHint(project),
  };
}
