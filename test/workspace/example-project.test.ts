/** The bundled example project: its inputs come out of its script, and its declarations are right. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { paletteColours } from '../../src/workspace/glyph/image.js';
import { openPng } from '../../src/workspace/glyph/png-file.js';
import { encodeGlyph } from '../support/glyph.js';
import { temporaryFolders } from '../support/packing.js';

const newFolder = temporaryFolders();
const PROJECT = fileURLToPath(new URL('../../docs/example/project', import.meta.url));
const ASSETS = join(PROJECT, 'assets');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && !each.name.endsWith('.json'))
    .map((each) => relative(folder, join(each.parentPath, each.name)))
    .filter((path) => !path.startsWith('.prometeu/'))
    .sort();
}

// biome-ignore lint/suspicious/noExplicitAny: documents of several shapes
function document(path: string): any {
  return JSON.parse(readFileSync(join(ASSETS, path), 'utf8'));
}

it('make.mjs makes the committed files, byte for byte', () => {
  const made = newFolder();
  execFileSync(process.execPath, [join(PROJECT, 'make.mjs'), made]);
  expect(filesBelow(made)).toEqual(filesBelow(ASSETS));
  for (const path of filesBelow(made)) {
    expect(readFileSync(join(made, path)).equals(readFileSync(join(ASSETS, path))), path).toBe(true);
  }
});

it('the registry and the declarations belong together', () => {
  const { assets, next_asset_id: next } = document('.prometeu/index.json');
  expect(next).toBe(assets.length + 1);
  for (const { root, asset_uuid: uuid } of assets) {
    const { inputs, ...anchor } = document(`${root}/asset.json`);
    expect(anchor.asset_uuid, root).toBe(uuid);
    const listed = Object.values<string[]>(inputs).flat().sort();
    expect(listed, root).toEqual(filesBelow(join(ASSETS, root)));
  }
});

it('the glyph bank is encoded without a word', async () => {
  const root = 'sprites/garden';
  const { build, inputs } = document(`${root}/asset.json`);
  const files = (paths: readonly string[]) =>
    Object.fromEntries(paths.map((path) => [path, readFileSync(join(ASSETS, root, path))]));
  const { bank, diagnostics } = await encodeGlyph({
    build: {
      tileSize: build.tile_size,
      tiles: build.tiles.map(({ first_index: firstIndex, ...rest }: { first_index?: number; input: string }) => ({
        ...rest,
        ...(firstIndex !== undefined && { firstIndex }),
      })),
      palettes: build.palettes.map((each: object) => ({ colors: [], ...each })),
    },
    tiles: files(inputs.tiles),
    palettes: files(inputs.palettes),
  });
  expect(diagnostics).toEqual([]);
  expect(bank?.metadata).toMatchObject({ tile_size: 8, palette_authored: 2 });
  const colours = build.palettes[0].colors.map((text: string) => Number.parseInt(text.slice(1), 16));
  expect(paletteColours(openPng(readFileSync(join(ASSETS, root, 'tiles.png'))))).toEqual(colours);
});
