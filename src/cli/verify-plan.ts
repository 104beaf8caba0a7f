/** `assets-pa verify --plan`: what the plan and its sources give, held against an artifact. */
import { dirname } from 'node:path';
import type { DiagnosticParts } from '../errors.js';
import type { AssetEntry } from '../format.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import { type DigestAlgorithm, type Digester, type DigestFactory, digestFactory } from '../host/digests.js';
import { ForwardReader } from '../host/forward-reader.js';
import { planPointer } from '../plan/model.js';
import { blaming, type Source } from '../plan/sources.js';
import { fileOffset, type OpenArtifact } from '../read/artifact.js';
import { type ByteRun, compareRuns, fileRun } from '../read/compare.js';
import { diffHeaders, type EntryPair, type HeaderDifference } from '../read/diff-header.js';
import type { ReadProgress } from '../read/verify.js';
import { counted } from '../report/figures.js';
import { type FrozenAsset, freeze } from '../write/freeze.js';
import { checkPlan } from '../write/pack.js';
import { readInput, withName } from './terminal.js';

/** Options of {@link comparePlan}. */
export interface ComparePlanOptions {
  readonly root?: string;
  readonly allowOutsideRoot?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReadProgress) => void;
}

const BLOCK_SIZE = 1_048_576;

/**
 * Compares the entries of an artifact with those that a plan gives, and its payloads with their sources.
 *
 * @param artifact Its report receives a `DIGEST_MISMATCH` for everything that differs.
 * @throws AssetsPaError the plan's own faults, as `pack` finds them
 */
export async function comparePlan(
  artifact: OpenArtifact,
  planPath: string,
  { root, allowOutsideRoot = false, signal, onProgress }: ComparePlanOptions,
): Promise<void> {
  const plan = await readInput(planPath);
  const folder = planPath === '-' ? '.' : dirname(planPath);
  const checked = await withName(
    planPath,
    checkPlan(plan, { folder, allowOutsideRoot, signal, fs: blockingFileSystem, ...(root !== undefined && { root }) }),
  );
  const frozen = freeze(checked.draft, checked.sources, artifact.alignment ?? checked.alignment);
  const comparison = new PlanComparison(artifact, planPath, frozen.assets, await digestFactory([]));
  const pairs = comparison.entries(diffHeaders(frozen.header, artifact.header ?? { assetTable: [], preload: [] }));
  if (!artifact.isLaidOut) return;
  let bytes = 0;
  const totalBytes = pairs.reduce((sum, { b }) => sum + b.size, 0);
  await withName(
    planPath,
    comparison.payloads(pairs, (length) => {
      checked.interruption.check();
      bytes += length;
      onProgress({ bytes, totalBytes });
    }),
  );
}

class PlanComparison {
  readonly #artifact: OpenArtifact;
  readonly #planPath: string;
  /** In table order. */
  readonly #assets: readonly FrozenAsset[];
  readonly #digests: DigestFactory;
  readonly #buffer = new Uint8Array(BLOCK_SIZE);

  constructor(artifact: OpenArtifact, planPath: string, assets: readonly FrozenAsset[], digests: DigestFactory) {
    this.#artifact = artifact;
    this.#planPath = planPath;
    this.#assets = assets;
    this.#digests = digests;
  }

  /** Judges entries and preload list. @returns The assets whose payloads can be compared. */
  entries({ added, removed, pairs, preload }: HeaderDifference): EntryPair[] {
    const { assetTable = [], preload: slots = [] } = this.#artifact.header ?? {};
    const missing = new Set(removed);
    for (const { entry, asset } of this.#assets) {
      if (!missing.has(entry)) continue;
      const where = { path: this.#planPath, plan: planPointer(asset) };
      this.#report({ what: 'the artifact does not have this asset of the plan', where, asset_id: entry.assetId });
    }
    const foreign = new Set<AssetEntry | undefined>(added);
    for (const [index, entry] of assetTable.entries()) {
      if (entry === undefined || !foreign.has(entry)) continue;
      const where = { pointer: `/asset_table/${index}` };
      this.#report({ what: 'the plan does not have this asset', where, asset_id: entry.assetId });
    }
    for (const pair of pairs) this.#members(pair);
    for (const { assetId } of [...preload.removed, ...preload.added, ...preload.changed]) {
      const index = slots.findIndex((entry) => entry?.assetId === assetId);
      const where = { pointer: index < 0 ? '/preload' : `/preload/${index}` };
      this.#report({ what: 'the plan gives another preload entry for this asset', where, asset_id: assetId });
    }
    return pairs.filter(({ members }) => !members.some(({ name }) => name === 'size'));
  }

  /** Reads the sources and the payloads side by side. */
  async payloads(pairs: readonly EntryPair[], onBytes: (length: number) => void): Promise<void> {
    const reader = new ForwardReader(this.#artifact.file, { blockSize: BLOCK_SIZE, readAhead: true });
    try {
      for (const pair of pairs) await this.#payload(pair, reader, onBytes);
    } finally {
      await reader.settle();
    }
  }

  #report(parts: DiagnosticParts): void {
    const hint = 'pack the plan again, or look for what changed with assets-pa diff';
    this.#artifact.report.report('DIGEST_MISMATCH', { ...parts, hint });
  }

  #members({ b: entry, indexB, members }: EntryPair): void {
    for (const { name, a, b } of members) {
      // Where a payload lies is judged by the layout rule alone.
      if (name === 'offset') continue;
      this.#report({
        what: `${name} is not what the plan gives`,
        where: { pointer: `/asset_table/${indexB}/${name}` },
        asset_id: entry.assetId,
        expected: a,
        actual: b,
      });
    }
  }

  async #payload({ b: entry, indexA, indexB }: EntryPair, reader: ForwardReader, onBytes: OnBytes): Promise<void> {
    const { asset, source } = this.#assets[indexA] as FrozenAsset;
    const start = fileOffset(this.#artifact, entry);
    const algorithm = (asset.digest?.split(':')[0] ?? 'xxh64') as DigestAlgorithm;
    const [planned, found] = [this.#digests.create([algorithm]), this.#digests.create([algorithm])];
    const difference = await blaming(asset, () =>
      this.#reading(source, (run) => {
        const payload = fileRun(reader, start, start + entry.size);
        return compareRuns(hashed(run, planned), hashed(payload, found), onBytes);
      }),
    );
    const actual = found.digest()[algorithm];
    const expected = difference === undefined ? (asset.digest ?? actual) : planned.digest()[algorithm];
    if (expected === actual) return;
    const first = difference?.first ?? 0;
    this.#report({
      what:
        difference === undefined
          ? "the payload's digest is not the one that the plan states"
          : `the payload is not the plan's: ${counted(difference.count, 'byte')} of it differ, the first at ${first}`,
      where: { pointer: `/asset_table/${indexB}`, offset: start + first },
      asset_id: entry.assetId,
      expected,
      actual,
      ...(difference && { details: { first_difference: first, bytes_different: difference.count } }),
    });
  }

  async #reading<T>(source: Source, use: (run: ByteRun) => Promise<T>): Promise<T> {
    const open = await source.open();
    try {
      const next = async () => this.#buffer.subarray(0, await open.read(this.#buffer));
      const result = await use({ size: source.size as number, next });
      await open.finish();
      return result;
    } finally {
      await open.close();
    }
  }
}

type OnBytes = (length: number) => void;

/** A run whose bytes are hashed as they pass. */
function hashed({ size, next }: ByteRun, digester: Digester): ByteRun {
  const tapped = async () => {
    const piece = await next();
    digester.update(piece);
    return piece;
  };
  return { size, next: tapped };
}
