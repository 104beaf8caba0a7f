/** What is fuzzed: the entry of the bundle that `load.ts` makes. */
export { canonicalText } from '../../src/codec/canonical.js';
export { decodeHeader, encodeHeader } from '../../src/codec/header.js';
export { parseTree } from '../../src/codec/json-tree.js';
export { locatePointers } from '../../src/codec/locate.js';
export { firstInvalidUtf8 } from '../../src/codec/utf8.js';
export { AssetsPaError, Diagnostics } from '../../src/errors.js';
export { SafePaths } from '../../src/host/safe-names.js';
export { describeFiles } from '../../src/plan/from-tree.js';
export { readIds } from '../../src/plan/ids.js';
export { convertPlan, planText } from '../../src/plan/plan-text.js';
export { readPlan } from '../../src/plan/read-plan.js';
export { annotateBytes, hexAround, segmentsOf } from '../../src/read/annotate.js';
export { diffArtifacts } from '../../src/read/diff.js';
export { readMetadata } from '../../src/read/metadata-companion.js';
export { runtimeClass, runtimeVerdict } from '../../src/read/runtime-profile.js';
export { readArtifact } from '../../src/read/scan.js';
export { verifyArtifact } from '../../src/read/verify.js';
// `load.ts` adds `parseAnswer` to what this module exports.
export * from '../../src/vectors/conform.js';
export { judge } from '../../src/vectors/judge.js';
export { VectorSet } from '../../src/vectors/manifest.js';
export { packAssets } from '../../src/write/pack.js';
export { toMemory } from '../../src/write/sink.js';
