/** A process that registers a root over `dist/`, and kills itself before an exact call of the file system; else it says how many there were. */
import { nodeFileSystem } from '../../dist/host/fs.js';
import { registerRoot } from '../../dist/workspace/register.js';
import { hookedFileSystem } from '../faults/support/hooked-fs.mjs';

const [root, dieAt] = process.argv.slice(2);
let calls = 0;
const fs = hookedFileSystem(nodeFileSystem, {
  before: () => {
    calls += 1;
    if (calls === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
  },
});
const { asset } = await registerRoot(root, { fs, create: { type: 'scene_bank' } });
process.stdout.write(JSON.stringify({ id: asset.assetId, calls }));
