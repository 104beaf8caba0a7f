import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePrelude, encodePrelude, magicHex, type Prelude, preludeOf } from '../../src/codec/prelude.js';
import { type Diagnostic, Diagnostics } from '../../src/errors.js';
import { PRELUDE_FIELDS, PRELUDE_SIZE } from '../../src/format.js';

const U32_MAX = 2 ** 32 - 1;
const U64_MAX = 2n ** 64n - 1n;

/** Bytes from hex digits; spaces are for the eye. */
function hex(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
}

function judge(bytes: Uint8Array): readonly Diagnostic[] {
  const report = new Diagnostics();
  decodePrelude(bytes, report);
  return report.list;
}

/** Fields laid with something else than a v1 writer emits. */
function laid(fields: Partial<Prelude>): Uint8Array {
  return encodePrelude({ ...preludeOf(31, 63), ...fields });
}

describe('the byte table (E1, E2)', () => {
  it('covers 32 bytes in order, without a gap', () => {
    let at = 0;
    for (const field of PRELUDE_FIELDS) {
      expect(field.at, field.name).toBe(at);
      at += field.width;
    }
    expect(at).toBe(32);
    expect(PRELUDE_SIZE).toBe(32);
  });

  //                    magic     version  hdr_len  payload_offset    flags    reserved checksum
  it.each<[string, Prelude, string]>([
    [
      'an empty table, packed',
      preludeOf(31, 63),
      '41535041 01000000 1f000000 3f00000000000000 00000000 00000000 00000000',
    ],
    [
      'a header of 0x01020304 bytes, aligned to 4,096',
      preludeOf(0x01020304, 0x01021000),
      '41535041 01000000 04030201 0010020100000000 00000000 00000000 00000000',
    ],
    [
      'the largest payload_offset that a writer emits',
      preludeOf(31, 2 ** 53 - 1),
      '41535041 01000000 1f000000 ffffffffffff1f00 00000000 00000000 00000000',
    ],
    [
      'another value in every field',
      {
        magic: 0x04030201,
        schemaVersion: 0x08070605,
        headerLen: 0x0c0b0a09,
        payloadOffset: 0x14131211100f0e0dn,
        flags: 0x18171615,
        reserved: 0x1c1b1a19,
        headerChecksum: 0x201f1e1d,
      },
      '01020304 05060708 090a0b0c 0d0e0f1011121314 15161718 191a1b1c 1d1e1f20',
    ],
  ])('%s', (_, prelude, digits) => {
    expect(encodePrelude(prelude)).toEqual(hex(digits));
    expect(decodePrelude(hex(digits))).toEqual(prelude);
  });

  it.each(PRELUDE_FIELDS)(
    '$name: 0 and the largest u are encoded, one more is not',
    ({ at, width, property, name }) => {
      const zeros = new Uint8Array(32);
      const nothing = decodePrelude(zeros) as Prelude;
      const max = width === 8 ? U64_MAX : U32_MAX;
      expect(encodePrelude({ ...nothing, [property]: 0 })).toEqual(zeros);
      const full = zeros.slice().fill(0xff, at, at + width);
      expect(encodePrelude({ ...nothing, [property]: max })).toEqual(full);
      expect(decodePrelude(full)).toEqual({ ...nothing, [property]: max });
      const over = width === 8 ? U64_MAX + 1n : U32_MAX + 1;
      expect(() => encodePrelude({ ...nothing, [property]: over })).toThrow(
        new RangeError(`${name} does not fit a u${8 * width}: ${over}`),
      );
    },
  );

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1n])('no field holds %s', (value) => {
    for (const { property } of PRELUDE_FIELDS) {
      expect(() => encodePrelude({ ...preludeOf(31, 63), [property]: value }), property).toThrow(RangeError);
    }
  });

  it('a bigint of 0 is a 0', () => {
    expect(laid({ payloadOffset: 0n })).toEqual(laid({ payloadOffset: 0 }));
  });

  it('payload_offset is a bigint only above 2^53 - 1', () => {
    const read = (payloadOffset: number | bigint) => decodePrelude(laid({ payloadOffset }))?.payloadOffset;
    expect(read(2n ** 53n - 1n)).toBe(2 ** 53 - 1);
    expect(read(2n ** 53n)).toBe(2n ** 53n);
    expect(read(2n ** 53n + 1n)).toBe(2n ** 53n + 1n);
    expect(read(U64_MAX)).toBe(U64_MAX);
  });

  it('decodes what it encodes, wherever the bytes lie in their buffer', () => {
    const u32 = fc.oneof(fc.nat(9), fc.integer({ min: 0, max: U32_MAX }));
    const u64 = fc.bigInt({ min: 0n, max: U64_MAX }).map((n) => (n > 2n ** 53n - 1n ? n : Number(n)));
    const anyPrelude: fc.Arbitrary<Prelude> = fc.record({
      magic: u32,
      schemaVersion: u32,
      headerLen: u32,
      payloadOffset: u64,
      flags: u32,
      reserved: u32,
      headerChecksum: u32,
    });
    fc.assert(
      fc.property(anyPrelude, fc.nat(7), fc.nat(9), (prelude, before, after) => {
        const bytes = encodePrelude(prelude);
        expect(bytes).toHaveLength(32);
        const file = new Uint8Array(before + 32 + after).fill(0xaa);
        file.set(bytes, before);
        expect(decodePrelude(file.subarray(before))).toEqual(prelude);
      }),
    );
  });
});

describe('faults of the prelude', () => {
  it('a right prelude has none', () => {
    expect(judge(laid({}))).toEqual([]);
  });

  it.each(Array.from({ length: 32 }, (_, length) => length))('%i bytes are truncated', (length) => {
    const report = new Diagnostics();
    expect(decodePrelude(laid({ flags: 1 }).subarray(0, length), report)).toBeUndefined();
    expect(report.list).toEqual([
      {
        code: 'PRELUDE_TRUNCATED',
        severity: 'error',
        clause: 'E2',
        message: `the file ends inside the prelude: expected at least 32 bytes, got ${length}`,
        where: { offset: length },
        expected: 'at least 32 bytes',
        actual: length,
      },
    ]);
  });

  it('the magic is printed in file order', () => {
    expect(judge(hex(`50 4b 03 04 ${'00'.repeat(28)}`))).toEqual([
      {
        code: 'PRELUDE_MAGIC',
        severity: 'error',
        clause: 'E1',
        message: 'this is no assets.pa: expected 41535041, got 504b0304',
        where: { offset: 0 },
        expected: '41535041',
        actual: '504b0304',
        hint: 'this is a zip file: decompress it first',
      },
    ]);
    expect(magicHex(0xf0_00_00_00)).toBe('000000f0');
  });

  it.each<[string, string | undefined]>([
    ['1f 8b 08 00', 'this is a gzip file: decompress it first'],
    ['28 b5 2f fd', 'this is a zstd file: decompress it first'],
    ['50 4b 03 04', 'this is a zip file: decompress it first'],
    ['7b 22 61 22', 'this may be JSON: a plan is packed with assets-pa pack'],
    ['3c 21 64 6f', 'this may be HTML: a page instead of the file that it was about'],
    ['ef bb bf 7b', 'this is text with a byte-order mark'],
    ['61 73 70 61', 'the magic is in capital letters'],
    ['08 00 1f 8b', undefined],
    ['00 00 00 7b', undefined],
    ['00 00 00 00', undefined],
  ])('a file that begins with %s: %s', (magic, hint) => {
    expect(judge(hex(`${magic} ${'00'.repeat(28)}`)).map((each) => [each.code, each.hint])).toEqual([
      ['PRELUDE_MAGIC', hint],
    ]);
  });

  it.each([0, 2, U32_MAX])('version %i', (found) => {
    expect(judge(laid({ schemaVersion: found }))).toEqual([
      {
        code: 'VERSION_UNSUPPORTED',
        severity: 'error',
        clause: 'V2',
        message:
          'this version of assets.pa is not supported, which blocks reading anything after the version; no migration was attempted: ' +
          `expected 1, got ${found}`,
        where: { offset: 4 },
        expected: 1,
        actual: found,
        hint: 'rebuild the file from its plan with a packer of this version; assets.pa is never migrated',
        details: {
          artifact: 'assets.pa',
          found,
          supported: { min: 1, max: 1 },
          migration: 'not attempted',
          blocks: 'reading anything after the version',
        },
      },
    ]);
  });

  it.each([
    ['PRELUDE_FLAGS', 'flags', 'flags', 'E4', 20],
    ['PRELUDE_RESERVED', 'reserved', 'reserved', 'E4', 24],
    ['PRELUDE_CHECKSUM', 'headerChecksum', 'header_checksum', 'E1', 28],
  ] as const)('%s', (code, property, name, clause, offset) => {
    expect(judge(laid({ [property]: 0x80000000 }))).toEqual([
      {
        code,
        severity: 'error',
        clause,
        message: `${name} is not zero: expected 0, got 2147483648`,
        where: { offset },
        expected: 0,
        actual: 0x80000000,
      },
    ]);
  });

  describe('gates', () => {
    const rest = { flags: 1, reserved: 2, headerChecksum: 3 };

    it.each<[string, Uint8Array, string[]]>([
      ['truncated stands alone', laid({ magic: 0, ...rest }).subarray(0, 31), ['PRELUDE_TRUNCATED']],
      ['magic stands alone', laid({ magic: 0, schemaVersion: 2, ...rest }), ['PRELUDE_MAGIC']],
      ['version stands alone', laid({ schemaVersion: 2, ...rest }), ['VERSION_UNSUPPORTED']],
      ['the rest comes together', laid(rest), ['PRELUDE_FLAGS', 'PRELUDE_RESERVED', 'PRELUDE_CHECKSUM']],
    ])('%s', (_, bytes, codes) => {
      expect(judge(bytes).map(({ code }) => code)).toEqual(codes);
    });

    it('a wrong prelude is still read, so that a report can show it', () => {
      const wrong = { ...preludeOf(31, 63), magic: 7, schemaVersion: 2, ...rest };
      expect(decodePrelude(encodePrelude(wrong))).toEqual(wrong);
    });
  });
});
