/** `assets-pa inspect`, run as a user runs it: table, bar, choices, bytes, and files of any size and state. */
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifact, counting, entry, header, zeros } from '../../spec-vectors/compose.ts';
import { annotateBytes } from '../../src/read/annotate.js';
import { inspectText } from '../../src/report/inspect.js';
import { assetObject, bankTotals, preludeResult } from '../../src/report/objects.js';
import { GLYPH_METADATA, type LaidAsset, lay, PREPARED } from '../support/artifacts.js';
import { temporaryFolders } from '../support/packing.js';
import { codesIn, expectNoTrace, type ResultDocument, type Run, run, runJson } from '../support/plan-cli.js';

const newFolder = temporaryFolders();

let cwd = '';
const files = new Map(Object.entries(PREPARED).map(([name, file]) => [name, lay(file)]));
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'assets-pa-inspect-'));
  for (const [name, bytes] of files) writeFileSync(join(cwd, name), bytes);
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs `inspect` on bytes. */
async function inspect(bytes: Uint8Array, ...options: string[]): Promise<Run> {
  const folder = newFolder();
  writeFileSync(join(folder, 'x.pa'), bytes);
  const result = await run(['inspect', 'x.pa', ...options], { cwd: folder });
  expectNoTrace(result);
  return result;
}

/** The columns that a text takes on a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text) {
    if (/\p{M}|\p{Cf}/u.test(c)) continue;
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        c,
      )
        ? 2
        : 1;
  }
  return width;
}

const BANKS = /\b(GLYPH|SOUNDS|SCENE)\b/g;

/** The rows of the asset table: what stands before the bank, and the words behind it. */
function tableOf(stdout: string): { readonly head: string; readonly rows: readonly string[] } {
  const lines = stdout.split('\n');
  const at = lines.findIndex((line) => /^ *id {2,}name /.test(line));
  const below = at < 0 ? [] : lines.slice(at + 1);
  const end = below.findIndex((line) => !/^ *\d+ {2}/.test(line));
  return { head: lines[at] ?? '', rows: below.slice(0, end) };
}

function idsIn(stdout: string): number[] {
  return tableOf(stdout).rows.map((row) => Number(row.trim().split(' ')[0]));
}

/** Where the column of the bank begins, in a row. */
function bankAt(row: string): number {
  const last = [...row.matchAll(BANKS)].at(-1);
  return widthOf(row.slice(0, last?.index));
}

describe.concurrent('the table', () => {
  it('has what the header says', async () => {
    const { code, stdout, stderr } = await run(['inspect', 'base'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    const { head, rows } = tableOf(stdout);
    expect(head.trim().split(/ {2,}/)).toEqual(['id', 'name', 'bank', 'offset', 'size', 'share', 'decoded', 'slot']);
    expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['3', 'intro', 'SCENE', '0', '5', '0.2 %', '5', '2'],
      ['7', 'beep', 'SOUNDS', '8', '41', '1.4 %', '41', '0'],
      ['9', 'tiles', 'GLYPH', '52', '2,080', '69.7 %', '2,112'],
      ['12', 'silence', 'SOUNDS', '2,132', '0', '0.0 %', '0'],
      ['20', 'outro', 'SCENE', '2,132', '17', '0.6 %', '17'],
    ]);
    const totals = stdout
      .slice(stdout.indexOf(rows.at(-1) ?? '') + (rows.at(-1) ?? '').length)
      .trim()
      .split('\n');
    expect(totals.map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['bank', 'assets', 'size', 'share', 'decoded'],
      ['GLYPH', '1', '2.0 KiB (2,080 bytes)', '69.7 %', '2.1 KiB (2,112 bytes)'],
      ['SOUNDS', '2', '41 bytes', '1.4 %', '41 bytes'],
      ['SCENE', '2', '22 bytes', '0.7 %', '22 bytes'],
    ]);
  });

  it('columns stay straight whatever the names', async () => {
    const names = [
      'plain',
      '北京市海淀区',
      'カタカナ',
      'ｶﾀｶﾅ',
      '한국어',
      'ｆｕｌｌｗｉｄｔｈ',
      '😀😀😀',
      'e\u0301\u0302\u0303 combined',
      '\u202egpj.exe',
      '\u200f\u061cmarks',
      '\u2028lines\u2029',
      'x'.repeat(47),
      'x'.repeat(48),
      'x'.repeat(49),
      '北'.repeat(24),
      '北'.repeat(25),
      `x${'北'.repeat(25)}`,
      'x'.repeat(4_096),
      '北'.repeat(1_365),
      '😀'.repeat(1_024),
      `${'e\u0301'.repeat(100)}`,
      '\u202e'.repeat(24),
      '"\\/\'',
      '  blanks  ',
    ];
    const assets = names.map((name, id): LaidAsset => ({ id: id * 7, name, bytes: counting(id * id) }));
    const { stdout } = await inspect(lay({ assets }));
    const { head, rows } = tableOf(stdout);
    expect(rows).toHaveLength(names.length);
    expect(rows.filter((row) => bankAt(row) !== widthOf(head.slice(0, head.indexOf('bank'))))).toEqual([]);
    expect(rows.every((row) => row.isWellFormed())).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
    expect(rows.every((row) => widthOf(row) < 140)).toBe(true);
    expect(rows.filter((row) => row.includes('...')).length).toBeGreaterThan(5);
  });

  it('columns stay straight also with characters that take no room', async () => {
    const assets = ['zero\u200bwidth', 'soft\u00adhyphen', 'joined\u2060', 'plain'].map(
      (name, id): LaidAsset => ({ id, name, bytes: counting(1) }),
    );
    const { head, rows } = tableOf((await inspect(lay({ assets }))).stdout);
    expect(rows.map(bankAt)).toEqual(rows.map(() => widthOf(head.slice(0, head.indexOf('bank')))));
  });

  it('control characters, which no right file has', async () => {
    const assets = ['a\u001b[2Jb', 'a\nb', 'a\u0000b', 'a\u009bb', 'a\tb'].map(
      (name, id): LaidAsset => ({ id, name, bytes: counting(1) }),
    );
    const { code, stdout, stderr } = await inspect(lay({ assets }), '--hex');
    expect(code).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(idsIn(stdout)).toEqual([0, 1, 2, 3, 4]);
  });

  it('of no assets', async () => {
    const { code, stdout } = await inspect(lay({ assets: [] }));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SCENE +0 +0 bytes +0\.0 % +0 bytes$/m);
    expect(idsIn(stdout)).toEqual([]);
  });

  it('the largest numbers', async () => {
    const text = header([
      entry({ offset: '9007199254740991', size: '9007199254740991', decoded_size: '9007199254740991' }),
      entry({ asset_id: '2147483647', offset: '0', size: '9007199254740991', decoded_size: '9007199254740991' }),
    ]);
    const bytes = artifact({ header: text, prelude: { payloadOffset: 2n ** 64n - 1n } });
    for (const options of [[], ['--asset', '1'], ['--hex']]) {
      const { code, stdout } = await inspect(bytes, ...options);
      expect(code).toBe(1);
      expect(stdout).not.toMatch(/NaN|Infinity|undefined|e\+/);
    }
  });
});

/** The bar, its letters, and the legend. */
function barOf(stdout: string): {
  readonly bar: string;
  readonly legend: Map<string, { letter: string; share: number }>;
} {
  const [, bar = '', below = ''] = /^\[(.*)\]\n(.*)$/m.exec(stdout) ?? [];
  const legend = [...below.matchAll(/(\S) (\w+) [\d.]+ \w+ \(([\d.]+) %\)/g)].map(
    ([, letter = '', name = '', share = '']) => [name, { letter, share: Number(share) / 100 }] as const,
  );
  return { bar, legend: new Map(legend) };
}

/** The text of bytes on a terminal of some columns. */
function textOf(bytes: Uint8Array, columns: number): string {
  const { parts, prelude, header: read } = annotateBytes(bytes);
  const entries = read?.assetTable.filter((each) => each !== undefined) ?? [];
  const report = {
    path: 'x.pa',
    file_size: bytes.length,
    ...(prelude && { prelude: preludeResult(prelude) }),
    ...(read && { asset_table: entries.map(assetObject), preload: [], banks: bankTotals(entries) }),
  };
  const view = {
    parts,
    isSelection: false,
    total: entries.length,
    bankAt: (index: number) => read?.assetTable[index]?.bankType,
    limit: 200,
    columns,
  };
  return [...inspectText(report, view, (_style, text) => text)].join('\n');
}

describe('the bar', () => {
  const kinds = ['prelude', 'header', 'padding', 'GLYPH', 'SOUNDS', 'SCENE', 'trailing', 'rest'];

  /** How many bytes of a file are of each kind, by looking at each part. */
  function bytesOf(bytes: Uint8Array): Map<string, number> {
    const { parts, header: read } = annotateBytes(bytes);
    const sums = new Map<string, number>();
    for (const { kind, index = -1, start, end } of parts) {
      const name = kind === 'payload' ? (read?.assetTable[index]?.bankType ?? '?') : kind;
      sums.set(name, (sums.get(name) ?? 0) + end - start);
    }
    return sums;
  }

  it.each([...files].filter(([name, { length }]) => length > 31 && name !== 'an unknown bank_type'))(
    '%s: each kind is in the legend, with its share',
    (_, bytes) => {
      const { bar, legend } = barOf(textOf(bytes, 98));
      expect([...legend.keys()]).toEqual(kinds.filter((kind) => bytesOf(bytes).has(kind)));
      for (const [kind, sum] of bytesOf(bytes)) expect(legend.get(kind)?.share).toBeCloseTo(sum / bytes.length, 2);
      const letters = new Set([...legend.values()].map(({ letter }) => letter));
      expect([...bar].filter((letter) => !letters.has(letter))).toEqual([]);
      expect(letters.size).toBe(legend.size);
    },
  );

  it('letters in proportion', () => {
    const size = fc.nat(3_000);
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.constantFrom(1, 256),
        fc.integer({ min: 30, max: 200 }),
        (a, b, c, alignment, columns) => {
          const bytes = lay({
            alignment,
            assets: [
              { id: 1, name: 'a', bytes: zeros(a) },
              { id: 2, name: 'b', bank_type: '"SCENE"', bytes: zeros(b) },
              { id: 3, name: 'c', bank_type: '"GLYPH"', bytes: zeros(c) },
            ],
          });
          const { bar, legend } = barOf(textOf(bytes, columns));
          for (const [kind, sum] of bytesOf(bytes)) {
            const expected = (bar.length * sum) / bytes.length;
            const found = [...bar].filter((each) => each === legend.get(kind)?.letter).length;
            // Each of at most three runs gains or loses less than a letter at both ends.
            expect(Math.abs(found - expected)).toBeLessThan(kind === 'padding' ? 4 : 2);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('letters in proportion also where many parts share one', () => {
    const assets = Array.from({ length: 3_000 }, (_, id): LaidAsset => {
      const isScene = id % 10 === 9;
      return { id, name: 'n', bank_type: isScene ? '"SCENE"' : '"SOUNDS"', bytes: zeros(isScene ? 220 : 200) };
    });
    const { bar } = barOf(textOf(lay({ assets }), 98));
    const count = (letter: string) => [...bar].filter((each) => each === letter).length;
    expect(count('S')).toBeGreaterThan(count('C'));
  });

  it.each([30, 40, 79, 80, 98, 99, 120, 300])('is not longer than %i columns', (columns) => {
    for (const bytes of [lay(PREPARED['base'] ?? { assets: [] }), zeros(40), files.get('five bytes') ?? zeros(5)]) {
      const line = textOf(bytes, columns)
        .split('\n')
        .find((each) => each.startsWith('['));
      if (line !== undefined) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('on the command line, where nobody says how wide', async () => {
    const { stdout } = await run(['inspect', 'base'], { cwd });
    expect(barOf(stdout).bar.length).toBeGreaterThan(60);
    expect(barOf(stdout).bar.length).toBeLessThanOrEqual(98);
  });
});

describe.concurrent('choosing rows', () => {
  const assets: readonly LaidAsset[] = [
    { id: 2, name: 'delta', bank_type: '"SCENE"', decoded_size: '9', bytes: counting(4) },
    { id: 7, name: 'Alpha', decoded_size: '1', bytes: counting(12) },
    {
      id: 10,
      name: 'charlie 7',
      bank_type: '"GLYPH"',
      decoded_size: '2112',
      metadata: GLYPH_METADATA,
      bytes: zeros(2_080),
    },
    { id: 100, name: 'alphabet', decoded_size: '5', bytes: counting(4) },
    { id: 101, name: 'Sounds of 2', bank_type: '"SCENE"', decoded_size: '9', bytes: counting(1) },
  ];
  const file = lay({
    assets,
    preload: [
      [2, 3],
      [100, 0],
      [101, 1],
    ],
  });

  it.each<[string, number[]]>([
    ['id', [2, 7, 10, 100, 101]],
    ['name', [7, 101, 100, 10, 2]],
    ['bank', [10, 2, 101, 7, 100]],
    ['offset', [2, 7, 10, 100, 101]],
    ['size', [10, 7, 2, 100, 101]],
    ['decoded', [10, 2, 101, 100, 7]],
    ['slot', [100, 101, 2, 7, 10]],
  ])('--sort %s', async (key, expected) => {
    expect(idsIn((await inspect(file, '--sort', key)).stdout)).toEqual(expected);
    const folder = newFolder();
    writeFileSync(join(folder, 'x.pa'), file);
    const { document } = await runJson(['inspect', 'x.pa', '--sort', key], { cwd: folder });
    expect(document['asset_table'].map((each: { asset_id: number }) => each.asset_id)).toEqual(expected);
  });

  it.each<[string, number[]]>([
    ['alpha', [7, 100]],
    ['ALPHA', [7, 100]],
    ['7', [7, 10]],
    ['2', [2, 101]],
    ['10', [10]],
    ['sounds', [7, 100, 101]],
    ['SCENE', [2, 101]],
    ['scen', []],
    [' ', [10, 101]],
    ['nothing like it', []],
    ['', [2, 7, 10, 100, 101]],
  ])('--filter %j', async (text, expected) => {
    const { code, stdout } = await inspect(file, '--filter', text);
    expect(code).toBe(0);
    expect(idsIn(stdout)).toEqual(expected);
    if (expected.length < assets.length) expect(stdout).toContain(`${expected.length} of 5 assets`);
    else expect(stdout).not.toContain('of 5 assets');
  });

  it('--filter and --sort', async () => {
    expect(idsIn((await inspect(file, '--filter', 'alpha', '--sort', 'name')).stdout)).toEqual([7, 100]);
    expect(idsIn((await inspect(file, '--filter', 'scene', '--sort', 'size')).stdout)).toEqual([2, 101]);
  });

  it.each<[string, number[], string | undefined]>([
    ['0', [2, 7, 10, 100, 101], undefined],
    ['1', [2], '4 more rows'],
    ['4', [2, 7, 10, 100], '1 more row:'],
    ['5', [2, 7, 10, 100, 101], undefined],
    ['1000000', [2, 7, 10, 100, 101], undefined],
  ])('--limit %s', async (limit, expected, note) => {
    const { stdout } = await inspect(file, '--limit', limit);
    expect(idsIn(stdout)).toEqual(expected);
    if (note === undefined) expect(stdout).not.toContain('more row');
    else expect(stdout).toContain(note);
  });

  it('totals are of the whole file, whatever is chosen', async () => {
    const totals = (stdout: string) => stdout.slice(stdout.indexOf('\nbank '));
    const whole = totals((await inspect(file)).stdout);
    expect(totals((await inspect(file, '--filter', 'alpha', '--limit', '1')).stdout)).toBe(whole);
  });

  it.each([
    ['7', ['Alpha', 'SOUNDS', '12 bytes', 'decoded_size', '1 byte']],
    ['2', ['delta', 'SCENE, preloaded into slot 3', '9 bytes']],
    ['10', ['charlie 7', 'GLYPH', '"palette_count": 64', '"width": 8']],
  ])('--asset %s', async (id, texts) => {
    const { code, stdout } = await inspect(file, '--asset', id);
    expect(code).toBe(0);
    expect(stdout.match(/^asset \d+$/gm)).toEqual([`asset ${id}`]);
    for (const text of texts) expect(stdout).toContain(text);
    const { asset_table: table } = JSON.parse(
      Buffer.from(file).toString('utf8', 32, 32 + Buffer.from(file).readUInt32LE(8)),
    ) as { asset_table: { asset_id: number; offset: number; size: number }[] };
    const { offset = 0, size = 0 } = table.find((each) => each.asset_id === Number(id)) ?? {};
    const start = Number(Buffer.from(file).readBigUInt64LE(12)) + offset;
    const [first, last] = [start, start + size - 1].map((byte) => byte.toLocaleString('en-US'));
    expect(stdout).toContain(`\n  file bytes   ${first} to ${last}\n`);
  });

  it.each([
    ['base', '20', '2,968 to 2,984'],
    ['base', '12', 'none, at 2,968'],
    ['cut off in a payload', '20', 'not in the file'],
    ['payload_offset after the file', '20', 'not in the file'],
  ])('%s, --asset %s: the payload is from its first byte to its last', async (name, id, place) => {
    const { stdout } = await inspect(files.get(name) ?? zeros(0), '--asset', id);
    expect(stdout).toContain(`\n  file bytes   ${place}\n`);
  });

  it('--asset, several times', async () => {
    const { stdout } = await inspect(file, '--asset', '100', '--asset', '7', '--asset', '100');
    expect(stdout.match(/^asset \d+$/gm)).toEqual(['asset 7', 'asset 100']);
    const folder = newFolder();
    writeFileSync(join(folder, 'x.pa'), file);
    const { document } = await runJson(['inspect', 'x.pa', '--asset', '100', '--asset', '7'], { cwd: folder });
    expect(document['asset_table'].map((each: { asset_id: number }) => each.asset_id)).toEqual([7, 100]);
    expect(document['preload']).toHaveLength(3);
  });

  it.each<[string, string[], RegExp]>([
    ['an asset that is not there', ['--asset', '3'], /^error: x\.pa has no asset 3\n$/],
    ['one of several', ['--asset', '2', '--asset', '3'], /has no asset 3/],
    ['no number', ['--asset', 'seven'], /whole number/],
    ['a negative number', ['--asset', '-1'], /argument missing|whole number/],
    ['no key', ['--sort', 'age'], /Allowed choices are id, name, bank/],
    ['no limit', ['--limit', 'many'], /whole number/],
    ['half a limit', ['--limit', '1.5'], /whole number/],
  ])('wrong: %s', async (_, options, expected) => {
    const result = await inspect(file, ...options);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toMatch(expected);
  });

  it('standard input', async () => {
    const piped = await run(['inspect', '-', '--sort', 'size'], { cwd: newFolder(), stdin: file });
    expect([piped.code, piped.stderr, idsIn(piped.stdout)]).toEqual([0, '', [10, 7, 2, 100, 101]]);
    const empty = await run(['inspect', '-'], { cwd: newFolder() });
    expect([empty.code, codesIn(empty.stderr)]).toEqual([1, ['PRELUDE_TRUNCATED']]);
  });
});

/** A row of the listing. */
interface HexRow {
  readonly offset: number;
  readonly bytes: Buffer;
  readonly label: string;
  /** Bytes that are left out. */
  readonly skipped: number;
}

function hexRowsIn(
  rows: readonly { readonly offset: number; readonly bytes?: string; readonly label: string }[],
): HexRow[] {
  return rows.map(({ offset, bytes, label }) => ({
    offset,
    bytes: Buffer.from(bytes ?? '', 'hex'),
    label,
    skipped: bytes === undefined ? Number(/^([\d,]+) bytes? not listed$/.exec(label)?.[1]?.replaceAll(',', '')) : 0,
  }));
}

/** The rows of a document, after it is seen that they are those of a file and leave nothing out unsaid. */
function rowsOf(document: ResultDocument, bytes: Uint8Array): HexRow[] {
  const rows = hexRowsIn(document['hex']);
  let end = 0;
  for (const row of rows) {
    const { length } = row.bytes;
    const isRight = row.offset === end && length + row.skipped > 0 && length <= 16;
    const isFound = isRight && Buffer.compare(row.bytes, bytes.subarray(end, end + length)) === 0;
    // There are far too many for an assertion each.
    if (!isFound) expect.unreachable(`from byte ${end}: ${JSON.stringify(row)}`);
    end += length + row.skipped;
  }
  expect(end).toBe(bytes.length);
  return rows;
}

/** The listing of bytes, after it is seen that it is the same as a document and as text. */
async function listing(bytes: Uint8Array, ...options: string[]): Promise<HexRow[]> {
  const folder = newFolder();
  writeFileSync(join(folder, 'x.pa'), bytes);
  const { document } = await runJson(['inspect', 'x.pa', '--hex', ...options], { cwd: folder });
  const rows = rowsOf(document, bytes);
  expectSameRows((await run(['inspect', 'x.pa', '--hex', ...options], { cwd: folder })).stdout, rows);
  return rows;
}

/** Holds the rows of the text against those of the document. */
function expectSameRows(stdout: string, rows: readonly HexRow[]): void {
  const lines = stdout.split('\n').filter((line) => /^[0-9a-f]{8} {2}/.test(line));
  expect(lines.map((line) => Number.parseInt(line, 16))).toEqual(rows.map(({ offset }) => offset));
  expect(lines.map((line) => line.slice(10, 57).trim().split('  ')[0])).toEqual(
    rows.map((row) => (row.skipped > 0 ? '...' : (row.bytes.toString('hex').match(/../g) ?? []).join(' '))),
  );
}

describe.concurrent('--hex', () => {
  it('an overview has every byte of prelude and header, and the beginning of each payload', async () => {
    const bytes = files.get('base') ?? zeros(0);
    const rows = await listing(bytes);
    const payloadOffset = Number(Buffer.from(bytes).readBigUInt64LE(12));
    const front = rows.filter(({ offset }) => offset < payloadOffset);
    expect(front.every(({ skipped }) => skipped === 0)).toBe(true);
    for (const label of ['payload of asset 3', 'payload of asset 7', 'payload of asset 9', 'payload of asset 20']) {
      expect(rows.some((row) => row.label.startsWith(label))).toBe(true);
    }
    expect(rows.some(({ skipped }) => skipped > 0)).toBe(true);
  });

  it('of one asset: its entry, its slot, its payload, and nothing of the others', async () => {
    const rows = await listing(files.get('base') ?? zeros(0), '--asset', '9');
    const labels = rows.map(({ label }) => label);
    for (const text of ['/asset_table/2/asset_name = "tiles"', '/asset_table/2/metadata/width = 8', 'index plane']) {
      expect(labels.some((label) => label.includes(text))).toBe(true);
    }
    expect(labels.filter((label) => label.startsWith('palette '))).toHaveLength(64);
    expect(labels.filter((label) => /\/asset_table\/[^2]|payload of asset [^9]|\/preload\/\d/.test(label))).toEqual([]);
    const other = await listing(files.get('base') ?? zeros(0), '--asset', '7');
    expect(other.some(({ label }) => label.startsWith('/preload/1/slot = 0'))).toBe(true);
  });

  it('--filter and --limit choose', async () => {
    const payloads = (rows: HexRow[]) => rows.flatMap(({ label }) => /^payload of asset (\d+)/.exec(label)?.[1] ?? []);
    expect(payloads(await listing(files.get('base') ?? zeros(0), '--filter', 'beep'))).toEqual(['7']);
    expect(payloads(await listing(files.get('base') ?? zeros(0), '--limit', '2'))).toEqual(['3', '7']);
  });

  it('long values and payloads are cut, and it is said', async () => {
    const assets: LaidAsset[] = [
      { id: 1, name: 'n'.repeat(4_096), metadata: `{"m":"${'v'.repeat(10_000)}"}`, bytes: counting(100_000) },
      { id: 2, name: 'next', bytes: counting(1) },
    ];
    const rows = await listing(lay({ assets }));
    expect(rows.length).toBeLessThan(150);
    const more = await listing(lay({ assets }), '--asset', '1');
    expect(more.filter(({ label, bytes }) => label === '' && bytes.length === 16).length).toBeGreaterThan(60);
  });

  it('a short name over a long list does not make a long listing', async () => {
    const metadata = `{"${'n'.repeat(50_000)}":[${Array.from({ length: 100 }, () => 0)}]}`;
    const folder = newFolder();
    writeFileSync(join(folder, 'x.pa'), lay({ assets: [{ id: 1, name: 'a', metadata, bytes: counting(1) }] }));
    const { stdout } = await run(['inspect', 'x.pa', '--hex'], { cwd: folder });
    expect(stdout.length).toBeLessThan(200_000);
  });
});

describe('a file of 100,000 assets', () => {
  const COUNT = 100_000;
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'assets-pa-inspect-'));
    const assets = Array.from(
      { length: COUNT },
      (_, id): LaidAsset => ({ id, name: `asset number ${id}`, bytes: zeros(1) }),
    );
    writeFileSync(join(folder, 'x.pa'), lay({ assets, alignment: 16 }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  // Far less than what the bytes of such a file take as objects.
  const env = { NODE_OPTIONS: '--max-old-space-size=400' };

  it('a table that is cut, with a note', async () => {
    const { code, stdout, stderr } = await run(['inspect', 'x.pa'], { cwd: folder, env });
    expect([code, stderr]).toEqual([0, '']);
    expect(idsIn(stdout)).toHaveLength(200);
    expect(stdout).toContain('99,800 more rows: --limit 0 lists all');
    expect(stdout).toMatch(/^SOUNDS +100,000 /m);
  });

  it('the largest, the last, the one that is sought', async () => {
    const find = async (...options: string[]) =>
      idsIn((await run(['inspect', 'x.pa', ...options], { cwd: folder, env })).stdout);
    expect(await find('--filter', 'number 99999')).toEqual([99_999]);
    expect(await find('--sort', 'name', '--limit', '3')).toEqual([0, 1, 10]);
    const { stdout } = await run(['inspect', 'x.pa', '--asset', '77777', '--hex'], { cwd: folder, env });
    expect(stdout).toContain('/asset_table/77777/asset_id = 77777');
    expect(stdout.split('\n').length).toBeLessThan(100);
  });

  it('--limit 0 has every row', async () => {
    // Fewer, since all that was to be seen is seen with these.
    const assets = Array.from({ length: 10_000 }, (_, id): LaidAsset => ({ id, name: `asset ${id}`, bytes: zeros(1) }));
    const { code, stdout } = await inspect(lay({ assets }), '--limit', '0');
    expect(code).toBe(0);
    expect(idsIn(stdout)).toHaveLength(10_000);
    expect(new Set(tableOf(stdout).rows.map(bankAt)).size).toBe(1);
  });

  it('--hex --limit 0 keeps no row, however many diagnostics there are', async () => {
    // Fewer, as above; ids that fall give a diagnostic each.
    const assets = Array.from(
      { length: 20_000 },
      (_, i): LaidAsset => ({ id: 20_000 - i, name: `asset ${i}`, bytes: zeros(1) }),
    );
    const few = newFolder();
    writeFileSync(join(few, 'x.pa'), lay({ assets }));
    const { code, stdout } = await run(['inspect', 'x.pa', '--hex', '--limit', '0'], {
      cwd: few,
      env: { NODE_OPTIONS: '--max-old-space-size=80' },
    });
    expect(code).toBe(1);
    expect(stdout.split('\n').length).toBeGreaterThan(200_000);
    expect(stdout.split('<- byte ')).toHaveLength(1_001);
  });

  it('--json has all', async () => {
    const { code, stdout } = await run(['inspect', 'x.pa', '--json'], { cwd: folder, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).asset_table).toHaveLength(COUNT);
  });

  it('--hex lists the beginning, and says what it leaves out', async () => {
    const { code, stdout } = await run(['inspect', 'x.pa', '--hex', '--limit', '10'], { cwd: folder, env });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/bytes not listed$/);
    expect(stdout.split('\n').length).toBeLessThan(1_000);
  });
});

describe.concurrent('a page', () => {
  const bytes = files.get('base') ?? zeros(0);
  const folderWith = () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'x.pa'), bytes);
    return folder;
  };

  it('to standard output: the page and nothing else', async () => {
    const folder = folderWith();
    const { code, stdout, stderr } = await run(['inspect', 'x.pa', '--html', '-'], { cwd: folder });
    expect([code, stderr, readdirSync(folder)]).toEqual([0, '', ['x.pa']]);
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    const both = await run(['inspect', 'x.pa', '--html', '-', '--json'], { cwd: folder });
    expect([both.code, both.stdout, both.stderr]).toEqual([2, '', 'error: --html - is not for --json\n']);
    const compared = await run(['diff', 'x.pa', 'x.pa', '--html', '-'], { cwd: folder });
    expect(compared.stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it.each<[string, (folder: string) => void]>([
    ['x.pa', () => {}],
    ['./x.pa', () => {}],
    ['link', (folder) => symlinkSync('x.pa', join(folder, 'link'))],
    ['hard link', (folder) => linkSync(join(folder, 'x.pa'), join(folder, 'hard link'))],
  ])('does not take the place of its artifact: %s', async (name, prepare) => {
    const folder = folderWith();
    writeFileSync(join(folder, 'y.pa'), bytes);
    prepare(folder);
    for (const command of [['inspect'], ['diff', 'y.pa']]) {
      const { code, stdout, stderr } = await run([...command, 'x.pa', '--html', name], { cwd: folder });
      expect([code, stdout, stderr]).toEqual([2, '', `error: --html: ${name} is the artifact x.pa\n`]);
    }
    expect(readFileSync(join(folder, 'x.pa')).equals(bytes)).toBe(true);
  });

  it.each(['pipe', 'link to a pipe'])('does not take the place of what is no regular file: %s', async (name) => {
    const folder = folderWith();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('pipe', join(folder, 'link to a pipe'));
    const { code, stdout, stderr } = await run(['inspect', 'x.pa', '--html', name], { cwd: folder });
    expect([code, stdout, stderr]).toEqual([
      3,
      '',
      `error[W4] OUTPUT_WRITE ${name}: something that is no regular file stands in the place of an output: got a device, FIFO or socket\n  hint: name another file\n`,
    ]);
    expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link to a pipe', 'pipe', 'x.pa']);
  });
});

describe.concurrent('broken files', () => {
  const broken = [...files].filter(([name]) => name !== 'base').map(([name]) => name);

  it.each(broken)('%s: shown as far as it can be read, and each fault is marked at its byte', async (name) => {
    const plain = await run(['inspect', name, '--hex'], { cwd });
    const codes = codesIn(plain.stderr);
    expectNoTrace(plain);
    expect(plain.code).toBe(codes.length > 0 ? 1 : 0);
    expect(plain.stdout.startsWith(name)).toBe(true);
    expect(plain.stdout).not.toMatch(/NaN|undefined|\[object/);
    const { document } = await runJson(['inspect', name, '--hex'], { cwd });
    expect(document.diagnostics.map(({ code }) => code)).toEqual(codes);
    const entries = document['asset_table'] ?? [];
    expect(idsIn(plain.stdout)).toEqual(entries.map((each: { asset_id: number }) => each.asset_id));
    const rows = rowsOf(document, files.get(name) ?? zeros(0));
    expectSameRows(plain.stdout, rows);
    for (const { code, where } of document.diagnostics) {
      const at = where.offset;
      if (at === undefined) continue;
      const holds = rows.filter(({ offset, bytes }) => at >= offset && at < offset + bytes.length);
      const marked = rows.filter(({ label }) => label.includes(`byte ${at}: `) && label.includes(code));
      expect(marked, `${code} at ${at}`).toEqual(holds);
    }
  });

  it.each(['a header that is no JSON', 'five bytes', 'schema_version', 'an entry of another shape'])(
    '%s: an asset that cannot be read is not told to be missing without what is wrong',
    async (name) => {
      const { code, stderr } = await run(['inspect', name, '--asset', '7'], { cwd });
      expect(code).toBe(1);
      expect(codesIn(stderr).length).toBeGreaterThan(0);
    },
  );

  it('a file of a terabyte that is not there', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'x.pa'), artifact({ header: header([entry({ size: `${2 ** 40}` })]) }));
    truncateSync(join(folder, 'x.pa'), 2 ** 40);
    const { code, stdout, stderr } = await run(['inspect', 'x.pa', '--hex'], { cwd: folder });
    expect([code, codesIn(stderr)]).toEqual([1, ['SLICE_BOUNDS']]);
    expect(stdout.split('\n').length).toBeLessThan(80);
  });

  it('is not changed by being looked at', async () => {
    const before = readFileSync(join(cwd, 'slices that overlap'));
    await run(['inspect', 'slices that overlap', '--hex'], { cwd });
    expect(readFileSync(join(cwd, 'slices that overlap')).equals(before)).toBe(true);
  });
});
