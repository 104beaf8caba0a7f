/** Removes folders of our own. */
import { ioStep, systemCode } from '../errors.js';
import type { FileSystem } from './fs.js';
import { joinPath } from './paths.js';

/**
 * Removes a folder and all that is in it; links are removed, not followed. A folder that is not there is no fault.
 *
 * @throws AssetsPaError `OUTPUT_WRITE`
 */
export function removeTree(fs: FileSystem, folder: string): Promise<void> {
  return ioStep('OUTPUT_WRITE', 'the folder cannot be removed', folder, async () => {
    try {
      if ((await fs.lstat(folder)).isDirectory()) await removeFolder(fs, folder);
      else await fs.unlink(folder);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  });
}

async function removeFolder(fs: FileSystem, folder: string): Promise<void> {
  const decoder = new TextDecoder();
  for (const entry of await fs.readdir(folder)) {
    const path = joinPath(folder, decoder.decode(entry.name));
    if (entry.isDirectory()) await removeFolder(fs, path);
    else await fs.unlink(path);
  }
  await fs.rmdir(folder);
}
