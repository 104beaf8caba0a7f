/** Finding payload files, and where they may be (W8). */
import { isAbsolute, relative, sep } from 'node:path';
import { fault, ioFault, ioStep, Phrase, show, systemCode } from '../errors.js';
import type { FileStat, FileSystem } from './fs.js';
import { isPlain, LocatedFile, type RealPlace } from './source-file.js';

/** Options of {@link SourceFolder}. */
export interface SourceFolderOptions {
  /** What payload paths are relative to. */
  readonly folder: string;
  /** What confines them. */
  readonly root: string;
  /** Lifts the confinement. */
  readonly allowOutsideRoot: boolean;
}

/** What looking at a path says. */
export type LookedAt = Omit<FileStat, 'mode'>;

/** Looks at what stands at each path, following no link; an error of the system where nothing can be said. */
export type Look = (paths: readonly string[]) => Promise<readonly (LookedAt | Error)[]>;

/** Where a payload file should be. */
interface NamedFile {
  readonly name: string;
  readonly place: RealPlace;
}

/** Finds payload files by the plan's paths. */
export class SourceFolder {
  readonly #fs: FileSystem;
  readonly #options: SourceFolderOptions;
  readonly #look: Look;
  /** The folders seen: one `realpath` each, not one a file; no promise once it is known. */
  readonly #folders = new Map<string, RealPlace | Promise<RealPlace>>();
  #root: Promise<string> | undefined;

  /** @param look Defaults to asking the file system. */
  constructor(fs: FileSystem, options: SourceFolderOptions, look: Look = lookThrough(fs)) {
    this.#fs = fs;
    this.#options = options;
    this.#look = look;
  }

  /**
   * Finds a payload file without opening it.
   *
   * @throws AssetsPaError `SOURCE_OUTSIDE_ROOT`, `SOURCE_NOT_FOUND`, `SOURCE_NOT_A_FILE`, `SOURCE_READ`
   */
  async locate(name: string): Promise<LocatedFile> {
    const [found] = await this.locateAll([name]);
    if (found instanceof Error) throw found;
    return found as LocatedFile;
  }

  /** Finds many payload files; what {@link locate} would throw stands in the place of one that cannot be had. */
  async locateAll(names: readonly string[]): Promise<(LocatedFile | Error)[]> {
    const files = await settled(names.map((name) => this.#place(name)));
    const paths: string[] = [];
    for (const file of files) if (!(file instanceof Error)) paths.push(file.place.pathOf(file.name));
    const looks = paths.length === 0 ? [] : await this.#look(paths);
    let looked = 0;
    const found = files.map((file) => {
      if (file instanceof Error) return file;
      const look = looks[looked] as LookedAt | Error;
      looked += 1;
      return this.#judge(file, look);
    });
    return settled(found);
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

  #place(name: string): NamedFile | Error | Promise<NamedFile | Error> {
    if (!this.#options.allowOutsideRoot && !isPlain(name)) {
      return outsideRoot(
        name,
        'is absolute or holds ".."',
        "name a file below the plan's folder, or lift the confinement with --allow-outside-root",
      );
    }
    const parent = name.slice(0, name.lastIndexOf('/') + 1);
    const place = this.#folders.get(parent) ?? this.#realFolder(parent);
    if (!(place instanceof Promise)) return { name, place };
    return place.then((known) => ({ name, place: known })).catch((error: unknown) => this.#failure(name, error));
  }

  #judge(file: NamedFile, looked: LookedAt | Error): LocatedFile | Error | Promise<LocatedFile | Error> {
    const { name, place } = file;
    if (looked instanceof Error) return this.#failure(name, looked);
    if (looked.isSymbolicLink()) return this.#follow(file).catch((error: unknown) => this.#failure(name, error));
    return this.#refusal(file, looked) ?? new LocatedFile(name, place, looked);
  }

  /** The file that a link leads to. */
  async #follow({ name, place: linked }: NamedFile): Promise<LocatedFile | Error> {
    const fs = this.#fs;
    const path = await fs.realpath(linked.pathOf(name));
    const place = { fs, isInside: isWithin(await this.#realRoot(), path), pathOf: () => path };
    const looked = await fs.lstat(path);
    return this.#refusal({ name, place }, looked) ?? new LocatedFile(name, place, looked);
  }

  /** Why something that is there is no payload file (W8). */
  #refusal({ name, place }: NamedFile, looked: LookedAt): Error | undefined {
    if (!place.isInside && !this.#options.allowOutsideRoot) {
      return outsideRoot(
        name,
        `leads out of the root ${show(this.#options.root)}`,
        'choose another root with --root, or lift the confinement with --allow-outside-root',
      );
    }
    return looked.isFile() ? undefined : notAFile(name, looked.isDirectory());
  }

  /** What a refusal of the system means for a payload file. */
  #failure(name: string, error: unknown): Error {
    const system = systemCode(error);
    if (system === 'ENOENT' || system === 'ENOTDIR') {
      const what = `there is no such payload file in ${show(this.#options.folder)}`;
      const hint = "payload paths are relative to the plan's folder";
      return fault('SOURCE_NOT_FOUND', { what, where: { path: name }, hint }, error);
    }
    if (system !== undefined) return ioFault('SOURCE_READ', 'the payload file cannot be looked at', name, error);
    return error as Error;
  }

  /** @param parent The part of a name up to its last `/`, inclusive. */
  #realFolder(parent: string): Promise<RealPlace> {
    const folder = isAbsolute(parent) ? parent : this.#options.folder + sep + parent;
    const found = (async () => {
      const [root, path] = await Promise.all([this.#realRoot(), this.#fs.realpath(folder)]);
      const prefix = path.endsWith(sep) ? path : path + sep;
      const pathOf = (name: string) => prefix + name.slice(name.lastIndexOf('/') + 1);
      const real = { fs: this.#fs, isInside: isWithin(root, path), pathOf };
      this.#folders.set(parent, real);
      return real;
    })();
    this.#folders.set(parent, found);
    return found;
  }
}

/** Looks by asking the file system. */
export function lookThrough(fs: FileSystem): Look {
  return (paths) => Promise.all(paths.map((path) => fs.lstat(path).catch((error: Error) => error)));
}

/** Values, some of which may take their time. */
function settled<T>(values: readonly (T | Promise<T>)[]): Promise<T[]> | T[] {
  // A promise for each of many values costs more than the values.
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
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
