/**
 * The fault tests at full size: `npm run faults`, or a part of it, as in `npm run faults -- kills crashes`. Prints one table; ends with 1 when
 * anything was torn, lost or wrong. `FAULTS_SEED` repeats a run.
 */
import { killAtCalls, killAtRandom } from './support/kills.js';
import { FULL_SCALE, LIMIT_CASES, memoryLimit, runLimit } from './support/limits.js';
import { race, raceCli } from './support/races.js';
import { type Figures, noFigures, Scratch, seedOf } from './support/scene.js';
import { FULL_BOUNDS, recordPack, SCENES, simulate } from './support/simulation.js';
import { fillDisk, missingForMounts } from './support/small-disk.js';
import { printTable, printViolations, type Row } from './support/table.js';

const seed = seedOf(process.env['FAULTS_SEED']);

type Campaign = readonly [what: string, run: () => Promise<Figures>];

async function crashes(scene: (typeof SCENES)[number]): Promise<Figures> {
  const scratch = new Scratch();
  try {
    const pack = await recordPack(scene, scratch);
    const figures = await simulate(pack, { bounds: FULL_BOUNDS, seed, nextPacks: 1_000, scratch });
    figures.violations.push(...figures.mispaired);
    figures.counts.add('locked out by a torn lock', figures.lockedOut.length);
    return figures;
  } finally {
    scratch.remove();
  }
}

/** Every call of publication fails, and the machine dies somewhere on the way back. */
async function crashesOnTheWayBack(): Promise<Figures> {
  const scratch = new Scratch();
  const figures = noFigures();
  try {
    const { calls } = await recordPack('again', scratch);
    for (const [i, call] of calls.entries()) {
      if (!/^(link|rename|sync|write|open|close|chmod) /.test(call)) continue;
      const pack = await recordPack('again', scratch, i + 1);
      const found = await simulate(pack, {
        bounds: { ...FULL_BOUNDS, enumerateUpTo: 5_000 },
        seed,
        nextPacks: 20,
        scratch,
      });
      figures.counts.add('packs that fail');
      for (const name of ['states', 'crash points', 'next packs']) figures.counts.add(name, found.counts.of(name));
      figures.counts.add('places of a mispaired state', found.mispaired.length);
      figures.violations.push(...found.violations.map((each) => `${call}: ${each}`));
    }
  } finally {
    scratch.remove();
  }
  return figures;
}

async function fullDisks(): Promise<Figures> {
  const missing = missingForMounts();
  if (missing === undefined) {
    const all = noFigures();
    for (const options of [
      { by: 'blocks', again: false, size: 300_000, cli: 1 },
      { by: 'blocks', again: true, size: 300_000, cli: 1 },
      { by: 'blocks', again: true, size: 600_000, cli: 0, spooled: true },
      { by: 'inodes', again: true, size: 5_000, cli: 1 },
    ] as const) {
      const { counts, violations, maxMs } = await fillDisk(options);
      all.counts.add('steps', counts.of('steps'));
      all.counts.add('on the command line', counts.of('on the command line'));
      all.violations.push(...violations);
      all.maxMs = Math.max(all.maxMs, maxMs / counts.of('steps'));
    }
    return all;
  }
  process.stdout.write(`skipped: full disks, which need ${missing}\n`);
  return noFigures();
}

async function limits(): Promise<Figures> {
  const figures = noFigures();
  const scratch = new Scratch();
  try {
    for (const each of LIMIT_CASES) {
      const result = runLimit(each, FULL_SCALE, scratch);
      const { status, code, listed, omitted, ms, peakMiB, bytes } = result;
      process.stdout.write(
        `${each.title}: ${bytes} bytes, ${code}, ${listed} + ${omitted}, ${Math.round(ms)} ms, ${peakMiB} MiB\n`,
      );
      figures.counts.add('inputs');
      figures.maxMs = Math.max(figures.maxMs, ms);
      const total = each.faults?.(FULL_SCALE) ?? listed + omitted;
      const isBounded = peakMiB < memoryLimit(each, FULL_SCALE, bytes);
      if (
        status !== 1 ||
        code !== each.code ||
        listed > 1_000 ||
        listed + omitted !== total ||
        !isBounded ||
        ms > 120_000
      ) {
        figures.violations.push(`${each.title}: ${JSON.stringify(result)}`);
      }
    }
  } finally {
    scratch.remove();
  }
  return figures;
}

const rounds = (usual: number): number => Number(process.env['FAULTS_ROUNDS'] ?? usual);

const CAMPAIGNS: Readonly<Record<string, readonly Campaign[]>> = {
  kills: [
    ['kills at random moments', () => killAtRandom({ rounds: rounds(1_000), seed })],
    ['kills before every call, one by one', () => killAtCalls({ first: 1, step: 1 })],
  ],
  races: [
    ['races of 2', () => race({ rounds: rounds(200), processes: 2, seed })],
    ['races of 8', () => race({ rounds: rounds(200), processes: 8, seed })],
    ['races of 8 on the command line', () => raceCli({ rounds: rounds(25), processes: 8, seed })],
  ],
  crashes: [
    ...SCENES.map((scene): Campaign => [`crash states, ${scene}`, () => crashes(scene)]),
    ['crash states of packs that fail', crashesOnTheWayBack],
  ],
  disks: [['a disk that is full at every step', fullDisks]],
  limits: [['inputs of 1 GiB, a million levels, a million faults', limits]],
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in CAMPAIGNS));
if (unknown !== undefined) {
  process.stderr.write(`no such campaign: ${unknown}; there are ${Object.keys(CAMPAIGNS).join(', ')}\n`);
  process.exit(2);
}

process.stdout.write(`seed ${seed}, Node ${process.version}, ${new Date().toISOString()}\n`);
const rows: Row[] = [];
for (const [name, campaigns] of Object.entries(CAMPAIGNS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [what, run] of campaigns) {
    const started = performance.now();
    const figures = await run();
    rows.push({ what, figures, seconds: (performance.now() - started) / 1_000 });
    process.stdout.write(`${what}: ${figures.counts}; ${figures.violations.length} violations\n`);
  }
}
printTable(`Faults, seed ${seed}`, rows);
process.exitCode = printViolations(rows) ? 1 : 0;
