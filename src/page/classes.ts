/** Which colour a part of a file has: by bank, or on a page about two files by how the asset fared. */
import { BANK_TYPES } from '../format.js';
import type { Part } from '../read/parts.js';
import { STATUS_LETTERS, STATUSES } from './diff-model.js';
import type { Model, Row, Side } from './rows.js';

/** What lies over a colour, so that nobody has to tell colours apart. */
export type Pattern = 'none' | 'rising' | 'falling' | 'upright' | 'level' | 'dots';

/** Parts that look alike. */
export interface PartClass {
  readonly title: string;
  /** The CSS custom property of the colour. */
  readonly variable: string;
  readonly pattern: Pattern;
}

const STRUCTURE = ['prelude', 'header', 'padding', 'trailing', 'rest'] as const;
const OTHER = 'other bank';
const PATTERNS: { readonly [name: string]: Pattern } = {
  trailing: 'rising',
  rest: 'falling',
  moved: 'dots',
  changed: 'rising',
  added: 'upright',
  removed: 'level',
  'not compared': 'falling',
};

/** The classes of a page, and the class of each part by its number. */
export class Classes {
  readonly list: readonly PartClass[];
  readonly #names: readonly string[];
  readonly #model: Model;
  readonly #ofRows: Int8Array;

  constructor(model: Model) {
    this.#model = model;
    this.#names = [...STRUCTURE, ...(model.diff === undefined ? [...BANK_TYPES, OTHER] : STATUSES)];
    this.#ofRows = Int8Array.from(model.rows, (row) => this.#numberOf(row));
    this.list = this.#names.map((name) => ({
      title: titleOf(name),
      variable: `--${name.toLowerCase().replaceAll(' ', '-')}`,
      pattern: PATTERNS[name] ?? 'none',
    }));
  }

  /** The number of a part's class. */
  of(side: Side, part: Part): number {
    if (part.kind !== 'payload') return STRUCTURE.indexOf(part.kind);
    return this.#ofRows[this.#model.rowOf(side.at, part)?.at ?? -1] ?? -1;
  }

  /** The class of an asset. */
  ofRow({ at }: Row): PartClass {
    return this.list[this.#ofRows[at] ?? -1] as PartClass;
  }

  /** The classes that occur among assets. */
  ofRows(rows: readonly Row[]): PartClass[] {
    const found = new Set(rows.map((row) => this.ofRow(row)));
    return this.list.filter((each) => found.has(each));
  }

  #numberOf({ bank, status }: Row): number {
    const at = this.#names.indexOf(status ?? bank);
    return at < STRUCTURE.length ? this.#names.indexOf(OTHER) : at;
  }

  /** The classes that occur in the files. */
  present(): PartClass[] {
    const found = new Set<number>();
    for (const side of this.#model.sides) for (const part of side.artifact.parts) found.add(this.of(side, part));
    return this.list.filter((_, i) => found.has(i));
  }
}

function titleOf(name: string): string {
  const letter = STATUS_LETTERS[name as keyof typeof STATUS_LETTERS];
  if (letter !== undefined) return `${letter} ${name}`;
  return name === 'rest' ? 'unreadable' : name;
}
