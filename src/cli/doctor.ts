/** `assets-pa doctor` */
import { blockingFileSystem } from '../host/blocking-fs.js';
import type { DoctorReport } from '../report/results.js';
import { doctorText } from '../report/text.js';
import { prepareBuild } from '../workspace/prepare.js';
import { UsageError } from './exit.js';
import { type CommonOptions, painter, runCommand, untilSignalled } from './terminal.js';

/** Runs the command. */
export function doctor(project: string, options: CommonOptions): Promise<void> {
  return runCommand('doctor', options, async () => {
    if (project === '') throw new UsageError('the project is a folder');
    const { report, counts } = await untilSignalled((signal) =>
      prepareBuild(project, { fs: blockingFileSystem, cache: 'read', advise: true, signal }),
    );
    const { list, omitted, total, errors } = report;
    const { registered, included } = counts;
    const result: DoctorReport = {
      project,
      assets: { registered, included },
      blocking: errors,
      advisory: total - errors,
    };
    return {
      result,
      text: doctorText(result, list, omitted, painter(process.stdout, options)),
      diagnostics: list,
      omitted,
      showsDiagnostics: true,
    };
  });
}
