/** The result documents of the commands (`--json`), as `schema/results/v1.schema.json` publishes them. */
import type { Layout } from '../codec/layout.js';
import type { Diagnostic } from '../errors.js';
import type { BankType } from '../format.js';
import type { Digests } from '../host/digests.js';
import type { Profile, RuntimeVerdict } from '../read/runtime-profile.js';

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

/** What `init` reports. */
export interface InitReport {
  readonly project: string;
  /** Files that were made. */
  readonly created: readonly string[];
}

/** What `register` reports. */
export interface RegisterReport {
  readonly project: string;
  readonly asset: {
    readonly asset_id: number;
    readonly asset_uuid: string;
    readonly name: string;
    readonly root: string;
    readonly included_in_build: boolean;
  };
  readonly outcome: 'registered' | 'moved' | 'unchanged';
  readonly created: readonly string[];
}

/** What `build` reports: beside what `pack` does, how much it had to do. */
export interface BuildReport extends PackReport {
  readonly project: string;
  readonly inputs: { readonly files: number; readonly bytes: number };
  readonly banks: { readonly encoded: number; readonly reused: number };
}

/** What `doctor` reports. */
export interface DoctorReport {
  readonly project: string;
  readonly assets: { readonly registered: number; readonly included: number };
  /** Findings that stop a build, and the others; listed or not. */
  readonly blocking: number;
  readonly advisory: number;
}

/** What `migrate` reports. */
export interface MigrateReport {
  readonly project: string;
  /** Nothing to do; something to do, and not done; done. */
  readonly outcome: 'unchanged' | 'pending' | 'migrated';
  readonly documents: readonly {
    readonly path: string;
    readonly artifact: string;
    readonly from: number;
    readonly to: number;
    /** Only with `--dry-run`. */
    readonly changes?: readonly { readonly pointer: string; readonly before?: unknown; readonly after?: unknown }[];
  }[];
  /** The folder that has the documents as they were. */
  readonly backup?: string;
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

/** What `verify` checked of one file. */
export interface VerifyFileReport {
  readonly path: string;
  readonly profile: Profile;
  /** What a runtime has to say; only with `--profile runtime`. */
  readonly runtime?: RuntimeVerdict;
  readonly checked: { readonly entries: number; readonly payload_bytes: number };
  /** Of the whole file, those that were computed. */
  readonly digests: Digests;
}

/** A member with its values in both files; a value that is not there is absent. */
export interface MemberChange {
  readonly name: string;
  readonly a?: unknown;
  readonly b?: unknown;
}

/** How the bytes of two payloads differ. */
export interface PayloadChange {
  /** The first byte that differs, from the beginning of the payloads. */
  readonly first_difference: number;
  /** How many differ; bytes that only one has count. */
  readonly bytes_different: number;
}

/** An asset that both files have, with another content. */
export interface ChangedEntry {
  readonly asset_id: number;
  readonly asset_name: string;
  readonly members: readonly MemberChange[];
  /** Absent when the payloads are equal. */
  readonly payload?: PayloadChange;
}

/** What `diff` reports. */
export interface DiffReport {
  readonly a: { readonly path: string; readonly file_size: number };
  readonly b: { readonly path: string; readonly file_size: number };
  /** Whether the files are equal, byte for byte. */
  readonly identical: boolean;
  /** The first byte of the files that differs. */
  readonly first_difference?: number;
  readonly prelude: readonly { readonly field: string; readonly a?: number | string; readonly b?: number | string }[];
  /** The headers say the same in other bytes; a byte of the file. */
  readonly header_text?: { readonly first_difference: number };
  readonly entries: {
    readonly added: readonly AssetObject[];
    readonly removed: readonly AssetObject[];
    /** Only `offset` differs. */
    readonly moved: readonly {
      readonly asset_id: number;
      readonly asset_name: string;
      readonly a: number;
      readonly b: number;
    }[];
    readonly changed: readonly ChangedEntry[];
    /** Payloads of broken files that cannot be compared. */
    readonly not_compared: readonly { readonly asset_id: number; readonly reason: string }[];
  };
  readonly preload: {
    readonly added: readonly PreloadObject[];
    readonly removed: readonly PreloadObject[];
    readonly changed: readonly { readonly asset_id: number; readonly a: number; readonly b: number }[];
  };
  /** What of a broken file could not be read, and so is not compared. */
  readonly unread: readonly { readonly side: 'a' | 'b'; readonly what: string }[];
  /** Bytes that belong to no payload, compared where prelude and header are equal; a byte of the file. */
  readonly outside?: PayloadChange;
  /** Nothing was added, removed or changed. */
  readonly layout_only: boolean;
}

/** What `extract` reports. */
export interface ExtractReport {
  readonly files: readonly { readonly asset_id: number; readonly path: string; readonly size: number }[];
}

/** What `preview` reports. */
export interface PreviewReport {
  readonly asset_id: number;
  readonly palette: number;
  /** The PNG. */
  readonly path: string;
  /** Its bytes. */
  readonly size: number;
  /** Sides of the sheet, in pixels. */
  readonly width: number;
  readonly height: number;
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

/** A layout as documents spell it. */
export function layoutResult({ alignment, headerLen, payloadOffset, payloadSize }: Layout): LayoutResult {
  return { alignment, header_len: headerLen, payload_offset: payloadOffset, payload_size: payloadSize };
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
