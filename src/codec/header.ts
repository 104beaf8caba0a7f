/**
 * The header codec: a registry by `schema_version`, encoding in chunks, and the strict decoder that proves the canonical
 * form by encoding what it read (H7). Only when the bytes differ does the tokenizer run, to say where and why.
 */
import { type Diagnostic, type DiagnosticParts, Diagnostics, diagnostic, type ErrorCode, Phrase } from '../errors.js';
import {
  DEPTH_MAX,
  ENVELOPE_VERSION,
  HEADER_LEN_MAX,
  HEADER_LEN_MIN,
  type Header,
  PRELUDE_SIZE,
  preludeAt,
} from '../format.js';
import { canonicalChunks, type MeasuredText, measuredText, type Writing } from './canonical.js';
import type { CanonicalWriter } from './canonical-writer.js';
import { joinChunks } from './chunks.js';
import { type HeaderEntries, type ReadHeader, readCanonicalHeader, readHeaderValue, writeHeader } from './header-v1.js';
import { JsonSyntaxError } from './json.js';
import { describeTreeFault, type ParsedText, parseTree, type TreeFault } from './json-tree.js';
import { checkHeaderLength } from './layout.js';
import { withOffsets } from './locate.js';
import type { Steps } from './steps.js';
import { checkTable, warnOfTable } from './table-rules.js';
import { firstInvalidUtf8, textAt } from './utf8.js';

/** One version of the header. */
interface HeaderCodec {
  /** Writes the canonical text. */
  write(to: CanonicalWriter, header: HeaderEntries): Steps<void>;
  /** Shape and values of a parsed header (gate 6). */
  read(value: unknown, report: Diagnostics): ReadHeader;
  /** A header whose bytes are the canonical ones and whose shape and values are right; anything else throws something. */
  readCanonical(bytes: Uint8Array): Header;
}

const CODECS: ReadonlyMap<number, HeaderCodec> = new Map([
  [ENVELOPE_VERSION, { write: writeHeader, read: readHeaderValue, readCanonical: readCanonicalHeader }],
]);

/** More than a block of a pack; a header of 10,000 entries is shorter. */
const KEPT_MAX = 2_097_152;

/** The codec of an envelope version. */
function codecOf(schemaVersion: number): HeaderCodec {
  const codec = CODECS.get(schemaVersion);
  if (codec === undefined) throw new RangeError(`no header codec for schema_version ${schemaVersion}`);
  return codec;
}

/** Options of the header codec. */
export interface HeaderOptions {
  /** The prelude's `schema_version`. Defaults to 1. */
  readonly schemaVersion?: number;
  /** E7: longest header, in bytes. Defaults to 512,000,000; a test may lower it. */
  readonly headerLenMax?: number;
}

/**
 * The canonical bytes of a header (H1-H7), in chunks of about 32 KiB.
 *
 * The header is taken as it is: its values must be legal, which {@link encodeHeader} and the plan checker make sure of.
 */
export function headerChunks(
  header: HeaderEntries,
  { schemaVersion = ENVELOPE_VERSION }: HeaderOptions = {},
): Generator<Uint8Array, void, undefined> {
  const codec = codecOf(schemaVersion);
  return canonicalChunks((to) => codec.write(to, header));
}

/** Measures what {@link headerChunks} encodes, in steps, and keeps it when it is at most 2 MiB. */
export function measuredHeader(header: HeaderEntries): Steps<MeasuredText> {
  return measuredText((to) => codecOf(ENVELOPE_VERSION).write(to, header), KEPT_MAX);
}

/**
 * The canonical bytes of a header (H1-H7), checked by the table, preload and bank rules.
 *
 * @throws AssetsPaError the header breaks a rule: `ASSET_ID_DUPLICATE`, `BANK_SIZE`, `PRELOAD_UNKNOWN_ASSET`, ...;
 * `HEADER_TOO_LARGE` (E7)
 */
export function encodeHeader(header: Header, options: HeaderOptions = {}): Uint8Array {
  const bytes = joinChunks([...headerChunks(header, options)]);
  checkHeaderLength(bytes.length, options.headerLenMax);
  decodeHeader(bytes, options);
  return bytes;
}

/**
 * Decodes a header strictly.
 *
 * @throws AssetsPaError `HEADER_LENGTH` alone, else every fault that the gates let through, each with its pointer and its byte in
 * the file (32 + the byte in the header)
 */
export function decodeHeader(bytes: Uint8Array, options: HeaderOptions = {}): Header {
  const report = new Diagnostics();
  const most = options.headerLenMax ?? HEADER_LEN_MAX;
  if (bytes.length > most) {
    report.report('HEADER_LENGTH', headerLengthFault(bytes.length, new Phrase(`${HEADER_LEN_MIN} to ${most}`)));
    throw report.toError();
  }
  const header = judge(bytes, report, options, (read, found) => {
    checkTable(read, found);
    // Warnings go with errors; alone they would be thrown away.
    if (found.total > 0) warnOfTable(read, found);
  });
  report.throwIfErrors();
  return header as Header;
}

/** E7: what is wrong with a header's length. */
export function headerLengthFault(actual: number, expected: Phrase): DiagnosticParts {
  return { what: 'no header has this length', where: { offset: preludeAt('headerLen') }, expected, actual };
}

/**
 * Decodes a header as far as it can be read and reports everything that is wrong in it (gates 5 to 7, without the file's
 * bounds).
 *
 * @returns What could be read; undefined when the bytes are no JSON at all.
 */
export function judgeHeader(
  bytes: Uint8Array,
  report: Diagnostics,
  options: HeaderOptions = {},
): ReadHeader | undefined {
  return judge(bytes, report, options, (header, found) => {
    checkTable(header, found);
    warnOfTable(header, found);
  });
}

function judge(
  bytes: Uint8Array,
  report: Diagnostics,
  { schemaVersion = ENVELOPE_VERSION }: HeaderOptions,
  check: (header: ReadHeader, report: Diagnostics) => void,
): ReadHeader | undefined {
  const codec = codecOf(schemaVersion);
  const found = report.nested();
  const header = readCanonical(bytes, codec) ?? explain(bytes, codec, found);
  if (header !== undefined) check(header, found);
  report.absorb(found, withOffsets(bytes, found.list, 'pointer', PRELUDE_SIZE));
  return header;
}

/** The fast path: right bytes cost a parse, the canonical text, and a comparison. */
function readCanonical(bytes: Uint8Array, codec: HeaderCodec): Header | undefined {
  try {
    return codec.readCanonical(bytes);
  } catch {
    // Whatever threw, the slow path finds it again and says where it is.
    return undefined;
  }
}

/** Index of the first byte in which a text differs from its canonical form; -1 when none does. */
function firstDifference(bytes: Uint8Array, chunks: Iterable<Uint8Array>): number {
  let at = 0;
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      if (chunk[i] !== bytes[at + i]) return at + i;
    }
    at += chunk.length;
  }
  return at === bytes.length ? -1 : at;
}

/** H6 in nesting levels of the whole text: header, table, entry and metadata are the first four. */
const TEXT_DEPTH_MAX = 4 + DEPTH_MAX;

/** The slow path (gates 5 and 6): every fault, in document order. */
function explain(bytes: Uint8Array, codec: HeaderCodec, report: Diagnostics): ReadHeader | undefined {
  const badByte = firstInvalidUtf8(bytes);
  if (badByte >= 0) {
    report.report('HEADER_NOT_UTF8', { what: 'the header is not UTF-8', where: { offset: PRELUDE_SIZE + badByte } });
    return undefined;
  }
  const parsed = parse(bytes, report);
  if (parsed === undefined) return undefined;
  const tooDeep = parsed.faults.find(({ kind }) => kind === 'depth');
  if (tooDeep !== undefined) {
    report.add(treeFault(tooDeep));
    return undefined;
  }
  for (const each of parsed.faults) report.add(treeFault(each));
  const header = codec.read(parsed.tree, report);
  if (report.total === 0) reportNotCanonical(bytes, (to) => codec.write(to, header as Header), report);
  return header;
}

function parse(bytes: Uint8Array, report: Diagnostics): ParsedText | undefined {
  try {
    return parseTree(bytes, TEXT_DEPTH_MAX);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const where = { offset: PRELUDE_SIZE + error.offset };
    report.report('HEADER_NOT_JSON', { what: `the header is not JSON: ${error.message}`, where });
    return undefined;
  }
}

const TREE_CODES = {
  duplicate: 'HEADER_DUPLICATE_MEMBER',
  number: 'HEADER_NUMBER',
  'negative zero': 'HEADER_NUMBER',
  surrogate: 'HEADER_STRING',
  depth: 'HEADER_TOO_DEEP',
} as const satisfies Record<TreeFault['kind'], ErrorCode>;

function treeFault(found: TreeFault): Diagnostic {
  const where = { pointer: found.pointer, offset: PRELUDE_SIZE + found.offset };
  return diagnostic(TREE_CODES[found.kind], { ...describeTreeFault(found), where });
}

const THE_END = new Phrase('the end of the header');

function reportNotCanonical(bytes: Uint8Array, write: Writing, report: Diagnostics): void {
  const chunks = [...canonicalChunks(write)];
  const at = firstDifference(bytes, chunks);
  report.report('HEADER_NOT_CANONICAL', {
    what: 'the header says the right thing in another spelling than the canonical one',
    where: { offset: PRELUDE_SIZE + at },
    expected: textAt(joinChunks(chunks), at) ?? THE_END,
    actual: textAt(bytes, at) ?? THE_END,
  });
}
