/** A thread for payload files: nobody's event loop is held up. */
import { parentPort, workerData } from 'node:worker_threads';
import { digestFactories } from '../digests.js';
import { SharedBlocks } from './blocks.js';
import { FileWork } from './file-work.js';
import type { ReaderData, ToReader } from './reader-messages.js';

const port = parentPort as NonNullable<typeof parentPort>;
const { memory, blocks, hashesOutput } = workerData as ReaderData;
const work = new FileWork({ shared: new SharedBlocks(memory), blocks, hashesOutput }, await digestFactories());

port.on('message', (told: ToReader) => {
  for (const answer of work.answersTo(told)) {
    if (answer !== undefined) port.postMessage(answer);
  }
});
