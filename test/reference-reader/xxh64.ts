/** XXH64, seed 0, by its published description and nothing else: one BigInt operation per line. */

const PRIME1 = 0x9e3779b185ebca87n;
const PRIME2 = 0xc2b2ae3d27d4eb4fn;
const PRIME3 = 0x165667b19e3779f9n;
const PRIME4 = 0x85ebca77c2b2ae63n;
const PRIME5 = 0x27d4eb2f165667c5n;
const STRIPE = 32;

/** The hash as 16 hex digits, most significant first (C6). */
export function xxh64(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash = PRIME5;
  if (bytes.length >= STRIPE) {
    const lanes = [u64(PRIME1 + PRIME2), PRIME2, 0n, u64(-PRIME1)];
    for (; at + STRIPE <= bytes.length; at += STRIPE) {
      for (const [i, lane] of lanes.entries()) lanes[i] = round(lane, view.getBigUint64(at + 8 * i, true));
    }
    hash = mergeLanes(lanes);
  }
  hash = u64(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) {
    hash = u64(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * PRIME1 + PRIME4);
  }
  if (at + 4 <= bytes.length) {
    hash = u64(rotate(hash ^ u64(BigInt(view.getUint32(at, true)) * PRIME1), 23n) * PRIME2 + PRIME3);
    at += 4;
  }
  for (; at < bytes.length; at += 1) {
    hash = u64(rotate(hash ^ u64(BigInt(view.getUint8(at)) * PRIME5), 11n) * PRIME1);
  }
  return avalanche(hash).toString(16).padStart(16, '0');
}

function mergeLanes(lanes: readonly bigint[]): bigint {
  const rotations = [1n, 7n, 12n, 18n];
  let hash = u64(lanes.reduce((sum, lane, i) => sum + rotate(lane, rotations[i] as bigint), 0n));
  for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * PRIME1 + PRIME4);
  return hash;
}

function round(lane: bigint, input: bigint): bigint {
  return u64(rotate(u64(lane + input * PRIME2), 31n) * PRIME1);
}

function avalanche(hash: bigint): bigint {
  let mixed = u64((hash ^ (hash >> 33n)) * PRIME2);
  mixed = u64((mixed ^ (mixed >> 29n)) * PRIME3);
  return mixed ^ (mixed >> 32n);
}

function rotate(value: bigint, bits: bigint): bigint {
  return u64((value << bits) | (value >> (64n - bits)));
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
