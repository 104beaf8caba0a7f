/** How deep a text nests, told before anything is built from it. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether brackets outside strings nest deeper than a limit. `JSON.parse` needs 50 bytes for each open one, and 20 GB for a header that consists
 * of them.
 *
 * @param bytes JSON, or something that claims to be.
 */
export function nestsDeeper(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const c = bytes[i] as number;
    if (c === QUOTE) {
      // To the quote that ends the string. Strings are short: a loop is quicker than a search.
      for (i += 1; i < bytes.length && bytes[i] !== QUOTE; i += 1) if (bytes[i] === BACKSLASH) i += 1;
    } else if (c === 0x5b || c === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (c === 0x5d || c === 0x7d) depth -= 1;
  }
  return false;
}
