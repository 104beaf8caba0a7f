/** The folders of a run: how much room there is, on what, and emptying them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const TMPFS = 0x01021994;

/** Bytes that can still be written into a folder; on a tmpfs not more than there is memory. */
export function freeBytes(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize, type } = statfsSync(folder);
  const free = bavail * bsize;
  return type === TMPFS ? Math.min(free, freemem()) : free;
}

/** The kind of file system that a folder is on. */
export function fileSystemOf(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { stdout } = spawnSync('findmnt', ['-n', '-o', 'FSTYPE', '-T', folder], { encoding: 'utf8' });
  // Of file systems mounted one upon the other, the last.
  return stdout?.trim().split('\n').at(-1) || 'unknown';
}

/** Whether two folders share their room. */
export function shareRoom(a: string, b: string): boolean {
  for (const folder of [a, b]) mkdirSync(folder, { recursive: true });
  return statSync(a).dev === statSync(b).dev;
}

/** Empties a folder and waits until the disk is quiet, so that no run pays for the output of the one before. */
export function emptied(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  spawnSync('sync', ['-f', folder]);
}
