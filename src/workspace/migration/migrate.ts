/** `migrate`: the documents of a project in this version. All of them, or none; after a crash, it goes on where it ended. */
import { ioStep } from '../../errors.js';
import { type FileSystem, nodeFileSystem, syncDirectory } from '../../host/fs.js';
import { Interruption } from '../../host/interruption.js';
import { folderOf } from '../../host/paths.js';
import { removeTree } from '../../host/remove-tree.js';
import { replaceFile, stageFile } from '../../host/replace-file.js';
import type { StagedFile } from '../../host/staged-file.js';
import { checkProject, projectPaths } from '../layout.js';
import { removeStaged, withRegistryLock } from '../registry-file.js';
import { writeBackup } from './backup.js';
import { changesOf, type MemberChange } from './changes.js';
import { type MigrationPlan, type PlannedDocument, planMigration } from './plan.js';

/** Options of {@link migrateProject}. */
export interface MigrateOptions {
  /** Whether documents are written. Defaults to true. */
  readonly writes?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Defaults to the machine's own. */
  readonly fs?: FileSystem;
}

/** A document that is, or would be, migrated. */
export interface MigratedDocument {
  readonly path: string;
  readonly artifact: string;
  readonly from: number;
  readonly to: number;
  changes(): MemberChange[];
}

/** What {@link migrateProject} did. */
export interface MigrationResult {
  /** In the order in which they are written. */
  readonly documents: readonly MigratedDocument[];
  /** The folder that has them as they were; undefined when nothing was written. */
  readonly backup: string | undefined;
}

/**
 * Migrates a project.
 *
 * @throws AssetsPaError `PROJECT_NOT_FOUND`, everything that is wrong with a document, `OUTPUT_LOCKED`, `OUTPUT_WRITE`, `SOURCE_CHANGED`, `INTERRUPTED`: then
 * the documents are as they were
 */
export async function migrateProject(project: string, options: MigrateOptions = {}): Promise<MigrationResult> {
  const { fs = nodeFileSystem, writes = true, signal } = options;
  await checkProject(fs, project);
  const paths = projectPaths(project);
  const interruption = new Interruption(signal);
  const plan = () => planMigration(fs, paths, interruption);
  if (!writes) return resultOf(await plan(), undefined);
  return withRegistryLock(fs, paths, async () => {
    const planned = await plan();
    if (planned.documents.length === 0) return resultOf(planned, undefined);
    const backup = await writeBackup(fs, paths.backups, planned.documents);
    try {
      await new Writer(fs, planned, interruption).run();
    } catch (error) {
      // Nothing changed, so nothing needs it; when not everything could be put back, it is the only copy.
      if (!(error instanceof HalfWritten)) await removeTree(fs, backup).catch(() => {});
      throw error instanceof HalfWritten ? error.reason : error;
    }
    return resultOf(planned, backup);
  });
}

function resultOf({ documents }: MigrationPlan, backup: string | undefined): MigrationResult {
  return {
    documents: documents.map(({ shown, surface, from, before, after }) => ({
      path: shown,
      artifact: surface.artifact,
      from,
      to: surface.version,
      changes: () => changesOf(before, after),
    })),
    backup,
  };
}

/** Some documents are new and could not be put back; running the migration again finishes it. */
class HalfWritten extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('a migration ended halfway');
    this.reason = reason;
  }
}

/** Puts the new documents in their places, the registry last. */
class Writer {
  readonly #fs: FileSystem;
  readonly #plan: MigrationPlan;
  readonly #interruption: Interruption;
  readonly #staged: { readonly document: PlannedDocument; readonly file: StagedFile }[] = [];

  constructor(fs: FileSystem, plan: MigrationPlan, interruption: Interruption) {
    this.#fs = fs;
    this.#plan = plan;
    this.#interruption = interruption;
  }

  async run(): Promise<void> {
    try {
      for (const each of this.#plan.documents) await this.#stage(each);
      await this.#plan.revalidate();
      this.#interruption.check();
    } catch (error) {
      await this.#discard(0);
      throw error;
    }
    await this.#promote();
  }

  async #stage(document: PlannedDocument): Promise<void> {
    this.#interruption.check();
    const { path, after, shown } = document;
    const step = <T>(work: () => Promise<T>) => ioStep('OUTPUT_WRITE', 'the document cannot be written', shown, work);
    await step(() => removeStaged(this.#fs, path));
    this.#staged.push({
      document,
      file: await step(async () => stageFile(this.#fs, path, after, await this.#fs.lstat(path))),
    });
  }

  async #promote(): Promise<void> {
    let done = 0;
    try {
      const folders = new Set<string>();
      const sync = async () => {
        for (const each of folders) await syncDirectory(this.#fs, each);
        folders.clear();
      };
      for (const { document, file } of this.#staged) {
        const { path, shown } = document;
        await ioStep('OUTPUT_WRITE', 'the document cannot be written', shown, async () => {
          // The registry says what older declarations are preloaded as: it stays until the new ones are there for good.
          if (done === this.#staged.length - 1) await sync();
          await this.#fs.rename(file.path, path);
          done += 1;
          folders.add(folderOf(path));
          if (done === this.#staged.length) await sync();
        });
      }
    } catch (error) {
      await this.#discard(done);
      await this.#putBack(done, error);
      throw error;
    }
  }

  /** Removes what was staged, from a document on. */
  async #discard(from: number): Promise<void> {
    for (const { file } of this.#staged.slice(from)) await file.discard().catch(() => {});
  }

  /** Restores the documents that were replaced, the registry first. */
  async #putBack(count: number, reason: unknown): Promise<void> {
    for (const { document } of this.#staged.slice(0, count).toReversed()) {
      try {
        await replaceFile(this.#fs, document.path, document.before);
      } catch {
        throw new HalfWritten(reason);
      }
    }
  }
}
