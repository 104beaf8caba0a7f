/** The thread that hashes what another one writes: digests are beside the copy, not in it. */
import { parentPort, workerData } from 'node:worker_threads';
import { digestFactory } from '../digests.js';
import type { HasherData } from './hash-thread.js';

const port = parentPort as NonNullable<typeof parentPort>;
const { algorithms } = workerData as HasherData;
const digester = (await digestFactory(algorithms)).create();

/** Bytes to hash, answered with `null`; `null` asks for the raw digests. */
port.on('message', (bytes: Uint8Array | null) => {
  if (bytes === null) port.postMessage(digester.raw());
  else {
    digester.update(bytes);
    port.postMessage(null);
  }
});
