/** The benchmark suite: `npm run bench`. docs/performance.md says what it measures; `--help` how it is called. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CASES, type Case, MICRO, MICRO_ENTRIES, SCALING_CASES, type ScalingCase } from './suite/cases.ts';
import { append, type BenchRecord } from './suite/history.ts';
import { commitOf, thisMachine } from './suite/machine.ts';
import { type BenchOptions, readOptions, USAGE } from './suite/options.ts';
import { recordText } from './suite/record-text.ts';
import { requireRoom, roomFor } from './suite/room.ts';
import { outputFolder, runCase } from './suite/run-case.ts';
import { runMicro } from './suite/run-micro.ts';
import { runProfile } from './suite/run-profile.ts';
import { runScaling } from './suite/run-scaling.ts';
import { NPM_PEERS } from './suite/tools.ts';

type Findings = ReturnType<typeof runCase> | ReturnType<typeof runScaling>;

const PEERS = join(import.meta.dirname, 'peers');

/** A sequence of everything that is asked for. */
interface Selection {
  readonly cases: readonly Case[];
  readonly scaling: readonly ScalingCase[];
  readonly hasMicro: boolean;
}

function select({ isWanted, isWantedPeer }: BenchOptions): Selection {
  const cases = CASES.filter(({ name, fsync }) => isWanted(name, fsync))
    .map((each) => ({ ...each, rivals: each.rivals.filter(({ peer }) => isWantedPeer(peer)) }))
    .filter(({ rivals }) => rivals.length > 0);
  return {
    cases,
    scaling: SCALING_CASES.filter(({ name }) => isWanted(name, 'none')),
    hasMicro: isWanted(MICRO, 'none'),
  };
}

function list(): void {
  for (const { name, what, rivals } of CASES) print(`${name}: ${what}; ${rivals.map(({ peer }) => peer).join(', ')}`);
  for (const { name, what } of SCALING_CASES) print(`${name}: ${what}`);
  print(`${MICRO}: the codecs within one process`);
}

/** Removes what the suite made; nothing else that the folders hold. */
function clean({ work, out }: BenchOptions): void {
  const made = [...['corpora', 'history', 'profiles'].map((name) => join(work, name)), outputFolder(out)];
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

/** Installs the peers from npm, unless they are there as their lock file has them. */
function installPeers(cases: readonly Case[]): void {
  const isNeeded = cases.some(({ rivals }) => rivals.some(({ peer }) => NPM_PEERS.includes(peer)));
  const changed = (path: string) => statSync(join(PEERS, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!isNeeded || changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return;
  run('npm', ['ci', '--no-audit', '--no-fund', '--silent'], PEERS);
}

/** Installs the game whose data is the input of `real-*`, as root on Debian. */
function installGame(cases: readonly Case[], data: string): void {
  if (cases.every(({ corpus }) => corpus !== 'real') || existsSync(data)) return;
  run('bash', ['-c', 'source ./common.sh && install_game_data "$0"', data], import.meta.dirname);
}

function run(command: string, words: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, words, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`exit ${status}: ${command} ${words.join(' ')}`);
}

/** Runs everything that is selected, records each result, and prints it. A case that fails does not keep the others from running. */
function runAll(options: BenchOptions, { cases, scaling, hasMicro }: Selection): void {
  const head = { date: new Date().toISOString(), commit: commitOf(), machine: thisMachine() };
  const keep = (findings: Findings) => {
    const record: BenchRecord = { ...head, scale: options.scale, pairs: options.pairs, ...findings };
    append(options.history, record);
    print(recordText(record));
  };
  const keepAll = (all: readonly Findings[]) => {
    for (const each of all) keep(each);
  };
  const attempts: (readonly [name: string, work: () => void])[] = [
    ...cases.flatMap((each) =>
      each.rivals.map(({ peer }) => [`${each.name}, ${peer}`, () => keep(runCase(each, peer, options))] as const),
    ),
    ...scaling.map((each) => [each.name, () => keep(runScaling(each, options))] as const),
    ...(hasMicro ? MICRO_ENTRIES : []).map(
      (entries) => [`${MICRO}, ${entries}`, () => keepAll(runMicro(entries, options))] as const,
    ),
  ];
  for (const [name, work] of attempts) attempt(name, work);
  print(`recorded in ${options.history}`);
}

function attempt(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    process.stderr.write(`failed: ${name}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function main(options: BenchOptions): void {
  if (options.mode === 'list') list();
  else if (options.mode === 'clean') clean(options);
  else measureAll(options);
}

function measureAll(options: BenchOptions): void {
  const selection = select(options);
  const { cases, scaling, hasMicro } = selection;
  if (cases.length + scaling.length === 0 && !hasMicro)
    throw new Error('no case has that name, peer and form: --list lists them');
  requireRoom(roomFor(cases, scaling, options), options);
  installGame(cases, options.data);
  if (options.mode === 'profile') {
    for (const each of cases) attempt(each.name, () => print(runProfile(each, options)));
  } else {
    installPeers(cases);
    runAll(options, selection);
  }
}

if (process.argv.includes('--help')) {
  print(USAGE);
} else {
  try {
    main(readOptions(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
