/**
 * What stands between this project and faster packs: programs that do nothing but the calls, beside the tools that a pack is compared with.
 *
 *     node bench/floor.mjs copy FILE OUT      `cat FILE > OUT`; a copy by a thread that reads and hashes twice and one that writes; copies by two threads that
 *                                             read and write a block each in turn, without digests and with two; and as many bytes written, and not read
 *     node bench/floor.mjs hash FILE          `xxhsum -H1 FILE`, and a read of all its bytes, one block ahead, through XXH64
 *     node bench/floor.mjs files PLAN OUT     the calls that each file of a plan costs, in one thread and in two; `tar -cf OUT` of the folder that they are below; and the barest pack:
 *                                             the plan through JSON.parse, those calls in two threads, and the bytes into OUT. Files have at most 4 KiB
 *     node bench/floor.mjs streams FOLDER     each file of a tree as a stream whose bytes are thrown away
 *     node bench/floor.mjs warm PLAN          packs a plan again and again within one process, into memory: the first time, and once the engine knows the code
 *
 * Prints a JSON object: seconds, medians of five rounds in turns; of `copy`, `hash`, `tar` and the barest pack, whole processes; of `copy`, each after as
 * much memory was touched as OUT takes (docs/performance.md). OUT is removed.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';

const ROUNDS = 5;
const BLOCK = 1_048_576;
const BLOCKS = 6;
/** What `verify` reads at once. */
const HASHED_BLOCK = 4 * BLOCK;
/** The most bytes of a file in the barest pack, and how many such files a block takes. */
const FILE_SIZE = 4_096;
const FILES_A_BLOCK = BLOCK / FILE_SIZE;
/** Packs in one process, and those at the end whose median counts. */
const PACKS = 16;
const SETTLED = 7;
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
  const writer = new Worker(new URL(import.meta.url), { workerData: { role: 'write', memory, states, output } });
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

/** Two threads, each with every second block; what has an order is done in turns, with the parts of a pack that do it there. */
async function copyInTurns(from, to, isHashed = false) {
  const { SharedBlocks } = await import('../dist/host/threads/blocks.js');
  const blocks = SharedBlocks.allocate(2);
  blocks.output.begin();
  blocks.payload.begin();
  const job = { input: fs.openSync(from), output: fs.openSync(to, 'w'), memory: blocks.memory, isHashed };
  const other = new Worker(new URL(import.meta.url), { workerData: { role: 'copy', ...job, first: 1 } });
  await copyEverySecond({ ...job, first: 0 });
  await new Promise((resolve) => other.once('exit', resolve));
}

async function copyEverySecond({ input, output, memory, isHashed, first }) {
  const { SharedBlocks } = await import('../dist/host/threads/blocks.js');
  const blocks = new SharedBlocks(memory);
  const digests = isHashed ? [blocks.output, blocks.payload] : [];
  for (let turn = first; ; turn += 2) {
    const block = blocks.block(first);
    const length = fs.readSync(input, block, 0, BLOCK, turn * BLOCK);
    const bytes = block.subarray(0, length);
    blocks.inTurn('hash', turn, () => {
      for (const digest of digests) digest.update(bytes);
    });
    blocks.inTurn('write', turn, () => fs.writeSync(output, bytes));
    if (length === 0) return;
  }
}

function writeAlone(from, to) {
  const { size } = fs.statSync(from);
  const output = fs.openSync(to, 'w');
  const block = new Uint8Array(BLOCK);
  for (let at = 0; at < size; at += BLOCK) fs.writeSync(output, block, 0, Math.min(BLOCK, size - at));
}

/** Reads one block ahead of the hashing. */
async function hashAhead(path) {
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

async function discard(paths) {
  for (const path of paths) for await (const _ of fs.createReadStream(path));
}

/** The calls, for every second file or for all. */
const CALLS = {
  lstat: (path) => fs.lstatSync(path),
  read: (path, into, at = 0, room = into.length) => {
    const file = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const length = fs.readSync(file, into, at, room);
    fs.fstatSync(file);
    fs.closeSync(file);
    return length;
  },
};

function callAll(paths, call, from, step) {
  const into = new Uint8Array(BLOCK);
  for (let i = from; i < paths.length; i += step) CALLS[call](paths[i], into);
}

function filesOf(plan) {
  const { assets } = JSON.parse(fs.readFileSync(plan, 'utf8'));
  return assets.map(({ file }) => join(dirname(plan), file));
}

async function packBarely(plan, to) {
  const { SharedBlocks } = await import('../dist/host/threads/blocks.js');
  const job = { paths: filesOf(plan), output: fs.openSync(to, 'w'), memory: SharedBlocks.allocate(2).memory };
  const other = new Worker(new URL(import.meta.url), { workerData: { role: 'pack', ...job, first: 1 } });
  await packEverySecond({ ...job, first: 0 });
  await new Promise((resolve) => other.once('exit', resolve));
}

/** Looks at every second file, then copies every second block of files. */
async function packEverySecond({ paths, output, memory, first }) {
  const { SharedBlocks } = await import('../dist/host/threads/blocks.js');
  const blocks = new SharedBlocks(memory);
  const block = blocks.block(first);
  for (let i = first; i < paths.length; i += 2) CALLS.lstat(paths[i]);
  for (let turn = first; turn * FILES_A_BLOCK < paths.length; turn += 2) {
    let length = 0;
    for (const path of paths.slice(turn * FILES_A_BLOCK, (turn + 1) * FILES_A_BLOCK)) {
      length += CALLS.read(path, block, length, FILE_SIZE);
    }
    blocks.inTurn('write', turn, () => fs.writeSync(output, block, 0, length));
  }
}

async function packAgain(plan) {
  const { packAssets, toMemory } = await import('../dist/lib/index.js');
  const [bytes, folder] = [fs.readFileSync(plan), dirname(plan)];
  const seconds = [];
  for (let i = 0; i < PACKS; i += 1) {
    seconds.push(await timed(() => packAssets(bytes, toMemory(), { folder, digests: ['xxh64'] })));
  }
  const [first, ...rest] = seconds;
  return { first: rounded(first), settled: rounded(medianOf(rest.slice(-SETTLED))) };
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
  return Object.fromEntries(Object.entries(seconds).map(([name, all]) => [name, rounded(medianOf(all))]));
}

function medianOf(all) {
  return all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
}

function rounded(seconds) {
  return Number(seconds.toFixed(3));
}

/** A whole process, this program's own or another. */
function run(command, ...words) {
  return timed(() => {
    const { status } = spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`exit ${status}: ${command}`);
  });
}

const runOwn = (...words) => run(process.execPath, import.meta.filename, ...words);

function measureCopies(from, to) {
  const size = String(fs.statSync(from).size);
  const fresh = (work) => () => {
    fs.rmSync(to, { force: true });
    spawnSync('python3', [join(import.meta.dirname, 'touch_memory.py'), size]);
    return work();
  };
  return medians({
    cat: fresh(() => run('sh', '-c', 'cat "$0" > "$1"', from, to)),
    copy_hashed: fresh(() => runOwn('copy-hashed', from, to)),
    copy_in_turns: fresh(() => runOwn('copy-in-turns', from, to)),
    copy_in_turns_hashed: fresh(() => runOwn('copy-in-turns-hashed', from, to)),
    write_alone: fresh(() => runOwn('write-alone', from, to)),
  }).finally(() => fs.rmSync(to, { force: true }));
}

function measureHashes(path) {
  return medians({ xxhsum: () => run('xxhsum', '-H1', path), hash_ahead: () => runOwn('hash-ahead', path) });
}

async function measureStreams(folder) {
  const paths = filesBelow(folder);
  return { files: paths.length, ...(await medians({ discard: () => timed(() => discard(paths)) })) };
}

async function measureCalls(plan, to) {
  const paths = filesOf(plan);
  const [folder] = relative(dirname(plan), paths[0]).split(sep);
  const other = new Worker(new URL(import.meta.url), { workerData: { role: 'call', paths } });
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
  const seconds = await medians({
    ...Object.fromEntries(works),
    bare_pack: () => runOwn('pack-barely', plan, to),
    tar: () => run('tar', '-cf', to, '-C', dirname(plan), folder),
  });
  await other.terminate();
  fs.rmSync(to);
  return { files: paths.length, ...seconds };
}

/** What is measured, by how many operands, and what a run of this program by itself is. */
const MEASURES = {
  copy: [2, measureCopies],
  hash: [1, measureHashes],
  files: [2, measureCalls],
  streams: [1, measureStreams],
  warm: [1, packAgain],
};
const OWN = {
  'copy-hashed': copyHashed,
  'copy-in-turns': copyInTurns,
  'copy-in-turns-hashed': (from, to) => copyInTurns(from, to, true),
  'pack-barely': packBarely,
  'write-alone': writeAlone,
  'hash-ahead': hashAhead,
};

async function main([what = '', ...operands]) {
  if (Object.hasOwn(OWN, what)) return OWN[what](...operands);
  const [count, measure] = Object.hasOwn(MEASURES, what) ? MEASURES[what] : [];
  if (operands.length !== count) {
    process.stderr.write(
      'usage: node bench/floor.mjs copy FILE OUT | hash FILE | files PLAN OUT | streams FOLDER | warm PLAN\n',
    );
    process.exitCode = 2;
  } else process.stdout.write(`${JSON.stringify(await measure(...operands))}\n`);
}

function answerCalls({ paths }) {
  parentPort.on('message', (call) => {
    callAll(paths, call, 1, 2);
    parentPort.postMessage(call);
  });
}

/** What a thread does. */
const ROLES = { write: writeBlocks, copy: copyEverySecond, pack: packEverySecond, call: answerCalls };

if (isMainThread) await main(process.argv.slice(2));
else ROLES[workerData.role](workerData);
