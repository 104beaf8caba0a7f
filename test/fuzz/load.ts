/** Bundles what is fuzzed, with counters or with a fault put in, and imports it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { HITS_PROPERTY, instrument } from './instrument.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Inside `node_modules`, so that the bundle finds its packages. */
const CACHE = join(ROOT, 'node_modules/.cache/assets-pa-fuzz');

/** What is fuzzed. */
export type Subject = typeof import('./subject.ts') & {
  /** A reader's document, or how it failed to give one. */
  parseAnswer(stdout: Uint8Array, isOpen: boolean): object | string;
};

/** A text to be replaced in a file of `src/`: a fault that the oracles have to notice. */
export interface Change {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A subject with its counters. */
export interface Instrumented {
  readonly subject: Subject;
  readonly hits: Uint16Array;
  /** How many counters there are. */
  readonly blocks: number;
}

const COUNTERS_MAX = 1 << 14;

/** The subject, with a counter in every block. */
export async function loadInstrumented(): Promise<Instrumented> {
  const { code, blocks } = instrument(await bundle());
  if (blocks > COUNTERS_MAX) throw new Error(`${blocks} counters`);
  const hits = new Uint16Array(blocks);
  Object.assign(globalThis, { [HITS_PROPERTY]: hits });
  return { subject: await importText(code), hits, blocks };
}

/** The subject as it is, or with a fault. */
export async function loadSubject(change?: Change): Promise<Subject> {
  return importText(await bundle(change));
}

async function bundle(change?: Change): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'subject.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    legalComments: 'none',
    plugins: [changed(change)],
  });
  return outputFiles[0]?.text ?? '';
}

/** Exports what is judged by itself here, and puts the fault in. */
function changed(change: Change | undefined): Plugin {
  const answers = join(ROOT, 'src/vectors/conform.ts');
  return {
    name: 'changed',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        if (path === answers) contents += '\nexport { parseAnswer };\n';
        if (change !== undefined && path === join(ROOT, 'src', change.file)) contents = replaceOnce(contents, change);
        return { contents, loader: 'ts' };
      });
    },
  };
}

function replaceOnce(text: string, { file, find, replace }: Change): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${find}`);
  return parts.join(replace);
}

async function importText(code: string): Promise<Subject> {
  const name = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const path = join(CACHE, `${name}.mjs`);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(path, code);
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Subject;
}
