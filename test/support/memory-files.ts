/** A file system of a few files in memory, which counts what is read of them. */
import type { FileStat, FileSystem, OpenFile } from '../../src/host/fs.js';
import { systemError } from './watched-fs.js';

/** Files by path. */
export class MemoryFiles {
  /** Bytes that reads have given, of all files. */
  bytesRead = 0;
  /** The most that one read has asked for. */
  mostAsked = 0;
  /** Files that were opened and not closed. */
  open = 0;
  /** Files that were closed while they were being read. */
  closedEarly = 0;
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: Readonly<Record<string, Uint8Array>>) {
    this.#files = new Map(Object.entries(files));
  }

  /** The port; only opening, looking at, reading and closing work. */
  fileSystem(): FileSystem {
    const fs: Partial<FileSystem> = { open: async (path) => this.#open(path) };
    return fs as FileSystem;
  }

  #open(path: string): OpenFile {
    const bytes = this.#files.get(path);
    if (bytes === undefined) throw systemError('ENOENT', 'no such file or directory');
    this.open += 1;
    let underWay = 0;
    const file: Partial<OpenFile> = {
      stat: async () => ({ size: bytes.length, isFile: () => true }) as FileStat,
      read: async (buffer, offset, length, position) => {
        const part = bytes.subarray(position ?? 0, (position ?? 0) + length);
        buffer.set(part, offset);
        this.bytesRead += part.length;
        this.mostAsked = Math.max(this.mostAsked, length);
        underWay += 1;
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return { bytesRead: part.length };
      },
      close: async () => {
        this.open -= 1;
        if (underWay > 0) this.closedEarly += 1;
      },
    };
    return file as OpenFile;
  }
}
