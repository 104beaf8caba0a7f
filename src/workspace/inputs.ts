/** The inputs of one asset: found, frozen, and put into a bank. */
import { AssetsPaError, bytesPhrase, type Diagnostic, diagnostic } from '../errors.js';
import type { LocatedFile } from '../host/source-file.js';
import type { EncodedBank } from './bank-encoder.js';
import { type Cache, cacheKey } from './cache.js';
import { type Declaration, OUTSIDE } from './declaration.js';
import type { DocumentReport } from './document-report.js';
import { ENCODED_INPUT_MAX_BYTES, WORKSPACE } from './layout.js';
import type { ReadyAsset, WorkspaceAsset } from './registered.js';
import type { FrozenFile, Snapshot } from './snapshot.js';

/** An input as it is declared and as it was frozen. */
export interface FrozenInput {
  readonly role: string;
  /** Relative to the asset root. */
  readonly path: string;
  /** Into `asset.json`. */
  readonly pointer: string;
  readonly file: FrozenFile;
}

/** A bank, and whether the cache had it. */
export interface MadeBank {
  readonly bank: EncodedBank;
  readonly isReused: boolean;
}

/**
 * Freezes the inputs of an asset.
 *
 * @returns Undefined when one of them cannot be read: reported.
 */
export async function freezeInputs(
  { entry, report }: WorkspaceAsset,
  { declaration }: ReadyAsset,
  snapshot: Snapshot,
): Promise<FrozenInput[] | undefined> {
  const frozen: FrozenInput[] = [];
  const before = report.errors;
  for (const [role, paths] of declaration.inputs) {
    for (const [i, path] of paths.entries()) {
      const pointer = `/inputs/${role}/${i}`;
      try {
        const name = `${WORKSPACE}/${entry.root}/${path}`;
        if (!isRaw(declaration) && isTooLarge(await snapshot.locate(name), pointer, report)) continue;
        frozen.push({ role, path, pointer, file: await snapshot.freeze(name) });
      } catch (error) {
        if (!(error instanceof AssetsPaError) || error.code === 'INTERRUPTED') throw error;
        for (const each of error.diagnostics) report.add(inputFault(each, pointer, path));
      }
    }
  }
  return report.errors === before ? frozen : undefined;
}

/** What the plan's rules say of a file, in the words of a workspace. */
function inputFault(each: Diagnostic, pointer: string, path: string): Diagnostic {
  const where = { pointer };
  if (each.code === 'SOURCE_NOT_FOUND') {
    return diagnostic('INPUT_MISSING', { what: 'there is no such input file', actual: path, where });
  }
  if (each.code === 'SOURCE_OUTSIDE_ROOT') {
    return diagnostic('SOURCE_OUTSIDE_ROOT', { what: OUTSIDE, actual: path, where });
  }
  const { hint: _, ...rest } = each;
  return { ...rest, where };
}

/**
 * Makes the bank of an asset: from the cache, or by its encoder.
 *
 * @returns Undefined when something is wrong with the inputs: reported.
 */
export async function makeBank(
  { report }: WorkspaceAsset,
  { declaration, encoder }: ReadyAsset,
  inputs: readonly FrozenInput[],
  { snapshot, cache }: { readonly snapshot: Snapshot; readonly cache: Cache },
): Promise<MadeBank | undefined> {
  const { build, output } = declaration;
  const { metadata, decodedSize } = output;
  const key = isRaw(declaration) ? undefined : cacheKey({ encoder, build, metadata, inputs });
  const cached = key === undefined ? undefined : await cache.find(key);
  if (cached !== undefined) {
    for (const each of cached.warnings) report.add(each);
    return { bank: cached, isReused: true };
  }
  const found: Diagnostic[] = [];
  const byPath = new Map(inputs.map((each) => [each.path, each.file]));
  const bank = await encoder.encode({
    build,
    inputs: declaration.inputs,
    metadata,
    decodedSize,
    read: (path) => readInput(snapshot, byPath, path),
    report: (code, parts) => found.push(diagnostic(code, parts)),
  });
  for (const each of found) report.add(each);
  if (bank === undefined || found.some(({ severity }) => severity === 'error')) return undefined;
  const { payload } = bank;
  if (key !== undefined && payload instanceof Uint8Array) await cache.store(key, { ...bank, payload, warnings: found });
  return { bank, isReused: false };
}

/** A raw bank is its input: it may be of any size, and there is nothing to keep. */
function isRaw({ output }: Declaration): boolean {
  return output.decodedSize !== undefined;
}

/** Whether an input is more than an encoder reads: reported. */
function isTooLarge({ size }: LocatedFile, pointer: string, report: DocumentReport): boolean {
  if (size <= ENCODED_INPUT_MAX_BYTES) return false;
  report.at('INPUT_TOO_LARGE', pointer, {
    what: 'the file is larger than any of its kind may be',
    expected: bytesPhrase(ENCODED_INPUT_MAX_BYTES, 'at most '),
    actual: bytesPhrase(size),
    hint: 'make the file smaller',
  });
  return true;
}

async function readInput(
  snapshot: Snapshot,
  byPath: ReadonlyMap<string, FrozenFile>,
  path: string,
): Promise<Uint8Array> {
  const file = byPath.get(path);
  if (file === undefined) throw new Error(`an encoder asked for "${path}", which is no input`);
  return snapshot.read(file);
}
