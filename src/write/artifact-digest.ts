/** The digest of the whole artifact, computed beside the copy where there are threads to do it. */
import {
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  type DigestFactory,
  type Digests,
  digestFactory,
} from '../host/digests.js';
import type { FileThreads } from '../host/threads/file-threads.js';
import { HashThread } from '../host/threads/hash-thread.js';

/** What a thread that reads payloads hashes of the artifact as it goes: SHA-256 would take longer than the reading. */
export const BESIDE_READING: readonly DigestAlgorithm[] = ['xxh64'];

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
}

/** Sees every byte of the artifact, in the very buffers that the sink gets (W2). */
export class ArtifactDigest {
  readonly #parts: readonly Part[];
  readonly #reader: FileThreads | undefined;
  readonly #hasher: HashThread | undefined;

  private constructor(parts: readonly Part[], reader: FileThreads | undefined, hasher: HashThread | undefined) {
    this.#parts = parts;
    this.#reader = reader;
    this.#hasher = hasher;
  }

  /**
   * @param reader The threads that read payloads, which may hash the output, {@link BESIDE_READING}.
   * @param threaded Whether SHA-256 is left to a thread of its own.
   */
  static async create(
    algorithms: readonly DigestAlgorithm[],
    reader: FileThreads | undefined,
    threaded: boolean,
  ): Promise<ArtifactDigest> {
    const hasher = threaded && algorithms.includes('sha256') ? new HashThread(['sha256']) : undefined;
    const besideReading = reader?.hashesOutput === true ? reader : undefined;
    const parts: Part[] = [];
    for (const algorithm of DIGEST_ALGORITHMS.filter((each) => algorithms.includes(each))) {
      const factory = await digestFactory([algorithm]);
      const thread = BESIDE_READING.includes(algorithm) ? besideReading : hasher;
      parts.push({ factory, hashing: thread ?? inline(factory) });
    }
    return new ArtifactDigest(parts, reader, hasher);
  }

  /** Whether other threads look at the bytes, which must then be in shared memory. */
  get isShared(): boolean {
    return this.#reader !== undefined || this.#hasher !== undefined;
  }

  /** Resolves when the bytes may change. */
  async update(bytes: Uint8Array): Promise<void> {
    await Promise.all(this.#parts.map(({ hashing }) => hashing.update(bytes)));
  }

  /** The same for bytes that the reader gave, which has hashed them. */
  async updateRead(bytes: Uint8Array): Promise<void> {
    const others = this.#parts.filter(({ hashing }) => hashing !== this.#reader);
    await Promise.all(others.map(({ hashing }) => hashing.update(bytes)));
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
function inline(factory: DigestFactory): Hashing {
  const digester = factory.create();
  return { update: async (bytes) => digester.update(bytes), raw: async () => digester.raw() };
}
