/** Runs a case with one of its peers. */
import { cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case } from './cases.ts';
import { corpusOf } from './corpora.ts';
import { emptied, emptyPageCache, fileSystemOf, touchMemory } from './folders.ts';
import type { PairRecord, Side } from './history.ts';
import { type CorpusOptions, type MadeCorpus, makeCorpus } from './make-corpus.ts';
import { type Figures, type Measured, measure } from './measure.ts';
import { runPairs } from './pairs.ts';
import { pairRatios, summarize } from './statistics.ts';
import { type Goals, judgePair, memoryLimit } from './targets.ts';
import { copyOf, type Job, outputOf, PEER_TOOLS, type PeerName, pack, packedOf, quoted, type Tool } from './tools.ts';

/** How cases are run. */
export interface RunOptions extends CorpusOptions {
  readonly out: string;
  readonly pairs: number;
}

/** A pair's record without what all records of a run have in common. */
export type PairFindings = Omit<PairRecord, 'date' | 'commit' | 'machine' | 'scale' | 'pairs'>;

/** Makes what a case reads, unless it is there. */
export function prepare({ corpus: name, reads }: Pick<Case, 'corpus' | 'reads'>, options: RunOptions): MadeCorpus {
  const corpus = makeCorpus(name, corpusOf(name), options);
  if (reads !== undefined && !existsSync(packedOf(corpus))) {
    const folder = dirname(packedOf(corpus));
    rmSync(folder, { recursive: true, force: true });
    measure(pack('sha256,xxh64').command({ corpus, out: folder, fsync: true, node: quoted(process.execPath) }));
  }
  if (reads === 'copy' && !existsSync(copyOf(corpus))) {
    cpSync(packedOf(corpus), `${copyOf(corpus)}.part`);
    renameSync(`${copyOf(corpus)}.part`, copyOf(corpus));
  }
  return corpus;
}

/** The folder that is emptied before each run. */
export function outputFolder(out: string): string {
  return join(out, 'output');
}

/** A case's job on an input. */
export function jobOf({ fsync }: Case, corpus: MadeCorpus, { out }: RunOptions, node = quoted(process.execPath)): Job {
  return { corpus, out: outputFolder(out), fsync: fsync === 'with', node };
}

/**
 * Runs ours and a peer's command in pairs.
 *
 * @throws Error a command failed, or did not do the whole job
 */
export function runCase(each: Case, peer: PeerName, options: RunOptions): PairFindings {
  const corpus = prepare(each, options);
  const job = jobOf(each, corpus, options);
  emptied(job.out);
  emptyPageCache();
  const { ours, theirs } = runPairs(
    options.pairs,
    (isFirst) => runTool(each.ours, job, isFirst),
    (isFirst) => runTool(PEER_TOOLS[peer], job, isFirst),
  );
  emptied(job.out);
  const secondsOf = (runs: readonly Figures[]) => runs.map(({ seconds }) => seconds);
  const ratio = summarize(pairRatios(secondsOf(ours), secondsOf(theirs)));
  const { count, bytes } = corpus;
  return {
    kind: 'pair',
    case: each.name,
    what: each.what,
    fsync: each.fsync,
    ...(each.fsync !== 'none' && { file_system: fileSystemOf(options.out) }),
    corpus: { name: each.corpus, count, bytes },
    ours: sideOf(ours),
    peer,
    theirs: sideOf(theirs),
    ratio,
    targets: judgePair(goalsOf(each, peer, corpus), ratio, summarize(secondsOf(ours)), ours),
  };
}

function goalsOf({ rivals, seconds, limitsMemory }: Case, peer: PeerName, corpus: MadeCorpus): Goals {
  const ratio = rivals.find((rival) => rival.peer === peer)?.ratio;
  return {
    ...(ratio !== undefined && { ratio }),
    ...(seconds !== undefined && { seconds }),
    ...(limitsMemory && { peakBytes: memoryLimit(corpus.count, corpus.inlineBytes) }),
  };
}

function sideOf(runs: readonly Figures[]): Side {
  return {
    seconds: summarize(runs.map(({ seconds }) => seconds)),
    cpu_seconds: summarize(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peak_bytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
  };
}

/** Runs a command once, into an empty folder; the first time, looks whether the whole job was done. */
function runTool(tool: Tool, job: Job, isFirst: boolean): Figures {
  emptied(job.out);
  if (tool.makes === 'file') touchMemory(job.corpus.bytes);
  const measured = measure(tool.command(job));
  if (isFirst) checkOutput(tool, job, measured);
  return measured.figures;
}

/**
 * Whether a command did the whole job: an output with at least the bytes of the input, or a digest.
 *
 * @throws Error it did not
 */
export function checkOutput({ makes, command }: Tool, job: Job, { output }: Pick<Measured, 'output'>): void {
  if (makes === 'digest' && !/^[0-9a-f]{16,64}\b/.test(output)) {
    throw new Error(`no digest: ${command(job)}\n${output}`);
  }
  if (makes !== 'file') return;
  const size = statSync(outputOf(job), { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new Error(`no output: ${command(job)}`);
  if (size < job.corpus.bytes) throw new Error(`${size} of ${job.corpus.bytes} bytes: ${command(job)}`);
}
