/**
 * Reads a raw object by its protobuf message: names in both spellings, kinds, presence. Every fault is collected with its
 * place, which protobuf's own JSON reader cannot do.
 */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import type { ReportAt } from '../codec/entry-rules.js';
import { INTEGER_RANGE, INVALID, isPlainObject, jsonTypeName, NOT_A_NUMBER } from '../codec/json-tree.js';
import { Phrase, pointerToken } from '../errors.js';
import { suggestion } from './suggest.js';

/** Where a raw object came from: decides how scalars are spelled. */
export type PlanForm = 'json' | 'binary' | 'program';

/** Members that were present, by schema name. */
export interface Fields {
  readonly [name: string]: unknown;
}

/** How the members of an object differ from the fields of its message. */
export interface Scope {
  /** Members that only a program can give; they are handed on as they are. */
  readonly extras?: readonly string[];
  /** Fields that have no place here. */
  readonly foreign?: readonly string[];
  /** What to do about names that the message had in another version. */
  readonly hints?: { readonly [name: string]: string };
}

/** What {@link FieldReader.read} found. */
export interface ReadFields {
  /** A member that was wrong is there, and undefined. */
  readonly fields: Fields;
  /** Spellings that differ from the schema's names. */
  readonly spellings: ReadonlyMap<string, string> | undefined;
}

const fieldMaps = new WeakMap<DescMessage, Map<string, DescField>>();

/** The fields of a message by both spellings of their names. */
export function fieldsByName(message: DescMessage): Map<string, DescField> {
  let map = fieldMaps.get(message);
  if (map === undefined) {
    map = new Map(
      message.fields.flatMap(
        (field) =>
          [
            [field.name, field],
            [field.jsonName, field],
          ] as const,
      ),
    );
    fieldMaps.set(message, map);
  }
  return map;
}

/** Walks raw objects by message descriptors. */
export class FieldReader {
  readonly #form: PlanForm;
  readonly #report: ReportAt;

  /** @param report Receives `PLAN_SHAPE`, `PLAN_VALUE`, `HEADER_NUMBER`, `HEADER_STRING` with a pointer into the document. */
  constructor(form: PlanForm, report: ReportAt) {
    this.#form = form;
    this.#report = report;
  }

  /**
   * Reads the members of an object.
   *
   * @returns Undefined when the value is no object.
   */
  read(
    value: unknown,
    message: DescMessage,
    at: string,
    { extras, foreign, hints }: Scope = {},
  ): ReadFields | undefined {
    if (!this.#expect(isPlainObject(value), value, at, 'an object')) return undefined;
    const known = fieldsByName(message);
    const fields: { [name: string]: unknown } = {};
    let spellings: Map<string, string> | undefined;
    const object = value as Record<string, unknown>;
    for (const name of Object.keys(object)) {
      const member = object[name];
      if (member === undefined) continue;
      const inner = at + pointerToken(name);
      const field = known.get(name);
      if (field === undefined ? extras?.includes(name) !== true : foreign?.includes(field.name)) {
        const isForeign = field !== undefined;
        const legal = [...known.keys()].filter((each) => !foreign?.includes(each));
        this.#report('PLAN_SHAPE', inner, {
          what: isForeign ? 'this member has no place here' : 'there is no such member',
          actual: name,
          ...(isForeign ? {} : hintFor(name, legal, hints)),
        });
        continue;
      }
      const schemaName = field?.name ?? name;
      if (Object.hasOwn(fields, schemaName)) {
        this.#report('PLAN_SHAPE', inner, { what: 'a member stands twice, in both of its spellings', actual: name });
        continue;
      }
      if (name !== schemaName) {
        spellings ??= new Map();
        spellings.set(schemaName, name);
      }
      fields[schemaName] = field === undefined ? member : this.value(member, field, inner);
    }
    return { fields, spellings };
  }

  /** One member's value; undefined when it is wrong. Messages and free objects come back raw. */
  value(value: unknown, field: DescField, at: string): unknown {
    if (field.fieldKind === 'list')
      return this.#expect(Array.isArray(value), value, at, 'an array') ? value : undefined;
    if (field.fieldKind === 'message')
      return this.#expect(isPlainObject(value), value, at, 'an object') ? value : undefined;
    switch (field.scalar) {
      case ScalarType.STRING:
        return this.#string(value, at);
      case ScalarType.BYTES:
        return this.#bytes(value, at);
      case ScalarType.UINT64:
        return this.#uint64(value, at);
      case ScalarType.BOOL:
        return this.#expect(typeof value === 'boolean', value, at, 'a boolean') ? value : undefined;
      default:
        return this.#integer(value, at);
    }
  }

  /** The elements of a list of strings; those that are wrong are left out. */
  strings(list: readonly unknown[], at: string): string[] {
    return list.flatMap((each, i) => this.#string(each, at + pointerToken(i)) ?? []);
  }

  #string(value: unknown, at: string): string | undefined {
    if (!this.#expect(typeof value === 'string', value, at, 'a string')) return undefined;
    if ((value as string).isWellFormed()) return value as string;
    this.#report('HEADER_STRING', at, { what: 'a string holds a lone surrogate' });
    return undefined;
  }

  #integer(value: unknown, at: string): number | undefined {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (!this.#expect(isNumber, value, at, 'an integer')) return undefined;
    if (Number.isSafeInteger(Number(value))) return Number(value) + 0;
    this.#report('HEADER_NUMBER', at, { what: NOT_A_NUMBER, expected: INTEGER_RANGE, actual: value });
    return undefined;
  }

  /** `size` and `decoded_size` may also be decimal strings in JSON, as protobuf writes them. */
  #uint64(value: unknown, at: string): number | undefined {
    const isText = this.#form === 'json' && typeof value === 'string';
    if (isText && !/^(0|[1-9][0-9]*)$/.test(value)) {
      this.#report('HEADER_NUMBER', at, {
        what: NOT_A_NUMBER,
        expected: new Phrase('a decimal integer'),
        actual: value,
      });
      return undefined;
    }
    // More digits than a u64 has need no exact value to be out of range.
    const size = this.#integer(isText ? BigInt(value.slice(0, 40)) : value, at);
    if (size === undefined || size >= 0) return size;
    this.#report('HEADER_NUMBER', at, { what: NOT_A_NUMBER, expected: new Phrase('0 or more'), actual: size });
    return undefined;
  }

  #bytes(value: unknown, at: string): Uint8Array | undefined {
    if (this.#form !== 'json') {
      return this.#expect(value instanceof Uint8Array, value, at, 'bytes') ? (value as Uint8Array) : undefined;
    }
    if (!this.#expect(typeof value === 'string', value, at, 'a base64 string')) return undefined;
    const bytes = Buffer.from(value as string, 'base64');
    // The decoder takes more than the one spelling that stands for these bytes.
    if (bytes.toString('base64') === value) return bytes;
    this.#report('PLAN_VALUE', at, {
      what: 'not base64',
      expected: new Phrase('RFC 4648 section 4: padded, no white space, zero trailing bits'),
    });
    return undefined;
  }

  /** Wrong types are reported here, unless a fault was already reported for the value. */
  #expect(right: boolean, value: unknown, at: string, expected: string): boolean {
    if (!right && value !== INVALID) {
      const what = 'a value of the wrong type';
      this.#report('PLAN_SHAPE', at, { what, expected: new Phrase(expected), actual: new Phrase(jsonTypeName(value)) });
    }
    return right;
  }
}

function hintFor(name: string, legal: readonly string[], hints: Scope['hints'] = {}): { readonly hint?: string } {
  const hint = Object.hasOwn(hints, name) ? hints[name] : undefined;
  return hint === undefined ? suggestion(name, legal) : { hint };
}
