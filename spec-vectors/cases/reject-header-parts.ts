/** What the header cases share: a mark in the text for the byte at fault, and files around one small entry. */
import { artifact, concat, counting, utf8, zeros } from '../compose.ts';
import type { Flag, Place, RejectCase, RuntimeExpectation } from '../vector.ts';

/** The shortest header there is: 31 bytes. */
export const EMPTY = '{"asset_table":[],"preload":[]}';

/** The members of the entry that most cases start from, each as it stands in the text, in canonical order. */
const MEMBERS: readonly (readonly [name: string, value: string])[] = [
  ['asset_id', '1'],
  ['asset_name', '"a"'],
  ['bank_type', '"SOUNDS"'],
  ['codec', '"NONE"'],
  ['decoded_size', '4'],
  ['metadata', '{}'],
  ['offset', '0'],
  ['size', '4'],
];

/** The text of an object. */
export function objectText(members: readonly (readonly [name: string, value: string])[]): string {
  return `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}

/** The text of the entry without one member. */
export function entryWithout(missing: string): string {
  return objectText(MEMBERS.filter(([name]) => name !== missing));
}

/** The text of the entry with one member more, before the member `next`, or at its end. */
export function entryPlus(member: string, next?: string): string {
  const texts = MEMBERS.flatMap(([name, value]) => [...(name === next ? [member] : []), `"${name}":${value}`]);
  return `{${[...texts, ...(next === undefined ? [member] : [])].join(',')}}`;
}

/** The text of a header with one entry. */
export function oneEntry(entry: string, preload = ''): string {
  return `{"asset_table":[${entry}],"preload":[${preload}]}`;
}

/** The text of a header whose one entry has this metadata. */
export function withMetadata(metadata: string): string {
  return oneEntry(objectText(MEMBERS.map(([name, value]) => [name, name === 'metadata' ? metadata : value])));
}

/** A file with this header, and the four bytes that its one entry names. */
export function withPayload(header: string | Uint8Array): Uint8Array {
  return artifact({ header, region: counting(4) });
}

/** A file with this header and no payload. */
export function bare(header: string | Uint8Array): Uint8Array {
  return artifact({ header, region: zeros(0) });
}

/** Stands in a text at the byte at fault, and is not part of it. */
const MARK = '§';

/** A text without its mark, and the byte in the file at which the mark stood. */
export function marked(text: string, instead: readonly number[] = []): { header: Uint8Array; offset: number } {
  const [before = '', after, ...more] = text.split(MARK);
  if (after === undefined || more.length > 0) throw new Error(`not one mark: ${text}`);
  const start = utf8(before);
  return { header: concat(start, instead, utf8(after)), offset: 32 + start.length };
}

/** What a row of a table of cases says beside its text. */
export interface Told {
  readonly code: string;
  readonly what: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly flags?: readonly Flag[];
  readonly bytes: Uint8Array;
  readonly where: Place;
  readonly runtime: RuntimeExpectation;
}

/** A case, with the flags that follow from what a runtime must say. */
export function reject({ flags = [], runtime, ...told }: Told): RejectCase {
  const open: readonly Flag[] = runtime === 'unspecified' ? ['open-at-runtime'] : [];
  const several: readonly Flag[] = typeof runtime === 'string' ? [] : ['several-classes'];
  return { ...told, runtime, flags: ['minimal', ...flags, ...open, ...several] };
}
