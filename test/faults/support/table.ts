/** Figures as a Markdown table. */
import type { Figures } from './scene.js';

/** One activity. */
export interface Row {
  readonly what: string;
  readonly figures: Figures;
  readonly seconds: number;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const lines = [
    ['what', 'counts', 'torn, lost or wrong', 'longest step, ms', 'seconds'],
    ['---', '---', '--:', '--:', '--:'],
    ...rows.map(({ what, figures, seconds }) => [
      what,
      String(figures.counts),
      String(figures.violations.length),
      String(Math.round(figures.maxMs)),
      seconds.toFixed(0),
    ]),
  ];
  process.stdout.write(`\n${title}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}\n`);
}

/** Prints what must not have happened; true when there is something. */
export function printViolations(rows: readonly Row[]): boolean {
  const all = rows.flatMap(({ what, figures }) => figures.violations.map((each) => `${what}: ${each}`));
  for (const each of all.slice(0, 50)) process.stdout.write(`VIOLATION ${each}\n`);
  if (all.length > 50) process.stdout.write(`and ${all.length - 50} more\n`);
  return all.length > 0;
}
