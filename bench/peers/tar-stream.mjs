/** `node tar-stream.mjs FROM OUT [streams]`: a tar archive by the library tar-stream; with `streams`, every file is given as one. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { BLOCK, inputs, READ_AT_ONCE } from './inputs.mjs';

const [from, out, given] = process.argv.slice(2);
const pack = tar.pack();
const written = pipeline(pack, createWriteStream(out, { highWaterMark: BLOCK }));

/** Adds an entry whose bytes are at hand; settles when the archive has taken them. */
function add(name, bytes) {
  return new Promise((resolve, reject) => {
    pack.entry({ name, size: bytes.length }, bytes, (error) => (error ? reject(error) : resolve()));
  });
}

for (const { name, path, bytes, size } of inputs(from)) {
  if (bytes !== undefined) await add(name, bytes);
  else if (size <= READ_AT_ONCE && given !== 'streams') await add(name, await readFile(path));
  else await pipeline(createReadStream(path, { highWaterMark: BLOCK }), pack.entry({ name, size }));
}
pack.finalize();
await written;
