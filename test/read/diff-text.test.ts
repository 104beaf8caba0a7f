/** The text of `diff` for every two of the prepared files: it names what a plain reading of both finds different, and nothing else. */
import { expect, it } from 'vitest';
import { type OpenArtifact, withArtifact } from '../../src/read/artifact.js';
import { diffOpen } from '../../src/read/diff.js';
import { diffText } from '../../src/report/diff.js';
import { diffReport } from '../../src/report/objects.js';
import { firstDifferenceOf, lay, PREPARED } from '../support/artifacts.js';
import { MemoryFiles } from '../support/memory-files.js';

const names = Object.keys(PREPARED);
const laid = Object.fromEntries(names.map((name) => [name, lay(PREPARED[name] as (typeof PREPARED)[string])]));
const fs = new MemoryFiles(laid).fileSystem();

/** Its header can be read, but says more than entries. */
const SAYS_MORE = 'a member that the format does not have';

/** An entry of the asset table, by `JSON.parse`. */
interface Entry {
  readonly asset_id: number;
  readonly asset_name: string;
  readonly bank_type: string;
  readonly offset: number;
  readonly size: number;
  readonly [member: string]: unknown;
}

/** A file, read without anything of `src`. */
interface Plain {
  readonly bytes: Buffer;
  /** Fields of the prelude, as text; none when it is not all there. */
  readonly prelude: ReadonlyMap<string, string>;
  /** Where prelude and header end, as far as they are all there. */
  readonly front: number;
  readonly payloadOffset: number;
  /** Nothing when the header cannot be read. */
  readonly entries: ReadonlyMap<number, Entry> | undefined;
  readonly hasUnreadEntry: boolean;
  readonly slots: ReadonlyMap<number, number>;
}

function plainly(name: string): Plain {
  const bytes = Buffer.from(laid[name] as Uint8Array);
  const nothing = { bytes, payloadOffset: Number.NaN, entries: undefined, hasUnreadEntry: false, slots: new Map() };
  if (bytes.length < 32) return { ...nothing, prelude: new Map(), front: bytes.length };
  const magic = bytes.toString('latin1', 0, 4);
  const payloadOffset = bytes.readBigUInt64LE(12);
  const prelude = new Map<string, string>([
    ['magic', JSON.stringify(magic === 'ASPA' ? magic : bytes.toString('hex', 0, 4))],
    ['schema_version', `${bytes.readUInt32LE(4)}`],
    ['header_len', `${bytes.readUInt32LE(8)}`],
    ['payload_offset', payloadOffset > Number.MAX_SAFE_INTEGER ? `"${payloadOffset}"` : `${payloadOffset}`],
    ['flags', `${bytes.readUInt32LE(20)}`],
    ['reserved', `${bytes.readUInt32LE(24)}`],
    ['header_checksum', `${bytes.readUInt32LE(28)}`],
  ]);
  const front = 32 + bytes.readUInt32LE(8);
  const isOurs = magic === 'ASPA' && bytes.readUInt32LE(4) === 1;
  if (!isOurs || front > bytes.length) return { ...nothing, prelude, front: 32 };
  try {
    const said = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(32, front))) as {
      readonly asset_table: readonly Entry[];
      readonly preload: readonly { readonly asset_id: number; readonly slot: number }[];
    };
    const read = said.asset_table.filter(({ asset_id: id }) => typeof id === 'number');
    return {
      bytes,
      prelude,
      front,
      payloadOffset: Number(payloadOffset),
      entries: new Map(read.map((entry) => [entry.asset_id, entry])),
      hasUnreadEntry: read.length < said.asset_table.length,
      slots: new Map(said.preload.map(({ asset_id: id, slot }) => [id, slot])),
    };
  } catch {
    return { ...nothing, prelude, front };
  }
}

const plain = new Map(names.map((name) => [name, plainly(name)]));

/** Why the payload of an entry cannot be compared. */
function obstacle({ bytes, front, payloadOffset, entries }: Plain, { asset_id: id, offset, size }: Entry) {
  const end = payloadOffset + offset + size;
  if (payloadOffset < front || end > bytes.length) return 'is not inside a payload region';
  const overlaps = (each: Entry) =>
    each.asset_id !== id && each.offset <= offset && offset < each.offset + each.size && size > 0;
  return [...(entries?.values() ?? [])].some(overlaps) ? 'overlaps another one' : undefined;
}

function payloadOf({ bytes, payloadOffset }: Plain, { offset, size }: Entry): Buffer {
  return bytes.subarray(payloadOffset + offset, payloadOffset + offset + size);
}

/** Values by name: each innermost one of objects. */
function* membersOf(value: object, path = ''): Generator<[name: string, text: string]> {
  for (const [name, each] of Object.entries(value)) {
    const isInner = typeof each === 'object' && each !== null && !Array.isArray(each) && Object.keys(each).length > 0;
    if (isInner) yield* membersOf(each, `${path}${name}/`);
    else yield [`${path}${name}`, JSON.stringify(each)];
  }
}

/** A line for each name whose values differ. */
function changes(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  const all = new Set([...a.keys(), ...b.keys()]);
  const differing = [...all].filter((name) => a.get(name) !== b.get(name));
  return differing.map((name) => `${name}  ${a.get(name) ?? 'nothing'} -> ${b.get(name) ?? 'nothing'}`);
}

const counted = (count: number) => `${count.toLocaleString('en-US')} byte${count === 1 ? '' : 's'}`;

function entryLine(entry: Entry): string {
  const size =
    entry.size < 1_024 ? counted(entry.size) : `${(entry.size / 1_024).toFixed(1)} KiB (${counted(entry.size)})`;
  return `asset ${entry.asset_id} "${entry.asset_name}", ${entry.bank_type}, ${size}`;
}

/** First byte and number of those that differ. */
function bytesApart(a: Uint8Array, b: Uint8Array): { first: number; count: number } | undefined {
  const first = firstDifferenceOf(a, b);
  if (first === undefined) return undefined;
  let count = 0;
  for (let i = first; i < Math.max(a.length, b.length); i += 1) if (a[i] !== b[i]) count += 1;
  return { first, count };
}

/** What is to be said of an asset that both files have, and whether its payloads were compared. */
function pairLines(a: Plain, b: Plain, left: Entry, right: Entry): { lines: string[]; isCompared: boolean } {
  const id = left.asset_id;
  const inA = obstacle(a, left);
  const inB = obstacle(b, right);
  const reason = inA === undefined ? inB && `${inB} in b` : `${inA} in a`;
  const apart = reason === undefined ? bytesApart(payloadOf(a, left), payloadOf(b, right)) : undefined;
  const members = changes(new Map(membersOf(left)), new Map(membersOf(right)));
  const place = (file: Plain, { offset }: Entry) => file.payloadOffset + offset + (apart?.first ?? 0);
  if (apart !== undefined) {
    const places = `file bytes ${place(a, left)} and ${place(b, right)}`;
    members.push(`payload  first difference at its byte ${apart.first} (${places}), ${counted(apart.count)} in all`);
  }
  const isMoved = members.length === 1 && members[0]?.startsWith('offset  ');
  const title = (entry: Entry) => `asset ${id} "${entry.asset_name}"`;
  return {
    lines: [
      ...(reason === undefined ? [] : [`not compared: asset ${id}: the payload ${reason}`]),
      ...members.map((each) =>
        isMoved ? `moved, not changed: ${title(left)}  ${each}` : `changed: ${title(right)}: ${each}`,
      ),
    ],
    isCompared: reason === undefined,
  };
}

/** An asset that one file alone has; where an entry of the other cannot be read, it may be that one. */
function lonelyLine(entry: Entry, side: 'a' | 'b', hasUnreadEntry: boolean): string {
  const other = side === 'a' ? 'b' : 'a';
  if (hasUnreadEntry)
    return `not compared: asset ${entry.asset_id}: it may be the entry that cannot be read in ${other}`;
  return side === 'a' ? `removed: - ${entryLine(entry)}` : `added: + ${entryLine(entry)}`;
}

function slotLines(a: Plain['slots'], b: Plain['slots']): string[] {
  const ids = [...new Set([...a.keys(), ...b.keys()])].filter((id) => a.get(id) !== b.get(id));
  return ids.map((id) => {
    const [from, to] = [a.get(id), b.get(id)];
    if (to === undefined) return `preload: - asset ${id}, slot ${from}`;
    return from === undefined ? `preload: + asset ${id}, slot ${to}` : `preload: asset ${id}  slot  ${from} -> ${to}`;
  });
}

/** What lies outside of the payloads that were compared, behind equal fronts. */
function outsideLines(a: Plain, b: Plain, compared: readonly Entry[]): string[] {
  const front = Math.max(a.front, b.front);
  if (bytesApart(a.bytes.subarray(0, front), b.bytes.subarray(0, front)) !== undefined) return [];
  const [left, right] = [a, b].map(({ bytes, payloadOffset }) => {
    const rest = Array.from(bytes);
    for (const { offset, size } of compared) rest.fill(0, payloadOffset + offset, payloadOffset + offset + size);
    return Uint8Array.from(rest);
  }) as [Uint8Array, Uint8Array];
  const apart = bytesApart(left, right);
  if (apart === undefined) return [];
  return [`outside the payloads: first difference at byte ${apart.first}, ${counted(apart.count)} in all`];
}

/** Every line that the text has to have, each behind its section and asset; in no order. */
function expectedLines(nameA: string, nameB: string): string[] {
  const [a, b] = [plain.get(nameA), plain.get(nameB)] as [Plain, Plain];
  const lines = changes(a.prelude, b.prelude).map((each) => `prelude: ${each}`);
  for (const [side, { entries, hasUnreadEntry }] of [
    ['a', a],
    ['b', b],
  ] as const) {
    const what = entries === undefined ? 'the header' : 'an entry';
    if (entries === undefined || hasUnreadEntry) lines.push(`${what} of ${side} cannot be read, and is not compared`);
  }
  if (a.entries === undefined || b.entries === undefined) return [...lines, ...outsideLines(a, b, [])];
  const said: string[] = [];
  const compared: Entry[] = [];
  for (const left of a.entries.values()) {
    const right = b.entries.get(left.asset_id);
    if (right === undefined) {
      said.push(lonelyLine(left, 'a', b.hasUnreadEntry));
      continue;
    }
    const pair = pairLines(a, b, left, right);
    said.push(...pair.lines);
    if (pair.isCompared) compared.push(left);
  }
  const added = [...b.entries.values()].filter(({ asset_id: id }) => !a.entries?.has(id));
  said.push(...added.map((entry) => lonelyLine(entry, 'b', a.hasUnreadEntry)), ...slotLines(a.slots, b.slots));
  const headers = [a, b].map(({ bytes, front }) => bytes.subarray(32, front)) as [Buffer, Buffer];
  const apart = bytesApart(...headers);
  const isOnlyText = said.every((each) => each.startsWith('not compared: ') || each.includes(': payload  first'));
  const isPartial = a.hasUnreadEntry || b.hasUnreadEntry || [nameA, nameB].includes(SAYS_MORE);
  if (apart !== undefined && isOnlyText && !isPartial) {
    lines.push(`the headers say the same in other bytes, from byte ${32 + apart.first} on`);
  }
  return [...lines, ...said, ...outsideLines(a, b, compared)];
}

/** The summary, and every other line behind its section and asset. */
function linesIn(text: readonly string[]): { summary: string; lines: string[] } {
  const [head = '', ...sections] = text.join('\n').split('\n\n');
  const lines = sections.flatMap((section) => {
    const [title = '', ...rest] = section.split('\n');
    if (rest.length === 0) return [title];
    let asset = '';
    return rest.flatMap((line) => {
      if (line.startsWith('    ')) return [`${title}: ${asset}: ${line.trim()}`];
      asset = line.trim();
      return title === 'changed' ? [] : [`${title}: ${asset}`];
    });
  });
  return { summary: head.split('\n')[2] ?? '', lines };
}

async function textOf(a: OpenArtifact, b: OpenArtifact): Promise<string[]> {
  const difference = await diffOpen(a, b, {});
  const report = diffReport(a, b, difference);
  return [...diffText(report, difference, { pairs: [], omitted: 0 }, (_style, text) => text)];
}

it.each(names)('%s and every other', async (name) => {
  for (const other of names.filter((each) => each !== name)) {
    const text = await withArtifact(name, fs, (a) => withArtifact(other, fs, (b) => textOf(a, b)));
    const { summary, lines } = linesIn(text);
    const expected = expectedLines(name, other);
    expect(lines.sort(), `${name} and ${other}`).toEqual(expected.sort());
    expect(lines.length, `${name} and ${other}`).toBeGreaterThan(0);
    const first = firstDifferenceOf(laid[name] as Uint8Array, laid[other] as Uint8Array);
    expect(summary).toMatch(new RegExp(`^different: .*; first difference at byte ${first}$`));
    for (const kind of ['removed', 'added', 'changed', 'moved', 'preload']) {
      const named = new Set(expected.filter((line) => line.startsWith(kind)).map((line) => line.split(': ')[1]));
      const count = Number(new RegExp(`(\\d+) ${kind}`).exec(summary)?.[1] ?? 0);
      expect(count, `${name} and ${other}: ${summary}`).toBe(named.size);
    }
  }
});
