/** The samples of a PNG: decompressed within the bound that its header gives, unfiltered, one sample an element. */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { invalid, type PngFile, type PngHeader } from './png-file.js';

/** Samples in the order of the image: rows from above, pixels from the left, channels. */
export type Samples = Uint8Array | Uint16Array;

/** Adam7: the pixels of each pass, by first column and row and the steps between them. */
const PASSES = [
  { x: 0, y: 0, xStep: 8, yStep: 8 },
  { x: 4, y: 0, xStep: 8, yStep: 8 },
  { x: 0, y: 4, xStep: 4, yStep: 8 },
  { x: 2, y: 0, xStep: 4, yStep: 4 },
  { x: 0, y: 2, xStep: 2, yStep: 4 },
  { x: 1, y: 0, xStep: 2, yStep: 2 },
  { x: 0, y: 1, xStep: 1, yStep: 2 },
];
const WHOLE = [{ x: 0, y: 0, xStep: 1, yStep: 1 }];

/** A part of an image that is stored as an image of its own: all of it, or a pass of Adam7. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly xStep: number;
  readonly yStep: number;
  readonly width: number;
  readonly height: number;
  /** Bytes when decompressed, with the filter byte of each row. */
  readonly size: number;
}

/**
 * Decodes the pixels.
 *
 * @throws ImageError `PNG_INVALID`
 */
export function readSamples({ header, data }: PngFile): Samples {
  const parts = partsOf(header);
  const raw = inflate(
    data,
    parts.reduce((sum, { size }) => sum + size, 0),
  );
  const { width, height, depth, channels } = header;
  const samples = new (depth === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  let at = 0;
  for (const part of parts) {
    place(unfiltered(raw.subarray(at, at + part.size), part, header), part, header, samples);
    at += part.size;
  }
  return samples;
}

function partsOf({ width, height, depth, channels, isInterlaced }: PngHeader): Part[] {
  return (isInterlaced ? PASSES : WHOLE)
    .map((pass) => {
      const columns = Math.max(0, Math.ceil((width - pass.x) / pass.xStep));
      const rows = Math.max(0, Math.ceil((height - pass.y) / pass.yStep));
      return { ...pass, width: columns, height: rows, size: rows * (1 + rowBytes(columns, depth, channels)) };
    })
    .filter((part) => part.width > 0 && part.height > 0);
}

function rowBytes(width: number, depth: number, channels: number): number {
  return Math.ceil((width * depth * channels) / 8);
}

/** Decompresses to exactly `size` bytes; stops as soon as there are more. */
function inflate(data: readonly Uint8Array[], size: number): Uint8Array {
  const packed = Buffer.concat(data);
  try {
    const { buffer, engine } = inflateSync(packed, { maxOutputLength: size, info: true }) as unknown as {
      readonly buffer: Uint8Array;
      readonly engine: { readonly bytesWritten: number };
    };
    if (buffer.length < size) throw invalid('the compressed data has fewer pixels than the image');
    if (engine.bytesWritten < packed.length) throw invalid('bytes follow the compressed data');
    return buffer;
  } catch (error) {
    switch ((error as { readonly code?: unknown }).code) {
      case 'ERR_BUFFER_TOO_LARGE':
        throw invalid('the compressed data has more pixels than the image');
      case 'Z_DATA_ERROR':
      case 'Z_BUF_ERROR':
      case 'Z_NEED_DICT':
        throw invalid('the compressed data is broken');
      default:
        throw error;
    }
  }
}

/**
 * Undoes the filters of one part. The library is handed an image of its own for each part, not the file: it takes the passes of Adam7 apart
 * wrongly below 8 bits, and would decompress without a bound.
 */
function unfiltered(raw: Uint8Array, part: Part, { depth, colour, channels }: PngHeader): Samples {
  const step = 1 + rowBytes(part.width, depth, channels);
  for (let at = 0; at < raw.length; at += step) {
    if ((raw[at] as number) > 4) throw invalid('a row has a filter that is not known');
  }
  const image = Buffer.concat([
    SIGNATURE,
    chunk('IHDR', ihdr(part.width, part.height, depth, colour)),
    chunk('IDAT', deflateSync(raw, { level: constants.Z_NO_COMPRESSION })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return decode(image).data as Samples;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function ihdr(width: number, height: number, depth: number, colour: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colour], 8);
  return data;
}

/** A chunk for a reader that does not look at the CRC. */
function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

/** Puts the samples of a part where they belong in the image; several samples in a byte are taken apart. */
function place(source: Samples, part: Part, { width, depth, channels }: PngHeader, target: Samples): void {
  const perByte = depth < 8 ? 8 / depth : 1;
  const mask = depth < 8 ? 2 ** depth - 1 : -1;
  const perRow = Math.ceil((part.width * channels) / perByte);
  for (let row = 0; row < part.height; row += 1) {
    for (let column = 0; column < part.width; column += 1) {
      const to = ((part.y + row * part.yStep) * width + part.x + column * part.xStep) * channels;
      for (let channel = 0; channel < channels; channel += 1) {
        const i = column * channels + channel;
        const byte = source[row * perRow + Math.floor(i / perByte)] as number;
        target[to + channel] = (byte >> (depth < 8 ? 8 - depth * ((i % perByte) + 1) : 0)) & mask;
      }
    }
  }
}
