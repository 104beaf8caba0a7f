import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable, type WritableOptions } from 'node:stream';
import { createGzip, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { BLOCK_SIZE } from '../../src/host/threads/blocks.js';
import { type PlanInput, packAssets, toMemory, toStream } from '../../src/index.js';
import { toOpenFile } from '../../src/write/sink.js';
import {
  asset,
  codeOf,
  expectSameBytes,
  failureOfPack,
  inPieces,
  noise,
  planOf,
  settled,
  temporaryFolders,
  utf8,
  watchRejections,
} from '../support/packing.js';

const newFolder = temporaryFolders();

let rejections: ReturnType<typeof watchRejections>;
beforeEach(() => {
  rejections = watchRejections();
});
afterEach(async () => {
  await settled();
  rejections.stop();
  expect(rejections.list).toEqual([]);
});

const small = planOf(asset(1, { inline: utf8('small') }));
const large = planOf(asset(1, { inline: noise(6 * BLOCK_SIZE + 5) }));

async function artifactOf(plan: PlanInput): Promise<Uint8Array> {
  const sink = toMemory();
  await packAssets(plan, sink);
  return sink.bytes;
}

/** A stream that keeps what it gets, without a copy, and takes its time. */
function collector(options: WritableOptions & { takes?: () => Promise<void> } = {}): Writable & { chunks: Buffer[] } {
  const chunks: Buffer[] = [];
  const { takes = () => Promise.resolve(), ...rest } = options;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      takes().then(() => done(), done);
    },
    ...rest,
  });
  return Object.assign(stream, { chunks });
}

/** What a stream sink leaves attached to the stream. */
function listeners(stream: Writable): number {
  return stream.eventNames().reduce((sum, name) => sum + stream.listenerCount(name), 0);
}

describe('a stream sink', () => {
  it.each([1, 16, 16_384, 10_000_000])(
    'gives the whole artifact and ends the stream, high-water mark %i',
    async (mark) => {
      const stream = collector({ highWaterMark: mark });
      const result = await packAssets(large, toStream(stream));
      expectSameBytes(Buffer.concat(stream.chunks), await artifactOf(large));
      expect(result.companions).toEqual([]);
      expect([stream.writableFinished, stream.destroyed]).toEqual([true, true]);
    },
  );

  test('keepsChunks: false gives the same bytes in one piece of memory', async () => {
    const memories = new Set<ArrayBufferLike>();
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        memories.add(chunk.buffer);
        // Looked at to the last moment, and not after the callback.
        settled().then(() => {
          chunks.push(Buffer.from(chunk));
          done();
        }, done);
      },
    });
    await packAssets(large, toStream(stream, { keepsChunks: false }));
    expectSameBytes(Buffer.concat(chunks), await artifactOf(large));
    // Chunks differ in length: a longer one takes a larger piece, from then on.
    expect(chunks.length).toBeGreaterThan(4);
    expect(memories.size).toBeLessThanOrEqual(2);
  });

  test('may be read while it is written', async () => {
    const gzip = createGzip({ level: 1 });
    const all = gzip.toArray();
    await packAssets(large, toStream(gzip));
    expectSameBytes(gunzipSync(Buffer.concat(await all)), await artifactOf(large));
  });

  test('end: false leaves the stream open and nothing attached to it', async () => {
    const stream = collector();
    const before = listeners(stream);
    await packAssets(small, toStream(stream, { end: false }));
    expect([stream.writableEnded, stream.destroyed, stream.writable]).toEqual([false, false, true]);
    expect(listeners(stream)).toBe(before);
    await packAssets(small, toStream(stream, { end: false }));
    await new Promise<void>((resolve) => stream.end('tail', resolve));
    const once = await artifactOf(small);
    expectSameBytes(Buffer.concat(stream.chunks), Buffer.concat([once, once, utf8('tail')]));
  });

  test('with end: false everything is taken before the pack is done', async () => {
    const stream = collector({ takes: settled, highWaterMark: 1 });
    await packAssets(large, toStream(stream, { end: false }));
    expectSameBytes(Buffer.concat(stream.chunks), await artifactOf(large));
    expect(stream.writableLength).toBe(0);
  });
});

describe('back-pressure', () => {
  test('a slow consumer never has more than two blocks waiting', async () => {
    let most = 0;
    let produced = 0;
    let consumed = 0;
    const stream = collector({
      highWaterMark: 1_000,
      takes: async () => {
        for (let i = 0; i < 10; i += 1) {
          await settled();
          most = Math.max(most, stream.writableLength, produced - consumed);
        }
        consumed += stream.chunks.at(-1)?.length ?? 0;
      },
    });
    const size = 12 * BLOCK_SIZE;
    async function* source() {
      for (let at = 0; at < size; at += 65_536) {
        produced += 65_536;
        yield noise(65_536, at);
      }
    }
    await packAssets(planOf(asset(1, { stream: source(), size })), toStream(stream));
    expect(produced).toBe(size);
    expect(most).toBeGreaterThan(0);
    // One block with the stream, one being filled, and the pieces on the way.
    expect(most).toBeLessThanOrEqual(3 * BLOCK_SIZE);
    expect(stream.writableLength).toBe(0);
  });

  test('a pipe that is read slowly', async () => {
    const pipe = new PassThrough({ highWaterMark: 1_000 });
    let most = 0;
    const reading = (async () => {
      let length = 0;
      for await (const chunk of pipe) {
        await settled();
        most = Math.max(most, pipe.writableLength + pipe.readableLength);
        length += (chunk as Buffer).length;
      }
      return length;
    })();
    await packAssets(large, toStream(pipe));
    expect(await reading).toBe((await artifactOf(large)).length);
    expect(most).toBeLessThanOrEqual(2 * BLOCK_SIZE);
  });
});

describe('a stream that fails', () => {
  const boom = Object.assign(new Error('no room'), { code: 'ENOSPC' });

  /** Fails at the nth chunk. */
  const failingAt = (n: number, error: Error) => {
    let seen = 0;
    return new Writable({
      write(_chunk, _encoding, done) {
        seen += 1;
        setImmediate(() => done(seen === n ? error : null));
      },
    });
  };
  const rows: [string, () => Writable, PlanInput][] = [
    ['at the first write', () => failingAt(1, boom), large],
    ['at the first and only write', () => failingAt(1, boom), small],
    ['midway', () => failingAt(3, boom), large],
    ['at the last write', () => failingAt(7, boom), large],
    ['at the end', () => collector({ final: (done) => done(boom) }), small],
    ['at the end, later', () => collector({ final: (done) => setImmediate(() => done(boom)) }), large],
    [
      'between writes',
      () => {
        const stream: Writable = new Writable({
          write(_chunk, _encoding, done) {
            done();
            setImmediate(() => stream.destroy(boom));
          },
        });
        return stream;
      },
      planOf(asset(1, { stream: slowly(3), size: 3 * BLOCK_SIZE })),
    ],
    ['before the pack', () => new Writable({ write() {} }).destroy(boom).on('error', () => {}), small],
  ];
  async function* slowly(blocks: number) {
    for (let i = 0; i < blocks; i += 1) {
      await settled();
      yield noise(BLOCK_SIZE, i);
    }
    await settled();
  }
  it.each(rows)('%s', async (name, make, plan) => {
    const stream = make();
    const error = await failureOfPack(packAssets(plan, toStream(stream)));
    expect(error.code).toBe('OUTPUT_WRITE');
    // A stream that is gone says only that.
    const system = name === 'before the pack' ? expect.stringMatching(/^(ENOSPC|ERR_STREAM_DESTROYED)$/) : 'ENOSPC';
    expect(error.diagnostics).toMatchObject([{ details: { system } }]);
    await settled();
    expect(stream.destroyed).toBe(true);
  });

  it.each<[string, (stream: Writable) => unknown]>([
    ['destroyed', (stream) => stream.destroy()],
    ['ended', (stream) => stream.end()],
  ])('%s early', async (_, close) => {
    const stream = collector();
    async function* source() {
      yield noise(2 * BLOCK_SIZE);
      close(stream);
      await settled();
      yield noise(2 * BLOCK_SIZE);
    }
    const plan = planOf(asset(1, { stream: source(), size: 4 * BLOCK_SIZE }));
    expect(await codeOf(packAssets(plan, toStream(stream)))).toBe('OUTPUT_WRITE');
    expect(stream.destroyed).toBe(true);
  });

  test('destroyed while it holds a write back', async () => {
    const stream: Writable = new Writable({ write: () => setImmediate(() => stream.destroy()) });
    expect(await codeOf(packAssets(large, toStream(stream)))).toBe('OUTPUT_WRITE');
  }, 5_000);

  it.each([true, false])('closed before the pack, end: %s', async (end) => {
    const stream = collector();
    stream.destroy();
    await settled();
    expect(await codeOf(packAssets(small, toStream(stream, { end })))).toBe('OUTPUT_WRITE');
  });

  test('a reader that goes away', async () => {
    const pipe = new PassThrough({ highWaterMark: 16 });
    const pack = packAssets(large, toStream(pipe));
    for await (const _chunk of pipe) break;
    expect(await codeOf(pack)).toBe('OUTPUT_WRITE');
  });
});

describe('a pack that fails destroys the stream (W9)', () => {
  it.each<[string, () => PlanInput, string]>([
    [
      'a source that is too short',
      () => planOf(asset(1, { stream: inPieces(utf8('abc'), []), size: 4 })),
      'SOURCE_SIZE',
    ],
    [
      'a wrong digest after some blocks',
      () => planOf(asset(1, { inline: noise(3 * BLOCK_SIZE), digest: 'xxh64:0000000000000000' })),
      'SOURCE_CHANGED',
    ],
  ])('%s', async (_, plan, code) => {
    for (const end of [true, false]) {
      const stream = collector();
      const error = await failureOfPack(packAssets(plan(), toStream(stream, { end })));
      expect(error.code).toBe(code);
      expect([stream.destroyed, stream.writableFinished]).toEqual([true, false]);
      await settled();
      expect(stream.errored).toBe(error);
    }
  });

  test('so that a prefix is not taken for the whole', async () => {
    const stream = collector();
    const plan = planOf(asset(1, { inline: noise(3 * BLOCK_SIZE), digest: 'xxh64:0000000000000000' }));
    await failureOfPack(packAssets(plan, toStream(stream)));
    expect(stream.chunks.length).toBeGreaterThan(0);
    expect(stream.writableFinished).toBe(false);
  });
});

describe('interruption', () => {
  /** Takes nothing: its callback is never called. */
  const stuck = (onWrite: () => void) => new Writable({ highWaterMark: 1, write: onWrite });

  it.each([
    ['a small artifact', small],
    ['a large artifact', large],
  ])(
    'a stream that never drains, %s',
    async (_, plan) => {
      const stop = new AbortController();
      const stream = stuck(() => setImmediate(() => stop.abort('SIGINT')));
      const error = await failureOfPack(packAssets(plan, toStream(stream), { signal: stop.signal }));
      expect([error.code, error.cause]).toEqual(['INTERRUPTED', 'SIGINT']);
      expect(stream.destroyed).toBe(true);
    },
    5_000,
  );

  it.each([
    ['a small artifact', small],
    ['a large artifact', large],
  ])(
    'a stream that stops the pack in its own write and never drains, %s',
    async (_, plan) => {
      const stop = new AbortController();
      const stream = stuck(() => stop.abort());
      expect(await codeOf(packAssets(plan, toStream(stream), { signal: stop.signal }))).toBe('INTERRUPTED');
      expect(stream.destroyed).toBe(true);
    },
    5_000,
  );

  test('a slow stream between two blocks', async () => {
    const stop = new AbortController();
    let seen = 0;
    const stream = collector({
      takes: async () => {
        seen += 1;
        if (seen === 2) stop.abort();
        await settled();
      },
    });
    expect(await codeOf(packAssets(large, toStream(stream), { signal: stop.signal }))).toBe('INTERRUPTED');
    expect([stream.destroyed, stream.writableFinished]).toEqual([true, false]);
    expect(seen).toBeLessThan(5);
  });

  test('before the start', async () => {
    const stream = collector();
    const stop = AbortSignal.abort();
    expect(await codeOf(packAssets(small, toStream(stream), { signal: stop }))).toBe('INTERRUPTED');
    expect(stream.chunks).toEqual([]);
  });
});

describe('a file that is open already', () => {
  it('is written from where it stands, and stays open', async () => {
    const path = join(newFolder(), 'out');
    const file = await open(path, 'wx');
    await file.write('before');
    await packAssets(large, toOpenFile(file));
    await file.write('after');
    await file.close();
    expectSameBytes(readFileSync(path), Buffer.concat([utf8('before'), await artifactOf(large), utf8('after')]));
  });

  it('fails the pack when it cannot be written', async () => {
    const file = await open('/dev/full', 'w');
    const failure = await failureOfPack(packAssets(large, toOpenFile(file)));
    await file.close();
    expect(failure.diagnostics[0]).toMatchObject({ code: 'OUTPUT_WRITE', details: { system: 'ENOSPC' } });
  });
});

describe('what a stream sink writes to disk', () => {
  test('nothing, unless a source has no size', async () => {
    const folder = newFolder();
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    try {
      const stream = collector();
      const plan = planOf(asset(1, { stream: inPieces(utf8('abcdef'), [2]) }), asset(2, { inline: utf8('x') }));
      await packAssets(plan, toStream(stream));
      const inline = planOf(asset(1, { inline: utf8('abcdef') }), asset(2, { inline: utf8('x') }));
      expectSameBytes(Buffer.concat(stream.chunks), await artifactOf(inline));
      // There is no room for a spool where the folder is missing; what needs none does not notice.
      process.env['TMPDIR'] = `${folder}/missing`;
      const again = planOf(asset(1, { stream: inPieces(utf8('abcdef'), [2]) }));
      expect(await codeOf(packAssets(again, toStream(collector())))).toBe('OUTPUT_WRITE');
      expect(await codeOf(packAssets(inline, toStream(collector())))).toBe('ok');
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });
});
