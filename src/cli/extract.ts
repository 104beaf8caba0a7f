/** `assets-pa extract` */
import type { AssetEntry } from '../format.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import { Interruption } from '../host/interruption.js';
import { type OpenArtifact, withArtifact } from '../read/artifact.js';
import { copyPayload, extractPayloads } from '../read/extract.js';
import { scanPadding } from '../read/scan.js';
import { extractText } from '../report/extract.js';
import type { ExtractReport } from '../report/results.js';
import { UsageError } from './exit.js';
import { ProgressBar } from './progress.js';
import {
  type CommonOptions,
  inputFileSystem,
  type Outcome,
  painter,
  print,
  runCommand,
  untilSignalled,
} from './terminal.js';

interface ExtractCommandOptions extends CommonOptions {
  readonly asset?: readonly number[];
  readonly outDir: string;
  readonly force?: boolean;
}

/** Runs the command. */
export function extract(path: string, options: ExtractCommandOptions): Promise<void> {
  return runCommand('extract', options, () => {
    const isStream = options.outDir === '-';
    if (isStream && (options.asset?.length !== 1 || options.json === true)) {
      throw new UsageError('-o - is for one --asset, without --json');
    }
    return withArtifact(path, inputFileSystem, async (artifact) => {
      await scanPadding(artifact);
      // What a broken file says of its slices is not to be trusted.
      artifact.report.throwIfErrors();
      const chosen = chooseEntries(artifact, options.asset);
      return isStream ? printPayload(artifact, chosen[0] as AssetEntry) : writeFiles(artifact, chosen, options);
    });
  });
}

function chooseEntries({ path, header }: OpenArtifact, ids: readonly number[] | undefined): AssetEntry[] {
  const entries = header?.assetTable as readonly AssetEntry[];
  const known = new Set(entries.map(({ assetId }) => assetId));
  const unknown = ids?.find((id) => !known.has(id));
  if (unknown !== undefined) throw new UsageError(`${path} has no asset ${unknown}`);
  const wanted = ids && new Set(ids);
  return entries.filter(({ assetId }) => wanted?.has(assetId) ?? true);
}

async function printPayload(artifact: OpenArtifact, entry: AssetEntry): Promise<Outcome> {
  await copyPayload(artifact, entry, (piece) => print(piece));
  return { result: {}, text: [], diagnostics: artifact.report.list, omitted: artifact.report.omitted };
}

async function writeFiles(
  artifact: OpenArtifact,
  chosen: readonly AssetEntry[],
  options: ExtractCommandOptions,
): Promise<Outcome> {
  const { outDir: folder, force: overwrite = false, quiet = false } = options;
  const bar = new ProgressBar(quiet ? 'never' : 'auto');
  const totalBytes = chosen.reduce((sum, { size }) => sum + size, 0);
  let bytes = 0;
  try {
    const files = await untilSignalled((signal) =>
      extractPayloads(artifact, {
        fs: blockingFileSystem,
        folder,
        assetIds: new Set(chosen.map(({ assetId }) => assetId)),
        overwrite,
        interruption: new Interruption(signal),
        onBytes: (length, name) => {
          bytes += length;
          bar.update({ bytes, totalBytes, name });
        },
      }),
    );
    const result: ExtractReport = { files: files.map(({ assetId, ...file }) => ({ asset_id: assetId, ...file })) };
    return {
      result,
      text: extractText(result, folder, painter(process.stdout, options)),
      diagnostics: artifact.report.list,
      omitted: artifact.report.omitted,
    };
  } finally {
    bar.stop();
  }
}
