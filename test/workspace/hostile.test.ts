/** Projects by somebody who means no good: every one ends soon, in little memory, with a code. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AssetsPaError } from '../../src/errors.js';
import { blockingFileSystem } from '../../src/host/blocking-fs.js';
import type { BankEncoder } from '../../src/workspace/bank-encoder.js';
import { ENCODERS } from '../../src/workspace/encoders.js';
import { PNG_BYTES_MAX } from '../../src/workspace/glyph/png-file.js';
import { temporaryFolders } from '../support/packing.js';
import { runJson } from '../support/plan-cli.js';
import { write } from '../support/plan-folders.js';
import { chunk, SIGNATURE } from '../support/png.js';
import { entry, examine, glyphs, INDEX, project, registry, sound } from '../support/workspace.js';

const newFolder = temporaryFolders();

/** Codes of everything that is found in a project, after it was spoiled; in seconds, and in little memory. */
async function codesOf(
  spoil: (folder: string) => void,
  encoders?: readonly BankEncoder[],
): Promise<Record<string, number>> {
  const folder = newFolder();
  write(folder, project());
  spoil(folder);
  const [started, before] = [process.cpuUsage(), process.memoryUsage().rss];
  const counts: Record<string, number> = {};
  try {
    const { diagnostics } = await examine(folder, { fs: blockingFileSystem, ...(encoders && { encoders }) });
    for (const { code } of diagnostics) counts[code] = (counts[code] ?? 0) + 1;
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    counts[error.code] = 1;
  }
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1_000_000).toBeLessThan(5);
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  return counts;
}

describe('folders', () => {
  it('links in a loop are not followed', async () => {
    const spoil = (folder: string) => {
      symlinkSync('.', join(folder, 'assets/here'));
      symlinkSync('../..', join(folder, 'assets/jump/up'));
      symlinkSync('b', join(folder, 'assets/a'));
      symlinkSync('a', join(folder, 'assets/b'));
    };
    expect(await codesOf(spoil)).toEqual({ PATH_SKIPPED: 4 });
  });

  it('a root in a loop', async () => {
    const spoil = (folder: string) => {
      write(folder, { [INDEX]: registry([entry(1, 'loop/jump')]) });
      symlinkSync('loop', join(folder, 'assets/loop'));
    };
    expect(await codesOf(spoil)).toEqual({ SOURCE_READ: 1, ANCHOR_ORPHAN: 1, PATH_SKIPPED: 1 });
  });

  it('thousands of files', async () => {
    const spoil = (folder: string) => {
      for (let i = 0; i < 1_100; i += 1) writeFileSync(join(folder, `assets/jump/f${i}`), '');
    };
    expect(await codesOf(spoil)).toEqual({ FILE_UNREFERENCED: 1_000 });
  });

  it('thousands of asset.json', async () => {
    const spoil = (folder: string) => {
      for (let i = 0; i < 1_100; i += 1) {
        mkdirSync(join(folder, `assets/f${i}`));
        writeFileSync(join(folder, `assets/f${i}/asset.json`), '[');
      }
      rmSync(join(folder, 'assets/jump/asset.json'));
    };
    // Errors stay in the list when not everything fits.
    expect(await codesOf(spoil)).toEqual({ ANCHOR_MISSING: 1, ANCHOR_ORPHAN: 999 });
  });

  it('a deep tree', async () => {
    const spoil = (folder: string) =>
      mkdirSync(join(folder, 'assets', ...Array.from({ length: 200 }, () => 'deep')), { recursive: true });
    expect(await codesOf(spoil)).toEqual({});
  });

  it('names that are no text, or move the cursor', async () => {
    const spoil = (folder: string) => {
      const path = (name: Buffer) => Buffer.concat([Buffer.from(`${join(folder, 'assets')}/`), name]);
      writeFileSync(path(Buffer.from([0x61, 0xff])), '');
      writeFileSync(path(Buffer.from('\u001b[2J\n')), '');
    };
    expect(await codesOf(spoil)).toEqual({ FILE_UNREFERENCED: 1, PATH_SKIPPED: 1 });
  });

  it('a workspace that is a link', async () => {
    const spoil = (folder: string) => {
      execFileSync('mv', [join(folder, 'assets'), join(folder, 'elsewhere')]);
      symlinkSync('elsewhere', join(folder, 'assets'));
    };
    expect(await codesOf(spoil)).toEqual({ PROJECT_NOT_FOUND: 1 });
  });
});

describe('documents', () => {
  it.each<[string, string, string]>([
    ['an asset.json of 1 GB', 'assets/jump/asset.json', 'INPUT_TOO_LARGE'],
    ['a registry of 1 GB', INDEX, 'INPUT_TOO_LARGE'],
  ])('%s', async (_, path, code) => {
    const spoil = (folder: string) => truncateSync(join(folder, path), 1_000_000_000);
    expect(await codesOf(spoil)).toMatchObject({ [code]: 1 });
  });

  it.each<[string, string | object, Record<string, number>]>([
    ['a million brackets', '['.repeat(1_000_000), { DECLARATION_INVALID: 1 }],
    ['thousands of faults', `{${'"x":1,'.repeat(20_000)}"y":1}`, { DECLARATION_INVALID: 1_000 }],
    [
      'deep metadata',
      JSON.stringify(sound(1)).replace('"format"', `"metadata":${nested(40)},"format"`),
      { HEADER_TOO_DEEP: 1 },
    ],
    [
      'a member __proto__',
      JSON.stringify(sound(1)).replace('"name"', '"__proto__":{},"name"'),
      { DECLARATION_INVALID: 1 },
    ],
    [
      'a path of .. segments',
      sound(1, { inputs: { payload: ['../../../../etc/passwd'] } }),
      { SOURCE_OUTSIDE_ROOT: 1 },
    ],
    ['an absolute path', sound(1, { inputs: { payload: ['/etc/passwd'] } }), { SOURCE_OUTSIDE_ROOT: 1 }],
    ['a path with NUL', sound(1, { inputs: { payload: ['a\u0000'] } }), { DECLARATION_INVALID: 1 }],
    [
      'a path too long',
      sound(1, { inputs: { payload: ['a'.repeat(100_000)] } }),
      { SOURCE_READ: 1, FILE_UNREFERENCED: 1 },
    ],
    ['a lone surrogate', JSON.stringify(sound(1)).replace('sound-1', '\\ud800'), { DECLARATION_INVALID: 1 }],
  ])('%s', async (_, document, codes) => {
    expect(await codesOf((folder) => write(folder, { 'assets/jump/asset.json': document }))).toEqual(codes);
  });
});

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

/** An `asset.json` of a glyph bank of one tile, `a.pcm`. */
function bank(): object {
  const palettes = [{ index: 0, colors: Array.from({ length: 16 }, () => '#000000') }];
  return glyphs(1, { inputs: { tiles: ['a.pcm'] }, build: { tile_size: 16, palettes } });
}

/** 113 MB of one colour, which compress to 110 kB. */
function pngBomb(): Uint8Array {
  const side = 30_000;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 3], 8);
  const data = deflateSync(new Uint8Array(side * (1 + side / 8)));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', new Uint8Array(3)),
    chunk('IDAT', data),
    chunk('IEND'),
  ]);
}

describe('inputs', () => {
  it.each<[string, (path: string) => void, string]>([
    ['a FIFO', (path) => execFileSync('mkfifo', [path]), 'SOURCE_NOT_A_FILE'],
    ['a device', (path) => symlinkSync('/dev/zero', path), 'SOURCE_OUTSIDE_ROOT'],
    ['a link to itself', (path) => symlinkSync('a.pcm', path), 'SOURCE_READ'],
    ['a link to nothing', (path) => symlinkSync('b.pcm', path), 'INPUT_MISSING'],
  ])('%s', async (_, make, code) => {
    const spoil = (folder: string) => {
      rmSync(join(folder, 'assets/jump/a.pcm'));
      make(join(folder, 'assets/jump/a.pcm'));
    };
    expect(await codesOf(spoil)).toEqual({ [code]: 1 });
  });

  it('a FIFO in the place of asset.json', async () => {
    const spoil = (folder: string) => {
      rmSync(join(folder, 'assets/jump/asset.json'));
      execFileSync('mkfifo', [join(folder, 'assets/jump/asset.json')]);
    };
    expect(await codesOf(spoil)).toMatchObject({ SOURCE_NOT_A_FILE: 1 });
  });

  it('a PNG of 30,000 x 30,000 pixels', async () => {
    const spoil = (folder: string) => {
      write(folder, { 'assets/jump/asset.json': bank() });
      writeFileSync(join(folder, 'assets/jump/a.pcm'), pngBomb());
    };
    expect(await codesOf(spoil, ENCODERS)).toEqual({ GLYPH_IMAGE_LIMIT: 1 });
  });

  it('a PNG of 30,000 x 30,000 pixels, by the command line', async () => {
    const cwd = newFolder();
    write(cwd, project({ 'assets/jump/asset.json': bank(), 'assets/jump/a.pcm': pngBomb() }));
    for (const command of ['doctor', 'build']) {
      const started = performance.now();
      const { code, document } = await runJson([command, '.'], { cwd });
      expect([code, document.diagnostics.map((each) => each.code)], command).toEqual([1, ['GLYPH_IMAGE_LIMIT']]);
      expect(performance.now() - started, command).toBeLessThan(10_000);
    }
  });

  it.each([
    [PNG_BYTES_MAX, 'PNG_INVALID'],
    [PNG_BYTES_MAX + 1, 'INPUT_TOO_LARGE'],
  ])('an image of %i bytes', async (size, code) => {
    const spoil = (folder: string) => {
      write(folder, { 'assets/jump/asset.json': bank() });
      truncateSync(join(folder, 'assets/jump/a.pcm'), size);
    };
    expect(await codesOf(spoil, ENCODERS)).toEqual({ [code]: 1 });
  });

  it('an image of 5 GB', async () => {
    const spoil = (folder: string) => {
      write(folder, { 'assets/jump/asset.json': glyphs(1, { inputs: { tiles: ['a.pcm'] } }) });
      truncateSync(join(folder, 'assets/jump/a.pcm'), 5_000_000_000);
    };
    expect(await codesOf(spoil)).toEqual({ INPUT_TOO_LARGE: 1 });
  });
});
