/**
 * Reads a raw object by its protobuf message: names in both spellings, kinds, presence. Every fault is collected with its
 * place, which protobuf's own JSON reader cannot do.
 */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import type { ReportAt } from '../codec/entry-rules.js';
import { INTEGER_RANGE, INVALID, isPlainObject, jsonTypeName, NOT_A_NUMBER } from '../codec/json-tree.js';
import { type DiagnosticParts, type ErrorCode, Phrase, pointerToken } from '../errors.js';
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

/** A JSON pointer, or what makes one: only a fault needs it, and there is one for every member of every asset. */
export type Place = string | (() => string);

/** Walks raw objects by message descriptors. */
export class FieldReader {
  readonly #form: PlanForm;
  readonly #report: ReportAt;
  /** Where the value that is being judged stands: a member or an element of what is at {@link #at}, or that itself. */
  #at: Place = '';
  #token: string | number | undefined;

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
  read(value: unknown, message: DescMessage, at: Place, scope: Scope = {}): ReadFields | undefined {
    this.#enter(at);
    if (!this.#expect(isPlainObject(value), value, 'an object')) return undefined;
    const known = fieldsByName(message);
    const fields: { [name: string]: unknown } = {};
    let spellings: Map<string, string> | undefined;
    const object = value as Record<string, unknown>;
    for (const name of Object.keys(object)) {
      const member = object[name];
      if (member === undefined) continue;
      this.#token = name;
      const field = known.get(name);
      if (!isLegal(name, field, scope)) {
        this.#refuse(name, known, scope);
        continue;
      }
      const schemaName = field?.name ?? name;
      if (Object.hasOwn(fields, schemaName)) {
        this.#fault('PLAN_SHAPE', { what: 'a member stands twice, in both of its spellings', actual: name });
        continue;
      }
      if (name !== schemaName) {
        spellings ??= new Map();
        spellings.set(schemaName, name);
      }
      fields[schemaName] = field === undefined ? member : this.#value(member, field);
    }
    return { fields, spellings };
  }

  /** One member's value; undefined when it is wrong. Messages and free objects come back raw. */
  value(value: unknown, field: DescField, at: Place): unknown {
    this.#enter(at);
    return this.#value(value, field);
  }

  /** The elements of a list of strings; those that are wrong are left out. */
  strings(list: readonly unknown[], at: Place): string[] {
    this.#enter(at);
    return list.flatMap((each, i) => {
      this.#token = i;
      return this.#string(each) ?? [];
    });
  }

  #value(value: unknown, field: DescField): unknown {
    if (field.fieldKind === 'list') return this.#expect(Array.isArray(value), value, 'an array') ? value : undefined;
    if (field.fieldKind === 'message')
      return this.#expect(isPlainObject(value), value, 'an object') ? value : undefined;
    switch (field.scalar) {
      case ScalarType.STRING:
        return this.#string(value);
      case ScalarType.BYTES:
        return this.#bytes(value);
      case ScalarType.UINT64:
        return this.#uint64(value);
      case ScalarType.BOOL:
        return this.#expect(typeof value === 'boolean', value, 'a boolean') ? value : undefined;
      default:
        return this.#integer(value);
    }
  }

  #string(value: unknown): string | undefined {
    if (!this.#expect(typeof value === 'string', value, 'a string')) return undefined;
    if ((value as string).isWellFormed()) return value as string;
    this.#fault('HEADER_STRING', { what: 'a string holds a lone surrogate' });
    return undefined;
  }

  #integer(value: unknown): number | undefined {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (!this.#expect(isNumber, value, 'an integer')) return undefined;
    if (Number.isSafeInteger(Number(value))) return Number(value) + 0;
    this.#fault('HEADER_NUMBER', { what: NOT_A_NUMBER, expected: INTEGER_RANGE, actual: value });
    return undefined;
  }

  /** `size` and `decoded_size` may also be decimal strings in JSON, as protobuf writes them. */
  #uint64(value: unknown): number | undefined {
    const isText = this.#form === 'json' && typeof value === 'string';
    if (isText && !/^(0|[1-9][0-9]*)$/.test(value)) {
      this.#fault('HEADER_NUMBER', {
        what: NOT_A_NUMBER,
        expected: new Phrase('a decimal integer'),
        actual: value,
      });
      return undefined;
    }
    // More digits than a u64 has need no exact value to be out of range.
    const size = this.#integer(isText ? BigInt(value.slice(0, 40)) : value);
    if (size === undefined || size >= 0) return size;
    this.#fault('HEADER_NUMBER', { what: NOT_A_NUMBER, expected: new Phrase('0 or more'), actual: size });
    return undefined;
  }

  #bytes(value: unknown): Uint8Array | undefined {
    if (this.#form !== 'json') {
      return this.#expect(value instanceof Uint8Array, value, 'bytes') ? (value as Uint8Array) : undefined;
    }
    if (!this.#expect(typeof value === 'string', value, 'a base64 string')) return undefined;
    const bytes = Buffer.from(value as string, 'base64');
    // The decoder takes more than the one spelling that stands for these bytes.
    if (bytes.toString('base64') === value) return bytes;
    this.#fault('PLAN_VALUE', {
      what: 'not base64',
      expected: new Phrase('RFC 4648 section 4: padded, no white space, zero trailing bits'),
    });
    return undefined;
  }

  /** Wrong types are reported here, unless a fault was already reported for the value. */
  #expect(right: boolean, value: unknown, expected: string): boolean {
    if (!right && value !== INVALID) {
      const what = 'a value of the wrong type';
      this.#fault('PLAN_SHAPE', { what, expected: new Phrase(expected), actual: new Phrase(jsonTypeName(value)) });
    }
    return right;
  }

  #refuse(name: string, known: ReadonlyMap<string, DescField>, { foreign, hints }: Scope): void {
    const isForeign = known.has(name);
    const legal = [...known.keys()].filter((each) => !foreign?.includes(each));
    this.#fault('PLAN_SHAPE', {
      what: isForeign ? 'this member has no place here' : 'there is no such member',
      actual: name,
      ...(isForeign ? {} : hintFor(name, legal, hints)),
    });
  }

  #enter(at: Place): void {
    this.#at = at;
    this.#token = undefined;
  }

  #fault(code: ErrorCode, parts: DiagnosticParts): void {
    const at = typeof this.#at === 'string' ? this.#at : this.#at();
    this.#report(code, this.#token === undefined ? at : at + pointerToken(this.#token), parts);
  }
}

function isLegal(name: string, field: DescField | undefined, { extras, foreign }: Scope): boolean {
  return field === undefined ? extras?.includes(name) === true : foreign?.includes(field.name) !== true;
}

function hintFor(name: string, legal: readonly string[], hints: Scope['hints'] = {}): { readonly hint?: string } {
  const hint = Object.hasOwn(hints, name) ? hints[name] : undefined;
  return hint === undefined ? suggestion(name, legal) : { hint };
}
