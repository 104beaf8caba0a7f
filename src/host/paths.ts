/** Paths, and the folders that an output needs. */
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { systemCode } from '../errors.js';
import type { FileSystem } from './fs.js';

export const joinPath: (...parts: string[]) => string = join;
export const folderOf: (path: string) => string = dirname;
export const baseName: (path: string) => string = basename;

/** Whether two paths name the same place, links aside. */
export function samePath(a: string, b: string): boolean {
  return resolve(a) === resolve(b);
}

/** The way from a folder to a path, with `/`. */
export function relativePath(folder: string, path: string): string {
  return relative(folder, path).replaceAll(sep, '/');
}

/**
 * Makes a folder and what is missing above it.
 *
 * @param made Receives the folders that were made, outermost first, also when a later one fails.
 */
export async function makeFolders(fs: FileSystem, path: string, made: string[]): Promise<void> {
  try {
    await makeFolder(fs, path, made);
  } catch (error) {
    const parent = dirname(path);
    if (systemCode(error) !== 'ENOENT' || parent === path) throw error;
    await makeFolders(fs, parent, made);
    // Once more only: some file systems say ENOENT for good (/proc).
    await makeFolder(fs, path, made);
  }
}

async function makeFolder(fs: FileSystem, path: string, made: string[]): Promise<void> {
  try {
    await fs.mkdir(path);
    made.push(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    if ((await fs.stat(path)).isDirectory()) return;
    throw Object.assign(new Error('ENOTDIR: a file stands where a folder is needed'), { code: 'ENOTDIR' });
  }
}

/** Removes folders that {@link makeFolders} made, innermost first; one that is in use ends it. */
export async function removeFolders(fs: FileSystem, made: readonly string[]): Promise<void> {
  for (const folder of made.toReversed()) await fs.rmdir(folder);
}
