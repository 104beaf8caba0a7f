/** `init`: a new, empty project. */
import { ioStep, systemCode } from '../errors.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { joinPath, makeFolders } from '../host/paths.js';
import { replaceFile } from '../host/replace-file.js';
import { isProject, projectPaths } from './layout.js';
import { EMPTY_REGISTRY } from './registry.js';
import { loadRegistry, storeRegistry, withRegistryLock } from './registry-file.js';

/** What is not for version control. */
const IGNORED = 'cache/\nbackup/\n.index.json.*\n';

/**
 * Makes a project of a folder. A project stays as it is.
 *
 * @returns Paths of the files that were made.
 * @throws AssetsPaError `OUTPUT_WRITE`, `OUTPUT_LOCKED`; what is wrong with a registry that is there
 */
export async function initProject(project: string, fs: FileSystem = nodeFileSystem): Promise<string[]> {
  const paths = projectPaths(project);
  await ioStep('OUTPUT_WRITE', 'the folder cannot be made', paths.toolFolder, () =>
    makeFolders(fs, paths.toolFolder, []),
  );
  return withRegistryLock(fs, paths, async () => {
    if (await isProject(fs, project)) {
      await loadRegistry(fs, paths);
      return [];
    }
    const ignore = joinPath(paths.toolFolder, '.gitignore');
    const isNew = await isAbsent(fs, ignore);
    if (isNew) await replaceFile(fs, ignore, new TextEncoder().encode(IGNORED));
    await storeRegistry(fs, paths, EMPTY_REGISTRY);
    return [...(isNew ? [ignore] : []), paths.registry];
  });
}

async function isAbsent(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return false;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
}
