/**
 * The header codec at a million entries. A phase a process, so that each states its own peak memory; bench/scale.sh bundles and runs
 * them.
 *
 *     node header-million.mjs build          the entries alone: what every other phase has besides its own work
 *     node header-million.mjs encode         encoded, lengths summed, no byte kept
 *     node header-million.mjs write FILE     the header into a file
 *     node header-million.mjs decode FILE    read and decoded strictly, compared with what was built
 *
 * Prints one JSON object: `phase`, `entries`, `bytes`, `seconds` (of the phase's own work), `peak_rss_bytes` (of the process).
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { decodeHeader, type Header, headerChunks } from '../src/index.js';
import { entryAt, headerOf } from './suite/header.ts';

const ENTRIES = 1_000_000;

function encode(header: Header, take: (chunk: Uint8Array) => void): number {
  let length = 0;
  for (const chunk of headerChunks(header)) {
    length += chunk.length;
    take(chunk);
  }
  return length;
}

function write(header: Header, path: string): number {
  const file = openSync(path, 'w');
  try {
    return encode(header, (chunk) => {
      for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done);
    });
  } finally {
    closeSync(file);
  }
}

/** Spot checks; that every byte is right is what the strict decoder itself proves. */
function compare({ assetTable, preload }: Header): void {
  if (assetTable.length !== ENTRIES || preload.length !== 16) throw new Error('entries are missing');
  for (let i = 0; i < ENTRIES; i += 997) {
    if (JSON.stringify(assetTable[i]) !== JSON.stringify(entryAt(i))) throw new Error(`entry ${i} differs`);
  }
}

/** Runs a phase's own work. */
function timed<T>(work: () => T): { result: T; seconds: number } {
  const started = performance.now();
  const result = work();
  return { result, seconds: Math.round(performance.now() - started) / 1_000 };
}

function run(phase: string | undefined, path: string): { bytes: number; seconds: number } {
  if (phase === 'decode') {
    const bytes = readFileSync(path);
    const { result, seconds } = timed(() => decodeHeader(bytes));
    compare(result);
    return { bytes: bytes.length, seconds };
  }
  const built = timed(() => headerOf(ENTRIES));
  if (phase === 'build') return { bytes: 0, seconds: built.seconds };
  const header = built.result;
  const { result, seconds } = timed(() => (phase === 'write' ? write(header, path) : encode(header, () => {})));
  return { bytes: result, seconds };
}

const [phase, path] = process.argv.slice(2);
const needsFile = phase === 'write' || phase === 'decode';
if (
  phase === undefined ||
  !['build', 'encode', 'write', 'decode'].includes(phase) ||
  (needsFile && path === undefined)
) {
  process.stderr.write('usage: node header-million.mjs build|encode|write FILE|decode FILE\n');
  process.exitCode = 2;
} else {
  const figures = run(phase, path ?? '');
  // Linux and Node: KiB.
  const peak = process.resourceUsage().maxRSS * 1_024;
  process.stdout.write(`${JSON.stringify({ phase, entries: ENTRIES, ...figures, peak_rss_bytes: peak })}\n`);
}
