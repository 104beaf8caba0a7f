/** Several new files below one folder: all are complete before the first one becomes visible. */
import { randomBytes } from 'node:crypto';
import { Diagnostics, fault, ioStep, systemCode } from '../errors.js';
import { type FileStat, type FileSystem, unlinkIfThere } from './fs.js';
import { folderOf, joinPath, makeFolders } from './paths.js';
import { StagedFile } from './staged-file.js';

/** Options of {@link FileSet}. */
export interface FileSetOptions {
  readonly fs: FileSystem;
  /** What the files are below; made when it is not there. */
  readonly folder: string;
  /** Whether files that are there are replaced. */
  readonly overwrite: boolean;
}

interface Member {
  readonly destination: string;
  readonly staged: StagedFile;
  /** Whether nothing was there. */
  readonly isNew: boolean;
  isPublished: boolean;
}

const THERE_ALREADY = 'the file is there already';
const FORCE_HINT = 'extract into another folder, or overwrite with --force';

/** Files on their way. Symbolic links below the folder are never followed. */
export class FileSet {
  readonly #options: FileSetOptions;
  readonly #madeFolders: string[] = [];
  readonly #members: Member[] = [];
  /** Folders that were looked at. */
  readonly #known = new Set<string>();

  constructor(options: FileSetOptions) {
    this.#options = options;
  }

  /** Where a file will be, as reports name it. */
  pathOf(relative: string): string {
    return joinPath(this.#options.folder, relative);
  }

  /**
   * Looks whether the files may be written.
   *
   * @param paths Relative to the folder, with `/`.
   * @throws AssetsPaError every `OUTPUT_EXISTS`, or `OUTPUT_WRITE`
   */
  async check(paths: readonly string[]): Promise<void> {
    const report = new Diagnostics();
    for (const path of paths) {
      const destination = this.pathOf(path);
      const found = await this.#step(destination, () => this.#look(destination));
      if (found === undefined) continue;
      const isFolder = found.isDirectory();
      if (this.#options.overwrite && !isFolder) continue;
      report.report('OUTPUT_EXISTS', {
        what: isFolder ? 'a folder is in the place of the file' : THERE_ALREADY,
        where: { path: destination },
        hint: isFolder ? 'move it away, or extract into another folder' : FORCE_HINT,
      });
    }
    report.throwIfErrors();
  }

  /**
   * Writes a file beside its place.
   *
   * @param fill Gives the bytes, piece by piece.
   * @throws AssetsPaError `OUTPUT_WRITE`, and what `fill` throws
   */
  async write(path: string, fill: (write: (piece: Uint8Array) => Promise<void>) => Promise<void>): Promise<void> {
    const destination = this.pathOf(path);
    const staged = await this.#step(destination, () => this.#create(path, destination));
    await fill((piece) => this.#step(destination, () => staged.write(piece)));
    await this.#step(destination, () => staged.seal(false));
  }

  /**
   * Makes every file visible under its name.
   *
   * @throws AssetsPaError `OUTPUT_EXISTS`, `OUTPUT_WRITE`
   */
  async publish(): Promise<void> {
    for (const member of this.#members) await this.#step(member.destination, () => this.#promote(member));
  }

  /** Removes what was written and replaced nothing, and the folders that were made for it. What cannot be removed stays. */
  async discard(): Promise<void> {
    const { fs } = this.#options;
    const attempt = (work: Promise<void>) => work.catch(() => {});
    for (const { destination, staged, isNew, isPublished } of this.#members) {
      await attempt(staged.discard());
      if (isNew && isPublished) await attempt(unlinkIfThere(fs, destination));
    }
    for (const made of this.#madeFolders.toReversed()) await attempt(fs.rmdir(made));
  }

  #step<T>(destination: string, work: () => Promise<T>): Promise<T> {
    return ioStep('OUTPUT_WRITE', 'the file cannot be written', destination, work);
  }

  async #create(path: string, destination: string): Promise<StagedFile> {
    await this.#makeFolders(path);
    const replaced = await this.#look(destination);
    const name = `.assets.pa.${randomBytes(8).toString('hex')}`;
    const at = joinPath(folderOf(destination), name);
    const staged = await StagedFile.create(this.#options.fs, at, replaced?.isFile() ? replaced : undefined);
    this.#members.push({ destination, staged, isNew: replaced === undefined, isPublished: false });
    return staged;
  }

  async #promote(member: Member): Promise<void> {
    const { fs, overwrite } = this.#options;
    const { staged, destination } = member;
    if (overwrite) {
      await fs.rename(staged.path, destination);
      member.isPublished = true;
      return;
    }
    try {
      // Unlike a rename, a link never replaces what came in between.
      await fs.link(staged.path, destination);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      throw fault('OUTPUT_EXISTS', { what: THERE_ALREADY, where: { path: destination }, hint: FORCE_HINT }, error);
    }
    member.isPublished = true;
    await unlinkIfThere(fs, staged.path);
  }

  async #look(path: string): Promise<FileStat | undefined> {
    try {
      return await this.#options.fs.lstat(path);
    } catch (error) {
      const system = systemCode(error);
      if (system === 'ENOENT' || system === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  /** Makes the folders above a file. */
  async #makeFolders(path: string): Promise<void> {
    const { fs, folder } = this.#options;
    if (!this.#known.has('')) await makeFolders(fs, folder, this.#madeFolders);
    this.#known.add('');
    const segments = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= segments.length; depth += 1) {
      const relative = segments.slice(0, depth).join('/');
      if (this.#known.has(relative)) continue;
      await this.#makeFolder(joinPath(folder, relative));
      this.#known.add(relative);
    }
  }

  /** What stands in a folder's place must be a folder, not a link to one, also when it came just now. */
  async #makeFolder(at: string): Promise<void> {
    if ((await this.#look(at)) === undefined) {
      try {
        await this.#options.fs.mkdir(at);
        this.#madeFolders.push(at);
        return;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
    }
    if ((await this.#look(at))?.isDirectory()) return;
    throw Object.assign(new Error('ENOTDIR: a file or link stands where a folder is needed'), { code: 'ENOTDIR' });
  }
}
