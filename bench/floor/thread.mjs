/** What a thread does. */
import { workerData } from 'node:worker_threads';
import { copyEverySecond, writeBlocks } from './copies.mjs';
import { answerCalls, packEverySecond } from './packs.mjs';

const ROLES = { write: writeBlocks, copy: copyEverySecond, pack: packEverySecond, call: answerCalls };

await ROLES[workerData.role](workerData);
