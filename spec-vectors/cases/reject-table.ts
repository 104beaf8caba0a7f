/** Faults that join entries: table, slices, layout, padding, banks, preload. */
import type { RejectCase } from '../vector.ts';

export const cases: readonly RejectCase[] = [];
