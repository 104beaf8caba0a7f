/** JSON texts: the tokenizer against JavaScript's parser and the reference reader's, and the canonical form. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type JsonNode, NotJson, parseJson } from '../reference-reader/json.ts';
import { canonicalText, firstBadByte, judgeText as judgeNodes, step } from '../reference-reader/strict-text.ts';
import { VECTORS } from '../vectors/reader-runs.ts';
import type { Subject } from './load.ts';
import { fromLatin1, toLatin1, utf8 } from './mutate-bytes.ts';
import { JSON_TOKENS, mutateJson } from './mutate-json.ts';
import { need, same, type Target } from './target.ts';

const LENGTH_MAX = 2_048;
const NAMES = 'a b aa A z \ue000 \u{10000} \u00e9 e\u0301 __proto__ constructor 0 10 9 \\u0061 \\ud800 a~b a/b \\n'
  .split(' ')
  .map((name) => utf8(`"${name}"`));
/** Deeper texts are tokenized, but not kept. */
const DEPTH_KEPT = 64;
/** Of a value as the canonical form counts it. */
const LEVEL = -64;

/** The target. */
export function jsonTarget(): Target {
  return {
    name: 'json',
    lengthMax: LENGTH_MAX,
    seeds() {
      const folder = join(VECTORS, 'canonical-json/input');
      const inputs = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
      return inputs.filter(({ length }) => length <= LENGTH_MAX);
    },
    mutate(random, input, other) {
      const material = { tokens: JSON_TOKENS, names: NAMES, other: toLatin1(other) };
      return fromLatin1(mutateJson(random, toLatin1(input), material));
    },
    run: judgeJson,
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What JavaScript makes of a text; undefined: no JSON. */
function parseAsJavaScript(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(decoder.decode(bytes)) };
  } catch {
    return undefined;
  }
}

function judgeJson(subject: Subject, input: Uint8Array, isThorough: boolean): void {
  const bad = subject.firstInvalidUtf8(input);
  const expected = firstBadByte(input) ?? -1;
  need(bad === expected, () => `UTF-8 ends at ${bad}, by the reference reader at ${expected}`);
  const javaScript = parseAsJavaScript(input);
  if (bad >= 0) need(javaScript === undefined, () => 'JavaScript reads what is no UTF-8');
  else judgeText(subject, input, javaScript, isThorough);
}

function judgeText(
  subject: Subject,
  input: Uint8Array,
  javaScript: { value: unknown } | undefined,
  isThorough: boolean,
) {
  const parsed = parse(subject, input);
  const reference = parseReference(input);
  const [here, there] = [typeof parsed, typeof reference];
  need(here === there && (here === 'number') === (javaScript === undefined), () => {
    return `JSON: here ${here}, the reference reader ${there}, JavaScript ${typeof javaScript}`;
  });
  if (typeof parsed === 'number' || typeof reference === 'number') {
    same('no JSON from byte', String(parsed), String(reference));
  } else if (reference.depth > DEPTH_KEPT) {
    need(
      parsed.faults.some(({ kind }) => kind === 'depth'),
      () => 'too deep, unnoticed',
    );
  } else {
    judgeFaults(parsed.faults, reference.root);
    if (isThorough) judgePlaces(subject, input, reference.root);
    if (parsed.faults.length > 0) judgeRefusal(subject, javaScript?.value);
    else judgeValue(subject, parsed.tree, reference.root, javaScript?.value);
  }
}

/** A text without faults: its value and its canonical text. */
function judgeValue(subject: Subject, tree: unknown, root: JsonNode, value: unknown): void {
  need(isDeepStrictEqual(tree, value), () => "the value is not JavaScript's");
  const text = subject.canonicalText(tree as never, LEVEL);
  same('the canonical text', text, canonicalText(root));
  same('the canonical text again', subject.canonicalText(JSON.parse(text), LEVEL), text);
}

type Parsed = ReturnType<Subject['parseTree']>;

/** The value with its faults, or the byte at which the text stops being JSON. */
function parse(subject: Subject, input: Uint8Array): Parsed | number {
  try {
    return subject.parseTree(input, DEPTH_KEPT);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'JsonSyntaxError') throw error;
    return (error as Error & { offset: number }).offset;
  }
}

function parseReference(input: Uint8Array): { root: JsonNode; depth: number } | number {
  try {
    return parseJson(input);
  } catch (error) {
    if (error instanceof NotJson) return error.offset;
    throw error;
  }
}

const CODES = {
  duplicate: 'HEADER_DUPLICATE_MEMBER',
  number: 'HEADER_NUMBER',
  'negative zero': 'HEADER_NUMBER',
  surrogate: 'HEADER_STRING',
  depth: 'HEADER_TOO_DEEP',
};

function judgeFaults(faults: Parsed['faults'], root: JsonNode): void {
  const expected: string[] = [];
  judgeNodes(root, '', (code, pointer, at) => expected.push(`${code} ${pointer} ${at}`));
  const found = faults.map(({ kind, pointer, offset }) => `${CODES[kind]} ${pointer} ${offset}`);
  same('faults of the text', found.sort().join(', '), expected.sort().join(', '));
}

/** What JavaScript reads, but no header holds, is refused with a code or has a text of its own. */
function judgeRefusal(subject: Subject, value: unknown): void {
  try {
    const text = subject.canonicalText(value as never, LEVEL);
    same('the canonical text again', subject.canonicalText(JSON.parse(text), LEVEL), text);
  } catch (error) {
    if (!(error instanceof subject.AssetsPaError)) throw error;
  }
}

/** Every pointer leads to the first value of its name. */
function judgePlaces(subject: Subject, input: Uint8Array, root: JsonNode): void {
  const starts = new Map<string, number>();
  const visit = (node: JsonNode, pointer: string): void => {
    if (starts.has(pointer)) return;
    starts.set(pointer, node.start);
    if (node.kind === 'array') for (const [i, item] of node.items.entries()) visit(item, pointer + step(i));
    if (node.kind === 'object') for (const { name, value } of node.members) visit(value, pointer + step(name));
  };
  visit(root, '');
  const found = subject.locatePointers(input, starts.keys());
  for (const [pointer, start] of starts) same(`the place of ${pointer}`, String(found.get(pointer)), String(start));
}
