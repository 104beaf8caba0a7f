/** Accepted files about where payloads lie: alignment, padding, empty payloads. */
import { counting, utf8, zeros } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';
import { lay } from './accept-lay.ts';

const packed: readonly AcceptCase[] = [
  lay({
    name: 'packed',
    title: 'Packed, the default: no byte between header, payloads and the end',
    clauses: ['E5', 'E6', 'T5'],
    flags: ['padding'],
    assets: [
      { id: 1, asset_name: '"a"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', bytes: counting(5, 4), offset: '3' },
      { id: 3, asset_name: '"c"', bytes: counting(2, 9), offset: '8' },
    ],
  }),
  lay({
    name: 'packed-by-chance-aligned',
    title: 'Packed, and by chance everything stands at multiples of 64',
    clauses: ['T5', 'T6'],
    flags: ['padding'],
    assets: [
      { id: 1, asset_name: '"ends at 448 bytes of file"', bytes: counting(64) },
      { id: 2, asset_name: '"b"', bytes: counting(128, 7), offset: '64' },
      { id: 3, asset_name: '"c"', bytes: counting(5, 9), offset: '192' },
    ],
  }),
];

/** Sizes 3, 5 and 1 at some alignment. */
function three(alignment: number, gap: number, offsets: readonly [string, string]): AcceptCase {
  return lay({
    name: `aligned-${alignment}`,
    title: `Alignment ${alignment.toLocaleString('en')}: three payloads, each at a multiple of it`,
    clauses: ['E5', 'T5'],
    flags: ['padding'],
    alignment,
    gap,
    assets: [
      { id: 1, asset_name: '"a"', bytes: counting(3, 1) },
      { id: 2, asset_name: '"b"', bytes: counting(5, 11), offset: offsets[0] },
      { id: 3, asset_name: '"c"', bytes: counting(1, 21), offset: offsets[1] },
    ],
  });
}

const aligned: readonly AcceptCase[] = [
  three(2, 1, ['4', '10']),
  three(4, 3, ['4', '12']),
  three(8, 7, ['8', '16']),
  three(16, 14, ['16', '32']),
  three(64, 29, ['64', '128']),
  three(512, 91, ['512', '1024']),
  three(4096, 3674, ['4096', '8192']),
  lay({
    name: 'aligned-65536',
    title: 'The largest alignment, 65,536: the payload region begins 64 KiB into the file',
    clauses: ['E5', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 65_536,
    gap: 65238,
    assets: [
      { id: 1, asset_name: '"a"' },
      { id: 2, asset_name: '"b"', bytes: utf8('end') },
    ],
  }),
  lay({
    name: 'aligned-64-header-fits',
    title: 'The header ends at a multiple of 64: no padding after it',
    clauses: ['E5', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 0,
    assets: [
      { id: 1, asset_name: '"a_____________________"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', bytes: counting(3, 8), offset: '64' },
    ],
  }),
  lay({
    name: 'aligned-64-header-one-over',
    title: 'The header ends one past a multiple of 64: 63 zeros after it, the most there can be',
    clauses: ['E5', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 63,
    assets: [
      { id: 1, asset_name: '"a______________________"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', bytes: counting(3, 8), offset: '64' },
    ],
  }),
  lay({
    name: 'aligned-64-header-one-short',
    title: 'The header ends one before a multiple of 64: one zero after it',
    clauses: ['E5', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 1,
    assets: [
      { id: 1, asset_name: '"a____________________"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', bytes: counting(3, 8), offset: '64' },
    ],
  }),
  lay({
    name: 'aligned-4096-header-one-over',
    title: 'The header ends one past 4,096: 4,095 zeros after it',
    clauses: ['E5', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 4096,
    gap: 4095,
    assets: [{ id: 1, asset_name: `"a${'_'.repeat(3917)}"`, bytes: counting(3) }],
  }),
  lay({
    name: 'aligned-16-sizes-around',
    title: 'Sizes one below, at and one above multiples of the alignment: gaps of 1, 0 and 15',
    clauses: ['T5'],
    flags: ['boundary', 'padding'],
    alignment: 16,
    gap: 2,
    assets: [
      { id: 1, asset_name: '"15"', bytes: counting(15) },
      { id: 2, asset_name: '"16"', bytes: counting(16, 17), offset: '16' },
      { id: 3, asset_name: '"17"', bytes: counting(17, 33), offset: '32' },
      { id: 4, asset_name: '"32"', bytes: counting(32, 65), offset: '64' },
      { id: 5, asset_name: '"end"', bytes: counting(1, 97), offset: '96' },
    ],
  }),
  lay({
    name: 'aligned-only-the-header',
    title:
      'Only the padding after the header shows the alignment: sizes are multiples of it, and several would explain the file',
    clauses: ['T5', 'T6'],
    flags: ['padding'],
    alignment: 64,
    gap: 2,
    assets: [
      { id: 1, asset_name: '"a_____________"', bytes: counting(64) },
      { id: 2, asset_name: '"b"', bytes: counting(128, 65), offset: '64' },
    ],
  }),
  lay({
    name: 'aligned-only-an-offset',
    title: 'Only one offset shows the alignment: the header ends at a multiple of it',
    clauses: ['T5', 'T6'],
    flags: ['padding'],
    alignment: 16,
    gap: 0,
    assets: [
      { id: 1, asset_name: '"a_____"', bytes: counting(9) },
      { id: 2, asset_name: '"b"', bytes: counting(4, 10), offset: '16' },
    ],
  }),
  lay({
    name: 'aligned-zeros-beside-padding',
    title: 'Payloads of zeros beside padding of zeros: only sizes and offsets tell them apart',
    clauses: ['T5'],
    flags: ['padding'],
    alignment: 16,
    gap: 3,
    assets: [
      { id: 1, asset_name: '"a"', bytes: zeros(5) },
      { id: 2, asset_name: '"b"', bytes: zeros(11), offset: '16' },
    ],
  }),
];

const empty: readonly AcceptCase[] = [
  lay({
    name: 'aligned-64-empty-table',
    title: 'No assets, alignment 64: the file ends at the payload offset, 64',
    clauses: ['E5', 'E6'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 1,
    assets: [],
  }),
  lay({
    name: 'aligned-4096-empty-table',
    title: 'No assets, alignment 4,096: 4,033 zeros end the file',
    clauses: ['E5', 'E6'],
    flags: ['padding'],
    alignment: 4096,
    gap: 4033,
    assets: [],
  }),
  lay({
    name: 'aligned-64-empty-last',
    title: 'Sizes 3 and 0: the padding before the empty payload is written, the region is 64 bytes',
    clauses: ['E6', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 21,
    assets: [
      { id: 1, asset_name: '"a"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', offset: '64' },
    ],
  }),
  lay({
    name: 'aligned-64-empty-first',
    title: 'Sizes 0 and 3: both at 0',
    clauses: ['T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 22,
    assets: [
      { id: 1, asset_name: '"a"' },
      { id: 2, asset_name: '"b"', bytes: counting(3) },
    ],
  }),
  lay({
    name: 'aligned-64-empty-middle',
    title: 'Sizes 3, 0 and 3: the empty payload is aligned as well, and the third stands where it does',
    clauses: ['T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 30,
    assets: [
      { id: 1, asset_name: '"a"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', offset: '64' },
      { id: 3, asset_name: '"c"', bytes: counting(3, 4), offset: '64' },
    ],
  }),
  lay({
    name: 'aligned-16-two-empty-last',
    title: 'Sizes 3, 0 and 0: both empty payloads at 16, where the file ends',
    clauses: ['E6', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 16,
    gap: 14,
    assets: [
      { id: 1, asset_name: '"a"', bytes: counting(3) },
      { id: 2, asset_name: '"b"', offset: '16' },
      { id: 3, asset_name: '"c"', offset: '16' },
    ],
  }),
  lay({
    name: 'aligned-64-all-empty',
    title: 'Only empty payloads, alignment 64: all at 0, the region is empty',
    clauses: ['E6', 'T5'],
    flags: ['boundary', 'padding'],
    alignment: 64,
    gap: 22,
    assets: [
      { id: 1, asset_name: '"a"' },
      { id: 2, asset_name: '"b"' },
    ],
  }),
];

export const cases: readonly AcceptCase[] = [...packed, ...aligned, ...empty];
