/** Ways to make the real code find a fault: artifacts, plans, trees, ids files and outputs that are wrong in one respect. */
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifact, counting, entry, header, utf8, zeros } from '../../spec-vectors/compose.ts';
import { comparePlan, readPlanFile } from '../../src/cli/verify-plan.js';
import { decodeHeader, encodeHeader } from '../../src/codec/header.js';
import type { Diagnostic } from '../../src/errors.js';
import type { AssetEntry, JsonObject } from '../../src/format.js';
import { type FileSystem, nodeFileSystem } from '../../src/host/fs.js';
import { Interruption } from '../../src/host/interruption.js';
import { readIds } from '../../src/plan/ids.js';
import { type MakePlanOptions, makePlan } from '../../src/plan/make-plan.js';
import type { AssetInput, PlanInput } from '../../src/plan/model.js';
import { withArtifact } from '../../src/read/artifact.js';
import { extractPayloads } from '../../src/read/extract.js';
import { readArtifact } from '../../src/read/scan.js';
import { verifyArtifact } from '../../src/read/verify.js';
import { VectorSet } from '../../src/vectors/manifest.js';
import { toDirectory } from '../../src/write/output-directory.js';
import { type PackOptions, packAssets } from '../../src/write/pack.js';
import { type Sink, toMemory } from '../../src/write/sink.js';
import { gate, asset as input, planOf } from './packing.js';
import { type Files, write } from './plan-folders.js';
import { asset, nestObjects, plan, type RawMembers } from './plan-text.js';
import * as wire from './plan-wire.js';
import { type Call, Watch } from './watched-fs.js';

/** Makes a fault in an empty folder: throws it, or gives what carries it. */
export type Provoke = (folder: string) => unknown;

/** Opens a file; the one place that knows how that is done. */
export async function judged(path: string): Promise<{ diagnostics: readonly Diagnostic[] }> {
  const { report } = await readArtifact(path);
  return { diagnostics: report.list };
}

/** Opens a file of these bytes. */
export function opened(bytes: Uint8Array): Provoke {
  return (folder) => {
    const path = join(folder, 'assets.pa');
    writeFileSync(path, bytes);
    return judged(path);
  };
}

/** A right file of one payload of 4 bytes, but for the parts given. */
export function file(parts: Partial<Parameters<typeof artifact>[0]> = {}): Uint8Array {
  return artifact({ header: header([entry()]), region: counting(4), ...parts });
}

/** Opens a file of one entry and its payload. */
export function openedEntry(members: Parameters<typeof entry>[0]): Provoke {
  return opened(file({ header: header([entry(members)]) }));
}

/** Opens a file of the entries 1, 2, ..., all of them empty, with these preload entries. */
export function openedPreload(count: number, ...preload: string[]): Provoke {
  const entries = Array.from({ length: count }, (_, i) => emptyEntry(i + 1));
  return opened(artifact({ header: header(entries, preload) }));
}

/** An entry of an empty payload, named after its id. */
export function emptyEntry(id: number, members: Parameters<typeof entry>[0] = {}): string {
  return entry({ asset_id: `${id}`, asset_name: `"a${id}"`, decoded_size: '0', size: '0', ...members });
}

/** Decodes a header. */
export function decoded(text: string): Provoke {
  return () => decodeHeader(utf8(text));
}

/** A right entry. */
export const RIGHT: AssetEntry = {
  assetId: 1,
  assetName: 'a',
  bankType: 'SOUNDS',
  codec: 'NONE',
  decodedSize: 0,
  metadata: {},
  offset: 0,
  size: 0,
};

/** Encodes a header of one entry. */
export function encoded(members: Partial<AssetEntry>): Provoke {
  return () => encodeHeader({ assetTable: [{ ...RIGHT, ...members }], preload: [] });
}

/** The metadata of a GLYPH bank of one tile. */
export const GLYPH = { tile_size: 8, width: 8, height: 8, palette_count: 64 };

/** Opens a file of one GLYPH bank of one tile, but for the members given; an undefined one is left out. */
export function glyph(metadata: { readonly [name: string]: number | undefined }, members: object = {}): Provoke {
  const sizes = { size: '2080', decoded_size: '2112' };
  const text = JSON.stringify(Object.fromEntries(Object.entries({ ...GLYPH, ...metadata }).sort()));
  const entries = [entry({ bank_type: '"GLYPH"', metadata: text, ...sizes, ...members })];
  return opened(artifact({ header: header(entries), region: zeros(2_080) }));
}

/** Packs a plan that has no payload files. */
export function packed(document: string | Uint8Array | PlanInput, options: PackOptions = {}): Provoke {
  const bytes = typeof document === 'string' ? utf8(document) : document;
  return (folder) => packAssets(bytes, toMemory(), { folder, ...options });
}

/** Packs one asset of a JSON plan. */
export function packedMembers(members: RawMembers): Provoke {
  return packed(plan(asset(1, members)));
}

/** Packs one asset of a program's plan, after the folder was prepared. */
export function packedInput(members: Partial<AssetInput>, prepare: (folder: string) => void = () => {}): Provoke {
  return (folder) => {
    prepare(folder);
    return packAssets(planOf(input(7, members)), toMemory(), { folder });
  };
}

/** Packs one file; something happens before the first call of an operation on it. */
export function packedWhile(operation: Call['operation'], happens: (path: string) => void): Provoke {
  return (folder) => {
    const path = join(folder, 'a.bin');
    writeFileSync(path, 'payload');
    utimesSync(path, 0, 0);
    let isDone = false;
    const before = (call: Call) => {
      if (isDone || call.operation !== operation || !call.path.endsWith('a.bin')) return;
      isDone = true;
      happens(path);
    };
    const fs = new Watch({ before }).fileSystem();
    return packAssets(planOf(input(7, { file: 'a.bin' })), toMemory(), { folder, fs });
  };
}

/** An error as Node makes them from what the system said. */
export function system(message: string): Error {
  return Object.assign(new Error(message), { code: message.split(':')[0] });
}

/** Yields bytes, then fails. */
export async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  yield counting(3);
  throw error;
}

/** Packs one empty asset into a sink. */
export function published(sinkIn: (folder: string) => Sink, options: PackOptions = {}): Provoke {
  return (folder) => packAssets(planOf(input(1, { inline: utf8('') })), sinkIn(folder), { folder, ...options });
}

/** Every file of a tree is a sound. */
export const SOUNDS = { banks: [{ glob: '**', bankType: 'SOUNDS' }] };

/** Makes a plan of a folder with these files. */
export function planned(files: Files, options: MakePlanOptions = SOUNDS): Provoke {
  return (folder) => {
    write(folder, files);
    return makePlan(folder, options);
  };
}

/** Makes a plan of one sound with this sidecar. */
export function withSidecar(sidecar: string | Uint8Array | object): Provoke {
  return planned({ 'a.pcm': '', 'a.pcm.asset.json': sidecar });
}

/** Reads an ids file. */
export function ids(text: string): Provoke {
  return () => readIds(utf8(text), 'ids.json');
}

/** Reads an ids file of these assets, with 3 as the next id. */
export function idsOf(...assets: object[]): Provoke {
  return ids(JSON.stringify({ schema_version: 1, next_id: 3, assets }));
}

/** Runs something while a pack into the folder `out` waits for its payload. */
export async function whilePacking(folder: string, work: (out: string) => Promise<unknown>): Promise<unknown> {
  const out = join(folder, 'out');
  const [begun, released] = [gate(), gate()];
  async function* stream(): AsyncGenerator<Uint8Array> {
    begun.open();
    await released.passed;
    yield counting(4);
  }
  const first = packAssets(planOf(input(1, { stream: stream(), size: 4 })), toDirectory(out));
  await begun.passed;
  try {
    return await work(out);
  } finally {
    released.open();
    await first;
  }
}

/** An object of `levels` nested objects. */
export function nested(levels: number): JsonObject {
  return JSON.parse(nestObjects(levels)) as JsonObject;
}

const LEAST = [wire.assetId(1), wire.assetName('a'), wire.bankType('SOUNDS'), wire.inline(new Uint8Array())];

/** Packs a binary plan of one asset with more fields. */
export function packedFields(...fields: Uint8Array[]): Provoke {
  return packed(wire.message(wire.schemaVersion(1), wire.asset(...LEAST, ...fields)));
}

/** Opens a vector set with this manifest. */
export function manifest(text: string): Provoke {
  return (folder) => {
    writeFileSync(join(folder, 'manifest.json'), text);
    return VectorSet.open(nodeFileSystem, folder);
  };
}

/** The machine's file system, but that every folder holds one file of this name. */
export function listing(name: Uint8Array): FileSystem {
  const file = { name, isFile: () => true, isDirectory: () => false, isSymbolicLink: () => false };
  return { ...nodeFileSystem, readdir: async () => [file] };
}

/** Packs a SCENE of two bytes and an empty sound, and verifies the outputs after something was done to them. */
export function verified(change: (folder: string) => void): Provoke {
  return async (folder) => {
    const scene = input(7, { bankType: 'SCENE', inline: counting(2), preload: {} });
    await packAssets(planOf(scene, input(9, { inline: counting(0) })), toDirectory(folder));
    change(folder);
    return verifyArtifact(join(folder, 'assets.pa'), { companions: folder });
  };
}

/** Changes a text in a file of a folder. */
export function edited(name: string, from: string | RegExp, to: string): (folder: string) => void {
  return (folder) => {
    const text = readFileSync(join(folder, name), 'latin1');
    writeFileSync(join(folder, name), text.replace(from, to), 'latin1');
  };
}

/** Packs one plan and holds the artifact against another. */
export function against(packedPlan: string, otherPlan: string): Provoke {
  return async (folder) => {
    const path = join(folder, 'plan.json');
    await packAssets(utf8(packedPlan), toDirectory(folder));
    writeFileSync(path, otherPlan);
    return withArtifact(join(folder, 'assets.pa'), nodeFileSystem, async (artifact) => {
      const planFile = await readPlanFile(path, {});
      await comparePlan(artifact, planFile, { signal: new AbortController().signal, onProgress: () => {} });
      return { diagnostics: artifact.report.list };
    });
  };
}

/** Extracts the payload of an asset that is called `a`, after the folder was prepared. */
export function extracted(prepare: (folder: string) => void, overwrite = false, fs = nodeFileSystem): Provoke {
  return async (folder) => {
    writeFileSync(join(folder, 'assets.pa'), file());
    prepare(folder);
    return withArtifact(join(folder, 'assets.pa'), nodeFileSystem, (artifact) =>
      extractPayloads(artifact, {
        fs,
        folder,
        overwrite,
        interruption: new Interruption(undefined),
        onBytes: () => {},
      }),
    );
  };
}
