/**
 * The binary form of a plan, decoded by its message descriptors, one asset at a time.
 *
 * protobuf's own decoder is not made for untrusted plans: it trusts wire types, replaces ill-formed UTF-8, loses its place at unknown
 * fields of map entries, and recurses as deep as the input says. On legal plans both agree; a test holds them together.
 */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { INTEGER_RANGE, INVALID, isPlainObject, NOT_A_NUMBER, setMember } from '../codec/json-tree.js';
import { isPause, type Steps } from '../codec/steps.js';
import { firstInvalidUtf8 } from '../codec/utf8.js';
import { AssetsPaError, type DiagnosticParts, type Diagnostics, type ErrorCode, pointerToken } from '../errors.js';
import { DEPTH_MAX } from '../format.js';
import { AssetSchema, PlanSchema } from '../schema/gen/assets_pa/plan/v1/plan_pb.js';
import { PLAN_VERSION, type PlanChecker, unsupportedPlan } from './check.js';
import { planSyntax } from './json-plan.js';

/**
 * Reads a binary plan into a checker.
 *
 * @throws AssetsPaError `VERSION_UNSUPPORTED`, then `PLAN_SYNTAX`: alone, before anything else is judged
 */
export function* readBinaryPlan(bytes: Uint8Array, checker: PlanChecker, report: Diagnostics): Steps<void> {
  const reader = new BinaryReader(bytes);
  try {
    yield* new BinaryPlanReader(reader, report).read(checker);
  } catch (error) {
    if (error instanceof AssetsPaError) throw error;
    throw planSyntax(
      `the plan is neither JSON, which begins with "{", nor a protobuf message: ${(error as Error).message}`,
      Math.min(reader.pos, bytes.length),
    );
  }
}

const WIRE_TYPES = new Map<ScalarType, WireType>([
  [ScalarType.INT32, WireType.Varint],
  [ScalarType.UINT32, WireType.Varint],
  [ScalarType.UINT64, WireType.Varint],
  [ScalarType.STRING, WireType.LengthDelimited],
  [ScalarType.BYTES, WireType.LengthDelimited],
]);

interface Raw {
  [name: string]: unknown;
}

class BinaryPlanReader {
  readonly #reader: BinaryReader;
  readonly #report: Diagnostics;
  readonly #path: (string | number)[] = [];

  constructor(reader: BinaryReader, report: Diagnostics) {
    this.#reader = reader;
    this.#report = report;
  }

  *read(checker: PlanChecker): Steps<void> {
    this.#refuseOtherVersions();
    const root: Raw = {};
    let assets = 0;
    // An empty list is not on the wire: a binary plan always has assets.
    checker.member('assets');
    const assetsField = PlanSchema.field.assets;
    while (this.#reader.pos < this.#reader.len) {
      const [number, wireType] = this.#reader.tag();
      if (number !== assetsField.number) {
        this.#member(PlanSchema, root, number, wireType);
        continue;
      }
      if (isPause(assets)) yield;
      this.#path.push('assets', assets);
      assets += 1;
      if (wireType === WireType.LengthDelimited) checker.asset(this.#message(AssetSchema, {}));
      else this.#wrongType(assetsField.name, wireType);
      this.#path.length = 0;
    }
    this.#endAt(this.#reader.len);
    for (const [name, value] of Object.entries(root)) {
      checker.value(checker.member(name) as string, name, value);
    }
  }

  #refuseOtherVersions(): void {
    const reader = this.#reader;
    let found: unknown;
    try {
      while (reader.pos < reader.len) {
        const [number, wireType] = reader.tag();
        if (number === PlanSchema.field.schemaVersion.number && wireType === WireType.Varint)
          found = number64(reader.int64());
        else this.#skip(wireType);
      }
    } catch {
      // What breaks here breaks again in the reading proper, which says where.
    }
    reader.pos = 0;
    if (found === undefined || found === PLAN_VERSION) return;
    this.#report.add(unsupportedPlan(typeof found === 'bigint' ? String(found) : found));
    throw this.#report.toError();
  }

  /** Calls back for each tag up to `end`. */
  #fields(end: number, onField: (number: number, wireType: WireType) => void): void {
    while (this.#reader.pos < end) {
      const [number, wireType] = this.#reader.tag();
      onField(number, wireType);
    }
    this.#endAt(end);
  }

  #endAt(end: number): void {
    if (this.#reader.pos !== end) throw new Error('a field ends outside its message');
  }

  /** A length-delimited value's end. */
  #end(): number {
    const length = this.#reader.uint32();
    const end = this.#reader.pos + length;
    if (end > this.#reader.len) throw new Error('a length passes the end');
    return end;
  }

  #message(message: DescMessage, into: Raw): Raw {
    this.#fields(this.#end(), (number, wireType) => this.#member(message, into, number, wireType));
    return into;
  }

  #member(message: DescMessage, into: Raw, number: number, wireType: WireType): void {
    const field = message.fields.find((each) => each.number === number);
    if (field === undefined) {
      this.#fault('PLAN_SHAPE', { what: 'an unknown field', actual: number });
      this.#skip(wireType);
      return;
    }
    for (const other of field.oneof?.fields ?? []) {
      if (other !== field) delete into[other.name];
    }
    this.#path.push(field.name);
    if (wireType !== wireTypeOf(field)) {
      this.#wrongType(field.name, wireType);
      into[field.name] = INVALID;
    } else into[field.name] = this.#value(field, into[field.name]);
    this.#path.pop();
  }

  /** @param before An earlier occurrence: messages merge, scalars are replaced. */
  #value(field: DescField, before: unknown): unknown {
    if (field.fieldKind === 'message') {
      const into = typeof before === 'object' ? (before as Raw) : {};
      const isFree = field.message.typeName === 'google.protobuf.Struct';
      return isFree ? this.#struct(into, 0) : this.#message(field.message, into);
    }
    switch (field.scalar) {
      case ScalarType.STRING:
        return this.#string();
      case ScalarType.BYTES:
        return this.#reader.bytes();
      case ScalarType.UINT64:
        return number64(this.#reader.uint64());
      default:
        return number64(this.#reader.int64());
    }
  }

  /** A `google.protobuf.Struct`. */
  #struct(into: Raw, level: number): Raw {
    const end = this.#end();
    if (this.#isTooDeep(level, end)) return into;
    this.#fields(end, (number, wireType) => {
      if (number !== 1 || wireType !== WireType.LengthDelimited) return this.#unknownInFree(number, wireType);
      const { name, value } = this.#entry(level);
      setMember(into, name, value);
    });
    return into;
  }

  /** An entry of `Struct.fields`: key 1, value 2. */
  #entry(level: number): { name: string; value: unknown } {
    const entry = { name: '', value: NO_KIND as unknown };
    this.#path.push('');
    this.#fields(this.#end(), (number, wireType) => {
      const isKnown = (number === 1 || number === 2) && wireType === WireType.LengthDelimited;
      if (!isKnown) return this.#unknownInFree(number, wireType);
      if (number === 2) entry.value = this.#freeValue(level);
      else {
        entry.name = this.#string();
        this.#path[this.#path.length - 1] = entry.name;
      }
    });
    entry.value = this.#requireKind(entry.value);
    this.#path.pop();
    return entry;
  }

  /** A `google.protobuf.Value`: a oneof, so the last kind wins. */
  #freeValue(level: number): unknown {
    let value: unknown = NO_KIND;
    this.#fields(this.#end(), (number, wireType) => {
      const kind = VALUE_KINDS[number];
      if (kind?.wireType !== wireType) return this.#unknownInFree(number, wireType);
      value = this.#freeKind(kind.name, level + 1, value);
    });
    return this.#requireKind(value);
  }

  #requireKind(value: unknown): unknown {
    if (value !== NO_KIND) return value;
    this.#fault('PLAN_SHAPE', { what: 'a value without a kind' });
    return INVALID;
  }

  #freeKind(kind: ValueKind, level: number, before: unknown): unknown {
    switch (kind) {
      case 'null':
        this.#reader.int32();
        return null;
      case 'number':
        return this.#freeNumber();
      case 'string':
        return this.#string();
      case 'bool':
        return this.#reader.bool();
      case 'struct':
        return this.#struct(isPlainObject(before) ? before : {}, level);
      default:
        return this.#list(Array.isArray(before) ? before : [], level);
    }
  }

  #freeNumber(): unknown {
    this.#bounds(8);
    const value = this.#reader.double();
    if (Number.isSafeInteger(value)) return value;
    this.#fault('HEADER_NUMBER', { what: NOT_A_NUMBER, expected: INTEGER_RANGE, actual: String(value) });
    return INVALID;
  }

  /** A `google.protobuf.ListValue`. */
  #list(into: unknown[], level: number): unknown[] {
    const end = this.#end();
    if (this.#isTooDeep(level, end)) return into;
    this.#fields(end, (number, wireType) => {
      if (number !== 1 || wireType !== WireType.LengthDelimited) return this.#unknownInFree(number, wireType);
      this.#path.push(into.length);
      into.push(this.#freeValue(level));
      this.#path.pop();
    });
    return into;
  }

  /** H6: one level below the limit is kept, so that the checker sees and names the fault; the rest is passed over. */
  #isTooDeep(level: number, end: number): boolean {
    if (level <= DEPTH_MAX + 1) return false;
    this.#reader.pos = end;
    return true;
  }

  #string(): string {
    const bytes = this.#reader.bytes();
    const badByte = firstInvalidUtf8(bytes);
    if (badByte < 0) return decoder.decode(bytes);
    throw planSyntax('a string of the plan is not UTF-8', this.#reader.pos - bytes.length + badByte);
  }

  #unknownInFree(number: number, wireType: WireType): void {
    this.#fault('PLAN_SHAPE', { what: 'an unknown field in a free object', actual: number });
    this.#skip(wireType);
  }

  #wrongType(name: string, wireType: WireType): void {
    this.#fault('PLAN_SHAPE', { what: `${name} has the wrong wire type`, actual: wireType });
    this.#skip(wireType);
  }

  /** Passes over a field; groups, which could nest without end, are no part of any plan. */
  #skip(wireType: WireType): void {
    if (wireType === WireType.StartGroup || wireType === WireType.EndGroup)
      throw new Error('a group, which plans do not have');
    if (wireType === WireType.LengthDelimited) this.#reader.pos = this.#end();
    else this.#reader.skip(wireType);
  }

  #bounds(width: number): void {
    if (this.#reader.pos + width > this.#reader.len) throw new Error('a number passes the end');
  }

  #fault(code: ErrorCode, parts: DiagnosticParts): void {
    const plan = this.#path.map(pointerToken).join('');
    this.#report.report(code, { ...parts, where: { plan, offset: this.#reader.pos } });
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const NO_KIND = Symbol('no kind');

type ValueKind = 'null' | 'number' | 'string' | 'bool' | 'struct' | 'list';

/** The fields of `google.protobuf.Value`, by number. */
const VALUE_KINDS: { readonly [number: number]: { readonly name: ValueKind; readonly wireType: WireType } } = {
  1: { name: 'null', wireType: WireType.Varint },
  2: { name: 'number', wireType: WireType.Bit64 },
  3: { name: 'string', wireType: WireType.LengthDelimited },
  4: { name: 'bool', wireType: WireType.Varint },
  5: { name: 'struct', wireType: WireType.LengthDelimited },
  6: { name: 'list', wireType: WireType.LengthDelimited },
};

function wireTypeOf(field: DescField): WireType | undefined {
  return field.fieldKind === 'scalar' ? WIRE_TYPES.get(field.scalar) : WireType.LengthDelimited;
}

/** A 64-bit integer as a number where that is exact. */
function number64(value: bigint | string): number | bigint {
  const exact = BigInt(value);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}
