/**
 * The file-system port: the few calls that reading sources and publishing outputs need. Everything else in the project reaches the
 * disk through it, so that a test can make any single call fail.
 */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { systemCode } from '../errors.js';

/** What is known of a file without reading it. */
export interface FileStat {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly size: number;
  /** Modification time, milliseconds with a fraction. */
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** An open file. */
export interface OpenFile {
  /** The descriptor, by which other threads may write to it; absent when they may not. */
  readonly fd?: number;
  /** Reads up to `length` bytes into `buffer`; fewer than asked for is normal, 0 is the end. */
  read(buffer: Uint8Array, offset: number, length: number, position: number | null): Promise<{ bytesRead: number }>;
  /** Writes up to `length` bytes of `buffer`; fewer than asked for is normal. */
  write(buffer: Uint8Array, offset: number, length: number, position: number | null): Promise<{ bytesWritten: number }>;
  stat(): Promise<FileStat>;
  chmod(mode: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** A name in a directory. */
export interface DirectoryEntry {
  /** Raw bytes: a name need not be UTF-8. */
  readonly name: Uint8Array;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/**
 * The calls, as Node's `fs/promises` has them. Failures carry the system's `code` (`ENOENT`, `EEXIST`, ...), which decides what happens next;
 * `mkdir` makes one level; `readdir` gives names as raw bytes.
 */
export interface FileSystem {
  open(path: string, flags: number, mode?: number): Promise<OpenFile>;
  stat(path: string): Promise<FileStat>;
  lstat(path: string): Promise<FileStat>;
  realpath(path: string): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<readonly DirectoryEntry[]>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(existing: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** The machine's own file system. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => fs.open(path, flags, mode),
  stat: (path) => fs.stat(path),
  lstat: (path) => fs.lstat(path),
  realpath: (path) => fs.realpath(path),
  readFile: (path) => fs.readFile(path),
  readdir: (path) =>
    fs.readdir(path, { withFileTypes: true, encoding: 'buffer' }) as unknown as Promise<DirectoryEntry[]>,
  mkdir: (path) => fs.mkdir(path),
  rmdir: (path) => fs.rmdir(path),
  rename: (from, to) => fs.rename(from, to),
  link: (existing, path) => fs.link(existing, path),
  unlink: (path) => fs.unlink(path),
};

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NONBLOCK, O_NOFOLLOW, O_DIRECTORY } = constants;

/** Reading an operand: links are followed, a FIFO is not waited for. */
export const OPEN_INPUT = O_RDONLY | (O_NONBLOCK ?? 0);
/** Reading a source: never through a link, never waiting for the writer of a FIFO (W8). Windows has neither flag. */
export const OPEN_SOURCE = OPEN_INPUT | (O_NOFOLLOW ?? 0);
/** A new file of our own. */
export const OPEN_NEW = O_RDWR | O_CREAT | O_EXCL;
/** A directory, to make its entries durable. */
export const OPEN_DIRECTORY = O_RDONLY | (O_DIRECTORY ?? 0);

/** `0666`, which the umask narrows. */
export const NEW_FILE_MODE = 0o666;

/** Writes all of `bytes`: short writes happen. */
export async function writeAll(file: Pick<OpenFile, 'write'>, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, null);
    if (bytesWritten === 0) throw nothingWritten();
    done += bytesWritten;
  }
}

/** What a write that cannot end is taken for. */
export function nothingWritten(): Error {
  return Object.assign(new Error('a write that wrote nothing'), { code: 'EIO' });
}

/** Makes the names in a directory durable. Windows has no such call. */
export async function syncDirectory(fs: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await fs.open(path, OPEN_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Removes a file that may be gone already. */
export async function unlinkIfThere(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
