/** What the packers of this folder are given: the files below a folder, or the inline payloads of a plan. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Up to this size a file is read at once, which is the faster way for each of the libraries. */
export const READ_AT_ONCE = 2 ** 20;

/** Bytes of a read of a larger file; the streams' own 64 KiB are slower. */
export const BLOCK = 2 ** 20;

/** The files and payloads to pack, as `{ name, path, size }` or `{ name, bytes, size }`. */
export function* inputs(from) {
  if (statSync(from).isDirectory()) {
    for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      yield { name: path.slice(from.length + 1), path, size: statSync(path).size };
    }
    return;
  }
  for (const { asset_name: name, inline } of JSON.parse(readFileSync(from, 'utf8')).assets) {
    const bytes = Buffer.from(inline, 'base64');
    yield { name, bytes, size: bytes.length };
  }
}
