/** The JSON form of a plan: through the tokenizer, one asset at a time. */
import { JsonSyntaxError, type JsonToken, JsonTokenizer } from '../codec/json.js';
import { describeTreeFault, readTree, type Tree, type TreeFault } from '../codec/json-tree.js';
import { isPause, type Steps } from '../codec/steps.js';
import { validUtf8End } from '../codec/utf8.js';
import { type AssetsPaError, type Diagnostics, type ErrorCode, fault, pointerToken } from '../errors.js';
import { PLAN_VERSION, type PlanChecker, unsupportedPlan } from './check.js';

/** What the tokenizer's faults are called in a plan; depth is judged where free objects are copied. */
const TREE_CODES: { readonly [kind in TreeFault['kind']]?: ErrorCode } = {
  duplicate: 'PLAN_SHAPE',
  number: 'HEADER_NUMBER',
  surrogate: 'HEADER_STRING',
};

/**
 * Reads a JSON plan into a checker.
 *
 * @throws AssetsPaError `VERSION_UNSUPPORTED`, then `PLAN_SYNTAX`: alone, before anything else is judged
 */
export function* readJsonPlan(bytes: Uint8Array, checker: PlanChecker, report: Diagnostics): Steps<void> {
  refuseOtherVersions(bytes, report);
  yield* checkUtf8(bytes);
  try {
    yield* new JsonPlanReader(bytes, checker, report).read();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw planSyntax(`this is no plan: ${error.message}`, error.offset);
  }
}

/** Bytes between two pauses: some 0.1 ms of work. */
const UTF8_PORTION = 65_536;

function* checkUtf8(bytes: Uint8Array): Steps<void> {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + UTF8_PORTION, bytes.length);
    at = validUtf8End(bytes, at, end);
    if (at < end) throw planSyntax('the plan is not UTF-8', at);
    yield;
  }
}

/** The diagnostic for bytes that are no plan in any form. */
export function planSyntax(what: string, offset: number): AssetsPaError {
  return fault('PLAN_SYNTAX', { what, where: { offset } });
}

/** V2: the version is read before anything else, even in a text that breaks later. */
function refuseOtherVersions(bytes: Uint8Array, report: Diagnostics): void {
  const found = schemaVersionOf(bytes);
  if (found === undefined || found === PLAN_VERSION) return;
  report.add(unsupportedPlan(found));
  throw report.toError();
}

/** The first root member `schema_version`, when it is an integer that can be reached. */
export function schemaVersionOf(bytes: Uint8Array): number | undefined {
  const tokens = new JsonTokenizer(bytes);
  try {
    if (tokens.next() !== '{') return undefined;
    while (tokens.next() === 'name') {
      const name = tokens.text();
      tokens.next();
      if (name === 'schema_version' || name === 'schemaVersion')
        return tokens.token === 'number' ? tokens.integer() : undefined;
      tokens.skip();
    }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return undefined;
}

class JsonPlanReader {
  readonly #tokens: JsonTokenizer;
  readonly #checker: PlanChecker;
  readonly #report: Diagnostics;

  constructor(bytes: Uint8Array, checker: PlanChecker, report: Diagnostics) {
    this.#tokens = new JsonTokenizer(bytes);
    this.#checker = checker;
    this.#report = report;
  }

  *read(): Steps<void> {
    const tokens = this.#tokens;
    if (tokens.next() !== '{') throw new JsonSyntaxError('expected an object', tokens.start);
    while (tokens.next() === 'name') {
      const name = tokens.text();
      const member = this.#checker.member(name);
      yield* this.#member(name, member, tokens.next());
    }
    tokens.next();
  }

  *#member(name: string, member: string | undefined, token: JsonToken): Steps<void> {
    if (member === undefined) this.#tokens.skip();
    else if (member === 'assets' && token === '[') yield* this.#assets(name);
    else
      this.#checker.value(
        member,
        name,
        this.#tree(() => pointerToken(name)),
      );
  }

  *#assets(name: string): Steps<void> {
    let i = 0;
    const at = () => pointerToken(name) + pointerToken(i);
    for (; this.#tokens.next() !== ']'; i += 1) {
      if (isPause(i)) yield;
      this.#checker.asset(this.#tree(at));
    }
  }

  /** @param at Makes the value's pointer: only a fault needs it. */
  #tree(at: () => string): Tree {
    return readTree(this.#tokens, (found) => {
      const code = TREE_CODES[found.kind];
      if (code === undefined) return;
      this.#report.report(code, {
        ...describeTreeFault(found),
        where: { plan: at() + found.pointer, offset: found.offset },
      });
    });
  }
}
