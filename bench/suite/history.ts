/** The history: what was measured, a JSON object a line, a file a machine. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, machineName, thisMachine } from './machine.ts';
import type { Line, Point, Summary } from './statistics.ts';
import type { Verdict } from './targets.ts';

/** Where recorded runs are. */
export const HISTORY = join(import.meta.dirname, '../history');

/** One side of a pair. A benchmark within a process has seconds alone. */
export interface Side {
  readonly seconds: Summary;
  readonly cpu_seconds?: Summary;
  /** The largest of all runs. */
  readonly peak_bytes?: number;
}

interface Head {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly case: string;
  readonly what: string;
  readonly scale: number;
  /** Kept pairs or rounds. */
  readonly pairs: number;
  readonly targets: readonly Verdict[];
}

/** Ours, and theirs where somebody does the same. */
export interface PairRecord extends Head {
  readonly kind: 'pair';
  readonly fsync: 'with' | 'without' | 'none';
  /** The file system of the output; absent where nothing is written. */
  readonly file_system?: string;
  readonly corpus?: { readonly name: string; readonly count: number; readonly bytes: number };
  readonly ours: Side;
  readonly peer?: string;
  readonly theirs?: Side;
  /** Of the pairs: how many times the throughput of theirs ours has. */
  readonly ratio?: Summary;
}

/** Ours at growing sizes. */
export interface ScalingRecord extends Head {
  readonly kind: 'scaling';
  readonly unit: 'byte' | 'entry';
  /** Medians. */
  readonly points: readonly Point[];
  readonly peaks_bytes: readonly number[];
  readonly line: Line;
}

/** A pair with a peer. */
export type RatedRecord = PairRecord & { readonly ratio: Summary };

/** A line of a history file. */
export type BenchRecord = PairRecord | ScalingRecord;

/** Adds a record to the file of its machine; returns the file. */
export function append(folder: string, record: BenchRecord): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${machineName(record.machine)}.jsonl`);
  appendFileSync(file, `${JSON.stringify(record)}\n`);
  return file;
}

/** The names of the machines that have a history. */
export function machinesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort();
}

/** Everything recorded on a machine, the oldest first. */
export function recordsOf(folder: string, machine: string): BenchRecord[] {
  const lines = readFileSync(join(folder, `${machine}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as BenchRecord);
}

/** What a pair is called in a chart. */
export function labelOf({ case: name, peer, file_system: on }: PairRecord): string {
  return `${name}${peer === undefined ? '' : ` : ${peer}`}${on === undefined ? '' : ` (${on})`}`;
}

/** What figures are compared over time: the same case, peer, size and file system. */
export function seriesOf(record: BenchRecord): string {
  const { peer = '', file_system: fileSystem = '' } = record.kind === 'pair' ? record : {};
  return JSON.stringify([record.case, peer, record.scale, fileSystem]);
}

/** Values by a key, in the order in which keys first came up. */
export function groupsOf<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

/** The latest record of each series, in the order in which series first came up. */
export function latest<T extends BenchRecord>(records: readonly T[]): T[] {
  return groupsOf(records, seriesOf).map((runs) => runs.at(-1) as T);
}

/**
 * The machine that a report is about: the one asked for, else this one, else the only one.
 *
 * @throws Error there is no such history
 */
export function chooseMachine(folder: string, asked: string | undefined): string {
  const machines = machinesIn(folder);
  const wanted = asked ?? machineName(thisMachine());
  if (machines.includes(wanted)) return wanted;
  const only = machines[0];
  if (asked === undefined && machines.length === 1 && only !== undefined) return only;
  throw new Error(`no history of ${wanted} in ${folder}; there is ${machines.join(', ') || 'none'}`);
}
