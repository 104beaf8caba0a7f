/** The recipes' rules, once in words for recipes.json and once as functions. */

type BankType = 'GLYPH' | 'SOUNDS' | 'SCENE';
type Value = number | string | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What the rules give for one asset. */
export interface RecipeAsset {
  readonly assetId: number;
  /** Has nothing to escape. */
  readonly assetName: string;
  readonly bankType: BankType;
  readonly size: number;
  readonly decodedSize: number;
  /** The metadata as a value, for a plan. */
  readonly metadata: () => { readonly [name: string]: Value };
  /** The metadata as it stands in the header, written here by hand. */
  readonly metadataText: () => string;
  /** Absent: not preloaded. */
  readonly slot?: number;
}

/** A rule for each member, in words. */
interface Rules {
  readonly asset_id: string;
  readonly asset_name: string;
  readonly bank_type: string;
  readonly size: string;
  readonly decoded_size: string;
  readonly metadata: string;
  readonly preload: string;
}

/** A large artifact. */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly count: number;
  readonly alignment: number;
  /** What the seeds of payloads are made from. */
  readonly seed: number;
  readonly rules: Rules;
  /** In table order. */
  readonly asset: (i: number) => RecipeAsset;
  /** Assets that recipes.json shows. */
  readonly samples: readonly number[];
}

/** MurmurHash3's 32-bit finalizer; takes and gives a signed 32-bit integer. */
export function fmix32(value: number): number {
  let h = value | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const BEYOND_SIZES = [2147483647, 2, 2147483647, 0, 1, 65537, 3, 1048576, 0] as const;

const beyond: Recipe = {
  id: 'offsets-beyond-4-gib',
  title: 'Packed; offsets at 2^31 - 1, 2^31 + 1, 2^32 and after',
  clauses: ['E3', 'E7', 'T5', 'W1'],
  count: BEYOND_SIZES.length,
  alignment: 1,
  seed: 1,
  rules: {
    asset_id: '10 * i',
    asset_name: '"part {i}"',
    bank_type: 'SOUNDS where i is even, SCENE where it is odd',
    size: `for i = 0, 1, ...: ${BEYOND_SIZES.join(', ')}`,
    decoded_size: '3 * size (beyond 32 bits)',
    metadata: 'one member: "part", the integer i',
    preload: 'i = 4 in slot 0, i = 6 in slot 15, i = 7 in slot 0; nothing else',
  },
  asset: (i) => ({
    assetId: 10 * i,
    assetName: `part ${i}`,
    bankType: i % 2 === 0 ? 'SOUNDS' : 'SCENE',
    size: BEYOND_SIZES[i] as number,
    decodedSize: 3 * (BEYOND_SIZES[i] as number),
    metadata: () => ({ part: i }),
    metadataText: () => `{"part":${i}}`,
    ...(i === 4 || i === 7 ? { slot: 0 } : i === 6 ? { slot: 15 } : {}),
  }),
  samples: [0, 2, 4, 8],
};

const SLICE_SIZES = [3, 4294967301, 0, 5] as const;

const slice: Recipe = {
  id: 'slice-beyond-4-gib',
  title: 'One payload of 2^32 + 5 bytes between small ones, alignment 4,096',
  clauses: ['E3', 'E7', 'T5', 'W1'],
  count: SLICE_SIZES.length,
  alignment: 4096,
  seed: 2,
  rules: {
    asset_id: 'i',
    asset_name: '"slice {i}"',
    bank_type: 'SCENE',
    size: `for i = 0, 1, ...: ${SLICE_SIZES.join(', ')}`,
    decoded_size: 'size',
    metadata: 'no member',
    preload: 'nothing',
  },
  asset: (i) => ({
    assetId: i,
    assetName: `slice ${i}`,
    bankType: 'SCENE',
    size: SLICE_SIZES[i] as number,
    decodedSize: SLICE_SIZES[i] as number,
    metadata: () => ({}),
    metadataText: () => '{}',
  }),
  samples: [0, 1, 2, 3],
};

const NAMES = ['entry ', '\u0433\u0440\u0443\u043f\u043f\u0430/', '\u97f3 ', '\u{1f3ae}'] as const;

const million: Recipe = {
  id: 'million-entries',
  title: 'A table of 1,000,000 entries with payloads of 0 to 4 bytes',
  clauses: ['T1', 'T2', 'T4', 'L3', 'W1'],
  count: 1_000_000,
  alignment: 1,
  seed: 3,
  rules: {
    asset_id: '2147 * i + (i mod 7)',
    asset_name:
      'by i mod 4: 0: "entry {i}"; 1: "\u0433\u0440\u0443\u043f\u043f\u0430/{i}" (Cyrillic); 2: "\u97f3 {i}" (U+97F3, a space); 3: "\u{1f3ae}{i}" (U+1F3AE)',
    bank_type: 'SOUNDS where i is even, SCENE where it is odd',
    size: 'i mod 5',
    decoded_size: 'size + (i mod 3)',
    metadata:
      'by (i div 2) mod 4: 0: no member; 1: "n", the integer i; 2: "at", an array of the integers i and -i (0 for i = 0), and "x", null; 3: "loop", true where i is even, else false, and "tag", "\u00e9{i}" (U+00E9)',
    preload: 'i from 0 to 31, in slot 15 - (i div 2); nothing else',
  },
  asset: (i) => {
    const [value, text] = millionMetadata(i);
    return {
      assetId: 2147 * i + (i % 7),
      assetName: `${NAMES[i % 4]}${i}`,
      bankType: i % 2 === 0 ? 'SOUNDS' : 'SCENE',
      size: i % 5,
      decodedSize: (i % 5) + (i % 3),
      metadata: () => value,
      metadataText: () => text,
      ...(i < 32 && { slot: 15 - (i >> 1) }),
    };
  },
  samples: [0, 1, 2, 3, 4, 7, 31, 999_999],
};

function millionMetadata(i: number): [{ readonly [name: string]: Value }, string] {
  switch ((i >> 1) % 4) {
    case 0:
      return [{}, '{}'];
    case 1:
      return [{ n: i }, `{"n":${i}}`];
    case 2:
      return [{ x: null, at: [i, -i] }, `{"at":[${i},${-i}],"x":null}`];
    default:
      return [{ tag: `\u00e9${i}`, loop: i % 2 === 0 }, `{"loop":${i % 2 === 0},"tag":"\u00e9${i}"}`];
  }
}

const aligned: Recipe = {
  id: 'alignment-65536',
  title: '1,000 assets at the largest alignment, sizes around its multiples',
  clauses: ['E5', 'E6', 'T5', 'B1'],
  count: 1_000,
  alignment: 65_536,
  seed: 4,
  rules: {
    asset_id: '3 * i + 1',
    asset_name: '"aligned {i}"',
    bank_type: 'GLYPH where i mod 8 is 5; else SOUNDS where i is even, SCENE where it is odd',
    size: 'by i mod 8: 0: 0; 1: 1; 2: 65535; 3: 65536; 4: 65537; 5: 128 * h + 2048, where h = 8 * (1 + i mod 32); 6: fmix32(i) mod 200000; 7: 3',
    decoded_size: 'where i mod 8 is 5: 256 * h + 2048; else size',
    metadata:
      'where i mod 8 is 5: "height", the integer h; "palette_count", 64; "tile_size", 8; "width", 256; else no member',
    preload: 'i from 0 to 127 where i mod 8 is 5, in slot i div 8; nothing else',
  },
  asset: (i) => {
    const common = { assetId: 3 * i + 1, assetName: `aligned ${i}` };
    if (i % 8 === 5) {
      const height = 8 * (1 + (i % 32));
      return {
        ...common,
        bankType: 'GLYPH',
        size: 128 * height + 2048,
        decodedSize: 256 * height + 2048,
        metadata: () => ({ width: 256, height, tile_size: 8, palette_count: 64 }),
        metadataText: () => `{"height":${height},"palette_count":64,"tile_size":8,"width":256}`,
        ...(i < 128 && { slot: i >> 3 }),
      };
    }
    const size = [0, 1, 65_535, 65_536, 65_537, 0, (fmix32(i) >>> 0) % 200_000, 3][i % 8] as number;
    return {
      ...common,
      bankType: i % 2 === 0 ? 'SOUNDS' : 'SCENE',
      size,
      decodedSize: size,
      metadata: () => ({}),
      metadataText: () => '{}',
    };
  },
  samples: [0, 4, 5, 6, 999],
};

const LIST = 60_000;
const TEXTS = 25_000;

/** Item k of the list of asset i. */
function listItem(i: number, k: number): number {
  return (fmix32(i * 65_536 + k) >>> 0) - 2_147_483_648;
}

const header: Recipe = {
  id: 'header-100-mb',
  title: 'A header of more than 100 MB, nearly all of it metadata',
  clauses: ['E7', 'H1', 'H3', 'M4'],
  count: 100,
  alignment: 1,
  seed: 5,
  rules: {
    asset_id: 'i',
    asset_name: '"metadata {i}"',
    bank_type: 'SCENE',
    size: 'i',
    decoded_size: 'size',
    metadata:
      '"list", an array of 60000 integers, item k being fmix32(65536 * i + k) - 2147483648 (exact, not modulo 2^32); "text", 25000 times the six characters a, U+00E9, U+97F3, U+1F600, U+000A, U+0022 (the last two are escaped in the header)',
    preload: 'nothing',
  },
  asset: (i) => ({
    assetId: i,
    assetName: `metadata ${i}`,
    bankType: 'SCENE',
    size: i,
    decodedSize: i,
    metadata: () => ({
      text: 'a\u00e9\u97f3\u{1f600}\n"'.repeat(TEXTS),
      list: Array.from({ length: LIST }, (_, k) => listItem(i, k)),
    }),
    metadataText: () => {
      const list = Array.from({ length: LIST }, (_, k) => String(listItem(i, k)));
      return `{"list":[${list.join(',')}],"text":"${'a\u00e9\u97f3\u{1f600}\\n\\"'.repeat(TEXTS)}"}`;
    },
  }),
  samples: [0, 1, 99],
};

/** Every recipe. */
export const RECIPES: readonly Recipe[] = [beyond, slice, million, aligned, header];
