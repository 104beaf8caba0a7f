/** A run that is one of many in a process does what a process of its own does: what other tests see, users see. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lay, PREPARED } from '../support/artifacts.js';
import { temporaryFolders } from '../support/packing.js';
import { type RunOptions, run, runProcess } from '../support/plan-cli.js';
import { snapshot, write } from '../support/plan-folders.js';
import { asset, plan } from '../support/plan-text.js';

const newFolder = temporaryFolders();
const GOOD = lay(PREPARED['base'] ?? { assets: [] });

/** A folder with something for every command. */
function project(): string {
  const folder = newFolder();
  write(folder, {
    'plan.json': plan(asset(1, { inline: '"AAAA"' }), asset(2, { asset_name: '"a1"' })),
    'bad.json': plan(asset(-1)),
    'data/a.ogg': 'sound',
  });
  writeFileSync(join(folder, 'good.pa'), GOOD);
  writeFileSync(join(folder, 'cut.pa'), GOOD.subarray(0, -3));
  return folder;
}

/** Everything that a run did, but for its folder and what names it by chance. */
async function traceOf(runs: typeof run, args: readonly string[], options: Partial<RunOptions>): Promise<object> {
  const cwd = project();
  const { code, stdout, stderr } = await runs(args, { cwd, ...options });
  const [out, err] = [stdout, stderr].map((text) =>
    text.replaceAll(cwd, '.').replace(/\b[\d.]+ (m?s|[KMG]?i?B\/s)\b|\?run=\d+/g, ''),
  );
  return { code, out, err, files: snapshot(cwd) };
}

describe('alone and as one of many', () => {
  it.each<[string[], Partial<RunOptions>, number]>([
    [[], {}, 2],
    [['--version'], {}, 0],
    [['pack', '--help'], {}, 0],
    [['pakc'], {}, 2],
    [['pack', 'plan.json', '--progress', 'always'], {}, 0],
    [['pack', 'plan.json', '--strict', '--json'], {}, 1],
    [['pack', 'bad.json', '--debug', '--quiet'], {}, 1],
    [['pack', '-', '-o', 'out'], { stdin: plan(asset(1)) }, 0],
    [['pack', 'plan.json', '-o', 'plan.json/out'], {}, 3],
    [['plan', 'data', '--bank', '**=SOUNDS', '-o', '-'], {}, 0],
    [['plan', 'convert', 'plan.json', '-'], {}, 0],
    [['inspect', 'good.pa', '--hex'], { env: { TERM: 'xterm' } }, 0],
    [['inspect', '-'], {}, 1],
    [['verify', 'good.pa', 'cut.pa', '--json'], {}, 1],
    [['verify', '-'], { stdin: GOOD, env: { TMPDIR: '/nowhere' } }, 3],
    [['diff', 'good.pa', 'cut.pa', '--hex'], {}, 1],
    [['extract', 'good.pa'], {}, 0],
    [['extract', 'good.pa', '-o', '-', '--asset', '7'], {}, 0],
    [['preview', 'good.pa', '-o', '-'], {}, 0],
    [['init'], {}, 0],
    [['conform', '--filter', 'nothing-is-called-so', '--', 'true'], {}, 2],
  ])('%j', async (args, options, code) => {
    const alone = await traceOf(runProcess, args, options);
    expect(alone).toMatchObject({ code });
    expect(await traceOf(run, args, options)).toEqual(alone);
  });
});
