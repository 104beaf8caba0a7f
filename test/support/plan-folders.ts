/** Folder trees as data. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** File contents by path, with `/`; an object is written as JSON. */
export type Files = Readonly<Record<string, string | Uint8Array | object>>;

/** Writes files, in the order given, and the folders that they need. */
export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(full, isRaw ? content : JSON.stringify(content));
  }
}

/**
 * Everything below a folder, hidden names and names that are no text included: contents in hex, `->` and the target of a link, `/` for a
 * folder.
 */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: Buffer, shown: string): void => {
    for (const name of readdirSync(path, { encoding: 'buffer' })) {
      const full = Buffer.concat([path, Buffer.from('/'), name]);
      const key = shown + name.toString('latin1');
      const stat = lstatSync(full);
      if (stat.isDirectory()) {
        found[`${key}/`] = '/';
        visit(full, `${key}/`);
      } else if (stat.isSymbolicLink()) found[key] = `-> ${readlinkSync(full)}`;
      else found[key] = stat.isFile() ? readFileSync(full).toString('hex') : 'special';
    }
  };
  visit(Buffer.from(folder), '');
  return found;
}

/** A JSON document in a file. */
export function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}
