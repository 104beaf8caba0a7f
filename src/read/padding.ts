/** Gate 9: what lies between and behind the slices (E5, E6, T5). */
import type { Diagnostics } from '../errors.js';
import { type AssetEntry, PRELUDE_SIZE } from '../format.js';
import type { OpenFile } from '../host/fs.js';

/** Where the parts of a file lie whose layout is right. */
export interface LaidOut {
  readonly headerLen: number;
  readonly payloadOffset: number;
  readonly entries: readonly AssetEntry[];
  /** Bytes of the whole file. */
  readonly fileSize: number;
}

/**
 * Reads every padding byte and reports the first that is not zero, and the first byte after the last payload.
 *
 * @param report Receives at most one `PADDING_NOT_ZERO` and one `TRAILING_BYTES`.
 */
export async function checkPadding(file: OpenFile, laidOut: LaidOut, report: Diagnostics): Promise<void> {
  const { headerLen, payloadOffset, entries, fileSize } = laidOut;
  const window = new Window(file);
  let end = PRELUDE_SIZE + headerLen;
  const starts = [payloadOffset, ...entries.map(({ offset }) => payloadOffset + offset)];
  const sizes = [0, ...entries.map(({ size }) => size)];
  for (const [i, start] of starts.entries()) {
    const at = await window.firstNonZero(end, start);
    if (at !== undefined) {
      report.report('PADDING_NOT_ZERO', {
        what: 'a padding byte is not zero',
        clause: i === 0 ? 'E5' : 'T5',
        where: { offset: at.position },
        expected: 0,
        actual: at.byte,
      });
      break;
    }
    end = start + (sizes[i] as number);
  }
  const last = entries.at(-1);
  const fileEnd = payloadOffset + (last === undefined ? 0 : last.offset + last.size);
  if (fileSize <= fileEnd) return;
  report.report('TRAILING_BYTES', {
    what: 'the file goes on after the last payload',
    where: { offset: fileEnd },
    expected: fileEnd,
    actual: fileSize,
  });
}

const WINDOW_SIZE = 65_536;

/** Reads a file forward through one buffer, so that a million small gaps cost no more than the file has pages. */
class Window {
  readonly #file: OpenFile;
  readonly #buffer = new Uint8Array(WINDOW_SIZE);
  #start = 0;
  #filled = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** The first byte of `[from, to)` that is not zero. */
  async firstNonZero(from: number, to: number): Promise<{ position: number; byte: number } | undefined> {
    for (let position = from; position < to; position += 1) {
      if (position >= this.#start + this.#filled) await this.#fill(position);
      if (this.#filled === 0) return undefined;
      const byte = this.#buffer[position - this.#start] as number;
      if (byte !== 0) return { position, byte };
    }
    return undefined;
  }

  async #fill(position: number): Promise<void> {
    const { bytesRead } = await this.#file.read(this.#buffer, 0, WINDOW_SIZE, position);
    this.#start = position;
    this.#filled = bytesRead;
  }
}
