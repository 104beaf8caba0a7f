/** What `extract` wrote, as text. */
import { printable } from '../errors.js';
import { bytesText, counted, groups } from './figures.js';
import type { ExtractReport } from './results.js';
import type { Paint } from './text.js';

/** Files that the text lists. */
const FILES_MAX = 100;

/** A line a file, and their total. */
export function* extractText(
  { files }: ExtractReport,
  folder: string,
  paint: Paint,
): Generator<string, void, undefined> {
  for (const { asset_id: id, path, size } of files.slice(0, FILES_MAX)) {
    yield `${printable(path)}  ${paint('dim', `asset ${id}, ${bytesText(size)}`)}`;
  }
  if (files.length > FILES_MAX) yield `and ${groups(files.length - FILES_MAX)} more; --json lists all`;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  yield paint('bold', `${counted(files.length, 'file')} in ${printable(folder)}, ${bytesText(total)}`);
}
