/** A thread of this program, as its starter sees it: messages to it, answers in the order in which they come. */
import { Worker } from 'node:worker_threads';

/** The programs that run as threads: the files beside this one. */
export type ThreadName = 'reader' | 'hasher';

interface Waiting<T> {
  resolve(answer: T): void;
  reject(error: Error): void;
}

/** A running thread, whose answers are of type `T`. */
export class Thread<T> {
  readonly #worker: Worker;
  /** Answers that nobody has asked for yet. */
  readonly #answers: T[] = [];
  readonly #waiting: Waiting<T>[] = [];
  #isRunning = false;
  /** Why there will be no more answers. */
  #failure: Error | undefined;

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
    this.#worker.on('message', (answer: T) => this.#take(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error(`the ${name} thread has ended`)));
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
    const answer = this.#answers.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Ends the thread, whatever it does. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#answers.push(answer);
    else waiting.resolve(answer);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** A thread is started from a file that Node can run: from the build, also when this is a source that a test runner translates. */
function programOf(name: ThreadName): URL {
  const here = import.meta.url.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js');
  return new URL(`${name}.js`, here);
}
