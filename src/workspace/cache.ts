/**
 * Encoded payloads by the content of what they were made from. Never an authority: an entry that is not whole is no entry, and the folder
 * may be deleted at any time.
 */
import { randomBytes } from 'node:crypto';
import { canonicalText } from '../codec/canonical.js';
import type { JsonValue } from '../format.js';
import { readBounded } from '../host/bounded-file.js';
import type { FileSystem } from '../host/fs.js';
import { joinPath, makeFolders } from '../host/paths.js';
import { StagedFile } from '../host/staged-file.js';
import type { BankEncoder, EncodeRequest } from './bank-encoder.js';
import { type CachedBank, entryBytes, readEntry, sha256Hex } from './cache-entry.js';

/** The version of the cache: of its keys and its entries. Another version is passed over. */
const CACHE_VERSION = 1;
/** Bytes of one entry. */
const ENTRY_MAX_BYTES = 67_108_864;
/** Bytes that entries may take which no asset of the last build has. */
const UNUSED_MAX_BYTES = 268_435_456;

const ENTRY_NAME = /^[0-9a-f]{64}$/;
const STAGED_NAME = /^\.[0-9a-f]{16}$/;

/** What a build may do with the cache. */
export type CacheUse = 'use' | 'read' | 'off';

/** What an entry is found by. */
export interface CacheSubject extends Pick<EncodeRequest, 'build' | 'metadata'> {
  readonly encoder: Pick<BankEncoder, 'format' | 'version'>;
  /** As declared, role by role. */
  readonly inputs: readonly {
    readonly role: string;
    readonly path: string;
    readonly file: { readonly digest: string };
  }[];
}

/** The name of an entry: everything that its bytes depend on. */
export function cacheKey({ encoder, build, metadata, inputs }: CacheSubject): string {
  const subject: JsonValue = {
    cache: CACHE_VERSION,
    format: encoder.format,
    encoder: encoder.version,
    build: build === undefined ? null : JSON.stringify(build),
    metadata,
    inputs: inputs.map(({ role, path, file }) => [role, path, file.digest]),
  };
  // Metadata has 32 levels of its own, one below the subject.
  return sha256Hex(canonicalText(subject, -1));
}

/** The cache of one project during one build. No failure of it is a failure of the build. */
export class Cache {
  readonly #fs: FileSystem;
  readonly #folder: string;
  readonly #parents: readonly string[];
  readonly #use: CacheUse;
  readonly #used = new Set<string>();
  #stored = 0;
  #isReady: Promise<boolean> | undefined;

  /** @param folder The cache of the project; made when it is not there. */
  constructor(fs: FileSystem, folder: string, use: CacheUse) {
    this.#fs = fs;
    this.#folder = joinPath(folder, `v${CACHE_VERSION}`);
    this.#parents = [folder, this.#folder];
    this.#use = use;
  }

  /** The entry of a key, when it is there and whole. */
  async find(key: string): Promise<CachedBank | undefined> {
    this.#used.add(key);
    if (this.#use === 'off' || !(await this.#check())) return undefined;
    try {
      const path = joinPath(this.#folder, key);
      return readEntry((await readBounded(this.#fs, path, path, ENTRY_MAX_BYTES)).bytes);
    } catch {
      return undefined;
    }
  }

  /** Keeps an entry. */
  async store(key: string, bank: CachedBank): Promise<void> {
    if (this.#use !== 'use' || !(await this.#check())) return;
    const bytes = entryBytes(bank);
    if (bytes.length > ENTRY_MAX_BYTES) return;
    try {
      await makeFolders(this.#fs, this.#folder, []);
      const staged = await StagedFile.create(this.#fs, joinPath(this.#folder, `.${randomBytes(8).toString('hex')}`));
      try {
        await staged.write(bytes);
        await staged.seal(false);
        await this.#fs.rename(staged.path, joinPath(this.#folder, key));
        this.#stored += 1;
      } catch (error) {
        await staged.discard();
        throw error;
      }
    } catch {
      // A cache that cannot be written costs time, not bytes.
    }
  }

  /**
   * Removes what this build had no use for, the oldest first, where it takes too much room; and what a killed build left.
   *
   * @param most Bytes that may stay unused. Defaults to 256 MiB.
   */
  async prune(most: number = UNUSED_MAX_BYTES): Promise<void> {
    if (this.#stored === 0 || !(await this.#check())) return;
    try {
      await this.#prune(most);
    } catch {
      // What stays is looked at by the next build.
    }
  }

  async #prune(most: number): Promise<void> {
    const unused: { readonly path: string; readonly size: number; readonly mtimeMs: number }[] = [];
    for (const entry of await this.#fs.readdir(this.#folder)) {
      const name = new TextDecoder().decode(entry.name);
      const path = joinPath(this.#folder, name);
      if (STAGED_NAME.test(name)) await this.#fs.unlink(path);
      else if (ENTRY_NAME.test(name) && !this.#used.has(name)) {
        const { size, mtimeMs } = await this.#fs.lstat(path);
        unused.push({ path, size, mtimeMs });
      }
    }
    let total = unused.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of unused.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= most) return;
      await this.#fs.unlink(path);
      total -= size;
    }
  }

  /** Whether the folders are folders, or not there: a link would lead somewhere else. */
  #check(): Promise<boolean> {
    this.#isReady ??= this.#areFolders();
    return this.#isReady;
  }

  async #areFolders(): Promise<boolean> {
    for (const folder of this.#parents) {
      try {
        if (!(await this.#fs.lstat(folder)).isDirectory()) return false;
      } catch {
        // Not there: it will be made.
      }
    }
    return true;
  }
}
