/** Runs a scaling case: the same work at growing sizes, in turns, without the disk. */
import type { ScalingCase } from './cases.ts';
import { corpusOf, SCALING } from './corpora.ts';
import type { ScalingRecord } from './history.ts';
import { makeCorpus } from './make-corpus.ts';
import { measure } from './measure.ts';
import { runRounds } from './pairs.ts';
import type { RunOptions } from './run-case.ts';
import { fitLine, summarize } from './statistics.ts';
import { FLATNESS, judge, memoryLimit } from './targets.ts';
import { PACK_TO_NOTHING, quoted } from './tools.ts';

/** A scaling record without what all records of a run have in common. */
export type ScalingFindings = Omit<ScalingRecord, 'date' | 'commit' | 'machine' | 'scale' | 'pairs'>;

/** The inputs of a scaling case, the smallest first. */
export function scalingCorpora({ unit }: ScalingCase): readonly string[] {
  return unit === 'byte' ? SCALING.bytes : SCALING.entries;
}

/** Runs a scaling case. */
export function runScaling(each: ScalingCase, options: RunOptions): ScalingFindings {
  const corpora = scalingCorpora(each).map((name) => makeCorpus(name, corpusOf(name), options));
  const node = quoted(process.execPath);
  const runs = runRounds(
    options.pairs,
    corpora.map(
      (corpus) => () => measure(PACK_TO_NOTHING.command({ corpus, out: options.out, fsync: false, node })).figures,
    ),
  );
  const points = corpora.map(({ bytes, count }, i) => ({
    count: each.unit === 'byte' ? bytes : count,
    seconds: summarize((runs[i] ?? []).map(({ seconds }) => seconds)).median,
  }));
  const line = fitLine(points);
  const peaks = runs.map((figures) => Math.max(...figures.map(({ peakBytes }) => peakBytes)));
  return {
    kind: 'scaling',
    case: each.name,
    what: each.what,
    unit: each.unit,
    points,
    peaks_bytes: peaks,
    line,
    targets: [
      judge('deviation', FLATNESS, Math.max(...line.deviations.map(Math.abs))),
      ...corpora.map(({ count, inlineBytes }, i) =>
        judge('peak_bytes', memoryLimit(count, inlineBytes), peaks[i] as number),
      ),
    ],
  };
}
