/** `assets-pa register` */
import { printable, show } from '../errors.js';
import type { RegisterReport } from '../report/results.js';
import type { AuthoringType } from '../workspace/bank-encoder.js';
import { type Registration, registerRoot } from '../workspace/register.js';
import { UsageError } from './exit.js';
import { type CommonOptions, runCommand, untilSignalled } from './terminal.js';

interface RegisterCommandOptions extends CommonOptions {
  readonly type?: AuthoringType;
  readonly name?: string;
}

/** Runs the command. */
export function register(root: string, options: RegisterCommandOptions): Promise<void> {
  return runCommand('register', options, async () => {
    const { type, name } = options;
    if (root === '') throw new UsageError('the asset root is a folder');
    if (type === undefined && name !== undefined)
      throw new UsageError('--name is for a new asset.json: give --type too');
    const create = type && { type, name };
    const done = await untilSignalled((signal) => registerRoot(root, { signal, ...(create && { create }) }));
    return { result: reportOf(done), text: textOf(done), diagnostics: [], omitted: 0 };
  });
}

function reportOf({ project, asset, name, outcome, created }: Registration): RegisterReport {
  return {
    project,
    asset: {
      asset_id: asset.assetId,
      asset_uuid: asset.assetUuid,
      name,
      root: asset.root,
      included_in_build: asset.includedInBuild,
    },
    outcome,
    created: created === undefined ? [] : [created],
  };
}

const OUTCOMES: { readonly [outcome in Registration['outcome']]: string } = {
  registered: 'registered',
  moved: 'moved: it keeps its id',
  unchanged: 'was registered before',
};

function* textOf({ asset, name, outcome, created }: Registration): Generator<string> {
  if (created !== undefined) yield `${printable(created)}  made: fill in what it leaves out`;
  yield `${printable(asset.root)}  asset ${asset.assetId}, ${show(name)}, ${OUTCOMES[outcome]}`;
}
