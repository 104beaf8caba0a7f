/** Random numbers from a seed: one seed, one run. */

/** A small generator (sfc32); its period is far longer than any run. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count: number;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
    this.#c = 0x243f6a88;
    this.#count = 1;
    for (let i = 0; i < 16; i += 1) this.#next();
  }

  /** An integer from 0 to n - 1. */
  int(n: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * n);
  }

  /** An integer from low to high. */
  between(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.int(n) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }

  #next(): number {
    const t = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return this.#c >>> 0;
  }
}
