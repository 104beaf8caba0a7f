/** Annotated hex as text. */
import { printable } from '../errors.js';
import { HEX_ROW, type HexRow } from '../read/annotate.js';

/** `00000020  7b 22 61 ...  {"a  header`; a row without bytes says what is left out. */
export function hexText({ offset, bytes, label }: HexRow): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const ascii = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  const columns = bytes.length === 0 ? '...' : `${hex.padEnd(HEX_ROW * 3 - 1)}  ${ascii.padEnd(HEX_ROW)}`;
  return `${offset.toString(16).padStart(8, '0')}  ${columns}  ${printable(label)}`.trimEnd();
}
