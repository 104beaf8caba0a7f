/**
 * Packs that are killed (W5). A process packs over an earlier pack, or into a new folder, and gets SIGKILL at a random moment, or kills itself
 * before an exact call. Then `assets.pa` must be the whole old file or the whole new one, each companion likewise, the new `assets.pa` only
 * beside its own companions; `verify` with companions must find what is there; and the next pack must succeed and leave nothing unfinished.
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packAssets, toDirectory, verifyArtifact } from '../../../src/index.js';
import { type Job, PHASES, type Phase, pause, runCli, type Worker, WorkerSupply } from './processes.js';
import {
  Chance,
  type Figures,
  type FoundOutputs,
  isExactly,
  type KnownPlan,
  lookAt,
  makePlan,
  noFigures,
  Scratch,
  shown,
} from './scene.js';

export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Bytes of a payload. Defaults to some blocks. */
  readonly size?: number;
  readonly scratch?: Scratch;
}

/** How a pack is held up, so that kills fall where they hurt. */
const MODES: Readonly<Record<string, Omit<Job, 'plan' | 'out'>>> = {
  'at full speed': { blocking: true },
  'slow publication': { delays: { link: 3, rename: 6, sync: 3 } },
  'slow everywhere': { delays: { link: 1, rename: 1, sync: 1, write: 2, open: 1, unlink: 2, close: 1 } },
};

/** Kills packs at random moments. */
export async function killAtRandom({
  rounds,
  seed,
  size = 1_300_000,
  scratch = new Scratch(),
}: KillOptions): Promise<Figures> {
  const figures = noFigures();
  const chance = new Chance(seed);
  const supply = new WorkerSupply();
  try {
    const stage = await Stage.make(scratch.folder(), size, figures);
    const cliMs = await timeOfCli(stage);
    for (let round = 0; round < rounds; round += 1) {
      if (round % 10 === 9) stage.startAfresh();
      const target = stage.other(chance);
      const plan = stage.plans[target] as KnownPlan;
      const mode = chance.of([...Object.keys(MODES), 'slow publication', 'command line']);
      const phase = chance.of([...PHASES, 'syncing', 'publishing', 'publishing'] as const);
      // The program itself takes the first half of the time to start.
      const after = mode === 'command line' ? (0.5 + 0.6 * chance.next()) * cliMs : 20 * chance.next() ** 3;
      const isDone =
        mode === 'command line'
          ? await killCli(plan, stage.out, after)
          : await killWorker(supply.take(), { plan: plan.path, out: stage.out, ...MODES[mode] }, phase, after);
      const place = `round ${round} (seed ${seed}), ${mode}, killed ${after.toFixed(1)} ms after ${phase}`;
      await stage.judge(target, isDone, place, round % 10 === 0);
    }
  } finally {
    await supply.close();
    scratch.remove();
  }
  return figures;
}

/** Kills a pack before each of its calls: before every `step`th, from `first` on. */
export async function killAtCalls({
  first,
  step,
  size = 1_300_000,
  scratch = new Scratch(),
}: {
  first: number;
  step: number;
  size?: number;
  scratch?: Scratch;
}): Promise<Figures> {
  const figures = noFigures();
  const supply = new WorkerSupply();
  const chance = new Chance(first);
  try {
    const stage = await Stage.make(scratch.folder(), size, figures);
    for (let dieAt = first, isDone = false; !isDone; dieAt += step) {
      const target = stage.other(chance);
      const { path } = stage.plans[target] as KnownPlan;
      const worker = supply.take();
      isDone = (await worker.run({ plan: path, out: stage.out, dieAt })) !== undefined;
      if (isDone) await worker.kill();
      await stage.judge(target, isDone, `killed at call ${dieAt}`, false);
    }
  } finally {
    await supply.close();
    scratch.remove();
  }
  return figures;
}

/** How long the command line takes when nobody disturbs it. */
async function timeOfCli({ plans, folder }: Stage): Promise<number> {
  const started = performance.now();
  await runCli(['pack', plans[0]?.path ?? '', '-o', join(folder, 'measured'), '--quiet']).ended;
  return performance.now() - started;
}

/** @returns Whether the pack was done before. */
async function killWorker(worker: Worker, job: Job, phase: Phase, after: number): Promise<boolean> {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const answer = worker.run(job, (each) => (each === phase ? begin() : undefined));
  await Promise.race([begun.then(() => pause(after)), answer]);
  await worker.kill();
  return (await answer)?.code === 'ok';
}

async function killCli({ path }: KnownPlan, out: string, after: number): Promise<boolean> {
  const { child, ended } = runCli(['pack', path, '-o', out, '--quiet']);
  await Promise.race([pause(after), ended]);
  child.kill('SIGKILL');
  return (await ended).code === 0;
}

/** An output directory, what is in it, and what was found there after each kill. */
class Stage {
  readonly folder: string;
  readonly plans: readonly KnownPlan[];
  out: string;
  readonly #figures: Figures;
  /** The pack that is complete in the directory. */
  #current: number | 'absent' = 'absent';
  #folders = 0;

  private constructor(folder: string, plans: readonly KnownPlan[], figures: Figures) {
    this.folder = folder;
    this.plans = plans;
    this.#figures = figures;
    this.out = join(folder, 'out');
  }

  static async make(folder: string, size: number, figures: Figures): Promise<Stage> {
    const plans: KnownPlan[] = [];
    for (let i = 0; i < 3; i += 1) plans.push(await makePlan(join(folder, 'plans'), i, size + i));
    return new Stage(folder, plans, figures);
  }

  startAfresh(): void {
    rmSync(this.out, { recursive: true, force: true });
    this.#folders += 1;
    this.out = join(this.folder, `out-${this.#folders}/deeper`);
    this.#current = 'absent';
  }

  /** A pack that is not the one in the directory. */
  other(chance: Chance): number {
    return chance.of(this.plans.map((_, i) => i).filter((i) => i !== this.#current));
  }

  async judge(target: number, isDone: boolean, place: string, byCli: boolean): Promise<void> {
    const { counts, violations } = this.#figures;
    const known = this.plans.map(({ outputs }) => outputs);
    const found = lookAt(this.out, known);
    const complain = (what: string) => violations.push(`${place}: ${what}; ${shown(found)}`);
    counts.add('kills');
    counts.add(this.#stateOf(found, target, isDone));
    const legal = [this.#current, target];
    if (!legal.includes(found.artifact as number)) complain('assets.pa is neither the old nor the new one');
    if (!found.companions.every((each) => legal.includes(each as number))) complain('a companion is not whole');
    if (found.artifact === target && !found.companions.every((each) => each === target)) {
      complain('the new assets.pa without its companions');
    }
    if (isDone && !isExactly(found, target)) complain('a pack that was done is not there');
    if (found.artifact !== 'absent') await this.#verify(found, byCli, complain);
    await this.#packAgain(target, byCli, complain);
    this.#current = target;
  }

  #stateOf({ artifact, companions, leftovers }: FoundOutputs, target: number, isDone: boolean): string {
    if (isDone) return 'done before the kill';
    if (artifact === target) return leftovers.length === 0 ? 'after the last call' : 'after the commit';
    if (companions.includes(target)) return 'between renames';
    if (leftovers.some((name) => name.endsWith('.previous'))) return 'among the links';
    if (leftovers.some((name) => /^\.assets\.pa\.[0-9a-f]{16}\./.test(name))) return 'while staging';
    return leftovers.length > 0 ? 'with the lock' : 'before the first trace';
  }

  async #verify(found: FoundOutputs, byCli: boolean, complain: (what: string) => void): Promise<void> {
    const path = join(this.out, 'assets.pa');
    const { diagnostics } = await verifyArtifact(path, { companions: this.out });
    const codes = diagnostics.map(({ code }) => code);
    const isWhole = found.companions.every((each) => each === found.artifact);
    if (isWhole !== (codes.length === 0)) complain(`verify says ${codes.join(' ') || 'that all is well'}`);
    const unknown = codes.filter((code) => code !== 'COMPANION_STALE' && code !== 'COMPANION_MISMATCH');
    if (unknown.length > 0) complain(`verify says ${unknown.join(' ')}`);
    this.#figures.counts.add(isWhole ? 'verified clean' : 'verified stale or mismatched');
    if (!byCli) return;
    const { code, stderr } = await runCli(['verify', path, '--companions', '--quiet']).ended;
    if (code !== (isWhole ? 0 : 1)) complain(`verify ended with ${code}: ${stderr}`);
  }

  async #packAgain(target: number, byCli: boolean, complain: (what: string) => void): Promise<void> {
    const { path, outputs } = this.plans[target] as KnownPlan;
    const started = performance.now();
    try {
      if (byCli) {
        const { code, stderr } = await runCli(['pack', path, '-o', this.out, '--quiet']).ended;
        if (code !== 0) complain(`the next pack ended with ${code}: ${stderr}`);
      } else await packAssets(readFileSync(path), toDirectory(this.out), { folder: dirname(path) });
    } catch (error) {
      complain(`the next pack failed: ${error}`);
    }
    this.#figures.maxMs = Math.max(this.#figures.maxMs, performance.now() - started);
    const after = lookAt(this.out, [outputs]);
    if (!isExactly(after, 0)) complain(`after the next pack: ${shown(after)}`);
  }
}
