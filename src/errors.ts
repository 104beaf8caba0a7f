/** The one shape of a diagnostic, its collector, and the error that carries diagnostics. */
import { ERROR_TABLE, type ErrorCode } from './error-table.js';
import { DIAGNOSTICS_MAX } from './format.js';

export type { ErrorCode } from './error-table.js';

/** Where a fault is: one or more of these. */
export interface Where {
  /** JSON pointer into the header, `/asset_table/3/offset`; beside `path`, into that file. */
  readonly pointer?: string;
  /** Byte in the file: of the artifact, or of the document that `plan` or `path` names. */
  readonly offset?: number;
  /** JSON pointer into the plan, `/assets/0/file`. */
  readonly plan?: string;
  /** File system path, as the caller named it. */
  readonly path?: string;
}

/** How bad a diagnostic is: only an `error` fails the work. */
export type Severity = 'error' | 'warning' | 'info';

/** One fault, in the one shape that library, text, `--json` and HTML share. */
export interface Diagnostic {
  readonly code: ErrorCode;
  readonly severity: Severity;
  /** The clause of `docs/format.md`; absent where there is none. */
  readonly clause?: string;
  /** One sentence: what is wrong, with "expected ..., got ...". */
  readonly message: string;
  readonly where: Where;
  readonly asset_id?: number;
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** What to do, when there is something to do. */
  readonly hint?: string;
  /** What the table says that a code carries. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The parts of a diagnostic that its code does not already fix. */
export interface DiagnosticParts extends Partial<Omit<Diagnostic, 'code' | 'severity' | 'message'>> {
  /** What is wrong, without the values; "expected ..., got ..." is appended from `expected` and `actual`. */
  readonly what: string;
}

/** Builds a diagnostic: severity and clause come from the table, "expected ..., got ..." from the values. */
export function diagnostic(code: ErrorCode, { what, expected, actual, ...rest }: DiagnosticParts): Diagnostic {
  const { kinds, clauses } = ERROR_TABLE[code];
  const clause = rest.clause ?? clauses[0];
  return {
    code,
    severity: kinds.includes('warning') ? 'warning' : 'error',
    ...(clause !== undefined && { clause }),
    message: what + comparison(expected, actual),
    where: {},
    ...rest,
    ...(expected !== undefined && { expected: plain(expected) }),
    ...(actual !== undefined && { actual: plain(actual) }),
  };
}

/** Versions of a surface that can be read, both ends included. */
export interface VersionWindow {
  readonly min: number;
  readonly max: number;
}

/** V2: the one diagnostic for a version outside the supported range. */
export function unsupportedVersion(parts: {
  /** The surface: `assets.pa`, `plan`, `ids file`, ... */
  readonly artifact: string;
  /** The versions that are supported, or the only one. */
  readonly supported: number | VersionWindow;
  readonly found: unknown;
  readonly where: Where;
  /** What the user must do. */
  readonly hint: string;
  /** What cannot go on. */
  readonly blocks: string;
}): Diagnostic {
  const { artifact, found, where, hint, blocks } = parts;
  const supported =
    typeof parts.supported === 'number' ? { min: parts.supported, max: parts.supported } : parts.supported;
  const { min, max } = supported;
  return diagnostic('VERSION_UNSUPPORTED', {
    what: `this version of ${artifact.startsWith('asset') ? artifact : `the ${artifact}`} is not supported, which blocks ${blocks}; no migration was attempted`,
    where,
    expected: min === max ? max : new Phrase(`${min} to ${max}`),
    actual: found,
    hint,
    details: { artifact, found, supported, migration: 'not attempted', blocks },
  });
}

/** The failure of an operation: every diagnostic that was found, errors and warnings alike. */
export class AssetsPaError extends Error {
  override readonly name = 'AssetsPaError';
  /** The code of the first error. */
  readonly code: ErrorCode;
  /** At most 1,000, in document order. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many more there were. */
  readonly diagnosticsOmitted: number;

  /**
   * @param diagnostics At least one; the first error gives the error its code and message.
   * @param options `cause`: the system's error; `omitted`: how many diagnostics were not listed.
   */
  constructor(diagnostics: readonly Diagnostic[], options: { cause?: unknown; omitted?: number } = {}) {
    const first = diagnostics.find(isError) ?? diagnostics[0];
    if (first === undefined) throw new TypeError('AssetsPaError needs a diagnostic');
    const more = diagnostics.length - 1 + (options.omitted ?? 0);
    const text = `${first.code} ${first.message}${more > 0 ? ` (and ${more} more)` : ''}`;
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = first.code;
    this.diagnostics = diagnostics;
    this.diagnosticsOmitted = options.omitted ?? 0;
  }
}

/** An error with one diagnostic. */
export function fault(code: ErrorCode, parts: DiagnosticParts, cause?: unknown): AssetsPaError {
  return new AssetsPaError([diagnostic(code, parts)], { cause });
}

/** An `io` error made from what the operating system threw; the diagnostic carries the system's code. */
export function ioFault(code: ErrorCode, what: string, path: string, cause: unknown): AssetsPaError {
  const system = systemCode(cause);
  return fault(
    code,
    {
      what: `${what}: ${systemMessage(cause)}`,
      where: { path },
      ...(system !== undefined && { details: { system } }),
    },
    cause,
  );
}

/**
 * Runs a step that asks the operating system for something; what that refuses becomes {@link ioFault}. Any other error is a
 * defect and passes as it is.
 */
export async function ioStep<T>(code: ErrorCode, what: string, path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw systemCode(error) === undefined ? error : ioFault(code, what, path, error);
  }
}

/** `no space left on device (ENOSPC)`. */
export function systemMessage(error: unknown): string {
  const system = systemCode(error);
  const { message } = error as Error;
  // Node says "ENOSPC: no space left on device, write".
  const words = /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1];
  return system === undefined ? message : `${words ?? message} (${system})`;
}

/** The operating system's error code (`ENOSPC`), when there is one. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof AssetsPaError) return undefined;
  const code = (error as { code?: unknown } | null | undefined)?.code;
  // Node's own errors are called ERR_...: those are defects, not what the system said.
  return typeof code === 'string' && !code.startsWith('ERR_') ? code : undefined;
}

/** Collects faults; keeps the first {@link DIAGNOSTICS_MAX} in document order and counts the rest. */
export class Diagnostics {
  readonly #classify: Classify;
  readonly #classes = new Set<string>();
  #kept: Diagnostic[] = [];
  #total = 0;
  #errors = 0;
  /** The last place that is kept, once there are more faults than that. */
  #last: Where | undefined;

  /** @param classify What {@link classes} collects of each error, listed or not. Defaults to its code. */
  constructor(classify: Classify = ({ code }) => code) {
    this.#classify = classify;
  }

  /** A collector that classifies as this one does, to be absorbed by it. */
  nested(): Diagnostics {
    return new Diagnostics(this.#classify);
  }

  /** Adds one fault. */
  add(each: Diagnostic): void {
    this.#count(each);
    this.#kept.push(each);
    if (this.#kept.length >= 2 * DIAGNOSTICS_MAX) this.#trim();
  }

  /** Builds a fault with {@link diagnostic} and adds it. */
  report(code: ErrorCode, parts: DiagnosticParts): void {
    const { where = {} } = parts;
    // A million faults: what cannot be listed any more need not be put into words.
    if (this.#last !== undefined && byPointer({ where }, { where: this.#last }) > 0) {
      const severity = ERROR_TABLE[code].kinds.some((kind) => kind === 'warning') ? 'warning' : 'error';
      this.#count({ code, severity, message: '', ...parts, where });
    } else this.add(diagnostic(code, parts));
  }

  /** What was found of all errors, listed or not. */
  get classes(): ReadonlySet<string> {
    return this.#classes;
  }

  /** How many were found, listed or not. */
  get total(): number {
    return this.#total;
  }

  /** How many errors were found, listed or not. */
  get errors(): number {
    return this.#errors;
  }

  /** The first faults in document order; errors before warnings where not all can be listed. */
  get list(): readonly Diagnostic[] {
    this.#trim();
    return this.#kept.sort(orderOf(this.#kept));
  }

  /** How many {@link list} leaves out. */
  get omitted(): number {
    return this.#total - Math.min(this.#total, DIAGNOSTICS_MAX);
  }

  /** Takes over what another collector found, listed as given. */
  absorb(other: Diagnostics, list: readonly Diagnostic[] = other.list): void {
    for (const each of list) this.add(each);
    for (const each of other.classes) this.#classes.add(each);
    this.#total += other.omitted;
    this.#errors += other.errors - list.filter(isError).length;
  }

  /** Takes over what an error carries. */
  absorbError({ diagnostics, diagnosticsOmitted }: AssetsPaError): void {
    for (const each of diagnostics) this.add(each);
    this.#total += diagnosticsOmitted;
    this.#errors += diagnosticsOmitted;
  }

  /** Throws what was found when there is an error in it. */
  throwIfErrors(): void {
    if (this.#errors > 0) throw this.toError();
  }

  /** What was found, as an error. */
  toError(): AssetsPaError {
    return new AssetsPaError(this.list, { omitted: this.omitted });
  }

  #count(each: Diagnostic): void {
    this.#total += 1;
    if (!isError(each)) return;
    this.#errors += 1;
    this.#classes.add(this.#classify(each));
  }

  #trim(): void {
    if (this.#kept.length <= DIAGNOSTICS_MAX) return;
    const byPlace = orderOf(this.#kept);
    this.#kept.sort((a, b) => Number(isError(b)) - Number(isError(a)) || byPlace(a, b));
    this.#kept.length = DIAGNOSTICS_MAX;
    const last = this.#kept.at(-1) as Diagnostic;
    // Only where places are told by pointers alone can it be said of the next fault before it is built.
    this.#last = isError(last) && byPlace === byPointer ? last.where : undefined;
  }
}

type Classify = (error: Diagnostic) => string;

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

type Placed = Pick<Diagnostic, 'where'>;
type Order = (a: Placed, b: Placed) => number;

/** By bytes, once every pointer has its byte; before that, by pointers where there are any. */
function orderOf(list: readonly Placed[]): Order {
  const isUnlocated = ({ where: { plan, path, pointer, offset } }: Placed) =>
    offset === undefined && (plan ?? (path === undefined ? pointer : undefined)) !== undefined;
  return list.some(isUnlocated) ? byPointer : byByte;
}

function byByte(a: Placed, b: Placed): number {
  return comparePlaces(placeOf(a.where), placeOf(b.where));
}

function byPointer(a: Placed, b: Placed): number {
  return comparePlaces(pointerOf(a.where), pointerOf(b.where));
}

/** A pointer where there is one, else the byte. */
function pointerOf({ plan, path, pointer, offset }: Where): number | string {
  const isByteAlone = offset !== undefined && (plan ?? path ?? pointer) === undefined;
  return isByteAlone ? offset : (plan ?? (path ?? '') + (pointer ?? ''));
}

function comparePlaces(left: number | string, right: number | string): number {
  if (typeof left === 'string' && typeof right === 'string') return comparePointers(left, right);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return typeof left === 'number' ? -1 : 1;
}

/** The byte of the artifact or the plan where it is known, else a pointer. */
function placeOf({ plan, path, pointer = '', offset }: Where): number | string {
  if (offset !== undefined && (plan !== undefined || path === undefined)) return offset;
  return plan ?? (path ?? '') + pointer;
}

/** Document order of two JSON pointers: segment by segment, array indices as numbers. */
function comparePointers(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const x = left[i] as string;
    const y = right[i] as string;
    if (x === y) continue;
    const areIndices = ARRAY_INDEX.test(x) && ARRAY_INDEX.test(y);
    return areIndices ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return left.length - right.length;
}

const NEEDS_TOKEN_ESCAPE = /[~/\ud800-\udfff]/;

const ARRAY_INDEX = /^(0|[1-9][0-9]*)$/;

/** One reference token of a JSON pointer, escaped as in RFC 6901; a lone surrogate is replaced, so that every reader can read it. */
export function pointerToken(name: string | number): string {
  const text = String(name);
  // Most names need none of it, and there is one for every member of every free object.
  if (!NEEDS_TOKEN_ESCAPE.test(text)) return `/${text}`;
  return `/${text.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const SHOWN_MAX = 80;
// Characters that a terminal obeys, that reorder text, or that cannot be seen: C1 controls, DEL, soft hyphens, zero-width spaces, bidirectional
// marks, line separators.
const UNPRINTABLE = /[\u007f-\u009f\u00ad\u061c\u200b\u2060\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The beginning of a text that may be of any length. */
export function excerpt(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX).toWellFormed()}...` : text;
}

/** A value as a message may show it: quoted, printable, cut at 80 characters. */
export function show(value: unknown): string {
  if (typeof value === 'string') return printable(JSON.stringify(excerpt(value)));
  return typeof value === 'object' ? printable(excerpt(JSON.stringify(value))) : String(value);
}

/** Text from a file made safe for a terminal: nothing in it can move the cursor or turn the line around. */
export function printable(text: string): string {
  const toEscape = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(UNPRINTABLE, toEscape).replace(/[\u0000-\u001f]/g, toEscape);
}

/** Wraps a phrase so that {@link diagnostic} prints it bare: `expected more than 7`, not `expected "more than 7"`. */
export class Phrase {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** `1 byte`, `2 bytes`. */
export function bytesPhrase(count: number, before = ''): Phrase {
  return new Phrase(`${before}${count} ${count === 1 ? 'byte' : 'bytes'}`);
}

function comparison(expected: unknown, actual: unknown): string {
  const parts = [
    ...(expected === undefined ? [] : [`expected ${expected instanceof Phrase ? expected.text : show(expected)}`]),
    ...(actual === undefined ? [] : [`got ${actual instanceof Phrase ? actual.text : show(actual)}`]),
  ];
  return parts.length > 0 ? `: ${parts.join(', ')}` : '';
}

/** What a JSON document can hold of a value: integers beyond 2^53 - 1 and phrases become strings. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' || value instanceof Phrase ? value.toString() : value;
}
