/** Moving one payload: counted, hashed, compared with what was planned (W2, W3). */
import { fault } from '../errors.js';
import type { DigestAlgorithm, DigestFactory, Digests } from '../host/digests.js';
import type { Interruption } from '../host/interruption.js';
import { type OpenSource, wrongSize } from '../host/source-file.js';
import type { DraftAsset, PlannedAsset } from '../plan/model.js';
import type { Source } from '../plan/payload-source.js';
import { blame, blaming } from '../plan/sources.js';
import type { BlockWriter } from './block-writer.js';

/** What moving payloads needs besides the payload. */
export interface PayloadContext {
  readonly out: BlockWriter;
  readonly digests: DigestFactory;
  readonly interruption: Interruption;
  /** Called after each piece but the last, with how many bytes there were. */
  readonly onBytes: (count: number) => void;
}

/**
 * Copies one payload into the artifact.
 *
 * @returns Its raw digests.
 * @throws AssetsPaError `SOURCE_SIZE`, `SOURCE_CHANGED`, `SOURCE_READ`, with the asset
 */
export async function writePayload(
  asset: PlannedAsset,
  source: Source,
  size: number,
  context: PayloadContext,
): Promise<Uint8Array> {
  const digester = context.digests.create();
  await blaming(asset, async () => {
    const open = await source.open();
    try {
      const count = await copy(open, size, context, (piece) => digester.update(piece));
      await open.finish();
      if (count !== size) throw wrongSize(size, count);
    } finally {
      await open.close();
    }
  });
  return digester.raw();
}

/** The algorithm of the digest that the plan states. */
export function plannedAlgorithm({ extras: { digest } }: Pick<DraftAsset, 'extras'>): DigestAlgorithm | undefined {
  return digest?.split(':')[0] as DigestAlgorithm | undefined;
}

/**
 * Compares a payload with the digest that the plan states.
 *
 * @throws AssetsPaError `SOURCE_CHANGED`
 */
export function checkPlannedDigest(asset: PlannedAsset, digests: () => Digests): void {
  const algorithm = plannedAlgorithm(asset);
  const found = algorithm && digests()[algorithm];
  const { digest } = asset.extras;
  if (found === digest) return;
  throw fault('SOURCE_CHANGED', {
    what: "the payload's digest is not the plan's",
    expected: digest,
    actual: found,
    ...blame(asset, 'digest'),
  });
}

/** @returns How many bytes there were; one more than `size` when there are too many. */
async function copy(
  open: OpenSource,
  size: number,
  { out, interruption, onBytes }: PayloadContext,
  onPiece: (piece: Uint8Array) => void,
): Promise<number> {
  for (let count = 0; ; ) {
    interruption.check();
    const room = await out.room();
    // One byte more than is left: the read that ends the payload also proves that it ends.
    const asked = room.subarray(0, size - count + 1);
    const reading = open.read(asked);
    const length = await (open.isStream ? interruption.race(reading) : reading);
    if (length === 0 || count + length > size) return count + length;
    onPiece(asked.subarray(0, length));
    out.advance(length);
    count += length;
    if (count === size && length < asked.length && !open.isStream) return count;
    if (count < size) onBytes(count);
  }
}
