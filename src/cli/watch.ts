/** `assets-pa build --watch`: builds whenever the workspace changes, until it is told to stop. */
import { relative, sep } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { AssetsPaError } from '../errors.js';
import { nodeFileSystem } from '../host/fs.js';
import { checkProject, projectPaths } from '../workspace/layout.js';
import { EXIT } from './exit.js';
import { type CommonOptions, type Outcome, Terminal, untilSignalled } from './terminal.js';

/** Milliseconds without a change before a build begins: an editor writes in several steps. */
const QUIET_MS = 100;

/** One build, until a signal. */
type Build = (signal: AbortSignal) => Promise<Outcome>;

/**
 * Builds, and builds again after each change.
 *
 * @returns When a signal ended it.
 * @throws AssetsPaError `PROJECT_NOT_FOUND`
 */
export async function watch(project: string, options: CommonOptions, build: Build): Promise<Outcome> {
  await checkProject(nodeFileSystem, project);
  await untilSignalled((signal) => new Watch(project, options, build, signal).run());
  return { result: {}, text: ['stopped'], diagnostics: [], omitted: 0, exitCode: EXIT.done };
}

class Watch {
  readonly #project: string;
  readonly #build: Build;
  readonly #signal: AbortSignal;
  readonly #terminal: Terminal;
  #isChanged = true;
  #timer: NodeJS.Timeout | undefined;
  #wake = () => {};

  constructor(project: string, options: CommonOptions, build: Build, signal: AbortSignal) {
    this.#project = project;
    this.#build = build;
    this.#signal = signal;
    this.#terminal = new Terminal('build', options);
  }

  async run(): Promise<void> {
    const { workspace, registry } = projectPaths(this.#project);
    const isIgnored = (path: string) => path !== registry && hasHiddenName(relative(workspace, path), registry, path);
    const watcher = watchFiles(workspace, { ignored: isIgnored, ignoreInitial: true, followSymlinks: false });
    watcher.on('all', () => this.#changed());
    watcher.on('error', (error) => process.stderr.write(`warning: ${(error as Error).message}\n`));
    this.#signal.addEventListener('abort', () => this.#wake());
    try {
      await new Promise<void>((resolve) => {
        watcher.once('ready', resolve);
        this.#wake = resolve;
      });
      while (!this.#signal.aborted) await this.#turn();
    } finally {
      clearTimeout(this.#timer);
      await watcher.close();
    }
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isChanged = true;
      this.#wake();
    }, QUIET_MS);
  }

  async #turn(): Promise<void> {
    if (this.#isChanged) {
      this.#isChanged = false;
      await this.#attempt();
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#isChanged || this.#signal.aborted) resolve();
    });
  }

  /** A build that fails leaves the outputs as they are, and waits for the next change. */
  async #attempt(): Promise<void> {
    try {
      await this.#terminal.report(await this.#build(this.#signal), true);
    } catch (error) {
      if (!(error instanceof AssetsPaError)) throw error;
      if (error.code !== 'INTERRUPTED') this.#terminal.explain(error);
    }
  }
}

/** Names with a dot are passed over, as the scan does; but the registry, and the folder on the way to it. */
function hasHiddenName(below: string, registry: string, path: string): boolean {
  return below.split(sep).some((name) => name.startsWith('.')) && !registry.startsWith(`${path}${sep}`);
}
