/** `asset.json`: from bytes to what it says, every fault of its shape with pointer and byte. */
import type { DescMessage } from '@bufbuild/protobuf';
import { checkAssetName } from '../codec/entry-rules.js';
import { INVALID, isPlainObject, type Tree } from '../codec/json-tree.js';
import { type DiagnosticParts, Phrase } from '../errors.js';
import type { JsonObject } from '../format.js';
import { FieldReader, type Fields } from '../plan/fields.js';
import {
  AssetDeclarationSchema,
  BuildSchema,
  InputsSchema,
  OutputSchema,
  PaletteSchema,
  PreloadStateSchema,
  TileSchema,
} from '../schema/gen/assets_pa/workspace/v2/workspace_pb.js';
import {
  AUTHORING_TYPES,
  type AuthoringType,
  type GlyphBuild,
  type GlyphPalette,
  type GlyphTile,
} from './bank-encoder.js';
import type { DocumentReport } from './document-report.js';
import { missingMembers } from './members.js';
import { declarationFromV1, replacementOf } from './migration/declaration-v1.js';
import type { PreloadState } from './migration/preload-v1.js';
import { DECLARATION, parseSurface } from './surfaces.js';
import { isUuid, NOT_A_UUID } from './uuid.js';

/** What an `asset.json` says; members have the types of the schema, and what joins them is not judged yet. */
export interface Declaration {
  readonly assetUuid: string;
  readonly name: string;
  readonly type: AuthoringType;
  /** Role to paths relative to the root; roles with files only. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  readonly output: DeclaredOutput;
  readonly preload: { readonly enabled: boolean; readonly slot: number | undefined };
  readonly build: GlyphBuild | undefined;
  /** The document in this version, when it was read from an older one. */
  readonly migrated: Tree | undefined;
}

/** `output` of an `asset.json`. */
export interface DeclaredOutput {
  readonly format: string;
  readonly codec: string;
  readonly decodedSize: number | undefined;
  readonly metadata: JsonObject;
  readonly codecConfiguration: JsonObject | undefined;
  readonly pipeline: JsonObject | undefined;
}

/** Where inputs may be, as messages say it. */
export const OUTSIDE = 'an input must be a file of the project, named below the asset root';

/** What the registry says of the preload of a name: its first version did, for documents that do not say it themselves. */
export type PreloadOf = (name: string) => PreloadState;

const NOT_PRELOADED: PreloadOf = () => ({ enabled: false });

/**
 * Reads an `asset.json`; one of an older version is migrated in memory.
 *
 * @param report Receives `VERSION_UNSUPPORTED`, `DECLARATION_INVALID`, `ASSET_NAME`, `SOURCE_OUTSIDE_ROOT`.
 * @returns Undefined when something is wrong.
 */
export function readDeclaration(
  bytes: Uint8Array,
  report: DocumentReport,
  preloadOf: PreloadOf = NOT_PRELOADED,
): Declaration | undefined {
  const before = report.errors;
  const declaration = new DeclarationReader(report, preloadOf).read(bytes);
  return report.errors === before ? declaration : undefined;
}

/** The uuid of an `asset.json`, whatever else is wrong with it. */
export function uuidOf(bytes: Uint8Array, report: DocumentReport): string | undefined {
  const tree = parseSurface(bytes, DECLARATION, report)?.tree;
  const uuid = isPlainObject(tree) ? (tree['asset_uuid'] ?? tree['assetUuid']) : undefined;
  return typeof uuid === 'string' && isUuid(uuid) ? uuid : undefined;
}

class DeclarationReader {
  readonly #report: DocumentReport;
  readonly #fields: FieldReader;
  readonly #preloadOf: PreloadOf;

  constructor(report: DocumentReport, preloadOf: PreloadOf) {
    this.#report = report;
    this.#preloadOf = preloadOf;
    this.#fields = new FieldReader('json', (_, pointer, parts) => this.#invalid(pointer, parts));
  }

  read(bytes: Uint8Array): Declaration | undefined {
    const before = this.#report.errors;
    const parsed = parseSurface(bytes, DECLARATION, this.#report);
    if (parsed === undefined) return undefined;
    const isOld = parsed.version < DECLARATION.version;
    if (isOld && this.#report.errors > before) return undefined;
    const tree = isOld ? declarationFromV1(parsed.tree, this.#preloadOf, this.#fields, this.#report) : parsed.tree;
    const read =
      tree === undefined ? undefined : this.#fields.read(tree, AssetDeclarationSchema, '', { extras: ['$schema'] });
    if (read === undefined) return undefined;
    const required = ['schema_version', 'asset_uuid', 'name', 'type', 'inputs', 'output', 'preload'];
    missingMembers(read, required, '', this.#invalid);
    const {
      asset_uuid: uuid,
      name,
      type,
      inputs,
      output,
      preload,
      build,
    } = read.fields as Fields & {
      asset_uuid?: string;
      name?: string;
      type?: string;
    };
    if (uuid !== undefined && !isUuid(uuid)) this.#invalid('/asset_uuid', { ...NOT_A_UUID, actual: uuid });
    if (name !== undefined) checkAssetName(name, (code, _, parts) => this.#report.at(code, '/name', parts));
    if (type !== undefined) this.#type(type);
    return {
      assetUuid: uuid as string,
      name: name as string,
      type: type as AuthoringType,
      inputs: this.#inputs(inputs),
      output: this.#output(output),
      preload: this.#preload(preload),
      build: build === undefined ? undefined : this.#build(build),
      migrated: isOld ? tree : undefined,
    };
  }

  #invalid = (pointer: string, parts: DiagnosticParts): void => {
    this.#report.at(DECLARATION.invalid, pointer, parts);
  };

  #type(type: string): void {
    if ((AUTHORING_TYPES as readonly string[]).includes(type)) return;
    const replacement = replacementOf('type', type);
    this.#invalid('/type', {
      what: 'no such type',
      expected: new Phrase(AUTHORING_TYPES.join(', ')),
      actual: type,
      ...(replacement !== undefined && { hint: `${type} is retired: write ${replacement}` }),
    });
  }

  #inputs(value: unknown): Map<string, readonly string[]> {
    const read = value === undefined ? undefined : this.#fields.read(value, InputsSchema, '/inputs');
    const roles = new Map<string, readonly string[]>();
    for (const [role, list] of Object.entries(read?.fields ?? {})) {
      if (list === undefined) continue;
      const paths = this.#fields.strings(list as readonly unknown[], `/inputs/${role}`);
      for (const [i, path] of paths.entries()) this.#path(path, `/inputs/${role}/${i}`);
      if (paths.length > 0) roles.set(role, paths);
    }
    return roles;
  }

  /** What a path may look like, whatever the file system says. */
  #path(path: string, at: string): void {
    const segments = path.split('/');
    if (path.startsWith('/') || segments.includes('..')) {
      this.#report.at('SOURCE_OUTSIDE_ROOT', at, { what: OUTSIDE, actual: path });
      return;
    }
    const hasIdle = segments.some((each) => each === '' || each === '.');
    const wrong = hasIdle ? 'has an empty segment or "."' : /[\\\0]/.test(path) ? 'holds "\\" or NUL' : '';
    if (wrong === '') return;
    const hint = 'name a file below the asset root, with "/" between folders';
    this.#invalid(at, { what: `the input path ${wrong}`, actual: path, hint });
  }

  #output(value: unknown): DeclaredOutput {
    const read = value === undefined ? undefined : this.#fields.read(value, OutputSchema, '/output');
    if (read !== undefined) missingMembers(read, ['format', 'codec'], '/output', this.#invalid);
    const { format, codec, decoded_size, metadata, codec_configuration, pipeline } = read?.fields ?? {};
    return {
      format: format as string,
      codec: codec as string,
      decodedSize: decoded_size as number | undefined,
      metadata: (metadata ?? {}) as JsonObject,
      codecConfiguration: codec_configuration as JsonObject | undefined,
      pipeline: pipeline as JsonObject | undefined,
    };
  }

  #preload(value: unknown): Declaration['preload'] {
    const read = value === undefined ? undefined : this.#fields.read(value, PreloadStateSchema, '/preload');
    if (read !== undefined) missingMembers(read, ['enabled'], '/preload', this.#invalid);
    const { enabled, slot } = read?.fields ?? {};
    return { enabled: enabled as boolean, slot: slot as number | undefined };
  }

  #build(value: unknown): GlyphBuild | undefined {
    const read = this.#fields.read(value, BuildSchema, '/build');
    if (read === undefined) return undefined;
    missingMembers(read, ['tile_size'], '/build', this.#invalid);
    const { tile_size: tileSize, tiles = [], palettes = [] } = read.fields;
    return {
      tileSize: tileSize as number,
      tiles: (tiles as readonly unknown[]).map(
        (each, i) => this.#members(each, TileSchema, ['input'], `/build/tiles/${i}`) as GlyphTile,
      ),
      palettes: (palettes as readonly unknown[]).map((each, i) => this.#palette(each, `/build/palettes/${i}`)),
    };
  }

  #palette(value: unknown, at: string): GlyphPalette {
    const members = this.#members(value, PaletteSchema, ['index'], at) as { index: number; colors?: unknown[] };
    return { ...members, colors: this.#fields.strings(members.colors ?? [], `${at}/colors`) };
  }

  /** The members of an object, in the spelling of the generated code. */
  #members(value: unknown, message: DescMessage, required: readonly string[], at: string): object {
    const read = value === INVALID ? undefined : this.#fields.read(value, message, at);
    if (read !== undefined) missingMembers(read, required, at, this.#invalid);
    const names = new Map(message.fields.map(({ name, localName }) => [name, localName]));
    const known = Object.entries(read?.fields ?? {}).filter(([, each]) => each !== undefined);
    return Object.fromEntries(known.map(([name, each]) => [names.get(name), each]));
  }
}
