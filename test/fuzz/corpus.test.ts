/** The kept inputs of the fuzzer through every oracle; and oracles that notice faults. */
import { beforeAll, describe, expect, it } from 'vitest';
import { corpusNames, readCorpus } from './corpus.ts';
import { describe as inWords } from './engine.ts';
import { faults } from './faults.ts';
import { findings } from './findings.ts';
import { loadSubject, type Subject } from './load.ts';
import { compareReader, pythonReader } from './readers.ts';
import type { Target } from './target.ts';
import { allTargets } from './targets.ts';

const targets = allTargets(1);
let subject: Subject;

beforeAll(async () => {
  subject = await loadSubject();
});

/** What the oracles say of inputs. */
async function judge(target: Target, program: Subject, inputs: readonly Uint8Array[], most = 5): Promise<string[]> {
  const said: string[] = [];
  for (const input of inputs) {
    if (said.length === most) break;
    try {
      await target.run(program, input, true);
    } catch (error) {
      said.push(`${Buffer.from(input).toString('base64')}: ${inWords(error)}`);
    }
  }
  return said;
}

function targetOf(name: string): Target {
  return targets.find((each) => each.name === name) ?? expect.unreachable(`no target ${name}`);
}

/** Seeds and kept inputs. */
function inputsOf(target: Target): Uint8Array[] {
  return [...target.seeds(), ...readCorpus(target.name)];
}

describe('the kept inputs', () => {
  it('are there for every target', () => {
    expect(corpusNames().sort()).toEqual(targets.map(({ name }) => name).sort());
  });

  it.each(targets)('of $name are right', async (target) => {
    expect(await judge(target, subject, inputsOf(target))).toEqual([]);
  });

  it('are read by the Python reader as a runtime reads them', async () => {
    const { findings: found, judged } = await compareReader(subject, pythonReader, inputsOf(targetOf('artifact')));
    expect(judged).toBeGreaterThan(0);
    expect(found.map(({ message }) => message)).toEqual([]);
  });
});

describe('what was found', () => {
  it.each(findings)('$what, and no longer does', async ({ target, input }) => {
    expect(await judge(targetOf(target), subject, [input])).toEqual([]);
  });
});

describe('the oracles notice that', () => {
  it.each(faults)('$name', async (fault) => {
    const broken = await loadSubject(fault);
    const target = targetOf(fault.target);
    expect(await judge(target, broken, inputsOf(target), 1)).toHaveLength(1);
  });
});
