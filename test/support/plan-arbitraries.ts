/** Arbitrary legal plans, each in every form. */
import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/format.js';
import type { AssetInput, PlanInput } from '../../src/plan/model.js';
import { type Asset, PlanSchema } from '../../src/schema/gen/assets_pa/plan/v1/plan_pb.js';
import { assetId, assetName, freeObject, objectOf } from './arbitraries.js';

type Free = JsonObject & import('@bufbuild/protobuf').JsonObject;

/** protobuf's own library loses members of this name; what it writes cannot hold them. */
function withoutProto(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutProto);
  const members = Object.entries(value).filter(([name]) => name !== '__proto__');
  return objectOf(members.map(([name, each]) => [name, withoutProto(each as JsonValue)]));
}

const free = freeObject.map((object) => withoutProto(object) as Free);
const reserved = new Set(['codec', 'pipeline', 'width', 'height', 'tile_size', 'palette_count', 'palette_authored']);
const freeMetadata = free.map(
  (object) => objectOf(Object.entries(object).filter(([name]) => !reserved.has(name))) as Free,
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const GLYPH = { width: 8, height: 8, tile_size: 8, palette_count: 64 };
const GLYPH_SIZE = 2_080;

type Bank = Pick<AssetInput, 'bankType' | 'metadata' | 'inline' | 'decodedSize'>;

const glyph: fc.Arbitrary<Bank> = fc
  .record({ rest: freeMetadata, fill: fc.nat(255), stated: fc.boolean() })
  .map(({ rest, fill, stated }) => ({
    bankType: 'GLYPH',
    metadata: { ...rest, ...GLYPH },
    inline: new Uint8Array(GLYPH_SIZE).fill(fill),
    decodedSize: stated ? 2_112 : undefined,
  }));

const other: fc.Arbitrary<Bank> = fc.record({
  bankType: fc.constantFrom('SOUNDS' as const, 'SCENE' as const),
  metadata: optional(freeMetadata),
  inline: fc.uint8Array({ maxLength: 20 }),
  decodedSize: optional(fc.maxSafeInteger().map(Math.abs)),
});

const planAsset: fc.Arbitrary<AssetInput> = fc
  .record({
    bank: fc.oneof({ weight: 1, arbitrary: glyph }, { weight: 4, arbitrary: other }),
    assetId,
    assetName,
    codec: optional(fc.constant('NONE' as const)),
    codecConfiguration: optional(free),
    pipeline: optional(free),
    hasSize: fc.boolean(),
    preload: optional(fc.oneof(fc.constant({}), fc.record({ slot: fc.nat(15) }))),
  })
  .map(({ bank, hasSize, ...members }) => ({ ...members, ...bank, size: hasSize ? bank.inline?.length : undefined }));

/** Takes away named slots that stand twice, and undefined members. */
function settle(assets: readonly AssetInput[]): AssetInput[] {
  const taken = new Set<string>();
  return assets.map((asset) => {
    const { preload, bankType } = asset;
    const key = `${bankType} ${preload?.slot}`;
    const isTwice = preload?.slot !== undefined && taken.has(key);
    taken.add(key);
    const members = Object.entries(isTwice ? { ...asset, preload: {} } : asset).filter(
      ([, value]) => value !== undefined,
    );
    return Object.fromEntries(members) as unknown as AssetInput;
  });
}

/** A legal plan with inline payloads. */
export const legalPlan: fc.Arbitrary<PlanInput> = fc
  .record({
    alignment: optional(fc.nat(16).map((power) => 2 ** power)),
    assets: fc.uniqueArray(planAsset, { selector: (asset) => asset.assetId, maxLength: 8 }),
  })
  .map(({ alignment, assets }) => ({
    schemaVersion: 1,
    ...(alignment !== undefined && { layout: { alignment } }),
    assets: settle(assets),
  }));

/** The schema's spelling of a lowerCamelCase name. */
export const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The JSON form; `spell` turns lowerCamelCase names into others. */
export function jsonForm({ layout, assets }: PlanInput, spell: (name: string) => string = snake): Uint8Array {
  const objects = assets.map((asset) => {
    const inline = asset.inline && Buffer.from(asset.inline).toString('base64');
    const decodedSize = asset.decodedSize === undefined ? undefined : String(asset.decodedSize);
    const members = Object.entries({ ...asset, inline, decodedSize });
    return Object.fromEntries(members.map(([name, value]) => [spell(name), value]));
  });
  const text = JSON.stringify({ [spell('schemaVersion')]: 1, layout, assets: objects });
  return new TextEncoder().encode(text);
}

/** The binary form, as protobuf's own library writes it. */
export function binaryForm({ layout, assets }: PlanInput): Uint8Array {
  const messages = assets.map(({ file, inline, stream: _, ...asset }) => ({
    ...asset,
    ...(asset.size !== undefined && { size: BigInt(asset.size) }),
    ...(asset.decodedSize !== undefined && { decodedSize: BigInt(asset.decodedSize) }),
    payload: payloadOf(file, inline),
  }));
  return toBinary(
    PlanSchema,
    create(PlanSchema, { schemaVersion: 1, ...(layout && { layout }), assets: messages } as never),
  );
}

function payloadOf(file: string | undefined, inline: Uint8Array | undefined): Asset['payload'] {
  if (inline !== undefined) return { case: 'inline', value: Uint8Array.from(inline) };
  return file === undefined ? { case: undefined } : { case: 'file', value: file };
}
