/** `assets-pa migrate` */
import { blockingFileSystem } from '../host/blocking-fs.js';
import type { MigrateReport } from '../report/results.js';
import { migrateText } from '../report/text.js';
import { type MigrationResult, migrateProject } from '../workspace/migration/migrate.js';
import { EXIT, UsageError } from './exit.js';
import { type CommonOptions, runCommand, untilSignalled } from './terminal.js';

interface MigrateCommandOptions extends CommonOptions {
  readonly check?: boolean;
  readonly dryRun?: boolean;
}

/** Runs the command. */
export function migrate(project: string, options: MigrateCommandOptions): Promise<void> {
  return runCommand('migrate', options, async () => {
    if (project === '') throw new UsageError('the project is a folder');
    const { check = false, dryRun = false } = options;
    const done = await untilSignalled((signal) =>
      migrateProject(project, { signal, fs: blockingFileSystem, writes: !check && !dryRun }),
    );
    const result = reportOf(project, done, dryRun);
    const isPending = check && result.outcome === 'pending';
    return {
      result,
      text: migrateText(result),
      diagnostics: [],
      omitted: 0,
      exitCode: isPending ? EXIT.broken : EXIT.done,
    };
  });
}

function reportOf(project: string, { documents, backup }: MigrationResult, showsChanges: boolean): MigrateReport {
  return {
    project,
    outcome: documents.length === 0 ? 'unchanged' : backup === undefined ? 'pending' : 'migrated',
    documents: documents.map(({ path, artifact, from, to, changes }) => ({
      path,
      artifact,
      from,
      to,
      ...(showsChanges && { changes: changes() }),
    })),
    ...(backup !== undefined && { backup }),
  };
}
