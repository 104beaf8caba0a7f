/** Faults of the prelude, of the file's bounds, and of the bytes that belong to nobody. */
import { artifact, concat, counting, entry, header, type PreludeFields, utf8, zeros } from '../compose.ts';
import type { Flag, RejectCase, RuntimeExpectation } from '../vector.ts';
import { endOf, gapAfter, sound } from './reject-table.ts';

/** 31 bytes: the smallest right file has 63. */
const EMPTY = '{"asset_table":[],"preload":[]}';
const ONE = header([entry()]);
const EMPTY_FILE = artifact({ header: EMPTY });

// Prelude

function truncated(what: string, title: string, length: number, flags: readonly Flag[]): RejectCase {
  return {
    code: 'PRELUDE_TRUNCATED',
    what,
    title,
    clauses: ['E2'],
    flags,
    bytes: EMPTY_FILE.slice(0, length),
    where: { offset: length },
    runtime: 'TRUNCATED',
  };
}

function magic(what: string, title: string, bytes: readonly number[]): RejectCase {
  return {
    code: 'PRELUDE_MAGIC',
    what,
    title,
    clauses: ['E1'],
    flags: ['minimal'],
    bytes: artifact({ prelude: { magic: bytes }, header: EMPTY }),
    where: { offset: 0 },
    runtime: 'MAGIC',
  };
}

function version(what: string, title: string, schemaVersion: number, flags: readonly Flag[]): RejectCase {
  return {
    code: 'VERSION_UNSUPPORTED',
    what,
    title,
    clauses: ['E1', 'V2'],
    flags,
    bytes: artifact({ prelude: { schemaVersion }, header: EMPTY }),
    where: { offset: 4 },
    runtime: 'VERSION',
  };
}

const FLAGS = { code: 'PRELUDE_FLAGS', clauses: ['E4'], where: { offset: 20 } };
const RESERVED = { code: 'PRELUDE_RESERVED', clauses: ['E4'], where: { offset: 24 } };
const CHECKSUM = { code: 'PRELUDE_CHECKSUM', clauses: ['E1'], where: { offset: 28 } };

/** A field that a v1 writer leaves 0. */
function notZero(field: typeof FLAGS, what: string, title: string, fields: PreludeFields): RejectCase {
  return {
    ...field,
    what,
    title,
    flags: ['minimal', 'open-at-runtime'],
    bytes: artifact({ prelude: fields, header: EMPTY }),
    runtime: 'unspecified',
  };
}

const preludeCases: readonly RejectCase[] = [
  truncated('no-bytes', 'An empty file has no prelude', 0, ['minimal', 'boundary']),
  truncated('1-byte', 'A file of one byte has no prelude', 1, ['minimal']),
  truncated('magic-only', 'A file that ends after the magic has no version to read', 4, ['minimal']),
  truncated('31-bytes', 'A file of 31 bytes ends one byte before its prelude does', 31, ['beyond-boundary']),

  magic('first-byte', 'The first byte of the magic is wrong', [0x40, 0x53, 0x50, 0x41]),
  magic('second-byte', 'The second byte of the magic is wrong', [0x41, 0x54, 0x50, 0x41]),
  magic('third-byte', 'The third byte of the magic is wrong', [0x41, 0x53, 0x51, 0x41]),
  magic('fourth-byte', 'The fourth byte of the magic is wrong', [0x41, 0x53, 0x50, 0x00]),
  magic('lower-case', 'The magic in lower case is another magic', [0x61, 0x73, 0x70, 0x61]),
  magic('byte-swapped', 'The magic from its last byte to its first is another magic', [0x41, 0x50, 0x53, 0x41]),
  magic('zeros', 'A file that begins with zeros has no magic', [0, 0, 0, 0]),

  version('0', 'There is no version 0', 0, ['beyond-boundary']),
  version('2', 'Version 2 is not version 1, whatever follows', 2, ['beyond-boundary']),
  version('256', 'A reader of one byte would take version 256 for 0', 256, ['number']),
  version('257', 'A reader of one byte would take version 257 for 1', 257, ['number']),
  version('65537', 'A reader of two bytes would take version 65537 for 1', 65_537, ['number']),
  version('big-endian', 'The version 1 in big-endian order is version 16777216', 0x0100_0000, ['order', 'number']),
  version('largest', 'The largest version is not version 1', 0xffff_ffff, ['number']),

  notZero(FLAGS, 'lowest-bit', 'The lowest bit of flags is set', { flags: 1 }),
  notZero(FLAGS, 'highest-bit', 'The highest bit of flags is set', { flags: 0x8000_0000 }),
  notZero(RESERVED, 'lowest-bit', 'The lowest bit of reserved is set', { reserved: 1 }),
  notZero(RESERVED, 'highest-bit', 'The highest bit of reserved is set', { reserved: 0x8000_0000 }),
  notZero(CHECKSUM, 'lowest-bit', 'The lowest bit of header_checksum is set', { headerChecksum: 1 }),
  notZero(CHECKSUM, 'highest-bit', 'The highest bit of header_checksum is set', {
    headerChecksum: 0x8000_0000,
  }),
  notZero(CHECKSUM, 'crc-32', 'The right CRC-32 of the header stands where nothing is computed', {
    headerChecksum: 0xb33b_d236,
  }),
];

// header_len

function headerLength(
  what: string,
  title: string,
  bytes: Uint8Array,
  flags: readonly Flag[],
  runtime: RuntimeExpectation = 'BOUNDS',
): RejectCase {
  return { code: 'HEADER_LENGTH', what, title, clauses: ['E7'], flags, bytes, where: { offset: 8 }, runtime };
}

const ofLength = (headerLen: number): Uint8Array => artifact({ prelude: { headerLen }, header: EMPTY });

const headerLengthCases: readonly RejectCase[] = [
  headerLength('past-the-end-by-one', 'The header ends one byte after the file', ofLength(32), ['beyond-boundary']),
  headerLength('last-byte-missing', 'The file ends one byte before its header does', EMPTY_FILE.slice(0, 62), [
    'beyond-boundary',
  ]),
  headerLength('prelude-only', 'The file ends where its header should begin', EMPTY_FILE.slice(0, 32), ['minimal']),
  headerLength('big-endian', 'The right header_len in big-endian order passes the end', ofLength(0x1f00_0000), [
    'order',
    'number',
  ]),
  headerLength('signed', 'A signed reader would take header_len 2^31 for a negative number', ofLength(2 ** 31), [
    'number',
  ]),
  headerLength('sum-wraps-to-zero', 'In 32 bits, 32 + header_len would be 0', ofLength(2 ** 32 - 32), ['number']),
  headerLength('largest', 'In 32 bits, 32 + header_len would be 31', ofLength(2 ** 32 - 1), ['number', 'boundary']),
  // Shorter than any right header: what a runtime says of such a text is open.
  headerLength('zero', 'The header is empty', artifact({ header: '' }), ['minimal', 'open-at-runtime'], 'unspecified'),
  headerLength(
    'without-preload',
    'A header of 18 bytes has room for an empty asset_table alone',
    artifact({ header: '{"asset_table":[]}' }),
    ['minimal', 'open-at-runtime'],
    'unspecified',
  ),
  headerLength(
    '30',
    'A header of 30 bytes is one byte shorter than the shortest',
    ofLength(30),
    ['beyond-boundary', 'open-at-runtime'],
    'unspecified',
  ),
];

// payload_offset

function payloadOffset(
  what: string,
  title: string,
  bytes: Uint8Array,
  flags: readonly Flag[],
  runtime: RuntimeExpectation = 'BOUNDS',
): RejectCase {
  const clauses = runtime === 'BOUNDS' ? ['E5'] : ['E5', 'T5', 'T6'];
  return { code: 'PAYLOAD_OFFSET', what, title, clauses, flags, bytes, where: { offset: 12 }, runtime };
}

/** One payload of 4 bytes, right but for `payload_offset`. */
const oneAt = (offset: number | bigint): Uint8Array =>
  artifact({ prelude: { payloadOffset: offset }, header: ONE, region: counting(4) });
const RIGHT = BigInt(endOf(ONE));

const payloadBoundsCases: readonly RejectCase[] = [
  payloadOffset('zero', 'The payload region begins at 0, in the prelude', oneAt(0), ['minimal']),
  payloadOffset('at-the-header', 'The payload region begins where the header does', oneAt(32), ['boundary']),
  payloadOffset(
    'inside-the-header-by-one',
    'The payload region begins with the last byte of the header',
    oneAt(RIGHT - 1n),
    ['beyond-boundary'],
  ),
  payloadOffset(
    'past-the-end-by-one',
    'The payload region begins one byte after the end of the file',
    artifact({ prelude: { payloadOffset: 64 }, header: EMPTY }),
    ['minimal', 'beyond-boundary'],
  ),
  payloadOffset(
    'file-ends-inside-the-gap',
    'The file ends in the padding before its payload region',
    artifact({ prelude: { payloadOffset: 128 }, header: EMPTY, gap: zeros(37) }),
    ['padding'],
  ),
  payloadOffset(
    'big-endian',
    'The right payload_offset in big-endian order passes the end',
    artifact({ prelude: { payloadOffset: 63n << 56n }, header: EMPTY }),
    ['order', 'number'],
  ),
  payloadOffset('high-half', 'The low 32 bits of payload_offset alone would be right', oneAt(2n ** 32n + RIGHT), [
    'number',
  ]),
  payloadOffset('2-to-the-53', 'payload_offset is 2^53, one more than the format allows', oneAt(2n ** 53n), [
    'number',
    'beyond-boundary',
  ]),
  payloadOffset(
    '2-to-the-63',
    'A signed reader would take payload_offset 2^63 for a negative number',
    oneAt(2n ** 63n),
    ['number'],
  ),
  payloadOffset('highest-bit', 'payload_offset would be right without its highest bit', oneAt(2n ** 63n + RIGHT), [
    'number',
  ]),
  payloadOffset('largest', 'payload_offset is 2^64 - 1: one more, and it would be 0', oneAt(2n ** 64n - 1n), [
    'number',
    'boundary',
  ]),
];

/** Sounds of 4 bytes, `stride` apart. */
const strided = (count: number, stride: number): string =>
  header(Array.from({ length: count }, (_, i) => sound(i + 1, i * stride, 4)));

const PACKED_PAIR = strided(2, 4);
const ALIGNED_TRIO = strided(3, 64);

const payloadLayoutCases: readonly RejectCase[] = [
  payloadOffset(
    'gap-of-two',
    'After a header that ends at 63 the payload region begins at 65, not at 63 or 64',
    artifact({ header: EMPTY, gap: zeros(2) }),
    ['padding', 'beyond-boundary', 'open-at-runtime'],
    'unspecified',
  ),
  payloadOffset(
    'second-multiple',
    'payload_offset is a multiple of 32, but not the least one after the header',
    artifact({ header: EMPTY, gap: zeros(96 - 63) }),
    ['padding', 'open-at-runtime'],
    'unspecified',
  ),
  payloadOffset(
    'alignment-131072',
    'payload_offset is the least multiple of 131072, twice the largest alignment',
    artifact({ prelude: { payloadOffset: 131_072 }, header: EMPTY, gap: zeros(65_536 - 63), region: zeros(65_536) }),
    ['padding', 'beyond-boundary', 'open-at-runtime'],
    'unspecified',
  ),
  payloadOffset(
    'slices-packed',
    'The payload region is aligned to 64 and the slices in it are packed',
    artifact({ header: PACKED_PAIR, gap: gapAfter(PACKED_PAIR, 64), region: counting(8) }),
    ['padding', 'open-at-runtime'],
    'unspecified',
  ),
  payloadOffset(
    'slices-aligned',
    'The slices are aligned to 64 and the payload region is not',
    artifact({
      header: ALIGNED_TRIO,
      region: concat(counting(4), zeros(60), counting(4), zeros(60), counting(4)),
    }),
    ['padding', 'open-at-runtime'],
    'unspecified',
  ),
];

// Padding

function padding(
  what: string,
  title: string,
  bytes: Uint8Array,
  offset: number,
  flags: readonly Flag[] = [],
  clauses: readonly string[] = ['T5'],
): RejectCase {
  return {
    code: 'PADDING_NOT_ZERO',
    what,
    title,
    clauses,
    flags: ['padding', ...flags, 'open-at-runtime'],
    bytes,
    where: { offset },
    runtime: 'unspecified',
  };
}

/** An empty table, its payload region aligned to 128: 65 bytes of padding. */
const emptyWith = (gap: Uint8Array): Uint8Array => artifact({ header: EMPTY, gap });

/** A file aligned to 16, with the byte in its region at which the padding is wrong. */
function region16(text: string, region: readonly (Uint8Array | readonly number[])[], at: number): [Uint8Array, number] {
  const gap = gapAfter(text, 16);
  return [artifact({ header: text, gap, region: concat(...region) }), endOf(text) + gap.length + at];
}

const TWO_OF_3 = header([sound(1, 0, 3), sound(2, 16, 3)]);
const THREE_OF_3 = header([sound(1, 0, 3), sound(2, 16, 3), sound(3, 32, 3)]);
const LAST_EMPTY = header([sound(1, 0, 3), sound(2, 16, 0)]);
const BYTES_3 = counting(3);

const paddingCases: readonly RejectCase[] = [
  padding(
    'header-gap-single-byte',
    'The one byte between header and payload region is 1',
    emptyWith(Uint8Array.of(1)),
    63,
    ['minimal'],
    ['E5'],
  ),
  padding(
    'header-gap-first-byte',
    'The first byte after the header is not zero',
    emptyWith(concat([1], zeros(64))),
    63,
    ['boundary'],
    ['E5'],
  ),
  padding(
    'header-gap-last-byte',
    'The last byte before the payload region is not zero',
    emptyWith(concat(zeros(64), [0x80])),
    127,
    ['boundary'],
    ['E5'],
  ),
  padding(
    'header-gap-spaces',
    'Padding after the header is white space',
    emptyWith(utf8(' '.repeat(65))),
    63,
    [],
    ['E5'],
  ),
  padding(
    'slice-gap-first-byte',
    'The first byte after a slice is not zero',
    ...region16(TWO_OF_3, [BYTES_3, [4], zeros(12), BYTES_3], 3),
    ['boundary'],
  ),
  padding(
    'slice-gap-middle',
    'A byte in the middle of a gap is not zero',
    ...region16(TWO_OF_3, [BYTES_3, zeros(6), [0xff], zeros(6), BYTES_3], 9),
  ),
  padding(
    'slice-gap-last-byte',
    'The last byte before a slice is not zero',
    ...region16(TWO_OF_3, [BYTES_3, zeros(12), [1], BYTES_3], 15),
    ['boundary'],
  ),
  padding(
    'last-gap-of-three-slices',
    'Of two gaps the second is not zero',
    ...region16(THREE_OF_3, [BYTES_3, zeros(13), BYTES_3, zeros(12), [1], BYTES_3], 31),
  ),
  padding(
    'before-an-empty-last-slice',
    'The last byte before an empty last slice is not zero',
    ...region16(LAST_EMPTY, [BYTES_3, zeros(12), [1]], 15),
    ['boundary'],
    ['E6', 'T5'],
  ),
];

// Behind the last slice

function trailing(
  what: string,
  title: string,
  bytes: Uint8Array,
  offset: number,
  flags: readonly Flag[] = [],
): RejectCase {
  return {
    code: 'TRAILING_BYTES',
    what,
    title,
    clauses: ['E6'],
    flags: [...flags, 'open-at-runtime'],
    bytes,
    where: { offset },
    runtime: 'unspecified',
  };
}

const oneFollowedBy = (byte: number): Uint8Array => artifact({ header: ONE, region: concat(counting(4), [byte]) });

const trailingCases: readonly RejectCase[] = [
  trailing('zero-byte', 'A zero follows the last payload', oneFollowedBy(0), endOf(ONE) + 4, ['beyond-boundary']),
  trailing('line-feed', 'A line feed follows the last payload', oneFollowedBy(0x0a), endOf(ONE) + 4, [
    'beyond-boundary',
  ]),
  trailing(
    'after-an-empty-table',
    'A zero follows the header of an empty table',
    artifact({ header: EMPTY, region: zeros(1) }),
    63,
    ['minimal', 'beyond-boundary'],
  ),
  trailing(
    'after-an-aligned-empty-table',
    'With an empty table the file goes on after payload_offset, which is aligned',
    artifact({ header: EMPTY, gap: zeros(1), region: zeros(64) }),
    64,
    ['padding'],
  ),
  trailing(
    'padded-to-the-alignment',
    'The last slice is padded up to the alignment',
    ...region16(TWO_OF_3, [BYTES_3, zeros(13), BYTES_3, zeros(13)], 19),
    ['padding'],
  ),
  trailing(
    'after-an-empty-last-slice',
    'An empty last slice is followed by a byte',
    ...region16(LAST_EMPTY, [BYTES_3, zeros(13), [0]], 16),
    ['padding', 'beyond-boundary'],
  ),
];

export const cases: readonly RejectCase[] = [
  ...preludeCases,
  ...headerLengthCases,
  ...payloadBoundsCases,
  ...payloadLayoutCases,
  ...paddingCases,
  ...trailingCases,
];
