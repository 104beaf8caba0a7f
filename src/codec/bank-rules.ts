/**
 * What a bank type asks of its metadata and sizes (B1-B4). A later rule is one more row of {@link BANK_RULES}.
 */
import { Phrase } from '../errors.js';
import { type BankType, INTEGER_MAX, type JsonObject, type JsonValue } from '../format.js';
import type { ReportAt } from './entry-rules.js';
import { INVALID } from './json-tree.js';

/** The sizes that a bank's rule gives, in bytes. */
export interface BankSizes {
  readonly size: number;
  readonly decodedSize: number;
}

/** Checks metadata, one `BANK_METADATA` per missing or wrong member; gives the sizes only when it is right. */
type BankRule = (metadata: JsonObject, report: ReportAt) => BankSizes | undefined;

const BANK_RULES: ReadonlyMap<string, BankRule> = new Map<BankType, BankRule>([['GLYPH', glyphRule]]);

/**
 * Applies the bank's rule to metadata (B1).
 *
 * @param bankType Unknown types and those without a published rule (B4) have nothing to check.
 * @returns The sizes that the rule gives, or undefined where it gives none.
 */
export function checkBankMetadata(bankType: string, metadata: JsonObject, report: ReportAt): BankSizes | undefined {
  return BANK_RULES.get(bankType)?.(metadata, report);
}

/** B1: `size` and `decoded_size` against what the rule gave. */
export function checkBankSizes(
  found: { readonly [K in keyof BankSizes]: number | undefined },
  expected: BankSizes | undefined,
  report: ReportAt,
): void {
  if (expected === undefined) return;
  for (const [member, key] of [
    ['size', 'size'],
    ['decoded_size', 'decodedSize'],
  ] as const) {
    if (found[key] === undefined || found[key] === expected[key]) continue;
    report('BANK_SIZE', `/${member}`, {
      what: `${member} does not fit the bank's metadata`,
      expected: expected[key],
      actual: found[key],
    });
  }
}

/** B1: sides of a tile, in pixels. */
export const TILE_SIZES: readonly JsonValue[] = [8, 16, 32];
/** B1: palettes in a payload, used or not. */
export const PALETTE_COUNT = 64;
/** B1: 4-bit indices choose among these. */
export const COLOURS_PER_PALETTE = 16;
/** B1: RGB565. */
export const BYTES_PER_COLOUR = 2;
/** B1: 64 palettes of 16 RGB565 colours. */
const PALETTE_BYTES = PALETTE_COUNT * COLOURS_PER_PALETTE * BYTES_PER_COLOUR;

/** B1: a sheet of 4-bit indices and its palettes. */
function glyphRule(metadata: JsonObject, report: ReportAt): BankSizes | undefined {
  let right = true;
  const member = (name: string, isRight: (value: JsonValue) => boolean, expected: string): JsonValue | undefined => {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    if (value !== undefined && isRight(value)) return value;
    right = false;
    if ((value as unknown) === INVALID) return undefined;
    report('BANK_METADATA', value === undefined ? '/metadata' : `/metadata/${name}`, {
      what: `a GLYPH bank's ${name} is ${value === undefined ? 'missing' : 'wrong'}`,
      expected: new Phrase(expected),
      ...(value !== undefined && { actual: value }),
    });
    return undefined;
  };

  const tileSize = member('tile_size', (value) => TILE_SIZES.includes(value), '8, 16 or 32');
  const unit = Number(tileSize ?? 1);
  const isSide = (value: JsonValue) => isInteger(value) && value > 0 && value % unit === 0;
  const side = unit === 1 ? 'a positive integer' : `a positive multiple of tile_size ${unit}`;
  const width = Number(member('width', isSide, side));
  const height = Number(member('height', isSide, side));
  member('palette_count', (value) => value === PALETTE_COUNT, String(PALETTE_COUNT));
  if (Object.hasOwn(metadata, 'palette_authored')) {
    const isCount = (value: JsonValue) => isInteger(value) && value >= 0 && value <= PALETTE_COUNT;
    member('palette_authored', isCount, `an integer from 0 to ${PALETTE_COUNT}`);
  }
  if (right && width > (INTEGER_MAX - PALETTE_BYTES) / height) {
    member('height', () => false, `at most ${Math.floor((INTEGER_MAX - PALETTE_BYTES) / width)} at this width`);
  }
  if (!right) return undefined;
  const pixels = width * height;
  return { size: Math.ceil(pixels / 2) + PALETTE_BYTES, decodedSize: pixels + PALETTE_BYTES };
}

function isInteger(value: JsonValue): value is number {
  return Number.isSafeInteger(value);
}
