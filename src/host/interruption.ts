/** Stopping on request (W5): between pieces, and while somebody else's stream keeps us waiting. */
import { type AssetsPaError, fault } from '../errors.js';

/** An abort signal, as the writer asks it. */
export class Interruption {
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws AssetsPaError `INTERRUPTED` */
  check(): void {
    if (this.#signal?.aborted) throw this.#fault();
  }

  /**
   * Waits for something that the signal may cut short. The listener goes with the wait: a long pack must not collect them.
   *
   * @throws AssetsPaError `INTERRUPTED`
   */
  race<T>(work: Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return work;
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(this.#fault());
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  #fault(): AssetsPaError {
    return fault('INTERRUPTED', { what: 'the work was interrupted' }, this.#signal?.reason);
  }
}
