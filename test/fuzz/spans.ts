/** Finds what a JSON text consists of, also in a broken one. Texts here have a character per byte. */

/** A stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A member of an object, from its name to the end of its value. */
export interface MemberSpan extends Span {
  readonly nameEnd: number;
}

/** The parts of a text. */
export interface Spans {
  readonly values: Span[];
  readonly members: MemberSpan[];
  readonly items: Span[];
}

interface Frame {
  readonly start: number;
  readonly isArray: boolean;
  /** The member whose value comes next. */
  name: Span | undefined;
}

const STRING = /"(?:[^"\\]|\\[\s\S])*"/y;
const WORD = /[\w.+-]+/y;

/** The parts of a text, as far as there are any. */
export function spansOf(text: string): Spans {
  const spans: Spans = { values: [], members: [], items: [] };
  const open: Frame[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char === '{' || char === '[') open.push({ start: at, isArray: char === '[', name: undefined });
    else if (char === '}' || char === ']') {
      const closed = open.pop();
      if (closed !== undefined) note(spans, open.at(-1), { start: closed.start, end: at + 1 });
    }
    const end = scalarEnd(text, at);
    if (end === at) {
      at += 1;
      continue;
    }
    const frame = open.at(-1);
    const scalar = { start: at, end };
    if (char === '"' && frame?.isArray === false && isName(text, end)) frame.name = scalar;
    else note(spans, frame, scalar);
    at = end;
  }
  return spans;
}

function scalarEnd(text: string, at: number): number {
  const pattern = text[at] === '"' ? STRING : WORD;
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function isName(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text[at] === ':';
}

function note(spans: Spans, frame: Frame | undefined, value: Span): void {
  spans.values.push(value);
  if (frame === undefined) return;
  const { name } = frame;
  if (frame.isArray) spans.items.push(value);
  else if (name !== undefined) spans.members.push({ start: name.start, nameEnd: name.end, end: value.end });
  frame.name = undefined;
}
