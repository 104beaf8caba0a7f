/** The ids file: which asset id each path of a tree has, for good. */
import { JsonSyntaxError } from '../codec/json.js';
import { describeTreeFault, parseDocument, type Tree } from '../codec/json-tree.js';
import { AssetsPaError, fault, Phrase, pointerToken, unsupportedVersion } from '../errors.js';
import { ASSET_ID_MAX } from '../format.js';

/** The version of the ids file. */
export const IDS_VERSION = 1;

/** What an ids file is called by default. */
export const IDS_NAME = 'assets-pa.ids.json';

/** One asset that was ever seen. */
export interface IdEntry {
  readonly assetId: number;
  /** The name given first; it never changes by itself. */
  readonly assetName: string;
  /** Relative to the tree, with `/`. */
  readonly path: string;
}

/** Allocated ids. Entries are never removed, ids never recycled. */
export class IdRegistry {
  readonly #byPath: Map<string, IdEntry>;
  #nextId: number;

  constructor(entries: readonly IdEntry[], nextId: number) {
    this.#byPath = new Map(entries.map((entry) => [entry.path, entry]));
    this.#nextId = nextId;
  }

  /** By increasing id. */
  get entries(): readonly IdEntry[] {
    return [...this.#byPath.values()].sort((a, b) => a.assetId - b.assetId);
  }

  find(path: string): IdEntry | undefined {
    return this.#byPath.get(path);
  }

  /**
   * Gives a new path the next id.
   *
   * @throws AssetsPaError `IDS_EXHAUSTED`
   */
  allocate(path: string, assetName: string): IdEntry {
    if (this.#nextId > ASSET_ID_MAX) {
      throw fault('IDS_EXHAUSTED', {
        what: 'no asset id is left',
        expected: new Phrase(`an id of at most ${ASSET_ID_MAX}`),
        hint: 'ids are never used again; begin a new ids file when no runtime knows the old ids',
      });
    }
    const entry = { assetId: this.#nextId, assetName, path };
    this.#nextId += 1;
    this.#byPath.set(path, entry);
    return entry;
  }

  /** The file's bytes: an asset a line. */
  toBytes(): Uint8Array {
    const lines = this.entries.map(({ assetId, assetName, path }) =>
      JSON.stringify({ asset_id: assetId, asset_name: assetName, path }),
    );
    const list = lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
    const text = `{\n  "schema_version": ${IDS_VERSION},\n  "next_id": ${this.#nextId},\n  "assets": ${list}\n}\n`;
    return new TextEncoder().encode(text);
  }
}

/**
 * Reads an ids file; without one, a registry that begins at 1.
 *
 * @param path For diagnostics.
 * @throws AssetsPaError `VERSION_UNSUPPORTED`, `IDS_INVALID`
 */
export function readIds(bytes: Uint8Array | undefined, path: string): IdRegistry {
  if (bytes === undefined) return new IdRegistry([], 1);
  const tree = parse(bytes, path);
  refuseOtherVersions(tree, path);
  const root = asObject(tree, '', ['schema_version', 'next_id', 'assets'], path);
  const nextId = asId(root['next_id'], '/next_id', path, ASSET_ID_MAX + 1);
  const list = root['assets'];
  if (!Array.isArray(list)) throw invalid('"assets" must be an array', path, '/assets');
  const entries = list.map((each, i) => readEntry(each, `/assets/${i}`, path));
  checkEntries(entries, nextId, path);
  return new IdRegistry(entries, nextId);
}

/** V2: the version is read before anything else. */
function refuseOtherVersions(tree: Tree, path: string): void {
  const found = typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? tree['schema_version'] : undefined;
  if (found === undefined || found === IDS_VERSION) return;
  if (typeof found !== 'number') throw invalid('"schema_version" must be an integer', path, '/schema_version');
  throw new AssetsPaError([
    unsupportedVersion({
      artifact: 'ids file',
      supported: IDS_VERSION,
      found,
      where: { path, pointer: '/schema_version' },
      hint: 'use a packer that knows this version; never delete the file: ids would be given anew',
      blocks: 'the allocation of ids',
    }),
  ]);
}

function readEntry(value: Tree, at: string, path: string): IdEntry {
  const entry = asObject(value, at, ['asset_id', 'asset_name', 'path'], path);
  const { asset_name: assetName, path: file } = entry;
  if (typeof assetName !== 'string') throw invalid('"asset_name" must be a string', path, `${at}/asset_name`);
  if (typeof file !== 'string') throw invalid('"path" must be a string', path, `${at}/path`);
  return { assetId: asId(entry['asset_id'], `${at}/asset_id`, path, ASSET_ID_MAX), assetName, path: file };
}

function checkEntries(entries: readonly IdEntry[], nextId: number, path: string): void {
  const ids = new Set<number>();
  const paths = new Set<string>();
  for (const [i, { assetId, path: file }] of entries.entries()) {
    const at = `/assets/${i}`;
    if (assetId >= nextId) throw invalid(`asset id ${assetId} is not below next_id ${nextId}`, path, `${at}/asset_id`);
    if (ids.has(assetId)) throw invalid(`asset id ${assetId} stands twice`, path, `${at}/asset_id`);
    if (paths.has(file)) throw invalid('a path stands twice', path, `${at}/path`);
    ids.add(assetId);
    paths.add(file);
  }
}

function parse(bytes: Uint8Array, path: string): Tree {
  try {
    const { tree, faults } = parseDocument(bytes);
    const [first] = faults;
    if (first !== undefined) throw invalid(describeTreeFault(first).what, path, first.pointer, first.offset);
    return tree;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw invalid(`the file is not JSON: ${error.message}`, path, '', error.offset);
  }
}

function asObject(
  value: Tree,
  at: string,
  members: readonly string[],
  path: string,
): { readonly [name: string]: Tree } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('an object is expected', path, at);
  for (const name of members) if (!Object.hasOwn(value, name)) throw invalid(`"${name}" is missing`, path, at);
  for (const name of Object.keys(value)) {
    if (!members.includes(name)) throw invalid('there is no such member', path, at + pointerToken(name));
  }
  return value;
}

function asId(value: Tree | undefined, at: string, path: string, max: number): number {
  if (typeof value === 'number' && value >= 1 && value <= max) return value;
  throw invalid(`an id from 1 to ${max} is expected`, path, at);
}

function invalid(what: string, path: string, pointer: string, offset?: number): AssetsPaError {
  return fault('IDS_INVALID', {
    what,
    where: { path, pointer, ...(offset !== undefined && { offset }) },
    hint: 'restore the file from version control; ids that were given must not be given again',
  });
}
