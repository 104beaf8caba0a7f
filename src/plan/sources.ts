/** Finding every payload of a plan, and what can be said of them before they are read. */
import { checkBankSizes } from '../codec/bank-rules.js';
import { isPause, type Steps } from '../codec/steps.js';
import { AssetsPaError, bytesPhrase, type Diagnostics, fault, systemCode, systemMessage } from '../errors.js';
import type { FileSystem } from '../host/fs.js';
import type { Interruption } from '../host/interruption.js';
import { type LocatedFile, type OpenSource, WRONG_SIZE } from '../host/source-file.js';
import { type Look, SourceFolder, type SourceFolderOptions } from '../host/source-folder.js';
import { type DraftAsset, type DraftPlan, type PlanInput, type PlannedAsset, planPointer } from './model.js';
import type { Source } from './payload-source.js';

// Enough to keep the thread pool busy, few enough to keep no more than a moment's worth of promises.
const LOCATED_AT_ONCE = 64;
const LOCATED_BETWEEN_TURNS = 1_024;
/** Threads are asked for more, since an answer is one message; measured: with four times as many, what is in flight lives on as 35 MiB of garbage. */
const LOOKED_AT_ONCE = 512;

/**
 * Finds the payload of every asset and judges what can be judged without reading.
 *
 * @param report Receives `SOURCE_NOT_FOUND`, `SOURCE_OUTSIDE_ROOT`, `SOURCE_NOT_A_FILE`, `SOURCE_SIZE`, `SOURCE_READ`, or one
 * `INPUT_READ` for a root that is not there.
 * @param look How many files are looked at, where it is not the file system that is asked for each.
 * @returns By the plan's index; undefined where there is nothing to read.
 * @throws AssetsPaError `INTERRUPTED`
 */
export async function findSources(
  assets: readonly DraftAsset[],
  fs: FileSystem,
  options: SourceFolderOptions,
  report: Diagnostics,
  interruption: Interruption,
  look?: Look,
): Promise<(Source | undefined)[]> {
  for (const { payload } of assets) if (payload?.kind === 'stream') keepErrors(payload.stream);
  const folder = new SourceFolder(fs, options, look);
  const hasRoot = !assets.some(({ payload }) => payload?.kind === 'file') || (await checkRoot(folder, report));
  const atOnce = look === undefined ? LOCATED_AT_ONCE : LOOKED_AT_ONCE;
  const locate = (from: number) => {
    const names: string[] = [];
    for (const { payload } of hasRoot ? assets.slice(from, from + atOnce) : []) {
      if (payload?.kind === 'file') names.push(payload.path);
    }
    const found = folder.locateAll(names);
    // A failure is met when they are waited for, not as an unhandled rejection before.
    found.catch(() => {});
    return found;
  };
  const sources: (Source | undefined)[] = new Array(assets.length);
  let ahead = locate(0);
  for (let from = 0; from < assets.length; from += atOnce) {
    // Signals and timers get their turn, whatever the file system is like.
    if (from % LOCATED_BETWEEN_TURNS === 0) await new Promise((resolve) => setImmediate(resolve));
    const files = (await ahead).values();
    interruption.check();
    // The next ones are looked for while these are judged.
    ahead = locate(from + atOnce);
    for (const asset of assets.slice(from, from + atOnce)) {
      const file = asset.payload?.kind === 'file' ? files.next().value : undefined;
      sources[asset.index] = hasRoot ? sourceOf(asset, file, report) : undefined;
    }
  }
  return sources;
}

/** Whether there is a root; without one nothing can be said of the files. */
async function checkRoot(folder: SourceFolder, report: Diagnostics): Promise<boolean> {
  try {
    await folder.checkRoot();
    return true;
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    for (const each of error.diagnostics) report.add(each);
    return false;
  }
}

/** @param file What was found, when the payload is one. */
function sourceOf(asset: DraftAsset, file: LocatedFile | Error | undefined, report: Diagnostics): Source | undefined {
  const { payload } = asset;
  if (payload === undefined) return undefined;
  if (payload.kind === 'stream') return new StreamSource(payload.stream, asset.extras.size);
  if (file instanceof Error) {
    if (!(file instanceof AssetsPaError)) throw file;
    for (const each of file.diagnostics) report.add({ ...each, ...blame(asset, payload.kind, each.where) });
    return undefined;
  }
  const source = payload.kind === 'bytes' ? payload : (file as LocatedFile);
  const { size } = asset.extras;
  if (size === undefined || source.size === size) return source;
  report.report('SOURCE_SIZE', {
    what: WRONG_SIZE,
    expected: bytesPhrase(size),
    actual: bytesPhrase(source.size),
    ...blame(asset, 'size'),
  });
  return source;
}

/**
 * B1, as far as sizes are known.
 *
 * @param sources By the plan's index.
 * @param report Receives `BANK_SIZE`.
 */
export function* checkSizes(
  draft: DraftPlan,
  sources: readonly (Source | undefined)[],
  report: Diagnostics,
): Steps<void> {
  for (const [i, asset] of draft.assets.entries()) {
    if (isPause(i)) yield;
    const { size, decodedSize, bankSizes } = asset.extras;
    const found = { size: sources[i]?.size ?? size, decodedSize };
    checkBankSizes(found, bankSizes, (code, at, parts) => {
      const isOwn = at === '/decoded_size' || size !== undefined;
      report.report(code, { ...parts, ...blame(asset, isOwn ? at.slice(1) : (asset.payload?.kind ?? 'size')) });
    });
  }
}

/** Where a payload's fault belongs. */
export function blame(
  asset: DraftAsset,
  member: string,
  where: object = {},
): { where: { plan: string }; asset_id?: number } {
  return {
    where: { ...where, plan: planPointer(asset, member === 'bytes' ? 'inline' : member) },
    ...(asset.assetId !== undefined && { asset_id: asset.assetId }),
  };
}

/** Runs a step that reads a payload; its faults carry the asset and its place in the plan. */
export async function blaming<T>(asset: PlannedAsset, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof AssetsPaError) || !error.code.startsWith('SOURCE_')) throw error;
    const named = error.diagnostics.map((each) => ({ ...each, ...blame(asset, asset.payload.kind, each.where) }));
    throw new AssetsPaError(named, { cause: error.cause });
  }
}

/** A stream may fail before its turn comes; without a listener that would end the process. Reading it gives the error. */
function keepErrors(stream: AsyncIterable<Uint8Array>): void {
  const { on } = stream as { on?: (event: 'error', listener: () => void) => void };
  if (typeof on === 'function') on.call(stream, 'error', () => {});
}

/** Streams that a pack has begun to read: read again, a stream would give an empty payload without a word. */
const taken = new WeakSet<AsyncIterable<Uint8Array>>();

function refuseTaken(stream: AsyncIterable<Uint8Array>): void {
  if (taken.has(stream)) throw new TypeError('a payload stream was already given to a pack; it can be read only once');
}

/** A caller's stream; its chunks are cut to what the reader has room for. */
class StreamSource implements Source {
  readonly size: number | undefined;
  readonly #stream: AsyncIterable<Uint8Array>;

  constructor(stream: AsyncIterable<Uint8Array>, size: number | undefined) {
    refuseTaken(stream);
    this.#stream = stream;
    this.size = size;
  }

  async open(): Promise<OpenSource> {
    refuseTaken(this.#stream);
    taken.add(this.#stream);
    return new OpenStream(this.#stream);
  }
}

class OpenStream implements OpenSource {
  readonly isStream = true;
  readonly #iterator: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #ended = false;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#chunk.length === 0) {
      if (this.#ended) return 0;
      await this.#pull();
    }
    const part = this.#chunk.subarray(0, into.length);
    into.set(part);
    this.#chunk = this.#chunk.subarray(part.length);
    return part.length;
  }

  async finish(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#ended) return;
    // Not awaited: a generator that is stuck in an await would never answer.
    void Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }

  async #pull(): Promise<void> {
    let result: IteratorResult<Uint8Array>;
    try {
      result = await this.#iterator.next();
    } catch (error) {
      this.#ended = true;
      const system = systemCode(error);
      const what = `the payload stream failed: ${systemMessage(error)}`;
      throw fault('SOURCE_READ', { what, ...(system !== undefined && { details: { system } }) }, error);
    }
    if (result.done) this.#ended = true;
    else if (result.value instanceof Uint8Array) this.#chunk = result.value;
    else throw new TypeError('a payload stream gives Uint8Array chunks');
  }
}

/** Lets go of the caller's streams when a pack fails, read or not: also those of a plan that could not be read. */
export function discardStreams(plan: Uint8Array | PlanInput): void {
  const assets: unknown = plan instanceof Uint8Array ? [] : plan?.assets;
  for (const asset of Array.isArray(assets) ? assets : []) {
    const stream = (asset as { stream?: Disposable | null } | null | undefined)?.stream;
    if (typeof stream?.destroy === 'function') stream.destroy();
    // A web stream that is being read is locked; its reader has let go of it then.
    else if (typeof stream?.cancel === 'function') stream.cancel().catch(() => {});
  }
}

/** What a Node stream, or a web stream, is let go of with. */
interface Disposable {
  readonly destroy?: () => void;
  readonly cancel?: () => Promise<void>;
}
