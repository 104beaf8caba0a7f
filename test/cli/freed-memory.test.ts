/** What is freed stays with the process, for what comes next. */
import { expect, test } from 'vitest';
import { printedBy } from '../support/source-runs.js';

/** Fills and drops 6 MB, a megabyte at a time; prints by how many bytes the process is smaller afterwards. */
const DROPPED = `
if (process.argv[1] === 'kept') {
  const { keepFreedMemory } = await import('./src/cli/freed-memory.ts');
  keepFreedMemory();
}
gc();
const held = Array.from({ length: 6 }, () => new Uint8Array(1_000_000).fill(1));
const full = process.memoryUsage.rss();
held.length = 0;
gc();
console.log(full - process.memoryUsage.rss());
`;

const givenBack = (how: string) => printedBy<number>(DROPPED, how, ['--expose-gc', '--single-threaded-gc']);

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const hasGlibc = header.glibcVersionRuntime !== undefined;
if (!hasGlibc) console.info('skipped: freed memory, because only glibc (Debian: libc6) is told to keep it');

test.skipIf(!hasGlibc)('it is not given back to the kernel', () => {
  expect(givenBack('kept')).toBeLessThan(1_000_000);
  expect(givenBack('as it is')).toBeGreaterThan(4_000_000);
});
