/** What a PNG means for a glyph bank: indices with their palette, or colours. */
import { COLOUR, ImageError, invalid, type PngFile } from './png-file.js';
import { readSamples, type Samples } from './png-samples.js';

/** A decoded image. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** Whether pixels are indices of a palette, as they stand in the file; else they are colours. */
  readonly isIndexed: boolean;
  /** Row by row: indices, colours `0xrrggbb`, {@link TRANSPARENT} or {@link PARTIAL}. */
  readonly pixels: Int32Array;
}

/** A fully transparent pixel. */
export const TRANSPARENT = -1;
/** A pixel that is neither opaque nor fully transparent. */
export const PARTIAL = -2;

/**
 * Decodes an image. Colours are taken as they are stored: gamma, profiles and other hints are passed over, and so is the transparency of an
 * indexed image, whose indices say everything.
 *
 * @throws ImageError `PNG_INVALID`; `GLYPH_COLOURS` for 16-bit samples that 8 bits cannot hold
 */
export function decodeImage(file: PngFile): Image {
  const { width, height, colour } = file.header;
  const isIndexed = colour === COLOUR.indexed;
  const samples = readSamples(file);
  const pixels = isIndexed ? indices(file, samples) : colours(file, samples);
  return { width, height, isIndexed, pixels };
}

/** The colours of an indexed image's palette, `0xrrggbb`; undefined when the image is not indexed. */
export function paletteColours({ header, palette }: PngFile): number[] | undefined {
  if (header.colour !== COLOUR.indexed || palette === undefined) return undefined;
  return Array.from({ length: palette.length / 3 }, (_, i) =>
    rgb(palette[i * 3] as number, palette[i * 3 + 1] as number, palette[i * 3 + 2] as number),
  );
}

function rgb(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue;
}

function indices({ palette }: PngFile, samples: Samples): Int32Array {
  const count = (palette?.length ?? 0) / 3;
  if (samples.some((index) => index >= count)) throw invalid(`a pixel has an index beyond the palette of ${count}`);
  return new Int32Array(samples);
}

function colours({ header: { depth, channels, width, height }, transparency }: PngFile, samples: Samples): Int32Array {
  // The samples of green and blue lie this far behind that of red.
  const apart = channels <= 2 ? 0 : 1;
  const hasAlpha = channels === 2 || channels === 4;
  const opaque = 2 ** depth - 1;
  const clear = transparency && sampleValues(transparency, opaque);
  const pixels = new Int32Array(width * height);
  for (let i = 0; i < pixels.length; i += 1) {
    const at = i * channels;
    const alpha = hasAlpha ? samples[at + channels - 1] : opaque;
    const isClear = clear?.every((value, each) => value === samples[at + each]);
    if (alpha === 0 || isClear) pixels[i] = TRANSPARENT;
    else if (alpha !== opaque) pixels[i] = PARTIAL;
    else {
      const red = to8Bits(samples[at] as number, depth);
      const green = to8Bits(samples[at + apart] as number, depth);
      const blue = to8Bits(samples[at + 2 * apart] as number, depth);
      pixels[i] = rgb(red, green, blue);
    }
  }
  return pixels;
}

/** tRNS of a grey or true-colour image: 16 bits a sample, of which only those of the image's depth count. */
function sampleValues(transparency: Uint8Array, mask: number): number[] {
  return Array.from(
    { length: transparency.length / 2 },
    (_, i) => (((transparency[2 * i] as number) << 8) | (transparency[2 * i + 1] as number)) & mask,
  );
}

/** A sample of `depth` bits as 8 bits, without loss. */
function to8Bits(sample: number, depth: number): number {
  if (depth < 16) return (sample * 255) / (2 ** depth - 1);
  if (sample % 257 === 0) return sample / 257;
  throw new ImageError('GLYPH_COLOURS', {
    what: 'the image has samples of 16 bits that 8 bits cannot hold',
    hint: 'save it with 8 bits a sample',
  });
}
