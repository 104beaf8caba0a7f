/** Content digests (C6): XXH64 for integrity and change detection, SHA-256 for identity. */
import { createHash, type Hash } from 'node:crypto';
import xxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm';

/** The digest algorithms, in the order in which reports list them. */
export const DIGEST_ALGORITHMS = ['sha256', 'xxh64'] as const;
/** A digest algorithm (C6). */
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** Content addresses, `<algorithm>:<lower-case hex>`; one that was not computed is absent. */
export type Digests = { readonly [algorithm in DigestAlgorithm]?: string };

/** C6: content addresses. */
const CONTENT_ADDRESS = {
  sha256: /^sha256:[0-9a-f]{64}$/,
  xxh64: /^xxh64:[0-9a-f]{16}$/,
} as const satisfies Record<DigestAlgorithm, RegExp>;

/** Whether a text is a content address (C6), of one algorithm or of any. */
export function isDigest(text: string, algorithms: readonly DigestAlgorithm[] = DIGEST_ALGORITHMS): boolean {
  return algorithms.some((each) => CONTENT_ADDRESS[each].test(text));
}

/** Hashes one byte string as it passes. */
export interface Digester {
  update(bytes: Uint8Array): void;
  digest(): Digests;
}

/** Makes digesters for a fixed set of algorithms. */
export interface DigestFactory {
  readonly algorithms: readonly DigestAlgorithm[];
  create(also?: readonly DigestAlgorithm[]): Digester;
}

/** @param algorithms What to compute; may be empty. */
export async function digestFactory(algorithms: readonly DigestAlgorithm[]): Promise<DigestFactory> {
  const api = await xxhash();
  return {
    algorithms,
    create: (also = []) => new MultiDigester(new Set([...algorithms, ...also]), api),
  };
}

class MultiDigester implements Digester {
  readonly #sha256: Hash | undefined;
  readonly #xxh64: XXHash<bigint> | undefined;

  constructor(algorithms: ReadonlySet<DigestAlgorithm>, api: XXHashAPI) {
    if (algorithms.has('sha256')) this.#sha256 = createHash('sha256');
    if (algorithms.has('xxh64')) this.#xxh64 = api.create64();
  }

  update(bytes: Uint8Array): void {
    this.#sha256?.update(bytes);
    this.#xxh64?.update(bytes);
  }

  digest(): Digests {
    const sha256 = this.#sha256?.digest('hex');
    const xxh64 = this.#xxh64?.digest().toString(16).padStart(16, '0');
    return {
      ...(sha256 !== undefined && { sha256: `sha256:${sha256}` }),
      ...(xxh64 !== undefined && { xxh64: `xxh64:${xxh64}` }),
    };
  }
}
