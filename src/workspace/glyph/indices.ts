/** From what an image has to the indices of the payload. */
import { COLOURS_PER_PALETTE } from '../../codec/bank-rules.js';
import { Phrase } from '../../errors.js';
import type { EncodeRequest } from '../bank-encoder.js';
import { PARTIAL, TRANSPARENT } from './image.js';
import { colourText, fromRgb565, toRgb565 } from './rgb565.js';
import type { Palette, SourceTile } from './sources.js';

type Report = EncodeRequest['report'];

/** Things that a diagnostic lists. */
const LISTED_MAX = 64;

/**
 * The indices of a tile, below 16.
 *
 * @param palettes By index.
 * @returns undefined when the tile has none, which was then reported
 */
export function tileIndices(
  tile: SourceTile,
  palettes: readonly Palette[],
  tileSize: number,
  report: Report,
): Uint8Array | undefined {
  return tile.isIndexed ? checkIndices(tile, tileSize, report) : mapColours(tile, palettes, tileSize, report);
}

/** An indexed image says itself what is written. */
function checkIndices(
  { index, pointer, pixels }: SourceTile,
  tileSize: number,
  report: Report,
): Uint8Array | undefined {
  const at = pixels.findIndex((pixel) => pixel >= COLOURS_PER_PALETTE);
  if (at < 0) return Uint8Array.from(pixels);
  report('GLYPH_PIXEL_INDEX', {
    what: `a pixel of tile ${index} has an index that 4 bits cannot hold`,
    where: { pointer },
    expected: new Phrase(`at most ${COLOURS_PER_PALETTE - 1}`),
    actual: pixels[at],
    hint: "give the image a palette of 16 colours: each pixel's index is written as it is",
    details: { tile: index, x: at % tileSize, y: Math.floor(at / tileSize) },
  });
  return undefined;
}

/** The first palette that has all colours of the tile gives the indices: of each colour, its first place there. */
function mapColours(
  { index, pointer, pixels }: SourceTile,
  palettes: readonly Palette[],
  tileSize: number,
  report: Report,
): Uint8Array | undefined {
  const partial = pixels.indexOf(PARTIAL);
  if (partial >= 0) {
    report('GLYPH_ALPHA', {
      what: `a pixel of tile ${index} is neither opaque nor fully transparent`,
      where: { pointer },
      hint: 'a glyph bank has no alpha: make the pixel one or the other',
      details: { tile: index, x: partial % tileSize, y: Math.floor(partial / tileSize) },
    });
    return undefined;
  }
  const colours = new Set(pixels);
  const isCut = colours.delete(TRANSPARENT);
  const palette = palettes.find((each) => [...colours].every((colour) => each.colours.includes(colour)));
  if (palette === undefined) {
    reportColours(index, pointer, colours, palettes, report);
    return undefined;
  }
  const backdrop = palette.colours[0] as number;
  if (isCut && colours.has(backdrop)) {
    report('GLYPH_TRANSPARENCY', {
      what: `transparent pixels of tile ${index} and those of ${colourText(backdrop)} become the same index 0`,
      where: { pointer },
      hint: 'let index 0 of the palette be a colour that the tile does not use',
      details: { tile: index, palette: palette.index },
    });
  }
  return Uint8Array.from(pixels, (pixel) => (pixel === TRANSPARENT ? 0 : palette.colours.indexOf(pixel)));
}

function reportColours(
  index: number,
  pointer: string,
  colours: ReadonlySet<number>,
  palettes: readonly Palette[],
  report: Report,
): void {
  if (colours.size > COLOURS_PER_PALETTE) {
    report('GLYPH_COLOURS', {
      what: `tile ${index} has too many colours`,
      where: { pointer },
      expected: new Phrase(`at most ${COLOURS_PER_PALETTE}`),
      actual: colours.size,
    });
    return;
  }
  const lacking = palettes.map((palette) => ({
    palette: palette.index,
    missing: [...colours].filter((colour) => !palette.colours.includes(colour)).map(colourText),
  }));
  const nearest = lacking.reduce((best, each) => (each.missing.length < best.missing.length ? each : best));
  const { palette, missing } = nearest;
  report('GLYPH_COLOURS', {
    what: `no palette has all colours of tile ${index}`,
    where: { pointer },
    actual: new Phrase(
      `palette ${palette} without ${missing[0]}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`,
    ),
    hint: 'declare a palette with the colours of the tile, or save the tile as an indexed PNG',
    details: { tile: index, palette, missing },
  });
}

/** Warns of palettes that lack colours for some tiles: any tile may be shown in any palette. */
export function checkPaletteFit(tiles: readonly Uint8Array[], palettes: readonly Palette[], report: Report): void {
  const highest = tiles.map((tile) => Math.max(...tile));
  for (const { index, pointer, colours } of palettes) {
    const beyond = highest.flatMap((most, tile) => (most >= colours.length ? tile : []));
    if (beyond.length === 0) continue;
    report('GLYPH_PALETTE_FIT', {
      what: `palette ${index} has fewer colours than some tiles ask for`,
      where: { pointer },
      expected: new Phrase(`indices of at most ${colours.length - 1}`),
      actual: Math.max(...beyond.map((tile) => highest[tile] as number)),
      hint: 'colours that the palette does not have are black in the payload',
      details: { palette: index, tiles: beyond.slice(0, LISTED_MAX), tile_count: beyond.length },
    });
  }
}

/** Warns of colours that do not come back from RGB565 as they were. */
export function checkColourLoss(palettes: readonly Palette[], report: Report): void {
  for (const { index, pointer, colours } of palettes) {
    const lost = [...new Set(colours)]
      .map((colour) => ({ colour: colourText(colour), becomes: colourText(fromRgb565(toRgb565(colour))) }))
      .filter(({ colour, becomes }) => colour !== becomes);
    const [first] = lost;
    if (first === undefined) continue;
    const more = lost.length > 1 ? ` and ${lost.length - 1} more change` : '';
    report('GLYPH_COLOUR_LOSS', {
      what: `RGB565 cannot hold all colours of palette ${index}: ${first.colour} becomes ${first.becomes}${more}`,
      where: { pointer },
      details: { palette: index, colours: lost },
    });
  }
}
