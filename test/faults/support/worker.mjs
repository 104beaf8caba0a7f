/**
 * A process that packs when it is told to, over `dist/`. It gets a job as a message and answers with the outcome; its calls can be slowed
 * down, so that a kill from outside lands in the middle of publication, or it ends itself at an exact call.
 *
 * Job: `{ plan, out, blocking, delays: { <operation>: ms }, dieAt, startAfter, witness }`. `witness` is a folder that this process makes while it
 * believes to be the only writer: making a folder is atomic, so a second one is caught.
 */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { blockingFileSystem } from '../../../dist/host/blocking-fs.js';
import { nodeFileSystem } from '../../../dist/host/fs.js';
import { packAssets, toDirectory } from '../../../dist/index.js';
import { hookedFileSystem } from './hooked-fs.mjs';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const STAGED_ARTIFACT = /^\.assets\.pa\.[0-9a-f]{16}\.assets\.pa$/;

async function run({ plan, out, blocking = false, delays = {}, dieAt = 0, startAfter = 0, witness }) {
  const violations = [];
  let calls = 0;
  let committedAt;
  let isInside = false;
  const seen = new Set();
  /** Tells once how far the pack has come. */
  const tell = (phase) => {
    if (!seen.has(phase)) process.send({ phase });
    seen.add(phase);
  };
  const leave = () => {
    if (isInside) rmdirSync(witness);
    isInside = false;
  };
  const fs = hookedFileSystem(blocking ? blockingFileSystem : nodeFileSystem, {
    before: async (operation, path, to) => {
      calls += 1;
      if (calls === dieAt) process.kill(process.pid, 'SIGKILL');
      const name = basename(path);
      if (operation === 'open' && STAGED_ARTIFACT.test(name)) tell('staging');
      if (operation === 'fstat' && name.startsWith('.assets.pa.')) tell('syncing');
      if (operation === 'rename' && !name.startsWith('.assets.pa.lock')) tell('publishing');
      if (operation === 'unlink' && committedAt !== undefined) tell('cleaning up');
      if (witness !== undefined && operation === 'open' && STAGED_ARTIFACT.test(name)) {
        try {
          mkdirSync(witness);
          isInside = true;
        } catch (error) {
          violations.push(`two writers at once: ${error.code}`);
        }
      }
      if (witness !== undefined && operation === 'unlink' && name === '.assets.pa.lock') leave();
      if (operation === 'rename' && basename(to) === 'assets.pa') committedAt = Number(process.hrtime.bigint() / 1000n);
      const ms = delays[operation] ?? 0;
      if (ms > 0) await wait(ms);
    },
  });
  if (startAfter > 0) await wait(startAfter);
  tell('starting');
  try {
    await packAssets(readFileSync(plan), toDirectory(out, { fs }), { folder: dirname(plan), fs });
    return { code: 'ok', calls, committedAt, violations };
  } catch (error) {
    leave();
    const { code = String(error), diagnostics = [] } = error;
    return { code, calls, violations, details: diagnostics[0]?.details };
  }
}

process.on('message', async (job) => process.send(await run(job)));
process.on('disconnect', () => process.exit());
process.send('ready');
