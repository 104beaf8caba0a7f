/** The registry: which asset each id belongs to, for good. */
import { INVALID } from '../codec/json-tree.js';
import { Diagnostics, fault, Phrase } from '../errors.js';
import { ASSET_ID_MAX } from '../format.js';
import { FieldReader, type Fields } from '../plan/fields.js';
import { RegisteredAssetSchema, RegistrySchema } from '../schema/gen/assets_pa/workspace/v2/workspace_pb.js';
import { DocumentReport } from './document-report.js';
import { fixOf } from './fixes.js';
import { rootAbove, rootFault } from './layout.js';
import { missingMembers } from './members.js';
import type { PreloadV1 } from './migration/preload-v1.js';
import { registryFromV1 } from './migration/registry-v1.js';
import { parseSurface, REGISTRY } from './surfaces.js';
import { isUuid, NOT_A_UUID } from './uuid.js';

/** One asset that has an id. */
export interface RegisteredAsset {
  /** 1 .. 2^31 - 1. */
  readonly assetId: number;
  readonly assetUuid: string;
  /** Folder below the workspace, with `/`. */
  readonly root: string;
  /** Whether it is built. */
  readonly includedInBuild: boolean;
}

/** What a registry says. */
export interface Registry {
  /** The next id that will be given; above every id that ever was. */
  readonly nextAssetId: number;
  /** By increasing id. */
  readonly assets: readonly RegisteredAsset[];
  /** What it preloads, when it was read from version 1. */
  readonly preloadV1?: PreloadV1;
}

/** A registry of a new project. */
export const EMPTY_REGISTRY: Registry = { nextAssetId: 1, assets: [] };

/** The file's bytes: an asset a line, by id. */
export function registryBytes({ nextAssetId, assets }: Registry): Uint8Array {
  const lines = assets
    .toSorted((a, b) => a.assetId - b.assetId)
    .map(({ assetId, assetUuid, root, includedInBuild }) =>
      JSON.stringify({ asset_id: assetId, asset_uuid: assetUuid, root, included_in_build: includedInBuild }),
    );
  const list = lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
  const text = `{\n  "schema_version": ${REGISTRY.version},\n  "next_asset_id": ${nextAssetId},\n  "assets": ${list}\n}\n`;
  return new TextEncoder().encode(text);
}

/**
 * The registry with one asset more, which gets the next id.
 *
 * @throws AssetsPaError `IDS_EXHAUSTED`
 */
export function withAsset(
  { nextAssetId, assets }: Registry,
  asset: Omit<RegisteredAsset, 'assetId'>,
): { readonly registry: Registry; readonly added: RegisteredAsset } {
  if (nextAssetId > ASSET_ID_MAX) {
    throw fault('IDS_EXHAUSTED', {
      what: 'no asset id is left',
      expected: new Phrase(`an id of at most ${ASSET_ID_MAX}`),
      hint: 'ids are never used again; begin a new project when no runtime knows the old ids',
    });
  }
  const added = { assetId: nextAssetId, ...asset };
  return { registry: { nextAssetId: nextAssetId + 1, assets: [...assets, added] }, added };
}

/** What to do about members that are not there any more. */
const REGISTRY_HINTS = { preload: 'each asset.json says itself whether it is preloaded: remove "preload"' };
const ASSET_HINTS = { managed: 'managed is retired: write included_in_build' };

/**
 * Reads a registry; one of an older version is migrated in memory.
 *
 * @param path As reports name it.
 * @throws AssetsPaError `VERSION_UNSUPPORTED`; `REGISTRY_INVALID`, `IDENTITY_COLLISION`: every fault that was found
 */
export function readRegistry(bytes: Uint8Array, path: string): Registry {
  const report = new DocumentReport(path);
  const registry = new RegistryReader(report).read(bytes);
  const found = new Diagnostics();
  report.flush(found, bytes);
  found.throwIfErrors();
  return registry as Registry;
}

class RegistryReader {
  readonly #report: DocumentReport;
  readonly #fields: FieldReader;

  constructor(report: DocumentReport) {
    this.#report = report;
    this.#fields = new FieldReader('json', (_, pointer, parts) => this.#invalid(pointer, parts));
  }

  read(bytes: Uint8Array): Registry | undefined {
    const before = this.#report.errors;
    const parsed = parseSurface(bytes, REGISTRY, this.#report);
    if (parsed === undefined) return undefined;
    const isOld = parsed.version < REGISTRY.version;
    if (isOld && this.#report.errors > before) return undefined;
    const migrated = isOld ? registryFromV1(parsed.tree, this.#fields, this.#report) : undefined;
    const tree = isOld ? migrated?.tree : parsed.tree;
    const read =
      tree === undefined ? undefined : this.#fields.read(tree, RegistrySchema, '', { hints: REGISTRY_HINTS });
    if (read === undefined) return undefined;
    missingMembers(read, ['schema_version', 'next_asset_id', 'assets'], '', this.#invalid);
    const { next_asset_id: nextAssetId, assets: list = [] } = read.fields;
    const assets = (list as readonly unknown[]).map((each, i) => this.#asset(each, `/assets/${i}`));
    if (nextAssetId !== undefined) this.#checkNextId(nextAssetId as number, assets);
    this.#checkIdentities(assets);
    const whole = assets.filter((each) => each !== undefined) as RegisteredAsset[];
    return {
      nextAssetId: nextAssetId as number,
      assets: whole.toSorted((a, b) => a.assetId - b.assetId),
      ...(migrated !== undefined && { preloadV1: migrated.preload }),
    };
  }

  #invalid = (pointer: string, parts: Parameters<DocumentReport['at']>[2]): void => {
    this.#report.at(REGISTRY.invalid, pointer, parts);
  };

  #asset(value: unknown, at: string): Partial<RegisteredAsset> | undefined {
    const read =
      value === INVALID ? undefined : this.#fields.read(value, RegisteredAssetSchema, at, { hints: ASSET_HINTS });
    if (read === undefined) return undefined;
    missingMembers(read, ['asset_id', 'asset_uuid', 'root', 'included_in_build'], at, this.#invalid);
    const {
      asset_id: assetId,
      asset_uuid: assetUuid,
      root,
      included_in_build: includedInBuild,
    } = read.fields as Fields & {
      asset_id?: number;
      asset_uuid?: string;
      root?: string;
      included_in_build?: boolean;
    };
    if (assetId !== undefined && (assetId < 1 || assetId > ASSET_ID_MAX)) {
      const expected = new Phrase(`1 to ${ASSET_ID_MAX}`);
      this.#invalid(`${at}/asset_id`, { what: 'not an id of a registry', expected, actual: assetId });
    }
    if (assetUuid !== undefined && !isUuid(assetUuid)) {
      this.#invalid(`${at}/asset_uuid`, { ...NOT_A_UUID, actual: assetUuid });
    }
    const wrong = root === undefined ? undefined : rootFault(root);
    if (wrong !== undefined) this.#invalid(`${at}/root`, { what: `the asset root ${wrong}`, actual: root });
    return {
      ...(assetId !== undefined && { assetId }),
      ...(assetUuid !== undefined && { assetUuid }),
      ...(root !== undefined && { root }),
      ...(includedInBuild !== undefined && { includedInBuild }),
    };
  }

  #checkNextId(nextId: number, assets: readonly (Partial<RegisteredAsset> | undefined)[]): void {
    const highest = assets.reduce((most, each) => Math.max(most, each?.assetId ?? 0), 0);
    const isRight = nextId > highest && nextId <= ASSET_ID_MAX + 1;
    if (isRight) return;
    const expected = new Phrase(`${highest + 1} to ${ASSET_ID_MAX + 1}`);
    const what = 'next_asset_id is not above every id that was given';
    this.#invalid('/next_asset_id', { what, expected, actual: nextId });
  }

  #checkIdentities(assets: readonly (Partial<RegisteredAsset> | undefined)[]): void {
    const roots = new Set(assets.flatMap((each) => each?.root ?? []));
    const seen = { assetId: new Set(), assetUuid: new Set(), root: new Set() };
    const members = { assetId: 'asset_id', assetUuid: 'asset_uuid', root: 'root' } as const;
    for (const [i, asset] of assets.entries()) {
      for (const key of ['assetId', 'assetUuid', 'root'] as const) {
        const value = asset?.[key];
        if (value === undefined) continue;
        if (seen[key].has(value)) {
          const what = `two registered assets have one ${members[key]}`;
          const hint = fixOf('REGISTRY_INVALID') as string;
          this.#report.at('IDENTITY_COLLISION', `/assets/${i}/${members[key]}`, { what, actual: value, hint });
        }
        seen[key].add(value);
      }
      const outer = asset?.root === undefined ? undefined : rootAbove(roots, asset.root);
      if (outer === undefined) continue;
      const what = 'an asset root lies in another one';
      this.#invalid(`/assets/${i}/root`, { what, actual: asset?.root, details: { outer_root: outer } });
    }
  }
}
