/** Packs that are killed with SIGKILL (W5): the whole old file or the whole new one, and a next pack that cleans up. */
import { expect, test } from 'vitest';
import { killAtCalls, killAtRandom } from './support/kills.js';
import { seedOf } from './support/scene.js';

const seed = seedOf(process.env['FAULTS_SEED']);
const rounds = Number(process.env['FAULTS_KILLS'] ?? 10);
const step = Number(process.env['FAULTS_STEP'] ?? 12);

test('at random moments', async () => {
  const { counts, violations } = await killAtRandom({ rounds, seed });
  console.info(`killed at random, seed ${seed}: ${counts}`);
  expect(violations).toEqual([]);
  expect(counts.of('kills')).toBe(rounds);
}, 600_000);

test('before an exact call', async () => {
  const { counts, violations } = await killAtCalls({ first: 1 + (seed % step), step });
  console.info(`killed at every ${step}th call: ${counts}`);
  expect(violations).toEqual([]);
  expect(counts.of('kills')).toBeGreaterThan(3);
}, 600_000);
