/** What is freed stays with the process, for what comes next. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

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

function givenBack(how: string): number {
  const argv = [
    '--expose-gc',
    '--single-threaded-gc',
    '--import',
    'tsx',
    '--input-type=module',
    '--eval',
    DROPPED,
    how,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const hasGlibc = header.glibcVersionRuntime !== undefined;
if (!hasGlibc) console.info('skipped: freed memory, because only glibc (Debian: libc6) is told to keep it');

test.skipIf(!hasGlibc)('it is not given back to the kernel', () => {
  expect(givenBack('kept')).toBeLessThan(1_000_000);
  expect(givenBack('as it is')).toBeGreaterThan(4_000_000);
});
