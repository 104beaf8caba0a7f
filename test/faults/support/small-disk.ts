/** A disk that runs full at every step of a pack. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figures, type KnownPlan, makePlan, noFigures, putOutputs, Scratch } from './scene.js';

const DRIVER = fileURLToPath(new URL('./small-disk.mjs', import.meta.url));

/** What this needs and this machine does not have; undefined when all is there. */
export function missingForMounts(): string | undefined {
  if (process.platform !== 'linux') return 'Linux';
  return process.getuid?.() === 0 ? undefined : 'root, to mount a small file system in a namespace of its own';
}

interface StepResult {
  readonly extra: number;
  readonly isCli: boolean;
  readonly code: string;
  readonly system?: string;
  readonly exitCode?: number;
  readonly isAsBefore: boolean;
  readonly names: readonly string[];
}

/** Options of {@link fillDisk}. */
export interface FillOptions {
  readonly by: 'blocks' | 'inodes';
  /** Whether there are outputs of an earlier pack. */
  readonly again: boolean;
  readonly spooled?: boolean;
  /** Bytes of the payload file. */
  readonly size: number;
  /** Each how manieth step is done by the command line, for its exit code; 0: none. */
  readonly cli: number;
}

/** Packs with one block, or one inode, more at each step, until the pack succeeds. */
export async function fillDisk({ by, again, spooled = false, size, cli }: FillOptions): Promise<Figures> {
  const figures = noFigures();
  const { counts, violations } = figures;
  const scratch = new Scratch();
  try {
    const folder = scratch.folder();
    const [old, fresh] = [await makePlan(folder, 1, size), await makePlan(folder, 2, size + 5_000)];
    putOutputs(join(folder, 'old'), old.outputs);
    const started = performance.now();
    const run = await drive({
      mount: scratch.folder(),
      plan: fresh.path,
      old: again ? join(folder, 'old') : undefined,
      by,
      cli,
      spooled,
    });
    figures.maxMs = performance.now() - started;
    for (const [i, step] of run.steps.entries()) {
      const isLast = i === run.steps.length - 1;
      counts.add('steps');
      if (step.isCli) counts.add('on the command line');
      const complain = (what: string) => violations.push(`${by} + ${step.extra}: ${what}; ${JSON.stringify(step)}`);
      if (isLast) {
        if (step.code !== 'ok') complain('the last step failed');
        continue;
      }
      if (step.code !== 'OUTPUT_WRITE' || step.system !== 'ENOSPC') complain('not OUTPUT_WRITE with ENOSPC');
      if (step.isCli && step.exitCode !== 3) complain('the exit code is not 3');
      if (!step.isAsBefore) complain('the directory is not as before');
    }
    checkResult(fresh, run.after, spooled, violations);
  } finally {
    scratch.remove();
  }
  return figures;
}

function checkResult(
  { outputs }: KnownPlan,
  after: Record<string, string>,
  spooled: boolean,
  violations: string[],
): void {
  const names = Object.keys(outputs).sort().join();
  if (Object.keys(after).sort().join() !== names)
    violations.push(`in the end there are ${Object.keys(after).join(' ')}`);
  for (const [name, bytes] of Object.entries(outputs)) {
    // The companion of a stream does not name a file.
    if (spooled && name === 'asset_table_metadata.json') continue;
    if (after[name] !== bytes.toString('base64')) violations.push(`in the end ${name} is not what the plan gives`);
  }
}

function drive(options: object): Promise<{ steps: readonly StepResult[]; after: Record<string, string> }> {
  const child = spawn('unshare', ['-m', '--', process.execPath, DRIVER, JSON.stringify(options)]);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(texts.stdout));
      else reject(new Error(`the small disk ended with ${code}: ${texts.stderr}`));
    });
  });
}
