/** Arbitrary legal values: what the format can hold, and nothing else. */
import fc from 'fast-check';
import type { AssetEntry, BankType, Header, JsonObject, JsonValue, PreloadEntry } from '../../src/format.js';

/** Well-formed strings of any code points; `__proto__` and integer-like ones come up often enough to matter. */
export const legalString: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', '', '0', '10', '2', '\ue000', '\u{10000}', '~/'),
  },
);

/** H4: an integer within +-(2^53 - 1). */
export const legalInteger: fc.Arbitrary<number> = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -9, max: 9 }));

/** An object from entries, `__proto__` as plain data. */
export function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(entries);
}

const { value, object } = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, false),
    legalInteger,
    legalString,
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(legalString, tie('value')), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => objectOf(entries)),
}));

/** M4: a value of the canonical form. */
export const legalValue: fc.Arbitrary<JsonValue> = value;

/** A free object. */
export const freeObject: fc.Arbitrary<JsonObject> = object;

/** A free object that may be the root of `metadata` (M3) and leaves the bank's own members alone (B1). */
const ownMembers = new Set(['pipeline', 'width', 'height', 'tile_size', 'palette_count', 'palette_authored']);
const freeMetadata = freeObject.map((members) =>
  objectOf(Object.entries(members).filter(([name]) => !ownMembers.has(name))),
);

/** T1: an asset name. */
export const assetName: fc.Arbitrary<string> = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((name) => !/\p{Cc}/u.test(name));

/** T1: an asset id. */
export const assetId: fc.Arbitrary<number> = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1));

const byteCount = fc.maxSafeInteger().map((n) => Math.abs(n));

type Rest = Pick<AssetEntry, 'bankType' | 'metadata' | 'size' | 'decodedSize'>;

/** B1: what a GLYPH bank of any legal sheet says. */
const glyphRest: fc.Arbitrary<Rest> = fc
  .record({
    tile: fc.constantFrom(8, 16, 32),
    columns: fc.integer({ min: 1, max: 1_000 }),
    rows: fc.integer({ min: 1, max: 1_000 }),
    authored: fc.option(fc.nat(64), { nil: undefined }),
    free: freeMetadata,
  })
  .map(({ tile, columns, rows, authored, free }) => {
    const pixels = tile * columns * tile * rows;
    const rule = { width: tile * columns, height: tile * rows, tile_size: tile, palette_count: 64 };
    const entries: [string, JsonValue][] = [...Object.entries(free), ...Object.entries(rule)];
    if (authored !== undefined) entries.push(['palette_authored', authored]);
    return { bankType: 'GLYPH', metadata: objectOf(entries), size: pixels / 2 + 2_048, decodedSize: pixels + 2_048 };
  });

/** B4: a bank without a published rule. */
const otherRest: fc.Arbitrary<Rest> = fc.record({
  bankType: fc.constantFrom<BankType>('SOUNDS', 'SCENE'),
  metadata: freeMetadata,
  size: byteCount,
  decodedSize: byteCount,
});

/** One asset table entry; its offset is any number, since a header alone says nothing of slices. */
const entry = fc
  .record({ assetId, assetName, offset: byteCount, rest: fc.oneof(glyphRest, otherRest) })
  .map(({ rest, ...members }): AssetEntry => ({ ...members, ...rest, codec: 'NONE' }));

/** H1: a header that every rule but the layout's accepts. */
export const legalHeader: fc.Arbitrary<Header> = fc
  .uniqueArray(fc.tuple(entry, fc.option(fc.nat(15))), { selector: ([{ assetId: id }]) => id, maxLength: 12 })
  .map((drawn) => {
    const sorted = drawn.sort(([a], [b]) => a.assetId - b.assetId);
    const taken = new Set<string>();
    const preload: PreloadEntry[] = [];
    for (const [{ assetId: id, bankType }, slot] of sorted) {
      const key = `${bankType} ${slot}`;
      if (slot === null || taken.has(key)) continue;
      taken.add(key);
      preload.push({ assetId: id, slot });
    }
    return { assetTable: sorted.map(([each]) => each), preload };
  });
