/** The writer and the strict decoder against the accepted vectors: what a plan gives, and what a file says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { type AssetEntry, Diagnostics, decodeHeader, decodePrelude, packAssets, toMemory } from '../../src/index.ts';
import { convertPlan } from '../../src/plan/plan-text.ts';
import { readArtifact } from '../../src/read/scan.ts';

const { h64Raw } = await xxhash();
const FOLDER = join(import.meta.dirname, '../../spec-vectors');

interface Vector {
  readonly id: string;
  readonly file: string;
  readonly expected?: string;
  readonly plan?: string;
}

const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as { readonly vectors: Vector[] };
const vectors = manifest.vectors.filter(({ id }) => id.startsWith('accept/'));
const withPlans = vectors.filter(({ plan }) => plan !== undefined) as (Vector & { readonly plan: string })[];

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, path)));
}

/** Compares bytes without printing all of them. */
function expectSame(found: Uint8Array, wanted: Uint8Array): void {
  if (Buffer.compare(found, wanted) !== 0) {
    expect(Buffer.from(found).toString('latin1')).toBe(Buffer.from(wanted).toString('latin1'));
  }
}

async function pack(plan: Uint8Array): Promise<Uint8Array> {
  const sink = toMemory();
  await packAssets(plan, sink);
  return sink.bytes;
}

function entryOf({ assetId, assetName, bankType, decodedSize, ...rest }: AssetEntry): object {
  return { asset_id: assetId, asset_name: assetName, bank_type: bankType, decoded_size: decodedSize, ...rest };
}

/** What the decoders say of a file, in the shape of `*.expected.json`. */
function decoded(bytes: Uint8Array): object {
  const report = new Diagnostics();
  const found = decodePrelude(bytes, report);
  if (found === undefined || report.total > 0) throw report.toError();
  const { headerLen, payloadOffset } = found;
  const { assetTable, preload } = decodeHeader(bytes.subarray(32, 32 + headerLen));
  const start = Number(payloadOffset);
  return {
    prelude: {
      magic: Buffer.from(bytes.subarray(0, 4)).toString('latin1'),
      schema_version: found.schemaVersion,
      header_len: headerLen,
      payload_offset: start,
      flags: found.flags,
      reserved: found.reserved,
      header_checksum: found.headerChecksum,
    },
    asset_table: assetTable.map(entryOf),
    preload: preload.map(({ assetId, slot }) => ({ asset_id: assetId, slot })),
    slices: assetTable.map(({ assetId, offset, size }) => ({
      asset_id: assetId,
      size,
      xxh64: h64Raw(bytes.subarray(start + offset, start + offset + size))
        .toString(16)
        .padStart(16, '0'),
    })),
  };
}

/** Objects as sorted lists of name and value: the matchers do not see a member called `__proto__`. */
function inPairs(value: unknown): unknown {
  if (Array.isArray(value)) return { list: value.map(inPairs) };
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, inPairs(member)] as const);
  return members.sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('accepted vectors', () => {
  it('are there', () => {
    expect(vectors.length).toBeGreaterThan(60);
    expect(vectors.filter(({ expected }) => expected === undefined || !existsSync(join(FOLDER, expected)))).toEqual([]);
  });

  it.each(vectors)('$id holds what is expected', ({ file, expected = '' }) => {
    const wanted: unknown = JSON.parse(readFileSync(join(FOLDER, expected), 'utf8'));
    expect(inPairs(decoded(read(file)))).toEqual(inPairs(wanted));
  });

  it.each(vectors)('$id passes the strict checks', async ({ file }) => {
    const { report } = await readArtifact(join(FOLDER, file));
    expect(report.list.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each(withPlans)('$id is what its plan gives', async ({ file, plan }) => {
    expectSame(await pack(read(plan)), read(file));
  });

  it.each(withPlans)(
    '$id is what its plan gives in the binary form, and turned back into JSON',
    async ({ file, plan }) => {
      const binary = convertPlan(read(plan));
      expect(binary.form).toBe('binary');
      expectSame(await pack(binary.bytes), read(file));
      const json = convertPlan(binary.bytes);
      expect(json.form).toBe('json');
      expectSame(await pack(json.bytes), read(file));
    },
  );
});
