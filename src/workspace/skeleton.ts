/** A first `asset.json` for a root, made of what lies in it. */
import type { FileSystem } from '../host/fs.js';
import type { Interruption } from '../host/interruption.js';
import { joinPath } from '../host/paths.js';
import { scanTree } from '../host/scan.js';
import type { AuthoringType } from './bank-encoder.js';
import { SCAN_MAX_NAMES } from './layout.js';
import { DECLARATION } from './surfaces.js';
import { newUuid } from './uuid.js';

/** What a user says of a new asset. */
export interface SkeletonOptions {
  readonly type: AuthoringType;
  readonly name: string;
}

const FORMATS: { readonly [type in AuthoringType]: string } = {
  glyph_bank: 'GLYPH/indexed_v1',
  sound_bank: 'SOUND/raw_v1',
  scene_bank: 'SCENE/raw_v1',
};

const TILE_SIZE = 16;

/**
 * The bytes of an `asset.json`: with the one file of a raw bank, or the PNG images of a glyph bank. What it cannot know is left for its
 * author: no payload, no tiles.
 *
 * @throws AssetsPaError `INTERRUPTED`, and what the file system throws
 */
export async function skeleton(
  fs: FileSystem,
  root: string,
  { type, name }: SkeletonOptions,
  interruption: Interruption,
): Promise<Uint8Array> {
  const { files } = await scanTree(fs, root, interruption, SCAN_MAX_NAMES);
  const isGlyph = type === 'glyph_bank';
  const payload = files.length === 1 ? files : [];
  const [only] = payload;
  const size = only === undefined || isGlyph ? 0 : (await fs.lstat(joinPath(root, only))).size;
  const document = {
    schema_version: DECLARATION.version,
    asset_uuid: newUuid(),
    name,
    type,
    inputs: isGlyph ? { tiles: files.filter((path) => path.toLowerCase().endsWith('.png')) } : { payload },
    output: { format: FORMATS[type], codec: 'NONE', ...(!isGlyph && { decoded_size: size }) },
    preload: { enabled: false },
    ...(isGlyph && { build: { tile_size: TILE_SIZE } }),
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}
