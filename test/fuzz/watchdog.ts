/** Notices an execution that does not end: a thread looks on, and ends the process. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';

const FOLDER = resolve(import.meta.dirname, '../../build/fuzz');
/** An execution takes less than a hundredth of this, also where others have the processors. */
const HANG_MILLISECONDS = 60_000;

/** What the thread does: JavaScript, because a thread does not take over how TypeScript is loaded. */
const PROGRAM = `
const { writeFileSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const { memory, path, milliseconds } = workerData;
const state = new Int32Array(memory, 0, 2);
let before = -1;
setInterval(() => {
  const now = Atomics.load(state, 0);
  if (now === before && now !== 0) {
    const input = Buffer.from(Buffer.from(memory, 8, Atomics.load(state, 1)));
    writeFileSync(path, input);
    process._rawDebug(path + '\\n  this does not end');
    process.kill(process.pid, 'SIGKILL');
  }
  before = now;
}, milliseconds);
`;

/** A thread that looks on. */
export interface Watchdog {
  /** Says that the execution of an input begins. */
  note(input: Uint8Array): void;
  stop(): Promise<void>;
}

/** Begins to look on. */
export function watch(name: string, lengthMax: number): Watchdog {
  mkdirSync(FOLDER, { recursive: true });
  const memory = new SharedArrayBuffer(8 + 4 * lengthMax);
  const state = new Int32Array(memory, 0, 2);
  const bytes = new Uint8Array(memory, 8);
  const path = resolve(FOLDER, `${name}-endless.bin`);
  const worker = new Worker(PROGRAM, { eval: true, workerData: { memory, path, milliseconds: HANG_MILLISECONDS } });
  worker.unref();
  return {
    note(input) {
      bytes.set(input.subarray(0, bytes.length));
      state[1] = Math.min(input.length, bytes.length);
      Atomics.add(state, 0, 1);
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
