/** Payloads as files: all of them or none, and none outside the target folder. */
import type { AssetEntry, Header } from '../format.js';
import { FileSet } from '../host/file-set.js';
import { ForwardReader } from '../host/forward-reader.js';
import type { FileSystem } from '../host/fs.js';
import type { Interruption } from '../host/interruption.js';
import { SafePaths } from '../host/safe-names.js';
import { fileOffset, type OpenArtifact } from './artifact.js';
import { fileRun } from './compare.js';

/** Options of {@link extractPayloads}. */
export interface ExtractOptions {
  readonly fs: FileSystem;
  /** Where the files go. */
  readonly folder: string;
  /** Which assets. Defaults to all. */
  readonly assetIds?: ReadonlySet<number> | undefined;
  /** Whether files that are there are replaced. */
  readonly overwrite: boolean;
  readonly interruption: Interruption;
  /** Called after each piece, with its length and the asset's name. */
  readonly onBytes: (length: number, assetName: string) => void;
}

/** A payload that became a file. */
export interface ExtractedFile {
  readonly assetId: number;
  readonly path: string;
  readonly size: number;
}

/**
 * Writes payloads to files, under names made from the assets'. A name does not depend on which assets are chosen.
 *
 * @param artifact Without faults: what a broken file says of its slices is not to be trusted.
 * @throws AssetsPaError `OUTPUT_EXISTS`, `OUTPUT_WRITE`, `INTERRUPTED`; what was there is then as it was, unless a rename itself failed
 */
export async function extractPayloads(artifact: OpenArtifact, options: ExtractOptions): Promise<ExtractedFile[]> {
  artifact.report.throwIfErrors();
  const { assetTable } = artifact.header as Header;
  const paths = new SafePaths();
  const chosen = assetTable
    .map((entry) => ({ entry, path: paths.take(entry.assetName, entry.assetId) }))
    .filter(({ entry }) => options.assetIds?.has(entry.assetId) ?? true);
  const files = new FileSet(options);
  const reader = new ForwardReader(artifact.file, { blockSize: BLOCK_SIZE, readAhead: true });
  try {
    await files.check(chosen.map(({ path }) => path));
    for (const { entry, path } of chosen) {
      await files.write(path, (write) =>
        copyPayload(
          artifact,
          entry,
          async (piece) => {
            options.interruption.check();
            await write(piece);
            options.onBytes(piece.length, entry.assetName);
          },
          reader,
        ),
      );
    }
    options.interruption.check();
    await files.publish();
  } catch (error) {
    await files.discard();
    throw error;
  } finally {
    await reader.settle();
  }
  return chosen.map(({ entry, path }) => ({ assetId: entry.assetId, path: files.pathOf(path), size: entry.size }));
}

const BLOCK_SIZE = 1_048_576;

/** Gives the bytes of one payload, piece by piece. */
export async function copyPayload(
  artifact: OpenArtifact,
  entry: AssetEntry,
  write: (piece: Uint8Array) => Promise<void>,
  reader: ForwardReader = new ForwardReader(artifact.file, { blockSize: BLOCK_SIZE, readAhead: false }),
): Promise<void> {
  const start = fileOffset(artifact, entry);
  const { next } = fileRun(reader, start, start + entry.size);
  for (let piece = await next(); piece.length > 0; piece = await next()) await write(piece);
}
