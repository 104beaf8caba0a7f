/**
 * A crash simulator: from the recorded steps of one pack, every state in which the disk may be after a loss of power.
 *
 * The model, which asks for less than any file system in use gives:
 *
 * - A crash may fall between any two steps: every prefix of the recording is looked at.
 * - The bytes of a file are on disk for certain when the file was synced after they were written. Until then each file may be empty; have its
 *   whole length with zeros for bytes; end at any block (and within one, at a multiple of 512); or hold any mixture of written and zero blocks.
 * - A name is on disk for certain when its folder was synced after it changed. Until then each name may mean what it meant after any of
 *   its later changes, independently of all others: changes of one name keep their order, changes of different names do not. A rename is two
 *   changes, of the new name and of the old one, and either may be lost alone.
 * - Syncing a file says nothing of its name, syncing a folder nothing of bytes, and nothing of the folder's own name above.
 * - A folder whose name is lost is lost with all that is in it.
 *
 * So the states after one prefix are a product: of the meanings of each name that is pending, and of the contents of each file that is. A product
 * up to `enumerateUpTo` is enumerated in full. Of a larger one these are taken: the whole product of the names that matter, of the folders above
 * them, and of the files that they may mean, three times: with everything else lost, kept, and at random; then everything lost and everything
 * kept, with each pair of names or files that deviates; and `samples` random members. What is said of the names that matter is thus said of every
 * state that they can be in, as long as their own product is within `enumerateUpTo`.
 */
import { dirname } from 'node:path';
import type { FileId, Step, Target } from './recorded-fs.js';
import type { Chance } from './scene.js';

const BLOCK = 4_096;
const SECTOR = 512;

/** How many states of one prefix are looked at. */
export interface CrashBounds {
  readonly enumerateUpTo: number;
  readonly samples: number;
  /** Random mixtures of blocks for each file that is not synced. */
  readonly mixtures: number;
}

/** A disk after a crash. */
export interface CrashState {
  /** How many steps were done. */
  readonly prefix: number;
  /** What a path means; undefined when nothing is there. */
  targetOf(path: string): Target;
  /** The bytes of a file that the recording saw being made. */
  bytesOf(file: FileId): Buffer;
  /** Whether every state after this prefix is looked at: of all names, or of those that matter, or neither. */
  readonly coverage: 'all' | 'what matters' | 'sample';
  /** What was lost, in words. */
  describe(): string;
}

/** A thing that may be one of several after a crash. */
interface Choice {
  readonly about: string;
  readonly count: number;
}

interface NameChoice extends Choice {
  readonly path: string;
  /** Oldest first; the last is the newest. */
  readonly targets: readonly Target[];
}

interface FileChoice extends Choice {
  readonly file: FileId;
  readonly contents: readonly Buffer[];
}

/** What is to be looked at. */
export interface CrashQuestion {
  readonly steps: readonly Step[];
  /** What each path meant before the first step. */
  readonly earlier: ReadonlyMap<string, Target>;
  /** Paths that matter. */
  readonly matters: ReadonlySet<string>;
  readonly bounds: CrashBounds;
  readonly chance: Chance;
}

/** Every state that the bounds let through, prefix by prefix. */
export function* crashStates(question: CrashQuestion): Generator<CrashState> {
  for (let prefix = 0; prefix <= question.steps.length; prefix += 1) yield* statesAfter(prefix, question);
}

function* statesAfter(
  prefix: number,
  { steps, earlier, matters, bounds, chance }: CrashQuestion,
): Generator<CrashState> {
  const done = steps.slice(0, prefix);
  const names = namesAfter(done, earlier);
  const pending = [...names.values()].filter(({ count }) => count > 1);
  const files = filesAfter(done, bounds, chance);
  const settled = new Map([...files].filter(([, { count }]) => count === 1));
  const unsettled = [...files.values()].filter(({ count }) => count > 1);
  const choices: readonly (NameChoice | FileChoice)[] = [...pending, ...unsettled];
  const isFolderAbove = (path: string) => [...matters].some((each) => each.startsWith(`${path}/`));
  const meant = new Set([...matters].flatMap((path) => names.get(path)?.targets ?? []));
  const isRelevant = choices.map((choice) =>
    'path' in choice ? matters.has(choice.path) || isFolderAbove(choice.path) : meant.has(choice.file),
  );
  const relevant = choices.filter((_, i) => isRelevant[i]);
  const coverage =
    productOf(choices) <= bounds.enumerateUpTo
      ? 'all'
      : productOf(relevant) <= bounds.enumerateUpTo
        ? 'what matters'
        : 'sample';
  for (const picked of combinations(choices, isRelevant, bounds, chance)) {
    const pickedNames = new Map(pending.map(({ path }, i) => [path, picked[i] as number]));
    const pickedFiles = new Map(unsettled.map(({ file }, i) => [file, picked[pending.length + i] as number]));
    const nameOf = (path: string): Target => {
      const choice = names.get(path);
      if (choice === undefined) return earlier.get(path);
      return choice.targets[pickedNames.get(path) ?? choice.targets.length - 1];
    };
    yield {
      prefix: done.length,
      coverage,
      targetOf: (path) => {
        // A folder that the recording saw being made has to be there itself.
        for (let above = dirname(path); above !== dirname(above); above = dirname(above)) {
          if (names.has(above) && nameOf(above) === undefined) return undefined;
        }
        return nameOf(path);
      },
      bytesOf: (file) => {
        const { contents } = (settled.get(file) ?? files.get(file)) as FileChoice;
        return contents[pickedFiles.get(file) ?? contents.length - 1] as Buffer;
      },
      describe: () =>
        choices.map(({ about, count }, i) => `${about}: ${(picked[i] as number) + 1} of ${count}`).join('; ') ||
        'nothing pending',
    };
  }
}

/** What each name may mean: its last meaning that is certain, and every one after. */
function namesAfter(done: readonly Step[], earlier: ReadonlyMap<string, Target>): Map<string, NameChoice> {
  const names = new Map<string, Target[]>();
  for (const step of done) {
    if (step.kind === 'name') {
      const targets = names.get(step.path) ?? [earlier.get(step.path)];
      targets.push(step.target);
      names.set(step.path, targets);
    } else if (step.kind === 'sync folder') {
      for (const [path, targets] of names) if (dirname(path) === step.path) targets.splice(0, targets.length - 1);
    }
  }
  return new Map([...names].map(([path, targets]) => [path, { about: path, path, targets, count: targets.length }]));
}

/** What each file may hold. */
function filesAfter(done: readonly Step[], { mixtures }: CrashBounds, chance: Chance): Map<FileId, FileChoice> {
  const files = new Map<FileId, { bytes: Buffer; isSynced: boolean }>();
  const of = (file: FileId) => files.get(file) ?? { bytes: Buffer.alloc(0), isSynced: true };
  for (const step of done) {
    if (step.kind === 'name' && typeof step.target === 'number') files.set(step.target, of(step.target));
    if (step.kind === 'sync file') files.set(step.file, { ...of(step.file), isSynced: true });
    if (step.kind === 'write') {
      const { bytes } = of(step.file);
      const next = Buffer.alloc(Math.max(bytes.length, step.offset + step.bytes.length));
      bytes.copy(next);
      step.bytes.copy(next, step.offset);
      files.set(step.file, { bytes: next, isSynced: false });
    }
  }
  return new Map(
    [...files].map(([file, { bytes, isSynced }]) => {
      const contents = isSynced ? [bytes] : tornOf(bytes, mixtures, chance);
      return [file, { about: `file ${file}`, file, contents, count: contents.length }];
    }),
  );
}

/** What may be left of bytes that were written and not synced; whole and right comes last. */
function tornOf(bytes: Buffer, mixtures: number, chance: Chance): Buffer[] {
  const zeros = (from: number, to: number) => Buffer.from(bytes).fill(0, from, to);
  const half = Math.floor(bytes.length / 2);
  const torn = [
    Buffer.alloc(0),
    Buffer.alloc(bytes.length),
    bytes.subarray(0, half - (half % BLOCK)),
    bytes.subarray(0, bytes.length - 1 - ((bytes.length - 1) % SECTOR)),
    zeros(0, Math.min(BLOCK, bytes.length)),
    zeros(bytes.length - 1 - ((bytes.length - 1) % BLOCK), bytes.length),
  ];
  for (let i = 0; i < mixtures; i += 1) {
    const mixed = Buffer.from(bytes);
    for (let at = 0; at < bytes.length; at += BLOCK) {
      if (chance.next() < 0.5) mixed.fill(0, at, Math.min(at + BLOCK, bytes.length));
    }
    torn.push(mixed);
  }
  const different = torn.filter(
    (each, i) => !each.equals(bytes) && torn.findIndex((other) => other.equals(each)) === i,
  );
  return [...different, bytes];
}

function productOf(choices: readonly Choice[]): number {
  return choices.reduce((product, { count }) => product * count, 1);
}

/** Index tuples: all of them, or what the description at the top of this file says. */
function* combinations(
  choices: readonly Choice[],
  isRelevant: readonly boolean[],
  { enumerateUpTo, samples }: CrashBounds,
  chance: Chance,
): Generator<readonly number[]> {
  if (productOf(choices) <= enumerateUpTo) return yield* allOf(choices);
  const oldest = choices.map(() => 0);
  const newest = choices.map(({ count }) => count - 1);
  const atRandom = () => choices.map(({ count }) => chance.below(count));
  // What does not matter has one way to be here.
  const relevant = choices.map((choice, i) => (isRelevant[i] ? choice : { ...choice, count: 1 }));
  if (productOf(relevant) <= enumerateUpTo) {
    for (const rest of [() => oldest, () => newest, atRandom]) {
      for (const tuple of allOf(relevant)) {
        const others = rest();
        yield tuple.map((index, i) => (isRelevant[i] ? index : (others[i] as number)));
      }
    }
  }
  for (const end of [oldest, newest]) {
    yield end;
    for (const [i, first] of choices.entries()) {
      for (let a = 0; a < first.count; a += 1) {
        if (a === end[i]) continue;
        const one = end.with(i, a);
        yield one;
        for (let j = i + 1; j < choices.length; j += 1) {
          for (let b = 0; b < (choices[j] as Choice).count; b += 1) if (b !== end[j]) yield one.with(j, b);
        }
      }
    }
  }
  for (let i = 0; i < samples; i += 1) yield atRandom();
}

function* allOf(choices: readonly Choice[]): Generator<readonly number[]> {
  const product = productOf(choices);
  for (let number = 0; number < product; number += 1) {
    let rest = number;
    yield choices.map(({ count }) => {
      const index = rest % count;
      rest = Math.floor(rest / count);
      return index;
    });
  }
}
