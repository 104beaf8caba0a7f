/** Gives the kept artifacts, and mutants of them, to the readers in other languages, and texts to Python's JSON parser. */
import { readCorpus } from './corpus.ts';
import type { Found } from './engine.ts';
import { loadSubject } from './load.ts';
import { Random } from './random.ts';
import { comparePythonJson, compareReader, pythonReader, rustReader } from './readers.ts';
import { printHead, printRow, reportFinding } from './report.ts';
import type { Target } from './target.ts';
import { artifactTarget } from './target-artifact.ts';
import { jsonTarget } from './target-json.ts';

/** Inputs that one process takes. */
const BATCH = 5_000;

/** @param count How many mutants each gets. */
export async function fuzzReaders(seed: number, count: number): Promise<void> {
  const subject = await loadSubject();
  const rust = rustReader();
  if (rust === undefined) process.stderr.write('no Rust reader: test/vectors/readers.test.ts says what it needs\n');
  const readers = [pythonReader, ...(rust === undefined ? [] : [rust])];
  const rows = readers.map(({ name }) => ({ name, inputs: 0, judged: 0, accepted: 0, open: 0 }));
  const findings = new Map<string, Found>();
  for (const inputs of batches(artifactTarget(seed), seed, count)) {
    for (const [i, reader] of readers.entries()) {
      const found = await compareReader(subject, reader, inputs);
      const row = rows[i] as (typeof rows)[number];
      row.inputs += inputs.length;
      for (const each of ['judged', 'accepted', 'open'] as const) row[each] += found[each];
      for (const each of found.findings) keepShortest(findings, each);
    }
  }
  const texts = { name: 'Python, JSON alone', inputs: 0, judged: 0, accepted: 0, open: 0 };
  for (const inputs of batches(jsonTarget(), seed, count)) {
    const found = comparePythonJson(subject, inputs);
    texts.inputs += inputs.length;
    texts.judged += inputs.length;
    texts.accepted += found.accepted;
    for (const each of found.findings) keepShortest(findings, each);
  }
  printHead('reader', 'inputs', 'judged', 'of them accepted', 'open');
  for (const row of [...rows, texts]) printRow(...Object.values(row));
  for (const found of findings.values()) reportFinding('readers', found);
}

function keepShortest(findings: Map<string, Found>, found: Found): void {
  const before = findings.get(found.message);
  if (before === undefined || found.input.length < before.input.length) findings.set(found.message, found);
}

/** The seeds and the kept inputs of a target, and mutants of them. */
function* batches(target: Target, seed: number, count: number): Generator<Uint8Array[]> {
  const random = new Random(seed);
  const kept = [...target.seeds(), ...readCorpus(target.name)];
  yield kept;
  for (let done = 0; done < count; done += BATCH) {
    yield Array.from({ length: Math.min(BATCH, count - done) }, () => {
      let input = random.pick(kept);
      do input = target.mutate(random, input, random.pick(kept));
      while (random.oneIn(2));
      return input;
    });
  }
}
