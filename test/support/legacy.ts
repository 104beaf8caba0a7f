/** The prepared project of version 1, and what it has to become. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Members, registry, uuid } from './workspace.js';

const LEGACY = fileURLToPath(new URL('../workspace/legacy', import.meta.url));
/** The same project in version 2. */
export const CURRENT: string = fileURLToPath(new URL('../../docs/example/project', import.meta.url));

/** Its documents, below the project. */
export const DOCUMENTS = [
  'assets/sprites/garden/asset.json',
  'assets/sounds/chime/asset.json',
  'assets/scenes/garden/asset.json',
  'assets/.prometeu/index.json',
] as const;

/** Copies the project of version 1 to a folder. */
export function copyLegacy(folder: string): string {
  cpSync(join(LEGACY, 'assets'), join(folder, 'assets'), { recursive: true });
  return folder;
}

/** The documents of a project, each as its text. */
export function textsOf(project: string, documents: readonly string[] = DOCUMENTS): string[] {
  return documents.map((path) => readFileSync(join(project, path), 'utf8'));
}

/** The documents of a project, each as what it says. */
export function documentsOf(project: string): unknown[] {
  return textsOf(project).map((text) => JSON.parse(text) as unknown);
}

/** An `asset.json` of version 1 of a sound with the file `a.pcm`. */
export function soundV1(n: number, members: Members = {}, output: Members = {}): Members {
  return {
    schema_version: 1,
    asset_uuid: uuid(n),
    name: `sound-${n}`,
    type: 'sound_bank',
    inputs: { payload: ['a.pcm'] },
    output: { format: 'SOUND/raw_v1', codec: 'RAW', decoded_size: 3, ...output },
    ...members,
  };
}

/** A line of a registry of version 1. */
export function entryV1(n: number, root: string, members: Members = {}): Members {
  return { asset_id: n, asset_uuid: uuid(n), root, managed: true, ...members };
}

/** A registry of version 1. */
export function registryV1(entries: readonly Members[], preload?: readonly Members[], members: Members = {}): Members {
  return registry(entries, { schema_version: 1, ...(preload && { preload }), ...members });
}
