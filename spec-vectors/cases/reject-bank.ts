/** Faults of metadata: names that are taken, and the rules of a bank type. A runtime may know them or not. */
import { artifact, entry, header, zeros } from '../compose.ts';
import type { Flag, RejectCase } from '../vector.ts';
import { sound } from './reject-table.ts';

// Names

function collision(what: string, title: string, entries: readonly string[], index: number): RejectCase {
  return {
    code: 'METADATA_COLLISION',
    what,
    title,
    clauses: ['M2', 'M3'],
    flags: ['open-at-runtime'],
    bytes: artifact({ header: header(entries) }),
    where: { pointer: `/asset_table/${index}/metadata/pipeline` },
    runtime: 'unspecified',
  };
}

/** An empty sound with metadata. */
const withMetadata = (id: number, metadata: string): string =>
  entry({ asset_id: `${id}`, asset_name: `"s${id}"`, decoded_size: '0', metadata, size: '0' });

const collisionCases: readonly RejectCase[] = [
  collision('pipeline-object', 'Metadata has a root member pipeline', [withMetadata(1, '{"pipeline":{}}')], 0),
  collision(
    'pipeline-null',
    'A root member pipeline is one, also with null',
    [withMetadata(1, '{"pipeline":null}')],
    0,
  ),
  collision(
    'pipeline-in-the-last-of-three',
    'The last of three assets has pipeline beside other metadata',
    [withMetadata(1, '{}'), withMetadata(2, '{"codec":{}}'), withMetadata(3, '{"loop":true,"pipeline":{"a":1}}')],
    2,
  ),
];

// GLYPH

type GlyphMember = 'height' | 'palette_authored' | 'palette_count' | 'tile_size' | 'width';

/** The metadata of the smallest sheet: one tile of 8 x 8. */
const ONE_TILE: { readonly [name in GlyphMember]?: string } = {
  height: '8',
  palette_count: '64',
  tile_size: '8',
  width: '8',
};

/** Canonical text of glyph metadata; a member that is undefined is left out. */
function metadataText(members: { readonly [name in GlyphMember]?: string | undefined }): string {
  const names = ['height', 'palette_authored', 'palette_count', 'tile_size', 'width'] as const;
  const present = names.filter((name) => members[name] !== undefined);
  return `{${present.map((name) => `"${name}":${members[name]}`).join(',')}}`;
}

/** A glyph bank that is right but for what `members` say. */
function glyph(
  members: { readonly [name in GlyphMember]?: string | undefined },
  size: number,
  decodedSize: number,
): Uint8Array {
  const only = entry({
    bank_type: '"GLYPH"',
    decoded_size: `${decodedSize}`,
    metadata: metadataText({ ...ONE_TILE, ...members }),
    size: `${size}`,
  });
  return artifact({ header: header([only]), region: zeros(size) });
}

function bankMetadata(
  what: string,
  title: string,
  pointer: string,
  flags: readonly Flag[],
  bytes: Uint8Array,
): RejectCase {
  return {
    code: 'BANK_METADATA',
    what,
    title,
    clauses: ['B1'],
    flags: ['bank', ...flags, 'open-at-runtime'],
    bytes,
    where: { pointer },
    runtime: 'unspecified',
  };
}

function missing(member: GlyphMember): RejectCase {
  return bankMetadata(
    `${member.replace('_', '-')}-missing`,
    `A glyph bank lacks ${member}`,
    '/asset_table/0/metadata',
    [],
    glyph({ [member]: undefined }, 2080, 2112),
  );
}

/** One wrong member; the sizes are those of `pixels` pixels. */
function wrong(
  member: GlyphMember,
  value: string,
  what: string,
  title: string,
  flags: readonly Flag[] = [],
  { pixels = 64, others = {} }: { pixels?: number; others?: { readonly [name in GlyphMember]?: string } } = {},
): RejectCase {
  return bankMetadata(
    `${member.replace('_', '-')}-${what}`,
    title,
    `/asset_table/0/metadata/${member}`,
    flags,
    glyph({ ...others, [member]: value }, pixels / 2 + 2048, pixels + 2048),
  );
}

const metadataCases: readonly RejectCase[] = [
  missing('width'),
  missing('height'),
  missing('tile_size'),
  missing('palette_count'),

  wrong('width', '0', 'zero', 'The width is 0', ['beyond-boundary', 'number'], { pixels: 0 }),
  wrong('width', '-8', 'negative', 'The width is a multiple of tile_size, but negative', ['number'], { pixels: 0 }),
  wrong('width', '12', 'not-a-multiple', 'The width is one tile and a half', [], { pixels: 96 }),
  wrong('width', '7', 'one-less', 'The width is one pixel less than a tile', ['beyond-boundary'], { pixels: 56 }),
  wrong('width', '"8"', 'text', 'The width is a text', []),
  wrong('height', '0', 'zero', 'The height is 0', ['beyond-boundary', 'number'], { pixels: 0 }),
  wrong('height', '12', 'not-a-multiple', 'The height is one tile and a half', [], { pixels: 96 }),
  wrong('height', '8', 'half-a-tile', 'The height is a multiple of 8, but tiles have 16', [], {
    pixels: 128,
    others: { tile_size: '16', width: '16' },
  }),
  wrong('height', 'null', 'null', 'The height is null', []),
  // The least height that is too large for a width of 8: 8 * (2^50 - 256) + 2048 is 2^53.
  wrong('height', '1125899906842368', 'product', 'Width times height, and the palettes, come to 2^53', [
    'beyond-boundary',
    'number',
  ]),

  wrong('tile_size', '0', 'zero', 'tile_size is 0, by which no width can be divided', ['number']),
  wrong('tile_size', '4', '4', 'Tiles of 4 x 4 do not exist', ['beyond-boundary']),
  wrong('tile_size', '24', '24', 'Tiles of 24 x 24 do not exist', [], {
    pixels: 576,
    others: { height: '24', width: '24' },
  }),
  wrong('tile_size', '64', '64', 'Tiles of 64 x 64 do not exist', ['beyond-boundary'], {
    pixels: 4096,
    others: { height: '64', width: '64' },
  }),
  wrong('tile_size', '"8"', 'text', 'tile_size is a text', []),

  wrong('palette_count', '63', '63', 'A glyph bank has 64 palettes, not 63', ['beyond-boundary']),
  wrong('palette_count', '65', '65', 'A glyph bank has 64 palettes, not 65', ['beyond-boundary']),
  wrong('palette_count', '"64"', 'text', 'palette_count is a text', []),
  wrong('palette_authored', '-1', 'negative', 'palette_authored is -1', ['beyond-boundary', 'number']),
  wrong('palette_authored', '65', '65', 'palette_authored is 65, more palettes than there are', [
    'beyond-boundary',
    'number',
  ]),
  wrong('palette_authored', '"1"', 'text', 'palette_authored is a text', []),
  wrong('palette_authored', 'null', 'null', 'palette_authored may be missing, but not null', []),

  bankMetadata(
    'last-of-three',
    'The last of three assets is a glyph bank with 16 palettes',
    '/asset_table/2/metadata/palette_count',
    [],
    artifact({
      header: header([
        sound(1, 0, 0),
        sound(2, 0, 0),
        entry({
          asset_id: '3',
          bank_type: '"GLYPH"',
          decoded_size: '2112',
          metadata: metadataText({ ...ONE_TILE, palette_count: '16' }),
          size: '2080',
        }),
      ]),
      region: zeros(2080),
    }),
  ),
];

function bankSize(
  what: string,
  title: string,
  member: 'size' | 'decoded_size',
  size: number,
  decodedSize: number,
  flags: readonly Flag[],
): RejectCase {
  return {
    code: 'BANK_SIZE',
    what,
    title,
    clauses: ['B1'],
    flags: ['bank', ...flags, 'open-at-runtime'],
    bytes: glyph({}, size, decodedSize),
    where: { pointer: `/asset_table/0/${member}` },
    runtime: 'unspecified',
  };
}

const sizeCases: readonly RejectCase[] = [
  bankSize('size-one-less', 'The last palette lacks a byte', 'size', 2079, 2112, ['beyond-boundary']),
  bankSize('size-one-more', 'A byte follows the last palette', 'size', 2081, 2112, ['beyond-boundary']),
  bankSize('size-without-palettes', 'The payload is the index plane alone', 'size', 32, 2112, []),
  bankSize('size-of-whole-bytes', 'The payload has a byte for each pixel', 'size', 2112, 2112, []),
  bankSize('size-zero', 'The payload of a glyph bank is empty', 'size', 0, 2112, []),
  bankSize('decoded-size-one-less', 'decoded_size is one too small', 'decoded_size', 2080, 2111, ['beyond-boundary']),
  bankSize('decoded-size-one-more', 'decoded_size is one too large', 'decoded_size', 2080, 2113, ['beyond-boundary']),
  bankSize(
    'decoded-size-is-size',
    'decoded_size counts a byte for each pixel, not for two',
    'decoded_size',
    2080,
    2080,
    [],
  ),
];

export const cases: readonly RejectCase[] = [...collisionCases, ...metadataCases, ...sizeCases];
