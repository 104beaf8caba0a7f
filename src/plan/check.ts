/**
 * One checker for every form of a plan. A front end calls {@link PlanChecker.member} and {@link PlanChecker.asset} as it reads, so that
 * a large plan is never held twice.
 */
import type { DescField } from '@bufbuild/protobuf';
import { type BankSizes, checkBankMetadata } from '../codec/bank-rules.js';
import {
  checkAssetId,
  checkAssetName,
  checkBankType,
  checkCodec,
  checkMetadataRoot,
  copyFreeObject,
  type ReportAt,
} from '../codec/entry-rules.js';
import { isAlignment } from '../codec/layout.js';
import { isSlot, slotRange } from '../codec/preload-rules.js';
import type { Steps } from '../codec/steps.js';
import { checkUniqueIds, uniqueNameSteps } from '../codec/table-rules.js';
import { type DiagnosticParts, type Diagnostics, Phrase, pointerToken, unsupportedVersion } from '../errors.js';
import { ALIGNMENT_MAX, type BankType, type Codec, type JsonObject } from '../format.js';
import { isDigest } from '../host/digests.js';
import { AssetSchema, LayoutSchema, PlanSchema, PreloadSchema } from '../schema/gen/assets_pa/plan/v1/plan_pb.js';
import { FieldReader, fieldsByName, type PlanForm, type ReadFields, type Scope } from './fields.js';
import { type AssetExtras, byId, type DraftAsset, type DraftPlan, type Payload, planPointer } from './model.js';
import { InlinePayload } from './payload-source.js';
import { assignSlots } from './slots.js';
import { suggestion } from './suggest.js';

/** The version of the plan format. */
export const PLAN_VERSION = 1;

/** V2: the diagnostic for a plan of another version. */
export function unsupportedPlan(found: unknown): ReturnType<typeof unsupportedVersion> {
  return unsupportedVersion({
    artifact: 'plan',
    supported: PLAN_VERSION,
    found,
    where: { plan: '/schema_version' },
    hint: 'write the plan in version 1, or use a packer that knows this version',
    blocks: 'the pack',
  });
}

/** One for all assets without metadata, and one for all without extras. */
const NO_METADATA: JsonObject = Object.freeze({});
const NO_EXTRAS: AssetExtras = Object.freeze({});

const REQUIRED_MEMBERS = ['asset_id', 'asset_name', 'bank_type'] as const;
const PAYLOAD_MEMBERS = ['file', 'inline', 'stream'] as const;

/** Is told of each asset as soon as it was judged. */
export type OnAsset = (asset: DraftAsset) => void;

/** Takes a plan member by member, collects every fault, and hands on what was right. */
export class PlanChecker {
  readonly #form: PlanForm;
  readonly #report: Diagnostics;
  readonly #onAsset: OnAsset;
  readonly #fields: FieldReader;
  readonly #rootFields = fieldsByName(PlanSchema);
  readonly #seen = new Set<string>();
  readonly #assets: DraftAsset[] = [];
  #alignment: number | undefined;
  /** Of the asset that is being judged, which is the next one: for what is said of it. */
  #assetId: number | undefined;
  #spellings: DraftAsset['spellings'];
  // One of each for all assets: a million of them would be a third of what judging takes.
  readonly #scope: Scope;
  readonly #at = (member?: string) => planPointer({ index: this.#assets.length, spellings: this.#spellings }, member);
  readonly #reportMember: ReportAt = (code, at, parts) =>
    this.#report.report(code, {
      ...(this.#assetId !== undefined && { asset_id: this.#assetId }),
      ...parts,
      where: { plan: this.#at(at.slice(1)) },
    });

  constructor(form: PlanForm, report: Diagnostics, onAsset: OnAsset = () => {}) {
    this.#form = form;
    this.#report = report;
    this.#onAsset = onAsset;
    this.#fields = new FieldReader(form, this.#reportAt(''));
    this.#scope = form === 'program' ? { extras: ['stream'] } : {};
  }

  /**
   * Names a root member before its value is read.
   *
   * @returns The member's schema name when its value is wanted.
   */
  member(name: string): string | undefined {
    const field = this.#rootFields.get(name);
    const schemaName = name === '$schema' && this.#form === 'json' ? name : field?.name;
    const at = pointerToken(name);
    if (schemaName === undefined) {
      this.#fault(at, 'there is no such member', { actual: name, ...suggestion(name, this.#rootFields.keys()) });
      return undefined;
    }
    if (this.#seen.has(schemaName)) {
      this.#fault(at, 'a member stands twice', { actual: name });
      return undefined;
    }
    this.#seen.add(schemaName);
    return schemaName;
  }

  /** Takes a root member's value; the elements of a list of assets go to {@link asset} instead. */
  value(schemaName: string, name: string, value: unknown): void {
    const at = pointerToken(name);
    if (schemaName === '$schema') {
      if (typeof value !== 'string') this.#fault(at, '"$schema" must be a string');
      return;
    }
    const checked = this.#fields.value(value, this.#rootFields.get(schemaName) as DescField, at);
    if (checked === undefined) return;
    if (schemaName === 'schema_version' && checked !== PLAN_VERSION) this.#report.add(unsupportedPlan(checked));
    if (schemaName === 'layout') this.#layout(checked, at);
  }

  /** Takes the next asset. */
  asset(value: unknown): void {
    this.#spellings = undefined;
    const read = this.#fields.read(value, AssetSchema, this.#at, this.#scope);
    const index = this.#assets.length;
    const asset = read === undefined ? emptyDraft(index) : this.#draft(index, read);
    this.#assets.push(asset);
    this.#onAsset(asset);
  }

  /** Ends the plan: what joins the assets is judged, and the draft handed on. */
  *finish(): Steps<DraftPlan> {
    for (const name of ['schema_version', 'assets']) {
      if (!this.#seen.has(name)) this.#fault('', 'a member is missing', { expected: name });
    }
    const assets = this.#assets;
    checkUniqueIds(assets, (index, parts) =>
      this.#report.report('ASSET_ID_DUPLICATE', { ...parts, where: member(assets[index], 'asset_id') }),
    );
    yield;
    // By id, so that the order of a plan does not show in what is said of it.
    const named = byId(assets.every(isNamed) ? assets : assets.filter(isNamed));
    yield;
    yield* uniqueNameSteps(named, (index, parts) =>
      this.#report.report('ASSET_NAME_DUPLICATE', { ...parts, where: member(named[index], 'asset_name') }),
    );
    yield;
    return { alignment: this.#alignment, assets, preload: assignSlots(assets, this.#report) };
  }

  #layout(value: unknown, at: string): void {
    const alignment = this.#fields.read(value, LayoutSchema, at)?.fields['alignment'] as number | undefined;
    if (alignment === undefined) return;
    if (isAlignment(alignment)) this.#alignment = alignment;
    else {
      const expected = new Phrase(`1 or a power of two up to ${ALIGNMENT_MAX}`);
      this.#reportAt(at)('PLAN_VALUE', '/alignment', { what: 'not an alignment', expected, actual: alignment });
    }
  }

  #draft(index: number, { fields, spellings }: ReadFields): DraftAsset {
    const assetId = fields['asset_id'] as number | undefined;
    this.#assetId = assetId;
    this.#spellings = spellings;
    const report = this.#reportMember;
    for (const name of REQUIRED_MEMBERS) {
      if (!(name in fields)) report('PLAN_SHAPE', '', { what: 'a member is missing', expected: name });
    }
    if (assetId !== undefined) checkAssetId(assetId, report);
    const assetName = checkedText(fields['asset_name'], checkAssetName, report);
    const bankType = checkedText<BankType>(fields['bank_type'], checkBankType, report);
    const codec = 'codec' in fields ? checkedText<Codec>(fields['codec'], checkCodec, report) : 'NONE';
    const metadata = this.#metadata(fields);
    const bank = codec === 'NONE' ? metadata && checkBankMetadata(bankType ?? '', metadata, report) : undefined;
    const extras = hasExtras(fields) || bank !== undefined ? this.#extras(fields, bank) : NO_EXTRAS;
    const payload = this.#payload(fields);
    return { index, spellings, assetId, assetName, bankType, codec, metadata, payload, extras };
  }

  #extras(fields: ReadFields['fields'], bankSizes: BankSizes | undefined): AssetExtras {
    const free = (name: string, level: number) => {
      const value = fields[name] as object | undefined;
      return value && copyFreeObject(value, level, `/${name}`, this.#reportMember);
    };
    return {
      decodedSize: fields['decoded_size'] as number | undefined,
      bankSizes,
      codecConfiguration: free('codec_configuration', 1),
      pipeline: free('pipeline', 0),
      size: fields['size'] as number | undefined,
      digest: checkedText(fields['digest'], checkDigest, this.#reportMember),
      preload: this.#preload(fields['preload']),
    };
  }

  /** M1, M3: `metadata` and what will be merged into it. */
  #metadata(fields: ReadFields['fields']): JsonObject | undefined {
    const root = fields['metadata'] as object | undefined;
    if (root === undefined) return 'metadata' in fields ? undefined : NO_METADATA;
    checkMetadataRoot(root as JsonObject, 'codec_configuration' in fields, this.#reportMember);
    return copyFreeObject(root, 0, '/metadata', this.#reportMember);
  }

  #payload(fields: ReadFields['fields']): Payload | undefined {
    if (Number('file' in fields) + Number('inline' in fields) + Number('stream' in fields) !== 1) {
      const given = PAYLOAD_MEMBERS.filter((name) => name in fields);
      this.#reportMember('PLAN_SHAPE', '', {
        what: 'an asset needs exactly one payload source',
        expected: new Phrase(this.#form === 'program' ? 'file, inline or stream' : 'file or inline'),
        actual: new Phrase(given.join(' and ') || 'none'),
      });
      return undefined;
    }
    const { file, inline, stream } = fields as {
      file?: string;
      inline?: Uint8Array;
      stream?: AsyncIterable<Uint8Array>;
    };
    if (file !== undefined) return checkPath(file, this.#reportMember) ? { kind: 'file', path: file } : undefined;
    if (inline !== undefined) return new InlinePayload(inline);
    if (stream === undefined) return undefined;
    if (typeof stream[Symbol.asyncIterator] !== 'function') throw new TypeError('stream is an async iterable of bytes');
    return { kind: 'stream', stream };
  }

  #preload(value: unknown): AssetExtras['preload'] {
    if (value === undefined) return undefined;
    const read = this.#fields.read(value, PreloadSchema, this.#at('preload'));
    const slot = read?.fields['slot'] as number | undefined;
    // A wrong slot is no request for any.
    if (read === undefined || (slot === undefined && 'slot' in read.fields)) return undefined;
    if (slot === undefined || isSlot(slot)) return { slot };
    this.#reportMember('PRELOAD_SLOT_RANGE', '/preload/slot', slotRange(slot));
    return undefined;
  }

  #fault(at: string, what: string, rest: Omit<DiagnosticParts, 'what'> = {}): void {
    this.#report.report('PLAN_SHAPE', { what, where: { plan: at }, ...rest });
  }

  #reportAt(base: string): ReportAt {
    return (code, at, parts) => this.#report.report(code, { ...parts, where: { plan: base + at } });
  }
}

/** A text that was judged, when there is one. */
function checkedText<T extends string = string>(
  value: unknown,
  check: (value: string, report: ReportAt) => void,
  report: ReportAt,
): T | undefined {
  if (value !== undefined) check(value as string, report);
  return value as T | undefined;
}

/** Whether an asset has members that become extras; asked one by one, since most assets have none. */
function hasExtras(fields: ReadFields['fields']): boolean {
  const { decoded_size, codec_configuration, pipeline, size, digest, preload } = fields;
  return (decoded_size ?? codec_configuration ?? pipeline ?? size ?? digest ?? preload) !== undefined;
}

/** W8: what a payload path may look like, whatever the file system says. */
function checkPath(path: string, report: ReportAt): boolean {
  const wrong = path === '' ? 'is empty' : path.includes('\\') ? 'holds "\\"' : path.includes('\0') ? 'holds NUL' : '';
  if (wrong === '') return true;
  report('PLAN_VALUE', '/file', {
    what: `the payload path ${wrong}`,
    actual: path,
    hint: 'name a file below the plan\'s folder, with "/" between folders',
  });
  return false;
}

function checkDigest(digest: string, report: ReportAt): void {
  if (isDigest(digest)) return;
  report('PLAN_VALUE', '/digest', {
    what: 'not a content address',
    expected: new Phrase('"sha256:" and 64 lower-case hex digits, or "xxh64:" and 16'),
    actual: digest,
  });
}

function member(asset: DraftAsset | undefined, name: string): { plan: string } {
  return { plan: planPointer(asset as DraftAsset, name) };
}

function isNamed(asset: DraftAsset): asset is DraftAsset & { readonly assetId: number; readonly assetName: string } {
  return asset.assetId !== undefined && asset.assetName !== undefined;
}

function emptyDraft(index: number): DraftAsset {
  const absent = undefined;
  return {
    index,
    spellings: absent,
    assetId: absent,
    assetName: absent,
    bankType: absent,
    codec: absent,
    metadata: absent,
    payload: absent,
    extras: NO_EXTRAS,
  };
}
