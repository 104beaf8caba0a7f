/** The rules that join entries (gates 7 and 8): ids, order, preload, banks, slices. */
import { type DiagnosticParts, type Diagnostics, type ErrorCode, Phrase } from '../errors.js';
import { type AssetEntry, type PreloadEntry, preludeAt } from '../format.js';
import { checkBankMetadata, checkBankSizes } from './bank-rules.js';
import { isAssetId } from './entry-rules.js';
import type { ReadHeader } from './header-v1.js';
import { type LayoutMatch, matchLayout } from './layout.js';
import { checkSlots, isSlot } from './preload-rules.js';
import { isPause, runSteps, type Steps } from './steps.js';

/** Gate 7: table, preload and bank rules over the well-typed entries of a decoded header; the errors only. */
export function checkTable({ assetTable, preload }: ReadHeader, report: Diagnostics): void {
  const at = (list: string) => (code: ErrorCode, index: number, member: string, parts: DiagnosticParts) =>
    report.report(code, { ...parts, where: { pointer: `/${list}/${index}${member}` } });
  const reportEntry = at('asset_table');
  checkUniqueIds(assetTable, (index, parts) => reportEntry('ASSET_ID_DUPLICATE', index, '/asset_id', parts));
  checkOrder(assetTable, (index, parts) => reportEntry('ASSET_ORDER', index, '/asset_id', parts));
  for (const [i, entry] of assetTable.entries()) {
    // B1 speaks of payloads as they are.
    if (entry?.codec !== 'NONE') continue;
    const { assetId } = entry;
    const reportMember = (code: ErrorCode, member: string, parts: DiagnosticParts) =>
      reportEntry(code, i, member, { asset_id: assetId, ...parts });
    checkBankSizes(entry, checkBankMetadata(entry.bankType, entry.metadata, reportMember), reportMember);
  }
  checkPreload(preload, assetTable, at('preload'));
}

/** Gate 7: what is legal in a table but deserves a look. */
export function warnOfTable({ assetTable }: ReadHeader, report: Diagnostics): void {
  checkUniqueNames(assetTable, (index, parts) =>
    report.report('ASSET_NAME_DUPLICATE', { ...parts, where: { pointer: `/asset_table/${index}/asset_name` } }),
  );
}

/** Receives a fault of the `index`-th asset. */
type ReportIndex = (index: number, parts: DiagnosticParts) => void;

/** An asset, as far as rules about ids go; undefined when it, or its id, could not be read. */
type Identified = { readonly assetId: number | undefined } | undefined;

/** T1: ids are unique; each later occurrence is at fault. Undefined ids are passed over. */
export function checkUniqueIds(assets: readonly Identified[], report: ReportIndex): void {
  if (isIncreasing(assets)) return;
  const first = new Map<number, number>();
  for (const [i, asset] of assets.entries()) {
    const id = asset?.assetId;
    if (id === undefined) continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, i);
    else {
      const what = `asset id ${id} already belongs to the asset at index ${before}`;
      report(i, { what, asset_id: id, details: { first_index: before }, hint: 'every asset needs an id of its own' });
    }
  }
}

/** Whether each is more than the one before it: then none stands twice, and no map is needed to see it. */
function isIncreasing(assets: readonly Identified[]): boolean {
  let before = -1;
  for (const asset of assets) {
    const id = asset?.assetId;
    if (id === undefined || id <= before) return false;
    before = id;
  }
  return true;
}

/** An asset, as far as rules about names go; undefined when it could not be read. */
type Named = { readonly assetId: number; readonly assetName: string } | undefined;

/**
 * Hashes that several names have: those of the names that stand twice, and a few more. Of a million names, sorted
 * hashes take 4 MB and 0.5 s, a set 20 MB and 1 s.
 */
function* sharedHashes(assets: readonly Named[]): Steps<ReadonlySet<number>> {
  const hashes = new Uint32Array(assets.length);
  let count = 0;
  for (const [i, asset] of assets.entries()) {
    if (isPause(i)) yield;
    if (asset !== undefined) hashes[count++] = hashOf(asset.assetName);
  }
  const sorted = hashes.subarray(0, count).sort();
  const shared = new Set<number>();
  for (let i = 1; i < count; i += 1) if (sorted[i] === sorted[i - 1]) shared.add(sorted[i] as number);
  return shared;
}

function hashOf(text: string): number {
  // FNV-1a
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** T1: a name twice is legal, and a warning. */
export function checkUniqueNames(assets: readonly Named[], report: ReportIndex): void {
  runSteps(uniqueNameSteps(assets, report));
}

/** {@link checkUniqueNames}, in steps. */
export function* uniqueNameSteps(assets: readonly Named[], report: ReportIndex): Steps<void> {
  const shared = yield* sharedHashes(assets);
  if (shared.size === 0) return;
  const first = new Map<string, number>();
  for (const [i, asset] of assets.entries()) {
    if (isPause(i)) yield;
    if (asset === undefined || !shared.has(hashOf(asset.assetName))) continue;
    const before = first.get(asset.assetName);
    if (before === undefined) first.set(asset.assetName, asset.assetId);
    else {
      const what = `asset ${before} has the same name`;
      report(i, { what, asset_id: asset.assetId, actual: asset.assetName, details: { first_asset_id: before } });
    }
  }
}

/** T2, L5: ids increase; only different neighbours are compared. */
function checkOrder(assets: readonly Identified[], report: ReportIndex): void {
  let before: number | undefined;
  for (const [i, asset] of assets.entries()) {
    const id = asset?.assetId;
    if (id === undefined) continue;
    if (before !== undefined && id < before) {
      report(i, { what: 'ids must increase', asset_id: id, expected: new Phrase(`more than ${before}`), actual: id });
    }
    before = id;
  }
}

/** L2-L5: a decoded preload list against its table. */
function checkPreload(
  preload: ReadHeader['preload'],
  assetTable: ReadHeader['assetTable'],
  report: (code: ErrorCode, index: number, member: string, parts: DiagnosticParts) => void,
): void {
  if (preload.length === 0) return;
  // Of two entries with one id the first counts: T1 blames the later.
  const wanted = new Set(preload.map((entry) => entry?.assetId));
  const banks = new Map<number, string>();
  for (const entry of assetTable) {
    if (entry === undefined || !wanted.has(entry.assetId) || banks.has(entry.assetId)) continue;
    banks.set(entry.assetId, entry.bankType);
  }
  const hasUnread = assetTable.includes(undefined);
  const seen = new Set<number>();
  const claims: { index: number; entry: PreloadEntry; bankType: string }[] = [];
  for (const [index, entry] of preload.entries()) {
    if (entry === undefined) continue;
    const { assetId } = entry;
    const bankType = banks.get(assetId);
    // An id out of range was reported as such; an entry that could not be read may be the one that is meant.
    if (bankType === undefined && (hasUnread || !isAssetId(assetId))) continue;
    if (bankType === undefined) {
      const what = 'the asset table has no such asset';
      report('PRELOAD_UNKNOWN_ASSET', index, '/asset_id', { what, actual: assetId, asset_id: assetId });
    } else if (seen.has(assetId)) {
      const what = `asset ${assetId} is preloaded twice`;
      report('PRELOAD_ASSET_TWICE', index, '/asset_id', { what, asset_id: assetId });
    } else claims.push({ index, entry, bankType });
    seen.add(assetId);
  }
  const judged = claims.map(({ entry: { assetId, slot }, bankType }) => ({
    assetId,
    bankType,
    slot: isSlot(slot) ? slot : undefined,
  }));
  checkSlots(judged, (code, i, parts) => report(code, claims[i]?.index as number, '/slot', parts));
  checkOrder(preload, (index, parts) => report('PRELOAD_ORDER', index, '/asset_id', parts));
}

/** What {@link checkSlices} holds a table against. */
export interface Envelope {
  readonly headerLen: number;
  readonly payloadOffset: number;
  /** Bytes of the whole file. */
  readonly fileSize: number;
}

/**
 * Gate 8: bounds (E3) and layout (T5, T6) of every slice.
 *
 * @returns The alignment that explains the file best.
 */
export function checkSlices(
  assetTable: readonly (AssetEntry | undefined)[],
  { headerLen, payloadOffset, fileSize }: Envelope,
  report: Diagnostics,
): LayoutMatch {
  const region = Math.max(0, fileSize - payloadOffset);
  const entries = assetTable.flatMap((entry, index) => (entry === undefined ? [] : [{ entry, index }]));
  const inside = entries.map(({ entry: { offset, size } }) => size <= region - offset);
  for (const [k, { entry, index }] of entries.entries()) {
    if (inside[k]) continue;
    const { assetId, offset, size } = entry;
    report.report('SLICE_BOUNDS', {
      what: 'the slice leaves the payload region',
      where: { pointer: `/asset_table/${index}/offset` },
      asset_id: assetId,
      expected: new Phrase(`an end of at most ${region}`),
      actual: new Phrase(`${offset} + ${size}`),
    });
  }
  // Without the size of every entry, no later offset can be computed.
  const isJudged = (k: number) => inside[k] === true && entries.length === assetTable.length;
  const match = matchLayout(
    headerLen,
    payloadOffset,
    entries.map(({ entry }) => entry.size),
    entries.map(({ entry }, k) => (isJudged(k) ? entry.offset : Number.NaN)),
  );
  reportLayout(entries, isJudged, match, report);
  if (payloadOffset !== match.payloadOffset) {
    report.report('PAYLOAD_OFFSET', {
      clause: 'T5',
      what:
        match.alignment === 1
          ? 'the payload region does not follow the header at once'
          : `payload_offset is not the least multiple of ${match.alignment} after the header`,
      where: { offset: preludeAt('payloadOffset') },
      expected: match.payloadOffset,
      actual: payloadOffset,
    });
  }
  return match;
}

function reportLayout(
  entries: readonly { readonly entry: AssetEntry; readonly index: number }[],
  isJudged: (k: number) => boolean,
  { alignment, offsets }: LayoutMatch,
  report: Diagnostics,
): void {
  for (const [k, { entry, index }] of entries.entries()) {
    const expected = offsets[k] as number;
    if (!isJudged(k) || entry.offset === expected) continue;
    report.report('SLICE_LAYOUT', {
      what: `not where the layout rule puts it at alignment ${alignment}`,
      where: { pointer: `/asset_table/${index}/offset` },
      asset_id: entry.assetId,
      expected,
      actual: entry.offset,
    });
  }
}
