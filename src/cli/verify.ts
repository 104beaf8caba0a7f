/** `assets-pa verify` */
import { AssetsPaError, type Diagnostic } from '../errors.js';
import { DIAGNOSTICS_MAX } from '../format.js';
import { nodeFileSystem } from '../host/fs.js';
import { folderOf } from '../host/paths.js';
import { type OpenArtifact, withArtifact } from '../read/artifact.js';
import type { Profile } from '../read/runtime-profile.js';
import { judgeBytes, type ReadProgress, type Verification, verificationOf } from '../read/verify.js';
import { verifyFileReport } from '../report/objects.js';
import { unreadText, verifyText } from '../report/verify.js';
import { EXIT, UsageError } from './exit.js';
import { ProgressBar } from './progress.js';
import {
  type CommonOptions,
  exitCodeOf,
  inputFileSystem,
  type Outcome,
  painter,
  runCommand,
  untilSignalled,
} from './terminal.js';
import type { ComparePlanOptions } from './verify-plan.js';

interface VerifyCommandOptions extends CommonOptions {
  /** True where it is the artifact's own folder. */
  readonly companions?: string | true;
  readonly plan?: string;
  readonly root?: string;
  readonly allowOutsideRoot?: boolean;
  readonly profile: Profile;
}

/** Runs the command. */
export function verify(operands: readonly string[], options: VerifyCommandOptions): Promise<void> {
  return runCommand('verify', options, async () => {
    const [paths, chosen] = await settle(operands, options);
    const [path] = paths;
    return path !== undefined && paths.length === 1 ? verifyOne(path, chosen) : verifySeveral(paths, chosen);
  });
}

/** What was meant: `--companions FILE` takes its folder to be the file's own. */
async function settle(
  operands: readonly string[],
  options: VerifyCommandOptions,
): Promise<[readonly string[], VerifyCommandOptions]> {
  const { companions, plan, root, allowOutsideRoot } = options;
  if (typeof companions === 'string' && (await isFile(companions))) {
    if (operands.length > 0)
      throw new UsageError(`--companions names a folder, and ${companions} is a file; name files first`);
    return settle([companions], { ...options, companions: true });
  }
  if (operands.length === 0) throw new UsageError("missing required argument 'file'");
  if (plan === undefined && (root ?? allowOutsideRoot) !== undefined) {
    throw new UsageError('--root and --allow-outside-root go with --plan');
  }
  if (plan !== undefined && operands.length > 1) throw new UsageError('--plan is for one artifact');
  if ([...operands, plan].filter((path) => path === '-').length > 1) {
    throw new UsageError('standard input can be read only once');
  }
  return [operands, options];
}

async function isFile(path: string): Promise<boolean> {
  return nodeFileSystem.stat(path).then(
    (stat) => stat.isFile(),
    () => false,
  );
}

async function verifyOne(path: string, options: VerifyCommandOptions): Promise<Outcome> {
  const verification = await verifyFile(path, options);
  return {
    result: verifyFileReport(verification),
    text: [verifyText(verification, heldAgainst(options), painter(process.stdout, options))],
    diagnostics: verification.diagnostics,
    omitted: verification.diagnosticsOmitted,
    exitCode: exitCodeFor(verification),
  };
}

/** Faults that are not listed count as well. */
function exitCodeFor({ ok, diagnostics }: Verification): number {
  return ok ? EXIT.done : exitCodeOf(diagnostics) || EXIT.broken;
}

/** One after the other; a file that cannot be read does not keep the others from it. */
async function verifySeveral(paths: readonly string[], options: VerifyCommandOptions): Promise<Outcome> {
  const paint = painter(process.stdout, options);
  const found: Diagnostic[] = [];
  const files: object[] = [];
  const text: string[] = [];
  const exitCodes = new Set<number>([EXIT.done]);
  let total = 0;
  const take = (list: readonly Diagnostic[], omitted: number): void => {
    total += list.length + omitted;
    found.push(...list);
  };
  for (const path of paths) {
    try {
      const verification = await verifyFile(path, options);
      files.push({ ok: verification.ok, ...verifyFileReport(verification) });
      text.push(verifyText(verification, heldAgainst(options), paint));
      const named = verification.diagnostics.map((each) => ({ ...each, where: { path, ...each.where } }));
      take(named, verification.diagnosticsOmitted);
      exitCodes.add(exitCodeFor(verification));
    } catch (error) {
      if (!(error instanceof AssetsPaError) || error.code !== 'INPUT_READ') throw error;
      text.push(unreadText(path, paint));
      take(error.diagnostics, error.diagnosticsOmitted);
      exitCodes.add(EXIT.io);
    }
  }
  // What is wrong with a file weighs more than what could not be looked at.
  const exitCode = exitCodes.has(EXIT.broken) ? EXIT.broken : Math.max(...exitCodes);
  const diagnostics = errorsFirst(found);
  return { result: { files }, text, diagnostics, omitted: total - diagnostics.length, exitCode };
}

/** As many as are listed: errors before others where not all can be, in the order of the files. */
function errorsFirst(found: readonly Diagnostic[]): Diagnostic[] {
  const isError = ({ severity }: Diagnostic) => severity === 'error';
  let room = DIAGNOSTICS_MAX - Math.min(DIAGNOSTICS_MAX, found.filter(isError).length);
  const chosen = found.filter((each) => {
    if (!isError(each)) room -= 1;
    return isError(each) || room >= 0;
  });
  return chosen.slice(0, DIAGNOSTICS_MAX);
}

function heldAgainst({ companions, plan }: VerifyCommandOptions): string[] {
  return [...(companions === undefined ? [] : ['companions']), ...(plan === undefined ? [] : ['plan'])];
}

async function verifyFile(path: string, options: VerifyCommandOptions): Promise<Verification> {
  const { companions, profile, plan } = options;
  const folder = companions === true ? folderOf(path) : companions;
  const bar = new ProgressBar(options.quiet === true ? 'never' : 'auto');
  const onProgress = (progress: ReadProgress) => bar.update({ ...progress, name: path });
  try {
    return await withArtifact(path, inputFileSystem, async (artifact) => {
      const compare = plan === undefined ? undefined : await collecting(artifact, () => planComparison(plan, options));
      // Only while bytes stream by is there something to tidy up: a bar.
      const judged = await untilSignalled((signal) => judgeBytes(artifact, { companions: folder, signal, onProgress }));
      if (compare !== undefined) {
        await collecting(artifact, () => untilSignalled((signal) => compare(artifact, { signal, onProgress })));
      }
      return verificationOf(artifact, judged, profile);
    });
  } finally {
    bar.stop();
  }
}

/** Reads a plan; what that takes is loaded where there is one. @returns Compares an artifact with it. */
async function planComparison(
  path: string,
  options: VerifyCommandOptions,
): Promise<(artifact: OpenArtifact, how: ComparePlanOptions) => Promise<void>> {
  const { comparePlan, readPlanFile } = await import('./verify-plan.js');
  const plan = await readPlanFile(path, options);
  return (artifact, how) => comparePlan(artifact, plan, how);
}

/** Faults of the plan and its sources stand beside those of the artifact. */
async function collecting<T>({ report }: OpenArtifact, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AssetsPaError) || error.code === 'INTERRUPTED') throw error;
    report.absorbError(error);
    return undefined;
  }
}
