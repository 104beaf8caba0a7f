/** What a target of the fuzzer is, and what its oracles say. */
import type { Subject } from './load.ts';
import type { Random } from './random.ts';

/** An oracle's word that something is wrong. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

/** Says that something is wrong unless a condition holds. */
export function need(condition: boolean, what: () => string): asserts condition {
  if (!condition) throw new Finding(what());
}

/** Two texts that must be the same. */
export function same(what: string, found: string, expected: string): void {
  if (found !== expected) throw new Finding(`${what}: ${shorten(found)}, expected ${shorten(expected)}`);
}

const SHOWN = 2_000;

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

/** Some way into the program, with everything that has to hold there. */
export interface Target {
  readonly name: string;
  /** Longest input. */
  readonly lengthMax: number;
  seeds(): readonly Uint8Array[];
  mutate(random: Random, input: Uint8Array, other: Uint8Array): Uint8Array;
  /**
   * Gives an input to the program and to every oracle.
   *
   * @param isThorough Whether oracles that take their time are asked, too.
   * @throws Finding, or whatever should not have been thrown
   */
  run(subject: Subject, input: Uint8Array, isThorough: boolean): Promise<void> | void;
}
