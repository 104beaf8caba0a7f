/** The result documents of the commands (`--json`), as `schema/results/v1.schema.json` publishes them. */
import type { Layout } from '../codec/layout.js';
import { magicHex, type Prelude } from '../codec/prelude.js';
import type { Diagnostic } from '../errors.js';
import { type AssetEntry, BANK_TYPES, type BankType, MAGIC, type PreloadEntry } from '../format.js';
import type { Digests } from '../host/digests.js';

/** The version of the result documents. */
export const RESULTS_VERSION = 1;

/** Members that every result has. */
export interface CommonResult {
  readonly schema_version: typeof RESULTS_VERSION;
  readonly command: string;
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnostics_omitted: number;
}

/** A layout as documents name its members. */
export interface LayoutResult {
  readonly alignment: number;
  readonly header_len: number;
  readonly payload_offset: number;
  readonly payload_size: number;
}

/** What `pack` reports. */
export interface PackReport {
  readonly artifact: { readonly path: string; readonly size: number; readonly digests: Digests };
  readonly layout: LayoutResult;
  readonly asset_count: number;
  readonly preload_count: number;
  readonly companions: readonly { readonly path: string; readonly size: number }[];
  readonly elapsed_ms: number;
  readonly dry_run: boolean;
}

/** What `plan` reports; `ids` and `skipped` are absent after a conversion. */
export interface PlanReport {
  readonly plan: { readonly path: string };
  readonly asset_count: number;
  readonly ids?: { readonly path: string; readonly allocated: number; readonly retired: number };
  readonly skipped?: readonly { readonly path: string; readonly reason: string }[];
}

/** Totals of one bank type. */
export interface BankTotals {
  readonly count: number;
  readonly size: number | string;
  readonly decoded_size: number | string;
}

/** What `inspect` reports; members that could not be read are absent. */
export interface InspectReport {
  readonly path: string;
  readonly file_size?: number;
  readonly prelude?: { readonly [field: string]: number | string };
  readonly alignment?: number;
  readonly asset_table?: readonly AssetObject[];
  readonly preload?: readonly PreloadObject[];
  readonly banks?: { readonly [bank in BankType]: BankTotals };
}

/** What `conform` and `vectors check` report. */
export interface ConformReport {
  /** The command that was run. */
  readonly reader: string;
  readonly totals: {
    readonly pass: number;
    readonly fail: number;
    readonly unspecified: number;
    readonly error: number;
  };
  readonly vectors: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly expected: string;
    readonly got: string;
  }[];
  /** Ids listed as known failures that did not fail. */
  readonly stale: readonly string[];
}

/** An asset table entry as documents spell it. */
export interface AssetObject {
  readonly asset_id: number;
  readonly asset_name: string;
  readonly bank_type: BankType;
  readonly codec: string;
  readonly offset: number;
  readonly size: number;
  readonly decoded_size: number;
  readonly metadata: object;
}

/** A preload entry as documents spell it. */
export interface PreloadObject {
  readonly asset_id: number;
  readonly slot: number;
}

export function layoutResult({ alignment, headerLen, payloadOffset, payloadSize }: Layout): LayoutResult {
  return { alignment, header_len: headerLen, payload_offset: payloadOffset, payload_size: payloadSize };
}

/** The prelude as documents spell it: a wrong magic in hex, a number above 2^53 - 1 as a decimal string. */
export function preludeResult(prelude: Prelude): { readonly [field: string]: number | string } {
  const { payloadOffset } = prelude;
  return {
    magic: prelude.magic === MAGIC ? 'ASPA' : magicHex(prelude.magic),
    schema_version: prelude.schemaVersion,
    header_len: prelude.headerLen,
    payload_offset: typeof payloadOffset === 'bigint' ? String(payloadOffset) : payloadOffset,
    flags: prelude.flags,
    reserved: prelude.reserved,
    header_checksum: prelude.headerChecksum,
  };
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

/** A result as JSON text in pieces: one document on one line, list items one by one, so that no string holds a whole table. */
export function* resultPieces(result: CommonResult & object): Generator<string, void, undefined> {
  let separator = '{';
  for (const [name, value] of Object.entries(result)) {
    if (value === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    if (!Array.isArray(value)) yield JSON.stringify(value);
    else {
      yield '[';
      for (const [i, item] of value.entries()) yield (i === 0 ? '' : ',') + JSON.stringify(item);
      yield ']';
    }
  }
  yield '}\n';
}
