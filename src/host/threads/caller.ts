/** The caller's own thread as one of those that work on files, where it has nothing else to do: it is there before any other has started. */
import { digestFactories } from '../digests.js';
import { Turns } from '../turns.js';
import { Answers } from './answers.js';
import type { CopierOptions } from './copier.js';
import { FileWork } from './file-work.js';
import type { FromReader, ToReader } from './reader-messages.js';

/** How long it works, and waits for a thread whose turn it is, before it hears what there is to hear, in milliseconds. */
const TURN = 5;
const PATIENCE = 2;

/** Does what a reader thread does, in turns with the caller's event loop. */
export class Caller {
  readonly isRunning = true;
  readonly #options: CallerOptions;
  readonly #answers = new Answers<FromReader>();
  readonly #told: ToReader[] = [];
  #work: FileWork | undefined;
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Tells it of something to do, which is begun once the teller gives way. */
  post(told: ToReader): void {
    this.#told.push(told);
    this.#working ??= this.#run().catch((error: Error) => this.#answers.fail(error));
  }

  receive(): Promise<FromReader> {
    return this.#answers.receive();
  }

  /** Ends after the step that it is at. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working;
    this.#work?.close();
  }

  async #run(): Promise<void> {
    this.#work ??= new FileWork({ ...this.#options, patience: PATIENCE }, await digestFactories());
    const turns = new Turns(undefined, TURN);
    await turns.next();
    for (let told = this.#told.shift(); told !== undefined; told = this.#told.shift()) {
      for (const answer of this.#work.answersTo(told)) {
        if (answer !== undefined) this.#answers.give(answer);
        if (turns.isOver) await turns.next();
        if (this.#isClosed) return;
      }
    }
    this.#working = undefined;
  }
}

/** What the caller works with. */
type CallerOptions = Omit<CopierOptions, 'factory' | 'patience'>;
