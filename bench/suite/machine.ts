/** The machine and the state of the sources that figures belong to. */
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** What figures are compared within. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly memory_bytes: number;
  readonly node: string;
}

/** This machine. */
export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || 'unknown processor',
    cores: processors.length,
    kernel: `${process.platform} ${release()}`,
    memory_bytes: totalmem(),
    node: process.version,
  };
}

/** A machine's name, which is that of its history file: processor, cores, kernel. */
export function machineName({ cpu, cores, kernel }: Pick<Machine, 'cpu' | 'cores' | 'kernel'>): string {
  return `${cpu} ${cores} cores ${kernel}`
    .toLowerCase()
    .replace(/\((r|tm)\)/g, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The commit that is measured; a plus says that files differ from it. */
export function commitOf(): string {
  const git = (...words: string[]) => spawnSync('git', words, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short=12', 'HEAD');
  const isDirty = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'package-lock.json') !== '';
  return `${commit || 'unknown'}${isDirty ? '+' : ''}`;
}
