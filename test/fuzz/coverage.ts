/** What executions have reached: counters, and about how often each. */

/** Looks at the counters after each execution. */
export class Coverage {
  readonly #hits: Uint16Array;
  /** A bit for each frequency that a counter has had. */
  readonly #seen: Uint8Array;

  constructor(hits: Uint16Array) {
    this.#hits = hits;
    this.#seen = new Uint8Array(hits.length);
  }

  /** Counters that were reached. */
  get reached(): number {
    return this.#seen.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0);
  }

  /** Forgets the execution before. */
  clear(): void {
    this.#hits.fill(0);
  }

  /** Whether the last execution reached a counter, or a frequency of it, that none before did. */
  hasNew(): boolean {
    const hits = this.#hits;
    let isNew = false;
    for (let i = 0; i < hits.length; i += 1) {
      const count = hits[i] as number;
      if (count === 0) continue;
      const bit = frequency(count);
      if (((this.#seen[i] as number) & bit) !== 0) continue;
      this.#seen[i] = (this.#seen[i] as number) | bit;
      isNew = true;
    }
    return isNew;
  }

  /** The counters that the last execution reached, each once or more often. */
  signature(): number[] {
    const found: number[] = [];
    for (const [i, count] of this.#hits.entries()) if (count > 0) found.push(2 * i, ...(count > 1 ? [2 * i + 1] : []));
    return found;
  }
}

/** 1, 2, 3, to 7, to 15, to 63, to 255, more: a bit each. */
function frequency(count: number): number {
  if (count < 4) return 1 << (count - 1);
  if (count < 16) return count < 8 ? 8 : 16;
  return count < 64 ? 32 : count < 256 ? 64 : 128;
}
