/** The public names of assets-pa. */

export { canonicalText } from './codec/canonical.js';
export { decodeHeader, encodeHeader, type HeaderOptions, headerChunks } from './codec/header.js';
export type { Layout } from './codec/layout.js';
export { decodePrelude, encodePrelude, type Prelude, preludeOf } from './codec/prelude.js';
export type { ErrorKind, ErrorRow, RuntimeClass } from './error-table.js';
export { ERROR_TABLE } from './error-table.js';
export {
  AssetsPaError,
  type Diagnostic,
  type DiagnosticParts,
  Diagnostics,
  type ErrorCode,
  type Severity,
  type Where,
} from './errors.js';
export type { AssetEntry, BankType, Codec, Header, JsonObject, JsonValue, PreloadEntry } from './format.js';
export type { DigestAlgorithm, Digests } from './host/digests.js';
export type { DirectoryEntry, FileStat, FileSystem, OpenFile } from './host/fs.js';
export type { StreamSinkOptions, WritableLike } from './host/streams.js';
export type { AssetInput, PlanInput } from './plan/model.js';
export type { ByteDifference } from './read/compare.js';
export {
  type ChangedAsset,
  type Difference,
  type DiffOptions,
  diffArtifacts,
  type FieldDifference,
  type NotCompared,
} from './read/diff.js';
export type { EntryPair, HeaderDifference, MemberDifference, SlotChange } from './read/diff-header.js';
export type { Profile, ReaderClass, RuntimeVerdict } from './read/runtime-profile.js';
export { type ReadProgress, type Verification, type VerifyOptions, verifyArtifact } from './read/verify.js';
export type { PackProgress } from './write/artifact.js';
export { type DirectorySinkOptions, toDirectory } from './write/output-directory.js';
export { type PackOptions, type PackResult, packAssets } from './write/pack.js';
export { type Append, type MemorySink, type Sink, toMemory, toStream } from './write/sink.js';
