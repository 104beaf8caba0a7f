/**
 * What stands between this project and faster packs: programs that do nothing but the calls, beside the tools that a pack is compared with.
 *
 *     node bench/floor.mjs copy FILE OUT      `cat FILE > OUT`; a copy by a thread that reads and hashes twice and one that writes; copies by two threads that
 *                                             read and write a block each in turn, without digests and with two; and as many bytes written, and not read
 *     node bench/floor.mjs hash FILE          `xxhsum -H1 FILE`, and a read of all its bytes, one block ahead, through XXH64
 *     node bench/floor.mjs sha256 FOLDER OUT  a copy of the folder's one file by a thread that reads and computes SHA-256 and one that computes it again and writes; and `@electron/asar`
 *     node bench/floor.mjs files PLAN OUT     the calls that each file of a plan costs, in one thread and in two; `tar -cf OUT` of the folder that they are below; `tar-stream`; and the
 *                                             barest pack: the plan through JSON.parse, those calls in two threads, and the bytes into OUT
 *     node bench/floor.mjs inline PLAN OUT    the barest pack of inline payloads: the plan through JSON.parse, XXH64 of each, JSON.stringify of as many entries, all of it into OUT;
 *                                             and `tar-stream`
 *     node bench/floor.mjs streams FOLDER OUT each file of a tree as a stream whose bytes are thrown away; the barest pack, which hashes them twice and writes them; `tar-stream` and `yazl`
 *     node bench/floor.mjs warm PLAN          packs a plan again and again within one process, into memory: the first time, and once the engine knows the code
 *
 * Prints a JSON object: seconds, medians of five rounds in turns; whole processes, but for the calls of `files`, and for `warm`; of `copy` and `sha256`, each
 * after as much memory was touched as OUT takes (docs/performance.md). OUT is removed. The libraries are those of bench/peers, which `npm run bench` installs.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import xxhash from 'xxhash-wasm';

const ROUNDS = 5;
const BLOCK = 1_048_576;
const BLOCKS = 6;
/** What `verify` reads at once. */
const HASHED_BLOCK = 4 * BLOCK;
/** Files that a thread of the barest pack copies at once, and room for their bytes. */
const FILES_AT_ONCE = 64;
const FILES_ROOM = 128 * BLOCK;
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

/** Does something after all turns before this one, and before all others. */
function inTurn(blocks, kind, turn, work) {
  blocks.awaitTurn(kind, turn);
  work();
  blocks.endTurn(kind, turn);
}

async function copyHashed(from, to) {
  const { create64 } = await xxhash();
  await copyByTwo(from, to, [create64(), create64()], []);
}

/** Two digests of SHA-256, one in each thread: nobody can share one. */
function copySha256(from, to) {
  return copyByTwo(from, to, [createHash('sha256')], ['sha256']);
}

/** Reads and hashes; another thread writes, and hashes as well. */
async function copyByTwo(from, to, digests, others) {
  const [input, output] = [fs.openSync(from), fs.openSync(to, 'w')];
  const memory = new SharedArrayBuffer(BLOCKS * BLOCK);
  const states = new Int32Array(new SharedArrayBuffer(BLOCKS * 4));
  const writer = new Worker(new URL(import.meta.url), {
    workerData: { role: 'write', memory, states, output, others },
  });
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

function writeBlocks({ memory, states, output, others }) {
  const digests = others.map((each) => createHash(each));
  for (let turn = 0; ; turn += 1) {
    const index = turn % BLOCKS;
    const length = waitWhile(states, index, FREE);
    if (length === END) return;
    const block = new Uint8Array(memory, index * BLOCK, length);
    for (const digest of digests) digest.update(block);
    fs.writeSync(output, block);
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
    inTurn(blocks, 'hash', turn, () => {
      for (const digest of digests) digest.update(bytes);
    });
    inTurn(blocks, 'write', turn, () => fs.writeSync(output, bytes));
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

async function discard(folder) {
  for (const path of filesBelow(folder)) for await (const _ of fs.createReadStream(path, { highWaterMark: BLOCK }));
}

/** Checks nothing; each piece goes through two digests and into the file as it comes. */
async function packStreamsBarely(folder, to) {
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

/** The calls, for every second file or for all. */
const CALLS = {
  lstat: (path) => fs.lstatSync(path),
  read: (path, into, at = 0) => {
    const file = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const length = fs.readSync(file, into, at, into.length - at);
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
  const job = { paths: filesOf(plan), output: fs.openSync(to, 'w'), memory: SharedBlocks.allocate(0).memory };
  const other = new Worker(new URL(import.meta.url), { workerData: { role: 'pack', ...job, first: 1 } });
  await packEverySecond({ ...job, first: 0 });
  await new Promise((resolve) => other.once('exit', resolve));
}

/** Looks at every second file, then copies every second lot of files. */
async function packEverySecond({ paths, output, memory, first }) {
  const { SharedBlocks } = await import('../dist/host/threads/blocks.js');
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
async function packInlineBarely(plan, to) {
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
const runPeer = (name, ...words) => run(process.execPath, join(import.meta.dirname, 'peers', `${name}.mjs`), ...words);

/** Runs something after as much memory as its output takes was touched. */
function fresh(from, to, work) {
  const size = String(fs.statSync(from).size);
  return () => {
    fs.rmSync(to, { force: true });
    spawnSync('python3', [join(import.meta.dirname, 'touch_memory.py'), size]);
    return work();
  };
}

function measureCopies(from, to) {
  return medians({
    cat: fresh(from, to, () => run('sh', '-c', 'cat "$0" > "$1"', from, to)),
    copy_hashed: fresh(from, to, () => runOwn('copy-hashed', from, to)),
    copy_in_turns: fresh(from, to, () => runOwn('copy-in-turns', from, to)),
    copy_in_turns_hashed: fresh(from, to, () => runOwn('copy-in-turns-hashed', from, to)),
    write_alone: fresh(from, to, () => runOwn('write-alone', from, to)),
  });
}

function measureHashes(path) {
  return medians({ xxhsum: () => run('xxhsum', '-H1', path), hash_ahead: () => runOwn('hash-ahead', path) });
}

async function measureSha256(folder, to) {
  const [path] = filesBelow(folder);
  return medians({
    copy_sha256: fresh(path, to, () => runOwn('copy-sha256', path, to)),
    asar: fresh(path, to, () => runPeer('asar', folder, to)),
  });
}

function measureStreams(folder, to) {
  return medians({
    discard: () => runOwn('discard', folder),
    bare_pack: () => runOwn('pack-streams-barely', folder, to),
    'tar-stream': () => runPeer('tar-stream', folder, to, 'streams'),
    yazl: () => runPeer('yazl', folder, to),
  });
}

function measureInline(plan, to) {
  return medians({
    bare_pack: () => runOwn('pack-inline-barely', plan, to),
    'tar-stream': () => runPeer('tar-stream', plan, to),
  });
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
    'tar-stream': () => runPeer('tar-stream', join(dirname(plan), folder), to),
  });
  await other.terminate();
  return { files: paths.length, ...seconds };
}

/** What is measured, by how many operands, and what a run of this program by itself is. */
const MEASURES = {
  copy: [2, measureCopies],
  hash: [1, measureHashes],
  sha256: [2, measureSha256],
  files: [2, measureCalls],
  inline: [2, measureInline],
  streams: [2, measureStreams],
  warm: [1, packAgain],
};
const OWN = {
  'copy-hashed': copyHashed,
  'copy-sha256': copySha256,
  'copy-in-turns': copyInTurns,
  'copy-in-turns-hashed': (from, to) => copyInTurns(from, to, true),
  'pack-barely': packBarely,
  'pack-inline-barely': packInlineBarely,
  discard,
  'pack-streams-barely': packStreamsBarely,
  'write-alone': writeAlone,
  'hash-ahead': hashAhead,
};

async function main([what = '', ...operands]) {
  if (Object.hasOwn(OWN, what)) return OWN[what](...operands);
  const [count, measure] = Object.hasOwn(MEASURES, what) ? MEASURES[what] : [];
  if (operands.length !== count) {
    process.stderr.write(
      'usage: node bench/floor.mjs copy FILE OUT | hash FILE | sha256 FOLDER OUT | files PLAN OUT | inline PLAN OUT | streams FOLDER OUT | warm PLAN\n',
    );
    process.exitCode = 2;
    return;
  }
  process.stdout.write(`${JSON.stringify(await measure(...operands))}\n`);
  const [, out] = operands;
  if (out !== undefined) fs.rmSync(out, { force: true });
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
