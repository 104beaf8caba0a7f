/** Content digests (C6): XXH64 for integrity and change detection, SHA-256 for identity. */
import { createHash, type Hash } from 'node:crypto';
import xxhash, { type XXHash, type XXHashAPI } from 'xxhash-wasm';
import type { SharedXxh64 } from './xxh64-state.js';

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

/** How many bytes a digest has. */
const DIGEST_SIZE = { sha256: 32, xxh64: 8 } as const satisfies Record<DigestAlgorithm, number>;

/** Hashes one byte string as it passes. */
export interface Digester {
  update(bytes: Uint8Array): void;
  digest(): Digests;
  /** The digests as bytes, end to end, in the order of {@link DIGEST_ALGORITHMS}. */
  raw(): Uint8Array;
}

/** Makes digests by a fixed set of algorithms. */
export interface DigestFactory {
  readonly algorithms: readonly DigestAlgorithm[];
  /** Bytes of all digests of one byte string, end to end. */
  readonly width: number;
  /**
   * @param only Other algorithms than the factory's.
   * @param state What computes XXH64 without a copy: all bytes then lie in its memory, and it serves no other digest before this one is done.
   */
  create(only?: readonly DigestAlgorithm[], state?: SharedXxh64): Digester;
  /** The digests of a whole byte string, as {@link Digester.raw} gives them. */
  hash(bytes: Uint8Array): Uint8Array;
  /** Content addresses from raw digests. */
  format(raw: Uint8Array): Digests;
}

/** XXH64's WebAssembly, compiled once for all factories. */
let loading: Promise<XXHashAPI> | undefined;

/** @param chosen What to compute, in any order; may be empty. */
export async function digestFactory(chosen: readonly DigestAlgorithm[]): Promise<DigestFactory> {
  return (await digestFactories())(chosen);
}

/** {@link digestFactory} for whoever cannot wait once it knows what to compute. */
export async function digestFactories(): Promise<(chosen: readonly DigestAlgorithm[]) => DigestFactory> {
  loading ??= xxhash();
  const api = await loading;
  return (chosen) => factoryOf(chosen, api);
}

function factoryOf(chosen: readonly DigestAlgorithm[], api: XXHashAPI): DigestFactory {
  const algorithms = inOrder(chosen);
  const width = widthOf(algorithms);
  return {
    algorithms,
    width,
    create: (only, state) => new MultiDigester(only === undefined ? algorithms : inOrder(only), api, state),
    hash: (bytes) =>
      join(algorithms, (each) =>
        each === 'sha256' ? createHash('sha256').update(bytes).digest() : bigEndian(api.h64Raw(bytes)),
      ),
    format: (raw) => formatDigests(raw, algorithms),
  };
}

/** XXH64 of one byte string, by the library or in memory of its own. */
type Xxh64 = Pick<SharedXxh64, 'update' | 'raw'>;

class MultiDigester implements Digester {
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #sha256: Hash | undefined;
  readonly #xxh64: Xxh64 | undefined;

  constructor(algorithms: readonly DigestAlgorithm[], api: XXHashAPI, state: SharedXxh64 | undefined) {
    this.#algorithms = algorithms;
    if (algorithms.includes('sha256')) this.#sha256 = createHash('sha256');
    if (!algorithms.includes('xxh64')) return;
    state?.begin();
    this.#xxh64 = state ?? copyingXxh64(api.create64());
  }

  update(bytes: Uint8Array): void {
    this.#sha256?.update(bytes);
    this.#xxh64?.update(bytes);
  }

  digest(): Digests {
    return formatDigests(this.raw(), this.#algorithms);
  }

  raw(): Uint8Array {
    return join(this.#algorithms, (each) =>
      each === 'sha256' ? (this.#sha256 as Hash).digest() : (this.#xxh64 as Xxh64).raw(),
    );
  }
}

function copyingXxh64(hash: XXHash<bigint>): Xxh64 {
  return { update: (bytes) => updateInPieces(hash, bytes), raw: () => bigEndian(hash.digest()) };
}

/** Measured: XXH64 copies what it is given, and pieces this large stay in the processor's cache: 12 GB/s instead of 10. */
const PIECE = 131_072;

function updateInPieces(hash: XXHash<bigint>, bytes: Uint8Array): void {
  // Shared memory is copied in another way, which only loses by it.
  const piece = bytes.buffer instanceof SharedArrayBuffer ? bytes.length : PIECE;
  for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
}

function inOrder(algorithms: readonly DigestAlgorithm[]): DigestAlgorithm[] {
  return DIGEST_ALGORITHMS.filter((each) => algorithms.includes(each));
}

function widthOf(algorithms: readonly DigestAlgorithm[]): number {
  return algorithms.reduce((sum, each) => sum + DIGEST_SIZE[each], 0);
}

function join(
  algorithms: readonly DigestAlgorithm[],
  digestOf: (algorithm: DigestAlgorithm) => Uint8Array,
): Uint8Array {
  const [only] = algorithms;
  if (only !== undefined && algorithms.length === 1) return digestOf(only);
  const all = new Uint8Array(widthOf(algorithms));
  let at = 0;
  for (const each of algorithms) {
    all.set(digestOf(each), at);
    at += DIGEST_SIZE[each];
  }
  return all;
}

function bigEndian(value: bigint): Uint8Array {
  const bytes = Buffer.allocUnsafe(DIGEST_SIZE.xxh64);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** Content addresses from raw digests, which lie end to end. */
function formatDigests(raw: Uint8Array, algorithms: readonly DigestAlgorithm[]): Digests {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const digests: { [algorithm in DigestAlgorithm]?: string } = {};
  let at = 0;
  for (const each of algorithms) {
    digests[each] = `${each}:${bytes.toString('hex', at, at + DIGEST_SIZE[each])}`;
    at += DIGEST_SIZE[each];
  }
  return digests;
}

/** The digests of many byte strings, as bytes: a text each would take ten times the memory. */
export class DigestTable {
  readonly #factory: DigestFactory;
  readonly #rows: Buffer;

  constructor(factory: DigestFactory, count: number) {
    this.#factory = factory;
    this.#rows = Buffer.alloc(factory.width * count);
  }

  /** Takes the raw digests of one byte string or, end to end, of several. */
  set(index: number, raw: Uint8Array): void {
    this.#rows.set(raw, index * this.#factory.width);
  }

  at(index: number): Digests {
    const { width } = this.#factory;
    return this.#factory.format(this.#rows.subarray(index * width, (index + 1) * width));
  }

  /** A number that is the same for equal digests, and evenly spread; there must be digests. */
  hash(index: number): number {
    return this.#rows.readUInt32LE((index + 1) * this.#factory.width - 4);
  }

  areEqual(a: number, b: number): boolean {
    const { width } = this.#factory;
    return this.#rows.compare(this.#rows, a * width, (a + 1) * width, b * width, (b + 1) * width) === 0;
  }
}
