/** Artifacts and their pages, made as a user makes them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AssetInput, packAssets, toMemory } from '../../src/index.js';
import { run } from '../support/cli-runs.js';
import { noise } from '../support/packing.js';

/** The bytes of an artifact. */
export async function artifactOf(assets: readonly AssetInput[], alignment = 1): Promise<Uint8Array> {
  const sink = toMemory();
  await packAssets({ schemaVersion: 1, layout: { alignment }, assets }, sink);
  return sink.bytes;
}

/** Writes an artifact into a folder and makes its page; the page's path. */
export function inspectPage(folder: string, bytes: Uint8Array, name = 'assets.pa'): Promise<string> {
  writeFileSync(join(folder, name), bytes);
  return makePage(folder, ['inspect', name], [0, 1]);
}

/** Writes two artifacts into a folder and makes the page about both; the page's path. */
export function diffPage(folder: string, a: Uint8Array, b: Uint8Array): Promise<string> {
  writeFileSync(join(folder, 'a.pa'), a);
  writeFileSync(join(folder, 'b.pa'), b);
  return makePage(folder, ['diff', 'a.pa', 'b.pa'], [0, 1]);
}

async function makePage(folder: string, command: readonly string[], statuses: readonly number[]): Promise<string> {
  const page = join(folder, `${command[0]}.html`);
  const { code, stderr } = await run([...command, '--quiet', '--html', page], { cwd: folder });
  if (!statuses.includes(code ?? -1)) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`);
  return page;
}

/** A sheet of a glyph bank. */
export function glyph(assetId: number, assetName: string, side: number): AssetInput {
  const metadata = { width: side, height: side, tile_size: 16, palette_count: 64 };
  return {
    assetId,
    assetName,
    bankType: 'GLYPH',
    metadata,
    inline: noise((side * side) / 2 + 2048, assetId),
    decodedSize: side * side + 2048,
  };
}

/** An asset of a bank without a rule. */
export function plain(
  assetId: number,
  assetName: string,
  bankType: 'SOUNDS' | 'SCENE',
  size: number,
  more: Partial<AssetInput> = {},
): AssetInput {
  return { assetId, assetName, bankType, inline: noise(size, assetId), ...more };
}

const PLACES = ['forest', 'harbour', 'mines', 'tower', 'village'];

/** The assets of a small game. */
export function gameAssets(): AssetInput[] {
  const assets: AssetInput[] = [];
  let id = 1;
  for (const [i, place] of PLACES.entries()) {
    assets.push(glyph(id, `levels/${place}/tiles`, 256));
    assets.push(glyph(id + 1, `levels/${place}/objects`, 128));
    for (let room = 1; room <= 3; room += 1) {
      const metadata = { width: 40 + 8 * room, height: 30, music: `music/${place}` };
      assets.push(plain(id + 1 + room, `levels/${place}/room-${room}`, 'SCENE', 2_400 * room + 700 * i, { metadata }));
    }
    const metadata = { rate: 22_050, channels: 1, loop: true };
    const preload = i === 0 ? { preload: { slot: 0 } } : {};
    assets.push(plain(id + 5, `music/${place}`, 'SOUNDS', 48_000 + 9_000 * i, { metadata, ...preload }));
    id += 7;
  }
  for (const [i, name] of ['jump', 'land', 'coin', 'door', 'splash', 'step-grass', 'step-stone'].entries()) {
    assets.push(plain(id + i, `effects/${name}`, 'SOUNDS', 1_800 + 900 * i, { preload: {} }));
  }
  id += 10;
  for (const [i, name] of ['hero', 'ferryman', 'miner', 'guard', 'cat', 'crow'].entries()) {
    assets.push(glyph(id + i, `characters/${name}/sheet`, i === 0 ? 256 : 64));
  }
  id += 8;
  for (const name of ['title', 'inventory', 'dialogue', 'credits']) {
    assets.push(plain(id, `menus/${name}`, 'SCENE', 640));
    id += 1;
  }
  assets.push(glyph(id, 'fonts/body', 128), glyph(id + 1, 'fonts/title', 256));
  return assets;
}

/** The same game later: something of every kind has happened to it. */
export function laterAssets(): AssetInput[] {
  const assets = gameAssets().filter(({ assetName }) => assetName !== 'levels/mines/room-2');
  const changed = assets.map((asset): AssetInput => {
    if (asset.assetName === 'levels/forest/room-2') return { ...asset, metadata: { ...asset.metadata, height: 32 } };
    if (asset.assetName === 'music/harbour') return { ...asset, inline: noise(61_440, 99) };
    if (asset.assetName === 'levels/village/tiles') return { ...asset, inline: patched(asset.inline as Uint8Array) };
    return asset;
  });
  return [...changed, plain(200, 'music/credits', 'SOUNDS', 36_000, { metadata: { rate: 22_050 } })];
}

function patched(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.set([1, 2, 3, 4], 1_000);
  copy.set([5, 6], 1_030);
  return copy;
}
