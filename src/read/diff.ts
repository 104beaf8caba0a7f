/** The structural difference of two artifacts: headers by value, payloads by streaming. Broken files are compared as far as they can be read. */
import type { ReadHeader } from '../codec/header-v1.js';
import type { Prelude } from '../codec/prelude.js';
import { type AssetEntry, PRELUDE_FIELDS, PRELUDE_SIZE } from '../format.js';
import { ForwardReader } from '../host/forward-reader.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { Interruption } from '../host/interruption.js';
import { fileOffset, type OpenArtifact, withArtifact } from './artifact.js';
import { type ByteDifference, compareRuns, fileRun } from './compare.js';
import { diffHeaders, type EntryPair, type HeaderDifference } from './diff-header.js';
import { type Part, partsOf, slicesOf } from './parts.js';

/** A field of the prelude with its values; a file that ends before the field has none. */
export interface FieldDifference {
  readonly field: (typeof PRELUDE_FIELDS)[number];
  readonly a: number | bigint | undefined;
  readonly b: number | bigint | undefined;
}

/** An asset that both files have, with other members than `offset` or other bytes. */
export interface ChangedAsset extends EntryPair {
  /** Absent when the payloads are equal or were not compared. */
  readonly payload?: ByteDifference;
}

/** A payload that could not be compared. */
export interface NotCompared {
  readonly assetId: number;
  /** Why not. */
  readonly reason: string;
}

/** How two artifacts differ. */
export interface Difference {
  /** Whether the files are equal, byte for byte. */
  readonly identical: boolean;
  /** The first byte of the files that differs. */
  readonly firstDifference?: number;
  readonly prelude: readonly FieldDifference[];
  /** The headers say the same in other bytes: the first byte of the files that differs. */
  readonly headerText?: number;
  readonly added: readonly AssetEntry[];
  readonly removed: readonly AssetEntry[];
  /** Only `offset` differs. */
  readonly moved: readonly EntryPair[];
  readonly changed: readonly ChangedAsset[];
  readonly notCompared: readonly NotCompared[];
  readonly preload: HeaderDifference['preload'];
  /** What could not be read, and so is not compared. */
  readonly unread: readonly { readonly side: 'a' | 'b'; readonly what: string }[];
  /** Where the payload regions begin; NaN where a file has none. */
  readonly payloadOffsets: { readonly a: number; readonly b: number };
  /** Bytes that belong to no compared payload, where prelude and header are equal; `first` is a byte of the files. */
  readonly outside?: ByteDifference;
}

/** Whether nothing was added, removed or changed, and all of it could be compared. */
export function isLayoutOnly({
  identical,
  added,
  removed,
  changed,
  preload,
  unread,
  notCompared,
}: Difference): boolean {
  const lists = [added, removed, changed, preload.added, preload.removed, preload.changed, unread, notCompared];
  return identical || lists.every(({ length }) => length === 0);
}

/** Options of {@link diffArtifacts}. */
export interface DiffOptions {
  /** Interrupts the work. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the length of what was compared; must be quick. */
  readonly onBytes?: ((length: number) => void) | undefined;
  /** The file system. Defaults to the machine's own. */
  readonly fs?: FileSystem | undefined;
}

/**
 * Compares two artifacts: headers by value, payloads byte by byte, in bounded memory. Broken files are compared as far as they can be read.
 *
 * @throws AssetsPaError `INPUT_READ`, `INTERRUPTED`
 */
export function diffArtifacts(pathA: string, pathB: string, options: DiffOptions = {}): Promise<Difference> {
  const { fs = nodeFileSystem } = options;
  return withArtifact(pathA, fs, (a) => withArtifact(pathB, fs, (b) => diffOpen(a, b, options)));
}

/** Compares two open artifacts. */
export async function diffOpen(
  a: OpenArtifact,
  b: OpenArtifact,
  { signal, onBytes = () => {} }: DiffOptions,
): Promise<Difference> {
  const comparison = new Comparison(a, b, new Interruption(signal), onBytes);
  try {
    return await comparison.run();
  } finally {
    await comparison.close();
  }
}

/** Bytes of one read. Measured: two equal files of 1 GiB take a third longer with 1 MiB. */
const BLOCK_SIZE = 4_194_304;

class Comparison {
  readonly #a: OpenArtifact;
  readonly #b: OpenArtifact;
  readonly #readerA: ForwardReader;
  readonly #readerB: ForwardReader;
  readonly #onBytes: (length: number) => void;

  constructor(a: OpenArtifact, b: OpenArtifact, interruption: Interruption, onBytes: (length: number) => void) {
    this.#a = a;
    this.#b = b;
    [this.#readerA, this.#readerB] = [readerOf(a), readerOf(b)];
    this.#onBytes = (length) => {
      interruption.check();
      onBytes(length);
    };
  }

  async run(): Promise<Difference> {
    const [a, b] = [this.#a, this.#b];
    const front = await this.#front();
    const [left, right] = a.header !== undefined && b.header !== undefined ? [a.header, b.header] : [NOTHING, NOTHING];
    const { preload, pairs, ...found } = diffHeaders(left, right);
    const { changed, moved, notCompared, compared } = await this.#payloads(pairs);
    const added = withoutDoubtful(found.added, left, 'a', notCompared);
    const removed = withoutDoubtful(found.removed, right, 'b', notCompared);
    const outside = front === undefined ? await this.#outside(compared) : undefined;
    const first = front?.first ?? earliest(a, changed, outside);
    const unread = [...unreadIn('a', a), ...unreadIn('b', b)];
    const saysTheSame =
      unread.length === 0 &&
      !hasMore(a) &&
      !hasMore(b) &&
      !pairs.some(({ members }) => members.length > 0) &&
      [added, removed, preload.added, preload.removed, preload.changed].every(({ length }) => length === 0);
    const headerText = saysTheSame && front !== undefined ? await this.#headerText() : undefined;
    return {
      identical: first === undefined,
      ...(first !== undefined && { firstDifference: first }),
      prelude: preludeDifferences(a.prelude, b.prelude),
      ...(headerText !== undefined && { headerText }),
      added,
      removed,
      moved,
      changed,
      unread,
      notCompared,
      preload,
      payloadOffsets: { a: Number(a.prelude?.payloadOffset), b: Number(b.prelude?.payloadOffset) },
      ...(outside && { outside }),
    };
  }

  async close(): Promise<void> {
    await this.#readerA.settle();
    await this.#readerB.settle();
  }

  /** Prelude and header, byte by byte. */
  #front(): Promise<ByteDifference | undefined> {
    const end = Math.max(frontEnd(this.#a), frontEnd(this.#b));
    return this.#compare(0, Math.min(end, this.#a.fileSize), 0, Math.min(end, this.#b.fileSize));
  }

  /** The first byte in which two headers differ that say the same. */
  async #headerText(): Promise<number | undefined> {
    const found = await this.#compare(PRELUDE_SIZE, frontEnd(this.#a), PRELUDE_SIZE, frontEnd(this.#b));
    return found && PRELUDE_SIZE + found.first;
  }

  async #payloads(pairs: readonly EntryPair[]): Promise<{
    changed: ChangedAsset[];
    moved: EntryPair[];
    notCompared: NotCompared[];
    /** Indices in the asset table of `a`. */
    compared: Set<number>;
  }> {
    const obstacles = [obstaclesOf(this.#a), obstaclesOf(this.#b)] as const;
    const result = { changed: [] as ChangedAsset[], moved: [] as EntryPair[], notCompared: [] as NotCompared[] };
    const compared = new Set<number>();
    for (const pair of pairs) {
      const { a, b, indexA, indexB, members } = pair;
      const reason = reasonOf(obstacles[0].get(indexA), 'a') ?? reasonOf(obstacles[1].get(indexB), 'b');
      let payload: ByteDifference | undefined;
      if (reason !== undefined) result.notCompared.push({ assetId: a.assetId, reason });
      else {
        const [startA, startB] = [fileOffset(this.#a, a), fileOffset(this.#b, b)];
        payload = await this.#compare(startA, startA + a.size, startB, startB + b.size);
        compared.add(indexA);
      }
      if (payload !== undefined || hasMembers(pair)) result.changed.push({ ...pair, ...(payload && { payload }) });
      else if (members.length > 0) result.moved.push(pair);
    }
    return { ...result, compared };
  }

  /** What belongs to no compared payload, in two files with equal headers. */
  async #outside(compared: ReadonlySet<number>): Promise<ByteDifference | undefined> {
    const [a, b] = [this.#a, this.#b];
    const start = frontEnd(a);
    const rest = ({ index, end }: Part) => end > start && (index === undefined || !compared.has(index));
    let first: number | undefined;
    let count = 0;
    for (const part of partsOf(a.fileSize >= b.fileSize ? a : b).filter(rest)) {
      const { start: from, end } = part;
      const found = await this.#compare(from, Math.min(end, a.fileSize), from, Math.min(end, b.fileSize));
      if (found === undefined) continue;
      first ??= from + found.first;
      count += found.count;
    }
    return first === undefined ? undefined : { first, count };
  }

  #compare(startA: number, endA: number, startB: number, endB: number): Promise<ByteDifference | undefined> {
    const runA = fileRun(this.#readerA, startA, endA);
    return compareRuns(runA, fileRun(this.#readerB, startB, endB), this.#onBytes);
  }
}

function readerOf({ file, fileSize }: OpenArtifact): ForwardReader {
  return new ForwardReader(file, { blockSize: Math.min(BLOCK_SIZE, fileSize), readAhead: true });
}

const NOTHING: ReadHeader = { assetTable: [], preload: [] };

/** Where prelude and header end, as far as they are there. */
function frontEnd(artifact: OpenArtifact): number {
  return (
    partsOf({ ...artifact, header: undefined }).findLast(({ kind }) => kind === 'prelude' || kind === 'header')?.end ??
    0
  );
}

/** The first byte behind equal preludes and headers that differs. */
function earliest(
  a: OpenArtifact,
  changed: readonly ChangedAsset[],
  outside: ByteDifference | undefined,
): number | undefined {
  let first = outside?.first;
  for (const { a: entry, payload } of changed) {
    const at = payload && fileOffset(a, entry) + payload.first;
    if (at !== undefined && at < (first ?? Number.POSITIVE_INFINITY)) first = at;
  }
  return first;
}

function hasMembers({ members }: EntryPair): boolean {
  return members.some(({ name }) => name !== 'offset');
}

/** An entry that only one table has may be one that could not be read in the other: that is all that can be said of it. */
function withoutDoubtful(
  entries: readonly AssetEntry[],
  { assetTable }: ReadHeader,
  side: 'a' | 'b',
  notCompared: NotCompared[],
): readonly AssetEntry[] {
  if (!assetTable.includes(undefined)) return entries;
  const reason = `it may be the entry that cannot be read in ${side}`;
  notCompared.push(...entries.map(({ assetId }) => ({ assetId, reason })));
  return [];
}

/** Whether a header says more than its entries show: members that the format does not have, values that it cannot hold. */
function hasMore({ report }: OpenArtifact): boolean {
  return report.list.some(({ code }) => code.startsWith('HEADER_') && code !== 'HEADER_NOT_CANONICAL');
}

/** What of a header could not be read. */
function unreadIn(side: 'a' | 'b', { header }: OpenArtifact): { side: 'a' | 'b'; what: string }[] {
  if (header === undefined) return [{ side, what: 'the header' }];
  const unread = [...header.assetTable, ...header.preload].filter((entry) => entry === undefined).length;
  return unread === 0 ? [] : [{ side, what: unread === 1 ? 'an entry' : `${unread} entries` }];
}

function preludeDifferences(a: Prelude | undefined, b: Prelude | undefined): FieldDifference[] {
  return PRELUDE_FIELDS.map((field) => ({ field, a: a?.[field.property], b: b?.[field.property] })).filter(
    (each) => each.a !== each.b,
  );
}

/** Why a payload cannot be read. */
type Obstacle = 'is not inside a payload region' | 'overlaps another one';

function reasonOf(obstacle: Obstacle | undefined, side: 'a' | 'b'): string | undefined {
  return obstacle && `the payload ${obstacle} in ${side}`;
}

/** The slices that are not read, by their index: so the work is bounded by the size of the file, whatever it says. */
function obstaclesOf({ header = NOTHING, prelude, fileSize }: OpenArtifact): Map<number, Obstacle> {
  const obstacles = new Map<number, Obstacle>();
  for (const [index, entry] of header.assetTable.entries()) {
    if (entry !== undefined) obstacles.set(index, 'is not inside a payload region');
  }
  const payloadOffset = Number(prelude?.payloadOffset);
  if (payloadOffset < PRELUDE_SIZE + (prelude?.headerLen ?? 0)) return obstacles;
  let end = 0;
  for (const slice of slicesOf(header, payloadOffset, fileSize)) {
    if (slice.start >= end || slice.start === slice.end) obstacles.delete(slice.index);
    else obstacles.set(slice.index, 'overlaps another one');
    end = Math.max(end, slice.end);
  }
  return obstacles;
}
