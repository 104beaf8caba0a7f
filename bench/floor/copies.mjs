/** Copies of a file that do nothing but the calls, and what two of them need to work side by side. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';

/** Bytes that are read or written at once. */
export const BLOCK = 1_048_576;
/** The program that threads run. */
export const THREAD = new URL('thread.mjs', import.meta.url);
const BLOCKS = 6;
/** What `verify` reads at once. */
const HASHED_BLOCK = 4 * BLOCK;
const FREE = 0;
const END = -1;

/** Waits until a block is free, or is not. */
function waitUntil(states, index, isFree) {
  let state = Atomics.load(states, index);
  for (; (state === FREE) !== isFree; state = Atomics.load(states, index)) Atomics.wait(states, index, state);
  return state;
}

function setState(states, index, state) {
  Atomics.store(states, index, state);
  Atomics.notify(states, index);
}

/** Does something after all turns before this one, and before all others. */
export function inTurn(blocks, kind, turn, work) {
  blocks.awaitTurn(kind, turn);
  work();
  blocks.endTurn(kind, turn);
}

export async function copyHashed(from, to) {
  const { create64 } = await xxhash();
  await copyByTwo(from, to, [create64(), create64()], []);
}

/** Two digests of SHA-256, one in each thread: nobody can share one. */
export function copySha256(from, to) {
  return copyByTwo(from, to, [createHash('sha256')], ['sha256']);
}

/** Reads and hashes; another thread writes, and hashes as well. */
async function copyByTwo(from, to, digests, others) {
  const [input, output] = [fs.openSync(from), fs.openSync(to, 'w')];
  const memory = new SharedArrayBuffer(BLOCKS * BLOCK);
  const states = new Int32Array(new SharedArrayBuffer(BLOCKS * 4));
  const writer = new Worker(THREAD, {
    workerData: { role: 'write', memory, states, output, others },
  });
  for (let turn = 0; ; turn += 1) {
    const index = turn % BLOCKS;
    waitUntil(states, index, true);
    const block = new Uint8Array(memory, index * BLOCK, BLOCK);
    const length = fs.readSync(input, block);
    setState(states, index, length === 0 ? END : length);
    if (length === 0) break;
    for (const digest of digests) digest.update(block.subarray(0, length));
  }
  await new Promise((resolve) => writer.once('exit', resolve));
}

export function writeBlocks({ memory, states, output, others }) {
  const digests = others.map((each) => createHash(each));
  for (let turn = 0; ; turn += 1) {
    const index = turn % BLOCKS;
    const length = waitUntil(states, index, false);
    if (length === END) return;
    const block = new Uint8Array(memory, index * BLOCK, length);
    for (const digest of digests) digest.update(block);
    fs.writeSync(output, block);
    setState(states, index, FREE);
  }
}

/** Two threads, each with every second block; what has an order is done in turns, with the parts of a pack that do it there. */
export async function copyInTurns(from, to, isHashed = false) {
  const { SharedBlocks } = await import('../../dist/host/threads/blocks.js');
  const blocks = SharedBlocks.allocate(2);
  blocks.output.begin();
  blocks.payload.begin();
  const job = { input: fs.openSync(from), output: fs.openSync(to, 'w'), memory: blocks.memory, isHashed };
  const other = new Worker(THREAD, { workerData: { role: 'copy', ...job, first: 1 } });
  await copyEverySecond({ ...job, first: 0 });
  await new Promise((resolve) => other.once('exit', resolve));
}

export async function copyEverySecond({ input, output, memory, isHashed, first }) {
  const { SharedBlocks } = await import('../../dist/host/threads/blocks.js');
  const blocks = new SharedBlocks(memory);
  const digests = isHashed ? [blocks.output, blocks.payload] : [];
  for (let turn = first; ; turn += 2) {
    const block = blocks.block(first);
    const length = fs.readSync(input, block, 0, BLOCK, turn * BLOCK);
    const bytes = block.subarray(0, length);
    inTurn(blocks, 'hash', turn, () => {
      for (const digest of digests) digest.update(bytes);
    });
    inTurn(blocks, 'write', turn, () => fs.writeSync(output, bytes));
    if (length === 0) return;
  }
}

export function writeAlone(from, to) {
  const { size } = fs.statSync(from);
  const output = fs.openSync(to, 'w');
  const block = new Uint8Array(BLOCK);
  for (let at = 0; at < size; at += BLOCK) fs.writeSync(output, block, 0, Math.min(BLOCK, size - at));
}

/** Reads one block ahead of the hashing. */
export async function hashAhead(path) {
  const { create64 } = await xxhash();
  const digest = create64();
  const file = await fs.promises.open(path);
  const blocks = [new Uint8Array(HASHED_BLOCK), new Uint8Array(HASHED_BLOCK)];
  let ahead = file.read(blocks[0]);
  for (let turn = 1; ; turn += 1) {
    const { bytesRead, buffer } = await ahead;
    if (bytesRead === 0) break;
    ahead = file.read(blocks[turn % 2]);
    // In pieces that stay in the processor's cache, as ours does.
    for (let at = 0; at < bytesRead; at += 131_072)
      digest.update(buffer.subarray(at, Math.min(at + 131_072, bytesRead)));
  }
  await file.close();
  process.stdout.write(`${digest.digest().toString(16)}\n`);
}
