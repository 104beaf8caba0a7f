/** Who this process is, and whether another one is still alive (W6). */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, named so that a reused process id is not taken for it. */
export interface ProcessIdentity {
  readonly host: string;
  /** `/etc/machine-id`, where there is one: two hosts may have one name. */
  readonly machine: string;
  /** Changes with every start of the machine; empty where the system does not say. */
  readonly boot: string;
  /** Process ids mean something only within their namespace (containers). */
  readonly namespace: string;
  readonly pid: number;
  /** When the process started, in the system's own terms; empty where it does not say. */
  readonly started: string;
  /** Different for every use of the identity. */
  readonly token: string;
}

/** This process, with a fresh token. */
export function currentProcess(): ProcessIdentity {
  return {
    host: hostname(),
    machine: attempt(() => readFileSync('/etc/machine-id', 'utf8').trim()),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    pid: process.pid,
    started: startOf(process.pid),
    token: randomBytes(8).toString('hex'),
  };
}

/**
 * Whether a process is known to be dead: only one of this host can be, and only when the machine was started anew since, or its id is
 * free, or its id now belongs to a process that started at another time.
 */
export function isKnownDead(other: ProcessIdentity, self: ProcessIdentity): boolean {
  if (other.host !== self.host || other.machine !== self.machine) return false;
  if (other.boot !== self.boot) return other.boot !== '' && self.boot !== '';
  if (other.namespace !== self.namespace) return false;
  if (!isRunning(other.pid)) return true;
  const started = startOf(other.pid);
  return other.started !== '' && started !== '' && other.started !== started;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  // A process that ended and was not yet waited for (Z, X) holds nothing any more.
  return process.platform !== 'linux' || !/^[ZX]/.test(statOf(pid)[0] ?? '');
}

/** The fields of `/proc/<pid>/stat` from the third on: the second is the program's name in brackets and may hold anything. */
function statOf(pid: number): string[] {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Linux: field 22 of `/proc/<pid>/stat`, in clock ticks since boot. Elsewhere: what `ps` says. */
function startOf(pid: number): string {
  if (process.platform === 'linux') return statOf(pid)[19] ?? '';
  return attempt(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim());
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

// Longer than any timer may run; it only has to be there.
const FOR_EVER = 2 ** 31 - 1;

/** Keeps the event loop from running empty until it is released. */
export function keepAlive(): { release(): void } {
  const timer = setInterval(() => {}, FOR_EVER);
  return { release: () => clearInterval(timer) };
}
