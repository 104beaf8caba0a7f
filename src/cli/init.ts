/** `assets-pa init` */
import { printable } from '../errors.js';
import type { InitReport } from '../report/results.js';
import { initProject } from '../workspace/init.js';
import { UsageError } from './exit.js';
import { type CommonOptions, runCommand } from './terminal.js';

/** Runs the command. */
export function init(project: string, options: CommonOptions): Promise<void> {
  return runCommand('init', options, async () => {
    if (project === '') throw new UsageError('the project is a folder');
    const created = await initProject(project);
    const result: InitReport = { project, created };
    const text =
      created.length === 0
        ? [`${printable(project)}  is a project already`]
        : [`${printable(project)}  is a project now`, ...created.map((path) => `  ${printable(path)}`)];
    return { result, text, diagnostics: [], omitted: 0 };
  });
}
