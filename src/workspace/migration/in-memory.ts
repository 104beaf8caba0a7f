/** Documents of older versions in a build: migrated in memory, never on disk. */
import { type Diagnostics, diagnostic } from '../../errors.js';
import type { PreloadOf } from '../declaration.js';
import { DocumentReport } from '../document-report.js';
import { migrateHint } from '../fixes.js';
import type { ProjectPaths } from '../layout.js';
import type { WorkspaceAsset } from '../registered.js';
import type { Registry } from '../registry.js';

/** What a registry says of the preload of its assets; undefined where each of them says it itself. */
export function preloadOfRegistry({ preloadV1 }: Registry): PreloadOf | undefined {
  return preloadV1 && ((name) => preloadV1.of(name));
}

/** Judges what a registry of version 1 preloads. */
export function checkPreloadV1(
  { preloadV1 }: Registry,
  text: Uint8Array,
  assets: readonly WorkspaceAsset[],
  { registry }: ProjectPaths,
  into: Diagnostics,
): void {
  if (preloadV1 === undefined) return;
  const report = new DocumentReport(registry);
  preloadV1.check(assets, report);
  report.flush(into, text);
}

/** Says that there is something to migrate. */
export function adviseOnVersions(
  { preloadV1 }: Registry,
  assets: readonly WorkspaceAsset[],
  { project, registry }: ProjectPaths,
  into: Diagnostics,
): void {
  const old = assets.filter(({ declaration }) => declaration?.migrated !== undefined).map(({ anchor }) => anchor);
  if (preloadV1 !== undefined) old.unshift(registry);
  const [first] = old;
  if (first === undefined) return;
  into.add(
    diagnostic('DOCUMENT_OUTDATED', {
      what: `${old.length === 1 ? '1 document of an older version was' : `${old.length} documents of an older version were`} migrated in memory`,
      where: { path: first },
      hint: `${migrateHint(project)} to write them in this version`,
      details: { documents: old.length },
    }),
  );
}
