/**
 * The fuzzer:
 *
 *     npm run fuzz -- [--seconds S] [--executions N] [--target NAME] [--seed N] [--fresh] [--record]
 *     npm run fuzz -- --readers N [--seed N]
 *
 * It goes on from the kept corpus, or with `--fresh` from the seeds alone, and prints what it did. `--record` keeps the corpus of the run, minimised.
 * An input on which an oracle says no goes to `build/fuzz/`, and the exit code is 1. With a number of executions that ends a run before its time
 * does, equal options on equal sources give equal runs. `--readers` gives artifacts, N mutants among them, to the readers in other languages.
 */
import { parseArgs } from 'node:util';
import { minimise, readCorpus, writeCorpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { Engine } from './engine.ts';
import { fuzzReaders } from './fuzz-readers.ts';
import { type Instrumented, loadInstrumented } from './load.ts';
import { printHead, printRow, reportFinding } from './report.ts';
import type { Target } from './target.ts';
import { allTargets } from './targets.ts';
import { watch } from './watchdog.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    executions: { type: 'string', default: 'Infinity' },
    target: { type: 'string' },
    readers: { type: 'string' },
    seed: { type: 'string', default: '1' },
    fresh: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});
const seed = Number(options.seed);

async function fuzzTargets(): Promise<void> {
  const all = allTargets(seed);
  const targets = all.filter(({ name }) => options.target === undefined || options.target === name);
  if (targets.length === 0) throw new Error(`no such target; there are ${all.map(({ name }) => name).join(', ')}`);
  const loaded = await loadInstrumented();
  printHead('target', 'executions', 'seconds', 'CPU seconds', 'a CPU second', 'counters reached', 'corpus', 'findings');
  for (const target of targets) await fuzz(target, loaded, (Number(options.seconds) * 1_000) / targets.length);
}

async function fuzz(target: Target, { subject, hits, blocks }: Instrumented, milliseconds: number): Promise<void> {
  const inputs = [...target.seeds(), ...(options.fresh ? [] : readCorpus(target.name))];
  const watchdog = watch(target.name, target.lengthMax);
  const engine = new Engine(target, subject, new Coverage(hits), watchdog.note);
  const record = await engine.run({ seed, executions: Number(options.executions), milliseconds, inputs });
  const { executions, seconds, cpuSeconds, corpus, findings } = record;
  const rate = Math.round(executions / cpuSeconds);
  const reached = `${record.blocks} of ${blocks}`;
  printRow(
    target.name,
    executions,
    seconds.toFixed(0),
    cpuSeconds.toFixed(0),
    rate,
    reached,
    corpus.length,
    findings.length,
  );
  for (const found of findings) reportFinding(target.name, found);
  if (options.record) writeCorpus(target.name, await minimise(target, subject, new Coverage(hits), corpus));
  await watchdog.stop();
}

await (options.readers === undefined ? fuzzTargets() : fuzzReaders(seed, Number(options.readers)));
