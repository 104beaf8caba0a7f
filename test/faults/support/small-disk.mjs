/**
 * Packs on a file system of its own that is too small: a tmpfs which is given one more block, or one more inode, at each step until the pack succeeds.
 * Runs as root in a mount namespace of its own (`unshare -m`), over `dist/`; prints one JSON document.
 *
 * Arguments, as one JSON object: `mount` (an empty folder), `plan`, `old` (folder with earlier outputs, or nothing), `by` (`blocks` or `inodes`),
 * `cli` (run the command line at every `cli`th step; the library otherwise), `spooled` (the payload file is given as a stream of unknown size).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, createReadStream, mkdirSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAssets, toDirectory } from '../../../dist/lib/index.js';

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const { mount, plan, old, by, cli, spooled } = JSON.parse(process.argv[2]);
const out = join(mount, 'out');

execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,nr_inodes=1000', 'tmpfs', mount]);
mkdirSync(out);
if (old) cpSync(old, out, { recursive: true });
const { blocks, bfree, files, ffree, bsize } = statfsSync(mount);
const used = { blocks: blocks - bfree, inodes: files - ffree };

/** Bytes of everything below the output directory, as text that JSON can carry. */
const contents = () =>
  Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name)).toString('base64')]));

async function byLibrary() {
  const text = readFileSync(plan, 'utf8');
  const input = spooled ? spooledPlan(JSON.parse(text)) : new TextEncoder().encode(text);
  try {
    await packAssets(input, toDirectory(out), { folder: dirname(plan) });
    return { code: 'ok' };
  } catch (error) {
    return { code: error.code ?? String(error), system: error.diagnostics?.[0]?.details?.system };
  }
}

function spooledPlan({ assets }) {
  const bankType = (each) => ({ assetId: each.asset_id, assetName: each.asset_name, bankType: each.bank_type });
  const source = ({ file, inline }) =>
    file ? { stream: createReadStream(join(dirname(plan), file)) } : { inline: Buffer.from(inline, 'base64') };
  const rest = ({ preload }) => (preload ? { preload } : {});
  return {
    schemaVersion: 1,
    assets: assets.map((each) => ({ ...bankType(each), ...source(each), ...rest(each) })),
  };
}

function byCli() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'pack', plan, '-o', out, '--json'], {
    encoding: 'utf8',
  });
  const { ok, diagnostics = [] } = stdout ? JSON.parse(stdout) : {};
  const code = ok ? 'ok' : (diagnostics[0]?.code ?? `nothing: ${stderr}`);
  return { exitCode: status, code, system: diagnostics[0]?.details?.system };
}

const before = contents();
const steps = [];
// A tmpfs of no blocks, or of no inodes, has no limit at all.
for (let extra = 1; extra < 2_000; extra += 1) {
  const size = by === 'blocks' ? `size=${(used.blocks + extra) * bsize}` : 'size=64m';
  const inodes = by === 'inodes' ? `nr_inodes=${used.inodes + extra}` : 'nr_inodes=1000';
  execFileSync('mount', ['-o', `remount,${size},${inodes}`, mount]);
  const isCli = cli > 0 && extra % cli === 0;
  const result = isCli ? byCli() : await byLibrary();
  const now = contents();
  const isAsBefore = JSON.stringify(now) === JSON.stringify(before);
  steps.push({ extra, isCli, ...result, isAsBefore, names: Object.keys(now) });
  if (result.code === 'ok') break;
}
process.stdout.write(JSON.stringify({ steps, before, after: contents() }));
