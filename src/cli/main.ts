#!/usr/bin/env node
/** The command line: which commands and options there are. What a command does is loaded when it runs. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { BANK_TYPES, RETIRED_NAMES } from '../format.js';
import type { BankOption } from '../plan/from-tree.js';
import { SORT_KEYS } from '../report/order.js';
import { AUTHORING_TYPES } from '../workspace/bank-encoder.js';
import { EXIT, UsageError } from './exit.js';
import { keepFreedMemory } from './freed-memory.js';

keepFreedMemory();

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
  description: string;
};

const program = new Command('assets-pa')
  .description(manifest.description)
  .version(manifest.version)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

/** A command with the options that all have. */
function command(parent: Command, usage: string, summary: string): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .option('-q, --quiet', 'print errors only')
    .option('--debug', 'print stack traces')
    .option('--no-color', 'print without colours');
}

command(program, 'pack', 'write assets.pa and its companions from a plan')
  .argument('<plan>', 'the plan, JSON or binary; - is standard input')
  .option('-o, --out-dir <dir>', 'the output directory (default: build)')
  .option('--align <n>', 'align payloads to n: 1 (packed) or a power of two up to 65536; wins over the plan', integer)
  .option('--digest <list>', 'digests to compute: sha256,xxh64 or none', 'sha256,xxh64')
  .option('--root <dir>', "what confines payload paths (default: the plan's folder)")
  .option('--allow-outside-root', 'let payload paths leave the root')
  .addOption(
    new Option('--stdout', 'write assets.pa to standard output, without companions').conflicts(['json', 'outDir']),
  )
  .option('--dry-run', 'check and lay out, but read no payload and write nothing')
  .addOption(
    new Option('--progress <when>', 'show a progress bar').choices(['auto', 'always', 'never']).default('auto'),
  )
  .option('--strict', 'let warnings fail, before anything is published')
  .addHelpText(
    'after',
    `
Examples:
  assets-pa pack plan.json                     into build/
  assets-pa pack plan.json -o out --align 4096
  assets-pa pack plan.json --stdout | ssh device 'cat > assets.pa'
  assets-pa pack plan.json --dry-run --json    exact size, nothing written`,
  )
  .action(async (plan, options) => (await import('./pack.js')).pack(plan, options));

const plan = command(program, 'plan', 'make a plan from a folder tree of ready payload files')
  .argument('<dir>', 'the folder')
  .option('-o, --output <file>', 'where the plan goes; - is standard output (default: <dir>/assets-pa.plan.json)')
  .option('--bank <glob=type>', 'bank type of the files that match; the last match wins', collectBank, [])
  .option('--ids <file>', 'where ids are kept (default: assets-pa.ids.json beside the plan)')
  .option('--frozen-ids', 'fail when a file has no id yet')
  .addHelpText(
    'after',
    `
A sidecar <file>.asset.json (bank_type, decoded_size, metadata, codec_configuration, pipeline, preload) wins over --bank.

Examples:
  assets-pa plan data --bank '**/*.ogg=SOUNDS' --bank 'levels/**=SCENE'
  assets-pa plan data --frozen-ids
  assets-pa plan convert plan.json plan.binpb`,
  )
  .action(async (folder, options) => (await import('./plan.js')).plan(folder, options));

command(plan, 'convert', 'turn a JSON plan into the binary form, and back')
  .argument('<in>', 'the plan; - is standard input')
  .argument('<out>', 'where the other form goes; - is standard output')
  .action(async (from, to, options, self: Command) => {
    const outer = self.parent?.opts() ?? {};
    const color = options.color !== false && outer['color'] !== false;
    return (await import('./plan.js')).convert(from, to, { ...outer, ...options, color });
  });

command(program, 'init', 'make a folder a project: a workspace with a registry')
  .argument('[project]', 'the project folder', '.')
  .action(async (project, options) => (await import('./projects.js')).init(project, options));

command(program, 'register', 'give an asset root its id, or find the id that it has')
  .argument('<root>', 'a folder with an asset.json, below the assets folder of a project')
  .addOption(new Option('--type <type>', 'make an asset.json where there is none').choices(AUTHORING_TYPES))
  .option('--name <name>', 'the name in a new asset.json (default: the root)')
  .addHelpText(
    'after',
    `
Examples:
  assets-pa register assets/sprites/hero
  assets-pa register assets/sfx/jump --type sound_bank --name jump`,
  )
  .action(async (root, options) => (await import('./projects.js')).register(root, options));

command(program, 'build', 'write assets.pa and its companions from a project')
  .argument('<project>', 'the project folder')
  .option('-o, --out-dir <dir>', 'the output directory (default: <project>/build)')
  .option('--align <n>', 'align payloads to n: 1 (packed) or a power of two up to 65536', integer)
  .option('--digest <list>', 'digests to compute: sha256,xxh64 or none', 'sha256,xxh64')
  .option('--no-cache', 'neither read nor write the cache')
  .addOption(new Option('--watch', 'build again whenever the workspace changes').conflicts('json'))
  .addOption(
    new Option('--progress <when>', 'show a progress bar').choices(['auto', 'always', 'never']).default('auto'),
  )
  .action(async (project, options) => (await import('./projects.js')).build(project, options));

command(program, 'doctor', 'say what is wrong with a project, what deserves a look, and what to do')
  .argument('<project>', 'the project folder')
  .action(async (project, options) => (await import('./projects.js')).doctor(project, options));

command(program, 'migrate', 'write the documents of a project in the newest version')
  .argument('<project>', 'the project folder')
  .addOption(new Option('--check', 'write nothing; exit 1 when there is something to do').conflicts('dryRun'))
  .option('--dry-run', 'write nothing, and show what would change')
  .addHelpText(
    'after',
    `
The documents as they were are kept in assets/.prometeu/backup/, in a folder with a number for each migration.`,
  )
  .action(async (project, options) => (await import('./projects.js')).migrate(project, options));

command(program, 'inspect', 'show prelude, layout, asset table, preload and totals of an assets.pa')
  .argument('<file>', 'the artifact; - is standard input')
  .option('--asset <id>', 'only this asset, with all its members; may be repeated', collectId)
  .addOption(new Option('--sort <key>', 'order of the table; sizes the largest first').choices(SORT_KEYS))
  .option('--filter <text>', 'only assets with this in their name, or with this id or bank type')
  .option('--limit <n>', 'rows of the table; 0: all', integer, 200)
  .option('--hex', 'list the bytes, each with its field, value and clause')
  .option('--html <file>', 'write a page to look at in a browser')
  .addHelpText(
    'after',
    `
Examples:
  assets-pa inspect build/assets.pa --sort size
  assets-pa inspect build/assets.pa --asset 7 --hex
  assets-pa inspect build/assets.pa --html assets.html`,
  )
  .action(async (file, options) => (await import('./reading.js')).inspect(file, options));

command(program, 'verify', 'check artifacts against the whole contract')
  .argument('[file...]', 'the artifacts; - is standard input')
  .option(
    '--companions [dir]',
    "check the companions too, and the digests that they state (default: the artifact's folder)",
  )
  .option('--plan <plan>', 'compare entries and payload bytes with what this plan and its sources give')
  .option('--root <dir>', "what confines the plan's payload paths (default: the plan's folder)")
  .option('--allow-outside-root', "let the plan's payload paths leave the root")
  .addOption(
    new Option('--profile <name>', 'how strict to be: runtime is what a game runtime has to reject')
      .choices(['runtime', 'strict'])
      .default('strict'),
  )
  .addHelpText(
    'after',
    `
Examples:
  assets-pa verify build/assets.pa --companions
  assets-pa verify build/assets.pa --plan plan.json
  assets-pa verify --companions out -- a.pa b.pa`,
  )
  .action(async (files, options) => (await import('./reading.js')).verify(files, options));

command(program, 'diff', 'say how two artifacts differ; exit 1 when they do')
  .argument('<a>', 'an artifact; - is standard input')
  .argument('<b>', 'another one')
  .option('--hex', 'list the bytes around every difference, in both')
  .option('--html <file>', 'write a page to look at in a browser')
  .action(async (a, b, options) => (await import('./reading.js')).diff(a, b, options));

command(program, 'extract', 'write payloads to files')
  .argument('<file>', 'the artifact; - is standard input')
  .option('-o, --out-dir <dir>', 'where the files go; - writes one payload to standard output', 'extracted')
  .option('--asset <id>', 'only this asset; may be repeated', collectId)
  .option('--force', 'replace files that are there')
  .action(async (file, options) => (await import('./reading.js')).extract(file, options));

command(program, 'preview', 'make a PNG of a glyph bank: its sheet in one palette')
  .argument('<file>', 'the artifact; - is standard input')
  .requiredOption('-o, --output <file>', 'where the PNG goes; - is standard output')
  .option('--asset <id>', 'which glyph bank, when there are several', integer)
  .option('--palette <n>', 'which of its 64 palettes', integer, 0)
  .addHelpText(
    'after',
    `
The PNG is indexed: its pixels have the indices of the payload, and it can be a source of tiles again.

Examples:
  assets-pa preview build/assets.pa --asset 7 -o tiles.png
  assets-pa preview build/assets.pa --asset 7 --palette 3 -o - | display`,
  )
  .action(async (file, options) => (await import('./reading.js')).preview(file, options));

command(program, 'conform', "run somebody's reader over the test vectors and score it")
  .argument('<command...>', 'the reader, after --; it gets the path of a vector as last argument')
  .option('--vectors <dir>', 'the vector set (default: the one that comes with the package)')
  .addOption(
    new Option('--profile <name>', 'what the reader is held to').choices(['runtime', 'strict']).default('runtime'),
  )
  .option('--filter <re>', 'only vectors whose id matches')
  .option('--jobs <n>', 'readers at once (default: one a processor)', positive)
  .option('--timeout <s>', 'seconds for one vector', positive, 10)
  .option('--known <file>', 'known failures, an id a line; the list must match exactly')
  .option('--junit <file>', 'write the results as JUnit XML')
  .addHelpText(
    'after',
    `
The reader prints one JSON document: {"verdict":"accept",...} or {"verdict":"reject","class":...}; spec-vectors/README.md says all.

Examples:
  assets-pa conform -- ./my-reader
  assets-pa conform --filter '^reject/PRELOAD' -- python3 reader.py`,
  )
  .action(async (reader, options) => (await import('./conform.js')).conform(reader, options));

const vectors = program.command('vectors').summary('check or list a set of test vectors');
command(vectors, 'check', 'check a vector set against this implementation')
  .argument('[dir]', 'the vector set (default: the one that comes with the package)')
  .action(async (dir, options) => (await import('./conform.js')).checkVectors(dir, options));
command(vectors, 'list', 'list the vectors of a set')
  .argument('[dir]', 'the vector set (default: the one that comes with the package)')
  .action(async (dir, options) => (await import('./conform.js')).listVectors(dir, options));

/** More seconds than this do not fit the timer, in milliseconds. */
const COUNT_MAX = 2_147_483;

function positive(text: string): number {
  const value = integer(text);
  if (value < 1 || value > COUNT_MAX) throw new InvalidArgumentError(`It is from 1 to ${COUNT_MAX}.`);
  return value;
}

function integer(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

function collectId(text: string, before: readonly number[] = []): number[] {
  return [...before, integer(text)];
}

function collectBank(text: string, before: readonly BankOption[]): BankOption[] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is GLOB=TYPE, as in "**/*.ogg=SOUNDS".');
  const bankType = text.slice(at + 1);
  if (!(BANK_TYPES as readonly string[]).includes(bankType)) {
    const replacement = RETIRED_NAMES.get(bankType);
    const hint = replacement === undefined ? '' : ` ${bankType} is retired: write ${replacement}.`;
    throw new InvalidArgumentError(`The type is ${BANK_TYPES.join(', ')}.${hint}`);
  }
  return [...before, { glob: text.slice(0, at), bankType }];
}

// A reader that goes away (`| head`) is reported by the write that fails.
process.stdout.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else if (error instanceof UsageError) process.exitCode = EXIT.usage;
  else {
    const { message, stack } = error as Error;
    const isDebug = process.argv.includes('--debug');
    process.stderr.write(`internal error: ${isDebug ? stack : `${message} (--debug shows where)`}\n`);
    process.exitCode = EXIT.defect;
  }
}
