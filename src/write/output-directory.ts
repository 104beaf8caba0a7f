/**
 * The file sink: an output directory with `assets.pa` and its companions, published all at once (W4-W6).
 *
 * Everything is staged beside its destination, counted, synced and closed before anything is renamed. Companions are renamed first,
 * `assets.pa` last: it is the commit point. Until the directory is on disk, hard links keep the previous files, so that every failure on the way
 * puts them back.
 */
import { fault, ioStep, Phrase } from '../errors.js';
import { OUTPUT_NAMES } from '../format.js';
import { type FileStat, type FileSystem, nodeFileSystem, syncDirectory, unlinkIfThere } from '../host/fs.js';
import { acquireLock, type Lock } from '../host/lock.js';
import { baseName, folderOf, joinPath, makeFolders, removeFolders } from '../host/paths.js';
import { resolveDestination } from '../host/replace-file.js';
import { SpoolFile } from '../host/spool-file.js';
import { StagedFile } from '../host/staged-file.js';
import type { Append, Sink } from './sink.js';

/** What every unfinished file of an output directory is called. */
const PREFIX = '.assets.pa.';
const LOCK_NAME = `${PREFIX}lock`;

/** Options of {@link toDirectory}. */
export interface DirectorySinkOptions {
  /** The file system. Defaults to the machine's own. */
  readonly fs?: FileSystem;
}

/**
 * A sink that publishes `assets.pa` and its companions in a directory, which is made when it is not there.
 *
 * Its operations fail with `OUTPUT_LOCKED` or `OUTPUT_WRITE`; then the directory is as it was before.
 *
 * @param path The output directory.
 */
export function toDirectory(path: string, { fs = nodeFileSystem }: DirectorySinkOptions = {}): Sink {
  if (path === '') throw new RangeError('an output directory has a name');
  return new OutputDirectory(path, fs);
}

/** One output on its way. */
interface Output {
  /** Path as reports name it. */
  readonly shown: string;
  /** Where it will be: symbolic links resolved. */
  readonly destination: string;
  /** The file that is there now. */
  readonly previous: FileStat | undefined;
  readonly staged: StagedFile;
  /** A second name of the previous file, until the commit is on disk. */
  readonly backup: string;
  state: 'staged' | 'backed up' | 'promoted';
}

class OutputDirectory implements Sink {
  readonly keepsCompanions = true;
  readonly takesShared = true;
  readonly #path: string;
  readonly #fs: FileSystem;
  #madeFolders: string[] = [];
  #lock: Lock | undefined;
  /** Companions in the order given, the artifact last once it is sealed. */
  #outputs: Output[] = [];
  #artifact: Output | undefined;
  #size = 0;

  constructor(path: string, fs: FileSystem) {
    this.#path = path;
    this.#fs = fs;
  }

  openSpool(): Promise<SpoolFile> {
    return SpoolFile.create(this.#fs, this.#path);
  }

  async open(): Promise<void> {
    await this.#guard(this.#path, async () => {
      await makeFolders(this.#fs, this.#path, this.#madeFolders);
      this.#lock = await acquireLock(this.#fs, joinPath(this.#path, LOCK_NAME), 'this output directory');
      await this.#removeDebris();
    });
  }

  async begin(size: number): Promise<void> {
    this.#size = size;
    this.#artifact = await this.#stage(OUTPUT_NAMES.artifact);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { staged, shown } = this.#artifact as Output;
    await this.#guard(shown, () => staged.write(bytes));
  }

  async lend(append: Append): Promise<void> {
    const { staged, shown } = this.#artifact as Output;
    await this.#guard(shown, () => staged.lend(append));
  }

  async companion(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    const output = await this.#stage(name);
    this.#outputs.push(output);
    await this.#guard(output.shown, async () => {
      for (const chunk of chunks) await output.staged.write(chunk);
    });
  }

  async commit(): Promise<void> {
    const artifact = this.#artifact as Output;
    if (artifact.staged.size !== this.#size) {
      throw new Error(`${artifact.staged.size} bytes were written where ${this.#size} were announced`);
    }
    this.#outputs.push(artifact);
    for (const { staged, shown } of this.#outputs) await this.#guard(shown, () => staged.seal());
    await this.#promote();
    await this.#finish();
  }

  async abort(): Promise<void> {
    const started = this.#outputs.includes(this.#artifact as Output) ? [] : [this.#artifact];
    // In reverse: the new artifact is gone before the first of its companions is.
    for (const output of [...started, ...this.#outputs.toReversed()]) {
      if (output === undefined) continue;
      const wasVisible = output === this.#artifact && output.state === 'promoted';
      await this.#quietly(() => this.#takeBack(output));
      if (wasVisible) await this.#quietly(() => this.#syncFolders());
    }
    await this.#quietly(async () => this.#lock?.release());
    await this.#quietly(() => removeFolders(this.#fs, this.#madeFolders));
    this.#forget();
  }

  /** A sink may be used again: what one pack published is not the next one's to take back. */
  #forget(): void {
    this.#madeFolders = [];
    this.#outputs = [];
    this.#artifact = undefined;
    this.#lock = undefined;
  }

  async #stage(name: string): Promise<Output> {
    const shown = joinPath(this.#path, name);
    return this.#guard(shown, async () => {
      const { destination, previous } = await this.#destination(shown);
      const stagingName = `${PREFIX}${this.#lock?.token}.${baseName(destination)}`;
      const path = joinPath(folderOf(destination), stagingName);
      await this.#removeDeadStaging(destination);
      const staged = await StagedFile.create(this.#fs, path, previous);
      return { shown, destination, previous, staged, backup: `${path}.previous`, state: 'staged' };
    });
  }

  async #destination(path: string): Promise<{ destination: string; previous: FileStat | undefined }> {
    const found = await resolveDestination(this.#fs, path);
    if (found.previous === undefined || found.previous.isFile()) return found;
    const isDirectory = found.previous.isDirectory();
    throw fault('OUTPUT_WRITE', {
      what: 'something that is no regular file stands in the place of an output',
      where: { path },
      actual: new Phrase(isDirectory ? 'a directory' : 'a device, FIFO or socket'),
      details: { system: isDirectory ? 'EISDIR' : 'EINVAL' },
      hint: 'remove it, or choose another output directory',
    });
  }

  async #promote(): Promise<void> {
    for (const output of this.#outputs) {
      if (output.previous === undefined) continue;
      await this.#guard(output.shown, () => this.#fs.link(output.destination, output.backup));
      output.state = 'backed up';
    }
    const artifact = this.#outputs.at(-1);
    for (const output of this.#outputs) {
      // Companions reach the disk before the commit point does.
      if (output === artifact && this.#outputs.length > 1) await this.#syncFolders();
      await this.#guard(output.shown, () => this.#fs.rename(output.staged.path, output.destination));
      output.state = 'promoted';
    }
    await this.#syncFolders();
  }

  async #syncFolders(): Promise<void> {
    const paths = [...this.#outputs.map(({ destination }) => destination), ...this.#madeFolders];
    for (const folder of new Set(paths.map(folderOf))) {
      await this.#guard(folder, () => syncDirectory(this.#fs, folder));
    }
  }

  /** After the commit nothing can fail any more: what cannot be removed now is removed by the next pack. */
  async #finish(): Promise<void> {
    for (const { previous, backup } of this.#outputs) {
      if (previous !== undefined) await this.#quietly(() => this.#fs.unlink(backup));
    }
    await this.#quietly(async () => this.#lock?.release());
    this.#forget();
  }

  async #takeBack({ state, previous, destination, backup, staged }: Output): Promise<void> {
    if (state === 'staged') return staged.discard();
    if (state === 'backed up') {
      await staged.discard();
      return this.#fs.unlink(backup);
    }
    return previous === undefined ? this.#fs.unlink(destination) : this.#fs.rename(backup, destination);
  }

  /** Under the lock, every unfinished file in the directory is a dead writer's. */
  async #removeDebris(): Promise<void> {
    await this.#removeWhere(this.#path, (name) => name.startsWith(PREFIX) && name !== LOCK_NAME);
  }

  /** Behind a symbolic link other writers may be at work: only what the dead holder of our lock left is removed. */
  async #removeDeadStaging(destination: string): Promise<void> {
    const dead = this.#lock?.deadToken;
    if (dead === undefined || folderOf(destination) === this.#path) return;
    await this.#removeWhere(folderOf(destination), (name) => name.startsWith(`${PREFIX}${dead}.`));
  }

  async #removeWhere(folder: string, isDebris: (name: string) => boolean): Promise<void> {
    for (const { name } of await this.#fs.readdir(folder)) {
      const text = new TextDecoder().decode(name);
      if (isDebris(text)) await unlinkIfThere(this.#fs, joinPath(folder, text));
    }
  }

  /** Runs a step; what the file system throws becomes `OUTPUT_WRITE`. */
  #guard<T>(path: string, step: () => Promise<T>): Promise<T> {
    return ioStep('OUTPUT_WRITE', 'the output cannot be written', path, step);
  }

  /** Runs a step of the way back: the failure that led here is the one to report. */
  async #quietly(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch {
      // What stays behind is removed by the next pack.
    }
  }
}
