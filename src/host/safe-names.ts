/** File names made from labels that anybody may have written. */
import sanitize from 'sanitize-filename';
import { printable } from '../errors.js';

/** Longest relative path, in bytes of UTF-8; longer ones do not fit every file system. */
const PATH_MAX_BYTES = 1_024;
/** Bytes of one name that leave room for what is added to it. */
const NAME_MAX_BYTES = 200;

/** Gives each label a relative path that no other has, with `/` between folders; none leaves the folder that it is for. */
export class SafePaths {
  /** Paths of files, as a file system that ignores case sees them. */
  readonly #files = new Set<string>();
  /** Folders above them. */
  readonly #folders = new Set<string>();

  /** @param id Tells labels apart whose paths would be the same. */
  take(label: string, id: number): string {
    const safe = safePath(label);
    let path = safe === undefined ? `asset-${id}` : safe;
    for (let attempt = 0; this.#isTaken(path); attempt += 1) {
      path = withMark(safe ?? 'asset', attempt === 0 ? `${id}` : `${id}-${attempt}`);
    }
    const folded = fold(path);
    this.#files.add(folded);
    for (const folder of foldersOf(folded)) this.#folders.add(folder);
    return path;
  }

  #isTaken(path: string): boolean {
    const folded = fold(path);
    return (
      this.#files.has(folded) || this.#folders.has(folded) || foldersOf(folded).some((each) => this.#files.has(each))
    );
  }
}

/** A label as a path; undefined when it is too long to be one. */
function safePath(label: string): string | undefined {
  const path = label.split('/').map(safeName).join('/');
  return Buffer.byteLength(path) > PATH_MAX_BYTES ? undefined : path;
}

function safeName(segment: string): string {
  const name = sanitize(printable(segment.toWellFormed()), { replacement: '_' });
  // Our own unfinished files begin with a dot; so do hidden ones, which nobody expects here.
  const visible = name.replace(/^\./, '_');
  if (visible === '') return '_';
  return Buffer.byteLength(visible) <= NAME_MAX_BYTES ? visible : cut(visible);
}

/** The beginning of a name, with its extension. */
function cut(name: string): string {
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem + extension) > NAME_MAX_BYTES) stem = stem.slice(0, -1);
  return stem.toWellFormed() + extension;
}

/** `levels/map.bin` and `7`: `levels/map~7.bin`. */
function withMark(path: string, mark: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const at = dot > slash ? dot : path.length;
  return `${path.slice(0, at)}~${mark}${path.slice(at)}`;
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join('/'));
}
