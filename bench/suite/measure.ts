/** Runs a command as a whole process and says what it cost. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../measure.py');

/** What a command cost. */
export interface Figures {
  /** On the clock. */
  readonly seconds: number;
  /** In the program and in the system, of all its processes. */
  readonly cpuSeconds: number;
  /** Resident memory of its largest process. */
  readonly peakBytes: number;
}

/** A command's cost, and what it printed on standard output. */
export interface Measured {
  readonly figures: Figures;
  readonly output: string;
}

/**
 * Runs a command of the shell.
 *
 * @throws Error it failed
 */
export function measure(command: string): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'assets-pa-measure-'));
  try {
    const json = join(folder, 'figures.json');
    const words = [PROGRAM, '--json', json, '--', 'sh', '-c', command];
    const { status, stdout, stderr } = spawnSync('python3', words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`exit ${status}: ${command}\n${stderr.slice(-2_000)}`);
    return { figures: figuresOf(JSON.parse(readFileSync(json, 'utf8'))), output: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Report {
  readonly wall_s: number;
  readonly user_s: number;
  readonly sys_s: number;
  readonly peak_rss_bytes: number;
}

function figuresOf({ wall_s: seconds, user_s: user, sys_s: system, peak_rss_bytes: peakBytes }: Report): Figures {
  return { seconds, cpuSeconds: user + system, peakBytes };
}
