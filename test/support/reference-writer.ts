/**
 * A second writer of `assets.pa`, straight from the contract's tables and with nothing of `src`: the oracle where bytes are too many to be
 * written down.
 */

/** An asset without metadata, whose decoded size is its size. */
export interface ReferenceAsset {
  readonly id: number;
  readonly name: string;
  readonly bank: string;
  readonly bytes: Uint8Array;
}

/** The artifact of these assets, in any order, without preload entries. */
export function referenceArtifact(assets: readonly ReferenceAsset[], n: number): Uint8Array {
  const up = (value: number) => (value % n === 0 ? value : value + n - (value % n));
  const table = [...assets].sort((a, b) => a.id - b.id);
  const offsets: number[] = [];
  let end = 0;
  for (const { bytes } of table) {
    offsets.push(up(end));
    end = up(end) + bytes.length;
  }
  const entries = table.map(
    ({ id, name, bank, bytes }, i) =>
      `{"asset_id":${id},"asset_name":${JSON.stringify(name)},"bank_type":"${bank}","codec":"NONE",` +
      `"decoded_size":${bytes.length},"metadata":{},"offset":${offsets[i]},"size":${bytes.length}}`,
  );
  const header = Buffer.from(`{"asset_table":[${entries.join(',')}],"preload":[]}`, 'utf8');
  const payloadOffset = up(32 + header.length);
  const file = Buffer.alloc(payloadOffset + end);
  file.write('ASPA', 0, 'latin1');
  file.writeUInt32LE(1, 4);
  file.writeUInt32LE(header.length, 8);
  file.writeBigUInt64LE(BigInt(payloadOffset), 12);
  file.set(header, 32);
  for (const [i, { bytes }] of table.entries()) file.set(bytes, payloadOffset + (offsets[i] as number));
  return file;
}
