/** Long computations that leave the event loop to others in between. */
import type { Interruption } from './interruption.js';

/** How long a turn may take, in milliseconds. */
const TURN = 4;

/**
 * Runs a computation step by step.
 *
 * @throws AssetsPaError `INTERRUPTED`, between two turns
 */
export async function inTurns<T>(steps: Generator<void, T, undefined>, interruption: Interruption): Promise<T> {
  for (;;) {
    interruption.check();
    const end = performance.now() + TURN;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
