/** `assets-pa pack` */
import { fstatSync, write } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isAlignment } from '../codec/layout.js';
import { ALIGNMENT_MAX, OUTPUT_NAMES } from '../format.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '../host/digests.js';
import { layoutResult, type PackReport } from '../report/results.js';
import { packText } from '../report/text.js';
import type { PackProgress } from '../write/artifact.js';
import { toDirectory } from '../write/output-directory.js';
import { type PackOptions, type PackResult, packAssets } from '../write/pack.js';
import { type Sink, toOpenFile, toStream } from '../write/sink.js';
import { ProgressBar, type ProgressMode } from './progress.js';
import {
  type CommonOptions,
  painter,
  readInput,
  runCommand,
  UsageError,
  untilSignalled,
  withName,
} from './terminal.js';

interface PackCommandOptions extends CommonOptions {
  readonly outDir?: string;
  readonly align?: number;
  readonly digest: string;
  readonly root?: string;
  readonly allowOutsideRoot?: boolean;
  readonly stdout?: boolean;
  readonly dryRun?: boolean;
  readonly progress: ProgressMode;
  readonly strict?: boolean;
}

/** Runs the command. */
export function pack(planPath: string, options: PackCommandOptions): Promise<void> {
  return runCommand('pack', options, async () => {
    const { outDir = 'build', stdout = false } = options;
    if (outDir === '') throw new UsageError('--out-dir is the name of a folder');
    const packOptions = optionsOf(planPath, options);
    const bar = new ProgressBar(options.quiet === true ? 'never' : options.progress);
    try {
      const sink = stdout ? standardOutput() : toDirectory(outDir);
      const onProgress = ({ bytes, totalBytes, assetName: name }: PackProgress) =>
        bar.update({ bytes, totalBytes, name });
      const plan = await readInput(planPath);
      const run = (signal?: AbortSignal) => {
        const interruptible = signal === undefined ? {} : { signal };
        return withName(planPath, packAssets(plan, sink, { ...packOptions, ...interruptible, onProgress }));
      };
      // A pipe that nobody reads blocks the whole process: there a signal has to end it, and there is nothing to clean up.
      const result = await (stdout ? run() : untilSignalled(run));
      const report = reportOf(result, outDir);
      // What a dry run found is worth a word also where the artifact would take standard output.
      const stream = stdout ? process.stderr : process.stdout;
      const text = stdout && !result.dryRun ? [] : [packText(report, painter(stream, options))];
      return { result: report, text, diagnostics: result.diagnostics, omitted: result.diagnosticsOmitted, stream };
    } finally {
      bar.stop();
    }
  });
}

/** A file is written by its descriptor, beside the reading; Node's own stream would block on each write. */
function standardOutput(): Sink {
  const { fd } = process.stdout;
  if (!fstatSync(fd).isFile()) return toStream(process.stdout, { end: false });
  const writing = promisify(write);
  return toOpenFile({ write: (buffer, offset, length) => writing(fd, buffer, offset, length) });
}

function optionsOf(planPath: string, options: PackCommandOptions): PackOptions {
  const { align, digest, root, allowOutsideRoot = false, dryRun = false, strict = false } = options;
  if (align !== undefined && !isAlignment(align)) {
    throw new UsageError(`--align is 1 or a power of two up to ${ALIGNMENT_MAX}, not ${align}`);
  }
  return {
    folder: planPath === '-' ? '.' : dirname(planPath),
    digests: parseDigests(digest),
    allowOutsideRoot,
    // This process has nothing else to do; the sink's writes still overlap with the reads.
    fs: blockingFileSystem,
    dryRun,
    strict,
    ...(root !== undefined && { root }),
    ...(align !== undefined && { alignment: align }),
  };
}

function parseDigests(list: string): DigestAlgorithm[] {
  if (list === 'none') return [];
  const names = list.split(',');
  for (const name of names) {
    if ((DIGEST_ALGORITHMS as readonly string[]).includes(name)) continue;
    throw new UsageError(`--digest is none, or a list of ${DIGEST_ALGORITHMS.join(', ')}; not "${name}"`);
  }
  return DIGEST_ALGORITHMS.filter((algorithm) => names.includes(algorithm));
}

function reportOf(result: PackResult, outDir: string): PackReport {
  return {
    artifact: { path: join(outDir, OUTPUT_NAMES.artifact), ...result.artifact },
    layout: layoutResult(result.layout),
    asset_count: result.assetCount,
    preload_count: result.preloadCount,
    companions: result.companions.map(({ name, size }) => ({ path: join(outDir, name), size })),
    elapsed_ms: result.elapsedMs,
    dry_run: result.dryRun,
  };
}
