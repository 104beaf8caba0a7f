/** A vector set: its manifest and its files. */
import { isPlainObject } from '../codec/json-tree.js';
import { AssetsPaError, fault, ioStep, unsupportedVersion } from '../errors.js';
import type { FileSystem } from '../host/fs.js';
import { joinPath } from '../host/paths.js';
import type { ReaderClass } from '../read/runtime-profile.js';

/** The version of the manifest. */
export const MANIFEST_VERSION = 1;

/** What a runtime must say of a vector. */
export interface RuntimeExpectation {
  readonly verdict: 'accept' | 'reject' | 'unspecified';
  /** For `reject`: each is right. */
  readonly classes?: readonly ReaderClass[];
}

/** What a strict reader must say of a vector. */
export interface StrictExpectation {
  readonly verdict: 'accept' | 'reject';
  readonly code?: string;
  readonly where?: { readonly pointer?: string; readonly offset?: number };
}

/** One vector. */
export interface Vector {
  readonly id: string;
  /** Path below the manifest's folder. */
  readonly file: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly flags: readonly string[];
  readonly runtime: RuntimeExpectation;
  readonly strict: StrictExpectation;
  /** Path of what an accepted file holds. */
  readonly expected?: string;
  /** Path of a plan that makes the file. */
  readonly plan?: string;
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** 16 hex digits. */
  readonly xxh64: string;
}

/** What an accepted vector holds. */
export interface ExpectedContent {
  readonly prelude: { readonly [field: string]: number | string };
  readonly asset_table: readonly object[];
  readonly preload: readonly object[];
  readonly slices: readonly { readonly asset_id: number; readonly size: number; readonly xxh64: string }[];
}

/** A vector set that was opened. */
export class VectorSet {
  readonly vectors: readonly Vector[];
  readonly #folder: string;
  readonly #fs: FileSystem;

  private constructor(fs: FileSystem, folder: string, vectors: readonly Vector[]) {
    this.#fs = fs;
    this.#folder = folder;
    this.vectors = vectors;
  }

  /**
   * Reads the manifest in a folder.
   *
   * @throws AssetsPaError `INPUT_READ`, `VERSION_UNSUPPORTED`
   */
  static async open(fs: FileSystem, folder: string): Promise<VectorSet> {
    const path = joinPath(folder, 'manifest.json');
    const manifest = await readJson(fs, path);
    const version = manifest['manifest_version'];
    if (version !== MANIFEST_VERSION) {
      const hint = 'take the vectors of this version of the tool, or the tool of these vectors';
      const where = { path, pointer: '/manifest_version' };
      throw new AssetsPaError([
        unsupportedVersion({
          artifact: 'vector manifest',
          supported: MANIFEST_VERSION,
          found: version ?? null,
          where,
          hint,
          blocks: 'the check',
        }),
      ]);
    }
    const { vectors } = manifest;
    if (!Array.isArray(vectors) || !vectors.every(isVector)) {
      throw fault('INPUT_READ', { what: 'this is no manifest of vectors', where: { path, pointer: '/vectors' } });
    }
    return new VectorSet(fs, folder, vectors);
  }

  /** Where a file of the set lies. */
  path(file: string): string {
    return joinPath(this.#folder, file);
  }

  /**
   * The bytes of a file of the set.
   *
   * @throws AssetsPaError `INPUT_READ`
   */
  read(file: string): Promise<Uint8Array> {
    const path = this.path(file);
    return ioStep('INPUT_READ', 'the vector set is not complete', path, () => this.#fs.readFile(path));
  }

  /** What an accepted vector holds. */
  async content({ expected }: Vector): Promise<ExpectedContent> {
    return (await readJson(this.#fs, this.path(expected as string))) as unknown as ExpectedContent;
  }
}

async function readJson(fs: FileSystem, path: string): Promise<{ readonly [name: string]: unknown }> {
  const bytes = await ioStep('INPUT_READ', 'the input cannot be read', path, () => fs.readFile(path));
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw fault('INPUT_READ', { what: `the file is not JSON: ${(error as Error).message}`, where: { path } }, error);
  }
  if (isPlainObject(value)) return value;
  throw fault('INPUT_READ', { what: 'the file is no JSON object', where: { path } });
}

/** As much of a vector's shape as the checks rely on; `manifest.schema.json` says it all. */
function isVector(value: unknown): value is Vector {
  const vector = value as Partial<Vector> | null;
  const isAccepted = vector?.runtime?.verdict === 'accept';
  return (
    typeof vector?.id === 'string' &&
    typeof vector.file === 'string' &&
    Array.isArray(vector.clauses) &&
    typeof vector.runtime?.verdict === 'string' &&
    (vector.runtime.classes === undefined || Array.isArray(vector.runtime.classes)) &&
    typeof vector.strict?.verdict === 'string' &&
    (!isAccepted || typeof vector.expected === 'string')
  );
}
