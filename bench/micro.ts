/**
 * The codecs within one process, without files:
 *
 *     tsx bench/micro.ts ENTRIES PAIRS
 *
 * Prints a JSON array with an object for each subject: `subject`, `peer` where somebody does the same, and the seconds of `ours` and `theirs`, pair by
 * pair. Within a run tinybench calls the subject for at least 100 ms and the median counts. What is measured is `dist/`, as it is shipped.
 */
import { Bench } from 'tinybench';
import { headerOf } from './suite/header.ts';
import { runPairs } from './suite/pairs.ts';

const MILLISECONDS = 100;

const shipped = <T>(path: string): Promise<T> => import(new URL(`../dist/codec/${path}`, import.meta.url).href);
const { decodeHeader, headerChunks } = await shipped<typeof import('../src/codec/header.js')>('header.js');
const { decodePrelude, encodePrelude, preludeOf } =
  await shipped<typeof import('../src/codec/prelude.js')>('prelude.js');
const { payloadOffsets } = await shipped<typeof import('../src/codec/layout.js')>('layout.js');
const { JsonTokenizer } = await shipped<typeof import('../src/codec/json.js')>('json.js');
const { joinChunks } = await shipped<typeof import('../src/codec/canonical.js')>('canonical.js');

const [entries = 0, pairs = 0] = process.argv.slice(2).map(Number);
if (!(entries >= 46 && pairs >= 1))
  throw new Error('usage: tsx bench/micro.ts ENTRIES PAIRS, with at least 46 entries and a pair');

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
