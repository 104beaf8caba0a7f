/** Runs of the built command line, each in a process of its own or all in one. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a run ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes. */
  readonly bytes: Buffer;
}

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd: string;
  /** Standard input; empty by default. */
  readonly stdin?: string | Uint8Array;
  /** Variables beside those that every run has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Far beyond what any run needs: it ends a program that would never end. */
const LIMIT = 30_000;

/** The variables of every run. */
function baseEnv(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...rest } = process.env;
  return rest;
}

/** Runs any program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, stdin = '', env = {} }: RunOptions,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...baseEnv(), ...env }, timeout: LIMIT, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {}); // a program need not read what it is given
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, bytes, stdout: bytes.toString(), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(stdin);
  });
}

/** Runs `assets-pa` in a process of its own. */
export function runProcess(args: readonly string[], options: RunOptions): Promise<Run> {
  return runProgram(process.execPath, [MAIN, ...args], options);
}

/** Where runs are served; the server is started by the first, and shared by all that follow. */
const SERVER = fileURLToPath(new URL('./cli-server.mjs', import.meta.url));
let server: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `assets-pa`: one run after the other in one process, which loads the program once. Where a run is about the
 * process itself, or about a pipe, it takes {@link runProcess}; `test/cli/process.test.ts` shows that both are the same.
 */
export function run(args: readonly string[], options: RunOptions): Promise<Run> {
  // An artifact goes to the descriptor of standard output, not to its stream; options of Node are for a start.
  if (args.includes('--stdout') || options.env?.['NODE_OPTIONS'] !== undefined) return runProcess(args, options);
  const result = last.then(() => runServed(args, options));
  last = result.catch(() => {});
  return result;
}

/** Starts the server; it ends with the process of the tests. */
function startServer(): ChildProcess {
  const child = fork(SERVER, { cwd: '/', env: baseEnv(), execArgv: [], serialization: 'advanced' });
  child.unref();
  child.channel?.unref();
  return child;
}

async function runServed(args: readonly string[], { cwd, stdin = '', env = {} }: RunOptions): Promise<Run> {
  server ??= startServer();
  const child = server;
  const stop = setTimeout(() => child.kill('SIGKILL'), LIMIT);
  try {
    const { code, stdout, stderr } = await new Promise<{ code: number; stdout: Uint8Array; stderr: Uint8Array }>(
      (resolve, reject) => {
        child.once('message', resolve).once('error', reject);
        child.once('exit', (status, signal) => reject(new Error(`${args.join(' ')}: ended with ${status ?? signal}`)));
        child.send({ main: MAIN, args, cwd, stdin: Buffer.from(stdin), env: { ...baseEnv(), ...env } });
      },
    );
    const bytes = Buffer.from(stdout);
    return { code, bytes, stdout: bytes.toString(), stderr: Buffer.from(stderr).toString() };
  } catch (error) {
    server = undefined;
    throw error;
  } finally {
    clearTimeout(stop);
    for (const event of ['message', 'error', 'exit']) child.removeAllListeners(event);
  }
}
