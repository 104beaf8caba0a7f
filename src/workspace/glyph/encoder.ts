/** `GLYPH/indexed_v1`: one sheet of 256 x 256 pixels and up to 64 palettes, from PNGs (B1 to B3). */
import { checkBankMetadata, PALETTE_COUNT } from '../../codec/bank-rules.js';
import type { JsonObject, JsonValue } from '../../format.js';
import type { BankEncoder, EncodedBank, EncodeRequest } from '../bank-encoder.js';
import { type GlyphDeclaration, readDeclaration } from './declaration.js';
import { checkColourLoss, checkPaletteFit, tileIndices } from './indices.js';
import { encodePayload, SHEET_SIDE } from './payload.js';
import { readPalettes, readTiles } from './sources.js';

/** The encoder of glyph banks. */
export const GLYPH_ENCODER: BankEncoder = {
  type: 'glyph_bank',
  format: 'GLYPH/indexed_v1',
  bankType: 'GLYPH',
  version: 1,
  encode,
};

async function encode(request: EncodeRequest): Promise<EncodedBank | undefined> {
  const { report } = request;
  const declaration = readDeclaration(request);
  const isOutputRight = checkOutput(declaration, request);
  if (declaration === undefined) return undefined;
  const { tileSize } = declaration;
  const palettes = await readPalettes(declaration.palettes, request);
  const sources = await readTiles(declaration.tiles, tileSize, request);
  if (sources === undefined || palettes === undefined) return undefined;
  const tiles = sources.map((tile) => tileIndices(tile, palettes, tileSize, report));
  if (!isComplete(tiles) || !isOutputRight) return undefined;
  checkPaletteFit(tiles, palettes, report);
  checkColourLoss(palettes, report);
  const payload = encodePayload(
    tileSize,
    tiles,
    palettes.map(({ colours }) => colours),
  );
  const metadata = { ...request.metadata, ...ownMetadata(declaration) };
  const sizes = checkBankMetadata('GLYPH', metadata, (code, at, parts) =>
    report(code, { ...parts, where: { pointer: `/output${at}` } }),
  );
  return sizes && { payload, decodedSize: sizes.decodedSize, metadata };
}

function isComplete(tiles: readonly (Uint8Array | undefined)[]): tiles is readonly Uint8Array[] {
  return tiles.every((tile) => tile !== undefined);
}

/** What the bank says of itself in its metadata (B1). */
function ownMetadata(declaration: GlyphDeclaration | undefined): JsonObject {
  return {
    width: SHEET_SIDE,
    height: SHEET_SIDE,
    palette_count: PALETTE_COUNT,
    ...(declaration && { tile_size: declaration.tileSize, palette_authored: declaration.palettes.length }),
  };
}

/** Whether what was declared of the output is what will be made. */
function checkOutput(declaration: GlyphDeclaration | undefined, request: EncodeRequest): boolean {
  let isRight = true;
  const wrong = (pointer: string, what: string, actual: JsonValue, expected?: JsonValue) => {
    isRight = false;
    request.report('GLYPH_OUTPUT', {
      what,
      where: { pointer },
      ...(expected !== undefined && { expected }),
      actual,
      hint: 'leave it out: the build computes it',
    });
  };
  for (const [name, value] of Object.entries(ownMetadata(declaration))) {
    const declared = Object.hasOwn(request.metadata, name) ? request.metadata[name] : undefined;
    if (declared === undefined || declared === value) continue;
    wrong(`/output/metadata/${name}`, `${name} is not what the bank has`, declared, value);
  }
  if (request.decodedSize !== undefined) {
    wrong('/output/decoded_size', 'a glyph bank states no decoded_size', request.decodedSize);
  }
  return isRight;
}
