/** Holds what a reader says of a vector against what it must say. */
import type { Profile } from '../read/runtime-profile.js';
import type { ExpectedContent, Vector } from './manifest.js';

/** What a reader prints (`spec-vectors/README.md`). */
export interface ReaderAnswer {
  readonly verdict: 'accept' | 'reject';
  readonly class?: string;
  readonly code?: string;
  readonly asset_table?: readonly unknown[];
  readonly preload?: readonly unknown[];
  readonly slices?: readonly unknown[];
}

/** Whether a reader was right about a vector. */
export type Verdict = 'pass' | 'fail' | 'unspecified' | 'error';

/** A reader's result on one vector. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What was expected, as one line. */
  readonly expected: string;
  /** What was got, as one line: a verdict, the first difference, or how the reader failed. */
  readonly got: string;
}

/** What a vector demands, as one line. */
export function expectation({ runtime, strict }: Vector, profile: Profile): string {
  if (profile === 'strict') return strict.verdict === 'accept' ? 'accept' : `reject ${strict.code}`;
  return [runtime.verdict, runtime.classes?.join(' or ')].filter((part) => part !== undefined).join(' ');
}

/**
 * Judges an answer.
 *
 * @param content What the vector holds, when it is to be accepted.
 */
export function judge(
  vector: Vector,
  profile: Profile,
  answer: ReaderAnswer,
  content: ExpectedContent | undefined,
): Judgement {
  const expected = expectation(vector, profile);
  const got = [answer.verdict, profile === 'strict' ? answer.code : answer.class].filter((part) => part !== undefined);
  const result = (verdict: Verdict, detail = got.join(' ')): Judgement => ({ verdict, expected, got: detail });
  const wanted = vector[profile];
  if (wanted.verdict === 'unspecified') return result('unspecified');
  if (wanted.verdict !== answer.verdict) return result('fail');
  if (wanted.verdict === 'reject') {
    const isRight =
      profile === 'strict'
        ? vector.strict.code === answer.code
        : (vector.runtime.classes as readonly unknown[] | undefined)?.includes(answer.class) === true;
    return result(isRight ? 'pass' : 'fail');
  }
  const difference = content && contentDifference(content, answer);
  return difference === undefined ? result('pass') : result('fail', `accept, but ${difference}`);
}

/** The first difference between what a file holds and what a reader found in it. */
function contentDifference(content: ExpectedContent, answer: ReaderAnswer): string | undefined {
  const { asset_table: table, preload, slices } = content;
  return (
    difference('/asset_table', table, answer.asset_table ?? []) ??
    difference('/preload', preload, answer.preload ?? []) ??
    difference('/slices', slices, answer.slices ?? [])
  );
}

/** Members as sets, arrays in order, integers exactly, strings by code point. */
function difference(at: string, wanted: unknown, found: unknown): string | undefined {
  if (Object.is(wanted, found)) return undefined;
  if (typeof wanted !== 'object' || typeof found !== 'object' || wanted === null || found === null) {
    return `${at} is ${JSON.stringify(wanted)}, the reader says ${JSON.stringify(found)}`;
  }
  if (Array.isArray(wanted) !== Array.isArray(found)) return `${at} has another type`;
  const left = wanted as { readonly [name: string]: unknown };
  const right = found as { readonly [name: string]: unknown };
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!Object.hasOwn(right, name)) return `${at}/${name} is missing`;
    if (!Object.hasOwn(left, name)) return `${at}/${name} should not be there`;
    const inner = difference(`${at}/${name}`, left[name], right[name]);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
