/** Reads `asset_table_metadata.json`, as far as an artifact can be held against it (C3). */
import { canonicalText } from '../codec/canonical.js';
import { JsonSyntaxError } from '../codec/json.js';
import { isPlainObject, jsonTypeName, type ParsedText, parseDocument, type Tree } from '../codec/json-tree.js';
import { withOffsets } from '../codec/locate.js';
import { AssetsPaError, Diagnostics, Phrase, unsupportedVersion } from '../errors.js';
import { type JsonValue, METADATA_VERSION } from '../format.js';
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
  const found = new Diagnostics();
  const facts = new MetadataReader(path, found).read(bytes);
  report.absorb(found, found.total === 0 ? [] : withOffsets(bytes, found.list, 'pointer', 0));
  return found.total === 0 ? facts : undefined;
}

type Members = { readonly [name: string]: unknown };

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
    const artifact = this.#object(root, '', 'artifact');
    const layout = this.#object(root, '', 'layout');
    const contents = new Map<number, Digests>();
    const assets = this.#list(root, 'assets').map((asset, i) => {
      const at = `/assets/${i}`;
      const members = this.#members(asset, at);
      const assetId = this.#integer(members, at, 'asset_id');
      contents.set(assetId, this.#digests(members, at, 'content'));
      return { assetId, assetName: this.#string(members, at, 'asset_name') };
    });
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

  /** The root object of a canonical document of the one version. */
  #document(bytes: Uint8Array): Members | undefined {
    const parsed = this.#parse(bytes);
    if (parsed === undefined) return undefined;
    const { tree } = parsed;
    const version = isPlainObject(tree) ? tree['schema_version'] : undefined;
    if (typeof version === 'number' && version !== METADATA_VERSION) {
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
      return undefined;
    }
    const root = this.#members(tree, '');
    this.#integer(root, '', 'schema_version');
    if (this.#report.total === 0 && !isCanonical(bytes, tree)) this.#invalid('', 'the document is not canonical JSON');
    return root;
  }

  #parse(bytes: Uint8Array): ParsedText | undefined {
    try {
      return parseDocument(bytes);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const where = { path: this.#path, offset: error.offset };
      this.#report.report('COMPANION_INVALID', { what: `this is no JSON: ${error.message}`, where, hint: HINT });
      return undefined;
    }
  }

  #invalid(pointer: string, what: string, values: object = {}): void {
    this.#report.report('COMPANION_INVALID', { what, where: { path: this.#path, pointer }, ...values, hint: HINT });
  }

  #members(value: unknown, at: string): Members {
    if (isPlainObject(value)) return value;
    this.#wrong(value, at, 'an object');
    return {};
  }

  #wrong(value: unknown, at: string, expected: string): void {
    const actual = new Phrase(value === undefined ? 'nothing' : jsonTypeName(value));
    this.#invalid(at, 'a member is not what it should be', { expected: new Phrase(expected), actual });
  }

  #object(members: Members, at: string, name: string): Members {
    return this.#members(members[name], `${at}/${name}`);
  }

  #list(members: Members, name: string): readonly unknown[] {
    const value = members[name];
    if (Array.isArray(value)) return value;
    this.#wrong(value, `/${name}`, 'an array');
    return [];
  }

  #integer(members: Members, at: string, name: string): number {
    const value = members[name];
    if (typeof value === 'number' && value >= 0) return value;
    this.#wrong(value, `${at}/${name}`, 'an integer of at least 0');
    return -1;
  }

  #string(members: Members, at: string, name: string): string {
    const value = members[name];
    if (typeof value === 'string') return value;
    this.#wrong(value, `${at}/${name}`, 'a string');
    return '';
  }

  #digests(members: Members, at: string, name: string): Digests {
    const digests = this.#object(members, at, name);
    for (const algorithm of DIGEST_ALGORITHMS) {
      const value = digests[algorithm];
      if (value === undefined || (typeof value === 'string' && isDigest(value, [algorithm]))) continue;
      this.#invalid(`${at}/${name}/${algorithm}`, 'no content address', { clause: 'C6', actual: value });
    }
    return digests as Digests;
  }
}

const HINT = 'pack again: companions are never edited';

/** Nesting that canonical text may have here: a pipeline object has 32 levels of its own, three below the root. */
const ROOT_LEVEL = -3;

function isCanonical(bytes: Uint8Array, tree: Tree): boolean {
  try {
    return Buffer.compare(Buffer.from(canonicalText(tree as JsonValue, ROOT_LEVEL)), bytes) === 0;
  } catch (error) {
    // Something that the canonical form does not have: a number out of range, a lone surrogate, too many levels.
    if (error instanceof AssetsPaError || error instanceof TypeError) return false;
    throw error;
  }
}
