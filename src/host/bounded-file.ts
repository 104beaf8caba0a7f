/** Small files of unknown hands: regular files alone, never more bytes than any may have. */
import { bytesPhrase, type DiagnosticParts, fault, ioStep, Phrase } from '../errors.js';
import { type FileSystem, OPEN_SOURCE } from './fs.js';
import type { FileIdentity } from './source-file.js';

/** A file that was read as a whole. */
export interface BoundedFile {
  readonly bytes: Uint8Array;
  readonly identity: FileIdentity;
}

/**
 * Reads a whole file. A FIFO is not waited for, a link is not followed.
 *
 * @param shown The path as reports name it.
 * @param most Bytes that the file may have; looked at before anything is read.
 * @throws AssetsPaError `SOURCE_NOT_A_FILE`, `INPUT_TOO_LARGE`, `INPUT_READ`
 */
export async function readBounded(fs: FileSystem, path: string, shown: string, most: number): Promise<BoundedFile> {
  const step = <T>(work: () => Promise<T>) => ioStep('INPUT_READ', 'the input cannot be read', shown, work);
  const before = await step(() => fs.lstat(path));
  if (!before.isFile()) throw fault('SOURCE_NOT_A_FILE', noFile(before.isDirectory(), shown));
  const file = await step(() => fs.open(path, OPEN_SOURCE));
  try {
    const stat = await step(() => file.stat());
    if (!stat.isFile()) throw fault('SOURCE_NOT_A_FILE', noFile(stat.isDirectory(), shown));
    if (stat.size > most) throw fault('INPUT_TOO_LARGE', tooLarge(stat.size, most, shown));
    // One byte more than the size: a file that grows is noticed, and read no further.
    const buffer = new Uint8Array(stat.size + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await step(() => file.read(buffer, length, buffer.length - length, null));
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const { dev, ino, size, mtimeMs } = stat;
    return { bytes: buffer.subarray(0, Math.min(length, size)), identity: { dev, ino, size, mtimeMs } };
  } finally {
    await step(() => file.close());
  }
}

function noFile(isDirectory: boolean, path: string): DiagnosticParts {
  return {
    what: 'an input must be a regular file',
    where: { path },
    actual: new Phrase(isDirectory ? 'a directory' : 'a link, device, FIFO or socket'),
    hint: 'put a regular file in its place',
  };
}

function tooLarge(size: number, most: number, path: string): DiagnosticParts {
  return {
    what: 'the file is larger than any of its kind may be',
    where: { path },
    expected: bytesPhrase(most, 'at most '),
    actual: bytesPhrase(size),
    hint: 'make the file smaller, or restore it from version control',
  };
}
