/** Which formats there are. */
import type { BankEncoder } from './bank-encoder.js';
import { GLYPH_ENCODER } from './glyph/encoder.js';
import { SCENE_RAW, SOUND_RAW } from './raw-encoder.js';

/** Every bank encoder. */
export const ENCODERS: readonly BankEncoder[] = [GLYPH_ENCODER, SOUND_RAW, SCENE_RAW];
