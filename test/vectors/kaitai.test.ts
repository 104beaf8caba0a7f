/** Parsers that Kaitai Struct makes from `assets_pa.ksy`, with the checks of the runtime profile around them, over every vector. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileTo } from '../kaitai/compile.ts';
import { answer, loadParser } from '../kaitai/reader.ts';
import { type Answer, VECTORS, vectors, wrongAnswers } from './reader-runs.ts';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache');
const READER = resolve(import.meta.dirname, '../kaitai/reader.py');
/** Where Debian installs the runtime for. */
const PYTHON = '/usr/bin/python3';

const hasPython = spawnSync(PYTHON, ['-c', 'import kaitaistruct']).status === 0;
if (!hasPython) process.stderr.write('Kaitai in Python is not tested: apt-get install python3-kaitaistruct\n');

let folder: string;

beforeAll(async () => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'kaitai-'));
  await compileTo(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Kaitai Struct', () => {
  it('gets every vector right in JavaScript', () => {
    const parser = loadParser(folder);
    expect(wrongAnswers(({ file }) => answer(parser, readFileSync(join(VECTORS, file))))).toEqual([]);
  });

  it.skipIf(!hasPython)('gets every vector right in Python', () => {
    const paths = vectors.map(({ file }) => join(VECTORS, file));
    const output = execFileSync(PYTHON, [READER, folder, ...paths], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const answers = new Map(output.split('\n').map((line, i) => [vectors[i]?.id, line]));
    expect(wrongAnswers(({ id }) => JSON.parse(answers.get(id) as string) as Answer)).toEqual([]);
  });
});
