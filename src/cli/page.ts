/** Pages for a browser (`--html`). */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PRELUDE_SIZE } from '../format.js';
import { nodeFileSystem } from '../host/fs.js';
import { replaceFile } from '../host/replace-file.js';
import { type OpenArtifact, readRanges } from '../read/artifact.js';
import { excerptRanges } from '../read/excerpt.js';
import { partsOf } from '../read/parts.js';
import { pageHtml } from '../report/page.js';
import { encodePageData, type PageSide } from '../report/page-data.js';
import type { DiffReport } from '../report/results.js';
import { UsageError } from './exit.js';
import { print, refuseInput, STANDARD_OUTPUT } from './terminal.js';

/** A header beyond this does not fit the memory that a browser gives a page. */
const HEADER_MAX = 134_217_728;

/**
 * Writes a page about one artifact or two.
 *
 * @param path Where it goes; `-` is standard output.
 * @param places File offsets of interest, for each artifact.
 */
export async function writePage(
  path: string,
  artifacts: readonly OpenArtifact[],
  { diff, places = [] }: { readonly diff?: DiffReport; readonly places?: readonly (readonly number[])[] } = {},
): Promise<void> {
  await refuseInput('--html', path, artifacts);
  const sides: PageSide[] = [];
  const bytes: Uint8Array[] = [];
  for (const [i, artifact] of artifacts.entries()) {
    const { report, fileSize } = artifact;
    if ((artifact.prelude?.headerLen ?? 0) > HEADER_MAX && fileSize > PRELUDE_SIZE + HEADER_MAX) {
      throw new UsageError(
        `--html: the header of ${artifact.path} is larger than a page can hold (${HEADER_MAX} bytes)`,
      );
    }
    const faults = report.list.flatMap(({ where: { offset, path: file } }) =>
      offset === undefined || file !== undefined ? [] : offset,
    );
    const ranges = excerptRanges(partsOf(artifact), fileSize, [...faults, ...(places[i] ?? [])]);
    sides.push({
      path: artifact.path,
      fileSize,
      diagnostics: report.list,
      diagnosticsOmitted: report.omitted,
      ranges,
    });
    bytes.push(await readRanges(artifact.file, ranges));
  }
  const data = await promisify(gzip)(encodePageData({ sides, ...(diff && { diff }) }, bytes));
  const script = await asset('page.js');
  const html = pageHtml({
    script,
    scriptHash: createHash('sha256').update(script).digest('base64'),
    style: await asset('page.css'),
    data: data.toString('base64'),
  });
  if (path === STANDARD_OUTPUT) await print(html);
  else await replaceFile(nodeFileSystem, path, new TextEncoder().encode(html));
}

/** A part of the page, as the build made it. */
function asset(name: string): Promise<string> {
  return readFile(new URL(`../page/${name}`, import.meta.url), 'utf8');
}
