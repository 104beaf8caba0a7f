/** Plans, as JSON and on the wire: both forms of a plan are the same plan, and what they make is right. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { convertPlan } from '../../src/plan/plan-text.js';
import { PlanSchema } from '../../src/schema/gen/assets_pa/plan/v1/plan_pb.js';
import { readStrict } from '../reference-reader/strict.ts';
import { VECTORS } from '../vectors/reader-runs.ts';
import type { Subject } from './load.ts';
import { fromLatin1, toLatin1, utf8 } from './mutate-bytes.ts';
import { JSON_TOKENS, mutateJson, sorted } from './mutate-json.ts';
import { mutateWire } from './mutate-wire.ts';
import { Finding, need, same, type Target } from './target.ts';

const LENGTH_MAX = 4_096;
const SEED_LENGTH_MAX = 2_000;

const NAMES = (
  '$schema schema_version schemaVersion layout alignment assets asset_id assetId asset_name assetName bank_type bankType codec decoded_size' +
  ' decodedSize metadata codec_configuration codecConfiguration pipeline file inline stream size digest preload slot width height tile_size' +
  ' palette_count palette_authored __proto__ constructor zzz asset_ids a~b a/b \\ud800 \u00e9'
)
  .split(' ')
  .map((name) => utf8(`"${name}"`));

const MORE = [
  '"alignment":64',
  '{"asset_id":7,"asset_name":"z","bank_type":"SCENE","inline":"AAEC","preload":{}}',
  '{"assetId":"7","assetName":"z","bankType":"GLYPH","inline":""}',
  '"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
  '"xxh64:ef46db3751d8e999"',
  '"18446744073709551615"',
  '"00"',
];
const TOKENS = [...JSON_TOKENS, ...MORE];

/** The small plans of the vectors. */
export function planSeeds(): Uint8Array[] {
  const folder = join(VECTORS, 'v1/accept');
  const paths = readdirSync(folder).filter((name) => name.endsWith('.plan.json'));
  return paths.map((name) => readFileSync(join(folder, name))).filter(({ length }) => length <= SEED_LENGTH_MAX);
}

/** Plans as JSON. */
export function planTarget(): Target {
  return {
    name: 'plan',
    lengthMax: LENGTH_MAX,
    seeds: planSeeds,
    mutate(random, input, other) {
      const material = { tokens: TOKENS, names: NAMES, other: toLatin1(other) };
      return fromLatin1(mutateJson(random, toLatin1(input), material));
    },
    run: judgePlan,
  };
}

/** Plans on the wire. */
export function wireTarget(): Target {
  return {
    name: 'plan-binary',
    lengthMax: LENGTH_MAX,
    seeds: () => planSeeds().map((plan) => convertPlan(plan).bytes),
    mutate(random, input, other) {
      return fromLatin1(mutateWire(random, toLatin1(input), { tokens: TOKENS, other: toLatin1(other) }));
    },
    run: judgePlan,
  };
}

/** What has to hold for any bytes that are given as a plan. */
function judgePlan(subject: Subject, input: Uint8Array, isThorough: boolean): Promise<void> | void {
  const report = new subject.Diagnostics();
  let isAccepted = false;
  try {
    subject.readPlan(input, report);
    isAccepted = report.errors === 0;
  } catch (error) {
    if (!(error instanceof subject.AssetsPaError)) throw error;
    judgePlaces(input, error.diagnostics);
  }
  judgePlaces(input, report.list);
  if (!isAccepted) return isThorough ? judgeRefusal(subject, input) : undefined;
  // Converting says what it does not like; here it must like everything.
  const other = subject.convertPlan(input).bytes;
  const back = subject.convertPlan(other).bytes;
  const otherAgain = subject.convertPlan(back).bytes;
  need(Buffer.compare(other, otherAgain) === 0, () => 'a plan changes on its way through the other form');
  if (isJson(input)) JSON.parse(Buffer.from(input).toString());
  else same('read by protobuf', asProtobuf(back), asProtobuf(input));
  return isThorough ? judgePacking(subject, input, other) : undefined;
}

/** What protobuf's own decoder makes of a plan, as far as converting does not write out what was left out. */
function asProtobuf(plan: Uint8Array): string {
  const { layout, assets } = fromBinary(PlanSchema, plan);
  const parts = assets.map(({ payload, preload, ...asset }) => {
    const {
      assetId,
      assetName,
      bankType,
      decodedSize,
      metadata = {},
      codecConfiguration,
      pipeline,
      size,
      digest,
    } = asset;
    const free = [metadata, codecConfiguration, pipeline].map(sorted);
    const bytes = payload.value && toLatin1(Buffer.from(payload.value));
    return [
      assetId,
      assetName,
      bankType,
      decodedSize,
      ...free,
      size,
      digest,
      payload.case,
      bytes,
      preload && [preload.slot],
    ];
  });
  return JSON.stringify([layout?.alignment, parts], (__, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** A plan that is refused is converted into nothing. */
function judgeRefusal(subject: Subject, input: Uint8Array): void {
  try {
    subject.convertPlan(input);
  } catch (error) {
    if (error instanceof subject.AssetsPaError) return;
    throw error;
  }
  throw new Finding('a plan that is refused is converted');
}

/** Every place is one in the text. */
function judgePlaces(
  input: Uint8Array,
  diagnostics: readonly { code: string; where: { offset?: number; plan?: string } }[],
): void {
  for (const { code, where } of diagnostics) {
    const { offset } = where;
    need(
      offset === undefined || (offset >= 0 && offset <= input.length),
      () => `${code} at byte ${offset} of ${input.length}`,
    );
    // What is missing, and the other version, have a place in the plan, which need not be there.
    need(offset !== undefined || where.plan !== undefined, () => `${code} has no place`);
  }
}

function isJson(bytes: Uint8Array): boolean {
  return bytes.length === 0 || '{ \t\r\n\xef'.includes(String.fromCharCode(bytes[0] as number));
}

/** Both forms make the same artifact, or fail alike; and the artifact is right. */
async function judgePacking(subject: Subject, one: Uint8Array, other: Uint8Array): Promise<void> {
  if (toLatin1(one).includes('file')) return;
  const [left, right] = [await pack(subject, one), await pack(subject, other)];
  same('packed from the other form', toLatin1(left), toLatin1(right));
  if (left.length > 0 && left[0] === 0x41) same('what is packed has', readStrict(left).join(), '');
}

async function pack(subject: Subject, plan: Uint8Array): Promise<Uint8Array> {
  const sink = subject.toMemory();
  try {
    await subject.packAssets(plan, sink, { folder: '/nowhere' });
    return sink.bytes;
  } catch (error) {
    if (!(error instanceof subject.AssetsPaError)) throw error;
    return Buffer.from(` ${error.code}`);
  }
}
