/**
 * The codecs within one process, without files:
 *
 *     esbuild bench/micro.ts --bundle --platform=node --format=esm | node --expose-gc --input-type=module - ENTRIES PAIRS
 *
 * Prints a JSON array with an object for each subject: `subject`, `peer` where somebody does the same, and the seconds of `ours` and `theirs`, pair by
 * pair. Within a run tinybench calls the subject for at least 100 ms and the median counts. `suite/run-micro.ts` bundles it, as the command line is: a loader that
 * translates sources while they run wraps each function, and the decoder took a third longer.
 */
import { Bench } from 'tinybench';
import { joinChunks } from '../src/codec/chunks.js';
import { decodeHeader, headerChunks } from '../src/codec/header.js';
import { JsonTokenizer } from '../src/codec/json.js';
import { payloadOffsets } from '../src/codec/layout.js';
import { decodePrelude, encodePrelude, preludeOf } from '../src/codec/prelude.js';
import { headerOf } from './suite/header.ts';
import { runPairs } from './suite/pairs.ts';

const MILLISECONDS = 100;

const [entries = 0, pairs = 0] = process.argv.slice(2).map(Number);
if (!(entries >= 46 && pairs >= 1)) throw new Error('usage: node - ENTRIES PAIRS, with at least 46 entries and a pair');

const header = headerOf(entries);
const bytes = joinChunks([...headerChunks(header)]);
const text = new TextDecoder().decode(bytes);
const sizes = header.assetTable.map(({ size }) => size);

/** Something to call, and what somebody else calls for the same. */
interface Subject {
  readonly subject: string;
  readonly ours: () => unknown;
  readonly peer?: string;
  readonly theirs?: () => unknown;
}

const SUBJECTS: readonly Subject[] = [
  { subject: 'header-encode', ours: encode, peer: 'JSON.stringify', theirs: () => JSON.stringify(header) },
  { subject: 'header-decode', ours: () => decodeHeader(bytes), peer: 'JSON.parse', theirs: () => JSON.parse(text) },
  { subject: 'tokenizer', ours: tokenize, peer: 'JSON.parse', theirs: () => JSON.parse(text) },
  { subject: 'layout', ours: () => payloadOffsets(sizes, 64) },
  { subject: 'prelude', ours: preludes },
];

function encode(): number {
  let length = 0;
  for (const chunk of headerChunks(header)) length += chunk.length;
  return length;
}

/** As many preludes as there are entries, there and back. */
function preludes(): void {
  for (let i = 0; i < entries; i += 1) decodePrelude(encodePrelude(preludeOf(i, 32 + i)));
}

function tokenize(): number {
  const tokenizer = new JsonTokenizer(bytes);
  let tokens = 0;
  while (tokenizer.next() !== 'end') tokens += 1;
  return tokens;
}

/** The median seconds of a call. */
function secondsOf(call: () => unknown): number {
  globalThis.gc?.();
  const bench = new Bench({ time: MILLISECONDS, iterations: 1, warmup: false, throws: true });
  bench.add('call', call).runSync();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`the benchmark ended as ${result?.state}`);
  return result.latency.p50 / 1_000;
}

const figures = SUBJECTS.map(({ subject, ours, peer, theirs }) => {
  const runs = runPairs(
    pairs,
    () => secondsOf(ours),
    () => (theirs === undefined ? 0 : secondsOf(theirs)),
  );
  return peer === undefined ? { subject, ours: runs.ours } : { subject, peer, ...runs };
});
process.stdout.write(`${JSON.stringify(figures)}\n`);
