/** A picture of a glyph bank: the whole sheet in one palette, as an indexed PNG that can be a source again. */
import { encode } from 'fast-png';
import { paletteOf, planeOf } from './payload.js';

/** Sides of a sheet, in pixels: both even. */
export interface SheetSize {
  readonly width: number;
  readonly height: number;
}

/** Most pixels that a picture is made of: 256 sheets of the usual size. */
export const PREVIEW_PIXELS_MAX = 16_777_216;

/**
 * Makes the picture. Pixels have the payload's indices, in the payload's order; each colour is expanded to 24 bits.
 *
 * @param payload As B1 has it.
 * @param palette 0 to 63.
 */
export function previewPng(payload: Uint8Array, { width, height }: SheetSize, palette: number): Uint8Array {
  // Four bits a pixel, the left one in the high nibble: PNG has the order of B2.
  const data = planeOf(payload, width, height);
  const colours = paletteOf(payload, data.length, palette);
  return encode({
    width,
    height,
    data,
    depth: 4,
    channels: 1,
    palette: colours.map((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  });
}
