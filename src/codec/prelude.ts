/** The prelude codec (E1, E2): one restructure struct, built from the byte table. */
import { type ReadStream, Struct, type Type, uint32le, type WriteStream } from 'restructure';
import { Diagnostics, Phrase, unsupportedVersion } from '../errors.js';
import { ENVELOPE_VERSION, INTEGER_MAX, MAGIC, PRELUDE_FIELDS, PRELUDE_SIZE, preludeAt } from '../format.js';

/** The prelude's fields (E1). */
export interface Prelude {
  /** `ASPA` as a little-endian u32. */
  readonly magic: number;
  readonly schemaVersion: number;
  /** Bytes of the header. */
  readonly headerLen: number;
  /** File offset of the payload region; a bigint only when a file says more than 2^53 - 1. */
  readonly payloadOffset: number | bigint;
  readonly flags: number;
  readonly reserved: number;
  readonly headerChecksum: number;
}

/** restructure has no 64-bit integer. */
const uint64le: Type<number | bigint> = {
  size: () => 8,
  decode(stream: ReadStream) {
    const value = stream.view.getBigUint64(stream.pos, true);
    stream.pos += 8;
    return value > INTEGER_MAX ? value : Number(value);
  },
  encode(stream: WriteStream, value: number | bigint) {
    stream.view.setBigUint64(stream.pos, BigInt(value), true);
    stream.pos += 8;
  },
};

const TYPES = { 4: uint32le, 8: uint64le } as const;

const struct = new Struct<Prelude>(
  Object.fromEntries(PRELUDE_FIELDS.map(({ property, width }) => [property, TYPES[width]])) as unknown as {
    readonly [K in keyof Prelude]: Type<Prelude[K]>;
  },
);

/** The prelude that a v1 writer emits for a header and layout (E1, E4). */
export function preludeOf(headerLen: number, payloadOffset: number): Prelude {
  return {
    magic: MAGIC,
    schemaVersion: ENVELOPE_VERSION,
    headerLen,
    payloadOffset,
    flags: 0,
    reserved: 0,
    headerChecksum: 0,
  };
}

/**
 * The 32 bytes of a prelude. Any field values are encoded, so that tests can lay wrong ones.
 *
 * @throws RangeError a field does not fit its width
 */
export function encodePrelude(prelude: Prelude): Uint8Array {
  for (const { name, property, width } of PRELUDE_FIELDS) {
    // restructure wraps out-of-range numbers silently.
    const value = prelude[property];
    const fits = typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && value >= 0;
    if (!fits || BigInt(value) >= 1n << BigInt(8 * width)) {
      throw new RangeError(`${name} does not fit a u${8 * width}: ${value}`);
    }
  }
  return struct.toBuffer(prelude);
}

/**
 * Reads a prelude and reports what its bytes alone can say; bounds need the file's size.
 *
 * @param bytes The file's first bytes: at least 32, unless the file has fewer.
 * @param report Receives `PRELUDE_TRUNCATED`, `PRELUDE_MAGIC` or `VERSION_UNSUPPORTED` alone, else any of
 * `PRELUDE_FLAGS`, `PRELUDE_RESERVED`, `PRELUDE_CHECKSUM`.
 * @returns The fields as they stand, or undefined when there are too few bytes.
 */
export function decodePrelude(bytes: Uint8Array, report: Diagnostics = new Diagnostics()): Prelude | undefined {
  if (bytes.length < PRELUDE_SIZE) {
    report.report('PRELUDE_TRUNCATED', {
      what: 'the file ends inside the prelude',
      where: { offset: bytes.length },
      expected: new Phrase(`at least ${PRELUDE_SIZE} bytes`),
      actual: bytes.length,
    });
    return undefined;
  }
  const decoded = struct.fromBuffer(bytes.subarray(0, PRELUDE_SIZE));
  const prelude = Object.fromEntries(PRELUDE_FIELDS.map(({ property }) => [property, decoded[property]])) as unknown;
  judge(prelude as Prelude, report);
  return prelude as Prelude;
}

/** The magic as results print it: 8 hex digits in file order. */
export function magicHex(magic: number): string {
  return [0, 8, 16, 24].map((shift) => ((magic >>> shift) & 0xff).toString(16).padStart(2, '0')).join('');
}

const RESERVED_FIELDS = [
  ['PRELUDE_FLAGS', 'flags', 'flags'],
  ['PRELUDE_RESERVED', 'reserved', 'reserved'],
  ['PRELUDE_CHECKSUM', 'headerChecksum', 'header_checksum'],
] as const;

/** What else a file may be that somebody takes for an artifact, by its first bytes. */
const OTHER_FILES = [
  ['1f8b', 'this is a gzip file: decompress it first'],
  ['28b52ffd', 'this is a zstd file: decompress it first'],
  ['504b0304', 'this is a zip file: decompress it first'],
  ['7b', 'this may be JSON: a plan is packed with assets-pa pack'],
  ['3c', 'this may be HTML: a page instead of the file that it was about'],
  ['efbbbf', 'this is text with a byte-order mark'],
  ['61737061', 'the magic is in capital letters'],
] as const;

function hintFor(magic: string): { readonly hint?: string } {
  const hint = OTHER_FILES.find(([start]) => magic.startsWith(start))?.[1];
  return hint === undefined ? {} : { hint };
}

function judge(prelude: Prelude, report: Diagnostics): void {
  if (prelude.magic !== MAGIC) {
    report.report('PRELUDE_MAGIC', {
      what: 'this is no assets.pa',
      where: { offset: 0 },
      expected: new Phrase(magicHex(MAGIC)),
      actual: new Phrase(magicHex(prelude.magic)),
      ...hintFor(magicHex(prelude.magic)),
    });
    return;
  }
  if (prelude.schemaVersion !== ENVELOPE_VERSION) {
    report.add(
      unsupportedVersion({
        artifact: 'assets.pa',
        supported: ENVELOPE_VERSION,
        found: prelude.schemaVersion,
        where: { offset: preludeAt('schemaVersion') },
        hint: 'rebuild the file from its plan with a packer of this version; assets.pa is never migrated',
        blocks: 'reading anything after the version',
      }),
    );
    return;
  }
  for (const [code, property, name] of RESERVED_FIELDS) {
    if (prelude[property] === 0) continue;
    const offset = preludeAt(property);
    report.report(code, { what: `${name} is not zero`, where: { offset }, expected: 0, actual: prelude[property] });
  }
}
