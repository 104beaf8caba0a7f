/**
 * Packs the files of a folder from streams, by the library, XXH64 alone:
 *
 *     node bench/pack-streams.mjs sized|unsized FOLDER folder|file TARGET
 *
 * `sized` states each payload's size; `unsized` leaves it out, so that payloads are spooled. The target is a folder, which is published and synced,
 * or a file, which is not. Each stream is opened when its turn comes.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { packAssets, toDirectory, toStream } from '../dist/lib/index.js';
import { keepMemory } from './keep-memory.mjs';
import { BLOCK, inputs } from './peers/inputs.mjs';

keepMemory();
const [sizes, folder, sink, target] = process.argv.slice(2);
const assets = [];
for (const { name, path, size } of inputs(folder)) {
  assets.push({
    assetId: assets.length,
    assetName: name,
    bankType: 'SCENE',
    stream: {
      async *[Symbol.asyncIterator]() {
        yield* createReadStream(path, { highWaterMark: BLOCK });
      },
    },
    ...(sizes === 'sized' && { size }),
  });
}
/** The stream of a file has written a chunk when it says so. */
const toFile = () => toStream(createWriteStream(target, { highWaterMark: BLOCK }), { keepsChunks: false });
const to = sink === 'folder' ? toDirectory(target) : toFile();
await packAssets({ schemaVersion: 1, assets }, to, { digests: ['xxh64'] });
