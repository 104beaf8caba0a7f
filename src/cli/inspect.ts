/** `assets-pa inspect` */
import { openArtifact } from '../read/artifact.js';
import { assetObject, bankTotals, type InspectReport, preloadObject, preludeResult } from '../report/results.js';
import { inspectText } from '../report/text.js';
import { type CommonOptions, painter, runCommand } from './terminal.js';

/** Runs the command. */
export function inspect(path: string, options: CommonOptions): Promise<void> {
  return runCommand('inspect', options, async () => {
    const { fileSize, prelude, header, alignment, report } = await openArtifact(path);
    const entries = header?.assetTable.filter((entry) => entry !== undefined) ?? [];
    const result: InspectReport = {
      path,
      file_size: fileSize,
      ...(prelude && { prelude: preludeResult(prelude) }),
      ...(alignment !== undefined && { alignment }),
      ...(header && {
        asset_table: entries.map(assetObject),
        preload: header.preload.filter((entry) => entry !== undefined).map(preloadObject),
        banks: bankTotals(entries),
      }),
    };
    const text = inspectText(result, entries, painter(process.stdout, options));
    return { result, text, diagnostics: report.list, omitted: report.omitted };
  });
}
