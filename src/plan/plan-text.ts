/** Writing plan documents. */
import { create, toBinary } from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { type Diagnostic, Diagnostics } from '../errors.js';
import { type Asset, AssetSchema, PlanSchema } from '../schema/gen/assets_pa/plan/v1/plan_pb.js';
import { PLAN_VERSION } from './check.js';
import { freeObjectField } from './free-object-wire.js';
import type { DraftPlan, PlannedAsset } from './model.js';
import { isJsonText, locateInPlan, readPlan } from './read-plan.js';

/**
 * The bytes of a JSON plan: an asset a line, so that a change of one asset is a change of one line.
 *
 * @param root Members beside `schema_version` and `assets`.
 * @param assets In the plan's own spelling.
 */
export function planText(root: object, assets: readonly object[]): Uint8Array {
  const members = Object.entries({ schema_version: PLAN_VERSION, ...root }).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  const lines = assets.map((asset) => `    ${JSON.stringify(asset)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return new TextEncoder().encode(`{\n${[...members, `  "assets": ${list}`].join(',\n')}\n}\n`);
}

/** What {@link convertPlan} made. */
export interface ConvertedPlan {
  readonly bytes: Uint8Array;
  readonly form: 'json' | 'binary';
  readonly assetCount: number;
  /** Warnings, at most 1,000. */
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnosticsOmitted: number;
}

/**
 * Turns a JSON plan into the binary form and back. Payload files are not looked at.
 *
 * @throws AssetsPaError with every fault of the plan
 */
export function convertPlan(document: Uint8Array): ConvertedPlan {
  const found = new Diagnostics();
  const draft = readPlan(document, found);
  const report = locateInPlan(document, found);
  report.throwIfErrors();
  const toForm = isJsonText(document) ? 'binary' : 'json';
  return {
    bytes: toForm === 'binary' ? binaryPlan(draft) : jsonPlan(draft),
    form: toForm,
    assetCount: draft.assets.length,
    diagnostics: report.list,
    diagnosticsOmitted: report.omitted,
  };
}

function jsonPlan({ alignment, assets }: DraftPlan): Uint8Array {
  const planned = assets as readonly PlannedAsset[];
  const objects = planned.map(({ assetId, assetName, bankType, codec, metadata, payload, extras }) => ({
    asset_id: assetId,
    asset_name: assetName,
    bank_type: bankType,
    codec,
    decoded_size: extras.decodedSize,
    metadata,
    codec_configuration: extras.codecConfiguration,
    pipeline: extras.pipeline,
    ...(payload.kind === 'file' && { file: payload.path }),
    ...(payload.kind === 'bytes' && { inline: base64Encode(payload.bytes) }),
    size: extras.size,
    digest: extras.digest,
    preload: extras.preload,
  }));
  return planText(alignment === undefined ? {} : { layout: { alignment } }, objects);
}

function binaryPlan({ alignment, assets }: DraftPlan): Uint8Array {
  const messages = (assets as readonly PlannedAsset[]).map(assetMessage);
  const layout = alignment === undefined ? {} : { layout: { alignment } };
  return toBinary(PlanSchema, create(PlanSchema, { schemaVersion: PLAN_VERSION, ...layout, assets: messages }));
}

function assetMessage(asset: PlannedAsset): Asset {
  const { decodedSize, size, digest, preload } = asset.extras;
  const message = create(AssetSchema, {
    assetId: asset.assetId,
    assetName: asset.assetName,
    bankType: asset.bankType,
    codec: asset.codec,
    ...(decodedSize !== undefined && { decodedSize: BigInt(decodedSize) }),
    payload: payloadMessage(asset),
    ...(size !== undefined && { size: BigInt(size) }),
    ...(digest !== undefined && { digest }),
    ...(preload && { preload: preload.slot === undefined ? {} : { slot: preload.slot } }),
  });
  message.$unknown = freeObjects(asset);
  return message;
}

/** Free objects are written field by field: see {@link freeObjectField}. */
function freeObjects({ metadata, extras: { codecConfiguration, pipeline } }: PlannedAsset) {
  const { metadata: first, codecConfiguration: second, pipeline: third } = AssetSchema.field;
  return [
    freeObjectField(first.number, metadata),
    ...(codecConfiguration === undefined ? [] : [freeObjectField(second.number, codecConfiguration)]),
    ...(pipeline === undefined ? [] : [freeObjectField(third.number, pipeline)]),
  ];
}

function payloadMessage({ payload }: PlannedAsset) {
  if (payload.kind === 'file') return { case: 'file' as const, value: payload.path };
  if (payload.kind === 'bytes') return { case: 'inline' as const, value: payload.bytes as Uint8Array<ArrayBuffer> };
  throw new TypeError('a stream cannot be written into a plan');
}
