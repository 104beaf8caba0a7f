/** One pass over the bytes of a file behind its header: padding is judged (gate 9), payloads are hashed. */
import type { DigestAlgorithm, Digester, DigestFactory, Digests } from '../host/digests.js';
import { ForwardReader } from '../host/forward-reader.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import type { Interruption } from '../host/interruption.js';
import { hashedMemory, type SharedXxh64 } from '../host/xxh64-state.js';
import { type Artifact, type OpenArtifact, withArtifact } from './artifact.js';
import { type Part, partsOf } from './parts.js';

/** Measured: reads of this size, one ahead, keep up with XXH64; those of 1 MiB lose a fifth of the time to waiting. */
const BLOCK_SIZE = 4_194_304;
/** Padding alone is little, and scattered. */
const WINDOW_SIZE = 65_536;

/** What {@link scanAll} computes, and whom it tells. */
export interface ScanOptions {
  /** Makes digesters. */
  readonly digests: DigestFactory;
  /** Digests of the whole file. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Digests of the payload at an index of the asset table. */
  readonly contentOf: (index: number) => readonly DigestAlgorithm[];
  readonly interruption: Interruption;
  /** Called after each piece, with its length. */
  readonly onBytes: (length: number) => void;
}

/** What {@link scanAll} found. */
export interface Scanned {
  /** Of the whole file. */
  readonly digests: Digests;
  /** Of the payloads that were asked for, by their index in the asset table. */
  readonly contents: ReadonlyMap<number, Digests>;
  /** Bytes of payloads that were read. */
  readonly payloadBytes: number;
}

/**
 * Reads prelude, header and padding of a file, and judges them (gates 1 to 9).
 *
 * @throws AssetsPaError `INPUT_READ`
 */
export function readArtifact(path: string, fs: FileSystem = nodeFileSystem): Promise<Artifact> {
  return withArtifact(path, fs, async (artifact) => {
    await scanPadding(artifact);
    return artifact;
  });
}

/** Reads every padding byte, and nothing else. */
export async function scanPadding(artifact: OpenArtifact): Promise<void> {
  if (!artifact.isLaidOut) return;
  const parts = partsOf(artifact);
  const judge = new PaddingJudge(artifact);
  const reader = new ForwardReader(artifact.file, { blockSize: WINDOW_SIZE, readAhead: false });
  for (const part of parts) {
    if (part.kind === 'padding') await eachPiece(reader, part, (piece, at) => judge.padding(part, piece, at));
  }
  judge.trailing(parts);
}

/** Reads every byte: judges padding, hashes the file and its payloads. */
export async function scanAll(artifact: OpenArtifact, options: ScanOptions): Promise<Scanned> {
  const { digests, contentOf, interruption, onBytes } = options;
  const parts = partsOf(artifact);
  const judge = artifact.isLaidOut ? new PaddingJudge(artifact) : undefined;
  // A file that is longer than a block is hashed where it was read, without a copy.
  const { states, blocks } = artifact.fileSize > BLOCK_SIZE ? hashedMemory(2, 2, BLOCK_SIZE) : { states: [] };
  const [ofFile, ofPayload] = states;
  const whole = digests.create(options.algorithms, ofFile);
  const contents = new Map<number, Digests>();
  let payloadBytes = 0;
  const reader = new ForwardReader(artifact.file, {
    blockSize: Math.min(BLOCK_SIZE, artifact.fileSize),
    blocks,
    readAhead: true,
  });
  try {
    for (const part of parts) {
      const content = contentDigester(part, options, ofPayload);
      await eachPiece(reader, part, (piece, at) => {
        interruption.check();
        whole.update(piece);
        content?.update(piece);
        if (part.kind === 'padding') judge?.padding(part, piece, at);
        onBytes(piece.length);
      });
      if (part.kind !== 'payload') continue;
      payloadBytes += part.end - part.start;
      if (content !== undefined) contents.set(part.index as number, content.digest());
    }
  } finally {
    await reader.settle();
  }
  interruption.check();
  judge?.trailing(parts);
  for (const [index, entry] of artifact.header?.assetTable.entries() ?? []) {
    // A payload without bytes is no part of the file.
    if (entry?.size === 0 && contentOf(index).length > 0)
      contents.set(index, digests.create(contentOf(index)).digest());
  }
  return { digests: whole.digest(), contents, payloadBytes };
}

function contentDigester(
  { kind, index = -1 }: Part,
  { digests, contentOf }: ScanOptions,
  state: SharedXxh64 | undefined,
): Digester | undefined {
  const algorithms = kind === 'payload' ? contentOf(index) : [];
  return algorithms.length === 0 ? undefined : digests.create(algorithms, state);
}

async function eachPiece(
  reader: ForwardReader,
  { start, end }: Part,
  take: (piece: Uint8Array, at: number) => void,
): Promise<void> {
  for (let at = start; at < end; ) {
    const piece = await reader.piece(at, end);
    take(piece, at);
    at += piece.length;
  }
}

/** Gate 9: what lies between and behind the slices (E5, E6, T5). */
class PaddingJudge {
  readonly #artifact: OpenArtifact;
  #hasFound = false;

  constructor(artifact: OpenArtifact) {
    this.#artifact = artifact;
  }

  padding({ end }: Part, piece: Uint8Array, at: number): void {
    const bad = this.#hasFound ? -1 : piece.findIndex((byte) => byte !== 0);
    if (bad < 0) return;
    this.#hasFound = true;
    this.#artifact.report.report('PADDING_NOT_ZERO', {
      what: 'a padding byte is not zero',
      clause: end <= Number(this.#artifact.prelude?.payloadOffset) ? 'E5' : 'T5',
      where: { offset: at + bad },
      expected: 0,
      actual: piece[bad],
    });
  }

  trailing(parts: readonly Part[]): void {
    const last = parts.at(-1);
    if (last?.kind !== 'trailing') return;
    this.#artifact.report.report('TRAILING_BYTES', {
      what: 'the file goes on after the last payload',
      where: { offset: last.start },
      expected: last.start,
      actual: last.end,
    });
  }
}
