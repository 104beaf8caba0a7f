/** Projects as data, and ways to make the real code find what is wrong with one. */
import type { Diagnostic } from '../../src/errors.js';
import { packAssets, toMemory } from '../../src/index.js';
import type { BankEncoder } from '../../src/workspace/bank-encoder.js';
import { ENCODERS } from '../../src/workspace/encoders.js';
import { type PrepareOptions, prepareBuild } from '../../src/workspace/prepare.js';
import { type Files, write } from './plan-folders.js';
import type { Provoke } from './provoke.js';

/** The uuid of the n-th asset. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Members of a document; an undefined one is left out, one below `output` or `preload` replaces its like. */
export type Members = { readonly [member: string]: unknown };

/** An `asset.json` of a sound with the file `a.pcm` of three bytes. */
export function sound(n: number, members: Members = {}, output: Members = {}): Members {
  return {
    schema_version: 2,
    asset_uuid: uuid(n),
    name: `sound-${n}`,
    type: 'sound_bank',
    inputs: { payload: ['a.pcm'] },
    output: { format: 'SOUND/raw_v1', codec: 'NONE', decoded_size: 3, ...output },
    preload: { enabled: false },
    ...members,
  };
}

/** An `asset.json` of a glyph bank with the file `a.png`. */
export function glyphs(n: number, members: Members = {}, output: Members = {}): Members {
  return {
    ...sound(n, {
      type: 'glyph_bank',
      inputs: { tiles: ['a.png'] },
      output: { format: 'GLYPH/indexed_v1', codec: 'NONE', ...output },
    }),
    ...members,
  };
}

/** A line of the registry. */
export function entry(n: number, root: string, members: Members = {}): Members {
  return { asset_id: n, asset_uuid: uuid(n), root, included_in_build: true, ...members };
}

/** A registry. */
export function registry(entries: readonly Members[], members: Members = {}): Members {
  return { schema_version: 2, next_asset_id: entries.length + 1, assets: entries, ...members };
}

/** The registry of a project. */
export const INDEX = 'assets/.prometeu/index.json';

/** A project of one sound in `jump`, but for the files given; an undefined one is left out. */
export function project(files: { readonly [path: string]: string | Uint8Array | object | undefined } = {}): Files {
  const all = {
    [INDEX]: registry([entry(1, 'jump')]),
    'assets/jump/asset.json': sound(1),
    'assets/jump/a.pcm': 'pcm',
    ...files,
  };
  return Object.fromEntries(Object.entries(all).filter(([, content]) => content !== undefined)) as Files;
}

/** A project of sounds in the roots `s1`, `s2`, ...; contents differ. */
export function sounds(count: number, more: Files = {}): Files {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const files: { [path: string]: string | object } = {
    [INDEX]: registry(numbers.map((n) => entry(n, `s${n}`))),
  };
  for (const n of numbers) {
    files[`assets/s${n}/asset.json`] = sound(n);
    files[`assets/s${n}/a.pcm`] = String(n).padStart(3, '0');
  }
  return { ...files, ...more };
}

/** Stands in for an encoder of glyph banks: one tile from the first bytes of its inputs; a first byte `!` is warned of, `?` is refused. */
export function standIn(onEncode: () => void = () => {}): BankEncoder {
  return {
    type: 'glyph_bank',
    format: 'GLYPH/indexed_v1',
    bankType: 'GLYPH',
    version: 1,
    encode: async ({ inputs, metadata, read, report }) => {
      onEncode();
      const payload = new Uint8Array(2_080);
      let at = 0;
      for (const path of inputs.get('tiles') as readonly string[]) {
        const bytes = await read(path);
        const where = { pointer: '/inputs/tiles/0' };
        if (bytes[0] === 0x3f) {
          report('OUTPUT_CONTRACT', { what: 'no tile', where });
          return undefined;
        }
        if (bytes[0] === 0x21) report('PATH_NAMING', { what: 'a doubtful tile', where });
        payload.set(bytes.subarray(0, 8), at);
        at += 8;
      }
      const own = { tile_size: 8, width: 8, height: 8, palette_count: 64 };
      return { payload, decodedSize: 2_112, metadata: { ...metadata, ...own } };
    },
  };
}

/** The raw formats and {@link standIn}. */
export function withStandIn(onEncode?: () => void): BankEncoder[] {
  return [...ENCODERS.filter(({ type }) => type !== 'glyph_bank'), standIn(onEncode)];
}

/** Everything that is found in a project. */
export async function examine(
  folder: string,
  options: PrepareOptions = {},
): Promise<{ diagnostics: readonly Diagnostic[] }> {
  const { report } = await prepareBuild(folder, { advise: true, cache: 'off', encoders: withStandIn(), ...options });
  return { diagnostics: report.list };
}

/** Looks at a project of these files, after something was done to them. */
export function examined(
  files: { readonly [path: string]: string | Uint8Array | object | undefined },
  change: (folder: string) => void = () => {},
  options: PrepareOptions = {},
): Provoke {
  return (folder) => {
    write(folder, project(files));
    change(folder);
    return examine(folder, options);
  };
}

/** Looks at a project whose one sound has this `asset.json`. */
export function declared(document: string | Members, options: PrepareOptions = {}): Provoke {
  return examined({ 'assets/jump/asset.json': document }, () => {}, options);
}

/** Looks for nothing advisory but what is not registered. */
export const BLOCKING: PrepareOptions = { advise: false };

/** Looks at a project with this registry. */
export function registered(document: string | Members): Provoke {
  return examined({ [INDEX]: document });
}

/** The artifact of a project, by the library. */
export async function artifactOf(folder: string, options: PrepareOptions = {}): Promise<Buffer> {
  const prepared = await prepareBuild(folder, { encoders: withStandIn(), ...options });
  prepared.report.throwIfErrors();
  const sink = toMemory();
  await packAssets(prepared.plan, sink, { folder });
  return Buffer.concat([sink.bytes, ...sink.companions.values()]);
}

/** Does something in a project of these files. */
export function withProject(
  work: (folder: string) => unknown,
  files: { readonly [path: string]: string | Uint8Array | object | undefined } = {},
): Provoke {
  return (folder) => {
    write(folder, project(files));
    return work(folder);
  };
}

/** Prepares a build of the project of one sound, and asks whether the project is the same after it was changed. */
export function changedWhileBuilt(change: (folder: string) => void): Provoke {
  return withProject(async (folder) => {
    const prepared = await prepareBuild(folder, { cache: 'off' });
    change(folder);
    await prepared.revalidate();
    return prepared.report;
  });
}
