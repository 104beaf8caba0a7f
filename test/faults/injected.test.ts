/**
 * Faults at every single call, by every code. `test/write/publication.test.ts` lets each call fail with three codes and judges the way back; here
 * each call fails with each code of a longer list, once and for good, before it took effect and after, and calls do less than they were asked.
 * Besides the outputs it is judged that no call is still under way when the pack is over, that nothing stays open, and that the system's
 * code is in the diagnostic.
 */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { FileSet } from '../../src/host/file-set.js';
import { type FileSystem, nodeFileSystem } from '../../src/host/fs.js';
import { replaceFile } from '../../src/host/replace-file.js';
import { BLOCK_SIZE } from '../../src/host/threads/blocks.js';
import { type AssetInput, packAssets, toDirectory, toMemory, toStream } from '../../src/index.js';
import {
  asset,
  codeOf,
  inPieces,
  leftovers,
  namesBelow,
  noise,
  openBelow,
  planOf,
  settled,
  utf8,
  watchRejections,
} from '../support/packing.js';
import { snapshot, write } from '../support/plan-folders.js';
import { hookedFileSystem } from './support/hooked-fs.mjs';
import { lookAt, type Outputs, outputsOf, putOutputs, Scratch, shown } from './support/scene.js';

const scratch = new Scratch();
afterAll(() => scratch.remove(), 60_000);

let rejections: ReturnType<typeof watchRejections>;
beforeEach(() => {
  rejections = watchRejections();
});
afterEach(async () => {
  await settled();
  rejections.stop();
  expect(rejections.list).toEqual([]);
});

const isFull = process.env['FAULTS'] === 'full';
const CODES = ['ENOSPC', 'EIO', 'EDQUOT', 'EMFILE', 'EACCES', 'EINTR'] as const;

/** One call, as the fault injector sees it. */
interface Call {
  readonly index: number;
  readonly operation: string;
  readonly path: string;
  readonly to: string | undefined;
}

/** A file system whose calls are counted, also those under way. */
class Injector {
  readonly calls: Call[] = [];
  readonly failed: Call[] = [];
  underWay = 0;
  readonly #decide: (call: Call) => string | undefined;
  readonly #isLate: boolean;

  /** @param decide Gives the code with which a call fails. @param isLate Whether the call has its effect before it fails. */
  constructor(decide: (call: Call) => string | undefined, isLate = false) {
    this.#decide = decide;
    this.#isLate = isLate;
  }

  fileSystem(): FileSystem {
    let current: Call;
    const fail = (call: Call) => {
      const code = this.#decide(call);
      if (code === undefined) return;
      this.failed.push(call);
      throw Object.assign(new Error(`${code}: injected, ${call.operation}`), { code });
    };
    const inner = hookedFileSystem(nodeFileSystem, {
      before: (operation: string, path: string, to?: string) => {
        const call = { index: this.calls.length + 1, operation, path, to };
        current = call;
        this.calls.push(call);
        if (!this.#isLate) fail(call);
      },
      after: (operation: string, path: string) => {
        const call = current.operation === operation && current.path === path ? current : undefined;
        if (this.#isLate)
          fail(call ?? (this.calls.findLast((each) => each.operation === operation && each.path === path) as Call));
      },
    });
    return this.#counting(inner);
  }

  #counting<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          this.underWay += 1;
          try {
            const result = await method.apply(target, args);
            return name === 'open' ? this.#counting(result) : result;
          } finally {
            this.underWay -= 1;
          }
        };
      },
    });
  }
}

const PAYLOAD = noise(6_000, 5);
const OLD_TEXT = JSON.stringify({
  schema_version: 1,
  assets: [{ asset_id: 9, asset_name: 'old', bank_type: 'SOUNDS', inline: 'AQID', preload: {} }],
});
const newAssets = (isSpooled: boolean): AssetInput[] => [
  asset(1, { inline: utf8('inline'), preload: {} }),
  asset(2, { file: 'payload.bin' }),
  ...(isSpooled ? [asset(3, { stream: inPieces(utf8('stream'), [2]) })] : []),
];

const root = scratch.folder();
writeFileSync(join(root, 'payload.bin'), PAYLOAD);
const OLD = await outputsOf(utf8(OLD_TEXT), root);
async function freshOf(isSpooled: boolean): Promise<Outputs> {
  const sink = toMemory();
  await packAssets(planOf(...newAssets(isSpooled)), sink, { folder: root });
  const all = [...sink.companions, ['assets.pa', sink.bytes] as const];
  return Object.fromEntries(all.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}
const NEW = { plain: await freshOf(false), spooled: await freshOf(true) };

interface Run {
  readonly top: string;
  readonly out: string;
  readonly injector: Injector;
  /** `ok`, or code and system's code. */
  readonly outcome: string;
  /** What is in the directory: 0 the old outputs, 1 the new ones. */
  readonly found: ReturnType<typeof lookAt>;
  /** In words, what is wrong whatever the fault. */
  readonly wrong: string[];
}

type Kind = 'fresh' | 'again';

/** Packs once with an injector. */
async function packWith(injector: Injector, kind: Kind, isSpooled: boolean): Promise<Run> {
  const top = scratch.folder();
  const out = kind === 'fresh' ? join(top, 'new/out') : join(top, 'out');
  if (kind === 'again') putOutputs(out, OLD);
  const fs = injector.fileSystem();
  const plan = planOf(...newAssets(isSpooled));
  const outcome = await outcomeOf(packAssets(plan, toDirectory(out, { fs }), { folder: root, fs }));
  const underWay = injector.underWay;
  const found = lookAt(out, [OLD, isSpooled ? NEW.spooled : NEW.plain]);
  const wrong = [
    ...(underWay > 0 ? [`${underWay} calls are still under way`] : []),
    ...[...openBelow(top), ...openBelow(root)].map((path) => `open: ${path}`),
  ];
  return { top, out, injector, outcome, found, wrong };
}

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return 'ok';
  if (!(error instanceof AssetsPaError)) return `no AssetsPaError: ${error}`;
  return error.diagnostics.map(({ code, details }) => `${code} ${details?.['system']}`).join(', ');
}

/** What a failed call makes of a pack: the code, or that it does not matter. */
function legalOutcomes({ failed: [call], calls }: Injector, code: string): string[] {
  if (call === undefined) return ['ok'];
  const { operation, path, index } = call;
  const committed = calls.find((each) => each.operation === 'rename' && basename(each.to ?? '') === 'assets.pa');
  // Behind the commit, and around the lock, removing is best effort.
  if (operation === 'unlink' && (path.includes('.assets.pa.lock.') || (committed && index > committed.index)))
    return ['ok'];
  if (path === root) return [`INPUT_READ ${code}`];
  return [path.startsWith(root) ? `SOURCE_READ ${code}` : `OUTPUT_WRITE ${code}`];
}

/** Runs packs until the injector has nothing to fail any more; gives what was wrong, by the call. */
async function sweep(
  make: (n: number) => Injector,
  kind: Kind,
  isSpooled: boolean,
  judge: (run: Run) => string[],
): Promise<{ wrong: string[]; runs: number }> {
  const wrong: string[] = [];
  let runs = 0;
  for (let n = 1, hasMore = true; hasMore; n += 1) {
    const run = await packWith(make(n), kind, isSpooled);
    runs += 1;
    const [call] = run.injector.failed;
    // A call that fails by itself is not made to fail once more.
    hasMore = run.injector.calls.length >= n;
    const found = [...run.wrong, ...judge(run)];
    if (found.length > 0) {
      const to = call?.to === undefined ? '' : ` > ${basename(call.to)}`;
      const at =
        call === undefined ? 'nothing failed' : `call ${call.index}, ${call.operation} ${basename(call.path)}${to}`;
      wrong.push(`${at}: ${run.outcome}: ${found.join('; ')} (${shown(run.found)})`);
    }
    scratch.discard(run.top);
    expect(runs).toBeLessThan(300);
  }
  return { wrong, runs };
}

/** Outputs that are all the old ones, or all the new ones when the pack succeeded, and nothing beside them. */
function isIntact({ outcome, found, injector, top }: Run, kind: Kind): string[] {
  const expected = outcome === 'ok' ? 1 : kind === 'again' ? 0 : 'absent';
  const wrong = [found.artifact, ...found.companions].some((each) => each !== expected)
    ? ['the outputs are not as they should be']
    : [];
  const removed = injector.failed.filter(({ operation }) => operation === 'unlink').map(({ path }) => path);
  const left = leftovers(top).filter((name) => !removed.includes(join(top, name)));
  const isFresh = kind === 'fresh' && outcome !== 'ok' && removed.length === 0 && namesBelow(top).length > 0;
  return [
    ...wrong,
    ...(left.length > 0 ? [`unfinished: ${left.join(' ')}`] : []),
    ...(isFresh ? ['folders were left'] : []),
  ];
}

describe('every call of a pack into a directory', () => {
  // Each code in one of the two scenes; in both when there is time.
  const rows = CODES.flatMap((code) => [[code, 'fresh', true] as const, [code, 'again', false] as const]);
  it.each(rows.filter((_, i) => isFull || i % 4 === 0 || i % 4 === 3))(
    'fails once with %s, %s, spooled: %s',
    async (code, kind, isSpooled) => {
      const once = (n: number) => new Injector(({ index }) => (index === n ? code : undefined));
      const { wrong, runs } = await sweep(once, kind, isSpooled, (run) => {
        const legal = legalOutcomes(run.injector, code);
        return [...(legal.includes(run.outcome) ? [] : [`not ${legal.join(' or ')}`]), ...isIntact(run, kind)];
      });
      expect(wrong).toEqual([]);
      expect(runs).toBeGreaterThan(60);
    },
  );

  it.each(['fresh', 'again'] as const)(
    'the disk is full from there on, %s: what needs room fails, the way back needs none',
    async (kind) => {
      const needsRoom = new Set(['write', 'mkdir', 'link']);
      const full = (n: number) =>
        new Injector(({ index, operation, path }) => {
          const isCreation = operation === 'open' && basename(path).startsWith('.assets.pa.');
          return index >= n && (needsRoom.has(operation) || isCreation) ? 'ENOSPC' : undefined;
        });
      const { wrong } = await sweep(full, kind, true, (run) => [
        ...(run.outcome === (run.injector.failed.length > 0 ? 'OUTPUT_WRITE ENOSPC' : 'ok') ? [] : ['wrong code']),
        ...isIntact(run, kind),
      ]);
      expect(wrong).toEqual([]);
    },
  );

  it.each(isFull ? (['EIO', 'EACCES'] as const) : (['EIO'] as const))(
    'nothing works from there on (%s): a code, whole files, and no more',
    async (code) => {
      const dead = (n: number) => new Injector(({ index }) => (index >= n ? code : undefined));
      const { wrong } = await sweep(dead, 'again', true, ({ outcome, found, injector }) => {
        const [call] = injector.failed;
        const isCode = outcome === 'ok' || outcome.endsWith(` ${code}`);
        const isWhole = ![found.artifact, ...found.companions].some((each) => each === 'torn' || each === 'absent');
        return [
          ...(isCode && (call === undefined || !outcome.startsWith('no')) ? [] : ['no code']),
          ...(isWhole ? [] : ['torn']),
        ];
      });
      expect(wrong).toEqual([]);
    },
  );

  it.each(isFull ? (['fresh', 'again'] as const) : (['again'] as const))(
    'has its effect and fails all the same, %s: a code, and whole files',
    async (kind) => {
      // But for `open`: a file that is open and that nobody was told of stays so.
      const late = (n: number) =>
        new Injector(({ index, operation }) => (index === n && operation !== 'open' ? 'EIO' : undefined), true);
      const { wrong } = await sweep(late, kind, false, ({ outcome, found }) => {
        const legal = kind === 'again' ? [0, 1] : ['absent', 1];
        const isWhole = [found.artifact, ...found.companions].every((each) => legal.includes(each));
        const isCode = outcome === 'ok' || / EIO$/.test(outcome);
        return [...(isWhole ? [] : ['not whole']), ...(isCode ? [] : ['no code'])];
      });
      expect(wrong).toEqual([]);
    },
  );

  // Codes by which the program decides what to do next.
  it.each(isFull ? ['ENOENT', 'EEXIST', 'ENOTDIR', 'ELOOP', 'EPERM', 'ESTALE'] : ['ENOENT', 'EEXIST'])(
    'fails once with %s, which may mean something: a code, an end, whole files',
    async (code) => {
      const once = (n: number) => new Injector(({ index }) => (index === n ? code : undefined));
      const { wrong } = await sweep(once, 'again', false, ({ outcome, found, top }) => {
        const legal = outcome === 'ok' ? 1 : 0;
        const isWhole = [found.artifact, ...found.companions].every((each) => each === legal);
        const isCode = /^(ok|(OUTPUT_WRITE|OUTPUT_LOCKED|INPUT_READ|SOURCE_[A-Z_]+) \S+)$/.test(outcome);
        const left = leftovers(top).length > 1;
        return [
          ...(isWhole ? [] : ['not whole']),
          ...(isCode ? [] : ['no code']),
          ...(left ? ['unfinished files'] : []),
        ];
      });
      expect(wrong).toEqual([]);
    },
  );
});

describe('calls that do less than they were asked', () => {
  /** Cuts the nth read or write short. */
  function cutting(operation: 'read' | 'write', n: number, length: number): { fs: FileSystem; count: () => number } {
    let calls = 0;
    const fs: FileSystem = {
      ...nodeFileSystem,
      open: async (path, flags, mode) => {
        const file = await nodeFileSystem.open(path, flags, mode);
        const cut = (asked: number) => {
          calls += 1;
          return calls === n ? Math.min(asked, length) : asked;
        };
        return {
          stat: () => file.stat(),
          chmod: (bits) => file.chmod(bits),
          sync: () => file.sync(),
          close: () => file.close(),
          read: (buffer, at, asked, position) =>
            file.read(buffer, at, operation === 'read' ? cut(asked) : asked, position),
          write: (buffer, at, asked, position) =>
            file.write(buffer, at, operation === 'write' ? cut(asked) : asked, position),
        };
      },
    };
    return { fs, count: () => calls };
  }

  it.each([
    ['write', 1],
    ['write', 4_095],
    ['read', 1],
    ['read', 4_095],
  ] as const)('each %s in turn moves %i bytes: the same outputs', async (operation, length) => {
    let n = 1;
    for (let count = n; count >= n; n += 1) {
      const out = join(scratch.folder(), 'out');
      putOutputs(out, OLD);
      const cut = cutting(operation, n, length);
      await packAssets(planOf(...newAssets(true)), toDirectory(out, { fs: cut.fs }), { folder: root, fs: cut.fs });
      const found = lookAt(out, [NEW.spooled]);
      expect(found, `${operation} ${n}`).toEqual({ artifact: 0, companions: [0, 0, 0], leftovers: [] });
      count = cut.count();
    }
    expect(n).toBeGreaterThan(2);
  });

  test('each write in turn moves nothing: OUTPUT_WRITE with EIO, the old outputs', async () => {
    for (let n = 1, count = n; count >= n; n += 1) {
      const out = join(scratch.folder(), 'out');
      putOutputs(out, OLD);
      const cut = cutting('write', n, 0);
      const pack = packAssets(planOf(...newAssets(true)), toDirectory(out, { fs: cut.fs }), { folder: root });
      const outcome = await outcomeOf(pack);
      count = cut.count();
      expect(outcome, `write ${n}`).toBe(count < n ? 'ok' : 'OUTPUT_WRITE EIO');
      const which = outcome === 'ok' ? 1 : 0;
      const found = lookAt(out, [OLD, NEW.spooled]);
      expect(found, `write ${n}`).toEqual({ artifact: which, companions: [which, which, which], leftovers: [] });
    }
  });
});

describe('payload sources', () => {
  const sinks: Readonly<
    Record<string, () => { sink: ReturnType<typeof toMemory> | ReturnType<typeof toStream>; check: () => void }>
  > = {
    'in memory': () => {
      const sink = toMemory();
      return {
        sink,
        check: () => {
          expect(() => sink.bytes).toThrow('not done');
          expect(sink.companions.size).toBe(0);
        },
      };
    },
    'into a stream': () => {
      const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
      return { sink: toStream(stream), check: () => expect(stream.destroyed).toBe(true) };
    },
  };

  const rows = Object.keys(sinks).flatMap((sink) => CODES.map((code) => [sink, code] as const));
  it.each(rows.filter((_, i) => isFull || i % 2 === 0))('%s: each call fails once with %s', async (name, code) => {
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      const injector = new Injector(({ index }) => (index === n ? code : undefined));
      const { sink, check } = (sinks[name] as (typeof sinks)[string])();
      const plan = planOf(asset(1, { file: 'payload.bin' }), asset(2, { file: './payload.bin' }));
      const outcome = await outcomeOf(packAssets(plan, sink, { folder: root, fs: injector.fileSystem() }));
      const [call] = injector.failed;
      hasFailed = call !== undefined;
      const at = `${call?.operation} ${call?.path}`;
      if (call === undefined) expect(outcome).toBe('ok');
      // Both assets are looked at before the first fault is told, and share a folder.
      else expect(outcome.split(', ')[0], at).toBe(`${call.path === root ? 'INPUT_READ' : 'SOURCE_READ'} ${code}`);
      if (call !== undefined) check();
      expect(openBelow(root), at).toEqual([]);
      expect(injector.underWay, at).toBe(0);
    }
    expect(n).toBeGreaterThan(10);
  });
});

describe('a writable stream that fails at each of its chunks', () => {
  const plan = () =>
    planOf(
      asset(1, { inline: noise(4 * BLOCK_SIZE) }),
      asset(2, { stream: inPieces(noise(1_000), [10]), size: 1_000 }),
    );
  const boom = () => Object.assign(new Error('EPIPE: injected'), { code: 'EPIPE' });
  type Fault = (stream: Writable, done: (error?: Error | null) => void) => void;
  const faults: Readonly<Record<string, Fault>> = {
    'an error by its callback': (_, done) => done(boom()),
    'an error by its callback, later': (_, done) => setImmediate(() => done(boom())),
    'an error by event, no callback': (stream) => stream.destroy(boom()),
    'an error by event, then its callback': (stream, done) => {
      stream.destroy(boom());
      setImmediate(() => done());
    },
    'an early close': (stream) => stream.destroy(),
    'an early close and its callback': (stream, done) => {
      stream.destroy();
      done();
    },
    'an exception': () => {
      throw boom();
    },
  };

  it.each(Object.keys(faults))('%s', async (name) => {
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      let seen = 0;
      hasFailed = false;
      const stream: Writable = new Writable({
        write(_chunk, _encoding, done) {
          seen += 1;
          if (seen !== n) return void setImmediate(done);
          hasFailed = true;
          faults[name]?.(stream, done);
        },
      });
      const outcome = await outcomeOf(packAssets(plan(), toStream(stream)));
      if (!hasFailed) expect(outcome).toBe('ok');
      else if (/error|exception/.test(name)) expect(outcome, `chunk ${n}`).toBe('OUTPUT_WRITE EPIPE');
      else expect(outcome, `chunk ${n}`).toMatch(/^OUTPUT_WRITE /);
      expect(stream.destroyed, `chunk ${n}`).toBe(true);
      await settled();
    }
    expect(n).toBeGreaterThan(5);
  });

  test('one that takes a chunk for ever, stopped by a signal', async () => {
    for (let n = 1; n <= 5; n += 1) {
      const stop = new AbortController();
      let seen = 0;
      const stream = new Writable({
        highWaterMark: 1,
        write(_chunk, _encoding, done) {
          seen += 1;
          if (seen < n) return void setImmediate(done);
          setImmediate(() => stop.abort('SIGTERM'));
        },
      });
      expect(await codeOf(packAssets(plan(), toStream(stream), { signal: stop.signal })), `chunk ${n}`).toBe(
        'INTERRUPTED',
      );
      expect([seen, stream.destroyed]).toEqual([n, true]);
    }
  });
});

describe('replaceFile', () => {
  const [before, after] = [utf8('the old text'), noise(5_000)];

  /** One replacement, with what is there afterwards. */
  async function replaceWith(
    injector: Injector,
  ): Promise<{ outcome: string; found: string; names: string[]; open: string[] }> {
    const folder = scratch.folder();
    const path = join(folder, 'ids.json');
    writeFileSync(path, before);
    const outcome = await outcomeOf(replaceFile(injector.fileSystem(), path, after));
    const hex = snapshot(folder)['ids.json'];
    const found =
      hex === Buffer.from(before).toString('hex') ? 'old' : hex === Buffer.from(after).toString('hex') ? 'new' : 'torn';
    return { outcome, found, names: namesBelow(folder), open: openBelow(folder) };
  }

  it.each(CODES)('each call fails once with %s: the old file, or the new one when the rename is done', async (code) => {
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      const injector = new Injector(({ index }) => (index === n ? code : undefined));
      const { outcome, found, names, open } = await replaceWith(injector);
      const [call] = injector.failed;
      hasFailed = call !== undefined;
      const isRenamed = injector.calls.some(
        ({ operation, index }) => operation === 'rename' && index < (call?.index ?? 1_000),
      );
      const at = `${call?.operation} ${call?.path}`;
      expect(outcome, at).toBe(hasFailed ? `OUTPUT_WRITE ${code}` : 'ok');
      expect(found, at).toBe(isRenamed ? 'new' : 'old');
      expect([names, open], at).toEqual([['ids.json'], []]);
      expect(injector.underWay, at).toBe(0);
    }
    expect(n).toBeGreaterThan(9);
  });

  test('nothing works from there on: a code, and a whole file', async () => {
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      const injector = new Injector(({ index }) => (index >= n ? 'EIO' : undefined));
      const { outcome, found } = await replaceWith(injector);
      hasFailed = injector.failed.length > 0;
      expect(outcome).toBe(hasFailed ? 'OUTPUT_WRITE EIO' : 'ok');
      expect(['old', 'new']).toContain(found);
    }
  });
});

describe('the files of extract', () => {
  const FILES = { 'd/one': 'the first', two: 'the second', 'd/e/three': 'the third' };

  async function put(folder: string, fs: FileSystem, overwrite: boolean): Promise<void> {
    const set = new FileSet({ fs, folder, overwrite });
    try {
      await set.check(Object.keys(FILES));
      for (const [path, text] of Object.entries(FILES)) await set.write(path, (piece) => piece(utf8(text)));
      await set.publish();
    } catch (error) {
      await set.discard();
      throw error;
    }
  }

  it.each(CODES)('each call fails once with %s: nothing is there but what was renamed before', async (code) => {
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      const top = scratch.folder();
      write(top, { 'out/two': 'old' });
      const injector = new Injector(({ index }) => (index === n ? code : undefined));
      const outcome = await outcomeOf(put(join(top, 'out'), injector.fileSystem(), true));
      const [call] = injector.failed;
      hasFailed = call !== undefined;
      const at = `${call?.operation} ${call?.path}`;
      expect(outcome, at).toBe(hasFailed ? `OUTPUT_WRITE ${code}` : 'ok');
      expect([leftovers(top), openBelow(top)], at).toEqual([[], []]);
      const texts = Object.values(FILES).map((text) => Buffer.from(text).toString('hex'));
      const after = Object.entries(snapshot(top)).filter(([path]) => !path.endsWith('/'));
      for (const [, hex] of after) expect([...texts, Buffer.from('old').toString('hex')], at).toContain(hex);
      expect(after.length, at).toBeGreaterThan(0);
    }
    expect(n).toBeGreaterThan(20);
  });

  it('nothing works from there on: a code', async () => {
    const outcomes = new Set<string>();
    let n = 1;
    for (let hasFailed = true; hasFailed; n += 1) {
      const injector = new Injector(({ index }) => (index >= n ? 'EIO' : undefined));
      outcomes.add(await outcomeOf(put(join(scratch.folder(), 'out'), injector.fileSystem(), true)));
      hasFailed = injector.failed.length > 0;
    }
    expect([...outcomes].sort()).toEqual(['OUTPUT_WRITE EIO', 'ok']);
  });
});
