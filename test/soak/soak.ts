/**
 * Everything at once for a while: `npm run soak`, `npm run soak -- SECONDS`. Packs, verifies, kills, races, fills a small disk, runs into crash states,
 * in turns that a seed decides; `SOAK_SEED` repeats them. Prints a table at the end; ends with 1 when anything was torn, lost or wrong.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killAtRandom } from '../faults/support/kills.js';
import { runCli } from '../faults/support/processes.js';
import { race, raceCli } from '../faults/support/races.js';
import {
  Chance,
  type Figures,
  isExactly,
  lookAt,
  makePlan,
  noFigures,
  Scratch,
  seedOf,
  shown,
} from '../faults/support/scene.js';
import { recordPack, SCENES, simulate } from '../faults/support/simulation.js';
import { fillDisk, missingForMounts } from '../faults/support/small-disk.js';
import { printTable, printViolations, type Row } from '../faults/support/table.js';

const seconds = Number(process.argv[2] ?? 600);
if (!(seconds > 0)) {
  process.stderr.write('usage: npm run soak [-- SECONDS]\n');
  process.exit(2);
}
const seed = seedOf(process.env['SOAK_SEED']);
const chance = new Chance(seed);
const nextSeed = (): number => chance.below(2 ** 31);

/** Packs over and over into one directory, looks at it, and lets `verify` look at it too. */
async function packAndVerify(): Promise<Figures> {
  const figures = noFigures();
  const scratch = new Scratch();
  try {
    const folder = scratch.folder();
    const out = join(folder, 'out');
    const plans = [];
    for (let i = 0; i < 3; i += 1) plans.push(await makePlan(join(folder, 'plans'), i, chance.below(3_000_000)));
    for (let round = 0; round < 5; round += 1) {
      const index = chance.below(plans.length);
      const { path } = plans[index] as (typeof plans)[number];
      const started = performance.now();
      const packed = await runCli(['pack', path, '-o', out, '--quiet']).ended;
      const verified = await runCli(['verify', join(out, 'assets.pa'), '--companions', '--plan', path, '--quiet'])
        .ended;
      figures.maxMs = Math.max(figures.maxMs, performance.now() - started);
      figures.counts.add('packed');
      figures.counts.add('verified');
      const found = lookAt(
        out,
        plans.map(({ outputs }) => outputs),
      );
      const place = `seed ${seed}, round ${round}`;
      if (packed.code !== 0) figures.violations.push(`${place}: pack ended with ${packed.code}: ${packed.stderr}`);
      if (verified.code !== 0)
        figures.violations.push(`${place}: verify ended with ${verified.code}: ${verified.stderr}`);
      if (!isExactly(found, index)) figures.violations.push(`${place}: ${shown(found)}`);
    }
    await damaged(out, figures);
  } finally {
    scratch.remove();
  }
  return figures;
}

/** One wrong byte: `verify` has to see it. */
async function damaged(out: string, { counts, violations }: Figures): Promise<void> {
  const path = join(out, 'assets.pa');
  const bytes = readFileSync(path);
  const at = chance.below(bytes.length);
  bytes[at] = (bytes[at] as number) ^ (1 << chance.below(8));
  rmSync(path);
  writeFileSync(path, bytes);
  const { code } = await runCli(['verify', path, '--companions', '--quiet']).ended;
  counts.add('damaged and found out');
  if (code !== 1) violations.push(`a wrong byte at ${at}: verify ended with ${code}`);
}

async function crash(): Promise<Figures> {
  const scratch = new Scratch();
  try {
    const pack = await recordPack(chance.of(SCENES), scratch);
    const bounds = { enumerateUpTo: 2_000, samples: 500, mixtures: 3 };
    const figures = await simulate(pack, { bounds, seed: nextSeed(), nextPacks: 50, scratch });
    figures.violations.push(...figures.mispaired);
    figures.counts.add('locked out by a torn lock', figures.lockedOut.length);
    return figures;
  } finally {
    scratch.remove();
  }
}

const missing = missingForMounts();
if (missing !== undefined) process.stdout.write(`skipped: full disks, which need ${missing}\n`);

const ACTIVITIES: Readonly<Record<string, () => Promise<Figures>>> = {
  'pack and verify': packAndVerify,
  kill: () => killAtRandom({ rounds: 20, seed: nextSeed(), size: chance.below(3_000_000) }),
  'race of 2': () => race({ rounds: 15, processes: 2, seed: nextSeed() }),
  'race of 8': () => race({ rounds: 10, processes: 8, seed: nextSeed() }),
  'race on the command line': () => raceCli({ rounds: 2, processes: 2 + chance.below(5), seed: nextSeed() }),
  'crash states': crash,
  ...(missing === undefined && {
    'full disk': () =>
      fillDisk({
        by: chance.of(['blocks', 'blocks', 'inodes'] as const),
        again: chance.below(2) === 0,
        spooled: chance.below(2) === 0,
        size: 5_000 + chance.below(100_000),
        cli: 10,
      }),
  }),
};

process.stdout.write(`soak: ${seconds} s, seed ${seed}, Node ${process.version}, ${new Date().toISOString()}\n`);
const rows = new Map<string, { what: string; figures: Figures; seconds: number }>();
const end = performance.now() + 1_000 * seconds;
let turns = 0;
while (performance.now() < end) {
  const what = chance.of(Object.keys(ACTIVITIES));
  const started = performance.now();
  const row = rows.get(what) ?? { what, figures: noFigures(), seconds: 0 };
  rows.set(what, row);
  turns += 1;
  try {
    const { counts, violations, maxMs } = await (ACTIVITIES[what] as () => Promise<Figures>)();
    row.figures.counts.add('turns');
    for (const [name, count] of counts.entries()) row.figures.counts.add(name, count);
    row.figures.violations.push(...violations);
    row.figures.maxMs = Math.max(row.figures.maxMs, maxMs);
    for (const each of violations) process.stdout.write(`VIOLATION turn ${turns}, ${what}: ${each}\n`);
  } catch (error) {
    row.figures.violations.push(`turn ${turns}: ${(error as Error).stack}`);
  }
  row.seconds += (performance.now() - started) / 1_000;
}
const all: Row[] = [...rows.values()];
printTable(`Soak of ${seconds} s, seed ${seed}, ${turns} turns`, all);
process.exitCode = printViolations(all) ? 1 : 0;
