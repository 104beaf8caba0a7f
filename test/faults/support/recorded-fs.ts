/** A file system that records what a crash could undo: every change of a name, of a file's bytes, and every sync, in the order of the calls. */
import { constants } from 'node:fs';
import { type FileSystem, nodeFileSystem, type OpenFile } from '../../../src/host/fs.js';

/** A file, as the names of a directory point to it; a number of its own for every file that was made. */
export type FileId = number;

/** What a name means: a file that the recording saw being made, one that was there before (by its first path), a folder, or nothing. */
export type Target = FileId | string | 'folder' | undefined;

/** One step that a crash may or may not have left on disk. */
export type Step =
  | { readonly kind: 'name'; readonly path: string; readonly target: Target; readonly call: string }
  | { readonly kind: 'write'; readonly file: FileId; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'sync file'; readonly file: FileId }
  | { readonly kind: 'sync folder'; readonly path: string };

/** Marks a file that was there before the recording. */
export const EARLIER = 'earlier:';

/** What may happen before a call is let through. */
export type Before = (operation: string, path: string, to?: string) => void;

/** Records over the machine's own file system. A call that fails leaves no step. */
export class Recording {
  readonly steps: Step[] = [];
  #files = 0;
  readonly #now = new Map<string, Target>();
  readonly #before: Before;
  readonly #writeLimit: number;

  /** @param writeLimit The most that one write takes, so that a small file is written in several. */
  constructor(before: Before = () => {}, writeLimit = Number.POSITIVE_INFINITY) {
    this.#before = before;
    this.#writeLimit = writeLimit;
  }

  fileSystem(): FileSystem {
    const node = nodeFileSystem;
    const call = async <T>(operation: string, path: string, work: () => Promise<T>, to?: string): Promise<T> => {
      this.#before(operation, path, to);
      return work();
    };
    return {
      ...node,
      open: (path, flags, mode) => call('open', path, () => this.#open(path, flags, mode)),
      mkdir: async (path) => {
        await call('mkdir', path, () => node.mkdir(path));
        this.#name(path, 'folder', 'mkdir');
      },
      rmdir: async (path) => {
        await call('rmdir', path, () => node.rmdir(path));
        this.#name(path, undefined, 'rmdir');
      },
      rename: async (from, to) => {
        await call('rename', from, () => node.rename(from, to), to);
        const target = this.#targetOf(from);
        this.#name(to, target, 'rename');
        this.#name(from, undefined, 'rename');
      },
      link: async (existing, path) => {
        await call('link', existing, () => node.link(existing, path), path);
        this.#name(path, this.#targetOf(existing), 'link');
      },
      unlink: async (path) => {
        await call('unlink', path, () => node.unlink(path));
        this.#name(path, undefined, 'unlink');
      },
    };
  }

  async #open(path: string, flags: number, mode?: number): Promise<OpenFile> {
    const file = await nodeFileSystem.open(path, flags, mode);
    if ((flags & constants.O_DIRECTORY) !== 0) return this.#folder(file, path);
    if ((flags & constants.O_CREAT) === 0) return file;
    this.#files += 1;
    this.#name(path, this.#files, 'create');
    return this.#file(file, path, this.#files);
  }

  #folder(file: OpenFile, path: string): OpenFile {
    return {
      ...this.#plain(file),
      sync: async () => {
        this.#before('sync', path);
        await file.sync();
        this.steps.push({ kind: 'sync folder', path });
      },
    };
  }

  #file(file: OpenFile, path: string, id: FileId): OpenFile {
    let end = 0;
    return {
      ...this.#plain(file),
      write: async (buffer, offset, length, position) => {
        this.#before('write', path);
        const result = await file.write(buffer, offset, Math.min(length, this.#writeLimit), position);
        const bytes = Buffer.from(buffer.slice(offset, offset + result.bytesWritten));
        this.steps.push({ kind: 'write', file: id, offset: position ?? end, bytes });
        end = (position ?? end) + result.bytesWritten;
        return result;
      },
      sync: async () => {
        this.#before('sync', path);
        await file.sync();
        this.steps.push({ kind: 'sync file', file: id });
      },
    };
  }

  #plain(file: OpenFile): OpenFile {
    return {
      read: (...rest) => file.read(...rest),
      write: (...rest) => file.write(...rest),
      stat: () => file.stat(),
      chmod: (mode) => file.chmod(mode),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  }

  #targetOf(path: string): Target {
    return this.#now.has(path) ? this.#now.get(path) : `${EARLIER}${path}`;
  }

  #name(path: string, target: Target, call: string): void {
    this.#now.set(path, target);
    this.steps.push({ kind: 'name', path, target, call });
  }
}
