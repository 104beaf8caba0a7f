/** Faults of the header's text, shape and values. */
import type { RejectCase } from '../vector.ts';

export const cases: readonly RejectCase[] = [];
