/** What stands at paths, as rows of numbers that are quick to send. */
import { lstatSync, type Stats } from 'node:fs';
import type { LookedAt } from '../source-folder.js';
import { errorOf, failureOf, type LookAnswer, ROW_LENGTH, type SystemFailure } from './reader-messages.js';

/** What a row begins with, by index. */
const FILE_KINDS = ['file', 'directory', 'link', 'other', 'failure'] as const;

/** Looks at what stands at each path, by blocking calls. */
export function lookAt(paths: readonly string[]): LookAnswer {
  const rows = new Float64Array(ROW_LENGTH * paths.length);
  const failures: SystemFailure[] = [];
  for (const [i, path] of paths.entries()) {
    try {
      const stat = lstatSync(path);
      rows.set([FILE_KINDS.indexOf(kindOf(stat)), stat.dev, stat.ino, stat.size, stat.mtimeMs], ROW_LENGTH * i);
    } catch (error) {
      rows[ROW_LENGTH * i] = FILE_KINDS.indexOf('failure');
      failures.push(failureOf(error));
    }
  }
  return { kind: 'looks', rows, failures };
}

function kindOf(stat: Stats): (typeof FILE_KINDS)[number] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'link' : 'other';
}

/** What {@link lookAt} has seen. */
export function lookedAt({ rows, failures }: LookAnswer): (LookedAt | Error)[] {
  const all: (LookedAt | Error)[] = [];
  let failed = 0;
  for (let at = 0; at < rows.length; at += ROW_LENGTH) {
    const number = (i: number) => rows[at + i] as number;
    const kind = FILE_KINDS[number(0)];
    if (kind === 'failure') {
      all.push(errorOf(failures[failed] as SystemFailure));
      failed += 1;
      continue;
    }
    all.push(new Looked(kind, number(1), number(2), number(3), number(4)));
  }
  return all;
}

class Looked implements LookedAt {
  readonly #kind: (typeof FILE_KINDS)[number] | undefined;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;

  constructor(kind: (typeof FILE_KINDS)[number] | undefined, dev: number, ino: number, size: number, mtimeMs: number) {
    this.#kind = kind;
    this.dev = dev;
    this.ino = ino;
    this.size = size;
    this.mtimeMs = mtimeMs;
  }

  isFile(): boolean {
    return this.#kind === 'file';
  }

  isDirectory(): boolean {
    return this.#kind === 'directory';
  }

  isSymbolicLink(): boolean {
    return this.#kind === 'link';
  }
}
