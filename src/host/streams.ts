/** Writing into a stream of the caller. */

/** The part of Node's `Writable` that a stream sink uses. */
export interface WritableLike {
  /** The error that ended the stream, when one did. */
  readonly errored?: Error | null;
  write(chunk: Uint8Array, callback: (error?: Error | null) => void): boolean;
  end(callback: (error?: Error | null) => void): unknown;
  destroy(error?: Error): unknown;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
  off(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
}

/** How a stream is treated. */
export interface StreamSinkOptions {
  /** Whether the stream is ended after the last byte. Defaults to true; false suits `process.stdout`. */
  readonly end?: boolean;
  /**
   * Whether the stream may look at a chunk after its callback. Defaults to true: each is a copy of its own. With false, which suits
   * `process.stdout`, one buffer serves all of them.
   */
  readonly keepsChunks?: boolean;
}

/** A writable stream as promises. Its methods reject with what the stream reports. */
export class StreamWriter {
  readonly #stream: WritableLike;
  readonly #endsStream: boolean;
  /** Holds what the stream was given last, when it keeps nothing longer. */
  #chunk: Uint8Array | undefined;
  /** Set once the stream has failed or closed under us. */
  #failure: Error | undefined;
  /** Rejects what is being waited for. */
  #rejectCurrent: (error: Error) => void = () => {};
  readonly #onError = (error?: Error): void => this.#fail(error ?? new Error('the stream failed'));
  readonly #onClose = (): void => this.#fail(new Error('the stream was closed before everything was written'));

  constructor(stream: WritableLike, { end = true, keepsChunks = true }: StreamSinkOptions = {}) {
    this.#stream = stream;
    this.#endsStream = end;
    if (!keepsChunks) this.#chunk = new Uint8Array();
  }

  /** Begins to listen. */
  open(): void {
    this.#failure = this.#stream.errored ?? undefined;
    this.#stream.on('error', this.#onError);
    this.#stream.on('close', this.#onClose);
  }

  /** Resolves when the stream has taken the bytes. A copy is handed over: not every stream takes shared memory, or lets go of what it was given. */
  write(bytes: Uint8Array): Promise<void> {
    const chunk = this.#copy(bytes);
    return this.#settle((done) => this.#stream.write(chunk, done));
  }

  /** Ends the stream and waits until everything is flushed. */
  async close(): Promise<void> {
    if (this.#endsStream) await this.#settle((done) => this.#stream.end(done));
    this.#detach();
  }

  /** Destroys the stream: what was written cannot be taken back (W9). */
  abort(reason: Error): void {
    this.#detach();
    // A destroyed stream reports the reason as an error event; the caller gets it from the failed operation.
    this.#stream.on('error', () => {});
    this.#stream.destroy(reason);
  }

  #copy(bytes: Uint8Array): Uint8Array {
    if (this.#chunk === undefined) return bytes.slice();
    if (this.#chunk.length < bytes.length) this.#chunk = new Uint8Array(bytes.length);
    this.#chunk.set(bytes);
    return this.#chunk.subarray(0, bytes.length);
  }

  #settle(start: (done: (error?: Error | null) => void) => unknown): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#rejectCurrent = reject;
      start((error) => (error ? reject(error) : resolve()));
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#rejectCurrent(this.#failure);
  }

  #detach(): void {
    this.#stream.off('error', this.#onError);
    this.#stream.off('close', this.#onClose);
  }
}
