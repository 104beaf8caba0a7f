/** The young generation of a pack on the command line, in a process of its own. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

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

function youngGeneration(how: string): [before: number, after: number] {
  const argv = ['--import', 'tsx', '--input-type=module', '--eval', SURVIVORS, how];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('it does not grow with what survives, also after a thread has started', () => {
  const [before, after] = youngGeneration('small');
  expect(after).toBeLessThan(2 * before);
});

test('by itself it does', () => {
  const [before, after] = youngGeneration('as it is');
  expect(after).toBeGreaterThan(2 * before);
});
