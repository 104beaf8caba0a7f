/**
 * What stands between this project and faster packs: programs that do nothing but the calls, beside the tools that a pack is compared with.
 *
 *     node bench/floor.mjs copy FILE OUT      `cat FILE > OUT`, and a copy whose bytes are hashed twice, by two threads
 *     node bench/floor.mjs files FOLDER       the calls that each file of a tree costs, in one thread and in two
 *
 * Prints a JSON object: seconds, medians of five rounds in turns; of `copy`, whole processes, each after as much memory was touched as OUT takes
 * (docs/performance.md). OUT is removed.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';

const ROUNDS = 5;
const BLOCK = 1_048_576;
const BLOCKS = 6;
const FREE = 0;
const END = -1;
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;

/** Waits for a block to be anything but this. */
function waitWhile(states, index, state) {
  while (Atomics.load(states, index) === state) Atomics.wait(states, index, state);
  return Atomics.load(states, index);
}

function setState(states, index, state) {
  Atomics.store(states, index, state);
  Atomics.notify(states, index);
}

/** Reads and hashes; another thread writes. */
async function copyHashed(from, to) {
  const [input, output] = [fs.openSync(from), fs.openSync(to, 'w')];
  const memory = new SharedArrayBuffer(BLOCKS * BLOCK);
  const states = new Int32Array(new SharedArrayBuffer(BLOCKS * 4));
  const writer = new Worker(new URL(import.meta.url), { workerData: { memory, states, output } });
  const { create64 } = await xxhash();
  const digests = [create64(), create64()];
  for (let turn = 0; ; turn += 1) {
    const index = turn % BLOCKS;
    for (let state = Atomics.load(states, index); state !== FREE; state = Atomics.load(states, index)) {
      Atomics.wait(states, index, state);
    }
    const block = new Uint8Array(memory, index * BLOCK, BLOCK);
    const length = fs.readSync(input, block);
    setState(states, index, length === 0 ? END : length);
    if (length === 0) break;
    for (const digest of digests) digest.update(block.subarray(0, length));
  }
  await new Promise((resolve) => writer.once('exit', resolve));
}

function writeBlocks({ memory, states, output }) {
  for (let turn = 0; ; turn += 1) {
    const index = turn % BLOCKS;
    const length = waitWhile(states, index, FREE);
    if (length === END) return;
    fs.writeSync(output, new Uint8Array(memory, index * BLOCK, length));
    setState(states, index, FREE);
  }
}

/** The calls, for every second file or for all. */
const CALLS = {
  lstat: (path) => fs.lstatSync(path),
  read: (path, into) => {
    const file = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    fs.readSync(file, into);
    fs.fstatSync(file);
    fs.closeSync(file);
  },
};

function callAll(paths, call, from, step) {
  const into = new Uint8Array(BLOCK);
  for (let i = from; i < paths.length; i += step) CALLS[call](paths[i], into);
}

function filesBelow(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

async function timed(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

/** Medians of what each of several things took, in turns. */
async function medians(works) {
  const seconds = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, work] of Object.entries(works)) {
      const taken = await work();
      if (round > 0) seconds[name].push(taken);
    }
  }
  const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return Object.fromEntries(Object.entries(seconds).map(([name, all]) => [name, Number(median(all).toFixed(3))]));
}

function measureCopies(from, to) {
  const { size } = fs.statSync(from);
  const run = (command, words) => () => {
    fs.rmSync(to, { force: true });
    spawnSync('python3', [join(import.meta.dirname, 'touch_memory.py'), String(size)]);
    return timed(() => {
      const { status } = spawnSync(command, words, { stdio: 'inherit' });
      if (status !== 0) throw new Error(`exit ${status}: ${command}`);
    });
  };
  return medians({
    cat: run('sh', ['-c', 'cat "$0" > "$1"', from, to]),
    copy_hashed: run(process.execPath, [import.meta.filename, 'copy-hashed', from, to]),
  }).finally(() => fs.rmSync(to, { force: true }));
}

async function measureCalls(folder) {
  const paths = filesBelow(folder);
  const other = new Worker(new URL(import.meta.url), { workerData: { paths } });
  const inBoth = async (call) => {
    const done = new Promise((resolve) => other.once('message', resolve));
    other.postMessage(call);
    callAll(paths, call, 0, 2);
    await done;
  };
  const works = Object.keys(CALLS).flatMap((call) => [
    [call, () => timed(() => callAll(paths, call, 0, 1))],
    [`${call}_two_threads`, () => timed(() => inBoth(call))],
  ]);
  const seconds = await medians(Object.fromEntries(works));
  await other.terminate();
  return { files: paths.length, ...seconds };
}

async function main([what, from, to]) {
  if (what === 'copy-hashed') return copyHashed(from, to);
  const measured =
    what === 'copy' && to !== undefined
      ? measureCopies(from, to)
      : what === 'files' && from !== undefined
        ? measureCalls(from)
        : undefined;
  if (measured === undefined) {
    process.stderr.write('usage: node bench/floor.mjs copy FILE OUT | files FOLDER\n');
    process.exitCode = 2;
  } else process.stdout.write(`${JSON.stringify(await measured)}\n`);
}

if (isMainThread) await main(process.argv.slice(2));
else if (workerData.paths === undefined) writeBlocks(workerData);
else {
  parentPort.on('message', (call) => {
    callAll(workerData.paths, call, 1, 2);
    parentPort.postMessage(call);
  });
}
