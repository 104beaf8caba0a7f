/** What is selected: an asset, a part of a file, or one byte. */
import type { Diagnostic } from '../errors.js';
import { type Part, partAt } from '../read/parts.js';
import { bytesText, groups } from '../report/figures.js';
import type { Model, Row, Side } from './rows.js';

/** A selection; an asset without bytes in the file has no part. */
export interface Selection {
  readonly side: Side;
  readonly row: Row | undefined;
  readonly part: Part | undefined;
  /** A byte of the file, and what is wrong there. */
  readonly byte?: number;
  readonly diagnostic?: Diagnostic;
}

/** Selects an asset, on a side that has it. */
export function selectRow(model: Model, row: Row, preferred?: number): Selection {
  const has = (at: number) => row.assets[at] !== undefined;
  const at =
    preferred !== undefined && has(preferred) ? preferred : row.assets.findLastIndex((each) => each !== undefined);
  return { side: model.sides[at] as Side, row, part: model.partOf(at, row) };
}

/** Selects a part of a file, and with a payload its asset. */
export function selectPart(model: Model, side: Side, part: Part): Selection {
  return { side, part, row: part.kind === 'payload' ? model.rowOf(side.at, part) : undefined };
}

/** Selects a byte; the last one of the file for what lies behind it. */
export function selectByte(side: Side, offset: number, diagnostic?: Diagnostic): Selection {
  const byte = Math.min(offset, side.fileSize - 1);
  const part = byte < 0 ? undefined : partAt(side.artifact.parts, byte);
  return { side, row: undefined, part, ...(part && { byte }), ...(diagnostic && { diagnostic }) };
}

/** What a part is called; a payload by its asset. */
export function partTitle(part: Part, row: Row | undefined): string {
  if (part.kind !== 'payload') return part.kind === 'rest' ? 'unreadable bytes' : part.kind;
  return row === undefined ? 'payload' : `payload of asset ${row.id}`;
}

/** The selection in a sentence. */
export function describe({ side, row, part, byte }: Selection): string {
  const where = side.letter === '' ? '' : `, file ${side.letter}`;
  if (byte !== undefined) return `byte ${groups(byte)}, in ${part?.kind}${where}`;
  if (row !== undefined && part === undefined) return `asset ${row.id} ${row.name}, no bytes in the file${where}`;
  if (part === undefined) return 'nothing';
  const name = row === undefined ? '' : ` ${row.name}`;
  return `${partTitle(part, row)}${name}, ${bytesText(part.end - part.start)} at byte ${groups(part.start)}${where}`;
}
