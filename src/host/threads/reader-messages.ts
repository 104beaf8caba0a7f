/** What a reader thread is told, and what it answers. */
import { type Diagnostic, systemCode } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { FoundFile } from '../source-file.js';
import type { SharedMemory } from '../xxh64-state.js';

/** Numbers that a file's row has. */
export const ROW_LENGTH = 5;

/** What a reader thread is started with. */
export interface ReaderData {
  /** Behind the `SharedBlocks`. */
  readonly memory: SharedMemory;
  /** The blocks that are this thread's, by index. */
  readonly blocks: readonly number[];
  /** Whether the threads hash the output by XXH64. */
  readonly hashesOutput: boolean;
}

/** Which digests of each file are wanted: said before the first one is to be read. */
export interface BeginRequest {
  readonly kind: 'begin';
  readonly algorithms: readonly DigestAlgorithm[];
}

/** Files to look at. */
export interface LookRequest {
  readonly kind: 'look';
  /** One text of all: quicker to send than a list. */
  readonly paths: string;
}

/** Blocks of a file that is longer than one. */
export interface FilePart {
  /** Which file: runs with the same number are of one, and come in order. */
  readonly file: number;
  /** How many blocks there are; each is claimed by one of those who are told of them. */
  readonly blocks: number;
}

/**
 * Files that follow one another in the output and, with the padding before each, fit into a block; or blocks of one file. As columns, because an object for
 * each would take longer to send than to read.
 */
export interface ReadRun {
  readonly kind: 'run';
  /** Which of all blocks the first one is, in the order of the output. */
  readonly turn: number;
  /** Where the output stands, in bytes. */
  readonly position: number;
  /** The files' {@link FoundFile.name} and {@link FoundFile.path}. */
  readonly names: string;
  readonly paths: string;
  /** A row each, end to end: where the file begins, what lies before it being padding; then device, inode, size, modification time. */
  readonly rows: Float64Array;
  readonly part: FilePart | undefined;
  /** The open file that the blocks are appended to, when the thread is to do that. */
  readonly descriptor: number | undefined;
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

/** What a thread is told of files. */
export function runOf(
  files: readonly FoundFile[],
  starts: readonly number[],
  rest: Pick<ReadRun, 'turn' | 'position' | 'descriptor'>,
): Omit<ReadRun, 'part'> {
  const rows = new Float64Array(ROW_LENGTH * files.length);
  for (const [i, { dev, ino, size, mtimeMs }] of files.entries()) {
    rows.set([starts[i] as number, dev, ino, size, mtimeMs], ROW_LENGTH * i);
  }
  const names = files.map(({ name }) => name).join(SEPARATOR);
  const paths = files.map(({ path }) => path).join(SEPARATOR);
  return { kind: 'run', names, paths, rows, ...rest };
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

/** What the thread is told. */
export type ToReader = LookRequest | BeginRequest | ReadRun;

/** What the files are. */
export interface LookAnswer {
  readonly kind: 'looks';
  /** A row each, end to end: what it is, then device, inode, size, modification time. */
  readonly rows: Float64Array;
  /** What the system said of those that could not be looked at, in their order. */
  readonly failures: readonly SystemFailure[];
}

/** An error of the system, on its way to another thread. */
export interface SystemFailure {
  readonly message: string;
  readonly code: string | undefined;
}

/** An error of the system, to be sent. */
export function failureOf(error: unknown): SystemFailure {
  return { message: (error as Error).message, code: systemCode(error) };
}

/** The error that {@link failureOf} was given. */
export function errorOf({ message, code }: SystemFailure): Error {
  return Object.assign(new Error(message), { code });
}

/** A block, in its turn, which is no longer the thread's; or with a descriptor, all that the thread has written of a run. */
export interface Filled {
  readonly kind: 'filled';
  /** The block, unless it was written. */
  readonly index: number | undefined;
  /** How many bytes. */
  readonly length: number;
  /** How many files ended in them. */
  readonly finished: number;
  /** Their raw digests, end to end. */
  readonly digests: Uint8Array;
}

/** A file that could not be read as it was found. */
export interface ReadFault {
  readonly kind: 'fault';
  /** Which file of the run. */
  readonly index: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly cause: unknown;
}

/** The open file would not take a block. */
export interface WriteFailure {
  readonly kind: 'write failure';
  readonly failure: SystemFailure;
}

/** An answer to a run. */
export type RunAnswer = Filled | ReadFault | WriteFailure;

/** An answer. */
export type FromReader = LookAnswer | RunAnswer;
