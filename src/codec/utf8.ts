/**
 * UTF-8 validity by position (H2): `TextDecoder` says whether, this says where.
 */

/**
 * The offset of the first byte that is no part of well-formed UTF-8 (RFC 3629: overlong forms, encoded surrogates and
 * code points above U+10FFFF are ill-formed), or -1.
 */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  const end = validUtf8End(bytes, 0, bytes.length);
  return end < bytes.length ? end : -1;
}

/**
 * How far a text is well-formed UTF-8, for texts that are looked at in portions.
 *
 * @param start Where a character begins.
 * @returns The first place from `end` on where a character ends; or before `end`, the first byte that is no part of well-formed UTF-8.
 */
export function validUtf8End(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    if ((bytes[i] as number) < 0x80) {
      i = asciiEnd(bytes, i, end);
      continue;
    }
    const width = sequenceLength(bytes, i);
    if (width === 0) return i;
    i += width;
  }
  return i;
}

/** How far a text is ASCII, from an ASCII byte on: four bytes at once in long texts, which takes half the time. */
function asciiEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start + 1;
  if (end - i >= 64) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    while (i + 4 <= end && (view.getUint32(i) & 0x80808080) === 0) i += 4;
  }
  while (i < end && (bytes[i] as number) < 0x80) i += 1;
  return i;
}

/** Length of the well-formed multi-byte sequence at `i`, or 0. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] as number;
  const second = bytes[i + 1] ?? 0;
  if (lead >= 0xc2 && lead <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(bytes[i + 2]) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xf4 ? 0x8f : 0xbf;
    const tail = isContinuation(bytes[i + 2]) && isContinuation(bytes[i + 3]);
    return second >= low && second <= high && tail ? 4 : 0;
  }
  return 0;
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Bytes that `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: each half counts one more.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}

/** Bytes of a text that a message shows. */
const EXCERPT = 24;

/** The beginning of what stands at a byte of a text, from the character's first byte on; undefined at the end. */
export function textAt(bytes: Uint8Array, at: number): string | undefined {
  let start = at;
  while (start > Math.max(0, at - 3) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const part = bytes.subarray(start, at + EXCERPT);
  return part.length === 0 ? undefined : new TextDecoder().decode(part);
}
