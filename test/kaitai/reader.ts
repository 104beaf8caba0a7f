/**
 * A reader of the runtime profile on top of the JavaScript parser that Kaitai Struct makes. The parser reads the envelope,
 * `JSON.parse` the header; what neither looks at is checked here.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { xxh64 } from '../reference-reader/xxh64.ts';

/** The parser, as far as it is used. */
interface AssetsPa {
  readonly headerBytes: Uint8Array;
  readonly payloadRegion: Uint8Array;
}

/** What the compiled module and its runtime export. */
interface Parser {
  readonly AssetsPa: new (stream: object) => AssetsPa;
  readonly KaitaiStream: new (bytes: ArrayBuffer) => object;
}

type RuntimeClass = 'TRUNCATED' | 'MAGIC' | 'VERSION' | 'BOUNDS' | 'HEADER' | 'TABLE' | 'PRELOAD';

interface Entry {
  readonly asset_id: number;
  readonly bank_type: string;
  readonly offset: number;
  readonly size: number;
}

interface PreloadEntry {
  readonly asset_id: number;
  readonly slot: number;
}

interface Header {
  readonly asset_table: readonly Entry[];
  readonly preload?: readonly PreloadEntry[];
}

class Rejection extends Error {
  readonly class: RuntimeClass;

  constructor(of: RuntimeClass) {
    super(of);
    this.class = of;
  }
}

/** Loads the parser that `compileTo` wrote; the folder lies where `kaitai-struct` can be found from. */
export function loadParser(folder: string): Parser {
  const module = join(folder, 'AssetsPa.cjs');
  const require = createRequire(module);
  return { ...require(module), KaitaiStream: require('kaitai-struct/KaitaiStream') };
}

/** Answers as `assets-pa conform` asks. */
export function answer(parser: Parser, file: Uint8Array): { verdict: string; class?: string } {
  try {
    const { headerBytes, payloadRegion } = readEnvelope(parser, file);
    const { asset_table, preload } = readHeader(headerBytes);
    checkTable(asset_table, payloadRegion.length);
    checkPreload(preload, asset_table);
    const slices = asset_table.map(({ asset_id, offset, size }) => ({
      asset_id,
      size,
      xxh64: xxh64(payloadRegion.subarray(offset, offset + size)),
    }));
    return { verdict: 'accept', ...{ asset_table, preload, slices } };
  } catch (error) {
    if (error instanceof Rejection) return { verdict: 'reject', class: error.class };
    throw error;
  }
}

function need(condition: boolean, otherwise: RuntimeClass): asserts condition {
  if (!condition) throw new Rejection(otherwise);
}

function readEnvelope({ AssetsPa, KaitaiStream }: Parser, file: Uint8Array): AssetsPa {
  try {
    return new AssetsPa(new KaitaiStream(new Uint8Array(file).buffer));
  } catch (error) {
    const { name, actual } = error as { name: string; actual?: unknown };
    // The parser knows how long the file is before it reads past the prelude.
    if (name === 'EOFError') throw new Rejection('TRUNCATED');
    if (name === 'ValidationNotEqualError') throw new Rejection(typeof actual === 'number' ? 'VERSION' : 'MAGIC');
    if (name === 'ValidationLessThanError' || name === 'ValidationGreaterThanError') throw new Rejection('BOUNDS');
    throw error;
  }
}

function readHeader(bytes: Uint8Array): Required<Header> {
  const text = decode(bytes);
  const header = parse(text) as Header;
  checkTokens(text);
  need(isObject(header), 'HEADER');
  const { asset_table, preload = [] } = header;
  need(Array.isArray(asset_table) && Array.isArray(preload), 'HEADER');
  for (const entry of asset_table) checkEntry(entry);
  for (const entry of preload) need(isObject(entry) && isI32(entry.asset_id) && Number.isInteger(entry.slot), 'HEADER');
  return { asset_table, preload };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Rejection('HEADER');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection('HEADER');
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;
/** Containers within each other down to the members of an entry. */
const ENTRY_DEPTH = 3;

/** What `JSON.parse` does not tell of a right text: lone surrogates, members that stand twice, how numbers are written. */
function checkTokens(text: string): void {
  const open: Set<string>[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (const [i, token] of tokens.entries()) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"')) {
      const value = JSON.parse(token) as string;
      need(value.isWellFormed(), 'HEADER');
      const names = open.at(-1);
      if (tokens[i + 1] !== ':' || names === undefined || open.length > ENTRY_DEPTH) continue;
      need(!names.has(value), 'HEADER');
      names.add(value);
    } else if (/^[-\d]/.test(token) && open.length <= ENTRY_DEPTH) need(/^(0|-?[1-9]\d*)$/.test(token), 'HEADER');
  }
}

function checkEntry(entry: Record<string, unknown>): void {
  need(isObject(entry), 'HEADER');
  const { asset_id, asset_name, bank_type, codec, metadata } = entry;
  need(isI32(asset_id) && typeof asset_name === 'string' && isObject(metadata), 'HEADER');
  need(bank_type === 'GLYPH' || bank_type === 'SOUNDS' || bank_type === 'SCENE', 'HEADER');
  need(codec === 'NONE', 'HEADER');
  for (const size of [entry['offset'], entry['size'], entry['decoded_size']]) {
    need(Number.isSafeInteger(size) && (size as number) >= 0, 'HEADER');
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isI32(value: unknown): boolean {
  return value === ((value as number) | 0);
}

function checkTable(table: readonly Entry[], regionSize: number): void {
  need(new Set(table.map(({ asset_id }) => asset_id)).size === table.length, 'TABLE');
  for (const { offset, size } of table) need(offset + size <= regionSize, 'TABLE');
}

function checkPreload(preload: readonly PreloadEntry[], table: readonly Entry[]): void {
  const banks = new Map(table.map(({ asset_id, bank_type }) => [asset_id, bank_type]));
  const taken = new Set<string>();
  for (const { asset_id, slot } of preload) {
    const claim = `${banks.get(asset_id)} ${slot}`;
    need(banks.has(asset_id) && slot >= 0 && slot <= 15 && !taken.has(claim), 'PRELOAD');
    taken.add(claim);
  }
}
