/** Raw formats: the payload is exactly the source bytes. */
import type { BankEncoder, EncodeRequest } from './bank-encoder.js';

/** `SOUND/raw_v1`. */
export const SOUND_RAW: BankEncoder = {
  type: 'sound_bank',
  format: 'SOUND/raw_v1',
  bankType: 'SOUNDS',
  version: 1,
  encode: encodeRaw,
};

/** `SCENE/raw_v1`. */
export const SCENE_RAW: BankEncoder = {
  type: 'scene_bank',
  format: 'SCENE/raw_v1',
  bankType: 'SCENE',
  version: 1,
  encode: encodeRaw,
};

/** The contract was checked before: one payload, and a decoded size. */
async function encodeRaw({ inputs, decodedSize, metadata }: EncodeRequest) {
  const [path] = inputs.get('payload') as [string];
  return { payload: { path }, decodedSize: decodedSize as number, metadata };
}
