/**
 * Compiles `spec-vectors/assets_pa.ksy` to parsers in JavaScript and Python.
 *
 *     tsx test/kaitai/compile.ts FOLDER
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';

const KSY = resolve(import.meta.dirname, '../../spec-vectors/assets_pa.ksy');

/** What the compiler's packages export; they bring no types. */
interface Compiler {
  compile(language: string, ksy: object, importer: null, debug: boolean): Promise<Record<string, string>>;
}

const require = createRequire(import.meta.url);
const newest = require('kaitai-struct-compiler') as Compiler;
// Debian's runtime for Python is 0.10, and refuses parsers that a newer compiler made.
const Compiler10 = require('kaitai-struct-compiler-0.10') as new () => Compiler;

/** Writes `AssetsPa.cjs` and `assets_pa.py`. */
export async function compileTo(folder: string): Promise<void> {
  const ksy = parse(readFileSync(KSY, 'utf8')) as object;
  mkdirSync(folder, { recursive: true });
  for (const [compiler, language] of [[newest, 'javascript'] as const, [new Compiler10(), 'python'] as const]) {
    for (const [name, text] of Object.entries(await compiler.compile(language, ksy, null, false))) {
      writeFileSync(join(folder, name.replace(/\.js$/, '.cjs')), text);
    }
  }
}

const [, program = '', folder] = process.argv;
if (import.meta.url === pathToFileURL(program).href && folder !== undefined) await compileTo(folder);
