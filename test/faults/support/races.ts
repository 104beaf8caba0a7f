/**
 * Several processes on one output directory (W6). They start together, over an earlier pack, an empty folder or the lock of a dead process. One at a
 * time may write; whoever comes second says `OUTPUT_LOCKED`. While they run, `assets.pa` is looked at all the time; in the end all four
 * outputs are those of the pack that was committed last.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentProcess } from '../../../src/host/process.js';
import { type Answer, pause, runCli, Worker } from './processes.js';
import {
  Chance,
  type Figures,
  isExactly,
  type KnownPlan,
  lookAt,
  makePlan,
  noFigures,
  Scratch,
  shown,
} from './scene.js';

export interface RaceOptions {
  readonly rounds: number;
  readonly processes: number;
  readonly seed: number;
  /** Bytes of a payload. */
  readonly size?: number;
  readonly scratch?: Scratch;
}

const LOCK = '.assets.pa.lock';
/** Above every limit that Linux or macOS has for process ids. */
export const FREE_PID = 4_194_305;

/** Races processes of which each has a plan of its own. */
export async function race({
  rounds,
  processes,
  seed,
  size = 30_000,
  scratch = new Scratch(),
}: RaceOptions): Promise<Figures> {
  const figures = noFigures();
  const chance = new Chance(seed);
  const folder = scratch.folder();
  const workers = Array.from({ length: processes }, () => new Worker());
  try {
    const plans: KnownPlan[] = [];
    for (let i = 0; i < processes; i += 1) plans.push(await makePlan(join(folder, 'plans'), i, size + i));
    await Promise.all(workers.map(({ ready }) => ready));
    const arena: Arena = { folder, out: join(folder, 'out'), plans, figures };
    for (let round = 0; round < rounds; round += 1) {
      prepare(arena, chance, figures);
      const watching = watch(arena);
      const started = performance.now();
      const slow = chance.below(3);
      const answers = await Promise.all(
        workers.map((worker, i) =>
          worker.run({
            plan: plans[i]?.path ?? '',
            out: arena.out,
            witness: join(folder, 'witness'),
            blocking: chance.below(2) === 0,
            startAfter: chance.below(2) === 0 ? 0 : chance.below(30),
            delays: slow === 0 ? {} : { rename: slow, link: slow, readFile: chance.below(3), unlink: chance.below(3) },
          }),
        ),
      );
      figures.maxMs = Math.max(figures.maxMs, performance.now() - started);
      await watching.stop();
      judge(arena, answers, `race ${round} of ${processes} (seed ${seed})`);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    scratch.remove();
  }
  return figures;
}

/** The same with the command line itself, and its exit codes. */
export async function raceCli({
  rounds,
  processes,
  seed,
  size = 300_000,
  scratch = new Scratch(),
}: RaceOptions): Promise<Figures> {
  const figures = noFigures();
  const chance = new Chance(seed);
  const folder = scratch.folder();
  try {
    const plans: KnownPlan[] = [];
    for (let i = 0; i < processes; i += 1) plans.push(await makePlan(join(folder, 'plans'), i, size + i));
    const arena: Arena = { folder, out: join(folder, 'out'), plans, figures };
    for (let round = 0; round < rounds; round += 1) {
      prepare(arena, chance, figures);
      const watching = watch(arena);
      const started = performance.now();
      const ends = await Promise.all(plans.map(({ path }) => runCli(['pack', path, '-o', arena.out, '--json']).ended));
      figures.maxMs = Math.max(figures.maxMs, performance.now() - started);
      await watching.stop();
      const answers = ends.map(({ code, stdout, stderr }): Answer => {
        const { ok, diagnostics } = JSON.parse(stdout || '{}') as { ok?: boolean; diagnostics?: { code: string }[] };
        const said = ok === true ? 'ok' : (diagnostics?.[0]?.code ?? `nothing: ${stderr}`);
        const isRight = (code === 0 && said === 'ok') || (code === 3 && said === 'OUTPUT_LOCKED');
        return { code: said, calls: 0, violations: isRight ? [] : [`exit code ${code} with ${said}`] };
      });
      judge(arena, answers, `race ${round} of ${processes} on the command line (seed ${seed})`);
    }
  } finally {
    scratch.remove();
  }
  return figures;
}

interface Arena {
  readonly folder: string;
  readonly out: string;
  readonly plans: readonly KnownPlan[];
  readonly figures: Figures;
}

function prepare({ out }: Arena, chance: Chance, { counts }: Figures): void {
  const kind = chance.of([
    'over the last one',
    'into a new folder',
    'over a dead lock',
    'over a dead lock and a dead taker',
  ]);
  counts.add(kind);
  if (kind === 'over the last one') return;
  rmSync(out, { recursive: true, force: true });
  if (kind === 'into a new folder') return;
  mkdirSync(out, { recursive: true });
  const lockOf = (token: string) => `${JSON.stringify({ ...currentProcess(), pid: FREE_PID, token })}\n`;
  writeFileSync(join(out, LOCK), lockOf('00112233aabbccdd'));
  writeFileSync(join(out, '.assets.pa.00112233aabbccdd.assets.pa'), 'debris');
  if (kind.endsWith('taker')) writeFileSync(join(out, `${LOCK}.00112233aabbccdd`), lockOf('1111111111111111'));
}

/** Looks at `assets.pa` until it is told to stop. */
function watch({ out, plans, figures }: Arena): { stop(): Promise<void> } {
  let isOver = false;
  const known = plans.map(({ outputs }) => outputs);
  const watching = (async () => {
    while (!isOver) {
      const found = lookAt(out, known);
      figures.counts.add('looks');
      if ([found.artifact, ...found.companions].includes('torn')) {
        figures.violations.push(`seen while they ran: ${shown(found)}`);
      }
      await pause(1);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await watching;
    },
  };
}

function judge({ out, plans, figures }: Arena, answers: readonly (Answer | undefined)[], place: string): void {
  const { counts, violations } = figures;
  const complain = (what: string) => violations.push(`${place}: ${what}`);
  counts.add('races');
  const winners = answers.map((answer, i) => ({ answer, i })).filter(({ answer }) => answer?.code === 'ok');
  counts.add('published', winners.length);
  for (const [i, answer] of answers.entries()) {
    if (answer?.code === 'OUTPUT_LOCKED') counts.add('locked out');
    else if (answer?.code !== 'ok') complain(`process ${i} says ${answer?.code ?? 'nothing'}`);
    for (const each of answer?.violations ?? []) complain(`process ${i}: ${each}`);
  }
  if (winners.length === 0) return void complain('nobody won');
  const found = lookAt(
    out,
    plans.map(({ outputs }) => outputs),
  );
  const legal = winners.every(({ answer }) => answer?.committedAt !== undefined)
    ? [winners.reduce((a, b) => ((a.answer?.committedAt ?? 0) > (b.answer?.committedAt ?? 0) ? a : b))]
    : winners;
  if (!legal.some(({ i }) => isExactly(found, i))) complain(`not what was committed last: ${shown(found)}`);
  const metadata = JSON.parse(readFileSync(join(out, 'asset_table_metadata.json'), 'utf8'));
  const digest = `sha256:${createHash('sha256')
    .update(readFileSync(join(out, 'assets.pa')))
    .digest('hex')}`;
  if (metadata.artifact.digests.sha256 !== digest) complain('the companion describes another artifact');
}
