/** Payload files: where they may be (W8), and that they stay what they were (W3). */
import { isAbsolute, join, relative, sep } from 'node:path';
import { type AssetsPaError, bytesPhrase, fault, ioFault, ioStep, Phrase, show, systemCode } from '../errors.js';
import { type FileStat, type FileSystem, OPEN_SOURCE, type OpenFile } from './fs.js';

/** What tells whether a file is still the same. */
export type FileIdentity = Pick<FileStat, 'dev' | 'ino' | 'size' | 'mtimeMs'>;

/** A payload file that was found and may be read. */
export interface LocatedFile extends FileIdentity {
  /** The plan's own text. */
  readonly name: string;
  /** Real path: no symbolic link in it when it was found. */
  readonly path: string;
  /** Whether the file is inside the root, and its name says no more than that (C5). */
  readonly isInside: boolean;
}

/** A folder of payload files. */
interface RealFolder {
  /** Real path. */
  readonly path: string;
  readonly isInside: boolean;
}

/** Options of {@link SourceFolder}. */
export interface SourceFolderOptions {
  /** What payload paths are relative to. */
  readonly folder: string;
  /** What confines them. */
  readonly root: string;
  /** Lifts the confinement. */
  readonly allowOutsideRoot: boolean;
}

/** Finds payload files by the plan's paths. */
export class SourceFolder {
  readonly #fs: FileSystem;
  readonly #options: SourceFolderOptions;
  /** The folders seen: one `realpath` each, not one a file; no promise once it is known. */
  readonly #folders = new Map<string, RealFolder | Promise<RealFolder>>();
  #root: Promise<string> | undefined;

  constructor(fs: FileSystem, options: SourceFolderOptions) {
    this.#fs = fs;
    this.#options = options;
  }

  /**
   * Finds a payload file without opening it.
   *
   * @throws AssetsPaError `SOURCE_OUTSIDE_ROOT`, `SOURCE_NOT_FOUND`, `SOURCE_NOT_A_FILE`, `SOURCE_READ`
   */
  async locate(name: string): Promise<LocatedFile> {
    const { folder, allowOutsideRoot } = this.#options;
    const leavesByText = isAbsolute(name) || name.split('/').includes('..');
    if (leavesByText && !allowOutsideRoot) {
      throw outsideRoot(
        name,
        'is absolute or holds ".."',
        "name a file below the plan's folder, or lift the confinement with --allow-outside-root",
      );
    }
    const cut = name.lastIndexOf('/') + 1;
    const parent = name.slice(0, cut);
    try {
      return await this.#resolve(
        name,
        isAbsolute(name) ? parent : `${folder}${sep}${parent}`,
        name.slice(cut),
        leavesByText,
      );
    } catch (error) {
      const system = systemCode(error);
      if (system === 'ENOENT' || system === 'ENOTDIR') {
        const what = `there is no such payload file in ${show(folder)}`;
        const hint = "payload paths are relative to the plan's folder";
        throw fault('SOURCE_NOT_FOUND', { what, where: { path: name }, hint }, error);
      }
      if (system !== undefined) throw ioFault('SOURCE_READ', 'the payload file cannot be looked at', name, error);
      throw error;
    }
  }

  /**
   * Makes sure that there is a root.
   *
   * @throws AssetsPaError `INPUT_READ`
   */
  async checkRoot(): Promise<void> {
    const { root } = this.#options;
    await ioStep('INPUT_READ', 'the root of the payload paths cannot be read', root, () => this.#realRoot());
  }

  #realRoot(): Promise<string> {
    this.#root ??= this.#fs.realpath(this.#options.root);
    return this.#root;
  }

  async #resolve(name: string, parent: string, base: string, leavesByText: boolean): Promise<LocatedFile> {
    const known = this.#folders.get(parent) ?? this.#realFolder(parent);
    const folder = known instanceof Promise ? await known : known;
    let path = join(folder.path, base);
    let { isInside } = folder;
    let stat = await this.#fs.lstat(path);
    if (stat.isSymbolicLink()) {
      path = await this.#fs.realpath(path);
      stat = await this.#fs.lstat(path);
      isInside = isWithin(await this.#realRoot(), path);
    }
    if (!isInside && !this.#options.allowOutsideRoot)
      throw outsideRoot(
        name,
        `leads out of the root ${show(this.#options.root)}`,
        'choose another root with --root, or lift the confinement with --allow-outside-root',
      );
    if (!stat.isFile()) throw notAFile(name, stat.isDirectory());
    const { dev, ino, size, mtimeMs } = stat;
    return { name, path, isInside: isInside && !leavesByText, dev, ino, size, mtimeMs };
  }

  #realFolder(folder: string): Promise<RealFolder> {
    const found = (async () => {
      const [root, path] = await Promise.all([this.#realRoot(), this.#fs.realpath(folder)]);
      const real = { path, isInside: isWithin(root, path) };
      this.#folders.set(folder, real);
      return real;
    })();
    this.#folders.set(folder, found);
    return found;
  }
}

/**
 * Opens a located file and makes sure that it still is the one that was found.
 *
 * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_READ`
 */
export async function openLocated(fs: FileSystem, located: LocatedFile): Promise<OpenFile> {
  let file: OpenFile;
  try {
    file = await fs.open(located.path, OPEN_SOURCE);
  } catch (error) {
    throw openFault(error, located);
  }
  try {
    await checkUnchanged(file, located);
    return file;
  } catch (error) {
    // The first failure is the one to report.
    await file.close().catch(() => {});
    throw error;
  }
}

/** What a located file's refusal to be opened means: it is gone, or cannot be read. */
export function openFault(error: unknown, located: LocatedFile): unknown {
  const system = systemCode(error);
  if (system === undefined) return error;
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(system)) {
    return changed(located, 'the payload file was removed or replaced', {}, error);
  }
  return ioFault('SOURCE_READ', 'the payload file cannot be opened', located.name, error);
}

/**
 * Compares an open file with what was found before (W3).
 *
 * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_READ`
 */
export async function checkUnchanged(file: OpenFile, located: LocatedFile): Promise<void> {
  const look = () => file.stat();
  judgeUnchanged(await ioStep('SOURCE_READ', 'the payload file cannot be looked at', located.name, look), located);
}

/** @throws AssetsPaError `SOURCE_CHANGED` */
export function judgeUnchanged(stat: FileStat, located: LocatedFile): void {
  if (stat.dev !== located.dev || stat.ino !== located.ino || !stat.isFile()) {
    throw changed(located, 'the payload file was replaced by another');
  }
  if (stat.size !== located.size) {
    const sizes = { expected: bytesPhrase(located.size), actual: bytesPhrase(stat.size) };
    throw changed(located, "the payload file's size changed", sizes);
  }
  if (stat.mtimeMs !== located.mtimeMs) throw changed(located, 'the payload file was modified');
}

/** W3, as messages say it. */
export const WRONG_SIZE = 'the payload does not have the planned size';

/** `SOURCE_SIZE` for a payload that turned out shorter or longer. */
export function wrongSize(size: number, count: number): AssetsPaError {
  return fault('SOURCE_SIZE', {
    what: WRONG_SIZE,
    expected: bytesPhrase(size),
    actual: bytesPhrase(count, count > size ? 'at least ' : ''),
  });
}

function changed(located: LocatedFile, what: string, values: object = {}, cause?: unknown): Error {
  return fault(
    'SOURCE_CHANGED',
    {
      what: `${what} while packing`,
      where: { path: located.name },
      ...values,
      hint: 'pack again when nothing writes to the payload files',
    },
    cause,
  );
}

function outsideRoot(name: string, why: string, hint: string): Error {
  return fault('SOURCE_OUTSIDE_ROOT', {
    what: `the payload path ${why}`,
    where: { path: name },
    hint,
  });
}

function notAFile(name: string, isDirectory: boolean): Error {
  return fault('SOURCE_NOT_A_FILE', {
    what: 'a payload must be a regular file',
    where: { path: name },
    actual: new Phrase(isDirectory ? 'a directory' : 'a device, FIFO or socket'),
  });
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
