/** Processes that pack, to be killed or raced. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CLI } from './scene.js';

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** What `worker.mjs` is told. */
export interface Job {
  readonly plan: string;
  readonly out: string;
  readonly blocking?: boolean;
  /** Milliseconds that calls are held up, by operation. */
  readonly delays?: Readonly<Record<string, number>>;
  /** The call before which the process kills itself; 0: none. */
  readonly dieAt?: number;
  readonly startAfter?: number;
  /** A folder that is made while the process believes to be the only writer. */
  readonly witness?: string;
}

/** What `worker.mjs` answers; undefined when it died before. */
export interface Answer {
  /** `ok`, or the code of the failure. */
  readonly code: string;
  readonly calls: number;
  /** When `assets.pa` was renamed: microseconds of a clock that all processes share. */
  readonly committedAt?: number;
  readonly violations: readonly string[];
  /** Of the first diagnostic. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** How far a pack has come, in this order. */
export const PHASES = ['starting', 'staging', 'syncing', 'publishing', 'cleaning up'] as const;
export type Phase = (typeof PHASES)[number];

/** A process that is ready to pack. */
export class Worker {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly exited: Promise<unknown>;

  constructor() {
    // Without what this process was started with: it is plain JavaScript, and has to start quickly.
    this.child = fork(WORKER, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.ready = new Promise((resolve, reject) => {
      this.child.once('message', resolve);
      this.child.once('exit', (code, signal) => reject(new Error(`the worker ended: ${code ?? signal}`)));
    });
    this.ready.catch(() => {});
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** @param onPhase Called when the job reaches a phase for the first time. */
  async run(job: Job, onPhase: (phase: Phase) => void = () => {}): Promise<Answer | undefined> {
    await this.ready;
    return new Promise((resolve) => {
      const onExit = () => settle(undefined);
      const onMessage = (message: Answer | { phase: Phase }) => {
        if ('phase' in message) onPhase(message.phase);
        else settle(message);
      };
      const settle = (answer: Answer | undefined) => {
        this.child.off('message', onMessage).off('exit', onExit);
        resolve(answer);
      };
      this.child.on('message', onMessage).on('exit', onExit);
      this.child.send(job, () => {});
    });
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

/** Gives workers that are ready at once: the next one starts while the last one works. */
export class WorkerSupply {
  #next: Worker | undefined;
  readonly #given = new Set<Worker>();

  take(): Worker {
    const worker = this.#next ?? new Worker();
    this.#next = new Worker();
    this.#given.add(worker);
    void worker.exited.then(() => this.#given.delete(worker));
    return worker;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#given, ...(this.#next === undefined ? [] : [this.#next])].map((each) => each.kill()));
    this.#next = undefined;
  }
}

/** What a run of the command line came to. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line. */
export function runCli(args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<CliEnd> } {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const ended = new Promise<CliEnd>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, ended };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
