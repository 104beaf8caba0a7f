/** Payload files that were found: reading them, and that they stay what they were (W3). */
import { isAbsolute } from 'node:path';
import { type AssetsPaError, bytesPhrase, fault, ioFault, ioStep, systemCode } from '../errors.js';
import { blockingFileSystem } from './blocking-fs.js';
import { type FileStat, type FileSystem, nodeFileSystem, OPEN_SOURCE, type OpenFile } from './fs.js';

/** What tells whether a file is still the same. */
export type FileIdentity = Pick<FileStat, 'dev' | 'ino' | 'size' | 'mtimeMs'>;

/** A file, as far as reading it needs to know. */
export interface FoundFile extends FileIdentity {
  /** The plan's own text. */
  readonly name: string;
  /** Real path: no symbolic link in it when it was found. */
  readonly path: string;
}

/** Where payload files really are: a folder, or the end of a link. */
export interface RealPlace {
  readonly fs: FileSystem;
  readonly isInside: boolean;
  /** The real path of a file with this name. */
  pathOf(name: string): string;
}

/** A payload file that was found and may be read. There may be a million, so that it keeps no path of its own. */
export class LocatedFile implements FoundFile {
  readonly name: string;
  readonly #place: RealPlace;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;

  constructor(name: string, place: RealPlace, { dev, ino, size, mtimeMs }: FileIdentity) {
    this.name = name;
    this.#place = place;
    this.dev = dev;
    this.ino = ino;
    this.size = size;
    this.mtimeMs = mtimeMs;
  }

  get fs(): FileSystem {
    return this.#place.fs;
  }

  get path(): string {
    return this.#place.pathOf(this.name);
  }

  /** The name, when the file is inside the root and the name says no more than that (C5). */
  get insideName(): string | undefined {
    return this.#place.isInside && isPlain(this.name) ? this.name : undefined;
  }

  /** The file itself, when it is one of the machine's own: any thread can read it. */
  get located(): this | undefined {
    return this.fs === nodeFileSystem || this.fs === blockingFileSystem ? this : undefined;
  }

  /**
   * Opens the file to be read once, from its beginning.
   *
   * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_READ`
   */
  async open(): Promise<OpenSource> {
    const file = await openLocated(this);
    const step = <T>(what: string, ask: () => Promise<T>) =>
      ioStep('SOURCE_READ', `the payload file cannot be ${what}`, this.name, ask);
    return {
      isStream: false,
      read: async (into) => (await step('read', () => file.read(into, 0, into.length, null))).bytesRead,
      finish: () => checkUnchanged(file, this),
      close: () => step('closed', () => file.close()),
    };
  }
}

/** A payload that is being read. */
export interface OpenSource {
  /** A stream may keep its reader waiting and give less than asked before its end; anything else does neither. */
  readonly isStream: boolean;
  /** Fills some of `into`; 0 at the end. */
  read(into: Uint8Array): Promise<number>;
  /** Judges what only the end can show, after the last byte. */
  finish(): Promise<void>;
  /** Lets go of the payload, read to the end or not. */
  close(): Promise<void>;
}

/** Whether a name cannot lead out of the folder it is relative to, but by links. */
export function isPlain(name: string): boolean {
  return !isAbsolute(name) && !(name.includes('..') && name.split('/').includes('..'));
}

/**
 * Opens a located file and makes sure that it still is the one that was found.
 *
 * @throws AssetsPaError `SOURCE_CHANGED`, `SOURCE_READ`
 */
export async function openLocated(located: LocatedFile): Promise<OpenFile> {
  let file: OpenFile;
  try {
    file = await located.fs.open(located.path, OPEN_SOURCE);
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
export function openFault(error: unknown, located: FoundFile): unknown {
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
export function judgeUnchanged(stat: FileStat, located: FoundFile): void {
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

function changed(located: FoundFile, what: string, values: object = {}, cause?: unknown): Error {
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
