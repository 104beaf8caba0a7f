/**
 * Free objects as `google.protobuf.Struct` on the wire. protobuf-es would take them as plain objects and lose a member named
 * `__proto__`, which is data like any other (H2).
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { JsonObject, JsonValue } from '../format.js';

/** An unknown field of a message, as protobuf-es keeps and writes it. */
export interface WireField {
  readonly no: number;
  readonly wireType: WireType;
  readonly data: Uint8Array;
}

/** A field of a message that holds a free object. */
export function freeObjectField(no: number, object: JsonObject): WireField {
  const bytes = writeStruct(new BinaryWriter(), object).finish();
  return { no, wireType: WireType.LengthDelimited, data: new BinaryWriter().bytes(bytes).finish() };
}

function writeStruct(writer: BinaryWriter, object: JsonObject): BinaryWriter {
  for (const [name, value] of Object.entries(object)) {
    const entry = writer.tag(1, WireType.LengthDelimited).fork();
    entry.tag(1, WireType.LengthDelimited).string(name);
    writeValue(entry.tag(2, WireType.LengthDelimited).fork(), value).join();
    entry.join();
  }
  return writer;
}

function writeValue(writer: BinaryWriter, value: JsonValue): BinaryWriter {
  switch (typeof value) {
    case 'string':
      return writer.tag(3, WireType.LengthDelimited).string(value);
    case 'boolean':
      return writer.tag(4, WireType.Varint).bool(value);
    case 'object':
      if (value === null) return writer.tag(1, WireType.Varint).int32(0);
      if (Array.isArray(value)) return writeList(writer.tag(6, WireType.LengthDelimited).fork(), value).join();
      return writeStruct(writer.tag(5, WireType.LengthDelimited).fork(), value as JsonObject).join();
    default:
      return writer.tag(2, WireType.Bit64).double(Number(value));
  }
}

function writeList(writer: BinaryWriter, items: readonly JsonValue[]): BinaryWriter {
  for (const item of items) writeValue(writer.tag(1, WireType.LengthDelimited).fork(), item).join();
  return writer;
}
