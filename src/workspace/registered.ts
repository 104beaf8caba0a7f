/** The registered world: every asset of the registry with its `asset.json`, as far as it can be read. */
import { AssetsPaError, type Diagnostic, type Diagnostics, diagnostic, Phrase } from '../errors.js';
import { readBounded } from '../host/bounded-file.js';
import type { FileSystem } from '../host/fs.js';
import { joinPath } from '../host/paths.js';
import type { BankEncoder } from './bank-encoder.js';
import { checkContract } from './contract.js';
import { type Declaration, type PreloadOf, readDeclaration, uuidOf } from './declaration.js';
import { DocumentReport } from './document-report.js';
import { ANCHOR_MAX_BYTES, anchorPath } from './layout.js';
import type { RegisteredAsset } from './registry.js';
import type { Snapshot } from './snapshot.js';

/** An asset whose `asset.json` is without a fault. */
export interface ReadyAsset {
  readonly declaration: Declaration;
  readonly encoder: BankEncoder;
}

/** One asset of the registry. */
export interface WorkspaceAsset {
  readonly entry: RegisteredAsset;
  /** Its `asset.json` as reports name it. */
  readonly anchor: string;
  /** Receives its faults until {@link flushAsset}. */
  readonly report: DocumentReport;
  /** The bytes of its `asset.json`; undefined when they could not be read. */
  text: Uint8Array | undefined;
  /** Its real path; undefined when it was not found. */
  path: string | undefined;
  /** What it says; undefined when its shape is wrong. */
  declaration: Declaration | undefined;
  /** Undefined when something is wrong. */
  ready: ReadyAsset | undefined;
  /** Nothing is where its `asset.json` should be. */
  isAnchorMissing: boolean;
}

/** What reading the registered world needs. */
export interface AssetReaderOptions {
  readonly fs: FileSystem;
  readonly project: string;
  readonly snapshot: Snapshot;
  /** What a registry of version 1 says of a name. */
  readonly preloadOf: PreloadOf | undefined;
}

/** A text without faults that is longer is not kept for what may be found later: such faults then have no byte. */
const TEXT_KEPT_BYTES = 65_536;

/** Reads one asset of the registry: the shape of its `asset.json`, and whose it is. */
export async function readAsset(entry: RegisteredAsset, options: AssetReaderOptions): Promise<WorkspaceAsset> {
  const path = anchorPath(entry.root);
  const anchor = joinPath(options.project, path);
  const report = new DocumentReport(anchor, entry.assetId);
  const asset: WorkspaceAsset = {
    entry,
    anchor,
    report,
    text: undefined,
    path: undefined,
    declaration: undefined,
    ready: undefined,
    isAnchorMissing: false,
  };
  try {
    const located = await options.snapshot.locate(path);
    const { bytes, identity } = await readBounded(options.fs, located.path, anchor, ANCHOR_MAX_BYTES);
    options.snapshot.note(located.path, anchor, identity);
    asset.path = located.path;
    asset.text = bytes;
    readText(asset, bytes, options.preloadOf);
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    if (error.code === 'SOURCE_NOT_FOUND') asset.isAnchorMissing = true;
    else reportUnreadable(error, report);
  }
  return asset;
}

function reportUnreadable(error: AssetsPaError, report: DocumentReport): void {
  for (const each of error.diagnostics) report.add(aboutAnchor(each));
}

/** What the rules of sources say of an `asset.json`, in the words of a workspace; the place is left to be told. */
export function aboutAnchor(each: Diagnostic): Diagnostic {
  const { code, actual } = each;
  if (code === 'SOURCE_OUTSIDE_ROOT') {
    const what = 'the asset root leads out of the project';
    return diagnostic(code, { what, hint: 'put a folder of the project in its place' });
  }
  if (code !== 'SOURCE_NOT_A_FILE' || actual === undefined) return { ...each, where: {} };
  return diagnostic(code, { what: 'an asset.json must be a regular file', actual: new Phrase(String(actual)) });
}

function readText(asset: WorkspaceAsset, text: Uint8Array, preloadOf: PreloadOf | undefined): void {
  const { entry, report } = asset;
  const declaration = readDeclaration(text, report, preloadOf);
  const uuid = declaration?.assetUuid ?? uuidOf(text, new DocumentReport(asset.anchor));
  if (uuid !== undefined && uuid !== entry.assetUuid) {
    report.at('IDENTITY_COLLISION', '/asset_uuid', {
      what: 'this is another asset than the one that is registered with this root',
      expected: entry.assetUuid,
      actual: uuid,
      hint: `restore the asset.json of asset ${entry.assetId}; a new asset needs a root of its own`,
    });
  }
  asset.declaration = declaration;
}

/** Judges an asset without a look at its inputs. */
export function judgeAsset(asset: WorkspaceAsset, encoders: readonly BankEncoder[]): void {
  const { declaration, report, text } = asset;
  if (declaration === undefined) return;
  const encoder = checkContract(declaration, encoders, report);
  if (encoder !== undefined && report.errors === 0) asset.ready = { declaration, encoder };
  if (text !== undefined && text.length > TEXT_KEPT_BYTES && report.errors === 0) asset.text = undefined;
}

/**
 * Hands on what was found of an asset.
 *
 * @param isParked Whether it stops nothing. Defaults to that of assets which are not built.
 */
export function flushAsset(
  { report, text, entry }: WorkspaceAsset,
  into: Diagnostics,
  isParked = !entry.includedInBuild,
): void {
  report.flush(into, text, isParked);
}
