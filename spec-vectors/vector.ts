/** What a case says of a vector. The manifest, the files and their digests follow from it. */

/** The classes of the runtime profile, in the order in which a reader reports them. */
export const CLASSES = {
  TRUNCATED: 'the file has fewer than 32 bytes',
  MAGIC: 'the file does not begin with "ASPA"',
  VERSION: 'schema_version is not 1',
  BOUNDS: 'the header or the payload region does not fit the file',
  HEADER: 'the header is not UTF-8, not JSON, or not of the right shape',
  TABLE: 'an asset id stands twice, or a slice leaves the payload region',
  PRELOAD: 'a preload entry names no asset, no slot, or a slot that is taken',
} as const;

export type RuntimeClass = keyof typeof CLASSES;

/** Why a vector is there; each vector has one or more. */
export const FLAGS = {
  minimal: 'the smallest file that shows the point',
  boundary: 'a value at the edge of what is legal',
  'beyond-boundary': 'a value one past the edge of what is legal',
  order: 'order of members, entries or bytes',
  padding: 'alignment, gaps and what fills them',
  unicode: 'text outside ASCII, escapes, UTF-8 itself',
  number: 'how numbers are written, and how large they are',
  duplicate: 'something that stands twice',
  retired: 'a name that older texts used',
  'open-at-runtime': 'the published texts leave it open: a runtime may accept or reject',
  'several-classes': 'parsers differ in where they notice the fault: each listed class is right',
  bank: 'rules of a bank type',
  preload: 'preload slots',
  real: 'an artifact as a game would have it',
} as const;

export type Flag = keyof typeof FLAGS;

/** What a reader of the runtime profile must say. */
export type RuntimeExpectation = 'accept' | 'unspecified' | RuntimeClass | readonly RuntimeClass[];

/** Where the strict profile finds the fault. */
export interface Place {
  /** JSON pointer into the header. */
  readonly pointer?: string;
  /** Byte in the file. */
  readonly offset?: number;
}

interface Common {
  /** One sentence. */
  readonly title: string;
  /** Clauses of docs/format.md that it shows. */
  readonly clauses: readonly string[];
  readonly flags: readonly Flag[];
  readonly bytes: Uint8Array;
}

/** A file that every reader accepts. */
export interface AcceptCase extends Common {
  /** File name without extension. */
  readonly name: string;
  /** The table and the list as the header says them, and each slice's bytes, in table order. */
  readonly expected: {
    readonly asset_table: readonly object[];
    readonly preload: readonly object[];
    readonly slices: readonly Uint8Array[];
  };
  /** A plan with inline payloads that makes these very bytes, where one can. */
  readonly plan?: object;
}

/** A file with exactly one fault. */
export interface RejectCase extends Common {
  /** Error code of the strict profile. */
  readonly code: string;
  /** What is wrong, in kebab case; with the code it is the file's name: `CODE--what-is-wrong`. */
  readonly what: string;
  readonly where: Place;
  readonly runtime: RuntimeExpectation;
}
