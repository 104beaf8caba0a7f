/**
 * Projects at full size: how long builds take and what they read, and what hostile projects cost.
 *
 *     npm run workspace            both
 *     npm run workspace -- builds [ASSETS]     2,000 unless stated: cold, warm, one file changed; each equal to a build from nothing
 *     npm run workspace -- hostile             100,000 files, a sparse asset.json of 1 GB and the like, by the command line
 *
 * Prints Markdown tables. Fails when bytes differ, or a hostile project ends without a code, or takes too long.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { blockingFileSystem } from '../src/host/blocking-fs.js';
import type { FileSystem, OpenFile } from '../src/host/fs.js';
import { packAssets, toDirectory } from '../src/index.js';
import { type PrepareOptions, prepareBuild } from '../src/workspace/prepare.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASSETS = 2_000;
/** Bytes of a raw payload. */
const PAYLOAD = 20_000;
/** Seconds that a hostile project may take. */
const PATIENCE = 60;
const OUTPUTS = ['assets.pa', 'asset_table.json', 'preload.json', 'asset_table_metadata.json'];

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed * 2_654_435_761 + 1; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** An indexed PNG of 16 colours: a sheet of 64 x 64 pixels. */
function png(seed: number): Uint8Array {
  const side = 64;
  const pixels = noise((side * side) / 2, seed);
  const rows = Array.from({ length: side }, (_, y) => [0, ...pixels.subarray((y * side) / 2, ((y + 1) * side) / 2)]);
  return pngOf(side, 4, noise(48, seed + 1), Uint8Array.from(rows.flat()));
}

/** 30,000 x 30,000 pixels of one colour: 113 MB that compress to 110 kB. */
function pngBomb(): Uint8Array {
  const side = 30_000;
  return pngOf(side, 1, new Uint8Array(3), new Uint8Array(side * (1 + side / 8)));
}

/** A square indexed PNG. */
function pngOf(side: number, depth: number, palette: Uint8Array, rows: Uint8Array): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([depth, 3], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}

const COLORS = Array.from({ length: 16 }, (_, i) => `#${(i * 0x0f0f0f).toString(16).padStart(6, '0')}`);

function declaration(n: number): object {
  const base = { schema_version: 2, asset_uuid: uuid(n), name: `asset-${n}`, preload: { enabled: false } };
  if (n % 2 === 0) {
    const output = { format: 'GLYPH/indexed_v1', codec: 'NONE' };
    const build = {
      tile_size: 16,
      tiles: [{ first_index: 0, input: 'sheet.png' }],
      palettes: [{ index: 0, colors: COLORS }],
    };
    return { ...base, type: 'glyph_bank', inputs: { tiles: ['sheet.png'] }, output, build };
  }
  const output = { format: 'SOUND/raw_v1', codec: 'NONE', decoded_size: PAYLOAD };
  return { ...base, type: 'sound_bank', inputs: { payload: ['a.pcm'] }, output };
}

/** A project of this many assets, half of them glyph banks. */
function makeProject(folder: string, count: number): void {
  const lines: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const root = `group-${n % 20}/asset-${n}`;
    const isGlyph = n % 2 === 0;
    write(join(folder, 'assets', root, 'asset.json'), JSON.stringify(declaration(n), null, 2));
    write(join(folder, 'assets', root, isGlyph ? 'sheet.png' : 'a.pcm'), isGlyph ? png(n) : noise(PAYLOAD, n));
    lines.push(JSON.stringify({ asset_id: n, asset_uuid: uuid(n), root, included_in_build: true }));
  }
  writeRegistry(folder, lines);
}

function writeRegistry(folder: string, lines: readonly string[]): void {
  const text = `{"schema_version":2,"next_asset_id":${lines.length + 1},"assets":[${lines.join(',')}]}`;
  write(join(folder, 'assets/.prometeu/index.json'), text);
}

/** Counts what is opened to be read, and the bytes. */
function counting(): { readonly fs: FileSystem; readonly files: () => number; readonly bytes: () => number } {
  let [files, bytes] = [0, 0];
  const watched = (file: OpenFile): OpenFile => ({
    read: async (...rest) => {
      const result = await file.read(...rest);
      bytes += result.bytesRead;
      return result;
    },
    write: (...rest) => file.write(...rest),
    stat: () => file.stat(),
    chmod: (mode) => file.chmod(mode),
    sync: () => file.sync(),
    close: () => file.close(),
  });
  const open: FileSystem['open'] = async (path, flags, mode) => {
    const file = await blockingFileSystem.open(path, flags, mode);
    if ((flags & 3) === 0) files += 1;
    return watched(file);
  };
  return { fs: { ...blockingFileSystem, open }, files: () => files, bytes: () => bytes };
}

/** Builds and gives a row of the table, and the outputs. */
async function build(name: string, folder: string, out: string, options: PrepareOptions) {
  const { fs, files, bytes } = counting();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const prepared = await prepareBuild(folder, { fs, ...options });
  prepared.report.throwIfErrors();
  await packAssets(prepared.plan, toDirectory(out), { folder, fs });
  await prepared.prune();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { encoded, reused } = prepared.counts.banks;
  const cells = [name, seconds.toFixed(2), ((user + system) / 1_000_000).toFixed(2), files(), bytes(), encoded, reused];
  console.log(`| ${cells.map((each) => each.toLocaleString('en-US')).join(' | ')} |`);
  return Buffer.concat(OUTPUTS.map((each) => readFileSync(join(out, each))));
}

async function builds(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'assets-pa-workspace-'));
  try {
    const started = performance.now();
    makeProject(folder, count);
    console.log(
      `${count} assets, half of them glyph banks; made in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
    );
    console.log('| build | seconds | CPU, s | files read | bytes read | banks encoded | banks reused |');
    console.log('| --- | --: | --: | --: | --: | --: | --: |');
    const out = join(folder, 'build');
    const fresh = (name: string) => build(name, folder, join(folder, 'fresh'), { cache: 'off' });
    const same = (found: Buffer, wanted: Buffer) => {
      if (!found.equals(wanted)) throw new Error('the bytes differ');
    };
    const cold = await build('cold', folder, out, {});
    same(await build('warm', folder, out, {}), cold);
    same(await fresh('without a cache'), cold);
    writeFileSync(join(folder, 'assets/group-2/asset-2/sheet.png'), png(7_777));
    const after = await build('one file changed', folder, out, {});
    if (after.equals(cold)) throw new Error('the change was not built');
    same(await fresh('without a cache, again'), after);
    console.log('\nEqual bytes, companions included.\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Hostile projects: what is done to a project of one sound, and a code that has to be found. */
const HOSTILE: readonly (readonly [name: string, code: string, spoil: (folder: string) => void])[] = [
  ['100,000 files', 'FILE_UNREFERENCED', (folder) => fill(folder, 100_000, (i) => `assets/stray/${i % 100}/f${i}`)],
  ['100,000 asset.json', 'ANCHOR_ORPHAN', (folder) => fill(folder, 100_000, (i) => `assets/x${i}/asset.json`)],
  ['300,000 files', 'SCAN_LIMIT', (folder) => fill(folder, 300_000, (i) => `assets/stray/${i % 100}/f${i}`)],
  ['a sparse asset.json of 1 GB', 'INPUT_TOO_LARGE', (folder) => sparse(folder, 'assets/group-1/asset-1/asset.json')],
  ['a sparse registry of 1 GB', 'INPUT_TOO_LARGE', (folder) => sparse(folder, 'assets/.prometeu/index.json')],
  ['a PNG of 30,000 x 30,000', 'GLYPH_IMAGE_LIMIT', bomb],
  ['a FIFO as input', 'SOURCE_NOT_A_FILE', (folder) => fifo(join(folder, 'assets/group-1/asset-1/a.pcm'))],
  ['links in loops', 'PATH_SKIPPED', (folder) => symlinkSync('..', join(folder, 'assets/group-1/loop'))],
  ['a name with a line break', 'PATH_SKIPPED', (folder) => symlinkSync('..', join(folder, 'assets/a\nb'))],
];

function fill(folder: string, count: number, path: (i: number) => string): void {
  for (let i = 0; i < count; i += 1) write(join(folder, path(i)), '');
}

function sparse(folder: string, path: string): void {
  truncateSync(join(folder, path), 1_000_000_000);
}

function bomb(folder: string): void {
  const root = join(folder, 'assets/group-1/asset-1');
  write(join(root, 'asset.json'), JSON.stringify({ ...declaration(2), asset_uuid: uuid(1) }));
  write(join(root, 'sheet.png'), pngBomb());
}

function fifo(path: string): void {
  rmSync(path);
  execFileSync('mkfifo', [path]);
}

function hostile(): void {
  console.log('| project | found | seconds | peak MiB |\n| --- | --- | --: | --: |');
  for (const [name, code, spoil] of HOSTILE) {
    const folder = mkdtempSync(join(tmpdir(), 'assets-pa-hostile-'));
    try {
      makeProject(folder, 1);
      spoil(folder);
      const figures = join(folder, 'figures.json');
      const command = [process.execPath, join(ROOT, 'dist/cli/main.js'), 'doctor', folder, '--json'];
      const { stdout } = spawnSync('python3', [join(ROOT, 'bench/measure.py'), '--json', figures, '--', ...command], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      const { wall_s, peak_rss_bytes } = JSON.parse(readFileSync(figures, 'utf8'));
      const codes = (JSON.parse(stdout).diagnostics as { code: string }[]).map((each) => each.code);
      if (!codes.includes(code) || wall_s > PATIENCE) throw new Error(`${name}: ${wall_s} s, ${codes.slice(0, 9)}`);
      console.log(`| ${name} | ${code} | ${wall_s.toFixed(2)} | ${Math.round(peak_rss_bytes / 2 ** 20)} |`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

const [which = 'both', count = ASSETS] = process.argv.slice(2);
if (which !== 'hostile') await builds(Number(count));
if (which !== 'builds') hostile();
