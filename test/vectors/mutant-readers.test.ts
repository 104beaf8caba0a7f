/** Each mistake that a reader can make is caught by a vector that names the broken clause. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutants } from './mutants.ts';
import { isRight, PYTHON_READER, runPython, vectors, wrongAnswers } from './reader-runs.ts';

const source = readFileSync(PYTHON_READER, 'utf8');
const runs = runPython(mutants);

describe('mutants of the Python reader', () => {
  it('are at least 30, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(30);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it('begin with a reader that gets every vector right', () => {
    expect(wrongAnswers(({ id }) => runs.reader[id] ?? { verdict: 'none' })).toEqual([]);
  });

  describe.each(mutants)('a reader that $name', ({ name, clauses, find, replace }) => {
    it('is one change of the text', () => {
      expect(source.split(find)).toHaveLength(2);
      expect(source.replace(find, () => replace)).not.toBe(source);
    });

    it(`is caught by a vector of ${clauses.join(' or ')}`, () => {
      const answers = runs.mutants[name] ?? {};
      const caughtBy = vectors.filter((vector) => {
        const answer = answers[vector.id];
        return answer !== undefined && !isRight(vector, answer);
      });
      expect(caughtBy, 'no vector catches it').not.toEqual([]);
      const named = caughtBy.filter((vector) => vector.clauses.some((clause) => clauses.includes(clause)));
      const others = caughtBy.map((vector) => `${vector.id} [${vector.clauses}]`);
      expect(named, `caught only by ${others.slice(0, 5).join(', ')}`).not.toEqual([]);
    });
  });
});
