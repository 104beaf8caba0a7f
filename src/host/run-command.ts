/** Runs somebody's program and keeps what it prints. */
import { spawn } from 'node:child_process';

/** How a program ended. */
export type RunResult =
  | { readonly end: 'exit'; readonly code: number; readonly stdout: Uint8Array; readonly stderr: string }
  | { readonly end: 'signal'; readonly signal: string; readonly stderr: string }
  | { readonly end: 'timeout' }
  | { readonly end: 'interrupted' }
  | { readonly end: 'too much output' }
  | { readonly end: 'not started'; readonly reason: string };

// More than any reader has to say of a vector; a reader that prints without end must not fill the memory.
const STDOUT_MAX = 64 * 1_048_576;
const STDERR_KEPT = 4_096;

/**
 * Runs a program without input.
 *
 * @param timeoutMs After this it is killed, with everything that it started.
 * @param signal Kills it likewise.
 */
export function runCommand(command: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<RunResult> {
  const [file, ...args] = command as [string, ...string[]];
  return new Promise((resolve) => {
    // A process group of its own, so that a kill reaches what a wrapper script started.
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const stdout: Uint8Array[] = [];
    let size = 0;
    let stderr = '';
    let ended: RunResult | undefined;
    const kill = (result: RunResult): void => {
      ended ??= result;
      try {
        process.kill(-(child.pid as number), 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
      // Whoever left the group may hold the pipes for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => kill({ end: 'timeout' }), timeoutMs);
    const onAbort = (): void => kill({ end: 'interrupted' });
    signal?.addEventListener('abort', onAbort);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.stdout.on('data', (chunk: Uint8Array) => {
      size += chunk.length;
      if (size > STDOUT_MAX) kill({ end: 'too much output' });
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Uint8Array) => {
      stderr = (stderr + Buffer.from(chunk).toString('utf8')).slice(-STDERR_KEPT);
    });
    child.on('error', (error) => {
      stopWaiting();
      resolve({ end: 'not started', reason: error.message });
    });
    child.on('close', (code, signal) => {
      stopWaiting();
      if (ended !== undefined) resolve(ended);
      else if (code === null) resolve({ end: 'signal', signal: String(signal), stderr });
      else resolve({ end: 'exit', code, stdout: Buffer.concat(stdout), stderr });
    });
  });
}
