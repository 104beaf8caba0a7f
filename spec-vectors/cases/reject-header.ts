/** Faults of the header's text, shape and values. */
import type { RejectCase } from '../vector.ts';
import { cases as canonical } from './reject-header-canonical.ts';
import { cases as members } from './reject-header-members.ts';
import { cases as shape } from './reject-header-shape.ts';
import { cases as text } from './reject-header-text.ts';
import { cases as values } from './reject-header-values.ts';

export const cases: readonly RejectCase[] = [...text, ...shape, ...members, ...values, ...canonical];
