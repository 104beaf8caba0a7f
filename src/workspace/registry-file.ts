/** The registry on disk: read by everybody, written under a lock and all at once. */
import { ioStep } from '../errors.js';
import { type BoundedFile, readBounded } from '../host/bounded-file.js';
import type { FileSystem } from '../host/fs.js';
import { acquireLock } from '../host/lock.js';
import { baseName, folderOf, joinPath } from '../host/paths.js';
import { replaceFile } from '../host/replace-file.js';
import { ANCHOR, type ProjectPaths, REGISTRY_MAX_BYTES } from './layout.js';
import { type Registry, readRegistry, registryBytes } from './registry.js';

/** A registry and the file that it was read from. */
export interface LoadedRegistry {
  readonly registry: Registry;
  readonly file: BoundedFile;
}

/**
 * Reads a project's registry.
 *
 * @throws AssetsPaError `INPUT_READ`, `INPUT_TOO_LARGE`, `SOURCE_NOT_A_FILE`, `VERSION_UNSUPPORTED`, `REGISTRY_INVALID`, `IDENTITY_COLLISION`
 */
export async function loadRegistry(fs: FileSystem, { registry: path }: ProjectPaths): Promise<LoadedRegistry> {
  const file = await readBounded(fs, path, path, REGISTRY_MAX_BYTES);
  return { registry: readRegistry(file.bytes, path), file };
}

/** Writes a registry; the old or the new one is there at every instant. */
export function storeRegistry(fs: FileSystem, { registry: path }: ProjectPaths, registry: Registry): Promise<void> {
  return replaceFile(fs, path, registryBytes(registry));
}

const LOCK_NAME = '.index.json.lock';
/** What a killed process leaves beside the registry: a staged file, a lock on its way. */
const DEBRIS = /^\.index\.json\.(?:[0-9a-f]{16}|lock\..+)$/;

/**
 * Does something as the only writer of a registry.
 *
 * @throws AssetsPaError `OUTPUT_LOCKED`, `OUTPUT_WRITE`, and what the work throws
 */
export async function withRegistryLock<T>(
  fs: FileSystem,
  { registry, toolFolder }: ProjectPaths,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await ioStep('OUTPUT_WRITE', 'the registry cannot be locked', registry, () =>
    acquireLock(fs, joinPath(toolFolder, LOCK_NAME), 'this registry'),
  );
  try {
    await removeDebris(fs, toolFolder);
    return await work();
  } finally {
    // What was written stays written; the next run takes a lock that this process left.
    await lock.release().catch(() => {});
  }
}

const STAGED = /^\.asset\.json\.[0-9a-f]{16}$/;

/** Removes what a killed process left beside an `asset.json`. Throws what the file system throws. */
export async function removeStaged(fs: FileSystem, anchor: string): Promise<void> {
  if (baseName(anchor) !== ANCHOR) return;
  const folder = folderOf(anchor);
  for (const entry of await fs.readdir(folder)) {
    const name = new TextDecoder().decode(entry.name);
    if (STAGED.test(name)) await fs.unlink(joinPath(folder, name));
  }
}

async function removeDebris(fs: FileSystem, folder: string): Promise<void> {
  for (const entry of await ioStep('INPUT_READ', 'the folder cannot be read', folder, () => fs.readdir(folder))) {
    const name = new TextDecoder().decode(entry.name);
    // What stays does no harm.
    if (DEBRIS.test(name)) await fs.unlink(joinPath(folder, name)).catch(() => {});
  }
}
