/** The companion documents (C1-C5): mirrors of the header, and what only tools need. */
import { canonicalChunks, writeList } from '../codec/canonical.js';
import type { CanonicalWriter } from '../codec/canonical-writer.js';
import { type HeaderEntries, writeAssetTable, writePreload } from '../codec/header-v1.js';
import type { Layout } from '../codec/layout.js';
import type { Steps } from '../codec/steps.js';
import type { ErrorCode } from '../errors.js';
import { type JsonObject, METADATA_VERSION, OUTPUT_NAMES } from '../format.js';
import type { Digests } from '../host/digests.js';

/** What the metadata companion says of one asset. */
export interface AssetFacts {
  readonly assetId: number;
  readonly assetName: string;
  readonly content: Digests;
  /** The plan's own path; absent when the payload is no file inside the root. */
  readonly source: string | undefined;
  readonly pipeline: JsonObject | undefined;
}

/** A warning, as the metadata companion keeps it. */
export interface WarningFacts {
  readonly code: ErrorCode;
  readonly assetId: number;
  /** JSON pointer into the header. */
  readonly pointer: string;
}

/** Everything that the companions say. */
export interface CompanionFacts {
  readonly header: HeaderEntries;
  readonly artifact: { readonly size: number; readonly digests: Digests };
  readonly layout: Layout;
  /** In table order; made as they are asked for. */
  readonly assets: Iterable<AssetFacts>;
  readonly warnings: readonly WarningFacts[];
}

/** The companions in the order in which they are published, each as chunks of canonical JSON. */
export function* companions(facts: CompanionFacts): Generator<[name: string, chunks: Iterable<Uint8Array>]> {
  yield [OUTPUT_NAMES.assetTable, canonicalChunks((to) => writeAssetTable(to, facts.header.assetTable))];
  yield [OUTPUT_NAMES.preload, canonicalChunks((to) => writePreload(to, facts.header.preload))];
  yield [OUTPUT_NAMES.metadata, canonicalChunks((to) => writeMetadata(to, facts))];
}

/** C3; members in canonical order. */
function* writeMetadata(to: CanonicalWriter, { artifact, layout, assets, warnings }: CompanionFacts): Steps<void> {
  to.ascii('{"artifact":');
  to.value({ file: OUTPUT_NAMES.artifact, size: artifact.size, digests: { ...artifact.digests } }, 0);
  to.ascii(',"assets":');
  // A pipeline object has 32 levels of its own, one below its asset.
  yield* writeList(to, assets, (asset) => to.value(assetObject(asset), -1));
  to.ascii(',"diagnostics":');
  const sorted = warnings.toSorted((a, b) => a.assetId - b.assetId || (a.code < b.code ? -1 : 1));
  yield* writeList(to, sorted, ({ code, assetId, pointer }) =>
    to.value({ code, asset_id: assetId, where: { pointer } }, 0),
  );
  to.ascii(',"layout":');
  to.value(
    {
      alignment: layout.alignment,
      header_len: layout.headerLen,
      payload_offset: layout.payloadOffset,
      payload_size: layout.payloadSize,
    },
    0,
  );
  to.ascii(`,"schema_version":${METADATA_VERSION}}`);
}

function assetObject({ assetId, assetName, content, source, pipeline }: AssetFacts): JsonObject {
  return {
    asset_id: assetId,
    asset_name: assetName,
    content: { ...content },
    ...(source !== undefined && { source }),
    ...(pipeline !== undefined && { pipeline }),
  };
}
