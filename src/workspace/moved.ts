/** Roots that were moved: the uuid of an `asset.json` that is not registered finds them again. */
import { AssetsPaError } from '../errors.js';
import { readBounded } from '../host/bounded-file.js';
import type { FileSystem } from '../host/fs.js';
import { folderOf, joinPath } from '../host/paths.js';
import { uuidOf } from './declaration.js';
import { DocumentReport } from './document-report.js';
import { ANCHOR_MAX_BYTES, type ProjectPaths } from './layout.js';
import type { WorkspaceAsset } from './registered.js';

/** Files that are read in search of a moved root. */
const SEARCH_MAX = 10_000;

/**
 * Reports every root without `asset.json`, and where its asset seems to be now.
 *
 * @param orphans Files of the workspace that are not registered, relative to it.
 */
export async function reportMissingAnchors(
  assets: readonly WorkspaceAsset[],
  orphans: readonly string[],
  fs: FileSystem,
  paths: ProjectPaths,
): Promise<void> {
  const missing = assets.filter(({ isAnchorMissing }) => isAnchorMissing);
  if (missing.length === 0) return;
  const places = new Map<string, string[]>();
  for (const path of orphans.slice(0, SEARCH_MAX)) {
    const uuid = await uuidAt(fs, joinPath(paths.workspace, path));
    if (uuid !== undefined) places.set(uuid, [...(places.get(uuid) ?? []), folderOf(path)]);
  }
  for (const { entry, report } of missing) {
    const found = places.get(entry.assetUuid) ?? [];
    const [place] = found;
    report.report('ANCHOR_MISSING', {
      what: 'there is no asset.json in a registered asset root',
      ...(place !== undefined && {
        hint: `its asset_uuid is in ${joinPath(paths.workspace, place)}: when it was moved there, run "assets-pa register" on that folder`,
        details: { found_in: found },
      }),
    });
  }
}

/** The uuid of an `asset.json`, when it can be read. */
export async function uuidAt(fs: FileSystem, path: string): Promise<string | undefined> {
  try {
    const { bytes } = await readBounded(fs, path, path, ANCHOR_MAX_BYTES);
    return uuidOf(bytes, new DocumentReport(path));
  } catch (error) {
    if (error instanceof AssetsPaError) return undefined;
    throw error;
  }
}
