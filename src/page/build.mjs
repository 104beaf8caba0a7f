/** Bundles the page's script and style sheet into `dist/page/`, for `inspect --html` and `diff --html` to put in line. */
import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here('../../dist/page');

rmSync(target, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [here('main.ts'), here('page.css')],
  entryNames: 'page',
  outdir: target,
  absWorkingDir: here('../..'),
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'eof',
  // The list library warns of wrong use in development.
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
  logLevel: 'warning',
});
appendFileSync(join(target, 'page.js'), notices(Object.keys(metafile.inputs)));

/** The licences of what was bundled, once each: they go where the code goes. */
function notices(inputs) {
  const packages = new Set(inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]));
  const texts = new Map();
  for (const name of [...packages].filter((each) => each !== undefined).sort()) {
    const folder = here(`../../node_modules/${name}`);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? license : readFileSync(join(folder, file), 'utf8').trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
  const parts = [...texts].map(([text, names]) => `${names.join(', ')}\n\n${text}`);
  return `/*\n${parts.join('\n\n').replaceAll('*/', '* /')}\n*/\n`;
}
