/** One entry of the cache, as bytes: its own digest, what an encoder said, and the payload. */
import { createHash } from 'node:crypto';
import { canonicalText } from '../codec/canonical.js';
import { isPlainObject, parseDocument } from '../codec/json-tree.js';
import { ERROR_TABLE, type ErrorRow } from '../error-table.js';
import type { Diagnostic } from '../errors.js';
import type { JsonObject } from '../format.js';

/** What the cache keeps of an encoded bank. */
export interface CachedBank {
  readonly payload: Uint8Array;
  readonly decodedSize: number;
  readonly metadata: JsonObject;
  /** What the encoder warned of, places relative to `asset.json`. */
  readonly warnings: readonly Diagnostic[];
}

const DIGEST_LENGTH = 64;
const NEWLINE = 0x0a;

/** `sha256` of bytes, in hex. */
export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** An entry: the digest of the rest, a line; the description, a line; the payload. */
export function entryBytes({ payload, decodedSize, metadata, warnings }: CachedBank): Uint8Array {
  // Metadata has 32 levels of its own, one below the description.
  const text = canonicalText({ decoded_size: decodedSize, metadata, warnings: JSON.stringify(warnings) }, -1);
  const description = new TextEncoder().encode(`${text}\n`);
  return Buffer.concat([Buffer.from(`${sha256Hex(description, payload)}\n`), description, payload]);
}

/** An entry's content; undefined when it is not what was once written. */
export function readEntry(bytes: Uint8Array): CachedBank | undefined {
  const rest = bytes.subarray(DIGEST_LENGTH + 1);
  if (Buffer.from(bytes.subarray(0, DIGEST_LENGTH)).toString('latin1') !== sha256Hex(rest)) return undefined;
  const end = rest.indexOf(NEWLINE);
  if (end < 0) return undefined;
  const description = read(() => parseDocument(rest.subarray(0, end)));
  if (description === undefined || description.faults.length > 0 || !isPlainObject(description.tree)) return undefined;
  const { decoded_size: decodedSize, metadata, warnings } = description.tree;
  if (typeof decodedSize !== 'number' || decodedSize < 0 || !isPlainObject(metadata)) return undefined;
  const list = typeof warnings === 'string' ? read(() => JSON.parse(warnings) as unknown) : undefined;
  if (!Array.isArray(list) || !list.every(isWarning)) return undefined;
  return { payload: rest.subarray(end + 1), decodedSize, metadata: metadata as JsonObject, warnings: list };
}

function read<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function isWarning(value: unknown): value is Diagnostic {
  if (!isPlainObject(value) || !isPlainObject(value['where'])) return false;
  const { code, message, severity } = value;
  const row = typeof code === 'string' && Object.hasOwn(ERROR_TABLE, code) ? rows[code] : undefined;
  return row?.kinds.includes('warning') === true && typeof message === 'string' && severity === 'warning';
}

const rows: { readonly [code: string]: ErrorRow } = ERROR_TABLE;
