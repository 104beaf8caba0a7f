/** The error table as data; `docs/errors.md` is generated from it. */

/**
 * What a code speaks of: a fault in an artifact (`reader`), in a plan, a project or its sources (`writer`), in the environment
 * (`io`), or something legal that deserves a look (`warning`).
 */
export type ErrorKind = 'reader' | 'writer' | 'io' | 'warning';

/** The class that a runtime reader reports for a code; `open`: unspecified there; `-`: no reader meets it. */
export type RuntimeClass = 'TRUNCATED' | 'MAGIC' | 'VERSION' | 'BOUNDS' | 'HEADER' | 'TABLE' | 'PRELOAD' | 'open' | '-';

/** What is known of a code. */
export interface ErrorRow {
  readonly kinds: readonly ErrorKind[];
  readonly runtime: RuntimeClass;
  /** The clauses it enforces; a diagnostic carries the first unless it says otherwise. */
  readonly clauses: readonly string[];
  readonly when: string;
}

/** Every code, in the order of the documentation. Codes are never renamed and never reused. */
export const ERROR_TABLE = {
  PRELUDE_TRUNCATED: row('reader', 'TRUNCATED', 'E2', 'the file has fewer than 32 bytes'),
  PRELUDE_MAGIC: row('reader', 'MAGIC', 'E1', 'the file does not begin with `ASPA`'),
  VERSION_UNSUPPORTED: row(
    'reader writer',
    'VERSION',
    'V2',
    'a version outside the supported range, on any surface; details: `artifact`, `found`, `supported`, `migration`, `blocks`',
  ),
  PRELUDE_FLAGS: row('reader', 'open', 'E4', '`flags` is not 0'),
  PRELUDE_RESERVED: row('reader', 'open', 'E4', '`reserved` is not 0'),
  PRELUDE_CHECKSUM: row('reader', 'open', 'E1', '`header_checksum` is not 0'),
  HEADER_LENGTH: row(
    'reader',
    'BOUNDS',
    'E7',
    'the header ends after the file; strict only: below 31 or over the limit',
  ),
  PAYLOAD_OFFSET: row(
    'reader',
    'BOUNDS',
    'E5',
    "before the header's end or past the end of the file; strict only: not what the layout rule gives",
  ),
  PADDING_NOT_ZERO: row('reader', 'open', 'E5 T5', 'a padding byte is not zero'),
  TRAILING_BYTES: row('reader', 'open', 'E6', 'bytes after the last payload'),
  HEADER_NOT_UTF8: row('reader', 'HEADER', 'H2', 'not UTF-8, overlong forms and encoded surrogates included'),
  HEADER_NOT_JSON: row(
    'reader',
    'HEADER',
    'H1',
    'not JSON; also a byte-order mark, and bytes after the value other than white space',
  ),
  HEADER_TOO_DEEP: row('reader writer', 'open', 'H6', 'a container below nesting level 32'),
  HEADER_SHAPE: row(
    'reader',
    'HEADER',
    'H1 T1 L1',
    'a wrong JSON type, a missing member; an unknown member or an absent `preload` (open for runtimes)',
  ),
  HEADER_DUPLICATE_MEMBER: row('reader', 'HEADER', 'H5', 'a member name twice in one object (inside `metadata`: open)'),
  HEADER_NUMBER: row(
    'reader writer',
    'HEADER',
    'H4',
    'not an integer literal, `-0`, beyond +-(2^53 - 1), or negative where an offset or size stands (inside `metadata`: open)',
  ),
  HEADER_STRING: row('reader writer', 'HEADER', 'H3', 'a lone surrogate in a string or member name'),
  HEADER_NOT_CANONICAL: row(
    'reader',
    'open',
    'H7',
    'right values in another spelling; carries the first byte that differs',
  ),
  HEADER_TOO_LARGE: row('writer', '-', 'E7', 'the header or the region passes the limit of the format'),
  ASSET_ID_RANGE: row(
    'reader writer',
    'HEADER',
    'T1',
    'an integer outside 0 .. 2^31 - 1, also in preload (below 0: open)',
  ),
  ASSET_ID_DUPLICATE: row('reader writer', 'TABLE', 'T1', 'an id that stood before, once per later occurrence'),
  ASSET_ORDER: row('reader', 'open', 'T2', 'ids do not increase'),
  ASSET_NAME: row('reader writer', 'open', 'T1', 'empty, over 4,096 bytes of UTF-8, or with a control character'),
  ASSET_NAME_DUPLICATE: row('warning', '-', 'T1', 'two assets have one name'),
  BANK_TYPE_UNKNOWN: row(
    'reader writer',
    'HEADER',
    'T1',
    'not a bank type; the hint names what replaced a retired name',
  ),
  CODEC_UNKNOWN: row('reader writer', 'HEADER', 'T1', 'not a codec; the hint names what replaced a retired name'),
  SLICE_BOUNDS: row('reader', 'TABLE', 'E3', 'the slice leaves the payload region'),
  SLICE_LAYOUT: row(
    'reader',
    'open',
    'T5 T6',
    'a gap, an overlap or a misalignment; `expected` is the one legal offset',
  ),
  METADATA_COLLISION: row(
    'reader writer',
    'open',
    'M3',
    'a root member `codec` beside a codec configuration, or a root member `pipeline`',
  ),
  BANK_METADATA: row('reader writer', 'open', 'B1', "a missing or wrong member of the bank's metadata, one per member"),
  BANK_SIZE: row('reader writer', 'open', 'B1', "`size` or `decoded_size` is not what the bank's rule gives"),
  PRELOAD_UNKNOWN_ASSET: row('reader', 'PRELOAD', 'L2', 'a preload id that the asset table does not have'),
  PRELOAD_SLOT_RANGE: row('reader writer', 'PRELOAD', 'L3', 'an integer outside 0 .. 15'),
  PRELOAD_SLOT_TAKEN: row(
    'reader writer',
    'PRELOAD',
    'L4',
    'a slot claimed before within its bank type, or no slot left for an asset that asks for one',
  ),
  PRELOAD_ASSET_TWICE: row('reader', 'open', 'L4', 'an asset preloaded twice'),
  PRELOAD_ORDER: row('reader', 'open', 'L5', 'preload ids do not increase'),
  DUPLICATE_CONTENT: row(
    'warning',
    '-',
    'T3',
    'bytes equal to those of an asset with a lower id; empty payloads exempt',
  ),
  PLAN_SYNTAX: row('writer', '-', '', 'a plan that is no UTF-8, JSON or protobuf; carries the byte'),
  PLAN_SHAPE: row(
    'writer',
    '-',
    '',
    'a wrong type, a missing, unknown or duplicate member, `null` outside free objects, not exactly one payload source',
  ),
  PLAN_VALUE: row('writer', '-', '', 'a value out of its range that no other code names'),
  BANK_TYPE_MISSING: row(
    'writer',
    '-',
    '',
    '`plan <dir>`: neither a sidecar nor a `--bank` option speaks of these files',
  ),
  SIDECAR_INVALID: row('writer', '-', '', 'a `*.asset.json` that is not what it should be'),
  IDS_INVALID: row('writer', '-', '', 'an ids file that is not what it should be'),
  IDS_FROZEN: row('writer', '-', '', 'a new id is needed and `--frozen-ids` forbids it'),
  IDS_EXHAUSTED: row('writer', '-', '', 'no asset id is left'),
  PNG_INVALID: row(
    'writer',
    '-',
    '',
    'an image that is no PNG, or a broken one: signature, order, CRC, compressed data, an end too early or too late',
  ),
  GLYPH_BUILD: row(
    'writer',
    '-',
    '',
    'a glyph bank whose `inputs` and `build` do not fit together: tile size, roles, lines of `tiles` and `palettes`, colours',
  ),
  GLYPH_OUTPUT: row(
    'writer',
    '-',
    'B1',
    'a member of `output` that says something else than the glyph bank that is made',
  ),
  GLYPH_INDEX_DUPLICATE: row(
    'writer',
    '-',
    'B3',
    'an index of a tile or palette that stood before, once per later one',
  ),
  GLYPH_INDEX_GAP: row('writer', '-', 'B3', 'indices of tiles or palettes that do not count from 0 without gaps'),
  GLYPH_CAPACITY: row('writer', '-', 'B3', 'more tiles than the sheet has cells, or more than 64 palettes'),
  GLYPH_IMAGE_LIMIT: row('writer', '-', '', 'an image of more bytes or pixels than a source of tiles may have'),
  GLYPH_IMAGE_ANIMATED: row('writer', '-', '', 'an animated PNG'),
  GLYPH_IMAGE_SIZE: row(
    'writer',
    '-',
    '',
    'an image whose sides do not fit the tile size or the cell that is asked for',
  ),
  GLYPH_PIXEL_INDEX: row('writer', '-', 'B1', 'a pixel of an indexed image with an index above 15'),
  GLYPH_COLOURS: row('writer', '-', '', 'a true-colour tile whose colours are not all in one palette'),
  GLYPH_ALPHA: row('writer', '-', '', 'a pixel that is neither opaque nor fully transparent'),
  GLYPH_PALETTE: row('writer', '-', '', 'an image that gives no palette: not indexed, or of more than 16 colours'),
  GLYPH_INPUT_UNUSED: row('warning', '-', '', 'an input of a glyph bank that nothing in `build` uses'),
  GLYPH_PALETTE_FIT: row('warning', '-', '', 'a palette of fewer colours than the pixels of some tiles ask for'),
  GLYPH_COLOUR_LOSS: row('warning', '-', 'B1', 'colours that RGB565 cannot hold; details: each, and what it becomes'),
  GLYPH_TRANSPARENCY: row(
    'warning',
    '-',
    '',
    'a true-colour tile in which transparent pixels and an opaque colour both become index 0',
  ),
  SOURCE_NOT_FOUND: row('writer', '-', 'W8', 'a payload file that is not there'),
  SOURCE_OUTSIDE_ROOT: row('writer', '-', 'W8', 'a payload path that leaves the root'),
  SOURCE_NOT_A_FILE: row('writer', '-', 'W8', 'a directory, device, FIFO or socket in place of a payload file'),
  SOURCE_SIZE: row('writer', '-', 'W3', 'fewer or more bytes than planned'),
  SOURCE_CHANGED: row(
    'writer',
    '-',
    'W3',
    "size, time or identity changed while packing, or the digest is not the plan's",
  ),
  SOURCE_READ: row('io', '-', '', "a payload cannot be read; carries the system's code"),
  INPUT_READ: row('io', '-', '', "a plan, artifact or companion cannot be read; carries the system's code"),
  OUTPUT_WRITE: row('io', '-', 'W4', "an output cannot be written; carries the system's code"),
  OUTPUT_LOCKED: row('io', '-', 'W6', 'another process writes this output directory; carries the holder'),
  OUTPUT_EXISTS: row('io', '-', '', '`extract` without `--force`: a file is there already'),
  COMPANION_INVALID: row('reader', '-', 'C3', 'a companion that is missing, or not what it should be'),
  COMPANION_MISMATCH: row('reader', '-', 'C1 C2 C3', 'a companion that says something else than the header'),
  COMPANION_STALE: row(
    'reader',
    '-',
    'C3',
    'the metadata companion describes another artifact; asset digests are then not judged',
  ),
  DIGEST_MISMATCH: row(
    'reader',
    '-',
    'C6',
    '`verify`: bytes that are not those of the metadata companion or of the plan',
  ),
  PROJECT_NOT_FOUND: row('writer', '-', '', 'a folder that is no project, and lies in none'),
  ROOT_INVALID: row('writer', '-', '', '`register`: a folder that cannot be an asset root'),
  REGISTRY_INVALID: row('writer', '-', '', 'a registry (`assets/.prometeu/index.json`) that is not what it should be'),
  IDENTITY_COLLISION: row(
    'writer',
    '-',
    '',
    'one identity (id, uuid, root) claimed twice, or the uuid of another asset',
  ),
  ANCHOR_MISSING: row('writer', '-', '', 'an asset root without `asset.json`'),
  DECLARATION_INVALID: row('writer', '-', '', 'an `asset.json` that is not what it should be'),
  OUTPUT_CONTRACT: row(
    'writer',
    '-',
    '',
    'an `asset.json` whose parts do not fit each other: type, format, roles, `decoded_size`, `build`',
  ),
  PRELOAD_INVALID: row(
    'writer',
    '-',
    '',
    'an `asset.json` that names a slot and does not preload; a registry of version 1 that preloads what no asset, or more than one, is called',
  ),
  INPUT_MISSING: row('writer', '-', '', 'an input file of an asset that is not there'),
  INPUT_TOO_LARGE: row('writer', '-', '', 'a document or an image of a workspace that is larger than any may be'),
  MIGRATION_REQUIRED: row('writer', '-', '', '`register`: a registry of an older version is not written to'),
  DOCUMENT_OUTDATED: row(
    'warning',
    '-',
    '',
    'documents of a project in an older version, which were migrated in memory; details: `documents`, how many',
  ),
  ANCHOR_ORPHAN: row('warning', '-', '', 'an `asset.json` that is not registered: nothing of it is built'),
  INPUT_DUPLICATE: row('warning', '-', '', '`doctor`: two inputs have the same bytes; empty ones exempt'),
  FILE_UNREFERENCED: row('warning', '-', '', '`doctor`: a file of the workspace that no `asset.json` names'),
  FILE_LARGE: row('warning', '-', '', '`doctor`: such a file of 16 MiB or more'),
  PATH_NAMING: row('warning', '-', '', '`doctor`: a path that other systems or tools may not take'),
  PATH_SKIPPED: row(
    'warning',
    '-',
    '',
    '`doctor`: a link, a device, or a name that is not UTF-8: the scan passes it over',
  ),
  SCAN_LIMIT: row('warning', '-', '', 'a workspace of more names than a scan looks at: not all of it was seen'),
  INTERRUPTED: row('io', '-', 'W5', 'the work was interrupted; a directory is as it was before'),
} as const satisfies Record<string, ErrorRow>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_TABLE;

function row(kinds: string, runtime: RuntimeClass, clauses: string, when: string): ErrorRow {
  return {
    kinds: kinds.split(' ') as ErrorKind[],
    runtime,
    clauses: clauses.split(' ').filter((clause) => clause !== ''),
    when,
  };
}
