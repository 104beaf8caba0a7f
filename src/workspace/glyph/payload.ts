/** The bytes of a glyph bank (B1 to B3): a plane of 4-bit indices, then 64 palettes of RGB565 colours. */
import { BYTES_PER_COLOUR, COLOURS_PER_PALETTE, PALETTE_COUNT } from '../../codec/bank-rules.js';
import { fromRgb565, toRgb565 } from './rgb565.js';

/** B3: sides of the sheet, in pixels. */
export const SHEET_SIDE = 256;

const PALETTE_BYTES = COLOURS_PER_PALETTE * BYTES_PER_COLOUR;

/** How many tiles the sheet holds (B3). */
export function sheetCapacity(tileSize: number): number {
  return (SHEET_SIDE / tileSize) ** 2;
}

/**
 * Lays out the payload.
 *
 * @param tiles `tileSize * tileSize` indices each, below 16; in the order of their indices. Cells without a tile are zero.
 * @param palettes Up to 16 colours `0xrrggbb` each; the rest is zero.
 */
export function encodePayload(
  tileSize: number,
  tiles: readonly Uint8Array[],
  palettes: readonly (readonly number[])[],
): Uint8Array {
  const planeBytes = (SHEET_SIDE * SHEET_SIDE) / 2;
  const bytes = new Uint8Array(planeBytes + PALETTE_COUNT * PALETTE_BYTES);
  const perRow = SHEET_SIDE / tileSize;
  for (const [index, tile] of tiles.entries()) {
    const corner = Math.floor(index / perRow) * tileSize * SHEET_SIDE + (index % perRow) * tileSize;
    for (const [i, colour] of tile.entries()) {
      const at = corner + Math.floor(i / tileSize) * SHEET_SIDE + (i % tileSize);
      // B2: the left pixel has the high nibble.
      bytes[at >> 1] = (bytes[at >> 1] as number) | (colour << (at % 2 === 0 ? 4 : 0));
    }
  }
  const view = new DataView(bytes.buffer);
  for (const [palette, colours] of palettes.entries()) {
    for (const [i, colour] of colours.entries()) {
      view.setUint16(planeBytes + palette * PALETTE_BYTES + i * BYTES_PER_COLOUR, toRgb565(colour), true);
    }
  }
  return bytes;
}

/** The plane of a payload: two pixels a byte, as it stands. */
export function planeOf(payload: Uint8Array, width: number, height: number): Uint8Array {
  return payload.subarray(0, (width * height) / 2);
}

/** The 16 colours `0xrrggbb` of a palette of a payload whose plane has `planeBytes` bytes. */
export function paletteOf(payload: Uint8Array, planeBytes: number, palette: number): number[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const start = planeBytes + palette * PALETTE_BYTES;
  return Array.from({ length: COLOURS_PER_PALETTE }, (_, i) =>
    fromRgb565(view.getUint16(start + i * BYTES_PER_COLOUR, true)),
  );
}
