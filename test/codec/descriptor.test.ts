import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { decodeHeader } from '../../src/codec/header.js';
import { AssetsPaError } from '../../src/errors.js';
import { ENTRY_MEMBERS, HEADER_MEMBERS, PRELOAD_MEMBERS } from '../../src/format.js';
import {
  AssetEntrySchema,
  file_assets_pa_header_v1_header,
  HeaderSchema,
  PreloadEntrySchema,
} from '../../src/schema/gen/assets_pa/header/v1/header_pb.js';

/** The kind of a field in the words of the schema. */
function kindOf(field: DescField): string {
  switch (field.fieldKind) {
    case 'scalar':
      return ScalarType[field.scalar].toLowerCase();
    case 'message':
      return field.message.typeName;
    case 'list':
      return `repeated ${field.listKind === 'message' ? field.message.typeName : field.listKind}`;
    default:
      return field.fieldKind;
  }
}

function kindsOf({ fields }: DescMessage): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.name, kindOf(field)]));
}

/** What the codec reads as each kind: a value of it, and what it calls the kind. */
const READ_AS: Record<string, { readonly sample: unknown; readonly called: string }> = {
  int32: { sample: 1, called: 'an integer' },
  uint64: { sample: 1, called: 'an integer' },
  string: { sample: 'NONE', called: 'a string' },
  'google.protobuf.Struct': { sample: {}, called: 'an object' },
  'repeated assets_pa.header.v1.AssetEntry': { sample: [], called: 'an array' },
  'repeated assets_pa.header.v1.PreloadEntry': { sample: [], called: 'an array' },
};

/** What the codec says of a header in which one member has a value. */
function judge(header: unknown): readonly (readonly [string, string | undefined, unknown])[] {
  try {
    decodeHeader(new TextEncoder().encode(JSON.stringify(header)));
    return [];
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    return error.diagnostics.map(({ code, where, expected }) => [code, where.pointer, expected] as const);
  }
}

describe.each([
  ['Header', HeaderSchema, HEADER_MEMBERS, '', (member: object) => member],
  ['AssetEntry', AssetEntrySchema, ENTRY_MEMBERS, '/asset_table/0', (member: object) => ({ asset_table: [member] })],
  ['PreloadEntry', PreloadEntrySchema, PRELOAD_MEMBERS, '/preload/0', (member: object) => ({ preload: [member] })],
] as const)('%s', (_, schema, members, at, headerWith) => {
  it('has the members of the codec, in canonical order of their names', () => {
    expect(schema.fields.map(({ name }) => name)).toEqual([...members]);
    expect([...members]).toEqual([...members].sort());
  });

  it('numbers them from 1', () => {
    expect(schema.fields.map(({ number }) => number)).toEqual(members.map((_name, i) => i + 1));
  });

  it.each(schema.fields.map((field) => [field.name, kindOf(field)]))('%s is %s in the codec too', (name, kind) => {
    const { sample, called } = READ_AS[kind] as (typeof READ_AS)[string];
    const shapeFaults = (value: unknown) =>
      judge(headerWith({ [name]: value })).filter(
        ([code, pointer]) => code === 'HEADER_SHAPE' && pointer === `${at}/${name}`,
      );
    expect(shapeFaults(sample)).toEqual([]);
    for (const { sample: other } of Object.values(READ_AS)) {
      if (JSON.stringify(other) === JSON.stringify(sample)) continue;
      expect(shapeFaults(other), JSON.stringify(other)).toEqual([['HEADER_SHAPE', `${at}/${name}`, called]]);
    }
  });
});

describe('the schema', () => {
  it('is version 1 of the header package', () => {
    expect(file_assets_pa_header_v1_header.proto.package).toBe('assets_pa.header.v1');
  });

  it('has these kinds', () => {
    expect(kindsOf(HeaderSchema)).toEqual({
      asset_table: 'repeated assets_pa.header.v1.AssetEntry',
      preload: 'repeated assets_pa.header.v1.PreloadEntry',
    });
    expect(kindsOf(AssetEntrySchema)).toEqual({
      asset_id: 'int32',
      asset_name: 'string',
      bank_type: 'string',
      codec: 'string',
      decoded_size: 'uint64',
      metadata: 'google.protobuf.Struct',
      offset: 'uint64',
      size: 'uint64',
    });
    expect(kindsOf(PreloadEntrySchema)).toEqual({ asset_id: 'int32', slot: 'int32' });
  });

  it('tells an absent member from 0', () => {
    for (const { fields } of [AssetEntrySchema, PreloadEntrySchema]) {
      for (const field of fields) {
        // FieldDescriptorProto.proto3Optional, or a message, which always can be absent.
        expect(field.proto.proto3Optional || field.fieldKind === 'message', field.name).toBe(true);
      }
    }
  });
});
