/** The progress bar of long work, on standard error. */
import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';
import { printable } from '../errors.js';
import { shortBytes } from '../report/figures.js';

/** Work shorter than this shows no bar, in milliseconds. */
const PATIENCE = 500;
const NAME_WIDTH = 24;
/** Columns of a stream that does not say. */
const COLUMNS = 80;
/** Columns that the figures and a name take. */
const TEXT_WIDTH = 90;
const BAR_LEAST = 6;
const BAR_MOST = 40;

/** When a bar is shown: on a terminal, in any case, or not at all. */
export type ProgressMode = 'auto' | 'always' | 'never';

/** How far some work has come. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number;
  /** What is being worked on. */
  readonly name: string;
}

/** A bar over bytes. */
export class ProgressBar {
  readonly #mode: ProgressMode;
  readonly #started = performance.now();
  #bar: SingleBar | undefined;

  constructor(mode: ProgressMode) {
    this.#mode = mode;
  }

  /** Shows how far the work has come. */
  update({ bytes, totalBytes, name }: Progress): void {
    if (this.#mode === 'never' || (this.#mode === 'auto' && process.stderr.isTTY !== true)) return;
    const seconds = (performance.now() - this.#started) / 1000;
    if (this.#bar === undefined && (this.#mode === 'always' || seconds * 1000 > PATIENCE)) this.#start(totalBytes);
    const rate = `${shortBytes(bytes / Math.max(seconds, 0.001))}/s`;
    this.#bar?.setTotal(totalBytes);
    this.#bar?.update(bytes, {
      rate,
      done: shortBytes(bytes),
      whole: shortBytes(totalBytes),
      name: printable(name).slice(0, NAME_WIDTH),
    });
  }

  /** Removes the bar, or completes it where it stays. */
  stop(): void {
    this.#bar?.stop();
  }

  #start(totalBytes: number): void {
    // Loaded when it is needed: most runs are over before that.
    const library = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
    this.#bar = new library.SingleBar({
      format: `{bar} {percentage} % | {done} of {whole} | {rate} | {eta_formatted} left | {name}`,
      stream: process.stderr,
      barsize: Math.max(BAR_LEAST, Math.min(BAR_MOST, (process.stderr.columns ?? COLUMNS) - TEXT_WIDTH)),
      noTTYOutput: this.#mode === 'always',
      notTTYSchedule: 1_000,
      clearOnComplete: true,
      hideCursor: true,
      fps: 10,
      gracefulExit: false,
    });
    this.#bar.start(totalBytes, 0, { rate: '', done: '', whole: '', name: '' });
  }
}
