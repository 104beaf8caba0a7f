/** What `pack` and `build` share: options of an artifact, and what is said of it. */
import { join } from 'node:path';
import { isAlignment } from '../codec/layout.js';
import { ALIGNMENT_MAX, OUTPUT_NAMES } from '../format.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '../host/digests.js';
import { layoutResult, type PackReport } from '../report/results.js';
import type { PackResult } from '../write/pack.js';
import { UsageError } from './exit.js';

/** @throws UsageError */
export function checkAlignment(align: number | undefined): void {
  if (align !== undefined && !isAlignment(align)) {
    throw new UsageError(`--align is 1 or a power of two up to ${ALIGNMENT_MAX}, not ${align}`);
  }
}

/**
 * The value of `--digest`.
 *
 * @throws UsageError
 */
export function parseDigests(list: string): DigestAlgorithm[] {
  if (list === 'none') return [];
  const names = list.split(',');
  for (const name of names) {
    if ((DIGEST_ALGORITHMS as readonly string[]).includes(name)) continue;
    throw new UsageError(`--digest is none, or a list of ${DIGEST_ALGORITHMS.join(', ')}; not "${name}"`);
  }
  return DIGEST_ALGORITHMS.filter((algorithm) => names.includes(algorithm));
}

/** What a pack did, as documents say it. */
export function packReport(result: PackResult, outDir: string): PackReport {
  return {
    artifact: { path: join(outDir, OUTPUT_NAMES.artifact), ...result.artifact },
    layout: layoutResult(result.layout),
    asset_count: result.assetCount,
    preload_count: result.preloadCount,
    companions: result.companions.map(({ name, size }) => ({ path: join(outDir, name), size })),
    elapsed_ms: result.elapsedMs,
    dry_run: result.dryRun,
  };
}
