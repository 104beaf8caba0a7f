/** What the fault tests share: plans whose outputs are known, folders, chance, and what to say of an output directory. Works without the test runner. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAssets, toMemory } from '../../../src/index.js';

/** The built command line. */
export const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** The companions, then the artifact. */
export const NAMES = ['asset_table.json', 'preload.json', 'asset_table_metadata.json', 'assets.pa'] as const;

/** Contents by name. */
export type Outputs = Readonly<Record<string, Buffer>>;

/** A plan on disk, and what it becomes. */
export interface KnownPlan {
  readonly path: string;
  readonly outputs: Outputs;
}

/** Folders to work in; in memory where there is such a place, because a thousand packs sync ten thousand times. */
export class Scratch {
  readonly #made: string[] = [];
  readonly #parent: string;

  constructor(parent: string = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()) {
    this.#parent = parent;
  }

  folder(): string {
    const folder = realpathSync(mkdtempSync(join(this.#parent, 'assets-pa-faults-')));
    this.#made.push(folder);
    return folder;
  }

  /** Removes one of the folders early. */
  discard(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  remove(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Numbers that look random and come again with the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 1) bytes[i] = this.below(256);
    return bytes;
  }
}

/** A seed from outside, or one of the clock; printed by whoever uses it. */
export function seedOf(text: string | undefined): number {
  return text === undefined || text === '' ? Date.now() % 2 ** 31 : Number(text);
}

/**
 * Writes a plan whose four outputs differ from those of every other number.
 *
 * @param size Bytes of its payload file.
 */
export async function makePlan(folder: string, number: number, size: number): Promise<KnownPlan> {
  mkdirSync(folder, { recursive: true });
  const chance = new Chance(number + 1);
  writeFileSync(join(folder, `payload-${number}.bin`), chance.bytes(size));
  const first = 10 * number;
  const assets = [
    { asset_id: first, asset_name: `first of ${number}`, bank_type: 'SOUNDS', inline: 'AQIDBA==', preload: {} },
    { asset_id: first + 1, asset_name: `file of ${number}`, bank_type: 'SCENE', file: `payload-${number}.bin` },
    { asset_id: first + 2, asset_name: `last of ${number}`, bank_type: 'SCENE', inline: 'AAAA', preload: {} },
  ];
  const path = join(folder, `plan-${number}.json`);
  const text = JSON.stringify({ schema_version: 1, assets });
  writeFileSync(path, text);
  return { path, outputs: await outputsOf(new TextEncoder().encode(text), folder) };
}

/** What a plan becomes, without a directory. */
export async function outputsOf(plan: Uint8Array, folder: string): Promise<Outputs> {
  const sink = toMemory();
  await packAssets(plan, sink, { folder });
  const all = [...sink.companions, ['assets.pa', sink.bytes] as const];
  return Object.fromEntries(all.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

/** Puts the outputs of an earlier pack into a folder. */
export function putOutputs(folder: string, outputs: Outputs): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(outputs)) writeFileSync(join(folder, name), bytes);
}

/** Which of the known contents a file has. */
export type Found = number | 'absent' | 'torn';

/** Which of the known outputs are in a folder. */
export interface FoundOutputs {
  readonly artifact: Found;
  /** In the order of {@link NAMES}. */
  readonly companions: readonly Found[];
  /** Unfinished files. */
  readonly leftovers: readonly string[];
}

export function lookAt(folder: string, known: readonly Outputs[]): FoundOutputs {
  const which = (name: string): Found => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(join(folder, name));
    } catch {
      return 'absent';
    }
    const index = known.findIndex((outputs) => outputs[name]?.equals(bytes));
    return index < 0 ? 'torn' : index;
  };
  return {
    artifact: which('assets.pa'),
    companions: NAMES.slice(0, 3).map(which),
    leftovers: existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('.assets.pa.')) : [],
  };
}

/** Whether exactly these outputs are there, and nothing unfinished. */
export function isExactly({ artifact, companions, leftovers }: FoundOutputs, index: Found): boolean {
  return artifact === index && companions.every((each) => each === index) && leftovers.length === 0;
}

/** A short form for messages. */
export function shown({ artifact, companions, leftovers }: FoundOutputs): string {
  return `assets.pa ${artifact}, companions ${companions.join(' ')}, unfinished: ${leftovers.join(' ') || 'none'}`;
}

/** Counts things by name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.#counts.set(name, this.of(name) + by);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  entries(): Iterable<[name: string, count: number]> {
    return this.#counts;
  }

  toString(): string {
    return [...this.#counts].map(([name, count]) => `${name} ${count}`).join(', ');
  }
}

/** What a campaign found. */
export interface Figures {
  /** What was done, in numbers. */
  readonly counts: Tally;
  /** What must not have happened; empty when all is well. */
  readonly violations: string[];
  /** The longest single step. */
  maxMs: number;
}

export function noFigures(): Figures {
  return { counts: new Tally(), violations: [], maxMs: 0 };
}
