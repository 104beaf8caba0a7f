/** Changes to artifacts: the prelude is kept in step with the header, so that mutants stay readable to the end. */
import fc from 'fast-check';
import { mutate, type Step, step } from '../vectors/mutations.ts';
import { fromLatin1, type Material, mutateBytes, put, toLatin1, utf8 } from './mutate-bytes.ts';
import { JSON_TOKENS, type JsonMaterial, mutateJson, sorted } from './mutate-json.ts';
import type { Random } from './random.ts';

const PRELUDE_SIZE = 32;

const NAMES = (
  'asset_id asset_name bank_type codec decoded_size metadata offset size slot preload asset_table pipeline width height tile_size' +
  ' palette_count palette_authored __proto__ constructor toString zzz a~b a/b \\ud800 \\u0061 siz\\u0065 \u00e9 0 1'
)
  .split(' ')
  .map((name) => utf8(`"${name}"`));

/** An artifact in parts. */
interface Parts {
  prelude: string;
  header: string;
  gap: string;
  region: string;
}

/** Makes mutants of artifacts. */
export class ArtifactMutator {
  /** Changes of `test/vectors/mutations.ts`. */
  readonly #steps: readonly Step[];

  constructor(seed: number) {
    this.#steps = fc.sample(step, { numRuns: 4_000, seed });
  }

  /** One change; `other` is another artifact. */
  mutate(random: Random, input: Uint8Array, other: Uint8Array): Uint8Array {
    if (random.oneIn(10)) return mutate(input, [random.pick(this.#steps)]);
    const text = toLatin1(input);
    const material: Material = { tokens: JSON_TOKENS, other: toLatin1(other) };
    if (random.oneIn(24)) return fromLatin1(mutateBytes(random, text, material));
    const parts = takeApart(text);
    if (parts === undefined) return fromLatin1(mutateBytes(random, text, material));
    const kind = random.int(16);
    if (kind < 10) parts.header = mutateJson(random, parts.header, headerMaterial(material.other));
    else if (kind < 12) layOut(random, parts);
    else if (kind < 13) parts.gap = mutatePadding(random, parts.gap);
    else if (kind < 15)
      parts.region = random.oneIn(2)
        ? mutatePadding(random, parts.region)
        : mutateBytes(random, parts.region, material);
    else return fromLatin1(mutatePrelude(random, putTogether(parts)));
    return fromLatin1(putTogether(parts));
  }
}

function headerMaterial(other: string): JsonMaterial {
  return { tokens: JSON_TOKENS, names: NAMES, other: takeApart(other)?.header ?? other };
}

function takeApart(text: string): Parts | undefined {
  if (text.length < PRELUDE_SIZE) return undefined;
  const headerEnd = PRELUDE_SIZE + u32(text, 8);
  const regionStart = u32(text, 16) === 0 ? u32(text, 12) : Number.POSITIVE_INFINITY;
  const isRight = headerEnd <= regionStart && regionStart <= text.length;
  const [from, to] = isRight ? [headerEnd, regionStart] : [text.length, text.length];
  return {
    prelude: text.slice(0, PRELUDE_SIZE),
    header: text.slice(PRELUDE_SIZE, from),
    gap: text.slice(from, to),
    region: text.slice(to),
  };
}

function putTogether({ prelude, header, gap, region }: Parts): string {
  const start = PRELUDE_SIZE + header.length;
  const fields = `${le32(header.length)}${le32(start + gap.length)}${le32(0)}`;
  return prelude.slice(0, 8) + fields + prelude.slice(20) + header + gap + region;
}

function u32(text: string, at: number): number {
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => text.charCodeAt(at + i)) as [number, number, number, number];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function le32(value: number): string {
  return String.fromCharCode(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

const FIELDS = [0, 4, 8, 8, 8, 12, 12, 12, 16, 20, 24, 28];
const VALUES = [
  0, 1, 2, 30, 31, 32, 33, 63, 512_000_000, 512_000_001, 0x1f_ffff, 0x20_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

/** A field that is not what it should be: off by a little, or a number that some rule speaks of. */
function mutatePrelude(random: Random, text: string): string {
  const at = random.pick(FIELDS);
  const value = random.oneIn(2) ? u32(text, at) + random.between(-4, 4) : random.pick(VALUES);
  return put(text, at, 4, le32(value >>> 0));
}

function mutatePadding(random: Random, bytes: string): string {
  const kind = random.int(4);
  if (kind === 0) return bytes.slice(0, random.int(bytes.length + 1));
  if (kind === 1) return bytes + '\0'.repeat(random.between(1, 70));
  if (kind === 2) return bytes + String.fromCharCode(random.int(256));
  return put(bytes, random.int(bytes.length), 1, String.fromCharCode(random.int(256)));
}

interface LooseEntry {
  asset_id: number;
  size: number;
  offset: number;
}

const ALIGNMENTS = [1, 1, 1, 2, 4, 8, 16, 64, 512];

/** Lays a readable header out anew: order, offsets, padding and spelling become right. */
function layOut(random: Random, parts: Parts): void {
  try {
    const header = JSON.parse(Buffer.from(parts.header, 'latin1').toString());
    const table = header.asset_table as LooseEntry[];
    const n = random.pick(ALIGNMENTS);
    if (random.oneIn(2)) renumber(table, header.preload);
    table.sort((a, b) => a.asset_id - b.asset_id);
    let end = 0;
    for (const entry of table) {
      if (!(entry.size >= 0 && entry.size <= 4_096)) entry.size = random.int(40);
      entry.offset = Math.ceil(end / n) * n;
      end = entry.offset + entry.size;
    }
    parts.header = utf8(JSON.stringify(sorted(header)));
    const start = PRELUDE_SIZE + parts.header.length;
    parts.gap = '\0'.repeat(Math.ceil(start / n) * n - start);
    parts.region = '\0'.repeat(end);
  } catch {
    // What cannot be laid out stays as it is.
  }
}

/** Ids from 1, and each asset preloaded in a slot of its own. */
function renumber(table: LooseEntry[], preload: { asset_id: number; slot: number }[]): void {
  for (const [i, entry] of table.entries()) entry.asset_id = i + 1;
  for (const [i, each] of preload.entries()) Object.assign(each, { asset_id: i + 1, slot: i % 16 });
}
