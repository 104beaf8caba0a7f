/**
 * Makes the vector set: writes every file and the manifest from the cases. Nothing here comes from the packer.
 *
 *     tsx spec-vectors/build.ts            writes
 *     tsx spec-vectors/build.ts --check    writes nothing; exits 1 when a file is missing, stale or left over
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import xxhash from 'xxhash-wasm';
import { cases as accepts } from './cases/accept.ts';
import { canonicalJsonFiles } from './cases/canonical-json.ts';
import { cases as rejectsBank } from './cases/reject-bank.ts';
import { cases as rejectsEnvelope } from './cases/reject-envelope.ts';
import { cases as rejectsHeader } from './cases/reject-header.ts';
import { cases as rejectsPreload } from './cases/reject-preload.ts';
import { cases as rejectsTable } from './cases/reject-table.ts';
import { type AcceptCase, CLASSES, FLAGS, type RejectCase, type RuntimeExpectation } from './vector.ts';

const { h64Raw } = await xxhash();
const FOLDER = import.meta.dirname;

/** Version of the manifest's own format. */
const MANIFEST_VERSION = 1;
/** Version of the envelope that the vectors cover. */
const ENVELOPE_VERSION = 1;

const rejects: readonly RejectCase[] = [
  ...rejectsEnvelope,
  ...rejectsHeader,
  ...rejectsTable,
  ...rejectsBank,
  ...rejectsPreload,
];

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function xxh64(bytes: Uint8Array): string {
  return h64Raw(bytes).toString(16).padStart(16, '0');
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The files of the vector set by path. */
export function files(): Map<string, string | Uint8Array> {
  const all = new Map<string, string | Uint8Array>();
  const put = (path: string, content: string | Uint8Array): void => {
    if (all.has(path)) throw new Error(`two vectors are called ${path}`);
    all.set(path, content);
  };
  const vectors: object[] = [];
  for (const each of accepts) {
    const base = `v1/accept/${each.name}`;
    put(`${base}.pa`, each.bytes);
    put(`${base}.expected.json`, json(expectedOf(each)));
    if (each.plan !== undefined) put(`${base}.plan.json`, json(each.plan));
    const plan = each.plan === undefined ? {} : { plan: `${base}.plan.json` };
    const verdicts = { runtime: { verdict: 'accept' }, strict: { verdict: 'accept' } };
    vectors.push(vectorOf(`${base}.pa`, each, { ...verdicts, expected: `${base}.expected.json`, ...plan }));
  }
  for (const each of rejects) {
    const path = `v1/reject/${each.code}--${each.what}.pa`;
    put(path, each.bytes);
    const strict = { verdict: 'reject', code: each.code, where: each.where };
    vectors.push(vectorOf(path, each, { runtime: runtimeOf(each.runtime), strict }));
  }
  for (const [path, content] of canonicalJsonFiles()) put(`canonical-json/${path}`, content);
  put('manifest.json', json(manifestOf(vectors)));
  return all;
}

function vectorOf(file: string, { title, clauses, flags, bytes }: AcceptCase | RejectCase, rest: object): object {
  const id = file.slice('v1/'.length, -'.pa'.length);
  const digests = { size: bytes.length, sha256: sha256(bytes), xxh64: xxh64(bytes) };
  return { id, file, title, clauses, flags, ...rest, ...digests };
}

function runtimeOf(expectation: RuntimeExpectation): object {
  if (expectation === 'accept' || expectation === 'unspecified') return { verdict: expectation };
  return { verdict: 'reject', classes: typeof expectation === 'string' ? [expectation] : expectation };
}

/** What a reader finds in an accepted file. */
function expectedOf({ bytes, expected }: AcceptCase): object {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const slices = expected.slices.map((slice, i) => ({
    asset_id: (expected.asset_table[i] as { asset_id: number }).asset_id,
    size: slice.length,
    xxh64: xxh64(slice),
  }));
  return {
    prelude: {
      magic: 'ASPA',
      schema_version: view.getUint32(4, true),
      header_len: view.getUint32(8, true),
      payload_offset: Number(view.getBigUint64(12, true)),
      flags: view.getUint32(20, true),
      reserved: view.getUint32(24, true),
      header_checksum: view.getUint32(28, true),
    },
    asset_table: expected.asset_table,
    preload: expected.preload,
    slices,
  };
}

function manifestOf(vectors: readonly object[]): object {
  const counts: Record<string, number> = { total: vectors.length, accept: 0, reject: 0, unspecified: 0 };
  for (const name of Object.keys(CLASSES)) counts[name] = 0;
  for (const { runtime } of vectors as { runtime: { verdict: string; classes?: string[] } }[]) {
    counts[runtime.verdict] = (counts[runtime.verdict] ?? 0) + 1;
    const first = runtime.classes?.[0];
    if (first !== undefined) counts[first] = (counts[first] ?? 0) + 1;
  }
  return {
    $schema: './manifest.schema.json',
    manifest_version: MANIFEST_VERSION,
    envelope_version: ENVELOPE_VERSION,
    license: 'CC0-1.0',
    classes: CLASSES,
    flags: FLAGS,
    counts,
    vectors,
  };
}

/** What differs between the folder and what the cases say. */
export function staleFiles(): string[] {
  const wanted = files();
  const stale = [...wanted].filter(([path, content]) => {
    const file = join(FOLDER, path);
    return !existsSync(file) || !readFileSync(file).equals(Buffer.from(content as Uint8Array));
  });
  return [...stale.map(([path]) => path), ...leftOver(wanted)];
}

/** Files in the generated folders that no case makes. */
function leftOver(wanted: ReadonlyMap<string, unknown>): string[] {
  return ['v1', 'canonical-json'].flatMap((folder) => {
    if (!existsSync(join(FOLDER, folder))) return [];
    const found = readdirSync(join(FOLDER, folder), { recursive: true, withFileTypes: true });
    return found
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name).slice(FOLDER.length + 1))
      .filter((path) => !wanted.has(path));
  });
}

function write(): void {
  for (const path of leftOver(files())) rmSync(join(FOLDER, path));
  for (const [path, content] of files()) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), content);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) write();
  else {
    const stale = staleFiles();
    for (const path of stale) process.stderr.write(`stale: spec-vectors/${path}\n`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  }
}
