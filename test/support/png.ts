/** Writes PNGs of every kind, right and wrong, without the library that reads them. */
import { crc32, deflateSync } from 'node:zlib';

/** An image to be written. */
export interface RawPng {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  /** Colour type, as IHDR has it. */
  readonly colour: 0 | 2 | 3 | 4 | 6;
  /** Row by row, channel by channel. */
  readonly samples: ArrayLike<number>;
  /** PLTE: `0xrrggbb`. */
  readonly palette?: readonly number[];
  /** tRNS, as bytes. */
  readonly transparency?: readonly number[];
  readonly interlaced?: boolean;
  /** The filter of each row, 0 to 4; rows of the passes of Adam7 count on. */
  readonly filter?: (row: number) => number;
  /** Bytes of an IDAT chunk. */
  readonly idat?: number;
}

/** Parts of a file that are wrong on purpose. */
export interface Wrong {
  /** Replaces the 13 bytes of IHDR from this offset on. */
  readonly ihdr?: readonly [offset: number, ...bytes: number[]];
  /** Changes what is compressed. */
  readonly raw?: (raw: Buffer) => Uint8Array;
  /** Changes the compressed data. */
  readonly data?: (data: Buffer) => Uint8Array;
  /** Changes the list of chunks. */
  readonly chunks?: (chunks: Buffer[]) => Buffer[];
}

export const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const ADAM7 = ['0 0 8 8', '4 0 8 8', '0 4 4 8', '2 0 4 4', '0 2 2 4', '1 0 2 2', '0 1 1 2'].map((pass) =>
  pass.split(' ').map(Number),
) as [number, number, number, number][];

/** A chunk with its CRC. */
export function chunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

/** The bytes of a PNG. */
export function png(image: RawPng, wrong: Wrong = {}): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(image.width, 0);
  ihdr.writeUInt32BE(image.height, 4);
  ihdr.set([image.depth, image.colour, 0, 0, image.interlaced === true ? 1 : 0], 8);
  const [offset = 0, ...bytes] = wrong.ihdr ?? [];
  ihdr.set(bytes, offset);
  const raw = rows(image);
  const packed = deflateSync(wrong.raw?.(raw) ?? raw);
  const data = wrong.data?.(packed) ?? packed;
  const size = image.idat ?? (data.length || 1);
  const pieces = Array.from({ length: Math.max(1, Math.ceil(data.length / size)) }, (_, i) =>
    chunk('IDAT', data.subarray(i * size, (i + 1) * size)),
  );
  const { palette, transparency } = image;
  const chunks = [
    chunk('IHDR', ihdr),
    ...(palette ? [chunk('PLTE', Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])))] : []),
    ...(transparency ? [chunk('tRNS', Buffer.from(transparency))] : []),
    ...pieces,
    chunk('IEND'),
  ];
  return Buffer.concat([SIGNATURE, ...(wrong.chunks?.(chunks) ?? chunks)]);
}

/** An indexed image of 8 bits a pixel. */
export function indexedPng(width: number, pixels: ArrayLike<number>, palette: readonly number[]): Buffer {
  return png({ width, height: pixels.length / width, depth: 8, colour: 3, samples: pixels, palette });
}

/** A true-colour image of `0xrrggbb`. */
export function rgbPng(width: number, pixels: readonly number[]): Buffer {
  const samples = pixels.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]);
  return png({ width, height: pixels.length / width, depth: 8, colour: 2, samples });
}

/** A true-colour image with alpha; undefined is a fully transparent pixel. */
export function rgbaPng(width: number, pixels: readonly (number | undefined)[], alpha = 255): Buffer {
  const samples = pixels.flatMap((c) => (c === undefined ? [9, 9, 9, 0] : [c >> 16, (c >> 8) & 255, c & 255, alpha]));
  return png({ width, height: pixels.length / width, depth: 8, colour: 6, samples });
}

/** What is compressed: filtered rows, of each pass in turn. */
function rows({ width, height, depth, colour, samples, interlaced, filter = () => 0 }: RawPng): Buffer {
  const channels = CHANNELS[colour];
  const passes = interlaced === true ? ADAM7 : ([[0, 0, 1, 1]] as typeof ADAM7);
  const out: Buffer[] = [];
  for (const [left, top, xStep, yStep] of passes) {
    let previous: Buffer | undefined;
    for (let y = top; y < height; y += yStep) {
      const row: number[] = [];
      for (let x = left; x < width; x += xStep) {
        for (let c = 0; c < channels; c += 1) row.push(samples[(y * width + x) * channels + c] as number);
      }
      if (row.length === 0) continue;
      const bytes = pack(row, depth);
      const type = filter(out.length);
      const pixel = Math.max(1, (channels * depth) / 8);
      out.push(Buffer.from([type, ...filtered(type, bytes, previous ?? Buffer.alloc(bytes.length), pixel)]));
      previous = bytes;
    }
  }
  return Buffer.concat(out);
}

/** Samples as bits, the first in the highest. */
function pack(row: readonly number[], depth: number): Buffer {
  if (depth === 16) return Buffer.from(row.flatMap((sample) => [sample >> 8, sample & 255]));
  const bytes = Buffer.alloc(Math.ceil((row.length * depth) / 8));
  for (const [i, sample] of row.entries()) {
    const bit = i * depth;
    bytes[bit >> 3] = (bytes[bit >> 3] as number) | (sample << (8 - depth - (bit & 7)));
  }
  return bytes;
}

function filtered(type: number, row: Buffer, above: Buffer, pixel: number): number[] {
  return [...row].map((byte, i) => {
    const [a, b, c] = [row[i - pixel] ?? 0, above[i] as number, above[i - pixel] ?? 0];
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
    const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    return (byte - ([0, a, b, (a + b) >> 1, paeth][type] ?? 0)) & 255;
  });
}
