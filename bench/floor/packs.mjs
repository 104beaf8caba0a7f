/** The barest packs: of files, of inline payloads, of streams; and the calls that files cost. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';
import { keepMemory } from '../keep-memory.mjs';
import { BLOCK, inTurn, THREAD } from './copies.mjs';

/** Files that a thread of the barest pack copies at once, and room for their bytes. */
const FILES_AT_ONCE = 64;
const FILES_ROOM = 128 * BLOCK;
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;

export function filesBelow(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** The calls, for every second file or for all. */
export const CALLS = {
  lstat: (path) => fs.lstatSync(path),
  read: (path, into, at = 0) => {
    const file = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const length = fs.readSync(file, into, at, into.length - at);
    fs.fstatSync(file);
    fs.closeSync(file);
    return length;
  },
};

export function callAll(paths, call, from, step) {
  const into = new Uint8Array(BLOCK);
  for (let i = from; i < paths.length; i += step) CALLS[call](paths[i], into);
}

export function filesOf(plan) {
  const { assets } = JSON.parse(fs.readFileSync(plan, 'utf8'));
  return assets.map(({ file }) => join(dirname(plan), file));
}

export async function packBarely(plan, to) {
  const { SharedBlocks } = await import('../../dist/host/threads/blocks.js');
  const job = { paths: filesOf(plan), output: fs.openSync(to, 'w'), memory: SharedBlocks.allocate(0).memory };
  const other = new Worker(THREAD, { workerData: { role: 'pack', ...job, first: 1 } });
  await packEverySecond({ ...job, first: 0 });
  await new Promise((resolve) => other.once('exit', resolve));
}

/** Looks at every second file, then copies every second lot of files. */
export async function packEverySecond({ paths, output, memory, first }) {
  const { SharedBlocks } = await import('../../dist/host/threads/blocks.js');
  const blocks = new SharedBlocks(memory);
  const room = new Uint8Array(FILES_ROOM);
  for (let i = first; i < paths.length; i += 2) CALLS.lstat(paths[i]);
  for (let turn = first; turn * FILES_AT_ONCE < paths.length; turn += 2) {
    let length = 0;
    for (const path of paths.slice(turn * FILES_AT_ONCE, (turn + 1) * FILES_AT_ONCE)) {
      length += CALLS.read(path, room, length);
    }
    inTurn(blocks, 'write', turn, () => fs.writeSync(output, room, 0, length));
  }
}

/** Checks nothing and lays nothing out; the header has an entry for each payload, and stands behind them. */
export async function packInlineBarely(plan, to) {
  const { h64Raw } = await xxhash();
  const output = fs.openSync(to, 'w');
  const block = Buffer.alloc(BLOCK);
  const entries = [];
  let filled = 0;
  let offset = 0;
  for (const { asset_id, asset_name, bank_type, inline } of JSON.parse(fs.readFileSync(plan, 'utf8')).assets) {
    const size = Buffer.byteLength(inline, 'base64');
    if (filled + size > BLOCK) {
      fs.writeSync(output, block, 0, filled);
      filled = 0;
    }
    block.write(inline, filled, 'base64');
    h64Raw(block.subarray(filled, filled + size));
    filled += size;
    entries.push({ asset_id, asset_name, bank_type, codec: 'NONE', decoded_size: size, metadata: {}, offset, size });
    offset += size;
  }
  fs.writeSync(output, block, 0, filled);
  fs.writeSync(output, JSON.stringify({ asset_table: entries, preload: [] }));
}

export async function discard(folder) {
  keepMemory();
  for (const path of filesBelow(folder)) for await (const _ of fs.createReadStream(path, { highWaterMark: BLOCK }));
}

/** Checks nothing; each piece goes through two digests and into the file as it comes. */
export async function packStreamsBarely(folder, to) {
  keepMemory();
  const { create64 } = await xxhash();
  const artifact = create64();
  const output = fs.openSync(to, 'w');
  for (const path of filesBelow(folder)) {
    const payload = create64();
    for await (const piece of fs.createReadStream(path, { highWaterMark: BLOCK })) {
      payload.update(piece);
      artifact.update(piece);
      fs.writeSync(output, piece);
    }
    payload.digest();
  }
}

/** Makes every second call in a thread of its own, when it is told which. */
export function callingThread(paths) {
  return new Worker(THREAD, { workerData: { role: 'call', paths } });
}

export function answerCalls({ paths }) {
  parentPort.on('message', (call) => {
    callAll(paths, call, 1, 2);
    parentPort.postMessage(call);
  });
}
