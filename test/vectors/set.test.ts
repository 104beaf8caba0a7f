/** The vector set as a product: complete, fresh, frozen, described. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { staleFiles } from '../../spec-vectors/build.ts';
import { digestOf, frozen } from '../../spec-vectors/freeze.ts';
import { ERROR_TABLE, type ErrorRow } from '../../src/error-table.js';
import { ManifestSchema, VectorSchema } from '../../src/schema/gen/assets_pa/vectors/v1/manifest_pb.js';
import type { Vector } from '../../src/vectors/manifest.js';

const FOLDER = resolve(import.meta.dirname, '../../spec-vectors');

interface Manifest {
  readonly flags: { readonly [flag: string]: string };
  readonly counts: { readonly [what: string]: number };
  readonly vectors: readonly Vector[];
}

const manifest = readJson('manifest.json') as Manifest;
const { vectors } = manifest;
const rejects = vectors.filter(({ strict }) => strict.verdict === 'reject');
const accepts = vectors.filter(({ strict }) => strict.verdict === 'accept');

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
}

/** Clauses that the bytes of a file can break. */
const BREAKABLE = [
  ...['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7'],
  ...['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7'],
  ...['T1', 'T2', 'T5', 'T6', 'M3', 'M4', 'B1'],
  ...['L1', 'L2', 'L3', 'L4', 'L5', 'V2'],
];

describe('the vector set', () => {
  it('fits its published schema', () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
      readJson('manifest.schema.json') as object,
    );
    expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has a schema that says what the message says', () => {
    const schema = readJson('manifest.schema.json') as {
      properties: object;
      $defs: { vector: { properties: object } };
    };
    const names = (message: typeof ManifestSchema | typeof VectorSchema) =>
      message.fields.map(({ name }) => name).sort();
    expect(
      Object.keys(schema.properties)
        .filter((name) => name !== '$schema')
        .sort(),
    ).toEqual(names(ManifestSchema));
    expect(Object.keys(schema.$defs.vector.properties).sort()).toEqual(names(VectorSchema));
  });

  it('is what its cases say (npm run vectors:build makes it so)', () => {
    expect(staleFiles()).toEqual([]);
  });

  it('imports nothing from the packer', () => {
    const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((path) => /from '[^']*\/src\//.test(readFileSync(join(FOLDER, path), 'utf8')))).toEqual([]);
  });

  it('keeps every file that was frozen', () => {
    const record = Object.entries(frozen());
    expect(record.length).toBeGreaterThanOrEqual(180);
    const changed = record.filter(([path, digest]) => !existsSync(join(FOLDER, path)) || digestOf(path) !== digest);
    expect(changed.map(([path]) => path)).toEqual([]);
  });

  it('has at least 180 vectors, at least 60 % of them rejects', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(180);
    expect(rejects.length / vectors.length).toBeGreaterThanOrEqual(0.6);
    expect(manifest.counts['total']).toBe(vectors.length);
  });

  it('names every rejected file after its expectation', () => {
    for (const { file, strict } of rejects)
      expect(file).toMatch(new RegExp(`^v1/reject/${strict.code}--[a-z0-9-]+\\.pa$`));
  });

  it('explains every flag once, and uses it', () => {
    const used = new Set(vectors.flatMap(({ flags }) => flags));
    expect([...used].sort()).toEqual(Object.keys(manifest.flags).sort());
  });

  // Faults of companions are no faults of a file that a reader is given.
  const isOfReaders = ({ kinds, runtime }: ErrorRow) => kinds.includes('reader') && runtime !== '-';

  it.each(Object.entries<ErrorRow>(ERROR_TABLE).filter(([, row]) => isOfReaders(row)))(
    'has a vector for %s',
    (code) => {
      expect(rejects.filter(({ strict }) => strict.code === code)).not.toHaveLength(0);
    },
  );

  it.each(BREAKABLE)('has a rejected file that shows %s', (clause) => {
    expect(rejects.filter(({ clauses }) => clauses.includes(clause))).not.toHaveLength(0);
  });

  it.each(['E5', 'E6', 'H3', 'H6', 'T3', 'T4', 'M1', 'B1', 'B4', 'L4', 'L6'])(
    'has an accepted file that shows %s',
    (clause) => {
      expect(accepts.filter(({ clauses }) => clauses.includes(clause))).not.toHaveLength(0);
    },
  );

  it('lists only vectors with another file each', () => {
    expect(new Set(vectors.map(({ sha256 }) => sha256)).size).toBe(vectors.length);
  });
});
