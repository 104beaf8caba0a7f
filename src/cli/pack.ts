/** `assets-pa pack` */
import { fstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { isatty } from 'node:tty';
import { BlockingFile, blockingFileSystem } from '../host/blocking-fs.js';
import { packText } from '../report/text.js';
import type { PackProgress } from '../write/artifact.js';
import { toDirectory } from '../write/output-directory.js';
import { type PackOptions, packAssets } from '../write/pack.js';
import { type Sink, toOpenFile, toStream } from '../write/sink.js';
import { UsageError } from './exit.js';
import { checkAlignment, packReport, parseDigests } from './pack-options.js';
import { ProgressBar, type ProgressMode } from './progress.js';
import { type CommonOptions, painter, readInput, runCommand, untilSignalled, withName } from './terminal.js';
import { keepYoungGenerationSmall } from './young-generation.js';

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
  keepYoungGenerationSmall();
  return runCommand('pack', options, async () => {
    const { outDir = 'build', stdout = false } = options;
    if (outDir === '') throw new UsageError('--out-dir is the name of a folder');
    const packOptions = optionsOf(planPath, options);
    const bar = new ProgressBar(options.quiet === true ? 'never' : options.progress);
    try {
      const sink = stdout ? standardOutput() : toDirectory(outDir, { fs: blockingFileSystem });
      const onProgress = ({ bytes, totalBytes, assetName: name }: PackProgress) =>
        bar.update({ bytes, totalBytes, name });
      const plan = await readInput(planPath);
      const run = (signal?: AbortSignal) => {
        const interruptible = signal === undefined ? {} : { signal };
        return withName(planPath, packAssets(plan, sink, { ...packOptions, ...interruptible, onProgress }));
      };
      // A pipe that nobody reads blocks the whole process: there a signal has to end it, and there is nothing to clean up.
      const result = await (stdout ? run() : untilSignalled(run));
      const report = packReport(result, outDir);
      // What a dry run found is worth a word also where the artifact would take standard output.
      const stream = stdout ? process.stderr : process.stdout;
      const text = stdout && !result.dryRun ? [] : [packText(report, painter(stream, options))];
      return { result: report, text, diagnostics: result.diagnostics, omitted: result.diagnosticsOmitted, stream };
    } finally {
      bar.stop();
    }
  });
}

/** What is no pipe, socket or terminal is written by its descriptor, without a stream's copies. */
function standardOutput(): Sink {
  const { fd } = process.stdout;
  const stat = fstatSync(fd);
  const isFile = stat.isFile() || (stat.isCharacterDevice() && !isatty(fd));
  return isFile ? toOpenFile(new BlockingFile(fd)) : toStream(process.stdout, { end: false, keepsChunks: false });
}

function optionsOf(planPath: string, options: PackCommandOptions): PackOptions {
  const { align, digest, root, allowOutsideRoot = false, dryRun = false, strict = false } = options;
  checkAlignment(align);
  return {
    folder: planPath === '-' ? '.' : dirname(planPath),
    digests: parseDigests(digest),
    allowOutsideRoot,
    // This process has nothing else to do; where there is much to read, a thread does it.
    fs: blockingFileSystem,
    dryRun,
    strict,
    ...(root !== undefined && { root }),
    ...(align !== undefined && { alignment: align }),
  };
}
