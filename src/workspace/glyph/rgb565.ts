/** Colours of 24 bits (`0xrrggbb`) and of 16 (RGB565). */

/** Takes the upper 5, 6 and 5 bits: what most tools do. */
export function toRgb565(colour: number): number {
  return ((colour >> 8) & 0xf800) | ((colour >> 5) & 0x07e0) | ((colour >> 3) & 0x001f);
}

/** Fills the lower bits with the upper ones, so that black stays black and white stays white. */
export function fromRgb565(word: number): number {
  const [red, green, blue] = [word >> 11, (word >> 5) & 63, word & 31];
  return (((red << 3) | (red >> 2)) << 16) | (((green << 2) | (green >> 4)) << 8) | (blue << 3) | (blue >> 2);
}

/** `#rrggbb` to `0xrrggbb`; undefined when it is no colour. */
export function parseColour(text: string): number | undefined {
  return /^#[0-9a-fA-F]{6}$/.test(text) ? Number.parseInt(text.slice(1), 16) : undefined;
}

/** `0xrrggbb` to `#rrggbb`. */
export function colourText(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
