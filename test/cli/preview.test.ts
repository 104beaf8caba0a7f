/** `assets-pa preview`, run as a user runs it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counting, zeros } from '../../spec-vectors/compose.ts';
import { decodeImage, paletteColours } from '../../src/workspace/glyph/image.js';
import { openPng } from '../../src/workspace/glyph/png-file.js';
import { fromRgb565 } from '../../src/workspace/glyph/rgb565.js';
import { lay } from '../support/artifacts.js';
import { temporaryFolders } from '../support/packing.js';
import { run, runJson } from '../support/plan-cli.js';

const newFolder = temporaryFolders();

/** A glyph bank of a sheet of these sides: every nibble is 5 but for the first, and the n-th colour of all is n. */
function bank(id: number, width: number, height: number, name = 'tiles') {
  const plane = (width * height) / 2;
  const bytes = zeros(plane + 2_048).fill(0x55, 0, plane);
  bytes[0] = 0x35;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < 1_024; i += 1) view.setUint16(plane + 2 * i, i, true);
  const metadata = JSON.stringify({ height, palette_count: 64, tile_size: 8, width });
  return { id, name, bytes, bank_type: '"GLYPH"', decoded_size: `${width * height + 2_048}`, metadata };
}
const sound = { id: 20, name: 'beep', bytes: counting(3) };
const one = lay({ assets: [bank(10, 16, 8), sound] });
const two = lay({ assets: [bank(10, 16, 8), bank(11, 8, 8, 'more')] });

function folderWith(bytes: Uint8Array): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'x.pa'), bytes);
  return folder;
}

describe('preview', () => {
  it('does not take the place of its artifact', async () => {
    const cwd = folderWith(one);
    const { code, stderr } = await run(['preview', 'x.pa', '--asset', '10', '-o', './x.pa'], { cwd });
    expect([code, stderr]).toEqual([2, 'error: -o: ./x.pa is the artifact x.pa\n']);
    expect(readFileSync(join(cwd, 'x.pa')).equals(one)).toBe(true);
  });

  it('writes an indexed PNG of the sheet in a palette', async () => {
    const cwd = folderWith(one);
    const { code, document } = await runJson(['preview', 'x.pa', '--asset', '10', '--palette', '2', '-o', 'out.png'], {
      cwd,
    });
    const bytes = readFileSync(join(cwd, 'out.png'));
    expect(code).toBe(0);
    expect(document).toEqual({
      schema_version: 1,
      command: 'preview',
      ok: true,
      diagnostics: [],
      diagnostics_omitted: 0,
      asset_id: 10,
      palette: 2,
      path: 'out.png',
      size: bytes.length,
      width: 16,
      height: 8,
    });
    const file = openPng(bytes);
    expect(file.header).toMatchObject({ width: 16, height: 8, depth: 4, colour: 3, isInterlaced: false });
    expect([...decodeImage(file).pixels]).toEqual([3, ...new Array(127).fill(5)]);
    expect(paletteColours(file)).toEqual(Array.from({ length: 16 }, (_, i) => fromRgb565(32 + i)));
    expect(readdirSync(cwd).sort()).toEqual(['out.png', 'x.pa']);
  });

  it('takes the only bank, replaces a file, reads and writes pipes', async () => {
    const cwd = folderWith(one);
    writeFileSync(join(cwd, 'out.png'), 'old');
    const file = await run(['preview', 'x.pa', '-o', 'out.png'], { cwd });
    expect([file.code, file.stdout, file.stderr]).toEqual([
      0,
      expect.stringMatching(/^out\.png {2}asset 10, palette 0, \d+ bytes\n$/),
      '',
    ]);
    const pipe = await run(['preview', '-', '-o', '-'], { cwd, stdin: one });
    expect([pipe.code, pipe.stderr]).toEqual([0, '']);
    expect(pipe.bytes.equals(readFileSync(join(cwd, 'out.png')))).toBe(true);
  });

  it.each([
    ['several banks', two, [], 'error: x.pa has 2 glyph banks: name one with --asset\n'],
    ['no bank', lay({ assets: [sound] }), [], 'error: x.pa has 0 glyph banks\n'],
    ['no such asset', one, ['--asset', '7'], 'error: x.pa has no asset 7\n'],
    ['a sound', one, ['--asset', '20'], 'error: asset 20 is no glyph bank: its bank type is SOUNDS\n'],
    ['palette 64', one, ['--palette', '64'], 'error: --palette is from 0 to 63\n'],
  ])('%s: wrong usage', async (_, bytes, options, stderr) => {
    const cwd = folderWith(bytes);
    expect(await run(['preview', 'x.pa', '-o', 'out.png', ...options], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr,
    });
    expect(readdirSync(cwd)).toEqual(['x.pa']);
  });

  it('refuses a broken file, a sheet beyond all measure, and a folder in the place of the PNG', async () => {
    const broken = await runJson(['preview', 'x.pa', '-o', 'out.png'], { cwd: folderWith(one.subarray(0, -1)) });
    expect([broken.code, broken.document.diagnostics.map(({ code }) => code)]).toEqual([1, ['SLICE_BOUNDS']]);

    const huge = await runJson(['preview', 'x.pa', '-o', 'out.png'], {
      cwd: folderWith(lay({ assets: [bank(10, 4_104, 4_096)] })),
    });
    expect([huge.code, huge.document.diagnostics]).toEqual([
      1,
      [
        {
          code: 'GLYPH_IMAGE_LIMIT',
          severity: 'error',
          message: 'the sheet is too large for a picture: expected at most 16777216 pixels, got 16809984',
          where: { path: 'x.pa' },
          asset_id: 10,
          expected: 'at most 16777216 pixels',
          actual: 16_809_984,
        },
      ],
    ]);

    const cwd = folderWith(one);
    mkdirSync(join(cwd, 'out.png'));
    const folder = await runJson(['preview', 'x.pa', '-o', 'out.png'], { cwd });
    expect([folder.code, folder.document.diagnostics.map(({ code }) => code)]).toEqual([3, ['OUTPUT_WRITE']]);
    expect(readdirSync(cwd).sort()).toEqual(['out.png', 'x.pa']);
  });
});
