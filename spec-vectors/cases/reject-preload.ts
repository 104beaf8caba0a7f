/** Faults of the preload list. */
import { artifact, entry, header } from '../compose.ts';
import type { Flag, RejectCase, RuntimeExpectation } from '../vector.ts';

/** An empty asset. */
const asset = (id: number, bankType = 'SOUNDS'): string =>
  entry({ asset_id: `${id}`, asset_name: `"s${id}"`, bank_type: `"${bankType}"`, decoded_size: '0', size: '0' });

const preload = (id: number, slot: number): string => `{"asset_id":${id},"slot":${slot}}`;

const ONE = [asset(1)];
const THREE = [asset(1), asset(2), asset(3)];
const UP_TO_TEN = [asset(1), asset(2), asset(10)];

/** What the vectors of one code share. */
interface Kind {
  readonly code: string;
  readonly clauses: readonly string[];
  readonly member: 'asset_id' | 'slot';
  readonly runtime: RuntimeExpectation;
}

const UNKNOWN: Kind = { code: 'PRELOAD_UNKNOWN_ASSET', clauses: ['L2'], member: 'asset_id', runtime: 'PRELOAD' };
const RANGE: Kind = { code: 'PRELOAD_SLOT_RANGE', clauses: ['L3'], member: 'slot', runtime: 'PRELOAD' };
/** Slots that no byte holds: a parser may refuse them before the preload rules are reached. */
const WIDE_RANGE: Kind = { ...RANGE, runtime: ['HEADER', 'PRELOAD'] };
const TAKEN: Kind = { code: 'PRELOAD_SLOT_TAKEN', clauses: ['L4'], member: 'slot', runtime: 'PRELOAD' };
const TWICE: Kind = { code: 'PRELOAD_ASSET_TWICE', clauses: ['L4'], member: 'asset_id', runtime: 'unspecified' };
const ORDER: Kind = { code: 'PRELOAD_ORDER', clauses: ['L5'], member: 'asset_id', runtime: 'unspecified' };
const ID_RANGE: Kind = {
  code: 'ASSET_ID_RANGE',
  clauses: ['T1', 'L1'],
  member: 'asset_id',
  runtime: ['HEADER', 'PRELOAD'],
};

/** `claims` are pairs of asset id and slot; the `index`-th is at fault. */
function vector(
  { code, clauses, member, runtime }: Kind,
  what: string,
  title: string,
  entries: readonly string[],
  claims: readonly (readonly [number, number])[],
  index: number,
  flags: readonly Flag[] = [],
): RejectCase {
  const open = runtime === 'unspecified' ? (['open-at-runtime'] as const) : [];
  const several = typeof runtime === 'object' ? (['several-classes'] as const) : [];
  return {
    code,
    what,
    title,
    clauses,
    flags: ['preload', ...flags, ...several, ...open],
    bytes: artifact({
      header: header(
        entries,
        claims.map(([id, slot]) => preload(id, slot)),
      ),
    }),
    where: { pointer: `/preload/${index}/${member}` },
    runtime,
  };
}

/** 17 sounds, one more than there are slots, preloaded in order; the last asks for `slot`. */
function seventeen(slot: number): [readonly string[], readonly (readonly [number, number])[], number] {
  const ids = Array.from({ length: 17 }, (_, id) => id);
  return [ids.map((id) => asset(id)), ids.map((id) => [id, id < 16 ? id : slot]), 16];
}

export const cases: readonly RejectCase[] = [
  vector(UNKNOWN, 'empty-table', 'An asset is preloaded from an empty table', [], [[0, 0]], 0, ['minimal']),
  vector(UNKNOWN, 'id-one-off', 'A preloaded id is one more than the largest of the table', ONE, [[2, 0]], 0, [
    'beyond-boundary',
  ]),
  vector(UNKNOWN, 'index-for-id', 'An asset is named by its index, not by its id', [asset(5)], [[0, 0]], 0),
  vector(UNKNOWN, 'largest-id', 'The largest id is not in the table', ONE, [[2_147_483_647, 0]], 0, ['boundary']),
  vector(
    UNKNOWN,
    'last-of-three',
    'The last of three preloaded assets is not in the table',
    THREE,
    [
      [1, 0],
      [2, 1],
      [4, 2],
    ],
    2,
  ),

  // Ids that no table can have
  vector(
    ID_RANGE,
    'preload-2-to-the-31',
    'A preloaded id is 2^31, one more than an i32 holds',
    ONE,
    [[2 ** 31, 0]],
    0,
    ['number', 'beyond-boundary'],
  ),
  vector(
    ID_RANGE,
    'preload-below-i32',
    'A preloaded id is -2^31 - 1, one less than an i32 holds',
    ONE,
    [[-(2 ** 31) - 1, 0]],
    0,
    ['number', 'beyond-boundary'],
  ),
  vector(
    ID_RANGE,
    'preload-low-half',
    'The low 32 bits of a preloaded id alone would be right',
    ONE,
    [[2 ** 32 + 1, 0]],
    0,
    ['number'],
  ),
  vector({ ...ID_RANGE, runtime: 'unspecified' }, 'preload-negative', 'A preloaded id is -1', ONE, [[-1, 0]], 0, [
    'number',
    'beyond-boundary',
  ]),

  // Slots
  vector(RANGE, '16', 'Slot 16 is one past the last', ONE, [[1, 16]], 0, ['beyond-boundary']),
  vector(RANGE, '16-scene', 'A scene has no slot 16 either', [asset(1, 'SCENE')], [[1, 16]], 0, ['beyond-boundary']),
  vector(RANGE, '16-seventeenth', 'After 16 slots of a bank type there is no other', ...seventeen(16), [
    'beyond-boundary',
  ]),
  vector(RANGE, '255', 'Slot 255 is the largest that a byte holds', ONE, [[1, 255]], 0, ['number']),
  vector(
    RANGE,
    'last-of-three',
    'The last of three slots is out of range',
    THREE,
    [
      [1, 0],
      [2, 15],
      [3, 16],
    ],
    2,
    ['beyond-boundary'],
  ),
  vector(WIDE_RANGE, '256', 'Slot 256 would be 0 in a byte', ONE, [[1, 256]], 0, ['number']),
  vector(WIDE_RANGE, 'negative', 'Slot -1 is one before the first', ONE, [[1, -1]], 0, ['number', 'beyond-boundary']),
  vector(
    WIDE_RANGE,
    '2-to-the-31',
    'A signed reader would take slot 2^31 for a negative number',
    ONE,
    [[1, 2 ** 31]],
    0,
    ['number'],
  ),
  vector(WIDE_RANGE, '2-to-the-32', 'Slot 2^32 would be 0 in 32 bits', ONE, [[1, 2 ** 32]], 0, ['number']),
  vector(WIDE_RANGE, 'largest', 'A slot is the largest that a number can be', ONE, [[1, Number.MAX_SAFE_INTEGER]], 0, [
    'number',
    'boundary',
  ]),

  vector(
    TAKEN,
    'first-slot',
    'Two sounds claim slot 0',
    THREE,
    [
      [1, 0],
      [2, 0],
    ],
    1,
    ['duplicate', 'boundary'],
  ),
  vector(
    TAKEN,
    'last-slot',
    'Two sounds claim slot 15',
    THREE,
    [
      [1, 15],
      [2, 15],
    ],
    1,
    ['duplicate', 'boundary'],
  ),
  vector(
    TAKEN,
    'apart',
    'The first and the last of three sounds claim one slot',
    THREE,
    [
      [1, 3],
      [2, 4],
      [3, 3],
    ],
    2,
    ['duplicate'],
  ),
  vector(
    TAKEN,
    'other-bank-between',
    'Slot 0 of the scenes is free, slot 0 of the sounds is not',
    [asset(1), asset(2, 'SCENE'), asset(3)],
    [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
    2,
    ['duplicate'],
  ),
  vector(TAKEN, 'seventeenth', 'A seventeenth sound finds all slots taken', ...seventeen(0), [
    'duplicate',
    'beyond-boundary',
  ]),

  vector(
    TWICE,
    'two-slots',
    'An asset is preloaded into two slots',
    ONE,
    [
      [1, 0],
      [1, 1],
    ],
    1,
    ['duplicate'],
  ),
  vector(
    TWICE,
    'one-slot',
    'An asset is preloaded twice into one slot',
    ONE,
    [
      [1, 0],
      [1, 0],
    ],
    1,
    ['duplicate'],
  ),
  vector(
    TWICE,
    'last-of-three',
    'Of three preload entries the last names the asset of the one before',
    THREE,
    [
      [1, 0],
      [2, 1],
      [2, 2],
    ],
    2,
    ['duplicate'],
  ),

  vector(
    ORDER,
    'reversed',
    'Preload entries stand by falling id',
    THREE,
    [
      [2, 0],
      [1, 1],
    ],
    1,
    ['order'],
  ),
  vector(
    ORDER,
    'by-slot',
    'Preload entries are ordered by slot, not by id',
    THREE,
    [
      [2, 0],
      [3, 1],
      [1, 2],
    ],
    2,
    ['order'],
  ),
  vector(
    ORDER,
    'as-text',
    'Preload entries are ordered by id as text, not as a number',
    UP_TO_TEN,
    [
      [1, 0],
      [10, 1],
      [2, 2],
    ],
    2,
    ['order', 'number'],
  ),
];
