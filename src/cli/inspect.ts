/** `assets-pa inspect` */
import type { BankType } from '../format.js';
import type { HexRow } from '../read/annotate.js';
import { type OpenArtifact, withArtifact } from '../read/artifact.js';
import { Listing } from '../read/listing.js';
import { partsOf } from '../read/parts.js';
import { scanPadding } from '../read/scan.js';
import { hexText } from '../report/hex.js';
import { inspectText } from '../report/inspect.js';
import { assetObject, bankTotals, hexRowObject, preloadObject, preludeResult } from '../report/objects.js';
import { matches, type SortKey, sorted } from '../report/order.js';
import type { AssetObject, InspectReport } from '../report/results.js';
import { UsageError } from './exit.js';
import { type CommonOptions, inputFileSystem, painter, runReporting, STANDARD_OUTPUT } from './terminal.js';

interface InspectOptions extends CommonOptions {
  readonly hex?: boolean;
  readonly asset?: readonly number[];
  readonly sort?: SortKey;
  readonly filter?: string;
  readonly limit: number;
  readonly html?: string;
}

/** Rows of a long value in the header, and of a payload's head: few in an overview, more when an asset was asked for. */
const HEADER_ROWS = 16;
const PAYLOAD_ROWS = { overview: 4, chosen: 64 } as const;
const PAYLOAD_SEGMENTS = { overview: 2, chosen: 65 } as const;
/** Columns of an output that does not say. */
const COLUMNS = 98;

/** Runs the command. */
export function inspect(path: string, options: InspectOptions): Promise<void> {
  const { hex: isHex = false, html, json = false } = options;
  return runReporting('inspect', options, async (report) => {
    if (html === STANDARD_OUTPUT && json) throw new UsageError('--html - is not for --json');
    return withArtifact(path, inputFileSystem, async (artifact) => {
      await scanPadding(artifact);
      const chosen = chooseEntries(artifact, options);
      const result = reportOf(artifact, chosen);
      if (html !== undefined) await (await import('./page.js')).writePage(html, [artifact]);
      const rows = () => hexOf(artifact, chosen, options);
      await report({
        result: isHex && json ? { ...result, hex: await objectsOf(rows()) } : result,
        text: html === STANDARD_OUTPUT ? [] : textOf(artifact, result, isHex ? rows : undefined, options),
        diagnostics: artifact.report.list,
        omitted: artifact.report.omitted,
      });
    });
  });
}

async function objectsOf(rows: AsyncIterable<HexRow>): Promise<object[]> {
  const objects: object[] = [];
  for await (const row of rows) objects.push(hexRowObject(row));
  return objects;
}

/** Rows that are printed at once: there may be millions, and none is kept. */
const ROWS_AT_ONCE = 500;

async function* textOf(
  artifact: OpenArtifact,
  result: InspectReport,
  rows: (() => AsyncIterable<HexRow>) | undefined,
  options: InspectOptions,
): AsyncGenerator<string, void, undefined> {
  const paint = painter(process.stdout, options);
  const { assetTable = [] } = artifact.header ?? {};
  yield* inspectText(
    result,
    {
      parts: partsOf(artifact),
      isSelection: options.asset !== undefined,
      total: assetTable.length,
      bankAt: (index: number): BankType | undefined => assetTable[index]?.bankType,
      limit: options.limit === 0 ? Number.POSITIVE_INFINITY : options.limit,
      columns: process.stdout.columns ?? COLUMNS,
    },
    paint,
  );
  if (rows !== undefined) yield* hexTexts(rows());
  if (options.html !== undefined) yield `\n${options.html}`;
}

async function* hexTexts(rows: AsyncIterable<HexRow>): AsyncGenerator<string, void, undefined> {
  let lines = [''];
  for await (const row of rows) {
    lines.push(hexText(row));
    if (lines.length < ROWS_AT_ONCE) continue;
    yield lines.join('\n');
    lines = [];
  }
  if (lines.some((line) => line !== '')) yield lines.join('\n');
}

function reportOf(artifact: OpenArtifact, chosen: readonly AssetObject[]): InspectReport {
  const { path, fileSize, prelude, header, alignment } = artifact;
  return {
    path,
    file_size: fileSize,
    ...(prelude && { prelude: preludeResult(prelude) }),
    ...(alignment !== undefined && { alignment }),
    ...(header && {
      asset_table: chosen,
      preload: header.preload.filter((entry) => entry !== undefined).map(preloadObject),
      banks: bankTotals(header.assetTable.filter((entry) => entry !== undefined)),
    }),
  };
}

/** The entries that were asked for, in the order that was asked for. */
function chooseEntries({ header, path }: OpenArtifact, { asset, filter = '', sort }: InspectOptions): AssetObject[] {
  const entries = header?.assetTable.filter((entry) => entry !== undefined).map(assetObject) ?? [];
  const ids = new Set(entries.map(({ asset_id: id }) => id));
  const unknown = asset?.find((id) => !ids.has(id));
  // In a broken file it may be there and not be readable: then what is wrong is the answer.
  const isWhole = header !== undefined && !header.assetTable.includes(undefined);
  if (unknown !== undefined && isWhole) throw new UsageError(`${path} has no asset ${unknown}`);
  const chosen = entries.filter((entry) => (asset?.includes(entry.asset_id) ?? true) && matches(entry, filter));
  if (sort === undefined) return chosen;
  const slots = new Map(header?.preload.flatMap((entry) => (entry ? [[entry.assetId, entry.slot]] : [])));
  return sorted(chosen, sort, slots);
}

async function* hexOf(
  artifact: OpenArtifact,
  chosen: readonly AssetObject[],
  { asset, limit }: InspectOptions,
): AsyncGenerator<HexRow, void, undefined> {
  const depth = asset === undefined ? 'overview' : 'chosen';
  const ids = new Set(chosen.slice(0, limit === 0 ? undefined : limit).map(({ asset_id: id }) => id));
  const table = artifact.header?.assetTable ?? [];
  const entries = new Set([...table.keys()].filter((index) => ids.has(table[index]?.assetId ?? -1)));
  const listing = await Listing.open(artifact);
  yield* listing.rows({
    entries,
    headerRows: HEADER_ROWS,
    payloadRows: PAYLOAD_ROWS[depth],
    payloadSegments: PAYLOAD_SEGMENTS[depth],
  });
}
