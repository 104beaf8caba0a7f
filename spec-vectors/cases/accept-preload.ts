/** Accepted files about preload slots, named and asked for. */
import { counting } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';
import { smallestGlyph } from './accept-banks.ts';
import { type LaidAsset, lay } from './accept-lay.ts';

const SIXTEEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] as const;

function sound(id: number, offset: number): LaidAsset {
  return { id, asset_name: `"sound ${id}"`, bank_type: '"SOUNDS"', bytes: counting(1, id), offset: String(offset) };
}

function scene(id: number, offset: number): LaidAsset {
  return { id, asset_name: `"scene ${id}"`, bank_type: '"SCENE"', bytes: counting(1, id), offset: String(offset) };
}

/** The same asset, which asks for a slot in the plan. */
function asking(asset: LaidAsset): LaidAsset {
  return { ...asset, planned: { preload: {} } };
}

const named: readonly AcceptCase[] = [
  lay({
    name: 'preload-none',
    title: 'Nothing is preloaded: the list is there, and empty',
    clauses: ['H1', 'L1'],
    flags: ['minimal', 'preload'],
    assets: [sound(1, 0), scene(2, 1)],
  }),
  lay({
    name: 'preload-slot-0',
    title: 'The first slot',
    clauses: ['L1', 'L3'],
    flags: ['minimal', 'boundary', 'preload'],
    assets: [sound(1, 0)],
    preload: [[1, 0]],
  }),
  lay({
    name: 'preload-slot-15',
    title: 'The last slot',
    clauses: ['L3'],
    flags: ['boundary', 'preload'],
    assets: [sound(1, 0)],
    preload: [[1, 15]],
  }),
  lay({
    name: 'preload-ids-0-and-2147483647',
    title: 'The lowest and the highest id, preloaded',
    clauses: ['L1', 'T1'],
    flags: ['boundary', 'preload'],
    assets: [sound(0, 0), sound(2147483647, 1)],
    preload: [
      [0, 1],
      [2147483647, 0],
    ],
  }),
  lay({
    name: 'preload-16-slots',
    title: 'All 16 slots of one bank, given from the last to the first; a 17th sound stays out',
    clauses: ['L3', 'L4', 'L5'],
    flags: ['boundary', 'preload'],
    assets: [...SIXTEEN, 16].map((i) => sound(i, i)),
    preload: SIXTEEN.map((i) => [i, 15 - i] as const),
  }),
  lay({
    name: 'preload-same-slot-in-each-bank',
    title: 'Slots are counted per bank: slot 3 of each',
    clauses: ['L3', 'L4'],
    flags: ['preload'],
    assets: [sound(1, 0), scene(2, 1), { ...smallestGlyph(3, 5), offset: '2' }],
    preload: [
      [1, 3],
      [2, 3],
      [3, 3],
    ],
  }),
  lay({
    name: 'preload-48-slots',
    title: 'Every slot of every bank; ids of the banks alternate',
    clauses: ['L3', 'L4', 'L5'],
    flags: ['boundary', 'preload'],
    assets: SIXTEEN.flatMap((i) => [
      { ...smallestGlyph(3 * i, i), offset: String(2082 * i) },
      sound(3 * i + 1, 2082 * i + 2080),
      scene(3 * i + 2, 2082 * i + 2081),
    ]),
    preload: SIXTEEN.flatMap((i) => [[3 * i, i] as const, [3 * i + 1, 15 - i] as const, [3 * i + 2, i ^ 5] as const]),
  }),
  lay({
    name: 'preload-by-id-not-by-slot',
    title: 'The list is in order of ids, whatever the slots are',
    clauses: ['L5'],
    flags: ['order', 'preload'],
    assets: [sound(2, 0), sound(10, 1), sound(300, 2)],
    preload: [
      [2, 9],
      [10, 4],
      [300, 6],
    ],
  }),
  lay({
    name: 'preload-empty-payload',
    title: 'An asset without a byte may be preloaded',
    clauses: ['L1', 'T5'],
    flags: ['boundary', 'preload'],
    assets: [{ id: 1, bank_type: '"SOUNDS"' }],
    preload: [[1, 0]],
  }),
];

const asked: readonly AcceptCase[] = [
  lay({
    name: 'preload-asked',
    title: 'Three sounds ask for a slot and get 0, 1 and 2; a scene asks and gets slot 0 of its own bank',
    clauses: ['L6'],
    flags: ['preload'],
    assets: [asking(sound(1, 0)), asking(scene(2, 1)), asking(sound(3, 2)), asking(sound(4, 3))],
    preload: [
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 2],
    ],
  }),
  lay({
    name: 'preload-asked-16',
    title: '16 sounds ask and fill the bank, by id',
    clauses: ['L6', 'L3'],
    flags: ['boundary', 'preload'],
    assets: SIXTEEN.map((i) => asking(sound(10 * i, i))),
    preload: SIXTEEN.map((i) => [10 * i, i] as const),
  }),
  lay({
    name: 'preload-named-and-asked',
    title: 'Named slots count wherever they stand: askers get the lowest that nobody names, also below a later asset',
    clauses: ['L6'],
    flags: ['order', 'preload'],
    assets: [
      asking(sound(1, 0)),
      sound(2, 1),
      asking(sound(3, 2)),
      asking(scene(4, 3)),
      sound(5, 4),
      sound(6, 5),
      asking(sound(7, 6)),
      scene(8, 7),
      sound(9, 8),
    ],
    preload: [
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 0],
      [6, 0],
      [7, 5],
      [8, 1],
      [9, 3],
    ],
  }),
  lay({
    name: 'preload-last-slot-is-left',
    title: '15 sounds name slots 0 to 14; the one that asks, with the lowest id, gets 15',
    clauses: ['L6', 'L3'],
    flags: ['boundary', 'preload'],
    assets: [asking(sound(0, 0)), ...SIXTEEN.slice(1).map((i) => sound(i, i))],
    preload: [[0, 15], ...SIXTEEN.slice(1).map((i) => [i, i - 1] as const)],
  }),
  lay({
    name: 'preload-asked-by-id-not-by-plan',
    title: 'Askers are served in order of ids, though the plan lists them otherwise',
    clauses: ['L6', 'T2'],
    flags: ['order', 'preload'],
    assets: [sound(7, 0), sound(8, 1), sound(30, 2)],
    preload: [
      [7, 0],
      [8, 2],
      [30, 1],
    ],
    plan: {
      schema_version: 1,
      assets: [
        { asset_id: 8, asset_name: 'sound 8', bank_type: 'SOUNDS', inline: 'CA==', preload: {} },
        { asset_id: 30, asset_name: 'sound 30', bank_type: 'SOUNDS', inline: 'Hg==', preload: { slot: 1 } },
        { asset_id: 7, asset_name: 'sound 7', bank_type: 'SOUNDS', inline: 'Bw==', preload: {} },
      ],
    },
  }),
];

export const cases: readonly AcceptCase[] = [...named, ...asked];
