/** Faults of the prelude and of the file's bounds. */
import { artifact, counting, entry, header } from '../compose.ts';
import type { RejectCase } from '../vector.ts';

const EMPTY = '{"asset_table":[],"preload":[]}';
const ONE = header([entry()]);

export const cases: readonly RejectCase[] = [
  {
    code: 'PRELUDE_MAGIC',
    what: 'lower-case',
    title: 'The magic in lower case is another magic',
    clauses: ['E1'],
    flags: ['minimal'],
    bytes: artifact({ prelude: { magic: [0x61, 0x73, 0x70, 0x61] }, header: EMPTY }),
    where: { offset: 0 },
    runtime: 'MAGIC',
  },
  {
    code: 'SLICE_BOUNDS',
    what: 'region-one-byte-short',
    title: 'The file ends one byte before its only payload does',
    clauses: ['E3'],
    flags: ['beyond-boundary'],
    bytes: artifact({ header: ONE, region: counting(3) }),
    where: { pointer: '/asset_table/0/offset' },
    runtime: 'TABLE',
  },
];
