/** What a reader thread does, and the caller where nothing else is to be done: looks at payload files, and copies them. */
import type { digestFactories } from '../digests.js';
import { Copier, type CopierOptions } from './copier.js';
import { lookAt } from './looks.js';
import { type FromReader, pathsOf, type ToReader } from './reader-messages.js';

/** Makes the factory of chosen digests. */
type FactoryOf = Awaited<ReturnType<typeof digestFactories>>;

/** The work of one of them. */
export class FileWork {
  readonly #options: Omit<CopierOptions, 'factory'>;
  readonly #factoryOf: FactoryOf;
  #copier: Copier;

  constructor(options: Omit<CopierOptions, 'factory'>, factoryOf: FactoryOf) {
    this.#options = options;
    this.#factoryOf = factoryOf;
    this.#copier = this.#copierFor([]);
  }

  /** Does what it is told, step by step; gives the answers, and nothing in between. */
  *answersTo(told: ToReader): Generator<FromReader | undefined, void, undefined> {
    if (told.kind === 'look') yield lookAt(pathsOf(told));
    else if (told.kind === 'begin') this.#copier = this.#copierFor(told.algorithms);
    else yield* this.#copier.copy(told);
  }

  /** Closes what it has opened. */
  close(): void {
    this.#copier.close();
  }

  #copierFor(algorithms: Parameters<FactoryOf>[0]): Copier {
    return new Copier({ ...this.#options, factory: this.#factoryOf(algorithms) });
  }
}
