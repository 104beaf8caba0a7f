/**
 * Records the digests of the vectors of a version: `tsx spec-vectors/freeze.ts`. A test fails when a recorded file changes or goes away; new
 * ones may come.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = import.meta.dirname;
const RECORD = join(FOLDER, 'frozen.json');

/** SHA-256 of a file of the set, in hex. */
export function digestOf(path: string): string {
  return createHash('sha256')
    .update(readFileSync(join(FOLDER, path)))
    .digest('hex');
}

/** The recorded digests by path. */
export function frozen(): { readonly [path: string]: string } {
  return JSON.parse(readFileSync(RECORD, 'utf8')) as { readonly [path: string]: string };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { vectors } = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as {
    vectors: { file: string }[];
  };
  const record = Object.fromEntries(vectors.map(({ file }) => [file, digestOf(file)]));
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
}
