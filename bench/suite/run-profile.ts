/** Runs ours of a case under V8's profiler. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import { emptied } from './folders.ts';
import { measure } from './measure.ts';
import { type CpuProfile, selfTimes } from './profile.ts';
import { jobOf, prepare, type RunOptions } from './run-case.ts';
import { quoted } from './tools.ts';
import { percent, seconds } from './wording.ts';

const ROWS = 20;

/** Runs ours twice, the second time with the profiler; the profiles stay in the work folder. Returns the text of the summary. */
export function runProfile(each: Case, options: RunOptions): string {
  const corpus = prepare(each, options);
  const folder = join(options.work, 'profiles', each.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const node = quoted(process.execPath);
  for (const profiler of ['', ` --cpu-prof --cpu-prof-dir=${quoted(folder)}`]) {
    const job = jobOf(each, corpus, options, `${node}${profiler}`);
    emptied(job.out);
    measure(each.ours.command(job));
    emptied(job.out);
  }
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`no profile in ${folder}`);
  const path = join(folder, name);
  const rows = selfTimes(JSON.parse(readFileSync(path, 'utf8')) as CpuProfile, ROWS).map(
    (row) => `| ${row.name} | ${row.place} | ${seconds(row.seconds)} | ${percent(row.share)} |`,
  );
  return [
    `${each.name}: ${path}`,
    '',
    '| function | place | self time | share |',
    '| --- | --- | --: | --: |',
    ...rows,
  ].join('\n');
}
