/** The packer's reader and the reference reader, which share no code, judge mutated vectors alike. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileStat, FileSystem, OpenFile } from '../../src/host/fs.ts';
import { readArtifact } from '../../src/read/scan.ts';
import { readRuntime } from '../reference-reader/runtime.ts';
import { readStrict } from '../reference-reader/strict.ts';
import { mutate, step } from './mutations.ts';
import { VECTORS, vectors } from './reader-runs.ts';

/** Small enough that a mutation costs little. */
const SIZE_MAX = 3_000;
/** More for a long search: `DIFFERENTIAL_MS=600000 vitest run test/vectors/differential.test.ts`. */
const MILLISECONDS = Number(process.env['DIFFERENTIAL_MS'] ?? 2_000);

const files = vectors.map(({ file }) => readFileSync(join(VECTORS, file))).filter(({ length }) => length <= SIZE_MAX);

/** A file system that has one file. */
function fileSystemOf(file: Uint8Array): FileSystem {
  const open: Partial<OpenFile> = {
    stat: async () => ({ size: file.length, isFile: () => true }) as FileStat,
    async read(buffer, offset, length, position) {
      const bytes = file.subarray(position ?? 0, (position ?? 0) + length);
      buffer.set(bytes, offset);
      return { bytesRead: bytes.length };
    },
    async close() {},
  };
  return { open: async () => open } as unknown as FileSystem;
}

/** Codes and places of the packer's reader; warnings are no faults. */
async function packerFaults(file: Uint8Array): Promise<string[]> {
  const { report } = await readArtifact('memory', fileSystemOf(file));
  return report.list.filter(({ severity }) => severity === 'error').map(({ code, where }) => shown(code, where));
}

function shown(code: string, { pointer, offset }: { pointer?: string; offset?: number }): string {
  return `${code} ${pointer ?? ''} ${offset}`;
}

async function judgeAlike(mutant: Uint8Array): Promise<void> {
  const reference = readStrict(mutant).map(([code, where]) => shown(code, where));
  const bytes = JSON.stringify(Buffer.from(mutant).toString('latin1'));
  expect((await packerFaults(mutant)).sort(), bytes).toEqual(reference.sort());
  const { verdict } = readRuntime(mutant);
  if (reference.length === 0) expect(verdict, bytes).toBe('accept');
}

const mutants = fc
  .tuple(fc.constantFrom(...files), fc.array(step, { minLength: 1, maxLength: 3 }))
  .map(([file, steps]) => mutate(file, steps));

it(
  'both readers find the same faults, in the same places',
  () =>
    fc.assert(fc.asyncProperty(mutants, judgeAlike), {
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: MILLISECONDS,
    }),
  2 * MILLISECONDS + 10_000,
);
