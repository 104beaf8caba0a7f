/** From banks to a plan, and from places in that plan back to the workspace. */

import { withOffsets } from '../codec/locate.js';
import { type Diagnostic, Diagnostics } from '../errors.js';
import type { AssetInput, PlanInput } from '../plan/model.js';
import { readPlan } from '../plan/read-plan.js';
import type { EncodedBank } from './bank-encoder.js';
import { fixOf } from './fixes.js';
import type { FrozenInput } from './inputs.js';
import type { ReadyAsset, WorkspaceAsset } from './registered.js';

/** An asset of the plan and where it came from. */
export interface PlannedBank {
  readonly asset: WorkspaceAsset;
  readonly input: AssetInput;
}

/** An asset as the plan takes it. */
export function plannedBank(
  asset: WorkspaceAsset,
  { declaration, encoder }: ReadyAsset,
  { payload, decodedSize, metadata }: EncodedBank,
  inputs: readonly FrozenInput[],
): PlannedBank {
  const { name, output, preload } = declaration;
  const { codecConfiguration, pipeline } = output;
  return {
    asset,
    input: {
      assetId: asset.entry.assetId,
      assetName: name,
      bankType: encoder.bankType,
      codec: 'NONE',
      decodedSize,
      metadata,
      codecConfiguration,
      pipeline,
      ...(payload instanceof Uint8Array ? { inline: payload } : fileMembers(payload.path, inputs)),
      ...(preload.enabled && { preload: preload.slot === undefined ? {} : { slot: preload.slot } }),
    },
  };
}

/** A payload that is an input: by its digest, the writer refuses a file that changed since. */
function fileMembers(path: string, inputs: readonly FrozenInput[]): Pick<AssetInput, 'file' | 'size' | 'digest'> {
  const { located, digest } = (inputs.find((each) => each.path === path) as FrozenInput).file;
  return { file: located.name, size: located.size, digest };
}

/** The plan of these banks. */
export function planOf(banks: readonly PlannedBank[]): PlanInput {
  return { schemaVersion: 1, assets: banks.map(({ input }) => input) };
}

/** Checks a plan as the packer will, payloads aside; places are those of the workspace. */
export function checkPlan(banks: readonly PlannedBank[], report: Diagnostics): void {
  const found = new Diagnostics();
  readPlan(planOf(banks), found);
  report.absorb(found, inWorkspace(found.list, banks));
}

/** Members of an asset of a plan, as pointers into `asset.json`. */
const POINTERS: readonly (readonly [member: string, pointer: string])[] = [
  ['assetName', '/name'],
  ['asset_name', '/name'],
  ['codecConfiguration', '/output/codec_configuration'],
  ['codec_configuration', '/output/codec_configuration'],
  ['decodedSize', '/output/decoded_size'],
  ['decoded_size', '/output/decoded_size'],
  ['metadata', '/output/metadata'],
  ['pipeline', '/output/pipeline'],
  ['preload', '/preload'],
  ['bankType', '/type'],
  ['bank_type', '/type'],
];

/** Diagnostics of a plan with their places in the workspace: the `asset.json`, its member and its byte. */
export function inWorkspace(list: readonly Diagnostic[], banks: readonly PlannedBank[]): Diagnostic[] {
  return list.map((each) => {
    const [, index, member = '', rest = ''] = /^\/assets\/(\d+)(?:\/([^/]+)(.*))?$/s.exec(each.where.plan ?? '') ?? [];
    const bank = index === undefined ? undefined : banks[Number(index)];
    if (bank === undefined) return withFix(each);
    const { anchor, text, entry } = bank.asset;
    const base = POINTERS.find(([name]) => name === member)?.[1];
    const pointer = base === undefined ? '/inputs' : base + rest;
    const placed = withFix({ ...each, where: { path: anchor, pointer }, asset_id: entry.assetId });
    return text === undefined ? placed : (withOffsets(text, [placed], 'pointer', 0)[0] as Diagnostic);
  });
}

/** What to do in a workspace, rather than in a plan. */
function withFix(each: Diagnostic): Diagnostic {
  const hint = fixOf(each.code) ?? each.hint;
  return hint === undefined ? each : { ...each, hint };
}
