/** What to do about a fault of a project that does not say so itself. */
import type { ErrorCode } from '../errors.js';

const CORRECT = 'correct asset.json';

const FIXES: { readonly [code in ErrorCode]?: string } = {
  REGISTRY_INVALID: 'restore the registry from version control; ids that were given must not be given again',
  ANCHOR_MISSING: 'restore the asset.json, or remove the line of the asset from the registry',
  DECLARATION_INVALID: `${CORRECT}; docs/workspace.md has its members`,
  OUTPUT_CONTRACT: CORRECT,
  ASSET_NAME: CORRECT,
  CODEC_UNKNOWN: CORRECT,
  METADATA_COLLISION: CORRECT,
  BANK_METADATA: CORRECT,
  BANK_SIZE: CORRECT,
  HEADER_NUMBER: CORRECT,
  HEADER_STRING: CORRECT,
  HEADER_TOO_DEEP: CORRECT,
  PNG_INVALID: 'save the image anew as a PNG',
  GLYPH_BUILD: `${CORRECT}; docs/glyph-banks.md has the rules of "build"`,
  GLYPH_OUTPUT: 'remove the member: the bank gives it itself',
  GLYPH_INDEX_DUPLICATE: 'give each tile and each palette an index of its own',
  GLYPH_INDEX_GAP: 'count tiles and palettes from 0, without gaps',
  GLYPH_CAPACITY: 'make several banks of it',
  GLYPH_IMAGE_LIMIT: 'cut the image into smaller ones',
  GLYPH_IMAGE_ANIMATED: 'save one frame of it as a PNG',
  GLYPH_IMAGE_SIZE: 'crop the image to whole tiles, or correct "tile_size", "column" and "row"',
  GLYPH_PIXEL_INDEX: 'reduce the image to 16 colours',
  GLYPH_COLOURS: 'correct the colours of the tile, or add them to one palette',
  GLYPH_ALPHA: 'make each pixel opaque or fully transparent',
  GLYPH_PALETTE: 'name an indexed PNG of at most 16 colours, or list the "colors"',
  GLYPH_INPUT_UNUSED: 'use it in "build", or remove it from "inputs"',
  GLYPH_PALETTE_FIT: 'add colours to the palette, unless no such tile is shown in it',
  GLYPH_COLOUR_LOSS: 'choose colours that RGB565 holds, unless the difference does not matter',
  GLYPH_TRANSPARENCY: 'put a colour that no tile uses at the beginning of the palette',
  PRELOAD_INVALID: 'remove "slot", or set "enabled" to true',
  PRELOAD_SLOT_RANGE: CORRECT,
  PRELOAD_SLOT_TAKEN: 'name another slot, or none: then the lowest free one is taken',
  SOURCE_OUTSIDE_ROOT: 'name a file of the project by a path below the asset root, without ".."',
  SOURCE_NOT_A_FILE: 'put a regular file in its place',
  SOURCE_READ: 'make the file readable',
  SOURCE_CHANGED: 'build again when nothing writes to the project',
  INPUT_READ: 'make it readable',
  INPUT_MISSING: 'correct the path in "inputs", or restore the file',
  ANCHOR_ORPHAN: 'register it with "assets-pa register" (a copy needs an asset_uuid of its own first), or remove it',
  INPUT_DUPLICATE: 'keep one of the files, unless both are meant to be there',
  FILE_UNREFERENCED: 'name it in "inputs", move it out of the workspace, or remove it',
  FILE_LARGE: 'name it in "inputs", move it out of the workspace, or remove it',
  PATH_NAMING: 'use letters, digits, ".", "_" and "-" in names of files and folders',
  PATH_SKIPPED: 'put a regular file in its place, or remove it',
  SCAN_LIMIT: 'move what is no asset out of the workspace',
  ASSET_NAME_DUPLICATE: 'give each asset a name of its own',
  DUPLICATE_CONTENT: 'keep one of the assets, unless both are meant to be there',
};

/** What to do about a fault, when its code alone says it. */
export function fixOf(code: ErrorCode): string | undefined {
  return FIXES[code];
}

/** How to write the documents of a project in this version. */
export function migrateHint(project: string): string {
  return `run "assets-pa migrate ${project}"`;
}
