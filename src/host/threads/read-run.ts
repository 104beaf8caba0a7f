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
}

/** Files that follow one another in the output. */
export interface ReadRun {
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

/** An answer. */
export type FromReader = FilledBlock | ReadFault;
