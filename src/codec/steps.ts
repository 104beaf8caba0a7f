/** Long computations in steps: one text of each, run at once or in turns with other work. */

/** A computation that pauses every few items, and ends with its result. */
export type Steps<T> = Generator<void, T, undefined>;

/** Items between two pauses: some 0.1 ms of work. */
const ITEMS_PER_STEP = 64;

/** Whether a loop pauses before its `index`-th item. */
export function isPause(index: number): boolean {
  return index % ITEMS_PER_STEP === ITEMS_PER_STEP - 1;
}

/** Runs a computation to its end. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
