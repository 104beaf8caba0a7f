/** From a plan to an artifact: check, lay out, write, publish. */
import { isAlignment, type Layout } from '../codec/layout.js';
import { checkUniqueNames } from '../codec/table-rules.js';
import { type Diagnostic, Diagnostics } from '../errors.js';
import { ALIGNMENT_MAX } from '../format.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm, type Digests } from '../host/digests.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { Interruption } from '../host/interruption.js';
import { keepAlive } from '../host/process.js';
import { SpoolFile } from '../host/spool-file.js';
import { inTurns } from '../host/turns.js';
import type { DraftPlan, PlanInput, PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/payload-source.js';
import { locateInPlan, planSteps } from '../plan/read-plan.js';
import { checkSizes, discardStreams, findSources } from '../plan/sources.js';
import { type PackProgress, type WriteContext, type WrittenArtifact, writeArtifact } from './artifact.js';
import { type AssetFacts, companions, type WarningFacts } from './companions.js';
import { duplicateSteps } from './duplicates.js';
import { type FrozenPlan, freezeSteps } from './freeze.js';
import { PayloadThreads } from './payload-threads.js';
import type { Sink } from './sink.js';
import { spoolUnmeasured } from './spool.js';

/** Options of {@link packAssets}. */
export interface PackOptions {
  /** What payload paths are relative to. Defaults to the current folder. */
  readonly folder?: string;
  /** What confines payload paths (W8). Defaults to `folder`. */
  readonly root?: string;
  /** Lifts the confinement (W8). Defaults to false. */
  readonly allowOutsideRoot?: boolean;
  /** 1 or a power of two up to 65,536; wins over the plan's (T5). Defaults to the plan's, else 1. */
  readonly alignment?: number;
  /** Digests to compute (C6). Defaults to both; empty for none. */
  readonly digests?: readonly DigestAlgorithm[];
  /** Whether warnings fail the pack before anything is published. Defaults to false. */
  readonly strict?: boolean;
  /**
   * Whether to stop after checks and layout, with no payload read and the sink untouched. Every stream then needs a `size`, else a
   * `TypeError`. Defaults to false.
   */
  readonly dryRun?: boolean;
  /** Interrupts the pack, until promotion begins (W5). */
  readonly signal?: AbortSignal;
  /**
   * Whether threads find and read payload files, and compute digests. Defaults to doing so when there is enough to read. Files of another file
   * system than the machine's own are always read by the caller's thread.
   */
  readonly threads?: boolean;
  /** Called as payload bytes are moved; must be quick. */
  readonly onProgress?: (progress: PackProgress) => void;
  /** The file system that payloads are read from. Defaults to the machine's own. */
  readonly fs?: FileSystem;
}

/** What a pack did. */
export interface PackResult {
  /** The artifact; after a dry run without digests. */
  readonly artifact: { readonly size: number; readonly digests: Digests };
  readonly layout: Layout;
  readonly assetCount: number;
  readonly preloadCount: number;
  /** The companions that were published, sizes in bytes. */
  readonly companions: readonly { readonly name: string; readonly size: number }[];
  /** Warnings, at most 1,000. */
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnosticsOmitted: number;
  readonly elapsedMs: number;
  readonly dryRun: boolean;
}

/**
 * Packs assets: checks the plan, lays it out, and writes `assets.pa` into a sink.
 *
 * Nothing is visible before everything is complete; on failure the sink is as it was (W4, W5), but for streams (W9).
 *
 * @param plan The bytes of a plan document (JSON or binary), or a plan that a program built.
 * @param sink `toDirectory`, `toMemory`, `toStream`, or your own.
 * @throws AssetsPaError with every fault that can be seen without reading payloads, or the first one met while reading
 * @throws TypeError, RangeError for wrong options, and for plan values that no document can hold
 */
export async function packAssets(
  plan: Uint8Array | PlanInput,
  sink: Sink,
  options: PackOptions = {},
): Promise<PackResult> {
  const started = performance.now();
  const { dryRun = false } = options;
  if (!dryRun && typeof sink?.abort !== 'function') {
    throw new TypeError('packAssets needs a sink: toDirectory, toMemory or toStream');
  }
  checkOptions(options);
  // A stream keeps no process alive; what waits for it must not vanish with the lock in place.
  const alive = keepAlive();
  const { digests = DIGEST_ALGORITHMS, fs = nodeFileSystem } = options;
  const threads = new PayloadThreads({ digests, fs, wanted: options.threads });
  try {
    const job = await prepare(plan, options, threads);
    const outcome = dryRun ? await dryOutcome(job) : await publish(job, sink);
    return {
      ...outcome,
      diagnostics: job.report.list,
      diagnosticsOmitted: job.report.omitted,
      elapsedMs: Math.round(performance.now() - started),
      dryRun,
    };
  } catch (error) {
    discardStreams(plan);
    // They may be writing to the sink's file.
    await threads.close();
    if (!dryRun) await sink.abort(error as Error);
    throw error;
  } finally {
    await threads.close();
    alive.release();
  }
}

/** A plan without faults, and where its payloads are. */
export interface CheckedPlan {
  readonly draft: DraftPlan;
  /** By the plan's index. */
  readonly sources: readonly Source[];
  /** The options' alignment, else the plan's, else 1. */
  readonly alignment: number;
  /** Warnings. */
  readonly report: Diagnostics;
  readonly interruption: Interruption;
}

/**
 * Reads and checks a plan, and finds its payloads.
 *
 * @param threads Those that find the payloads; they start while the plan is read, when there are many. Defaults to none.
 * @throws AssetsPaError with every fault that can be seen without reading payloads; with `strict`, also warnings
 */
export async function checkPlan(
  plan: Uint8Array | PlanInput,
  options: PackOptions,
  threads?: PayloadThreads,
): Promise<CheckedPlan> {
  const { folder = '.', fs = nodeFileSystem, strict = false } = options;
  const { root = folder, allowOutsideRoot = false } = options;
  const found = new Diagnostics();
  const interruption = new Interruption(options.signal);
  const draft = await inTurns(planSteps(plan, found, threads?.note), interruption);
  const where = { folder, root, allowOutsideRoot };
  const sources = await findSources(draft.assets, fs, where, found, interruption, threads?.look);
  await inTurns(checkSizes(draft, sources, found), interruption);
  const report = locateInPlan(plan, found);
  if (strict && report.total > 0) throw report.toError();
  report.throwIfErrors();
  return {
    draft,
    sources: sources as Source[],
    alignment: options.alignment ?? draft.alignment ?? 1,
    report,
    interruption,
  };
}

async function prepare(plan: Uint8Array | PlanInput, options: PackOptions, threads: PayloadThreads): Promise<Job> {
  const { strict = false, digests = DIGEST_ALGORITHMS, onProgress = () => {} } = options;
  return { ...(await checkPlan(plan, options, threads)), digests, strict, threads, onProgress };
}

/** A checked plan and how to pack it. */
interface Job extends CheckedPlan, WriteContext {
  readonly strict: boolean;
}

type Outcome = Pick<PackResult, 'artifact' | 'layout' | 'assetCount' | 'preloadCount' | 'companions'>;

function checkOptions({ alignment, digests = [] }: PackOptions): void {
  if (alignment !== undefined && !isAlignment(alignment)) {
    throw new RangeError(`alignment is 1 or a power of two up to ${ALIGNMENT_MAX}, not ${alignment}`);
  }
  for (const each of digests) {
    if (!DIGEST_ALGORITHMS.includes(each)) throw new RangeError(`no such digest: ${each}`);
  }
}

async function dryOutcome({ draft, sources, alignment, interruption }: Job): Promise<Outcome> {
  if (sources.some(({ size }) => size === undefined)) throw new TypeError('a dry run needs the size of every stream');
  return outcomeOf(await inTurns(freezeSteps(draft, sources, alignment), interruption), {}, []);
}

async function publish(job: Job, sink: Sink): Promise<Outcome> {
  job.interruption.check();
  await sink.open();
  const outcome = await write(job, sink);
  job.interruption.check();
  await sink.commit();
  return outcome;
}

async function write(job: Job, sink: Sink): Promise<Outcome> {
  const { draft, report, alignment } = job;
  const spooled = await spoolUnmeasured(draft, job.sources, () => openSpool(sink), job.interruption);
  try {
    if (spooled.sources !== job.sources) {
      await inTurns(checkSizes(draft, spooled.sources, report), job.interruption);
      report.throwIfErrors();
    }
    const frozen = await inTurns(freezeSteps(draft, spooled.sources, alignment), job.interruption);
    await sink.begin(frozen.size);
    const written = await writeArtifact(frozen, sink, job);
    const duplicates = await findDuplicates(frozen, written, job);
    if (job.strict && report.total > 0) throw report.toError();
    const published = sink.keepsCompanions ? await writeCompanions(frozen, written, duplicates, job, sink) : [];
    return outcomeOf(frozen, written.digests, published);
  } finally {
    await spooled.close();
  }
}

async function findDuplicates(
  plan: FrozenPlan,
  { contents }: WrittenArtifact,
  { digests, report, interruption }: Job,
): Promise<WarningFacts[]> {
  return digests.length === 0 ? [] : inTurns(duplicateSteps(plan, contents, report), interruption);
}

function openSpool(sink: Sink): Promise<SpoolFile> {
  return sink.openSpool?.() ?? SpoolFile.create(nodeFileSystem);
}

async function writeCompanions(
  plan: FrozenPlan,
  { digests, contents }: WrittenArtifact,
  duplicates: readonly WarningFacts[],
  { digests: chosen, report }: Job,
  sink: Sink,
): Promise<{ name: string; size: number }[]> {
  const written: { name: string; size: number }[] = [];
  const { header, layout, size } = plan;
  const assets = assetFacts(plan, contents, chosen);
  // Names were judged with the plan.
  const names = report.total === 0 ? [] : duplicateNames(plan.assets);
  const warnings = [...names, ...duplicates];
  for (const [name, chunks] of companions({ header, artifact: { size, digests }, layout, assets, warnings })) {
    let length = 0;
    await sink.companion(
      name,
      counted(chunks, (each) => (length += each)),
    );
    written.push({ name, size: length });
  }
  return written;
}

function* assetFacts(
  { assets, sources }: FrozenPlan,
  contents: WrittenArtifact['contents'],
  chosen: readonly DigestAlgorithm[],
): Generator<AssetFacts, void, undefined> {
  for (const [i, { assetId, assetName, extras }] of assets.entries()) {
    yield {
      assetId,
      assetName,
      content: pick(contents.at(i), chosen),
      source: sources[i]?.insideName,
      pipeline: extras.pipeline,
    };
  }
}

function pick(digests: Digests, algorithms: readonly DigestAlgorithm[]): Digests {
  return Object.fromEntries(algorithms.map((each) => [each, digests[each]]));
}

function* counted(chunks: Iterable<Uint8Array>, onLength: (length: number) => void): Generator<Uint8Array> {
  for (const chunk of chunks) {
    onLength(chunk.length);
    yield chunk;
  }
}

function duplicateNames(assets: readonly PlannedAsset[]): WarningFacts[] {
  const facts: WarningFacts[] = [];
  checkUniqueNames(assets, (index) => {
    const { assetId } = assets[index] as PlannedAsset;
    facts.push({ code: 'ASSET_NAME_DUPLICATE', assetId, pointer: `/asset_table/${index}/asset_name` });
  });
  return facts;
}

function outcomeOf({ header, layout, size }: FrozenPlan, digests: Digests, published: Outcome['companions']): Outcome {
  return {
    artifact: { size, digests },
    layout,
    assetCount: header.assetTable.length,
    preloadCount: header.preload.length,
    companions: published,
  };
}
