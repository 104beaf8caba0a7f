/** Where streams of unknown size are written down (W9). */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileSystem, NEW_FILE_MODE, OPEN_NEW, type OpenFile, writeAll } from './fs.js';

/** A file without a name. */
export class SpoolFile {
  readonly #file: OpenFile;
  #end = 0;

  private constructor(file: OpenFile) {
    this.#file = file;
  }

  /** @param folder Where the bytes go until the pack ends. Defaults to the system's temporary folder. */
  static async create(fs: FileSystem, folder: string = tmpdir()): Promise<SpoolFile> {
    const path = join(folder, `.assets.pa.${randomBytes(8).toString('hex')}.spool`);
    const file = await fs.open(path, OPEN_NEW, NEW_FILE_MODE & 0o600);
    try {
      await fs.unlink(path);
      return new SpoolFile(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The file itself. */
  get file(): OpenFile {
    return this.#file;
  }

  /** Where the next byte goes. */
  get end(): number {
    return this.#end;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#file, bytes);
    this.#end += bytes.length;
  }

  /** Reads up to `into.length` bytes at `position`; 0 at the end. */
  async read(into: Uint8Array, position: number): Promise<number> {
    const { bytesRead } = await this.#file.read(into, 0, into.length, position);
    return bytesRead;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
