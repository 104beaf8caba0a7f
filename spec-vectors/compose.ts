/**
 * Lays artifacts by hand: bytes from literals, nothing from the packer. What a vector holds is what its case says, field by field.
 */

/** The prelude's fields; what a case leaves out is what a right file has. */
export interface PreludeFields {
  readonly magic?: readonly number[];
  readonly schemaVersion?: number;
  readonly headerLen?: number;
  readonly payloadOffset?: number | bigint;
  readonly flags?: number;
  readonly reserved?: number;
  readonly headerChecksum?: number;
}

/** One artifact, part by part. */
export interface Parts {
  readonly prelude?: PreludeFields;
  /** The header: text, or bytes where text cannot say it. */
  readonly header: string | Uint8Array;
  /** Bytes between header and payload region; by default none. */
  readonly gap?: Uint8Array;
  /** The payload region, padding included; by default empty. */
  readonly region?: Uint8Array;
}

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes one after the other. */
export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** `length` zeros. */
export function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** The bytes 1, 2, 3, ... as a payload that shows where it lies. */
export function counting(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
}

/** The 32 bytes of a prelude. */
export function prelude(fields: Required<PreludeFields>): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  bytes.set(fields.magic, 0);
  view.setUint32(4, fields.schemaVersion, true);
  view.setUint32(8, fields.headerLen, true);
  view.setBigUint64(12, BigInt(fields.payloadOffset), true);
  view.setUint32(20, fields.flags, true);
  view.setUint32(24, fields.reserved, true);
  view.setUint32(28, fields.headerChecksum, true);
  return bytes;
}

/** A whole artifact. */
export function artifact({ prelude: fields = {}, header, gap = zeros(0), region = zeros(0) }: Parts): Uint8Array {
  const headerBytes = typeof header === 'string' ? utf8(header) : header;
  const right = {
    magic: [0x41, 0x53, 0x50, 0x41],
    schemaVersion: 1,
    headerLen: headerBytes.length,
    payloadOffset: 32 + headerBytes.length + gap.length,
    flags: 0,
    reserved: 0,
    headerChecksum: 0,
  };
  return concat(prelude({ ...right, ...fields }), headerBytes, gap, region);
}

/** Members of an entry, each as it stands in the text; what a case leaves out is that of a small sound. */
export interface EntryText {
  readonly asset_id?: string;
  readonly asset_name?: string;
  readonly bank_type?: string;
  readonly codec?: string;
  readonly decoded_size?: string;
  readonly metadata?: string;
  readonly offset?: string;
  readonly size?: string;
}

/** The text of an entry, members in canonical order. */
export function entry(members: EntryText = {}): string {
  const m = {
    asset_id: '1',
    asset_name: '"a"',
    bank_type: '"SOUNDS"',
    codec: '"NONE"',
    decoded_size: '4',
    metadata: '{}',
    offset: '0',
    size: '4',
    ...members,
  };
  return (
    `{"asset_id":${m.asset_id},"asset_name":${m.asset_name},"bank_type":${m.bank_type},"codec":${m.codec},` +
    `"decoded_size":${m.decoded_size},"metadata":${m.metadata},"offset":${m.offset},"size":${m.size}}`
  );
}

/** The text of a header. */
export function header(entries: readonly string[], preload: readonly string[] = []): string {
  return `{"asset_table":[${entries.join(',')}],"preload":[${preload.join(',')}]}`;
}
