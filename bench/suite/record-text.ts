/** A record on the terminal. */
import type { BenchRecord, PairRecord, ScalingRecord } from './history.ts';
import { costText, counted, FSYNC, mebibytes, percent, seconds, spread, verdict } from './wording.ts';

/** A few lines about a record: figures, ratio with its spread, targets. */
export function recordText(record: BenchRecord): string {
  const lines = record.kind === 'pair' ? pairLines(record) : scalingLines(record);
  return [...lines, ...record.targets.map((each) => `  target ${verdict(each)}`)].join('\n');
}

function pairLines({ case: name, fsync, peer, ours, theirs, ratio, scale, pairs }: PairRecord): string[] {
  const reduced = scale === 1 ? '' : `, scale ${scale}`;
  const lines = [
    `${name}${peer === undefined ? '' : ` : ${peer}`} (${FSYNC[fsync]}${reduced}, ${counted(pairs, 'pair')})`,
  ];
  lines.push(`  ours   ${sideText(ours)}`);
  if (theirs !== undefined) lines.push(`  theirs ${sideText(theirs)}`);
  if (ratio !== undefined) lines.push(`  ratio  ${spread(ratio)}`);
  return lines;
}

function sideText({ seconds: wall, cpu_seconds: cpu, peak_bytes: peak }: PairRecord['ours']): string {
  const words = [`${seconds(wall.median)} (${seconds(wall.min)} to ${seconds(wall.max)})`];
  if (cpu !== undefined) words.push(`CPU ${seconds(cpu.median)}`);
  if (peak !== undefined) words.push(mebibytes(peak));
  return words.join(', ');
}

function scalingLines({ case: name, unit, points, peaks_bytes: peaks, line, scale, pairs }: ScalingRecord): string[] {
  const reduced = scale === 1 ? '' : `, scale ${scale}`;
  return [
    `${name} (${FSYNC.none}${reduced}, ${counted(pairs, 'round')}): ${costText(line, unit)}`,
    ...points.map(({ count, seconds: wall }, i) => {
      const away = percent(line.deviations[i] as number);
      return `  ${count.toLocaleString('en-US')}: ${seconds(wall)}, ${away} from the line, ${mebibytes(peaks[i] as number)}`;
    }),
  ];
}
