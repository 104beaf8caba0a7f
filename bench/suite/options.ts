/** The options of `npm run bench`. */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from './cases.ts';
import { HISTORY } from './history.ts';
import type { RunOptions } from './run-case.ts';

/** How to call it. */
export const USAGE = `usage: npm run bench -- [options]

  --case NAME      only this case; may be repeated; NAME may end with *
  --peer NAME      only this peer; may be repeated
  --fsync WHICH    only cases with, without, or both (default)
  --pairs N        kept pairs of runs, after one that warms up (default: 7)
  --scale S        inputs of S times the full size, 0.25 for a quarter (default: 1)
  --quick          a smoke run of everything: --scale 0.01 --pairs 1
  --profile        profile ours instead of comparing it
  --work DIR       where inputs are kept (default: assets-pa-bench in the folder for temporary files)
  --out DIR        where outputs go (default: the work folder)
  --data DIR       the tree of the case real-*
  --history DIR    where complete runs are recorded (default: bench/history)
  --list           list cases and peers
  --clean          remove inputs, outputs, profiles and unrecorded runs from these folders
`;

const FULL_PAIRS = 7;
const GAME = '/usr/share/games/supertux2';

/** What is asked for. */
export interface BenchOptions extends RunOptions {
  readonly mode: 'run' | 'profile' | 'list' | 'clean';
  readonly isWanted: (name: string, fsync: Case['fsync']) => boolean;
  readonly isWantedPeer: (name: string) => boolean;
  /** Where this run is recorded; not among the committed figures when it is smaller than a full one. */
  readonly history: string;
}

/**
 * Reads the words of the command line.
 *
 * @throws Error they are wrong
 */
export function readOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      case: { type: 'string', multiple: true, default: [] },
      peer: { type: 'string', multiple: true, default: [] },
      fsync: { type: 'string', default: 'both' },
      pairs: { type: 'string' },
      scale: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      work: { type: 'string', default: join(tmpdir(), 'assets-pa-bench') },
      out: { type: 'string' },
      data: { type: 'string', default: GAME },
      history: { type: 'string', default: HISTORY },
      list: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
    },
  });
  const { fsync } = values;
  if (!['with', 'without', 'both'].includes(fsync)) throw new Error(`--fsync is with, without or both, not "${fsync}"`);
  const pairs = positive('--pairs', values.pairs ?? (values.quick ? '1' : String(FULL_PAIRS)));
  const scale = positive('--scale', values.scale ?? (values.quick ? '0.01' : '1'));
  if (!Number.isInteger(pairs)) throw new Error('--pairs is a whole number');
  const work = resolve(values.work);
  const isFull = scale === 1 && pairs >= FULL_PAIRS;
  return {
    mode: values.list ? 'list' : values.clean ? 'clean' : values.profile ? 'profile' : 'run',
    isWanted: (name, form) =>
      (values.case.length === 0 || values.case.some((pattern) => matches(name, pattern))) &&
      (fsync === 'both' || form === 'none' || form === fsync),
    isWantedPeer: (name) => values.peer.length === 0 || values.peer.includes(name),
    pairs,
    scale,
    work,
    out: resolve(values.out ?? work),
    data: resolve(values.data),
    history: isFull ? resolve(values.history) : join(work, 'history'),
  };
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new Error(`${option} is a number above 0, not "${text}"`);
  return value;
}
