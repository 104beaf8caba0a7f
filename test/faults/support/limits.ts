/** Inputs that are as large, as deep or as wrong as can be: a command must end soon, with a code, in bounded memory (W8, H6). */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLI, type Scratch } from './scene.js';

const PEAK = fileURLToPath(new URL('./peak.cjs', import.meta.url));

/** A hostile input. */
export interface LimitCase {
  readonly title: string;
  /** The command; the input's path is put behind it. */
  readonly command: readonly string[];
  /** Makes the input. @param scale 1 for a quick test; more for a campaign. @returns Its size in bytes. */
  readonly make: (path: string, scale: number) => void;
  /** The first code. */
  readonly code: string;
  /** Diagnostics in all, where that is known. */
  readonly faults?: (scale: number) => number;
  /** Assets, or entries, that are looked at one by one. */
  readonly entries?: (scale: number) => number;
}

/** The most memory that a case may take, in MiB: the program itself, the input that is read as a whole, and what is kept of each entry (W1). */
export function memoryLimit({ entries = () => 0 }: LimitCase, scale: number, bytes: number): number {
  return 256 + (3 * bytes + 1_024 * entries(scale)) / MIB;
}

const MIB = 2 ** 20;

/** What a command did with it. */
export interface LimitResult {
  readonly status: number | null;
  readonly code: string | undefined;
  readonly listed: number;
  readonly omitted: number;
  readonly ms: number;
  readonly peakMiB: number;
  readonly stderr: string;
  readonly bytes: number;
}

function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    for (const piece of pieces) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
}

function* repeated(piece: string, count: number): Generator<string> {
  const batch = piece.repeat(1_000);
  for (let i = 0; i < Math.floor(count / 1_000); i += 1) yield batch;
  yield piece.repeat(count % 1_000);
}

/** Prelude and header. */
function* artifact(header: Iterable<string>, length: number, payloadOffset = 32 + length): Generator<Buffer | string> {
  const prelude = Buffer.alloc(32);
  prelude.write('ASPA');
  prelude.writeUInt32LE(1, 4);
  prelude.writeUInt32LE(length, 8);
  prelude.writeBigUInt64LE(BigInt(payloadOffset), 12);
  yield prelude;
  yield* header;
}

function writeArtifact(path: string, header: readonly string[], length?: number): void {
  const total = header.reduce((sum, piece) => sum + piece.length, 0);
  const file = openSync(path, 'w');
  try {
    for (const piece of artifact(header, length ?? total, 32 + total)) writeSync(file, piece as string);
  } finally {
    closeSync(file);
  }
}

const PACK = ['pack', '--dry-run', '--json'] as const;
const VERIFY = ['verify', '--json'] as const;
const ENTRY =
  '{"asset_id":7,"asset_name":"same","bank_type":"SCENE","codec":"NONE","decoded_size":0,"metadata":{},"offset":9,"size":0}';

/** The scale at which inputs are 1 GiB large, and faults a million. */
export const FULL_SCALE = 64;

/** At scale 1 a sixty-fourth of that; how deep they nest is always the same. */
export const LIMIT_CASES: readonly LimitCase[] = [
  {
    title: 'a plan of zeros',
    command: PACK,
    make: (path, scale) => {
      writeFileSync(path, '');
      truncateSync(path, 16 * scale * MIB);
    },
    code: 'PLAN_SYNTAX',
  },
  {
    title: 'a plan of white space',
    command: PACK,
    make: (path, scale) => writePieces(path, repeated(' '.repeat(1_048), 15_625 * scale)),
    code: 'PLAN_SYNTAX',
  },
  {
    title: 'a plan that is one name without an end',
    command: PACK,
    make: (path, scale) =>
      writePieces(path, [
        '{"schema_version":1,"assets":[{"asset_name":"',
        ...repeated('a'.repeat(1_048), 15_625 * scale),
      ]),
    code: 'PLAN_SYNTAX',
  },
  {
    title: 'a plan of a million nested objects without an end',
    command: PACK,
    make: (path) => writePieces(path, repeated('{"a":', 1_000_000)),
    code: 'PLAN_SYNTAX',
  },
  {
    title: 'metadata a million levels deep',
    command: PACK,
    make: (path) =>
      writePieces(path, [
        '{"schema_version":1,"assets":[{"asset_id":1,"asset_name":"a","bank_type":"SCENE","inline":"","metadata":',
        ...repeated('{"a":', 1_000_000),
        '1',
        ...repeated('}', 1_000_000),
        '}]}',
      ]),
    code: 'HEADER_TOO_DEEP',
  },
  {
    title: 'a plan with a fault in each of many assets',
    command: PACK,
    make: (path, scale) =>
      writePieces(path, ['{"schema_version":1,"assets":[', ...repeated('0,', 15_625 * scale - 1), '0]}']),
    code: 'PLAN_SHAPE',
    faults: (scale) => 15_625 * scale,
    entries: (scale) => 15_625 * scale,
  },
  {
    title: 'a header of 4 GiB in a file of 40 bytes',
    command: VERIFY,
    make: (path) => writeArtifact(path, ['12345678'], 0xffffffff),
    code: 'HEADER_LENGTH',
  },
  {
    title: 'a header of a million nested arrays',
    command: VERIFY,
    make: (path) =>
      writeArtifact(path, [
        '{"asset_table":',
        ...repeated('[', 1_000_000),
        ...repeated(']', 1_000_000),
        ',"preload":[]}',
      ]),
    code: 'HEADER_TOO_DEEP',
  },
  {
    title: 'a header with faults in each of many entries',
    command: VERIFY,
    make: (path, scale) =>
      writeArtifact(path, ['{"asset_table":[', ...repeated(`${ENTRY},`, 7_812 * scale - 1), ENTRY, '],"preload":[]}']),
    code: 'SLICE_BOUNDS',
    // A slice outside the region each; but for the first also an id that repeats and does not increase.
    faults: (scale) => 3 * 7_812 * scale - 2,
    entries: (scale) => 7_812 * scale,
  },
];

/** Runs a case on the command line. */
export function runLimit({ command, make }: LimitCase, scale: number, scratch: Scratch): LimitResult {
  const folder = scratch.folder();
  const path = join(folder, 'input');
  make(path, scale);
  const started = performance.now();
  const args = ['--require', PEAK, CLI, ...command, path];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, PEAK_FILE: join(folder, 'peak') },
  });
  const ms = performance.now() - started;
  const document = stdout.startsWith('{') ? JSON.parse(stdout) : {};
  // `verify` judges several files: each has its own list.
  const { diagnostics = [], diagnostics_omitted = 0 } = document.artifacts?.[0] ?? document;
  let peakMiB = Number.NaN;
  try {
    peakMiB = Math.round(Number(readFileSync(join(folder, 'peak'), 'utf8')) / 1_024);
  } catch {
    // A process that was ended by a signal leaves nothing.
  }
  const bytes = readFileSync(path).length;
  scratch.discard(folder);
  return {
    status,
    code: diagnostics[0]?.code,
    listed: diagnostics.length,
    omitted: diagnostics_omitted,
    ms,
    peakMiB,
    stderr,
    bytes,
  };
}
