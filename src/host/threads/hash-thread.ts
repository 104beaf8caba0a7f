/** Digests on a thread of their own. */
import type { DigestAlgorithm } from '../digests.js';
import { Thread } from './thread.js';

/** What a hasher thread is started with. */
export interface HasherData {
  readonly algorithms: readonly DigestAlgorithm[];
}

/** Hashes one byte string, given in pieces of shared memory. */
export class HashThread {
  readonly #thread: Thread<Uint8Array | null>;

  constructor(algorithms: readonly DigestAlgorithm[]) {
    const data: HasherData = { algorithms };
    this.#thread = new Thread('hasher', data);
  }

  /** Resolves when the piece was hashed: until then it must not change. Pieces may be given before the ones before them are done. */
  async update(bytes: Uint8Array): Promise<void> {
    this.#thread.post(bytes);
    await this.#thread.receive();
  }

  /** The raw digests of everything. */
  async raw(): Promise<Uint8Array> {
    this.#thread.post(null);
    return (await this.#thread.receive()) as Uint8Array;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
