/** What commands found, as the objects that result documents have. */
import { magicHex, type Prelude } from '../codec/prelude.js';
import { type AssetEntry, BANK_TYPES, type BankType, MAGIC, PRELUDE_FIELDS, type PreloadEntry } from '../format.js';
import type { HexRow } from '../read/annotate.js';
import type { Artifact } from '../read/artifact.js';
import type { ByteDifference } from '../read/compare.js';
import { type Difference, type FieldDifference, isLayoutOnly } from '../read/diff.js';
import type { Verification } from '../read/verify.js';
import type {
  AssetObject,
  BankTotals,
  DiffReport,
  MemberChange,
  PayloadChange,
  PreloadObject,
  VerifyFileReport,
} from './results.js';

export function verifyFileReport({ path, profile, runtime, checked, digests }: Verification): VerifyFileReport {
  return {
    path,
    profile,
    ...(runtime && { runtime }),
    checked: { entries: checked.entries, payload_bytes: checked.payloadBytes },
    digests,
  };
}

/** A difference as documents spell it. */
export function diffReport(
  a: Pick<Artifact, 'path' | 'fileSize'>,
  b: Pick<Artifact, 'path' | 'fileSize'>,
  difference: Difference,
): DiffReport {
  const { firstDifference, headerText, added, removed, moved, changed, preload, outside } = difference;
  return {
    a: { path: a.path, file_size: a.fileSize },
    b: { path: b.path, file_size: b.fileSize },
    identical: difference.identical,
    ...(firstDifference !== undefined && { first_difference: firstDifference }),
    prelude: difference.prelude.map(fieldObject),
    ...(headerText !== undefined && { header_text: { first_difference: headerText } }),
    entries: {
      added: added.map(assetObject),
      removed: removed.map(assetObject),
      moved: moved.map((pair) => ({
        asset_id: pair.a.assetId,
        asset_name: pair.a.assetName,
        a: pair.a.offset,
        b: pair.b.offset,
      })),
      changed: changed.map(({ b: entry, members, payload }) => ({
        asset_id: entry.assetId,
        asset_name: entry.assetName,
        members: members.map(heldMember),
        ...(payload && { payload: byteObject(payload) }),
      })),
      not_compared: difference.notCompared.map(({ assetId, reason }) => ({ asset_id: assetId, reason })),
    },
    preload: {
      added: preload.added.map(preloadObject),
      removed: preload.removed.map(preloadObject),
      changed: preload.changed.map((each) => ({ asset_id: each.assetId, a: each.a, b: each.b })),
    },
    ...(outside && { outside: byteObject(outside) }),
    unread: difference.unread,
    layout_only: isLayoutOnly(difference),
  };
}

/** What stands in a report for a value that the header cannot hold, and that a diagnostic speaks of. */
export const UNHELD = '(a value that the header cannot hold)';

function heldMember(member: MemberChange): MemberChange {
  return JSON.parse(JSON.stringify(member, (_, each) => (typeof each === 'symbol' ? UNHELD : each))) as MemberChange;
}

function byteObject({ first, count }: ByteDifference): PayloadChange {
  return { first_difference: first, bytes_different: count };
}

function fieldObject({ field: { name }, a, b }: FieldDifference): DiffReport['prelude'][number] {
  return {
    field: name,
    ...(a !== undefined && { a: fieldResult(name, a) }),
    ...(b !== undefined && { b: fieldResult(name, b) }),
  };
}

function fieldResult(name: string, value: number | bigint): number | string {
  if (name === 'magic') return value === MAGIC ? 'ASPA' : magicHex(Number(value));
  return typeof value === 'bigint' ? String(value) : value;
}

/** A row as documents spell it; without `bytes`, it says what is left out. */
export function hexRowObject({ offset, bytes, label }: HexRow): { offset: number; bytes?: string; label: string } {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { offset, ...(hex !== '' && { bytes: hex }), label };
}

/** The prelude as documents spell it: a wrong magic in hex, a number above 2^53 - 1 as a decimal string. */
export function preludeResult(prelude: Prelude): { readonly [field: string]: number | string } {
  return Object.fromEntries(PRELUDE_FIELDS.map(({ name, property }) => [name, fieldResult(name, prelude[property])]));
}

export function assetObject(entry: AssetEntry): AssetObject {
  return {
    asset_id: entry.assetId,
    asset_name: entry.assetName,
    bank_type: entry.bankType,
    codec: entry.codec,
    offset: entry.offset,
    size: entry.size,
    decoded_size: entry.decodedSize,
    metadata: entry.metadata,
  };
}

export function preloadObject({ assetId, slot }: PreloadEntry): PreloadObject {
  return { asset_id: assetId, slot };
}

/** Totals per bank type. A sum above 2^53 - 1, which only a hostile table reaches, is a decimal string. */
export function bankTotals(entries: readonly AssetEntry[]): { readonly [bank in BankType]: BankTotals } {
  const totalOf = (bank: BankType): BankTotals => {
    const members = entries.filter(({ bankType }) => bankType === bank);
    return {
      count: members.length,
      size: exactSum(members.map(({ size }) => size)),
      decoded_size: exactSum(members.map(({ decodedSize }) => decodedSize)),
    };
  };
  return Object.fromEntries(BANK_TYPES.map((bank) => [bank, totalOf(bank)])) as { [bank in BankType]: BankTotals };
}

function exactSum(values: readonly number[]): number | string {
  const sum = values.reduce((total, value) => total + value, 0);
  if (Number.isSafeInteger(sum)) return sum;
  return String(values.reduce((total, value) => total + BigInt(value), 0n));
}
