/** Files that every reader accepts. */
import { artifact } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';

export const cases: readonly AcceptCase[] = [
  {
    name: 'empty-table',
    title: 'The smallest file: no assets, 63 bytes',
    clauses: ['E2', 'E6', 'E7', 'H1'],
    flags: ['minimal', 'boundary'],
    bytes: artifact({ header: '{"asset_table":[],"preload":[]}' }),
    expected: { asset_table: [], preload: [], slices: [] },
    plan: { schema_version: 1, assets: [] },
  },
];
