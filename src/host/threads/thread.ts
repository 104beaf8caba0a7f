/** A thread of this program, as its starter sees it: messages to it, answers in the order in which they come. */
import { Worker } from 'node:worker_threads';
import { Answers } from './answers.js';

/** The programs that run as threads: the files beside this one. */
export type ThreadName = 'reader' | 'hasher';

/** A running thread, whose answers are of type `T`. */
export class Thread<T> {
  readonly #worker: Worker;
  readonly #answers = new Answers<T>();
  #isRunning = false;

  /**
   * Starts the thread.
   *
   * @param data What the thread finds as `workerData`.
   */
  constructor(name: ThreadName, data: object) {
    this.#worker = new Worker(programOf(name), {
      workerData: data,
      name: `assets-pa ${name}`,
      execArgv: [],
      // What it works on is shared memory, outside the heap.
      resourceLimits: { maxYoungGenerationSizeMb: 1 },
    });
    this.#worker.on('online', () => {
      this.#isRunning = true;
    });
    this.#worker.on('message', (answer: T) => this.#answers.give(answer));
    this.#worker.on('error', (error) => this.#answers.fail(error));
    this.#worker.on('exit', () => this.#answers.fail(new Error(`the ${name} thread has ended`)));
  }

  /** Whether it has started: what it is told before that has to wait. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  post(message: unknown): void {
    this.#worker.postMessage(message);
  }

  /**
   * The next answer.
   *
   * @throws Error the thread has failed, or ended
   */
  receive(): Promise<T> {
    return this.#answers.receive();
  }

  /** Ends the thread, whatever it does. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A thread is started from a file that Node can run: from the build, also when this is a source that a test runner translates. */
function programOf(name: ThreadName): URL {
  const here = import.meta.url.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js');
  return new URL(`${name}.js`, here);
}
