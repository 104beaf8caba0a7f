/**
 * From tokens to values: builds what a text says and reports what plain values cannot show (duplicate members, number
 * forms, lone surrogates), each with its pointer and byte.
 */
import { type DiagnosticParts, excerpt, Phrase, pointerToken, printable } from '../errors.js';
import { JsonSyntaxError, JsonTokenizer } from './json.js';
import { firstInvalidUtf8 } from './utf8.js';

/** What a tree cannot hold. */
export interface TreeFault {
  readonly kind: 'duplicate' | 'number' | 'negative zero' | 'surrogate' | 'depth';
  /** JSON pointer below the value that was read. */
  readonly pointer: string;
  /** First byte of the offending token. */
  readonly offset: number;
  /** The offending token as it stands in the text. */
  readonly text: string;
}

/** Stands where a fault was already reported; later checks pass over it. */
export const INVALID = Symbol('invalid');

/** A value read from JSON: as `JSON.parse` gives it, with {@link INVALID} in place of what it cannot hold exactly. */
export type Tree = null | boolean | string | number | typeof INVALID | Tree[] | { [name: string]: Tree };

/**
 * Deeper than any legal document: a plan reaches 4 + 32. What lies below is tokenized but not kept, so that no walk over a
 * tree can overflow the stack.
 */
const DEPTH_KEPT = 64;

interface Frame {
  readonly container: Tree[] | { [name: string]: Tree };
  /** The member that is being read. */
  name: string;
  /** That member stood before. */
  isRepeated: boolean;
}

/** A whole text as a tree. */
export interface ParsedText {
  readonly tree: Tree;
  /** In document order. */
  readonly faults: readonly TreeFault[];
}

/**
 * Reads a text that is one JSON value.
 *
 * @param depthKept As for {@link readTree}.
 * @throws JsonSyntaxError
 */
export function parseTree(bytes: Uint8Array, depthKept?: number): ParsedText {
  const faults: TreeFault[] = [];
  const tokens = new JsonTokenizer(bytes);
  tokens.next();
  const tree = readTree(tokens, (each) => faults.push(each), depthKept);
  tokens.next();
  return { tree, faults };
}

/**
 * Reads a document that may be anything: a sidecar, an ids file.
 *
 * @throws JsonSyntaxError also for what is no UTF-8
 */
export function parseDocument(bytes: Uint8Array): ParsedText {
  const badByte = firstInvalidUtf8(bytes);
  if (badByte >= 0) throw new JsonSyntaxError('the text is not UTF-8', badByte);
  return parseTree(bytes);
}

/**
 * Reads the value that the tokenizer's current token begins. A repeated member keeps its first value.
 *
 * @param onFault Called for each fault, in document order.
 * @param depthKept Containers nested deeper than this are reported and left empty. Defaults to 64.
 * @throws JsonSyntaxError
 */
export function readTree(
  tokens: JsonTokenizer,
  onFault: (fault: TreeFault) => void,
  depthKept: number = DEPTH_KEPT,
): Tree {
  const frames: Frame[] = [];
  const report = (kind: TreeFault['kind'], path = frames): void => {
    onFault({ kind, text: tokens.raw(), offset: tokens.start, pointer: pointerOf(path) });
  };
  for (;;) {
    const frame = frames.at(-1);
    let value: Tree;
    switch (tokens.token) {
      case '{':
      case '[':
        value = tokens.token === '{' ? {} : [];
        if (frames.length < depthKept) {
          frames.push({ container: value, name: '', isRepeated: false });
          tokens.next();
          continue;
        }
        report('depth');
        tokens.skip();
        break;
      case '}':
      case ']':
        value = (frames.pop() as Frame).container;
        break;
      case 'name':
        enterMember(frame as Frame, tokens.text());
        if (frame?.isRepeated) report('duplicate');
        if (!frame?.name.isWellFormed()) report('surrogate', frames.slice(0, -1));
        tokens.next();
        continue;
      default:
        value = readScalar(tokens, report);
    }
    const parent = frames.at(-1);
    if (parent === undefined) return value;
    attach(parent, value);
    tokens.next();
  }
}

function readScalar(tokens: JsonTokenizer, report: (kind: TreeFault['kind']) => void): Tree {
  switch (tokens.token) {
    case 'string': {
      const text = tokens.text();
      if (text.isWellFormed()) return text;
      report('surrogate');
      return INVALID;
    }
    case 'number': {
      const value = tokens.integer();
      if (Object.is(value, -0)) report('negative zero');
      if (value !== undefined) return value;
      report('number');
      return INVALID;
    }
    case 'null':
      return null;
    default:
      return tokens.token === 'true';
  }
}

function enterMember(frame: Frame, name: string): void {
  frame.name = name;
  frame.isRepeated = Object.hasOwn(frame.container, name);
}

/** Adds a value to its container; a repeated member and one of an ill-formed name were reported, and are dropped. */
function attach({ container, name, isRepeated }: Frame, value: Tree): void {
  if (Array.isArray(container)) container.push(value);
  else if (!isRepeated && name.isWellFormed()) setMember(container, name, value);
}

/** Sets a member as plain data (H2): also `__proto__`. */
export function setMember<T>(object: { [name: string]: T }, name: string, value: T): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The JSON type of a value, as messages name it. */
export function jsonTypeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Whether a value is an object that JSON could have made. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function pointerOf(frames: readonly Frame[]): string {
  return frames.map(({ container, name }) => pointerToken(Array.isArray(container) ? container.length : name)).join('');
}

/** H4, as messages say it. */
export const NOT_A_NUMBER = 'not a number that the header can hold';
/** H4, as messages say it. */
export const INTEGER_RANGE = new Phrase('an integer within +-(2^53 - 1)');

const FRACTION_HINT = 'store a smaller or scaled integer, or a string';

const DESCRIPTIONS = {
  duplicate: ['a member name stands twice in one object'],
  number: [NOT_A_NUMBER, INTEGER_RANGE],
  'negative zero': [NOT_A_NUMBER, new Phrase('0')],
  surrogate: ['a string holds a lone surrogate'],
  depth: ['nested too deep'],
} as const satisfies Record<TreeFault['kind'], readonly [what: string, expected?: Phrase]>;

/** What a diagnostic says of a fault; the caller adds the code and the place. */
export function describeTreeFault({ kind, text }: TreeFault): DiagnosticParts {
  const [what, expected] = DESCRIPTIONS[kind];
  return {
    what,
    ...(expected !== undefined && { expected }),
    ...(kind === 'number' && { hint: FRACTION_HINT }),
    ...(kind !== 'depth' && { actual: new Phrase(printable(excerpt(text))) }),
  };
}
