/** Documents as they were before a migration: whole under a number of their own, or not there. */
import { fault, ioStep, systemCode } from '../../errors.js';
import { type FileSystem, syncDirectory } from '../../host/fs.js';
import { folderOf, joinPath, makeFolders } from '../../host/paths.js';
import { removeTree } from '../../host/remove-tree.js';
import { StagedFile } from '../../host/staged-file.js';

/** A document as it was. */
export interface BackedUp {
  /** Relative to the workspace. */
  readonly name: string;
  readonly before: Uint8Array;
}

/** What is being written; a killed migration leaves it, the next one removes it. */
const UNFINISHED = '.new';
const NUMBER = /^[1-9][0-9]{0,8}$/;

/**
 * Writes a backup.
 *
 * @param backups The folder of all backups; made when it is not there.
 * @returns The folder of this one: the number after the highest.
 * @throws AssetsPaError `OUTPUT_WRITE`
 */
export async function writeBackup(fs: FileSystem, backups: string, documents: readonly BackedUp[]): Promise<string> {
  const step = <T>(work: () => Promise<T>) => ioStep('OUTPUT_WRITE', 'the backup cannot be written', backups, work);
  await step(() => makeOwnFolder(fs, backups));
  const unfinished = joinPath(backups, UNFINISHED);
  await removeTree(fs, unfinished);
  const numbers = (await step(() => fs.readdir(backups)))
    .map(({ name }) => new TextDecoder().decode(name))
    .filter((name) => NUMBER.test(name));
  const folder = joinPath(backups, String(Math.max(0, ...numbers.map(Number)) + 1));
  try {
    await step(() => writeDocuments(fs, unfinished, documents));
    await step(() => fs.rename(unfinished, folder));
    await step(() => syncDirectory(fs, backups));
  } catch (error) {
    await removeTree(fs, unfinished).catch(() => {});
    throw error;
  }
  return folder;
}

/** A folder that is a link would lead somewhere else. */
async function makeOwnFolder(fs: FileSystem, folder: string): Promise<void> {
  const known = await fs.lstat(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (known === undefined) await fs.mkdir(folder);
  else if (!known.isDirectory()) {
    const hint = 'move it out of the way';
    throw fault('OUTPUT_WRITE', { what: 'the place of the backups is no folder', where: { path: folder }, hint });
  }
}

async function writeDocuments(fs: FileSystem, folder: string, documents: readonly BackedUp[]): Promise<void> {
  const made: string[] = [];
  for (const { name, before } of documents) {
    const path = joinPath(folder, name);
    await makeFolders(fs, folderOf(path), made);
    const file = await StagedFile.create(fs, path);
    try {
      await file.write(before);
      await file.seal();
    } catch (error) {
      await file.discard();
      throw error;
    }
  }
  for (const each of made.toReversed()) await syncDirectory(fs, each);
}
