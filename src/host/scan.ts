/** Walks a folder tree of payload files. */
import { systemCode } from '../errors.js';
import type { FileSystem } from './fs.js';
import type { Interruption } from './interruption.js';
import { joinPath } from './paths.js';

/** What was found below a folder; paths are relative to it, with `/`, in UTF-16 order. */
export interface Tree {
  /** Regular files. */
  readonly files: readonly string[];
  /** Symbolic links; they are not followed. */
  readonly links: readonly string[];
  /** Devices, FIFOs, sockets. */
  readonly specials: readonly string[];
  /** Names that are not UTF-8, with replacement characters. */
  readonly unreadableNames: readonly string[];
  /** False when the walk ended at its limit. */
  readonly isComplete: boolean;
}

/**
 * Walks a tree. Names that begin with a dot are passed over.
 *
 * @param limit How many names are looked at, about. Defaults to all.
 * @throws AssetsPaError `INTERRUPTED`, and what the file system throws
 */
export async function scanTree(
  fs: FileSystem,
  root: string,
  interruption: Interruption,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<Tree> {
  let isComplete = true;
  let seen = 0;
  const tree = {
    files: [] as string[],
    links: [] as string[],
    specials: [] as string[],
    unreadableNames: [] as string[],
  };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (const folders = ['']; folders.length > 0; ) {
    interruption.check();
    const folder = folders.pop() as string;
    for (const entry of await fs.readdir(joinPath(root, folder))) {
      seen += 1;
      if (seen > limit) {
        isComplete = false;
        folders.length = 0;
        break;
      }
      if (entry.name[0] === DOT) continue;
      let name: string;
      try {
        name = decoder.decode(entry.name);
      } catch {
        tree.unreadableNames.push(folder + new TextDecoder().decode(entry.name));
        continue;
      }
      const path = folder + name;
      if (entry.isDirectory()) folders.push(`${path}/`);
      else (entry.isFile() ? tree.files : entry.isSymbolicLink() ? tree.links : tree.specials).push(path);
    }
  }
  for (const list of Object.values(tree)) list.sort();
  return { ...tree, isComplete };
}

const DOT = 0x2e;

/** The bytes of a file, or undefined when there is none. */
export async function readIfThere(fs: FileSystem, path: string): Promise<Uint8Array | undefined> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
