/** XXH64 with its state in shared memory: the digest of the bytes, however they are cut and whoever goes on with it. */
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedXxh64, STATE_SIZE } from '../../src/host/xxh64-state.js';
import { xxh64 } from '../reference-reader/xxh64.js';
import { noise } from '../support/packing.js';

const PAGE = 65_536;
const ROOM = 4_096;

function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
}

/** Puts bytes into a memory, at any place. */
function put(memory: WebAssembly.Memory, bytes: Uint8Array, at = PAGE): Uint8Array {
  const placed = new Uint8Array(memory.buffer, at, bytes.length);
  placed.set(bytes);
  return placed;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('the digest', () => {
  it('is that of no bytes at all, after a beginning', () => {
    const hash = new SharedXxh64(newMemory(), 8);
    hash.begin();
    expect(hex(hash.raw())).toBe('ef46db3751d8e999');
  });

  it.each(Array.from({ length: 70 }, (_, length) => length))('of %i bytes at once', (length) => {
    const memory = newMemory();
    const hash = new SharedXxh64(memory, 0);
    hash.begin();
    hash.update(put(memory, noise(length, 7)));
    expect(hex(hash.raw())).toBe(xxh64(noise(length, 7)));
  });

  it('does not depend on how the bytes are cut, nor on where they lie', () => {
    const memory = newMemory();
    const hash = new SharedXxh64(memory, 64);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: ROOM, size: 'max' }),
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 100 }),
        fc.integer({ min: 0, max: 40 }),
        (bytes, lengths, shift) => {
          const placed = put(memory, bytes, PAGE + shift);
          hash.begin();
          let at = 0;
          for (const length of [...lengths, bytes.length]) {
            hash.update(placed.subarray(at, at + length));
            at = Math.min(bytes.length, at + length);
          }
          expect(hex(hash.raw())).toBe(xxh64(bytes));
        },
      ),
    );
  });

  it('goes on after it was asked for', () => {
    const memory = newMemory();
    const hash = new SharedXxh64(memory, 0);
    const bytes = put(memory, noise(1_000));
    hash.begin();
    for (const [from, to] of [
      [0, 333],
      [333, 1_000],
    ] as const) {
      hash.update(bytes.subarray(from, to));
      expect(hex(hash.raw())).toBe(xxh64(noise(1_000).subarray(0, to)));
    }
  });

  it('refuses bytes of another memory', () => {
    const hash = new SharedXxh64(newMemory(), 0);
    hash.begin();
    expect(() => hash.update(new Uint8Array(1))).toThrow(RangeError);
  });
});

describe('the state', () => {
  it('is its own: two in one memory do not touch each other', () => {
    const memory = newMemory();
    const bytes = put(memory, noise(500));
    const [a, b] = [new SharedXxh64(memory, 0), new SharedXxh64(memory, STATE_SIZE)];
    a.begin();
    b.begin();
    a.update(bytes.subarray(0, 300));
    b.update(bytes.subarray(100, 450));
    expect([hex(a.raw()), hex(b.raw())]).toEqual([
      xxh64(noise(500).subarray(0, 300)),
      xxh64(noise(500).subarray(100, 450)),
    ]);
  });

  it('is what another thread goes on with', async () => {
    const memory = newMemory();
    const hash = new SharedXxh64(memory, 0);
    const bytes = put(memory, noise(2_000));
    hash.begin();
    hash.update(bytes.subarray(0, 777));
    const module = new URL('../../dist/host/xxh64-state.js', import.meta.url).href;
    const program = `
      import(${JSON.stringify(module)}).then(({ SharedXxh64 }) => {
        const { memory, from, length } = require('node:worker_threads').workerData;
        new SharedXxh64(memory, 0).update(new Uint8Array(memory.buffer, from, length));
      });`;
    const rest = bytes.subarray(777, 1_500);
    const workerData = { memory, from: rest.byteOffset, length: rest.length };
    const other = new Worker(program, { eval: true, workerData });
    expect(await new Promise((resolve) => other.once('exit', resolve))).toBe(0);
    hash.update(bytes.subarray(1_500));
    expect(hex(hash.raw())).toBe(xxh64(noise(2_000)));
  });
});
