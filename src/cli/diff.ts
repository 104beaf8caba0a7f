/** `assets-pa diff` */
import type { AssetEntry } from '../format.js';
import type { HexRow } from '../read/annotate.js';
import { fileOffset, type OpenArtifact, withArtifact } from '../read/artifact.js';
import { type Difference, diffOpen } from '../read/diff.js';
import { Listing } from '../read/listing.js';
import { diffText, type HexPair, type HexPairs } from '../report/diff.js';
import { diffReport, hexRowObject } from '../report/objects.js';
import { EXIT, UsageError } from './exit.js';
import { ProgressBar } from './progress.js';
import {
  type CommonOptions,
  inputFileSystem,
  type Outcome,
  painter,
  runCommand,
  STANDARD_OUTPUT,
  untilSignalled,
} from './terminal.js';

interface DiffCommandOptions extends CommonOptions {
  readonly hex?: boolean;
  readonly html?: string;
}

/** Runs the command. */
export function diff(pathA: string, pathB: string, options: DiffCommandOptions): Promise<void> {
  return runCommand('diff', options, () => {
    if (pathA === '-' && pathB === '-') throw new UsageError('standard input can be read only once');
    if (options.html === STANDARD_OUTPUT && options.json === true) throw new UsageError('--html - is not for --json');
    return withArtifact(pathA, inputFileSystem, (a) =>
      withArtifact(pathB, inputFileSystem, (b) => compare(a, b, options)),
    );
  });
}

async function compare(a: OpenArtifact, b: OpenArtifact, options: DiffCommandOptions): Promise<Outcome> {
  const difference = await differenceOf(a, b, options);
  const report = diffReport(a, b, difference);
  const { json = false, hex: isAll = false, html } = options;
  if (html !== undefined) {
    const places = [...payloadPlaces(a, b, difference)];
    const { writePage } = await import('./page.js');
    await writePage(html, [a, b], {
      diff: report,
      places: [places.flatMap((place) => place.a ?? []), places.flatMap((place) => place.b ?? [])],
    });
  }
  const hex = json && !isAll ? NO_PAIRS : await hexOf(a, b, difference, isAll);
  const paint = painter(process.stdout, options);
  const diagnostics = [a, b].flatMap(({ path, report: { list } }) =>
    list.map((each) => ({ ...each, where: { path, ...each.where } })),
  );
  return {
    result: isAll ? { ...report, hex: hex.pairs.map(hexObject) } : report,
    text: html === STANDARD_OUTPUT ? [] : diffText(report, difference, hex, paint),
    diagnostics,
    omitted: a.report.omitted + b.report.omitted,
    exitCode: difference.identical ? EXIT.done : EXIT.broken,
  };
}

async function differenceOf(a: OpenArtifact, b: OpenArtifact, { quiet }: CommonOptions): Promise<Difference> {
  const bar = new ProgressBar(quiet === true ? 'never' : 'auto');
  const totalBytes = Math.min(a.fileSize, b.fileSize);
  let bytes = 0;
  try {
    return await untilSignalled((signal) =>
      diffOpen(a, b, {
        signal,
        onBytes: (length) => {
          bytes += length;
          bar.update({ bytes: Math.min(bytes, totalBytes), totalBytes, name: b.path });
        },
      }),
    );
  } finally {
    bar.stop();
  }
}

/** A place that differs: a byte of the file, or a pointer into its header; a side that does not have it has none. */
interface Place {
  readonly title: string;
  readonly a?: number | string | undefined;
  readonly b?: number | string | undefined;
}

/** Places that `--hex` shows, beside the first difference. */
const PLACES_MAX = 100;

/** The first byte of every payload that differs, and of what lies outside of them. */
function* payloadPlaces(
  a: OpenArtifact,
  b: OpenArtifact,
  { changed, outside }: Difference,
): Generator<{ title: string; a?: number | undefined; b?: number | undefined }> {
  for (const { a: left, b: right, payload } of changed) {
    if (payload === undefined) continue;
    yield {
      title: `payload of asset ${left.assetId}`,
      a: payload.first < left.size ? fileOffset(a, left) + payload.first : undefined,
      b: payload.first < right.size ? fileOffset(b, right) + payload.first : undefined,
    };
  }
  if (outside !== undefined) yield { title: 'outside the payloads', a: outside.first, b: outside.first };
}

/** Every place that differs: prelude fields, entries, members, preload entries, payloads. */
function* allPlaces(a: OpenArtifact, b: OpenArtifact, difference: Difference): Generator<Place> {
  for (const { field } of difference.prelude) yield { title: field.name, a: field.at, b: field.at };
  const [inA, inB] = [new Pointers(a), new Pointers(b)];
  for (const entry of difference.removed) yield { title: `asset ${entry.assetId}`, a: inA.entry(entry) };
  for (const entry of difference.added) yield { title: `asset ${entry.assetId}`, b: inB.entry(entry) };
  for (const pair of [...difference.changed, ...difference.moved]) {
    for (const { name } of pair.members) {
      const title = `${name} of asset ${pair.a.assetId}`;
      yield { title, a: `${inA.entry(pair.a)}/${name}`, b: `${inB.entry(pair.b)}/${name}` };
    }
  }
  const { removed, added, changed } = difference.preload;
  for (const { assetId } of [...removed, ...added, ...changed]) {
    yield { title: `preload entry of asset ${assetId}`, a: inA.preload(assetId), b: inB.preload(assetId) };
  }
  yield* payloadPlaces(a, b, difference);
}

/** Where entries stand in a header. */
class Pointers {
  readonly #entries: ReadonlyMap<AssetEntry | undefined, number>;
  readonly #preload: ReadonlyMap<number | undefined, number>;

  constructor({ header }: OpenArtifact) {
    this.#entries = new Map(header?.assetTable.map((entry, index) => [entry, index]));
    this.#preload = new Map(header?.preload.map((entry, index) => [entry?.assetId, index]));
  }

  entry(entry: AssetEntry): string {
    return `/asset_table/${this.#entries.get(entry)}`;
  }

  preload(assetId: number): string | undefined {
    const index = this.#preload.get(assetId);
    return index === undefined ? undefined : `/preload/${index}`;
  }
}

/** Annotated rows around the first difference; with `--hex`, around all of them. */
async function hexOf(a: OpenArtifact, b: OpenArtifact, difference: Difference, isAll: boolean): Promise<HexPairs> {
  const { firstDifference: first } = difference;
  if (first === undefined) return NO_PAIRS;
  const places: Place[] = [{ title: 'first difference', a: first, b: first }];
  let omitted = 0;
  for (const place of isAll ? allPlaces(a, b, difference) : []) {
    if (place.a === first && place.b === first) continue;
    if (places.length <= PLACES_MAX) places.push(place);
    else omitted += 1;
  }
  const [left, right] = [await RowsAround.open(a, places, 'a'), await RowsAround.open(b, places, 'b')];
  const pairs: HexPair[] = [];
  for (const place of places) {
    pairs.push({ title: place.title, a: await left.of(place.a), b: await right.of(place.b) });
  }
  return { pairs, omitted };
}

const NO_PAIRS: HexPairs = { pairs: [], omitted: 0 };

/** Rows around places of one file. */
class RowsAround {
  readonly #listing: Listing;
  readonly #offsets: ReadonlyMap<string, number>;

  private constructor(listing: Listing, offsets: ReadonlyMap<string, number>) {
    this.#listing = listing;
    this.#offsets = offsets;
  }

  static async open(artifact: OpenArtifact, places: readonly Place[], side: 'a' | 'b'): Promise<RowsAround> {
    const listing = await Listing.open(artifact);
    const pointers = places.map((place) => place[side]).filter((place) => typeof place === 'string');
    return new RowsAround(listing, listing.locate(pointers));
  }

  async of(place: Place['a']): Promise<HexRow[]> {
    const offset = typeof place === 'string' ? this.#offsets.get(place) : place;
    return offset === undefined ? [] : this.#listing.around(offset);
  }
}

function hexObject({ title, a, b }: HexPair): object {
  return { title, a: a.map(hexRowObject), b: b.map(hexRowObject) };
}
