/** The canonical form alone (H2-H6), in the manner of the RFC 8785 test data. */

/** Files below `canonical-json/`, by path. */
export function canonicalJsonFiles(): Map<string, string | Uint8Array> {
  return new Map();
}
