/**
 * Large artifacts as recipes: rules instead of files. Composes each artifact as it passes, keeps its digests only. Nothing here comes from the
 * packer; `npm run vectors:recipes` has the packer make the same bytes.
 *
 *     tsx spec-vectors/recipes.ts            composes every recipe; exits 1 when recipes.json says otherwise
 *     tsx spec-vectors/recipes.ts --write    writes recipes.json
 */
import { createHash, type Hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import xxhash, { type XXHash } from 'xxhash-wasm';
import { entry, prelude, utf8 } from './compose.ts';
import { fmix32, RECIPES, type Recipe, type RecipeAsset } from './recipe-rules.ts';

const xxhashApi = await xxhash();
const FILE = join(import.meta.dirname, 'recipes.json');

/** Version of the format of recipes.json. */
const RECIPES_VERSION = 1;

/** The digests of the first `bytes` bytes of an artifact. */
export interface Rung {
  readonly of: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly xxh64: string;
}

/** What an artifact made by a recipe is. */
export interface RecipeResult {
  readonly file_size: number;
  readonly header_len: number;
  readonly payload_offset: number;
  readonly sha256: string;
  readonly xxh64: string;
  /** Prefixes, each longer than the one before: the first that differs tells where to look. */
  readonly ladder: readonly Rung[];
}

/** A recipe as recipes.json has it. */
export interface RecordedRecipe {
  readonly id: string;
  readonly expected: RecipeResult;
}

/** Hashes an artifact as it passes and notes the digests of its prefixes. */
export class Ladder {
  readonly rungs: Rung[] = [];
  readonly #sha256: Hash = createHash('sha256');
  readonly #xxh64: XXHash<bigint> = xxhashApi.create64();
  readonly #ends: readonly (readonly [of: string, bytes: number])[];
  #position = 0;

  constructor(size: { readonly file: number; readonly headerLen: number; readonly payloadOffset: number }) {
    const ends: readonly (readonly [string, number])[] = [
      ['prelude', 32],
      ['prelude and header', 32 + size.headerLen],
      ['all before the payload region', size.payloadOffset],
      ['1 MiB', 2 ** 20],
      ['64 MiB', 2 ** 26],
      ['1 GiB', 2 ** 30],
      ['4 GiB', 2 ** 32],
      ['the whole file', size.file],
    ];
    const isNew = (bytes: number, i: number) => ends.findIndex((each) => each[1] === bytes) === i;
    this.#ends = ends.filter(([, bytes], i) => bytes <= size.file && isNew(bytes, i)).sort((a, b) => a[1] - b[1]);
  }

  get position(): number {
    return this.#position;
  }

  /** Takes the next bytes. */
  update(bytes: Uint8Array): void {
    let rest = bytes;
    for (let next = this.#next(); next !== undefined && this.#position + rest.length >= next[1]; next = this.#next()) {
      rest = this.#take(rest, next[1] - this.#position);
      const [of, end] = next;
      this.rungs.push({ of, bytes: end, sha256: this.#sha256.copy().digest('hex'), xxh64: hex(this.#xxh64.digest()) });
    }
    this.#take(rest, rest.length);
  }

  #next(): readonly [string, number] | undefined {
    return this.#ends[this.rungs.length];
  }

  /** Hashes the first `length` bytes and gives the rest. */
  #take(bytes: Uint8Array, length: number): Uint8Array {
    const part = bytes.subarray(0, length);
    this.#sha256.update(part);
    this.#xxh64.update(part);
    this.#position += length;
    return bytes.subarray(length);
  }
}

function hex(digest: bigint): string {
  return digest.toString(16).padStart(16, '0');
}

const CHUNK = 2 ** 20;
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** A payload in pieces of at most 1 MiB, each in memory of its own: the words `fmix32(seed + j)`, little-endian. */
export function* payload(seed: number, size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += CHUNK) {
    const length = Math.min(CHUNK, size - at);
    const words = new Int32Array(Math.ceil(length / 4));
    const from = seed + at / 4;
    for (let j = 0; j < words.length; j += 1) words[j] = fmix32(from + j);
    if (!isLittleEndian) Buffer.from(words.buffer).swap32();
    yield new Uint8Array(words.buffer, 0, length);
  }
}

/** The seed of an asset's payload. */
export function seedOf(recipe: Pick<Recipe, 'seed'>, i: number): number {
  return fmix32(recipe.seed + i);
}

function entryText(asset: RecipeAsset, offset: number): string {
  return entry({
    asset_id: String(asset.assetId),
    asset_name: `"${asset.assetName}"`,
    bank_type: `"${asset.bankType}"`,
    decoded_size: String(asset.decodedSize),
    metadata: asset.metadataText(),
    offset: String(offset),
    size: String(asset.size),
  });
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** The header's text, an entry a piece. */
function* headerTexts(recipe: Recipe): Generator<string> {
  const preload: string[] = [];
  let end = 0;
  yield '{"asset_table":[';
  for (let i = 0; i < recipe.count; i += 1) {
    const asset = recipe.asset(i);
    const offset = alignUp(end, recipe.alignment);
    yield (i === 0 ? '' : ',') + entryText(asset, offset);
    end = offset + asset.size;
    if (asset.slot !== undefined) preload.push(`{"asset_id":${asset.assetId},"slot":${asset.slot}}`);
  }
  yield `],"preload":[${preload.join(',')}]}`;
}

function* zeros(count: number): Generator<Uint8Array> {
  if (count > 0) yield new Uint8Array(count);
}

/** The payload region, padding included. */
function* regionBytes(recipe: Recipe): Generator<Uint8Array> {
  let end = 0;
  for (let i = 0; i < recipe.count; i += 1) {
    const { size } = recipe.asset(i);
    const offset = alignUp(end, recipe.alignment);
    yield* zeros(offset - end);
    yield* payload(seedOf(recipe, i), size);
    end = offset + size;
  }
}

function regionLength({ count, alignment, asset }: Recipe): number {
  let end = 0;
  for (let i = 0; i < count; i += 1) end = alignUp(end, alignment) + asset(i).size;
  return end;
}

/** Composes an artifact and says what it is. */
function compose(recipe: Recipe): RecipeResult {
  let headerLen = 0;
  for (const text of headerTexts(recipe)) headerLen += Buffer.byteLength(text);
  const payloadOffset = alignUp(32 + headerLen, recipe.alignment);
  const file = payloadOffset + regionLength(recipe);
  const ladder = new Ladder({ file, headerLen, payloadOffset });
  const magic = [0x41, 0x53, 0x50, 0x41];
  ladder.update(
    prelude({ magic, schemaVersion: 1, headerLen, payloadOffset, flags: 0, reserved: 0, headerChecksum: 0 }),
  );
  for (const text of headerTexts(recipe)) ladder.update(utf8(text));
  for (const bytes of zeros(payloadOffset - ladder.position)) ladder.update(bytes);
  for (const bytes of regionBytes(recipe)) ladder.update(bytes);
  const whole = ladder.rungs.at(-1) as Rung;
  if (ladder.position !== file || whole.bytes !== file)
    throw new Error(`${recipe.id}: ${ladder.position} of ${file} bytes`);
  const { sha256, xxh64 } = whole;
  return { file_size: file, header_len: headerLen, payload_offset: payloadOffset, sha256, xxh64, ladder: ladder.rungs };
}

/** Entries and payloads to compare with before anything is hashed. */
function samplesOf(recipe: Recipe): object {
  const offsets: number[] = [];
  let end = 0;
  for (let i = 0; i < recipe.count; i += 1) {
    offsets.push(alignUp(end, recipe.alignment));
    end = (offsets[i] as number) + recipe.asset(i).size;
  }
  const sample = (i: number) => {
    const asset = recipe.asset(i);
    const text = entryText(asset, offsets[i] as number);
    const [first = new Uint8Array()] = payload(seedOf(recipe, i), Math.min(asset.size, 16));
    const head = text.length <= 400 ? { entry: text } : { entry_begins: text.slice(0, 400) };
    return { i, ...head, payload_begins: Buffer.from(first).toString('hex') };
  };
  return recipe.samples.map(sample);
}

const GENERATOR = {
  name: 'fmix32',
  text: [
    'All arithmetic is on unsigned 32-bit integers, modulo 2^32, unless a rule says otherwise.',
    "fmix32(h) is MurmurHash3's finalizer: h ^= h >> 16; h *= 0x85ebca6b; h ^= h >> 13; h *= 0xc2b2ae35; h ^= h >> 16.",
    'Assets are numbered i = 0, 1, 2, ... in table order. The payload of asset i has the seed s = fmix32(seed + i), where "seed" is the number that the recipe states.',
    'A payload is the sequence of words w(j) = fmix32(s + j), j = 0, 1, 2, ... anew for each payload, each word as four little-endian bytes; the last word is cut where the payload ends. So byte k of a payload is byte k mod 4 of w(k div 4), whatever came before it.',
    'Metadata is written as its rule says, members sorted; everything else follows from the format: canonical header, offsets from sizes and alignment, zeros as padding.',
    'In rules "div" is the quotient rounded down, "mod" the remainder from 0; a name or text in quotes is taken literally, with {x} replaced by the value of x in decimal.',
  ],
  examples: [0, 1, 2, 0x41535041, 0xffffffff].map((value) => ({ value, fmix32: fmix32(value) >>> 0 })),
};

function documentOf(results: ReadonlyMap<string, RecipeResult>): object {
  return {
    recipes_version: RECIPES_VERSION,
    envelope_version: 1,
    license: 'CC0-1.0',
    generator: GENERATOR,
    recipes: RECIPES.map((recipe) => ({
      id: recipe.id,
      title: recipe.title,
      clauses: recipe.clauses,
      asset_count: recipe.count,
      alignment: recipe.alignment,
      seed: recipe.seed,
      codec: 'NONE',
      rules: recipe.rules,
      samples: samplesOf(recipe),
      expected: results.get(recipe.id),
    })),
  };
}

/** The recipes as recipes.json has them. */
export function recordedRecipes(): readonly RecordedRecipe[] {
  return (JSON.parse(readFileSync(FILE, 'utf8')) as { readonly recipes: readonly RecordedRecipe[] }).recipes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const results = new Map<string, RecipeResult>();
  for (const recipe of RECIPES) {
    results.set(recipe.id, compose(recipe));
    process.stderr.write(`${recipe.id}: ${results.get(recipe.id)?.file_size} bytes\n`);
  }
  const text = `${JSON.stringify(documentOf(results), null, 2)}\n`;
  if (process.argv.includes('--write')) writeFileSync(FILE, text);
  else if (readFileSync(FILE, 'utf8') !== text) {
    process.stderr.write('stale: spec-vectors/recipes.json\n');
    process.exitCode = 1;
  }
}
