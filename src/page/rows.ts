/** The shape of what a page shows: files, assets, and a row for every asset. */
import type { AssetEntry } from '../format.js';
import type { Part } from '../read/parts.js';
import type { ShownSide } from '../report/page-data.js';
import type { ChangedEntry, DiffReport } from '../report/results.js';

/** How an asset of one file compares with that of the other. */
export type Status = 'same' | 'moved' | 'changed' | 'added' | 'removed' | 'not compared';

/** An asset in one file. */
export interface Asset {
  /** Index in the asset table. */
  readonly index: number;
  readonly entry: AssetEntry;
  /** File offset of the payload; undefined when it does not lie in the file. */
  readonly start: number | undefined;
  /** Preload slot. */
  readonly slot: number | undefined;
}

/** An asset, in all files of the page. */
export interface Row {
  /** Index in the model's rows. */
  readonly at: number;
  readonly id: number;
  readonly name: string;
  readonly bank: string;
  /** Bytes of the payload; of two files, in the later. */
  readonly size: number;
  /** By side; undefined where a file does not have it. */
  readonly assets: readonly (Asset | undefined)[];
  /** Only when there are two files. */
  readonly status?: Status;
  readonly change?: ChangedEntry;
}

/** A file of the page, with ways from its parts to rows and back. */
export interface Side extends ShownSide {
  /** Place in the page. */
  readonly at: number;
  /** `A` and `B`; empty when there is one file. */
  readonly letter: string;
  readonly assets: readonly Asset[];
}

/** Everything that the views show. */
export interface Model {
  readonly sides: readonly Side[];
  readonly rows: readonly Row[];
  readonly diff?: DiffReport;
  rowOf(side: number, part: Part): Row | undefined;
  partOf(side: number, row: Row): Part | undefined;
}
