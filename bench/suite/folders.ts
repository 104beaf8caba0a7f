/** The folders of a run: how much room there is, on what, and emptying them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const TOUCH_MEMORY = join(import.meta.dirname, '../touch_memory.py');
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

/** Has the host of a virtual machine give it the memory that a run is about to fill, so that the run does not wait for it. */
export function touchMemory(bytes: number): void {
  const { status, stderr } = spawnSync('python3', [TOUCH_MEMORY, String(bytes)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`exit ${status}: ${TOUCH_MEMORY}\n${stderr}`);
}

const DROP_CACHES = '/proc/sys/vm/drop_caches';

/** Empties the page cache, where this process may: a case then has its own input there and no other, and memory for its output. */
export function emptyPageCache(): void {
  spawnSync('sync');
  try {
    writeFileSync(DROP_CACHES, '1');
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
