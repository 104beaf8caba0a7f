/** Artifacts that are one change apart, laid by hand, and what a plain reading of them gives. */
import {
  artifact,
  counting,
  type EntryText,
  entry,
  header,
  type PreludeFields,
  utf8,
  zeros,
} from '../../spec-vectors/compose.ts';

/** An asset to be laid: its payload, and members of its entry as text where they are not those of a sound. */
export interface LaidAsset extends Omit<EntryText, 'asset_id' | 'asset_name' | 'offset' | 'size'> {
  readonly id: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What {@link lay} lays. */
export interface LaidFile {
  /** In the order of the table. */
  readonly assets: readonly LaidAsset[];
  /** Slots by asset id, in the order of the list. */
  readonly preload?: readonly (readonly [id: number, slot: number])[];
  /** Defaults to 1. */
  readonly alignment?: number;
  /** Changes the text of the header before lengths are taken. */
  readonly text?: (header: string) => string;
  readonly prelude?: PreludeFields;
  /** Changes the finished file. */
  readonly file?: (bytes: Uint8Array) => Uint8Array;
}

/** An artifact as the layout rule has it (T5), but for what the changes make of it. */
export function lay({
  assets,
  preload = [],
  alignment: n = 1,
  text = same,
  prelude,
  file = same,
}: LaidFile): Uint8Array {
  const up = (value: number) => Math.ceil(value / n) * n;
  let end = 0;
  const slices = assets.map(({ bytes }) => {
    const offset = up(end);
    end = offset + bytes.length;
    return { offset, bytes };
  });
  const entries = assets.map(({ id, name, bytes: { length: size }, ...members }, i) =>
    entry({
      decoded_size: `${size}`,
      ...members,
      asset_id: `${id}`,
      asset_name: JSON.stringify(name),
      offset: `${slices[i]?.offset}`,
      size: `${size}`,
    }),
  );
  const slots = preload.map(([id, slot]) => `{"asset_id":${id},"slot":${slot}}`);
  const headerBytes = utf8(text(header(entries, slots)));
  const region = zeros(end);
  for (const { offset, bytes } of slices) region.set(bytes, offset);
  const gap = zeros(up(32 + headerBytes.length) - 32 - headerBytes.length);
  return file(artifact({ header: headerBytes, gap, region, ...(prelude && { prelude }) }));
}

function same<T>(value: T): T {
  return value;
}

/** The file with other bytes at an offset; a negative one counts from the end. */
export function patched(at: number, ...bytes: number[]): (file: Uint8Array) => Uint8Array {
  return (file) => {
    const copy = Uint8Array.from(file);
    copy.set(bytes, at < 0 ? file.length + at : at);
    return copy;
  };
}

/** Changes a text; a test that no longer changes anything fails. */
export function replaced(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`${from} does not occur`);
    return text.replace(from, to);
  };
}

/** Metadata of a GLYPH bank of one tile of 8 x 8 pixels, whose payload has 2,080 bytes. */
export const GLYPH_METADATA = '{"height":8,"palette_count":64,"tile_size":8,"width":8}';

const METADATA = '{"deep":{"list":[1,2,3],"x":1},"loop":true}';
const intro: LaidAsset = { id: 3, name: 'intro', bank_type: '"SCENE"', metadata: METADATA, bytes: counting(5, 10) };
const beep: LaidAsset = { id: 7, name: 'beep', bytes: counting(41) };
const tiles: LaidAsset = {
  id: 9,
  name: 'tiles',
  bank_type: '"GLYPH"',
  decoded_size: '2112',
  metadata: GLYPH_METADATA,
  bytes: counting(2_080, 3),
};
const silence: LaidAsset = { id: 12, name: 'silence', bytes: zeros(0) };
const outro: LaidAsset = { id: 20, name: 'outro', bank_type: '"SCENE"', bytes: counting(17, 100) };

const ASSETS = [intro, beep, tiles, silence, outro] as const;

/** The file from which the others are one change apart. */
export const BASE: LaidFile = {
  assets: ASSETS,
  alignment: 4,
  preload: [
    [3, 2],
    [7, 0],
  ],
};

/** The base with one asset in the place of another. */
function withAsset(old: LaidAsset, changes: Partial<LaidAsset>): LaidFile {
  return { ...BASE, assets: ASSETS.map((each) => (each === old ? { ...each, ...changes } : each)) };
}

function withAssets(...assets: LaidAsset[]): LaidFile {
  return { ...BASE, assets: assets.sort((a, b) => a.id - b.id) };
}

function withText(from: string, to: string): LaidFile {
  return { ...BASE, text: replaced(from, to) };
}

function withFile(file: (bytes: Uint8Array) => Uint8Array): LaidFile {
  return { ...BASE, file };
}

/** A payload with one other byte. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x80;
  return copy;
}

const fresh = (id: number): LaidAsset => ({ id, name: `new ${id}`, bytes: counting(6, 50) });
const headerEnd = (bytes: Uint8Array) => 32 + new DataView(bytes.buffer).getUint32(8, true);

/** The base, and what is one change apart from it. */
export const PREPARED: Readonly<Record<string, LaidFile>> = {
  base: BASE,
  'a name': withAsset(beep, { name: 'beeq' }),
  'a longer name': withAsset(beep, { name: 'beep, but longer' }),
  'a value of metadata': withAsset(intro, { metadata: METADATA.replace('true', 'null') }),
  'a value deep in metadata': withAsset(intro, { metadata: METADATA.replace('"x":1', '"x":2') }),
  'an element in metadata': withAsset(intro, { metadata: METADATA.replace('[1,2,3]', '[1,2,4]') }),
  'a member more in metadata': withAsset(intro, { metadata: METADATA.replace('true', 'true,"more":"x"') }),
  'a member of another type in metadata': withAsset(intro, { metadata: METADATA.replace('true', '[]') }),
  decoded_size: withAsset(beep, { decoded_size: '42' }),
  bank_type: withAsset(outro, { bank_type: '"SOUNDS"' }),
  codec: withAsset(beep, { codec: '"RAW"' }),
  'an unknown bank_type': withAsset(outro, { bank_type: '"TILES"' }),
  'the first byte of a payload': withAsset(beep, { bytes: flipped(beep.bytes, 0) }),
  'a byte in the middle of a payload': withAsset(beep, { bytes: flipped(beep.bytes, 20) }),
  'the last byte of a payload': withAsset(beep, { bytes: flipped(beep.bytes, 40) }),
  'a byte of the index plane': withAsset(tiles, { bytes: flipped(tiles.bytes, 31) }),
  'a byte of a palette': withAsset(tiles, { bytes: flipped(tiles.bytes, 32 + 5 * 32 + 1) }),
  'the very last byte': withAsset(outro, { bytes: flipped(outro.bytes, 16) }),
  'a longer payload': withAsset(beep, { bytes: counting(46) }),
  'a shorter payload': withAsset(beep, { bytes: counting(30) }),
  'an empty payload': withAsset(beep, { bytes: zeros(0) }),
  'an asset more at the front': withAssets(fresh(1), ...ASSETS),
  'an asset more in the middle': withAssets(fresh(8), ...ASSETS),
  'an asset more at the end': withAssets(fresh(21), ...ASSETS),
  'an empty asset more': withAssets({ id: 13, name: 'hush', bytes: zeros(0) }, ...ASSETS),
  'an asset less': withAssets(intro, beep, silence, outro),
  'an id': { ...withAsset(outro, { id: 19 }) },
  'no asset': { ...BASE, assets: [], preload: [] },
  'a slot': {
    ...BASE,
    preload: [
      [3, 2],
      [7, 1],
    ],
  },
  'a slot more': {
    ...BASE,
    preload: [
      [3, 2],
      [7, 0],
      [20, 3],
    ],
  },
  'a slot less': { ...BASE, preload: [[3, 2]] },
  'alignment 1': { ...BASE, alignment: 1 },
  'alignment 16': { ...BASE, alignment: 16 },
  'alignment 4096': { ...BASE, alignment: 4_096 },
  'a padding byte before the payloads': withFile((bytes) => patched(headerEnd(bytes), 1)(bytes)),
  'a padding byte between payloads': withFile((bytes) =>
    patched(bytes.length - outro.bytes.length - 2_080 - 1, 9)(bytes),
  ),
  'a trailing byte': withFile((bytes) => Uint8Array.from([...bytes, 0])),
  flags: { ...BASE, prelude: { flags: 1 } },
  reserved: { ...BASE, prelude: { reserved: 0x01_00_00_00 } },
  header_checksum: { ...BASE, prelude: { headerChecksum: 0xff_ff_ff_ff } },
  schema_version: { ...BASE, prelude: { schemaVersion: 2 } },
  'the magic': withFile(patched(0, 0x50, 0x4b)),
  'white space in the header': withText('"beep"', ' "beep"'),
  'an escaped letter': withText('"beep"', '"b\\u0065ep"'),
  'members out of order': withText('"loop":true}', '"loop":true,"a":1}'),
  'members in another order': withText(
    '"deep":{"list":[1,2,3],"x":1},"loop":true',
    '"loop":true,"deep":{"list":[1,2,3],"x":1}',
  ),
  'entries in another order': { ...BASE, text: swapped },
  'a member that the format does not have': withText('"asset_table"', '"asset_tab":0,"asset_table"'),
  'an entry of another shape': withText('"asset_id":7,"asset_name"', '"asset_id":"7","asset_name"'),
  'a header that is no JSON': withText('{"asset_table":[', '{"asset_table":{'),
  'a header that is no UTF-8': withFile((bytes) => patched(Buffer.from(bytes).indexOf('beep'), 0xff)(bytes)),
  'cut off in a payload': withFile((bytes) => bytes.subarray(0, -5)),
  'cut off before the payloads': withFile((bytes) => bytes.subarray(0, headerEnd(bytes))),
  'cut off in the header': withFile((bytes) => bytes.subarray(0, headerEnd(bytes) - 7)),
  'five bytes': withFile((bytes) => bytes.subarray(0, 5)),
  nothing: withFile(() => zeros(0)),
  'payload_offset after the file': { ...BASE, prelude: { payloadOffset: 2n ** 64n - 1n } },
  'payload_offset in the header': { ...BASE, prelude: { payloadOffset: 40 } },
  'payload_offset one too high': withFile((bytes) => patched(12, (bytes[12] ?? 0) + 1)(bytes)),
  'a slice outside the file': withText('"offset":2132,"size":17', '"offset":2132,"size":18'),
  'slices that overlap': withText('"offset":8,"size":41', '"offset":4,"size":41'),
};

/** The header's text with its first two entries in each other's place. */
function swapped(text: string): string {
  const [first = '', second = ''] = text.match(/\{"asset_id":\d+,"asset_name".*?"size":\d+\}/g) ?? [];
  return text.replace(`${first},${second}`, `${second},${first}`);
}

/** The first byte in which two files differ, by looking at every byte; undefined when they are equal. */
export function firstDifferenceOf(a: Uint8Array, b: Uint8Array): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) if (a[i] !== b[i]) return i;
  return undefined;
}
