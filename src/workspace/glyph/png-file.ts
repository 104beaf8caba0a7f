/**
 * The container of a PNG: signature, chunks, their order and their CRCs (PNG third edition, clauses 5 and 11). Nothing is
 * decompressed here, and sizes are bounded as soon as they are known.
 */
import { crc32 } from 'node:zlib';
import { type DiagnosticParts, type ErrorCode, Phrase } from '../../errors.js';

/** Longest PNG that is read, in bytes. */
export const PNG_BYTES_MAX = 33_554_432;
/** Longest side, in pixels. */
export const PNG_SIDE_MAX = 4_096;
/** Most pixels: 64 whole sheets. */
export const PNG_PIXELS_MAX = 4_194_304;

/** Why an image cannot be read. The caller knows which image it is, and where it was named. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ErrorCode;
  readonly parts: DiagnosticParts;

  constructor(code: ErrorCode, parts: DiagnosticParts) {
    super(parts.what);
    this.code = code;
    this.parts = parts;
  }
}

/** Colour types, as IHDR numbers them. */
export const COLOUR = { grey: 0, rgb: 2, indexed: 3, greyAlpha: 4, rgba: 6 } as const;
type ColourType = (typeof COLOUR)[keyof typeof COLOUR];

/** What each colour type is made of: samples a pixel, and the depths that it may have. */
const COLOUR_TYPES: ReadonlyMap<number, { readonly channels: number; readonly depths: readonly number[] }> = new Map([
  [COLOUR.grey, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [COLOUR.rgb, { channels: 3, depths: [8, 16] }],
  [COLOUR.indexed, { channels: 1, depths: [1, 2, 4, 8] }],
  [COLOUR.greyAlpha, { channels: 2, depths: [8, 16] }],
  [COLOUR.rgba, { channels: 4, depths: [8, 16] }],
]);

/** IHDR, checked. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  readonly colour: ColourType;
  /** Samples a pixel. */
  readonly channels: number;
  readonly isInterlaced: boolean;
}

/** A PNG, still compressed. */
export interface PngFile {
  readonly header: PngHeader;
  /** PLTE: three bytes a colour. */
  readonly palette: Uint8Array | undefined;
  /** tRNS, as it stands. */
  readonly transparency: Uint8Array | undefined;
  /** The contents of the IDAT chunks. */
  readonly data: readonly Uint8Array[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHUNK_OVERHEAD = 12;
const IHDR_LENGTH = 13;
const CHUNK_TYPE = /^[A-Za-z]{4}$/;

/**
 * Takes a PNG apart.
 *
 * @throws ImageError `PNG_INVALID`, `GLYPH_IMAGE_LIMIT`, `GLYPH_IMAGE_ANIMATED`
 */
export function openPng(bytes: Uint8Array): PngFile {
  if (bytes.length > PNG_BYTES_MAX) {
    throw new ImageError('GLYPH_IMAGE_LIMIT', {
      what: 'the image has too many bytes',
      expected: new Phrase(`at most ${PNG_BYTES_MAX}`),
      actual: bytes.length,
    });
  }
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw invalid('it does not begin as a PNG does', 0);
  return new ChunkReader(bytes).read();
}

/** A chunk whose CRC is right. */
interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Byte in the file. */
  readonly at: number;
}

class ChunkReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #header: PngHeader | undefined;
  #palette: Uint8Array | undefined;
  #transparency: Uint8Array | undefined;
  readonly #data: Uint8Array[] = [];
  /** The type of the chunk before. */
  #previous = '';

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): PngFile {
    let at = SIGNATURE.length;
    for (;;) {
      const chunk = this.#chunkAt(at);
      at += CHUNK_OVERHEAD + chunk.data.length;
      if (chunk.type === 'IEND') return this.#finish(chunk, at);
      this.#take(chunk);
      this.#previous = chunk.type;
    }
  }

  #chunkAt(at: number): Chunk {
    const left = this.#bytes.length - at;
    if (left < CHUNK_OVERHEAD) throw invalid('the file ends before its IEND chunk', this.#bytes.length);
    const length = this.#view.getUint32(at);
    if (length > left - CHUNK_OVERHEAD) throw invalid('a chunk ends after the file', at);
    const end = at + 8 + length;
    const type = String.fromCharCode(...this.#bytes.subarray(at + 4, at + 8));
    if (!CHUNK_TYPE.test(type)) throw invalid('a chunk has no type', at);
    if (crc32(this.#bytes.subarray(at + 4, end)) !== this.#view.getUint32(end)) {
      throw invalid(`the CRC of a chunk ${type} is wrong`, at);
    }
    return { type, data: this.#bytes.subarray(at + 8, end), at };
  }

  #take(chunk: Chunk): void {
    const { type, at } = chunk;
    if ((this.#header === undefined) !== (type === 'IHDR')) throw invalid(`a chunk ${type} is out of order`, at);
    switch (type) {
      case 'IHDR':
        this.#header = readHeader(chunk);
        break;
      case 'PLTE':
        this.#palette = this.#readPalette(chunk);
        break;
      case 'tRNS':
        this.#transparency = this.#readTransparency(chunk);
        break;
      case 'IDAT':
        if (this.#data.length > 0 && this.#previous !== 'IDAT') throw invalid('a chunk IDAT is out of order', at);
        this.#data.push(chunk.data);
        break;
      case 'acTL':
        throw new ImageError('GLYPH_IMAGE_ANIMATED', {
          what: 'the image is animated',
          hint: 'save each frame that is a tile as a PNG of its own',
          details: { offset: at },
        });
      default:
        // A capital letter first: whoever does not know the chunk cannot show the image.
        if (/^[A-Z]/.test(type)) throw invalid(`a chunk ${type} is not known`, at);
    }
  }

  #readPalette({ data, at }: Chunk): Uint8Array {
    const { colour, depth } = this.#header as PngHeader;
    if (this.#palette !== undefined || this.#transparency !== undefined || this.#data.length > 0) {
      throw invalid('a chunk PLTE is out of order', at);
    }
    if (colour === COLOUR.grey || colour === COLOUR.greyAlpha) throw invalid('a grey image has a chunk PLTE', at);
    const most = colour === COLOUR.indexed ? 2 ** depth : 256;
    if (data.length === 0 || data.length % 3 !== 0 || data.length > most * 3) {
      throw invalid(`the chunk PLTE does not hold 1 to ${most} colours`, at);
    }
    return data;
  }

  #readTransparency({ data, at }: Chunk): Uint8Array {
    const { colour } = this.#header as PngHeader;
    const isLate = this.#transparency !== undefined || this.#data.length > 0;
    if (isLate || (colour === COLOUR.indexed && this.#palette === undefined)) {
      throw invalid('a chunk tRNS is out of order', at);
    }
    const lengths = { [COLOUR.grey]: 2, [COLOUR.rgb]: 6 } as { readonly [colour: number]: number | undefined };
    const isRight =
      colour === COLOUR.indexed ? data.length * 3 <= (this.#palette?.length ?? 0) : data.length === lengths[colour];
    if (!isRight) throw invalid('the chunk tRNS does not fit the image', at);
    return data;
  }

  #finish({ data, at }: Chunk, end: number): PngFile {
    const header = this.#header;
    if (header === undefined || this.#data.length === 0) throw invalid('the image has no pixels', at);
    if (data.length > 0) throw invalid('the chunk IEND is not empty', at);
    if (header.colour === COLOUR.indexed && this.#palette === undefined) {
      throw invalid('an indexed image has no chunk PLTE', at);
    }
    if (end < this.#bytes.length) throw invalid('bytes follow the image', end);
    return { header, palette: this.#palette, transparency: this.#transparency, data: this.#data };
  }
}

function readHeader({ data, at }: Chunk): PngHeader {
  if (data.length !== IHDR_LENGTH) throw invalid('the chunk IHDR has a wrong length', at);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = data.subarray(8);
  const kind = COLOUR_TYPES.get(colour);
  if (kind?.depths.includes(depth) !== true) throw invalid(`there is no colour type ${colour} of ${depth} bits`, at);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw invalid('its compression, filter or interlacing is not known', at);
  if (width === 0 || height === 0) throw invalid('the image has no pixels', at);
  if (width > PNG_SIDE_MAX || height > PNG_SIDE_MAX || width * height > PNG_PIXELS_MAX) {
    throw new ImageError('GLYPH_IMAGE_LIMIT', {
      what: 'the image has too many pixels',
      expected: new Phrase(`sides of at most ${PNG_SIDE_MAX} and at most ${PNG_PIXELS_MAX} pixels`),
      actual: new Phrase(`${width} x ${height}`),
    });
  }
  return {
    width,
    height,
    depth,
    colour: colour as ColourType,
    channels: kind.channels,
    isInterlaced: interlace === 1,
  };
}

/** A file that is no PNG, or a broken one. */
export function invalid(what: string, offset?: number): ImageError {
  return new ImageError('PNG_INVALID', {
    what,
    hint: 'save the image again as a PNG',
    ...(offset !== undefined && { details: { offset } }),
  });
}
