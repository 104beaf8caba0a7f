/** A file that is written beside its destination and becomes visible by a rename (W4). */
import {
  type FileStat,
  type FileSystem,
  NEW_FILE_MODE,
  OPEN_NEW,
  type OpenFile,
  unlinkIfThere,
  writeAll,
} from './fs.js';

const PERMISSION_BITS = 0o777;

/** An unfinished file. Its methods throw what the file system throws. */
export class StagedFile {
  /** Where it is being written. */
  readonly path: string;
  /** Bytes written so far. */
  size = 0;
  readonly #fs: FileSystem;
  #file: OpenFile | undefined;

  private constructor(fs: FileSystem, path: string, file: OpenFile) {
    this.#fs = fs;
    this.path = path;
    this.#file = file;
  }

  /**
   * Creates the file.
   *
   * @param replaced The file that it will replace: its permission bits are kept, never set-id. Without one, the umask decides.
   */
  static async create(fs: FileSystem, path: string, replaced?: FileStat): Promise<StagedFile> {
    const staged = new StagedFile(fs, path, await fs.open(path, OPEN_NEW, NEW_FILE_MODE));
    if (replaced === undefined) return staged;
    try {
      await staged.#open.chmod(replaced.mode & PERMISSION_BITS);
      return staged;
    } catch (error) {
      await staged.discard();
      throw error;
    }
  }

  /** Appends bytes; the buffer is the caller's again when the promise settles. */
  async write(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#open, bytes);
    this.size += bytes.length;
  }

  /** Has others append bytes, by the descriptor where there is one; they give the number. */
  async lend(append: (descriptor: number | undefined) => Promise<number>): Promise<void> {
    const count = await append(this.#open.fd);
    this.size += count;
  }

  /**
   * Checks that the file is complete, and closes it. A failed sync is final: the pages may be lost.
   *
   * @param isDurable Whether it has to survive a loss of power. Defaults to true.
   */
  async seal(isDurable = true): Promise<void> {
    const { size } = await this.#open.stat();
    if (size !== this.size) {
      throw Object.assign(new Error(`EIO: ${size} bytes on disk where ${this.size} were written`), { code: 'EIO' });
    }
    if (isDurable) await this.#open.sync();
    await this.#close();
  }

  /** Removes the file, whatever state it is in. */
  async discard(): Promise<void> {
    try {
      await this.#close();
    } finally {
      await unlinkIfThere(this.#fs, this.path);
    }
  }

  get #open(): OpenFile {
    if (this.#file === undefined) throw new Error(`${this.path} is closed`);
    return this.#file;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
