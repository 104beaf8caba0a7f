/** The digest of the whole artifact: XXH64 where the bytes pass, SHA-256 beside them when there is enough to hash. */
import {
  type DigestAlgorithm,
  type Digester,
  type DigestFactory,
  type Digests,
  digestFactory,
} from '../host/digests.js';
import { HashThread } from '../host/threads/hash-thread.js';

interface Beside {
  readonly thread: HashThread;
  readonly factory: DigestFactory;
}

/** Sees every byte of the artifact, in the very buffers that the sink gets (W2). */
export class ArtifactDigest {
  readonly #inline: Digester;
  readonly #beside: Beside | undefined;

  private constructor(inline: Digester, beside: Beside | undefined) {
    this.#inline = inline;
    this.#beside = beside;
  }

  /** @param threaded Whether SHA-256 is left to a thread; the bytes must then be in shared memory. */
  static async create(algorithms: readonly DigestAlgorithm[], threaded: boolean): Promise<ArtifactDigest> {
    const inline = await digestFactory(algorithms.filter((each) => !threaded || each !== 'sha256'));
    if (!threaded || !algorithms.includes('sha256')) return new ArtifactDigest(inline.create(), undefined);
    const factory = await digestFactory(['sha256']);
    return new ArtifactDigest(inline.create(), { thread: new HashThread(factory.algorithms), factory });
  }

  /** Resolves when the bytes may change. */
  async update(bytes: Uint8Array): Promise<void> {
    const beside = this.#beside?.thread.update(bytes);
    this.#inline.update(bytes);
    await beside;
  }

  async digest(): Promise<Digests> {
    if (this.#beside === undefined) return this.#inline.digest();
    const { thread, factory } = this.#beside;
    return { ...factory.format(await thread.raw()), ...this.#inline.digest() };
  }

  async close(): Promise<void> {
    await this.#beside?.thread.close();
  }
}
