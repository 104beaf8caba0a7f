/** How much room a selection of cases takes, before anything is made. */
import type { Case, ScalingCase } from './cases.ts';
import { archiveBytes, corpusOf, diskBytes, scaled } from './corpora.ts';
import { freeBytes, shareRoom } from './folders.ts';
import { isMade } from './make-corpus.ts';
import type { RunOptions } from './run-case.ts';
import { scalingCorpora } from './run-scaling.ts';

/** Room for what is not counted: file systems, plans, logs. */
const SLACK = 1.05;

/** Bytes that a selection takes: what has to be made and stays, and the largest output at a time. */
export interface Room {
  readonly inputs: number;
  readonly output: number;
}

/** What a selection takes. */
export function roomFor(cases: readonly Case[], scaling: readonly ScalingCase[], options: RunOptions): Room {
  const names = new Set([...cases.map(({ corpus }) => corpus), ...scaling.flatMap(scalingCorpora)]);
  const sizeOf = (name: string) => scaled(corpusOf(name), options.scale);
  const missing = [...names].filter((name) => !isMade(name, options)).map((name) => diskBytes(sizeOf(name)));
  // An artifact that is there already is counted again: the check may ask for too much, never for too little.
  const artifacts = new Map(cases.flatMap(({ corpus, reads }) => (reads === undefined ? [] : [[corpus, reads]])));
  const packed = [...artifacts].map(([name, reads]) => archiveBytes(sizeOf(name)) * (reads === 'copy' ? 2 : 1));
  const outputs = cases.filter(({ fsync }) => fsync !== 'none').map(({ corpus }) => archiveBytes(sizeOf(corpus)));
  return { inputs: SLACK * sum([...missing, ...packed]), output: SLACK * Math.max(0, ...outputs) };
}

/**
 * Makes sure of the room.
 *
 * @throws Error there is not enough
 */
export function requireRoom({ inputs, output }: Room, { work, out }: RunOptions): void {
  const needs = shareRoom(work, out)
    ? [{ folder: work, bytes: inputs + output }]
    : [
        { folder: work, bytes: inputs },
        { folder: out, bytes: output },
      ];
  for (const { folder, bytes } of needs) {
    const free = freeBytes(folder);
    if (bytes <= free) continue;
    const remedy = 'choose cases, a --scale, or another folder';
    throw new Error(`${folder} has ${gib(free)} GiB, ${gib(bytes)} GiB are needed: ${remedy}`);
  }
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
