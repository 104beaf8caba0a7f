/** What deserves a look and stops nothing: the wider world of the workspace. */
import type { Diagnostics } from '../errors.js';
import { bytesPhrase, diagnostic, ioStep } from '../errors.js';
import type { FileSystem } from '../host/fs.js';
import type { Interruption } from '../host/interruption.js';
import { folderOf, joinPath } from '../host/paths.js';
import { scanTree, type Tree } from '../host/scan.js';
import { fixOf } from './fixes.js';
import type { FrozenInput } from './inputs.js';
import { ANCHOR, isAnchor, type ProjectPaths, rootAbove } from './layout.js';
import type { WorkspaceAsset } from './registered.js';

/** A workspace, scanned. */
export interface ScannedWorkspace extends Tree {
  /** Every `asset.json` that is not registered, relative to the workspace. */
  readonly orphans: readonly string[];
}

/** From this on a file that nothing uses is a large one. */
const LARGE_BYTES = 16_777_216;
/** Files between two turns for signals and timers. */
const FILES_PER_TURN = 1_024;

/** Scans a workspace and warns of what is not registered, and of a scan that had to end. */
export async function scanWorkspace(
  assets: readonly WorkspaceAsset[],
  fs: FileSystem,
  { workspace }: ProjectPaths,
  interruption: Interruption,
  limit: number,
  report: Diagnostics,
): Promise<ScannedWorkspace> {
  const tree = await ioStep('INPUT_READ', 'the workspace cannot be read', workspace, () =>
    scanTree(fs, workspace, interruption, limit),
  );
  const anchors = new Set(assets.map(({ entry }) => `${entry.root}/${ANCHOR}`));
  const orphans = tree.files.filter((path) => isAnchor(path) && !anchors.has(path));
  const roots = new Set(assets.map(({ entry }) => entry.root));
  const advise = adviser(report, workspace);
  for (const path of orphans) {
    const outer = rootAbove(roots, path);
    advise('ANCHOR_ORPHAN', path, {
      what: outer === undefined ? 'this asset.json is not registered' : 'this asset.json lies within an asset root',
      ...(outer !== undefined && { hint: `move it out of the asset root "${outer}", or remove it` }),
    });
  }
  if (!tree.isComplete) advise('SCAN_LIMIT', '', { what: `the workspace has more than ${limit} names` });
  return { ...tree, orphans };
}

/** Warns of inputs that have the same bytes, and of names that other systems may not take. */
export function adviseOnInputs(
  inputs: readonly { readonly asset: WorkspaceAsset; readonly input: FrozenInput }[],
  assets: readonly WorkspaceAsset[],
): void {
  const first = new Map<string, string>();
  for (const { asset, input } of inputs) {
    const { located, digest } = input.file;
    const known = first.get(digest);
    if (known === undefined) first.set(digest, located.name);
    else if (known !== located.name && located.size > 0) {
      const what = `the same bytes as ${JSON.stringify(known)}`;
      asset.report.at('INPUT_DUPLICATE', input.pointer, { what, actual: input.path, details: { first: known } });
    }
  }
  for (const { entry, report, declaration } of assets) {
    if (!isPlainPath(entry.root)) {
      report.report('PATH_NAMING', { what: 'the asset root has a name that is not plain', actual: entry.root });
    }
    for (const [role, paths] of declaration?.inputs ?? []) {
      for (const [i, path] of paths.entries()) {
        if (isPlainPath(path)) continue;
        report.at('PATH_NAMING', `/inputs/${role}/${i}`, {
          what: 'an input has a name that is not plain',
          actual: path,
        });
      }
    }
  }
}

const PLAIN_PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

function isPlainPath(path: string): boolean {
  return PLAIN_PATH.test(path);
}

/** Warns of files that no `asset.json` names, and of what a scan passes over. */
export async function adviseOnTree(
  { files, links, specials, unreadableNames, orphans }: ScannedWorkspace,
  assets: readonly WorkspaceAsset[],
  fs: FileSystem,
  { workspace }: ProjectPaths,
  report: Diagnostics,
): Promise<void> {
  const advise = adviser(report, workspace);
  const used = new Set(
    assets.flatMap(({ entry, declaration }) =>
      [ANCHOR, ...[...(declaration?.inputs.values() ?? [])].flat()].map((path) => `${entry.root}/${path}`),
    ),
  );
  const skipped = [
    ...links.map((path) => [path, 'a symbolic link'] as const),
    ...specials.map((path) => [path, 'a device, FIFO or socket'] as const),
    ...unreadableNames.map((path) => [path, 'a name that is not UTF-8'] as const),
  ];
  for (const [path, what] of skipped) {
    // An input is judged where it is named.
    if (!used.has(path)) advise('PATH_SKIPPED', path, { what: `${what}: the scan passes it over` });
  }
  // What an asset needs that cannot be read, or is not registered, nobody knows.
  const unknown = new Set([
    ...assets.filter(({ declaration }) => declaration === undefined).map(({ entry }) => entry.root),
    ...orphans.map(folderOf),
  ]);
  for (const [i, path] of files.entries()) {
    if (i % FILES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    if (used.has(path) || isAnchor(path) || rootAbove(unknown, path) !== undefined) continue;
    await adviseOnFile(path, fs, workspace, advise);
  }
}

async function adviseOnFile(path: string, fs: FileSystem, workspace: string, advise: Advise): Promise<void> {
  let size = 0;
  try {
    size = (await fs.lstat(joinPath(workspace, path))).size;
  } catch {
    // Gone since: then it takes no room.
  }
  if (size < LARGE_BYTES) advise('FILE_UNREFERENCED', path, { what: 'no asset.json names this file' });
  else {
    const what = 'a large file that no asset.json names';
    advise('FILE_LARGE', path, { what, actual: bytesPhrase(size), details: { size } });
  }
}

type Advise = (
  code: 'ANCHOR_ORPHAN' | 'SCAN_LIMIT' | 'PATH_SKIPPED' | 'FILE_UNREFERENCED' | 'FILE_LARGE',
  path: string,
  parts: Parameters<typeof diagnostic>[1],
) => void;

function adviser(report: Diagnostics, workspace: string): Advise {
  return (code, path, parts) => {
    const hint = parts.hint ?? fixOf(code);
    const where = { path: path === '' ? workspace : joinPath(workspace, path) };
    report.add(diagnostic(code, { ...parts, where, ...(hint !== undefined && { hint }) }));
  };
}
