import type { FileSystem } from '../../../src/host/fs.js';

/** What happens around each call; `to` is the second path of `rename` and `link`. */
export interface FileSystemHooks {
  readonly before?: (operation: string, path: string, to?: string) => unknown;
  readonly after?: (operation: string, path: string, to?: string) => unknown;
}

export function hookedFileSystem(inner: FileSystem, hooks: FileSystemHooks): FileSystem;
