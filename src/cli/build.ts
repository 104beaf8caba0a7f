/** `assets-pa build`: a project into an output directory, once or whenever it changes. */
import { join, resolve, sep } from 'node:path';
import { AssetsPaError, type Diagnostic } from '../errors.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import type { DigestAlgorithm } from '../host/digests.js';
import type { BuildReport } from '../report/results.js';
import { buildText } from '../report/text.js';
import { projectPaths } from '../workspace/layout.js';
import { type PreparedBuild, prepareBuild } from '../workspace/prepare.js';
import type { PackProgress } from '../write/artifact.js';
import { guarded } from '../write/guarded-sink.js';
import { toDirectory } from '../write/output-directory.js';
import { type PackOptions, type PackResult, packAssets } from '../write/pack.js';
import { UsageError } from './exit.js';
import { checkAlignment, packReport, parseDigests } from './pack-options.js';
import { ProgressBar, type ProgressMode } from './progress.js';
import { type CommonOptions, type Outcome, painter, runCommand, untilSignalled } from './terminal.js';

interface BuildCommandOptions extends CommonOptions {
  readonly outDir?: string;
  readonly align?: number;
  readonly digest: string;
  /** False with `--no-cache`. */
  readonly cache: boolean;
  readonly watch?: boolean;
  readonly progress: ProgressMode;
}

/** Runs the command. */
export function build(project: string, options: BuildCommandOptions): Promise<void> {
  return runCommand('build', options, async () => {
    const job = jobOf(project, options);
    const once = (signal: AbortSignal) => buildOnce(job, options, signal);
    return options.watch === true ? (await import('./watch.js')).watch(project, options, once) : untilSignalled(once);
  });
}

/** What is built, and how. */
interface BuildJob {
  readonly project: string;
  readonly outDir: string;
  readonly alignment: number | undefined;
  readonly digests: readonly DigestAlgorithm[];
}

function jobOf(project: string, { outDir = join(project, 'build'), align, digest }: BuildCommandOptions): BuildJob {
  if (project === '' || outDir === '') throw new UsageError('the project and --out-dir are names of folders');
  const { workspace } = projectPaths(project);
  if (`${resolve(outDir)}${sep}`.startsWith(`${resolve(workspace)}${sep}`)) {
    throw new UsageError(`--out-dir is no folder of the workspace ${workspace}`);
  }
  checkAlignment(align);
  return { project, outDir, alignment: align, digests: parseDigests(digest) };
}

/** Builds once. */
async function buildOnce(job: BuildJob, options: BuildCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const bar = new ProgressBar(options.quiet === true ? 'never' : options.progress);
  try {
    const cache = options.cache ? 'use' : 'off';
    const prepared = await prepareBuild(job.project, { fs: blockingFileSystem, cache, signal });
    prepared.report.throwIfErrors();
    const packed = await publish(prepared, job, signal, ({ bytes, totalBytes, assetName: name }) =>
      bar.update({ bytes, totalBytes, name }),
    );
    await prepared.prune();
    const report = reportOf(prepared, packed, job, Math.round(performance.now() - started));
    const { list, omitted } = prepared.report;
    return {
      result: report,
      text: [buildText(report, painter(process.stdout, options))],
      diagnostics: [...list, ...onlyNew(prepared.inWorkspace(packed.diagnostics), list)],
      omitted: omitted + packed.diagnosticsOmitted,
    };
  } finally {
    bar.stop();
  }
}

/** Packs what was prepared; nothing becomes visible when the project changed meanwhile. */
async function publish(
  prepared: PreparedBuild,
  { project, outDir, alignment, digests }: BuildJob,
  signal: AbortSignal,
  onProgress: (progress: PackProgress) => void,
): Promise<PackResult> {
  const options: PackOptions = {
    folder: project,
    digests,
    fs: blockingFileSystem,
    signal,
    onProgress,
    ...(alignment !== undefined && { alignment }),
  };
  try {
    return await packAssets(
      prepared.plan,
      guarded(toDirectory(outDir, { fs: blockingFileSystem }), () => prepared.revalidate()),
      options,
    );
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    const { cause, diagnosticsOmitted: omitted } = error;
    throw new AssetsPaError(prepared.inWorkspace(error.diagnostics), { cause, omitted });
  }
}

/** What the packer found that was not found before. */
function onlyNew(list: readonly Diagnostic[], known: readonly Diagnostic[]): Diagnostic[] {
  const keyOf = ({ code, where }: Diagnostic) => JSON.stringify([code, where.path, where.pointer]);
  const keys = new Set(known.map(keyOf));
  return list.filter((each) => !keys.has(keyOf(each)));
}

function reportOf({ counts }: PreparedBuild, packed: PackResult, job: BuildJob, elapsedMs: number): BuildReport {
  return {
    project: job.project,
    ...packReport(packed, job.outDir),
    elapsed_ms: elapsedMs,
    inputs: counts.inputs,
    banks: counts.banks,
  };
}
