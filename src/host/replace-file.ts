/** Replaces one small file: the old one or the new one is there at every instant. */
import { randomBytes } from 'node:crypto';
import { fault, ioStep, Phrase, systemCode } from '../errors.js';
import { type FileStat, type FileSystem, syncDirectory } from './fs.js';
import { baseName, folderOf, joinPath } from './paths.js';
import { StagedFile } from './staged-file.js';

/**
 * Writes a file by staging and renaming; the permission bits of an existing one are kept.
 *
 * @throws AssetsPaError `OUTPUT_WRITE`; the file is then as it was, unless only the last sync of its folder failed: then the new one is there, and
 * may be lost with the power
 */
export function replaceFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  return ioStep('OUTPUT_WRITE', 'the file cannot be written', path, async () => {
    const { destination, previous } = await resolveDestination(fs, path);
    // A rename would put a file in the place of a device; in that of a folder, it fails by itself.
    if (previous !== undefined && !previous.isFile() && !previous.isDirectory()) {
      throw fault('OUTPUT_WRITE', {
        what: 'something that is no regular file stands in the place of an output',
        where: { path },
        actual: new Phrase('a device, FIFO or socket'),
        details: { system: 'EINVAL' },
        hint: 'name another file',
      });
    }
    const staged = await stageFile(fs, destination, bytes, previous);
    try {
      await fs.rename(staged.path, destination);
    } catch (error) {
      await staged.discard();
      throw error;
    }
    await syncDirectory(fs, folderOf(destination));
  });
}

/**
 * Writes a file beside its destination, complete and durable, to be renamed.
 *
 * @param previous The file that it will replace, when there is one: its permission bits are kept.
 * @throws what the file system throws; then nothing is left
 */
export async function stageFile(
  fs: FileSystem,
  destination: string,
  bytes: Uint8Array,
  previous?: FileStat,
): Promise<StagedFile> {
  const name = `.${baseName(destination)}.${randomBytes(8).toString('hex')}`;
  const staged = await StagedFile.create(fs, joinPath(folderOf(destination), name), previous);
  try {
    await staged.write(bytes);
    await staged.seal();
    return staged;
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** Where an output goes: a symbolic link is resolved, its target is what gets replaced. */
export async function resolveDestination(
  fs: FileSystem,
  path: string,
): Promise<{ destination: string; previous: FileStat | undefined }> {
  let previous: FileStat;
  try {
    previous = await fs.lstat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { destination: path, previous: undefined };
    throw error;
  }
  if (!previous.isSymbolicLink()) return { destination: path, previous };
  const destination = await fs.realpath(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw Object.assign(new Error('ENOENT: the symbolic link leads nowhere'), { code: 'ENOENT' });
  });
  return { destination, previous: await fs.lstat(destination) };
}
