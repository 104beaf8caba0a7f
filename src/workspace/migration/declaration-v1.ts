/** `asset.json` of version 1 as version 2 has it. Touches no file. */
import type { Tree } from '../../codec/json-tree.js';
import { type ErrorCode, Phrase } from '../../errors.js';
import type { FieldReader } from '../../plan/fields.js';
import { AssetDeclarationSchema, OutputSchema } from '../../schema/gen/assets_pa/workspace/v1/workspace_pb.js';
import type { DocumentReport } from '../document-report.js';
import { DECLARATION } from '../surfaces.js';
import type { PreloadState } from './preload-v1.js';

/** Words of version 1 and what they are now. */
const TYPES: Words = { tile_bank: 'glyph_bank', sound_bank: 'sound_bank', scene_bank: 'scene_bank' };
const FORMATS: Words = {
  'TILES/indexed_v1': 'GLYPH/indexed_v1',
  'SOUND/raw_v1': 'SOUND/raw_v1',
  'SCENE/raw_v1': 'SCENE/raw_v1',
};
const CODECS: Words = { RAW: 'NONE' };

type Words = { readonly [before: string]: string };

/** What a word of version 1 is called in this version; undefined where it never was one, or did not change. */
export function replacementOf(member: 'type' | 'format', word: string): string | undefined {
  const words = member === 'type' ? TYPES : FORMATS;
  const now = Object.hasOwn(words, word) ? words[word] : undefined;
  return now === word ? undefined : now;
}

/**
 * Migrates a declaration. Only what differs between the versions is judged here; the rest is judged as version 2.
 *
 * @param preloadOf What the registry says of an asset of this name: version 1 had it there.
 * @param report Receives `DECLARATION_INVALID`, `OUTPUT_CONTRACT`, `CODEC_UNKNOWN`.
 * @returns Undefined when something is wrong.
 */
export function declarationFromV1(
  tree: Tree,
  preloadOf: (name: string) => PreloadState,
  fields: FieldReader,
  report: DocumentReport,
): Tree | undefined {
  const before = report.errors;
  const hints = { preload: 'version 1 has it in the registry; or write version 2' };
  const read = fields.read(tree, AssetDeclarationSchema, '', { extras: ['$schema'], hints });
  const word = (words: Words, found: string, code: ErrorCode, pointer: string) => {
    if (Object.hasOwn(words, found)) return words[found] as string;
    const old = Object.keys(words).find((each) => words[each] === found);
    report.at(code, pointer, {
      what: `no such ${pointer.slice(pointer.lastIndexOf('/') + 1)} in version 1`,
      expected: new Phrase(Object.keys(words).join(', ')),
      actual: found,
      ...(old !== undefined && { hint: `${found} is of version 2: write ${old}, or the whole document in version 2` }),
    });
    return found;
  };
  const output = (value: unknown): Tree => {
    const { fields: members } = fields.read(value, OutputSchema, '/output') ?? { fields: {} };
    return mapped(members, (name, each) => {
      if (name === 'format') return word(FORMATS, each as string, 'OUTPUT_CONTRACT', '/output/format');
      return name === 'codec' ? word(CODECS, each as string, 'CODEC_UNKNOWN', '/output/codec') : each;
    });
  };
  const document = mapped(read?.fields ?? {}, (name, each) => {
    if (name === 'schema_version') return DECLARATION.version;
    if (name === 'type') return word(TYPES, each as string, DECLARATION.invalid, '/type');
    return name === 'output' ? output(each) : each;
  });
  if (report.errors > before) return undefined;
  const { name } = document;
  const preload = typeof name === 'string' ? preloadOf(name) : { enabled: false };
  return withPreload(document, { ...preload });
}

/** The members that are there, each as `change` has it, in their order. */
function mapped(
  members: { readonly [name: string]: unknown },
  change: (name: string, value: Tree) => Tree,
): { [name: string]: Tree } {
  const known = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, change(name, value as Tree)]));
}

/** `preload` after `output`, where people look for it. */
function withPreload(document: { [name: string]: Tree }, preload: Tree): Tree {
  const entries = Object.entries(document);
  const at = entries.findIndex(([name]) => name === 'output') + 1;
  return Object.fromEntries(entries.toSpliced(at === 0 ? entries.length : at, 0, ['preload', preload]));
}

/** The text of a migrated document, as people edit it. */
export function documentText(tree: Tree): string {
  return `${JSON.stringify(tree, null, 2)}\n`;
}
