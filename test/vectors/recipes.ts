/**
 * The packer against the recipes of spec-vectors/recipes.json: large artifacts from generated streams, into a sink that keeps digests only.
 *
 *     npm run vectors:recipes                   every recipe, a process each, and a Markdown table; exits 1 when a digest differs
 *     tsx test/vectors/recipes.ts ID            one recipe in this process; prints one JSON object
 */
import { spawnSync } from 'node:child_process';
import { RECIPES, type Recipe } from '../../spec-vectors/recipe-rules.ts';
import { Ladder, payload, type RecipeResult, type Rung, recordedRecipes, seedOf } from '../../spec-vectors/recipes.ts';
import { type AssetInput, type PackResult, type PlanInput, packAssets, type Sink } from '../../src/index.ts';

/** What one run found. */
interface Run {
  readonly id: string;
  readonly assets: number;
  readonly bytes: number;
  readonly headerLen: number;
  readonly seconds: number;
  readonly peakRssBytes: number;
  /** What is not as recorded; empty when all is. */
  readonly differences: readonly string[];
}

/** The assets from the last to the first, so that the packer has to order them. */
function planOf(recipe: Recipe): PlanInput {
  const assets = Array.from({ length: recipe.count }, (_, k) => inputOf(recipe, recipe.count - 1 - k));
  return { schemaVersion: 1, layout: { alignment: recipe.alignment }, assets };
}

function inputOf(recipe: Recipe, i: number): AssetInput {
  const { assetId, assetName, bankType, size, decodedSize, metadata, slot } = recipe.asset(i);
  return {
    assetId,
    assetName,
    bankType,
    decodedSize,
    metadata: metadata(),
    stream: new PayloadStream(seedOf(recipe, i), size),
    size,
    ...(slot !== undefined && { preload: { slot } }),
  };
}

/** Makes nothing before it is read. */
class PayloadStream implements AsyncIterable<Uint8Array> {
  readonly #seed: number;
  readonly #size: number;

  constructor(seed: number, size: number) {
    this.#seed = seed;
    this.#size = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield* payload(this.#seed, this.#size);
  }
}

/** Keeps the digests of an artifact's prefixes, no byte of it. */
class LadderSink implements Sink {
  readonly keepsCompanions = false;
  readonly spoolFolder = undefined;
  readonly #ladder: Ladder;
  isCommitted = false;

  constructor({ file_size, header_len, payload_offset }: RecipeResult) {
    this.#ladder = new Ladder({ file: file_size, headerLen: header_len, payloadOffset: payload_offset });
  }

  get rungs(): readonly Rung[] {
    return this.#ladder.rungs;
  }

  async open(): Promise<void> {}

  async begin(): Promise<void> {}

  async write(bytes: Uint8Array): Promise<void> {
    this.#ladder.update(bytes);
  }

  async companion(): Promise<void> {}

  async commit(): Promise<void> {
    this.isCommitted = true;
  }

  async abort(): Promise<void> {}
}

async function run(recipe: Recipe): Promise<Run> {
  const recorded = recordedRecipes().find(({ id }) => id === recipe.id);
  if (recorded === undefined) throw new Error(`recipes.json has no ${recipe.id}`);
  const sink = new LadderSink(recorded.expected);
  const started = performance.now();
  const result = await packAssets(planOf(recipe), sink);
  const seconds = (performance.now() - started) / 1_000;
  return {
    id: recipe.id,
    assets: result.assetCount,
    bytes: result.artifact.size,
    headerLen: result.layout.headerLen,
    seconds,
    // Linux and Node: KiB.
    peakRssBytes: process.resourceUsage().maxRSS * 1_024,
    differences: differences(recorded.expected, result, sink),
  };
}

function differences(expected: RecipeResult, { artifact, layout }: PackResult, sink: LadderSink): string[] {
  const pairs: [what: string, expected: unknown, found: unknown][] = [
    ['committed', true, sink.isCommitted],
    ['header_len', expected.header_len, layout.headerLen],
    ['payload_offset', expected.payload_offset, layout.payloadOffset],
    ['file_size', expected.file_size, artifact.size],
    ...expected.ladder.flatMap(({ of, sha256, xxh64 }, i): [string, unknown, unknown][] => [
      [`sha256 of ${of}`, sha256, sink.rungs[i]?.sha256],
      [`xxh64 of ${of}`, xxh64, sink.rungs[i]?.xxh64],
    ]),
    ["the packer's own sha256", `sha256:${expected.sha256}`, artifact.digests.sha256],
    ["the packer's own xxh64", `xxh64:${expected.xxh64}`, artifact.digests.xxh64],
  ];
  return pairs.filter(([, a, b]) => a !== b).map(([what, a, b]) => `${what}: expected ${a}, got ${b}`);
}

/** A run in a process of its own, so that its peak memory is its own. */
function runApart(recipe: Recipe): Run {
  process.stderr.write(`${recipe.id}\n`);
  const args = [...process.execArgv, import.meta.filename, recipe.id];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${recipe.id}: exit status ${status}`);
  return JSON.parse(stdout) as Run;
}

function row({ id, assets, bytes, headerLen, seconds, peakRssBytes, differences: found }: Run): string {
  const cells = [
    id,
    assets.toLocaleString('en'),
    bytes.toLocaleString('en'),
    headerLen.toLocaleString('en'),
    seconds.toFixed(1),
    Math.round(peakRssBytes / 2 ** 20).toLocaleString('en'),
    found.length === 0 ? 'all' : `not: ${found.length}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const asked = process.argv[2];
if (asked === undefined) {
  const runs = RECIPES.map(runApart);
  const head = '| recipe | assets | bytes | header | seconds | peak MiB | digests equal |';
  process.stdout.write([head, '| --- | --: | --: | --: | --: | --: | --- |', ...runs.map(row), ''].join('\n'));
  for (const { id, differences: found } of runs) {
    for (const each of found) process.stderr.write(`${id}: ${each}\n`);
    if (found.length > 0) process.exitCode = 1;
  }
} else {
  const recipe = RECIPES.find(({ id }) => id === asked);
  if (recipe === undefined) throw new Error(`no recipe is called ${asked}`);
  process.stdout.write(`${JSON.stringify(await run(recipe))}\n`);
}
