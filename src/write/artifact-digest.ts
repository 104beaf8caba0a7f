/** The digest of the whole artifact, computed beside the copy where there are threads to do it. */
import {
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  type DigestFactory,
  type Digests,
  digestFactory,
} from '../host/digests.js';
import { HashThread } from '../host/threads/hash-thread.js';
import type { SharedXxh64 } from '../host/xxh64-state.js';

/** Hashes one byte string, given in pieces. */
interface Hashing {
  /** Resolves when the piece may change. */
  update(bytes: Uint8Array): Promise<void>;
  /** The raw digest of everything. */
  raw(): Promise<Uint8Array>;
}

/** One of the digests, and who computes it. */
interface Part {
  readonly factory: DigestFactory;
  readonly hashing: Hashing;
  /** Whether the threads that read payloads go on with it. */
  readonly isReaders: boolean;
}

/** Sees every byte of the artifact, in the very buffers that the sink gets (W2). */
export class ArtifactDigest {
  readonly #parts: readonly Part[];
  /** Those that whoever reads payloads does not compute. */
  readonly #besideReading: readonly Part[];
  readonly #hasher: HashThread | undefined;

  private constructor(parts: readonly Part[], hasher: HashThread | undefined) {
    this.#parts = parts;
    this.#besideReading = parts.filter(({ isReaders }) => !isReaders);
    this.#hasher = hasher;
  }

  /**
   * @param shared XXH64 of the artifact, with which the threads that read payloads go on in their turn.
   * @param threaded Whether SHA-256, which would take longer than the reading, is left to a thread of its own.
   */
  static async create(
    algorithms: readonly DigestAlgorithm[],
    shared: SharedXxh64 | undefined,
    threaded: boolean,
  ): Promise<ArtifactDigest> {
    const hasher = threaded && algorithms.includes('sha256') ? new HashThread(['sha256']) : undefined;
    const parts: Part[] = [];
    for (const algorithm of DIGEST_ALGORITHMS.filter((each) => algorithms.includes(each))) {
      const factory = await digestFactory([algorithm]);
      const isReaders = algorithm === 'xxh64' && shared !== undefined;
      const own = algorithm === 'sha256' ? hasher : undefined;
      parts.push({ factory, hashing: isReaders ? inline(shared) : (own ?? inline(factory.create())), isReaders });
    }
    return new ArtifactDigest(parts, hasher);
  }

  /** Whether another thread looks at the bytes, which must then be in shared memory. */
  get isShared(): boolean {
    return this.#hasher !== undefined;
  }

  /** Resolves when the bytes may change. */
  async update(bytes: Uint8Array): Promise<void> {
    await Promise.all(this.#parts.map(({ hashing }) => hashing.update(bytes)));
  }

  /** The same for bytes that threads have read, and hashed as far as they do. */
  async updateRead(bytes: Uint8Array): Promise<void> {
    await Promise.all(this.#besideReading.map(({ hashing }) => hashing.update(bytes)));
  }

  async digest(): Promise<Digests> {
    const digests = await Promise.all(
      this.#parts.map(async ({ factory, hashing }) => factory.format(await hashing.raw())),
    );
    return Object.assign({}, ...digests);
  }

  async close(): Promise<void> {
    await this.#hasher?.close();
  }
}

/** Hashes in the caller's own thread. */
function inline(digester: { update(bytes: Uint8Array): void; raw(): Uint8Array }): Hashing {
  return { update: async (bytes) => digester.update(bytes), raw: async () => digester.raw() };
}
