/** Indices of tiles and palettes: each once, from 0 on, without gaps (B3). */
import type { EncodeRequest } from '../bank-encoder.js';

/** Missing indices that a diagnostic lists. */
const LISTED_MAX = 64;

/** The indices that are taken so far, and where they were declared. */
export class TakenIndices {
  readonly #what: 'tile' | 'palette';
  readonly #report: EncodeRequest['report'];
  readonly #pointers = new Map<number, string>();
  /** Whether no index was asked for twice. */
  areUnique = true;

  constructor(what: 'tile' | 'palette', report: EncodeRequest['report']) {
    this.#what = what;
    this.#report = report;
  }

  /** Whether the index is still free; then it is taken. One that is not is reported. */
  take(index: number, pointer: string): boolean {
    const before = this.#pointers.get(index);
    if (before === undefined) {
      this.#pointers.set(index, pointer);
      return true;
    }
    this.areUnique = false;
    this.#report('GLYPH_INDEX_DUPLICATE', {
      what: `the index ${index} of a ${this.#what} is taken`,
      where: { pointer },
      details: { index, taken_by: before },
    });
    return false;
  }

  /** Whether the indices have no gap; one is reported at the first index behind it. */
  areDense(): boolean {
    const sorted = [...this.#pointers].sort(([a], [b]) => a - b);
    const behind = sorted.find(([index], i) => index !== i);
    if (behind === undefined) return true;
    const count = (sorted.at(-1)?.[0] ?? 0) + 1;
    const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !this.#pointers.has(index));
    this.#report('GLYPH_INDEX_GAP', {
      what: `no ${this.#what} has the index ${missing[0]}`,
      where: { pointer: behind[1] },
      hint: 'indices count from 0 without gaps',
      details: { missing: missing.slice(0, LISTED_MAX), missing_count: missing.length },
    });
    return false;
  }
}

/** By index. */
export function byIndex(a: { readonly index: number }, b: { readonly index: number }): number {
  return a.index - b.index;
}
