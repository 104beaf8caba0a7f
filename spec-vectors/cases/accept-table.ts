/** Accepted files about the table: its size, ids, sizes, and what an asset is called. */
import { artifact, counting, utf8 } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';
import { base64, lay } from './accept-lay.ts';

const tables: readonly AcceptCase[] = [
  {
    name: 'empty-table',
    title: 'The smallest file: no assets, 63 bytes',
    clauses: ['E2', 'E6', 'E7', 'H1'],
    flags: ['minimal', 'boundary'],
    bytes: artifact({ header: '{"asset_table":[],"preload":[]}' }),
    expected: { asset_table: [], preload: [], slices: [] },
    plan: { schema_version: 1, assets: [] },
  },
  lay({
    name: 'one-sounds',
    title: 'One SOUNDS asset, packed: its payload follows the header at once',
    clauses: ['E5', 'T1', 'T5'],
    flags: ['minimal'],
    assets: [{ id: 1, bank_type: '"SOUNDS"', bytes: utf8('beep') }],
  }),
  lay({
    name: 'one-scene',
    title: 'One SCENE asset',
    clauses: ['T1'],
    flags: ['minimal'],
    assets: [{ id: 1, bank_type: '"SCENE"', bytes: utf8('room') }],
  }),
  lay({
    name: 'slice-200001-bytes',
    title: 'A slice longer than any buffer that a reader hashes with, and of an odd length',
    clauses: ['E3', 'T5'],
    flags: ['boundary'],
    assets: [{ id: 1, bytes: counting(200_001), offset: '0' }],
  }),
  lay({
    name: 'entries-257',
    title: 'More entries than a byte can count, all of them empty',
    clauses: ['T1', 'T2', 'T3', 'E7'],
    flags: ['boundary'],
    assets: Array.from({ length: 257 }, (_, i) => ({ id: i + 1, asset_name: `"a${i + 1}"`, offset: '0' })),
  }),
  lay({
    name: 'plan-says-everything',
    title: 'A plan that states what it could leave out, in lowerCamelCase, gives the file that the short plan gives',
    clauses: ['T1', 'M2', 'W7'],
    flags: ['minimal'],
    assets: [{ id: 1, bank_type: '"SOUNDS"', bytes: utf8('abc'), metadata: '{"rate":11025}' }],
    plan: {
      $schema: 'https://example.com/plan.schema.json',
      schemaVersion: 1,
      layout: { alignment: 1 },
      assets: [
        {
          assetId: 1,
          assetName: 'a',
          bankType: 'SOUNDS',
          codec: 'NONE',
          decodedSize: '3',
          metadata: { rate: 11025 },
          pipeline: { tool: 'mixer', pipeline: { steps: [1, 2, 3] } },
          inline: base64(utf8('abc')),
          size: '3',
          digest: 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        },
      ],
    },
  }),
  lay({
    name: 'duplicate-content',
    title: 'Two assets with equal bytes keep an entry and a slice each',
    clauses: ['T3'],
    flags: ['duplicate'],
    assets: [
      { id: 1, asset_name: '"here"', bytes: utf8('same') },
      { id: 2, asset_name: '"there"', bytes: utf8('same'), offset: '4' },
    ],
  }),
];

const ids: readonly AcceptCase[] = [
  lay({
    name: 'id-0',
    title: 'The lowest asset id, 0',
    clauses: ['T1'],
    flags: ['boundary', 'number'],
    assets: [{ id: 0, bytes: utf8('zero') }],
  }),
  lay({
    name: 'id-2147483647',
    title: 'The highest asset id, 2^31 - 1',
    clauses: ['T1'],
    flags: ['boundary', 'number'],
    assets: [{ id: 2147483647, bytes: utf8('last') }],
  }),
  lay({
    name: 'ids-with-gaps',
    title: 'Ids with gaps, by number and not as text; the plan gives them in another order',
    clauses: ['T1', 'T2', 'T4'],
    flags: ['boundary', 'order'],
    assets: [
      { id: 0, asset_name: '"e"', bytes: utf8('0') },
      { id: 1, asset_name: '"d"', bytes: utf8('one'), offset: '1' },
      { id: 9, asset_name: '"c"', bytes: utf8('nine'), offset: '4' },
      { id: 10, asset_name: '"b"', bytes: utf8('ten'), offset: '8' },
      { id: 2147483647, asset_name: '"a"', bytes: utf8('last'), offset: '11' },
    ],
    plan: {
      schema_version: 1,
      assets: [
        { asset_id: 10, asset_name: 'b', bank_type: 'SCENE', inline: base64(utf8('ten')) },
        { asset_id: 2147483647, asset_name: 'a', bank_type: 'SCENE', inline: base64(utf8('last')) },
        { asset_id: 9, asset_name: 'c', bank_type: 'SCENE', inline: base64(utf8('nine')) },
        { asset_id: 0, asset_name: 'e', bank_type: 'SCENE', inline: base64(utf8('0')) },
        { asset_id: 1, asset_name: 'd', bank_type: 'SCENE', inline: base64(utf8('one')) },
      ],
    },
  }),
];

const sizes: readonly AcceptCase[] = [
  lay({
    name: 'size-0',
    title: 'One asset without a byte: the file ends with its header',
    clauses: ['E6', 'T5'],
    flags: ['boundary', 'number'],
    assets: [{ id: 1 }],
  }),
  lay({
    name: 'size-1',
    title: 'One asset of one byte, and that a zero',
    clauses: ['E6', 'T5'],
    flags: ['boundary', 'number'],
    assets: [{ id: 1, bytes: Uint8Array.of(0) }],
  }),
  lay({
    name: 'size-3',
    title: 'One asset of three bytes: no length is rounded up',
    clauses: ['E6', 'T5'],
    flags: ['number'],
    assets: [{ id: 1, bytes: Uint8Array.of(255, 254, 253) }],
  }),
  lay({
    name: 'sizes-0-1-3',
    title: 'Sizes 0, 1 and 3, packed: an empty payload shares its offset with the next one',
    clauses: ['T5'],
    flags: ['boundary'],
    assets: [
      { id: 1, asset_name: '"none"' },
      { id: 2, asset_name: '"one"', bytes: counting(1) },
      { id: 3, asset_name: '"three"', bytes: counting(3, 2), offset: '1' },
    ],
  }),
  lay({
    name: 'empty-first-middle-last',
    title: 'Empty payloads first, between and last, packed',
    clauses: ['E6', 'T5'],
    flags: ['boundary'],
    assets: [
      { id: 1, asset_name: '"first"' },
      { id: 2, asset_name: '"left"', bytes: counting(2) },
      { id: 3, asset_name: '"middle"', offset: '2' },
      { id: 4, asset_name: '"right"', bytes: counting(5, 3), offset: '2' },
      { id: 5, asset_name: '"last"', offset: '7' },
    ],
  }),
  lay({
    name: 'all-empty',
    title: 'Three assets and an empty payload region',
    clauses: ['E6', 'T5'],
    flags: ['boundary'],
    assets: [
      { id: 1, asset_name: '"a"' },
      { id: 2, asset_name: '"b"' },
      { id: 3, asset_name: '"c"' },
    ],
  }),
  lay({
    name: 'every-byte-value',
    title: 'A payload of every byte value; one that looks like a header; one that looks like a file',
    clauses: ['E3'],
    flags: ['minimal'],
    assets: [
      { id: 1, asset_name: '"bytes"', bytes: counting(256, 0) },
      { id: 2, asset_name: '"text"', bytes: utf8('{"asset_table":[],"preload":[]}'), offset: '256' },
      {
        id: 3,
        asset_name: '"file"',
        bytes: artifact({ header: '{"asset_table":[],"preload":[]}' }),
        offset: '287',
      },
    ],
  }),
  lay({
    name: 'decoded-size-larger',
    title: 'A decoded size that is not the size, with codec NONE',
    clauses: ['T1'],
    flags: ['number'],
    assets: [{ id: 1, bank_type: '"SOUNDS"', decoded_size: '8', bytes: utf8('beep') }],
  }),
  lay({
    name: 'decoded-size-0',
    title: 'A decoded size of 0 beside four bytes',
    clauses: ['T1'],
    flags: ['boundary', 'number'],
    assets: [{ id: 1, bank_type: '"SOUNDS"', decoded_size: '0', bytes: utf8('beep') }],
  }),
  lay({
    name: 'decoded-size-largest',
    title: 'The largest decoded size, 2^53 - 1, of an empty payload and of one byte',
    clauses: ['T1', 'H4'],
    flags: ['boundary', 'number'],
    assets: [
      { id: 1, asset_name: '"none"', decoded_size: '9007199254740991' },
      {
        id: 2,
        asset_name: '"one"',
        decoded_size: '9007199254740991',
        bytes: counting(1),
        planned: { decoded_size: '9007199254740991' },
      },
    ],
  }),
  lay({
    name: 'decoded-size-beyond-32-bits',
    title: 'Decoded sizes around 2^31 and 2^32',
    clauses: ['T1', 'H4'],
    flags: ['boundary', 'number'],
    assets: [
      { id: 1, asset_name: '"a"', decoded_size: '2147483647' },
      { id: 2, asset_name: '"b"', decoded_size: '2147483648' },
      { id: 3, asset_name: '"c"', decoded_size: '4294967295' },
      { id: 4, asset_name: '"d"', decoded_size: '4294967296' },
    ],
  }),
];

export const cases: readonly AcceptCase[] = [...tables, ...ids, ...sizes];
