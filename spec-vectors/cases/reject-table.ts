/** Faults of the asset table: ids, their order, and where the slices lie. */
import { artifact, concat, counting, entry, header, zeros } from '../compose.ts';
import type { Flag, RejectCase } from '../vector.ts';

/** A sound named after its id. */
export function sound(id: number, offset: number, size: number): string {
  return entry({
    asset_id: `${id}`,
    asset_name: `"s${id}"`,
    decoded_size: `${size}`,
    offset: `${offset}`,
    size: `${size}`,
  });
}

/** Where a header of ASCII text ends in its file. */
export function endOf(text: string): number {
  return 32 + text.length;
}

/** The zeros from a header's end to the next multiple of `n`. */
export function gapAfter(text: string, n: number): Uint8Array {
  return zeros((n - (endOf(text) % n)) % n);
}

// Ids

/** Packed sounds of 4 bytes with these ids. */
const withIds = (...ids: readonly number[]): Uint8Array =>
  artifact({
    header: header(ids.map((id, i) => entry({ asset_id: `${id}`, asset_name: `"s${i}"`, offset: `${i * 4}` }))),
    region: counting(ids.length * 4),
  });

function duplicateId(
  what: string,
  title: string,
  ids: readonly number[],
  index: number,
  flags: readonly Flag[] = [],
): RejectCase {
  return {
    code: 'ASSET_ID_DUPLICATE',
    what,
    title,
    clauses: ['T1'],
    flags: ['duplicate', ...flags],
    bytes: withIds(...ids),
    where: { pointer: `/asset_table/${index}/asset_id` },
    runtime: 'TABLE',
  };
}

function order(
  what: string,
  title: string,
  ids: readonly number[],
  index: number,
  flags: readonly Flag[] = [],
): RejectCase {
  return {
    code: 'ASSET_ORDER',
    what,
    title,
    clauses: ['T2'],
    flags: ['order', ...flags, 'open-at-runtime'],
    bytes: withIds(...ids),
    where: { pointer: `/asset_table/${index}/asset_id` },
    runtime: 'unspecified',
  };
}

const idCases: readonly RejectCase[] = [
  {
    code: 'ASSET_ID_DUPLICATE',
    what: 'other-bank',
    title: 'An id stands twice, in two bank types: ids are unique across banks',
    clauses: ['T1'],
    flags: ['duplicate'],
    bytes: artifact({
      header: header([entry(), entry({ asset_name: '"b"', bank_type: '"SCENE"', offset: '4' })]),
      region: counting(8),
    }),
    where: { pointer: '/asset_table/1/asset_id' },
    runtime: 'TABLE',
  },
  duplicateId('two-entries', 'Two entries have one id', [1, 1], 1, ['minimal']),
  duplicateId('zero', 'Two entries have the id 0', [0, 0], 1, ['boundary']),
  duplicateId('largest', 'Two entries have the largest id', [2_147_483_647, 2_147_483_647], 1, ['boundary']),
  duplicateId('first-of-three', 'Of three entries the second has the id of the first', [1, 1, 2], 1),
  duplicateId('last-of-three', 'Of three entries the last has the id of the one before', [1, 2, 2], 2),

  order('reversed', 'Ids fall, and the slices lie in table order', [2, 1], 1, ['minimal']),
  order('last-of-three', 'Of three entries the last belongs before the second', [1, 3, 2], 2),
  order('first-of-three', 'Of three entries the first belongs behind the second', [2, 1, 3], 1),
  order('as-text', 'Ids are ordered as text, not as numbers', [1, 10, 2], 2, ['number']),
  order('zero-last', 'The id 0 stands behind the largest id', [2_147_483_647, 0], 1, ['boundary', 'number']),
];

// Slices that leave the region

function bounds(
  what: string,
  title: string,
  entries: readonly string[],
  regionSize: number,
  index: number,
  flags: readonly Flag[],
  clauses: readonly string[] = ['E3'],
): RejectCase {
  return {
    code: 'SLICE_BOUNDS',
    what,
    title,
    clauses,
    flags,
    bytes: artifact({ header: header(entries), region: counting(regionSize) }),
    where: { pointer: `/asset_table/${index}/offset` },
    runtime: 'TABLE',
  };
}

/** Two sounds of 4 bytes, aligned to 16. */
const TWO_ALIGNED = header([sound(1, 0, 4), sound(2, 16, 4)]);

const MAX = Number.MAX_SAFE_INTEGER;
/** The payload of a file with one entry and an offset of three digits. */
const FILE_OFFSET = endOf(header([sound(1, 100, 4)]));
const LAST_EMPTY = header([sound(1, 0, 3), sound(2, 16, 0)]);

const boundsCases: readonly RejectCase[] = [
  bounds('region-one-byte-short', 'The file ends one byte before its only payload does', [entry()], 3, 0, [
    'beyond-boundary',
  ]),
  bounds('no-region', 'The file ends before the only byte of its only payload', [sound(1, 0, 1)], 0, 0, [
    'minimal',
    'beyond-boundary',
  ]),
  bounds(
    'last-of-three-one-byte-short',
    'The file ends one byte before the last of three payloads does',
    [sound(1, 0, 4), sound(2, 4, 4), sound(3, 8, 4)],
    11,
    2,
    ['beyond-boundary'],
  ),
  bounds('after-the-region', 'A slice begins where the region ends', [sound(1, 4, 4)], 4, 0, ['boundary']),
  bounds(
    'from-the-start-of-the-file',
    'Counted from the start of the file the slice would be right',
    [sound(1, FILE_OFFSET, 4)],
    4,
    0,
    ['number'],
  ),

  // Empty slices
  bounds(
    'empty-slice-past-the-end',
    'An empty slice begins one byte after the end of an empty region',
    [sound(1, 1, 0)],
    0,
    0,
    ['minimal', 'beyond-boundary'],
  ),
  bounds(
    'empty-slice-past-the-end-last-of-three',
    'The last slice is empty and begins one byte after the end of the region',
    [sound(1, 0, 4), sound(2, 4, 4), sound(3, 9, 0)],
    8,
    2,
    ['beyond-boundary'],
  ),
  bounds(
    'empty-slice-past-the-end-in-the-middle',
    'An empty slice leaves the region, and the one behind it does not',
    [sound(1, 0, 4), sound(2, 9, 0), sound(3, 4, 4)],
    8,
    1,
    ['beyond-boundary'],
  ),
  {
    code: 'SLICE_BOUNDS',
    what: 'aligned-one-byte-short',
    title: 'An aligned file ends one byte before its last slice does: the padding before the region is no part of it',
    clauses: ['E3', 'E5'],
    flags: ['padding', 'beyond-boundary'],
    bytes: artifact({
      header: TWO_ALIGNED,
      gap: gapAfter(TWO_ALIGNED, 16),
      region: concat(counting(4), zeros(12), counting(3)),
    }),
    where: { pointer: '/asset_table/1/offset' },
    runtime: 'TABLE',
  },
  {
    code: 'SLICE_BOUNDS',
    what: 'padding-before-an-empty-last-slice-missing',
    title: 'The file ends without the padding before its empty last slice',
    clauses: ['E3', 'E6'],
    flags: ['padding'],
    bytes: artifact({ header: LAST_EMPTY, gap: gapAfter(LAST_EMPTY, 16), region: counting(3) }),
    where: { pointer: '/asset_table/1/offset' },
    runtime: 'TABLE',
  },

  // Numbers that a narrower type takes for others
  bounds('offset-low-half', 'The low 32 bits of the offset alone would be right', [sound(1, 2 ** 32, 4)], 4, 0, [
    'number',
  ]),
  bounds('size-low-half', 'The low 32 bits of the size alone would be right', [sound(1, 0, 2 ** 32 + 4)], 4, 0, [
    'number',
  ]),
  bounds(
    'offset-signed',
    'A signed reader would take the offset 2^31 for a negative number',
    [sound(1, 2 ** 31, 4)],
    4,
    0,
    ['number'],
  ),
  bounds('size-signed', 'A signed reader would take the size 2^32 - 1 for -1', [sound(1, 0, 2 ** 32 - 1)], 4, 0, [
    'number',
  ]),
  bounds(
    'sum-wraps-in-32-bits',
    'In 32 bits the last slice would end at 0',
    [sound(1, 0, 4), sound(2, 4, 2 ** 32 - 4)],
    8,
    1,
    ['number'],
  ),
  bounds(
    'offset-largest',
    'An empty slice has the largest offset that a number can be',
    [sound(1, MAX, 0)],
    0,
    0,
    ['number', 'boundary'],
    ['E3', 'E7'],
  ),
  bounds(
    'size-largest',
    'A slice has the largest size that a number can be',
    [sound(1, 0, MAX)],
    4,
    0,
    ['number', 'boundary'],
    ['E3', 'E7'],
  ),
  bounds(
    'sum-2-to-the-53',
    'A slice of one byte ends at 2^53',
    [sound(1, MAX, 1)],
    4,
    0,
    ['number', 'beyond-boundary'],
    ['E3', 'E7'],
  ),
  bounds(
    'sum-largest',
    'Offset and size are each the largest that a number can be',
    [sound(1, MAX, MAX)],
    4,
    0,
    ['number'],
    ['E3', 'E7'],
  ),
];

// Slices in the region, but not where the layout rule puts them

function layout(
  what: string,
  title: string,
  bytes: Uint8Array,
  index: number,
  flags: readonly Flag[] = [],
  clauses: readonly string[] = ['T5'],
): RejectCase {
  return {
    code: 'SLICE_LAYOUT',
    what,
    title,
    clauses,
    flags: [...flags, 'open-at-runtime'],
    bytes,
    where: { pointer: `/asset_table/${index}/offset` },
    runtime: 'unspecified',
  };
}

/** Slices `[offset, size]` in a file that is aligned to `n` and ends with the last of them; what no slice covers is zero. */
function laid(n: number, ...slices: readonly (readonly [number, number])[]): Uint8Array {
  const text = header(slices.map(([offset, size], i) => sound(i + 1, offset, size)));
  const region = new Uint8Array(Math.max(...slices.map(([offset, size]) => offset + size)));
  for (const [i, [offset, size]] of slices.entries()) region.fill(i + 1, offset, offset + size);
  return artifact({ header: text, gap: gapAfter(text, n), region });
}

const layoutCases: readonly RejectCase[] = [
  // n = 1: each slice begins where the one before ends
  layout('gap-before-the-first', 'The first slice does not begin at 0', laid(1, [4, 4]), 0, ['minimal', 'padding']),
  layout('gap-before-an-empty-slice', 'Bytes that nobody uses lie before an empty slice', laid(1, [4, 0]), 0, [
    'padding',
  ]),
  layout('gap-of-one', 'A byte lies between two packed slices', laid(1, [0, 4], [5, 4]), 1, [
    'padding',
    'beyond-boundary',
  ]),
  layout(
    'gap-in-the-last-of-three',
    'Of three packed slices the last comes one byte late',
    laid(1, [0, 4], [4, 4], [9, 4]),
    2,
    ['padding', 'beyond-boundary'],
  ),
  layout('overlap-of-one', 'The second slice begins with the last byte of the first', laid(1, [0, 4], [3, 4]), 1, [
    'beyond-boundary',
  ]),
  layout(
    'overlap-with-the-next',
    'The middle slice comes one byte late and ends in the third',
    laid(1, [0, 4], [5, 4], [8, 4]),
    1,
  ),
  layout('overlap-with-the-first', 'The last of three slices begins in the first', laid(1, [0, 4], [4, 4], [2, 6]), 2),
  layout('shared', 'Two assets share one slice', laid(1, [0, 4], [0, 4]), 1, ['duplicate'], ['T3', 'T5']),
  layout('nested', 'The second slice is the end of the first', laid(1, [0, 4], [2, 2]), 1),
  layout('empty-slice-inside-another', 'An empty slice lies in the one before it', laid(1, [0, 4], [3, 0], [4, 4]), 1, [
    'beyond-boundary',
  ]),
  layout(
    'swapped',
    'The first slice, an empty one, lies behind the second',
    laid(1, [4, 0], [0, 4]),
    0,
    ['order'],
    ['T4', 'T5'],
  ),
  layout('not-a-power-of-two', 'Slices lie at multiples of 6, which is no alignment', laid(1, [0, 4], [6, 4]), 1, [
    'padding',
  ]),

  // n > 1: each slice begins at the least multiple after the end of the one before
  layout(
    'misaligned-by-one',
    'Of three slices aligned to 16 the last comes one byte late',
    laid(16, [0, 4], [16, 4], [33, 4]),
    2,
    ['padding', 'beyond-boundary'],
    ['T5', 'T6'],
  ),
  layout(
    'misaligned-early',
    'Of three slices aligned to 16 the last comes one byte early',
    laid(16, [0, 4], [16, 4], [31, 4]),
    2,
    ['padding', 'beyond-boundary'],
    ['T5', 'T6'],
  ),
  layout(
    'misaligned-in-the-middle',
    'Of four slices aligned to 16 the second lies at a multiple of 8',
    laid(16, [0, 4], [24, 4], [32, 4], [48, 4]),
    1,
    ['padding'],
    ['T5', 'T6'],
  ),
  layout(
    'second-multiple',
    'Of three slices aligned to 16 the last lies one multiple too far',
    laid(16, [0, 4], [16, 4], [48, 4]),
    2,
    ['padding'],
    ['T5', 'T6'],
  ),
  layout(
    'empty-last-slice-not-aligned',
    'Of three slices aligned to 16 the last is empty and follows at once',
    laid(16, [0, 3], [16, 3], [19, 0]),
    2,
    ['padding'],
    ['T5', 'T6'],
  ),
  layout(
    'aligned-behind-a-packed-start',
    'One fault is left at alignments 1 and 16, and the smaller counts',
    alignedSecond(),
    1,
    ['padding'],
    ['T5', 'T6'],
  ),
];

/** The second slice lies at a multiple of 16; the payload region begins at none of 2 or more. */
function alignedSecond(): Uint8Array {
  const text = header([sound(1, 0, 4), sound(2, 16, 4)]);
  return artifact({ header: text, region: concat(counting(4), zeros(12), counting(4)) });
}

export const cases: readonly RejectCase[] = [...idCases, ...boundsCases, ...layoutCases];
