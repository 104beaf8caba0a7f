/** Every byte of `assets.pa`, in file order. */
import { headerChunks } from '../codec/header.js';
import { encodePrelude, preludeOf } from '../codec/prelude.js';
import { type DigestAlgorithm, type DigestFactory, type Digests, DigestTable, digestFactory } from '../host/digests.js';
import type { Interruption } from '../host/interruption.js';
import type { LocatedFile } from '../host/source-file.js';
import { canShare, type FileThreads, ReadFailure } from '../host/threads/file-threads.js';
import { Turns } from '../host/turns.js';
import type { PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/payload-source.js';
import { blaming } from '../plan/sources.js';
import { ArtifactDigest } from './artifact-digest.js';
import { BlockWriter } from './block-writer.js';
import type { FrozenPlan } from './freeze.js';
import { checkPlannedDigest, writePayload } from './payload.js';
import type { PayloadThreads } from './payload-threads.js';
import type { Sink } from './sink.js';

/** How far a pack has come. */
export interface PackProgress {
  /** Payload bytes moved. */
  readonly bytes: number;
  /** Payload bytes in all. */
  readonly totalBytes: number;
  /** Payloads finished. */
  readonly assets: number;
  readonly totalAssets: number;
  /** Name of the asset that is being moved. */
  readonly assetName: string;
}

/** What writing needs beside the plan. */
export interface WriteContext {
  /** The digests to compute. */
  readonly digests: readonly DigestAlgorithm[];
  readonly threads: PayloadThreads;
  readonly interruption: Interruption;
  readonly onProgress: (progress: PackProgress) => void;
}

/** What is known once the bytes are written. */
export interface WrittenArtifact {
  /** Of the whole file. */
  readonly digests: Digests;
  /** Of each payload, in table order; also by algorithms that only the plan names. */
  readonly contents: DigestTable;
}

/**
 * Writes the artifact.
 *
 * @throws AssetsPaError `SOURCE_SIZE`, `SOURCE_CHANGED`, `SOURCE_READ`, `INTERRUPTED`, and what the sink throws
 */
export async function writeArtifact(plan: FrozenPlan, sink: Sink, context: WriteContext): Promise<WrittenArtifact> {
  const writing = await ArtifactWriting.start(plan, sink, context);
  try {
    return await writing.run();
  } finally {
    await writing.close();
  }
}

class ArtifactWriting {
  readonly #plan: FrozenPlan;
  readonly #context: WriteContext;
  /** Lends the output's file to who reads payloads, where nobody else has to look at the bytes. */
  readonly #lend: Sink['lend'];
  readonly #out: BlockWriter;
  readonly #digest: ArtifactDigest;
  readonly #payloadDigests: DigestFactory;
  readonly #contents: DigestTable;
  readonly #reader: FileThreads | undefined;
  /** Payload bytes moved. */
  #bytes = 0;

  private constructor(
    plan: FrozenPlan,
    context: WriteContext,
    parts: {
      readonly lend: Sink['lend'];
      readonly out: BlockWriter;
      readonly digest: ArtifactDigest;
      readonly payloadDigests: DigestFactory;
      readonly reader: FileThreads | undefined;
    },
  ) {
    this.#plan = plan;
    this.#context = context;
    this.#lend = parts.lend;
    this.#out = parts.out;
    this.#digest = parts.digest;
    this.#payloadDigests = parts.payloadDigests;
    this.#reader = parts.reader;
    this.#contents = new DigestTable(parts.payloadDigests, plan.assets.length);
  }

  static async start(plan: FrozenPlan, sink: Sink, context: WriteContext): Promise<ArtifactWriting> {
    const { digests, threads, interruption } = context;
    const payloadDigests = await digestFactory(threads.algorithms);
    const lend = canShare(digests) ? sink.lend?.bind(sink) : undefined;
    const reader = threads.reading(plan, lend !== undefined);
    const digest = await ArtifactDigest.create(digests, reader?.output, threads.hashing(plan));
    const out = new BlockWriter(sink, digest, interruption, reader?.ownBlocks);
    return new ArtifactWriting(plan, context, { lend, out, digest, payloadDigests, reader });
  }

  async run(): Promise<WrittenArtifact> {
    const { header, headerBytes, sources, layout, size } = this.#plan;
    const out = this.#out;
    await out.copy(encodePrelude(preludeOf(layout.headerLen, layout.payloadOffset)));
    const turns = new Turns(this.#context.interruption);
    for (const chunk of headerBytes ?? headerChunks(header)) {
      await out.copy(chunk);
      if (turns.isOver) await turns.next();
    }
    for (let i = 0; i < sources.length; ) {
      await out.padTo(this.#start(i));
      const files = this.#reader === undefined ? [] : filesFrom(sources, i);
      if (files.length === 0) await this.#payload(i);
      else await this.#files(i, files);
      i += Math.max(1, files.length);
    }
    await out.padTo(size);
    await out.finish();
    if (out.position !== size) throw new Error(`${out.position} bytes emitted, ${size} predicted`);
    return { contents: this.#contents, digests: await this.#digest.digest() };
  }

  close(): Promise<void> {
    return this.#digest.close();
  }

  /** Copies one payload through this thread. */
  async #payload(index: number): Promise<void> {
    const size = this.#size(index);
    const { interruption } = this.#context;
    const before = this.#bytes;
    const raw = await this.#copy(index, size, (count) => this.#tell(before + count, index));
    interruption.check();
    this.#finish(index, raw);
    this.#tell(before + size, index + 1);
  }

  /**
   * @param onBytes Called with how many bytes were moved, but for the last.
   * @returns Raw digests.
   */
  async #copy(index: number, size: number, onBytes: (count: number) => void): Promise<Uint8Array> {
    const out = this.#out;
    const digests = this.#payloadDigests;
    const source = this.#plan.sources[index] as Source;
    const { bytes } = source;
    if (bytes === undefined) {
      const { interruption } = this.#context;
      return writePayload(this.#asset(index), source, size, { out, digests, interruption, onBytes });
    }
    await out.copy(bytes);
    return digests.hash(bytes);
  }

  /** Has files that follow one another read by threads; written, too, where nobody else has to look at the bytes. */
  async #files(from: number, files: readonly LocatedFile[]): Promise<void> {
    if (this.#lend === undefined) {
      await this.#out.flush();
      await this.#read(from, files);
      return;
    }
    await this.#out.finish();
    await this.#lend((descriptor) => this.#read(from, files, descriptor));
  }

  /** @returns How many bytes were written by the descriptor. */
  async #read(from: number, files: readonly LocatedFile[], descriptor?: number): Promise<number> {
    const { interruption } = this.#context;
    const out = this.#out;
    const before = out.position;
    const starts = files.map((_, i) => this.#start(from + i));
    const reading = (this.#reader as FileThreads).read(before, files, starts, descriptor);
    let bytes = this.#bytes;
    try {
      for (;;) {
        interruption.check();
        const { value: read } = await interruption.race(reading.next());
        if (read === undefined) return descriptor === undefined ? 0 : out.position - before;
        if (read.block === undefined) out.skip(read.length);
        else await out.pass(read.block.bytes, read.block.release);
        const first = from + read.first;
        this.#finish(first, read.digests);
        for (let i = first; i < first + read.finished; i += 1) bytes += this.#size(i);
        const current = first + read.finished;
        const isOver = current === from + files.length;
        this.#tell(bytes + (isOver ? 0 : Math.max(0, out.position - this.#start(current))), current);
      }
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      return blaming(this.#asset(from + error.index), () => Promise.reject(error.cause));
    }
  }

  #asset(index: number): PlannedAsset {
    return this.#plan.assets[index] as PlannedAsset;
  }

  #size(index: number): number {
    return this.#plan.header.assetTable.size(index);
  }

  #start(index: number): number {
    return this.#plan.layout.payloadOffset + this.#plan.header.assetTable.offset(index);
  }

  /** Takes the raw digests of one payload or, end to end, of several. */
  #finish(first: number, raw: Uint8Array): void {
    this.#contents.set(first, raw);
    const { width } = this.#payloadDigests;
    for (let i = first; i < first + (width === 0 ? 0 : raw.length / width); i += 1) {
      checkPlannedDigest(this.#asset(i), () => this.#contents.at(i));
    }
  }

  /** @param assets How many are finished; the next one is being moved. */
  #tell(bytes: number, assets: number): void {
    this.#bytes = bytes;
    const totalAssets = this.#plan.assets.length;
    const { assetName } = this.#asset(Math.min(assets, totalAssets - 1));
    this.#context.onProgress({ bytes, totalBytes: this.#plan.payloadBytes, assets, totalAssets, assetName });
  }
}

/** Files given to threads at once: a million would keep the event loop waiting while they are told. */
const FILES_AT_ONCE = 8_192;

/** Files of the machine's own, without another payload between them. */
function filesFrom(sources: readonly Source[], from: number): LocatedFile[] {
  const files: LocatedFile[] = [];
  for (let i = from; i < sources.length && files.length < FILES_AT_ONCE; i += 1) {
    const located = sources[i]?.located;
    if (located === undefined) break;
    files.push(located);
  }
  return files;
}
