/** `assets-pa diff`, run as a user runs it: what it says of each kind of change, where it points, how it ends. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { counting } from '../../spec-vectors/compose.ts';
import { nodeFileSystem } from '../../src/host/fs.js';
import { withArtifact } from '../../src/read/artifact.js';
import { diffOpen } from '../../src/read/diff.js';
import { Listing } from '../../src/read/listing.js';
import { diffText } from '../../src/report/diff.js';
import { diffReport } from '../../src/report/objects.js';
import { BASE, firstDifferenceOf, type LaidAsset, lay, PREPARED, patched } from '../support/artifacts.js';
import { temporaryFolders } from '../support/packing.js';
import { codesIn, expectNoTrace, type Run, run, runJson } from '../support/plan-cli.js';
import { snapshot } from '../support/plan-folders.js';

const newFolder = temporaryFolders();
const names = Object.keys(PREPARED);
const files = new Map(Object.entries(PREPARED).map(([name, file]) => [name, lay(file)]));
const base = files.get('base') ?? new Uint8Array();

let cwd = '';
beforeAll(() => {
  cwd = newFolder();
  for (const [name, bytes] of files) writeFileSync(join(cwd, name), bytes);
  mkdirSync(join(cwd, 'folder'));
  execFileSync('mkfifo', [join(cwd, 'fifo')]);
});

/** Compares two files of bytes in a folder of their own. */
async function diffOf(a: Uint8Array, b: Uint8Array, ...options: string[]): Promise<Run> {
  const folder = newFolder();
  writeFileSync(join(folder, 'a'), a);
  writeFileSync(join(folder, 'b'), b);
  const result = await run(['diff', 'a', 'b', ...options], { cwd: folder });
  expectNoTrace(result);
  return result;
}

/** A row of annotated bytes, as text shows it. */
interface Row {
  readonly side: string;
  readonly offset: number;
  readonly bytes: number[];
  readonly label: string;
}

function rowsIn(stdout: string): Row[] {
  const row = /^([ab]) {2}([0-9a-f]{8,}) {2}((?:[0-9a-f]{2} )*[0-9a-f]{2}) *( .*)?$/gm;
  return [...stdout.matchAll(row)].map(([, side = '', offset = '', hex = '', rest = '']) => {
    const bytes = hex.trim().split(' ');
    return {
      side,
      offset: Number.parseInt(offset, 16),
      bytes: bytes.map((each) => Number.parseInt(each, 16)),
      label: rest,
    };
  });
}

/** Holds every row against the file that it is of, and expects a mark at a byte of that file, on the row that holds it. */
function expectMarked(stdout: string, side: 'a' | 'b', bytes: Uint8Array, at: number): void {
  const rows = rowsIn(stdout).filter((row) => row.side === side);
  for (const row of rows) {
    expect(row.bytes).toEqual([...bytes.subarray(row.offset, row.offset + row.bytes.length)]);
  }
  const marked = rows.filter(({ label }) => label.endsWith(`<- byte ${at}`) || label.includes(`<- byte ${at} [`));
  expect(marked.length).toBeGreaterThan(0);
  for (const { offset, bytes: found } of marked) {
    expect(at).toBeGreaterThanOrEqual(offset);
    expect(at).toBeLessThan(offset + found.length);
    expect(found[at - offset]).toBe(bytes[at]);
  }
}

function isByteApart(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.filter((byte, i) => byte !== b[i]).length === 1;
}

/** What the text says of the base and another file, beside the place of the first difference. */
const SAYS: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'a name': ['1 changed', 'asset 7 "beeq"', 'asset_name  "beep" -> "beeq"'],
  'a longer name': ['1 changed', 'asset_name  "beep" -> "beep, but longer"', 'header_len  803 -> 815'],
  'a value of metadata': ['asset 3 "intro"', 'metadata/loop  true -> null'],
  'a value deep in metadata': ['asset 3 "intro"', 'metadata/deep/x  1 -> 2'],
  'an element in metadata': ['metadata/deep/list  [1,2,3] -> [1,2,4]'],
  'a member more in metadata': ['metadata/more  nothing -> "x"'],
  'a member of another type in metadata': ['metadata/loop  true -> []'],
  decoded_size: ['asset 7 "beep"', 'decoded_size  41 -> 42'],
  bank_type: ['asset 20 "outro"', 'bank_type  "SCENE" -> "SOUNDS"'],
  codec: ['asset 7 "beep"', 'codec  "NONE" -> "RAW"'],
  'an unknown bank_type': ['bank_type  "SCENE" -> "TILES"'],
  'the first byte of a payload': ['asset 7 "beep"', 'its byte 0 (file bytes 844 and 844), 1 byte in all'],
  'a byte in the middle of a payload': ['asset 7 "beep"', 'its byte 20 (file bytes 864 and 864), 1 byte in all'],
  'the last byte of a payload': ['asset 7 "beep"', 'its byte 40 (file bytes 884 and 884), 1 byte in all'],
  'a byte of the index plane': ['asset 9 "tiles"', 'its byte 31', 'index plane'],
  'a byte of a palette': ['asset 9 "tiles"', 'its byte 193', 'palette 5'],
  'the very last byte': ['asset 20 "outro"', 'its byte 16 (file bytes 2984 and 2984), 1 byte in all'],
  'a longer payload': [
    'size  41 -> 46',
    'its byte 41',
    '5 bytes in all',
    '3 moved',
    'asset 9 "tiles"  offset  52 -> 56',
  ],
  'a shorter payload': ['size  41 -> 30', 'its byte 30', '11 bytes in all', '3 moved'],
  'an empty payload': ['size  41 -> 0', 'its byte 0 (file bytes 844 and 840), 41 bytes in all'],
  'an asset more at the front': ['1 added', '5 moved', '+ asset 1 "new 1", SOUNDS, 6 bytes'],
  'an asset more in the middle': ['1 added', '3 moved', '+ asset 8 "new 8", SOUNDS, 6 bytes'],
  'an asset more at the end': ['1 added', '+ asset 21 "new 21", SOUNDS, 6 bytes'],
  'an empty asset more': ['1 added', '+ asset 13 "hush", SOUNDS, 0 bytes'],
  'an asset less': ['1 removed', '- asset 9 "tiles", GLYPH, 2.0 KiB (2,080 bytes)'],
  'an id': ['1 removed, 1 added', '- asset 20 "outro"', '+ asset 19 "outro"'],
  'no asset': ['5 removed', '2 preload changes', '- asset 3, slot 2', '- asset 7, slot 0'],
  'a slot': ['1 preload change', 'asset 7  slot  0 -> 1'],
  'a slot more': ['1 preload change', '+ asset 20, slot 3'],
  'a slot less': ['1 preload change', '- asset 7, slot 0'],
  'alignment 1': ['4 moved: only the layout differs', 'asset 7 "beep"  offset  8 -> 5'],
  'alignment 16': ['4 moved: only the layout differs', 'asset 7 "beep"  offset  8 -> 16'],
  'alignment 4096': ['4 moved: only the layout differs', 'payload_offset  836 -> 4096'],
  'a padding byte before the payloads': ['outside the payloads: first difference at byte 835, 1 byte in all'],
  'a padding byte between payloads': ['outside the payloads: first difference at byte 887, 1 byte in all'],
  'a trailing byte': ['outside the payloads: first difference at byte 2985, 1 byte in all', 'a  has no such byte'],
  flags: [/^ {2}flags {2}0 -> 1$/m],
  reserved: [/^ {2}reserved {2}0 -> 16777216$/m],
  header_checksum: [/^ {2}header_checksum {2}0 -> 4294967295$/m],
  schema_version: [/^ {2}schema_version {2}1 -> 2$/m, 'the header of b cannot be read'],
  'the magic': ['magic  "ASPA" -> "504b5041"', 'the header of b cannot be read'],
  'white space in the header': ['the headers say the same in other bytes, from byte 238 on'],
  'an escaped letter': ['the headers say the same in other bytes, from byte 240 on'],
  'members out of order': ['metadata/a  nothing -> 1'],
  'members in another order': ['the headers say the same in other bytes, from byte 148 on'],
  'entries in another order': ['the headers say the same in other bytes, from byte 60 on'],
  'a member that the format does not have': ['header_len  803 -> 817'],
  'an entry of another shape': ['an entry of b cannot be read, and is not compared'],
  'a header that is no JSON': ['the header of b cannot be read, and is not compared'],
  'a header that is no UTF-8': ['the header of b cannot be read, and is not compared'],
  'cut off in a payload': ['asset 20: the payload is not inside a payload region in b', 'b  has no such byte'],
  'cut off before the payloads': ['asset 9: the payload is not inside a payload region in b', '2,150 bytes in all'],
  'cut off in the header': ['the header of b cannot be read, and is not compared'],
  'five bytes': ['5 bytes', 'the header of b cannot be read', 'b  has no such byte'],
  nothing: ['0 bytes', 'the header of b cannot be read', 'b  has no such byte'],
  'payload_offset after the file': ['18446744073709551615', 'asset 3: the payload is not inside a payload region in b'],
  'payload_offset in the header': [
    'payload_offset  836 -> 40',
    'asset 3: the payload is not inside a payload region in b',
  ],
  'payload_offset one too high': ['payload_offset  836 -> 837', 'file bytes 844 and 845'],
  'a slice outside the file': ['size  17 -> 18', 'asset 20: the payload is not inside a payload region in b'],
  'slices that overlap': ['offset  8 -> 4', 'asset 7: the payload overlaps another one in b'],
};

const others = names.filter((name) => name !== 'base');

describe.concurrent('the base and a file one change apart', () => {
  it('every prepared file has its row', () => {
    expect(Object.keys(SAYS).sort()).toEqual([...others].sort());
  });

  it.each(others)('%s', async (name) => {
    const result = await run(['diff', 'base', name], { cwd });
    expectNoTrace(result);
    expect(result.code).toBe(1);
    const other = files.get(name) as Uint8Array;
    const first = firstDifferenceOf(base, other);
    for (const text of [...(SAYS[name] ?? []), new RegExp(`^different: .*; first difference at byte ${first}$`, 'm')]) {
      if (typeof text === 'string') expect(result.stdout).toContain(text);
      else expect(result.stdout).toMatch(text);
    }
    if (isByteApart(base, other)) {
      expectMarked(result.stdout, 'a', base, first as number);
      expectMarked(result.stdout, 'b', other, first as number);
    }
  });

  it('many of them are one byte apart', () => {
    expect(others.filter((name) => isByteApart(base, files.get(name) as Uint8Array)).length).toBeGreaterThan(12);
  });

  /** One of each kind is enough for what all of them share: `test/read/diff.test.ts` compares every file with every other. */
  const SOME = [
    'a name',
    'a trailing byte',
    'flags',
    'a header that is no JSON',
    'slices that overlap',
    'five bytes',
    'nothing',
  ];

  it.each(['base', ...SOME])('%s is equal to itself', async (name) => {
    const result = await run(['diff', name, name], { cwd });
    expectNoTrace(result);
    expect([result.code, result.stdout.split('\n')[2]]).toEqual([0, 'identical']);
  });

  it.each([
    ...SOME,
    'the magic',
    'payload_offset after the file',
    'an asset less',
    'a slot',
    'alignment 4096',
    'an escaped letter',
    'cut off in the header',
  ])('%s, as a document', async (name) => {
    const { code, document } = await runJson(['diff', 'base', name, '--hex'], { cwd });
    expect(code).toBe(1);
    const other = files.get(name) as Uint8Array;
    expect(document).toMatchObject({
      a: { path: 'base', file_size: base.length },
      b: { path: name, file_size: other.length },
      identical: false,
      first_difference: firstDifferenceOf(base, other),
    });
    expect(document['hex'][0].title).toBe('first difference');
    for (const { where } of document.diagnostics) expect(where.path).toBe(name);
  });
});

describe.concurrent('vectors that are one byte apart', () => {
  const folder = join(import.meta.dirname, '../../spec-vectors');
  const { vectors } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    readonly vectors: readonly { readonly id: string; readonly file: string; readonly size: number }[];
  };
  const small = vectors
    .filter(({ size }) => size < 4_096)
    .map(({ id, file }) => ({ id, file, bytes: readFileSync(join(folder, file)) }));
  const pairs = small.flatMap((a, i) =>
    small.slice(i + 1).flatMap((b) => (isByteApart(a.bytes, b.bytes) ? [[a.id, b.id, a, b] as const] : [])),
  );

  it('are not few', () => {
    expect(pairs.length).toBeGreaterThan(90);
  });

  it.each(pairs)('%s and %s', async (_, __, a, b) => {
    const at = firstDifferenceOf(a.bytes, b.bytes) as number;
    const [left, right] = [join(folder, a.file), join(folder, b.file)];
    const lines = await withArtifact(left, nodeFileSystem, (one) =>
      withArtifact(right, nodeFileSystem, async (other) => {
        const difference = await diffOpen(one, other, {});
        expect(difference.firstDifference).toBe(at);
        const [hexA, hexB] = [await (await Listing.open(one)).around(at), await (await Listing.open(other)).around(at)];
        const report = diffReport(one, other, difference);
        return [
          ...diffText(
            report,
            difference,
            { pairs: [{ title: 'here', a: hexA, b: hexB }], omitted: 0 },
            (_style, text) => text,
          ),
        ];
      }),
    );
    expectMarked(lines.join('\n'), 'a', a.bytes, at);
    expectMarked(lines.join('\n'), 'b', b.bytes, at);
  });

  it.each(pairs.filter((_pair, i) => i % 10 === 0))('%s and %s, on the command line', async (_, __, a, b) => {
    const result = await run(['diff', a.file, b.file], { cwd: folder });
    expectNoTrace(result);
    const at = firstDifferenceOf(a.bytes, b.bytes) as number;
    expect(result.code).toBe(1);
    expectMarked(result.stdout, 'a', a.bytes, at);
    expectMarked(result.stdout, 'b', b.bytes, at);
  });
});

describe.concurrent('how it ends', () => {
  it.each<[string, string[], number, RegExp]>([
    ['equal', ['base', 'base'], 0, /^$/],
    ['different', ['base', 'a name'], 1, /^$/],
    ['different and broken', ['base', 'flags'], 1, /^error\[E4\] PRELUDE_FLAGS flags \(byte 20\): /],
    ['the first is not there', ['nowhere', 'base'], 3, /^error INPUT_READ nowhere: /],
    ['the second is not there', ['base', 'nowhere'], 3, /^error INPUT_READ nowhere: /],
    ['a folder', ['base', 'folder'], 3, /^error INPUT_READ folder: /],
    ['a FIFO', ['fifo', 'base'], 3, /^error INPUT_READ fifo: /],
    ['one operand', ['base'], 2, /missing required argument 'b'/],
    ['three operands', ['base', 'base', 'base'], 2, /too many arguments/],
    ['an option that it does not have', ['base', 'base', '--hx'], 2, /Did you mean --hex\?/],
    ['standard input twice', ['-', '-'], 2, /^error: standard input can be read only once\n$/],
  ])('%s', async (_, operands, code, stderr) => {
    const result = await run(['diff', ...operands], { cwd });
    expectNoTrace(result);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(stderr);
    if (code > 1) expect(result.stdout).toBe('');
  });

  it.each([
    ['the first', ['-', 'a name'], 'base'],
    ['the second', ['base', '-'], 'a name'],
  ])('standard input is %s', async (_, operands, stdin) => {
    const result = await run(['diff', ...operands], { cwd, stdin: files.get(stdin) ?? '' });
    expect([result.code, result.stderr]).toEqual([1, '']);
    expect(result.stdout).toContain('asset_name  "beep" -> "beeq"');
    const equal = await run(['diff', ...operands], {
      cwd,
      stdin: files.get(stdin === 'base' ? 'a name' : 'base') ?? '',
    });
    expect(equal.code).toBe(0);
  });

  it('standard input is empty', async () => {
    const result = await run(['diff', 'base', '-'], { cwd });
    expectNoTrace(result);
    expect([result.code, codesIn(result.stderr)]).toEqual([1, ['PRELUDE_TRUNCATED']]);
  });

  it.each([
    ['base', 'base', 0],
    ['base', 'a name', 1],
    ['base', 'flags', 1],
  ])('--quiet: %s and %s', async (a, b, code) => {
    const result = await run(['diff', a, b, '--quiet'], { cwd });
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr === '').toBe(b !== 'flags');
  });

  it('--json of a file that is not there', async () => {
    const { code, document } = await runJson(['diff', 'base', 'nowhere'], { cwd });
    expect([code, document.diagnostics.map((each) => each.code)]).toEqual([3, ['INPUT_READ']]);
  });

  it('equal, as a document', async () => {
    const { code, document } = await runJson(['diff', 'base', 'base'], { cwd });
    expect(code).toBe(0);
    expect(document).toMatchObject({ identical: true, layout_only: true, unread: [], prelude: [] });
    expect(document).not.toHaveProperty('first_difference');
    expect(document).not.toHaveProperty('hex');
  });

  it('a document of what cannot be compared does not say that only the layout differs', async () => {
    const { document } = await runJson(['diff', 'base', 'a header that is no JSON'], { cwd });
    expect(document['layout_only']).toBe(false);
  });

  it('nothing is written', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a'), base);
    writeFileSync(join(folder, 'b'), files.get('a name') ?? '');
    const before = snapshot(folder);
    await run(['diff', 'a', 'b', '--hex'], { cwd: folder });
    expect(snapshot(folder)).toEqual(before);
  });
});

describe.concurrent('--hex', () => {
  it.each<[string, string[]]>([
    [
      'a longer payload',
      [
        'first difference',
        'decoded_size of asset 7',
        'size of asset 7',
        'payload of asset 7',
        'offset of asset 9',
        'offset of asset 20',
      ],
    ],
    ['alignment 16', ['first difference', 'payload_offset', 'offset of asset 7', 'offset of asset 20']],
    ['a name', ['first difference', 'asset_name of asset 7']],
    ['flags', ['first difference']],
    ['a trailing byte', ['first difference']],
  ])('%s: every place that differs', async (name, titles) => {
    const { stdout } = await run(['diff', 'base', name, '--hex'], { cwd });
    for (const title of titles) expect(stdout).toMatch(new RegExp(`^${title}$`, 'm'));
    const { document } = await runJson(['diff', 'base', name, '--hex'], { cwd });
    const found = (document['hex'] as { title: string }[]).map((each) => each.title);
    expect(found).toEqual(expect.arrayContaining(titles));
    expect(new Set(found).size).toBe(found.length);
  });

  it('the rows are those of the files', async () => {
    const name = 'a longer payload';
    const { stdout } = await run(['diff', 'base', name, '--hex'], { cwd });
    for (const { side, offset, bytes } of rowsIn(stdout)) {
      const file = side === 'a' ? base : (files.get(name) as Uint8Array);
      expect(bytes).toEqual([...file.subarray(offset, offset + bytes.length)]);
    }
  });

  it.each([
    ['an asset more in the middle', 'asset 8'],
    ['an asset less', 'asset 9'],
    ['a slot', 'asset 7'],
    ['a slot more', 'asset 20'],
  ])('%s: the entry of %s is one of the places', async (name, title) => {
    const { document } = await runJson(['diff', 'base', name, '--hex'], { cwd });
    const found = (document['hex'] as { title: string }[]).map((each) => each.title);
    expect(found.filter((each) => each.endsWith(title))).not.toEqual([]);
  });
});

describe.concurrent('many differences', () => {
  const assets = Array.from({ length: 250 }, (_, id): LaidAsset => ({ id, name: `n${id}`, bytes: counting(8, id) }));
  const flipped = assets.map(
    (each): LaidAsset => ({ ...each, bytes: patched(3, (each.bytes[3] ?? 0) ^ 0x80)(each.bytes) }),
  );

  it('the first 100 are listed, and it is said how many are not', async () => {
    const { stdout } = await diffOf(lay({ assets }), lay({ assets: flipped }));
    expect(stdout).toContain('250 changed');
    expect(stdout.match(/^ {2}asset \d+ /gm)).toHaveLength(100);
    expect(stdout).toContain('and 150 more; --json lists all');
  });

  it('--json lists all', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a'), lay({ assets }));
    writeFileSync(join(folder, 'b'), lay({ assets: flipped }));
    const { document } = await runJson(['diff', 'a', 'b'], { cwd: folder });
    expect(document['entries'].changed).toHaveLength(250);
  });

  it('--hex says that there are more places than it shows', async () => {
    const { stdout } = await diffOf(lay({ assets }), lay({ assets: flipped }), '--hex');
    const last = stdout.trimEnd().split('\n').at(-1);
    expect(last).toMatch(/\bmore\b/);
  });

  it('--hex never says of a byte that is there that it is not', async () => {
    const renamed = flipped.map((each) => (each.id < 200 ? each : { ...each, name: `m${each.id}` }));
    const { stdout } = await diffOf(lay({ assets }), lay({ assets: renamed }), '--hex');
    expect(stdout).not.toContain('has no such byte');
  });

  it('an asset with 1,000 changed values does not fill the screen', async () => {
    const metadata = (value: number) =>
      `{${Array.from({ length: 1_000 }, (_, i) => `"m${String(i).padStart(4, '0')}":${value}`).join(',')}}`;
    const one = (value: number): LaidAsset[] => [{ id: 1, name: 'n', metadata: metadata(value), bytes: counting(1) }];
    const { stdout } = await diffOf(lay({ assets: one(1) }), lay({ assets: one(2) }));
    expect(stdout.split('\n').length).toBeLessThan(200);
  });
});

describe.concurrent('long and hostile values', () => {
  const one = (members: Partial<LaidAsset>) => lay({ assets: [{ id: 1, name: 'n', bytes: counting(4), ...members }] });

  it.each<[string, Partial<LaidAsset>, Partial<LaidAsset>]>([
    ['names that differ at their ends', { name: `${'n'.repeat(200)}x` }, { name: `${'n'.repeat(200)}y` }],
    [
      'values that differ at their ends',
      { metadata: `{"m":"${'n'.repeat(200)}x"}` },
      { metadata: `{"m":"${'n'.repeat(200)}y"}` },
    ],
    [
      'arrays that differ at their ends',
      { metadata: `{"m":[${Array(200).fill(0)},1]}` },
      { metadata: `{"m":[${Array(200).fill(0)},2]}` },
    ],
  ])('%s: the difference can be seen', async (_, before, after) => {
    const { stdout } = await diffOf(one(before), one(after));
    const [, left, right] = /^ {4}\S+ {2}(.*) -> (.*)$/m.exec(stdout) ?? [];
    expect(left).toBeDefined();
    expect(left).not.toBe(right);
  });

  it('a name that would move the cursor', async () => {
    const { stdout, stderr } = await diffOf(
      one({ name: '\u202egpj' }),
      one({ name: '\u202egnp', metadata: '{"\\u001b[2J":1}' }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toContain('\\u202egpj');
  });

  it('a number that the header cannot hold is shown as it stands, not as something else', async () => {
    const { stdout } = await diffOf(one({ metadata: '{"m":1}' }), one({ metadata: '{"m":1.5}' }));
    expect(stdout).not.toMatch(/Symbol|\bnull\b/);
  });

  it('and a document does not leave it out', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a'), one({ metadata: '{"l":[1],"m":1}' }));
    writeFileSync(join(folder, 'b'), one({ metadata: '{"l":[1.5],"m":1.5}' }));
    const { document } = await runJson(['diff', 'a', 'b'], { cwd: folder });
    // Either the values are there, or it is said that they could not be read.
    if (document['unread'].length > 0) return;
    const [member] = document['entries'].changed[0].members;
    expect(Object.keys(member.b)).toEqual(['l', 'm']);
    expect(member.b.l).not.toEqual([null]);
  });
});

describe.concurrent('a summary says no more than is known', () => {
  it.each(['a header that is no JSON', 'cut off in a payload', 'payload_offset after the file', 'five bytes'])(
    '%s: not that no asset differs',
    async (name) => {
      const { stdout } = await run(['diff', 'base', name], { cwd });
      expect(stdout).not.toContain('no asset differs');
    },
  );

  it('of two broken files, what is wrong with each is told', async () => {
    const { stdout, stderr } = await run(['diff', 'payload_offset in the header', 'slices that overlap'], { cwd });
    expect(codesIn(stderr)).toEqual(['PAYLOAD_OFFSET', 'SLICE_LAYOUT']);
    expect(stdout).toContain('asset 3: the payload is not inside a payload region in a');
  });
});

it('two files of a terabyte that nobody could load are compared as far as they differ in their headers', async () => {
  const folder = newFolder();
  const { truncateSync } = await import('node:fs');
  for (const [name, file] of [
    ['a', BASE],
    ['b', PREPARED['a name'] ?? BASE],
  ] as const) {
    writeFileSync(join(folder, name), lay(file));
    truncateSync(join(folder, name), 2 ** 40);
  }
  const { code, stdout } = await run(['diff', 'a', 'b'], { cwd: folder });
  expect(code).toBe(1);
  expect(stdout).toContain('asset_name  "beep" -> "beeq"');
});
