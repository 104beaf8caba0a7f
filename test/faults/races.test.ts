/** Several processes on one output directory, and locks of the living and the dead (W6). */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { currentProcess, type ProcessIdentity } from '../../src/host/process.js';
import { packAssets, toDirectory } from '../../src/index.js';
import { asset, codeOf, leftovers, planOf, utf8 } from '../support/packing.js';
import { race, raceCli } from './support/races.js';
import { Scratch, seedOf } from './support/scene.js';

const seed = seedOf(process.env['FAULTS_SEED']);
const rounds = Number(process.env['FAULTS_RACES'] ?? 8);

describe('processes that start together', () => {
  it.each([2, 8])(
    '%i on one directory',
    async (processes) => {
      const { counts, violations } = await race({ rounds, processes, seed });
      console.info(`races of ${processes}, seed ${seed}: ${counts}`);
      expect(violations).toEqual([]);
      expect(counts.of('races')).toBe(rounds);
      expect(counts.of('locked out')).toBeGreaterThan(0);
    },
    600_000,
  );

  test('on the command line: exit 0, or exit 3 with OUTPUT_LOCKED', async () => {
    const { counts, violations } = await raceCli({ rounds: Math.ceil(rounds / 8), processes: 4, seed });
    console.info(`races of 4 on the command line, seed ${seed}: ${counts}`);
    expect(violations).toEqual([]);
  }, 600_000);
});

const isLinux = process.platform === 'linux';
if (!isLinux) console.info('skipped: locks of real processes, which need /proc');

describe.skipIf(!isLinux)('the lock of a real process', () => {
  const scratch = new Scratch();
  afterAll(() => scratch.remove(), 60_000);

  /** The identity of a process, with another token. */
  function identityOf(pid: number): ProcessIdentity {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return { ...currentProcess(), pid, started, token: '00112233aabbccdd' };
  }

  function packUnder(lock: ProcessIdentity): { out: string; code: Promise<string> } {
    const out = scratch.folder();
    writeFileSync(join(out, '.assets.pa.lock'), `${JSON.stringify(lock)}\n`);
    return { out, code: codeOf(packAssets(planOf(asset(1, { inline: utf8('x') })), toDirectory(out))) };
  }

  test('that lives, that had its id reused, that was killed', async () => {
    const child = spawn('sleep', ['600']);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const living = identityOf(child.pid ?? 0);
    const [same, reused] = [packUnder(living), packUnder({ ...living, started: String(Number(living.started) - 1) })];
    expect(await same.code, 'same id, same start').toBe('OUTPUT_LOCKED');
    expect(leftovers(same.out)).toEqual(['.assets.pa.lock']);
    expect(await reused.code, 'same id, another start').toBe('ok');
    expect(leftovers(reused.out)).toEqual([]);
    child.kill('SIGKILL');
    await ended;
    const killed = packUnder(living);
    expect(await killed.code, 'nobody has the id').toBe('ok');
    expect(leftovers(killed.out)).toEqual([]);
  });

  test('that ended and was not waited for', async () => {
    // The shell has become `sleep`, which does not wait for its child.
    const parent = spawn('bash', ['-c', 'sleep 0.1 & echo $!; exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    try {
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
      const zombie = packUnder(identityOf(pid));
      expect(await zombie.code).toBe('ok');
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
