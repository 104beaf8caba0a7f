/** `assets-pa preview` */
import { PALETTE_COUNT } from '../codec/bank-rules.js';
import { fault, Phrase } from '../errors.js';
import type { AssetEntry } from '../format.js';
import { blockingFileSystem } from '../host/blocking-fs.js';
import { replaceFile } from '../host/replace-file.js';
import { fileOffset, type OpenArtifact, readAt, withArtifact } from '../read/artifact.js';
import { bytesText } from '../report/figures.js';
import type { PreviewReport } from '../report/results.js';
import { PREVIEW_PIXELS_MAX, previewPng, type SheetSize } from '../workspace/glyph/preview.js';
import { UsageError } from './exit.js';
import { type CommonOptions, inputFileSystem, print, refuseInput, runCommand } from './terminal.js';

interface PreviewOptions extends CommonOptions {
  readonly output: string;
  readonly asset?: number;
  readonly palette: number;
}

/** Runs the command. */
export function preview(path: string, options: PreviewOptions): Promise<void> {
  return runCommand('preview', options, () => {
    const { output, palette } = options;
    const isStream = output === '-';
    if (isStream && options.json === true) throw new UsageError('-o - is not for --json');
    if (palette >= PALETTE_COUNT) throw new UsageError(`--palette is from 0 to ${PALETTE_COUNT - 1}`);
    return withArtifact(path, inputFileSystem, async (artifact) => {
      // What a broken file says of its slices is not to be trusted.
      artifact.report.throwIfErrors();
      await refuseInput('-o', output, [artifact]);
      const entry = chooseBank(artifact, options.asset);
      const sheet = sheetOf(entry, path);
      const png = previewPng(await readAt(artifact.file, fileOffset(artifact, entry), entry.size), sheet, palette);
      if (isStream) await print(png);
      else await replaceFile(blockingFileSystem, output, png);
      const result: PreviewReport = { asset_id: entry.assetId, palette, path: output, size: png.length, ...sheet };
      return {
        result,
        text: isStream ? [] : [`${output}  asset ${entry.assetId}, palette ${palette}, ${bytesText(png.length)}`],
        diagnostics: artifact.report.list,
        omitted: artifact.report.omitted,
      };
    });
  });
}

function chooseBank({ path, header }: OpenArtifact, id: number | undefined): AssetEntry {
  const entries = header?.assetTable as readonly AssetEntry[];
  const banks = entries.filter(({ bankType }) => bankType === 'GLYPH');
  if (id === undefined) {
    const [only] = banks;
    if (only !== undefined && banks.length === 1) return only;
    throw new UsageError(`${path} has ${banks.length} glyph banks${only ? ': name one with --asset' : ''}`);
  }
  const chosen = entries.find(({ assetId }) => assetId === id);
  if (chosen === undefined) throw new UsageError(`${path} has no asset ${id}`);
  if (chosen.bankType !== 'GLYPH')
    throw new UsageError(`asset ${id} is no glyph bank: its bank type is ${chosen.bankType}`);
  return chosen;
}

/** The sides of the sheet: the artifact was judged, so they are there and fit the payload. */
function sheetOf({ assetId, metadata }: AssetEntry, path: string): SheetSize {
  const sheet = metadata as { readonly width: number; readonly height: number };
  const pixels = sheet.width * sheet.height;
  if (pixels <= PREVIEW_PIXELS_MAX) return { width: sheet.width, height: sheet.height };
  throw fault('GLYPH_IMAGE_LIMIT', {
    what: 'the sheet is too large for a picture',
    where: { path },
    asset_id: assetId,
    expected: new Phrase(`at most ${PREVIEW_PIXELS_MAX} pixels`),
    actual: pixels,
  });
}
