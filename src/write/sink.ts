/** Where an artifact goes: a few verbs, with the behaviour in the sink, not in the writer. */
import { joinChunks } from '../codec/chunks.js';
import { AssetsPaError, fault, systemCode, systemMessage } from '../errors.js';
import { type OpenFile, writeAll } from '../host/fs.js';
import type { SpoolFile } from '../host/spool-file.js';
import { type StreamSinkOptions, StreamWriter, type WritableLike } from '../host/streams.js';

/** A destination. The writer calls the verbs in this order, {@link Sink.abort} at any point instead of the rest. */
export interface Sink {
  /** Whether companions are kept beside the artifact. */
  readonly keepsCompanions: boolean;
  /** Whether {@link write} may be given views of shared memory, which not every interface takes. Defaults to false: a copy is given. */
  readonly takesShared?: boolean;
  /** A nameless file for streams of unknown size, after {@link open} (W9). Defaults to one in the system's temporary folder. */
  openSpool?(): Promise<SpoolFile>;
  /** Makes ready; takes the lock where there is one. */
  open(): Promise<void>;
  /** Announces the exact size of the artifact, in bytes. */
  begin(size: number): Promise<void>;
  /** Takes the next bytes. The buffer is the caller's again when the promise settles. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Lends its open file to threads, which append the next bytes to it, instead of {@link write}.
   *
   * @param append Is given the file's descriptor, when there is one that may be lent; gives the number of bytes that were appended by it. What it throws
   * goes the way of a failed write.
   */
  lend?(append: Append): Promise<void>;
  /** Takes a companion document, after the last byte of the artifact. */
  companion(name: string, chunks: Iterable<Uint8Array>): Promise<void>;
  /** Makes everything visible at once; not to be interrupted. */
  commit(): Promise<void>;
  /** Leaves everything as it was, as far as the sink can. Never throws; may come before {@link open}, and while a write is under way. */
  abort(reason: Error): Promise<void>;
}

/** Appends bytes by a descriptor, and gives their number; without one, by other ways, and gives 0. */
export type Append = (descriptor: number | undefined) => Promise<number>;

/** A sink that keeps the artifact in memory. */
export interface MemorySink extends Sink {
  /**
   * The artifact.
   *
   * @throws Error before the pack is done
   */
  readonly bytes: Uint8Array;
  /** The companions by file name (C1-C3). */
  readonly companions: ReadonlyMap<string, Uint8Array>;
}

/** A sink in memory: for tests, for small artifacts, for callers that publish elsewhere. */
export function toMemory(): MemorySink {
  return new Memory();
}

class Memory implements MemorySink {
  readonly keepsCompanions = true;
  readonly takesShared = true;
  readonly companions = new Map<string, Uint8Array>();
  #buffer = new Uint8Array();
  #filled = 0;
  #done = false;

  get bytes(): Uint8Array {
    if (!this.#done) throw new Error('the pack is not done');
    return this.#buffer;
  }

  async open(): Promise<void> {
    this.#done = false;
    this.companions.clear();
  }

  async begin(size: number): Promise<void> {
    this.#buffer = new Uint8Array(size);
    this.#filled = 0;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  async companion(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    this.companions.set(name, joinChunks([...chunks]));
  }

  async commit(): Promise<void> {
    this.#done = true;
  }

  async abort(): Promise<void> {
    this.#done = false;
    this.#buffer = new Uint8Array();
    this.companions.clear();
  }
}

/**
 * A sink into any writable stream, with its back-pressure. It carries `assets.pa` only, no companions. What was written cannot be taken back:
 * on failure the stream is destroyed (W9).
 */
export function toStream(stream: WritableLike, options: StreamSinkOptions = {}): Sink {
  return new StreamSink(new StreamWriter(stream, options));
}

/**
 * A sink into a file that is open already, written from where it stands; like {@link toStream}, without a stream's copies.
 *
 * @param file It stays open.
 */
export function toOpenFile(file: Pick<OpenFile, 'fd' | 'write'>): Sink {
  return new StreamSink({
    fd: file.fd,
    open: () => {},
    write: (bytes) => writeAll(file, bytes),
    close: async () => {},
    abort: () => {},
  });
}

/** What takes bytes one after the other. */
interface ByteWriter {
  /** The descriptor of an open file that other threads may write to. */
  readonly fd?: number | undefined;
  open(): void;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason: Error): void;
}

class StreamSink implements Sink {
  readonly keepsCompanions = false;
  readonly takesShared = true;
  readonly #writer: ByteWriter;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  async open(): Promise<void> {
    this.#writer.open();
  }

  async begin(): Promise<void> {}

  write(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes).catch(streamFault);
  }

  async lend(append: Append): Promise<void> {
    await append(this.#writer.fd).catch(streamFault);
  }

  async companion(): Promise<void> {}

  commit(): Promise<void> {
    return this.#writer.close().catch(streamFault);
  }

  async abort(reason: Error): Promise<void> {
    this.#writer.abort(reason);
  }
}

function streamFault(error: unknown): never {
  if (error instanceof AssetsPaError) throw error;
  const system = systemCode(error);
  const what = `the output stream failed: ${systemMessage(error)}`;
  throw fault(
    'OUTPUT_WRITE',
    { what, where: { path: '-' }, ...(system !== undefined && { details: { system } }) },
    error,
  );
}
