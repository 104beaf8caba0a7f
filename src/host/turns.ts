/** Long computations that leave the event loop to others in between. */
import type { Interruption } from './interruption.js';

/** How long a turn may take, in milliseconds. */
const TURN = 2;

/** The turns of one computation. */
export class Turns {
  readonly #interruption: Interruption;
  #end: number;

  /**
   * Begins the first turn.
   *
   * @throws AssetsPaError `INTERRUPTED`
   */
  constructor(interruption: Interruption) {
    this.#interruption = interruption;
    this.#end = this.#begin();
  }

  /** Whether it is others' turn. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /**
   * Lets others have their turn, and begins the next one.
   *
   * @throws AssetsPaError `INTERRUPTED`
   */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = this.#begin();
  }

  #begin(): number {
    this.#interruption.check();
    return performance.now() + TURN;
  }
}

/**
 * Runs a computation step by step.
 *
 * @throws AssetsPaError `INTERRUPTED`, between two turns
 */
export async function inTurns<T>(steps: Generator<void, T, undefined>, interruption: Interruption): Promise<T> {
  const turns = new Turns(interruption);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (turns.isOver) await turns.next();
  }
}
