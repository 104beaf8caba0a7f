/** Assets in groups: by bank, then by the pieces of their names. */
import { BANK_TYPES } from '../format.js';
import type { Row } from './rows.js';

/** Some assets under one name. */
export interface Group {
  readonly label: string;
  readonly rows: readonly Row[];
  /** Bytes of all payloads. */
  readonly size: number;
  /** The bank of all; undefined for mixed groups. */
  readonly bank: string | undefined;
  /** How many pieces of their names the assets have in common. */
  readonly depth: number;
  /** Whether these are what was too small to be drawn. */
  readonly isRest: boolean;
}

/** A group or an asset alone. */
export type Item = Group | Row;

/** Whether an item is a group. */
export function isGroup(item: Item): item is Group {
  return 'rows' in item;
}

/** All assets. */
export function rootGroup(rows: readonly Row[]): Group {
  return groupOf('all banks', rows, { depth: 0, bank: undefined });
}

function groupOf(label: string, rows: readonly Row[], more: Pick<Group, 'depth' | 'bank'>): Group {
  return { label, rows, size: rows.reduce((sum, row) => sum + row.size, 0), isRest: false, ...more };
}

/** Names with more pieces than this keep the rest in one. */
const PIECES_MAX = 8;

/** The pieces of a name: between slashes, and without any, between the other usual separators. */
export function piecesOf(name: string): string[] {
  const separator = name.includes('/') ? '/' : /[_.-]/;
  const pieces = name.split(separator, PIECES_MAX).filter((piece) => piece !== '');
  return pieces.length === 0 ? [name] : pieces;
}

/** What follows the last slash of a name. */
export function lastPiece(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1) || name;
}

/** What is in a group, the largest first; a group of one is that one, and names that all share are passed over. */
export function childrenOf(group: Group): Item[] {
  const items = group.bank === undefined && !group.isRest ? byBank(group) : byPiece(group);
  return items.sort((a, b) => b.size - a.size);
}

function byBank({ rows }: Group): Item[] {
  const banks = Map.groupBy(rows, ({ bank }) => bank);
  const names = [...banks.keys()].sort((a, b) => rank(a) - rank(b));
  return names.map((bank) => groupOf(bank, banks.get(bank) as Row[], { depth: 0, bank }));
}

function rank(bank: string): number {
  return (BANK_TYPES as readonly string[]).indexOf(bank);
}

function byPiece({ rows, depth, bank }: Group): Item[] {
  const alone: Row[] = [];
  const shared = Map.groupBy(rows, (row) => {
    const pieces = piecesOf(row.name);
    return pieces.length > depth + 1 ? (pieces[depth] as string) : '';
  });
  alone.push(...(shared.get('') ?? []));
  shared.delete('');
  const groups = [...shared].map(([piece, members]): Item => {
    const [only] = members;
    return members.length === 1 ? (only as Row) : groupOf(piece, members, { depth: depth + 1, bank });
  });
  if (alone.length > 0 || groups.length !== 1) return [...alone, ...groups];
  const [whole] = groups as [Item];
  return isGroup(whole) ? byPiece(whole) : groups;
}

/** The largest items, and the others as one; those without bytes are not drawn at all. */
export function largest(group: Group, most: number): Item[] {
  const items = childrenOf(group).filter((item) => item.size > 0);
  if (items.length <= most) return items;
  const rest = items.slice(most - 1);
  const rows = rest.flatMap((item) => (isGroup(item) ? item.rows : [item]));
  const { bank, depth } = group;
  const label = `${rest.length.toLocaleString('en-US')} more`;
  return [...items.slice(0, most - 1), { ...groupOf(label, rows, { bank, depth }), isRest: true }];
}
