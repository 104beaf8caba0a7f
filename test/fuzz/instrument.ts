/**
 * Puts counters into JavaScript as esbuild prints it: one for each block, `case`, condition without a block, first branch of `?:`, and
 * right side of `&&` and `||`. A counter costs one increment, so that coverage can be looked at after every execution.
 */

/** Name of the array of counters in the changed text. */
const HITS = '__hits';
/** The property of `globalThis` that holds it. */
export const HITS_PROPERTY = '__assetsPaFuzzHits';

/** JavaScript with counters. */
export interface Instrumented {
  readonly code: string;
  /** How many counters there are. */
  readonly blocks: number;
}

interface Bracket {
  readonly open: string;
  /** Where the bracket ends. */
  readonly at: number;
  /** The token before it. */
  readonly before: string;
  readonly isSwitch: boolean;
  /** Where the `?` end that wait for their `:`. */
  readonly questions: number[];
  isCase: boolean;
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|#?[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*|=>|\?\.(?!\d)|\?\?=?|&&=?|\|\|=?|\+\+|--|[^\s\w]/uy;
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)/uy;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/uy;
/** After these a slash begins a regular expression. */
const BEFORE_REGEX = /^(?:[^\w\s)\]}"'`]+|return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await|\$\{)$/;
const BEFORE_BLOCK = new Set(['=>', 'else', 'try', 'finally', 'do', 'catch']);

/** Adds the counters. */
export function instrument(code: string): Instrumented {
  return new Instrumenter(code).run();
}

class Instrumenter {
  readonly #code: string;
  readonly #inserts: { readonly at: number; readonly text: string }[] = [];
  readonly #open: Bracket[] = [{ open: '', at: 0, before: '', isSwitch: false, questions: [], isCase: false }];
  /** The bracket that was closed last. */
  #closed: Bracket | undefined;
  /** The closing bracket of a condition whose statement is looked for. */
  #conditionEnd = -1;
  #before = '';
  #blocks = 0;

  constructor(code: string) {
    this.#code = code;
  }

  run(): Instrumented {
    let at = 0;
    while (at < this.#code.length) at = this.#token(at);
    const parts: string[] = [];
    let from = 0;
    // Of equal places the one that was noted first comes first.
    for (const { at: place, text } of this.#inserts.toSorted((a, b) => a.at - b.at)) {
      parts.push(this.#code.slice(from, place), text);
      from = place;
    }
    const head = `const ${HITS} = globalThis.${HITS_PROPERTY};\n`;
    return { code: head + parts.join('') + this.#code.slice(from), blocks: this.#blocks };
  }

  #token(at: number): number {
    if (this.#code[at] === '/' && BEFORE_REGEX.test(this.#before)) {
      REGEX.lastIndex = at;
      const regex = REGEX.exec(this.#code)?.[0];
      if (regex !== undefined && !regex.startsWith('/*')) return this.#take('regex', at, at + regex.length);
    }
    TOKEN.lastIndex = at;
    const text = TOKEN.exec(this.#code)?.[0];
    if (text === undefined) throw new Error(`no token at ${at}: ${this.#code.slice(at, at + 40)}`);
    const end = at + text.length;
    if (text.trim() === '' || text.startsWith('//') || text.startsWith('/*')) return end;
    if (text === '`') return this.#template(end);
    if (text === '}' && this.#open.at(-1)?.open === '${') {
      this.#open.pop();
      return this.#template(end);
    }
    return this.#take(text, at, end);
  }

  /** The rest of a template, up to its end or its next value. */
  #template(at: number): number {
    TEMPLATE.lastIndex = at;
    const found = TEMPLATE.exec(this.#code);
    if (found === null) throw new Error(`a template does not end at ${at}`);
    const end = at + found[0].length;
    if (found[1] === '`') this.#before = '"';
    else this.#push('${', end);
    return end;
  }

  #push(open: string, at: number): void {
    const isSwitch = open === '{' && this.#before === ')' && this.#closed?.before === 'switch';
    this.#open.push({ open, at, before: this.#before, isSwitch, questions: [], isCase: false });
    this.#before = open;
  }

  #take(text: string, start: number, end: number): number {
    if (this.#conditionEnd >= 0) this.#condition(text);
    const frame = this.#open.at(-1) as Bracket;
    if (text === '(' || text === '[' || text === '{') {
      this.#push(text, end);
      if (text === '{' && this.#isBlock()) this.#insert(end, `++${this.#counter()};`);
      return end;
    }
    if (text === ')' || text === ']' || text === '}') {
      this.#closed = this.#open.pop();
      if (text === ')' && /^(?:if|while)$/.test(this.#closed?.before ?? '')) this.#conditionEnd = start;
    } else if (text === '?') frame.questions.push(end);
    else if (text === ':') this.#colon(frame, start, end);
    else if ((text === 'case' || text === 'default') && frame.isSwitch) frame.isCase = true;
    else if (text === '&&') this.#insert(end, ` ++${this.#counter()} &&`);
    else if (text === '||') this.#insert(end, ` !++${this.#counter()} ||`);
    this.#before = text;
    return end;
  }

  #isBlock(): boolean {
    const { before, isSwitch } = this.#open.at(-1) as Bracket;
    return !isSwitch && (before === ')' || BEFORE_BLOCK.has(before));
  }

  #colon(frame: Bracket, start: number, end: number): void {
    const question = frame.questions.pop();
    if (question !== undefined) {
      this.#insert(question, `(++${this.#counter()},`);
      this.#insert(start, ')');
    } else if (frame.isCase) {
      frame.isCase = false;
      this.#insert(end, `++${this.#counter()};`);
    }
  }

  /** A condition whose statement is no block counts by itself. */
  #condition(next: string): void {
    const end = this.#conditionEnd;
    this.#conditionEnd = -1;
    if (next === '{' || next === ';' || this.#closed === undefined) return;
    this.#insert(this.#closed.at, '(');
    this.#insert(end, `) && ++${this.#counter()}`);
  }

  #insert(at: number, text: string): void {
    this.#inserts.push({ at, text });
  }

  #counter(): string {
    this.#blocks += 1;
    return `${HITS}[${this.#blocks - 1}]`;
  }
}
