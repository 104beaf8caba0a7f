/** What a build is made of, frozen: every input hashed once, and held against the disk before anything is published. */
import { type DiagnosticParts, Diagnostics, fault, ioStep } from '../errors.js';
import { readBounded } from '../host/bounded-file.js';
import { type DigestFactory, digestFactory } from '../host/digests.js';
import type { FileSystem } from '../host/fs.js';
import type { Interruption } from '../host/interruption.js';
import { joinPath } from '../host/paths.js';
import { checkUnchanged, type FileIdentity, type LocatedFile, openLocated } from '../host/source-file.js';
import { SourceFolder } from '../host/source-folder.js';
import { fixOf } from './fixes.js';
import { ENCODED_INPUT_MAX_BYTES } from './layout.js';

/** A file as it was when the build began. */
export interface FrozenFile {
  readonly located: LocatedFile;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

/** Bytes read at once while hashing. */
const BLOCK_SIZE = 1_048_576;
/** Files between two turns for signals and timers. */
const FILES_PER_TURN = 256;

/** The inputs of one build. */
export class Snapshot {
  readonly #fs: FileSystem;
  readonly #project: string;
  readonly #folder: SourceFolder;
  readonly #interruption: Interruption;
  readonly #digests: DigestFactory;
  readonly #buffer = new Uint8Array(BLOCK_SIZE);
  /** By real path: each file is read once, whoever names it. */
  readonly #frozen = new Map<string, Promise<FrozenFile>>();
  /** Everything that was read, by the path that it was read by. */
  readonly #identities = new Map<string, { readonly shown: string; readonly identity: FileIdentity }>();
  /** Bytes hashed. */
  bytes = 0;

  private constructor(fs: FileSystem, project: string, interruption: Interruption, digests: DigestFactory) {
    this.#fs = fs;
    this.#project = project;
    this.#folder = new SourceFolder(fs, { folder: project, root: project, allowOutsideRoot: false });
    this.#interruption = interruption;
    this.#digests = digests;
  }

  /** @param project What confines every file. */
  static async begin(fs: FileSystem, project: string, interruption: Interruption): Promise<Snapshot> {
    return new Snapshot(fs, project, interruption, await digestFactory(['sha256']));
  }

  /** Files hashed. */
  get files(): number {
    return this.#frozen.size;
  }

  /**
   * Finds a file of the project without opening it.
   *
   * @param path Relative to the project.
   * @throws AssetsPaError `SOURCE_OUTSIDE_ROOT`, `SOURCE_NOT_FOUND`, `SOURCE_NOT_A_FILE`, `SOURCE_READ`
   */
  locate(path: string): Promise<LocatedFile> {
    return this.#folder.locate(path);
  }

  /**
   * Freezes a file: finds it and hashes it, unless that was done before.
   *
   * @param path Relative to the project.
   * @throws AssetsPaError `SOURCE_*`
   */
  async freeze(path: string): Promise<FrozenFile> {
    this.#interruption.check();
    const located = await this.locate(path);
    let frozen = this.#frozen.get(located.path);
    if (frozen === undefined) {
      frozen = this.#hash(located);
      this.#frozen.set(located.path, frozen);
      if (this.#frozen.size % FILES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return frozen;
  }

  /**
   * The bytes of a frozen file, as they were.
   *
   * @throws AssetsPaError `INPUT_TOO_LARGE`, `SOURCE_CHANGED`, `INPUT_READ`
   */
  async read({ located, digest }: FrozenFile): Promise<Uint8Array> {
    const { bytes } = await readBounded(this.#fs, located.path, this.#shown(located), ENCODED_INPUT_MAX_BYTES);
    if (this.#digests.format(this.#digests.hash(bytes)).sha256 === digest) return bytes;
    throw fault('SOURCE_CHANGED', changed(this.#shown(located)));
  }

  /** Takes up a document that was read by other means. */
  note(path: string, shown: string, identity: FileIdentity): void {
    this.#identities.set(path, { shown, identity });
  }

  /**
   * Looks whether everything that was read still is what it was.
   *
   * @throws AssetsPaError every `SOURCE_CHANGED`
   */
  async revalidate(): Promise<void> {
    const report = new Diagnostics();
    for (const [path, { shown, identity }] of this.#identities) {
      if (!(await this.#isSame(path, identity))) report.report('SOURCE_CHANGED', changed(shown));
    }
    report.throwIfErrors();
  }

  #shown({ name }: LocatedFile): string {
    return joinPath(this.#project, name);
  }

  async #isSame(path: string, { dev, ino, size, mtimeMs }: FileIdentity): Promise<boolean> {
    try {
      const now = await this.#fs.lstat(path);
      return now.dev === dev && now.ino === ino && now.size === size && now.mtimeMs === mtimeMs;
    } catch {
      return false;
    }
  }

  async #hash(located: LocatedFile): Promise<FrozenFile> {
    const digester = this.#digests.create();
    const file = await openLocated(located);
    try {
      for (;;) {
        this.#interruption.check();
        const read = () => file.read(this.#buffer, 0, BLOCK_SIZE, null);
        const { bytesRead } = await ioStep('SOURCE_READ', 'the input cannot be read', located.name, read);
        if (bytesRead === 0) break;
        digester.update(this.#buffer.subarray(0, bytesRead));
        this.bytes += bytesRead;
      }
      await checkUnchanged(file, located);
    } finally {
      await ioStep('SOURCE_READ', 'the input cannot be read', located.name, () => file.close());
    }
    this.note(located.path, this.#shown(located), located);
    return { located, digest: digester.digest().sha256 as string };
  }
}

function changed(path: string): DiagnosticParts {
  return {
    what: 'the file changed while the project was built',
    where: { path },
    hint: fixOf('SOURCE_CHANGED') as string,
  };
}
