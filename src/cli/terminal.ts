/** What every command shares: its common options, its output, its exit code. */
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { inspect, styleText } from 'node:util';
import { encodeChunks } from '../codec/chunks.js';
import { ERROR_TABLE } from '../error-table.js';
import { AssetsPaError, type Diagnostic, fault, ioFault, ioStep } from '../errors.js';
import { type FileSystem, nodeFileSystem, type OpenFile } from '../host/fs.js';
import { SpoolFile } from '../host/spool-file.js';
import type { OpenArtifact } from '../read/artifact.js';
import { type CommonResult, RESULTS_VERSION, resultPieces } from '../report/results.js';
import { diagnosticText, type Paint } from '../report/text.js';
import { EXIT, UsageError } from './exit.js';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color?: boolean;
}

/** What a command has to say in the end. */
export interface Outcome {
  /** Members of the result document, beside the common ones. */
  readonly result: object;
  /** The same for a person; lines. */
  readonly text: Iterable<string> | AsyncIterable<string>;
  /** Faults that did not stop the command, and warnings. */
  readonly diagnostics: readonly Diagnostic[];
  readonly omitted: number;
  /** Where the text goes. Defaults to standard output. */
  readonly stream?: NodeJS.WriteStream;
  /** What a command finds beside diagnostics. Defaults to what they say. */
  readonly exitCode?: number;
  /** Whether the text shows the diagnostics, so that standard error does not. */
  readonly showsDiagnostics?: boolean;
}

/** How operands and diagnostics name standard output. */
export const STANDARD_OUTPUT = '-';

/** Runs a command and turns its outcome, or its failure, into output and an exit code. */
export function runCommand(command: string, options: CommonOptions, work: () => Promise<Outcome>): Promise<void> {
  return runReporting(command, options, async (report) => report(await work()));
}

/** As {@link runCommand}, for work that holds open what its outcome is read from. */
export async function runReporting(
  command: string,
  options: CommonOptions,
  work: (report: (outcome: Outcome) => Promise<void>) => Promise<void>,
): Promise<void> {
  const terminal = new Terminal(command, options);
  try {
    await work(async (outcome) => {
      const exitCode = outcome.exitCode ?? exitCodeOf(outcome.diagnostics);
      await terminal.report(outcome, exitCode === EXIT.done);
      process.exitCode = exitCode;
    });
  } catch (error) {
    if (error instanceof UsageError) return terminal.usage(error);
    if (!(error instanceof AssetsPaError)) throw error;
    process.exitCode = error.code === 'INTERRUPTED' ? signalExitCode(error) : failureExitCode(error.diagnostics);
    // When nobody takes the document any more, the exit code has to do.
    await terminal.fail(error).catch(() => {});
  }
}

/** Gives work that must clean up after itself a signal for Ctrl-C and termination (W5). */
export async function untilSignalled<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => stop.abort(name);
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** 128 and the signal's number, as shells count. */
function signalExitCode({ cause }: AssetsPaError): number {
  return 128 + constants.signals[cause as (typeof SIGNALS)[number]];
}

/** The exit code of a command that ran to its end: warnings do not count. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length === 0 ? EXIT.done : failureExitCode(errors);
}

/** The exit code of a failure: `--strict` fails by warnings alone. */
function failureExitCode(diagnostics: readonly Diagnostic[]): number {
  const isNoFault = ({ code, severity }: Diagnostic) =>
    severity !== 'error' || ERROR_TABLE[code].kinds.every((kind) => kind === 'io');
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return hasErrors && diagnostics.every(isNoFault) ? EXIT.io : EXIT.broken;
}

/** Where one command speaks. */
export class Terminal {
  readonly #command: string;
  readonly #options: CommonOptions;

  constructor(command: string, options: CommonOptions) {
    this.#command = command;
    this.#options = options;
  }

  async report(outcome: Outcome, ok: boolean): Promise<void> {
    const { result, text, diagnostics, omitted, stream = process.stdout, showsDiagnostics = false } = outcome;
    const { json = false, quiet = false } = this.#options;
    if (quiet || !showsDiagnostics) this.#diagnose(diagnostics, omitted);
    if (json) await this.#document(ok, result, diagnostics, omitted);
    else if (!quiet) for await (const line of text) await print(`${line}\n`, stream);
  }

  /** Says on standard error what stopped a command. */
  explain(error: AssetsPaError): void {
    this.#diagnose(error.diagnostics, error.diagnosticsOmitted);
    if (this.#options.debug === true) process.stderr.write(`${inspect(error)}\n`);
  }

  async fail(error: AssetsPaError): Promise<void> {
    // A reader that went away (`| head`) knows it.
    if (error.diagnostics.every(({ details }) => details?.['system'] === 'EPIPE')) return;
    this.explain(error);
    // Where standard output itself failed, there is nobody left to print a document for.
    const isOutputLost = error.diagnostics.some(
      ({ code, where }) => code === 'OUTPUT_WRITE' && where.path === STANDARD_OUTPUT,
    );
    if (this.#options.json !== true || isOutputLost) return;
    await this.#document(false, {}, error.diagnostics, error.diagnosticsOmitted);
  }

  usage(error: UsageError): void {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = EXIT.usage;
  }

  /** Text mode shows diagnostics on standard error; a document carries its own. */
  #diagnose(diagnostics: readonly Diagnostic[], omitted: number): void {
    const { json = false, quiet = false } = this.#options;
    if (json) return;
    const paint = painter(process.stderr, this.#options);
    for (const each of diagnostics) {
      if (quiet && each.severity !== 'error') continue;
      process.stderr.write(`${diagnosticText(each, paint)}\n`);
    }
    if (omitted > 0) process.stderr.write(`and ${omitted} more\n`);
  }

  async #document(ok: boolean, result: object, diagnostics: readonly Diagnostic[], omitted: number): Promise<void> {
    const common: CommonResult = {
      schema_version: RESULTS_VERSION,
      command: this.#command,
      ok,
      diagnostics,
      diagnostics_omitted: omitted,
    };
    for (const chunk of encodeChunks(resultPieces({ ...common, ...result }))) await print(chunk);
  }
}

/** Writes to a standard stream and waits until it is taken. */
export function print(chunk: string | Uint8Array, stream: NodeJS.WriteStream = process.stdout): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (error) reject(ioFault('OUTPUT_WRITE', 'standard output cannot be written', STANDARD_OUTPUT, error));
      else resolve();
    });
  });
}

/** Colours, where the stream is a terminal and nobody objects. */
export function painter(stream: NodeJS.WriteStream, { color = true }: CommonOptions): Paint {
  const isOn = color && stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
  return (style, text) => (isOn ? styleText(style, text, { validateStream: false }) : text);
}

/** Names the plan in the diagnostics that speak of a place in it. */
export async function withName<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    const isInPlan = ({ code, where }: Diagnostic) =>
      where.path === undefined && (where.plan !== undefined || code === 'PLAN_SYNTAX');
    const named = error.diagnostics.map((each) =>
      isInPlan(each) ? { ...each, where: { path, ...each.where } } : each,
    );
    throw new AssetsPaError(named, { cause: error.cause, omitted: error.diagnosticsOmitted });
  }
}

/** The file system, with standard input as the file `-`: it is written down first, since a reader goes back and forth. */
export const inputFileSystem: FileSystem = {
  ...nodeFileSystem,
  open: (path, flags, mode) => (path === '-' ? spoolStandardInput() : nodeFileSystem.open(path, flags, mode)),
};

async function spoolStandardInput(): Promise<OpenFile> {
  const spool = await SpoolFile.create(nodeFileSystem);
  try {
    for await (const chunk of process.stdin) await spool.append(chunk as Uint8Array);
    return spool.file;
  } catch (error) {
    await spool.close();
    throw error;
  }
}

/** What a command looks at stays as it was: no output takes its place. */
export async function refuseInput(option: string, path: string, artifacts: readonly OpenArtifact[]): Promise<void> {
  if (path === STANDARD_OUTPUT) return;
  const there = await nodeFileSystem.stat(path).catch(() => undefined);
  for (const { path: input, file } of there === undefined ? [] : artifacts) {
    const { dev, ino } = await file.stat();
    if (dev === there?.dev && ino === there.ino) throw new UsageError(`${option}: ${path} is the artifact ${input}`);
  }
}

/** The bytes of an operand; `-` is standard input. */
export function readInput(path: string): Promise<Uint8Array> {
  if (path === '-') return readStandardInput();
  return ioStep('INPUT_READ', 'the input cannot be read', path, () => readFile(path));
}

/** Everything on standard input. */
async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  } catch (error) {
    throw fault('INPUT_READ', { what: 'standard input cannot be read', where: { path: '-' } }, error);
  }
  return Buffer.concat(chunks);
}
