/** The columns of the table of assets: of one file, or of two. */
import { groups } from '../report/figures.js';
import { countStatuses, STATUS_LETTERS } from './diff-model.js';
import { type Child, el, own } from './dom.js';
import type { Asset, Model, Row } from './rows.js';

/** A column, and how its cells look. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly isNumber: boolean;
  /** In characters; undefined for what is left. */
  readonly width: number | undefined;
  /** What is sorted by; rows without a value come last. */
  readonly value: (row: Row) => number | string | undefined;
  readonly cell: (row: Row) => Child;
}

/** Characters: of a bank, of the letter before a status, of the arrow of a sorted head; each with the space beside it. */
const BANK_WIDTH = 10;
const STATUS_ROOM = 5;
const HEAD_ROOM = 3;

/** The columns of a page. */
export function columnsOf(model: Model): readonly Column[] {
  const number = numbersOf(model.rows);
  const id = number('id', 'Id', (row) => row.id, String);
  const name = texts(
    'name',
    'Name',
    undefined,
    (row) => row.name,
    (row) => own(row.name),
  );
  const bank = texts('bank', 'Bank', BANK_WIDTH, (row) => row.bank, bankCell);
  if (model.diff === undefined) return [id, name, bank, ...oneFile(model, number)];
  const statusWidth = STATUS_ROOM + Math.max(...[...countStatuses(model.rows).keys()].map(({ length }) => length), 0);
  const status = texts('status', 'Status', statusWidth, (row) => row.status, statusCell);
  return [id, name, status, ...twoFiles(number), bank];
}

function oneFile({ sides: [side] }: Model, number: NumberColumn): Column[] {
  const whole = Math.max(1, side?.fileSize ?? 1);
  const size = of(0, ({ entry }) => entry.size);
  return [
    number(
      'offset',
      'Offset',
      of(0, ({ entry }) => entry.offset),
    ),
    number('size', 'Size', size),
    number('share', 'Share', size, (bytes) => `${((100 * bytes) / whole).toFixed(1)} %`),
    number(
      'decoded',
      'Decoded',
      of(0, ({ entry }) => entry.decodedSize),
    ),
    number(
      'slot',
      'Slot',
      of(0, ({ slot }) => slot),
    ),
  ];
}

function twoFiles(number: NumberColumn): Column[] {
  return [
    number(
      'size-a',
      'Size A',
      of(0, ({ entry }) => entry.size),
    ),
    number(
      'size-b',
      'Size B',
      of(1, ({ entry }) => entry.size),
    ),
    number(
      'offset-a',
      'Offset A',
      of(0, ({ entry }) => entry.offset),
    ),
    number(
      'offset-b',
      'Offset B',
      of(1, ({ entry }) => entry.offset),
    ),
  ];
}

function of(side: number, value: (asset: Asset) => number | undefined): NumberOf {
  return ({ assets }) => {
    const asset = assets[side];
    return asset && value(asset);
  };
}

type NumberOf = (row: Row) => number | undefined;
type NumberColumn = (id: string, title: string, value: NumberOf, text?: (value: number) => string) => Column;

/** Makes columns of numbers, each as wide as its largest. */
function numbersOf(rows: readonly Row[]): NumberColumn {
  return (id, title, value, text = groups) => {
    const cell = (row: Row): Child => {
      const found = value(row);
      return found === undefined ? undefined : text(found);
    };
    const largest = rows.reduce((most, row) => Math.max(most, value(row) ?? 0), 0);
    const width = Math.max(title.length + HEAD_ROOM, text(largest).length + 2);
    return { id, title, isNumber: true, width, value, cell };
  };
}

function texts(
  id: string,
  title: string,
  width: number | undefined,
  value: (row: Row) => string | undefined,
  cell: (row: Row) => Child,
): Column {
  return { id, title, isNumber: false, width, value, cell };
}

function bankCell({ bank }: Row): Child {
  return el('span', { class: 'bank', 'data-bank': bank }, own(bank));
}

function statusCell({ status = 'same' }: Row): Child {
  return el('span', { class: 'status', 'data-status': status }, el('b', {}, STATUS_LETTERS[status]), ` ${status}`);
}
