/** W9: streams of unknown size are written down first, because the header comes before their bytes. */
import { ioStep } from '../errors.js';
import type { Interruption } from '../host/interruption.js';
import type { OpenSource } from '../host/source-file.js';
import type { SpoolFile } from '../host/spool-file.js';
import { BLOCK_SIZE } from '../host/threads/blocks.js';
import { byId, type DraftPlan, type PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/payload-source.js';
import { blaming } from '../plan/sources.js';

/** Sources of known size, and the spool behind some of them. */
export interface Spooled {
  /** By the plan's index. */
  readonly sources: readonly Source[];
  close(): Promise<void>;
}

/**
 * Gives every source a size: a stream without one is copied, in table order, into one nameless file.
 *
 * @param openSpool Makes that file, when it is needed.
 * @throws AssetsPaError `SOURCE_READ`, `OUTPUT_WRITE`, `INTERRUPTED`
 */
export async function spoolUnmeasured(
  draft: DraftPlan,
  sources: readonly Source[],
  openSpool: () => Promise<SpoolFile>,
  interruption: Interruption,
): Promise<Spooled> {
  const assets = draft.assets as readonly PlannedAsset[];
  const unmeasured = byId(assets.filter(({ index }) => sources[index]?.size === undefined));
  if (unmeasured.length === 0) return { sources, close: async () => {} };
  const spool = await guard(openSpool);
  const measured = [...sources];
  const block = new Uint8Array(BLOCK_SIZE);
  try {
    for (const asset of unmeasured) {
      const start = spool.end;
      const append = (piece: Uint8Array) => guard(() => spool.append(piece));
      await blaming(asset, () => copy(sources[asset.index] as Source, block, interruption, append));
      measured[asset.index] = spooledSource(spool, start, spool.end - start);
    }
    return { sources: measured, close: () => guard(() => spool.close()) };
  } catch (error) {
    // The first failure is the one to report.
    await spool.close().catch(() => {});
    throw error;
  }
}

async function copy(
  source: Source,
  block: Uint8Array,
  interruption: Interruption,
  append: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const open = await source.open();
  try {
    for (;;) {
      interruption.check();
      const length = await interruption.race(open.read(block));
      if (length === 0) return;
      await append(block.subarray(0, length));
    }
  } finally {
    await open.close();
  }
}

function spooledSource(spool: SpoolFile, start: number, size: number): Source {
  return {
    size,
    open: async (): Promise<OpenSource> => {
      let at = start;
      return {
        isStream: false,
        read: async (into) => {
          const length = await guard(() => spool.read(into.subarray(0, start + size - at), at));
          at += length;
          return length;
        },
        finish: async () => {},
        close: async () => {},
      };
    },
  };
}

function guard<T>(step: () => Promise<T>): Promise<T> {
  return ioStep('OUTPUT_WRITE', 'a stream of unknown size cannot be spooled', 'the spool', step);
}
