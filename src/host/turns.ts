/** Long computations that leave the event loop to others in between. */
import type { Interruption } from './interruption.js';

/** How long a turn takes where others are waiting, in milliseconds. */
const TURN = 2;

/** The turns of one computation. */
export class Turns {
  readonly #interruption: Interruption | undefined;
  readonly #length: number;
  #end: number;

  /**
   * Begins the first turn.
   *
   * @param interruption What may end the computation between two turns. Defaults to nothing.
   * @param length How long a turn takes, in milliseconds. Defaults to 2.
   * @throws AssetsPaError `INTERRUPTED`
   */
  constructor(interruption?: Interruption, length = TURN) {
    this.#interruption = interruption;
    this.#length = length;
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
    this.#interruption?.check();
    return performance.now() + this.#length;
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
