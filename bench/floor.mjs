/**
 * What stands between this project and faster packs: programs that do nothing but the calls, beside the tools that a pack is compared with.
 *
 *     node bench/floor.mjs copy PLAN OUT      `cat` of the plan's one file into OUT; a copy by a thread that reads and hashes twice and one that writes; copies by
 *                                             two threads that read and write a block each in turn, without digests and with two; and as many bytes written, and not read
 *     node bench/floor.mjs hash FILE          `xxhsum -H1 FILE`, and a read of all its bytes, one block ahead, through XXH64
 *     node bench/floor.mjs sha256 PLAN OUT    a copy of the plan's one file by a thread that reads and computes SHA-256 and one that computes it again and writes; and `@electron/asar`
 *     node bench/floor.mjs files PLAN OUT     the calls that each file of a plan costs, in one thread and in two; `tar -cf OUT` of the folder that they are below; `tar-stream`; and the
 *                                             barest pack: the plan through JSON.parse, those calls in two threads, and the bytes into OUT
 *     node bench/floor.mjs inline PLAN OUT    the barest pack of inline payloads: the plan through JSON.parse, XXH64 of each, JSON.stringify of as many entries, all of it into OUT;
 *                                             and `tar-stream`
 *     node bench/floor.mjs streams FOLDER OUT each file of a tree as a stream whose bytes are thrown away; the barest pack, which hashes them twice and writes them; `tar-stream` and `yazl`
 *     node bench/floor.mjs warm PLAN          packs a plan again and again within one process, into memory: the first time, and once the engine knows the code
 *
 * Each but `hash` and `warm` also packs by this project, in the same rounds (`ours`). Prints a JSON object: seconds, medians of five rounds in turns; whole
 * processes, but for the calls of `files`, and for `warm`; of `copy` and `sha256`, each after as much memory was touched as OUT takes (docs/performance.md).
 * OUT is removed. The libraries are those of bench/peers, which `npm run bench` installs.
 */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { copyHashed, copyInTurns, copySha256, hashAhead, writeAlone } from './floor/copies.mjs';
import {
  CALLS,
  callAll,
  callingThread,
  discard,
  filesOf,
  packBarely,
  packInlineBarely,
  packStreamsBarely,
} from './floor/packs.mjs';

const MAIN = join(import.meta.dirname, '../dist/cli/main.js');
const ROUNDS = 5;
/** Packs in one process, and those at the end whose median counts. */
const PACKS = 16;
const SETTLED = 7;

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
  return runInto('/dev/null', command, ...words);
}

/** The same, for what it prints. */
function runInto(path, command, ...words) {
  return timed(() => {
    const output = fs.openSync(path, 'w');
    const { status } = spawnSync(command, words, { stdio: ['ignore', output, 'inherit'] });
    fs.closeSync(output);
    if (status !== 0) throw new Error(`exit ${status}: ${command}`);
  });
}

const runOwn = (...words) => run(process.execPath, import.meta.filename, ...words);
const runPeer = (name, ...words) => run(process.execPath, join(import.meta.dirname, 'peers', `${name}.mjs`), ...words);

/** A pack by the command line. */
function runOurs(plan, to, ...options) {
  return runInto(to, process.execPath, MAIN, 'pack', plan, '--stdout', '--quiet', ...options);
}

/** Runs something after as much memory as its output takes was touched. */
function fresh(from, to, work) {
  const size = String(fs.statSync(from).size);
  return () => {
    fs.rmSync(to, { force: true });
    spawnSync('python3', [join(import.meta.dirname, 'touch_memory.py'), size]);
    return work();
  };
}

function measureCopies(plan, to) {
  const [from] = filesOf(plan);
  return medians({
    ours: fresh(from, to, () => runOurs(plan, to, '--digest', 'xxh64')),
    cat: fresh(from, to, () => runInto(to, 'cat', from)),
    copy_hashed: fresh(from, to, () => runOwn('copy-hashed', from, to)),
    copy_in_turns: fresh(from, to, () => runOwn('copy-in-turns', from, to)),
    copy_in_turns_hashed: fresh(from, to, () => runOwn('copy-in-turns-hashed', from, to)),
    write_alone: fresh(from, to, () => runOwn('write-alone', from, to)),
  });
}

function measureHashes(path) {
  return medians({ xxhsum: () => run('xxhsum', '-H1', path), hash_ahead: () => runOwn('hash-ahead', path) });
}

function measureSha256(plan, to) {
  const [path] = filesOf(plan);
  const folder = folderOf(plan, path);
  return medians({
    ours: fresh(path, to, () => runOurs(plan, to)),
    copy_sha256: fresh(path, to, () => runOwn('copy-sha256', path, to)),
    asar: fresh(path, to, () => runPeer('asar', folder, to)),
  });
}

function measureStreams(folder, to) {
  return medians({
    ours: () => run(process.execPath, join(import.meta.dirname, 'pack-streams.mjs'), 'sized', folder, 'file', to),
    discard: () => runOwn('discard', folder),
    bare_pack: () => runOwn('pack-streams-barely', folder, to),
    'tar-stream': () => runPeer('tar-stream', folder, to, 'streams'),
    yazl: () => runPeer('yazl', folder, to),
  });
}

function measureInline(plan, to) {
  return medians({
    ours: () => runOurs(plan, to, '--digest', 'xxh64'),
    bare_pack: () => runOwn('pack-inline-barely', plan, to),
    'tar-stream': () => runPeer('tar-stream', plan, to),
  });
}

async function measureCalls(plan, to) {
  const paths = filesOf(plan);
  const folder = folderOf(plan, paths[0]);
  const other = callingThread(paths);
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
    ours: () => runOurs(plan, to, '--digest', 'xxh64'),
    bare_pack: () => runOwn('pack-barely', plan, to),
    tar: () => run('tar', '-cf', to, '-C', dirname(plan), basename(folder)),
    'tar-stream': () => runPeer('tar-stream', folder, to),
  });
  await other.terminate();
  return { files: paths.length, ...seconds };
}

/** The folder beside a plan that one of its files is below. */
function folderOf(plan, path) {
  const [name] = relative(dirname(plan), path).split(sep);
  return join(dirname(plan), name);
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
      'usage: node bench/floor.mjs copy PLAN OUT | hash FILE | sha256 PLAN OUT | files PLAN OUT | inline PLAN OUT | streams FOLDER OUT | warm PLAN\n',
    );
    process.exitCode = 2;
    return;
  }
  process.stdout.write(`${JSON.stringify(await measure(...operands))}\n`);
  const [, out] = operands;
  if (out !== undefined) fs.rmSync(out, { force: true });
}

await main(process.argv.slice(2));
