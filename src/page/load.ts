/** The page's data, out of the element that holds it. */
import { decodePageData, type ShownSide } from '../report/page-data.js';
import type { DiffReport } from '../report/results.js';

/** One file or two, and what differs. */
export interface Loaded {
  readonly sides: readonly ShownSide[];
  readonly diff?: DiffReport;
}

/** Unpacks and reads what the page carries. */
export async function load(): Promise<Loaded> {
  const text = document.getElementById('data')?.textContent ?? '';
  const packed = new Blob([fromBase64(text)]).stream();
  const plain = await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  return decodePageData(new Uint8Array(plain));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
