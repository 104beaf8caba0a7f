/** Reads `asset_table_metadata.json`, as far as an artifact can be held against it (C3). */
import { canonicalChunks, writeDocument } from '../codec/canonical.js';
import { JsonSyntaxError } from '../codec/json.js';
import { describeTreeFault, isPlainObject, jsonTypeName, parseDocument, type Tree } from '../codec/json-tree.js';
import { isAlignment } from '../codec/layout.js';
import { withOffsets } from '../codec/locate.js';
import { AssetsPaError, type DiagnosticParts, type Diagnostics, Phrase, unsupportedVersion } from '../errors.js';
import { ALIGNMENT_MAX, type JsonObject, METADATA_VERSION } from '../format.js';
import { DIGEST_ALGORITHMS, type Digests, isDigest } from '../host/digests.js';

/** What the companion says. Members that nothing is held against are passed over. */
export interface MetadataFacts {
  readonly path: string;
  readonly artifact: { readonly size: number; readonly digests: Digests };
  readonly layout: { readonly headerLen: number; readonly payloadOffset: number; readonly payloadSize: number };
  readonly assets: readonly { readonly assetId: number; readonly assetName: string }[];
  /** Digests by asset id. */
  readonly contents: ReadonlyMap<number, Digests>;
}

/**
 * Reads the companion.
 *
 * @param report Receives `VERSION_UNSUPPORTED` or every `COMPANION_INVALID`.
 * @returns undefined when something is wrong with it.
 */
export function readMetadata(bytes: Uint8Array, path: string, report: Diagnostics): MetadataFacts | undefined {
  const found = report.nested();
  const facts = new MetadataReader(path, found).read(bytes);
  report.absorb(found, found.total === 0 ? [] : withOffsets(bytes, found.list, 'pointer', 0));
  return found.total === 0 ? facts : undefined;
}

type Members = { readonly [name: string]: unknown };

/** Stands for members that nothing can be said of, because what holds them is wrong. */
const UNREAD: unique symbol = Symbol('unread');

class MetadataReader {
  readonly #path: string;
  readonly #report: Diagnostics;

  constructor(path: string, report: Diagnostics) {
    this.#path = path;
    this.#report = report;
  }

  read(bytes: Uint8Array): MetadataFacts | undefined {
    const root = this.#document(bytes);
    if (root === undefined) return undefined;
    const contents = new Map<number, Digests>();
    const assets = this.#list(root, 'assets').map((asset, i) => {
      const at = `/assets/${i}`;
      const members = this.#members(asset, at);
      const assetId = this.#integer(members, at, 'asset_id');
      contents.set(assetId, this.#digests(members, at, 'content'));
      return { assetId, assetName: this.#string(members, at, 'asset_name') };
    });
    const artifact = this.#object(root, '', 'artifact');
    const layout = this.#object(root, '', 'layout');
    this.#alignment(layout);
    return {
      path: this.#path,
      artifact: {
        size: this.#integer(artifact, '/artifact', 'size'),
        digests: this.#digests(artifact, '/artifact', 'digests'),
      },
      layout: {
        headerLen: this.#integer(layout, '/layout', 'header_len'),
        payloadOffset: this.#integer(layout, '/layout', 'payload_offset'),
        payloadSize: this.#integer(layout, '/layout', 'payload_size'),
      },
      assets,
      contents,
    };
  }

  /** The root of a canonical document of the one version. */
  #document(bytes: Uint8Array): Members | undefined {
    const tree = this.#parse(bytes);
    if (tree === undefined || this.#isOtherVersion(tree)) return undefined;
    if (!isPlainObject(tree)) {
      this.#wrong(tree, '', 'an object');
      return undefined;
    }
    this.#integer(tree, '', 'schema_version');
    if (!isCanonical(bytes, tree as JsonObject)) {
      this.#invalid('', { what: 'the document is not canonical JSON' });
      return undefined;
    }
    return tree;
  }

  #parse(bytes: Uint8Array): Tree | undefined {
    try {
      const { tree, faults } = parseDocument(bytes);
      for (const each of faults) this.#invalid(each.pointer, describeTreeFault(each), each.offset);
      return faults.length === 0 ? tree : undefined;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const where = { path: this.#path, offset: error.offset };
      this.#report.report('COMPANION_INVALID', { what: `this is no JSON: ${error.message}`, where, hint: HINT });
      return undefined;
    }
  }

  #isOtherVersion(tree: Tree): boolean {
    const version = isPlainObject(tree) ? tree['schema_version'] : undefined;
    if (typeof version !== 'number' || version === METADATA_VERSION) return false;
    this.#report.add(
      unsupportedVersion({
        artifact: 'asset_table_metadata.json',
        supported: METADATA_VERSION,
        found: version,
        where: { path: this.#path, pointer: '/schema_version' },
        hint: 'pack again with this version of the packer',
        blocks: 'judging digests',
      }),
    );
    return true;
  }

  #invalid(pointer: string, parts: DiagnosticParts, offset?: number): void {
    const where = { path: this.#path, pointer, ...(offset !== undefined && { offset }) };
    this.#report.report('COMPANION_INVALID', { hint: HINT, ...parts, where });
  }

  #wrong(value: unknown, at: string, expected: string): void {
    const actual = new Phrase(value === undefined ? 'nothing' : jsonTypeName(value));
    this.#invalid(at, { what: 'a member is not what it should be', expected: new Phrase(expected), actual });
  }

  /** Whether a member is to be judged: not where its container was already at fault. */
  #members(value: unknown, at: string): Members | typeof UNREAD {
    if (isPlainObject(value)) return value;
    this.#wrong(value, at, 'an object');
    return UNREAD;
  }

  #object(members: Members | typeof UNREAD, at: string, name: string): Members | typeof UNREAD {
    return members === UNREAD ? UNREAD : this.#members(members[name], `${at}/${name}`);
  }

  #list(members: Members, name: string): readonly unknown[] {
    const value = members[name];
    if (Array.isArray(value)) return value;
    this.#wrong(value, `/${name}`, 'an array');
    return [];
  }

  #integer(members: Members | typeof UNREAD, at: string, name: string): number {
    const value = members === UNREAD ? 0 : members[name];
    if (typeof value === 'number' && value >= 0) return value;
    this.#wrong(value, `${at}/${name}`, 'an integer of at least 0');
    return -1;
  }

  #string(members: Members | typeof UNREAD, at: string, name: string): string {
    const value = members === UNREAD ? '' : members[name];
    if (typeof value === 'string') return value;
    this.#wrong(value, `${at}/${name}`, 'a string');
    return '';
  }

  /** What alignment the packer used; a smaller one may explain the same file. */
  #alignment(layout: Members | typeof UNREAD): void {
    const value = layout === UNREAD ? 1 : layout['alignment'];
    if (typeof value === 'number' && isAlignment(value)) return;
    this.#wrong(value, '/layout/alignment', `1 or a power of two up to ${ALIGNMENT_MAX}`);
  }

  #digests(members: Members | typeof UNREAD, at: string, name: string): Digests {
    const digests = this.#object(members, at, name);
    if (digests === UNREAD) return {};
    for (const algorithm of DIGEST_ALGORITHMS) {
      const value = digests[algorithm];
      if (value === undefined || (typeof value === 'string' && isDigest(value, [algorithm]))) continue;
      this.#invalid(`${at}/${name}/${algorithm}`, { what: 'no content address', clause: 'C6', actual: value });
    }
    return digests as Digests;
  }
}

const HINT = 'pack again: companions are never edited';

/** Nesting that canonical text may have here: a pipeline object has 32 levels of its own, three below the root. */
const ROOT_LEVEL = -3;

function isCanonical(bytes: Uint8Array, root: JsonObject): boolean {
  let at = 0;
  try {
    for (const chunk of canonicalChunks((to) => writeDocument(to, root, ROOT_LEVEL))) {
      if (Buffer.compare(chunk, bytes.subarray(at, at + chunk.length)) !== 0) return false;
      at += chunk.length;
    }
  } catch (error) {
    // Too many levels.
    if (error instanceof AssetsPaError) return false;
    throw error;
  }
  return at === bytes.length;
}
