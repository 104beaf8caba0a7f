/**
 * Encodes the glyph bank of one asset root and writes a plan with its payload.
 *
 * usage: tsx bench/encode-glyph.ts ROOT OUT
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Diagnostics } from '../src/errors.js';
import { GLYPH_ENCODER } from '../src/workspace/glyph/encoder.js';

/** The members of `asset.json` that matter here. */
interface Anchor {
  readonly name: string;
  readonly inputs: { readonly [role: string]: readonly string[] };
  readonly build: {
    readonly tile_size: number;
    readonly tiles: readonly { readonly index?: number; readonly first_index?: number; readonly input: string }[];
    readonly palettes: readonly { readonly index: number; readonly colors: readonly string[] }[];
  };
}

const [root = '', out = ''] = process.argv.slice(2);
const { name, inputs, build } = JSON.parse(readFileSync(join(root, 'asset.json'), 'utf8')) as Anchor;
const report = new Diagnostics();
const start = performance.now();
const bank = await GLYPH_ENCODER.encode({
  build: {
    tileSize: build.tile_size,
    tiles: build.tiles.map(({ first_index: firstIndex, ...rest }) => ({
      ...rest,
      ...(firstIndex !== undefined && { firstIndex }),
    })),
    palettes: build.palettes,
  },
  inputs: new Map(Object.entries(inputs)),
  metadata: {},
  decodedSize: undefined,
  read: (path) => readFile(join(root, path)),
  report: (code, parts) => report.report(code, parts),
});
const elapsed = performance.now() - start;
report.throwIfErrors();
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'bank.glyph'), bank?.payload as Uint8Array);
const asset = { asset_id: 1, asset_name: name, bank_type: 'GLYPH', file: 'bank.glyph', metadata: bank?.metadata };
writeFileSync(join(out, 'plan.json'), JSON.stringify({ schema_version: 1, assets: [asset] }));
const lost = report.list.filter(({ code }) => code === 'GLYPH_COLOUR_LOSS').length;
process.stdout.write(`encoded in ${elapsed.toFixed(0)} ms; warnings: ${report.total}, ${lost} of them of RGB565\n`);
