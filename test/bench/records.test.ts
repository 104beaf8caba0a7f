/** What becomes of figures: history, tables, charts, profiles. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chartsOf } from '../../bench/suite/charts.ts';
import { append, type BenchRecord, chooseMachine, latest, machinesIn, recordsOf } from '../../bench/suite/history.ts';
import { machineName } from '../../bench/suite/machine.ts';
import { readOptions } from '../../bench/suite/options.ts';
import { selfTimes } from '../../bench/suite/profile.ts';
import { recordText } from '../../bench/suite/record-text.ts';
import { reportText } from '../../bench/suite/report-text.ts';
import { fitLine, summarize } from '../../bench/suite/statistics.ts';
import { svgOf } from '../../bench/suite/svg.ts';
import { judge } from '../../bench/suite/targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'assets-pa-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

const machine = {
  cpu: 'Some(R) CPU @ 2.00GHz',
  cores: 2,
  kernel: 'linux 6.1.0',
  memory_bytes: 2 ** 34,
  node: 'v20.19.0',
};
const head = { commit: 'abc', machine, scale: 1, pairs: 3 };

function pairRecord(date: string, ratios: readonly number[]): BenchRecord {
  const side = { seconds: summarize([1, 2, 3]), cpu_seconds: summarize([1]), peak_bytes: 64 * 2 ** 20 };
  const ratio = summarize(ratios);
  return {
    ...head,
    date,
    kind: 'pair',
    case: 'tiny-xxh64',
    what: 'many small payloads',
    fsync: 'with',
    file_system: 'ext4',
    corpus: { name: 'tiny', count: 3, bytes: 12 },
    ours: side,
    peer: 'tar',
    theirs: side,
    ratio,
    targets: [judge('ratio', 1, ratio.median), judge('peak_bytes', 96 * 2 ** 20, side.peak_bytes)],
  };
}

const points = [1, 10, 100].map((count) => ({ count, seconds: 0.1 + count / 10 }));
const scaling: BenchRecord = {
  ...head,
  date: '2026-01-03T00:00:00.000Z',
  kind: 'scaling',
  case: 'scaling-entries',
  what: 'cost an entry',
  unit: 'entry',
  points,
  peaks_bytes: [1, 2, 3],
  line: fitLine(points),
  targets: [judge('deviation', 0.15, 0)],
};
const micro: BenchRecord = {
  ...head,
  date: '2026-01-03T00:00:00.000Z',
  kind: 'pair',
  case: 'micro-layout-10',
  what: 'layout, 10 entries',
  fsync: 'none',
  ours: { seconds: summarize([1e-6]) },
  targets: [],
};
const old = pairRecord('2026-01-01T00:00:00.000Z', [0.5, 0.6, 0.7]);
const current = pairRecord('2026-01-02T00:00:00.000Z', [1.1, 1.2, 1.4]);
const records = [old, current, scaling, micro];

describe('history', () => {
  it('names a machine by processor, cores and kernel', () => {
    expect(machineName(machine)).toBe('some-cpu-2.00ghz-2-cores-linux-6.1.0');
  });

  it('gives back what was added, a file a machine', () => {
    for (const record of records) append(folder, record);
    expect(machinesIn(folder)).toEqual([machineName(machine)]);
    expect(recordsOf(folder, machineName(machine))).toEqual(records);
    expect(chooseMachine(folder, undefined)).toBe(machineName(machine));
    expect(() => chooseMachine(folder, 'another')).toThrow('no history of another');
  });

  it('takes the latest of each series', () => {
    expect(latest(records)).toEqual([current, scaling, micro]);
    expect(latest([old, { ...current, scale: 0.5 }])).toHaveLength(2);
  });

  it('keeps small runs out of the committed figures', () => {
    const where = (...words: string[]) => readOptions(['--work', '/w', '--history', '/h', ...words]).history;
    expect(where()).toBe('/h');
    expect(where('--pairs', '9')).toBe('/h');
    for (const words of [['--quick'], ['--scale', '0.5'], ['--pairs', '6']]) expect(where(...words)).toBe('/w/history');
  });
});

describe('options', () => {
  it('choose cases by name, by beginning, by fsync', () => {
    const { isWanted } = readOptions(['--case', 'tiny-*', '--case', 'verify', '--fsync', 'with']);
    expect(isWanted('tiny-xxh64', 'with')).toBe(true);
    expect(isWanted('tiny-xxh64-nosync', 'without')).toBe(false);
    expect(isWanted('verify', 'none')).toBe(true);
    expect(isWanted('verify-companions', 'none')).toBe(false);
  });

  it.each([['--scale', '0'], ['--pairs', '1.5'], ['--fsync', 'maybe'], ['--nothing'], ['stray']])(
    'refuse %s %s',
    (...words) => {
      expect(() => readOptions(words.filter((word) => word !== undefined))).toThrow();
    },
  );
});

describe('text', () => {
  it('says figures, spread and targets on the terminal', () => {
    expect(recordText(current).split('\n')).toEqual([
      'tiny-xxh64 : tar (both sides sync, 3 pairs)',
      '  ours   2 s (1 s to 3 s), CPU 1 s, 64 MiB',
      '  theirs 2 s (1 s to 3 s), CPU 1 s, 64 MiB',
      '  ratio  1.20 (1.15 to 1.30; 1.10 to 1.40)',
      '  target ratio >= 1.00: met',
      '  target 64 MiB <= 96 MiB: met',
    ]);
    expect(recordText(scaling)).toContain('100: 10.1 s, 0.0 % from the line');
  });

  it('makes tables for the documentation', () => {
    const text = reportText(records);
    expect(text).toContain(
      '| many small payloads | with, ext4 | `tar` | 2 s | 2 s | 1.20 (1.15 to 1.30; 1.10 to 1.40) | >= 1.00, met |',
    );
    expect(text).toContain('| layout, 10 entries | 1 us |');
    expect(text).toContain(
      'cost an entry: 100 ms and 100,000,000 ns per entry; at most 0.0 % away, target 15.0 %: met.',
    );
    expect(text).not.toMatch(/NaN|undefined/);
  });
});

describe('charts', () => {
  it('draws each of them', () => {
    const drawn = chartsOf('some machine', records).map(({ name, ...chart }) => [name, svgOf(chart)] as const);
    expect(drawn.map(([name]) => name)).toEqual(['ratios', 'memory', 'scaling-entries', 'history']);
    for (const [name, svg] of drawn) {
      expect(svg, name).toMatch(/^<svg [^>]*width="960"/);
      expect(svg, name).toContain('some machine');
      expect(svg, name).not.toMatch(/NaN|undefined/);
    }
  });

  it('draws nothing of nothing', () => {
    expect(chartsOf('some machine', [])).toEqual([]);
  });
});

describe('profiles', () => {
  it('sums the time of each function, without idle time', () => {
    const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber });
    const profile = {
      nodes: [
        { id: 1, callFrame: frame('work', 'file:///somewhere/dist/codec/json.js', 9) },
        { id: 2, callFrame: frame('(idle)', '', -1) },
        { id: 3, callFrame: frame('', '', -1) },
        { id: 4, callFrame: frame('work', 'file:///somewhere/dist/codec/json.js', 9) },
      ],
      samples: [1, 2, 3, 4, 1],
      timeDeltas: [1_000_000, 9_000_000, 1_000_000, 1_000_000, 1_000_000],
    };
    expect(selfTimes(profile, 5)).toEqual([
      { name: 'work', place: 'dist/codec/json.js:10', seconds: 3, share: 0.75 },
      { name: '(anonymous)', place: '', seconds: 1, share: 0.25 },
    ]);
    expect(selfTimes(profile, 1)).toHaveLength(1);
  });

  it('reads what was recorded as lines', () => {
    const lines = readFileSync(join(folder, `${machineName(machine)}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(records.length);
  });
});
