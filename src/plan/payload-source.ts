/** Payloads as things to read: size known beforehand, opened when their turn comes, read once (W2, W3). */
import type { LocatedFile, OpenSource } from '../host/source-file.js';

/** A payload before it is read. */
export interface Source {
  /** Bytes that it will give; undefined for a stream that nobody has measured yet. */
  readonly size: number | undefined;
  /** The plan's own path, when the payload is a file inside the root (C3). */
  readonly insideName?: string | undefined;
  /** The payload, when it is in memory. */
  readonly bytes?: Uint8Array | undefined;
  /** The file, when it is one of the machine's own: any thread can read it. */
  readonly located?: LocatedFile | undefined;
  open(): Promise<OpenSource>;
}

/**
 * A payload that stands in the plan, or in the memory of the program that made it. It keeps where its bytes lie, and makes a view when one is asked
 * for: a million views would take more memory than the bytes.
 */
export class InlinePayload implements Source {
  readonly size: number;
  readonly #memory: ArrayBufferLike;
  readonly #start: number;

  constructor({ buffer, byteOffset, length }: Uint8Array) {
    this.#memory = buffer;
    this.#start = byteOffset;
    this.size = length;
  }

  get kind(): 'bytes' {
    return 'bytes';
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#memory, this.#start, this.size);
  }

  async open(): Promise<OpenSource> {
    const { bytes } = this;
    let at = 0;
    return {
      isStream: false,
      read: async (into) => {
        const part = bytes.subarray(at, at + into.length);
        into.set(part);
        at += part.length;
        return part.length;
      },
      finish: async () => {},
      close: async () => {},
    };
  }
}
