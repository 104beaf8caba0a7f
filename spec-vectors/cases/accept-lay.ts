/**
 * Lays accepted files from literals: offsets, padding and texts stand in the case, their bytes are put there. A case that contradicts itself
 * (a payload over another, a payload region at no multiple of its alignment) is refused here.
 */
import { type EntryText, entry, header, prelude, utf8 } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';

/** An entry's members as they stand in the text, its payload, and what the plan says otherwise. */
export interface LaidAsset extends Omit<EntryText, 'asset_id' | 'size'> {
  readonly id: number;
  /** The payload. Its length is the entry's `size`, and its `decoded_size` where the case gives none. Default: empty. */
  readonly bytes?: Uint8Array;
  /** Members of the plan's asset that differ from the entry's; undefined leaves one out. */
  readonly planned?: { readonly [member: string]: unknown };
}

/** An accepted file. */
export interface LaidCase extends Pick<AcceptCase, 'name' | 'title' | 'clauses' | 'flags'> {
  /** In table order. */
  readonly assets: readonly LaidAsset[];
  /** Ids and slots. */
  readonly preload?: readonly (readonly [id: number, slot: number])[];
  /** What the plan asks for. Default: packed. */
  readonly alignment?: number;
  /** Zeros between header and payload region. Default: none. */
  readonly gap?: number;
  /** The plan, where it is more than the entries in a plan's members. */
  readonly plan?: object;
}

interface Entry {
  readonly asset_id: number;
  readonly asset_name: string;
  readonly bank_type: string;
  readonly decoded_size: number;
  readonly metadata: object;
  readonly offset: number;
  readonly size: number;
}

/** Makes the case. */
export function lay({ assets, preload = [], alignment = 1, gap = 0, plan, ...rest }: LaidCase): AcceptCase {
  const entries = assets.map(({ id, bytes = utf8(''), ...texts }) => {
    const size = String(bytes.length);
    return entry({ bank_type: '"SCENE"', decoded_size: size, ...texts, asset_id: String(id), size });
  });
  const list = preload.map(([id, slot]) => `{"asset_id":${id},"slot":${slot}}`);
  const text = header(entries, list);
  const expected = JSON.parse(text) as { asset_table: Entry[]; preload: { asset_id: number; slot: number }[] };
  const slices = assets.map(({ bytes = utf8('') }) => bytes);
  const headerBytes = utf8(text);
  const payloadOffset = 32 + headerBytes.length + gap;
  if (payloadOffset % alignment !== 0 || gap >= alignment) {
    throw new Error(`${rest.name}: a gap of ${gap} after ${32 + headerBytes.length} bytes, alignment ${alignment}`);
  }
  const region = regionOf(rest.name, expected.asset_table, slices);
  const bytes = new Uint8Array(payloadOffset + region.length);
  bytes.set(preludeOf(headerBytes.length, payloadOffset), 0);
  bytes.set(headerBytes, 32);
  bytes.set(region, payloadOffset);
  const planned = assets.map((asset, i) => plannedOf(expected.asset_table[i] as Entry, asset, expected.preload));
  const layout = alignment === 1 ? {} : { layout: { alignment } };
  return {
    ...rest,
    bytes,
    expected: { ...expected, slices },
    plan: plan ?? { schema_version: 1, ...layout, assets: planned },
  };
}

function preludeOf(headerLen: number, payloadOffset: number): Uint8Array {
  const magic = [0x41, 0x53, 0x50, 0x41];
  return prelude({ magic, schemaVersion: 1, headerLen, payloadOffset, flags: 0, reserved: 0, headerChecksum: 0 });
}

/** The payload region: each payload where its entry says, zeros between; it ends where the last one does (E6). */
function regionOf(name: string, table: readonly Entry[], slices: readonly Uint8Array[]): Uint8Array {
  const last = table.at(-1);
  const region = new Uint8Array(last === undefined ? 0 : last.offset + last.size);
  let end = 0;
  for (const [i, { offset, size }] of table.entries()) {
    if (offset < end) throw new Error(`${name}: asset ${i} lies over the one before`);
    region.set(slices[i] as Uint8Array, offset);
    end = offset + size;
  }
  return region;
}

/** The plan's asset; what a plan may leave out is left out. */
function plannedOf(
  { asset_id, asset_name, bank_type, decoded_size, metadata, size }: Entry,
  { bytes = utf8(''), planned = {} }: LaidAsset,
  preload: readonly { asset_id: number; slot: number }[],
): object {
  const claim = preload.find((each) => each.asset_id === asset_id);
  return {
    asset_id,
    asset_name,
    bank_type,
    ...(decoded_size !== size && bank_type !== 'GLYPH' && { decoded_size }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    inline: base64(bytes),
    ...(claim !== undefined && { preload: { slot: claim.slot } }),
    ...planned,
  };
}

/** Base64 as a plan has it. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
