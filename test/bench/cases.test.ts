/** The case table: the targets it states, and each command on inputs of next to nothing. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, type Case, SCALING_CASES } from '../../bench/suite/cases.ts';
import { CORPORA, corpusOf, scaled } from '../../bench/suite/corpora.ts';
import { emptied } from '../../bench/suite/folders.ts';
import { makeCorpus } from '../../bench/suite/make-corpus.ts';
import { measure } from '../../bench/suite/measure.ts';
import { readOptions } from '../../bench/suite/options.ts';
import { roomFor } from '../../bench/suite/room.ts';
import { checkOutput, jobOf, prepare, runCase } from '../../bench/suite/run-case.ts';
import { scalingCorpora } from '../../bench/suite/run-scaling.ts';
import { NPM_PEERS, PEER_TOOLS, type PeerName, type Tool } from '../../bench/suite/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'assets-pa-bench-test-'));
/** In memory where that can be had, so that no test waits for a busy disk. */
const out = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'assets-pa-bench-test-'));
const options = readOptions([
  ...['--work', work, '--out', out, '--data', join(ROOT, 'docs/example/payload')],
  ...['--scale', '0.0001', '--pairs', '1'],
]);
afterAll(() => {
  for (const folder of [work, out]) rmSync(folder, { recursive: true, force: true });
});

const hasPeers = existsSync(join(ROOT, 'bench/peers/node_modules'));
const runs = (command: string) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
const hasTools = process.platform === 'linux' && runs('python3') && runs('xargs');

function isHere(peer: PeerName): boolean {
  if (NPM_PEERS.includes(peer)) return hasPeers;
  return peer !== 'xxhsum' || runs('xxhsum');
}

describe('the case table', () => {
  it('has each name once, and an input for each', () => {
    const names = [...CASES, ...SCALING_CASES].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const inputs = [...CASES.map(({ corpus }) => corpus), ...SCALING_CASES.flatMap(scalingCorpora)];
    expect(new Set(inputs)).toEqual(new Set(Object.keys(CORPORA)));
    expect(CASES.filter(({ rivals }) => rivals.length === 0)).toEqual([]);
  });

  it('names every peer', () => {
    const named = new Set(CASES.flatMap(({ rivals }) => rivals.map(({ peer }) => peer)));
    expect([...named].sort()).toEqual(Object.keys(PEER_TOOLS).sort());
  });

  it.each([
    ['large-xxh64', 'cat', 1],
    ['large-xxh64-nosync', 'cat', 1],
    ['large-sha256-nosync', 'sha256sum', 0.95],
    ['asar-large-xxh64', '@electron/asar', 6],
    ['tiny-xxh64', '@electron/asar', 4],
    ['tiny-xxh64', 'tar', 1],
    ['verify', 'xxhsum', 0.9],
  ] as const)('wants of %s, beside %s, a ratio of %d', (name, peer, ratio) => {
    const rivals = CASES.find((each) => each.name === name)?.rivals;
    expect(rivals?.find((rival) => rival.peer === peer)?.ratio).toBe(ratio);
  });

  it.each(['tar-stream', 'yazl'] as const)('wants of every case with %s and sizes known a ratio of 3', (peer) => {
    const others = CASES.filter(({ name }) => !name.startsWith('streams-unsized')).flatMap(({ rivals }) => rivals);
    expect(new Set(others.filter((rival) => rival.peer === peer).map(({ ratio }) => ratio))).toEqual(new Set([3]));
  });

  it('is explained in the documentation, and so is each peer', () => {
    const text = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8');
    const names = CASES.filter(({ name }) => !CASES.some((each) => name === `${each.name}-nosync`));
    const told = [...[...names, ...SCALING_CASES].map(({ name }) => name), ...Object.keys(PEER_TOOLS)];
    expect(told.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('has nothing that syncs on one side only', () => {
    const job = (each: Case) => jobOf(each, makeCorpus('three', corpusOf('three'), options), options);
    for (const each of CASES.filter(({ ours }) => ours.makes === 'file')) {
      for (const { peer } of each.rivals.filter((rival) => PEER_TOOLS[rival.peer].makes === 'file')) {
        const [ours, theirs] = [each.ours, PEER_TOOLS[peer]].map((tool) => tool.command(job(each))) as [string, string];
        expect(theirs.includes('&& sync '), `${each.name}, ${peer}`).toBe(each.fsync === 'with');
        expect(/ -o | folder /.test(ours), each.name).toBe(each.fsync === 'with');
      }
    }
  });
});

describe('inputs', () => {
  it('are the same every time', () => {
    const bytes = ['a', 'b'].map((folder) => {
      const made = makeCorpus('three', corpusOf('three'), { ...options, work: join(work, folder) });
      return readFileSync(join(made.payload, '000/000002.bin')).toString('hex');
    });
    expect(bytes[0]).toBe(bytes[1]);
    expect(bytes[0]).toHaveLength(2);
  });

  it('shrink in number or in size, never to nothing', () => {
    expect(scaled(corpusOf('tiny'), 0.25)).toMatchObject({ count: 25_000, size: 4_096 });
    expect(scaled(corpusOf('large'), 0.25)).toMatchObject({ count: 1, size: 2 ** 31 });
    expect(scaled(corpusOf('three'), 1e-9)).toMatchObject({ count: 3, size: 1 });
  });

  it('ask for room before they are made, and for less once they are', () => {
    const large = CASES.filter(({ name }) => name === 'large-xxh64');
    const full = readOptions(['--work', join(work, 'empty')]);
    const { inputs, output } = roomFor(large, [], full);
    expect([inputs, output].every((bytes) => bytes > 2 ** 33 && bytes < 1.1 * 2 ** 33)).toBe(true);
    makeCorpus('large', corpusOf('large'), options);
    expect(roomFor(large, [], options).inputs).toBe(0);
  });
});

describe.runIf(hasTools)('commands', () => {
  function runOnce(tool: Tool, each: Case): void {
    const job = jobOf(each, prepare(each, options), options);
    emptied(job.out);
    checkOutput(tool, job, measure(tool.command(job)));
  }

  // One of each kind of command: the others differ in their input and in their sink, which is that of `three`.
  const kinds = ['large-aligned', 'large-piped', 'inline-xxh64', 'streams-sized', 'streams-unsized'];
  const names = [...kinds.map((name) => `${name}-nosync`), 'three', 'verify', 'verify-companions', 'diff', 'version'];
  const forms = names.map((name) => CASES.find((each) => each.name === name) as Case);

  it.each(forms.map((each) => [each.name, each] as const))('ours of %s does the whole job', (_, each) => {
    runOnce(each.ours, each);
  });

  const firstWith = (peer: PeerName) => CASES.find(({ rivals }) => rivals.some((rival) => rival.peer === peer)) as Case;
  const peers = (Object.keys(PEER_TOOLS) as PeerName[]).filter(isHere);

  it.each(peers)('%s does the whole job', (peer) => {
    runOnce(PEER_TOOLS[peer], firstWith(peer));
  });

  it('notices half a job', () => {
    const each = firstWith('cat');
    const half: Tool = { makes: 'file', command: ({ out }) => `echo half > ${out}/assets.pa` };
    expect(() => runOnce(half, each)).toThrow(/of \d+ bytes/);
    expect(() => runOnce({ makes: 'file', command: () => 'true' }, each)).toThrow(/no output/);
    expect(() => runOnce({ makes: 'digest', command: () => 'echo none' }, each)).toThrow(/no digest/);
    expect(() => runOnce({ makes: 'nothing', command: () => 'exit 3' }, each)).toThrow(/exit 3/);
  });

  it('give a record', () => {
    const record = runCase(firstWith('tar'), 'tar', options);
    expect(record).toMatchObject({ kind: 'pair', peer: 'tar', ratio: { n: 1 }, ours: { seconds: { n: 1 } } });
    expect(record.ours.peak_bytes).toBeGreaterThan(2 ** 20);
  });
});
