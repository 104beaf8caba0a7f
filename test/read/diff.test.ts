/** `diffArtifacts`: what it says of two files, held against a plain comparison of their bytes and of what their headers say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifact, counting, entry, header, zeros } from '../../spec-vectors/compose.ts';
import { AssetsPaError } from '../../src/errors.js';
import { type Difference, type DiffOptions, diffArtifacts, isLayoutOnly } from '../../src/read/diff.js';
import { type EntryPair, valueDifferences } from '../../src/read/diff-header.js';
import { firstDifferenceOf, type LaidAsset, type LaidFile, lay, PREPARED, patched } from '../support/artifacts.js';
import { MemoryFiles } from '../support/memory-files.js';
import { codeOf, expectSameBytes, failureOfPack, noise } from '../support/packing.js';
import { systemError } from '../support/watched-fs.js';
import { mutate, step } from '../vectors/mutations.js';

const files = new Map(Object.entries(PREPARED).map(([name, file]) => [name, lay(file)]));
const names = [...files.keys()];
const base = fileOf('base');

function fileOf(name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`no such file: ${name}`);
  return bytes;
}

/** Compares bytes; everything that was opened is closed again. */
async function diff(a: Uint8Array, b: Uint8Array, options: DiffOptions = {}): Promise<Difference> {
  const memory = new MemoryFiles({ a, b });
  const difference = await diffArtifacts('a', 'b', { ...options, fs: memory.fileSystem() });
  expect(memory.open).toBe(0);
  return difference;
}

/** What the header says, by `JSON.parse`. */
interface Said {
  readonly asset_table: readonly SaidEntry[];
  readonly preload: readonly { readonly asset_id: number; readonly slot: number }[];
}
interface SaidEntry {
  readonly asset_id: number;
  readonly offset: number;
  readonly size: number;
  readonly metadata: object;
  readonly [member: string]: unknown;
}

/** A file, read without anything of `src`; nothing when its header cannot be read. */
interface Plain {
  readonly headerEnd: number;
  readonly payloadOffset: number;
  readonly said: Said;
}

function plainly(bytes: Uint8Array): Plain | undefined {
  const file = Buffer.from(bytes);
  if (file.length < 32 || file.toString('latin1', 0, 4) !== 'ASPA' || file.readUInt32LE(4) !== 1) return undefined;
  const headerEnd = 32 + file.readUInt32LE(8);
  if (headerEnd > file.length) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(32, headerEnd));
    return { headerEnd, payloadOffset: Number(file.readBigUInt64LE(12)), said: JSON.parse(text) as Said };
  } catch {
    return undefined;
  }
}

/** The bytes of an entry's slice; nothing when they are not all there. */
function sliceOf(
  bytes: Uint8Array,
  { headerEnd, payloadOffset }: Plain,
  { offset, size }: SaidEntry,
): Uint8Array | undefined {
  const start = payloadOffset + offset;
  return payloadOffset < headerEnd || start + size > bytes.length ? undefined : bytes.subarray(start, start + size);
}

function countDifferent(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) if (a[i] !== b[i]) count += 1;
  return count;
}

/** A comparison by ids and bytes, in a form that is easy to compare. */
interface Summary {
  readonly added: number[];
  readonly removed: number[];
  readonly moved: number[];
  /** Names of the members that differ, and how the payload does. */
  readonly changed: Record<number, { members: string[]; payload?: { first: number; count: number } }>;
  readonly notCompared: number[];
  readonly slots: Record<'added' | 'removed' | 'changed', unknown[]>;
}

/** What a plain comparison of two readable headers gives; ids stand once in each. */
function summaryOf(a: Uint8Array, b: Uint8Array, left: Plain, right: Plain): Summary {
  const summary: Summary = {
    added: [],
    removed: [],
    moved: [],
    changed: {},
    notCompared: [],
    slots: { added: [], removed: [], changed: [] },
  };
  const inB = new Map(right.said.asset_table.map((each) => [each.asset_id, each]));
  for (const before of left.said.asset_table) {
    const after = inB.get(before.asset_id);
    inB.delete(before.asset_id);
    if (after === undefined) {
      summary.removed.push(before.asset_id);
      continue;
    }
    const members = Object.keys(before).filter((name) => canonical(before[name]) !== canonical(after[name]));
    const [payloadA, payloadB] = [sliceOf(a, left, before), sliceOf(b, right, after)];
    if (payloadA === undefined || payloadB === undefined) summary.notCompared.push(before.asset_id);
    const first = payloadA && payloadB && firstDifferenceOf(payloadA, payloadB);
    if (members.some((name) => name !== 'offset') || first !== undefined) {
      const payload = payloadA &&
        payloadB &&
        first !== undefined && { first, count: countDifferent(payloadA, payloadB) };
      summary.changed[before.asset_id] = { members: members.sort(), ...(payload && { payload }) };
    } else if (members.length > 0) summary.moved.push(before.asset_id);
  }
  summary.added.push(...inB.keys());
  const slotsB = new Map(right.said.preload.map(({ asset_id: id, slot }) => [id, slot]));
  for (const { asset_id: id, slot } of left.said.preload) {
    const other = slotsB.get(id);
    slotsB.delete(id);
    if (other === undefined) summary.slots.removed.push([id, slot]);
    else if (other !== slot) summary.slots.changed.push([id, slot, other]);
  }
  summary.slots.added.push(...slotsB);
  return sorted(summary);
}

/** A value as text in which the order of members does not show. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([x], [y]) => (x < y ? -1 : 1)))
      : each,
  );
}

function sorted(summary: Summary): Summary {
  const byId = (x: unknown, y: unknown) => Number((x as number[])[0] ?? x) - Number((y as number[])[0] ?? y);
  for (const list of [
    summary.added,
    summary.removed,
    summary.moved,
    summary.notCompared,
    ...Object.values(summary.slots),
  ]) {
    list.sort(byId);
  }
  return summary;
}

/** The same of what was found. */
function foundSummary({ added, removed, moved, changed, notCompared, preload }: Difference): Summary {
  const entries = changed.map(({ a, members, payload }) => {
    const { first, count } = payload ?? {};
    return [
      a.assetId,
      { members: members.map(({ name }) => name).sort(), ...(payload && { payload: { first, count } }) },
    ] as const;
  });
  return sorted({
    added: added.map(({ assetId }) => assetId),
    removed: removed.map(({ assetId }) => assetId),
    moved: moved.map(({ a }) => a.assetId),
    changed: Object.fromEntries(entries) as Summary['changed'],
    notCompared: notCompared.map(({ assetId }) => assetId),
    slots: {
      added: preload.added.map(({ assetId, slot }) => [assetId, slot]),
      removed: preload.removed.map(({ assetId, slot }) => [assetId, slot]),
      changed: preload.changed.map(({ assetId, a, b }) => [assetId, a, b]),
    },
  });
}

/** What must hold of any two files. */
function expectTrue(a: Uint8Array, b: Uint8Array, difference: Difference): void {
  expect(difference.firstDifference).toBe(firstDifferenceOf(a, b));
  expect(difference.identical).toBe(Buffer.compare(a, b) === 0);
  const { headerText, outside } = difference;
  if (headerText !== undefined) expect(headerText).toBeGreaterThanOrEqual(32);
  if (outside !== undefined) {
    expect(outside.count).toBeGreaterThan(0);
    expect(a[outside.first]).not.toBe(b[outside.first]);
  }
}

/** The other way round: what was in `a` is in `b`. */
function mirrored(difference: Difference): object {
  const { added, removed, changed, moved, preload, prelude, unread, payloadOffsets, notCompared, ...rest } = difference;
  const swap = <T extends { a?: unknown; b?: unknown }>({ a, b, ...more }: T): T =>
    ({ ...more, ...(b !== undefined && { a: b }), ...(a !== undefined && { b: a }) }) as T;
  const pair = <T extends EntryPair>(each: T): T => ({
    ...swap(each),
    indexA: each.indexB,
    indexB: each.indexA,
    members: each.members.map(swap),
  });
  return comparable({
    ...rest,
    added: removed,
    removed: added,
    changed: changed.map(pair),
    moved: moved.map(pair),
    preload: { added: preload.removed, removed: preload.added, changed: preload.changed.map(swap) },
    prelude: prelude.map(swap),
    unread: unread.map(({ side, what }) => ({ side: side === 'a' ? 'b' : 'a', what })),
    payloadOffsets: { a: payloadOffsets.b, b: payloadOffsets.a },
    notCompared,
  });
}

/** Lists by id, and reasons without the side: of two obstacles the first is told. */
function comparable(difference: Difference): object {
  const { moved, changed, unread, notCompared, prelude, ...rest } = difference;
  const byId = <T extends { a: { assetId: number } }>(list: readonly T[]) =>
    list.toSorted((x, y) => x.a.assetId - y.a.assetId);
  return {
    ...rest,
    moved: byId(moved),
    changed: byId(changed),
    unread: unread.toSorted((x, y) => (x.side < y.side ? -1 : 1)),
    notCompared: notCompared.map(({ assetId }) => assetId).sort((x, y) => x - y),
    prelude: prelude.map(({ field: { name }, a, b }) => [name, a, b]),
  };
}

describe('prepared files', () => {
  it('are all different', () => {
    expect(new Set([...files.values()].map((bytes) => Buffer.from(bytes).toString('latin1'))).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(30);
  });

  it.each(names)('%s is itself', async (name) => {
    const bytes = fileOf(name);
    const difference = await diff(bytes, bytes);
    expectTrue(bytes, bytes, difference);
    expect(difference.identical).toBe(true);
    expect(isLayoutOnly(difference)).toBe(true);
    expect([difference.moved, difference.prelude, difference.outside, difference.headerText]).toEqual([
      [],
      [],
      undefined,
      undefined,
    ]);
  });

  it.each(names)('%s and every other: different at the right byte, the same the other way round', async (name) => {
    const a = fileOf(name);
    for (const other of names) {
      if (other <= name) continue;
      const b = fileOf(other);
      const there = await diff(a, b);
      const back = await diff(b, a);
      expectTrue(a, b, there);
      expect(there.identical).toBe(false);
      expect(mirrored(back), `${name} and ${other}`).toEqual(comparable(there));
    }
  });

  /** Of these a header is read, but not all of its entries, or some slices lie in each other. */
  const PARTLY = ['an entry of another shape', 'slices that overlap'];

  it.each(names.filter((name) => !PARTLY.includes(name)))('%s and every other, by meaning', async (name) => {
    const a = fileOf(name);
    const left = plainly(a);
    for (const other of names.filter((each) => !PARTLY.includes(each))) {
      const b = fileOf(other);
      const right = plainly(b);
      const found = await diff(a, b);
      const title = `${name} and ${other}`;
      expect(found.unread, title).toEqual([
        ...(left === undefined ? [{ side: 'a', what: 'the header' }] : []),
        ...(right === undefined ? [{ side: 'b', what: 'the header' }] : []),
      ]);
      const nothing = { said: { asset_table: [], preload: [] }, headerEnd: 0, payloadOffset: 0 };
      const isComparable = left !== undefined && right !== undefined;
      const expected = isComparable ? summaryOf(a, b, left, right) : summaryOf(a, b, nothing, nothing);
      expect(foundSummary(found), title).toEqual(expected);
    }
  });
});

/** Where prelude and header end, as far as they are all there. */
function frontEndOf(bytes: Uint8Array): number {
  const file = Buffer.from(bytes);
  if (file.length < 32 || file.toString('latin1', 0, 4) !== 'ASPA' || file.readUInt32LE(4) !== 1) {
    return Math.min(32, file.length);
  }
  const headerEnd = 32 + file.readUInt32LE(8);
  return headerEnd > file.length ? 32 : headerEnd;
}

/** What differs outside of every payload, where prelude and header are equal. */
function outsideOf(a: Uint8Array, b: Uint8Array): { first: number; count: number } | undefined {
  const start = frontEndOf(a);
  if (frontEndOf(b) !== start || firstDifferenceOf(a.subarray(0, start), b.subarray(0, start)) !== undefined) {
    return undefined;
  }
  const [left, right] = [plainly(a), plainly(b)];
  const isPayload = new Set<number>();
  for (const each of left?.said.asset_table ?? []) {
    if (left === undefined || right === undefined || !sliceOf(a, left, each) || !sliceOf(b, right, each)) continue;
    for (let i = 0; i < each.size; i += 1) isPayload.add(left.payloadOffset + each.offset + i);
  }
  const found: number[] = [];
  for (let i = start; i < Math.max(a.length, b.length); i += 1) if (a[i] !== b[i] && !isPayload.has(i)) found.push(i);
  return found[0] === undefined ? undefined : { first: found[0], count: found.length };
}

describe('what lies outside the payloads', () => {
  const same = names.filter((name) => !['slices that overlap', 'an entry of another shape'].includes(name));

  it.each(same)('%s and every other', async (name) => {
    for (const other of same) {
      const [a, b] = [fileOf(name), fileOf(other)];
      expect((await diff(a, b)).outside, `${name} and ${other}`).toEqual(outsideOf(a, b));
    }
  });

  it.each([
    ['a padding byte before the payloads', 1],
    ['a padding byte between payloads', 1],
    ['a trailing byte', 1],
    ['cut off in a payload', 5],
  ])('the base and %s', async (name, count) => {
    expect((await diff(base, fileOf(name))).outside?.count).toBe(count);
  });
});

describe('headers that say the same in other bytes', () => {
  it.each<[string, number]>([
    ['white space in the header', Buffer.from(base).indexOf('"beep"')],
    ['an escaped letter', Buffer.from(base).indexOf('"beep"') + 2],
    ['members in another order', Buffer.from(base).indexOf('"deep"') + 1],
    ['entries in another order', Buffer.from(base).indexOf('"asset_id":3') + '"asset_id":'.length],
  ])('%s, from the first byte that differs on', async (name, at) => {
    const difference = await diff(base, fileOf(name));
    expect(difference.headerText).toBe(at);
    expect(isLayoutOnly(difference)).toBe(true);
    expect(difference.moved).toEqual([]);
  });

  it.each([
    'a name',
    'a slot',
    'alignment 16',
    'an asset more at the end',
    'an entry of another shape',
    'a header that is no JSON',
    'flags',
    'a trailing byte',
  ])('not %s', async (name) => {
    expect((await diff(base, fileOf(name))).headerText).toBeUndefined();
  });

  it('not a member that the format does not have: only one of them says it', async () => {
    expect((await diff(base, fileOf('a member that the format does not have'))).headerText).toBeUndefined();
  });
});

describe('moved and changed', () => {
  it.each<[string, { moved: number[]; changed: number[]; isLayoutOnly: boolean }]>([
    ['alignment 16', { moved: [7, 9, 12, 20], changed: [], isLayoutOnly: true }],
    ['alignment 1', { moved: [7, 9, 12, 20], changed: [], isLayoutOnly: true }],
    ['a longer payload', { moved: [9, 12, 20], changed: [7], isLayoutOnly: false }],
    ['a shorter payload', { moved: [9, 12, 20], changed: [7], isLayoutOnly: false }],
    ['a longer name', { moved: [], changed: [7], isLayoutOnly: false }],
    ['an asset more at the front', { moved: [3, 7, 9, 12, 20], changed: [], isLayoutOnly: false }],
    ['an asset more at the end', { moved: [], changed: [], isLayoutOnly: false }],
    ['a slot', { moved: [], changed: [], isLayoutOnly: false }],
    ['flags', { moved: [], changed: [], isLayoutOnly: true }],
    ['slices that overlap', { moved: [7], changed: [], isLayoutOnly: false }],
  ])('the base and %s', async (name, expected) => {
    const difference = await diff(base, fileOf(name));
    const { moved, changed } = foundSummary(difference);
    const found = { moved, changed: Object.keys(changed).map(Number), isLayoutOnly: isLayoutOnly(difference) };
    expect(found).toEqual(expected);
  });
});

describe('files of which not everything can be read', () => {
  it('an entry that cannot be read is neither removed nor added', async () => {
    const broken = fileOf('an entry of another shape');
    const there = await diff(base, broken);
    expect(there.unread).toEqual([{ side: 'b', what: 'an entry' }]);
    expect(there.removed).toEqual([]);
    const back = await diff(broken, base);
    expect(back.added).toEqual([]);
  });

  it('slices that overlap: the first is compared, the other is not', async () => {
    const difference = await diff(base, fileOf('slices that overlap'));
    expect(difference.notCompared).toEqual([{ assetId: 7, reason: 'the payload overlaps another one in b' }]);
  });

  it.each(['payload_offset after the file', 'payload_offset in the header'])('%s: no payload is', async (name) => {
    const { notCompared, changed } = await diff(base, fileOf(name));
    expect(notCompared.map(({ assetId }) => assetId)).toEqual([3, 7, 9, 12, 20]);
    expect(notCompared.every(({ reason }) => reason.endsWith('is not inside a payload region in b'))).toBe(true);
    expect(changed).toEqual([]);
  });

  it('ids that stand several times are matched in their order', async () => {
    const twins = (sizes: readonly number[]) => {
      const entries = sizes.map((size, i) => entry({ size: `${size}`, decoded_size: '0', offset: `${i * 4}` }));
      return artifact({ header: header(entries), region: counting(16) });
    };
    const difference = await diff(twins([1, 2, 3]), twins([1, 3]));
    expect(difference.changed.map(({ indexA, indexB }) => [indexA, indexB])).toEqual([[1, 1]]);
    expect(difference.removed.map(({ size }) => size)).toEqual([3]);
  });

  it('any faults: nothing is said that is not so', async () => {
    const folder = join(import.meta.dirname, '../../spec-vectors');
    const { vectors } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
      vectors: { file: string }[];
    };
    const small = vectors
      .map(({ file }) => new Uint8Array(readFileSync(join(folder, file))))
      .filter(({ length }) => length < 2_048);
    const steps = fc.array(step, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...small), steps, steps, async (bytes, first, second) => {
        const [a, b] = [mutate(bytes, first), mutate(bytes, second)];
        const there = await diff(a, b);
        expectTrue(a, b, there);
        expect(mirrored(await diff(b, a))).toEqual(comparable(there));
      }),
      { numRuns: 100 },
    );
  });
});

/** Any artifact of a few assets. */
const anyFile: fc.Arbitrary<LaidFile> = fc
  .record({
    assets: fc.uniqueArray(
      fc.record({
        id: fc.nat(6),
        name: fc.constantFrom('a', 'b', 'c'),
        bank_type: fc.constantFrom('"SOUNDS"', '"SCENE"'),
        decoded_size: fc.constantFrom('0', '7'),
        metadata: fc.constantFrom('{}', '{"m":1}', '{"m":{"n":[1]}}', '{"m":{"n":[2]},"o":null}'),
        bytes: fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.nat(40).map(zeros)),
      }),
      { selector: ({ id }) => id, maxLength: 6 },
    ),
    alignment: fc.constantFrom(1, 2, 16),
    slots: fc.array(fc.nat(15), { maxLength: 6 }),
  })
  .map(({ assets, alignment, slots }) => {
    const inOrder = assets.sort((a, b) => a.id - b.id);
    return {
      assets: inOrder,
      alignment,
      preload: inOrder.slice(0, slots.length).map(({ id }, i) => [id, slots[i] ?? 0]),
    };
  });

describe('any two files', () => {
  it('as a plain comparison says', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, anyFile, async (left, right) => {
        const [a, b] = [lay(left), lay(right)];
        const found = await diff(a, b);
        expectTrue(a, b, found);
        expect(foundSummary(found)).toEqual(summaryOf(a, b, plainly(a) as Plain, plainly(b) as Plain));
        expect(found.outside).toEqual(outsideOf(a, b));
      }),
      { numRuns: 150 },
    );
  });

  it('one byte apart', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, fc.nat(), fc.integer({ min: 1, max: 255 }), async (file, at, bits) => {
        const a = lay(file);
        const i = at % a.length;
        const b = patched(i, (a[i] as number) ^ bits)(a);
        const found = await diff(a, b);
        expect([found.identical, found.firstDifference]).toEqual([false, i]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('payloads of more than a block', () => {
  const BLOCK = 4_194_304;
  const sizes = [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 9_000_000];
  const sound = (bytes: Uint8Array, id = 1): LaidAsset => ({ id, name: 'n', bytes });

  it.each(sizes)('%i bytes, with other bytes around every edge of a block', async (size) => {
    const bytes = noise(size);
    const a = lay({ assets: [sound(bytes), sound(counting(9), 2)] });
    const start = a.length - 9 - size;
    const edges = [BLOCK, 2 * BLOCK].flatMap((edge) => [edge - start - 1, edge - start, edge - 1, edge]);
    for (const at of [0, ...edges, size - 1].filter((each) => each < size)) {
      const b = lay({ assets: [sound(patched(at, (bytes[at] as number) ^ 1)(bytes)), sound(counting(9), 2)] });
      const { changed, firstDifference } = await diff(a, b);
      expect(changed).toMatchObject([{ payload: { first: at, count: 1 } }]);
      expect(firstDifference).toBe(start + at);
    }
  });

  it('that lie at other places of the two files', async () => {
    const bytes = noise(9_500_000);
    const a = lay({ assets: [sound(bytes)] });
    const b = lay({ assets: [sound(counting(777), 0), sound(bytes)], alignment: 4 });
    const { changed, added } = await diff(a, b);
    expect([changed, added.length]).toEqual([[], 1]);
  });

  it('of different length', async () => {
    const bytes = noise(9_500_000);
    const { changed } = await diff(
      lay({ assets: [sound(bytes)] }),
      lay({ assets: [sound(bytes.subarray(0, 5_200_000))] }),
    );
    expect(changed).toMatchObject([{ payload: { first: 5_200_000, count: 4_300_000 } }]);
  });
});

describe('the work', () => {
  const OVERHEAD = 6 * 1_048_576;

  /** Compares two files; says how much was read of them, in bytes. */
  async function readFor(a: Uint8Array, b: Uint8Array): Promise<number> {
    const memory = new MemoryFiles({ a, b });
    await diffArtifacts('a', 'b', { fs: memory.fileSystem() });
    expect(memory.open).toBe(0);
    expect(memory.mostAsked).toBeLessThanOrEqual(Math.max(1_048_576, a.length, b.length));
    return memory.bytesRead;
  }

  /** 2,000 entries over a region of 4,000,000 bytes. */
  const region = noise(4_000_000);
  function many(offset: (i: number) => number, size: number): Uint8Array {
    const entries = Array.from({ length: 2_000 }, (_, i) =>
      entry({ asset_id: `${i}`, offset: `${offset(i)}`, size: `${size}`, decoded_size: `${size}` }),
    );
    return artifact({ header: header(entries), region });
  }

  it.each<[string, Uint8Array]>([
    ['slices in order', many((i) => i * 2_000, 2_000)],
    ['slices that all are the whole region', many(() => 0, 4_000_000)],
    ['slices that overlap by half', many((i) => i * 2_000, 4_000)],
    ['slices in the other direction', many((i) => (1_999 - i) * 2_000, 2_000)],
    ['slices here and there', many((i) => ((i * 777) % 2_000) * 2_000, 2_000)],
    ['slices after the end of the file', many((i) => 4_000_000 + i, 1)],
    ['empty slices', many((i) => i * 2_000, 0)],
  ])('%s: no file is read more than a few times', async (_, broken) => {
    const right = many((i) => i * 2_000, 2_000);
    expect(await readFor(right, broken)).toBeLessThan(4 * (right.length + broken.length) + OVERHEAD);
    expect(await readFor(broken, right)).toBeLessThan(4 * (right.length + broken.length) + OVERHEAD);
  });

  it('tells what was compared, up to the smaller file', async () => {
    let bytes = 0;
    const a = lay({ assets: [{ id: 1, name: 'n', bytes: noise(3_000_000) }] });
    await diff(a, a, { onBytes: (length) => (bytes += length) });
    expect(bytes).toBe(a.length);
  });
});

describe('what goes wrong', () => {
  const big = lay({ assets: [{ id: 1, name: 'n', bytes: noise(5_000_000) }] });

  it('can be interrupted', async () => {
    const stop = new AbortController();
    const work = diff(big, big, { signal: stop.signal, onBytes: () => stop.abort('SIGINT') });
    expect(await codeOf(work)).toBe('INTERRUPTED');
    expect(await codeOf(diff(big, big, { signal: AbortSignal.abort() }))).toBe('INTERRUPTED');
  });

  it.each(['a', 'b'])('a file that cannot be read is named: %s', async (name) => {
    const memory = new MemoryFiles({ a: big, b: big });
    const inner = memory.fileSystem();
    const fs = {
      ...inner,
      open: async (path: string, flags: number) => {
        const file = await inner.open(path, flags);
        if (path !== name) return file;
        const read: typeof file.read = async (buffer, offset, length, position) => {
          if ((position ?? 0) > 2_000_000) throw systemError('EIO', 'i/o error');
          return file.read(buffer, offset, length, position);
        };
        return { ...file, read };
      },
    };
    const error = await failureOfPack(diffArtifacts('a', 'b', { fs }));
    expect(error.diagnostics).toMatchObject([
      { code: 'INPUT_READ', where: { path: name }, details: { system: 'EIO' } },
    ]);
    expect(memory.open).toBe(0);
  });

  it.each([
    ['the first', 'none', 'a'],
    ['the second', 'a', 'none'],
  ])('%s is not there', async (_, pathA, pathB) => {
    const memory = new MemoryFiles({ a: base });
    const error = await failureOfPack(diffArtifacts(pathA, pathB, { fs: memory.fileSystem() }));
    expect(error).toBeInstanceOf(AssetsPaError);
    expect(error.diagnostics).toMatchObject([{ code: 'INPUT_READ', where: { path: 'none' } }]);
    expect(memory.open).toBe(0);
  });
});

describe('values of metadata', () => {
  it.each<[string, unknown, unknown, [string, unknown, unknown][]]>([
    ['equal', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['equal in another order', { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }, []],
    ['one value', { a: 1 }, { a: 2 }, [['/a', 1, 2]]],
    ['an inner value', { a: { b: { c: 1 } } }, { a: { b: { c: '1' } } }, [['/a/b/c', 1, '1']]],
    [
      'several',
      { a: 1, b: { c: 1 } },
      { a: 2, b: { c: 2 } },
      [
        ['/a', 1, 2],
        ['/b/c', 1, 2],
      ],
    ],
    ['one more', { a: 1 }, { a: 1, b: null }, [['/b', undefined, null]]],
    ['one less', { a: 1, b: {} }, { a: 1 }, [['/b', {}, undefined]]],
    ['null and nothing', { a: null }, {}, [['/a', null, undefined]]],
    ['an object and an array', { a: {} }, { a: [] }, [['/a', {}, []]]],
    ['an array of another length', { a: [1] }, { a: [1, 2] }, [['/a', [1], [1, 2]]]],
    ['false and 0', { a: false }, { a: 0 }, [['/a', false, 0]]],
    ['names with marks of pointers', { 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }, [['/a~1b/~0', 1, 2]]],
    ['__proto__', JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"__proto__":{"x":2}}'), [['/__proto__/x', 1, 2]]],
    ['__proto__ in one of them', JSON.parse('{"__proto__":1}'), {}, [['/__proto__', 1, undefined]]],
    ['what every object inherits', {}, JSON.parse('{"constructor":1}'), [['/constructor', undefined, 1]]],
  ])('%s', (_, a, b, expected) => {
    const found = [...valueDifferences(a, b)].map((each) => [each.name, each.a, each.b]);
    expect(found).toEqual(expected);
  });
});

it('a file is not changed by being compared', async () => {
  const copy = Uint8Array.from(base);
  await diff(base, fileOf('a name'));
  expectSameBytes(base, copy);
});
