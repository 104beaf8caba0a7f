/** Pieces of a file, in any order, against the bytes that are there. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForwardReader, type ForwardReaderOptions } from '../../src/host/forward-reader.js';
import type { OpenFile } from '../../src/host/fs.js';
import { noise, settled, watchRejections } from '../support/packing.js';
import { systemError } from '../support/watched-fs.js';

/** What a file does. */
interface Behaviour {
  /** The most that the reads give, one after the other, from the front again at the end. */
  readonly limits?: readonly number[];
  /** A read that touches this byte fails. */
  readonly badByte?: number | undefined;
  /** The file ends here, whatever it said of its size. */
  readonly end?: number;
}

interface Read {
  readonly position: number;
  readonly length: number;
}

/** A file in memory, and the reads of it. */
function fileOf(bytes: Uint8Array, { limits = [], badByte, end = bytes.length }: Behaviour = {}) {
  const reads: Read[] = [];
  const underWay = { now: 0, most: 0 };
  const file: Partial<OpenFile> = {
    async read(buffer, offset, length, position) {
      const at = position as number;
      const limit = limits.length === 0 ? length : (limits[reads.length % limits.length] as number);
      reads.push({ position: at, length });
      underWay.now += 1;
      underWay.most = Math.max(underWay.most, underWay.now);
      await new Promise((resolve) => setImmediate(resolve));
      underWay.now -= 1;
      let stop = Math.min(end, at + Math.min(length, limit));
      if (badByte !== undefined && at <= badByte && badByte < stop) {
        // As a disk does it: what lies before the bad place is given.
        if (badByte === at) throw systemError('EIO', 'i/o error');
        stop = badByte;
      }
      const part = bytes.subarray(at, Math.max(at, stop));
      buffer.set(part, offset);
      return { bytesRead: part.length };
    },
  };
  return { file: file as OpenFile, reads, underWay };
}

/** All bytes from `start` to `end`, piece by piece; each piece is copied when the next is asked for, not before. */
async function bytesOf(reader: ForwardReader, start: number, end: number): Promise<Buffer> {
  const copies: Buffer[] = [];
  for (let at = start; at < end; ) {
    const piece = await reader.piece(at, end);
    expect(piece.length).toBeGreaterThan(0);
    expect(piece.length).toBeLessThanOrEqual(end - at);
    await new Promise((resolve) => setImmediate(resolve));
    copies.push(Buffer.from(piece));
    at += piece.length;
  }
  return Buffer.concat(copies);
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'read',
    (error: { code?: unknown }) => error.code ?? error,
  );

const options = fc.record({ blockSize: fc.integer({ min: 1, max: 40 }), readAhead: fc.boolean() });
const limits = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 5 });
const size = fc.integer({ min: 1, max: 300 });
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Ranges of a file of this size; those of a forward pass follow one another. */
const ranges = (length: number) =>
  fc.array(
    fc
      .tuple(fractions, fractions)
      .map(([a, b]) => [Math.floor(a * length), Math.floor(a * length) + 1 + Math.floor(b * (length - a * length))])
      .map(([start, end]) => [start as number, Math.min(end as number, length)] as const),
    { minLength: 1, maxLength: 12 },
  );

describe('pieces', () => {
  it('are the bytes of the file, wherever they are asked for', async () => {
    const cases = size.chain((length) => fc.tuple(fc.constant(length), ranges(length), options, limits));
    await fc.assert(
      fc.asyncProperty(cases, async ([length, wanted, how, most]) => {
        const bytes = noise(length, length);
        const { file, underWay } = fileOf(bytes, { limits: most });
        const reader = new ForwardReader(file, how);
        for (const [start, end] of wanted) {
          const found = await bytesOf(reader, start, end);
          expect(found.equals(bytes.subarray(start, end)), `${start} to ${end}`).toBe(true);
        }
        await reader.settle();
        expect(underWay).toEqual({ now: 0, most: 1 });
      }),
      { numRuns: 400 },
    );
  });

  it('of a pass from front to back are each read once, in blocks', async () => {
    const cases = size.chain((length) => fc.tuple(fc.constant(length), options, fc.array(fractions)));
    await fc.assert(
      fc.asyncProperty(cases, async ([length, how, cuts]) => {
        const bytes = noise(length, 3);
        const { file, reads } = fileOf(bytes);
        const reader = new ForwardReader(file, how);
        const places = [...cuts.map((cut) => Math.floor(cut * length)), 0, length].sort((a, b) => a - b);
        const parts: Buffer[] = [];
        for (const [i, start] of places.slice(0, -1).entries()) {
          parts.push(await bytesOf(reader, start, places[i + 1] as number));
        }
        await reader.settle();
        expect(Buffer.concat(parts).equals(bytes)).toBe(true);
        const fromFile = reads.filter(({ position }) => position < length).map(({ position }) => position);
        const blocks = Array.from({ length: Math.ceil(length / how.blockSize) }, (_, i) => i * how.blockSize);
        expect(fromFile).toEqual(blocks);
        expect(Math.max(...reads.map(({ length: asked }) => asked))).toBeLessThanOrEqual(how.blockSize);
      }),
      { numRuns: 200 },
    );
  });

  it('stay as they are while the next block is being read', async () => {
    const bytes = noise(64);
    const reader = new ForwardReader(fileOf(bytes).file, { blockSize: 16, readAhead: true });
    for (let at = 0; at < 64; at += 16) {
      const piece = await reader.piece(at, 64);
      await settled();
      expect(Buffer.from(piece)).toEqual(Buffer.from(bytes.subarray(at, at + 16)));
    }
    await reader.settle();
  });

  it.each<[string, number, number, number]>([
    ['end at the end that was asked for', 3, 7, 4],
    ['end at the end of a block', 10, 40, 6],
    ['may be one byte', 15, 16, 1],
  ])('%s', async (_, start, end, length) => {
    const reader = new ForwardReader(fileOf(noise(40)).file, { blockSize: 16, readAhead: false });
    await reader.piece(0, 1);
    expect((await reader.piece(start, end)).length).toBe(length);
  });
});

describe('a file that is shorter than it said', () => {
  it.each<[string, ForwardReaderOptions, number]>([
    ['ends inside a block', { blockSize: 16, readAhead: true }, 20],
    ['ends with a block', { blockSize: 16, readAhead: true }, 16],
    ['ends inside a block, without read-ahead', { blockSize: 16, readAhead: false }, 20],
    ['ends with a block, without read-ahead', { blockSize: 16, readAhead: false }, 16],
    ['is empty', { blockSize: 16, readAhead: true }, 0],
  ])('%s: EIO at its end, not before', async (_, how, end) => {
    const bytes = noise(64);
    const reader = new ForwardReader(fileOf(bytes, { end }).file, how);
    expect((await bytesOf(reader, 0, end)).equals(bytes.subarray(0, end))).toBe(true);
    await expect(reader.piece(end, 64)).rejects.toMatchObject({ code: 'EIO', message: /truncated/ });
    await reader.settle();
  });
});

describe('a read that fails', () => {
  it('is met when its bytes are asked for, and what lies before it is given', async () => {
    const cases = size.chain((length) =>
      fc.tuple(fc.constant(length), fc.nat(length - 1), options, fc.array(fc.integer({ min: 1, max: 50 }))),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([length, badByte, how, most]) => {
        const bytes = noise(length, 5);
        const reader = new ForwardReader(fileOf(bytes, { badByte, limits: most }).file, how);
        const lastWhole = badByte - (badByte % how.blockSize);
        expect((await bytesOf(reader, 0, lastWhole)).equals(bytes.subarray(0, lastWhole))).toBe(true);
        expect(await codeOf(bytesOf(reader, lastWhole, length))).toBe('EIO');
        await reader.settle();
      }),
      { numRuns: 200 },
    );
  });

  it('ahead is met when its bytes are asked for, which reads them once more', async () => {
    const rejections = watchRejections();
    const bytes = noise(64);
    const { file, reads } = fileOf(bytes);
    let failures = 2;
    const { read } = file;
    file.read = (async (buffer: Buffer, offset: number, length: number, position: number) => {
      if (position === 32 && failures > 0) {
        failures -= 1;
        throw systemError('EIO', 'i/o error');
      }
      return read(buffer, offset, length, position);
    }) as typeof read;
    const reader = new ForwardReader(file, { blockSize: 16, readAhead: true });
    expect((await bytesOf(reader, 0, 32)).equals(bytes.subarray(0, 32))).toBe(true);
    await settled();
    expect(failures).toBe(1);
    expect(await codeOf(reader.piece(32, 64))).toBe('EIO');
    // Whoever asks again gets what is there by then.
    expect((await bytesOf(reader, 32, 64)).equals(bytes.subarray(32))).toBe(true);
    expect(reads.map(({ position }) => position).slice(0, 4)).toEqual([0, 16, 32, 48]);
    await reader.settle();
    rejections.stop();
    expect(rejections.list).toEqual([]);
  });

  it('ahead of the last bytes that are wanted is never met', async () => {
    const rejections = watchRejections();
    const bytes = noise(64);
    const reader = new ForwardReader(fileOf(bytes, { badByte: 40 }).file, { blockSize: 16, readAhead: true });
    expect((await bytesOf(reader, 0, 32)).equals(bytes.subarray(0, 32))).toBe(true);
    await reader.settle();
    await settled();
    rejections.stop();
    expect(rejections.list).toEqual([]);
  });

  it.each([
    ['behind it', 80, 90],
    ['before it', 0, 10],
  ])('ahead is not met by whoever goes on %s', async (_, start, end) => {
    const bytes = noise(100);
    const reader = new ForwardReader(fileOf(bytes, { badByte: 40 }).file, { blockSize: 16, readAhead: true });
    // The block from 32 on, where the bad byte is, is read ahead of time; nobody asks for it.
    await reader.piece(16, 32);
    expect((await bytesOf(reader, start, end)).equals(bytes.subarray(start, end))).toBe(true);
    await reader.settle();
  });
});
