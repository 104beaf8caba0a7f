/**
 * What is said of every fault, word for word: each row provokes it in the real code and holds the whole diagnostic against the one that is
 * written here. `@` stands for the temporary folder of a row.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { artifact, concat, counting, entry, header, utf8, zeros } from '../spec-vectors/compose.ts';
import { decodeHeader, encodeHeader } from '../src/codec/header.js';
import { ERROR_TABLE } from '../src/error-table.js';
import { AssetsPaError, type Diagnostic, type ErrorCode, type Severity } from '../src/errors.js';
import { nodeFileSystem } from '../src/host/fs.js';
import { makePlan } from '../src/plan/make-plan.js';
import { VectorSet } from '../src/vectors/manifest.js';
import { migrateProject } from '../src/workspace/migration/migrate.js';
import { registerRoot } from '../src/workspace/register.js';
import { toDirectory } from '../src/write/output-directory.js';
import { packAssets } from '../src/write/pack.js';
import { toMemory, toStream } from '../src/write/sink.js';
import { encodeGlyph, type GlyphProject, GREY_TEXTS, GREYS } from './support/glyph.js';
import { entryV1, registryV1, soundV1 } from './support/legacy.js';
import { inPieces, asset as input, planOf, temporaryFolders } from './support/packing.js';
import { write } from './support/plan-folders.js';
import { asset, nest, nestObjects, plan, root } from './support/plan-text.js';
import * as wire from './support/plan-wire.js';
import { chunk, indexedPng, png, rgbaPng, rgbPng } from './support/png.js';
import {
  against,
  decoded,
  edited,
  emptyEntry,
  encoded,
  extracted,
  failing,
  file,
  GLYPH,
  glyph,
  ids,
  idsOf,
  judged,
  listing,
  manifest,
  nested,
  opened,
  openedEntry,
  openedPreload,
  type Provoke,
  packed,
  packedFields,
  packedInput,
  packedMembers,
  packedWhile,
  planned,
  published,
  RIGHT,
  SOUNDS,
  system,
  verified,
  whilePacking,
  withSidecar,
} from './support/provoke.js';
import { type Call, Watch } from './support/watched-fs.js';
import {
  BLOCKING,
  changedWhileBuilt,
  declared,
  entry as entryOf,
  examine,
  examined,
  glyphs,
  INDEX,
  type Members,
  registered,
  registry,
  sound,
  sounds,
  uuid,
  withProject,
} from './support/workspace.js';

const newFolder = temporaryFolders();

/** Severity, clause and code, as the terminal shows them. */
type Head = `${Severity}${'' | `[${string}]`} ${ErrorCode}`;

/** The rest of a diagnostic. What is not here must not be there. */
type Rest = Omit<Diagnostic, 'severity' | 'clause' | 'code' | 'message'>;

/** One way to one diagnostic, which comes alone. */
type Row = readonly [head: Head, how: string, provoke: Provoke, message: string, rest: Rest];

// Hints that several messages have.
const RESTORE = 'restore the file from version control; ids that were given must not be given again';
const WAIT = 'wait for it to end; if no such process exists any more, remove the file';
const PACK_AGAIN = 'pack again when nothing writes to the payload files';
const WITH_BANK =
  'add --bank \'GLOB=TYPE\' ("**/*.ogg=SOUNDS" reaches every folder, "*.ogg=SOUNDS" only the top one), or a sidecar <file>.asset.json';
const OTHER_PLAN = 'write the plan in version 1, or use a packer that knows this version';
const SCALED = 'store a smaller or scaled integer, or a string';
const NEVER_EDITED = 'pack again: companions are never edited';
const STALE =
  'the artifact was changed after it was packed, or a pack was cut off while it published: pack again; --plan shows which payloads differ';
const PACK_THE_PLAN = 'pack the plan again, or look for what changed with assets-pa diff';
const BELOW_FOLDER = 'name a file below the plan\'s folder, with "/" between folders';

/** Faults of artifacts and of vector sets. */
const READER: readonly Row[] = [
  [
    'error[E2] PRELUDE_TRUNCATED',
    'a file of 31 bytes',
    opened(file().subarray(0, 31)),
    'the file ends inside the prelude: expected at least 32 bytes, got 31',
    { where: { offset: 31 }, expected: 'at least 32 bytes', actual: 31 },
  ],
  [
    'error[E1] PRELUDE_MAGIC',
    'another magic',
    opened(file({ prelude: { magic: [0x50, 0x4b, 3, 4] } })),
    'this is no assets.pa: expected 41535041, got 504b0304',
    {
      where: { offset: 0 },
      expected: '41535041',
      actual: '504b0304',
      hint: 'this is a zip file: decompress it first',
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'an artifact of version 2',
    opened(file({ prelude: { schemaVersion: 2 } })),
    'this version of assets.pa is not supported, which blocks reading anything after the version; no migration was attempted: expected 1, got 2',
    {
      where: { offset: 4 },
      expected: 1,
      actual: 2,
      hint: 'rebuild the file from its plan with a packer of this version; assets.pa is never migrated',
      details: {
        artifact: 'assets.pa',
        found: 2,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'reading anything after the version',
      },
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'a vector manifest of version 2',
    manifest('{"manifest_version":2}'),
    'this version of the vector manifest is not supported, which blocks the check; no migration was attempted: expected 1, got 2',
    {
      where: { path: '@/manifest.json', pointer: '/manifest_version' },
      expected: 1,
      actual: 2,
      hint: 'take the vectors of this version of the tool, or the tool of these vectors',
      details: {
        artifact: 'vector manifest',
        found: 2,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'the check',
      },
    },
  ],
  [
    'error[E4] PRELUDE_FLAGS',
    'flags',
    opened(file({ prelude: { flags: 1 } })),
    'flags is not zero: expected 0, got 1',
    { where: { offset: 20 }, expected: 0, actual: 1 },
  ],
  [
    'error[E4] PRELUDE_RESERVED',
    'reserved',
    opened(file({ prelude: { reserved: 4_294_967_295 } })),
    'reserved is not zero: expected 0, got 4294967295',
    { where: { offset: 24 }, expected: 0, actual: 4294967295 },
  ],
  [
    'error[E1] PRELUDE_CHECKSUM',
    'a checksum',
    opened(file({ prelude: { headerChecksum: 7 } })),
    'header_checksum is not zero: expected 0, got 7',
    { where: { offset: 28 }, expected: 0, actual: 7 },
  ],
  [
    'error[E7] HEADER_LENGTH',
    'a header beyond the end',
    opened(file({ prelude: { headerLen: 1_000 } })),
    'the header ends after the file: expected at most 153, got 1000',
    { where: { offset: 8 }, expected: 'at most 153', actual: 1000, details: { past_end: true } },
  ],
  [
    'error[E7] HEADER_LENGTH',
    'a header of 30 bytes',
    opened(file({ prelude: { headerLen: 30 } })),
    'no header has this length: expected 31 to 512000000, got 30',
    { where: { offset: 8 }, expected: '31 to 512000000', actual: 30 },
  ],
  [
    'error[E7] HEADER_LENGTH',
    'a header over the limit',
    () => decodeHeader(utf8(header([entry()])), { headerLenMax: 100 }),
    'no header has this length: expected 31 to 100, got 149',
    { where: { offset: 8 }, expected: '31 to 100', actual: 149 },
  ],
  [
    'error[E5] PAYLOAD_OFFSET',
    'a region inside the header',
    opened(file({ prelude: { payloadOffset: 31 } })),
    'the payload region begins inside the header: expected 181 to 185, got 31',
    { where: { offset: 12 }, expected: '181 to 185', actual: 31 },
  ],
  [
    'error[E5] PAYLOAD_OFFSET',
    'a region after the end',
    opened(file({ prelude: { payloadOffset: 2n ** 53n } })),
    'the payload region begins after the file: expected 181 to 185, got 9007199254740992',
    { where: { offset: 12 }, expected: '181 to 185', actual: '9007199254740992' },
  ],
  [
    'error[T5] PAYLOAD_OFFSET',
    'a region at no alignment',
    opened(file({ gap: zeros(5) })),
    'the payload region does not follow the header at once: expected 181, got 186',
    { where: { offset: 12 }, expected: 181, actual: 186 },
  ],
  [
    'error[E5] PADDING_NOT_ZERO',
    'before the region',
    opened(file({ gap: Uint8Array.of(0, 9, 0) })),
    'a padding byte is not zero: expected 0, got 9',
    { where: { offset: 182 }, expected: 0, actual: 9 },
  ],
  [
    'error[T5] PADDING_NOT_ZERO',
    'between payloads',
    opened(
      artifact({
        header: header([entry(), entry({ asset_id: '2', asset_name: '"b"', offset: '8' })]),
        gap: zeros(4),
        region: concat(counting(4), [0, 0, 255, 0], counting(4)),
      }),
    ),
    'a padding byte is not zero: expected 0, got 255',
    { where: { offset: 310 }, expected: 0, actual: 255 },
  ],
  [
    'error[E6] TRAILING_BYTES',
    'a byte behind the last payload',
    opened(file({ region: counting(5) })),
    'the file goes on after the last payload: expected 185, got 186',
    { where: { offset: 185 }, expected: 185, actual: 186 },
  ],
  [
    'error[H2] HEADER_NOT_UTF8',
    'an encoded surrogate',
    () => decodeHeader(concat(utf8('{"a'), [0xed, 0xa0, 0x80])),
    'the header is not UTF-8',
    { where: { offset: 35 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a byte-order mark',
    decoded(`\ufeff${header([])}`),
    'the header is not JSON: a byte-order mark stands before the value',
    { where: { offset: 32 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'an end too early',
    decoded('{"asset_table":[],"preload":'),
    'the header is not JSON: the text ends early',
    { where: { offset: 60 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a second value',
    decoded(`${header([])}{}`),
    'the header is not JSON: expected the end of the text',
    { where: { offset: 63 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a comma at the end of an array',
    decoded('{"asset_table":[{},]}'),
    'the header is not JSON: expected a value',
    { where: { offset: 51 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a comma at the end of an object',
    decoded('{"asset_table":[],}'),
    'the header is not JSON: expected a member name',
    { where: { offset: 50 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'an array without its end',
    decoded('{"asset_table":[1}'),
    'the header is not JSON: expected "," or "]"',
    { where: { offset: 49 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'an object without its end',
    decoded('{"asset_table":1]'),
    'the header is not JSON: expected "," or "}"',
    { where: { offset: 48 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a name without its value',
    decoded('{"asset_table"}'),
    'the header is not JSON: expected ":"',
    { where: { offset: 46 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a bare control character',
    decoded('{"a\n":1}'),
    'the header is not JSON: a string that does not end, or a bare control character',
    { where: { offset: 35 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'an escape of another language',
    decoded('{"\\x41":1}'),
    'the header is not JSON: an escape that JSON does not have',
    { where: { offset: 34 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'an escape that is cut short',
    decoded('{"\\u00e":1}'),
    'the header is not JSON: "\\u" needs four hex digits',
    { where: { offset: 34 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a number without digits',
    decoded('{"a":-}'),
    'the header is not JSON: expected a digit',
    { where: { offset: 38 } },
  ],
  [
    'error[H1] HEADER_NOT_JSON',
    'a misspelt word',
    decoded('{"a":nil}'),
    'the header is not JSON: expected "null"',
    { where: { offset: 37 } },
  ],
  [
    'error[H6] HEADER_TOO_DEEP',
    'metadata of 34 levels',
    openedEntry({ metadata: nestObjects(34) }),
    'nested too deep',
    { where: { pointer: `/asset_table/0/metadata${'/o'.repeat(33)}`, offset: 308 } },
  ],
  [
    'error[H6] HEADER_TOO_DEEP',
    'a program that encodes 34 levels',
    encoded({ metadata: nested(34) }),
    'nesting passes level 32',
    { where: { pointer: '/asset_table/0' } },
  ],
  [
    'error[H1] HEADER_SHAPE',
    'a header without preload',
    decoded('{"asset_table":[]}'),
    'a member is missing: expected "preload"',
    { where: { pointer: '', offset: 32 }, expected: 'preload', details: { missing_member: 'preload' } },
  ],
  [
    'error[H1] HEADER_SHAPE',
    'a header that is an array',
    decoded('["the shortest of all headers"]'),
    'a value of the wrong type: expected an object, got an array',
    {
      where: { pointer: '', offset: 32 },
      expected: 'an object',
      actual: 'an array',
      details: { expected_type: 'an object', actual_type: 'an array' },
    },
  ],
  [
    'error[H1] HEADER_SHAPE',
    'a header with another member',
    decoded('{"asset_table":[],"preload":[],"x~/":1}'),
    'a member that the format does not have: got "x~/"',
    { where: { pointer: '/x~0~1', offset: 69 }, actual: 'x~/', details: { unknown_member: 'x~/' } },
  ],
  [
    'error[H1] HEADER_SHAPE',
    'an asset table that is null',
    decoded('{"asset_table":null,"preload":[]}'),
    'a value of the wrong type: expected an array, got null',
    {
      where: { pointer: '/asset_table', offset: 47 },
      expected: 'an array',
      actual: 'null',
      details: { expected_type: 'an array', actual_type: 'null' },
    },
  ],
  [
    'error[T1] HEADER_SHAPE',
    'an entry without its size',
    decoded(header([entry().replace(',"size":4', '')])),
    'a member is missing: expected "size"',
    { where: { pointer: '/asset_table/0', offset: 48 }, expected: 'size', details: { missing_member: 'size' } },
  ],
  [
    'error[T1] HEADER_SHAPE',
    'an entry with another member',
    decoded(header([entry().replace(/\}$/, ',"z":1}')])),
    'a member that the format does not have: got "z"',
    { where: { pointer: '/asset_table/0/z', offset: 170 }, actual: 'z', details: { unknown_member: 'z' } },
  ],
  [
    'error[T1] HEADER_SHAPE',
    'an id that is a string',
    decoded(header([entry({ asset_id: '"1"' })])),
    'a value of the wrong type: expected an integer, got a string',
    {
      where: { pointer: '/asset_table/0/asset_id', offset: 60 },
      expected: 'an integer',
      actual: 'a string',
      details: { expected_type: 'an integer', actual_type: 'a string' },
    },
  ],
  [
    'error[T1] HEADER_SHAPE',
    'a name that is a number',
    decoded(header([entry({ asset_name: '1' })])),
    'a value of the wrong type: expected a string, got a number',
    {
      where: { pointer: '/asset_table/0/asset_name', offset: 75 },
      expected: 'a string',
      actual: 'a number',
      details: { expected_type: 'a string', actual_type: 'a number' },
    },
  ],
  [
    'error[T1] HEADER_SHAPE',
    'metadata that is an array',
    decoded(header([entry({ metadata: '[]' })])),
    'a value of the wrong type: expected an object, got an array',
    {
      where: { pointer: '/asset_table/0/metadata', offset: 143 },
      expected: 'an object',
      actual: 'an array',
      details: { expected_type: 'an object', actual_type: 'an array' },
    },
  ],
  [
    'error[L1] HEADER_SHAPE',
    'a preload entry without its slot',
    decoded(header([entry()], ['{"asset_id":1}'])),
    'a member is missing: expected "slot"',
    { where: { pointer: '/preload/0', offset: 179 }, expected: 'slot', details: { missing_member: 'slot' } },
  ],
  [
    'error[H5] HEADER_DUPLICATE_MEMBER',
    'a name twice',
    openedEntry({ metadata: '{"b":1,"b":2}' }),
    'a member name stands twice in one object: got "b"',
    { where: { pointer: '/asset_table/0/metadata/b', offset: 150 }, actual: '"b"' },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a fraction',
    openedEntry({ metadata: '{"n":[0,1.0]}' }),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 1.0',
    {
      where: { pointer: '/asset_table/0/metadata/n/1', offset: 151 },
      expected: 'an integer within +-(2^53 - 1)',
      actual: '1.0',
      hint: SCALED,
    },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'negative zero',
    openedEntry({ offset: '-0' }),
    'not a number that the header can hold: expected 0, got -0',
    { where: { pointer: '/asset_table/0/offset', offset: 155 }, expected: '0', actual: '-0' },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a negative size',
    decoded(header([entry({ size: '-4' })])),
    'not a number that the header can hold: expected 0 or more, got -4',
    { where: { pointer: '/asset_table/0/size', offset: 164 }, expected: '0 or more', actual: -4 },
  ],
  [
    'error[H4] HEADER_NUMBER',
    '2^53',
    openedEntry({ metadata: '{"n":9007199254740992}' }),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 9007199254740992',
    {
      where: { pointer: '/asset_table/0/metadata/n', offset: 148 },
      expected: 'an integer within +-(2^53 - 1)',
      actual: '9007199254740992',
      hint: SCALED,
    },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a program that encodes a fraction',
    encoded({ size: 1.5 }),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 1.5',
    { where: { pointer: '/asset_table/0' }, expected: 'an integer within +-(2^53 - 1)', actual: 1.5 },
  ],
  [
    'error[H3] HEADER_STRING',
    'a lone surrogate',
    openedEntry({ asset_name: '"\\udc00"' }),
    'a string holds a lone surrogate: got "\\udc00"',
    { where: { pointer: '/asset_table/0/asset_name', offset: 75 }, actual: '"\\udc00"' },
  ],
  [
    'error[H3] HEADER_STRING',
    'a lone surrogate in a name',
    openedEntry({ metadata: '{"m":{"\\ud800":1}}' }),
    'a string holds a lone surrogate: got "\\ud800"',
    { where: { pointer: '/asset_table/0/metadata/m', offset: 149 }, actual: '"\\ud800"' },
  ],
  [
    'error[H3] HEADER_STRING',
    'a program that encodes a lone surrogate',
    encoded({ assetName: '\ud800' }),
    'a string holds a lone surrogate',
    { where: { pointer: '/asset_table/0' } },
  ],
  [
    'error[H7] HEADER_NOT_CANONICAL',
    'white space',
    opened(file({ header: header([entry()]).replace(',', ', ') })),
    'the header says the right thing in another spelling than the canonical one: expected "\\"asset_name\\":\\"a\\",\\"bank_t", got " \\"asset_name\\":\\"a\\",\\"bank_"',
    { where: { offset: 62 }, expected: '"asset_name":"a","bank_t', actual: ' "asset_name":"a","bank_' },
  ],
  [
    'error[H7] HEADER_NOT_CANONICAL',
    'a newline at the end',
    opened(file({ header: `${header([entry()])}\n` })),
    'the header says the right thing in another spelling than the canonical one: expected the end of the header, got "\\n"',
    { where: { offset: 181 }, expected: 'the end of the header', actual: '\n' },
  ],
  [
    'error[T1] ASSET_ID_RANGE',
    'an id of -1',
    openedEntry({ asset_id: '-1' }),
    'not an asset id: expected 0 to 2147483647, got -1',
    {
      where: { pointer: '/asset_table/0/asset_id', offset: 60 },
      asset_id: -1,
      expected: '0 to 2147483647',
      actual: -1,
    },
  ],
  [
    'error[T1] ASSET_ID_RANGE',
    'a preload id of 2^31',
    openedPreload(1, '{"asset_id":2147483648,"slot":0}'),
    'not an asset id: expected 0 to 2147483647, got 2147483648',
    { where: { pointer: '/preload/0/asset_id', offset: 192 }, expected: '0 to 2147483647', actual: 2147483648 },
  ],
  [
    'error[T1] ASSET_ID_DUPLICATE',
    'an id twice',
    decoded(header([emptyEntry(1), emptyEntry(2, { asset_id: '1' })])),
    'asset id 1 already belongs to the asset at index 0',
    {
      where: { pointer: '/asset_table/1/asset_id', offset: 180 },
      asset_id: 1,
      hint: 'every asset needs an id of its own',
      details: { first_index: 0 },
    },
  ],
  [
    'error[T2] ASSET_ORDER',
    'ids that decrease',
    decoded(header([emptyEntry(7), emptyEntry(5)])),
    'ids must increase: expected more than 7, got 5',
    { where: { pointer: '/asset_table/1/asset_id', offset: 180 }, asset_id: 5, expected: 'more than 7', actual: 5 },
  ],
  [
    'error[T1] ASSET_NAME',
    'no name',
    openedEntry({ asset_name: '""' }),
    'an asset name must not be empty',
    { where: { pointer: '/asset_table/0/asset_name', offset: 75 }, asset_id: 1 },
  ],
  [
    'error[T1] ASSET_NAME',
    'a line feed',
    openedEntry({ asset_name: '"a\\nb"' }),
    'an asset name must not hold control characters: got U+000A at index 1',
    { where: { pointer: '/asset_table/0/asset_name', offset: 75 }, asset_id: 1, actual: 'U+000A at index 1' },
  ],
  [
    'error[T1] ASSET_NAME',
    '4,097 bytes',
    openedEntry({ asset_name: `"${'\u00e9'.repeat(2_048)}x"` }),
    'the asset name is too long: expected at most 4096 bytes of UTF-8, got 4097',
    {
      where: { pointer: '/asset_table/0/asset_name', offset: 75 },
      asset_id: 1,
      expected: 'at most 4096 bytes of UTF-8',
      actual: 4097,
    },
  ],
  [
    'warning[T1] ASSET_NAME_DUPLICATE',
    'a name of two entries',
    opened(artifact({ header: header([emptyEntry(3), emptyEntry(4, { asset_name: '"a3"' })]) })),
    'asset 3 has the same name: got "a3"',
    {
      where: { pointer: '/asset_table/1/asset_name', offset: 195 },
      asset_id: 4,
      actual: 'a3',
      details: { first_asset_id: 3 },
    },
  ],
  [
    'error[T1] BANK_TYPE_UNKNOWN',
    'no such type',
    openedEntry({ bank_type: '"glyph"' }),
    'no such bank type: expected GLYPH, SOUNDS, SCENE, got "glyph"',
    {
      where: { pointer: '/asset_table/0/bank_type', offset: 91 },
      asset_id: 1,
      expected: 'GLYPH, SOUNDS, SCENE',
      actual: 'glyph',
    },
  ],
  [
    'error[T1] BANK_TYPE_UNKNOWN',
    'a retired name',
    openedEntry({ bank_type: '"TILES"' }),
    'no such bank type: expected GLYPH, SOUNDS, SCENE, got "TILES"',
    {
      where: { pointer: '/asset_table/0/bank_type', offset: 91 },
      asset_id: 1,
      expected: 'GLYPH, SOUNDS, SCENE',
      actual: 'TILES',
      hint: 'TILES is retired: write GLYPH',
    },
  ],
  [
    'error[T1] BANK_TYPE_UNKNOWN',
    'another retired name',
    openedEntry({ bank_type: '"SOUND"' }),
    'no such bank type: expected GLYPH, SOUNDS, SCENE, got "SOUND"',
    {
      where: { pointer: '/asset_table/0/bank_type', offset: 91 },
      asset_id: 1,
      expected: 'GLYPH, SOUNDS, SCENE',
      actual: 'SOUND',
      hint: 'SOUND is retired: write SOUNDS',
    },
  ],
  [
    'error[T1] CODEC_UNKNOWN',
    'no such codec',
    openedEntry({ codec: '"LZ4"' }),
    'no such codec: expected NONE, got "LZ4"',
    { where: { pointer: '/asset_table/0/codec', offset: 108 }, asset_id: 1, expected: 'NONE', actual: 'LZ4' },
  ],
  [
    'error[T1] CODEC_UNKNOWN',
    'a retired name',
    openedEntry({ codec: '"RAW"' }),
    'no such codec: expected NONE, got "RAW"',
    {
      where: { pointer: '/asset_table/0/codec', offset: 108 },
      asset_id: 1,
      expected: 'NONE',
      actual: 'RAW',
      hint: 'RAW is retired: write NONE',
    },
  ],
  [
    'error[E3] SLICE_BOUNDS',
    'a slice beyond the end',
    openedEntry({ size: '5' }),
    'the slice leaves the payload region: expected an end of at most 4, got 0 + 5',
    {
      where: { pointer: '/asset_table/0/offset', offset: 155 },
      asset_id: 1,
      expected: 'an end of at most 4',
      actual: '0 + 5',
    },
  ],
  [
    'error[T5] SLICE_LAYOUT',
    'a gap',
    opened(file({ header: header([entry({ offset: '1' })]), region: counting(5) })),
    'not where the layout rule puts it at alignment 1: expected 0, got 1',
    { where: { pointer: '/asset_table/0/offset', offset: 155 }, asset_id: 1, expected: 0, actual: 1 },
  ],
  [
    'error[M3] METADATA_COLLISION',
    'a root member pipeline',
    openedEntry({ metadata: '{"pipeline":{}}' }),
    'metadata has a member "pipeline"',
    {
      where: { pointer: '/asset_table/0/metadata/pipeline', offset: 155 },
      asset_id: 1,
      hint: 'pipeline data belongs in "pipeline", beside "metadata"',
    },
  ],
  [
    'error[B1] BANK_METADATA',
    'no tile size',
    glyph({ tile_size: undefined }),
    "a GLYPH bank's tile_size is missing: expected 8, 16 or 32",
    { where: { pointer: '/asset_table/0/metadata', offset: 145 }, asset_id: 1, expected: '8, 16 or 32' },
  ],
  [
    'error[B1] BANK_METADATA',
    'a tile size of 12',
    glyph({ tile_size: 12 }),
    "a GLYPH bank's tile_size is wrong: expected 8, 16 or 32, got 12",
    {
      where: { pointer: '/asset_table/0/metadata/tile_size', offset: 188 },
      asset_id: 1,
      expected: '8, 16 or 32',
      actual: 12,
    },
  ],
  [
    'error[B1] BANK_METADATA',
    'a width of no whole tiles',
    glyph({ width: 12 }),
    "a GLYPH bank's width is wrong: expected a positive multiple of tile_size 8, got 12",
    {
      where: { pointer: '/asset_table/0/metadata/width', offset: 198 },
      asset_id: 1,
      expected: 'a positive multiple of tile_size 8',
      actual: 12,
    },
  ],
  [
    'error[B1] BANK_METADATA',
    'two palettes',
    glyph({ palette_count: 2 }),
    "a GLYPH bank's palette_count is wrong: expected 64, got 2",
    {
      where: { pointer: '/asset_table/0/metadata/palette_count', offset: 173 },
      asset_id: 1,
      expected: '64',
      actual: 2,
    },
  ],
  [
    'error[B1] BANK_METADATA',
    'more palettes authored than there are',
    glyph({ palette_authored: 65 }),
    "a GLYPH bank's palette_authored is wrong: expected an integer from 0 to 64, got 65",
    {
      where: { pointer: '/asset_table/0/metadata/palette_authored', offset: 176 },
      asset_id: 1,
      expected: 'an integer from 0 to 64',
      actual: 65,
    },
  ],
  [
    'error[B1] BANK_METADATA',
    'more pixels than numbers',
    glyph({ width: 2 ** 40, height: 2 ** 40 }),
    "a GLYPH bank's height is wrong: expected at most 8191 at this width, got 1099511627776",
    {
      where: { pointer: '/asset_table/0/metadata/height', offset: 155 },
      asset_id: 1,
      expected: 'at most 8191 at this width',
      actual: 1099511627776,
    },
  ],
  [
    'error[B1] BANK_SIZE',
    'a wrong size',
    glyph({ height: 16 }, { decoded_size: '2176' }),
    "size does not fit the bank's metadata: expected 2112, got 2080",
    { where: { pointer: '/asset_table/0/size', offset: 220 }, asset_id: 1, expected: 2112, actual: 2080 },
  ],
  [
    'error[B1] BANK_SIZE',
    'a wrong decoded size',
    glyph({}, { decoded_size: '2080' }),
    "decoded_size does not fit the bank's metadata: expected 2112, got 2080",
    { where: { pointer: '/asset_table/0/decoded_size', offset: 129 }, asset_id: 1, expected: 2112, actual: 2080 },
  ],
  [
    'error[L2] PRELOAD_UNKNOWN_ASSET',
    'an id of no asset',
    openedPreload(1, '{"asset_id":2,"slot":0}'),
    'the asset table has no such asset: got 2',
    { where: { pointer: '/preload/0/asset_id', offset: 192 }, asset_id: 2, actual: 2 },
  ],
  [
    'error[L3] PRELOAD_SLOT_RANGE',
    'slot 16',
    openedPreload(1, '{"asset_id":1,"slot":16}'),
    'no such preload slot: expected 0 to 15, got 16',
    { where: { pointer: '/preload/0/slot', offset: 201 }, expected: '0 to 15', actual: 16 },
  ],
  [
    'error[L4] PRELOAD_SLOT_TAKEN',
    'one slot twice',
    openedPreload(2, '{"asset_id":1,"slot":3}', '{"asset_id":2,"slot":3}'),
    'slot 3 of SOUNDS is already taken by asset 1',
    {
      where: { pointer: '/preload/1/slot', offset: 345 },
      asset_id: 2,
      hint: 'name another slot, or ask for any with an empty preload object in the plan',
      details: { holder: 1, bank_type: 'SOUNDS', slot: 3 },
    },
  ],
  [
    'error[L4] PRELOAD_ASSET_TWICE',
    'one asset in two slots',
    openedPreload(1, '{"asset_id":1,"slot":0}', '{"asset_id":1,"slot":1}'),
    'asset 1 is preloaded twice',
    { where: { pointer: '/preload/1/asset_id', offset: 216 }, asset_id: 1 },
  ],
  [
    'error[L5] PRELOAD_ORDER',
    'ids that decrease',
    openedPreload(2, '{"asset_id":2,"slot":0}', '{"asset_id":1,"slot":1}'),
    'ids must increase: expected more than 2, got 1',
    { where: { pointer: '/preload/1/asset_id', offset: 336 }, asset_id: 1, expected: 'more than 2', actual: 1 },
  ],
];

const SHA256_OF_NOTHING = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Faults of companions, and of artifacts that are not what companions or a plan say. */
const HELD: readonly Row[] = [
  [
    'error[C3] COMPANION_INVALID',
    'a companion that is not there',
    verified((folder) => rmSync(join(folder, 'preload.json'))),
    'the companion is missing',
    {
      where: { path: '@/preload.json' },
      hint: 'pack into this directory, or name another with --companions',
    },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'a folder in its place',
    verified((folder) => {
      rmSync(join(folder, 'asset_table.json'));
      mkdirSync(join(folder, 'asset_table.json'));
    }),
    'this is no regular file',
    { where: { path: '@/asset_table.json' } },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata that are no JSON',
    verified(edited('asset_table_metadata.json', '{"artifact":{', '{artifact:{')),
    'this is no JSON: expected a member name',
    { where: { path: '@/asset_table_metadata.json', offset: 1 }, hint: NEVER_EDITED },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata that are no UTF-8',
    verified(edited('asset_table_metadata.json', '"file":"', '"file":"\xff')),
    'this is no JSON: the text is not UTF-8',
    { where: { path: '@/asset_table_metadata.json', offset: 149 }, hint: NEVER_EDITED },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata with a space',
    verified(edited('asset_table_metadata.json', '"assets":[', '"assets": [')),
    'the document is not canonical JSON',
    { where: { path: '@/asset_table_metadata.json', pointer: '', offset: 0 }, hint: NEVER_EDITED },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata without a member',
    verified(edited('asset_table_metadata.json', /"header_len":\d+,/, '')),
    'a member is not what it should be: expected an integer of at least 0, got nothing',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/layout/header_len' },
      expected: 'an integer of at least 0',
      actual: 'nothing',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata with a member of another type',
    verified(edited('asset_table_metadata.json', '"asset_name":"asset-7"', '"asset_name":[]')),
    'a member is not what it should be: expected a string, got an array',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/assets/0/asset_name', offset: 209 },
      expected: 'a string',
      actual: 'an array',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C6] COMPANION_INVALID',
    'metadata with a digest that is none',
    verified(edited('asset_table_metadata.json', /"xxh64:[0-9a-f]+"/, '"xxh64:?"')),
    'no content address: got "xxh64:?"',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/artifact/digests/xxh64', offset: 115 },
      actual: 'xxh64:?',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata with a member twice',
    verified(edited('asset_table_metadata.json', '"asset_id":7', '"asset_id":7,"asset_id":7')),
    'a member name stands twice in one object: got "asset_id"',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/assets/0/asset_id', offset: 196 },
      actual: '"asset_id"',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata with a number that is none of an artifact',
    verified(edited('asset_table_metadata.json', '"asset_id":7', '"asset_id":7.5')),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 7.5',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/assets/0/asset_id', offset: 194 },
      expected: 'an integer within +-(2^53 - 1)',
      actual: '7.5',
      hint: SCALED,
    },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata with an alignment that is none',
    verified(edited('asset_table_metadata.json', '"alignment":1,', '"alignment":3,')),
    'a member is not what it should be: expected 1 or a power of two up to 65536, got a number',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/layout/alignment', offset: 554 },
      expected: '1 or a power of two up to 65536',
      actual: 'a number',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C3] COMPANION_INVALID',
    'metadata of 2 GiB',
    verified((folder) => truncateSync(join(folder, 'asset_table_metadata.json'), 2 ** 31)),
    'no companion is so large: expected at most 2147483647 bytes, got 2147483648',
    {
      where: { path: '@/asset_table_metadata.json' },
      expected: 'at most 2147483647 bytes',
      actual: 2 ** 31,
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'metadata of version 2',
    verified(edited('asset_table_metadata.json', '"schema_version":1', '"schema_version":2')),
    'this version of asset_table_metadata.json is not supported, which blocks judging digests; no migration was attempted: expected 1, got 2',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/schema_version', offset: 629 },
      expected: 1,
      actual: 2,
      hint: 'pack again with this version of the packer',
      details: {
        artifact: 'asset_table_metadata.json',
        found: 2,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'judging digests',
      },
    },
  ],
  [
    'error INPUT_READ',
    'a companion that cannot be opened',
    verified((folder) => {
      rmSync(join(folder, 'preload.json'));
      symlinkSync('preload.json', join(folder, 'preload.json'));
    }),
    'the companion cannot be read: too many symbolic links encountered (ELOOP)',
    { where: { path: '@/preload.json' }, details: { system: 'ELOOP' } },
  ],
  [
    'error[C1] COMPANION_MISMATCH',
    'a mirror of the table with another id',
    verified(edited('asset_table.json', '"asset_id":7', '"asset_id":8')),
    'the companion is not the text of this part of the header: expected "7,\\"asset_name\\":\\"asset-7\\"", got "8,\\"asset_name\\":\\"asset-7\\""',
    {
      where: { path: '@/asset_table.json', offset: 13 },
      expected: '7,"asset_name":"asset-7"',
      actual: '8,"asset_name":"asset-7"',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C2] COMPANION_MISMATCH',
    'a mirror of the preload list with a newline',
    verified(edited('preload.json', /$/, '\n')),
    'the companion is not the text of this part of the header: expected the end, got "\\n"',
    {
      where: { path: '@/preload.json', offset: 25 },
      expected: 'the end',
      actual: '\n',
      hint: NEVER_EDITED,
    },
  ],
  [
    'error[C2] COMPANION_MISMATCH',
    'a mirror that is cut short',
    verified(edited('preload.json', /\]$/, '')),
    'the companion is not the text of this part of the header: expected "]", got the end',
    { where: { path: '@/preload.json', offset: 24 }, expected: ']', actual: 'the end', hint: NEVER_EDITED },
  ],
  [
    'error[C3] COMPANION_MISMATCH',
    'metadata with another id',
    verified(edited('asset_table_metadata.json', '"asset_id":9', '"asset_id":10')),
    'the metadata companion\'s assets are not those of the header: expected {"asset_id":9,"asset_name":"asset-9"}, got {"asset_id":10,"asset_name":"asset-9"}',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/assets/1' },
      expected: { asset_id: 9, asset_name: 'asset-9' },
      actual: { asset_id: 10, asset_name: 'asset-9' },
    },
  ],
  [
    'error[C3] COMPANION_MISMATCH',
    'metadata with an asset too many',
    verified(
      edited(
        'asset_table_metadata.json',
        '],"diagnostics"',
        ',{"asset_id":11,"asset_name":"x","content":{}}],"diagnostics"',
      ),
    ),
    'the metadata companion\'s assets are not those of the header: expected no more assets, got {"asset_id":11,"asset_name":"x"}',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/assets/2' },
      expected: 'no more assets',
      actual: { asset_id: 11, asset_name: 'x' },
    },
  ],
  [
    'error[C3] COMPANION_MISMATCH',
    'metadata with an asset too few',
    verified(edited('asset_table_metadata.json', /,\{"asset_id":9.*?\}\}/, '')),
    'the metadata companion\'s assets are not those of the header: expected {"asset_id":9,"asset_name":"asset-9"}, got none',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/assets/1' },
      expected: { asset_id: 9, asset_name: 'asset-9' },
      actual: 'none',
    },
  ],
  [
    'error[C3] COMPANION_STALE',
    'metadata of a file of another size',
    verified(edited('asset_table_metadata.json', '"size":336', '"size":335')),
    'the metadata companion describes another artifact: expected 336, got 335',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/artifact/size' },
      expected: 336,
      actual: 335,
      hint: STALE,
    },
  ],
  [
    'error[C3] COMPANION_STALE',
    'a payload that was changed',
    verified(edited('assets.pa', '\x01\x02', '\x01\x03')),
    'the metadata companion describes another artifact: expected "sha256:d5b96036f995fe61e844fd3380b23c86e287f8c43020e742d211d5b2eea33f74", got "sha256:845ddd75c072e73ecdf88aa7f18bb87ca424d8a40885e183fe33b5b45793ea9b"',
    {
      where: { path: '@/asset_table_metadata.json', pointer: '/artifact/digests/sha256' },
      expected: 'sha256:d5b96036f995fe61e844fd3380b23c86e287f8c43020e742d211d5b2eea33f74',
      actual: 'sha256:845ddd75c072e73ecdf88aa7f18bb87ca424d8a40885e183fe33b5b45793ea9b',
      hint: STALE,
    },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'metadata with another digest of a payload',
    verified(
      edited(
        'asset_table_metadata.json',
        /(?<="content":\{)"sha256":"sha256:[0-9a-f]+",("xxh64":"xxh64:)[0-9a-f]+/,
        '$10123456789abcdef',
      ),
    ),
    'the payload is not the one that the metadata companion describes: expected "xxh64:0123456789abcdef", got "xxh64:7a813dfd3986be46"',
    {
      where: { pointer: '/asset_table/0', offset: 334 },
      asset_id: 7,
      expected: 'xxh64:0123456789abcdef',
      actual: 'xxh64:7a813dfd3986be46',
      hint: 'pack again; the companion or the payload was changed afterwards',
    },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'an asset that only the plan has',
    against(plan(asset(1)), plan(asset(1), asset(2))),
    'the artifact does not have this asset of the plan',
    { where: { path: '@/plan.json', plan: '/assets/1' }, asset_id: 2, hint: PACK_THE_PLAN },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'an asset that only the artifact has',
    against(plan(asset(1), asset(2)), plan(asset(2))),
    'the plan does not have this asset',
    { where: { pointer: '/asset_table/0', offset: 48 }, asset_id: 1, hint: PACK_THE_PLAN },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'another name',
    against(plan(asset(1)), plan(asset(1, { asset_name: '"b"' }))),
    'asset_name is not what the plan gives: expected "b", got "a1"',
    {
      where: { pointer: '/asset_table/0/asset_name', offset: 75 },
      asset_id: 1,
      expected: 'b',
      actual: 'a1',
      hint: PACK_THE_PLAN,
    },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'another slot',
    against(plan(asset(1, { preload: '{"slot":1}' })), plan(asset(1, { preload: '{"slot":2}' }))),
    'the plan gives another preload entry for this asset',
    { where: { pointer: '/preload/0', offset: 180 }, asset_id: 1, hint: PACK_THE_PLAN },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'other bytes',
    against(plan(asset(1, { inline: '"AQID"' })), plan(asset(1, { inline: '"AQME"' }))),
    'the payload is not the plan\'s: first difference at its byte 1, 2 bytes in all: expected "xxh64:773273ac046f5cd9", got "xxh64:743e13ee0c4ee5a5"',
    {
      where: { pointer: '/asset_table/0', offset: 183 },
      asset_id: 1,
      expected: 'xxh64:773273ac046f5cd9',
      actual: 'xxh64:743e13ee0c4ee5a5',
      hint: PACK_THE_PLAN,
      details: { first_difference: 1, bytes_different: 2 },
    },
  ],
  [
    'error[C6] DIGEST_MISMATCH',
    'a digest that the plan states wrong',
    against(plan(asset(1)), plan(asset(1, { digest: '"xxh64:0123456789abcdef"' }))),
    'the payload\'s digest is not the one that the plan states: expected "xxh64:0123456789abcdef", got "xxh64:ef46db3751d8e999"',
    {
      where: { pointer: '/asset_table/0', offset: 182 },
      asset_id: 1,
      expected: 'xxh64:0123456789abcdef',
      actual: 'xxh64:ef46db3751d8e999',
      hint: PACK_THE_PLAN,
    },
  ],
];

/** Faults of plans, of payloads, and of what a plan is made from; what a pack warns of. */
const WRITER: readonly Row[] = [
  [
    'error PLAN_SYNTAX',
    'no UTF-8',
    packed(concat(utf8('{"schema_version":1,"a'), [0xff])),
    'the plan is not UTF-8',
    { where: { offset: 22 } },
  ],
  [
    'error PLAN_SYNTAX',
    'a byte-order mark',
    packed(`\ufeff${plan()}`),
    'this is no plan: a byte-order mark stands before the value',
    { where: { offset: 0 } },
  ],
  [
    'error PLAN_SYNTAX',
    'an empty file',
    packed(''),
    'this is no plan: there is nothing in it',
    { where: { offset: 0 } },
  ],
  [
    'error PLAN_SYNTAX',
    'a missing comma',
    packed('{"schema_version":1 "assets":[]}'),
    'this is no plan: expected "," or "}"',
    { where: { offset: 20 } },
  ],
  ['error PLAN_SYNTAX', 'no object', packed(' []'), 'this is no plan: expected an object', { where: { offset: 1 } }],
  [
    'error PLAN_SYNTAX',
    'some text',
    packed('# my plan'),
    'the plan is neither JSON, which begins with "{", nor a protobuf message: a group, which plans do not have',
    { where: { offset: 1 } },
  ],
  [
    'error PLAN_SYNTAX',
    'a binary plan that is cut',
    packed(wire.message(wire.schemaVersion(1)).subarray(0, 1)),
    'the plan is neither JSON, which begins with "{", nor a protobuf message: premature EOF',
    { where: { offset: 1 } },
  ],
  [
    'error PLAN_SYNTAX',
    'a binary plan with a group',
    packed(wire.message(wire.schemaVersion(1), wire.group(9))),
    'the plan is neither JSON, which begins with "{", nor a protobuf message: a group, which plans do not have',
    { where: { offset: 3 } },
  ],
  [
    'error PLAN_SYNTAX',
    'a binary plan with a string that is no UTF-8',
    packedFields(wire.bytes(9, Uint8Array.of(255))),
    'a string of the plan is not UTF-8',
    { where: { offset: 21 } },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'a JSON plan of version 2',
    packed(root({ schema_version: '2' })),
    'this version of the plan is not supported, which blocks the pack; no migration was attempted: expected 1, got 2',
    {
      where: { plan: '/schema_version' },
      expected: 1,
      actual: 2,
      hint: OTHER_PLAN,
      details: {
        artifact: 'plan',
        found: 2,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'the pack',
      },
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'a binary plan of version 0',
    packed(wire.message(wire.schemaVersion(0))),
    'this version of the plan is not supported, which blocks the pack; no migration was attempted: expected 1, got 0',
    {
      where: { plan: '/schema_version' },
      expected: 1,
      actual: 0,
      hint: OTHER_PLAN,
      details: {
        artifact: 'plan',
        found: 0,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'the pack',
      },
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'a program of version 3',
    packed({ ...planOf(), schemaVersion: 3 as 1 }),
    'this version of the plan is not supported, which blocks the pack; no migration was attempted: expected 1, got 3',
    {
      where: { plan: '/schema_version' },
      expected: 1,
      actual: 3,
      hint: OTHER_PLAN,
      details: {
        artifact: 'plan',
        found: 3,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'the pack',
      },
    },
  ],
  [
    'error PLAN_SHAPE',
    'a plan without a version',
    packed(root({ schema_version: undefined })),
    'a member is missing: expected "schema_version"',
    { where: { plan: '', offset: 0 }, expected: 'schema_version' },
  ],
  [
    'error PLAN_SHAPE',
    'a plan with another member',
    packed(root({ palettes: '[]' })),
    'there is no such member: got "palettes"',
    { where: { plan: '/palettes', offset: 24 }, actual: 'palettes' },
  ],
  [
    'error PLAN_SHAPE',
    'a plan with a misspelt member',
    packed(root({ layuot: '{}' })),
    'there is no such member: got "layuot"',
    { where: { plan: '/layuot', offset: 22 }, actual: 'layuot', hint: 'did you mean "layout"?' },
  ],
  [
    'error PLAN_SHAPE',
    'a plan with a member twice',
    packed(root({ schemaVersion: '1' })),
    'a member stands twice: got "schema_version"',
    { where: { plan: '/schema_version', offset: 48 }, actual: 'schema_version' },
  ],
  [
    'error PLAN_SHAPE',
    'a version that is a string',
    packed(root({ schema_version: '"1"' })),
    'a value of the wrong type: expected an integer, got a string',
    { where: { plan: '/schema_version', offset: 30 }, expected: 'an integer', actual: 'a string' },
  ],
  [
    'error PLAN_SHAPE',
    '"$schema" that is a number',
    packed(root({ $schema: '1' })),
    '"$schema" must be a string',
    { where: { plan: '/$schema', offset: 11 } },
  ],
  [
    'error PLAN_SHAPE',
    'an asset that is a string',
    packed(plan('"a.png"')),
    'a value of the wrong type: expected an object, got a string',
    { where: { plan: '/assets/0', offset: 11 }, expected: 'an object', actual: 'a string' },
  ],
  [
    'error PLAN_SHAPE',
    'an asset without a name',
    packedMembers({ asset_name: undefined }),
    'a member is missing: expected "asset_name"',
    { where: { plan: '/assets/0', offset: 11 }, asset_id: 1, expected: 'asset_name' },
  ],
  [
    'error PLAN_SHAPE',
    'an asset with another member',
    packedMembers({ volume: '1' }),
    'there is no such member: got "volume"',
    { where: { plan: '/assets/0/volume', offset: 85 }, actual: 'volume' },
  ],
  [
    'error PLAN_SHAPE',
    'an asset with a misspelt member',
    packedMembers({ bank_typ: '"SCENE"' }),
    'there is no such member: got "bank_typ"',
    { where: { plan: '/assets/0/bank_typ', offset: 54 }, actual: 'bank_typ', hint: 'did you mean "bank_type"?' },
  ],
  [
    'error PLAN_SHAPE',
    'an asset with a member in both spellings',
    packedMembers({ assetId: '1' }),
    'a member stands twice, in both of its spellings: got "asset_id"',
    { where: { plan: '/assets/0/asset_id', offset: 35 }, actual: 'asset_id' },
  ],
  [
    'error PLAN_SHAPE',
    'an asset with a member twice',
    packed(plan(asset(1).replace('{', '{"asset_id":1,'))),
    'a member name stands twice in one object: got "asset_id"',
    { where: { plan: '/assets/0/asset_id', offset: 25 }, actual: '"asset_id"' },
  ],
  [
    'error PLAN_SHAPE',
    'null outside free objects',
    packedMembers({ preload: 'null' }),
    'a value of the wrong type: expected an object, got null',
    { where: { plan: '/assets/0/preload', offset: 86 }, expected: 'an object', actual: 'null' },
  ],
  [
    'error PLAN_SHAPE',
    'no payload',
    packedMembers({ inline: undefined }),
    'an asset needs exactly one payload source: expected file or inline, got none',
    { where: { plan: '/assets/0', offset: 11 }, asset_id: 1, expected: 'file or inline', actual: 'none' },
  ],
  [
    'error PLAN_SHAPE',
    'two payloads',
    packedMembers({ file: '"a.bin"' }),
    'an asset needs exactly one payload source: expected file or inline, got file and inline',
    { where: { plan: '/assets/0', offset: 11 }, asset_id: 1, expected: 'file or inline', actual: 'file and inline' },
  ],
  [
    'error PLAN_SHAPE',
    'no payload, in a program',
    packed(planOf(input(1, {}))),
    'an asset needs exactly one payload source: expected file, inline or stream, got none',
    { where: { plan: '/assets/0' }, asset_id: 1, expected: 'file, inline or stream', actual: 'none' },
  ],
  [
    'error PLAN_SHAPE',
    'bytes that are text, in a program',
    packed(planOf(input(1, { inline: 'AAAA' as never }))),
    'a value of the wrong type: expected bytes, got a string',
    { where: { plan: '/assets/0/inline' }, expected: 'bytes', actual: 'a string' },
  ],
  [
    'error PLAN_SHAPE',
    'an unknown field, in a binary plan',
    packedFields(wire.varint(99, 1)),
    'an unknown field: got 99',
    { where: { plan: '/assets/0', offset: 21 }, actual: 99 },
  ],
  [
    'error PLAN_SHAPE',
    'a wrong wire type, in a binary plan',
    packedFields(wire.fixed32(5, 1)),
    'decoded_size has the wrong wire type: got 5',
    { where: { plan: '/assets/0/decoded_size', offset: 20 }, actual: 5 },
  ],
  [
    'error PLAN_SHAPE',
    'a value without a kind, in a binary plan',
    packedFields(wire.metadata(wire.entry('m', new Uint8Array()))),
    'a value without a kind',
    { where: { plan: '/assets/0/metadata/m', offset: 28 } },
  ],
  [
    'error PLAN_SHAPE',
    'an unknown field in metadata, in a binary plan',
    packedFields(wire.metadata(wire.entry('m', wire.message(wire.boolValue(true), wire.varint(7, 1))))),
    'an unknown field in a free object: got 7',
    { where: { plan: '/assets/0/metadata/m', offset: 31 }, actual: 7 },
  ],
  [
    'error PLAN_VALUE',
    'an alignment of 3',
    packed(root({ layout: '{"alignment":3}' })),
    'not an alignment: expected 1 or a power of two up to 65536, got 3',
    { where: { plan: '/layout/alignment', offset: 35 }, expected: '1 or a power of two up to 65536', actual: 3 },
  ],
  [
    'error PLAN_VALUE',
    'an empty path',
    packedMembers({ inline: undefined, file: '""' }),
    'the payload path is empty: got ""',
    { where: { plan: '/assets/0/file', offset: 71 }, asset_id: 1, actual: '', hint: BELOW_FOLDER },
  ],
  [
    'error PLAN_VALUE',
    'a path of Windows',
    packedMembers({ inline: undefined, file: '"a\\\\b.bin"' }),
    'the payload path holds "\\": got "a\\\\b.bin"',
    { where: { plan: '/assets/0/file', offset: 71 }, asset_id: 1, actual: 'a\\b.bin', hint: BELOW_FOLDER },
  ],
  [
    'error PLAN_VALUE',
    'a path with NUL',
    packedMembers({ inline: undefined, file: '"a\\u0000"' }),
    'the payload path holds NUL: got "a\\u0000"',
    { where: { plan: '/assets/0/file', offset: 71 }, asset_id: 1, actual: 'a\u0000', hint: BELOW_FOLDER },
  ],
  [
    'error PLAN_VALUE',
    'a digest of another kind',
    packedMembers({ digest: '"md5:d41d8cd98f00b204e9800998ecf8427e"' }),
    'not a content address: expected "sha256:" and 64 lower-case hex digits, or "xxh64:" and 16, got "md5:d41d8cd98f00b204e9800998ecf8427e"',
    {
      where: { plan: '/assets/0/digest', offset: 73 },
      asset_id: 1,
      expected: '"sha256:" and 64 lower-case hex digits, or "xxh64:" and 16',
      actual: 'md5:d41d8cd98f00b204e9800998ecf8427e',
    },
  ],
  [
    'error PLAN_VALUE',
    'base64 without padding',
    packedMembers({ inline: '"AA"' }),
    'not base64: expected RFC 4648 section 4: padded, no white space, zero trailing bits',
    {
      where: { plan: '/assets/0/inline', offset: 73 },
      expected: 'RFC 4648 section 4: padded, no white space, zero trailing bits',
    },
  ],
  [
    'error[H6] HEADER_TOO_DEEP',
    'metadata of 34 levels',
    packedMembers({ metadata: `{"a":${nest(33)}}` }),
    'nested too deep: expected at most level 32, got level 33',
    {
      where: { plan: `/assets/0/metadata/a${'/0'.repeat(32)}`, offset: 124 },
      asset_id: 1,
      expected: 'at most level 32',
      actual: 'level 33',
    },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a fraction in metadata',
    packedMembers({ metadata: '{"n":1e3}' }),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 1e3',
    {
      where: { plan: '/assets/0/metadata/n', offset: 92 },
      expected: 'an integer within +-(2^53 - 1)',
      actual: '1e3',
      hint: SCALED,
    },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a size that is no decimal integer',
    packedMembers({ size: '"0x10"' }),
    'not a number that the header can hold: expected a decimal integer, got "0x10"',
    { where: { plan: '/assets/0/size', offset: 83 }, expected: 'a decimal integer', actual: '0x10' },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a size below zero',
    packedMembers({ decoded_size: '-1' }),
    'not a number that the header can hold: expected 0 or more, got -1',
    { where: { plan: '/assets/0/decoded_size', offset: 79 }, expected: '0 or more', actual: -1 },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a size of 2^64',
    packedMembers({ decoded_size: '"18446744073709551616"' }),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 18446744073709551616',
    {
      where: { plan: '/assets/0/decoded_size', offset: 79 },
      expected: 'an integer within +-(2^53 - 1)',
      actual: '18446744073709551616',
    },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a fraction, in a binary plan',
    packedFields(wire.metadata(wire.entry('m', wire.numberValue(0.5)))),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got "0.5"',
    { where: { plan: '/assets/0/metadata/m', offset: 37 }, expected: 'an integer within +-(2^53 - 1)', actual: '0.5' },
  ],
  [
    'error[H4] HEADER_NUMBER',
    'a bigint of a program',
    packed(planOf(input(1, { inline: utf8(''), metadata: { n: 2n ** 64n } }))),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 18446744073709551616',
    {
      where: { plan: '/assets/0/metadata/n' },
      asset_id: 1,
      expected: 'an integer within +-(2^53 - 1)',
      actual: '18446744073709551616',
    },
  ],
  [
    'error[H3] HEADER_STRING',
    'a lone surrogate',
    packedMembers({ asset_name: '"\\ud800x"' }),
    'a string holds a lone surrogate: got "\\ud800x"',
    { where: { plan: '/assets/0/asset_name', offset: 38 }, actual: '"\\ud800x"' },
  ],
  [
    'error[H3] HEADER_STRING',
    'a lone surrogate in a member name of a program',
    packed(planOf(input(1, { inline: utf8(''), metadata: { '\ud800': 1 } }))),
    'a member name holds a lone surrogate',
    { where: { plan: '/assets/0/metadata' }, asset_id: 1 },
  ],
  [
    'error[E7] HEADER_TOO_LARGE',
    'a header over the limit',
    () => encodeHeader({ assetTable: [RIGHT], preload: [] }, { headerLenMax: 100 }),
    'the header passes the limit of the format: expected at most 100 bytes, got 149',
    {
      where: { pointer: '' },
      expected: 'at most 100 bytes',
      actual: 149,
      hint: 'split the plan into several containers, or shorten names and metadata',
    },
  ],
  [
    'error[E7] HEADER_TOO_LARGE',
    'payloads over the limit',
    packed(
      planOf(
        input(1, { stream: inPieces(utf8(''), []), size: Number.MAX_SAFE_INTEGER }),
        input(2, { stream: inPieces(utf8(''), []), size: Number.MAX_SAFE_INTEGER }),
      ),
      { dryRun: true },
    ),
    'the payload region passes the largest offset of the format: expected at most 9007199254740991 bytes, got about 18014398509481982',
    { where: { plan: '' }, expected: 'at most 9007199254740991 bytes', actual: 'about 18014398509481982' },
  ],
  [
    'error[T1] ASSET_ID_RANGE',
    'an id of 2^31',
    packedMembers({ asset_id: '2147483648' }),
    'not an asset id: expected 0 to 2147483647, got 2147483648',
    {
      where: { plan: '/assets/0/asset_id', offset: 23 },
      asset_id: 2147483648,
      expected: '0 to 2147483647',
      actual: 2147483648,
    },
  ],
  [
    'error[T1] ASSET_ID_DUPLICATE',
    'an id twice',
    packed(plan(asset(4), asset(5), asset(4, { asset_name: '"b"' }))),
    'asset id 4 already belongs to the asset at index 0',
    {
      where: { plan: '/assets/2/asset_id', offset: 155 },
      asset_id: 4,
      hint: 'every asset needs an id of its own',
      details: { first_index: 0 },
    },
  ],
  [
    'error[T1] ASSET_NAME',
    'a control character',
    packedMembers({ asset_name: '"jump\\u0085"' }),
    'an asset name must not hold control characters: got U+0085 at index 4',
    { where: { plan: '/assets/0/asset_name', offset: 38 }, asset_id: 1, actual: 'U+0085 at index 4' },
  ],
  [
    'warning[T1] ASSET_NAME_DUPLICATE',
    'a name twice',
    packed(plan(asset(9, { asset_name: '"a1"' }), asset(1))),
    'asset 1 has the same name: got "a1"',
    { where: { plan: '/assets/0/asset_name', offset: 38 }, asset_id: 9, actual: 'a1', details: { first_asset_id: 1 } },
  ],
  [
    'error[T1] BANK_TYPE_UNKNOWN',
    'a retired name',
    packedMembers({ bank_type: '"TILES"' }),
    'no such bank type: expected GLYPH, SOUNDS, SCENE, got "TILES"',
    {
      where: { plan: '/assets/0/bank_type', offset: 55 },
      asset_id: 1,
      expected: 'GLYPH, SOUNDS, SCENE',
      actual: 'TILES',
      hint: 'TILES is retired: write GLYPH',
    },
  ],
  [
    'error[T1] CODEC_UNKNOWN',
    'a retired name',
    packedMembers({ codec: '"RAW"' }),
    'no such codec: expected NONE, got "RAW"',
    {
      where: { plan: '/assets/0/codec', offset: 72 },
      asset_id: 1,
      expected: 'NONE',
      actual: 'RAW',
      hint: 'RAW is retired: write NONE',
    },
  ],
  [
    'error[M3] METADATA_COLLISION',
    'codec twice',
    packedMembers({ metadata: '{"codec":{}}', codec_configuration: '{}' }),
    'metadata has a member "codec" beside a codec configuration',
    { where: { plan: '/assets/0/metadata/codec', offset: 121 }, asset_id: 1, hint: 'keep one of the two' },
  ],
  [
    'error[M3] METADATA_COLLISION',
    'pipeline in metadata',
    packedMembers({ metadata: '{"pipeline":{}}' }),
    'metadata has a member "pipeline"',
    {
      where: { plan: '/assets/0/metadata/pipeline', offset: 99 },
      asset_id: 1,
      hint: 'pipeline data belongs in "pipeline", beside "metadata"',
    },
  ],
  [
    'error[B1] BANK_METADATA',
    'a GLYPH bank without a width',
    packedMembers({ bank_type: '"GLYPH"', metadata: '{"tile_size":8,"height":8,"palette_count":64}' }),
    "a GLYPH bank's width is missing: expected a positive multiple of tile_size 8",
    { where: { plan: '/assets/0/metadata', offset: 86 }, asset_id: 1, expected: 'a positive multiple of tile_size 8' },
  ],
  [
    'error[B1] BANK_SIZE',
    'a payload of no GLYPH sheet',
    packedMembers({ bank_type: '"GLYPH"', metadata: JSON.stringify(GLYPH) }),
    "size does not fit the bank's metadata: expected 2080, got 0",
    { where: { plan: '/assets/0/inline', offset: 72 }, asset_id: 1, expected: 2080, actual: 0 },
  ],
  [
    'error[L3] PRELOAD_SLOT_RANGE',
    'slot -1',
    packedMembers({ preload: '{"slot":-1}' }),
    'no such preload slot: expected 0 to 15, got -1',
    { where: { plan: '/assets/0/preload/slot', offset: 94 }, asset_id: 1, expected: '0 to 15', actual: -1 },
  ],
  [
    'error[L4] PRELOAD_SLOT_TAKEN',
    'one slot twice',
    packed(plan(asset(1, { preload: '{"slot":0}' }), asset(2, { preload: '{"slot":0}' }))),
    'slot 0 of SOUNDS is already taken by asset 1',
    {
      where: { plan: '/assets/1/preload/slot', offset: 181 },
      asset_id: 2,
      hint: 'name another slot, or ask for any with an empty preload object in the plan',
      details: { holder: 1, bank_type: 'SOUNDS', slot: 0 },
    },
  ],
  [
    'error[L4] PRELOAD_SLOT_TAKEN',
    '17 preloaded assets',
    packed(plan(...Array.from({ length: 17 }, (_, i) => asset(i, { preload: '{}' })))),
    'no preload slot of SOUNDS is left: expected at most 16 preloaded assets of a bank type',
    {
      where: { plan: '/assets/16/preload', offset: 1364 },
      asset_id: 16,
      expected: 'at most 16 preloaded assets of a bank type',
      hint: 'preload fewer assets of this bank type',
      details: { bank_type: 'SOUNDS' },
    },
  ],
  [
    'warning[T3] DUPLICATE_CONTENT',
    'equal payloads',
    packed(plan(asset(1, { inline: '"AAAA"' }), asset(2, { inline: '"AAAA"' }))),
    'the same bytes as asset 1',
    {
      where: { plan: '/assets/1/inline', pointer: '/asset_table/1' },
      asset_id: 2,
      details: { first_asset_id: 1, size: 3 },
    },
  ],
  [
    'error[W8] SOURCE_NOT_FOUND',
    'a missing file',
    packedInput({ file: 'sfx/jump.pcm' }),
    'there is no such payload file in "@"',
    {
      where: { path: 'sfx/jump.pcm', plan: '/assets/0/file' },
      asset_id: 7,
      hint: "payload paths are relative to the plan's folder",
    },
  ],
  [
    'error[W8] SOURCE_OUTSIDE_ROOT',
    'a path that leaves',
    packedInput({ file: '../secret' }),
    'the payload path is absolute or holds ".."',
    {
      where: { path: '../secret', plan: '/assets/0/file' },
      asset_id: 7,
      hint: "name a file below the plan's folder, or lift the confinement with --allow-outside-root",
    },
  ],
  [
    'error[W8] SOURCE_OUTSIDE_ROOT',
    'a symbolic link that leaves',
    packedInput({ file: 'link' }, (folder) => symlinkSync('/dev/null', join(folder, 'link'))),
    'the payload path leads out of the root "@"',
    {
      where: { path: 'link', plan: '/assets/0/file' },
      asset_id: 7,
      hint: 'choose another root with --root, or lift the confinement with --allow-outside-root',
    },
  ],
  [
    'error[W8] SOURCE_NOT_A_FILE',
    'a folder',
    packedInput({ file: 'sub' }, (folder) => mkdirSync(join(folder, 'sub'))),
    'a payload must be a regular file: got a directory',
    { where: { path: 'sub', plan: '/assets/0/file' }, asset_id: 7, actual: 'a directory' },
  ],
  [
    'error[W8] SOURCE_NOT_A_FILE',
    'a device',
    (folder) => packAssets(planOf(input(7, { file: '/dev/null' })), toMemory(), { folder, allowOutsideRoot: true }),
    'a payload must be a regular file: got a device, FIFO or socket',
    { where: { path: '/dev/null', plan: '/assets/0/file' }, asset_id: 7, actual: 'a device, FIFO or socket' },
  ],
  [
    'error[W3] SOURCE_SIZE',
    'a file of another size',
    packedInput({ file: 'a.bin', size: 4 }, (folder) => writeFileSync(join(folder, 'a.bin'), 'abc')),
    'the payload does not have the planned size: expected 4 bytes, got 3 bytes',
    { where: { plan: '/assets/0/size' }, asset_id: 7, expected: '4 bytes', actual: '3 bytes' },
  ],
  [
    'error[W3] SOURCE_SIZE',
    'bytes of another size',
    packedMembers({ size: '1' }),
    'the payload does not have the planned size: expected 1 byte, got 0 bytes',
    { where: { plan: '/assets/0/size', offset: 83 }, asset_id: 1, expected: '1 byte', actual: '0 bytes' },
  ],
  [
    'error[W3] SOURCE_SIZE',
    'a stream that ends early',
    packedInput({ stream: inPieces(counting(3), []), size: 4 }),
    'the payload does not have the planned size: expected 4 bytes, got 3 bytes',
    { where: { plan: '/assets/0/stream' }, asset_id: 7, expected: '4 bytes', actual: '3 bytes' },
  ],
  [
    'error[W3] SOURCE_SIZE',
    'a stream that goes on',
    packedInput({ stream: inPieces(counting(9), []), size: 4 }),
    'the payload does not have the planned size: expected 4 bytes, got at least 5 bytes',
    { where: { plan: '/assets/0/stream' }, asset_id: 7, expected: '4 bytes', actual: 'at least 5 bytes' },
  ],
  [
    'error[W3] SOURCE_CHANGED',
    'another digest',
    packedInput({ inline: counting(1), digest: SHA256_OF_NOTHING }),
    'the payload\'s digest is not the plan\'s: expected "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", got "sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"',
    {
      where: { plan: '/assets/0/digest' },
      asset_id: 7,
      expected: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      actual: 'sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a',
    },
  ],
  [
    'error[W3] SOURCE_CHANGED',
    'a file that is cut',
    packedWhile('open', (path) => truncateSync(path, 3)),
    "the payload file's size changed while packing: expected 7 bytes, got 3 bytes",
    {
      where: { path: 'a.bin', plan: '/assets/0/file' },
      asset_id: 7,
      expected: '7 bytes',
      actual: '3 bytes',
      hint: PACK_AGAIN,
    },
  ],
  [
    'error[W3] SOURCE_CHANGED',
    'a file that is touched',
    packedWhile('read', (path) => utimesSync(path, 1, 1)),
    'the payload file was modified while packing',
    { where: { path: 'a.bin', plan: '/assets/0/file' }, asset_id: 7, hint: PACK_AGAIN },
  ],
  [
    'error[W3] SOURCE_CHANGED',
    'a file that is removed',
    packedWhile('open', (path) => rmSync(path)),
    'the payload file was removed or replaced while packing',
    { where: { path: 'a.bin', plan: '/assets/0/file' }, asset_id: 7, hint: PACK_AGAIN },
  ],
  [
    'error[W3] SOURCE_CHANGED',
    'a file that is replaced',
    packedWhile('open', (path) => {
      rmSync(path);
      mkdirSync(path);
    }),
    'the payload file was replaced by another while packing',
    { where: { path: 'a.bin', plan: '/assets/0/file' }, asset_id: 7, hint: PACK_AGAIN },
  ],
  [
    'error BANK_TYPE_MISSING',
    'one file',
    planned({ 'sfx/jump.pcm': '' }, {}),
    'no bank type for sfx/jump.pcm',
    { where: { path: 'sfx/jump.pcm' }, hint: WITH_BANK, details: { count: 1, files: ['sfx/jump.pcm'] } },
  ],
  [
    'error BANK_TYPE_MISSING',
    '21 files',
    planned(Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${10 + i}`, ''])), {}),
    'no bank type for f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, and 1 more',
    {
      where: { path: 'f10' },
      hint: WITH_BANK,
      details: {
        count: 21,
        files: [
          'f10',
          'f11',
          'f12',
          'f13',
          'f14',
          'f15',
          'f16',
          'f17',
          'f18',
          'f19',
          'f20',
          'f21',
          'f22',
          'f23',
          'f24',
          'f25',
          'f26',
          'f27',
          'f28',
          'f29',
          'f30',
        ],
      },
    },
  ],
  [
    'error SIDECAR_INVALID',
    'no JSON',
    withSidecar('{"metadata":}'),
    'the sidecar is not JSON: expected a value',
    { where: { path: 'a.pcm.asset.json', pointer: '', offset: 12 } },
  ],
  [
    'error SIDECAR_INVALID',
    'no UTF-8',
    withSidecar(Uint8Array.of(0x22, 0xff, 0x22)),
    'the sidecar is not JSON: the text is not UTF-8',
    { where: { path: 'a.pcm.asset.json', pointer: '', offset: 1 } },
  ],
  [
    'error SIDECAR_INVALID',
    'no object',
    withSidecar([]),
    'a value of the wrong type: expected an object, got an array',
    { where: { path: 'a.pcm.asset.json', pointer: '' }, expected: 'an object', actual: 'an array' },
  ],
  [
    'error SIDECAR_INVALID',
    'a misspelt member',
    withSidecar({ metadat: {} }),
    'there is no such member: got "metadat"',
    { where: { path: 'a.pcm.asset.json', pointer: '/metadat' }, actual: 'metadat', hint: 'did you mean "metadata"?' },
  ],
  [
    'error SIDECAR_INVALID',
    'a member that the tree decides',
    withSidecar({ asset_id: 4 }),
    'this member has no place here: got "asset_id"',
    { where: { path: 'a.pcm.asset.json', pointer: '/asset_id' }, actual: 'asset_id' },
  ],
  [
    'error SIDECAR_INVALID',
    'a wrong type',
    withSidecar({ bank_type: 1 }),
    'a value of the wrong type: expected a string, got a number',
    { where: { path: 'a.pcm.asset.json', pointer: '/bank_type' }, expected: 'a string', actual: 'a number' },
  ],
  [
    'error SIDECAR_INVALID',
    'a member twice',
    withSidecar('{"metadata":{},"metadata":{}}'),
    'a member name stands twice in one object: got "metadata"',
    { where: { path: 'a.pcm.asset.json', pointer: '/metadata', offset: 15 }, actual: '"metadata"' },
  ],
  [
    'error SIDECAR_INVALID',
    'a fraction',
    withSidecar({ metadata: { gain: 0.5 } }),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 0.5',
    {
      where: { path: 'a.pcm.asset.json', pointer: '/metadata/gain', offset: 20 },
      expected: 'an integer within +-(2^53 - 1)',
      actual: '0.5',
      hint: SCALED,
    },
  ],
  [
    'error SIDECAR_INVALID',
    'a sidecar of no file',
    planned({ 'jmp.pcm.asset.json': {} }),
    'there is no payload file for this sidecar',
    { where: { path: 'jmp.pcm.asset.json' } },
  ],
  [
    'error PLAN_VALUE',
    'a file name that is no UTF-8',
    planned({}, { fs: listing(Uint8Array.of(0x62, 0xff)) }),
    'a file name is not UTF-8',
    { where: { path: 'b\ufffd' } },
  ],
  [
    'error PLAN_VALUE',
    'a file name with a backslash',
    planned({ 'a\\b.pcm': '' }),
    'the payload path holds "\\": got "a\\\\b.pcm"',
    { where: { path: 'a\\b.pcm', pointer: '/file' }, asset_id: 1, actual: 'a\\b.pcm', hint: BELOW_FOLDER },
  ],
  [
    'error[T1] BANK_TYPE_UNKNOWN',
    'a retired name, for a tree',
    planned({ 'a.png': '' }, { banks: [{ glob: '*', bankType: 'TILES' }] }),
    'no such bank type: expected GLYPH, SOUNDS, SCENE, got "TILES"',
    {
      where: { path: 'a.png', pointer: '/bank_type' },
      asset_id: 1,
      expected: 'GLYPH, SOUNDS, SCENE',
      actual: 'TILES',
      hint: 'TILES is retired: write GLYPH',
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'an ids file of version 2',
    ids('{"schema_version":2}'),
    'this version of the ids file is not supported, which blocks the allocation of ids; no migration was attempted: expected 1, got 2',
    {
      where: { path: 'ids.json', pointer: '/schema_version' },
      expected: 1,
      actual: 2,
      hint: 'use a packer that knows this version; never delete the file: ids would be given anew',
      details: {
        artifact: 'ids file',
        found: 2,
        supported: { min: 1, max: 1 },
        migration: 'not attempted',
        blocks: 'the allocation of ids',
      },
    },
  ],
  [
    'error IDS_INVALID',
    'no JSON',
    ids('{"schema_version":1,\n<<<<<<< HEAD'),
    'the file is not JSON: expected a member name',
    { where: { path: 'ids.json', pointer: '', offset: 21 }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'a member twice',
    ids('{"next_id":1,"next_id":1}'),
    'a member name stands twice in one object',
    { where: { path: 'ids.json', pointer: '/next_id', offset: 13 }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'no object',
    ids('[]'),
    'an object is expected',
    { where: { path: 'ids.json', pointer: '' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'a version that is a string',
    ids('{"schema_version":"1"}'),
    '"schema_version" must be an integer',
    { where: { path: 'ids.json', pointer: '/schema_version' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'a missing member',
    ids('{"schema_version":1,"assets":[]}'),
    '"next_id" is missing',
    { where: { path: 'ids.json', pointer: '' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'another member',
    ids('{"schema_version":1,"next_id":1,"assets":[],"a/b":0}'),
    'there is no such member',
    { where: { path: 'ids.json', pointer: '/a~1b' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'no next id',
    ids('{"schema_version":1,"next_id":0,"assets":[]}'),
    'an id from 1 to 2147483648 is expected',
    { where: { path: 'ids.json', pointer: '/next_id' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'assets that are no array',
    ids('{"schema_version":1,"next_id":1,"assets":{}}'),
    '"assets" must be an array',
    { where: { path: 'ids.json', pointer: '/assets' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'a name that is a number',
    idsOf({ asset_id: 1, asset_name: 1, path: 'a' }),
    '"asset_name" must be a string',
    { where: { path: 'ids.json', pointer: '/assets/0/asset_name' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'a path that is a number',
    idsOf({ asset_id: 1, asset_name: 'a', path: 1 }),
    '"path" must be a string',
    { where: { path: 'ids.json', pointer: '/assets/0/path' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'an id that is a string',
    idsOf({ asset_id: '1', asset_name: 'a', path: 'a' }),
    'an id from 1 to 2147483647 is expected',
    { where: { path: 'ids.json', pointer: '/assets/0/asset_id' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'an id that was not given yet',
    idsOf({ asset_id: 3, asset_name: 'a', path: 'a' }),
    'asset id 3 is not below next_id 3',
    { where: { path: 'ids.json', pointer: '/assets/0/asset_id' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'an id twice',
    idsOf({ asset_id: 1, asset_name: 'a', path: 'a' }, { asset_id: 1, asset_name: 'b', path: 'b' }),
    'asset id 1 stands twice',
    { where: { path: 'ids.json', pointer: '/assets/1/asset_id' }, hint: RESTORE },
  ],
  [
    'error IDS_INVALID',
    'a path twice',
    idsOf({ asset_id: 1, asset_name: 'a', path: 'a' }, { asset_id: 2, asset_name: 'b', path: 'a' }),
    'a path stands twice',
    { where: { path: 'ids.json', pointer: '/assets/1/path' }, hint: RESTORE },
  ],
  [
    'error IDS_FROZEN',
    'a new file',
    planned({ 'a.pcm': '' }, { ...SOUNDS, frozenIds: true }),
    'this file has no id yet, and ids are frozen',
    {
      where: { path: 'a.pcm' },
      hint: 'run the command without --frozen-ids where the ids file is kept, and commit the ids file',
    },
  ],
  [
    'error IDS_EXHAUSTED',
    'a new file after the last id',
    planned({ 'a.pcm': '', 'assets-pa.ids.json': { schema_version: 1, next_id: 2_147_483_648, assets: [] } }),
    'no asset id is left: expected an id of at most 2147483647',
    {
      where: {},
      expected: 'an id of at most 2147483647',
      hint: 'ids are never used again; begin a new ids file when no runtime knows the old ids',
    },
  ],
];

/** What the environment refuses. */
const IO: readonly Row[] = [
  [
    'error SOURCE_READ',
    'a stream that fails with a code of the system',
    packedInput({ stream: failing(system('ECONNRESET: connection reset by peer, read')), size: 9 }),
    'the payload stream failed: connection reset by peer (ECONNRESET)',
    { where: { plan: '/assets/0/stream' }, asset_id: 7, details: { system: 'ECONNRESET' } },
  ],
  [
    'error SOURCE_READ',
    'a stream that fails by itself',
    packedInput({ stream: failing(new Error('no such bank')) }),
    'the payload stream failed: no such bank',
    { where: { plan: '/assets/0/stream' }, asset_id: 7 },
  ],
  [
    'error SOURCE_READ',
    'a symbolic link to itself',
    packedInput({ file: 'loop' }, (folder) => symlinkSync('loop', join(folder, 'loop'))),
    'the payload file cannot be looked at: too many symbolic links encountered (ELOOP)',
    { where: { path: 'loop', plan: '/assets/0/file' }, asset_id: 7, details: { system: 'ELOOP' } },
  ],
  [
    'error SOURCE_READ',
    'a file that cannot be opened',
    packedWhile('open', () => {
      throw system("EACCES: permission denied, open '/a.bin'");
    }),
    'the payload file cannot be opened: permission denied (EACCES)',
    { where: { path: 'a.bin', plan: '/assets/0/file' }, asset_id: 7, details: { system: 'EACCES' } },
  ],
  [
    'error SOURCE_READ',
    'a file that cannot be read',
    packedWhile('read', () => {
      throw system('EIO: i/o error, read');
    }),
    'the payload file cannot be read: i/o error (EIO)',
    { where: { path: 'a.bin', plan: '/assets/0/file' }, asset_id: 7, details: { system: 'EIO' } },
  ],
  [
    'error INPUT_READ',
    'an artifact that is not there',
    (folder) => judged(join(folder, 'assets.pa')),
    'the artifact cannot be read: no such file or directory (ENOENT)',
    { where: { path: '@/assets.pa' }, details: { system: 'ENOENT' } },
  ],
  [
    'error INPUT_READ',
    'an artifact that is a folder',
    (folder) => judged(folder),
    'this is no regular file',
    { where: { path: '@' }, hint: 'name a file; the command line reads a pipe as -' },
  ],
  [
    'error INPUT_READ',
    'a root that is not there',
    (folder) => packAssets(planOf(input(7, { file: 'a' })), toMemory(), { folder, root: join(folder, 'none') }),
    'the root of the payload paths cannot be read: no such file or directory (ENOENT)',
    { where: { path: '@/none' }, details: { system: 'ENOENT' } },
  ],
  [
    'error INPUT_READ',
    'a tree that is not there',
    (folder) => makePlan(join(folder, 'none')),
    'the folder cannot be read: no such file or directory (ENOENT)',
    { where: { path: '@/none' }, details: { system: 'ENOENT' } },
  ],
  [
    'error INPUT_READ',
    'an ids file that is a folder',
    planned({ 'assets-pa.ids.json/x': '' }),
    'the input cannot be read: illegal operation on a directory (EISDIR)',
    { where: { path: '@/assets-pa.ids.json' }, details: { system: 'EISDIR' } },
  ],
  [
    'error INPUT_READ',
    'a vector set without a manifest',
    (folder) => VectorSet.open(nodeFileSystem, folder),
    'the input cannot be read: no such file or directory (ENOENT)',
    { where: { path: '@/manifest.json' }, details: { system: 'ENOENT' } },
  ],
  [
    'error INPUT_READ',
    'a manifest of something else',
    manifest('{"manifest_version":1,"vectors":{}}'),
    'this is no manifest of vectors',
    { where: { path: '@/manifest.json', pointer: '/vectors' } },
  ],
  [
    'error INPUT_READ',
    'a manifest that is an array',
    manifest('[]'),
    'the file is no JSON object',
    { where: { path: '@/manifest.json' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'an output directory below a file',
    published((folder) => {
      writeFileSync(join(folder, 'file'), '');
      return toDirectory(join(folder, 'file/out'));
    }),
    'the output cannot be written: not a directory (ENOTDIR)',
    { where: { path: '@/file/out' }, details: { system: 'ENOTDIR' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'an output directory that is a file',
    published((folder) => {
      writeFileSync(join(folder, 'file'), '');
      return toDirectory(join(folder, 'file'));
    }),
    'the output cannot be written: a file stands where a folder is needed (ENOTDIR)',
    { where: { path: '@/file' }, details: { system: 'ENOTDIR' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a folder in the place of an output',
    published((folder) => {
      mkdirSync(join(folder, 'preload.json'));
      return toDirectory(folder);
    }),
    'something that is no regular file stands in the place of an output: got a directory',
    {
      where: { path: '@/preload.json' },
      actual: 'a directory',
      hint: 'remove it, or choose another output directory',
      details: { system: 'EISDIR' },
    },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a symbolic link to nowhere in the place of an output',
    published((folder) => {
      symlinkSync('nowhere', join(folder, 'assets.pa'));
      return toDirectory(folder);
    }),
    'the output cannot be written: the symbolic link leads nowhere (ENOENT)',
    { where: { path: '@/assets.pa' }, details: { system: 'ENOENT' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a stream that fails',
    published(() =>
      toStream(new Writable({ write: (_chunk, _encoding, done) => done(system('EPIPE: broken pipe, write')) })),
    ),
    'the output stream failed: broken pipe (EPIPE)',
    { where: { path: '-' }, details: { system: 'EPIPE' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a stream that is closed',
    published(() => {
      const stream: Writable = new Writable({ write: () => stream.destroy() });
      return toStream(stream);
    }),
    'the output stream failed: the stream was closed before everything was written',
    { where: { path: '-' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a spool without room',
    (folder) => {
      const before = ({ operation, path }: Call) => {
        if (operation === 'write' && path.endsWith('.spool')) throw system('ENOSPC: no space left on device, write');
      };
      const sink = toDirectory(join(folder, 'out'), { fs: new Watch({ before }).fileSystem() });
      return packAssets(planOf(input(7, { stream: inPieces(counting(3), []) })), sink, { folder });
    },
    'a stream of unknown size cannot be spooled: no space left on device (ENOSPC)',
    { where: { path: 'the spool' }, details: { system: 'ENOSPC' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a plan in a folder that is not there',
    (folder) => makePlan(folder, { planPath: join(folder, 'none/plan.json') }),
    'the plan cannot be written: no such file or directory (ENOENT)',
    { where: { path: '@/none/plan.json' }, details: { system: 'ENOENT' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'an ids file in a folder that is not there',
    (folder) => makePlan(folder, { idsPath: join(folder, 'none/ids.json') }),
    'the file cannot be written: no such file or directory (ENOENT)',
    { where: { path: '@/none/ids.json' }, details: { system: 'ENOENT' } },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a plan that is a folder',
    planned({ 'assets-pa.plan.json/a.pcm': '' }),
    'the file cannot be written: illegal operation on a directory (EISDIR)',
    { where: { path: '@/assets-pa.plan.json' }, details: { system: 'EISDIR' } },
  ],
  [
    'error OUTPUT_EXISTS',
    'a file where a payload would go',
    extracted((folder) => writeFileSync(join(folder, 'a'), '')),
    'the file is there already',
    { where: { path: '@/a' }, hint: 'extract into another folder, or overwrite with --force' },
  ],
  [
    'error OUTPUT_EXISTS',
    'a folder where a payload would go, also when files may be replaced',
    extracted((folder) => mkdirSync(join(folder, 'a')), true),
    'a folder is in the place of the file',
    { where: { path: '@/a' }, hint: 'move it away, or extract into another folder' },
  ],
  [
    'error[W6] OUTPUT_LOCKED',
    'two packs at once',
    (folder) => whilePacking(folder, (out) => packAssets(planOf(), toDirectory(out))),
    expect.stringMatching(/^another process writes this output directory: got process \d+ on ".+"$/),
    {
      where: { path: '@/out/.assets.pa.lock' },
      actual: expect.stringMatching(/^process \d+ on ".+"$/),
      hint: WAIT,
      details: { holder: expect.objectContaining({ pid: process.pid, host: hostname() }) },
    },
  ],
  [
    'error[W6] OUTPUT_LOCKED',
    'a lock of nobody knows whom',
    published((folder) => {
      writeFileSync(join(folder, '.assets.pa.lock'), '');
      return toDirectory(folder);
    }),
    'another process writes this output directory: got an unknown process',
    { where: { path: '@/.assets.pa.lock' }, actual: 'an unknown process', hint: WAIT, details: { holder: null } },
  ],
  [
    'error[W6] OUTPUT_LOCKED',
    'an ids file that is locked',
    planned({ '.assets-pa.ids.json.lock': '' }),
    'another process writes this ids file: got an unknown process',
    {
      where: { path: '@/.assets-pa.ids.json.lock' },
      actual: 'an unknown process',
      hint: WAIT,
      details: { holder: null },
    },
  ],
  [
    'error[W5] INTERRUPTED',
    'an abort signal',
    published(toDirectory, { signal: AbortSignal.abort('SIGINT') }),
    'the work was interrupted',
    { where: {} },
  ],
];

/** Encodes a glyph bank of tiles of 8 pixels and one palette of greys. */
function encoding(project: GlyphProject): Provoke {
  return () => encodeGlyph(project);
}

/** A tile of one index, or of one colour. */
const flat = (index: number, palette = GREYS) => indexedPng(8, new Uint8Array(64).fill(index), palette);
const TILE = { 'a.png': flat(1) };
const FROM_IMAGE = { palettes: [{ index: 0, colors: [], input: 'p.png' }] };

/** Faults of glyph banks and their images. */
const GLYPHS: readonly Row[] = [
  [
    'error PNG_INVALID',
    'an image with a wrong CRC',
    encoding({ tiles: { 'a.png': flat(1).fill(0, 29, 33) } }),
    '"a.png": the CRC of a chunk IHDR is wrong',
    { where: { pointer: '/inputs/tiles/0' }, hint: 'save the image again as a PNG', details: { offset: 8 } },
  ],
  [
    'error GLYPH_BUILD',
    'a tile size that there is not',
    encoding({ tiles: TILE, build: { tileSize: 12 } }),
    'not a tile size: expected 8, 16 or 32, got 12',
    { where: { pointer: '/build/tile_size' }, expected: '8, 16 or 32', actual: 12 },
  ],
  [
    'error GLYPH_BUILD',
    'a tile of an image that is not listed',
    encoding({ tiles: TILE, build: { tiles: [{ index: 0, input: 'b.png' }] } }),
    'the path is not listed in the role tiles: expected a path of /inputs/tiles, got "b.png"',
    { where: { pointer: '/build/tiles/0/input' }, expected: 'a path of /inputs/tiles', actual: 'b.png' },
  ],
  [
    'error GLYPH_BUILD',
    'a colour that is none',
    encoding({ tiles: TILE, build: { palettes: [{ index: 0, colors: ['#12345', ...GREY_TEXTS.slice(1)] }] } }),
    'not a colour: expected #rrggbb, got "#12345"',
    { where: { pointer: '/build/palettes/0/colors/0' }, expected: '#rrggbb', actual: '#12345' },
  ],
  [
    'error[B1] GLYPH_OUTPUT',
    'another width',
    encoding({ tiles: TILE, metadata: { width: 128 } }),
    'width is not what the bank has: expected 256, got 128',
    {
      where: { pointer: '/output/metadata/width' },
      expected: 256,
      actual: 128,
      hint: 'leave it out: the build computes it',
    },
  ],
  [
    'error[B1] GLYPH_OUTPUT',
    'a decoded size',
    encoding({ tiles: TILE, decodedSize: 4 }),
    'a glyph bank states no decoded_size: got 4',
    { where: { pointer: '/output/decoded_size' }, actual: 4, hint: 'leave it out: the build computes it' },
  ],
  [
    'error[B3] GLYPH_INDEX_DUPLICATE',
    'two tiles of one index',
    encoding({ tiles: TILE, build: { tiles: [0, 0].map((index) => ({ index, input: 'a.png' })) } }),
    'the index 0 of a tile is taken',
    { where: { pointer: '/build/tiles/1' }, details: { index: 0, taken_by: '/build/tiles/0' } },
  ],
  [
    'error[B3] GLYPH_INDEX_GAP',
    'palettes 0 and 3',
    encoding({ tiles: TILE, build: { palettes: [0, 3].map((index) => ({ index, colors: GREY_TEXTS })) } }),
    'no palette has the index 1',
    {
      where: { pointer: '/build/palettes/1' },
      hint: 'indices count from 0 without gaps',
      details: { missing: [1, 2], missing_count: 2 },
    },
  ],
  [
    'error[B3] GLYPH_CAPACITY',
    'more images than a sheet has cells',
    encoding({ inputs: { tiles: Array.from({ length: 65 }, String) }, build: { tileSize: 32 } }),
    'there is no room for so many tiles: expected at most 64, got 65',
    { where: { pointer: '/inputs/tiles' }, expected: 'at most 64', actual: 65 },
  ],
  [
    'error[B3] GLYPH_CAPACITY',
    'palette 64',
    encoding({ tiles: TILE, build: { palettes: [{ index: 64, colors: GREY_TEXTS }] } }),
    'there is no room for so many palettes: expected an index of at most 63, got 64',
    { where: { pointer: '/build/palettes/0/index' }, expected: 'an index of at most 63', actual: 64 },
  ],
  [
    'error GLYPH_IMAGE_LIMIT',
    'an image of 30,000 x 30,000 pixels',
    encoding({
      tiles: {
        'a.png': png(
          { width: 1, height: 1, depth: 1, colour: 0, samples: [0] },
          { ihdr: [0, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30] },
        ),
      },
    }),
    '"a.png": the image has too many pixels: expected sides of at most 4096 and at most 4194304 pixels, got 30000 x 30000',
    {
      where: { pointer: '/inputs/tiles/0' },
      expected: 'sides of at most 4096 and at most 4194304 pixels',
      actual: '30000 x 30000',
    },
  ],
  [
    'error GLYPH_IMAGE_ANIMATED',
    'an animated image',
    encoding({
      tiles: {
        'a.png': png(
          { width: 1, height: 1, depth: 8, colour: 0, samples: [0] },
          { chunks: ([head, ...rest]) => [head as Buffer, chunk('acTL', new Uint8Array(8)), ...rest] },
        ),
      },
    }),
    '"a.png": the image is animated',
    {
      where: { pointer: '/inputs/tiles/0' },
      hint: 'save each frame that is a tile as a PNG of its own',
      details: { offset: 33 },
    },
  ],
  [
    'error GLYPH_IMAGE_SIZE',
    'an image of two tiles',
    encoding({ tiles: { 'a.png': indexedPng(16, new Uint8Array(128), GREYS) } }),
    '"a.png": the image is not one tile: expected 8 x 8, or column and row of a sheet, got 16 x 8',
    {
      where: { pointer: '/inputs/tiles/0' },
      expected: '8 x 8, or column and row of a sheet',
      actual: '16 x 8',
    },
  ],
  [
    'error[B1] GLYPH_PIXEL_INDEX',
    'a pixel of index 16',
    encoding({ tiles: { 'a.png': flat(16, [...GREYS, 0]) } }),
    'a pixel of tile 0 has an index that 4 bits cannot hold: expected at most 15, got 16',
    {
      where: { pointer: '/inputs/tiles/0' },
      expected: 'at most 15',
      actual: 16,
      hint: "give the image a palette of 16 colours: each pixel's index is written as it is",
      details: { tile: 0, x: 0, y: 0 },
    },
  ],
  [
    'error GLYPH_COLOURS',
    'a colour that no palette has',
    encoding({
      tiles: {
        'a.png': rgbPng(
          8,
          Array.from({ length: 64 }, (_, i) => (i < 3 ? i + 1 : 0)),
        ),
      },
    }),
    'no palette has all colours of tile 0: got palette 0 without #000001 and 2 more',
    {
      where: { pointer: '/inputs/tiles/0' },
      actual: 'palette 0 without #000001 and 2 more',
      hint: 'declare a palette with the colours of the tile, or save the tile as an indexed PNG',
      details: { tile: 0, palette: 0, missing: ['#000001', '#000002', '#000003'] },
    },
  ],
  [
    'error GLYPH_ALPHA',
    'a pixel that is half transparent',
    encoding({
      tiles: {
        'a.png': rgbaPng(
          8,
          Array.from({ length: 64 }, (_, i) => (i === 10 ? 0 : undefined)),
          128,
        ),
      },
    }),
    'a pixel of tile 0 is neither opaque nor fully transparent',
    {
      where: { pointer: '/inputs/tiles/0' },
      hint: 'a glyph bank has no alpha: make the pixel one or the other',
      details: { tile: 0, x: 2, y: 1 },
    },
  ],
  [
    'error GLYPH_PALETTE',
    'a palette of 17 colours',
    encoding({ tiles: TILE, palettes: { 'p.png': flat(1, [...GREYS, 0]) }, build: FROM_IMAGE }),
    '"p.png": the palette has too many colours: expected an indexed image of at most 16 colours, got 17',
    {
      where: { pointer: '/inputs/palettes/0' },
      expected: 'an indexed image of at most 16 colours',
      actual: 17,
    },
  ],
  [
    'warning GLYPH_INPUT_UNUSED',
    'a palette image that no palette names',
    encoding({ tiles: TILE, palettes: { 'p.png': flat(1) } }),
    'nothing uses the input "p.png"',
    { where: { pointer: '/inputs/palettes/0' }, hint: 'name it in build.palettes, or take it out of inputs' },
  ],
  [
    'warning GLYPH_PALETTE_FIT',
    'a palette of two colours and a tile that asks for six',
    encoding({
      tiles: { 'a.png': flat(1), 'b.png': flat(5) },
      palettes: { 'p.png': flat(1, [0, 0xffffff]) },
      build: FROM_IMAGE,
    }),
    'palette 0 has fewer colours than some tiles ask for: expected indices of at most 1, got 5',
    {
      where: { pointer: '/build/palettes/0' },
      expected: 'indices of at most 1',
      actual: 5,
      hint: 'colours that the palette does not have are black in the payload',
      details: { palette: 0, tiles: [1], tile_count: 1 },
    },
  ],
  [
    'warning[B1] GLYPH_COLOUR_LOSS',
    'colours of 24 bits',
    encoding({
      tiles: TILE,
      build: { palettes: [{ index: 0, colors: ['#123456', '#fffffe', ...GREY_TEXTS.slice(2)] }] },
    }),
    'RGB565 cannot hold all colours of palette 0: #123456 becomes #103452 and 1 more change',
    {
      where: { pointer: '/build/palettes/0' },
      details: {
        palette: 0,
        colours: [
          { colour: '#123456', becomes: '#103452' },
          { colour: '#fffffe', becomes: '#ffffff' },
        ],
      },
    },
  ],
  [
    'warning GLYPH_TRANSPARENCY',
    'a tile with transparent and black pixels, and a palette that begins with black',
    encoding({
      tiles: {
        'a.png': rgbaPng(
          8,
          Array.from({ length: 64 }, (_, i) => (i === 10 ? 0 : undefined)),
        ),
      },
    }),
    'transparent pixels of tile 0 and those of #000000 become the same index 0',
    {
      where: { pointer: '/inputs/tiles/0' },
      hint: 'let index 0 of the palette be a colour that the tile does not use',
      details: { tile: 0, palette: 0 },
    },
  ],
];

/** Projects: what stops a build, and what deserves a look. */
const PROJECT: readonly Row[] = [
  [
    'error PROJECT_NOT_FOUND',
    'a folder without a registry',
    (folder) => examine(folder),
    'there is no project here: no registry assets/.prometeu/index.json',
    {
      where: { path: '@' },
      hint: 'name the project folder, or make one with "assets-pa init"; if the registry was lost, restore it from version control',
    },
  ],
  [
    'error PROJECT_NOT_FOUND',
    'a root in no project',
    (folder) => registerRoot(join(folder, 'a')),
    'there is no project here: no registry assets/.prometeu/index.json',
    {
      where: { path: '@/a' },
      hint: 'name the project folder, or make one with "assets-pa init"; if the registry was lost, restore it from version control',
    },
  ],
  [
    'error ROOT_INVALID',
    'a root outside the workspace',
    withProject((folder) => registerRoot(join(folder, 'src'))),
    'the asset root leaves the workspace',
    { where: { path: '@/src' }, hint: 'name a folder below @/assets, without hidden folders on the way' },
  ],
  [
    'error ROOT_INVALID',
    'the workspace as a root',
    withProject((folder) => registerRoot(join(folder, 'assets'))),
    'the asset root is the workspace itself',
    { where: { path: '@/assets' }, hint: 'name a folder below @/assets, without hidden folders on the way' },
  ],
  [
    'error ROOT_INVALID',
    'a hidden root',
    withProject((folder) => registerRoot(join(folder, 'assets/.hidden'))),
    'the asset root has a segment that begins with a dot',
    { where: { path: '@/assets/.hidden' }, hint: 'name a folder below @/assets, without hidden folders on the way' },
  ],
  [
    'error ROOT_INVALID',
    'a root in another one',
    withProject((folder) => registerRoot(join(folder, 'assets/jump/high'))),
    'the folder lies in another asset root: got "jump"',
    { where: { path: '@/assets/jump/high' }, hint: 'give each asset a folder of its own', actual: 'jump' },
  ],
  [
    'error ROOT_INVALID',
    'a root around another one',
    withProject((folder) => registerRoot(join(folder, 'assets/jump')), {
      [INDEX]: registry([entryOf(1, 'jump/high')]),
    }),
    'another asset root lies in this folder: got "jump/high"',
    { where: { path: '@/assets/jump' }, hint: 'give each asset a folder of its own', actual: 'jump/high' },
  ],
  [
    'error REGISTRY_INVALID',
    'a registry that is no JSON',
    registered('{"schema_version":2'),
    'this is no JSON: expected "," or "}"',
    {
      where: { path: '@/assets/.prometeu/index.json', offset: 19 },
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a registry without next_asset_id',
    registered(registry([entryOf(1, 'jump')], { next_asset_id: undefined })),
    'a member is missing: expected "next_asset_id"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '', offset: 0 },
      expected: 'next_asset_id',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a misspelt member of a registry',
    registered(registry([entryOf(1, 'jump', { include_in_build: true })])),
    'there is no such member: got "include_in_build"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/include_in_build', offset: 172 },
      hint: 'did you mean "included_in_build"?',
      actual: 'include_in_build',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a wrong type in a registry',
    registered(registry([entryOf(1, 'jump', { included_in_build: 1 })])),
    'a value of the wrong type: expected a boolean, got a number',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/included_in_build', offset: 148 },
      expected: 'a boolean',
      actual: 'a number',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'an id that would be given again',
    registered(registry([entryOf(1, 'jump')], { next_asset_id: 1 })),
    'next_asset_id is not above every id that was given: expected 2 to 2147483648, got 1',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/next_asset_id', offset: 36 },
      expected: '2 to 2147483648',
      actual: 1,
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'an id of 0',
    registered(registry([entryOf(1, 'jump', { asset_id: 0 })])),
    'not an id of a registry: expected 1 to 2147483647, got 0',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/asset_id', offset: 60 },
      expected: '1 to 2147483647',
      actual: 0,
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a uuid in capital letters',
    registered(registry([entryOf(1, 'jump', { asset_uuid: uuid(10).toUpperCase() })])),
    'not an asset_uuid: expected a UUID of RFC 9562 in lower case, got "00000000-0000-4000-8000-00000000000A"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/asset_uuid', offset: 75 },
      expected: 'a UUID of RFC 9562 in lower case',
      actual: '00000000-0000-4000-8000-00000000000A',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a root that leaves the workspace',
    registered(registry([entryOf(1, '../secret')])),
    'the asset root leaves the workspace: got "../secret"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/root', offset: 121 },
      actual: '../secret',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'an absolute root',
    registered(registry([entryOf(1, '/etc')])),
    'the asset root is absolute, or has an empty segment: got "/etc"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/root', offset: 121 },
      actual: '/etc',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'roots in one another',
    registered(registry([entryOf(1, 'jump'), entryOf(2, 'jump/high')])),
    'an asset root lies in another one: got "jump/high"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/1/root', offset: 227 },
      details: { outer_root: 'jump' },
      actual: 'jump/high',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'two assets of one id',
    registered(registry([entryOf(1, 'jump'), entryOf(2, 'run', { asset_id: 1 })])),
    'two registered assets have one asset_id: got 1',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/1/asset_id', offset: 166 },
      hint: 'restore the registry from version control; ids that were given must not be given again',
      actual: 1,
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'two assets of one uuid',
    registered(registry([entryOf(1, 'jump'), entryOf(2, 'run', { asset_uuid: uuid(1) })])),
    'two registered assets have one asset_uuid: got "00000000-0000-4000-8000-000000000001"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/1/asset_uuid', offset: 181 },
      hint: 'restore the registry from version control; ids that were given must not be given again',
      actual: '00000000-0000-4000-8000-000000000001',
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'two assets of one root',
    registered(registry([entryOf(1, 'jump'), entryOf(2, 'jump')])),
    'two registered assets have one root: got "jump"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/1/root', offset: 227 },
      hint: 'restore the registry from version control; ids that were given must not be given again',
      actual: 'jump',
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'the asset.json of another asset',
    declared(sound(9)),
    'this is another asset than the one that is registered with this root: expected "00000000-0000-4000-8000-000000000001", got "00000000-0000-4000-8000-000000000009"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/asset_uuid', offset: 33 },
      hint: 'restore the asset.json of asset 1; a new asset needs a root of its own',
      expected: '00000000-0000-4000-8000-000000000001',
      actual: '00000000-0000-4000-8000-000000000009',
      asset_id: 1,
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'also in an asset that is not built',
    examined({
      [INDEX]: registry([entryOf(1, 'jump', { included_in_build: false })]),
      'assets/jump/asset.json': sound(9),
    }),
    'this is another asset than the one that is registered with this root: expected "00000000-0000-4000-8000-000000000001", got "00000000-0000-4000-8000-000000000009"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/asset_uuid', offset: 33 },
      hint: 'restore the asset.json of asset 1; a new asset needs a root of its own',
      expected: '00000000-0000-4000-8000-000000000001',
      actual: '00000000-0000-4000-8000-000000000009',
      asset_id: 1,
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'registering a copy',
    withProject((folder) => registerRoot(join(folder, 'assets/copy')), { 'assets/copy/asset.json': sound(1) }),
    'this is a copy of asset 1, which still is in @/assets/jump',
    {
      where: { path: '@/assets/copy/asset.json', pointer: '/asset_uuid' },
      asset_id: 1,
      hint: 'give the copy an asset_uuid of its own (node -p "crypto.randomUUID()" makes one); or when it was meant to be moved, remove the old folder',
    },
  ],
  [
    'error IDENTITY_COLLISION',
    'registering another asset in a root',
    withProject((folder) => registerRoot(join(folder, 'assets/jump')), { 'assets/jump/asset.json': sound(9) }),
    'asset 1 is registered with this root: expected "00000000-0000-4000-8000-000000000001", got "00000000-0000-4000-8000-000000000009"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/asset_uuid' },
      asset_id: 1,
      hint: 'restore its asset_uuid; or when that asset is gone for good, remove its line from @/assets/.prometeu/index.json: its id is not given again',
      expected: '00000000-0000-4000-8000-000000000001',
      actual: '00000000-0000-4000-8000-000000000009',
    },
  ],
  [
    'error IDS_EXHAUSTED',
    'a project without ids',
    withProject((folder) => registerRoot(join(folder, 'assets/run')), {
      [INDEX]: registry([], { next_asset_id: 2_147_483_648 }),
      'assets/run/asset.json': sound(2),
    }),
    'no asset id is left: expected an id of at most 2147483647',
    {
      where: {},
      hint: 'ids are never used again; begin a new project when no runtime knows the old ids',
      expected: 'an id of at most 2147483647',
    },
  ],
  [
    'error ANCHOR_MISSING',
    'a root without asset.json',
    examined({ 'assets/jump/asset.json': undefined, 'assets/jump/a.pcm': undefined }),
    'there is no asset.json in a registered asset root',
    {
      where: { path: '@/assets/jump/asset.json' },
      asset_id: 1,
      hint: 'restore the asset.json, or remove the line of the asset from the registry',
    },
  ],
  [
    'error ANCHOR_MISSING',
    'a root to register without asset.json',
    withProject((folder) => registerRoot(join(folder, 'assets/run'))),
    'there is no asset.json in this folder',
    {
      where: { path: '@/assets/run/asset.json' },
      hint: 'write one, or have one made with --type glyph_bank, sound_bank or scene_bank',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an asset.json that is no JSON',
    declared('{"schema_version":2,}'),
    'this is no JSON: expected a member name',
    {
      where: { path: '@/assets/jump/asset.json', offset: 20 },
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an asset.json that is not UTF-8',
    examined({ 'assets/jump/asset.json': Uint8Array.of(0x7b, 0x22, 0xff) }),
    'this is no JSON: the text is not UTF-8',
    {
      where: { path: '@/assets/jump/asset.json', offset: 2 },
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a missing member',
    declared(sound(1, { preload: undefined })),
    'a member is missing: expected "preload"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '', offset: 0 },
      expected: 'preload',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a missing member below',
    declared(sound(1, {}, { codec: undefined })),
    'a member is missing: expected "codec"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output', offset: 149 },
      expected: 'codec',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a misspelt member',
    declared(sound(1, { prelaod: {} })),
    'there is no such member: got "prelaod"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/prelaod', offset: 245 },
      hint: 'did you mean "preload"?',
      actual: 'prelaod',
      asset_id: 1,
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a wrong type',
    declared(sound(1, { preload: { enabled: 'yes' } })),
    'a value of the wrong type: expected a boolean, got a string',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/preload/enabled', offset: 228 },
      expected: 'a boolean',
      actual: 'a string',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a wrong type in a list',
    declared(sound(1, { inputs: { payload: [1] } })),
    'a value of the wrong type: expected a string, got a number',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      expected: 'a string',
      actual: 'a number',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a number that is none',
    declared(JSON.stringify(sound(1)).replace('"decoded_size":3', '"decoded_size":3.5')),
    'not a number that the header can hold: expected an integer within +-(2^53 - 1), got 3.5',
    {
      where: { path: '@/assets/jump/asset.json', offset: 204, pointer: '/output/decoded_size' },
      hint: 'store a smaller or scaled integer, or a string',
      expected: 'an integer within +-(2^53 - 1)',
      actual: '3.5',
      asset_id: 1,
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a repeated member',
    declared(JSON.stringify(sound(1)).replace('"inputs"', '"name":"b","inputs"')),
    'a member name stands twice in one object: got "name"',
    {
      where: { path: '@/assets/jump/asset.json', offset: 109, pointer: '/name' },
      actual: '"name"',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a uuid that is none',
    declared(sound(1, { asset_uuid: 'jump' })),
    'not an asset_uuid: expected a UUID of RFC 9562 in lower case, got "jump"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/asset_uuid', offset: 33 },
      expected: 'a UUID of RFC 9562 in lower case',
      actual: 'jump',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an unknown type',
    declared(sound(1, { type: 'video_bank' })),
    'no such type: expected glyph_bank, sound_bank, scene_bank, got "video_bank"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/type', offset: 96 },
      expected: 'glyph_bank, sound_bank, scene_bank',
      actual: 'video_bank',
      asset_id: 1,
      hint: 'correct asset.json; docs/workspace.md has its members',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'a retired type',
    declared(sound(1, { type: 'tile_bank' })),
    'no such type: expected glyph_bank, sound_bank, scene_bank, got "tile_bank"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/type', offset: 96 },
      hint: 'tile_bank is retired: write glyph_bank',
      expected: 'glyph_bank, sound_bank, scene_bank',
      actual: 'tile_bank',
      asset_id: 1,
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an input of no name',
    declared(sound(1, { inputs: { payload: [''] } })),
    'the input path has an empty segment or ".": got ""',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      hint: 'name a file below the asset root, with "/" between folders',
      actual: '',
      asset_id: 1,
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an input with a backslash',
    declared(sound(1, { inputs: { payload: ['a\\b.pcm'] } })),
    'the input path holds "\\" or NUL: got "a\\\\b.pcm"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      hint: 'name a file below the asset root, with "/" between folders',
      actual: 'a\\b.pcm',
      asset_id: 1,
    },
  ],
  [
    'error[T1] ASSET_NAME',
    'an asset without a name',
    declared(sound(1, { name: '' })),
    'an asset name must not be empty',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/name', offset: 79 },
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error[W8] SOURCE_OUTSIDE_ROOT',
    'an input with ".."',
    declared(sound(1, { inputs: { payload: ['../a.pcm'] } })),
    'an input must be a file of the project, named below the asset root: got "../a.pcm"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      actual: '../a.pcm',
      asset_id: 1,
      hint: 'name a file of the project by a path below the asset root, without ".."',
    },
  ],
  [
    'error[W8] SOURCE_OUTSIDE_ROOT',
    'an input that is a link out of the project',
    examined({ 'assets/jump/a.pcm': undefined }, (folder) =>
      symlinkSync('/etc/hostname', join(folder, 'assets/jump/a.pcm')),
    ),
    'an input must be a file of the project, named below the asset root: got "a.pcm"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      actual: 'a.pcm',
      asset_id: 1,
      hint: 'name a file of the project by a path below the asset root, without ".."',
    },
  ],
  [
    'error[W8] SOURCE_NOT_A_FILE',
    'an input that is a folder',
    examined({ 'assets/jump/a.pcm': undefined, 'assets/jump/a.pcm/b': 'b' }, () => {}, BLOCKING),
    'a payload must be a regular file: got a directory',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      actual: 'a directory',
      asset_id: 1,
      hint: 'put a regular file in its place',
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a format of another type',
    declared(sound(1, {}, { format: 'SCENE/raw_v1' })),
    'this format is not one of type sound_bank: expected SOUND/raw_v1, got "SCENE/raw_v1"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/format', offset: 159 },
      expected: 'SOUND/raw_v1',
      actual: 'SCENE/raw_v1',
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'an unknown format',
    declared(sound(1, {}, { format: 'SOUND/raw_v2' })),
    'no such format: expected SOUND/raw_v1, got "SOUND/raw_v2"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/format', offset: 159 },
      expected: 'SOUND/raw_v1',
      actual: 'SOUND/raw_v2',
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a retired format',
    declared(glyphs(1, {}, { format: 'TILES/indexed_v1' }), BLOCKING),
    'no such format: expected GLYPH/indexed_v1, got "TILES/indexed_v1"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/format', offset: 157 },
      hint: 'TILES/indexed_v1 is retired: write GLYPH/indexed_v1',
      expected: 'GLYPH/indexed_v1',
      actual: 'TILES/indexed_v1',
      asset_id: 1,
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a role of another type',
    declared(sound(1, { inputs: { payload: ['a.pcm'], tiles: ['a.png'] } })),
    'a sound_bank has no inputs of this role: expected payload, got "tiles"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/tiles', offset: 147 },
      expected: 'payload',
      actual: 'tiles',
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'two payloads',
    declared(sound(1, { inputs: { payload: ['a.pcm', 'b.pcm'] } })),
    'the number of files of role payload does not fit type sound_bank: expected exactly 1, got 2',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload', offset: 129 },
      expected: 'exactly 1',
      actual: 2,
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'no payload',
    declared(sound(1, { inputs: {} }), BLOCKING),
    'the number of files of role payload does not fit type sound_bank: expected exactly 1, got 0',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs', offset: 118 },
      expected: 'exactly 1',
      actual: 0,
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a raw bank without a decoded size',
    declared(sound(1, {}, { decoded_size: undefined })),
    'a sound_bank must state decoded_size',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output', offset: 149 },
      hint: 'add "decoded_size", in bytes',
      asset_id: 1,
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a glyph bank with a decoded size',
    declared(glyphs(1, {}, { decoded_size: 1 }), BLOCKING),
    'a glyph_bank must not state decoded_size, which its format gives: got 1',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/decoded_size', offset: 206 },
      hint: 'remove "decoded_size"',
      actual: 1,
      asset_id: 1,
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a raw bank with "build"',
    declared(sound(1, { build: { tile_size: 8 } })),
    'a sound_bank must not have "build"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/build', offset: 243 },
      hint: 'remove "build"',
      asset_id: 1,
    },
  ],
  [
    'error[T1] CODEC_UNKNOWN',
    'a retired codec',
    declared(sound(1, {}, { codec: 'RAW' })),
    'no such codec: expected NONE, got "RAW"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/codec', offset: 182 },
      hint: 'RAW is retired: write NONE',
      expected: 'NONE',
      actual: 'RAW',
      asset_id: 1,
    },
  ],
  [
    'error[M3] METADATA_COLLISION',
    'metadata with "pipeline"',
    declared(sound(1, {}, { metadata: { pipeline: 1 } })),
    'metadata has a member "pipeline"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/metadata/pipeline', offset: 229 },
      hint: 'pipeline data belongs in "pipeline", beside "metadata"',
      asset_id: 1,
    },
  ],
  [
    'error[M3] METADATA_COLLISION',
    'metadata with "codec"',
    declared(sound(1, {}, { metadata: { codec: 1 }, codec_configuration: {} })),
    'metadata has a member "codec" beside a codec configuration',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/metadata/codec', offset: 226 },
      hint: 'keep one of the two',
      asset_id: 1,
    },
  ],
  [
    'error PRELOAD_INVALID',
    'a slot without preload',
    declared(sound(1, { preload: { enabled: false, slot: 1 } })),
    'a slot is named, and preload is not enabled',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/preload/slot', offset: 241 },
      asset_id: 1,
      hint: 'remove "slot", or set "enabled" to true',
    },
  ],
  [
    'error[L3] PRELOAD_SLOT_RANGE',
    'a slot that is none',
    declared(sound(1, { preload: { enabled: true, slot: 16 } })),
    'no such preload slot: expected 0 to 15, got 16',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/preload/slot', offset: 240 },
      expected: '0 to 15',
      actual: 16,
      asset_id: 1,
      hint: 'correct asset.json',
    },
  ],
  [
    'error[L4] PRELOAD_SLOT_TAKEN',
    'one slot for two assets',
    examined({
      ...sounds(2),
      'assets/jump/asset.json': undefined,
      'assets/jump/a.pcm': undefined,
      'assets/s1/asset.json': sound(1, { preload: { enabled: true, slot: 4 } }),
      'assets/s2/asset.json': sound(2, { preload: { enabled: true, slot: 4 } }),
    }),
    'slot 4 of SOUNDS is already taken by asset 1',
    {
      where: { path: '@/assets/s2/asset.json', pointer: '/preload/slot', offset: 240 },
      asset_id: 2,
      details: { holder: 1, bank_type: 'SOUNDS', slot: 4 },
      hint: 'name another slot, or none: then the lowest free one is taken',
    },
  ],
  [
    'error INPUT_MISSING',
    'an input that is not there',
    examined({ 'assets/jump/a.pcm': undefined }),
    'there is no such input file: got "a.pcm"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      actual: 'a.pcm',
      asset_id: 1,
      hint: 'correct the path in "inputs", or restore the file',
    },
  ],
  [
    'error INPUT_TOO_LARGE',
    'an asset.json of 1 GB',
    examined({}, (folder) => truncateSync(join(folder, 'assets/jump/asset.json'), 1_000_000_000)),
    'the file is larger than any of its kind may be: expected at most 1048576 bytes, got 1000000000 bytes',
    {
      where: { path: '@/assets/jump/asset.json' },
      hint: 'make the file smaller, or restore it from version control',
      expected: 'at most 1048576 bytes',
      actual: '1000000000 bytes',
      asset_id: 1,
    },
  ],
  [
    'error INPUT_TOO_LARGE',
    'a registry of 1 GB',
    examined({}, (folder) => truncateSync(join(folder, INDEX), 1_000_000_000)),
    'the file is larger than any of its kind may be: expected at most 67108864 bytes, got 1000000000 bytes',
    {
      where: { path: '@/assets/.prometeu/index.json' },
      hint: 'make the file smaller, or restore it from version control',
      expected: 'at most 67108864 bytes',
      actual: '1000000000 bytes',
    },
  ],
  [
    'error INPUT_TOO_LARGE',
    'an image of 100 MB',
    examined(
      { 'assets/jump/asset.json': glyphs(1), 'assets/jump/a.pcm': undefined, 'assets/jump/a.png': '' },
      (folder) => truncateSync(join(folder, 'assets/jump/a.png'), 100_000_000),
    ),
    'the file is larger than any of its kind may be: expected at most 33554432 bytes, got 100000000 bytes',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/tiles/0', offset: 128 },
      hint: 'make the file smaller',
      expected: 'at most 33554432 bytes',
      actual: '100000000 bytes',
      asset_id: 1,
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'an asset.json of version 3',
    declared(sound(1, { schema_version: 3 })),
    'this version of asset.json is not supported, which blocks the asset; no migration was attempted: expected 1 to 2, got 3',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/schema_version', offset: 18 },
      hint: 'use a release that knows this version',
      details: {
        artifact: 'asset.json',
        found: 3,
        supported: { min: 1, max: 2 },
        migration: 'not attempted',
        blocks: 'the asset',
      },
      expected: '1 to 2',
      actual: 3,
      asset_id: 1,
    },
  ],
  [
    'error[V2] VERSION_UNSUPPORTED',
    'a registry of version 3',
    registered(registry([], { schema_version: 3 })),
    'this version of the registry is not supported, which blocks everything in the project; no migration was attempted: expected 1 to 2, got 3',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/schema_version', offset: 18 },
      hint: 'use a release that knows this version; never delete the registry: ids would be given anew',
      details: {
        artifact: 'registry',
        found: 3,
        supported: { min: 1, max: 2 },
        migration: 'not attempted',
        blocks: 'everything in the project',
      },
      expected: '1 to 2',
      actual: 3,
    },
  ],
  [
    'error[W3] SOURCE_CHANGED',
    'an input that changes during a build',
    changedWhileBuilt((folder) => writeFileSync(join(folder, 'assets/jump/a.pcm'), 'new')),
    'the file changed while the project was built',
    { where: { path: '@/assets/jump/a.pcm' }, hint: 'build again when nothing writes to the project' },
  ],
  [
    'warning ANCHOR_ORPHAN',
    'an asset.json that is not registered',
    examined({ 'assets/run/asset.json': sound(2) }),
    'this asset.json is not registered',
    {
      where: { path: '@/assets/run/asset.json' },
      hint: 'register it with "assets-pa register" (a copy needs an asset_uuid of its own first), or remove it',
    },
  ],
  [
    'warning ANCHOR_ORPHAN',
    'an asset.json within a root',
    examined({ 'assets/jump/high/asset.json': sound(2) }),
    'this asset.json lies within an asset root',
    { where: { path: '@/assets/jump/high/asset.json' }, hint: 'move it out of the asset root "jump", or remove it' },
  ],
  [
    'warning INPUT_DUPLICATE',
    'two inputs with the same bytes',
    examined({
      ...sounds(2),
      'assets/jump/asset.json': undefined,
      'assets/jump/a.pcm': undefined,
      'assets/s2/a.pcm': '001',
    }),
    'the same bytes as "assets/s1/a.pcm": got "a.pcm"',
    {
      where: { path: '@/assets/s2/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      details: { first: 'assets/s1/a.pcm' },
      actual: 'a.pcm',
      asset_id: 2,
      hint: 'keep one of the files, unless both are meant to be there',
    },
  ],
  [
    'warning FILE_UNREFERENCED',
    'a file that nothing names',
    examined({ 'assets/jump/b.pcm': '' }),
    'no asset.json names this file',
    { where: { path: '@/assets/jump/b.pcm' }, hint: 'name it in "inputs", move it out of the workspace, or remove it' },
  ],
  [
    'warning FILE_UNREFERENCED',
    'a file outside every root',
    examined({ 'assets/notes.txt': '' }),
    'no asset.json names this file',
    { where: { path: '@/assets/notes.txt' }, hint: 'name it in "inputs", move it out of the workspace, or remove it' },
  ],
  [
    'warning FILE_LARGE',
    'a large file that nothing names',
    examined({ 'assets/b.wav': '' }, (folder) => truncateSync(join(folder, 'assets/b.wav'), 20_000_000)),
    'a large file that no asset.json names: got 20000000 bytes',
    {
      where: { path: '@/assets/b.wav' },
      details: { size: 20000000 },
      hint: 'name it in "inputs", move it out of the workspace, or remove it',
      actual: '20000000 bytes',
    },
  ],
  [
    'warning PATH_NAMING',
    'a root with a space',
    examined({
      [INDEX]: registry([entryOf(1, 'my jump')]),
      'assets/jump/asset.json': undefined,
      'assets/jump/a.pcm': undefined,
      'assets/my jump/asset.json': sound(1),
      'assets/my jump/a.pcm': 'pcm',
    }),
    'the asset root has a name that is not plain: got "my jump"',
    {
      where: { path: '@/assets/my jump/asset.json' },
      actual: 'my jump',
      asset_id: 1,
      hint: 'use letters, digits, ".", "_" and "-" in names of files and folders',
    },
  ],
  [
    'warning PATH_NAMING',
    'an input with a line break',
    examined({
      'assets/jump/asset.json': sound(1, { inputs: { payload: ['a\nb'] } }),
      'assets/jump/a.pcm': undefined,
      'assets/jump/a\nb': 'pcm',
    }),
    'an input has a name that is not plain: got "a\\nb"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/inputs/payload/0', offset: 130 },
      actual: 'a\nb',
      asset_id: 1,
      hint: 'use letters, digits, ".", "_" and "-" in names of files and folders',
    },
  ],
  [
    'warning PATH_SKIPPED',
    'a link',
    examined({}, (folder) => symlinkSync('..', join(folder, 'assets/loop'))),
    'a symbolic link: the scan passes it over',
    { where: { path: '@/assets/loop' }, hint: 'put a regular file in its place, or remove it' },
  ],
  [
    'warning PATH_SKIPPED',
    'a FIFO',
    examined({}, (folder) => execFileSync('mkfifo', [join(folder, 'assets/jump/pipe')])),
    'a device, FIFO or socket: the scan passes it over',
    { where: { path: '@/assets/jump/pipe' }, hint: 'put a regular file in its place, or remove it' },
  ],
  [
    'warning SCAN_LIMIT',
    'more names than a scan looks at',
    examined({}, () => {}, { scanLimit: 2 }),
    'the workspace has more than 2 names',
    { where: { path: '@/assets' }, hint: 'move what is no asset out of the workspace' },
  ],
  [
    'error[W8] SOURCE_OUTSIDE_ROOT',
    'a root that is a link out of the project',
    (folder) => {
      write(folder, { 'outside/asset.json': '{}', [`game/${INDEX}`]: registry([entryOf(1, 'jump')]) });
      symlinkSync('../../outside', join(folder, 'game/assets/jump'));
      return examine(join(folder, 'game'), BLOCKING);
    },
    'the asset root leads out of the project',
    {
      where: { path: '@/game/assets/jump/asset.json' },
      asset_id: 1,
      hint: 'put a folder of the project in its place',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an asset.json that calls its type as version 1 did',
    declared(sound(1, { type: 'tile_bank' })),
    'no such type: expected glyph_bank, sound_bank, scene_bank, got "tile_bank"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/type', offset: 96 },
      hint: 'tile_bank is retired: write glyph_bank',
      expected: 'glyph_bank, sound_bank, scene_bank',
      actual: 'tile_bank',
      asset_id: 1,
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'a format as version 1 called it',
    declared(glyphs(1, {}, { format: 'TILES/indexed_v1' }), BLOCKING),
    'no such format: expected GLYPH/indexed_v1, got "TILES/indexed_v1"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/format', offset: 157 },
      hint: 'TILES/indexed_v1 is retired: write GLYPH/indexed_v1',
      expected: 'GLYPH/indexed_v1',
      actual: 'TILES/indexed_v1',
      asset_id: 1,
    },
  ],
  [
    'error[T1] CODEC_UNKNOWN',
    'a codec as version 1 called it',
    declared(sound(1, {}, { codec: 'RAW' })),
    'no such codec: expected NONE, got "RAW"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/codec', offset: 182 },
      hint: 'RAW is retired: write NONE',
      expected: 'NONE',
      actual: 'RAW',
      asset_id: 1,
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a registry with a member of version 1',
    registered(registry([entryOf(1, 'jump', { managed: true })])),
    'there is no such member: got "managed"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/managed', offset: 163 },
      hint: 'managed is retired: write included_in_build',
      actual: 'managed',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a registry that says what is preloaded',
    registered(registry([entryOf(1, 'jump')], { preload: [] })),
    'there is no such member: got "preload"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload', offset: 165 },
      hint: 'each asset.json says itself whether it is preloaded: remove "preload"',
      actual: 'preload',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a registry of version 1 with a member of version 2',
    registered(registryV1([entryV1(1, 'jump', { included_in_build: true })])),
    'there is no such member: got "included_in_build"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0/included_in_build', offset: 163 },
      hint: 'version 1 calls it "managed"; or write version 2',
      actual: 'included_in_build',
    },
  ],
  [
    'error REGISTRY_INVALID',
    'a registry of version 1 without "managed"',
    registered(registryV1([entryV1(1, 'jump', { managed: undefined })])),
    'a member is missing: expected "managed"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/assets/0', offset: 48 },
      expected: 'managed',
      hint: 'restore the registry from version control; ids that were given must not be given again',
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an asset.json of version 1 with a type of version 2',
    declared(soundV1(1, { type: 'glyph_bank' })),
    'no such type in version 1: expected tile_bank, sound_bank, scene_bank, got "glyph_bank"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/type', offset: 96 },
      hint: 'glyph_bank is of version 2: write tile_bank, or the whole document in version 2',
      expected: 'tile_bank, sound_bank, scene_bank',
      actual: 'glyph_bank',
      asset_id: 1,
    },
  ],
  [
    'error OUTPUT_CONTRACT',
    'an asset.json of version 1 with a format of version 2',
    declared(soundV1(1, {}, { format: 'GLYPH/indexed_v1' })),
    'no such format in version 1: expected TILES/indexed_v1, SOUND/raw_v1, SCENE/raw_v1, got "GLYPH/indexed_v1"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/format', offset: 159 },
      hint: 'GLYPH/indexed_v1 is of version 2: write TILES/indexed_v1, or the whole document in version 2',
      expected: 'TILES/indexed_v1, SOUND/raw_v1, SCENE/raw_v1',
      actual: 'GLYPH/indexed_v1',
      asset_id: 1,
    },
  ],
  [
    'error[T1] CODEC_UNKNOWN',
    'an asset.json of version 1 with a codec of version 2',
    declared(soundV1(1, {}, { codec: 'NONE' })),
    'no such codec in version 1: expected RAW, got "NONE"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/output/codec', offset: 182 },
      hint: 'NONE is of version 2: write RAW, or the whole document in version 2',
      expected: 'RAW',
      actual: 'NONE',
      asset_id: 1,
    },
  ],
  [
    'error DECLARATION_INVALID',
    'an asset.json of version 1 with preload',
    declared(soundV1(1, { preload: { enabled: true } })),
    'there is no such member: got "preload"',
    {
      where: { path: '@/assets/jump/asset.json', pointer: '/preload', offset: 216 },
      hint: 'version 1 has it in the registry; or write version 2',
      actual: 'preload',
      asset_id: 1,
    },
  ],
  [
    'warning DOCUMENT_OUTDATED',
    'documents of version 1',
    examined({ [INDEX]: registryV1([entryV1(1, 'jump')]), 'assets/jump/asset.json': soundV1(1) }),
    '2 documents of an older version were migrated in memory',
    {
      where: { path: '@/assets/.prometeu/index.json' },
      hint: 'run "assets-pa migrate @" to write them in this version',
      details: { documents: 2 },
    },
  ],
  [
    'warning DOCUMENT_OUTDATED',
    'one document of version 1',
    declared(soundV1(1)),
    '1 document of an older version was migrated in memory',
    {
      where: { path: '@/assets/jump/asset.json' },
      hint: 'run "assets-pa migrate @" to write them in this version',
      details: { documents: 1 },
    },
  ],
  [
    'error MIGRATION_REQUIRED',
    'registering in a project of version 1',
    withProject((folder) => registerRoot(join(folder, 'assets/jump')), { [INDEX]: registryV1([]) }),
    'the registry is of an older version, and is not written to',
    { where: { path: '@/assets/.prometeu/index.json' }, hint: 'run "assets-pa migrate @"' },
  ],
  [
    'error PRELOAD_INVALID',
    'a preload of a name that no asset has',
    migrated([{ name: 'run' }]),
    'what is preloaded is the name of no registered asset: got "run"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload/0/name', offset: 164 },
      hint: 'correct the name, or remove the line',
      actual: 'run',
    },
  ],
  [
    'error PRELOAD_INVALID',
    'a preload of a name that no asset has, beside an asset without asset.json',
    migrated([{ name: 'run' }], { 'assets/jump/asset.json': undefined }),
    'what is preloaded is the name of no registered asset: got "run"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload/0/name', offset: 164 },
      hint: 'an asset.json that is missing or broken may have this name: restore it first; else correct the name, or remove the line',
      actual: 'run',
    },
  ],
  [
    'error PRELOAD_INVALID',
    'a preload of a name that two assets have',
    migrated([{ name: 'sound-1' }], {
      [INDEX]: registryV1([entryV1(1, 'jump'), entryV1(2, 'run')], [{ name: 'sound-1' }]),
      'assets/run/asset.json': soundV1(2, { name: 'sound-1' }),
    }),
    'what is preloaded is the name of more than one asset: got "sound-1"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload/0/name', offset: 259 },
      details: { asset_ids: [1, 2] },
      hint: 'give each of the assets a name of its own',
      actual: 'sound-1',
    },
  ],
  [
    'error PRELOAD_INVALID',
    'a preload that stands twice',
    migrated([{ name: 'sound-1' }, { name: 'sound-1' }]),
    'an asset is preloaded twice: got "sound-1"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload/1/name', offset: 183 },
      hint: 'keep one of the lines',
      actual: 'sound-1',
    },
  ],
  [
    'error PRELOAD_INVALID',
    'a preload that version 2 contradicts',
    migrated([{ name: 'sound-1' }], { 'assets/jump/asset.json': sound(1) }),
    'what is preloaded has an asset.json of version 2 that says otherwise: got "sound-1"',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload/0/name', offset: 164 },
      details: { asset_ids: [1] },
      hint: 'remove the line, or correct "preload" in @/assets/jump/asset.json',
      actual: 'sound-1',
    },
  ],
  [
    'error[L3] PRELOAD_SLOT_RANGE',
    'a slot of version 1 that is none',
    migrated([{ name: 'sound-1', slot: 16 }]),
    'no such preload slot: expected 0 to 15, got 16',
    {
      where: { path: '@/assets/.prometeu/index.json', pointer: '/preload/0/slot', offset: 181 },
      expected: '0 to 15',
      actual: 16,
      hint: 'correct the slot',
    },
  ],
  [
    'error ROOT_INVALID',
    'a root through a link',
    withProject((folder) => {
      symlinkSync('jump', join(folder, 'assets/link'));
      return registerRoot(join(folder, 'assets/link/run'));
    }),
    'a link leads to the asset root, which scans do not follow',
    { where: { path: '@/assets/link/run' }, hint: 'name the folder itself: @/assets/jump/run' },
  ],
  [
    'error[W8] SOURCE_OUTSIDE_ROOT',
    'a root out of the project',
    withProject((folder) => {
      symlinkSync('/', join(folder, 'assets/link'));
      return registerRoot(join(folder, 'assets/link'));
    }),
    'the asset root leads out of the project',
    { where: { path: '@/assets/link' }, hint: 'name a folder of the project' },
  ],
  [
    'error IDENTITY_COLLISION',
    'registering in a root whose asset.json is gone',
    withProject((folder) => registerRoot(join(folder, 'assets/jump'), { create: { type: 'sound_bank' } }), {
      'assets/jump/asset.json': undefined,
    }),
    'asset 1 is registered with this root, and its asset.json is gone',
    {
      where: { path: '@/assets/jump/asset.json' },
      asset_id: 1,
      hint: 'restore it; or when that asset is gone for good, remove its line from @/assets/.prometeu/index.json: its id is not given again',
    },
  ],
  [
    'error[W4] OUTPUT_WRITE',
    'a file in the place of the backups',
    migrated([], { 'assets/.prometeu/backup': 'in the way' }),
    'the place of the backups is no folder',
    { where: { path: '@/assets/.prometeu/backup' }, hint: 'move it out of the way' },
  ],
  [
    'error[W8] SOURCE_NOT_A_FILE',
    'a folder in the place of asset.json',
    examined({ 'assets/jump/asset.json': undefined, 'assets/jump/asset.json/x': '' }, () => {}, BLOCKING),
    'an asset.json must be a regular file: got a directory',
    {
      where: { path: '@/assets/jump/asset.json' },
      actual: 'a directory',
      asset_id: 1,
      hint: 'put a regular file in its place',
    },
  ],
  [
    'error[W8] SOURCE_NOT_A_FILE',
    'registering a folder in the place of asset.json',
    withProject((folder) => registerRoot(join(folder, 'assets/jump')), {
      'assets/jump/asset.json': undefined,
      'assets/jump/asset.json/x': '',
    }),
    'an asset.json must be a regular file: got a directory',
    {
      where: { path: '@/assets/jump/asset.json' },
      actual: 'a directory',
      hint: 'put a regular file in its place',
    },
  ],
];

/** Migrates a project of version 1 that preloads these. */
function migrated(preload: readonly Members[], files: Parameters<typeof withProject>[1] = {}): Provoke {
  return withProject((folder) => migrateProject(folder), {
    [INDEX]: registryV1([entryV1(1, 'jump')], preload),
    'assets/jump/asset.json': soundV1(1),
    ...files,
  });
}

/** The diagnostics of a failure, or the warnings of what went well; the row's folder is called `@` in them. */
async function provoked(provoke: Provoke): Promise<unknown> {
  const folder = newFolder();
  let outcome: unknown;
  try {
    outcome = await provoke(folder);
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    outcome = error;
  }
  const { diagnostics = [] } = outcome as { readonly diagnostics?: readonly Diagnostic[] };
  return JSON.parse(JSON.stringify(diagnostics).replaceAll(folder, '@'));
}

/** What a head says. */
function parsed(head: Head): { [member: string]: string | undefined } {
  const { severity, clause, code } = /^(?<severity>\w+)(\[(?<clause>\w+)\])? (?<code>\w+)$/.exec(head)?.groups ?? {};
  return { severity, ...(clause !== undefined && { clause }), code };
}

const GROUPS: readonly (readonly [name: string, rows: readonly Row[]])[] = [
  ['artifacts and vector sets', READER],
  ['companions, and what an artifact is held against', HELD],
  ['plans and their sources', WRITER],
  ['glyph banks and their images', GLYPHS],
  ['the environment', IO],
  ['projects', PROJECT],
];

describe.each(GROUPS)('messages about %s', (_, rows) => {
  it.each(rows)('%s: %s', async (head, _how, provoke, message, rest) => {
    expect(await provoked(provoke)).toStrictEqual([{ ...parsed(head), message, ...rest }]);
  });
});

it('every code has a row', () => {
  const codes = GROUPS.flatMap(([, rows]) => rows.map(([head]) => parsed(head)['code']));
  expect([...new Set(codes)].sort()).toEqual(Object.keys(ERROR_TABLE).sort());
});
