/** What a reader thread is told, and what it answers. */
import type { Diagnostic } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { FoundFile } from '../source-file.js';
import type { RingMemory } from './blocks.js';

/** Numbers that a file's row has. */
export const ROW_LENGTH = 5;

/** What a reader thread is started with. */
export interface ReaderData {
  readonly memory: RingMemory;
  /** Digests of each file. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Digests of the output: of its blocks, and of what the starter gives between them. */
  readonly outputAlgorithms: readonly DigestAlgorithm[];
}

/** Files to look at. */
export interface LookRequest {
  readonly kind: 'look';
  /** One text of all: quicker to send than a list. */
  readonly paths: string;
}

/** Files that follow one another in the output; as columns, because an object for each would take longer to send than to read. */
export interface ReadRun {
  readonly kind: 'run';
  /** Where the output stands, in bytes. */
  readonly position: number;
  /** The files' {@link FoundFile.name} and {@link FoundFile.path}. */
  readonly names: string;
  readonly paths: string;
  /** A row each, end to end: where the file begins, what lies before it being padding; then device, inode, size, modification time. */
  readonly rows: Float64Array;
}

/** Between names and paths; none has a NUL. */
const SEPARATOR = '\0';

/** Asks a thread about files; at least one. */
export function lookOf(paths: readonly string[]): LookRequest {
  return { kind: 'look', paths: paths.join(SEPARATOR) };
}

/** The paths that {@link lookOf} was given. */
export function pathsOf({ paths }: LookRequest): string[] {
  return paths.split(SEPARATOR);
}

/** Tells a thread of files. */
export function runOf(position: number, files: readonly FoundFile[], starts: readonly number[]): ReadRun {
  const rows = new Float64Array(ROW_LENGTH * files.length);
  for (const [i, { dev, ino, size, mtimeMs }] of files.entries()) {
    rows.set([starts[i] as number, dev, ino, size, mtimeMs], ROW_LENGTH * i);
  }
  const names = files.map(({ name }) => name).join(SEPARATOR);
  const paths = files.map(({ path }) => path).join(SEPARATOR);
  return { kind: 'run', position, names, paths, rows };
}

/** A file of a run, as the thread needs it, and where it begins. */
export interface FileToRead extends FoundFile {
  readonly start: number;
}

/** The files that {@link runOf} was given. */
export function* filesOf({ names: joined, paths, rows }: ReadRun): Generator<FileToRead, void, undefined> {
  const names = joined.split(SEPARATOR);
  const number = (i: number) => rows[i] as number;
  let at = 0;
  for (const [i, path] of paths.split(SEPARATOR).entries()) {
    const [start, dev, ino] = [number(at), number(at + 1), number(at + 2)];
    yield { name: names[i] as string, path, start, dev, ino, size: number(at + 3), mtimeMs: number(at + 4) };
    at += ROW_LENGTH;
  }
}

/** Bytes of the output that the starter wrote, in shared memory. */
export interface ForeignBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/** The end of the output. */
export interface OutputEnd {
  readonly kind: 'end';
}

/** What the thread is told; of the output, in its order. */
export type ToReader = LookRequest | ReadRun | ForeignBytes | OutputEnd;

/** What stands at a path, as {@link LookAnswer.rows} has it. */
export const FILE_KINDS = ['file', 'directory', 'link', 'other', 'failure'] as const;

/** What the files are. */
export interface LookAnswer {
  readonly kind: 'looks';
  /** A row each, end to end: index in {@link FILE_KINDS}, then device, inode, size, modification time. */
  readonly rows: Float64Array;
  /** What the system said of those that could not be looked at, in their order. */
  readonly failures: readonly { readonly message: string; readonly code: string | undefined }[];
}

/** A block of the output. */
export interface FilledBlock {
  readonly kind: 'block';
  /** Which one, counted from the thread's start. */
  readonly turn: number;
  /** Bytes in it, from its beginning. */
  readonly length: number;
  /** How many files ended in it. */
  readonly finished: number;
  /** Their raw digests, end to end. */
  readonly digests: Uint8Array;
}

/** A file that could not be read as it was found; ends the thread's work. */
export interface ReadFault {
  readonly kind: 'fault';
  /** Which file of the run. */
  readonly index: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly cause: unknown;
}

/** The digest has seen the starter's bytes. */
export interface BytesSeen {
  readonly kind: 'seen';
}

/** The raw digests of the output. */
export interface OutputDigests {
  readonly kind: 'digests';
  readonly raw: Uint8Array;
}

/** An answer. */
export type FromReader = LookAnswer | FilledBlock | ReadFault | BytesSeen | OutputDigests;
