/** `assets-pa verify` */
import { AssetsPaError, type Diagnostic } from '../errors.js';
import { DIAGNOSTICS_MAX } from '../format.js';
import { folderOf } from '../host/paths.js';
import { withArtifact } from '../read/artifact.js';
import type { Profile } from '../read/runtime-profile.js';
import { judgeBytes, type ReadProgress, type Verification, verificationOf } from '../read/verify.js';
import { verifyFileReport } from '../report/results.js';
import { verifyText } from '../report/verify.js';
import { ProgressBar } from './progress.js';
import {
  type CommonOptions,
  inputFileSystem,
  type Outcome,
  painter,
  runCommand,
  UsageError,
  untilSignalled,
} from './terminal.js';
import { comparePlan } from './verify-plan.js';

interface VerifyCommandOptions extends CommonOptions {
  /** True where it is the artifact's own folder. */
  readonly companions?: string | true;
  readonly plan?: string;
  readonly root?: string;
  readonly allowOutsideRoot?: boolean;
  readonly profile: Profile;
}

/** Runs the command. */
export function verify(paths: readonly string[], options: VerifyCommandOptions): Promise<void> {
  return runCommand('verify', options, () => {
    if (options.plan !== undefined && paths.length > 1) throw new UsageError('--plan is for one artifact');
    if (paths.filter((path) => path === '-').length > 1) throw new UsageError('standard input can be read only once');
    const [path] = paths;
    return path !== undefined && paths.length === 1 ? verifyOne(path, options) : verifySeveral(paths, options);
  });
}

async function verifyOne(path: string, options: VerifyCommandOptions): Promise<Outcome> {
  const verification = await verifyFile(path, options);
  return {
    result: verifyFileReport(verification),
    text: [verifyText(verification, heldAgainst(options), painter(process.stdout, options))],
    diagnostics: verification.diagnostics,
    omitted: verification.diagnosticsOmitted,
  };
}

/** One after the other; a file that cannot be read does not keep the others from it. */
async function verifySeveral(paths: readonly string[], options: VerifyCommandOptions): Promise<Outcome> {
  const paint = painter(process.stdout, options);
  const diagnostics: Diagnostic[] = [];
  const files: object[] = [];
  const text: string[] = [];
  let total = 0;
  const take = (list: readonly Diagnostic[], omitted: number): void => {
    total += list.length + omitted;
    diagnostics.push(...list.slice(0, DIAGNOSTICS_MAX - diagnostics.length));
  };
  for (const path of paths) {
    try {
      const verification = await verifyFile(path, options);
      files.push({ ok: verification.ok, ...verifyFileReport(verification) });
      text.push(verifyText(verification, heldAgainst(options), paint));
      const named = verification.diagnostics.map((each) => ({ ...each, where: { path, ...each.where } }));
      take(named, verification.diagnosticsOmitted);
    } catch (error) {
      if (!(error instanceof AssetsPaError) || error.code !== 'INPUT_READ') throw error;
      take(error.diagnostics, error.diagnosticsOmitted);
    }
  }
  return { result: { files }, text, diagnostics, omitted: total - diagnostics.length };
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
    return await untilSignalled((signal) =>
      withArtifact(path, inputFileSystem, async (artifact) => {
        const judged = await judgeBytes(artifact, { companions: folder, signal, onProgress });
        if (plan !== undefined) await comparePlan(artifact, plan, { ...options, signal, onProgress });
        return verificationOf(artifact, judged, profile);
      }),
    );
  } finally {
    bar.stop();
  }
}
