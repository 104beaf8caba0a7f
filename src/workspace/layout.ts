/** Where things are in a project, and how large they may be. */
import { fault } from '../errors.js';
import type { FileSystem } from '../host/fs.js';
import { baseName, joinPath, relativePath, samePath } from '../host/paths.js';
import { PNG_BYTES_MAX } from './glyph/png-file.js';

/** The workspace, below the project folder. */
export const WORKSPACE = 'assets';
/** What the tool keeps, below the workspace. The scan passes it over, as every name with a dot. */
const TOOL_FOLDER = '.prometeu';
/** The file that makes a folder an asset root. */
export const ANCHOR = 'asset.json';

/** Bytes of an `asset.json`. */
export const ANCHOR_MAX_BYTES = 1_048_576;
/** Bytes of a registry: some 400,000 assets. */
export const REGISTRY_MAX_BYTES = 67_108_864;
/** Bytes of an input that an encoder reads as a whole; raw payloads have no limit. */
export const ENCODED_INPUT_MAX_BYTES: number = PNG_BYTES_MAX;
/** Names that one scan of a workspace looks at. */
export const SCAN_MAX_NAMES = 250_000;

/** The paths of a project, each as the caller named the project. */
export interface ProjectPaths {
  readonly project: string;
  readonly workspace: string;
  readonly toolFolder: string;
  readonly registry: string;
  readonly cache: string;
  /** What `migrate` keeps of older documents. */
  readonly backups: string;
}

/** The paths of a project. */
export function projectPaths(project: string): ProjectPaths {
  const workspace = joinPath(project, WORKSPACE);
  const toolFolder = joinPath(workspace, TOOL_FOLDER);
  return {
    project,
    workspace,
    toolFolder,
    registry: joinPath(toolFolder, 'index.json'),
    cache: joinPath(toolFolder, 'cache'),
    backups: joinPath(toolFolder, 'backup'),
  };
}

/** The `asset.json` of a root, relative to the project. */
export function anchorPath(root: string): string {
  return `${WORKSPACE}/${root}/${ANCHOR}`;
}

/**
 * The project that a folder is, or lies in; relative where the folder's name is.
 *
 * @throws AssetsPaError `PROJECT_NOT_FOUND`
 */
export async function findProject(fs: FileSystem, folder: string): Promise<string> {
  for (let at = joinPath(folder); ; at = joinPath(at, '..')) {
    if (await isProject(fs, at)) return at;
    if (samePath(at, joinPath(at, '..'))) throw noProject(folder);
  }
}

/**
 * Makes sure that a folder is a project.
 *
 * @throws AssetsPaError `PROJECT_NOT_FOUND`
 */
export async function checkProject(fs: FileSystem, project: string): Promise<void> {
  if (!(await isProject(fs, project))) throw noProject(project);
}

/** Whether there is a registry, in folders that are no links to somewhere else. */
export async function isProject(fs: FileSystem, project: string): Promise<boolean> {
  const { workspace, toolFolder, registry } = projectPaths(project);
  try {
    for (const folder of [workspace, toolFolder]) if (!(await fs.lstat(folder)).isDirectory()) return false;
    await fs.lstat(registry);
    return true;
  } catch {
    return false;
  }
}

function noProject(folder: string): Error {
  return fault('PROJECT_NOT_FOUND', {
    what: 'there is no project here: no registry assets/.prometeu/index.json',
    where: { path: folder },
    hint: 'name the project folder, or make one with "assets-pa init"; if the registry was lost, restore it from version control',
  });
}

/** What is wrong with a root, as the registry names it; undefined when nothing is. */
export function rootFault(root: string): string | undefined {
  if (root === '') return 'is empty';
  if (root.includes('\\') || root.includes('\0')) return 'holds "\\" or NUL';
  if (!root.isWellFormed()) return 'is no well-formed text';
  const segments = root.split('/');
  if (segments.includes('..')) return 'leaves the workspace';
  if (segments.some((each) => each === '')) return 'is absolute, or has an empty segment';
  if (segments.some((each) => each.startsWith('.'))) return 'has a segment that begins with a dot';
  return undefined;
}

/**
 * A folder as a root of a project.
 *
 * @throws AssetsPaError `ROOT_INVALID`
 */
export function rootOf(project: string, folder: string): string {
  const { workspace } = projectPaths(project);
  const root = relativePath(workspace, folder);
  const wrong = rootFault(root);
  if (wrong === undefined) return root;
  throw fault('ROOT_INVALID', {
    what: `the asset root ${root === '' ? 'is the workspace itself' : wrong}`,
    where: { path: folder },
    hint: `name a folder below ${workspace}, without hidden folders on the way`,
  });
}

/** The registered root that a path of the workspace lies in; undefined when it lies in none. */
export function rootAbove(roots: { has(root: string): boolean }, path: string): string | undefined {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const root = path.slice(0, at);
    if (roots.has(root)) return root;
  }
  return undefined;
}

/** Whether a path of the workspace is an `asset.json`. */
export function isAnchor(path: string): boolean {
  return baseName(path) === ANCHOR;
}
