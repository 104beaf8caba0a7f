/** The reference reader, both profiles, over every vector. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { readRuntime } from '../reference-reader/runtime.ts';
import { type Fault, readStrict } from '../reference-reader/strict.ts';
import { xxh64 } from '../reference-reader/xxh64.ts';
import { VECTORS, type Vector, vectors, wrongAnswers } from './reader-runs.ts';

const { h64Raw } = await xxhash();
const TSX = ['--import', 'tsx', resolve(import.meta.dirname, '../reference-reader/main.ts')];

/** What the manifest wants of the strict profile. */
interface StrictVector extends Vector {
  readonly strict: { readonly verdict: string; readonly code?: string; readonly where?: Partial<Fault[1]> };
}

function read({ file }: Vector): Uint8Array {
  return readFileSync(join(VECTORS, file));
}

/** Whether the one fault of a vector is found, where the manifest says, and no other. */
function isRightStrict({ strict }: StrictVector, faults: readonly Fault[]): boolean {
  if (strict.verdict === 'accept') return faults.length === 0;
  const [fault] = faults;
  if (faults.length !== 1 || fault === undefined || fault[0] !== strict.code) return false;
  const { pointer, offset } = { ...fault[1], ...strict.where };
  return fault[1].pointer === pointer && fault[1].offset === offset;
}

describe('the reference reader', () => {
  it('gets every vector right in the runtime profile', () => {
    expect(wrongAnswers((vector) => ({ ...readRuntime(read(vector)) }))).toEqual([]);
  });

  it('gets every vector right in the strict profile, with code and place', () => {
    const wrong = (vectors as StrictVector[]).flatMap((vector) => {
      const faults = readStrict(read(vector));
      return isRightStrict(vector, faults) ? [] : [{ id: vector.id, wanted: vector.strict, faults }];
    });
    expect(wrong).toEqual([]);
  });

  it('accepts at runtime what is right strictly', () => {
    const wrong = vectors.filter((vector) => {
      const file = read(vector);
      return readStrict(file).length === 0 && readRuntime(file).verdict !== 'accept';
    });
    expect(wrong).toEqual([]);
  });
});

describe('the reference reader as a command', () => {
  const file = (id: string) => read(vectors.find((vector) => vector.id === id) as Vector);
  const path = (id: string) => join(VECTORS, `v1/${id}.pa`);
  const run = (...args: string[]) =>
    JSON.parse(execFileSync(process.execPath, [...TSX, ...args], { encoding: 'utf8' }));

  it('accepts', () => {
    expect(run(path('accept/real-dungeon'))).toEqual(readRuntime(file('accept/real-dungeon')));
  });

  it('rejects strictly with class, code and place', () => {
    expect(run('--profile', 'strict', path('reject/PRELUDE_MAGIC--lower-case'))).toEqual({
      verdict: 'reject',
      class: 'MAGIC',
      code: 'PRELUDE_MAGIC',
      where: { offset: 0 },
    });
  });

  it('fails without a file to judge, or with another profile', () => {
    for (const args of [[], ['none.pa'], ['--profile', 'other', path('accept/empty-table')]]) {
      const { status, stdout } = spawnSync(process.execPath, [...TSX, ...args], { encoding: 'utf8' });
      expect([status === 0, stdout]).toEqual([false, '']);
    }
  });
});

describe('XXH64', () => {
  it('hashes any number of bytes, from any place', () => {
    const bytes = Uint8Array.from({ length: 2_000 }, (_, i) => i * 7 + (i >> 8) * 13);
    const lengths = [...Array(130).keys(), 1_023, 1_024, 1_990];
    const digests = lengths.map((length) => xxh64(bytes.subarray(3, 3 + length)));
    expect(digests).toEqual(
      lengths.map((length) =>
        h64Raw(bytes.subarray(3, 3 + length))
          .toString(16)
          .padStart(16, '0'),
      ),
    );
  });
});
