/**
 * JSON with positions, for headers only. `JSON.parse` will not do: of two members with one name it keeps the last, it rounds large
 * integers, and `1.0` and `-0` come out as plain numbers. Here members stay as they stand and a number stays text.
 */

/** A value and the bytes `[start, end)` in which it stands. */
export type JsonNode = { readonly start: number; end: number } & (
  | { readonly kind: 'object'; readonly members: JsonMember[] }
  | { readonly kind: 'array'; readonly items: JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: boolean | null }
);

export type JsonObject = Extract<JsonNode, { kind: 'object' }>;

/** A member; an object may hold two of one name. */
export interface JsonMember {
  readonly name: string;
  readonly nameStart: number;
  readonly value: JsonNode;
}

/** The bytes are not JSON (RFC 8259). */
export class NotJson extends Error {
  /** The byte at which a token begins, or goes on, that JSON does not allow. */
  readonly offset: number;

  constructor(offset: number) {
    super(`not JSON at byte ${offset}`);
    this.offset = offset;
  }
}

/**
 * Reads a text that is one JSON value.
 *
 * @param bytes Well-formed UTF-8.
 * @returns The value, and how many containers lie within each other where most do.
 * @throws NotJson
 */
export function parseJson(bytes: Uint8Array): { root: JsonNode; depth: number } {
  return new Parser(bytes).document();
}

const LITERALS = { true: true, false: false, null: null } as const;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const SPACE = new Set(' \t\n\r');
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Not recursive: open containers are a list, so that no text can overflow the stack. */
class Parser {
  readonly #bytes: Uint8Array;
  /** One character per byte: positions in it are positions in the bytes. */
  readonly #chars: string;
  #at = 0;
  /** Each container that is not yet closed and, in an object, the member whose value comes next. */
  readonly #open: { node: JsonNode; name: string; nameStart: number }[] = [];
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#chars = Buffer.from(bytes).toString('latin1');
  }

  document(): { root: JsonNode; depth: number } {
    for (;;) {
      let node = this.#value();
      if ((node.kind === 'object' || node.kind === 'array') && !this.#closes(node)) {
        this.#enter(node);
        continue;
      }
      // The value is complete; it may complete the containers around it.
      for (;;) {
        const parent = this.#open.at(-1);
        if (parent === undefined) return this.#finish(node);
        if (parent.node.kind === 'array') parent.node.items.push(node);
        if (parent.node.kind === 'object') parent.node.members.push({ ...parent, value: node });
        if (this.#take(',')) {
          if (parent.node.kind === 'object') this.#name(parent);
          break;
        }
        if (!this.#closes(parent.node)) throw new NotJson(this.#at);
        node = parent.node;
        this.#open.pop();
      }
    }
  }

  #finish(root: JsonNode): { root: JsonNode; depth: number } {
    this.#space();
    if (this.#at < this.#bytes.length) throw new NotJson(this.#at);
    return { root, depth: this.#depth };
  }

  #enter(node: JsonNode): void {
    const frame = { node, name: '', nameStart: 0 };
    this.#open.push(frame);
    if (node.kind === 'object') this.#name(frame);
  }

  #closes(node: JsonNode): boolean {
    if (!this.#take(node.kind === 'object' ? '}' : ']')) return false;
    node.end = this.#at;
    return true;
  }

  #name(frame: { name: string; nameStart: number }): void {
    this.#space();
    frame.nameStart = this.#at;
    if (this.#char() !== '"') throw new NotJson(this.#at);
    frame.name = this.#string();
    if (!this.#take(':')) throw new NotJson(this.#at);
  }

  /** A scalar, or a container that is still empty. */
  #value(): JsonNode {
    this.#space();
    const start = this.#at;
    const char = this.#char();
    if (char === '{' || char === '[') {
      this.#at += 1;
      this.#depth = Math.max(this.#depth, this.#open.length + 1);
      return char === '{'
        ? { kind: 'object', members: [], start, end: 0 }
        : { kind: 'array', items: [], start, end: 0 };
    }
    if (char === '"') return { kind: 'string', value: this.#string(), start, end: this.#at };
    if (char === '-' || isDigit(char)) return { kind: 'number', text: this.#number(), start, end: this.#at };
    return { kind: 'literal', value: this.#literal(), start, end: this.#at };
  }

  #literal(): boolean | null {
    for (const [word, value] of Object.entries(LITERALS)) {
      if (!this.#chars.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    throw new NotJson(this.#at);
  }

  #number(): string {
    const start = this.#at;
    if (this.#char() === '-') this.#at += 1;
    if (this.#char() === '0') this.#at += 1;
    else this.#digits();
    if (this.#char() === '.') {
      this.#at += 1;
      this.#digits();
    }
    if (this.#char() === 'e' || this.#char() === 'E') {
      this.#at += 1;
      if (this.#char() === '+' || this.#char() === '-') this.#at += 1;
      this.#digits();
    }
    return this.#chars.slice(start, this.#at);
  }

  #digits(): void {
    if (!isDigit(this.#char())) throw new NotJson(this.#at);
    while (isDigit(this.#char())) this.#at += 1;
  }

  #string(): string {
    const start = this.#at + 1;
    for (this.#at = start; this.#char() !== '"'; ) {
      // A control character, or the end.
      if (this.#char() < ' ') throw new NotJson(this.#at);
      this.#at += this.#char() === '\\' ? this.#escapeLength() : 1;
    }
    this.#at += 1;
    const text = decoder.decode(this.#bytes.subarray(start, this.#at - 1));
    return text.replaceAll(/\\(?:u(....)|(.))/g, (_, hex?: string, char = '') =>
      hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  #escapeLength(): number {
    const found = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.#chars.slice(this.#at, this.#at + 6));
    if (found === null) throw new NotJson(this.#at);
    return found[0].length;
  }

  #space(): void {
    while (SPACE.has(this.#char())) this.#at += 1;
  }

  #take(char: string): boolean {
    this.#space();
    if (this.#char() !== char) return false;
    this.#at += 1;
    return true;
  }

  /** What comes next; empty at the end. */
  #char(): string {
    return this.#chars.charAt(this.#at);
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}
