/** Answers of somebody who works by himself, in the order in which they come. */

interface Waiting<T> {
  resolve(answer: T): void;
  reject(error: Error): void;
}

/** Answers that were given, and those that are waited for. */
export class Answers<T> {
  /** Answers that nobody has asked for yet. */
  readonly #given: T[] = [];
  readonly #waiting: Waiting<T>[] = [];
  /** Why there will be no more. */
  #failure: Error | undefined;

  /**
   * The next answer.
   *
   * @throws Error there will be no more
   */
  receive(): Promise<T> {
    const answer = this.#given.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  give(answer: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#given.push(answer);
    else waiting.resolve(answer);
  }

  /** Says that there will be no more; the first reason counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
