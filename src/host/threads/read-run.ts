/** What the reader thread is told, and what it answers. */
import type { Diagnostic } from '../../errors.js';
import type { DigestAlgorithm } from '../digests.js';
import type { LocatedFile } from '../source-file.js';
import type { RingMemory } from './blocks.js';

/** What a reader thread is started with. */
export interface ReaderData {
  readonly memory: RingMemory;
  /** Digests of each file. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Digests of the output: of its blocks, and of what the starter gives between them. */
  readonly outputAlgorithms: readonly DigestAlgorithm[];
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

/** Files that follow one another in the output. */
export interface ReadRun {
  readonly kind: 'run';
  readonly files: readonly LocatedFile[];
  /** Where the output stands, in bytes. */
  readonly position: number;
  /** Where each file begins; what lies before it is padding. */
  readonly starts: Float64Array;
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

/** What the thread is told, in the order of the output. */
export type ToReader = ReadRun | ForeignBytes | OutputEnd;

/** An answer. */
export type FromReader = FilledBlock | ReadFault | BytesSeen | OutputDigests;
