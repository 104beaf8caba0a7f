/** Artifacts: the packer's reader against the reference reader, which shares no code with it, and each way in against the others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../src/errors.js';
import type { Artifact } from '../../src/read/artifact.js';
import type { RuntimeVerdict } from '../../src/read/runtime-profile.js';
import { readRuntime } from '../reference-reader/runtime.ts';
import { readStrict } from '../reference-reader/strict.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { VECTORS, vectors } from '../vectors/reader-runs.ts';
import type { Subject } from './load.ts';
import { ArtifactMutator } from './mutate-artifact.ts';
import { Finding, need, same, type Target } from './target.ts';

const LENGTH_MAX = 4_096;
/** Seeds are small, so that an execution costs little. */
const SEED_LENGTH_MAX = 3_000;
/** As many diagnostics as a report lists. */
const LISTED_MAX = 1_000;
const PRELUDE_SIZE = 32;

/** The vectors that are small. */
export function artifactSeeds(): Uint8Array[] {
  return vectors.map(({ file }) => readFileSync(join(VECTORS, file))).filter(({ length }) => length <= SEED_LENGTH_MAX);
}

/** The target. */
export function artifactTarget(seed: number): Target {
  const mutator = new ArtifactMutator(seed);
  const seeds = artifactSeeds();
  return {
    name: 'artifact',
    lengthMax: LENGTH_MAX,
    seeds: () => seeds,
    mutate: (random, input, other) => mutator.mutate(random, input, other),
    async run(subject, input, isThorough) {
      const artifact = await subject.readArtifact('memory', new MemoryFiles({ memory: input }).fileSystem());
      const errors = artifact.report.list.filter(({ severity }) => severity === 'error');
      judgeFaults(input, artifact, errors);
      if (errors.length === 0 || isThorough) {
        judgeVerdict(subject, errors, readRuntime(input));
        judgeHeader(subject, input, errors);
      }
      if (!isThorough) return;
      judgeAnnotation(subject, input, errors);
      await judgeVerifying(subject, input, artifact);
      await judgeDiff(subject, input, input);
      // A file and a place that the input chooses, so that a run can be repeated.
      const choice = input.reduce((sum, byte) => (sum * 31 + byte) % 0x7fffffff, 0);
      await judgeDiff(subject, input, seeds[choice % seeds.length] as Uint8Array);
      const changed = Uint8Array.from(input);
      const place = choice % input.length;
      if (input.length > 0) changed[place] = (input[place] as number) ^ 1;
      await judgeDiff(subject, input, changed);
    },
  };
}

/** Codes and places are those of the reference reader. */
function judgeFaults(input: Uint8Array, { report }: Artifact, errors: readonly Diagnostic[]): void {
  const expected = readStrict(input).map(([code, { pointer = '', offset }]) => `${code} ${pointer} ${offset}`);
  const found = errors.map(({ code, where: { pointer = '', offset } }) => `${code} ${pointer} ${offset}`);
  need(
    report.errors === expected.length,
    () => `${difference(found, expected)} (${report.errors} of ${expected.length})`,
  );
  if (expected.length <= LISTED_MAX)
    need(found.sort().join() === expected.sort().join(), () => difference(found, expected));
}

function difference(found: readonly string[], expected: readonly string[]): string {
  const more = found.filter((each) => !expected.includes(each));
  const less = expected.filter((each) => !found.includes(each));
  return `the readers disagree: the packer's alone says [${more.slice(0, 5)}], the reference reader alone [${less.slice(0, 5)}]`;
}

/** Says that something is wrong unless a runtime reader may answer this to a file with these faults. */
export function judgeVerdict(subject: Subject, errors: readonly Diagnostic[], answer: RuntimeAnswer): void {
  const wanted = runtimeVerdict(subject, errors);
  if (wanted.verdict === 'unspecified') return;
  const given = [answer.verdict, answer.class].filter((part) => part !== undefined).join(' ');
  const say = () => `the runtime reader says ${given}, the codec ${JSON.stringify(wanted)} (${codesOf(errors)})`;
  need(answer.verdict === wanted.verdict, say);
  if (wanted.verdict === 'reject') need(allowedClasses(subject, errors).has(answer.class ?? ''), say);
}

/** What the codec says that a runtime must say of these faults. */
export function runtimeVerdict(subject: Subject, errors: readonly Diagnostic[]): RuntimeVerdict {
  return subject.runtimeVerdict(new Set(errors.map((each) => subject.runtimeClass(each))));
}

/** What a runtime reader says. */
export interface RuntimeAnswer {
  readonly verdict: string;
  readonly class?: string;
}

function codesOf(errors: readonly Diagnostic[]): string {
  return [...new Set(errors.map(({ code }) => code))].join(' ');
}

const CLASSES = ['TRUNCATED', 'MAGIC', 'VERSION', 'BOUNDS', 'HEADER', 'TABLE', 'PRELOAD'];

/** The classes that may be the uppermost of a file. */
function allowedClasses(subject: Subject, errors: readonly Diagnostic[]): Set<string> {
  const uppermost = (either: string) =>
    Math.min(
      ...errors
        .map((each) => CLASSES.indexOf(isEither(each) ? either : subject.runtimeClass(each)))
        .filter((i) => i >= 0),
    );
  const ranks = [uppermost('HEADER'), uppermost('PRELOAD')];
  // What is open may be rejected, too, with whatever class.
  if (errors.some((each) => subject.runtimeClass(each) === 'open')) ranks.push(...Array(Math.max(...ranks)).keys());
  return new Set(ranks.map((rank) => CLASSES[rank] as string));
}

/** A slot that is no u8, or a preload id that is no i32: `HEADER` is as good as `PRELOAD`. */
function isEither({ code, where: { pointer = '' }, actual }: Diagnostic): boolean {
  if (!pointer.startsWith('/preload/')) return false;
  if (code === 'PRELOAD_SLOT_RANGE') return Number(actual) < 0 || Number(actual) > 255;
  return code === 'ASSET_ID_RANGE' || (code === 'HEADER_NUMBER' && /^-?[1-9]\d*(?:\.\.\.)?$/.test(String(actual)));
}

const OUTSIDE_HEADER = ['PAYLOAD_OFFSET', 'SLICE_BOUNDS', 'SLICE_LAYOUT', 'PADDING_NOT_ZERO', 'TRAILING_BYTES'];

/** The header alone is accepted when nothing is wrong in it, and is then the only text for what it says (H7). */
function judgeHeader(subject: Subject, input: Uint8Array, errors: readonly Diagnostic[]): void {
  if (errors.some(({ code }) => /^(?:PRELUDE_(?:TRUNCATED|MAGIC)|VERSION_UNSUPPORTED|HEADER_LENGTH)$/.test(code)))
    return;
  const headerLen = new DataView(input.buffer, input.byteOffset).getUint32(8, true);
  const bytes = input.subarray(PRELUDE_SIZE, PRELUDE_SIZE + headerLen);
  const isRight = errors.every(({ code }) => OUTSIDE_HEADER.includes(code) || /^PRELUDE_/.test(code));
  try {
    const again = subject.encodeHeader(subject.decodeHeader(bytes));
    need(isRight, () => `the header is accepted, the artifact has ${codesOf(errors)}`);
    need(Buffer.compare(again, bytes) === 0, () => 'a header that is accepted is encoded in another way');
  } catch (error) {
    if (error instanceof Finding || !(error instanceof subject.AssetsPaError)) throw error;
    need(!isRight, () => `the header is refused with ${error.code}, the artifact has ${codesOf(errors)}`);
  }
}

/** Parts and segments leave no byte out and give none twice. */
function judgeAnnotation(subject: Subject, input: Uint8Array, errors: readonly Diagnostic[]): void {
  const annotated = subject.annotateBytes(input);
  let at = 0;
  for (const part of annotated.parts) {
    need(part.start === at && part.end > at, () => `a part begins at ${part.start}, the one before ended at ${at}`);
    for (const segment of subject.segmentsOf(annotated, part)) {
      need(
        segment.start === at && segment.end > at,
        () => `a segment of the ${part.kind} is ${segment.start} to ${segment.end}, not from ${at}`,
      );
      at = segment.end;
    }
    need(at === part.end, () => `segments of the ${part.kind} end at ${at}, the part at ${part.end}`);
  }
  need(at === input.length, () => `the parts end at ${at}, the file at ${input.length}`);
  for (const { where } of errors.slice(0, 8)) subject.hexAround(input, where);
}

/** Reading every byte finds the same. */
async function judgeVerifying(subject: Subject, input: Uint8Array, { report }: Artifact): Promise<void> {
  const fs = new MemoryFiles({ memory: input }).fileSystem();
  const strict = await subject.verifyArtifact('memory', { fs });
  same('verifying finds', JSON.stringify(strict.diagnostics, replacer), JSON.stringify(report.list, replacer));
  need(strict.ok === (report.errors === 0), () => `ok is ${strict.ok} with ${report.errors} errors`);
  const { ok, runtime } = await subject.verifyArtifact('memory', { fs, profile: 'runtime' });
  need(ok === (runtime?.verdict !== 'reject'), () => `ok is ${ok} where a runtime has to say ${runtime?.verdict}`);
}

function replacer(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** Files are identical when their bytes are, and differ first where their bytes do. */
async function judgeDiff(subject: Subject, a: Uint8Array, b: Uint8Array): Promise<void> {
  const { identical, firstDifference } = await subject.diffArtifacts('a', 'b', {
    fs: new MemoryFiles({ a, b }).fileSystem(),
  });
  let first = 0;
  while (first < a.length && a[first] === b[first]) first += 1;
  const expected = first === a.length && first === b.length ? undefined : first;
  const found = `identical ${identical}, first difference ${firstDifference}`;
  same(
    `a difference of files of ${a.length} and ${b.length} bytes`,
    found,
    `identical ${expected === undefined}, first difference ${expected}`,
  );
}
