/** `node yazl.mjs FROM OUT`: a zip archive without compression by the library yazl. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { BLOCK, inputs } from './inputs.mjs';

const [from, out] = process.argv.slice(2);
const zip = new yazl.ZipFile();
const written = pipeline(zip.outputStream, createWriteStream(out, { highWaterMark: BLOCK }));
for (const { name, path, bytes } of inputs(from)) {
  if (bytes === undefined) zip.addFile(path, name, { compress: false });
  else zip.addBuffer(bytes, name, { compress: false });
}
zip.end();
await written;
