/**
 * Copies payload files into blocks of shared memory: blocking calls, one read a block. A small file costs five system calls and no promise. A block is hashed,
 * and where there is an open file for the output written, by the thread that has read it: it then never leaves the cache of one processor.
 */
import { closeSync } from 'node:fs';
import { AssetsPaError } from '../../errors.js';
import { writeAllSync } from '../blocking-fs.js';
import type { Digester, DigestFactory } from '../digests.js';
import { BLOCK_SIZE, type SharedBlocks } from './blocks.js';
import { look, type OpenFound, open, readRange } from './file-range.js';
import {
  type FilePart,
  type FileToRead,
  type Filled,
  failureOf,
  filesOf,
  type ReadRun,
  type RunAnswer,
} from './reader-messages.js';

/** What a copier works with. */
export interface CopierOptions {
  readonly shared: SharedBlocks;
  /** The blocks that are its own, by index. */
  readonly blocks: readonly number[];
  /** Whether the output is hashed by XXH64. */
  readonly hashesOutput: boolean;
  /** Digests of each file. */
  readonly factory: DigestFactory;
  /** How long it waits for its turn before it gives a step, in milliseconds. Defaults to as long as it takes. */
  readonly patience?: number;
}

/** What stands in a block. */
interface Content {
  /** Bytes, from its beginning. */
  readonly length: number;
  /** Files that end in it. */
  readonly finished: number;
  /** The raw digests of those files, end to end; asked for when it is the block's turn to be hashed. */
  digests(): Uint8Array;
}

/** A file that is longer than a block. */
interface LongFile extends OpenFound {
  readonly number: number;
  /** Hashes what threads do not share: XXH64 is theirs together, all else one thread's. The order of digests puts XXH64 last. */
  readonly digester: Digester;
}

const NOTHING = new Uint8Array();

/** One of those who copy. */
export class Copier {
  readonly #options: CopierOptions;
  /** Its blocks; the one whose use was longest ago first. */
  #blocks: readonly number[];
  /** The file that is being read in parts. */
  #long: LongFile | undefined;

  constructor(options: CopierOptions) {
    this.#options = options;
    this.#blocks = options.blocks;
  }

  /** Copies a run, step by step: gives the answers to it, and nothing after a block, or where it has waited in vain for its turn. */
  *copy(run: ReadRun): Generator<RunAnswer | undefined, void, undefined> {
    const written = new Written();
    let current = 0;
    const onFile = (index: number): void => {
      current = index;
    };
    try {
      if (run.part === undefined) {
        yield* this.#copyBlock(run, run.turn, written, (block) => this.#readFiles(run, block, onFile));
      } else yield* this.#copyPart(run, run.part, written);
      if (run.descriptor !== undefined) yield written.answer();
    } catch (error) {
      if (error instanceof AssetsPaError) {
        yield { kind: 'fault', index: current, diagnostics: error.diagnostics, cause: error.cause };
      } else if (error instanceof NotWritten) yield { kind: 'write failure', failure: failureOf(error.cause) };
      else throw error;
    }
  }

  /** Closes what it has opened. */
  close(): void {
    const long = this.#long;
    this.#long = undefined;
    if (long !== undefined) closeSync(long.descriptor);
  }

  /** Reads whole files into a block; `onFile` is told the index of each before it is opened. */
  #readFiles(run: ReadRun, block: Uint8Array, onFile: (index: number) => void): Content {
    const raw: Uint8Array[] = [];
    let length = 0;
    for (const file of filesOf(run)) {
      onFile(raw.length);
      const start = file.start - run.position;
      block.fill(0, length, start);
      length = start + file.size;
      raw.push(this.#readFile(file, block.subarray(start)));
    }
    return { length, finished: raw.length, digests: () => Buffer.concat(raw) };
  }

  /**
   * Reads a file that is not longer than a block.
   *
   * @returns Raw digests.
   */
  #readFile(file: FileToRead, into: Uint8Array): Uint8Array {
    const found = open(file);
    try {
      readRange(found, { from: 0, to: file.size }, into);
      return this.#options.factory.hash(into.subarray(0, file.size));
    } finally {
      closeSync(found.descriptor);
    }
  }

  /** Copies those blocks of a file that nobody else does. */
  *#copyPart(run: ReadRun, part: FilePart, written: Written): Generator<RunAnswer | undefined, void, undefined> {
    const { shared } = this.#options;
    const [file] = [...filesOf(run)] as [FileToRead];
    const next = () => shared.claim(run.turn, run.turn + part.blocks);
    for (let turn = next(); turn !== undefined; turn = next()) {
      const position = run.position + (turn - run.turn) * BLOCK_SIZE;
      yield* this.#copyBlock(run, turn, written, (block) => this.#readPart(part, file, position, block));
    }
    if (run.position + part.blocks * BLOCK_SIZE >= file.start + file.size) this.close();
  }

  /** Reads into a block what of a file, and of the padding before it, belongs there. */
  #readPart(part: FilePart, file: FileToRead, position: number, block: Uint8Array): Content {
    const { factory, shared } = this.#options;
    const long = this.#long?.number === part.file ? this.#long : this.#openLong(part, file);
    const start = Math.max(0, file.start - position);
    const length = Math.min(BLOCK_SIZE, file.start + file.size - position);
    block.fill(0, 0, start);
    const range = { from: position + start - file.start, to: position + length - file.start };
    readRange(long, range, block.subarray(start));
    const piece = block.subarray(start, length);
    const sharesPayload = factory.algorithms.includes('xxh64');
    long.digester.update(piece);
    const isEnd = range.to === file.size;
    return {
      length,
      finished: isEnd ? 1 : 0,
      digests() {
        if (range.from === 0) shared.payload.begin();
        if (sharesPayload) shared.payload.update(piece);
        if (!isEnd) return NOTHING;
        return Buffer.concat([long.digester.raw(), sharesPayload ? shared.payload.raw() : NOTHING]);
      },
    };
  }

  /** Opens a file for its parts; whether it is the one that was found is judged at once, so as not to find out late. */
  #openLong(part: FilePart, file: FileToRead): LongFile {
    const { factory } = this.#options;
    this.close();
    const digester = factory.create(factory.algorithms.filter((each) => each !== 'xxh64'));
    const long = { ...open(file), number: part.file, digester };
    this.#long = long;
    look(long);
    return long;
  }

  /** Fills a block, hashes it and hands it on, the last two in the order of the output. */
  *#copyBlock(
    { descriptor }: ReadRun,
    turn: number,
    written: Written,
    fill: (block: Uint8Array) => Content,
  ): Generator<RunAnswer | undefined, void, undefined> {
    const { shared, hashesOutput } = this.#options;
    const index = this.#takeBlock();
    // The read that ends a payload may find a byte more than fits.
    const { length, finished, digests } = fill(shared.block(index, 1));
    const bytes = shared.block(index).subarray(0, length);
    const raw = yield* this.#inTurn('hash', turn, () => {
      if (hashesOutput) shared.output.update(bytes);
      return digests();
    });
    if (descriptor === undefined) {
      yield { kind: 'filled', index, length, finished, digests: raw };
      return;
    }
    yield* this.#inTurn('write', turn, () => write(descriptor, bytes));
    shared.free(index);
    written.add(length, finished, raw);
    yield;
  }

  #takeBlock(): number {
    const index = this.#options.shared.take(this.#blocks);
    this.#blocks = [...this.#blocks.filter((each) => each !== index), index];
    return index;
  }

  /**
   * Does what is done in turns: after all turns before it, and before all others.
   *
   * @throws What `work` throws; then nobody's turn comes any more.
   */
  *#inTurn<T>(kind: 'hash' | 'write', turn: number, work: () => T): Generator<undefined, T, undefined> {
    const { shared, patience } = this.#options;
    while (!shared.awaitTurn(kind, turn, patience)) yield;
    const result = work();
    shared.endTurn(kind, turn);
    return result;
  }
}

/** The output could not be written. */
class NotWritten extends Error {}

function write(descriptor: number, bytes: Uint8Array): void {
  try {
    writeAllSync(descriptor, bytes);
  } catch (error) {
    throw new NotWritten('', { cause: error });
  }
}

/** What was written of a run. */
class Written {
  #length = 0;
  #finished = 0;
  readonly #digests: Uint8Array[] = [];

  add(length: number, finished: number, digests: Uint8Array): void {
    this.#length += length;
    this.#finished += finished;
    this.#digests.push(digests);
  }

  answer(): Filled {
    const [length, finished] = [this.#length, this.#finished];
    return { kind: 'filled', index: undefined, length, finished, digests: Buffer.concat(this.#digests) };
  }
}
