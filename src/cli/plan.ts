/** `assets-pa plan` and `assets-pa plan convert` */

import { printable } from '../errors.js';
import { nodeFileSystem } from '../host/fs.js';
import { samePath } from '../host/paths.js';
import { replaceFile } from '../host/replace-file.js';
import type { BankOption } from '../plan/from-tree.js';
import { type MadePlan, makePlan, type Skipped } from '../plan/make-plan.js';
import { convertPlan } from '../plan/plan-text.js';
import { counted } from '../report/figures.js';
import type { PlanReport } from '../report/results.js';
import { UsageError } from './exit.js';
import { type CommonOptions, print, readInput, runCommand, untilSignalled, withName } from './terminal.js';

interface PlanCommandOptions extends CommonOptions {
  readonly output?: string;
  readonly bank: readonly BankOption[];
  readonly ids?: string;
  readonly frozenIds?: boolean;
}

/** Runs `plan <dir>`. */
export function plan(folder: string, options: PlanCommandOptions): Promise<void> {
  return runCommand('plan', options, async () => {
    const { output, ids, bank, frozenIds } = options;
    refuseSharedOutput(output, options);
    const made = await untilSignalled((signal) =>
      makePlan(folder, { planPath: output, idsPath: ids, banks: bank, frozenIds: frozenIds ?? false, signal }),
    );
    if (output === '-') await print(made.plan);
    return {
      result: reportOf(made),
      text: output === '-' ? [] : textOf(made),
      diagnostics: made.diagnostics,
      omitted: made.diagnosticsOmitted,
    };
  });
}

/** Runs `plan convert`. */
export function convert(from: string, to: string, options: Partial<PlanCommandOptions>): Promise<void> {
  return runCommand('plan', options, async () => {
    const { output, bank = [], ids, frozenIds } = options;
    if (output !== undefined || bank.length > 0 || ids !== undefined || frozenIds === true) {
      throw new UsageError('--output, --bank, --ids and --frozen-ids are for plans from folders');
    }
    if (from !== '-' && samePath(from, to)) throw new UsageError('a plan cannot be converted into its own place');
    refuseSharedOutput(to, options);
    const {
      bytes,
      form,
      assetCount,
      diagnostics,
      diagnosticsOmitted: omitted,
    } = await withName(from, readInput(from).then(convertPlan));
    if (to === '-') await print(bytes);
    else await replaceFile(nodeFileSystem, to, bytes);
    const result: PlanReport = { plan: { path: to }, asset_count: assetCount };
    const text =
      to === '-'
        ? []
        : [`${printable(to)}  ${counted(assetCount, 'asset')}, ${form === 'json' ? 'JSON' : 'binary'} form`];
    return { result, text, diagnostics, omitted };
  });
}

function refuseSharedOutput(path: string | undefined, { json = false }: CommonOptions): void {
  if (path === '-' && json) throw new UsageError('--json and the plan cannot share standard output');
}

function reportOf(made: MadePlan): PlanReport {
  return {
    plan: { path: made.planPath },
    asset_count: made.assetCount,
    ids: { path: made.idsPath, allocated: made.allocated, retired: made.retired },
    skipped: made.skipped,
  };
}

const REASONS: { readonly [reason in Skipped['reason']]: string } = {
  symlink: 'symbolic link',
  special: 'device, FIFO or socket',
  output: 'output of a pack',
};

function* textOf(made: MadePlan): Generator<string> {
  yield `${printable(made.planPath)}  ${counted(made.assetCount, 'asset')}`;
  yield `${printable(made.idsPath)}  ${made.allocated} allocated, ${made.retired} retired`;
  for (const { path, reason } of made.skipped) yield `skipped, a ${REASONS[reason]}: ${printable(path)}`;
  if (made.leavesFolder) yield "payload paths leave the plan's folder: pack it with --allow-outside-root";
}
