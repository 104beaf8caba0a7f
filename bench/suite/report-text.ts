/** The latest records of a history as Markdown. */
import { type BenchRecord, latest, type PairRecord, type ScalingRecord } from './history.ts';
import type { Verdict } from './targets.ts';
import { costText, FSYNC, mebibytes, percent, plain, seconds, spread } from './wording.ts';

/** Tables of everything recorded last: pairs, benchmarks within a process, scaling. */
export function reportText(records: readonly BenchRecord[]): string {
  const current = latest(records);
  const pairs = current.filter((record) => record.kind === 'pair');
  const isMicro = (record: PairRecord) => record.corpus === undefined;
  const sections = [
    machineText(current),
    ...section(
      ['case', 'fsync', 'peer', 'ours', 'theirs', 'ratio', 'target', 'CPU of ours', 'CPU of theirs', 'peak', 'limit'],
      pairs.filter((record) => !isMicro(record)).map(pairRow),
    ),
    ...section(['in one process', 'ours', 'peer', 'theirs', 'ratio', 'target'], pairs.filter(isMicro).map(microRow)),
    ...current.filter((record) => record.kind === 'scaling').flatMap(scalingSection),
  ];
  return `${sections.join('\n\n')}\n`;
}

function machineText(records: readonly BenchRecord[]): string {
  const last = records.at(-1);
  if (last === undefined) return 'Nothing is recorded.';
  const { cpu, cores, kernel, memory_bytes: memory, node } = last.machine;
  const commits = [...new Set(records.map(({ commit }) => commit))].join(', ');
  const gib = Math.round(memory / 2 ** 30);
  return `${cpu}, ${cores} cores, ${gib} GiB, ${kernel}, Node ${node}; ${last.date.slice(0, 10)}, commit ${commits}.`;
}

function pairRow({ what, fsync, file_system: on, peer, ours, theirs, ratio, targets }: PairRecord): string[] {
  const memory = targets.find((each) => each.what === 'peak_bytes');
  return [
    what,
    on === undefined ? FSYNC[fsync] : `${fsync}, ${on}`,
    `\`${peer}\``,
    seconds(ours.seconds.median),
    theirs === undefined ? '' : seconds(theirs.seconds.median),
    ratio === undefined ? '' : spread(ratio),
    targets
      .filter((each) => each !== memory)
      .map(targetText)
      .join(', '),
    ours.cpu_seconds === undefined ? '' : seconds(ours.cpu_seconds.median),
    theirs?.cpu_seconds === undefined ? '' : seconds(theirs.cpu_seconds.median),
    ours.peak_bytes === undefined ? '' : mebibytes(ours.peak_bytes),
    memory === undefined ? '' : `${mebibytes(memory.limit)}, ${memory.met ? 'met' : 'not met'}`,
  ];
}

function microRow({ what, ours, peer, theirs, ratio, targets }: PairRecord): string[] {
  return [
    what,
    seconds(ours.seconds.median),
    peer === undefined ? '' : `\`${peer}\``,
    theirs === undefined ? '' : seconds(theirs.seconds.median),
    ratio === undefined ? '' : spread(ratio),
    targets.map(targetText).join(', '),
  ];
}

function targetText({ what, limit, met }: Verdict): string {
  return `${what === 'ratio' ? `>= ${plain(limit)}` : `<= ${seconds(limit)}`}, ${met ? 'met' : 'not met'}`;
}

function scalingSection({ what, unit, points, line, peaks_bytes: peaks, targets }: ScalingRecord): string[] {
  const flat = targets.find((each) => each.what === 'deviation');
  const judged =
    flat === undefined
      ? ''
      : `; at most ${percent(flat.actual)} away, target ${percent(flat.limit)}: ${flat.met ? 'met' : 'not met'}`;
  const units = unit === 'byte' ? 'bytes' : 'entries';
  return [
    `${what}: ${costText(line, unit)}${judged}.`,
    ...section(
      [units, 'median', 'away from the line', 'peak'],
      points.map(({ count, seconds: wall }, i) => [
        count.toLocaleString('en-US'),
        seconds(wall),
        percent(line.deviations[i] as number),
        mebibytes(peaks[i] as number),
      ]),
    ),
  ];
}

/** A table; nothing where there are no rows. The first column is text, the others are to the right. */
function section(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [[line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')];
}
