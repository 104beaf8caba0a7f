/** What a migration would do to a project: every document of an older version, read and rewritten in memory. */
import { Diagnostics } from '../../errors.js';
import type { FileSystem } from '../../host/fs.js';
import type { Interruption } from '../../host/interruption.js';
import { ANCHOR, type ProjectPaths } from '../layout.js';
import { flushAsset, readAsset, type WorkspaceAsset } from '../registered.js';
import { registryBytes } from '../registry.js';
import { loadRegistry } from '../registry-file.js';
import { Snapshot } from '../snapshot.js';
import { DECLARATION, REGISTRY, type Surface } from '../surfaces.js';
import { documentText } from './declaration-v1.js';
import { checkPreloadV1, preloadOfRegistry } from './in-memory.js';

/** A document that is migrated. */
export interface PlannedDocument {
  readonly surface: Surface;
  /** The version that it has. */
  readonly from: number;
  /** As reports name it. */
  readonly shown: string;
  /** Relative to the workspace. */
  readonly name: string;
  /** Where it really is. */
  readonly path: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A migration that nothing was done of. */
export interface MigrationPlan {
  /** Declarations by id, then the registry: until that is written, it says what they are preloaded as. */
  readonly documents: readonly PlannedDocument[];
  /** Looks whether the documents still are what was read. */
  revalidate(): Promise<void>;
}

/**
 * Plans a migration. What is not registered is left alone, and so is a root without `asset.json`.
 *
 * @throws AssetsPaError everything that is wrong with a document
 */
export async function planMigration(
  fs: FileSystem,
  paths: ProjectPaths,
  interruption: Interruption,
): Promise<MigrationPlan> {
  const snapshot = await Snapshot.begin(fs, paths.project, interruption);
  const { registry, file } = await loadRegistry(fs, paths);
  snapshot.note(paths.registry, paths.registry, file.identity);
  const preloadOf = preloadOfRegistry(registry);
  const assets: WorkspaceAsset[] = [];
  for (const entry of registry.assets) {
    interruption.check();
    assets.push(await readAsset(entry, { fs, project: paths.project, snapshot, preloadOf }));
  }
  const report = new Diagnostics();
  for (const asset of assets) flushAsset(asset, report, false);
  checkPreloadV1(registry, file.bytes, assets, paths, report);
  report.throwIfErrors();
  const documents = assets.flatMap((each) => plannedDeclaration(each) ?? []);
  if (registry.preloadV1 !== undefined) {
    documents.push({
      surface: REGISTRY,
      from: REGISTRY.oldest,
      shown: paths.registry,
      name: '.prometeu/index.json',
      path: paths.registry,
      before: file.bytes,
      after: registryBytes(registry),
    });
  }
  return { documents, revalidate: () => snapshot.revalidate() };
}

function plannedDeclaration({ declaration, text, path, anchor, entry }: WorkspaceAsset): PlannedDocument | undefined {
  if (declaration?.migrated === undefined || text === undefined || path === undefined) return undefined;
  return {
    surface: DECLARATION,
    from: DECLARATION.oldest,
    shown: anchor,
    name: `${entry.root}/${ANCHOR}`,
    path,
    before: text,
    after: new TextEncoder().encode(documentText(declaration.migrated)),
  };
}
