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
    // A file stands where a folder is needed: then the folders are given up.
    const base = safe === undefined || this.#isBlocked(fold(safe)) ? undefined : safe;
    let path = base ?? `asset-${id}`;
    for (let attempt = 0; this.#isTaken(fold(path)); attempt += 1) {
      path = withMark(base ?? 'asset', attempt === 0 ? `${id}` : `${id}-${attempt}`);
    }
    const folded = fold(path);
    this.#files.add(folded);
    for (const folder of foldersOf(folded)) this.#folders.add(folder);
    return path;
  }

  #isTaken(folded: string): boolean {
    return this.#files.has(folded) || this.#folders.has(folded);
  }

  #isBlocked(folded: string): boolean {
    return foldersOf(folded).some((each) => this.#files.has(each));
  }
}

/** A label as a path; undefined when it is too long to be one. */
function safePath(label: string): string | undefined {
  const path = label.split('/').map(safeName).join('/');
  return Buffer.byteLength(path) > PATH_MAX_BYTES ? undefined : path;
}

/** Names of devices on Windows, whatever their extension. */
const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[\d\u00b9\u00b2\u00b3]|con(?:in|out)\$) *(?:\.|$)/i;

function safeName(segment: string): string {
  // Cut first: the library would cut the extension away, and replace a reserved name as a whole.
  const free = cut(printable(segment.toWellFormed())).replace(RESERVED, '_$&');
  const name = sanitize(free, { replacement: '_' });
  // Our own unfinished files begin with a dot; so do hidden ones, which nobody expects here.
  return name.replace(/^\./, '_') || '_';
}

/** The beginning of a name that is too long, with its extension. */
function cut(name: string): string {
  if (Buffer.byteLength(name) <= NAME_MAX_BYTES) return name;
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  let stem = name.slice(0, Math.min(NAME_MAX_BYTES, name.length - extension.length));
  while (Buffer.byteLength(stem.toWellFormed() + extension) > NAME_MAX_BYTES) stem = stem.slice(0, -1);
  return stem.toWellFormed() + extension;
}

/** `levels/map.bin` and `7`: `levels/map~7.bin`. */
function withMark(path: string, mark: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const at = dot > slash ? dot : path.length;
  return `${path.slice(0, at)}~${mark}${path.slice(at)}`;
}

/** A path as a file system sees it that knows neither case nor spellings of accents. */
function fold(path: string): string {
  return path.normalize('NFD').toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}

function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join('/'));
}
