/** A process that migrates a project over `dist/`, and kills itself before an exact call of the file system. */
import { nodeFileSystem } from '../../dist/host/fs.js';
import { migrateProject } from '../../dist/workspace/migration/migrate.js';
import { hookedFileSystem } from '../faults/support/hooked-fs.mjs';

const [project, dieAt] = process.argv.slice(2);
let calls = 0;
const fs = hookedFileSystem(nodeFileSystem, {
  before: () => {
    calls += 1;
    if (calls === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
  },
});
await migrateProject(project, { fs });
