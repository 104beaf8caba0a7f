/** Runs the benchmarks within a process, a process for each size. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { MICRO_ENTRIES } from './cases.ts';
import type { PairFindings } from './run-case.ts';
import { pairRatios, summarize } from './statistics.ts';
import { judgePair } from './targets.ts';

const PROGRAM = join(import.meta.dirname, '../micro.ts');
/** A million entries, their bytes, their text, and what was decoded from them. */
const HEAP_MIB = 8_192;
const ENTRIES_MIN = 50;

/** The least ratios at the largest size: strict decoding may take 2.2 times as long as `JSON.parse`. */
const RATIOS: Readonly<Record<string, number>> = { 'header-encode': 1, 'header-decode': 1 / 2.2 };

interface MicroFigures {
  readonly subject: string;
  readonly peer?: string;
  readonly ours: readonly number[];
  readonly theirs?: readonly number[];
}

/** Runs every subject at one of the sizes. */
export function runMicro(fullEntries: number, { scale, pairs }: { scale: number; pairs: number }): PairFindings[] {
  const entries = Math.max(ENTRIES_MIN, Math.round(fullEntries * scale));
  const flags = ['--expose-gc', `--max-old-space-size=${HEAP_MIB}`, '--input-type=module'];
  const words = [...flags, '-', String(entries), String(pairs)];
  const { status, stdout } = spawnSync(process.execPath, words, {
    input: bundled(PROGRAM),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`exit ${status}: ${words.join(' ')}`);
  const isLargest = fullEntries === Math.max(...MICRO_ENTRIES);
  return (JSON.parse(stdout) as MicroFigures[]).map((each) => findings(each, entries, isLargest));
}

/** A program in one piece, as the command line is. */
function bundled(program: string): string {
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node20', write: false } as const;
  return buildSync({ entryPoints: [program], ...options })
    .outputFiles.map(({ text }) => text)
    .join('');
}

function findings({ subject, peer, ours, theirs }: MicroFigures, entries: number, isLargest: boolean): PairFindings {
  const count = entries.toLocaleString('en-US');
  const common = {
    kind: 'pair',
    case: `micro-${subject}-${entries}`,
    what:
      subject === 'prelude' ? `${count} preludes, encode and decode` : `${subject.replace('-', ' ')}, ${count} entries`,
    fsync: 'none',
    ours: { seconds: summarize(ours) },
  } as const;
  if (peer === undefined || theirs === undefined) return { ...common, targets: [] };
  const ratio = summarize(pairRatios(ours, theirs));
  const wanted = isLargest ? RATIOS[subject] : undefined;
  const goals = wanted === undefined ? {} : { ratio: wanted };
  return {
    ...common,
    peer,
    theirs: { seconds: summarize(theirs) },
    ratio,
    targets: judgePair(goals, ratio, common.ours.seconds, []),
  };
}
