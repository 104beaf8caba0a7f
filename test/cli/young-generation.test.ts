/** The young generation of a pack on the command line, in a process of its own. */
import { expect, test } from 'vitest';
import { printedBy } from '../support/source-runs.js';

/** Keeps 64 MB of small objects, half of them after a thread has started; prints the bytes of the young generation before and after. */
const SURVIVORS = `
import { getHeapSpaceStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
const young = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size;
if (process.argv[1] === 'small') {
  const { keepYoungGenerationSmall } = await import('./src/cli/young-generation.ts');
  keepYoungGenerationSmall();
}
const before = young();
const kept = [];
const keep = () => { for (let i = 0; i < 1_000_000; i += 1) kept.push({ i }); };
keep();
const worker = new Worker('setTimeout(() => {}, 100)', { eval: true });
await new Promise((resolve) => worker.once('exit', resolve));
keep();
console.log(JSON.stringify([before, young()]));
`;

const youngGeneration = (how: string) => printedBy<[before: number, after: number]>(SURVIVORS, how);

test('it does not grow with what survives, also after a thread has started', () => {
  const [before, after] = youngGeneration('small');
  expect(after).toBeLessThan(2 * before);
});

test('by itself it does', () => {
  const [before, after] = youngGeneration('as it is');
  expect(after).toBeGreaterThan(2 * before);
});
