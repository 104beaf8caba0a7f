/** The inputs, as data. `make-corpus.ts` makes them. */

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** An input at full size. */
export interface Corpus {
  readonly what: string;
  /** `files`: noise in files; `inline`: noise in the plan; `repeated`: one file of noise that `count` assets name; `tree`: somebody's files. */
  readonly kind: 'files' | 'inline' | 'repeated' | 'tree';
  /** Assets; of a `tree`, the most that are taken. */
  readonly count: number;
  /** Bytes of each payload; of a `tree`, a guess at the mean. */
  readonly size: number;
  /** What a scale makes smaller. */
  readonly scales: 'count' | 'size';
}

const SCALING_BYTES = [1, 4, 16, 64] as const;
const SCALING_ENTRIES = [1_000, 10_000, 100_000, 1_000_000] as const;

const corpora = {
  large: { what: '1 x 8 GiB', kind: 'files', count: 1, size: 8 * GIB, scales: 'size' },
  'two-gib': { what: '1 x 2 GiB', kind: 'files', count: 1, size: 2 * GIB, scales: 'size' },
  medium: { what: '64 x 64 MiB', kind: 'files', count: 64, size: 64 * MIB, scales: 'size' },
  small: { what: '16,384 x 64 KiB', kind: 'files', count: 16_384, size: 64 * KIB, scales: 'count' },
  tiny: { what: '100,000 x 4 KiB', kind: 'files', count: 100_000, size: 4 * KIB, scales: 'count' },
  inline: { what: '1,000,000 x 64 bytes inline', kind: 'inline', count: 1_000_000, size: 64, scales: 'count' },
  'inline-tenth': { what: '100,000 x 64 bytes inline', kind: 'inline', count: 100_000, size: 64, scales: 'count' },
  three: { what: '3 x 4 KiB', kind: 'files', count: 3, size: 4 * KIB, scales: 'size' },
  real: { what: "SuperTux's data", kind: 'tree', count: 5_000, size: 64 * KIB, scales: 'count' },
} as const satisfies Record<string, Corpus>;

/** Inputs of the scaling cases, the smallest first. */
export const SCALING = {
  bytes: SCALING_BYTES.map((count) => `bytes-${count}`),
  entries: SCALING_ENTRIES.map((count) => `entries-${count}`),
} as const;

/** Every input by its name. */
export const CORPORA: Readonly<Record<string, Corpus>> = {
  ...corpora,
  ...Object.fromEntries(
    SCALING_BYTES.map((count) => [
      `bytes-${count}`,
      { what: `${count} x 256 MiB, one file`, kind: 'repeated', count, size: 256 * MIB, scales: 'size' },
    ]),
  ),
  ...Object.fromEntries(
    SCALING_ENTRIES.map((count) => [
      `entries-${count}`,
      { what: `${count} x 64 bytes inline`, kind: 'inline', count, size: 64, scales: 'count' },
    ]),
  ),
};

/** The name of an input of a case with peers. */
export type CorpusName = keyof typeof corpora;

/**
 * An input of the table.
 *
 * @throws RangeError there is none of that name
 */
export function corpusOf(name: string): Corpus {
  const corpus = CORPORA[name];
  if (corpus === undefined) throw new RangeError(`there is no corpus ${name}`);
  return corpus;
}

/** An input made smaller; never smaller than one asset of one byte, or 10 inline ones. */
export function scaled(corpus: Corpus, scale: number): Corpus {
  const least = corpus.kind === 'inline' ? 10 : 1;
  const value = Math.max(least, Math.round(corpus[corpus.scales] * scale));
  return { ...corpus, [corpus.scales]: value };
}

/** Bytes that an input takes on the disk, about. */
export function diskBytes({ kind, count, size }: Corpus): number {
  const planBytes = 120 * count;
  if (kind === 'inline') return planBytes + Math.ceil((4 * count * size) / 3);
  return planBytes + (kind === 'repeated' ? size : count * blocks(size));
}

/** Bytes of the largest archive that anybody makes of an input: tar adds a header and padding, a stored zip two headers. */
export function archiveBytes({ count, size }: Corpus): number {
  return count * (blocks(size) + KIB);
}

function blocks(size: number): number {
  return Math.ceil(size / (4 * KIB)) * 4 * KIB;
}
