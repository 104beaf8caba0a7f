/** Protobuf's wire format by hand: what no generator would write. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

type Bytes = Uint8Array<ArrayBuffer>;

/** A message, or anything else made of fields. */
export function message(...fields: readonly Uint8Array[]): Bytes {
  return Uint8Array.from(Buffer.concat(fields));
}

export function varint(number: number, value: number | bigint): Bytes {
  return new BinaryWriter().tag(number, WireType.Varint).int64(BigInt(value)).finish();
}

/** A length-delimited field: bytes, a string, or a message. */
export function bytes(number: number, value: Uint8Array): Bytes {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(value).finish();
}

export function text(number: number, value: string): Bytes {
  return bytes(number, new TextEncoder().encode(value));
}

export function double(number: number, value: number): Bytes {
  return new BinaryWriter().tag(number, WireType.Bit64).double(value).finish();
}

export function fixed32(number: number, value: number): Bytes {
  return new BinaryWriter().tag(number, WireType.Bit32).fixed32(value).finish();
}

export function group(number: number, ...fields: readonly Uint8Array[]): Bytes {
  const tag = (type: WireType) => new BinaryWriter().tag(number, type).finish();
  return message(tag(WireType.StartGroup), ...fields, tag(WireType.EndGroup));
}

/** Fields of `Plan`. */
export const schemaVersion = (value: number | bigint) => varint(1, value);
export const layout = (...fields: readonly Uint8Array[]) => bytes(2, message(...fields));
export const alignment = (value: number | bigint) => varint(1, value);
export const asset = (...fields: readonly Uint8Array[]) => bytes(3, message(...fields));

/** Fields of `Asset`. */
export const assetId = (value: number | bigint) => varint(1, value);
export const assetName = (value: string) => text(2, value);
export const bankType = (value: string) => text(3, value);
export const codec = (value: string) => text(4, value);
export const decodedSize = (value: number | bigint) => varint(5, value);
export const metadata = (...entries: readonly Uint8Array[]) => bytes(6, message(...entries));
export const codecConfiguration = (...entries: readonly Uint8Array[]) => bytes(7, message(...entries));
export const pipeline = (...entries: readonly Uint8Array[]) => bytes(8, message(...entries));
export const file = (value: string) => text(9, value);
export const inline = (value: Uint8Array) => bytes(10, value);
export const size = (value: number | bigint) => varint(11, value);
export const digest = (value: string) => text(12, value);
export const preload = (...fields: readonly Uint8Array[]) => bytes(13, message(...fields));
export const slot = (value: number | bigint) => varint(1, value);

/** An entry of a `Struct`. */
export const entry = (name: string, value: Uint8Array) => bytes(1, message(text(1, name), bytes(2, value)));

/** Kinds of a `Value`. */
export const nullValue = () => varint(1, 0);
export const numberValue = (value: number) => double(2, value);
export const stringValue = (value: string) => text(3, value);
export const boolValue = (value: boolean) => varint(4, value ? 1 : 0);
export const structValue = (...entries: readonly Uint8Array[]) => bytes(5, message(...entries));
export const listValue = (...values: readonly Uint8Array[]) =>
  bytes(6, message(...values.map((value) => bytes(1, value))));

/** A `Value` that is `levels` lists in each other, built from the outside in, so that it takes linear time. */
export function nestedLists(levels: number): Bytes {
  const lengths: number[] = [];
  const width = (length: number) => new BinaryWriter().uint32(length).finish().length;
  let length = 0;
  for (let i = 0; i < levels; i += 1) {
    // A list's length; then that of the value that holds it, which is an item of the next list.
    lengths.push(length);
    const value = 1 + width(length) + length;
    lengths.push(value);
    length = 1 + width(value) + value;
  }
  lengths.pop();
  const writer = new BinaryWriter();
  for (const [i, each] of lengths.reverse().entries())
    writer.tag(i % 2 === 0 ? 6 : 1, WireType.LengthDelimited).uint32(each);
  return writer.finish();
}
