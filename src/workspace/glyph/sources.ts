/** Reads the images of a glyph bank: each once, one at a time, and no more pixels than a bank may ask for. */
import { COLOURS_PER_PALETTE } from '../../codec/bank-rules.js';
import { type DiagnosticParts, Phrase, show } from '../../errors.js';
import type { EncodeRequest } from '../bank-encoder.js';
import { capacityFault, type PaletteSource, type TileSource } from './declaration.js';
import { decodeImage, type Image, paletteColours } from './image.js';
import { byIndex, TakenIndices } from './order.js';
import { sheetCapacity } from './payload.js';
import { ImageError, openPng, type PngFile, type PngHeader } from './png-file.js';

/** Most pixels of all images that the tiles of a bank are cut from: 256 whole sheets. */
export const BANK_PIXELS_MAX = 16_777_216;

/** A tile as its image has it. */
export interface SourceTile {
  readonly index: number;
  readonly pointer: string;
  /** Whether the pixels are indices; else they are colours, see {@link Image}. */
  readonly isIndexed: boolean;
  readonly pixels: Int32Array;
}

/** The colours `0xrrggbb` of a palette, as many as were declared. */
export interface Palette {
  readonly index: number;
  readonly pointer: string;
  readonly colours: readonly number[];
}

/**
 * Gives each palette its colours; opens the images that some name.
 *
 * @returns by index; undefined when something is wrong, which was then reported
 */
export async function readPalettes(
  sources: readonly PaletteSource[],
  request: EncodeRequest,
): Promise<Palette[] | undefined> {
  const palettes: Palette[] = [];
  const images = new ImageReader(request, 'palettes');
  const taken = new TakenIndices('palette', request.report);
  for (const { index, pointer, colours: declared, input } of sources) {
    const isFree = taken.take(index, pointer);
    const colours = input === undefined ? declared : await images.open(input, readPalette);
    if (isFree && colours !== undefined) palettes.push({ index, pointer, colours });
  }
  const isRight = taken.areDense() && palettes.length === sources.length;
  return isRight ? palettes.sort(byIndex) : undefined;
}

function readPalette(file: PngFile): readonly number[] {
  const colours = paletteColours(file);
  const expected = new Phrase(`an indexed image of at most ${COLOURS_PER_PALETTE} colours`);
  if (colours === undefined) throw new ImageError('GLYPH_PALETTE', { what: 'the image is not indexed', expected });
  if (colours.length <= COLOURS_PER_PALETTE) return colours;
  throw new ImageError('GLYPH_PALETTE', { what: 'the palette has too many colours', expected, actual: colours.length });
}

/**
 * Cuts the tiles out of their images.
 *
 * @returns by index; undefined when something is wrong, which was then reported
 */
export async function readTiles(
  sources: readonly TileSource[],
  tileSize: number,
  request: EncodeRequest,
): Promise<SourceTile[] | undefined> {
  const images = new ImageReader(request, 'tiles');
  const taken = new TakenIndices('tile', request.report);
  const tiles: SourceTile[] = [];
  let pixels = 0;
  let isRight = true;
  for (const input of new Set(sources.map((source) => source.input))) {
    const ofInput = sources.filter((source) => source.input === input);
    const cut = await images.open(input, (file) => {
      const lines = ofInput.map((source) => ({ source, cells: cellsOf(source, file.header, tileSize, request) }));
      if (lines.some(({ cells }) => cells === undefined)) return undefined;
      pixels += file.header.width * file.header.height;
      checkPixels(pixels);
      const image = decodeImage(file);
      return lines.flatMap(({ source: { index, pointer }, cells = [] }) =>
        cells
          .map((cell, i) => ({ cell, index: index + i }))
          .filter((each) => taken.take(each.index, pointer))
          .map((each) => ({
            ...each,
            pointer,
            isIndexed: image.isIndexed,
            pixels: cutTile(image, each.cell, tileSize),
          })),
      );
    });
    if (cut === undefined) isRight = false;
    else tiles.push(...cut);
  }
  // Where images are missing, so are their indices.
  return isRight && taken.areDense() && taken.areUnique ? tiles.sort(byIndex) : undefined;
}

function checkPixels(pixels: number): void {
  if (pixels <= BANK_PIXELS_MAX) return;
  throw new ImageError('GLYPH_IMAGE_LIMIT', {
    what: 'with this image, those of the bank have too many pixels',
    expected: new Phrase(`at most ${BANK_PIXELS_MAX}`),
    actual: pixels,
  });
}

type Cell = readonly [column: number, row: number];

/** The cells of an image that a line asks for; undefined when it cannot have them. */
function cellsOf(
  source: TileSource,
  { width, height }: PngHeader,
  tileSize: number,
  { report }: EncodeRequest,
): Cell[] | undefined {
  const { pointer, input } = source;
  const wrong = (what: string, expected: string, actual: string, at = pointer): undefined =>
    report('GLYPH_IMAGE_SIZE', {
      what: `${show(input)}: ${what}`,
      where: { pointer: at },
      expected: new Phrase(expected),
      actual: new Phrase(actual),
    }) as undefined;
  const sides = `${width} x ${height}`;
  if (source.kind === 'image') {
    if (width === tileSize && height === tileSize) return [[0, 0]];
    return wrong('the image is not one tile', `${tileSize} x ${tileSize}, or column and row of a sheet`, sides);
  }
  if (width % tileSize !== 0 || height % tileSize !== 0) {
    return wrong('the image is no sheet of tiles', `sides that are multiples of ${tileSize}`, sides);
  }
  const [columns, rows] = [width / tileSize, height / tileSize];
  if (source.kind === 'cell') {
    const { column, row } = source;
    if (column < columns && row < rows) return [[column, row]];
    const last = `column at most ${columns - 1} and row at most ${rows - 1}`;
    return wrong('the sheet has no such cell', last, `column ${column} and row ${row}`);
  }
  const capacity = sheetCapacity(tileSize);
  if (source.index + columns * rows > capacity) {
    const index = source.index + columns * rows - 1;
    report('GLYPH_CAPACITY', capacityFault(pointer, 'tiles', capacity, { index }));
    return undefined;
  }
  return Array.from({ length: columns * rows }, (_, i) => [i % columns, Math.floor(i / columns)]);
}

function cutTile({ width, pixels }: Image, [column, row]: Cell, side: number): Int32Array {
  const tile = new Int32Array(side * side);
  for (let y = 0; y < side; y += 1) {
    const from = (row * side + y) * width + column * side;
    tile.set(pixels.subarray(from, from + side), y * side);
  }
  return tile;
}

/** Opens the images of a role; what is wrong with one is said once, at the place where it is listed. */
class ImageReader {
  readonly #request: EncodeRequest;
  readonly #role: string;

  constructor(request: EncodeRequest, role: string) {
    this.#request = request;
    this.#role = role;
  }

  /** @returns undefined when the image, or what is done with it, has a fault that was reported */
  async open<T>(input: string, use: (file: PngFile) => T): Promise<T | undefined> {
    const { inputs, report } = this.#request;
    try {
      return use(openPng(await this.#request.read(input)));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      const pointer = `/inputs/${this.#role}/${inputs.get(this.#role)?.indexOf(input)}`;
      const parts: DiagnosticParts = {
        ...error.parts,
        what: `${show(input)}: ${error.parts.what}`,
        where: { pointer },
      };
      report(error.code, parts);
      return undefined;
    }
  }
}
