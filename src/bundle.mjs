/**
 * Bundles what is run: the page's script and style sheet into `dist/page/`, for `inspect --html` and `diff --html` to put in line; and, with their threads,
 * the command line into `dist/cli/` and the library into `dist/lib/`, where few files start twice as fast as a hundred modules.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CLI = '../dist/cli';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const page = await bundle(emptied('../dist/page'), {
  entryPoints: [here('page/main.ts'), here('page/page.css')],
  entryNames: 'page',
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  // The list library warns of wrong use in development.
  define: { 'process.env.NODE_ENV': '"production"' },
});
// The licences go where the code goes: a page is one file.
appendFileSync(join(page.outdir, 'page.js'), `/*\n${noticesOf(page.inputs).replaceAll('*/', '* /')}*/\n`);
const forNode = {
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // For packages that are not modules yet.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
};
const commands = await bundle(emptied(CLI), {
  ...forNode,
  entryPoints: [here('cli/main.ts')],
  splitting: true,
  external: ['./pack.js'],
});
// What is most in a hurry shares no file with the others, a pack and its threads: each file is a millisecond until it can begin.
const pack = await bundle(CLI, withThreads('cli/pack.ts'));
writeNotices(commands.outdir, [...commands.inputs, ...pack.inputs]);
const library = await bundle(emptied('../dist/lib'), withThreads('index.ts'));
writeNotices(library.outdir, library.inputs);

/** A module in one file, and in one file each beside it the threads that it starts. */
function withThreads(module) {
  const entries = [module, 'host/threads/reader.ts', 'host/threads/hasher.ts'];
  return { ...forNode, entryPoints: entries.map(here), entryNames: '[name]' };
}

/** A folder without what was in it. */
function emptied(folder) {
  rmSync(here(folder), { recursive: true, force: true });
  return folder;
}

/** Bundles into a folder. Says what went into it. */
async function bundle(folder, options) {
  const outdir = here(folder);
  const { metafile } = await build({
    outdir,
    absWorkingDir: here('..'),
    bundle: true,
    legalComments: 'eof',
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  return { outdir, inputs: Object.keys(metafile.inputs) };
}

function writeNotices(folder, inputs) {
  writeFileSync(join(folder, 'LICENSES.txt'), noticesOf(inputs));
}

/** The licences of the packages among the inputs, once each. */
function noticesOf(inputs) {
  const packages = new Set(inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]));
  const texts = new Map();
  for (const name of [...packages].filter((each) => each !== undefined).sort()) {
    const folder = here(`../node_modules/${name}`);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? license : readFileSync(join(folder, file), 'utf8').trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
  return [...texts].map(([text, names]) => `${names.join(', ')}\n\n${text}\n`).join('\n');
}
