/** Inputs that are as large, as deep or as wrong as can be: an end, a code, bounded memory, and no more than a thousand diagnostics. */
import { afterAll, expect, it } from 'vitest';
import { FULL_SCALE, LIMIT_CASES, memoryLimit, runLimit } from './support/limits.js';
import { Scratch } from './support/scene.js';

const scratch = new Scratch();
afterAll(() => scratch.remove(), 60_000);

const scale = process.env['FAULTS'] === 'full' ? FULL_SCALE : 1;

it.each(LIMIT_CASES.map((each) => [each.title, each] as const))(
  '%s',
  (_, each) => {
    const { status, code, listed, omitted, ms, peakMiB, stderr, bytes } = runLimit(each, scale, scratch);
    console.info(`${each.title}: ${bytes} bytes, ${Math.round(ms)} ms, ${peakMiB} MiB`);
    expect([status, code, stderr]).toEqual([1, each.code, '']);
    expect(listed).toBeLessThanOrEqual(1_000);
    if (each.faults !== undefined) expect(listed + omitted).toBe(each.faults(scale));
    expect(peakMiB).toBeLessThan(memoryLimit(each, scale, bytes));
    expect(ms).toBeLessThan(20_000 * scale);
  },
  600_000,
);
