/** Files that every reader accepts, by subject. */
import type { AcceptCase } from '../vector.ts';
import { cases as banks } from './accept-banks.ts';
import { cases as layout } from './accept-layout.ts';
import { cases as metadata } from './accept-metadata.ts';
import { cases as names } from './accept-names.ts';
import { cases as preload } from './accept-preload.ts';
import { cases as real } from './accept-real.ts';
import { cases as table } from './accept-table.ts';

export const cases: readonly AcceptCase[] = [...table, ...names, ...layout, ...metadata, ...banks, ...preload, ...real];
