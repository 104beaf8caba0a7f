/** `assets-pa verify --plan`: what the plan and its sources give, held against an artifact. */
import { dirname } from 'node:path';
import type { ReadHeader } from '../codec/header-v1.js';
import { withOffsets } from '../codec/locate.js';
import type { DiagnosticParts, Diagnostics } from '../errors.js';
import { type AssetEntry, PRELUDE_SIZE } from '../format.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import { type Digester, type DigestFactory, digestFactory } from '../host/digests.js';
import { ForwardReader } from '../host/forward-reader.js';
import { Interruption } from '../host/interruption.js';
import { type OpenSource, wrongSize } from '../host/source-file.js';
import { type PlannedAsset, planPointer } from '../plan/model.js';
import type { Source } from '../plan/payload-source.js';
import { blaming } from '../plan/sources.js';
import { fileOffset, type OpenArtifact, readAt } from '../read/artifact.js';
import { type ByteRun, compareRuns, fileRun } from '../read/compare.js';
import { diffHeaders, type EntryPair, type HeaderDifference } from '../read/diff-header.js';
import type { ReadProgress } from '../read/verify.js';
import { counted } from '../report/figures.js';
import { type FrozenPlan, freeze } from '../write/freeze.js';
import { type CheckedPlan, checkPlan } from '../write/pack.js';
import { plannedAlgorithm } from '../write/payload.js';
import { readInput, withName } from './terminal.js';

const BLOCK_SIZE = 1_048_576;
const HINT = 'pack the plan again, or look for what changed with assets-pa diff';

/** Options of {@link readPlanFile}. */
export interface PlanFileOptions {
  readonly root?: string;
  readonly allowOutsideRoot?: boolean;
}

/** A plan without faults, and the file that it stands in. */
export interface PlanFile {
  readonly path: string;
  readonly checked: CheckedPlan;
}

/**
 * Reads a plan and finds its payloads.
 *
 * @throws AssetsPaError the plan's faults, as `pack` finds them
 */
export async function readPlanFile(
  path: string,
  { root, allowOutsideRoot = false }: PlanFileOptions,
): Promise<PlanFile> {
  const plan = await readInput(path);
  const folder = path === '-' ? '.' : dirname(path);
  const options = { folder, allowOutsideRoot, fs: blockingFileSystem, ...(root !== undefined && { root }) };
  return { path, checked: await withName(path, checkPlan(plan, options)) };
}

/** What {@link comparePlan} tells, and asks. */
export interface ComparePlanOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReadProgress) => void;
}

/**
 * Compares the entries of an artifact with those that a plan gives, and its payloads with their sources.
 *
 * @param artifact Its report receives a `DIGEST_MISMATCH` for everything that differs.
 * @throws AssetsPaError `SOURCE_READ`, `SOURCE_CHANGED`, `SOURCE_SIZE`, `INTERRUPTED`
 */
export async function comparePlan(
  artifact: OpenArtifact,
  { path, checked }: PlanFile,
  { signal, onProgress }: ComparePlanOptions,
): Promise<void> {
  const { header } = artifact;
  // Its own faults say enough of a header that cannot be read.
  if (header === undefined) return;
  const frozen = freeze(checked.draft, checked.sources, artifact.alignment ?? checked.alignment);
  const comparison = new PlanComparison(artifact, header, path, frozen, await digestFactory([]));
  const planned = { ...frozen.header, assetTable: [...frozen.header.assetTable] };
  const pairs = await comparison.entries(diffHeaders(planned, header));
  if (!artifact.isLaidOut) return;
  const interruption = new Interruption(signal);
  let bytes = 0;
  const totalBytes = pairs.reduce((sum, { b }) => sum + b.size, 0);
  const onBytes = (length: number) => {
    interruption.check();
    bytes += length;
    onProgress({ bytes, totalBytes });
  };
  await withName(path, comparison.payloads(pairs, onBytes));
}

class PlanComparison {
  readonly #artifact: OpenArtifact;
  readonly #header: ReadHeader;
  readonly #planPath: string;
  readonly #plan: FrozenPlan;
  readonly #digests: DigestFactory;
  readonly #buffer = new Uint8Array(BLOCK_SIZE);
  readonly #found: Diagnostics;

  constructor(artifact: OpenArtifact, header: ReadHeader, planPath: string, plan: FrozenPlan, digests: DigestFactory) {
    this.#artifact = artifact;
    this.#header = header;
    this.#planPath = planPath;
    this.#plan = plan;
    this.#digests = digests;
    this.#found = artifact.report.nested();
  }

  /** Judges entries and preload list. @returns The assets whose payloads can be compared. */
  async entries({ added, removed, pairs, preload }: HeaderDifference): Promise<EntryPair[]> {
    const { assetTable, preload: slots } = this.#header;
    // An entry that could not be read may be the one that is meant.
    if (this.#isRead('asset_table') && !assetTable.includes(undefined)) this.#missing(removed);
    const foreign = new Set<AssetEntry | undefined>(added);
    for (const [index, entry] of assetTable.entries()) {
      if (entry === undefined || !foreign.has(entry)) continue;
      const where = { pointer: `/asset_table/${index}` };
      this.#report({ what: 'the plan does not have this asset', where, asset_id: entry.assetId });
    }
    for (const pair of pairs) this.#members(pair);
    if (this.#isRead('preload') && !slots.includes(undefined)) this.#slots(preload);
    await this.#locate();
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
    this.#found.report('DIGEST_MISMATCH', { ...parts, hint: HINT });
  }

  /** Hands on what was found, each with its byte. */
  async #locate(): Promise<void> {
    const { file, prelude, report } = this.#artifact;
    const list = this.#found.list;
    const bytes = await readAt(file, PRELUDE_SIZE, list.length === 0 ? 0 : (prelude?.headerLen ?? 0));
    report.absorb(this.#found, list.length === 0 ? [] : withOffsets(bytes, list, 'pointer', PRELUDE_SIZE));
  }

  /** Whether a list of the header is there at all. */
  #isRead(list: string): boolean {
    return !this.#artifact.report.list.some(
      ({ code, where, details }) =>
        code === 'HEADER_SHAPE' && (where.pointer === `/${list}` || details?.['missing_member'] === list),
    );
  }

  #missing(removed: readonly AssetEntry[]): void {
    const missing = new Set(removed.map(({ assetId }) => assetId));
    for (const asset of this.#plan.assets) {
      if (!missing.has(asset.assetId)) continue;
      const where = { path: this.#planPath, plan: planPointer(asset) };
      this.#report({ what: 'the artifact does not have this asset of the plan', where, asset_id: asset.assetId });
    }
  }

  #slots({ removed, added, changed }: HeaderDifference['preload']): void {
    const indices = new Map(this.#header.preload.map((entry, index) => [entry?.assetId, index]));
    for (const { assetId } of [...removed, ...added, ...changed]) {
      const index = indices.get(assetId);
      const where = { pointer: index === undefined ? '/preload' : `/preload/${index}` };
      this.#report({ what: 'the plan gives another preload entry for this asset', where, asset_id: assetId });
    }
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
    const asset = this.#plan.assets[indexA] as PlannedAsset;
    const source = this.#plan.sources[indexA] as Source;
    const start = fileOffset(this.#artifact, entry);
    const algorithm = plannedAlgorithm(asset) ?? 'xxh64';
    const [planned, found] = [this.#digests.create([algorithm]), this.#digests.create([algorithm])];
    const difference = await blaming(asset, () =>
      this.#reading(source, (run) => {
        const payload = fileRun(reader, start, start + entry.size);
        return compareRuns(hashed(run, planned), hashed(payload, found), onBytes);
      }),
    );
    const actual = found.digest()[algorithm];
    const expected = difference === undefined ? (asset.extras.digest ?? actual) : planned.digest()[algorithm];
    if (expected === actual) return;
    const first = difference?.first ?? 0;
    this.#artifact.report.report('DIGEST_MISMATCH', {
      what:
        difference === undefined
          ? "the payload's digest is not the one that the plan states"
          : `the payload is not the plan's: first difference at its byte ${first}, ${counted(difference.count, 'byte')} in all`,
      hint: HINT,
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
      const size = source.size as number;
      let count = 0;
      const next = async () => {
        const length = await open.read(this.#buffer);
        count += length;
        if (length === 0 && count < size) await endedEarly(open, size, count);
        return this.#buffer.subarray(0, length);
      };
      const result = await use({ size, next });
      await open.finish();
      return result;
    } finally {
      await open.close();
    }
  }
}

/** A source that gives fewer bytes than it has: because it changed, or because it never had them. */
async function endedEarly(open: OpenSource, size: number, count: number): Promise<never> {
  await open.finish();
  throw wrongSize(size, count);
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
