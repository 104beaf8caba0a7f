/** `assets-pa diff` */
import { fileOffset, type OpenArtifact, withArtifact } from '../read/artifact.js';
import { type Difference, diffOpen } from '../read/diff.js';
import { Listing } from '../read/listing.js';
import { diffText, type HexPair } from '../report/diff.js';
import { diffReport, hexRowObject } from '../report/results.js';
import { ProgressBar } from './progress.js';
import {
  type CommonOptions,
  EXIT,
  inputFileSystem,
  type Outcome,
  painter,
  runCommand,
  UsageError,
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
  const hex = json && !isAll ? [] : await hexOf(a, b, difference, isAll);
  const paint = painter(process.stdout, options);
  const diagnostics = [a, b].flatMap(({ path, report: { list } }) =>
    list.map((each) => ({ ...each, where: { path, ...each.where } })),
  );
  return {
    result: isAll ? { ...report, hex: hex.map(hexObject) } : report,
    text: diffText(report, difference, hex, paint),
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

/** A place that differs, in both files; a side that does not have it has none. */
interface Place {
  readonly title: string;
  readonly a?: number | undefined;
  readonly b?: number | undefined;
}

/** Places that `--hex` shows. */
const PLACES_MAX = 100;

/** The first byte of every payload that differs, and of what lies outside of them. */
function* payloadPlaces(a: OpenArtifact, b: OpenArtifact, { changed, outside }: Difference): Generator<Place> {
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

/** Every place that differs: prelude fields, members, payloads. */
function* allPlaces(a: OpenArtifact, b: OpenArtifact, difference: Difference, pointers: Pointers): Generator<Place> {
  for (const { field } of difference.prelude) yield { title: field.name, a: field.at, b: field.at };
  for (const { a: entry, indexA, indexB, members } of [...difference.changed, ...difference.moved]) {
    for (const { name } of members) {
      const title = `${name} of asset ${entry.assetId}`;
      yield { title, a: pointers.a(memberPointer(indexA, name)), b: pointers.b(memberPointer(indexB, name)) };
    }
  }
  yield* payloadPlaces(a, b, difference);
}

function memberPointer(index: number, name: string): string {
  return `/asset_table/${index}/${name}`;
}

/** Where values of both headers begin in their files. */
interface Pointers {
  readonly a: (pointer: string) => number | undefined;
  readonly b: (pointer: string) => number | undefined;
}

/** Annotated rows around the first difference; with `--hex`, around all of them. */
async function hexOf(a: OpenArtifact, b: OpenArtifact, difference: Difference, isAll: boolean): Promise<HexPair[]> {
  const { firstDifference: first, changed, moved } = difference;
  if (first === undefined) return [];
  const [left, right] = [await Listing.open(a), await Listing.open(b)];
  const places: Place[] = [{ title: 'first difference', a: first, b: first }];
  if (isAll) {
    const pairs = [...changed, ...moved].slice(0, PLACES_MAX);
    const pointersOf = (side: 'indexA' | 'indexB') =>
      pairs.flatMap((pair) => pair.members.map(({ name }) => memberPointer(pair[side], name)));
    const offsets = [left.locate(pointersOf('indexA')), right.locate(pointersOf('indexB'))] as const;
    const pointers = { a: (each: string) => offsets[0].get(each), b: (each: string) => offsets[1].get(each) };
    for (const place of allPlaces(a, b, difference, pointers)) {
      if (places.length > PLACES_MAX) break;
      if (place.a !== first || place.b !== first) places.push(place);
    }
  }
  const rows = (listing: Listing, at: number | undefined) => (at === undefined ? [] : listing.around(at));
  const found: HexPair[] = [];
  for (const { title, a: atA, b: atB } of places) {
    found.push({ title, a: await rows(left, atA), b: await rows(right, atB) });
  }
  return found;
}

function hexObject({ title, a, b }: HexPair): object {
  return { title, a: a.map(hexRowObject), b: b.map(hexRowObject) };
}
